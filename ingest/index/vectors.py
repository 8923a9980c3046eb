"""Finds passages by meaning: Chroma behind llama-index's vector store, one folder an account and model, ids and vectors only.

Everything in it can be made again from the archive. A folder belongs to one process at a time, the holder of the home's lock
writes; whatever Chroma raises about a folder is `IndexBroken`.
"""

from __future__ import annotations

import math
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray

from ingest.failpoints import past
from ingest.index.port import WHOLE, Hit, IndexBroken

Vector = NDArray[np.float32]

_COLLECTION = "passages"
_BATCH = 2000  # Chroma takes 5,461 at most, and readers of the same process wait for a batch
_TIES = 16
"""So many more are asked for, so that among equals their ids decide and not the order in which they were added."""
_SEARCHED = 100
"""Vectors of an account for which a search is made to see whether they are found."""
_SAME = 0.999
_OPEN = 16
"""Accounts kept open; each holds some 8 files and 7 MB."""


class VectorIndex:
    """Made for one model; closes what it opened."""

    def __init__(self, folder: Path, model: str) -> None:
        self.model = model
        self.folder = folder
        self._open: OrderedDict[str, tuple[Client, ChromaVectorStore]] = OrderedDict()
        self._turn = threading.RLock()

    def search(self, account_id: str, query: Vector, limit: int) -> list[Hit]:
        with self._store(account_id) as store:
            if store is None or limit < 1:
                return []
            found = store.query(VectorStoreQuery(query_embedding=query.tolist(), similarity_top_k=limit + _TIES))
        likenesses = zip(found.ids or (), found.similarities or (), strict=True)
        hits = [Hit(id, round(1.0 + math.log(likeness), 6)) for id, likeness in likenesses]  # llama-index gives exp(-(1 - cosine))
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:limit]

    def ids(self, account_id: str) -> set[str]:
        return set(self.vectors(account_id))

    def vectors(self, account_id: str) -> dict[str, Vector]:
        """What is searchable: by passage id, the vectors as the index holds them (normalised)."""
        with self._store(account_id) as store:
            if store is None:
                return {}
            held = store.client.get(include=["embeddings"])
            return dict(zip(held["ids"], np.asarray(held["embeddings"], dtype=np.float32), strict=True))

    def altered(self, account_id: str, wanted: Mapping[str, Vector]) -> frozenset[str]:
        """Held with another vector; and of a sample of the others what a search does not come to, for the paths between vectors can be
        damaged alone."""
        held = self.vectors(account_id)
        wrong = {id for id, vector in wanted.items() if id in held and not np.allclose(vector, held[id], atol=1e-4)}
        right = sorted(wanted.keys() - wrong)
        sample = right[:: max(1, len(right) // _SEARCHED)]
        wrong |= {id for id in sample if not any(hit.score > _SAME for hit in self.search(account_id, wanted[id], 1))}
        return frozenset(wrong)

    def add(self, account_id: str, vectors: Mapping[str, Vector]) -> None:
        """Ids it has already are passed over: a passage's id holds the hash of its words."""
        if not vectors:
            return
        with _broken(account_id):
            self._place(account_id).mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._store(account_id) as store:
            if store is not None:
                _fill(store, vectors)

    def delete(self, account_id: str, ids: Sequence[str]) -> None:
        with self._store(account_id) as store:
            if store is not None and ids:
                store.delete_nodes(list(ids))

    def rebuild(self, account_id: str, vectors: Mapping[str, Vector]) -> None:
        """Makes the account's index again beside the old one, which it then replaces; with no vectors, none is left."""
        place = self._place(account_id)
        with self._turn, _broken(account_id):
            self._close(account_id)
            self.tidy(account_id)
            made, old = (place.with_name(f".{place.name}-{uuid4().hex[:8]}") for _ in range(2))
            if vectors:
                made.mkdir(mode=0o700, parents=True)
                client, store = _opened(made)
                try:
                    _fill(store, vectors)
                finally:
                    client.close()
            place.with_name(place.name + WHOLE).unlink(missing_ok=True)  # until it is there again it is not known to be whole
            past("built")
            if place.exists():
                place.rename(old)
            past("moved away")
            if vectors:
                made.rename(place)
            past("moved in")
            if old.exists():
                shutil.rmtree(old)

    def tidy(self, account_id: str) -> None:
        """Removes what a rebuild that was cut short left beside the index."""
        place = self._place(account_id)
        with self._turn, _broken(account_id):
            for leftover in place.parent.glob(f".{place.name}-*"):
                shutil.rmtree(leftover)

    def accounts(self) -> set[str]:
        """Those that have a folder."""
        return {folder.parent.name for folder in self.folder.glob(f"*/{self.model}")}

    def close(self) -> None:
        with self._turn:
            for account_id in list(self._open):
                self._close(account_id)

    @contextmanager
    def _store(self, account_id: str) -> Iterator[ChromaVectorStore | None]:
        """The account's store, one caller at a time; None if it has no folder."""
        with self._turn, _broken(account_id):
            place = self._place(account_id)
            if not place.is_dir():
                self._close(account_id)
                yield None
                return
            if account_id not in self._open:
                self._open[account_id] = _opened(place)
            self._open.move_to_end(account_id)
            while len(self._open) > _OPEN:
                self._close(next(iter(self._open)))
            yield self._open[account_id][1]

    def _place(self, account_id: str) -> Path:
        return self.folder / account_id / self.model

    def _close(self, account_id: str) -> None:
        client, _ = self._open.pop(account_id, (None, None))
        if client is not None:
            client.close()


def _opened(place: Path) -> tuple[Client, ChromaVectorStore]:
    client = _client(place)
    try:
        collection = client.get_or_create_collection(
            _COLLECTION,
            # With its default of 16 neighbours one in five small indexes held a passage that no search came to. What is there already
            # keeps what it was made with.
            configuration={"hnsw": {"space": "cosine", "max_neighbors": 48, "ef_construction": 200}},
            embedding_function=None,  # Chroma's default would fetch a model from the network
        )
    except BaseException:
        client.close()
        raise
    return client, ChromaVectorStore(chroma_collection=collection)


def _client(place: Path) -> Client:
    settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(place))
    try:
        return Client(settings=settings)
    except Exception:
        # Chroma keeps what it could not start, by its path, until a second try stumbles over it; a repaired folder must not.
        with suppress(Exception):
            return Client(settings=settings)
        raise


def _fill(store: ChromaVectorStore, vectors: Mapping[str, Vector]) -> None:
    """In batches, in the order given."""
    waiting = iter(vectors.items())
    while batch := list(islice(waiting, _BATCH)):
        nodes: list[Any] = [TextNode(id_=id, text="", embedding=vector.tolist()) for id, vector in batch]
        store.add(nodes)


@contextmanager
def _broken(account_id: str) -> Iterator[None]:
    """A damaged folder shows itself in many ways, a panic of Chroma's Rust code among them, which is no `Exception`."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, IndexBroken):
        raise
    except BaseException as error:
        raise IndexBroken(f"the vectors of {account_id} cannot be read ({type(error).__name__}: {str(error)[:200]})") from error
