"""Opening a store's file: made whole if there is none, checked without a touch if there is one.

The check reads every page (about a second per gigabyte from a warm cache): it's better to learn of damage from a sentence
at the start than from a customer.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from infra.local.dynamo.errors import DamagedStore, NewerStore, UnusableStore
from infra.local.dynamo.storage import schema

_MAGIC = b"SQLite format 3\0"
_FORM_AT, _APPLICATION_AT, _HEADER = 60, 68, 100


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """What the system refuses while a store is opened is no damage, and is said in one sentence."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UnusableStore(
            f"{path} can't be opened ({why}): there must be room on the disk, and this user must be able to write there."
        ) from error


def prepare(path: Path) -> None:
    """Leaves a sound store at `path`, or raises and leaves what is there as it is."""
    if not path.exists() or path.stat().st_size == 0:
        _check_no_log(path)
        _make(path)
        return
    _check_header(path)
    _check_pages(path)


def writer(path: Path, max_pages: int | None) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    # On a Mac, where a plain fsync leaves data in the disk's own cache.
    db.execute("PRAGMA fullfsync = ON")
    # The lock file keeps other processes out; temporary files would fail on a full disk at another moment than the log.
    db.execute("PRAGMA temp_store = MEMORY")
    if max_pages is not None:
        db.execute(f"PRAGMA max_page_count = {max_pages:d}")
    return db


def reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
    )


def _make(path: Path) -> None:
    """Made beside its place and moved there, so that a half-made store is never found."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with closing(sqlite3.connect(draft, isolation_level=None)) as db:
        schema.create(db)
        db.execute("PRAGMA journal_mode = WAL")
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check_no_log(path: Path) -> None:
    """A log left without its file would be played into the new one."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise DamagedStore(
            f"{path} is gone, but its log {log.name} is there: restore both, or move the log away."
        )


def _check_header(path: Path) -> None:
    """Reads the form from the file's own first bytes: SQLite would begin to recover the log of a file it opens."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    application = int.from_bytes(header[_APPLICATION_AT : _APPLICATION_AT + 4])
    if not header.startswith(_MAGIC) or application != schema.APPLICATION:
        raise DamagedStore(f"{path} is not a store of this program, or its beginning is damaged.")
    _check_form(path, int.from_bytes(header[_FORM_AT : _FORM_AT + 4]))


def _check_form(path: Path, form: int) -> None:
    if form > schema.FORM:
        raise NewerStore(
            f"{path} was written by a later release (form {form}; this one knows {schema.FORM}): run that release."
        )


def _check_pages(path: Path) -> None:
    try:
        with closing(reader(path)) as db:
            (form,) = db.execute("PRAGMA user_version").fetchone()
            (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    else:
        # Asked again: a form that was raised just before a crash stands in the log alone.
        _check_form(path, form)
    if verdict != "ok":
        found = " ".join(verdict.replace("*** in database main ***", "").split())
        raise DamagedStore(f"{path} is damaged ({found}): restore it from a copy.")
