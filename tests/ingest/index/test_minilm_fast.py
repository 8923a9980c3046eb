"""The fast embedding is used where it is one; elsewhere the default is, and somebody says why."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ingest.index import minilm_fast
from ingest.index.embedder import MINILM_FAST, MODEL, WeightsMissing
from ingest.index.minilm import load_minilm
from ingest.index.minilm_fast import FastMiniLM, why_not
from ingest.settings import load_settings
from ingest.wiring import fallback_of, open_home


def processor(folder: Path, flags: str) -> Path:
    file = folder / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: fpu {flags} sse\n", encoding="ascii")
    return file


def test_it_takes_the_library_and_a_processor_that_is_made_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert why_not(processor(tmp_path, "amx_bf16")).startswith("the extra `fast` is not installed")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: ModuleSpec(name, None))
    assert why_not(processor(tmp_path, "avx512_bf16 amx_tile amx_bf16")) == ""
    assert "no AMX" in why_not(processor(tmp_path, "avx512_bf16 avx512_vnni"))
    assert "no AMX" in why_not(tmp_path / "not there")


def test_where_it_is_not_used_the_default_is_and_a_sentence_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "baton.toml").write_text('[ingest]\nembedding = "minilm-fast"\n', encoding="utf-8")
    monkeypatch.setattr(minilm_fast, "why_not", lambda: "of the weather")
    with open_home(tmp_path) as home:
        assert home.model == MODEL
        assert fallback_of(home.settings) == "embedding = minilm-fast is not used, minilm is: of the weather"
    monkeypatch.setattr(minilm_fast, "why_not", lambda: "")
    with open_home(tmp_path) as home:
        assert home.model == MINILM_FAST
        assert fallback_of(home.settings) == ""
    assert fallback_of(load_settings(tmp_path / "elsewhere", {})) == ""


def test_it_gives_nearly_what_the_default_gives_and_always_the_same_bytes() -> None:
    pytest.importorskip("openvino")
    try:
        default = load_minilm()
        fast = FastMiniLM(minilm_fast.weights_folder())
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    texts = ["When do we go live?", "The launch is planned for March.", "word " * 300, ""]
    found = list(fast.embed(texts))
    assert all(float(each.vector @ default.query(text).vector) > 0.97 for text, each in zip(texts, found, strict=True))
    assert [each.vector.tobytes() for each in fast.embed(texts[::-1])][::-1] == [each.vector.tobytes() for each in found]
