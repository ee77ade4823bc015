"""After every write. Each looks at what one request changed, and at the whole store as it is then."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.agents.model import ON_HOLD, SLOT
from chalicelib.sessions.entries import Entry
from chalicelib.sessions.items import HEAD, entry_from, seq_at, session_from
from chalicelib.sessions.model import Session
from chalicelib.sessions.thanks import is_mere_thanks
from tests.house import NOON
from tests.simulation.checkers.books import agent_from, is_profile
from tests.simulation.ledger import Change, Key, Ledger, Raw, Write

MOVES = {
    "queued": {"queued", "offered", "active", "closed"},
    "offered": {"queued", "active", "closed"},
    "active": {"active", "on_hold", "queued", "wrap_up", "closed"},
    "on_hold": {"on_hold", "active", "queued", "wrap_up", "closed"},
    "wrap_up": {"wrap_up", "closed", "active"},
    "closed": {"closed", "queued"},
}
"""From each state: what may come next."""
CLAIMED = {("queued", "active"), ("offered", "active")}
HANDED_ON = {("active", "active"), ("on_hold", "active")}
"""By a transfer that somebody accepted."""
LET_GO = {("active", "queued"), ("on_hold", "queued"), ("closed", "queued")}
A_FUNCTION_LIVES = 30.0
"""Seconds: what a function read is not older than this when it writes."""


@dataclass
class WriteChecks:
    """Yields what is broken by a write, each with the number of its promise."""

    ledger: Ledger
    lag: float
    """How far indexes may be behind."""
    idle_after: timedelta
    """How long a customer may be silent."""
    heads: dict[str, int] = field(default_factory=dict)
    """By session: the newest seq so far."""
    waiting_since: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, Session] = field(default_factory=dict)
    passed_by: dict[str, float] = field(default_factory=dict)
    """By session: when the store last failed at its claim, so that those behind it were served first."""

    def __call__(self, write: Write) -> Iterator[tuple[str, str]]:
        entries = [c for c in write.of("sessions", lambda k: k.range[0] == "m") if c.before != c.after]
        moved = [
            c for c in write.of("sessions", lambda k: k.range == HEAD) if c.after and c.before != c.after
        ]
        desks = [c for c in write.of("agents") if is_profile(c.key) and c.before != c.after]
        for change in entries:
            yield from self._log(change)
        for change in moved:
            yield from self._transition(change, entries)
            yield from self._marks(change)
            yield from self._first_words(change)
        for change in desks:
            yield from self._assignment(write, change)
        yield from self._slots(moved, desks)
        for change in moved:
            yield from self._rank(write, change)
            self._note_waiting(write, change)

    def _log(self, change: Change) -> Iterator[tuple[str, str]]:
        """I3: entries are added at the next place and never change. I8: nothing is said after the end."""
        seq, staff_seq = seq_at(change.key.range)
        session_id, head = change.key.hash, self.heads.get(change.key.hash, 0)
        if change.after is None and self._said_nothing(session_id):
            return  # a tap that said nothing leaves nothing
        if change.before is not None:
            yield "I3", f"the entry at {seq}.{staff_seq} of {session_id} was written over"
            return
        assert change.after
        entry = entry_from(change.after)
        if staff_seq is None:
            if seq != head + 1:
                yield "I3", f"an entry at {seq} of {session_id}, whose head is {head}"
            self.heads[session_id] = max(head, seq)
        elif seq != head:
            yield "I3", f"a staff entry at {seq}.{staff_seq} of {session_id}, whose head is {head}"
        elif staff_seq > 1 and Key("sessions", session_id, f"m{seq:012d}.{staff_seq - 1:04d}") not in (
            self.ledger.items
        ):
            yield "I3", f"a hole before the staff entry {seq}.{staff_seq} of {session_id}"
        if goes_on(entry) and self._session(session_id).over:
            yield "I8", f"{entry.by.role} said {entry.text!r} in {session_id} after its end"

    def _transition(self, change: Change, entries: list[Change]) -> Iterator[tuple[str, str]]:
        """I6: owners and states change only by their moves, each a new version with its own entry."""
        if change.before is None or change.after is None:
            return
        before, after = session_from(change.before), session_from(change.after)
        if _moves(before) == _moves(after):
            return
        what = f"{before.id} from {before.state} of {before.owner_id} to {after.state} of {after.owner_id}"
        move = (before.state, after.state)
        if after.state not in MOVES[before.state]:
            yield "I6", f"{what}: no such move"
        if before.owner_id != after.owner_id:
            accepted = move in HANDED_ON and before.offered_to == after.owner_id
            if move not in CLAIMED and not accepted and (move not in LET_GO or after.owner_id):
                yield "I6", f"{what}: no such change of owner"
        elif move in CLAIMED or move in LET_GO:
            yield "I6", f"{what}: the owner stayed"
        if move[0] != "closed" and move[1] in ("wrap_up", "closed") and after.close_reason == "customer_idle":
            yield from self._idle(after)
        if after.version != before.version + 1:
            yield "I6", f"{what}: version {before.version} became {after.version}"
        if not any(c.key.hash == before.id for c in entries):
            yield "I6", f"{what}: without an entry in its log"

    def _first_words(self, change: Change) -> Iterator[tuple[str, str]]:
        """I11: a place in the queue begins with something said."""
        assert change.after
        session = session_from(change.after)
        if session.waits_in_queue and not self.heads.get(session.id):
            yield "I11", f"{session.id} waits, and nothing was said in it"

    def _idle(self, session: Session) -> Iterator[tuple[str, str]]:
        """I10: only a customer who has said nothing for so long, after an agent's words, is idle."""
        said = [e for e in map(entry_from, self._entries(session.id)) if is_said(e)]
        assert session.ended_at
        silent = session.ended_at - max(said[-1].sent_at, session.still_at or said[-1].sent_at)
        if said[-1].by.role != "agent":
            yield "I10", f"{session.id} ended as idle after the {said[-1].by.role}'s words"
        if silent < self.idle_after:
            yield "I10", f"{session.id} ended as idle after {silent.total_seconds()} s"

    def _entries(self, session_id: str) -> list[Raw]:
        keys = (k for k in self.ledger.items if k.hash == session_id and k.range[0] == "m")
        return [self.ledger.items[k] for k in sorted(keys)]

    def _marks(self, change: Change) -> Iterator[tuple[str, str]]:
        """I24: marks only move forward, never past the head; what is read was delivered."""
        assert change.after
        after = session_from(change.after).marks
        before = session_from(change.before).marks if change.before else None
        head = self.heads.get(change.key.hash, 0)
        for side in ("customer", "agent"):
            new = getattr(after, side)
            old = getattr(before, side) if before else None
            if old and (new.delivered < old.delivered or new.read < old.read):
                yield "I24", f"the {side}'s mark in {change.key.hash} went back from {old} to {new}"
            if not new.read <= new.delivered <= head:
                yield "I24", f"the {side}'s mark in {change.key.hash} is {new}, the head {head}"

    def _assignment(self, write: Write, change: Change) -> Iterator[tuple[str, str]]:
        """I7: who gets work is enabled, accepting, connected and on duty as of the write. I5: and has room for it."""
        if change.before is None or change.after is None:
            return
        before, after = agent_from(change.before), agent_from(change.after)
        for session_id in sorted(after.slots - before.slots):
            what = f"{session_id} went to {before.alias}"
            if after.load > before.capacity * SLOT:
                yield "I5", f"{what}, who has {after.load / SLOT} of {before.capacity}"
            if not before.enabled:
                yield "I7", f"{what}, who is disabled"
            session = self._session(session_id)
            if _is_ones_choice(session):
                continue
            reachable = ("accepting", "busy") if session.offer and session.offer.by else ("accepting",)
            if before.routing_status not in reachable:
                yield "I7", f"{what}, who is {before.routing_status}"
            judged_at = NOON + timedelta(seconds=write.asked_at - A_FUNCTION_LIVES)
            if not before.connected(judged_at):
                yield "I7", f"{what}, whose lease ended at {before.lease_until}"
            if not before.works(judged_at) and not before.works(NOON + timedelta(seconds=write.asked_at)):
                yield "I7", f"{what}, who is off duty or leaving"

    def _slots(self, moved: list[Change], desks: list[Change]) -> Iterator[tuple[str, str]]:
        """I5: an agent's slots are exactly the sessions it holds or is offered; the load is their sum."""
        agents = {c.key.hash for c in desks}
        for change in moved:
            for raw in (change.before, change.after):
                if raw:
                    agents |= session_from(raw).desks.keys()
        for agent_id in sorted(agents):
            agent = agent_from(self.ledger.items[Key("agents", agent_id, "profile")])
            lying = [s for s in self._sessions() if agent_id in s.desks]
            lies = {s.id: s.desks[agent_id] for s in lying}
            if agent.slots != set(lies):
                wrong = sorted(agent.slots ^ set(lies))
                yield "I5", f"{agent.alias}'s slots and sessions differ by {wrong}"
            held = list(lies.values()).count(ON_HOLD)
            if (agent.load, agent.held) != (sum(s.weights.of(s.desks[agent_id]) for s in lying), held):
                yield "I5", f"{agent.alias}'s load is {agent.load}, {agent.held} on hold, with {lies}"

    def _rank(self, write: Write, change: Change) -> Iterator[tuple[str, str]]:
        """I13: of those that wait in one queue the lower rank is served first. Somebody's own choice is an exception."""
        if not change.before or not change.after:
            return
        before, after = session_from(change.before), session_from(change.after)
        served = after.state in ("active", "offered") and not _is_ones_choice(after)
        if not before.waits_in_queue or not served:
            return
        for other in self.waiting.values():
            kept = other.kept_until and other.kept_until > NOON + timedelta(seconds=write.at)
            ahead = other.queue_id == before.queue_id and other.rank < before.rank and not kept
            if (
                ahead
                and (after.owner_id or after.offered_to) not in other.tried
                and self._was_seen(other, write.at)
            ):
                yield "I13", f"{before.id} was served before {other.id}, which waits for longer"

    def _was_seen(self, waits: Session, at: float) -> bool:
        """Whether a drain must have met it: long enough in the queue, and no failure of the store at its claim meanwhile."""
        since = max(self.waiting_since[waits.id], self.passed_by.get(waits.id, 0.0))
        return since < at - A_FUNCTION_LIVES - self.lag

    def _note_waiting(self, write: Write, change: Change) -> None:
        session = session_from(change.after) if change.after else None
        if session is not None and session.waits_in_queue:
            self.waiting[session.id] = session
            self.waiting_since.setdefault(session.id, write.at)
        else:
            self.waiting.pop(change.key.hash, None)
            self.waiting_since.pop(change.key.hash, None)

    def _said_nothing(self, session_id: str) -> bool:
        raw = self.ledger.items.get(Key("sessions", session_id, HEAD))
        return raw is None or session_from(raw).queued_at is None

    def _session(self, session_id: str) -> Session:
        return session_from(self.ledger.items[Key("sessions", session_id, HEAD)])

    def _sessions(self) -> Iterator[Session]:
        for key, raw in self.ledger.items.items():
            if key.table == "sessions" and key.range == HEAD:
                yield session_from(raw)


def _moves(session: Session) -> tuple[object, ...]:
    """What only a transition may change."""
    return (
        session.state,
        session.owner_id,
        session.queue_id,
        session.queued_at,
        session.close_reason,
        session.ended_at,
        session.disposition,
        session.segments,
        session.hold,
        session.wrap_up_until,
        session.tried,
    )


def is_said(entry: Entry) -> bool:
    """Whether a person said something to the other side in it."""
    return entry.kind not in ("note", "system")


def goes_on(entry: Entry) -> bool:
    """Whether it makes a talk go on: a customer's mere thanks after the end don't."""
    thanks = entry.by.role == "customer" and is_mere_thanks(entry.text or "")
    return is_said(entry) and not thanks


def _is_ones_choice(session: Session) -> bool:
    """Whether whoever has it now took it by themselves."""
    last = session.segments[-1] if session.segments else None
    return last is not None and last.how in ("taken", "pulled_back")
