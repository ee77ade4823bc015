"""Permissions, scopes and the built-in roles. Pure: which grants somebody has is `scopes`, how far they go `Reach`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Scope = Literal["own", "queue", "unit", "unit_tree", "all"]
SCOPES: tuple[Scope, ...] = ("own", "queue", "unit", "unit_tree", "all")
"""From the narrowest to the widest."""
UNIT_SCOPES: frozenset[Scope] = frozenset({"unit", "unit_tree"})
HOUSE = ""
"""Stands for what belongs to no unit: the house itself, above all of them."""

PERMISSIONS = (
    "agent.manage",
    "agent.read",
    "agent.status",
    "canned_answer.edit",
    "canned_answer.read",
    "category.edit",
    "config.apply",
    "config.read",
    "customer.block",
    "break_reason.manage",
    "break_reason.read",
    "customer.edit",
    "customer.erase",
    "customer.export",
    "customer.merge",
    "customer.phone.view",
    "customer.read",
    "leave.decide",
    "leave.read",
    "leave.request",
    "queue.manage",
    "queue.read",
    "queue.simulate",
    "role.read",
    "scheme.edit",
    "report.live",
    "scheme.read",
    "session.assign",
    "session.block",
    "session.call",
    "session.dispose",
    "session.edit",
    "session.end",
    "session.hold",
    "session.note",
    "session.read",
    "session.reply",
    "session.release",
    "session.remind",
    "session.requeue",
    "session.spam",
    "session.take",
    "skill.manage",
    "skill.read",
    "settings.edit",
    "settings.read",
    "session.take_over",
    "session.transfer",
    "session.whisper",
    "source.edit",
    "shift.plan",
    "shift.publish",
    "shift.read",
    "shift.stay",
    "source.read",
    "swap.decide",
    "swap.read",
    "swap.request",
    "unit.manage",
    "unit.read",
    "tag.edit",
    "tag.read",
)
"""Every permission that a route or a command declares; a test compares them."""


@dataclass(frozen=True)
class Grant:
    """`permission` may be `session.*`, all of its kind; `*.read`, one act on all kinds; or `*`, all there are."""

    permission: str
    scope: Scope

    def gives(self, permission: str) -> bool:
        kind, _, act = permission.partition(".")
        return self.permission in ("*", permission, f"{kind}.*", f"*.{act}")


_AGENT = (
    Grant("session.read", "own"),
    Grant("session.read", "queue"),
    Grant("session.reply", "own"),
    Grant("session.note", "own"),
    Grant("session.take", "queue"),
    Grant("session.transfer", "own"),
    Grant("session.end", "own"),
    Grant("session.edit", "own"),
    Grant("session.hold", "own"),
    Grant("session.requeue", "own"),
    Grant("session.dispose", "own"),
    Grant("session.spam", "own"),
    Grant("session.block", "own"),
    Grant("customer.read", "own"),
    Grant("session.call", "own"),
    Grant("session.remind", "own"),
    Grant("agent.status", "own"),
    Grant("agent.read", "own"),
    Grant("queue.read", "queue"),
    Grant("scheme.read", "all"),
    Grant("skill.read", "all"),
    Grant("break_reason.read", "all"),
    Grant("source.read", "all"),
    Grant("shift.read", "own"),
    Grant("shift.stay", "own"),
    Grant("leave.read", "own"),
    Grant("leave.request", "own"),
    Grant("swap.read", "own"),
    Grant("swap.request", "own"),
    Grant("canned_answer.read", "all"),
    Grant("canned_answer.edit", "own"),
    Grant("tag.read", "all"),
)

ROLES: dict[str, tuple[Grant, ...]] = {
    "owner": (Grant("*", "all"),),
    "admin": (Grant("*", "all"),),
    "supervisor": (
        *_AGENT,
        Grant("session.*", "unit_tree"),
        Grant("customer.block", "unit_tree"),
        Grant("customer.phone.view", "unit_tree"),
        Grant("customer.read", "unit_tree"),
        Grant("agent.read", "unit_tree"),
        Grant("agent.status", "unit_tree"),
        Grant("queue.read", "unit_tree"),
        Grant("queue.simulate", "unit_tree"),
        Grant("unit.read", "unit_tree"),
        Grant("report.*", "unit_tree"),
        Grant("record.*", "unit_tree"),
        Grant("shift.read", "unit_tree"),
        Grant("shift.stay", "unit_tree"),
        Grant("leave.read", "unit_tree"),
        Grant("swap.read", "unit_tree"),
        Grant("canned_answer.edit", "unit_tree"),
    ),
    "scheduler": (
        Grant("agent.read", "unit_tree"),
        Grant("queue.read", "unit_tree"),
        Grant("unit.read", "unit_tree"),
        Grant("skill.read", "all"),
        Grant("shift.*", "unit_tree"),
        Grant("leave.*", "unit_tree"),
        Grant("swap.*", "unit_tree"),
    ),
    "auditor": (Grant("*.read", "all"),),
    "integrator": (),
    "agent": _AGENT,
}


def scopes(role_ids: Iterable[str], permission: str) -> frozenset[Scope]:
    """The scopes in which somebody of these roles has the permission; none: not at all."""
    return frozenset(
        grant.scope for role in role_ids for grant in ROLES.get(role, ()) if grant.gives(permission)
    )


def may_give(role_ids: Iterable[str], given: Iterable[str]) -> bool:
    """Nobody grants what they don't hold: every grant of these roles, in as wide a scope. Owners are made by owners alone."""
    own = frozenset(role_ids)
    if "owner" in own:
        return True
    return all(role != "owner" and all(_holds(own, grant) for grant in ROLES.get(role, ())) for role in given)


def _holds(role_ids: Iterable[str], wanted: Grant) -> bool:
    wide = SCOPES.index(wanted.scope)
    return any(
        grant.gives(wanted.permission) and SCOPES.index(grant.scope) >= wide
        for role in role_ids
        for grant in ROLES.get(role, ())
    )


@dataclass(frozen=True)
class Reach:
    """How far one caller's grants of one permission go. `units`: what the unit scopes come to by the org chart, `HOUSE` for what
    belongs to none.
    """

    caller_id: str
    scopes: frozenset[Scope]
    units: frozenset[str] = frozenset()
    everything: bool = False

    @property
    def others_too(self) -> bool:
        """Whether anything that is somebody else's may lie in it."""
        return self.everything or bool(self.units)

    def covers(
        self,
        *,
        owner_id: str | None = None,
        unit_id: str | None = None,
        in_own_queue: bool = False,
    ) -> bool:
        """Whether a thing lies in it: somebody's own, what is in a queue of theirs, or what belongs to a unit."""
        if self.everything:
            return True
        if "own" in self.scopes and owner_id == self.caller_id:
            return True
        if "queue" in self.scopes and in_own_queue:
            return True
        return (unit_id or HOUSE) in self.units
