"""A session to read, keep or print: as text, as JSON, or as a page that fetches nothing and runs nothing. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo

from chalicelib.kit.values import Value
from chalicelib.protocol.values import Message, Session
from chalicelib.sessions.wording import in_words

Format = Literal["text", "json", "html"]
Language = Literal["en", "zh-CN"]

WORDS = {
    "en": {"number": "Service number", "customer": "Customer", "agent": "Agent", "from": "From", "to": "to", "note": "note",
           "recalled": "(recalled)", "took_back": "(took a message back)", "goes_on": "The rest follows from {next}.", "file": "file", "open": "still going on"},
    "zh-CN": {"number": "服务编号", "customer": "客户", "agent": "客服", "from": "时间", "to": "至", "note": "备注",
              "recalled": "（已撤回）", "took_back": "（撤回了一条消息）", "goes_on": "其余内容从 {next} 开始。", "file": "文件", "open": "进行中"},
}  # fmt: skip
_STYLE = """
body{font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:44rem;margin:2rem auto;
padding:0 1rem;color:#16211f}h1{font-size:1.2rem;margin:0 0 .5rem}dl{display:grid;grid-template-columns:max-content 1fr;
gap:.1rem 1rem;margin:0 0 1.5rem;color:#4a5a56}dt{font-weight:600}dd{margin:0}ol{list-style:none;padding:0;margin:0}
li{padding:.35rem 0;break-inside:avoid;border-top:1px solid #e3e9e7}.who{font-weight:600}time{color:#5d6b68;font-size:.85em;
margin-inline-start:.5rem}.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}.system{color:#5d6b68;font-size:.9em}
.note .text{background:#fff8df}@media print{body{margin:0;max-width:none}}
"""


class Told(Value):
    """One line of a transcript, worded."""

    at: datetime
    kind: Literal["message", "note", "system"]
    by: str | None
    text: str


class Transcript(Value):
    """`goes_on_after`: the seq to ask from for the rest; null when it is whole."""

    session: Session
    messages: list[Message]
    goes_on_after: int | None = None


def lines(messages: Sequence[Message], language: Language) -> list[Told]:
    return [_told(m, language) for m in messages]


def _told(message: Message, language: Language) -> Told:
    words = WORDS[language]
    if message.system:
        text = in_words(message.system, language, message.text)
        return Told(at=message.sent_at, kind="system", by=None, text=text)
    text = words["recalled"] if message.recalled_at else _said(message, words)
    kind: Literal["message", "note"] = "note" if message.staff_seq else "message"
    return Told(at=message.sent_at, kind=kind, by=message.by.name, text=text)


def _said(message: Message, words: Mapping[str, str]) -> str:
    """Whatever it carries, in words, above what stands below it."""
    lines: list[str] = []
    if message.kind == "recall":
        lines.append(words["took_back"])
    if message.attachment:
        lines.append(f"[{words['file']}: {message.attachment.name}]")
    if message.link:
        lines.append(" ".join(filter(None, (message.link.title, message.link.url))))
    if message.card:
        card = message.card
        lines += [
            card.title,
            *filter(None, (card.text, card.url)),
            *(f"{f.label}: {f.value}" for f in card.facts),
        ]
    if message.form:
        lines += [
            *filter(None, (message.form.title,)),
            *(f"{field.label}: …" for field in message.form.fields),
        ]
    if message.form_answer:
        lines += [f"{name}: {value}" for name, value in message.form_answer.values.items()]
    return "\n".join([*lines, *([message.text] if message.text else [])])


def as_text(transcript: Transcript, language: Language, zone: ZoneInfo) -> str:
    """Plain text, a message a paragraph, times in the zone asked for."""
    words = WORDS[language]
    parts = ["\n".join(f"{name}: {value}" for name, value in _facts(transcript.session, language, zone)), ""]
    for told in lines(transcript.messages, language):
        who = f"{told.by}: " if told.by else "— "
        mark = f"[{words['note']}] " if told.kind == "note" else ""
        parts.append(f"[{_clock(told.at, zone)}] {mark}{who}{told.text}")
    if transcript.goes_on_after is not None:
        parts += ["", words["goes_on"].format(next=transcript.goes_on_after)]
    return "\n".join(parts) + "\n"


def as_html(transcript: Transcript, language: Language, zone: ZoneInfo) -> str:
    """A page to print. Whatever people wrote is text in it, never markup."""
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in _facts(transcript.session, language, zone)
    )
    items = "".join(_item(told, language, zone) for told in lines(transcript.messages, language))
    rest = ""
    if transcript.goes_on_after is not None:
        rest = f"<p>{escape(WORDS[language]['goes_on'].format(next=transcript.goes_on_after))}</p>"
    title = escape(transcript.session.number)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{title}</h1><dl>{facts}</dl><ol>{items}</ol>{rest}</body></html>\n"
    )


def _item(told: Told, language: Language, zone: ZoneInfo) -> str:
    at = f'<time datetime="{told.at.isoformat()}">{escape(_clock(told.at, zone))}</time>'
    text = f'<p class="text">{escape(told.text)}</p>'
    if told.kind == "system":
        return f'<li class="system">{escape(told.text)}{at}</li>'
    mark = f" ({escape(WORDS[language]['note'])})" if told.kind == "note" else ""
    return f'<li class="{told.kind}"><span class="who">{escape(told.by or "")}{mark}</span>{at}{text}</li>'


def _facts(session: Session, language: Language, zone: ZoneInfo) -> list[tuple[str, str]]:
    words = WORDS[language]
    ended = _clock(session.ended_at, zone) if session.ended_at else words["open"]
    agents = dict.fromkeys(s.agent.name for s in session.segments if s.agent)
    return [
        (words["number"], session.number),
        (words["customer"], session.customer.name),
        *([(words["agent"], ", ".join(agents))] if agents else []),
        (words["from"], f"{_clock(session.created_at, zone)} {words['to']} {ended}"),
    ]


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
