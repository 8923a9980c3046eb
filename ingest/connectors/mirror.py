"""What a source gave, as files below `HOME/pulled/SOURCE`, and how far it was asked: the export that nobody had to make by hand.

The files are what its parser would be given; a folder each (a unit) is read by itself. Before a file is changed its unit is noted as not
taken in yet, and the cursor moves only when the files before it are on the disk: a run that is killed loses nothing and says nothing twice.
Where nothing changed nothing is written.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.connectors.batch import Batch

if TYPE_CHECKING:
    from ingest.residue import Finder

FOLDER = "pulled"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a source between runs."""

    cursor: Mapping[str, Any] = field(default_factory=dict)
    since: str = ""
    """The day before which nothing was asked for."""
    waiting: tuple[str, ...] = ()
    """Units that were changed and not taken into the archive yet."""
    last: Mapping[str, Any] | None = None
    """The last run that changed something: when it ended, and counts."""
    trouble: str = ""
    """Why the last run did not get through; empty once one did."""
    trouble_at: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    changed: int = 0
    dropped: int = 0


class Mirror:
    """One source's folder. Safe for one process at a time, which the home's lock makes sure of."""

    def __init__(self, home: Path, source: str, kept_out: Collection[str] = ()) -> None:
        self.source = source
        self.root = home / FOLDER
        self.folder = self.root / source
        self._file = self.root / f"{source}.json"
        self._kept_out = kept_out
        self.state = read_state(self._file)

    def read(self, name: str) -> bytes | None:
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def row(self, name: str) -> Mapping[str, Any]:
        """The first object of a page that was put there; empty where there is none."""
        page = json.loads(self.read(name) or b"{}")
        return next(iter(page.get("results", ())), {})

    def units(self, name: str) -> frozenset[str]:
        """The units that hold a file of this name."""
        return frozenset(self._places.get(name, ()))

    def names(self) -> Iterator[str]:
        """`unit/name` of every file."""
        for name, units in sorted(self._places.items()):
            yield from (f"{unit}/{name}" for unit in sorted(units))

    @cached_property
    def _places(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for folder, _, names in os.walk(self.folder):
            for name in names if folder != str(self.folder) else ():
                found.setdefault(name, set()).add(Path(folder).name)
        return found

    def apply(self, batch: Batch) -> Applied:
        """Puts a batch on the disk, and then its cursor."""
        put = {name: data for name, data in batch.put.items() if name not in self._kept_out and self.read(name) != data}
        drop = [name for name in batch.drop if name not in batch.put and (self.folder / name).exists()]
        if put or drop:
            touched = {name.partition("/")[0] for name in (*put, *drop)}
            self._note(waiting=tuple(sorted({*self.state.waiting, *touched})))
            for name, data in put.items():
                self._put(name, data)
            for name in drop:
                self._drop(name)
        if batch.cursor is not None and batch.cursor != self.state.cursor:
            self._note(cursor=batch.cursor)
        return Applied(len(put), len(drop))

    def sweep(self, names: Iterable[str]) -> int:
        """Takes away what a source that was asked for everything did not name; how many files."""
        gone = [name for name in names if (self.folder / name).exists()]
        if gone:
            self._note(waiting=tuple(sorted({*self.state.waiting, *(name.partition("/")[0] for name in gone)})))
            for name in gone:
                self._drop(name)
        return len(gone)

    def begin(self, since: str) -> None:
        """Another day than before to begin at asks the source for everything again."""
        if since != self.state.since:
            self._note(since=since, cursor={})

    def taken_in(self, last: Mapping[str, Any] | None) -> None:
        """Nothing waits any longer."""
        if last is not None:
            self._note(waiting=(), last=last, trouble="", trouble_at="")
        elif self.state.waiting or self.state.trouble:
            self._note(waiting=(), trouble="", trouble_at="")

    def failed(self, trouble: str, at: str) -> None:
        """The same trouble is written down once."""
        if trouble != self.state.trouble:
            self._note(trouble=trouble, trouble_at=at)

    def forget(self, names: Iterable[str]) -> None:
        """Takes files away without a word to the archive: what it holds of them stays as it is. A call's words go with the call:
        whatever stands behind the first hyphen is the id."""
        for name in names:
            unit, _, file = name.partition("/")
            _, _, native = file.partition("-")
            for sibling in sorted((self.folder / unit).glob(f"*-{glob.escape(native)}")) if native else [self.folder / name]:
                self._drop(f"{unit}/{sibling.name}")

    def _note(self, **changed: Any) -> None:
        self.state = replace(self.state, **changed)
        _write_state(self._file, self.state)

    def _put(self, name: str, data: bytes) -> None:
        write_private(self.folder / name, data)
        unit, _, file = name.partition("/")
        self._places.setdefault(file, set()).add(unit)

    def _drop(self, name: str) -> None:
        unit, _, file = name.partition("/")
        path = self.folder / name
        if not file:
            shutil.rmtree(path, ignore_errors=True)
            self.__dict__.pop("_places", None)
            return
        path.unlink(missing_ok=True)
        self._places.get(file, set()).discard(unit)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()


def clear(home: Path, finder: Finder) -> int:
    """Takes away every file, of whatever source, that holds what is being erased or is named after it; how many."""
    gone = 0
    for folder, _, names in os.walk(home / FOLDER):
        for name in names:
            path = Path(folder, name)
            place = str(path.relative_to(home / FOLDER)).encode()
            if not finder.forms(place) and not finder.forms(path.read_bytes()):
                continue
            gone += 1
            if path.parent == home / FOLDER:  # how far a source was asked, in its own numbers: it is asked for everything again
                state = read_state(path)
                waiting = tuple(unit for unit in state.waiting if not finder.forms(unit.encode()))
                _write_state(path, State(since=state.since, waiting=waiting, last=state.last))
            else:
                path.unlink()
    for folder, folders, names in os.walk(home / FOLDER, topdown=False):
        if not folders and not names and folder != str(home / FOLDER):
            Path(folder).rmdir()
    return gone


def forget_files(home: Path, names: Iterable[str]) -> frozenset[Path]:
    """Takes away what was pulled among files as the archive names them: `source/unit/name`. Gives the units they were in."""
    root, units = home / FOLDER, set()
    for name in sorted(names):
        source, _, inside = name.partition("::")[0].partition("/")
        path = root / source / inside
        if inside and path.is_file() and path.resolve().is_relative_to(root.resolve()):
            Mirror(home, source).forget([inside])
            units.add(path.parent)
    return frozenset(units)


def read_state(file: Path) -> State:
    """A file that cannot be read is as good as none: then the source is asked for everything again, and nothing is lost."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        return State(**{**kept, "waiting": tuple(kept["waiting"])})
    except (OSError, ValueError, TypeError, KeyError):
        return State()


def _write_state(file: Path, state: State) -> None:
    write_private(file, json.dumps(asdict(state), ensure_ascii=False, sort_keys=True, default=dict).encode())


def safe(native: str) -> str:
    """A file's name for an id of somebody else's making: the same on every disk, and never a path."""
    if _PLAIN.fullmatch(native):
        return native
    plain = re.sub(r"[^a-z0-9]+", "-", native.lower()).strip("-")[:40]
    return f"{plain}-{hashlib.sha256(native.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def page(*rows: Mapping[str, Any], key: str = "results") -> bytes:
    """Objects as an API's page gives them, the same bytes for the same objects."""
    return document({key: list(rows)})


def document(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "surrogatepass")


def write_private(path: Path, data: bytes) -> None:
    """Whole or not at all, and for nobody else on this machine to read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f".{path.name[:120]}.new")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    made.replace(path)
