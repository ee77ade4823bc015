"""Taking a message back. Pure: decided from the message as it stands in the log."""

import re
from datetime import datetime, timedelta
from typing import Final

from chalicelib.kit.errors import Conflict, NotAllowed, NotFound
from chalicelib.protocol.settings import RECALL_LIMIT_S
from chalicelib.sessions.entries import Entry, Party

RECALL_WITHIN: Final = timedelta(seconds=RECALL_LIMIT_S)
"""After this nothing is taken back any more, whatever the settings say."""


class NoSuchMessage(NotFound):
    """Nobody said anything at this place."""

    code = "not_found"


class NotYourMessage(NotAllowed):
    """Somebody else said it, or the house did."""

    code = "forbidden"


class RecallTooLate(Conflict):
    """It was said longer ago than the settings let a message be taken back."""


def seq_in(address: str) -> int:
    """The seq that an address names; 0, where nothing ever stands, if it names none."""
    return int(address) if re.fullmatch(r"[1-9]\d{0,11}", address, re.ASCII) else 0


def may_be_recalled(target: Entry | None, by: Party, now: datetime, within: timedelta) -> Entry:
    """The message, or what keeps it where it is."""
    if target is None or target.kind == "recall":
        raise NoSuchMessage("There is no such message in this conversation.")
    if not target.by.is_the_same_as(by) or target.kind == "system":
        raise NotYourMessage("Only who wrote a message can take it back.")
    if target.recalled_at is None and now > target.sent_at + within:
        minutes = f"{within.total_seconds() / 60:g}"
        raise RecallTooLate(
            f"This was sent more than {minutes} minutes ago and can't be taken back any more."
        )
    return target
