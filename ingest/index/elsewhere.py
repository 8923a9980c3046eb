"""Keeps the vectors in any llama-index vector store that the settings name, ids and vectors only; the words stay in the archive.

Such a store is asked for three things: to add, to delete, and to find the nearest of one account. It is never read back. What has been
put there is noted per account in a file beside the account's other files, and whether it is still found is tried by searching for it;
whatever is lost is put there again from the archive. Whatever the store raises is `IndexBroken`.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import numpy as np
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import BasePydanticVectorStore, MetadataFilter, MetadataFilters, VectorStoreQuery
from numpy.typing import NDArray

from ingest.index.port import STORED, Hit, IndexBroken
from ingest.settings import FILE, BadSettings, StoreSettings

Vector = NDArray[np.float32]

_NODES = UUID("5d0c2f1e-8a57-4c0e-9a53-2f7f3f0f6b11")
"""Node ids are made of account, model and passage below this name: some stores take nothing but UUIDs."""
_BATCH = 500
_TIES = 16
"""So many more are asked for, so that among equals their ids decide."""
_TRIED = 500
"""Passages of an account that are searched for to see whether they are found."""
_LIKE = 1e-3
"""By how much a number of a vector may differ and be the same: stores round."""


class _Noted(NamedTuple):
    """What an account has in the store, by passage id; `unsure` is what a run that was killed may have put there."""

    there: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    dimension: int = 0


class Elsewhere:
    """Made for one model. The store is opened when first needed, and `close` closes what can be closed."""

    def __init__(self, folder: Path, model: str, settings: StoreSettings, home: Path) -> None:
        self.model, self.folder = model, folder
        self._settings, self._home = settings, home
        self._opened: BasePydanticVectorStore | None = None
        self._closing: list[Any] = []
        self._turn = threading.RLock()

    def search(self, account_id: str, query: Vector, limit: int) -> list[Hit]:
        known = {self._node(account_id, id): id for id in self.ids(account_id)}
        if not known or limit < 1:
            return []
        with self._store(account_id) as store:
            asked = VectorStoreQuery(query.tolist(), similarity_top_k=limit + _TIES, filters=self._of(account_id))
            found = store.query(asked)
            ids = found.ids or [node.node_id for node in found.nodes or ()]
            scores = found.similarities or [1.0 / place for place in range(1, len(ids) + 1)]
        hits = {id: Hit(known[id], round(float(score), 6)) for id, score in zip(ids, scores, strict=True) if id in known}
        return sorted(hits.values(), key=lambda hit: (-hit.score, hit.passage_id))[:limit]

    def ids(self, account_id: str) -> set[str]:
        """What has been put there, as it was noted."""
        return set(self._noted(account_id).there)

    def altered(self, account_id: str, wanted: Mapping[str, Vector]) -> frozenset[str]:
        """Of a sample, what a search for its own vector does not come to: it is lost, or there with another vector."""
        step = max(1, -(-len(wanted) // _TRIED))
        return frozenset(id for id in sorted(wanted)[::step] if not self._finds(account_id, wanted[id], wanted))

    def add(self, account_id: str, vectors: Mapping[str, Vector]) -> None:
        """What is there already is replaced. Noted before and after, so that a run that is killed leaves nothing unknown behind."""
        waiting = iter(vectors.items())
        while batch := dict(islice(waiting, _BATCH)):
            noted = self._noted(account_id)
            dimension = len(next(iter(batch.values())))
            self._note(account_id, _Noted(noted.there - batch.keys(), noted.unsure | batch.keys(), dimension))
            with self._store(account_id) as store:
                self._take(store, account_id, list(batch))
                store.add([self._made(account_id, id, vector) for id, vector in batch.items()])
            self._note(account_id, _Noted(noted.there | batch.keys(), noted.unsure - batch.keys(), dimension))

    def delete(self, account_id: str, ids: Sequence[str]) -> None:
        noted = self._noted(account_id)
        for first in range(0, len(ids), _BATCH):
            with self._store(account_id) as store:
                self._take(store, account_id, ids[first : first + _BATCH])
        if ids:
            self._note(account_id, _Noted(noted.there.difference(ids), noted.unsure.difference(ids), noted.dimension))

    def rebuild(self, account_id: str, vectors: Mapping[str, Vector]) -> None:
        """Everything of the account is taken out and put there again; with no vectors, nothing is left."""
        self.forget(account_id)
        self.add(account_id, vectors)

    def forget(self, account_id: str) -> None:
        """Everything of the account: what was noted, and by its account's id what was not."""
        noted = self._noted(account_id)
        with self._store(account_id) as store:
            ids = sorted(noted.there | noted.unsure)
            for first in range(0, len(ids), _BATCH):
                self._take(store, account_id, ids[first : first + _BATCH])
            # What was noted is what there is, unless the notes were lost; not every store can do this, or has a table by now.
            with suppress(Exception):
                store.delete_nodes(filters=self._of(account_id))
        self._ledger(account_id).unlink(missing_ok=True)

    def tidy(self, account_id: str) -> None:
        """Takes out what another model, set before, has put there."""
        for left in (self.folder / account_id).glob(f"*{STORED}"):
            if (model := left.name.removesuffix(STORED)) != self.model:
                with self._store(account_id) as store:
                    before = Elsewhere(self.folder, model, self._settings, self._home)
                    before._opened = store
                    before.forget(account_id)

    def close(self) -> None:
        with self._turn:
            self._opened = None
            while self._closing:
                self._closing.pop().close()

    def _finds(self, account_id: str, vector: Vector, wanted: Mapping[str, Vector]) -> bool:
        """Passages of the same words have the same vector, and any of them will do."""
        return any(
            np.allclose(wanted[hit.passage_id], vector, atol=_LIKE)
            for hit in self.search(account_id, vector, 1)
            if hit.passage_id in wanted
        )

    @contextmanager
    def _store(self, account_id: str) -> Iterator[BasePydanticVectorStore]:
        with self._turn:
            try:
                if self._opened is None:
                    self._opened = self._open()
                yield self._opened
            except (IndexBroken, BadSettings):
                raise
            except Exception as error:
                told = f"{type(error).__name__}: {str(error)[:200]}"
                raise IndexBroken(f"the vector store does not take or find the vectors of {account_id} ({told})") from error

    def _open(self) -> BasePydanticVectorStore:
        made = _made_by(self._settings.made_by, self._settings.options, self._home, self._closing)
        if not isinstance(made, BasePydanticVectorStore):
            raise BadSettings(f"{FILE}: [vector_store] class {self._settings.made_by!r} makes no llama-index vector store")
        return made

    def _take(self, store: BasePydanticVectorStore, account_id: str, ids: Sequence[str]) -> None:
        """Ids that are not there are passed over."""
        nodes = [self._node(account_id, id) for id in ids]
        try:
            _delete(store, nodes)
        except Exception:
            # Some make their table when the first node is added, and cannot delete before that. One that is down fails here again.
            size = self._noted(account_id).dimension
            first = self._made("", "first", np.full(size, size**-0.5 if size else 0.0, np.float32))
            store.add([first])
            _delete(store, [*nodes, first.node_id])

    def _made(self, account_id: str, id: str, vector: Vector) -> TextNode:
        node = self._node(account_id, id)
        return TextNode(
            id_=node,
            text="",
            embedding=vector.tolist(),
            metadata={"account_id": account_id, "passage_id": id, "model": self.model},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=node)},
        )

    def _node(self, account_id: str, id: str) -> str:
        return str(uuid5(_NODES, f"{account_id} {self.model} {id}"))

    def _of(self, account_id: str) -> MetadataFilters:
        return MetadataFilters(filters=[MetadataFilter(key="account_id", value=account_id), MetadataFilter(key="model", value=self.model)])

    def _ledger(self, account_id: str) -> Path:
        return self.folder / account_id / f"{self.model}{STORED}"

    def _noted(self, account_id: str) -> _Noted:
        try:
            noted = json.loads(self._ledger(account_id).read_text("utf-8"))
            return _Noted(frozenset(noted["there"]), frozenset(noted["unsure"]), int(noted["dimension"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _Noted()

    def _note(self, account_id: str, noted: _Noted) -> None:
        file = self._ledger(account_id)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = file.with_name(f".{file.name}.new")
        body = {"there": sorted(noted.there), "unsure": sorted(noted.unsure), "dimension": noted.dimension}
        made.write_text(json.dumps(body), "utf-8")
        made.replace(file)


def _delete(store: BasePydanticVectorStore, nodes: Sequence[str]) -> None:
    try:
        store.delete_nodes(node_ids=list(nodes))
    except NotImplementedError:
        for node in nodes:  # every store can delete by document, and each node is its own
            store.delete(node)


def _made_by(place: str, options: Mapping[str, Any], home: Path, closing: list[Any]) -> Any:
    """What `module:Class` or `module:Class.method` makes of the options; tables among them with a `class` are made first."""
    module, _, path = place.partition(":")
    try:
        maker: Any = importlib.import_module(module)
        for name in path.split("."):
            maker = getattr(maker, name)
    except (ImportError, AttributeError) as error:
        raise BadSettings(f"{FILE}: [vector_store] {place!r} cannot be loaded: {error}") from error
    try:
        made = maker(**{name: _value(value, home, closing) for name, value in options.items()})
    except TypeError as error:
        raise BadSettings(f"{FILE}: [vector_store] {place!r} does not take these options: {error}") from error
    if callable(getattr(made, "close", None)):
        closing.append(made)
    return made


def _value(value: Any, home: Path, closing: list[Any]) -> Any:
    if isinstance(value, dict) and "class" in value:
        return _made_by(str(value["class"]), {name: each for name, each in value.items() if name != "class"}, home, closing)
    if isinstance(value, dict):
        return {name: _value(each, home, closing) for name, each in value.items()}
    if isinstance(value, list):
        return [_value(each, home, closing) for each in value]
    if isinstance(value, str) and (named := re.fullmatch(r"\$([A-Z][A-Z0-9_]*)", value)):
        if named[1] not in os.environ:
            raise BadSettings(f"{FILE}: [vector_store] reads {value}, and the environment has no {named[1]}")
        return os.environ[named[1]]
    return value.replace("{home}", str(home)) if isinstance(value, str) else value
