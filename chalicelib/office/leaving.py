"""Leaving: what lies on a desk goes on elsewhere, then nothing of the one who left works any more. Their name stays in what was."""

from dataclasses import replace

from chalicelib.agents import owners
from chalicelib.agents.model import Agent
from chalicelib.agents.presence import Presence
from chalicelib.agents.store import AgentStore
from chalicelib.archive.service import Archive
from chalicelib.connections.model import Person
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.log import Log
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.office.hiring import Hiring
from chalicelib.protocol.agents import Disabling
from chalicelib.protocol.values import By, SystemLine
from chalicelib.sessions.entries import Party
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import Sessions, anyone
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling
from chalicelib.sign_in.service import SignIn

REQUEUE = "requeue"


class SayWhatBecomes(Conflict):
    """There are sessions on the desk, and nobody said what becomes of them."""


class NobodyToHandTo(Invalid):
    """The colleague who should go on can't."""


class Leaving:
    def __init__(
        self,
        hiring: Hiring,
        agents: AgentStore,
        presence: Presence,
        sign_in: SignIn,
        sessions: Sessions,
        store: SessionStore,
        archive: Archive,
        dispatch: Dispatch,
        telling: Telling,
        ids: Ids,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._hiring = hiring
        self._agents = agents
        self._presence = presence
        self._sign_in = sign_in
        self._sessions = sessions
        self._store = store
        self._archive = archive
        self._dispatch = dispatch
        self._telling = telling
        self._ids = ids
        self._log = log
        self._now = clock
        self._machine_now = machine_clock

    def disable(self, caller: Caller, agent_id: AgentId, asked: Disabling) -> Agent:
        """Disabled first, so that nothing more comes; signed out; then the desk is cleared. What fails on the way, the minute's
        round finds on the desk of somebody who is not there, and does.
        """
        agent = self._hiring.of(caller, agent_id)
        if agent.slots and asked.sessions is None:
            raise SayWhatBecomes(
                f"{agent.alias} has {len(agent.slots)} conversations. Say what becomes of them:"
                " `sessions` is `requeue` or `hand_to`."
            )
        to = self._colleague(agent, asked.to) if asked.sessions == "hand_to" else None
        if agent.enabled:
            owners.counted(self._agents.everybody)
            self._agents.disable(agent, self._machine_now(), self._ids.new())
            self._presence.set_status(agent.id, "offline", None, _by(caller), "disabled")
        self._sign_in.end_all(Person("agent", agent.id))
        self.clear(self._agents.get(agent.id), _party(caller), to)
        return self._agents.get(agent.id)

    def enable(self, caller: Caller, agent_id: AgentId) -> Agent:
        agent = self._hiring.of(caller, agent_id)
        if not agent.enabled:
            owners.counted(self._agents.everybody)
            self._agents.enable(agent, self._ids.new())
        return self._agents.get(agent.id)

    def release(self, caller: Caller, agent_id: AgentId, to: str) -> Agent:
        """Clears the desk of somebody who fell ill."""
        agent = self._hiring.of(caller, agent_id, "session.release")
        self.clear(agent, _party(caller), None if to == REQUEUE else self._colleague(agent, to))
        return self._agents.get(agent.id)

    def clear_lost(self, agent: Agent, by: Party) -> int:
        """Of one who is gone without a word: what they serve goes on with colleagues. What waits for its filing waits on, unless
        they were disabled.
        """
        served = [s for s in sorted(agent.slots) if not agent.enabled or self.is_served(s, agent.id)]
        return self.clear(replace(agent, slots=frozenset(served)), by, None)

    def is_served(self, session_id: str, agent_id: AgentId) -> bool:
        try:
            session = self._store.tail(SessionId(session_id)).session
        except NoSuchSession:
            return False
        return session.owner_id == agent_id and session.state in ("active", "on_hold")

    def clear(self, agent: Agent, by: Party, to: Agent | None) -> int:
        """Everything leaves the desk: what waits for its filing is closed unfiled, the rest goes on with `to` while they have
        room, else at the front of its queue. How many did.
        """
        left = 0
        for session_id in sorted(agent.slots):
            try:
                left += self._move_on(agent, SessionId(session_id), by, to)
            except NoSuchSession:
                continue
            except Exception as error:  # noqa: BLE001  # one session's trouble keeps nothing from the others
                self._log(what="clear", session_id=session_id, agent_id=agent.id, error=repr(error))
        return left

    def _move_on(self, agent: Agent, session_id: SessionId, by: Party, to: Agent | None) -> bool:
        session = self._store.tail(session_id).session
        if session.owner_id != agent.id:
            return False
        if session.state == "wrap_up":
            self._archive.drop_wrap_up(session_id)
            return True

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return read.session.left_by(agent.id, self._now()), SystemLine(code="requeued")

        moved = self._sessions.move(session_id, by, anyone, decide)
        if moved.happened:
            self._telling.changed_for(moved.before.agent, moved.after)
            if to is None or not self._dispatch.give(moved.after, self._agents.get(to.id)):
                self._dispatch.ring(moved.after.queue_id, newly=moved.after)
        return moved.happened

    def _colleague(self, agent: Agent, to: str | None) -> Agent:
        found = self._agents.several([AgentId(to)]) if to else []
        if not found or found[0].id == agent.id:
            raise NobodyToHandTo("Name a colleague who goes on.", errors=(("to", "is no colleague"),))
        if not (
            found[0].enabled
            and found[0].connected(self._machine_now())
            and found[0].routing_status == "accepting"
            and found[0].works(self._now())
        ):
            raise NobodyToHandTo(
                f"{found[0].alias} is not at work. Choose somebody who is, or requeue.",
                errors=(("to", "is not at work"),),
            )
        return found[0]


def _by(caller: Caller) -> By:
    return By(role="agent", id=caller.id, name=caller.name)


def _party(caller: Caller) -> Party:
    return Party("agent", caller.id, caller.name)
