"""cfn-lint over the template as written, and over what SAM makes of it."""

import os
import subprocess
from pathlib import Path

from infra.cloud.project import CLOUD, PROVING, CannotGoOn

_SILENT = [
    "W1030",  # the certificates' parameters are empty until there is a domain
]


def lint(template: Path) -> Path:
    """The file with the transformed template, beside the template. Raises CannotGoOn with what cfn-lint says."""
    transformed = template.with_name("transformed.json")
    _check(template)
    script = [str(PROVING / "python"), str(CLOUD / "sam.py"), str(template)]
    transformed.write_text(_run(script, "SAM can't transform the template"), "utf-8")
    _check(transformed)
    return transformed


def _check(template: Path) -> None:
    command = [str(PROVING / "cfn-lint"), "--ignore-checks", *_SILENT, "--template", str(template)]
    _run(command, f"cfn-lint finds fault with {template.name}")


def _run(command: list[str], trouble: str) -> str:
    if not Path(command[0]).exists():
        raise CannotGoOn(f"{command[0]} is missing: `make package` prepares it.")
    environment = {**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")}
    done = subprocess.run(  # noqa: S603
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotGoOn(f"{trouble}:\n{done.stdout}{done.stderr}")
    return done.stdout
