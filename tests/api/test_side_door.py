"""`baton ingest` while a server holds the home: the server does it, tells how far it is, and stops when whoever asked has gone."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from api.home_socket import FILE, MOST_PATH, is_there, served_at
from api.importing import Imports
from api.intake import Asked, Exports, TakenIn, Tools
from api.side_door import NotDone, SideDoor, through
from ingest.opened import Home
from ingest.pulling import Pulled, Report
from tests.api.offices import PATIENCE_S
from tests.conftest import HALDEN, Desk
from tests.exports import neutral, note, write


def unheard(stage: str, done: int, total: int) -> None:
    """Of no matter how far it is."""


@pytest.fixture
def home(desk: Desk) -> Iterator[Home]:
    desk.write(HALDEN)
    with desk.open(write=True) as opened:
        yield opened


def test_the_server_reads_what_the_terminal_wants_as_an_import_of_its_own(home: Home, desk: Desk) -> None:
    imports, told = Imports(home), list[tuple[str, str | None]]()

    def progress(stage: str, done: int, total: int) -> None:
        running = imports.running()
        told.append((stage, running.source if running else None))

    with SideDoor(home, imports):
        assert (home.path / FILE).stat().st_mode & 0o777 == 0o600
        taken = through(home.path, Exports((desk.files,), listed=True), progress)
        again = through(home.path, Exports((desk.files,)), unheard)
        with imports.alone(), pytest.raises(NotDone, match="An import is running"):
            through(home.path, Exports((desk.files,)), unheard)
        with pytest.raises(NotDone, match="There is nothing at"):
            through(home.path, Exports((desk.files / "lost",)), unheard)
    assert isinstance(taken, TakenIn)
    assert (taken.tally.new, taken.tally.failed, again.tally.unchanged) == (4, [], 4)
    assert [each.name for each in taken.tally.accounts] == ["Halden Freight Group"]
    assert sum(item.counted for each in taken.tally.inputs for item in each.items) == 4
    assert ("reading", "baton ingest") in told
    assert not is_there(home.path)
    assert through(home.path, Exports((desk.files,)), unheard) is None


def test_tools_are_asked_by_the_server_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report([Pulled("gong", 3, 0, 0, [], "no answer", 0.1)], None)

    def ask(asked_home: Home, tools: Tools, progress: Any, asking: Any) -> Asked:
        assert (asked_home, tools) == (home, Tools(("gong",), anew=True))
        asking("gong", 3)
        return Asked(report, 2)

    monkeypatch.setattr("api.side_door.ask", ask)
    heard: list[tuple[str, int]] = []
    with SideDoor(home, Imports(home)):
        asked = through(home.path, Tools(("gong",), anew=True), unheard, lambda tool, done: heard.append((tool, done)))
    assert asked == Asked(report, 2)
    assert heard == [("gong", 3)]


def press(imports: Imports) -> None:
    if running := imports.running():
        running.stop.set()


def test_ctrl_c_in_the_terminal_and_the_button_on_the_page_stop_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    imports, begun, over = Imports(home), Event(), Event()

    def take_in(_: Home, __: Exports, progress: Any) -> Any:
        try:
            while True:
                progress("reading", 1, 3)
                begun.set()
        finally:
            over.set()

    monkeypatch.setattr("api.side_door.take_in", take_in)
    wanted = json.dumps({"exports": {"paths": ["/x"]}}).encode() + b"\n"
    with SideDoor(home, imports):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(home.path / FILE))
            line.sendall(wanted)
            assert begun.wait(PATIENCE_S)
        assert over.wait(PATIENCE_S)
        while imports.running():
            pass
        with pytest.raises(NotDone, match="Stopped"):
            through(home.path, Exports((Path("/x"),)), lambda *_: press(imports))


def test_commands_learn_where_people_reach_the_server(home: Home) -> None:
    assert served_at(home.path) is None
    with SideDoor(home, Imports(home), "https://baton.example.com"):
        assert served_at(home.path) == "https://baton.example.com"


@pytest.mark.parametrize("line", ["", "no JSON", "[]", '{"erase": {}}', '{"exports": {}}', '{"exports": {"paths": 3}}'])
def test_what_cannot_be_understood_is_answered_and_nothing_is_done(home: Home, line: str) -> None:
    with SideDoor(home, Imports(home)), socket.socket(socket.AF_UNIX) as spoken:
        spoken.connect(str(home.path / FILE))
        spoken.sendall(line.encode() + b"\n")
        assert "of another version" in json.loads(spoken.makefile().readline())["failed"]


def test_there_is_no_door_where_its_path_would_be_too_long_and_a_left_one_is_replaced(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.home_socket.MOST_PATH", 10)
    with SideDoor(home, Imports(home)):
        assert not is_there(home.path)
        assert through(home.path, Exports(()), unheard) is None
    monkeypatch.setattr("api.home_socket.MOST_PATH", MOST_PATH)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(home.path / FILE))
    assert through(home.path, Exports(()), unheard) is None
    with SideDoor(home, Imports(home)):
        assert is_there(home.path)


def test_the_command_says_who_does_it_and_ends_as_it_would_without_a_server(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from api.cli import main

    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Gates open at six.", "Acme")), "b.json": '{"broken'})
    (home.path / ".lock-holder").write_text(json.dumps({"pid": 4711, "command": "baton serve --port"}), "utf-8")
    monkeypatch.setattr("sys.argv", ["baton", "ingest", str(tmp_path / "x"), "--home", str(home.path)])
    with SideDoor(home, Imports(home)), pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 5
    assert "is in use by process 4711 (baton serve --port), which does this now." in said.err
    assert "Reading …" in said.err
    assert "1 new, 0 changed, 0 unchanged, 0 removed; 0 held, 1 set aside" in said.out
