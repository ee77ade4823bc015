"""Starting and stopping the process: what is said, what is left alone, and what survives."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from infra.local.folder import VERSION

ROOT = Path(__file__).resolve().parents[3]
# The entry as `python -m infra.local` is, with another house in it.
ENTRY = """
import sys
from pathlib import Path
import infra.local.__main__ as entry
entry.furnish = furnish
entry.ROOT = Path(sys.argv[1])
sys.exit(entry.main())
"""
SMALL = """
def furnish(outside, settings):
    from infra.local.start import Furnished
    from tests.contract.local.small_app import SmallApp
    return Furnished(SmallApp(outside.sockets).app, ["sign in as anybody"])
"""
# More to write than there is room for: no file may grow beyond the bytes given.
CRAMPED = """
import resource, sys
from tests.contract.dynamo.test_durability import TABLE, put
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
def furnish(outside, settings):
    outside.dynamo._make_api_call("CreateTable", TABLE)
    for number in range(10_000):
        put(outside.dynamo, str(number), text="x" * 1000)
"""


def checkout(root: Path) -> Path:
    """A checkout's root with a built site in it."""
    (root / "build" / "site").mkdir(parents=True)
    (root / "build" / "site" / "index.html").write_text("<p>hi</p>")
    (root / "infra" / "site").mkdir(parents=True)
    (root / "infra" / "site" / "headers.json").write_text('{"rules": []}')
    return root


@pytest.fixture
def root(tmp_path) -> Path:
    return checkout(tmp_path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """A data folder as a stopped server leaves it."""
    root = checkout(tmp_path_factory.mktemp("kept"))
    with running(root, free_port()) as process:
        process.send_signal(signal.SIGTERM)
        process.wait(5)
    return root / "data"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(root: Path, port: int | str, *, room: int | None = None, **settings: str) -> subprocess.Popen[str]:
    program = (SMALL if room is None else CRAMPED) + ENTRY
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "DESKBELL_DATA": str(root / "data"),
    }
    return subprocess.Popen(  # noqa: S603  (this Python, on our own program)
        [sys.executable, "-c", program, str(root), str(room)],
        cwd=root,
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(root: Path, port: int, **settings: str) -> Iterator[subprocess.Popen[str]]:
    process = launch(root, port, **settings)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"deskbell: ready on http://127.0.0.1:{port}\n"
        assert process.stdout.readline() == (
            f"Shop with the widget: http://127.0.0.1:{port}/   Agents' console: http://127.0.0.1:{port}/console/\n"
        )
        assert process.stdout.readline() == "sign in as anybody\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def sentence(root: Path, port: int | str, *, room: int | None = None, **settings: str) -> str:
    """What a start that can't be says: one line, and nothing else."""
    process = launch(root, port, room=room, **settings)
    said, complained = process.communicate(timeout=20)
    assert (process.returncode, said) == (1, "")
    assert complained.startswith("deskbell: ")
    assert complained.count("\n") == 1
    return complained.strip()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_quickly_with_sockets_open(root, ending):
    port = free_port()
    address = f"ws://127.0.0.1:{port}/socket?ticket=good"
    with running(root, port) as process, connect(address, proxy=None) as client:
        began = time.monotonic()
        process.send_signal(ending)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(5)
        code = process.wait(5)

    assert (code, closed.value.rcvd.code) == (0, 1001)
    assert time.monotonic() - began < 3


def test_what_is_in_the_folder_survives_a_kill_and_keys_are_for_the_owner_only(root):
    port = free_port()
    with running(root, port) as process:
        process.kill()
    keys = (root / "data" / "keys.json").read_bytes()
    with running(root, port):
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "<p>hi</p>"

    assert (root / "data" / "keys.json").read_bytes() == keys
    assert (root / "data" / "keys.json").stat().st_mode & 0o777 == 0o600
    assert (root / "data").stat().st_mode & 0o777 == 0o700


def test_a_port_in_use_is_one_sentence_that_names_it_and_creates_nothing(root):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = sentence(root, port)

    assert (
        said == f"deskbell: Port {port} is in use: stop what uses it, or choose another with PORT={port + 1}."
    )
    assert not (root / "data").exists()


@pytest.mark.parametrize("port", ["0", "http", "65536", "-1"])
def test_a_port_that_is_none_is_one_sentence(root, port):
    assert f"PORT={port} is no port" in sentence(root, port)


@pytest.mark.parametrize("name", ["DESKBELL_SOCKET_IDLE_S", "DESKBELL_SOCKET_LIFE_S", "DESKBELL_SCHEDULE_S"])
def test_a_duration_that_is_none_is_one_sentence_and_creates_nothing(root, name):
    assert f"{name}=soon is no duration" in sentence(root, free_port(), **{name: "soon"})
    assert not (root / "data").exists()


def test_a_missing_site_is_one_sentence_and_creates_nothing(root):
    (root / "build" / "site" / "index.html").unlink()

    assert "The site isn't built" in sentence(root, free_port())
    assert not (root / "data").exists()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("version", f"{VERSION + 1}\n".encode(), "written by a later release"),
        ("version", b"\xff\xfe", "is damaged"),
        ("version", b"", "is damaged"),
        ("keys.json", b'{"current": "k1"', "is damaged"),
        ("keys.json", b'{"current": "k1", "keys": {"k1": "c2hvcnQ="}}', "is damaged"),
        ("desk.db", b"SQLite format 3\0" + b"\0\1" * 4000, "desk.db"),
        ("desk.db", b"no database at all" * 400, "desk.db"),
    ],
)
def test_a_folder_that_is_damaged_or_newer_is_one_sentence_and_stays_as_it_is(
    root, kept, file, content, said
):
    shutil.copytree(kept, root / "data")
    (root / "data" / file).write_bytes(content)
    before = contents(root / "data")

    assert said in sentence(root, free_port())
    assert contents(root / "data") == before


def test_a_folder_that_can_not_be_made_is_one_sentence(root):
    (root / "data").write_text("a file")
    (root / "other").mkdir()
    (root / "other" / "files").write_text("where a folder should be")

    assert "is a file" in sentence(root, free_port())
    assert "can't be used (Not a directory)" in sentence(
        root, free_port(), DESKBELL_DATA=str(root / "data" / "below")
    )
    (root / "other" / "version").write_text(f"{VERSION}\n")
    assert "can't be used (File exists)" in sentence(root, free_port(), DESKBELL_DATA=str(root / "other"))


@pytest.mark.parametrize("room", [0, 60_000])
def test_a_disk_that_is_full_at_the_start_is_one_sentence(root, kept, room):
    """No room at all, and room enough to open the store but not to write the demo."""
    shutil.copytree(kept, root / "data")

    said = sentence(root, free_port(), room=room)
    assert "can't be opened" in said or "the disk failed it" in said


def test_asked_for_json_its_errors_are_json_lines_too(root):
    """The small app's schedule fails at once, as ever."""
    port = free_port()
    with running(root, port, DESKBELL_LOG="json", DESKBELL_SCHEDULE_S="0.1") as process:
        line = process.stderr.readline()

    assert json.loads(line)["message"] == "always_fails failed; it runs again in 0.1 s"


def test_somebody_elses_folder_is_left_alone(root):
    (root / "data").mkdir()
    (root / "data" / "thesis.txt").write_text("years of work")

    assert "has files in it but not Deskbell's" in sentence(root, free_port())
    assert contents(root / "data") == {"thesis.txt": b"years of work"}


def test_a_second_server_on_the_same_folder_is_one_sentence(root):
    with running(root, free_port()):
        assert "desk.db" in sentence(root, free_port())


def test_a_disk_that_fails_stops_it_at_once_with_one_sentence():
    program = "from infra.local.start import stop_at_once; stop_at_once(OSError('the disk is full'))"
    stopped = subprocess.run(  # noqa: S603  (this Python, on our own program)
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (stopped.returncode, stopped.stderr) == (1, "deskbell: stopped, because the disk is full\n")
