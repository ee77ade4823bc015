"""One act on many sessions: each judged and done by itself, with a result for each. What fails for one is done for the others."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import DeskError
from chalicelib.kit.values import SessionId
from chalicelib.protocol.acts import BulkAct, BulkActs, BulkResult, NewAssignment, NewBlock
from chalicelib.protocol.rest import NewFiling
from chalicelib.protocol.values import Session as SessionRead
from chalicelib.workbench.service import Workbench
from chalicelib.workbench.setting_aside import SettingAside
from chalicelib.workbench.supervising import Supervising

TIME = timedelta(seconds=20)
"""API Gateway waits 29 seconds for an answer, and the last one begun takes its time."""
Act = Callable[[Caller, SessionId], SessionRead]


class Bulk:
    def __init__(
        self, workbench: Workbench, supervising: Supervising, aside: SettingAside, machine_clock: Clock
    ) -> None:
        self._workbench = workbench
        self._now = machine_clock
        self._supervising = supervising
        self._aside = aside

    def run(self, caller: Caller, asked: BulkActs) -> list[BulkResult]:
        """In the order asked; the same id twice is done once and told twice. What there is no time for is said, and can be asked anew."""
        act, ends_at = self._act(asked), self._now() + TIME
        results: dict[str, BulkResult] = {}
        for session_id in asked.ids:
            if session_id not in results:
                in_time = self._now() < ends_at
                results[session_id] = _tried(act, caller, session_id) if in_time else _not_reached(session_id)
        return [results[session_id] for session_id in asked.ids]

    def _act(self, asked: BulkActs) -> Act:
        acts: dict[BulkAct, Act] = {
            "requeue": self._workbench.requeue,
            "assign": self._assign(asked),
            "end": self._end(asked),
            "tag": lambda caller, one: self._workbench.tag(caller, one, tuple(asked.tags or ())),
            "priority": lambda caller, one: self._workbench.put_first(caller, one, asked.priority or 0),
            "dispose": self._dispose(asked),
            "block": self._block(asked),
            "spam": self._aside.spam,
        }
        return acts[asked.act]

    def _assign(self, asked: BulkActs) -> Act:
        new = NewAssignment(agent_id=asked.agent_id or "-", over_capacity=bool(asked.over_capacity))
        return lambda caller, one: self._supervising.assign(caller, one, new)

    def _end(self, asked: BulkActs) -> Act:
        texts = {str(language): words for language, words in (asked.texts or {}).items()}
        return lambda caller, one: self._supervising.end(caller, one, texts)

    def _dispose(self, asked: BulkActs) -> Act:
        filing = NewFiling(
            option_id=asked.option_id or "-",
            fields=asked.fields or {},
            note=asked.note or "",
            resolved=asked.resolved,
        )
        return lambda caller, one: self._workbench.file(caller, one, filing)

    def _block(self, asked: BulkActs) -> Act:
        new = NewBlock(reason=asked.reason or "", until=asked.until)
        return lambda caller, one: self._aside.block(caller, one, new)


def _not_reached(session_id: str) -> BulkResult:
    detail = "There was no time left for this one, and nothing was done. Ask again for it."
    return BulkResult(id=session_id, ok=False, code="not_reached", detail=detail)


def _tried(act: Act, caller: Caller, session_id: str) -> BulkResult:
    try:
        session = act(caller, SessionId(session_id))
    except DeskError as error:
        return BulkResult(id=session_id, ok=False, code=error.code, detail=error.detail)
    return BulkResult(id=session_id, ok=True, session=session)
