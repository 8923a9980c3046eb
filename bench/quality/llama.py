"""LlamaIndex as its documentation shows it: its splitter, its in-memory vector index with MiniLM, BM25 over the same nodes, and both fused.

Its BM25 retriever is the one part that is not its own class: the package it comes in pins PyStemmer below 3, which has no wheels for
Python 3.14 or Linux on ARM and which changes how Baton stems (see `bench.quality.words`). `ByWords` makes the same calls of bm25s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core import Document as LlamaDocument
from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever, VectorIndexRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import BaseNode, NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray
from pydantic import PrivateAttr

from bench.peer import MiniLM
from bench.quality.reading import Found, Page, System, Unit, page_of, was_known
from bench.quality.words import Words, best_first
from eval.slices import Asked, Slice

SIZES = (1024, 256, 128)
OVERLAP = 20
DEPTH = 100
"""Chunks asked for: enough for the deepest measures, even where they are as short as a note."""
BATCH = 32

Known = list[str] | None
"""Ids of the nodes that were known on the day asked about; None where no day is."""
Way = Callable[[Known], BaseRetriever]


class Remembering(MiniLM):
    """MiniLM that embeds a text once, and keeps its vectors in a file if it has one."""

    _file: Path | None = PrivateAttr()
    _known: dict[str, NDArray[np.float32]] = PrivateAttr()  # as arrays: lists of numbers take ten times the room

    def __init__(self, file: Path | None) -> None:
        super().__init__()
        self._file = file
        self._known = {}
        if file is not None and file.is_file():
            with np.load(file, allow_pickle=False) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def learn(self, texts: Iterable[str]) -> int:
        """Embeds what is not known, texts of like length together, and says how many that were."""
        new = sorted({text for text in texts if _name(text) not in self._known}, key=lambda text: (len(text), text))
        for at in range(0, len(new), BATCH):
            batch = new[at : at + BATCH]
            self._known |= zip(map(_name, batch), np.array(super()._get_text_embeddings(batch), np.float32), strict=True)
        if new and self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._file, texts=np.array(list(self._known)), vectors=np.array(list(self._known.values())))
        return len(new)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self.learn(texts)
        return [[float(number) for number in self._known[_name(text)]] for text in texts]


class ByWords(BaseRetriever):
    """What `llama_index.retrievers.bm25.BM25Retriever` does by default, equal scores in the order of the nodes."""

    def __init__(self, nodes: Sequence[BaseNode], words: Words, top: int, known: Known = None) -> None:
        super().__init__()
        self._nodes = nodes
        self._words = words
        self._top = top
        self._known = None if known is None else frozenset(known)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        scores = self._words.scores(query_bundle.query_str)
        places = (place for place in best_first(scores, len(scores)) if self._known is None or self._nodes[place].node_id in self._known)
        return [NodeWithScore(node=self._nodes[place], score=float(scores[place])) for place in islice(places, self._top)]


class Chunks:
    """One way of retrieving over a slice's chunks, an index an account."""

    def __init__(self, name: str, retrievers: dict[str, Way], units: dict[str, dict[str, Unit]]) -> None:
        self.name = name
        self._retrievers = retrievers
        self._units = units

    def find(self, question: Asked) -> Found:
        """The day asked about is told to the retriever, so that what came later takes none of the places it is asked for."""
        units = self._units[question.account]
        known = None if question.as_of is None else [id for id, unit in units.items() if was_known(unit, question)]
        if known == []:
            return Found((), 0.0)
        nodes = self._retrievers[question.account](known).retrieve(question.text)
        return Found(tuple(units[found.node.node_id] for found in nodes), float(nodes[0].score or 0.0) if nodes else 0.0)


def chunkers(part: Slice, size: int, model: Remembering) -> list[System]:
    """The three LlamaIndex peers for one size of chunk."""
    pages = {account: [page_of(document) for document in documents] for account, documents in part.accounts.items()}
    nodes = {account: split(found, size) for account, found in pages.items()}
    units = {account: _units(found, pages[account]) for account, found in nodes.items()}
    model.learn(node.get_content() for found in nodes.values() for node in found)
    model.learn(question.text for question in part.questions)
    dense = {account: by_meaning(found, model) for account, found in nodes.items()}
    words = {account: by_words(found) for account, found in nodes.items()}
    ways = {"dense": dense, "BM25": words, "fused": {account: by_both(dense[account], words[account]) for account in nodes}}
    return [Chunks(f"LlamaIndex {size}/{OVERLAP} {way}", retrievers, units) for way, retrievers in ways.items()]


def by_meaning(nodes: Sequence[TextNode], model: BaseEmbedding) -> Way:
    index = VectorStoreIndex(nodes=list(nodes), embed_model=model)
    return lambda known: VectorIndexRetriever(index, similarity_top_k=DEPTH, node_ids=known)


def by_words(nodes: Sequence[TextNode]) -> Way:
    words = Words([node.get_content() for node in nodes], "en")
    return lambda known: ByWords(nodes, words, DEPTH, known)


def by_both(dense: Way, words: Way) -> Way:
    return lambda known: QueryFusionRetriever(
        [dense(known), words(known)],
        llm=MockLLM(),  # never asked, with one query; without it LlamaIndex looks for OpenAI
        mode=FUSION_MODES.RECIPROCAL_RANK,
        similarity_top_k=DEPTH,
        num_queries=1,
        use_async=False,
    )


def split(pages: Sequence[Page], size: int) -> list[TextNode]:
    splitter = SentenceSplitter(chunk_size=size, chunk_overlap=OVERLAP, id_func=_numbered())
    documents = [LlamaDocument(text=page.text, id_=page.document.id) for page in pages]
    return [node for node in splitter.get_nodes_from_documents(documents) if isinstance(node, TextNode)]


def _units(nodes: Iterable[TextNode], pages: Iterable[Page]) -> dict[str, Unit]:
    page = {page.document.id: page for page in pages}
    return {node.node_id: unit_of_node(node, page[node.ref_doc_id or ""]) for node in nodes}


def unit_of_node(node: TextNode, page: Page) -> Unit:
    """Raises `LookupError` for a node that LlamaIndex could not find again in its document."""
    start, end = node.start_char_idx, node.end_char_idx
    if start is None or end is None or page.text[start:end] != node.text:
        raise LookupError(f"{page.document.id}: LlamaIndex does not say where its chunk stands: {node.text[:60]!r}")
    return page.unit(start, end)


def _numbered() -> Any:
    """Ids by document and place, so that equal scores fall the same way in every run; LlamaIndex's own are random."""

    def name(place: int, document: BaseNode) -> str:
        return f"{document.node_id}#{place:06}"

    return name


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
