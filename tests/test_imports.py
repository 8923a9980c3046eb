"""Starting Baton is cheap: what is heavy is imported when there is work for it, and only where it belongs."""

from __future__ import annotations

import graphlib
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import assistant
import ingest
from tests.conftest import HALDEN
from tests.exports import write

HEAVY = {
    "alembic",
    "chromadb",
    "dbos",
    "fastapi",
    "llama_index",
    "numpy",
    "onnxruntime",
    "openai",
    "sqlalchemy",
    "tokenizers",
    "unstructured",
    "uvicorn",
}
INDEX_LIBRARIES = {"chromadb", "llama_index", "openai"}
BATON = Path(sys.executable).with_name("baton")

LOADED = "import json, sys; print('\\n' + json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
RUN = "import sys; sys.argv = {}\nfrom api.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
HELP = RUN.format(["baton", "--help"])


def loaded_after(code: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after running `code`."""
    run = subprocess.run([sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one child and nothing else that runs meanwhile."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


def test_no_module_is_imported_by_what_it_imports() -> None:
    """The linter's contract is about siblings, packages among them; a package and a module of its own are none."""
    graph = grimp.build_graph("ingest", "assistant", "eval", "api", cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert ("assistant.asking", "assistant.evidence") in {(one, other) for one, others in imported.items() for other in others}
    graphlib.TopologicalSorter(imported).prepare()  # raises CycleError, which names the circle


def test_help_loads_no_heavy_library() -> None:
    assert loaded_after(HELP) & HEAVY == set()


def test_an_unchanged_home_is_read_again_without_what_only_a_change_needs(tmp_path: Path) -> None:
    write(tmp_path / "x", HALDEN)
    ingest_again = RUN.format(["baton", "ingest", str(tmp_path / "x"), "--home", str(tmp_path / "home")])
    assert "numpy" in loaded_after(ingest_again)
    unneeded = {"alembic", "charset_normalizer", "numpy", "onnxruntime", "pypdf", "tldextract", "tokenizers"} | INDEX_LIBRARIES
    assert loaded_after(ingest_again) & unneeded == set()


def test_a_list_of_the_archive_loads_nothing_that_answers(tmp_path: Path) -> None:
    unneeded = {"alembic", "numpy", "onnxruntime", "snowballstemmer", "tldextract", "tokenizers"} | INDEX_LIBRARIES
    assert loaded_after(RUN.format(["baton", "accounts", "--home", str(tmp_path)])) & unneeded == set()


def test_help_takes_less_than_three_tenths_of_a_second_of_processor_time() -> None:
    assert min(cpu_seconds([str(BATON), "--help"]) for _ in range(3)) < 0.3


@pytest.mark.parametrize("module", ["ingest.records", "ingest.passages", "assistant.answers", "assistant.grounding"])
def test_the_types_and_the_check_of_answers_stand_alone(module: str) -> None:
    assert loaded_after(f"import {module}") & (INDEX_LIBRARIES | {"fastapi", "onnxruntime", "typer"}) == set()


def test_importing_the_core_loads_no_index_library() -> None:
    core = [
        found.name
        for package in (ingest, assistant)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if found.name not in ("ingest.index.vectors", "ingest.index.elsewhere", "ingest.index.endpoint", "assistant.llamaindex")
        and ".migrations." not in found.name  # Alembic runs those, nobody imports them
    ]
    assert {"ingest.sync", "assistant.asking"} <= set(core)
    assert loaded_after("\n".join(f"import {name}" for name in core)) & INDEX_LIBRARIES == set()
