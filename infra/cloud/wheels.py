"""What requirements.txt names, as Lambda's own wheels, whatever this machine is. None found: the build fails."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from infra.cloud.project import BUILD, ROOT, Arch, CannotGoOn

REQUIREMENTS = ROOT / "requirements.txt"
_MACHINE = {"arm64": "aarch64", "x86_64": "x86_64"}
_GLIBC_OF_LAMBDA = 26 if sys.version_info < (3, 12) else 34
"""glibc 2.x of the runtime: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 from 3.12 on."""


def wheels(arch: Arch, requirements: Path = REQUIREMENTS, *options: str) -> Path:
    """A folder with every package installed in it; made anew when the requirements changed. Raises CannotGoOn."""
    facts = f"{sys.version_info[:2]} {arch} {options}".encode() + requirements.read_bytes()
    folder = BUILD / "cloud" / f"wheels-{hashlib.sha256(facts).hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-compile", "--only-binary=:all:", "--implementation=cp", "--target", str(unfinished)]
    command += [f"--python-version={sys.version_info[0]}.{sys.version_info[1]}"]
    command += [f"--platform={tag}" for tag in _platforms(arch)]
    done = subprocess.run(  # noqa: S603
        [*command, *options, "-r", str(requirements)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = "\n".join(line for line in done.stderr.splitlines() if line.startswith("ERROR"))
        raise CannotGoOn(f"Not every requirement has a wheel for Lambda on {arch}:\n{said or done.stderr}")
    unfinished.rename(folder)
    return folder


def _platforms(arch: Arch) -> list[str]:
    machine = _MACHINE[arch]
    return [f"manylinux_2_{minor}_{machine}" for minor in range(_GLIBC_OF_LAMBDA, 16, -1)] + [
        f"manylinux2014_{machine}"
    ]
