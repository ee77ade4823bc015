"""What bootstrap does again, and what it leaves: on a small checkout, with an npm that only writes down its calls."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BOOTSTRAP = Path(__file__).resolve().parents[3] / "infra" / "local" / "bootstrap.py"


class Checkout:
    """A folder with a site, and the machine's `node` and `npm`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.site = root / "infra" / "site"
        self.site.mkdir(parents=True)
        self._machine = root / "machine"
        self._machine.mkdir()
        self._calls = root / "calls"
        (root / "infra" / "local").mkdir()
        shutil.copy(BOOTSTRAP, root / "infra" / "local")
        for name in ("package.json", "package-lock.json", ".npmrc", "main.ts"):
            (self.site / name).write_text(name)
        self.program(
            "npm",
            f'echo "$1" >> {self._calls}; mkdir -p node_modules ../../build/site; '
            "touch ../../build/site/index.html",
        )
        self.program("node", "echo v20.19.0")

    def program(self, name: str, script: str) -> None:
        path = self._machine / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def make_site(self) -> tuple[int, list[str], str]:
        """The exit code, npm's commands, and what was said."""
        self._calls.unlink(missing_ok=True)
        program = "import bootstrap, sys; bootstrap.environment = lambda *_: None; sys.exit(bootstrap.main(['site']))"
        done = subprocess.run(  # noqa: S603  (this Python, on our own file)
            [sys.executable, "-c", program],
            cwd=self.root / "infra" / "local",
            env={**os.environ, "PATH": f"{self._machine}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        calls = self._calls.read_text().split() if self._calls.exists() else []
        return done.returncode, calls, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    return Checkout(tmp_path)


def test_a_first_time_installs_and_builds_and_a_second_does_nothing(checkout):
    assert checkout.make_site()[:2] == (0, ["ci", "run"])
    assert checkout.make_site() == (0, [], "")


@pytest.mark.parametrize(
    ("changed", "calls"), [("main.ts", ["run"]), ("new.ts", ["run"]), ("package-lock.json", ["ci", "run"])]
)
def test_what_changed_is_made_again_and_what_stands_on_it(checkout, changed, calls):
    checkout.make_site()
    (checkout.site / changed).write_text("changed")

    assert checkout.make_site()[:2] == (0, calls)


def test_a_build_that_was_removed_is_made_again(checkout):
    checkout.make_site()
    shutil.rmtree(checkout.root / "build" / "site")

    assert checkout.make_site()[1] == ["run"]


def test_a_step_that_fails_shows_what_it_said_and_is_done_again(checkout):
    checkout.program("npm", "echo no network; exit 1")
    code, _, said = checkout.make_site()

    assert code == 1
    assert "no network" in said
    assert "deskbell: `npm ci` failed; what it said stands above." in said

    checkout.program("npm", "mkdir -p node_modules")
    assert checkout.make_site()[0] == 0


def test_a_node_that_is_too_old_is_not_used(checkout):
    checkout.program("node", "echo v20.18.3")
    code, calls, said = checkout.make_site()

    assert (code, calls) == (1, [])
    assert "fetching Node.js" in said
