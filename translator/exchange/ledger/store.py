"""The ledger's file: a path goes in, an open ledger comes out, or a sentence that says why it cannot be trusted.

Opening, migrating, one transaction at a time, and the numbers that are never given twice. What stands in the tables is for
``books``. A ledger that is missing, damaged, newer than this program or older than its archive is refused: nothing is sent
with it, and no number ever starts again at 1.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType

from translator.errors import LedgerError
from translator.exchange import files
from translator.exchange.ledger.books import Books
from translator.exchange.ledger.pruning import Pruned, prune
from translator.exchange.ledger.schema import APPLICATION, STEPS

HIGHEST = 999_999_999  # of a control number: ISA13 and GS06 have nine digits
_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_VALUES = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.NotSupportedError)
_PATIENCE = 60_000  # milliseconds that another process is waited for
_CURE = (
    "Nothing was sent. Move it away, with the files ledger.db-wal and ledger.db-shm that belong to it, and put the newest copy "
    "back; where there is none, `translator exchange init` makes an empty one. Then let it learn what it does not know: "
    "`translator exchange adopt DIR DIR/archive`"
)


class Ledger(Books):
    """An open ledger. What changes it stands in a ``transaction``; reading needs none."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.path = path

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; other processes wait from the beginning on, so what is read here is still true when it is written.

        One inside another is part of it: it can be given up alone, and is safe with the outer one only. Raises ``LedgerError``
        where the disk or another process keeps it from being written.
        """
        inner = self.connection.in_transaction
        begin, end, undo = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner")) if inner else _OUTER
        with _trouble(self.path):
            self.connection.execute(begin)
            try:
                yield
                self.connection.execute(end)
            except BaseException:
                if self.connection.in_transaction:  # where the disk failed SQLite may have given up all of it already
                    for statement in undo:
                        self.connection.execute(statement)
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read in it is of one moment, whatever a pass writes meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def prune(self, before: str, replays: str, labels: str) -> Pruned:
        """Take out what was finished before a moment; see ``pruning``. In a transaction."""
        assert self.connection.in_transaction
        return prune(self.connection, before, replays, labels)

    def leftovers(self) -> list[str]:
        """Copies in the archive that nothing names any more."""
        return [row[0] for row in self.connection.execute("SELECT place FROM leftovers ORDER BY place")]

    def swept(self, places: list[str]) -> None:
        """These copies are removed."""
        self.connection.executemany("DELETE FROM leftovers WHERE place = ?", [(place,) for place in places])

    def compact(self) -> int:
        """Give the disk back what is free in the file; answers how many bytes. Raises ``LedgerError`` where there is no room."""
        before = files.size(self.path) or 0
        try:
            self.connection.execute("VACUUM")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            raise LedgerError(
                f"the ledger {self.path} could not be made smaller ({error}): it needs as much room again for a while, and nobody "
                "who reads it. All else is done; the same command once more tries it again"
            ) from error
        return max(0, before - (files.size(self.path) or 0))

    def next(self, series: str, count: int = 1, most: int = HIGHEST) -> int:
        """The first of ``count`` numbers that nobody was ever given; after ``most`` comes 1. In a transaction, or not at all."""
        assert self.connection.in_transaction
        held = self.connection.execute("SELECT last FROM numbers WHERE series = ?", (series,)).fetchone()
        last = held[0] if held else 0
        first = last + 1 if last + count <= most else 1
        self.raise_to(series, first + count - 1, over=True)
        sequence = self.sequence + 1
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('sequence', ?)", (str(sequence),))
        return first

    def raise_to(self, series: str, last: int, *, over: bool = False) -> None:
        """Let numbers go on after ``last``; never backwards, but for the roll-over."""
        self.connection.execute(
            "INSERT INTO numbers (series, last) VALUES (?1, ?2) ON CONFLICT (series) DO UPDATE SET last = ?2 WHERE ?3 OR last < ?2",
            (series, last, over),
        )

    def kept(self, name: str) -> str:
        """What was kept under a name; nothing where nothing was."""
        held = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(held[0]) if held else ""

    def keep(self, name: str, value: str) -> None:
        """Keep a text under a name. In a transaction."""
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def series(self) -> dict[str, int]:
        """The last number given of every series."""
        return dict(self.connection.execute("SELECT series, last FROM numbers ORDER BY series").fetchall())

    @property
    def sequence(self) -> int:
        """How often numbers were given: kept beside the archive as well, it tells an old copy of the ledger from the true one."""
        held = self.connection.execute("SELECT value FROM meta WHERE name = 'sequence'").fetchone()
        return int(held[0]) if held else 0

    def set_sequence(self, sequence: int) -> None:
        """Catch up with the archive, once it was learnt what was forgotten."""
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('sequence', ?)", (str(sequence),))


def create(path: Path) -> Ledger:
    """A new ledger: whole, or not there at all. Raises ``LedgerError`` where there is one."""
    if files.size(path) is not None:
        raise LedgerError(f"{path} is there already: a new ledger would give numbers again that were given before")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute(f"PRAGMA application_id = {APPLICATION}")
        _migrate(made, 0)
        files.publish(path.parent, path.name, made.serialize())
    return open_ledger(path)


def open_ledger(path: Path, *, reading: bool = False) -> Ledger:
    """The ledger of an exchange, at this program's version; with ``reading`` nothing can be written. Raises ``LedgerError``."""
    size = files.size(path)
    if size is None:
        raise LedgerError(f"there is no ledger {path}. {_CURE}")
    if size == 0:
        raise LedgerError(f"the ledger {path} is empty: it was damaged. {_CURE}")
    with _trouble(path):
        return _opened(path, reading)


def _opened(path: Path, reading: bool) -> Ledger:
    connection = None
    try:
        connection = _connected(path, reading)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        damage = [row[0] for row in connection.execute("PRAGMA quick_check(3)").fetchall() if row[0] != "ok"]
        inside = (files.size(path) or 0) % connection.execute("PRAGMA page_size").fetchone()[0]
        if inside and not files.size(path.with_name(f"{path.name}-wal")):
            damage.append("it ends in the middle of a page")  # SQLite takes what is missing for zeros
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise LedgerError(f"the ledger {path} cannot be read ({error}): it was damaged. {_CURE}") from error
    if damage or application != APPLICATION:
        connection.close()
        raise LedgerError(f"the ledger {path} is {'damaged: ' + damage[0] if damage else 'no ledger of this program'}. {_CURE}")
    if version > len(STEPS):
        connection.close()
        raise LedgerError(f"the ledger {path} was made by a newer version of this program: install that version or a later one")
    if reading:
        if version < len(STEPS):
            connection.close()
            raise LedgerError(f"the ledger {path} is of an earlier version: `translator exchange run` brings it up to date")
        return Ledger(path, connection)
    try:
        connection.execute("PRAGMA journal_mode = WAL")  # a copy may have lost it; what is no ledger of ours is never touched
        _migrate(connection, version)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise LedgerError(f"the ledger {path} could not be brought up to date ({error}); it is as it was") from error
    return Ledger(path, connection)


def _connected(path: Path, reading: bool = False) -> sqlite3.Connection:
    place = f"{path.absolute().as_uri()}?mode={'ro' if reading else 'rw'}"
    connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=_PATIENCE / 1000)
    try:
        for setting in ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _trouble(path: Path) -> Iterator[None]:
    """What keeps the file from being read or written, for the operator; what is wrong with a value is the caller's fault."""
    try:
        yield
    except _VALUES:
        raise
    except sqlite3.Error as error:
        cure = "Make room on its disk, give the user that runs this program the right to write there, end what else has it open"
        raise LedgerError(f"the ledger {path} cannot be worked with ({error}). {cure}, then run again: nothing is lost") from error


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """Every step that is missing, in one transaction."""
    if version == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == version:  # nobody was faster
            for step in STEPS[version:]:
                for statement in _statements(step):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(step: str) -> Iterator[str]:
    """The statements of a step: executescript would commit before it begins."""
    held = ""
    for line in step.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""
