"""Keeps the indexes true to the archive: embeds what is new, compares what is searchable with what is stored, mends the difference."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.failpoints import past
from ingest.index.embedder import Embedder, EmbedderUnavailable
from ingest.index.port import WHOLE, IndexBroken

if TYPE_CHECKING:  # Chroma takes a second or more to load, and an unchanged home does not need it
    from ingest.index.vectors import VectorIndex

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
    def vectors(self) -> VectorIndex | None: ...
    @property
    def degraded(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """What one index says of one account otherwise than the archive; by passage id."""

    account_id: str
    index: Literal["words", "vectors"]
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
        stamp, whole = _stamp(home, account_id), _whole(home.archive, home.model, account_id)
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
        if left.name.removesuffix(".whole").removesuffix(".rows") != home.model and not left.name.startswith("."):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def differences(archive: Archive, vectors: VectorIndex | None, account_id: str) -> list[Difference]:
    """Looks at everything both indexes can find of an account; empty if it is what the archive holds."""
    found = [_words(archive, account_id), *([_vectors(archive, vectors, account_id)] if vectors else ())]
    return [each for each in found if each.missing or each.stray or each.altered or each.broken]


def mend(archive: Archive, vectors: VectorIndex, account_id: str) -> None:
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


def rebuild(archive: Archive, vectors: VectorIndex | None, account_id: str) -> None:
    """Makes both indexes of an account again, whatever state they are in."""
    archive.reword(account_id)
    if vectors:
        vectors.rebuild(account_id, archive.vectors(EVERYTHING.only(account_id), vectors.model))
        write_account(archive, vectors.folder, account_id, vectors.model)


def _words(archive: Archive, account_id: str) -> Difference:
    held = frozenset(passage.id for passage in archive.passages(EVERYTHING.only(account_id)))
    found = archive.worded(account_id)
    return Difference(account_id, "words", missing=held - found, stray=frozenset(found - held))


def _vectors(archive: Archive, vectors: VectorIndex, account_id: str) -> Difference:
    import numpy as np  # slow to load, and an unchanged home compares nothing

    wanted = archive.vectors(EVERYTHING.only(account_id), vectors.model)
    try:
        found = vectors.vectors(account_id)
    except IndexBroken as broken:
        return Difference(account_id, "vectors", broken=str(broken))
    both = wanted.keys() & found.keys()
    altered = frozenset(id for id in both if not np.allclose(wanted[id], found[id], atol=1e-4))
    return Difference(account_id, "vectors", frozenset(wanted.keys() - found.keys()), frozenset(found.keys() - wanted.keys()), altered)


def _accounts(home: Projected) -> list[str]:
    """Those of the archive, and those that only a folder is left of."""
    folder = home.path / FOLDER
    left = {each.name for each in folder.iterdir() if each.is_dir()} if folder.is_dir() else set()
    return sorted(left | {account.id for account in home.archive.accounts(EVERYTHING)})


def _whole(archive: Archive, model: str, account_id: str) -> str:
    """A word for the set of passages that should be found by their vectors; empty for none."""
    ids = archive.embedded(EVERYTHING.only(account_id), model)
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest() if ids else ""


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
