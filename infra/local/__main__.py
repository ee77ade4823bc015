"""`python -m infra.local`: Deskbell on this machine, until Ctrl-C."""

import signal

# Until the server takes the signals over, Ctrl-C ends it without a word, however far its imports have come.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from chalicelib.kit.outside import Outside  # noqa: E402
from infra.local import logs  # noqa: E402
from infra.local.settings import LocalSettings  # noqa: E402
from infra.local.start import Furnished, Plan, start  # noqa: E402
from infra.local.trouble import CannotStart  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """The exit code: 0 after a stop that was asked for, 1 after one sentence on standard error."""
    logs.set_up(os.environ.get("DESKBELL_LOG", ""))
    plan = Plan(furnish, ROOT / "build" / "site", ROOT / "infra" / "site" / "headers.json")
    try:
        start(LocalSettings.from_environment(), plan)
    except CannotStart as trouble:
        print(f"deskbell: {trouble}", file=sys.stderr)
        return 1
    return 0


def furnish(outside: Outside, settings: LocalSettings) -> Furnished:
    """The house on this Outside: its tables made, its demo and owner seeded."""
    from chalicelib import wiring  # noqa: PLC0415  (the cloud's clients are made at import, unless told first)

    desk = wiring.use(outside)
    try:
        _ = desk.limits
    except ValueError as wrong:
        raise CannotStart(str(wrong)) from wrong
    wiring.create_tables()

    from app import app  # noqa: PLC0415
    from infra.local.roster import seed_roster  # noqa: PLC0415
    from infra.local.seed import seed  # noqa: PLC0415

    said = seed(desk, settings)
    seed_roster(desk, settings)
    return Furnished(app, said.lines)


if __name__ == "__main__":
    sys.exit(main())
