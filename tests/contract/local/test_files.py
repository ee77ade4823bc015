"""The attachments' store on one machine: what its forms let in beyond what every store must, and its links let out."""

import json
import os
import time
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.files.attachments import LocalFiles
from infra.local.files.signing import NotAllowed, Signer
from infra.local.files.store import ObjectStore

MINUTE = timedelta(minutes=1)
SHOWN = {"name": "x", "inline": True, "lasts": 5 * MINUTE}


@pytest.fixture
def files(desk) -> LocalFiles:
    return desk.cellar.files


def send(desk, form, content=b"hello", **changes):
    fields = {**form.fields, **changes}
    with desk.http() as http:
        return http.post("/files", data=fields, files={"file": ("any name.txt", content, "text/html")})


def at(desk, link: str) -> str:
    """A link's path and query: it names localhost, the test asks 127.0.0.1."""
    return link.removeprefix(f"http://localhost:{desk.port}")


def test_an_upload_within_its_policy_is_stored_under_its_key(desk, files):
    form = files.form("quarantine/ähm ../x.png", largest=1_000_000, lasts=MINUTE)

    answer = send(desk, form, b"\r\n--almost a boundary" * 20_000)

    assert form.url == f"http://localhost:{desk.port}/files"
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    found = files.look("quarantine/ähm ../x.png")
    assert found is not None
    assert found.size == 20 * 20_000 + 20_000
    assert files.read("quarantine/ähm ../x.png", found.version, 2, 8) == b"--almost"


@pytest.mark.parametrize(
    ("content", "changes", "status", "code"),
    [
        (b"x" * 11, {}, 400, "EntityTooLarge"),
        (b"", {}, 400, "EntityTooSmall"),
        (b"x", {"key": "other"}, 403, "AccessDenied"),
        (b"x", {"Content-Type": "text/html"}, 403, "AccessDenied"),
        (b"x", {"acl": "public-read"}, 403, "AccessDenied"),
        (b"x", {"x-amz-signature": "0" * 64}, 403, "SignatureDoesNotMatch"),
        (b"x", {"policy": b64encode(b"{}").decode()}, 403, "SignatureDoesNotMatch"),
    ],
)
def test_an_upload_outside_its_policy_is_refused_and_leaves_nothing(
    desk, files, content, changes, status, code
):
    answer = send(desk, files.form("refused", largest=10, lasts=MINUTE), content, **changes)

    assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (status, True)
    assert files.look("refused") is None
    assert files.look("other") is None


def test_a_wider_policy_needs_a_new_signature(desk, files):
    form = files.form("wide", largest=10, lasts=MINUTE)
    policy = json.loads(b64decode(form.fields["policy"]))
    policy["conditions"][2][2] = 10_000_000

    answer = send(desk, form, b"x" * 100, policy=b64encode(json.dumps(policy).encode()).decode())

    assert (answer.status_code, files.look("wide")) == (403, None)


def test_a_policy_and_a_link_are_good_until_they_expire(tmp_path):
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    clock = [now]
    signer = Signer(b"s", lambda: clock[0])
    local = LocalFiles(ObjectStore(tmp_path), signer, "")
    fields, link = local.form("k", largest=5, lasts=MINUTE).fields, local.link("k", **SHOWN)

    clock[0] = now + timedelta(seconds=59)
    assert signer.upload_of(fields).max_size == 5
    clock[0] = now + timedelta(seconds=60)
    with pytest.raises(NotAllowed, match="Policy expired"):
        signer.upload_of(fields)
    clock[0] = now + timedelta(seconds=299)
    assert signer.given_in("k", link.partition("?")[2]).name == "x"
    clock[0] = now + timedelta(seconds=300)
    with pytest.raises(NotAllowed, match="Request has expired"):
        signer.given_in("k", link.partition("?")[2])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"hello"),
        ("multipart/form-data", b"hello"),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\ncontent-disposition: form-data; name=key\r\n\r\nk\r\n--b--",
        ),
        ("multipart/form-data; boundary=b", b"x" * 30_000),
        ("multipart/form-data; boundary=b", b""),
    ],
)
def test_what_is_no_form_with_a_file_is_refused(desk, content_type, body):
    with desk.http() as http:
        answer = http.post("/files", content=body, headers={"content-type": content_type})

    assert (answer.status_code, "MalformedPOSTRequest" in answer.text) == (400, True)


def test_an_upload_that_is_cut_short_leaves_nothing(desk, files):
    form = files.form("cut", largest=1000, lasts=MINUTE)
    with desk.http() as http:
        whole = http.build_request("POST", "/files", data=form.fields, files={"file": ("f", b"x" * 500)})
        cut = whole.read()[:-100]
        answer = http.post("/files", content=cut, headers={"content-type": whole.headers["content-type"]})

    assert (answer.status_code, files.look("cut")) == (400, None)
    assert list(desk.cellar.store._folder.glob(".incoming-*")) == []


@pytest.mark.parametrize(("inline", "how"), [(True, "inline"), (False, "attachment")])
def test_a_link_shows_or_saves_and_can_never_be_a_page(desk, files, inline, how):
    files.put("page", b"<script>alert(1)</script>", "text/plain")

    with desk.http() as http:
        answer = http.get(at(desk, files.link("page", name='Angebot "ä".html', inline=inline, lasts=MINUTE)))

    assert (answer.status_code, answer.content) == (200, b"<script>alert(1)</script>")
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == f"{how}; filename*=UTF-8''Angebot%20%22%C3%A4%22.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=4-400", 206, b"456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
        ("bytes=10-", 416, None),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(desk, files, asked, status, content):
    files.put("digits", b"0123456789", "audio/ogg")

    with desk.http() as http:
        answer = http.get(at(desk, files.link("digits", **SHOWN)), headers={"range": asked})

    assert answer.status_code == status
    assert content is None or answer.content == content


def test_a_link_is_for_one_object_one_name_and_one_way(desk, files):
    files.put("mine", b"hello", "text/plain")
    link = at(desk, files.link("mine", name="a.txt", inline=True, lasts=MINUTE))
    saved = at(desk, files.link("mine", name="a.txt", inline=False, lasts=MINUTE))

    with desk.http() as http:
        assert http.get(link).status_code == 200
        assert http.get(link.replace("/mine?", "/yours?")).status_code == 403
        assert http.get(link.replace("a.txt", "a.html")).status_code == 403
        assert http.get(link.replace("shown=inline&", "")).status_code == 403
        assert http.get(saved + "&shown=inline").status_code == 403
        assert http.get("/files/mine").status_code == 403
        assert http.get(at(desk, files.link("never stored", **SHOWN))).status_code == 404


def test_what_nobody_completed_for_a_day_is_cleared_away_at_the_next_start(tmp_path):
    """As the bucket's own rule does in the cloud."""
    store = ObjectStore(tmp_path)
    local = LocalFiles(store, Signer(b"s", lambda: datetime.now(UTC)), "")
    for key in ("quarantine/old", "quarantine/new", "files/old"):
        local.put(key, b"x", "text/plain")
    yesterday = time.time() - 86_401
    for key in ("quarantine/old", "files/old"):
        os.utime(store._path(key), (yesterday, yesterday))

    store.prepare()

    assert local.look("quarantine/old") is None
    assert local.look("quarantine/new") is not None
    assert local.look("files/old") is not None
