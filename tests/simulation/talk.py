"""What a client shows of one session: a pure reducer, as the site's is. The same told twice changes nothing."""

from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
Position = tuple[int, int]
OVER = ("wrap_up", "closed", "left_message", "answered")


@dataclass
class Talk:
    session_id: str
    messages: dict[Position, Message] = field(default_factory=dict)
    head: int = 0
    staff_head: int = 0
    """Staff lines known to stand after the message `head`."""
    sealed: int = 0
    """The staff lines before this seq are known, each of them: lines are only ever added after the newest message."""
    to_seal: int = 0
    """How far a heartbeat says that the log goes: whoever sees staff lines asks for those that may have been lost."""
    session: dict[str, Any] | None = None
    version: int = 0
    """The newest told of, whole or not."""
    read: dict[str, Any] | None = None
    """The session as it was last read whole."""
    conflict: str | None = None
    """Two things told for one place: never."""

    @property
    def over(self) -> bool:
        return self.session is not None and self.session["state"] in OVER

    @property
    def state(self) -> str | None:
        return self.session["state"] if self.session else None

    @property
    def stale(self) -> bool:
        """Whether something was told that has not been read whole: a version, or an entry that stands for a transition.

        The house's own lines do; so do a customer's words where the session is shown as on hold or over.
        """
        if self.read is None or self.read["version"] < self.version:
            return True
        rests = self.read["state"] in ("on_hold", *OVER)
        return any(
            message["kind"] == "system" or (rests and message["by"]["role"] == "customer")
            for (seq, _), message in self.messages.items()
            if seq > self.read["head"]
        )

    @property
    def contiguous(self) -> int:
        """The highest seq up to which none is missing."""
        seq = 0
        while (seq + 1, 0) in self.messages:
            seq += 1
        return seq

    @property
    def gap(self) -> int | None:
        """From where to catch up, or None where nothing is known to be missing."""
        known = self.contiguous
        if known < self.head:
            return known
        return self.sealed if self.sealed < self.to_seal else self._staff_gap()

    def _staff_gap(self) -> int | None:
        counted: dict[int, int] = {}
        for seq, staff_seq in sorted(self.messages):
            if staff_seq:
                counted[seq] = counted.get(seq, 0) + 1
                if staff_seq != counted[seq] and seq:
                    return seq - 1
        return self.head - 1 if self.staff_head > counted.get(self.head, 0) and self.head else None

    def told(self, messages: list[Message], head: int) -> None:
        for message in messages:
            position = (message["seq"], message.get("staff_seq") or 0)
            held = self.messages.setdefault(position, message)
            if _facts(held) != _facts(message):
                self.conflict = f"{held} and {message} at {position}"
        self._goes_to(head, 0)

    def heads(self, head: int, staff_head: int, *, sees_staff: bool) -> None:
        self._goes_to(head, staff_head)
        self.to_seal = head if sees_staff else 0

    def caught_up(self, after: int, answer: dict[str, Any]) -> None:
        """All that stood after `after` is known now, unless there was more."""
        if after <= self.sealed and not answer["more"]:
            self.sealed = max(self.sealed, answer["head"])

    def changed(self, event: dict[str, Any]) -> None:
        if event["version"] > self.version:
            self.version = event["version"]
            if self.session:
                self.session |= {k: event.get(k) for k in ("state", "version", "agent", "close_reason")}

    def learnt(self, session: dict[str, Any]) -> None:
        if session["version"] >= self.version or self.session is None:
            self.session, self.version = session, session["version"]
        if self.read is None or (session["version"], session["head"]) >= (
            self.read["version"],
            self.read["head"],
        ):
            self.read = dict(session)
        self._goes_to(session["head"], 0)

    def _goes_to(self, head: int, staff_head: int) -> None:
        """A head passed by has no staff lines that count: those of the new one are not known."""
        if head > self.head:
            self.head, self.staff_head = head, staff_head
        elif head == self.head:
            self.staff_head = max(self.staff_head, staff_head)


def _facts(message: Message) -> tuple[Any, ...]:
    """What two tellings of one message must have alike; a client_id goes to its sender alone."""
    return tuple(message.get(k) for k in ("message_id", "kind", "by", "text", "reply_to", "sent_at"))
