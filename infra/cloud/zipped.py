"""The zip Lambda gets: our code and its packages, without what no function imports, compiled ahead, the same byte for byte.

A function's start is mostly reading and compiling Python. Here every module is its `.pyc` alone, in its source's place (PEP 3147,
"legacy" layout): the sources would be a fifth of the zip, and a traceback names file and line without them. `app.py` stays, as what
Lambda is told to look for. All is compiled without docstrings but the protocol and the routes, whose stand in the OpenAPI document.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.cloud import botocore_data
from infra.cloud.project import ROOT, CannotGoOn

SIZE_LIMIT = 7_000_000
LEFT_OUT = frozenset(
    {
        # The command line of Chalice, and what only it needs
        "_distutils_hack",
        "blessed",
        "bin",
        "click",
        "editor",
        "inquirer",
        "jinxed",
        "packaging",
        "pip",
        "pkg_resources",
        "readchar",
        "runs",
        "setuptools",
        "wcwidth",
        "wheel",
        "xmod",
        # boto3 and its transfers: clients are botocore's own here
        "boto3",
        "s3transfer",
        # cffi writes bindings; those of argon2 are written, and need its backend alone
        "cffi",
        "pycparser",
        # Sides of packages that nobody turns to
        "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",
        "distutils-precedence.pth",
        "pydantic/mypy.py",
        "pydantic/v1",
        "pypinyin/phrases_dict.json",
        "pypinyin/tools",
        "urllib3/contrib/emscripten",
    }
)
"""What requirements.txt brings and no function imports. The first calls that `make package` measures prove it."""

_CHALICE = frozenset({"__init__.py", "app.py"})
"""All that Chalice runs in Lambda, as its own packaging has it."""
_NO_DOCSTRINGS = "2"
_NEVER_RUN = (".pyi", ".pyx", ".pxd", ".c", ".h", ".dist-info", ".egg-info")
_MIDNIGHT_1980 = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip knows."""


def write(wheels: Path, zip_file: Path) -> None:
    """Assembles the package from the installed wheels and this checkout. Raises CannotGoOn when it's too large."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        assemble(wheels, folder)
        _compile(folder)
        zip_file.parent.mkdir(parents=True, exist_ok=True)
        _zip(folder, zip_file)
    size = zip_file.stat().st_size
    if size > SIZE_LIMIT:
        raise CannotGoOn(f"{zip_file.name} has {size:,} bytes, more than the {SIZE_LIMIT:,} it may have.")


def assemble(wheels: Path, folder: Path) -> None:
    """Our code and what of the wheels it runs on."""
    shutil.copytree(wheels, folder, dirs_exist_ok=True, ignore=_ignored)
    chalice = [f"chalice/{path.name}" for path in (folder / "chalice").iterdir() if path.name not in _CHALICE]
    for name in (*LEFT_OUT, *chalice):
        _remove(folder / name)
    for library in (folder / "yaml").glob("_yaml.*.so"):  # in C, for what is as short as a configuration
        library.unlink()
    botocore_data.trim(folder / "botocore" / "data")
    shutil.copy(ROOT / "app.py", folder)
    shutil.copytree(ROOT / "chalicelib", folder / "chalicelib", ignore=_ignored)


def _ignored(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in {"__pycache__", "tests"} or name.endswith(_NEVER_RUN)}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _compile(folder: Path) -> None:
    documented = [p for p in (folder / "chalicelib").rglob("*.py") if _is_documented(p)]
    _compiled(folder, ["-b", *sorted(map(str, documented))])
    for source in documented:
        source.unlink()
    others = [str(path) for path in folder.iterdir() if path.name != "app.py"]
    _compiled(folder, ["-b", "-o", _NO_DOCSTRINGS, *others])
    for source in folder.rglob("*.py"):
        source.unlink()
    shutil.copy(ROOT / "app.py", folder)
    _compiled(folder, [str(folder / "app.py")])


def _is_documented(source: Path) -> bool:
    """Whether its docstrings stand in the OpenAPI document: the models', and the routes'."""
    return source.parent.name in ("protocol", "gateway") or source.name.endswith("api.py")


def _compiled(folder: Path, what: list[str]) -> None:
    """In a process of its own with a fixed hash seed and in one order: else sets in the code would come out in another.

    Without its source nothing is checked; still the mark says so, and no time of a file stands in it.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-j1", "--invalidation-mode=unchecked-hash"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    stripped = ["-s", str(folder), "-p", "/var/task"]
    done = subprocess.run(  # noqa: S603
        [*command, *stripped, *what], env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise CannotGoOn(f"The package doesn't compile:\n{done.stdout}{done.stderr}")


def _zip(folder: Path, zip_file: Path) -> None:
    unfinished = zip_file.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MIDNIGHT_1980)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    unfinished.replace(zip_file)
