"""all-MiniLM-L6-v2 on OpenVINO in bfloat16, for processors with AMX: the extra `fast`.

The model is built from the same installed weights, operation by operation. One text is one run on one thread, so the same text always
gives the same bytes. Without AMX the default is as fast or faster, and is used.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.index.embedder import MINILM_FAST
from ingest.index.minilm import graph_weights, weights_folder
from ingest.index.pieces import PieceVectors, read_safetensors

_WIDTH, _HEADS, _LAYERS, _MOST_PIECES = 384, 12, 6, 256


def why_not(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Why this machine embeds with the default instead; empty if it does not."""
    if importlib.util.find_spec("openvino") is None:
        return "the extra `fast` is not installed (pip install 'baton-handoff[fast]')"
    try:
        flags = next(line for line in cpuinfo.read_text(encoding="ascii", errors="replace").splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        flags = ""
    return "" if "amx_bf16" in flags.split() else "this processor has no AMX, and without it the default is as fast"


class FastMiniLM(PieceVectors):
    name = MINILM_FAST
    dimension = _WIDTH

    def __init__(self, folder: Path, precision: str = "bf16") -> None:
        super().__init__(folder / "tokenizer.json", _MOST_PIECES)
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # it reports to a web service when it can be imported
        openvino = importlib.import_module("openvino")
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        model = _model(openvino, graph_weights(read_safetensors(folder / "model.safetensors")))
        self._compiled = openvino.Core().compile_model(model, "CPU", settings)
        self._mine = threading.local()

    def _run(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if not hasattr(self._mine, "request"):
            self._mine.request = self._compiled.create_infer_request()
        self._mine.request.infer({0: ids})
        states = np.array(self._mine.request.get_output_tensor(0).data[0], np.float32)
        mean = states.mean(axis=0)
        return mean / np.linalg.norm(mean), states


@cache
def load_fast_minilm() -> FastMiniLM:
    """One a process. Raises WeightsMissing."""
    return FastMiniLM(weights_folder())


def _model(openvino: Any, weights: Mapping[str, NDArray[np.float32]]) -> Any:
    """The states after the last layer, for one row of piece ids."""
    op = openvino.opset13

    def of(name: str) -> Any:
        return op.constant(np.ascontiguousarray(weights[name]))

    def whole(*numbers: int) -> Any:
        return op.constant(np.array(numbers, np.int64))

    def normal(x: Any, scale: str, shift: str) -> Any:
        even = op.mvn(x, whole(-1), True, 1e-12, "inside_sqrt")
        return op.add(op.multiply(even, of(scale)), of(shift))

    def linear(x: Any, weight: str, bias: str) -> Any:
        return op.add(op.matmul(x, of(weight), False, False), of(bias))

    ids = op.parameter([1, -1], np.int64, name="ids")
    length = op.gather(op.shape_of(ids), whole(1), op.constant(np.int64(0)))
    places = op.slice(of("pe"), whole(0), length, whole(1), whole(0))
    embedded = op.add(op.add(op.gather(of("we"), ids, op.constant(np.int64(0))), places), op.constant(weights["te"][:1]))
    x = normal(embedded, "eg", "eb")
    for n in range(_LAYERS):
        apart = op.reshape(linear(x, f"qkv{n}", f"qkvb{n}"), whole(1, -1, 3, _HEADS, _WIDTH // _HEADS), False)
        heads = op.split(op.transpose(apart, whole(2, 0, 3, 1, 4)), op.constant(np.int64(0)), 3)
        query, key, value = (op.squeeze(heads.output(part), whole(0)) for part in range(3))
        scores = op.multiply(op.matmul(query, key, False, True), op.constant(np.float32((_WIDTH // _HEADS) ** -0.5)))
        attended = op.transpose(op.matmul(op.softmax(scores, 3), value, False, False), whole(0, 2, 1, 3))
        joined = op.reshape(attended, whole(1, -1, _WIDTH), False)
        x = normal(op.add(linear(joined, f"ow{n}", f"obias{n}"), x), f"og{n}", f"ob{n}")
        inner = op.gelu(linear(x, f"iw{n}", f"ib{n}"), "erf")
        x = normal(op.add(linear(inner, f"dw{n}", f"dbias{n}"), x), f"dg{n}", f"db{n}")
    return openvino.Model([x], [ids], "minilm")
