"""Tabs and searches: each an index's page, then the sessions themselves; what may not be read is left out of the query."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from chalicelib.agents.model import Agent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.refusals import Forbidden
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Invalid
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, CustomerId, QueueId, SessionId, Value
from chalicelib.protocol.values import Session as SessionRead
from chalicelib.queues.store import QueueStore
from chalicelib.records.store import Filter, RecordStore
from chalicelib.records.words import words_of
from chalicelib.session_list.order import in_two_tiers
from chalicelib.session_list.team import of_agent, of_all
from chalicelib.sessions.access import Access
from chalicelib.sessions.items import NUMBER_HEAD
from chalicelib.sessions.left_store import LeftStore
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.service import May
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.waiting import Place

QUEUE_PAGE = 25
USUAL_SPAN = timedelta(days=31)
"""How far back records are searched where no beginning is named."""


COUNTED = 100
"""A count beyond 99 says no more."""

DESK: Final[dict[str, Callable[[Session, Agent], bool]]] = {
    "offered": lambda session, agent: session.offered_to == agent.id,
    "mine": lambda session, agent: session.owner_id == agent.id and session.state == "active",
    "on_hold": lambda session, agent: session.owner_id == agent.id and session.state == "on_hold",
    "wrap_up": lambda session, agent: session.owner_id == agent.id and session.over,
}
"""What stands in each tab of what takes up an agent's slots."""


class NothingAsked(Invalid):
    """A list needs a tab, a number, a customer or an agent."""


class Wanted(Value):
    """What a list is asked for; `number` is a service number or its beginning, hyphen or not; `q` are words."""

    tab: str | None = None
    state: str | None = None
    number: str | None = None
    customer_id: str | None = None
    agent_id: str | None = None
    queue_id: str | None = None
    category_id: str | None = None
    disposition: str | None = None
    score: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str | None = None

    @property
    def names_a_record(self) -> bool:
        named = (
            self.queue_id,
            self.category_id,
            self.disposition,
            self.score,
            self.since,
            self.until,
            self.state,
        )
        return any(value is not None for value in named)

    @property
    def words(self) -> list[str]:
        return words_of(self.q) if self.q else []

    def matches(self, session: Session) -> bool:
        """Whether the session has all that is asked for, whichever index it came from."""
        option = session.disposition.option_id if session.disposition else None
        score = session.rating.score if session.rating else None
        pairs = (
            (self.state, session.state),
            (self.customer_id, session.customer_id),
            (self.agent_id, session.owner_id),
            (self.queue_id, session.queue_id),
            (self.category_id, session.category_id),
            (self.disposition, option),
            (self.score, score),
        )
        at = session.ended_at or session.created_at
        in_time = (not self.since or at >= self.since) and (not self.until or at < self.until)
        return in_time and all(asked in (None, "", has) for asked, has in pairs)


class SessionList:
    def __init__(
        self,
        store: SessionStore,
        left: LeftStore,
        records: RecordStore,
        agents: AgentStore,
        queues: QueueStore,
        access: Access,
        clock: Clock,
    ) -> None:
        self._store = store
        self._left = left
        self._access = access
        self._records = records
        self._agents = agents
        self._queues = queues
        self._now = clock

    def held(self, agent: Agent) -> list[Read]:
        """What lies on an agent's desk: ids from the slots, a reverse Query each."""
        return self._reads(sorted(agent.slots))

    def in_order(self, reads: Iterable[Read]) -> list[Read]:
        return in_two_tiers(reads, self._queues.get, self._now())

    def queue(self, agent: Agent) -> list[Read]:
        """The fronts of the agent's queues, by rank."""
        waiting = self._reads(w.session_id for w in self._front(agent))
        return [r for r in waiting if r.session.waits_in_queue]

    def _front(self, agent: Agent) -> list[Place]:
        """From the index's keys alone: a Query a queue."""
        waiting = [w for q in sorted(agent.queue_ids) for w in self._store.waiting(q, QUEUE_PAGE)]
        return sorted(waiting)[:QUEUE_PAGE]

    def digests(self, agent: Agent, held: Sequence[Read]) -> dict[str, str]:
        """A short word for each live list, that changes when the list does. What is held was read already; who waits costs a
        Query of keys a queue.
        """
        on_desk = {tab: _digest(r for r in held if lies(r.session, agent)) for tab, lies in DESK.items()}
        queue = hashlib.sha256("".join(f"{w.rank}:{w.session_id}," for w in self._front(agent)).encode())
        left = _digest(r for r in held if r.session.state == "left_message")
        return {**on_desk, "left": left, "queue": queue.hexdigest()[:12]}

    def counts(self, agent: Agent, *, team: bool) -> dict[str, int]:
        """How many are on each live list, counted no further than `COUNTED`. `team`: on everybody's desks, a request a hundred agents."""
        held = self.held(agent)
        found = {tab: sum(1 for r in held if lies(r.session, agent)) for tab, lies in DESK.items()}
        found["queue"] = 0
        for queue_id in sorted(agent.queue_ids):
            if found["queue"] < COUNTED:
                found["queue"] += len(self._store.waiting(queue_id, COUNTED - found["queue"]))
        found["left"] = self._left.count(sorted(agent.queue_ids), COUNTED)
        if team:
            found["team"] = len(of_all(self._agents, COUNTED, None).items)
        return found

    def page(
        self, caller: Caller, wanted: Wanted, limit: int, cursor: str | None, may: May
    ) -> Slice[SessionRead]:
        """A list's page. One behind an index may be short: what the caller may not read is not in it."""
        if wanted.tab in DESK:
            agent = self._agents.get(AgentId(caller.id))
            lies = DESK[wanted.tab]
            return _whole(self.in_order(r for r in self.held(agent) if lies(r.session, agent)))
        if wanted.tab == "queue":
            return _whole(self.queue(self._agents.get(AgentId(caller.id))))
        if wanted.tab == "team":
            return self._team(caller, wanted, limit, cursor, may)
        if wanted.tab == "to_file":
            ids = self._store.to_file(AgentId(caller.id), limit, cursor)
        elif wanted.tab == "left":
            ids = self._left.page(self._left_in(caller, wanted), wanted.state, limit, cursor)
        else:
            ids = self._ids(caller, wanted, limit, cursor)
        found = [r for r in self._readable(ids.items, may) if wanted.matches(r.session)]
        if words := wanted.words:
            saying = {s.id for s in self._records.saying(words, [r.session for r in found])}
            found = [r for r in found if r.session.id in saying]
        return Slice([for_staff(r) for r in found], ids.next_cursor)

    def _team(
        self, caller: Caller, wanted: Wanted, limit: int, cursor: str | None, may: May
    ) -> Slice[SessionRead]:
        """Desk by desk, by the agents' names; the worst first on each."""
        if not self._access.looks_after(caller):
            raise Forbidden("What colleagues serve is for supervisors.")
        if wanted.agent_id:
            ids = Slice(of_agent(self._agents, wanted.agent_id))
        else:
            ids = of_all(self._agents, limit, cursor)
        asked = wanted.model_copy(update={"tab": None})
        found = [r for r in self._readable(ids.items, may) if asked.matches(r.session) and r.session.agent]
        by_desk = sorted(self.in_order(found), key=_desk)
        return Slice([for_staff(r) for r in by_desk], ids.next_cursor)

    def _ids(self, caller: Caller, wanted: Wanted, limit: int, cursor: str | None) -> Slice[SessionId]:
        """From the index that the first thing named picks. Who reads only what is their own searches only there."""
        if wanted.number:
            return self._store.by_number(_number(wanted.number), limit, cursor)
        if wanted.customer_id:
            return self._store.of_customer(CustomerId(wanted.customer_id), limit, cursor)
        queues = self._access.queues_read(caller)
        if wanted.words and queues != []:
            return self._records.having(wanted.words, limit, cursor)
        served_by = AgentId(wanted.agent_id or "") or (AgentId(caller.id) if wanted.tab == "closed" else None)
        if queues == []:
            if served_by not in (None, caller.id):
                return Slice([])
            served_by = AgentId(caller.id) if wanted.names_a_record or wanted.words else served_by
        if served_by:
            return self._store.closed_by(served_by, limit, cursor)
        if wanted.names_a_record:
            return self._records.ended(self._filter(wanted, queues), limit, cursor)
        raise NothingAsked(
            "Say which list: a tab (offered, mine, on_hold, wrap_up, to_file, queue, team, left, closed), a number, a customer_id, an agent_id, words (q), or"
            " what records have: queue_id, category_id, disposition, score, state, from, to."
        )

    def _left_in(self, caller: Caller, wanted: Wanted) -> list[QueueId]:
        """The queues whose left messages somebody may see, of those asked for."""
        seen = self._access.queues_of(caller)
        return sorted(q for q in seen if wanted.queue_id in (None, q))

    def _filter(self, wanted: Wanted, queues: Sequence[QueueId] | None) -> Filter:
        until = wanted.until or self._now() + timedelta(minutes=1)
        return Filter(
            queue_id=wanted.queue_id,
            within=queues,
            category_id=wanted.category_id,
            option_id=wanted.disposition,
            score=wanted.score,
            since=wanted.since or until - USUAL_SPAN,
            until=until,
        )

    def _readable(self, ids: Iterable[SessionId], may: May) -> list[Read]:
        found = []
        for read in self._reads(ids):
            try:
                may(read.session)
            except NoSuchSession:
                continue
            found.append(read)
        return found

    def _reads(self, ids: Iterable[str]) -> list[Read]:
        found = []
        for session_id in ids:
            try:
                found.append(self._store.tail(SessionId(session_id)))
            except NoSuchSession:
                continue
        return found


def _whole(reads: Iterable[Read]) -> Slice[SessionRead]:
    return Slice([for_staff(r) for r in reads])


def _digest(reads: Iterable[Read]) -> str:
    facts = ",".join(f"{r.session.id}:{r.session.version}" for r in reads)
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def _desk(read: Read) -> tuple[str, str]:
    agent = read.session.agent
    return (agent.name.casefold(), agent.id) if agent else ("", "")


def _number(asked: str) -> str:
    """As it is stored, from however somebody wrote it down; a letter mistaken for a digit is understood."""
    letters = "".join(c for c in asked.upper() if c.isalnum())
    letters = letters.translate(str.maketrans("ILO", "110"))
    if len(letters) < NUMBER_HEAD:
        raise NothingAsked("Give at least the first three letters of the service number.")
    return f"{letters[:4]}-{letters[4:]}" if len(letters) > 4 else letters  # noqa: PLR2004  # K7Q2-9F3M
