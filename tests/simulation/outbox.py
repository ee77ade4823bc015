"""What was written and is not known to be stored: one at a time for each session, and without an answer the same one again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.house import NOON
from tests.simulation.history import Letter
from tests.simulation.wires import Frame

if TYPE_CHECKING:
    from tests.simulation.browser import Browser

FIRST_WAIT = 1.0
LONGEST_WAIT = 8.0


@dataclass(eq=False)
class Outbox:
    browser: "Browser"
    _lanes: dict[str, list[Letter]] = field(default_factory=dict)

    @property
    def letters(self) -> list[Letter]:
        return [letter for lane in self._lanes.values() for letter in lane]

    @property
    def opening(self) -> bool:
        """Whether a session is being started here."""
        return any(letter.opens for letter in self.letters)

    def add(self, letter: Letter) -> None:
        lane = letter.session_id or letter.client_id
        self._lanes.setdefault(lane, []).append(letter)
        self.browser.alone(f"send {lane}", lambda: self._empty(self._lanes[lane]), 0.0, until_done=True)

    def seen(self, client_id: str | None) -> None:
        """It is in the log, so it is stored, whatever became of its answer."""
        for lane in self._lanes.values():
            lane[:] = [each for each in lane if each.opens or each.client_id != client_id]

    def _empty(self, lane: list[Letter]) -> None:
        browser, wait = self.browser, FIRST_WAIT
        while lane and not browser.closed:
            if not browser.online:
                browser.world.hub.sleep(0.1)
                continue
            letter = lane[0]
            if letter.opens and any(other.client_id < letter.client_id for other in self.letters):
                browser.world.hub.sleep(0.1)  # what starts may make a session go on that these are for
                continue
            answer = self._send(letter)
            if answer is not None and answer.get("retry_after_s") is None:
                wait = FIRST_WAIT
                browser.answered(letter, answer)
                lane[:] = [each for each in lane if each is not letter]
            else:
                browser.world.hub.sleep(wait * browser.world.random.uniform(1, 1.25))
                wait = min(wait * 2, LONGEST_WAIT)

    def _send(self, letter: Letter) -> Frame | None:
        world, sent_at = self.browser.world, self.browser.world.hub.now
        letter.sent += 1
        answer = self.browser.ask(_frame(letter))
        if letter.sent > 1:
            world.counts["resent"] += 1
            if answer and answer.get("sent_at") and _is_before(answer["sent_at"], sent_at):
                world.counts["resent and stood already"] += 1
        return answer


def _frame(letter: Letter) -> Frame:
    if letter.opens:
        words = {"text": letter.text} if letter.text else {}
        return {"type": "start_session", "client_id": letter.client_id, **words}
    return {
        "type": "send_message",
        "client_id": letter.client_id,
        "session_id": letter.session_id,
        "text": letter.text,
        "after": letter.after,
        "visibility": "staff" if letter.staff else "all",
    }


def _is_before(instant: str, seconds: float) -> bool:
    return datetime.fromisoformat(instant) < NOON + timedelta(seconds=seconds)
