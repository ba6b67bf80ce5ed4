"""What is kept of a workshop: one SQLite file each, an append-only log of events that a replay turns into the room.

The log is the truth. Beside it stand what no replay gives: replies to forms by their key (so that a form sent twice
counts once), hashes of the seats' tokens, and a few facts for the list of workshops. Every change goes through
`Store.transaction`, which begins by locking the file for writing, so that what was checked still holds when it is
written. A workshop is deleted with its file; nothing else holds its data.

WAL with ``synchronous=NORMAL`` keeps every commit through a crash of the program (`kill -9`), not through a loss of
power; `full` buys that too.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import SimulatorError
from simulator.workshop.events import Event

__all__ = ["ALPHABET", "MIGRATIONS", "Folder", "Reply", "Store", "StoreError", "digest", "tidy_code"]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0, O, 1, I, L: a code is read off a wall
CODE_LENGTH = 5

MIGRATIONS = (
    """
    CREATE TABLE event (seq INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE reply (
        key TEXT PRIMARY KEY, form TEXT NOT NULL, location TEXT NOT NULL, seq INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE token (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, seat TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)


class StoreError(SimulatorError):
    """The data folder or a file in it cannot be used; the message says why, in plain words."""


@dataclass(frozen=True)
class Reply:
    """What a form was answered with: the hash of the form, and where its sender was sent."""

    form: str
    location: str


def digest(*parts: str) -> str:
    """A hash of texts, each kept apart from the next."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def tidy_code(typed: str) -> str:
    """A workshop's code as it was meant: capitals, without spaces and dashes.

    Examples
    --------
    >>> tidy_code(" 7k-wq 3 ")
    '7KWQ3'
    """
    return "".join(letter for letter in typed.upper()[:40] if letter.isalnum())


class Store:
    """One workshop's file.

    Parameters
    ----------
    path : Path
        The file; it is made, or brought to the present version, when it is opened.
    full : bool
        Also survive a loss of power: every commit waits for the disk.

    Examples
    --------
    >>> store = Store(Path(":memory:"))
    >>> with store.transaction():
    ...     store.append([Event("names", 0.0, {"shown": True})])
    1
    >>> [event.kind for event in store.events()]
    ['names']
    """

    def __init__(self, path: Path, *, full: bool = False) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(f"PRAGMA synchronous={'FULL' if full else 'NORMAL'}")
            self._migrate()
        except sqlite3.Error as error:
            raise StoreError(f"cannot use the workshop file {str(path)!r}: {error}") from None

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise StoreError(
                f"the workshop file {str(self.path)!r} is of version {version}, made by a newer negsim; "
                f"this one knows versions up to {len(MIGRATIONS)}"
            )
        for number in range(version, len(MIGRATIONS)):
            script = f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version={number + 1}; COMMIT;"
            try:
                self._db.executescript(script)
            except sqlite3.Error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; the file is locked for other writers from the start, and committed before this returns.

        Raises
        ------
        StoreError
            When it cannot be written (disk full, file locked by another program); nothing is changed then.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise StoreError(f"cannot write the workshop file: {error}") from None
        try:
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"cannot write the workshop file: {error}") from None
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    @property
    def last(self) -> int:
        """Number of the newest event; 0 when there is none."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])

    def append(self, events: Iterable[Event]) -> int:
        """Add events to the end of the log; returns the number of the newest."""
        number = self.last
        rows = [(seq, event.at, event.kind, event.to_json()) for seq, event in enumerate(events, number + 1)]
        self._db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", rows)
        return number + len(rows)

    def events(self, *, after: int = 0) -> list[Event]:
        """The events after a number, oldest first; they are numbered from 1 without gaps."""
        rows = self._db.execute("SELECT body FROM event WHERE seq > ? ORDER BY seq", (after,))
        return [Event.from_json(body) for (body,) in rows]

    def reply(self, key: str) -> Reply | None:
        """How the form with that key was answered; None when it was not sent yet."""
        row = self._db.execute("SELECT form, location FROM reply WHERE key = ?", (key,)).fetchone()
        return Reply(*row) if row else None

    def remember(self, key: str, reply: Reply) -> None:
        """Keep the answer to a form."""
        self._db.execute("INSERT INTO reply VALUES (?, ?, ?, ?)", (key, reply.form, reply.location, self.last))

    def give_token(self, token: str, seat: str, *, kind: str = "seat") -> None:
        """Let a token (or the words to come back with) open a seat; only its hash is kept."""
        self._db.execute("INSERT OR REPLACE INTO token VALUES (?, ?, ?)", (digest(token), kind, seat))

    def seat_of(self, token: str, *, kind: str = "seat") -> str | None:
        """The seat that a token opens; None when it opens none.

        Found by its hash: what time tells about the comparison is about the hash alone.
        """
        row = self._db.execute("SELECT seat FROM token WHERE hash = ? AND kind = ?", (digest(token), kind)).fetchone()
        return str(row[0]) if row else None

    def fact(self, name: str, default: str = "") -> str:
        """A fact about the workshop that is not part of its play."""
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def note(self, **facts: str) -> None:
        """Keep facts."""
        self._db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", list(facts.items()))

    def backup(self, path: Path) -> None:
        """Copy the file while it is in use (SQLite's online backup), over a connection of its own: in any thread.

        Raises
        ------
        StoreError
            When the copy cannot be written; no half copy is left.
        """
        half = path.with_name(path.name + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with (
                contextlib.closing(sqlite3.connect(self.path)) as source,
                contextlib.closing(sqlite3.connect(half)) as target,
            ):
                source.backup(target)
            half.replace(path)
        except (OSError, sqlite3.Error) as error:
            with contextlib.suppress(OSError):
                half.unlink()
            raise StoreError(f"cannot write the backup {str(path)!r}: {error}") from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Folder:
    """A data folder: one file per workshop, and the key by which a trainer's browser is known again.

    Parameters
    ----------
    path : Path
        The folder; it is made when it is missing.
    full : bool
        See `Store`.
    """

    def __init__(self, path: Path, *, full: bool = False) -> None:
        self.path, self.full = path, full
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.key = self._own_key()
        except OSError as error:
            raise StoreError(f"cannot use the data folder {str(path)!r}: {error.strerror}") from None

    def _own_key(self) -> bytes:
        place = self.path / "trainer.key"
        with contextlib.suppress(FileExistsError), place.open("xb") as file:
            place.chmod(0o600)
            file.write(secrets.token_bytes(32))
        return place.read_bytes()

    def file(self, code: str) -> Path:
        """Where the workshop with that code is kept."""
        if len(code) != CODE_LENGTH or any(letter not in ALPHABET for letter in code):
            raise StoreError(f"{code!r} is no code of a workshop")
        return self.path / f"{code}.sqlite"

    def codes(self) -> list[str]:
        """Codes of the workshops, the one that was last written to first."""
        found = [one for one in self.path.glob("*.sqlite") if all(letter in ALPHABET for letter in one.stem)]
        return [one.stem for one in sorted(found, key=_touched, reverse=True)]

    def new(self) -> tuple[str, Store]:
        """A new workshop with a code that no other has."""
        taken = set(self.codes())
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
            if code not in taken:
                return code, Store(self.file(code), full=self.full)

    def open(self, code: str) -> Store:
        """The workshop with that code.

        Raises
        ------
        StoreError
            When there is none.
        """
        if not self.file(code).is_file():
            known = ", ".join(self.codes()) or "none"
            raise StoreError(f"there is no workshop {code!r} in {str(self.path)!r}; there are: {known}")
        return Store(self.file(code), full=self.full)

    def delete(self, code: str) -> None:
        """Delete a workshop with all its data, its backups in this folder included; it has to be closed."""
        for one in (*self.path.glob(f"{code}.sqlite*"), *(self.path / "backups").glob(f"{code}-*")):
            one.unlink(missing_ok=True)


def _touched(path: Path) -> int:
    """When a workshop was last written to: what is new stands in the log beside its file for a while."""
    beside = path.with_name(path.name + "-wal")
    return max(one.stat().st_mtime_ns for one in (path, beside) if one.exists())
