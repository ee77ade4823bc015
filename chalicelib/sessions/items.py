"""How sessions and their entries are kept: pynamodb's items, and the two translations.

session_id  ·  place
────────────────────────────────────────────────────────────────────────────
<session>   ·  m000000000001        an entry that the customer may see; counts without holes
<session>   ·  m000000000001.0001   a staff entry that stands after it
<session>   ·  ~                    the session item: sorts after its log
<session>   ·  ~c<connection>       a socket of its customer's that is open now
number:<n>  ·  ~number              whose service number this is

by_number    number_head · number       find by the beginning of a number
by_customer  customer_id · created_at   a customer's sessions, for the scroll
waiting      waiting · rank             who waits in a queue; sparse
lines        waiting · line             the same by the skills asked for, with what dispatch asks; sparse
closed       closed_by · ended_at       what an agent served; sparse
by_month     ended_month · ended_at     what has ended, with what lists filter by
to_file      to_file · ended_at         what an agent still has to file; sparse
left         left_in · left_place       a queue's left messages: nobody's by due time, somebody's, answered, closed; sparse
due          due · check_at             what time alone may change, by when to look; sparse, in a few partitions
"""

import json
import zlib
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from pynamodb.attributes import (
    BooleanAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.agents.model import Weights
from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.table import Table, named
from chalicelib.kit.values import (
    AgentId,
    CategoryId,
    ClientId,
    CustomerId,
    MessageId,
    QueueId,
    SessionId,
    SourceId,
)
from chalicelib.protocol.left_messages import Contact
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import (
    AgentBrief,
    Filing,
    Hold,
    Mark,
    Marks,
    Offer,
    Rating,
    Segment,
    SystemLine,
)
from chalicelib.sessions.content import NOTHING, Content
from chalicelib.sessions.entries import Entry, Party
from chalicelib.sessions.model import USUAL_WEIGHTS, HandedOver, Session
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.waiting import Waits

HEAD: Final = "~"
PRESENT: Final = "~c"
NUMBER_HEAD: Final = 3
"""How many letters of a service number must be known to search by it."""

_segments = TypeAdapter(tuple[Segment, ...])
_skills = TypeAdapter(tuple[SkillLevel, ...])


class ByNumber(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_number"
        projection = KeysOnlyProjection()

    number_head = UnicodeAttribute(hash_key=True)
    number = UnicodeAttribute(range_key=True)


class ByCustomer(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_customer"
        projection = KeysOnlyProjection()

    customer_id = UnicodeAttribute(hash_key=True)
    created_at = NumberAttribute(range_key=True)


class Waiting(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "waiting"
        projection = IncludeProjection(["customer_id"])

    waiting = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class Lines(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "lines"
        projection = IncludeProjection(
            ["rank", "skills", "waits_from", "tried", "prefers", "kept_until", "priority", "boost"]
        )

    waiting = UnicodeAttribute(hash_key=True)
    line = UnicodeAttribute(range_key=True)


class Closed(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "closed"
        projection = KeysOnlyProjection()

    closed_by = UnicodeAttribute(hash_key=True)
    ended_at = NumberAttribute(range_key=True)


class ToFile(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "to_file"
        projection = KeysOnlyProjection()

    to_file = UnicodeAttribute(hash_key=True)
    ended_at = NumberAttribute(range_key=True)


class Due(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    check_at = NumberAttribute(range_key=True)


class Left(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "left"
        projection = KeysOnlyProjection()

    left_in = UnicodeAttribute(hash_key=True)
    left_place = UnicodeAttribute(range_key=True)


class ByMonth(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_month"
        projection = IncludeProjection(
            ["queue_id", "agent_id", "category_id", "option_id", "score", "source_id"]
        )

    ended_month = UnicodeAttribute(hash_key=True)
    ended_at = NumberAttribute(range_key=True)


class SessionItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    by_number = ByNumber()
    by_customer = ByCustomer()
    waiting_index = Waiting()
    lines_index = Lines()
    closed_index = Closed()
    to_file_index = ToFile()
    due_index = Due()
    by_month = ByMonth()
    left_index = Left()
    number = UnicodeAttribute(null=True)
    number_head = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    customer_id = UnicodeAttribute(null=True)
    customer_name = UnicodeAttribute(null=True)
    customer_verified = BooleanAttribute(null=True)
    source_id = UnicodeAttribute(null=True)
    queue_id = UnicodeAttribute(null=True)
    category_id = UnicodeAttribute(null=True)
    chosen_category_id = UnicodeAttribute(null=True)
    priority = NumberAttribute(null=True)
    agent_id = UnicodeAttribute(null=True)
    agent_name = UnicodeAttribute(null=True)
    weights = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    queued_at = NumberAttribute(null=True)
    assigned_at = NumberAttribute(null=True)
    first_reply_at = NumberAttribute(null=True)
    ended_at = NumberAttribute(null=True)
    closed_at = NumberAttribute(null=True)
    close_reason = UnicodeAttribute(null=True)
    waits_for = UnicodeAttribute(null=True)
    waits_since = NumberAttribute(null=True)
    turn_seq = NumberAttribute(null=True)
    replied_at = NumberAttribute(null=True)
    prompted = NumberAttribute(null=True)
    due = UnicodeAttribute(null=True)
    check_at = NumberAttribute(null=True)
    idle_ends_at = NumberAttribute(null=True)
    still_at = NumberAttribute(null=True)
    left_at = NumberAttribute(null=True)
    watched_until = NumberAttribute(null=True)
    hold = UnicodeAttribute(null=True)
    wrap_up_until = NumberAttribute(null=True)
    wrap_up_extended = BooleanAttribute(null=True)
    tried = UnicodeSetAttribute(null=True)
    prefers = UnicodeAttribute(null=True)
    kept_until = NumberAttribute(null=True)
    skills = UnicodeAttribute(null=True)
    offer = UnicodeAttribute(null=True)
    offered_to = UnicodeAttribute(null=True)
    declined = UnicodeSetAttribute(null=True)
    transfers = NumberAttribute(null=True)
    boost = NumberAttribute(null=True)
    handed_over = UnicodeAttribute(null=True)
    waiting = UnicodeAttribute(null=True)
    rank = UnicodeAttribute(null=True)
    line = UnicodeAttribute(null=True)
    waits_from = NumberAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)
    to_file = UnicodeAttribute(null=True)
    ended_month = UnicodeAttribute(null=True)
    option_id = UnicodeAttribute(null=True)
    score = NumberAttribute(null=True)
    customer_delivered = NumberAttribute(null=True)
    customer_read = NumberAttribute(null=True)
    agent_delivered = NumberAttribute(null=True)
    agent_read = NumberAttribute(null=True)
    segments = UnicodeAttribute(null=True)
    disposition = UnicodeAttribute(null=True)
    rating = UnicodeAttribute(null=True)
    rating_asked = BooleanAttribute(null=True)
    tags = UnicodeAttribute(null=True)
    attributes = UnicodeAttribute(null=True)
    legal_hold = BooleanAttribute(null=True)
    answers = UnicodeAttribute(null=True)
    page = UnicodeAttribute(null=True)
    contact = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    left_in = UnicodeAttribute(null=True)
    left_place = UnicodeAttribute(null=True)
    schema = NumberAttribute(default=1)


class EntryItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    message_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    role = UnicodeAttribute()
    sent_at = NumberAttribute()
    sender_id = UnicodeAttribute(null=True)
    sender_name = UnicodeAttribute(null=True)
    client_id = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    content = UnicodeAttribute(null=True)
    system = UnicodeAttribute(null=True)
    reply_to = NumberAttribute(null=True)
    answer_seq = NumberAttribute(null=True)
    recalled_at = NumberAttribute(null=True)
    recall_seq = NumberAttribute(null=True)
    paced = NumberAttribute(null=True)


class PresenceItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    customer_id = UnicodeAttribute()
    lease_until = NumberAttribute()
    expires = TTLAttribute()


class NumberItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    whose = UnicodeAttribute()


DUE_PARTITIONS: Final = tuple(f"due:{n}" for n in range(4))
"""So that the sweep reads evenly; each costs it one Query a minute."""


def month_of(at: datetime) -> str:
    return f"{at:%Y-%m}"


def due_in(session_id: str) -> str:
    return DUE_PARTITIONS[zlib.crc32(session_id.encode()) % len(DUE_PARTITIONS)]


LEFT_UNOWNED, LEFT_OWNED, LEFT_ANSWERED, LEFT_CLOSED = "1:", "2:", "3:", "4:"
_FAR_MS: Final = 10**15 - 1


def left_place(session: Session) -> str:
    """Where a left message stands among those of its queue: what is due first comes first, what is done last comes first."""
    if session.state == "left_message":
        due = to_ms(session.due_at or session.created_at)
        return f"{LEFT_OWNED if session.agent else LEFT_UNOWNED}{due:015d}:{session.id}"
    done = LEFT_ANSWERED if session.state == "answered" else LEFT_CLOSED
    return f"{done}{_FAR_MS - to_ms(session.ended_at or session.created_at):015d}:{session.id}"


def line_of(signature: str, rank: str) -> str:
    """Where a session stands in its queue's index by skills: `~` sorts after every rank."""
    return f"{signature}|{rank}"


def waits_from(raw: dict[str, Any]) -> Waits:
    """From the index by skills."""
    session_id = SessionId(raw["session_id"]["S"])
    return Waits(
        session_id=session_id,
        queue_id=QueueId(raw["waiting"]["S"]),
        rank=raw["rank"]["S"],
        skills=Skills(skills_from(raw)),
        since=from_ms(_whole(raw, "waits_from")),
        tried=_agents(raw, "tried"),
        prefers=AgentId(raw["prefers"]["S"]) if "prefers" in raw else None,
        kept_until=_instant(raw, "kept_until"),
        ahead_of_its_time=_whole(raw, "priority") + _whole(raw, "boost") > 0,
    )


def skills_from(raw: dict[str, Any]) -> tuple[SkillLevel, ...]:
    return _skills.validate_json(raw["skills"]["S"]) if "skills" in raw else ()


def place_of(seq: int, staff_seq: int | None = None) -> str:
    return f"m{seq:012d}" if staff_seq is None else f"m{seq:012d}.{staff_seq:04d}"


def seq_at(place: str) -> tuple[int, int | None]:
    seq, _, staff = place[1:].partition(".")
    return int(seq), int(staff) if staff else None


def to_facts(session: Session) -> dict[str, Any]:
    """The session item's attributes by name, save its key, its marks and its turn, which move on their own."""
    return {
        "number": session.number,
        "number_head": session.number[:NUMBER_HEAD],
        "state": session.state,
        "version": session.version,
        "customer_id": session.customer_id,
        "customer_name": session.customer_name,
        "customer_verified": session.customer_verified,
        "source_id": session.source_id,
        "queue_id": session.queue_id,
        "category_id": session.category_id,
        "chosen_category_id": session.chosen_category_id,
        "priority": session.priority,
        "agent_id": session.agent.id if session.agent else None,
        "agent_name": session.agent.name if session.agent else None,
        "weights": f"{session.weights.wrap_up} {session.weights.on_hold}" if session.agent else None,
        "created_at": to_ms(session.created_at),
        "queued_at": _ms(session.queued_at),
        "assigned_at": _ms(session.assigned_at),
        "ended_at": _ms(session.ended_at),
        "closed_at": _ms(session.closed_at),
        "close_reason": session.close_reason,
        "waiting": session.queue_id if session.waits_in_queue else None,
        "rank": session.rank if session.waits_in_queue else None,
        "line": line_of(Skills(session.required_skills).signature, session.rank)
        if session.waits_in_queue
        else None,
        "waits_from": _ms(session.waits_in_queue_since) if session.waits_in_queue else None,
        "closed_by": session.owner_id if session.over else None,
        "to_file": session.owner_id if session.to_file else None,
        "ended_month": month_of(session.ended_at) if session.ended_at and session.queued_at else None,
        "option_id": session.disposition.option_id if session.disposition else None,
        "score": session.rating.score if session.rating else None,
        "segments": _segments.dump_json(session.segments, exclude_defaults=True).decode()
        if session.segments
        else None,
        "disposition": session.disposition.model_dump_json() if session.disposition else None,
        "rating": session.rating.model_dump_json() if session.rating else None,
        "rating_asked": session.rating_asked or None,
        "tags": json.dumps(session.tags, ensure_ascii=False) if session.tags else None,
        "attributes": json.dumps(dict(session.attributes), ensure_ascii=False)
        if session.attributes
        else None,
        "legal_hold": session.legal_hold or None,
        "answers": json.dumps(dict(session.answers), ensure_ascii=False) if session.answers else None,
        "page": session.page,
        "contact": session.contact.model_dump_json(exclude_none=True) if session.contact else None,
        "due_at": _ms(session.due_at),
        "left_in": session.queue_id if session.due_at else None,
        "left_place": left_place(session) if session.due_at else None,
        "due": due_in(session.id) if session.check_at else None,
        "check_at": _ms(session.check_at),
        "still_at": _ms(session.still_at),
        "left_at": _ms(session.left_at),
        "hold": session.hold.model_dump_json() if session.hold else None,
        "wrap_up_until": _ms(session.wrap_up_until),
        "wrap_up_extended": session.wrap_up_extended or None,
        "tried": set(session.tried) or None,
        "prefers": session.prefers,
        "kept_until": _ms(session.kept_until),
        "skills": _skills.dump_json(session.required_skills).decode() if session.required_skills else None,
        "offer": session.offer.model_dump_json(exclude_defaults=True) if session.offer else None,
        "offered_to": session.offered_to,
        "declined": set(session.declined) or None,
        "transfers": session.transfers or None,
        "boost": session.boost or None,
        "handed_over": session.handed_over.model_dump_json() if session.handed_over else None,
    }


def turn_facts(session: Session) -> dict[str, Any]:
    """What the first message of a turn moves."""
    return {
        "waits_for": session.waits_for,
        "waits_since": _ms(session.waits_since),
        "turn_seq": session.turn_seq,
        "replied_at": _ms(session.replied_at),
        "idle_ends_at": _ms(session.idle_ends_at),
        "first_reply_at": _ms(session.first_reply_at),
    }


def session_from(raw: dict[str, Any]) -> Session:
    """Read by hand, as the entries are: these two translations are the hottest of all."""
    agent_id = _text(raw, "agent_id")
    segments, disposition, answers = _text(raw, "segments"), _text(raw, "disposition"), _text(raw, "answers")
    category_id, chosen = _text(raw, "category_id"), _text(raw, "chosen_category_id")
    return Session(
        id=SessionId(raw["session_id"]["S"]),
        number=raw["number"]["S"],
        state=raw["state"]["S"],
        version=_whole(raw, "version"),
        customer_id=CustomerId(raw["customer_id"]["S"]),
        customer_name=raw["customer_name"]["S"],
        customer_verified=raw["customer_verified"]["BOOL"],
        source_id=SourceId(raw["source_id"]["S"]),
        queue_id=QueueId(raw["queue_id"]["S"]),
        category_id=CategoryId(category_id) if category_id else None,
        chosen_category_id=CategoryId(chosen) if chosen else None,
        priority=_whole(raw, "priority"),
        agent=AgentBrief(id=AgentId(agent_id), name=raw["agent_name"]["S"]) if agent_id else None,
        weights=Weights(*map(int, raw["weights"]["S"].split())) if "weights" in raw else USUAL_WEIGHTS,
        created_at=from_ms(_whole(raw, "created_at")),
        queued_at=_instant(raw, "queued_at"),
        assigned_at=_instant(raw, "assigned_at"),
        first_reply_at=_instant(raw, "first_reply_at"),
        ended_at=_instant(raw, "ended_at"),
        closed_at=_instant(raw, "closed_at"),
        close_reason=_text(raw, "close_reason"),
        waits_for=raw["waits_for"]["S"] if "waits_for" in raw else None,
        waits_since=_instant(raw, "waits_since"),
        turn_seq=_whole(raw, "turn_seq"),
        replied_at=_instant(raw, "replied_at"),
        prompted=_whole(raw, "prompted"),
        check_at=_instant(raw, "check_at"),
        idle_ends_at=_instant(raw, "idle_ends_at"),
        still_at=_instant(raw, "still_at"),
        left_at=_instant(raw, "left_at"),
        watched_until=_instant(raw, "watched_until"),
        hold=Hold.model_validate_json(raw["hold"]["S"]) if "hold" in raw else None,
        wrap_up_until=_instant(raw, "wrap_up_until"),
        wrap_up_extended="wrap_up_extended" in raw,
        to_file="to_file" in raw,
        prefers=AgentId(raw["prefers"]["S"]) if "prefers" in raw else None,
        kept_until=_instant(raw, "kept_until"),
        tried=_agents(raw, "tried"),
        required_skills=skills_from(raw),
        offer=Offer.model_validate_json(raw["offer"]["S"]) if "offer" in raw else None,
        declined=_agents(raw, "declined"),
        transfers=_whole(raw, "transfers"),
        boost=_whole(raw, "boost"),
        handed_over=HandedOver.model_validate_json(raw["handed_over"]["S"]) if "handed_over" in raw else None,
        marks=Marks(
            customer=Mark(delivered=_whole(raw, "customer_delivered"), read=_whole(raw, "customer_read")),
            agent=Mark(delivered=_whole(raw, "agent_delivered"), read=_whole(raw, "agent_read")),
        ),
        segments=_segments.validate_json(segments) if segments else (),
        disposition=Filing.model_validate_json(disposition) if disposition else None,
        rating=Rating.model_validate_json(raw["rating"]["S"]) if "rating" in raw else None,
        tags=tuple(json.loads(raw["tags"]["S"])) if "tags" in raw else (),
        attributes=json.loads(raw["attributes"]["S"]) if "attributes" in raw else {},
        legal_hold="legal_hold" in raw,
        rating_asked="rating_asked" in raw,
        answers=json.loads(answers) if answers else {},
        page=_text(raw, "page"),
        contact=Contact.model_validate_json(raw["contact"]["S"]) if "contact" in raw else None,
        due_at=_instant(raw, "due_at"),
    )


def to_entry_item(entry: Entry) -> EntryItem:
    return EntryItem(
        entry.session_id,
        place_of(entry.seq, entry.staff_seq),
        message_id=entry.message_id,
        kind=entry.kind,
        role=entry.by.role,
        sent_at=to_ms(entry.sent_at),
        sender_id=entry.by.id,
        sender_name=entry.by.name,
        client_id=entry.client_id,
        text=entry.text,
        content=_content(entry),
        system=entry.system.model_dump_json() if entry.system else None,
        reply_to=entry.reply_to,
        paced=entry.paced,
    )


def entry_from(raw: dict[str, Any]) -> Entry:
    seq, staff_seq = seq_at(raw["place"]["S"])
    client_id, system = _text(raw, "client_id"), _text(raw, "system")
    return Entry(
        session_id=SessionId(raw["session_id"]["S"]),
        seq=seq,
        staff_seq=staff_seq,
        message_id=MessageId(raw["message_id"]["S"]),
        kind=raw["kind"]["S"],
        by=Party(raw["role"]["S"], _text(raw, "sender_id"), _text(raw, "sender_name")),
        sent_at=from_ms(_whole(raw, "sent_at")),
        client_id=ClientId(client_id) if client_id else None,
        text=_text(raw, "text"),
        content=Content.model_validate_json(raw["content"]["S"]) if "content" in raw else NOTHING,
        system=SystemLine.model_validate_json(system) if system else None,
        reply_to=_seq(raw, "reply_to"),
        answer_seq=_seq(raw, "answer_seq"),
        recalled_at=_instant(raw, "recalled_at"),
        recall_seq=_seq(raw, "recall_seq"),
        paced=_seq(raw, "paced"),
    )


def _content(entry: Entry) -> str | None:
    return None if entry.content is NOTHING else entry.content.model_dump_json(exclude_none=True)


def _text(raw: dict[str, Any], name: str) -> str | None:
    found = raw.get(name)
    return found["S"] if found else None


def _whole(raw: dict[str, Any], name: str) -> int:
    """A whole number; none stored is 0."""
    found = raw.get(name)
    return int(found["N"]) if found else 0


def _seq(raw: dict[str, Any], name: str) -> int | None:
    found = raw.get(name)
    return int(found["N"]) if found else None


def _instant(raw: dict[str, Any], name: str) -> datetime | None:
    found = raw.get(name)
    return from_ms(int(found["N"])) if found else None


def _agents(raw: dict[str, Any], name: str) -> frozenset[AgentId]:
    return frozenset(AgentId(a) for a in raw[name]["SS"]) if name in raw else frozenset()


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else to_ms(instant)
