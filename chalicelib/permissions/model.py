"""Permissions, scopes and the built-in roles. Pure: the whole question is `scopes`, and for a session `reaches`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Scope = Literal["own", "queue", "unit", "unit_tree", "all"]

PERMISSIONS = (
    "agent.read",
    "agent.status",
    "category.edit",
    "customer.block",
    "customer.edit",
    "customer.erase",
    "customer.export",
    "customer.phone.view",
    "customer.read",
    "leave.decide",
    "leave.read",
    "leave.request",
    "queue.read",
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
    "session.remind",
    "session.requeue",
    "session.spam",
    "session.take",
    "session.take_over",
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
)
"""Every permission that a route or a command declares; a test compares them."""


@dataclass(frozen=True)
class Grant:
    """`permission` may end in `*`: all of its kind, or all there are."""

    permission: str
    scope: Scope

    def gives(self, permission: str) -> bool:
        return self.permission in ("*", permission, permission.partition(".")[0] + ".*")


_AGENT = (
    Grant("session.read", "own"),
    Grant("session.read", "queue"),
    Grant("session.reply", "own"),
    Grant("session.note", "own"),
    Grant("session.take", "queue"),
    Grant("session.end", "own"),
    Grant("session.edit", "own"),
    Grant("session.hold", "own"),
    Grant("session.requeue", "own"),
    Grant("session.dispose", "own"),
    Grant("session.spam", "own"),
    Grant("session.block", "own"),
    Grant("session.call", "own"),
    Grant("session.remind", "own"),
    Grant("agent.status", "own"),
    Grant("agent.read", "own"),
    Grant("queue.read", "queue"),
    Grant("scheme.read", "all"),
    Grant("source.read", "all"),
    Grant("shift.read", "own"),
    Grant("shift.stay", "own"),
    Grant("leave.read", "own"),
    Grant("leave.request", "own"),
    Grant("swap.read", "own"),
    Grant("swap.request", "own"),
)

ROLES: dict[str, tuple[Grant, ...]] = {
    "owner": (Grant("*", "all"),),
    "admin": (Grant("*", "all"),),
    "supervisor": (
        *_AGENT,
        Grant("session.*", "unit_tree"),
        Grant("customer.block", "unit_tree"),
        Grant("customer.phone.view", "unit_tree"),
        Grant("report.*", "unit_tree"),
        Grant("agent.read", "unit_tree"),
        Grant("agent.status", "unit_tree"),
        Grant("queue.read", "unit_tree"),
        Grant("shift.read", "unit_tree"),
        Grant("shift.stay", "unit_tree"),
        Grant("leave.read", "unit_tree"),
        Grant("swap.read", "unit_tree"),
    ),
    "scheduler": (
        Grant("agent.read", "unit_tree"),
        Grant("queue.read", "unit_tree"),
        Grant("shift.*", "unit_tree"),
        Grant("leave.*", "unit_tree"),
        Grant("swap.*", "unit_tree"),
    ),
    "agent": _AGENT,
}


def scopes(role_ids: Iterable[str], permission: str) -> frozenset[Scope]:
    """The scopes in which somebody of these roles has the permission; none: not at all."""
    return frozenset(
        grant.scope for role in role_ids for grant in ROLES.get(role, ()) if grant.gives(permission)
    )


def reads_others(within: frozenset[Scope]) -> bool:
    """Whether what belongs to others lies in one of these scopes too."""
    return bool(within & {"all", "unit", "unit_tree"})


def reaches(
    within: frozenset[Scope],
    *,
    caller_id: str,
    owner_id: str | None,
    in_callers_queue: bool,
    waits: bool,
) -> bool:
    """Whether a session lies in one of these scopes.

    `queue` reaches what waits in the caller's own queues. There is one unit, the root, until units are kept: both
    unit scopes reach everything.
    """
    if reads_others(within):
        return True
    if "own" in within and owner_id == caller_id:
        return True
    return "queue" in within and in_callers_queue and waits
