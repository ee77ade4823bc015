"""What is kept of a choice, or what is wrong with it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Literal

from chalicelib.archive.model import Option, Scheme
from chalicelib.kit.errors import Invalid
from chalicelib.protocol.rest import NewFiling, OtherFiling
from chalicelib.protocol.schemes import SchemeField
from chalicelib.protocol.values import AgentBrief, FiledOption, Filing, Label
from chalicelib.sessions.forms import mistake

Values = Mapping[str, str | float | bool]
ByItself = Literal["no_valid_talk", "automatic"]
WORDS: Final[Mapping[ByItself, Label]] = {
    "no_valid_talk": {"en": "No valid talk", "zh-CN": "无效会话"},
    "automatic": {"en": "Filed by itself", "zh-CN": "自动归档"},
}


class UnknownOption(Invalid):
    """The scheme has no such option, or it is a branch with options of its own."""


class NoteRequired(Invalid):
    """An option chosen asks for a note."""


class FieldsDoNotFit(Invalid):
    """A field is missing, has the wrong kind of answer, or is not asked under what was chosen."""


def filing(scheme: Scheme, chosen: NewFiling, by: AgentBrief, now: datetime) -> Filing:
    """Of one option and up to two others. Raises UnknownOption, NoteRequired or FieldsDoNotFit."""
    option = _leaf(scheme, chosen.option_id, "option_id")
    others = [_other(scheme, other, at) for at, other in enumerate(chosen.others)]
    ids = [option.option_id, *(o.option_id for o, _ in others)]
    if len(set(ids)) < len(ids):
        raise UnknownOption("An option is chosen twice.", errors=(("others", "names an option twice"),))
    if any(o.requires_note for o in (option, *(o for o, _ in others))) and not chosen.note.strip():
        raise NoteRequired("This disposition asks for a note.", errors=(("note", "is required"),))
    _fit(option, chosen.fields, "fields")
    return Filing(
        scheme_id=scheme.id,
        scheme_version=scheme.scheme_version,
        option_id=option.option_id,
        label=_label(option),
        path=[_label(o) for o in scheme.above(option)],
        note=chosen.note.strip(),
        fields=dict(chosen.fields),
        resolved=chosen.resolved or option.resolved,
        others=[
            FiledOption(
                option_id=o.option_id,
                label=_label(o),
                path=[_label(above) for above in scheme.above(o)],
                fields=dict(other.fields),
            )
            for o, other in others
        ],
        filed_at=now,
        filed_by=by,
    )


def tags_of(scheme: Scheme, filed: Filing) -> tuple[str, ...]:
    """What the options filed put on a session."""
    ids = [filed.option_id, *(o.option_id for o in filed.others)]
    return tuple(tag for i in ids for tag in scheme.by_id[i].tags)


def by_itself(what: ByItself, now: datetime) -> Filing:
    """Filed without anybody: there is nothing to say about it, or nobody is asked to."""
    return Filing(scheme_id="", scheme_version=0, option_id=what, label=WORDS[what], filed_at=now)


def _other(scheme: Scheme, other: OtherFiling, at: int) -> tuple[Option, OtherFiling]:
    option = _leaf(scheme, other.option_id, f"others.{at}.option_id")
    _fit(option, other.fields, f"others.{at}.fields")
    return option, other


def _leaf(scheme: Scheme, option_id: str, path: str) -> Option:
    option = scheme.leaf(option_id)
    if option is None:
        raise UnknownOption(
            "This is not a disposition of the queue's scheme. Choose one without further choices below it.",
            errors=((path, "is not a leaf of the scheme"),),
        )
    return option


def _fit(option: Option, values: Values, path: str) -> None:
    wrong = tuple((f"{path}.{name}", what) for name, what in _mistakes(option.fields, values))
    if wrong:
        raise FieldsDoNotFit("These fields are not what is asked. Look at those named.", errors=wrong)


def _mistakes(fields: list[SchemeField], values: Values) -> Iterator[tuple[str, str]]:
    names = {field.name for field in fields}
    yield from ((name, "was not asked") for name in values if name not in names)
    shown: dict[str, str | float | bool | None] = {}
    for field in fields:
        if field.shown_if and not _same(shown.get(field.shown_if.field), field.shown_if.equals):
            if field.name in values:
                yield field.name, "is not asked with these answers"
            continue
        shown[field.name] = values.get(field.name)
        if field.name not in values:
            if field.required:
                yield field.name, "is required"
        elif what := mistake(field, values[field.name]):
            yield field.name, what


def _same(answer: object, asked: object) -> bool:
    """Yes is not 1."""
    return isinstance(answer, bool) == isinstance(asked, bool) and answer == asked


def _label(option: Option) -> Label:
    return option.label if isinstance(option.label, str) else {str(k): v for k, v in option.label.items()}
