"""What supervisors do with a session of somebody else's: give it to an agent, take it over, whisper, end it."""

from collections.abc import Sequence

from chalicelib.agents.model import SLOT, Agent, AgentUnable, NoSuchAgent, Weights
from chalicelib.agents.store import reachable, slot_taken
from chalicelib.dispatch.service import DeskFull
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.table import Condition, Write
from chalicelib.kit.values import AgentId, ClientId, SessionId
from chalicelib.protocol.acts import NewAssignment, NewWhisper
from chalicelib.protocol.offers import Considered, Explanation
from chalicelib.protocol.values import Session as SessionRead, SystemLine
from chalicelib.sessions.entries import Draft, Entry
from chalicelib.sessions.model import NotActive, Session, assigned_line
from chalicelib.sessions.offered import assigned
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.service import May, freed_for_another
from chalicelib.sessions.store import Read
from chalicelib.sessions.supervising import Handing, handed
from chalicelib.workbench.service import Ground, party

NO_LIMIT = 10_000 * SLOT


class UnknownAgent(Invalid):
    """No agent of that id."""


class AgentUnavailable(Conflict):
    """They can't be given work now: disabled, gone, on a break or off duty."""


class Supervising:
    def __init__(self, ground: Ground) -> None:
        self._on = ground

    def assign(self, caller: Caller, session_id: SessionId, new: NewAssignment) -> SessionRead:
        """To an agent who is there, whether or not they accept by themselves; above their capacity only if asked, and marked."""
        may = self._on.access.may(caller, "session.assign")
        self._on.sessions.get(session_id, may)
        agent = self._agent(new.agent_id)
        if why_not := self._unavailable(agent):
            raise AgentUnavailable(f"{agent.alias} can't be given a conversation: {why_not}.")
        limit = NO_LIMIT if new.over_capacity else agent.capacity * SLOT
        only_if = reachable(agent, self._on.machine_clock())
        try:
            self._hand(caller, session_id, agent, may, "assigned", limit, only_if)
        except AgentUnable as unable:
            again = self._on.agents.get(agent.id)
            if why_not := self._unavailable(again):
                raise AgentUnavailable(f"{again.alias} can't be given a conversation: {why_not}.") from unable
            raise DeskFull(
                f"{again.alias} has no free slot. Choose somebody else, or assign it over capacity."
            ) from unable
        return self._read(session_id)

    def take_over(self, caller: Caller, session_id: SessionId) -> SessionRead:
        """Onto the caller's own desk, whoever has it, and however full that desk is."""
        may = self._on.access.may(caller, "session.take_over")
        self._on.sessions.get(session_id, may)
        agent = self._on.agents.get(AgentId(caller.id))
        try:
            self._hand(caller, session_id, agent, may, "taken_over", NO_LIMIT)
        except AgentUnable as unable:
            raise DeskFull("Your desk changed just now. Look again, and try once more.") from unable
        return self._read(session_id)

    def _hand(
        self,
        caller: Caller,
        session_id: SessionId,
        agent: Agent,
        may: May,
        how: Handing,
        limit: int,
        only_if: Condition | None = None,
    ) -> None:
        now, offer_id = self._on.clock(), self._on.ids.new()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            weights = Weights.of_queue(self._on.queues.get(read.session.queue_id))
            after = handed(read.session, agent.brief, now, how, offer_id, weights)
            return after, assigned_line(agent.brief)

        def slot(before: Session, after: Session) -> Sequence[Write]:
            put = assigned(after.id, offer_id, agent.id, now, how, why)
            if before.offered_to == agent.id:
                return [put]  # it lies on this desk already
            return [put, slot_taken(agent, limit, after.id, now, only_if=only_if)]

        why = Explanation(
            strategy=how,
            chosen=agent.id,
            over_capacity=agent.load + SLOT > agent.capacity * SLOT,
            by=caller.id,
            candidates=[
                Considered(
                    agent_id=agent.id,
                    name=agent.alias,
                    load=agent.load / SLOT,
                    capacity=float(agent.capacity),
                )
            ],
        )
        moved = self._on.sessions.move(session_id, party(caller), may, decide, also=slot)
        if not moved.happened:
            return
        self._on.telling.changed_for(moved.before.agent, moved.after)
        if moved.before.waits_in_queue:
            self._on.dispatch.moved_up(moved.before.queue_id, moved.before)
        self._on.dispatch.freed(moved.before)
        if moved.before.offered_to not in (None, agent.id):
            self._on.dispatch.freed_of(moved.before.offered_to)

    def whisper(self, caller: Caller, session_id: SessionId, new: NewWhisper) -> Entry:
        """A note to the agent who is talking. The customer never sees it."""
        may = self._on.access.may(caller, "session.whisper")

        def somebody_hears(session: Session) -> None:
            may(session)
            session.hears()
            if session.agent is None:
                raise NotActive("Nobody serves this conversation, so there is nobody to whisper to.")

        draft = Draft(
            by=party(caller),
            client_id=ClientId(new.client_id or self._on.ids.new()),
            after=new.after,
            text=new.text,
            staff=True,
        )
        entry, _ = self._on.sessions.say(session_id, draft, somebody_hears, caller.connection)
        return entry

    def end(self, caller: Caller, session_id: SessionId, texts: dict[str, str]) -> SessionRead:
        """Whoever serves it; with words to the customer, in their own language."""
        on, by = self._on, party(caller)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            own = read.session.owner_id == caller.id
            reason = "agent_ended" if own else "forced_by_supervisor"
            after, line = on.archive.ending(read.session, by, reason)
            return after, _in_words(texts) if texts else line

        may = on.access.may(caller, "session.end")
        on.archive.ended(on.sessions.move(session_id, by, may, decide, also=freed_for_another))
        return self._read(session_id)

    def _unavailable(self, agent: Agent) -> str | None:
        """Why no work can be given to them, or None. That they are busy is no reason: the supervisor knows."""
        if not agent.enabled:
            return "the account is disabled"
        if not agent.connected(self._on.machine_clock()):
            return "they are not connected"
        if agent.routing_status not in ("accepting", "busy"):
            return "they are on a break" if agent.routing_status == "break" else "they are offline"
        if agent.duty(self._on.clock()) not in ("on_shift", "overtime"):
            return "they are off duty"
        return None

    def _agent(self, agent_id: str) -> Agent:
        try:
            return self._on.agents.get(AgentId(agent_id))
        except NoSuchAgent as unknown:
            raise UnknownAgent(
                "There is no such agent.", errors=(("agent_id", "names no agent"),)
            ) from unknown

    def _read(self, session_id: SessionId) -> SessionRead:
        return for_staff(self._on.store.tail(session_id))


def _in_words(texts: dict[str, str]) -> SystemLine:
    """Each reader's screen words it in its language."""
    en, zh = texts.get("en"), texts.get("zh-CN")
    return SystemLine(code="ended_with_words", about={"en": en or zh or "", "zh-CN": zh or en or ""})
