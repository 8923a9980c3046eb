"""What the packaged models share: texts cut into word pieces, one text a run, and of the states after it those worth keeping."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.archive.rows import Embedding
from ingest.index.embedder import WeightsMissing
from ingest.index.stopwords import STOPWORDS

_THREADS = 2
_AHEAD = 32
"""Runs waiting for their turn: enough to keep the threads busy, few enough that a long ingest holds little in memory."""
_MARKS = frozenset({"[CLS]", "[SEP]", "[PAD]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>"})


class PieceVectors(ABC):
    """An embedder that gives a vector for the text and one for each word piece with a meaning. Two threads share what it runs on, each
    computes a run by itself; so the same text gives the same bytes whatever else is embedded."""

    def __init__(self, tokenizer: Path, most_pieces: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()  # the files ask for 128 pieces, no more and no less
        self._tokenizer.enable_truncation(most_pieces)
        self._dull = _dull_pieces(self._tokenizer.get_vocab())

    @abstractmethod
    def _run(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """For a row of piece ids the text's vector and the pieces' states."""

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        waiting: deque[Future[Embedding]] = deque()
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="embed") as pool:
            try:
                for text in texts:
                    waiting.append(pool.submit(self.query, text))
                    if len(waiting) > _AHEAD:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def query(self, text: str) -> Embedding:
        encoded = self._tokenizer.encode(text)
        ids = np.array([encoded.ids], dtype=np.int64)
        vector, states = self._run(ids)
        kept = np.flatnonzero(~self._dull[ids[0]])
        if not len(kept):
            kept = np.arange(len(ids[0]))[1:-1] if len(ids[0]) > 2 else np.array([0])
        tokens = states[kept]
        tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        return Embedding(
            vector=np.round(vector, 6).astype(np.float32),
            tokens=np.rint(tokens * 127).astype(np.int8),
            pieces=ids[0][kept].astype(np.int32),
            starts=np.array([encoded.offsets[index][0] for index in kept], dtype=np.int32),
        )


def check_sha256(file: Path, expected: str, remedy: str) -> None:
    try:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise WeightsMissing(f"in {file.parent} cannot be read ({error.strerror})", remedy) from error
    if found != expected:
        raise WeightsMissing(f"in {file.parent} are not the ones we know ({file.name} has another sha256)", remedy)


def layer_weights(
    tensors: Mapping[str, NDArray[np.float32]], layers: int, heads: Sequence[str], joined: str, norms: tuple[str, str]
) -> dict[str, NDArray[np.float32]]:
    """A transformer's layers under the names that the graphs give them; these multiply from the right, so matrices are turned. Named within
    a layer are query, key and value, what joins them again, and the norms behind attention and behind the rest."""
    found = {}
    for layer in range(layers):
        inside = f"encoder.layer.{layer}"
        found[f"qkv{layer}"] = np.concatenate([tensors[f"{inside}.{head}.weight"].T for head in heads], axis=1)
        found[f"qkvb{layer}"] = np.concatenate([tensors[f"{inside}.{head}.bias"] for head in heads])
        for weight, bias, name in (("ow", "obias", joined), ("iw", "ib", "intermediate.dense"), ("dw", "dbias", "output.dense")):
            found[f"{weight}{layer}"] = tensors[f"{inside}.{name}.weight"].T
            found[f"{bias}{layer}"] = tensors[f"{inside}.{name}.bias"]
        for scale, shift, name in zip(("og", "dg"), ("ob", "db"), norms, strict=True):
            found[f"{scale}{layer}"] = tensors[f"{inside}.{name}.weight"]
            found[f"{shift}{layer}"] = tensors[f"{inside}.{name}.bias"]
    return found


def session_of(graph: bytes, values: Mapping[str, NDArray[np.generic]]) -> tuple[onnxruntime.InferenceSession, list[onnxruntime.OrtValue]]:
    """Of a graph without weights; with the values it was given, which have to live as long as it does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the cores are shared
    # Copies, so that the mapped file, of which more was looked at than is kept, is let go.
    given = [onnxruntime.OrtValue.ortvalue_from_numpy(np.array(value, order="C")) for value in values.values()]
    options.add_external_initializers(list(values), given)
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"]), given


def read_safetensors(file: Path) -> dict[str, NDArray[np.float32]]:
    """The float tensors of a file: the length of a JSON header, the header, the numbers."""
    data = np.memmap(file, dtype=np.uint8, mode="r")
    start = 8 + int(data[:8].view("<u8")[0])
    header = json.loads(data[8:start].tobytes())
    return {
        name: data[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]].view("<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def _dull_pieces(vocabulary: Mapping[str, int]) -> NDArray[np.bool_]:
    """By id: pieces not worth keeping a vector of, which are stop words, punctuation, and the model's own marks."""
    dull = np.zeros(max(vocabulary.values()) + 1, dtype=np.bool_)
    for piece, id in vocabulary.items():
        dull[id] = piece in STOPWORDS or piece in _MARKS or not any(map(str.isalnum, piece))
    return dull
