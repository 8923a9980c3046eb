"""The README keeps its word: its commands run, its excerpt is what is printed, what it names is there.

Commands run in the order they stand, in a home of their own, with the sample exports in place of the reader's.
`make` targets install and build, so they are only resolved here; `test_the_demo_runs_twice` is the slow half of that.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.settings import load_model_settings
from ingest.settings import FILE, load_settings
from tests.test_packaging import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLES = ROOT / "data/samples"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


COMMANDS = [command.replace("\\\n", " ") for block in blocks("sh") for command in re.split(r"(?<!\\)\n", block) if command]
SERVED = [command for command in COMMANDS if command.startswith("curl ")]
MADE = [command for command in COMMANDS if command.startswith("make ")]
RUN = [command for command in COMMANDS if command not in (*SERVED, *MADE, "baton serve")]


@dataclass(frozen=True)
class Reader:
    """Somebody who follows the README: a home folder with exports, and `baton` on the path."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return kept | {"HOME": str(self.folder), "BATON_HOME": str(self.folder / ".baton"), "PATH": path, "COLUMNS": "80"}

    def run(self, command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", command], cwd=self.folder, env=self.environment | more, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(SAMPLES, folder / "exports")
    shutil.copytree(SAMPLES / "Halden Freight Group/gong", folder / "calls")
    ingested = Reader(folder).run("baton ingest ~/exports")
    assert ingested.returncode == 0, ingested.stderr
    return Reader(folder)


def test_there_are_commands_to_check() -> None:
    assert (len(MADE), len(RUN), len(SERVED)) == (2, 20, 1)


@pytest.mark.parametrize("command", RUN)
def test_a_command_runs(reader: Reader, command: str) -> None:
    ran = reader.run(command)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"


@pytest.mark.parametrize("command", MADE)
def test_a_target_is_there(command: str) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    ran = subprocess.run([*command.split(), "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("command", SERVED)
def test_a_request_is_answered(reader: Reader, command: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    key = reader.run('baton keys create "my script"').stdout.strip()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    server = subprocess.Popen(["baton", "serve", "--port", port], env=reader.environment, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        assert "Baton serves on" in server.stderr.readline()
        answer = json.loads(reader.run(command.replace("8000", port), BATON_KEY=key).stdout)
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert answer["status"] == "answered"
    assert "18 January" in answer["blocks"][0]["claims"][0]["text"]


def test_the_excerpt_is_what_is_printed(reader: Reader) -> None:
    """Line by line; `…` alone on a line stands for lines left out."""
    (excerpt,) = blocks("console")
    for shown in excerpt.split("$ ")[1:]:
        command, *lines = shown.splitlines()
        printed = reader.run(command).stdout.splitlines()
        missing = [line for line in lines if line != "…" and line not in printed]
        assert missing == [], f"{command} prints:\n" + "\n".join(printed)


def test_the_settings_are_read(tmp_path: Path) -> None:
    settings = "\n".join(blocks("toml"))
    (tmp_path / FILE).write_text(settings, encoding="utf-8")
    (tmp_path / "model.key").write_text("not-a-real-key", encoding="utf-8")
    read, model = load_settings(tmp_path, {}), load_model_settings(tmp_path, {})
    shown, of_model = (tomllib.loads(settings)[table] for table in ("ingest", "model"))
    assert model is not None
    assert (model.name, model.base_url) == (of_model["name"], of_model["base_url"])
    assert {"our_domains": list(read.our_domains), "partner_domains": list(read.partner_domains), "timezone": read.timezone} == shown


def test_the_neutral_format_is_read(reader: Reader, tmp_path: Path) -> None:
    (lines,) = blocks("json")
    (tmp_path / "history.jsonl").write_text(lines, encoding="utf-8")
    ran = reader.run(f"baton ingest {tmp_path / 'history.jsonl'} --home {tmp_path / 'home'} --json")
    tally = json.loads(ran.stdout)
    assert (tally["new"], tally["held"], tally["failed"]) == (2, [], [])


def test_what_it_links_to_and_names_is_there() -> None:
    links = re.findall(r'\]\((?!https?:)([^)#]+)\)|(?:src|srcset)="([^"]+)"', README)
    folders = re.findall(r"`([a-z]+/)`", README.partition("## Where things are")[2])
    assert len(links) >= 5
    assert len(folders) >= 8
    assert [name for name in [*map("".join, links), *folders] if not (ROOT / name).exists()] == []


@pytest.mark.slow
def test_the_demo_runs_twice(tmp_path: Path) -> None:
    """`make demo` without its set-up, which would download: the script itself, beside the libraries this test runs with."""
    tree = tmp_path / "tree"
    (tree / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts/demo", tree / "scripts")
    (tree / "data").symlink_to(ROOT / "data")
    (tree / ".venv").symlink_to(sys.prefix)
    environment = {"PATH": os.defpath, "HOME": str(tmp_path), "DEMO_ONCE": "1"}

    def demo() -> str:
        return subprocess.run(["scripts/demo"], cwd=tree, env=environment, capture_output=True, text=True, check=True).stdout

    first = demo()
    assert "103 new, 0 changed" in first
    assert "Gothenburg and Malmö live by 18 January" in " ".join(first.split())
    assert "I checked and that was wrong" in first
    assert "Not in the deal history." in first
    assert "0 new, 0 changed, 103 unchanged" in demo()
    assert (tree / ".baton/halden-brief.md").read_text(encoding="utf-8").startswith("# Handoff brief: Halden Freight Group")
