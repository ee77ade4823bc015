"""A record to read, keep and print: whole, in the reader's language, and never more than text."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from chalicelib.records import service
from tests.house import Answer, House, Talk

EVIL = "<img src=x onerror=alert(1)>\"'&</p><script>alert(2)</script>"


@pytest.fixture
def talk(house: House) -> Talk:
    talk = house.talk("Where is my order?")
    talk.ann.say(talk.session_id, "It comes tomorrow", after=2)
    talk.ann.say(talk.session_id, "A regular", after=3, visibility="staff")
    house.clock.passes(minutes=1)
    return talk


def asked(talk: Talk, query: str = "") -> Answer:
    return talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/transcript?{query}")


def test_as_text_it_reads_from_top_to_bottom(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    answer = asked(talk, "format=text&time_zone=Asia/Shanghai")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    number = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["number"]
    assert answer.text.splitlines() == [
        f"Service number: {number}",
        f"Customer: {talk.cleo.caller.name}",
        "Agent: Ann",
        "From: 2026-11-22 20:00:00 to 2026-11-22 20:01:00",
        "",
        f"[2026-11-22 20:00:00] {talk.cleo.caller.name}: Where is my order?",
        "[2026-11-22 20:00:00] — Ann joined the conversation.",
        "[2026-11-22 20:00:00] Ann: It comes tomorrow",
        "[2026-11-22 20:01:00] — Ann ended the conversation.",
    ]


def test_the_houses_lines_are_in_the_readers_language(talk: Talk) -> None:
    text = asked(talk, "format=text&lang=zh-CN").text

    assert "Ann 加入了会话。" in text
    assert text.startswith("服务编号: ")


def test_notes_are_in_it_only_when_asked_for(talk: Talk) -> None:
    assert "A regular" not in asked(talk, "format=text").text
    assert "[note] Ann: A regular" in asked(talk, "format=text&staff=true").text


def test_whatever_a_message_carries_is_said_in_words(talk: Talk) -> None:
    def says(**facts: Any) -> int:
        said = talk.ann.ask("send_message", session_id=talk.session_id, **facts)
        return int(said["seq"])

    says(kind="link", link={"url": "https://demo.local/parcel", "title": "Your parcel"})
    says(kind="card", card={"title": "Order 4711", "facts": [{"label": "Total", "value": "12.90"}]})
    form = says(kind="form", form={"title": "Address", "fields": [{"name": "street", "label": "Street"}]})
    answer = {"values": {"street": "Elm Road 7"}}
    talk.cleo.ask(
        "send_message", session_id=talk.session_id, kind="form_answer", form_answer=answer, reply_to=form
    )
    secret = says(text="my password is swordfish")
    talk.ann.ask("recall_message", session_id=talk.session_id, seq=secret)

    text = asked(talk, "format=text").text

    for part in (
        "Your parcel https://demo.local/parcel",
        "Order 4711\nTotal: 12.90",
        "Address\nStreet: …",
        "street: Elm Road 7",
        "Ann: (recalled)",
        "Ann: (took a message back)",
    ):
        assert part in text, part
    assert "swordfish" not in text


def test_as_json_it_has_the_session_and_its_messages(talk: Talk) -> None:
    body = asked(talk, "format=json").body

    assert body["session"]["session_id"] == talk.session_id
    listed = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/messages").body["items"]
    assert body["messages"] == listed
    assert body["goes_on_after"] is None


def test_as_a_page_everything_people_wrote_is_text(house: House) -> None:
    talk = house.talk(EVIL)
    talk.ann.say(talk.session_id, EVIL, after=2)

    answer = asked(talk, "format=html&staff=true")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    seen = _Page()
    seen.feed(answer.text)
    assert "script" not in seen.tags
    assert "img" not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert seen.text.count(EVIL) == 2


def test_a_name_of_no_time_zone_is_refused(talk: Talk) -> None:
    for zone in ("Nowhere/City", "../../etc/passwd", "", "%00"):
        answer = asked(talk, f"format=text&time_zone={zone}")
        assert (answer.status, answer.code) == (422, "unknown_time_zone"), zone


def test_a_very_long_talk_comes_in_parts_that_join_without_a_hole(
    house: House, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_BYTES", 6_000)
    head = 3
    for n in range(40):
        head = talk.cleo.say(talk.session_id, f"Line {n:02d}", after=head)["seq"]
        talk.ann.say(talk.session_id, f"Note {n:02d}", after=head, visibility="staff")

    parts, after = [], 0
    while True:
        body = asked(talk, f"staff=true&after={after}").body
        parts.append([(m["seq"], m["staff_seq"]) for m in body["messages"]])
        if body["goes_on_after"] is None:
            break
        after = body["goes_on_after"]

    assert len(parts) > 3
    assert [p for part in parts for p in part] == [(s, k) for s, k, _ in house.log(talk.session_id)]
    assert re.search(r"The rest follows from \d+\.", asked(talk, "format=text").text)


def test_the_timeline_is_what_happened_and_not_what_was_said(talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id)
    talk.ann.ask("resume_session", session_id=talk.session_id)
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    items = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/timeline").body["items"]

    assert [i["system"]["code"] for i in items] == ["assigned", "held", "resumed", "ended_by_agent", "filed"]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data
