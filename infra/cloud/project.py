"""Where things are, what can be asked for, and how a step says that it can't go on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

ROOT = Path(__file__).resolve().parents[2]
CLOUD = ROOT / "infra" / "cloud"
BUILD = ROOT / "build"
SITE = BUILD / "site"
ZIP = BUILD / "deployment.zip"
PROVING = ROOT / ".venv-ministack" / "bin"
"""The environment of the linter, the SAM transform and the stand-in of AWS."""

Arch = Literal["arm64", "x86_64"]
_ARCHS: Final[tuple[Arch, ...]] = get_args(Arch)
STAGES = ("dev", "prod")
KEEPS_DATA = frozenset({"prod"})
"""Stages whose tables and files outlive their stack."""
NAME = "deskbell"


class CannotGoOn(Exception):
    """The message is the sentence that says what is wrong and what to do."""


@dataclass(frozen=True)
class Target:
    """What is packaged: a stage of `.chalice/config.json`, for one kind of processor, its template built in `folder`."""

    stage: str
    arch: Arch
    folder: Path

    @property
    def stack(self) -> str:
        return f"{NAME}-{self.stage}"

    @property
    def template(self) -> Path:
        return self.folder / "template.json"

    @property
    def keeps_data(self) -> bool:
        return self.stage in KEEPS_DATA


def target(stage: str, arch: str | None = None) -> Target:
    """Raises CannotGoOn for a stage or an architecture that isn't known. `ARCH` says which where nobody does."""
    if stage not in STAGES:
        raise CannotGoOn(f"There is no stage {stage!r}: give STAGE={' or STAGE='.join(STAGES)}.")
    asked = arch or os.environ.get("ARCH") or "arm64"
    for known in _ARCHS:
        if asked == known:
            return Target(stage, known, BUILD / "cloud" / stage)
    raise CannotGoOn(f"Lambda has no architecture {asked!r}: give ARCH={' or ARCH='.join(_ARCHS)}.")


def own_arch() -> Arch:
    """Of the machine this runs on, for a rehearsal there."""
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
