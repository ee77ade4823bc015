"""What the house relies on, whichever store of attachments it has. https://docs.aws.amazon.com/AmazonS3/latest/API/"""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from itertools import count

import httpx
import pytest

from chalicelib.kit.outside import NoSuchFile, Upload
from tests.contract.files.conftest import Store

MINUTE = timedelta(minutes=1)
_names = count()


@pytest.fixture
def key() -> str:
    """One that nothing is stored under yet."""
    return f"quarantine/{next(_names)}"


def send(store: Store, form: Upload, content: bytes, **changes: str) -> httpx.Response:
    """As a browser sends the form: its fields, then the file, under whatever name and type the browser thinks it has."""
    fields = {**form.fields, **changes}
    return store.http.post(form.url, data=fields, files={"file": ("cat.html", content, "text/html")})


def uploaded(store: Store, key: str, content: bytes) -> str:
    """Its version."""
    assert send(store, store.files.form(key, largest=len(content), lasts=MINUTE), content).status_code == 204
    found = store.files.look(key)
    assert found is not None
    return found.version


# forms (the API's "POST Policy")


def test_a_form_lets_in_what_was_said_and_it_is_read_in_parts(store: Store, key: str) -> None:
    content = bytes(range(256)) * 400

    assert send(store, store.files.form(key, largest=len(content), lasts=MINUTE), content).status_code == 204

    found = store.files.look(key)
    assert found is not None
    assert found.size == len(content)
    assert store.files.read(key, found.version, 0, 10) == content[:10]
    assert store.files.read(key, found.version, 300, 5) == content[300:305]
    assert store.files.read(key, found.version, len(content) - 3, 100) == content[-3:]
    assert store.files.read(key, found.version, 0, len(content)) == content


@pytest.mark.parametrize("content", [b"", b"x" * 11])
def test_a_form_lets_in_no_other_size(store: Store, key: str, content: bytes) -> None:
    assert send(store, store.files.form(key, largest=10, lasts=MINUTE), content).status_code == 400
    assert store.files.look(key) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "files/other"},
        {"Content-Type": "text/html"},
        {"x-amz-signature": "0" * 64},
        {"acl": "public-read"},
    ],
)
def test_a_form_is_good_for_nothing_else(store: Store, key: str, changes: dict[str, str]) -> None:
    assert send(store, store.files.form(key, largest=10, lasts=MINUTE), b"x", **changes).status_code == 403
    assert store.files.look(key) is None
    assert store.files.look("files/other") is None


def test_a_wider_policy_needs_a_new_signature(store: Store, key: str) -> None:
    form = store.files.form(key, largest=10, lasts=MINUTE)
    policy = json.loads(b64decode(form.fields["policy"]))
    wider = [["content-length-range", 1, 10**9] if isinstance(c, list) else c for c in policy["conditions"]]

    answer = send(
        store,
        form,
        b"x" * 100,
        policy=b64encode(json.dumps({**policy, "conditions": wider}).encode()).decode(),
    )

    assert answer.status_code == 403
    assert store.files.look(key) is None


def test_a_form_dies(store: Store, key: str) -> None:
    assert (
        send(store, store.files.form(key, largest=10, lasts=timedelta(seconds=-5)), b"x").status_code == 403
    )
    assert store.files.look(key) is None


def test_a_policy_says_the_key_the_type_and_the_size(store: Store, key: str) -> None:
    policy = json.loads(b64decode(store.files.form(key, largest=77, lasts=MINUTE).fields["policy"]))

    assert {"key": key} in policy["conditions"]
    assert {"Content-Type": "application/octet-stream"} in policy["conditions"]
    assert ["content-length-range", 1, 77] in policy["conditions"]


# versions (the User Guide's "Conditional requests")


def test_what_is_uploaded_anew_is_another_version(store: Store, key: str) -> None:
    first, second = uploaded(store, key, b"harmless"), uploaded(store, key, b"<script>")

    assert first != second
    with pytest.raises(NoSuchFile):
        store.files.read(key, first, 0, 8)
    with pytest.raises(NoSuchFile):
        store.files.copy(key, first, f"files/{key}", "text/plain")
    assert store.files.look(f"files/{key}") is None
    assert store.files.read(key, second, 0, 8) == b"<script>"


def test_a_copy_is_the_version_that_was_looked_at_under_its_new_type(store: Store, key: str) -> None:
    version = uploaded(store, key, b"%PDF-1.7 and so on")

    store.files.copy(key, version, f"files/{key}", "application/pdf")
    uploaded(store, key, b"<script>")
    store.files.delete(key)

    answer = store.http.get(store.files.link(f"files/{key}", name="bill.pdf", inline=False, lasts=MINUTE))
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 and so on")
    assert answer.headers["content-type"] == "application/pdf"


def test_what_is_put_replaces_what_was_there(store: Store, key: str) -> None:
    store.files.put(key, b"one", "text/plain")
    store.files.put(key, b"other", "image/png")

    answer = store.http.get(store.files.link(key, name="x.png", inline=True, lasts=MINUTE))
    assert (answer.content, answer.headers["content-type"]) == (b"other", "image/png")


# links (the API's "Authenticating Requests: Using Query Parameters")


@pytest.mark.parametrize(("inline", "how"), [(True, "inline"), (False, "attachment")])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("bill.pdf", "bill.pdf"),
        ('Angebot "ä".pdf', "Angebot%20%22%C3%A4%22.pdf"),
        ("订单.pdf", "%E8%AE%A2%E5%8D%95.pdf"),
    ],
)
def test_a_link_shows_or_saves_under_the_name(
    store: Store, key: str, *, inline: bool, how: str, name: str, written: str
) -> None:
    store.files.put(key, b"%PDF", "application/pdf")

    answer = store.http.get(store.files.link(key, name=name, inline=inline, lasts=MINUTE))

    assert (answer.status_code, answer.content) == (200, b"%PDF")
    assert answer.headers["content-disposition"] == f"{how}; filename*=UTF-8''{written}"


def test_a_link_gives_out_parts_so_that_films_can_be_wound(store: Store, key: str) -> None:
    store.files.put(key, b"0123456789", "video/mp4")

    answer = store.http.get(
        store.files.link(key, name="x.mp4", inline=True, lasts=MINUTE), headers={"range": "bytes=4-6"}
    )

    assert (answer.status_code, answer.content, answer.headers["content-range"]) == (
        206,
        b"456",
        "bytes 4-6/10",
    )


def test_a_link_is_for_one_file_under_one_name(store: Store, key: str) -> None:
    store.files.put(key, b"mine", "text/plain")
    store.files.put(f"{key}-other", b"other", "text/plain")
    link = store.files.link(key, name="a.txt", inline=False, lasts=MINUTE)

    assert store.http.get(link.replace(f"{key}?", f"{key}-other?")).status_code == 403
    assert store.http.get(link.replace("a.txt", "a.html")).status_code == 403
    assert store.http.get(link.partition("?")[0]).status_code == 403


# deleting


def test_what_is_deleted_is_gone_and_deleting_again_is_no_error(store: Store, key: str) -> None:
    version = uploaded(store, key, b"x")

    store.files.delete(key)
    store.files.delete(key)

    assert store.files.look(key) is None
    with pytest.raises(NoSuchFile):
        store.files.read(key, version, 0, 1)
    with pytest.raises(NoSuchFile):
        store.files.copy(key, version, "files/x", "text/plain")
    assert store.http.get(store.files.link(key, name="x", inline=False, lasts=MINUTE)).status_code == 404
