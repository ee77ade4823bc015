"""Deliberate faults of the product, each swapped in for one run: a simulator that misses one is not done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from unittest.mock import patch

from chalicelib.agents import store as agent_store
from chalicelib.agents.duty import DutyCache
from chalicelib.agents.model import Agent, Weights
from chalicelib.agents.store import AgentItem, AgentStore, ready, slot_taken
from chalicelib.archive import service as archive
from chalicelib.connections.model import Connection
from chalicelib.dispatch import claims
from chalicelib.dispatch.model import Candidate
from chalicelib.kit.table import Check, Put, Update, Write, get_raw, transact, update_only
from chalicelib.kit.values import MessageId, QueueId, SessionId
from chalicelib.protocol.events import Accepted
from chalicelib.protocol.values import Mark, Role
from chalicelib.queues.model import Queue
from chalicelib.rounds.expiry import Expiry
from chalicelib.sessions import reading, service as sessions, store
from chalicelib.sessions.entries import SYSTEM, Draft, Entry
from chalicelib.sessions.items import HEAD, EntryItem, SessionItem, to_entry_item
from chalicelib.sessions.model import Session
from chalicelib.sessions.service import anyone, freed_for_another
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling, _sent
from chalicelib.sessions.waiting import Waits
from chalicelib.sign_in import store as sign_in


@dataclass(frozen=True)
class Mutant:
    """`caught_by`: the promises that it breaks. `found_in`: the part of the proof that finds it soonest."""

    name: str
    of: Any
    attribute: str
    wrong: Any
    caught_by: tuple[str, ...]
    found_in: tuple[str, ...]

    @contextmanager
    def at_large(self) -> Iterator[None]:
        with patch.object(self.of, self.attribute, self.wrong):
            yield


def _near_the_head(
    self: SessionStore, session_id: SessionId, after: int | None, machine_now: datetime
) -> Read:
    read = self._read_from(session_id, 0, machine_now)
    return replace(read, entries=read.entries[-100:])


_say = sessions.Sessions._say


def _answers_first(
    self: sessions.Sessions,
    session_id: SessionId,
    draft: Draft,
    may: Any,
    asking: Connection | None,
    *rest: Any,
) -> Any:
    early = MessageId(self._ids.new())
    hurried = copy(self)
    hurried._ids = _First(early, self._ids)  # type: ignore[assignment]
    read = self._store.tail(session_id)
    if asking and not draft.staff and read.stored(draft) is None and not read.session.over:
        answer = Accepted(
            client_id=draft.client_id,
            session_id=session_id,
            seq=read.head + 1,
            message_id=early,
            sent_at=self._now(),
        )
        self._telling._delivery.answer(asking.id, answer)
    return _say(hurried, session_id, draft, may, asking, *rest)


class _First:
    """Gives this id first, and then others."""

    def __init__(self, first: str, others: Any) -> None:
        self._coming = [first]
        self._others = others

    def new(self) -> str:
        return self._coming.pop() if self._coming else str(self._others.new())


def _any_load(agent: Any, limit: int, *rest: Any, **more: Any) -> Update:
    return slot_taken(agent, 100_000, *rest, **more)


def _claims_in_two_steps(
    self: claims.Claims, session_id: SessionId, by: Candidate, why: Any, queue: Queue, only_if: Any = None
) -> None:
    on, agent, now = self._on, by.agent, self._on.clock()

    def decide(read: Any) -> Any:
        after = read.session.claimed(agent.brief, now, "auto", on.ids.new(), Weights.of_queue(queue))
        return after, claims.assigned_line(agent.brief)

    on.sessions.move(session_id, SYSTEM, anyone, decide)
    transact([slot_taken(agent, by.limit, session_id, now, only_if=only_if)], on.ids.new())


_follow = AgentStore.follow


def _follows_whatever_is_there(
    self: AgentStore, read: Agent, standing: Any, cache: DutyCache, at: datetime
) -> bool:
    with patch.object(agent_store, "update_only", lambda item, actions, _: update_only(item, actions)):
        return _follow(self, read, standing, cache, at)


_slot_moved = sessions.slot_moved


def _leaks(
    agent_id: Any, session_id: str, weights: Any, before: str, after: str | None, **more: Any
) -> list[Update]:
    return [] if after is None else _slot_moved(agent_id, session_id, weights, before, after, **more)


def _tells_everybody(
    self: Telling, session: Session, entry: Entry, here: list[Connection], but: Connection | None = None
) -> None:
    self._delivery.tell(here, _sent(entry, "customer"), but=but)


def _marks_whatever(self: SessionStore, session_id: SessionId, side: str, mark: Mark) -> bool:
    delivered, read = (
        (SessionItem.customer_delivered, SessionItem.customer_read)
        if side == "customer"
        else (SessionItem.agent_delivered, SessionItem.agent_read)
    )
    SessionItem(session_id, HEAD).update(actions=[delivered.set(mark.delivered), read.set(mark.read)])
    return True


_append = SessionStore.append


def _tries_the_next_place(self: SessionStore, entry: Entry) -> bool:
    while not _append(self, entry):
        object.__setattr__(entry, "seq", entry.seq + 1)
    return True


def _transacting(change: Callable[[Write], Write]) -> Callable[[Sequence[Write], str], None]:
    def wrong(writes: Sequence[Write], token: str) -> None:
        transact([change(write) for write in writes], token)

    return wrong


def _writes_over(write: Write) -> Write:
    return (
        replace(write, condition=None)
        if isinstance(write, Put) and isinstance(write.item, EntryItem)
        else write
    )


def _whatever_version(write: Write) -> Write:
    is_head = isinstance(write, Update) and isinstance(write.item, SessionItem)
    return replace(write, condition=None) if is_head else write  # type: ignore[arg-type]


def _not_fenced(note: Entry) -> Check:
    return Check(SessionItem, note.session_id, "nothing", store._ABSENT)


def _from_the_back(self: SessionStore, queue_id: QueueId) -> Iterator[Waits]:
    for head in _line_heads(self, queue_id):
        yield [head, *self.behind(head, 100)][-1]


_line_heads = SessionStore.line_heads


_to_facts = store.to_facts


def _waits_nowhere(session: Session) -> dict[str, Any]:
    return _to_facts(session) | {"waiting": None, "rank": None, "line": None}


def _ends_as_it_was_seen(self: Expiry, session_id: SessionId) -> bool:
    read = self._store.tail(session_id)
    due = self._verdict(replace(read, session=read.session.heard(read.entries)))
    if getattr(due, "reason", None) != "customer_idle":
        return _look(self, session_id)
    moved = self._sessions.move(
        session_id,
        SYSTEM,
        anyone,
        lambda now: self._archive.ending(now.session, SYSTEM, "customer_idle"),
        also=freed_for_another,
    )
    return moved.happened


_look = Expiry._look


def _leaves_it_there(item: Any) -> dict[str, Any] | None:
    return get_raw(type(item), item.person, item.connection_id)


def _says_first_and_queues_later(
    self: SessionStore, session: Session, first: Entry | None, *rest: Any
) -> None:
    _open(self, session, None, *rest)
    if first is not None:
        to_entry_item(first).save()


_open = SessionStore.open


def _also_ones_own(session: Session, read: Read, reader: Role, up_to: int) -> int:
    return max(0, read.head - up_to)


MUTANTS: Final = (
    Mutant("no dedupe", Read, "stored", lambda *_: None, ("I2",), ("run", "a resend")),
    Mutant(
        "a resend is looked for among the newest hundred entries",
        SessionStore,
        "read",
        _near_the_head,
        ("I2",),
        ("run", "a resend after a long absence"),
    ),
    Mutant(
        "answered before it is saved",
        sessions.Sessions,
        "_say",
        _answers_first,
        ("I1", "I2"),
        ("crash", "a customer's message"),
    ),
    Mutant(
        "the claim does not ask for a free slot",
        claims,
        "slot_taken",
        _any_load,
        ("I5",),
        ("race", "Ann accepts", "Ann takes Dora"),
    ),
    Mutant(
        "the claim does not ask whether they accept",
        claims,
        "ready",
        lambda *_, **__: AgentItem.enabled == True,  # noqa: E712  # an expression, not a comparison
        ("I7",),
        ("race", "Ann accepts", "Ann goes on break"),
    ),
    Mutant(
        "the claim does not ask for duty",
        claims,
        "ready",
        lambda machine_now, now, **_: ready(machine_now, now, ignores_duty=True),
        ("I7",),
        ("race", "Ann accepts", "Ann goes off duty"),
    ),
    Mutant(
        "a round that is late overtakes a newer roster",
        AgentStore,
        "follow",
        _follows_whatever_is_there,
        ("I16",),
        ("race", "a shift that ends", "Ann stays on"),
    ),
    Mutant(
        "session and slot are claimed one after the other",
        claims.Claims,
        "_claim",
        _claims_in_two_steps,
        ("I5",),
        ("run", "first words"),
    ),
    Mutant("an end leaks the slot", sessions, "slot_moved", _leaks, ("I5",), ("run", "filing")),
    Mutant(
        "a note is told to the customer", Telling, "message", _tells_everybody, ("I20",), ("run", "a note")
    ),
    Mutant(
        "customers catch up on notes",
        sessions,
        "_sees_notes",
        lambda *_, **__: True,
        ("I20",),
        ("run", "another tab"),
    ),
    Mutant(
        "a mark goes back",
        SessionStore,
        "mark",
        _marks_whatever,
        ("I24",),
        ("race", "Cleo hears", "Cleo reads"),
    ),
    Mutant(
        "a message whose place is taken goes one further without looking",
        SessionStore,
        "append",
        _tries_the_next_place,
        ("I8",),
        ("race", "Cleo writes", "Ann ends"),
    ),
    Mutant(
        "a transition writes over what stands at its place",
        store,
        "transact",
        _transacting(_writes_over),
        ("I1", "I3"),
        ("race", "Ann ends", "Cleo writes"),
    ),
    Mutant(
        "a transition does not ask for the version it read",
        store,
        "transact",
        _transacting(_whatever_version),
        ("I6",),
        ("race", "Ann ends", "Ann files"),
    ),
    Mutant(
        "a note is put behind a message that others have passed",
        store,
        "_nothing_follows",
        _not_fenced,
        ("I3",),
        ("race", "Ann leaves a note", "Cleo writes"),
    ),
    Mutant(
        "the drain begins at the back",
        SessionStore,
        "line_heads",
        _from_the_back,
        ("I13",),
        ("run", "a claim by a change of status"),
    ),
    Mutant(
        "one who waits is in no queue",
        store,
        "to_facts",
        _waits_nowhere,
        ("I11", "I12"),
        ("run", "a claim by the round"),
    ),
    Mutant(
        "an idle customer is ended as seen, whatever they wrote meanwhile",
        Expiry,
        "_look",
        _ends_as_it_was_seen,
        ("I10",),
        ("race", "silence", "Cleo writes"),
    ),
    Mutant(
        "what has ended stays the live session",
        archive,
        "freed_for_another",
        lambda *_: [],
        ("one live session",),
        ("run", "an end by the customer"),
    ),
    Mutant(
        "one's own words count as unread",
        reading,
        "_unread",
        _also_ones_own,
        ("unread",),
        ("run", "coming back"),
    ),
    Mutant(
        "a ticket opens as many sockets as one likes",
        sign_in,
        "delete_returning",
        _leaves_it_there,
        ("I21",),
        ("seeds",),
    ),
    Mutant(
        "the first words are stored after their session",
        SessionStore,
        "open",
        _says_first_and_queues_later,
        ("I11",),
        ("run", "first words"),
    ),
)
