"""Keeps the indexes true to the archive: embeds what is new, compares what is searchable with what is stored, mends the difference."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.failpoints import past
from ingest.index.embedder import Embedder, EmbedderUnavailable
from ingest.index.port import STORED, WHOLE, IndexBroken, Vectors

if TYPE_CHECKING:  # Chroma takes a second or more to load, and an unchanged home does not need it
    from numpy.typing import NDArray

FOLDER = "vectors"
_BATCH = 128
"""Embeddings a transaction: little is done twice after a crash, and readers never wait long."""

Progress = Callable[[int, int], None]
"""(done, total)"""
Each = TypeVar("Each")


class Projected(Protocol):
    """A home as far as its indexes are concerned; `embedder` and `vectors` are only asked for when there is something to do."""

    @property
    def path(self) -> Path: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def model(self) -> str:
        """The embedder's name, known without loading it."""

    @property
    def embedder(self) -> Embedder | None: ...
    @property
    def vectors(self) -> Vectors | None: ...
    @property
    def store(self) -> str:
        """Where the vectors are kept, in a word; empty for the home itself."""

    @property
    def degraded(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """What one index says of one account otherwise than the archive; by passage id."""

    account_id: str
    index: Literal["words", "vectors", "rows"]
    missing: frozenset[str] = frozenset()
    stray: frozenset[str] = frozenset()
    altered: frozenset[str] = frozenset()
    """Found, but with another vector."""
    broken: str = ""
    """Why the index cannot be read at all."""

    def __str__(self) -> str:
        if self.broken:
            return self.broken
        counts = {"missing": self.missing, "stray": self.stray, "altered": self.altered}
        found = ", ".join(f"{len(ids)} {name}" for name, ids in counts.items() if ids)
        return f"the {self.index} of {self.account_id} differ from the archive: {found}"


def bring_up_to_date(home: Projected, progress: Progress = lambda done, total: None) -> tuple[int, tuple[str, ...]]:
    """Embeds what has no embedding and mends the vectors of every account whose passages changed since they were last seen whole.

    Gives the number of texts embedded, and a sentence for whatever could not be done. An account that has not changed costs no look
    into its index; `differences` takes that look.
    """
    done = 0
    if home.archive.missing(home.model):
        if home.embedder is None:
            return 0, home.degraded
        done, unavailable = _embed_what_can_be(home, home.embedder, progress)
        if unavailable:
            return done, (unavailable,)
    troubles = []
    for account_id in _accounts(home):
        stamp, whole = _stamp(home, account_id), _whole(home, account_id)
        if _noted(stamp) == whole or home.vectors is None:
            continue
        try:
            past("mending")
            mend(home.archive, home.vectors, account_id)
        except IndexBroken as broken:
            troubles.append(str(broken))
        else:
            write_account(home.archive, home.path / FOLDER, account_id, home.model)
            _note(stamp, whole)
            past("noted")
    if not troubles:
        _forget_other_models(home)
    return done, tuple(troubles)


def embed_missing(archive: Archive, embedder: Embedder, progress: Progress = lambda done, total: None) -> int:
    """How many different texts were embedded; each batch is stored as soon as it is there."""
    missing = archive.missing(embedder.name)
    made = zip((content for content, _ in missing), embedder.embed([words for _, words in missing]), strict=True)
    done = 0
    for batch in _batches(made):
        with archive.transaction():
            archive.put_embeddings(embedder.name, dict(batch))
            past("embedding")
        past("embedded")
        done += len(batch)
        progress(done, len(missing))
    return done


def _embed_what_can_be(home: Projected, embedder: Embedder, progress: Progress) -> tuple[int, str]:
    """How many were embedded, and why not all of them; what was embedded is kept, and the next run goes on from there."""
    made = 0

    def counted(done: int, total: int) -> None:
        nonlocal made
        made = done
        progress(done, total)

    try:
        embed_missing(home.archive, embedder, counted)
    except EmbedderUnavailable as unavailable:
        left = len(home.archive.missing(home.model))
        return made, f"{unavailable}; {left} passages are not embedded yet, the next `baton ingest` goes on"
    return made, ""


def _forget_other_models(home: Projected) -> None:
    """What the embedder that was set before has left, once everything is there that takes its place."""
    if others := home.archive.other_models(home.model):
        home.archive.forget_models(others)
    folder = home.path / FOLDER
    for left in folder.glob("*/*") if folder.is_dir() else ():
        if left.name not in _used(home) and not left.name.startswith("."):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def differences(archive: Archive, vectors: Vectors | None, account_id: str) -> list[Difference]:
    """Looks at everything the indexes can find of an account; empty if it is what the archive holds."""
    found = [_words(archive, account_id)]
    if vectors:
        found += [_vectors(archive, vectors, account_id), _rows(archive, vectors, account_id)]
    return [each for each in found if each.missing or each.stray or each.altered or each.broken]


def mend(archive: Archive, vectors: Vectors, account_id: str) -> None:
    """Brings the account's vectors to what the archive holds; a damaged index is made again. Raises IndexBroken if that fails too."""
    vectors.tidy(account_id)
    found = _vectors(archive, vectors, account_id)
    wanted = archive.vectors(EVERYTHING.only(account_id), vectors.model)
    if found.broken or found.altered or not wanted:
        vectors.rebuild(account_id, wanted)
        return
    vectors.delete(account_id, sorted(found.stray))
    past("deleted")
    vectors.add(account_id, {id: vector for id, vector in wanted.items() if id in found.missing})
    past("added")


def write_account(archive: Archive, folder: Path, account_id: str, model: str) -> None:
    """The account's embeddings in one file, if it is large; else there is none."""
    from ingest.index.rows import LEAST, rows_file, write_rows  # numpy is slow to load, and an unchanged home writes nothing

    sizes = archive.pieces(EVERYTHING.only(account_id), model)
    file = rows_file(folder, account_id, model)
    if len(sizes) >= LEAST:
        write_rows(file, sizes, lambda contents: archive.embeddings_of(contents, model))
    else:
        file.unlink(missing_ok=True)


def rebuild(archive: Archive, vectors: Vectors | None, account_id: str) -> None:
    """Makes both indexes of an account again, whatever state they are in."""
    archive.reword(account_id)
    if vectors:
        vectors.rebuild(account_id, archive.vectors(EVERYTHING.only(account_id), vectors.model))
        write_account(archive, vectors.folder, account_id, vectors.model)


def _words(archive: Archive, account_id: str) -> Difference:
    held = frozenset(passage.id for passage in archive.passages(EVERYTHING.only(account_id)))
    found = archive.worded(account_id)
    return Difference(account_id, "words", missing=held - found, stray=frozenset(found - held))


def _vectors(archive: Archive, vectors: Vectors, account_id: str) -> Difference:
    wanted = archive.vectors(EVERYTHING.only(account_id), vectors.model)
    try:
        found = vectors.ids(account_id)
        altered = vectors.altered(account_id, {id: vector for id, vector in wanted.items() if id in found})
    except IndexBroken as broken:
        return Difference(account_id, "vectors", broken=str(broken))
    return Difference(account_id, "vectors", frozenset(wanted.keys() - found), frozenset(found - wanted.keys()), altered)


def _rows(archive: Archive, vectors: Vectors, account_id: str) -> Difference:
    """The file of a large account's embeddings, row by row."""
    import numpy as np

    from ingest.index.rows import LEAST, read_rows, rows_file

    sizes = archive.pieces(EVERYTHING.only(account_id), vectors.model)
    contents = [content for content, _ in sizes]
    if len(contents) < LEAST:
        return Difference(account_id, "rows")
    rows = read_rows(rows_file(vectors.folder, account_id, vectors.model), contents)
    if rows is None:
        return Difference(account_id, "rows", broken=f"the file of embeddings of {account_id} is missing, damaged or out of date")
    wrong: set[str] = set()
    for first in range(0, len(contents), _BATCH):
        known = archive.embeddings_of(contents[first : first + _BATCH], vectors.model)
        for at, content in enumerate(contents[first : first + _BATCH], first):
            one, here = known[content], slice(rows.offsets[at], rows.offsets[at + 1])
            told: list[tuple[NDArray[Any], NDArray[Any]]] = [(rows.vectors[at], one.vector), (rows.tokens[here], one.tokens)]
            told += [(rows.pieces[here], one.pieces), (rows.starts[here], one.starts)]
            if not all(np.array_equal(says, holds) for says, holds in told):
                wrong.add(content)
    return Difference(account_id, "rows", altered=frozenset(wrong))


def _accounts(home: Projected) -> list[str]:
    """Those of the archive, and those that only a folder is left of."""
    folder = home.path / FOLDER
    left = {each.name for each in folder.iterdir() if each.is_dir()} if folder.is_dir() else set()
    return sorted(left | {account.id for account in home.archive.accounts(EVERYTHING)})


def _whole(home: Projected, account_id: str) -> str:
    """A word for the set of passages that should be found by their vectors, and for where; empty for none."""
    ids = home.archive.embedded(EVERYTHING.only(account_id), home.model)
    return hashlib.sha256("\n".join([*sorted(ids), *filter(None, [home.store])]).encode()).hexdigest() if ids else ""


def _used(home: Projected) -> set[str]:
    """Names in an account's folder that belong to the model and the store that are set."""
    files = {f"{home.model}{WHOLE}", f"{home.model}.rows"}
    return files | ({f"{home.model}{STORED}"} if home.store else {home.model})


def _stamp(home: Projected, account_id: str) -> Path:
    """Where it is noted which passages an account's vectors were last made whole for; it goes when they go."""
    return home.path / FOLDER / account_id / f"{home.model}{WHOLE}"


def _noted(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _note(stamp: Path, whole: str) -> None:
    if whole:
        stamp.write_text(whole, encoding="ascii")
    else:
        stamp.unlink(missing_ok=True)


def _batches(items: Iterable[Each]) -> Iterator[list[Each]]:
    waiting = iter(items)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def leftovers(home: Projected) -> list[Path]:
    """What no account and no running program needs: half-made folders and files of a run that was killed, vectors of accounts that
    are gone and of models that are used no longer."""
    folder, known = home.path / FOLDER, {account.id for account in home.archive.accounts(EVERYTHING)}
    found = [path for path in home.path.glob("*.new") if path.is_file()]
    for account in sorted(folder.iterdir()) if folder.is_dir() else ():
        if account.is_dir() and account.name not in known:
            found.append(account)
        elif account.is_dir():
            found += [each for each in sorted(account.iterdir()) if each.name not in _used(home)]
    return found


def clear_away(paths: Iterable[Path]) -> None:
    for path in paths:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
