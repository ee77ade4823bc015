"""The attachments' store: what its policies let in, and its links let out."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.files.attachments import LocalFiles
from infra.local.files.signing import NotAllowed, Signer
from infra.local.files.store import NoSuchObject, ObjectStore


@pytest.fixture
def files(desk) -> LocalFiles:
    return desk.cellar.files


def send(desk, post, content=b"hello", **changes):
    fields = {**post["fields"], **changes}
    with desk.http() as http:
        return http.post("/files", data=fields, files={"file": ("any name.txt", content, "text/html")})


def at(desk, link: str) -> str:
    """A link's path and query: it names localhost, the test asks 127.0.0.1."""
    return link.removeprefix(f"http://localhost:{desk.port}")


def test_an_upload_within_its_policy_is_stored_under_its_key_with_its_kind(desk, files):
    post = files.presign_post("s1/ähm ../x.png", "image/png", 1_000_000, 60)

    answer = send(desk, post, b"\r\n--almost a boundary" * 20_000)

    assert post["url"] == f"http://localhost:{desk.port}/files"
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    stored = files.head("s1/ähm ../x.png")
    assert stored is not None
    assert (stored.content_type, stored.size) == ("image/png", 20 * 20_000 + 20_000)
    assert files.read_range("s1/ähm ../x.png", 2, 8) == b"--almost"


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
    answer = send(desk, files.presign_post("refused", "text/plain", 10, 60), content, **changes)

    assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (status, True)
    assert files.head("refused") is None
    assert files.head("other") is None


def test_a_wider_policy_needs_a_new_signature(desk, files):
    post = files.presign_post("wide", "text/plain", 10, 60)
    policy = json.loads(b64decode(post["fields"]["policy"]))
    policy["conditions"][2][2] = 10_000_000

    answer = send(desk, post, b"x" * 100, policy=b64encode(json.dumps(policy).encode()).decode())

    assert (answer.status_code, files.head("wide")) == (403, None)


def test_a_policy_and_a_link_are_good_until_they_expire(tmp_path):
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    clock = [now]
    signer = Signer(b"s", lambda: clock[0])
    local = LocalFiles(ObjectStore(tmp_path), signer, "")
    fields, link = local.presign_post("k", "text/plain", 5, 60)["fields"], local.link("k", 300)

    clock[0] = now + timedelta(seconds=59)
    assert signer.upload_of(fields).max_size == 5
    clock[0] = now + timedelta(seconds=60)
    with pytest.raises(NotAllowed, match="Policy expired"):
        signer.upload_of(fields)
    clock[0] = now + timedelta(seconds=299)
    assert signer.name_in("k", link.partition("?")[2]) is None
    clock[0] = now + timedelta(seconds=300)
    with pytest.raises(NotAllowed, match="Request has expired"):
        signer.name_in("k", link.partition("?")[2])


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
    post = files.presign_post("cut", "text/plain", 1000, 60)
    with desk.http() as http:
        whole = http.build_request("POST", "/files", data=post["fields"], files={"file": ("f", b"x" * 500)})
        cut = whole.read()[:-100]
        answer = http.post("/files", content=cut, headers={"content-type": whole.headers["content-type"]})

    assert (answer.status_code, files.head("cut")) == (400, None)
    assert list(desk.cellar.store._folder.glob(".incoming-*")) == []


def test_a_link_downloads_and_can_never_be_a_page(desk, files):
    send(desk, files.presign_post("page", "text/html", 100, 60), b"<script>alert(1)</script>")

    with desk.http() as http:
        answer = http.get(at(desk, files.link("page", 300, name='Angebot "ä".html')))

    assert (answer.status_code, answer.content) == (200, b"<script>alert(1)</script>")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Angebot%20%22%C3%A4%22.html"
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
    send(desk, files.presign_post("digits", "audio/ogg", 100, 60), b"0123456789")

    with desk.http() as http:
        answer = http.get(at(desk, files.link("digits", 300)), headers={"range": asked})

    assert answer.status_code == status
    assert content is None or answer.content == content


def test_a_link_is_for_one_object_and_one_name(desk, files):
    send(desk, files.presign_post("mine", "text/plain", 100, 60))
    link = at(desk, files.link("mine", 300, name="a.txt"))

    with desk.http() as http:
        assert http.get(link.replace("/mine?", "/yours?")).status_code == 403
        assert http.get(link.replace("a.txt", "a.html")).status_code == 403
        assert http.get("/files/mine").status_code == 403
        assert http.get(at(desk, files.link("never stored", 300))).status_code == 404


def test_what_is_deleted_is_gone_and_deleting_again_is_no_error(desk, files):
    send(desk, files.presign_post("brief", "text/plain", 100, 60))

    files.delete("brief")
    files.delete("brief")

    assert files.head("brief") is None
    with pytest.raises(NoSuchObject):
        files.read_range("brief", 0, 1)
