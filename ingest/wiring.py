"""Opens a home: the archive with the adapters chosen for it. The only place in this package that chooses."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.archive.archive import Archive
from ingest.archive.errors import HomeBusy
from ingest.index.embedder import MINILM_FAST, MODEL, MPNET, Embedder, WeightsMissing, endpoint_name
from ingest.index.port import IndexBroken
from ingest.index.projection import FOLDER
from ingest.index.words import WordIndex
from ingest.settings import IngestSettings, PackagedModel, ServedModel, load_settings

if TYPE_CHECKING:  # Chroma takes more than a second to load; who never needs it never waits
    from ingest.index.elsewhere import Elsewhere
    from ingest.index.port import Vectors


PENDING = ".erasing"
"""The file in a home that says what is being erased; whoever opens the home next finishes it."""


@dataclass
class Home:
    """An open home. What is slow to load is made when first asked for."""

    path: Path
    archive: Archive
    settings: IngestSettings
    writes: bool
    load_embedder: Callable[[], Embedder]
    model: str = MODEL
    troubles: list[str] = field(default_factory=list)
    """A sentence for each part that does not work as it should."""

    @cached_property
    def embedder(self) -> Embedder | None:
        """None while the weights are missing: then answers come from words alone, and `degraded` says so."""
        try:
            return self.load_embedder()
        except WeightsMissing as missing:
            self.troubles.append(f"answers come from words alone: {missing}")
            return None

    @cached_property
    def vectors(self) -> Vectors | None:
        """None without an embedder, and for a reader: Chroma's folders belong to the one process that may write."""
        if self.embedder is None or not self.writes:
            return None
        if self.elsewhere is not None:
            return self.elsewhere
        from ingest.index.vectors import VectorIndex

        return VectorIndex(self.path / FOLDER, self.embedder.name)

    @cached_property
    def elsewhere(self) -> Elsewhere | None:
        """The store that the settings name, which needs no embedder to forget; None where the vectors are in the home."""
        if self.settings.vector_store is None:
            return None
        from ingest.index.elsewhere import Elsewhere

        return Elsewhere(self.path / FOLDER, self.model, self.settings.vector_store, self.path)

    @property
    def store(self) -> str:
        """Where the vectors are kept, in a word; empty for the home itself."""
        return self.settings.vector_store.made_by if self.settings.vector_store else ""

    @cached_property
    def words(self) -> WordIndex:
        return WordIndex(self.archive)

    def forget_vectors(self, account_ids: Iterable[str]) -> int:
        """Takes everything of these accounts out of the index, for it can be made again from the archive, and gives the number of folders
        that went: whole ones, because what Chroma deletes stays in its files. Raises IndexBroken where a store elsewhere does not do it."""
        gone = 0
        if "vectors" in self.__dict__ and self.vectors is not None:
            self.vectors.close()
        for account_id in account_ids:
            if self.elsewhere is not None:
                self.elsewhere.tidy(account_id)
                self.elsewhere.forget(account_id)
            folder = self.path / FOLDER / account_id
            if folder.is_dir():
                shutil.rmtree(folder)
                gone += 1
        return gone

    @property
    def degraded(self) -> tuple[str, ...]:
        _ = self.embedder
        return tuple(self.troubles)

    def __enter__(self) -> Home:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        for index in (self.__dict__.get("vectors"), self.__dict__.get("elsewhere")):
            if index is not None:
                index.close()
        self.archive.close()


def open_home(home: Path, *, write: bool = False, load_embedder: Callable[[], Embedder] | None = None, model: str = MODEL) -> Home:
    """Raises HomeBusy where another process writes, HomeTooNew, HomeUnreadable and BadSettings; a home that is not there reads as empty.

    Another embedder than the one that is set comes with its name in `model`.
    """
    settings = load_settings(home)
    if (home / PENDING).exists():
        _finish_erasing(home, settings)
    archive = Archive.open(home, write=write)
    if load_embedder is None:
        model, load_embedder = _embedder_of(settings, archive)
        if not write:
            model, load_embedder = _until_all_is_embedded(model, load_embedder, archive)
    return Home(home, archive, settings, write, load_embedder, model)


def _finish_erasing(home: Path, settings: IngestSettings) -> None:
    """What a killed run began. Where another process holds the home, that one is at it or does it when it opens the home next."""
    from ingest.erasing import finish  # needs a home, and is seldom needed

    with suppress(HomeBusy, IndexBroken), Home(home, Archive.open(home, write=True), settings, True, _packaged_minilm) as opened:
        finish(opened)


def _embedder_of(settings: IngestSettings, archive: Archive) -> tuple[str, Callable[[], Embedder]]:
    """Its name, known without loading it, and how to load it."""
    match settings.embedding:
        case ServedModel(name, url, key):
            model = endpoint_name(name, url)
            return model, lambda: _service(name, url, key, archive.dimension(model))
        case PackagedModel("mpnet"):
            return MPNET, _packaged_mpnet
        case PackagedModel("minilm-fast") if not fallback_of(settings):
            return MINILM_FAST, _packaged_fast_minilm
        case _:
            return MODEL, _packaged_minilm


def _until_all_is_embedded(model: str, load: Callable[[], Embedder], archive: Archive) -> tuple[str, Callable[[], Embedder]]:
    """After the setting was changed, a reader goes on with the model that was set before until `baton ingest` has embedded everything."""
    packaged = {MODEL: _packaged_minilm, MINILM_FAST: _packaged_fast_minilm, MPNET: _packaged_mpnet}
    before = [other for other in archive.other_models(model) if other in packaged]
    if before and archive.missing(model) and not archive.missing(before[0]):
        return before[0], packaged[before[0]]
    return model, load


def _packaged_minilm() -> Embedder:
    from ingest.index.minilm import load_minilm

    return load_minilm()


def fallback_of(settings: IngestSettings) -> str:
    """A sentence where another embedding is used than the one that is set; else empty."""
    if settings.embedding != PackagedModel("minilm-fast"):
        return ""
    from ingest.index.minilm_fast import why_not

    reason = why_not()
    return f"embedding = minilm-fast is not used, minilm is: {reason}" if reason else ""


def _packaged_fast_minilm() -> Embedder:
    from ingest.index.minilm_fast import load_fast_minilm

    return load_fast_minilm()


def _packaged_mpnet() -> Embedder:
    from ingest.index.mpnet import load_mpnet

    return load_mpnet()


def _service(name: str, url: str, key: str, dimension: int) -> Embedder:
    from ingest.index.endpoint import Endpoint

    return Endpoint(name, url, key, dimension)
