"""Configuration as a text: YAML, by names."""

from chalicelib.archive.model import NotADraft, SchemeRetired
from chalicelib.canned_answers.model import CodeTaken, WhichQueue
from chalicelib.canned_answers.service import NotYourShelf, TooManyAnswers
from chalicelib.configuration.model import AmbiguousName, BadConfig
from chalicelib.configuration.service import Configuration
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Document, Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.values import Value
from chalicelib.office.furniture_api import CHARTING, QUEUEING
from chalicelib.office.queues import QueueHasWaiting, QueueInUse, SkillInUse
from chalicelib.protocol.configuration import ConfigDiff
from chalicelib.queues.skills import NameTaken
from chalicelib.settings.store import TagExists
from chalicelib.sources.categories import UnknownAnswer, UnknownScheme
from chalicelib.sources.model import KeyTaken, UnknownCategory, UnknownHours, UnknownQueue, UnknownSource
from chalicelib.sources.tree import CategoryInUse, TooDeep, UnderItself
from chalicelib.units.model import UnitInUse

TAKES = ("application/yaml", "application/x-yaml", "text/yaml", "text/plain", "application/json")
_READING = (BadConfig, AmbiguousName)
_APPLYING = (
    *_READING,
    *CHARTING,
    *QUEUEING,
    NameTaken,
    QueueHasWaiting,
    QueueInUse,
    SkillInUse,
    UnitInUse,
    CategoryInUse,
    CodeTaken,
    KeyTaken,
    NotADraft,
    NotYourShelf,
    SchemeRetired,
    StaleVersion,
    TagExists,
    TooDeep,
    TooManyAnswers,
    UnderItself,
    UnknownAnswer,
    UnknownCategory,
    UnknownHours,
    UnknownQueue,
    UnknownScheme,
    UnknownSource,
    WhichQueue,
)


class ApplyQuery(Value):
    """`dry_run`: says what would be done, and does nothing."""

    dry_run: bool = False


def routes(configuration: Configuration) -> Routes:
    on = Routes()

    @on.get("/v1/config/export", allow="config.read", answers=Document, refuses=(AmbiguousName,))
    def export_config(caller: Caller) -> Document:
        """Names, never ids. What is as it is by default is left out."""
        return Document("application/yaml; charset=utf-8", configuration.told(caller), "deskbell.yaml")

    @on.post_text("/v1/config/diff", allow="config.read", takes=TAKES, answers=ConfigDiff, refuses=_READING)
    def diff_config(caller: Caller, text: str) -> ConfigDiff:
        return configuration.diff(caller, text)

    @on.post_text(
        "/v1/config/apply",
        allow="config.apply",
        takes=TAKES,
        query=ApplyQuery,
        answers=ConfigDiff,
        refuses=_APPLYING,
    )
    def apply_config(caller: Caller, text: str, query: ApplyQuery) -> ConfigDiff:
        """A kind that the text doesn't name is left alone. Sources are never removed."""
        return configuration.apply(caller, text, dry_run=query.dry_run)

    return on
