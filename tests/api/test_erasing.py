"""`baton erase` and `baton retention` as somebody types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_cli import Outcome, baton
from tests.exports import neutral, note, write

__all__ = ["baton"]
LONG_AGO = "2020-09-01T12:00:00Z"
Run = Callable[..., Outcome]


@pytest.fixture
def filled(baton: Run, tmp_path: Path) -> Run:
    tom = {"name": "Tom Reyes", "email": "tom@halden.example"}
    rows = [
        note("h-1", "Halden asked for a marzipan obelisk.", "Halden Freight", timestamp=LONG_AGO),
        note("h-2", "Tom Reyes signs above 100k.", "Halden Freight", participants=[tom], timestamp=LONG_AGO),
        note("k-1", "Kestrel is content with its depots.", "Kestrel Foods", timestamp=LONG_AGO),
    ]
    write(tmp_path / "files", {"all.jsonl": neutral(*rows)})
    assert baton("ingest", tmp_path / "files").code == 0
    return baton


def test_erasing_says_first_what_would_go_then_does_it_and_says_that_nothing_is_left(filled: Run) -> None:
    plan = filled("erase", "--account", "halden", "--dry-run")
    assert (plan.code, plan.out.split(",")[0]) == (0, "Halden Freight: 2 interactions")
    unasked = filled("erase", "--account", "halden")
    assert unasked.code == 2
    assert "--yes" in unasked.err
    done = filled("erase", "--account", "halden", "--yes", "--json")
    report: dict[str, Any] = done.json
    assert (done.code, report["clean"], report["left"], report["rows"]["interaction"]) == (0, True, [], 2)
    assert filled("erase", "--account", "halden", "--yes").code == 1
    names = [item["name"] for item in filled("accounts", "--json").json["items"]]
    assert names == ["Kestrel Foods"]


def test_an_import_says_what_it_left_out_and_how_that_is_taken_back(filled: Run, tmp_path: Path) -> None:
    assert filled("erase", "--account", "halden", "--yes").out.rstrip().endswith("0 left.")
    (tmp_path / "files" / "all.jsonl").write_text((tmp_path / "files" / "all.jsonl").read_text() + "\n")  # or it would not be read again
    again = filled("ingest", tmp_path / "files")
    assert "erased  2 left out" in again.out
    assert filled("ingest", tmp_path / "files", "--account", "Halden Freight").code == 1
    assert filled("erase", "--account", "Halden Freight", "--allow-again").code == 0
    assert filled("erase", "--account", "Halden Freight", "--allow-again").code == 1
    assert filled("ingest", tmp_path / "files", "--json").json["erased"] == 0
    assert len(filled("accounts", "--json").json["items"]) == 2


def test_a_person_is_erased_by_their_address(filled: Run) -> None:
    done = filled("erase", "--person", "Tom@halden.example", "--yes")
    assert done.code == 0
    assert "Tom Reyes <tom@halden.example>" in done.err
    assert "Tom" not in done.out
    assert filled("erase", "--person", "tom@halden.example", "--yes").code == 1


def test_one_thing_at_a_time_and_only_where_there_is_something(baton: Run) -> None:
    for arguments in ([], ["--account", "a", "--person", "b@c.example"]):
        assert baton("erase", *arguments, "--yes").code == 2
    assert baton("erase", "--account", "a", "--yes").code == 1
    assert baton("retention").code == 1


def test_retention_says_what_is_due_and_takes_it_out_once(filled: Run, tmp_path: Path) -> None:
    assert filled("retention").out == "Nothing is due.\n"
    (tmp_path / "home" / "baton.toml").write_text("[retention]\nnotes = 0\n")
    due = filled("retention", "--dry-run", "--json").json
    assert (due["done"], [(each["what"], each["count"]) for each in due["due"]]) == (False, [("notes", 3)])
    assert "notes" in filled("retention").out
    assert filled("retention", "--json").json["due"] == []
