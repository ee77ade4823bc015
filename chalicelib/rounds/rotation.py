"""Following the roster each minute: who comes on, breaks, leaves, and what is handed to the next crew.

Each agent is one conditional write, fenced by the roster's version and by what was told them last: twice is nothing, late
applies the present, and of two that overlap one is refused and has told nobody.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.agents.model import Agent
from chalicelib.agents.store import AgentStore
from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.service import Dispatch
from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.protocol.events import AgentStatusChanged
from chalicelib.protocol.values import By, SystemLine
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.model import NoSuchSession, NotActive, Session
from chalicelib.sessions.service import Busy, Sessions, anyone
from chalicelib.sessions.store import Read
from chalicelib.shifts.following import Followed, follow
from chalicelib.shifts.moments import AROUND, Block
from chalicelib.shifts.service import FAR, Rosters
from chalicelib.shifts.store import ShiftStore

ATTEMPTS = 3
AT_ONCE = 100
ROTATE = "rotate_shifts"
NOTED_EVERY = timedelta(hours=1)


class Rotation:
    def __init__(
        self,
        store: ShiftStore,
        agents: AgentStore,
        rosters: Rosters,
        sessions: Sessions,
        dispatch: Dispatch,
        delivery: Delivery,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._store = store
        self._agents = agents
        self._rosters = rosters
        self._sessions = sessions
        self._dispatch = dispatch
        self._delivery = delivery
        self._log = log
        self._now = clock
        self._machine_now = machine_clock

    def run(self) -> int:
        """All for whom something is due. Returns for how many something was done."""
        done = 0
        now = self._now()
        set_back = self._was_set_back(now)
        for agent_id in self._everybody() if set_back else self._agents.roster_due(now):
            try:
                done += self._rotate(agent_id, anew=set_back)
            except Exception as error:  # noqa: BLE001  # one agent's trouble keeps nothing from the others
                self._log(what="rotate", agent_id=agent_id, error=repr(error))
        return done

    def _was_set_back(self, now: datetime) -> bool:
        """Whether the clock was: then all that was told is of a time that is yet to come, and is told anew."""
        ran_at = self._store.ran_at(ROTATE)
        if ran_at is None or not now - NOTED_EVERY < ran_at <= now:
            self._store.note_run(ROTATE, now)
        return ran_at is not None and ran_at > now

    def _everybody(self) -> list[AgentId]:
        found, cursor = list[AgentId](), None
        while True:
            page = self._agents.page(AT_ONCE, cursor)
            found += [a.id for a in page.items if a.roster is not None]
            cursor = page.next_cursor
            if cursor is None:
                return found

    def _rotate(self, agent_id: AgentId, *, anew: bool) -> bool:
        """Beaten to it by a change of the roster or of the status, it looks again."""
        for _ in range(ATTEMPTS):
            agent, now = self._agents.get(agent_id), self._now()
            due_at = agent.roster.due_at if agent.roster else None
            if agent.roster is None or not (anew or (due_at is not None and due_at <= now)):
                return False
            roster = self._rosters.of(agent, now - AROUND, now + FAR)
            followed = follow(agent, roster, now, connected=agent.connected(self._machine_now()))
            as_it_is_then = replace(agent, on_since=followed.standing.on_since, rotated_to=now)
            cache = self._rosters.cache(roster, as_it_is_then, roster.version)
            soonest = [at for at in (cache.due_at, followed.due_at) if at is not None]
            if self._agents.follow(
                agent, followed.standing, replace(cache, due_at=min(soonest, default=None)), now
            ):
                self._tell(agent, followed)
                self._hand_over(agent, followed.hand_over)
                return True
        return False

    def _tell(self, before: Agent, followed: Followed) -> None:
        person = Person("agent", before.id)
        for event in followed.events:
            self._delivery.tell_person(person, event)
        agent = self._agents.get(before.id)
        if agent.routing_status != before.routing_status:
            self._delivery.tell_person(person, self._status_of(agent, "the roster says so"))
        if followed.late:
            late = self._status_of(agent, "late: not accepting work five minutes after the shift's start")
            self._delivery.tell_person(person, late)
            for queue_id in sorted(agent.queue_ids):
                self._delivery.tell_watchers(f"queue:{queue_id}", {"live": late}, besides=person)
        if agent.roster is not None and agent.roster.works(self._now()):
            self._dispatch.ring_for(agent)

    def _status_of(self, agent: Agent, why: str) -> AgentStatusChanged:
        return AgentStatusChanged(
            agent_id=agent.id,
            connected=agent.connected(self._machine_now()),
            routing_status=agent.routing_status,
            duty=agent.duty(self._now()),
            by=By(role="system"),
            why=why,
        )

    def _hand_over(self, agent: Agent, left: Block | None) -> None:
        """What was begun on duty goes to whoever is on now. Nobody there: it is finished in overtime, and looked at again."""
        if left is None:
            return
        for session_id in sorted(agent.slots):
            self._hand_on(agent, SessionId(session_id), left.ends_at)

    def _hand_on(self, agent: Agent, session_id: SessionId, left_at: datetime) -> None:
        now = self._now()

        def stays(session: Session) -> bool:
            begun = session.assigned_at is not None and session.assigned_at < left_at
            served = session.state in ("active", "on_hold") and session.owner_id == agent.id
            return not (begun and served)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if stays(read.session):
                return read.session, SystemLine(code="requeued")
            return read.session.requeued(agent.id, now), SystemLine(code="requeued")

        try:
            session = self._sessions.get(session_id, anyone).session
            if stays(session) or not self._dispatch.can_serve(session.queue_id):
                return
            moved = self._sessions.move(session_id, SYSTEM, anyone, decide)
        except (NoSuchSession, NotActive, Busy) as error:
            self._log(what="hand_over", session_id=session_id, error=repr(error))
            return
        if moved.happened:
            self._dispatch.ring(moved.after.queue_id, newly=moved.after)
