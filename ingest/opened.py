"""An open home: its archive, and what is made from it when first asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.archive.archive import Archive
from ingest.index.embedder import MODEL, Embedder, WeightsMissing
from ingest.index.projection import FOLDER
from ingest.index.words import WordIndex
from ingest.settings import IngestSettings

if TYPE_CHECKING:  # Chroma takes more than a second to load; who never needs it never waits
    from ingest.index.elsewhere import Elsewhere
    from ingest.index.port import Vectors


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
