"""`make test`: every proof this checkout has, one after the other, and what came of each. Standard library only.

.venv/bin/python infra/local/suite.py [stage …]     all stages, or those named
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
SITE = ROOT / "infra" / "site"
PYTEST = [str(BIN / "python"), "-m", "pytest", "-q"]


@dataclass(frozen=True)
class Proof:
    """One command of a stage. Its exit code says whether it holds."""

    stage: str
    what: str
    command: list[str]
    folder: Path = ROOT


def proofs() -> list[Proof]:
    """In the order of what fails soonest. A kind of test that this checkout hasn't is left out."""
    python = str(BIN / "python")
    listed = [
        Proof("check", "ruff check", [str(BIN / "ruff"), "check", "--quiet"]),
        Proof("check", "ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet"]),
        Proof("check", "mypy", [str(BIN / "mypy"), "--no-error-summary"]),
        Proof("check", "import-linter", [str(BIN / "lint-imports"), "--no-logo"]),
        Proof("check", "vulture", [str(BIN / "vulture")]),
        Proof("check", "deptry", [str(BIN / "deptry"), "."]),
        Proof("check", "site", ["npm", "run", "check", "--silent"], SITE),
        Proof("check", "types are current", [python, "-m", "infra.scripts.types", "--check"]),
        Proof("unit", "tests/unit", [*PYTEST, "-n", "2", "tests/unit"]),
        Proof("contract", "tests/contract", [*PYTEST, "-n", "2", "tests/contract"]),
        Proof("simulation", "tests/simulation", [*PYTEST, "-n", "2", "tests/simulation"]),
        Proof("site-tests", "tests/site", ["npm", "test", "--silent"], SITE),
        Proof("rehearse", "tests/rehearsal", [*PYTEST, "-s", "tests/rehearsal"]),
        Proof("e2e", "tests/e2e", [*PYTEST, "tests/e2e"]),
    ]
    return [proof for proof in listed if not proof.what.startswith("tests/") or (ROOT / proof.what).is_dir()]


def main(stages: list[str]) -> int:
    """0 when all of them hold. Every one is run, whatever came before."""
    known = {proof.stage for proof in proofs()}
    unknown = [stage for stage in stages if stage not in known]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    outcomes = [(proof, *_prove(proof)) for proof in proofs() if not stages or proof.stage in stages]
    width = max(len(proof.what) for proof, _, _ in outcomes)
    print("\n" + "─" * (width + 18))
    for proof, holds, seconds in outcomes:
        print(f"{'✓' if holds else '✗'} {proof.what:<{width}} {seconds:7.1f} s  {'' if holds else 'FAILED'}")
    failed = [proof.stage for proof, holds, _ in outcomes if not holds]
    total = sum(seconds for _, _, seconds in outcomes)
    again = " ".join(dict.fromkeys(failed))
    print(
        f"{len(outcomes)} ran in {total:.0f} s; "
        + (f"to see the failed again: make {again}" if failed else "all hold")
    )
    return 1 if failed else 0


def _prove(proof: Proof) -> tuple[bool, float]:
    print(f"\n── {proof.what}", flush=True)
    started = time.monotonic()
    try:
        code = subprocess.run(proof.command, cwd=proof.folder, check=False).returncode  # noqa: S603
    except FileNotFoundError:
        print(f"{proof.command[0]} is not installed.", file=sys.stderr)
        code = 127
    return code == 0, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
