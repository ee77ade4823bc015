"""Files that travel with messages: what may come in, who may read it and for how long, and what is left of what was not sent."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.attachments.model import LARGEST
from chalicelib.attachments.store import AttachmentItem
from chalicelib.kit.table import Table
from chalicelib.sessions.items import SessionItem
from infra.local.files.signing import NotAllowed
from tests import media
from tests.house import Answer, Client, House, Talk

MB = 1024 * 1024
GOOD = {
    "a picture": ("image", "cat.jpg", media.phones_jpeg(), "image/jpeg"),
    "a PNG": ("image", "cat.png", media.phones_png(), "image/png"),
    "a WebP": ("image", "cat.webp", media.phones_webp(), "image/webp"),
    "a GIF": ("image", "cat.gif", media.ANIMATED, "image/gif"),
    "a film": ("video", "cat.mp4", media.MP4, "video/mp4"),
    "a film of a browser's": ("video", "cat.webm", media.WEBM, "video/webm"),
    "a voice of Safari's": ("voice", "voice.m4a", media.VOICE_MP4, "audio/mp4"),
    "a voice of Chrome's": ("voice", "voice.webm", media.WEBM, "audio/webm"),
    "a voice of Firefox's": ("voice", "voice.ogg", media.OPUS, "audio/ogg"),
    "a PDF": ("file", "bill.pdf", media.PDF, "application/pdf"),
    "a text": ("file", "notes.txt", "Hello, 你好\n".encode(), "text/plain"),
    "a text in GB 18030": ("file", "notes.txt", "订单号 你好\n".encode("gb18030"), "text/plain"),
    "a CSV": ("file", "orders.csv", b"a;b\n1;2\n", "text/csv"),
    "an archive": ("file", "all.zip", media.archive({"a.txt": b"a"}), "application/zip"),
    "a Word document": (
        "file",
        "letter.docx",
        media.office("word"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "an Excel sheet": (
        "file",
        "sheet.xlsx",
        media.office("xl"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "an old Word document": (
        "file",
        "old.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "application/msword",
    ),
    "a picture sent as a file": ("file", "scan.jpeg", media.phones_jpeg(), "image/jpeg"),
}
UTF_16 = "\ufeff<svg onload='alert(1)'/>".encode("utf-16-le")
LIES = {
    "an SVG as SVG": ("image", "x.png", media.SVG),
    "an SVG behind a comment": ("file", "x.txt", b"\n\n  <!-- a --><svg onload=alert(1)>"),
    "an SVG behind words": ("file", "x.txt", b"hello\n" * 9 + media.SVG),
    "an SVG in UTF-16": ("file", "x.txt", UTF_16),
    "an SVG with a mark": ("file", "x.txt", b"\xef\xbb\xbf" + media.SVG),
    "a page as a picture": ("image", "x.jpg", media.HTML),
    "a page as a text": ("file", "x.txt", media.HTML),
    "a page as a PDF": ("file", "x.pdf", b"<script>alert(1)</script>%PDF-1.7"),
    "XML": ("file", "x.txt", b"<?xml version='1.0'?><a/>"),
    "a script": ("file", "x.txt", b"#!/bin/sh\nrm -rf ~\n"),
    "PHP": ("file", "x.txt", b"<?php system($_GET['c']);"),
    "a program": ("file", "x.pdf", media.EXE),
    "a program as a picture": ("image", "x.png", media.EXE),
    "a program of Linux": ("file", "x.txt", b"\x7fELF\x02\x01\x01" + bytes(60)),
    "a Java archive": ("file", "x.zip", media.archive({"META-INF/MANIFEST.MF": b"Main-Class: X\n"})),
    "an Android app": ("file", "x.zip", media.archive({"AndroidManifest.xml": b"x", "classes.dex": b"dex"})),
    "a document with macros": ("file", "x.docx", media.office("word", "word/vbaProject.bin")),
    "an installer as Word": ("file", "x.msi.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "another archive": ("file", "x.zip", b"7z\xbc\xaf'\x1c" + bytes(60)),
    "a PDF as a picture": ("image", "x.png", media.PDF),
    "a picture as a film": ("video", "x.mp4", media.JPEG),
    "a picture as a voice": ("voice", "x.m4a", media.JPEG),
    "a film of Apple's as a voice": ("voice", "x.m4a", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(60)),
    "a text as a picture": ("image", "x.png", b"hello"),
    "half a picture": ("image", "x.png", media.png()[:40]),
    "a picture's first bytes": ("image", "x.jpg", media.JPEG[:40]),
    "a picture of a hundred gigapixels": ("image", "x.png", media.png(16_384, 16_384)),
    "a picture browsers can't show": ("image", "x.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(60)),
}


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def opened(client: Client, session_id: str, name: str, size: int, kind: str, **facts: Any) -> Answer:
    body = {"session_id": session_id, "name": name, "size": size, "kind": kind, **facts}
    return client.rest("POST", "/v1/attachments", body)


def completed(client: Client, attachment_id: str) -> Answer:
    return client.rest("POST", f"/v1/attachments/{attachment_id}/complete", {})


def link(client: Client, attachment_id: str) -> Answer:
    return client.rest("GET", f"/v1/attachments/{attachment_id}/link")


def uploaded(
    client: Client,
    session_id: str,
    content: bytes = media.PDF,
    kind: str = "file",
    name: str = "bill.pdf",
    **facts: Any,
) -> str:
    """Opened and sent to the store; not looked at."""
    answer = opened(client, session_id, name, len(content), kind, **facts)
    assert answer.status == 201, answer.text
    client.house.files.uploaded(answer.body["upload"], content)
    return str(answer.body["attachment_id"])


def ready(client: Client, session_id: str, *what: Any, **facts: Any) -> dict[str, Any]:
    """Opened, sent and completed: the attachment as stored."""
    answer = completed(client, uploaded(client, session_id, *what, **facts))
    assert answer.status == 200, answer.text
    return dict(answer.body)


def sent(client: Client, session_id: str, *what: Any, **facts: Any) -> tuple[str, int]:
    """In a message: the attachment's id, and where it stands."""
    attachment = ready(client, session_id, *what, **facts)
    accepted = client.ask(
        "send_message",
        session_id=session_id,
        kind=attachment["kind"],
        attachment_id=attachment["attachment_id"],
    )
    assert accepted["type"] == "accepted", accepted
    return attachment["attachment_id"], accepted["seq"]


# coming in


@pytest.mark.parametrize(("kind", "name", "content", "type_"), GOOD.values(), ids=GOOD)
def test_what_may_come_in_is_kept_as_what_its_bytes_are(
    house: House, talk: Talk, kind: str, name: str, content: bytes, type_: str
) -> None:
    attachment = ready(talk.cleo, talk.session_id, content, kind, name)

    assert (attachment["kind"], attachment["name"], attachment["content_type"]) == (kind, name, type_)
    kept, served_as, inline, called = house.files.given(
        link(talk.cleo, attachment["attachment_id"]).body["url"]
    )
    assert (len(kept), served_as, called) == (attachment["size"], type_, name)
    assert inline == type_.startswith(("image/", "video/", "audio/"))
    assert kept == content or (
        type_.startswith("image/") and media.CANARY not in kept and b"SECRET" not in kept
    )
    assert house.files.kept == 1, "the upload itself is gone from quarantine"


@pytest.mark.parametrize(("kind", "name", "content"), LIES.values(), ids=LIES)
def test_what_lies_or_can_run_is_refused_whatever_it_calls_itself_and_deleted(
    house: House, talk: Talk, kind: str, name: str, content: bytes
) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id, content, kind, name)

    first, again = completed(talk.cleo, attachment_id), completed(talk.cleo, attachment_id)

    assert (first.status, first.code) == (422, "content_not_allowed")
    assert (again.status, again.code, again.body["detail"]) == (
        422,
        "content_not_allowed",
        first.body["detail"],
    )
    assert house.files.kept == 0
    assert link(talk.cleo, attachment_id).code == "attachment_not_ready"
    refused = talk.cleo.ask(
        "send_message", session_id=talk.session_id, kind=kind, attachment_id=attachment_id
    )
    assert refused["code"] == "attachment_not_ready"


@pytest.mark.parametrize(
    "name",
    [
        "x.exe",
        "x.svg",
        "X.HTML",
        "invoice.pdf.js",
        "x.bat ",
        "x.docm",
        "a/b/x.sh",
        "x.ph\u200bp",
        "\u202egpj.exe",
        "x.lnk.",
    ],
)
def test_what_is_named_like_something_that_runs_is_refused_before_a_byte_is_sent(
    talk: Talk, name: str
) -> None:
    answer = opened(talk.cleo, talk.session_id, name, 10, "file")

    assert (answer.status, answer.code) == (422, "content_not_allowed")
    assert [e["path"] for e in answer.body["errors"]] == ["name"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("bill.pdf", "bill.pdf"),
        ("../../etc/bill.pdf", "bill.pdf"),
        ("C:\\Users\\cleo\\bill.pdf", "bill.pdf"),
        ("\u202efdp.bill", "fdp.bill.pdf"),
        ("bi\u0000ll\r\n.pdf", "bill.pdf"),
        ("bill", "bill.pdf"),
        ("bill.PDF", "bill.PDF"),
        ("bill.txt", "bill.txt.pdf"),
        (".pdf", "pdf.pdf"),
        ("  …  ", "….pdf"),
        ("///", "file.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("Rechnung Mu\u0308ller.pdf", "Rechnung Müller.pdf"),
        ("订单 2026.pdf", "订单 2026.pdf"),
        ("x" * 900 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 900, "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_one_that_every_machine_takes_and_nobody_misreads(talk: Talk, said: str, kept: str) -> None:
    assert ready(talk.cleo, talk.session_id, name=said)["name"] == kept


@pytest.mark.parametrize(("kind", "limit"), LARGEST.items())
def test_a_file_has_the_size_of_its_kind_at_most(talk: Talk, kind: str, limit: int) -> None:
    assert limit == {"image": 20, "file": 20, "video": 50, "voice": 8}[kind] * MB
    assert opened(talk.cleo, talk.session_id, "x", limit, kind).status == 201

    answer = opened(talk.cleo, talk.session_id, "x", limit + 1, kind)

    assert (answer.status, answer.code) == (422, "attachment_too_large")
    assert [e["path"] for e in answer.body["errors"]] == ["size"]


def test_no_more_comes_in_than_was_said(house: House, talk: Talk) -> None:
    form = opened(talk.cleo, talk.session_id, "x.pdf", 10, "file").body["upload"]

    with pytest.raises(NotAllowed, match="maximum"):
        house.files.uploaded(form, bytes(11))
    with pytest.raises(NotAllowed):
        house.files.uploaded({**form, "fields": {**form["fields"], "key": "files/mine"}}, bytes(9))
    with pytest.raises(NotAllowed):
        house.files.uploaded({**form, "fields": {**form["fields"], "Content-Type": "text/html"}}, bytes(9))


def test_a_form_is_good_for_ten_minutes(house: House, talk: Talk) -> None:
    answer = opened(talk.cleo, talk.session_id, "x.pdf", 10, "file").body

    assert answer["expires_at"] == "2026-11-22T12:10:00Z"
    house.machine.passes(minutes=9, seconds=59)
    house.files.uploaded(answer["upload"], bytes(5))
    house.machine.passes(seconds=1)
    with pytest.raises(NotAllowed, match="expired"):
        house.files.uploaded(answer["upload"], bytes(5))


def test_keys_are_random_and_tell_nothing(house: House, talk: Talk) -> None:
    forms = [opened(talk.cleo, talk.session_id, "bill.pdf", 10, "file").body for _ in range(2)]

    keys = [form["upload"]["fields"]["key"] for form in forms]
    assert len({*keys}) == 2
    for form, key in zip(forms, keys, strict=True):
        assert key.startswith("quarantine/")
        assert len(key) == len("quarantine/") + 52
        assert not any(known in key for known in (form["attachment_id"], talk.session_id, "bill"))


# what a browser says besides


def test_a_pictures_size_is_read_from_its_bytes_and_a_films_is_taken_from_its_sender(talk: Talk) -> None:
    picture = ready(talk.cleo, talk.session_id, media.JPEG, "image", "x.jpg", width=999, height=1)
    film = ready(
        talk.cleo, talk.session_id, media.MP4, "video", "x.mp4", width=1920, height=1080, duration_ms=5_000
    )

    assert (picture["width"], picture["height"]) == (8, 6)
    assert (film["width"], film["height"], film["duration_ms"]) == (1920, 1080, 5_000)


def test_a_voice_message_lasts_two_minutes_at_most(talk: Talk) -> None:
    facts = {"duration_ms": 120_000, "waveform": [0, 50, 100] * 21 + [7]}
    voice = ready(talk.cleo, talk.session_id, media.OPUS, "voice", "voice.ogg", **facts)

    assert {k: voice[k] for k in facts} == facts
    answer = opened(talk.cleo, talk.session_id, "voice.ogg", 10, "voice", duration_ms=120_001)
    assert (answer.status, answer.code) == (422, "voice_too_long")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("duration_ms", -1),
        ("width", 0),
        ("height", 16_385),
        ("waveform", [101]),
        ("waveform", [-1]),
        ("waveform", [1] * 65),
        ("waveform", []),
        ("waveform", ["1"]),
        ("thumbnail", "x" * 4_097),
        ("thumbnail", "not base64!"),
        ("thumbnail", base64.b64encode(media.SVG).decode()),
        ("thumbnail", base64.b64encode(media.png()).decode()),
        ("size", 0),
        ("kind", "note"),
        ("name", ""),
    ],
)
def test_what_a_browser_says_of_it_is_within_bounds(talk: Talk, field: str, wrong: Any) -> None:
    body = {"session_id": talk.session_id, "name": "x.jpg", "size": 10, "kind": "image", field: wrong}

    answer = talk.cleo.rest("POST", "/v1/attachments", body)

    assert (answer.status, answer.code) == (422, "invalid")
    assert answer.body["errors"][0]["path"].split(".")[0] == field


@pytest.mark.parametrize("small", [media.phones_jpeg(), media.phones_webp()])
def test_a_thumbnail_tells_no_more_of_its_maker_than_its_picture(talk: Talk, small: bytes) -> None:
    sent_along = base64.b64encode(small).decode()

    picture = ready(talk.cleo, talk.session_id, media.JPEG, "image", "x.jpg", thumbnail=sent_along)

    kept = base64.b64decode(picture["thumbnail"])
    assert kept[:2] == small[:2]
    assert media.CANARY not in kept


# completing


def test_completing_before_the_file_has_come_may_be_tried_again(house: House, talk: Talk) -> None:
    body = opened(talk.cleo, talk.session_id, "x.pdf", 200, "file").body

    answer = completed(talk.cleo, body["attachment_id"])
    assert (answer.status, answer.code) == (409, "not_uploaded")

    house.files.uploaded(body["upload"], media.PDF)
    assert completed(talk.cleo, body["attachment_id"]).status == 200


def test_completing_twice_gives_the_same_and_looks_once(house: House, talk: Talk) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id)
    first = completed(talk.cleo, attachment_id)
    house.files.asked.clear()

    assert completed(talk.cleo, attachment_id).body == first.body
    assert house.files.asked == {}


def test_what_is_sent_once_more_after_it_was_looked_at_is_never_given_out(house: House, talk: Talk) -> None:
    """The form is good for ten minutes, as often as it is used."""
    body = opened(talk.cleo, talk.session_id, "x.pdf", 500, "file").body
    house.files.uploaded(body["upload"], media.PDF)
    completed(talk.cleo, body["attachment_id"])

    house.files.uploaded(body["upload"], media.HTML)

    kept, *_ = house.files.given(link(talk.cleo, body["attachment_id"]).body["url"])
    assert kept == media.PDF


@pytest.mark.parametrize("call", ["read", "copy"])
def test_what_is_sent_once_more_while_it_is_looked_at_is_looked_at_anew(
    house: House, talk: Talk, call: str
) -> None:
    body = opened(talk.cleo, talk.session_id, "x.pdf", 500, "file").body
    house.files.uploaded(body["upload"], media.PDF)
    house.files.before(call, lambda: house.files.uploaded(body["upload"], media.HTML))

    answer = completed(talk.cleo, body["attachment_id"])

    assert (answer.status, answer.code) == (409, "not_uploaded")
    assert completed(talk.cleo, body["attachment_id"]).code == "content_not_allowed"
    assert house.files.kept == 0


def test_of_two_completions_at_once_one_decides_and_both_say_the_same(house: House, talk: Talk) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id)
    other: list[Answer] = []
    house.faults.before(
        "UpdateItem", lambda: other.append(completed(talk.cleo, attachment_id)), about="attachment_state"
    )

    answer = completed(talk.cleo, attachment_id)

    assert house.faults.none_left
    assert answer.status == 200
    assert other[0].body == answer.body
    assert house.files.kept == 1
    assert house.files.given(link(talk.cleo, attachment_id).body["url"])[0] == media.PDF


def test_of_two_completions_of_different_uploads_the_first_decides_and_nothing_is_left_of_the_other(
    house: House, talk: Talk
) -> None:
    body = opened(talk.cleo, talk.session_id, "x.jpg", 900, "image").body
    house.files.uploaded(body["upload"], media.JPEG)

    def meanwhile() -> None:
        house.files.uploaded(body["upload"], media.PROGRESSIVE)
        completed(talk.cleo, body["attachment_id"])

    house.faults.before("UpdateItem", meanwhile, about="attachment_state")

    assert completed(talk.cleo, body["attachment_id"]).status == 200

    assert house.files.given(link(talk.cleo, body["attachment_id"]).body["url"])[0] == media.PROGRESSIVE
    assert house.files.kept == 1


@pytest.mark.parametrize("content", [media.PDF, media.JPEG, media.EXE])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["look", "read", "copy", "put", "delete"])
def test_a_completion_that_is_cut_short_anywhere_is_finished_by_the_next(
    house: House, talk: Talk, content: bytes, when: str, call: str
) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id, content, "file", "x")
    cut_at = house.files.dies_before if when == "before" else house.files.dies_after
    cut_at.add(call)
    completed(talk.cleo, attachment_id)
    cut_at.clear()

    answer = completed(talk.cleo, attachment_id)

    if content == media.EXE:
        assert answer.code == "content_not_allowed"
    else:
        assert house.files.given(link(talk.cleo, attachment_id).body["url"])[0] == content
    house.clock.passes(days=2)
    house.desk.attachments.sweep()
    assert house.files.kept == 0


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_a_completion_whose_storing_went_wrong_is_finished_by_the_next(
    house: House, talk: Talk, fault: str
) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id)
    getattr(house.faults, fault)("UpdateItem", about="attachment_state")
    completed(talk.cleo, attachment_id)
    assert house.faults.none_left

    assert completed(talk.cleo, attachment_id).status == 200
    assert house.files.given(link(talk.cleo, attachment_id).body["url"])[0] == media.PDF


# who may


def test_another_customers_attachment_does_not_exist(house: House, talk: Talk) -> None:
    mallory = house.customer()
    attachment_id, _ = sent(talk.cleo, talk.session_id)

    assert opened(mallory, talk.session_id, "x.pdf", 10, "file").code == "not_found"
    assert completed(mallory, attachment_id).code == "not_found"
    assert link(mallory, attachment_id).code == "not_found"


def test_a_colleagues_attachment_does_not_exist_and_a_supervisor_may_read_it(
    house: House, talk: Talk
) -> None:
    bob, sue = house.on_duty("bob"), house.on_duty("sue")
    attachment_id, _ = sent(talk.ann, talk.session_id)

    assert opened(bob, talk.session_id, "x.pdf", 10, "file").code == "not_found"
    assert completed(bob, attachment_id).code == "not_found"
    assert link(bob, attachment_id).code == "not_found"
    assert link(sue, attachment_id).status == 200
    assert completed(sue, attachment_id).code == "not_found"


def test_before_it_is_sent_nobody_but_its_sender_knows_of_it(talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]

    assert link(talk.ann, attachment_id).code == "not_found"
    assert completed(talk.ann, attachment_id).code == "not_found"
    refused = talk.ann.ask(
        "send_message", session_id=talk.session_id, kind="file", attachment_id=attachment_id
    )
    assert refused["code"] == "attachment_not_ready"

    talk.cleo.ask("send_message", session_id=talk.session_id, kind="file", attachment_id=attachment_id)
    assert link(talk.ann, attachment_id).status == 200


def test_what_waits_in_ones_queue_may_be_looked_at_and_nothing_be_sent_into_it(house: House) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    session_id, cleo = house.waiting()
    attachment_id, _ = sent(cleo, session_id)

    assert link(bob, attachment_id).status == 200
    assert opened(bob, session_id, "x.pdf", 10, "file").code == "forbidden"


def test_nothing_is_uploaded_into_what_has_ended_and_what_was_sent_can_still_be_read(talk: Talk) -> None:
    attachment_id, _ = sent(talk.cleo, talk.session_id)
    talk.ann.ask("end_session", session_id=talk.session_id)

    for client in (talk.cleo, talk.ann):
        assert opened(client, talk.session_id, "x.pdf", 10, "file").code == "session_ended"
        assert link(client, attachment_id).status == 200


def test_a_link_is_good_for_five_minutes_and_of_another_origin(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]

    answer = link(talk.cleo, attachment_id).body

    assert answer["expires_at"] == "2026-11-22T12:05:00Z"
    assert answer["url"].startswith("http://files.test/files/files/")
    house.machine.passes(minutes=4, seconds=59)
    assert house.files.given(answer["url"])[0] == media.PDF
    house.machine.passes(seconds=1)
    with pytest.raises(NotAllowed, match="expired"):
        house.files.given(answer["url"])


def test_an_agent_without_roles_may_do_nothing_with_files(house: House, talk: Talk) -> None:
    attachment_id, _ = sent(talk.cleo, talk.session_id)
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.role_ids.set("nothing-known")])

    assert opened(talk.ann, talk.session_id, "x.pdf", 10, "file").code == "forbidden"
    assert completed(talk.ann, attachment_id).code == "forbidden"
    assert link(talk.ann, attachment_id).code == "forbidden"


# sweeping


def test_an_upload_that_nobody_completes_is_swept_after_an_hour(house: House, talk: Talk) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id)
    house.clock.passes(minutes=59, seconds=59)
    assert house.desk.attachments.sweep() == 0
    assert house.files.kept == 1

    house.clock.passes(seconds=1)

    assert house.desk.attachments.sweep() == 1
    assert house.files.kept == 0
    assert completed(talk.cleo, attachment_id).code == "not_found"
    assert house.desk.attachments.sweep() == 0


@pytest.mark.parametrize("content", [media.PDF, media.EXE])
def test_what_was_never_sent_is_swept_after_a_day(house: House, talk: Talk, content: bytes) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id, content, "file", "x")
    completed(talk.cleo, attachment_id)
    house.clock.passes(hours=23)
    assert house.desk.attachments.sweep() == 0

    house.clock.passes(hours=1)

    assert house.desk.attachments.sweep() == 1
    assert house.files.kept == 0
    assert link(talk.cleo, attachment_id).code == "not_found"


def test_what_was_sent_is_never_swept(house: House, talk: Talk) -> None:
    attachment_id, _ = sent(talk.cleo, talk.session_id)
    house.clock.passes(days=400)

    assert house.desk.attachments.sweep() == 0
    assert link(talk.cleo, attachment_id).status == 200


def test_what_is_sent_just_when_it_would_be_swept_stays(house: House, talk: Talk) -> None:
    """The list is an index, which hears late: the attachment itself decides."""
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    house.clock.passes(days=1)
    house.faults.before(
        "UpdateItem",
        lambda: talk.cleo.ask(
            "send_message", session_id=talk.session_id, kind="file", attachment_id=attachment_id
        ),
        about="attachment_state",
    )

    assert house.desk.attachments.sweep() == 0

    assert house.faults.none_left
    assert link(talk.ann, attachment_id).status == 200


def test_what_is_swept_just_when_it_would_be_sent_is_refused(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    house.clock.passes(days=1)
    house.faults.before("TransactWriteItems", house.desk.attachments.sweep, about=attachment_id)

    refused = talk.cleo.ask(
        "send_message", session_id=talk.session_id, kind="file", attachment_id=attachment_id
    )

    assert house.faults.none_left
    assert refused["code"] == "attachment_not_ready"
    assert len(house.log(talk.session_id)) == 2


def test_what_a_sweep_has_given_up_is_not_sent_however_far_it_came(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    house.clock.passes(days=1)
    house.files.dies_before.add("delete")
    house.faults.before("TransactWriteItems", house.desk.attachments.sweep, about=attachment_id)

    refused = talk.cleo.ask(
        "send_message", session_id=talk.session_id, kind="file", attachment_id=attachment_id
    )

    assert house.faults.none_left
    assert refused["code"] == "attachment_gone"


@pytest.mark.parametrize(("call", "content"), [("copy", media.PDF), ("put", media.JPEG)])
def test_a_completion_that_was_cut_short_for_good_leaves_nothing(
    house: House, talk: Talk, call: str, content: bytes
) -> None:
    attachment_id = uploaded(talk.cleo, talk.session_id, content, "file", "x")
    house.files.dies_after.add(call)
    completed(talk.cleo, attachment_id)
    assert house.files.kept == 2, "the upload, and the copy that nobody knows of"
    house.clock.passes(hours=1)

    house.desk.attachments.sweep()

    assert house.files.kept == 0


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["look", "delete"])
def test_a_sweep_that_is_cut_short_is_finished_by_the_next(
    house: House, talk: Talk, call: str, when: str
) -> None:
    uploaded(talk.cleo, talk.session_id)
    other = uploaded(talk.cleo, talk.session_id)
    completed(talk.cleo, other)
    house.clock.passes(days=2)
    cut_at = house.files.dies_before if when == "before" else house.files.dies_after
    cut_at.add(call)
    assert house.desk.attachments.sweep() == 0
    cut_at.clear()

    house.desk.attachments.sweep()

    assert house.files.kept == 0
    assert link(talk.cleo, other).code == "not_found"


def test_one_files_trouble_keeps_nothing_from_the_others(house: House, talk: Talk) -> None:
    for _ in range(3):
        uploaded(talk.cleo, talk.session_id)
    house.clock.passes(hours=2)
    house.faults.never_arrives("DeleteItem", about="attachment:")

    assert house.desk.attachments.sweep() == 2
    assert house.desk.attachments.sweep() == 1
    assert house.files.kept == 0


def test_a_sweep_goes_on_over_pages(house: House, talk: Talk) -> None:
    for _ in range(120):
        assert opened(talk.cleo, talk.session_id, "x.pdf", 10, "file").status == 201
    house.clock.passes(hours=2)

    assert house.desk.attachments.sweep() == 120


def test_sweeping_twice_at_once_deletes_once(house: House, talk: Talk) -> None:
    uploaded(talk.cleo, talk.session_id)
    house.clock.passes(hours=2)
    swept: list[int] = []
    house.faults.before(
        "UpdateItem", lambda: swept.append(house.desk.attachments.sweep()), about="attachment_state"
    )

    assert house.desk.attachments.sweep() == 0

    assert swept == [1]
    assert house.files.kept == 0


def test_the_five_minutes_round_sweeps(house: House, talk: Talk) -> None:
    uploaded(talk.cleo, talk.session_id)
    house.clock.passes(hours=1)

    house.desk.rounds.reap_connections()

    assert house.files.kept == 0


# costs


def test_what_each_step_costs(house: House, talk: Talk) -> None:
    """In the store; the bytes go past it. A Get finds out who asks over REST, a Query whether the session is theirs."""
    cleo, token, session_id = talk.cleo, talk.cleo.token, talk.session_id
    head = cleo.say(session_id, "Opens the turn", after=2)["seq"]
    body = {"session_id": session_id, "name": "x.pdf", "size": 200, "kind": "file"}

    def cost(act: Callable[[], Any]) -> tuple[Any, dict[str, int], float, float]:
        house.meter.reset()
        answer = act()
        return answer, dict(house.meter.requests), house.meter.write_units, house.meter.read_units

    answer, requests, writes, reads = cost(lambda: house.rest("POST", "/v1/attachments", body, token=token))
    assert (requests, writes, reads) == ({"GetItem": 1, "Query": 1, "PutItem": 1}, 2.0, 2.0)
    attachment_id = answer.body["attachment_id"]
    house.files.uploaded(answer.body["upload"], media.PDF)
    path = f"/v1/attachments/{attachment_id}"
    _, *costs = cost(lambda: house.rest("POST", f"{path}/complete", {}, token=token))
    assert costs == [{"GetItem": 2, "Query": 1, "UpdateItem": 1}, 3.0, 3.0]
    _, *costs = cost(lambda: house.rest("GET", f"{path}/link", token=token))
    assert costs == [{"GetItem": 2, "Query": 1}, 0.0, 3.0]
    said = {"session_id": session_id, "after": head, "kind": "file", "attachment_id": attachment_id}
    _, *costs = cost(lambda: cleo.ask("send_message", **said))
    assert costs == [{"Query": 2, "GetItem": 1, "TransactWriteItems": 1}, 5.0, 2.5]


def test_a_sweep_with_nothing_to_do_is_one_request(house: House, talk: Talk) -> None:
    for _ in range(3):
        sent(talk.cleo, talk.session_id)
    house.clock.passes(days=9)
    house.meter.reset()

    house.desk.attachments.sweep()

    assert dict(house.meter.requests) == {"Query": 1}
    assert house.meter.read_units == 0.5


def test_attachments_stand_in_the_index_that_the_sessions_table_has() -> None:
    def shape(item: type[Table]) -> dict[str, Any]:
        (found,) = [i for i in item._get_schema()["global_secondary_indexes"] if i["index_name"] == "due"]
        return dict(found)

    assert shape(AttachmentItem) == shape(SessionItem)
