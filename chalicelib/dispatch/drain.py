"""One drain: what waits in some queues, the lowest rank first, to whoever can serve it as the desks fill.

Read: each queue's definition, members and their desks; of those who ask for the same skills the head, and the others only when it has
left or is kept by what is its own. So whatever waits costs nothing but its turn, and nobody hides behind the unservable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from chalicelib.agents.model import Agent, AgentUnable
from chalicelib.dispatch.claims import Claims
from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.model import Candidate, choose, hides_others
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.queues.model import Member, Queue
from chalicelib.sessions.model import NoSuchSession, NotQueued
from chalicelib.sessions.waiting import Waits

LOOKED_AT: Final = 20
"""Of those who ask for the same skills: how many are looked at past their head in one drain."""


@dataclass
class Line:
    """Those of one queue who ask for the same skills, as far as they were read."""

    queue: Queue
    known: list[Waits]
    more: bool = True
    passed_over: int = 0

    @property
    def head(self) -> Waits:
        return self.known[0]


class _Came(Enum):
    SERVED = auto()
    GONE = auto()
    PASSED_OVER = auto()
    LINE_STANDS = auto()
    QUEUE_STANDS = auto()


@dataclass
class Drain:
    on: Ground
    claims: Claims
    served: list[Waits] = field(default_factory=list)
    _members: dict[QueueId, list[Member]] = field(default_factory=dict)
    _agents: dict[AgentId, Agent] = field(default_factory=dict)

    def run(self, queues: Sequence[Queue], newly: Waits | None = None) -> None:
        """Until nobody is free or nothing waits. `newly`: has just been queued, which the index may not have heard of yet."""
        lines = [line for queue in queues for line in self._lines(queue, newly)]
        seen: set[SessionId] = set()
        while lines:
            line = min(lines, key=lambda line: line.head.rank)
            came = self._come(line) if line.head.session_id not in seen else _Came.GONE
            seen.add(line.head.session_id)
            if came is _Came.QUEUE_STANDS:
                lines = [other for other in lines if other.queue.id != line.queue.id]
            elif came is _Came.LINE_STANDS or not self._advanced(line, came):
                lines.remove(line)

    def _lines(self, queue: Queue, newly: Waits | None) -> list[Line]:
        if queue.mode == "manual":
            return []
        try:
            lines = [Line(queue, [head]) for head in self.on.store.line_heads(queue.id)]
        except Exception as error:  # noqa: BLE001  # one queue's trouble keeps nothing from the others
            self.on.log(what="drain", queue_id=queue.id, error=repr(error))
            lines = []
        if newly is not None and newly.queue_id == queue.id:
            lines.append(Line(queue, [newly], more=False))
        return lines

    def _come(self, line: Line) -> _Came:
        try:
            return self._serve(line.queue, line.head)
        except Exception as error:  # noqa: BLE001  # one session's trouble keeps nobody behind it waiting
            self.on.log(
                what="claim", session_id=line.head.session_id, queue_id=line.queue.id, error=repr(error)
            )
            return _Came.GONE

    def _serve(self, queue: Queue, waits: Waits) -> _Came:
        """Finds an agent for this one session before any behind it is looked at."""
        refused: set[AgentId] = set()
        give = self.claims.offer if queue.mode == "ring" else self.claims.assign
        while True:
            choice = choose(queue, waits, self._candidates(queue), self.on.now, refused)
            chosen = choice.chosen
            if chosen is None:
                if choice.nobody_free:
                    return _Came.QUEUE_STANDS
                return _Came.PASSED_OVER if hides_others(choice, waits) else _Came.LINE_STANDS
            try:
                give(waits.session_id, chosen, choice.why, queue)
            except AgentUnable:
                refused.add(chosen.agent.id)
                self._look_anew(queue)
            except (NotQueued, NoSuchSession):
                return _Came.GONE  # another function got there first: its dispatch, its event
            else:
                self._agents[chosen.agent.id] = chosen.busier(self.on.clock()).agent
                self.served.append(waits)
                return _Came.SERVED

    def _advanced(self, line: Line, came: _Came) -> bool:
        """Whether the line goes on behind its head."""
        head = line.known.pop(0)
        line.passed_over += came is _Came.PASSED_OVER
        if line.passed_over > LOOKED_AT:
            return False
        if not line.known and line.more:
            line.known = self.on.store.behind(head, LOOKED_AT)
            line.more = len(line.known) == LOOKED_AT
        return bool(line.known)

    def _candidates(self, queue: Queue) -> list[Candidate]:
        if queue.id not in self._members:
            self._members[queue.id] = self.on.queues.members(queue.id)
            unknown = sorted({m.agent_id for m in self._members[queue.id]} - self._agents.keys())
            self._agents |= {a.id: a for a in self.on.agents.several(unknown)}
        members = self._members[queue.id]
        return [Candidate(self._agents[m.agent_id], m) for m in members if m.agent_id in self._agents]

    def _look_anew(self, queue: Queue) -> None:
        ids = sorted(m.agent_id for m in self._members[queue.id])
        self._agents |= {a.id: a for a in self.on.agents.several(ids)}
