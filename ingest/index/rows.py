"""A large account's embeddings in one file, passage after passage, which the system maps into memory: nothing is copied to be read.

It is a projection of the archive like the indexes and made again whenever they are; processes that read one account share its pages.
What is missing, damaged or of another state of the archive is not used: then the archive is read, which is slower and always right.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from ingest.archive.rows import Embedding

LEAST = 2_000
"""Passages from which on an account has such a file; fewer are read from the archive in no time."""
_AT_ONCE = 500
_ALIGNED = 64
_KINDS = {"contents": "S", "offsets": "<i8", "vectors": "<f4", "tokens": "|i1", "pieces": "<i4", "starts": "<i4"}


@dataclass(frozen=True, slots=True)
class Rows:
    """Of passages in an order: `vectors[i]` is the i-th's vector, `tokens[offsets[i]:offsets[i + 1]]` its word pieces' vectors, which
    `pieces` and `starts` go with."""

    vectors: NDArray[np.float32]
    tokens: NDArray[np.int8]
    pieces: NDArray[np.int32]
    starts: NDArray[np.int32]
    offsets: NDArray[np.int64]


def gathered(embeddings: Sequence[Embedding]) -> Rows:
    return Rows(
        np.stack([each.vector for each in embeddings]),
        np.concatenate([each.tokens for each in embeddings]),
        np.concatenate([each.pieces for each in embeddings]),
        np.concatenate([each.starts for each in embeddings]),
        np.cumsum([0, *(len(each.tokens) for each in embeddings)]),
    )


def rows_file(folder: Path, account_id: str, model: str) -> Path:
    return folder / account_id / f"{model}.rows"


def write_rows(file: Path, sizes: Sequence[tuple[str, int]], embeddings_of: Callable[[Sequence[str]], Mapping[str, Embedding]]) -> None:
    """`sizes` is a passage's content and number of word pieces each, in order; embeddings are asked for some contents at a time.

    Who has the old file open goes on reading it.
    """
    made = file.with_name(f".{file.name}-{uuid4().hex[:8]}")
    offsets = np.cumsum([0, *(size for _, size in sizes)], dtype=np.int64)
    contents = np.array([content.encode() for content, _ in sizes])
    dimension = len(next(iter(embeddings_of([sizes[0][0]]).values())).vector)
    shapes = {
        "contents": (len(sizes),), "offsets": (len(sizes) + 1,), "vectors": (len(sizes), dimension),
        "tokens": (int(offsets[-1]), dimension), "pieces": (int(offsets[-1]),), "starts": (int(offsets[-1]),),
    }  # fmt: skip
    header = json.dumps({"letters": contents.dtype.itemsize, "shapes": shapes}).encode()
    places, _ = _laid_out(8 + len(header), contents.dtype.itemsize, shapes)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _put(out, 0, len(header).to_bytes(8, "little") + header)
            _put(out, places["contents"], contents.tobytes())
            _put(out, places["offsets"], offsets.astype("<i8").tobytes())
            parts = {"vectors": "vector", "tokens": "tokens", "pieces": "pieces", "starts": "starts"}
            at = {name: places[name] for name in parts}
            for first in range(0, len(sizes), _AT_ONCE):
                batch = [content for content, _ in sizes[first : first + _AT_ONCE]]
                known = embeddings_of(batch)
                for name, one in parts.items():
                    at[name] += _put(out, at[name], b"".join(getattr(known[content], one).tobytes() for content in batch))
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)


def read_rows(file: Path, contents: Sequence[str]) -> Rows | None:
    """The rows of these passages, in their order; None if the file does not hold them all."""
    mapped = _mapped(file)
    if mapped is None:
        return None
    held = mapped.pop("contents")
    wanted = np.array([content.encode() for content in contents], held.dtype)
    if np.array_equal(held, wanted):
        return Rows(**mapped)
    order = np.argsort(held, kind="stable")
    at = np.minimum(np.searchsorted(held, wanted, sorter=order), len(order) - 1)
    return _picked(Rows(**mapped), order[at]) if np.array_equal(held[order[at]], wanted) else None


def _picked(rows: Rows, index: NDArray[np.int64]) -> Rows:
    """A copy, for a reader who may see a part of the account."""
    sizes = rows.offsets[index + 1] - rows.offsets[index]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    where = np.repeat(rows.offsets[index] - offsets[:-1], sizes) + np.arange(int(offsets[-1]))
    return Rows(rows.vectors[index], rows.tokens[where], rows.pieces[where], rows.starts[where], offsets)


def _mapped(file: Path) -> dict[str, Any] | None:
    """Each part of the file by its name; None where it is damaged or not there."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        data = np.asarray(np.memmap(file, np.uint8, "r"))  # a plain array: slices of a memmap cost more
        start = 8 + int.from_bytes(data[:8].tobytes(), "little")
        header = json.loads(data[8:start].tobytes())
        places, end = _laid_out(start, header["letters"], header["shapes"])
        if end != len(data):
            return None
        found = {}
        for name, kind in _kinds(header["letters"]).items():
            shape = header["shapes"][name]
            found[name] = data[places[name] : places[name] + kind.itemsize * int(np.prod(shape))].view(kind).reshape(shape)
        return found
    return None


def _laid_out(start: int, letters: int, shapes: Mapping[str, Sequence[int]]) -> tuple[dict[str, int], int]:
    """Where each part begins, and where the last one ends."""
    places, at = {}, start
    for name, kind in _kinds(letters).items():
        places[name] = at + -at % _ALIGNED
        at = places[name] + kind.itemsize * int(np.prod(shapes[name]))
    return places, at


def _kinds(letters: int) -> dict[str, np.dtype[Any]]:
    return {name: np.dtype(f"S{letters}" if kind == "S" else kind) for name, kind in _KINDS.items()}


def _put(out: Any, at: int, data: bytes) -> int:
    out.seek(at)
    out.write(data)
    return len(data)
