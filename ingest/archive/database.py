"""The connection to the archive's database: pragmas, who may write, one transaction at a time, and what it changed."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, Engine, ExceptionContext, StaticPool, bindparam, create_engine, event, exc, select, text, update

from ingest.archive import tables
from ingest.archive.disk import raise_known
from ingest.archive.errors import HomeTooNew, HomeTooOld, HomeUnreadable, ReadOnly
from ingest.archive.lock import HomeLock
from ingest.archive.scope import Scope
from ingest.archive.upgrading import upgrade

FILE = "baton.db"
HEAD = "0009"
"""The newest migration. A home that is there already is opened without loading Alembic; a test holds this to the scripts."""
UNSETTLED = frozenset({"0001"})
"""Revisions of homes that were made before the first release, in one of several forms that bear the same number."""

_PRAGMAS = (
    "page_size=16384",  # counts when the file is new; token vectors of some 20 kB are read three times as fast as from 4 kB pages
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "cache_size=-32768",
)


def holds_archive(home: Path) -> bool:
    """Whether anything was ever kept in this folder."""
    file = home / FILE
    return file.is_file() and file.stat().st_size > 0


class Database:
    """An open archive. Threads may read side by side; writes queue behind one another."""

    def __init__(self, engine: Engine, lock: HomeLock | None) -> None:
        self._engine = engine
        self._lock = lock
        self._writing = threading.RLock()
        self._mine = threading.local()
        self._touched: set[str] = set()
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        """Our clock, for when something was replaced or removed; tests set their own."""

    @classmethod
    def open(cls, home: Path, *, write: bool = False) -> Self:
        """`write=True` makes and migrates the home and keeps every other writer out until `close`.

        `write=False` needs no lock; a home that does not exist reads as an empty one and is not made.
        """
        file = home / FILE
        if write:
            return cls._for_writing(home)
        if not holds_archive(home):
            return cls(_nothing(), None)
        if revision_of(file, home) != HEAD:
            cls._for_writing(home).close()
        return cls(engine_of(file, query_only=True), None)

    @classmethod
    def _for_writing(cls, home: Path) -> Self:
        _make_private(home)
        lock = HomeLock(home)
        lock.take()
        try:
            file = home / FILE
            os.close(os.open(file, os.O_CREAT, 0o600))  # the database's own files take their rights from this one
            revision = revision_of(file, home)
            engine = engine_of(file)
            if revision != HEAD:
                upgrade(engine, file, revision)
        except BaseException:
            lock.release()
            raise
        return cls(engine, lock)

    def close(self) -> None:
        self._engine.dispose()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside becomes true together or not at all; inside another transaction it is part of that one."""
        with self._write():
            yield

    def compact(self) -> bool:
        """Nothing that was deleted is left in the file or beside it; False where another process reading it kept something back.

        Takes up to twice the space of the file for a while. The word index keeps deleted words until it is made anew.
        """
        if self._lock is None:
            raise ReadOnly
        with self._write() as connection:
            connection.exec_driver_sql("INSERT INTO passage_words(passage_words) VALUES('rebuild')")
        with self._writing:
            pooled = self._engine.raw_connection()
            try:
                cursor = pooled.cursor()
                try:
                    cursor.execute("VACUUM")
                    busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1,)
                except sqlite3.Error as error:
                    raise_known(error, Path(str(self._engine.url.database)))
                    raise
                finally:
                    cursor.close()
            finally:
                pooled.close()
        return not busy

    def sound(self) -> list[str]:
        """What SQLite finds wrong with the file; empty where it is as it should be."""
        with self._read() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
        return [] if found == ["ok"] else found

    def revision(self, scope: Scope) -> str:
        """Another word whenever an account, person, deal, interaction or embedding readable in this scope has changed.

        Answers, briefs, tokens and the ledger of inputs do not count: nothing is found by reading them.
        """
        with self._read() as connection:
            if scope.accounts is None:
                found = connection.execute(_COUNTS)
            else:
                found = connection.execute(_COUNTS_OF, {"ids": sorted(scope.accounts)})
            counts = [tuple(row) for row in found]
        return hashlib.sha256(repr((counts, scope.internal, scope.as_of, *sorted(scope.hidden))).encode()).hexdigest()[:16]

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """One consistent view; inside a transaction of this thread, what that one has written so far."""
        mine: Connection | None = getattr(self._mine, "connection", None)
        if mine is not None:
            yield mine
        else:
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        mine: Connection | None = getattr(self._mine, "connection", None)
        if mine is not None:
            yield mine
            return
        if not self._may_write():
            raise ReadOnly
        with self._writing, self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            self._mine.connection = connection
            self._touched = set()
            try:
                yield connection
                self._count_changes(connection)
            finally:
                del self._mine.connection

    def _may_write(self) -> bool:
        return self._lock is not None

    def _touch(self, account_ids: Iterable[str]) -> None:
        """To be called inside `_write`: readers of these accounts will see something else."""
        self._touched.update(account_ids)

    def _count_changes(self, connection: Connection) -> None:
        counted = tables.account
        for account_id in sorted(self._touched):
            connection.execute(update(counted).where(counted.c.id == account_id).values(revision=counted.c.revision + 1))


_COUNTS = select(tables.account.c.id, tables.account.c.revision).order_by(tables.account.c.id)
_COUNTS_OF = _COUNTS.where(tables.account.c.id.in_(bindparam("ids", expanding=True)))
"""Put together once: every question asks for them several times, and that took longer than reading them."""


def _make_private(home: Path) -> None:
    """A folder that we make, or find empty, is for its owner alone; one that holds something keeps the rights somebody gave it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(home.iterdir()):
        home.chmod(0o700)


def engine_of(file: Path, *, query_only: bool = False) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        json_serializer=lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        pool_size=16,
        max_overflow=32,
        hide_parameters=True,  # an error's message goes to a log, and what was said in a deal does not
    )
    _prepare(engine, (*_PRAGMAS, "query_only=ON") if query_only else _PRAGMAS)
    _name_troubles(engine, file)
    return engine


def _nothing() -> Engine:
    """A home nobody has written to yet."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    tables.metadata.create_all(engine)
    return engine


def _prepare(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # sqlite3 would start transactions late, or not for DDL
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # SQLAlchemy calls it a DBAPIConnection

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _name_troubles(engine: Engine, file: Path) -> None:
    """What a person can do something about gets its own name wherever it happens; the rest stays what it is, a fault of ours."""

    @event.listens_for(engine, "handle_error")
    def named(context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.Error):
            raise_known(error, file)


def revision_of(file: Path, home: Path) -> str:
    """Of the schema in the file, empty for a new file; raises HomeTooNew, HomeTooOld and HomeUnreadable."""
    engine = engine_of(file)
    try:
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT count(*) FROM sqlite_master")):
                return ""
            revision = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    except exc.DatabaseError as error:
        raise HomeUnreadable(file, str(error.orig)) from error
    finally:
        engine.dispose()
    if revision in UNSETTLED:
        raise HomeTooOld(home)
    if revision != HEAD:
        from ingest.archive.migrations import known  # Alembic is slow to load and seldom needed

        if revision not in known():
            raise HomeTooNew(home, revision)
    return revision
