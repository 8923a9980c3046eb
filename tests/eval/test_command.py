"""`baton eval` on the real thing: exports read, questions asked, a brief composed, measures, files and exit code given."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
import typer
from typer.testing import CliRunner

from api.cli import app
from eval.__main__ import main, parser
from eval.cases import BadCases, Case, load_cases
from eval.command import DATA, CannotRecord, Wanted, evaluate, run_eval
from eval.gate import EXACT
from eval.report import Report, as_json
from eval.run import Ran
from eval.stamp import stamp_of
from eval.subject import Read
from tests.eval.perfect import perfect
from tests.eval.reports import STAMP, report_of

NOW = datetime(2026, 11, 22, 14, 5, 6, tzinfo=UTC)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The smallest deal and its sibling account, as somebody's own folder of cases."""
    for account in ("Brightwell Dental", "Brightwell Orthodontics"):
        shutil.copytree(DATA / "samples" / account, tmp_path / "data" / "samples" / account)
    (tmp_path / "data" / "cases").mkdir()
    for name in ("brightwell.yaml", "brightwell.history.json"):
        shutil.copy(DATA / "cases" / name, tmp_path / "data" / "cases" / name)
    return tmp_path / "data"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@b.example", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.slow
def test_a_deal_measured_twice_from_nothing_gives_the_same_run_and_files(small: Path, tmp_path: Path) -> None:
    """Two fresh homes: reading, searching, answering and composing hold nothing of chance, of the clock or of the folder they are in."""
    first, code = run_eval(small, only=["brightwell"])
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(as_json(first)), "utf-8")
    told = evaluate(Wanted(small, as_json=True, against=earlier, out=tmp_path / "runs", junit=tmp_path / "j.xml"), 100)
    again, one, two = told.code, as_json(first), json.loads(told.text)
    comparison, name = two.pop("comparison"), two["run"]["name"]
    for body in (one, two):
        assert list(body)[-2:] == ["run", "timing"]
        del body["run"], body["timing"]
    assert json.dumps(one) == json.dumps(two)
    assert (code, again, first.gate, first.deals) == (0, 0, None, ("brightwell",))
    assert (comparison["newly_failing"], comparison["newly_passing"]) == ([], [])
    assert sorted(file.name for file in (tmp_path / "runs").iterdir()) == [f"{name}.html", f"{name}.json", f"{name}.junit.xml"]
    assert json.loads((tmp_path / "runs" / f"{name}.json").read_text("utf-8"))["items"] == one["items"]
    assert (tmp_path / "runs" / f"{name}.junit.xml").read_bytes() == (tmp_path / "j.xml").read_bytes()
    assert parse(tmp_path / "j.xml").getroot().attrib["tests"] == str(len(one["items"]))
    values = first.summary.all()
    for measure in ("citation_validity", "failed", "cut_citation", "foreign_citation", "misplaced_citation"):
        value = values[measure]
        assert value
        assert (measure, value.value) == (measure, EXACT[measure])
    assert not any(row.given.error for row in first.rows.questions)


def test_a_deal_that_is_not_labelled_is_named() -> None:
    with pytest.raises(BadCases, match="no labelled deal 'haldn'; there are brightwell, halden, meridian"):
        run_eval(only=["haldn"])


def test_a_folder_without_labels_or_samples_is_told_in_a_sentence(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-m", "eval", str(tmp_path)], capture_output=True, text=True, check=False, cwd=DATA.parent)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no labelled deals here" in ran.stderr
    (tmp_path / "cases").symlink_to(DATA / "cases")
    with pytest.raises(BadCases, match="no samples to read"):
        run_eval(tmp_path)


def test_a_run_over_other_cases_is_not_recorded_as_the_baseline(tmp_path: Path) -> None:
    with pytest.raises(CannotRecord, match="without naming cases or deals"):
        run_eval(only=["halden"], write_baseline=True)
    (tmp_path / "cases").symlink_to(DATA / "cases")
    (tmp_path / "samples").symlink_to(DATA / "samples")
    with pytest.raises(CannotRecord):
        run_eval(tmp_path, write_baseline=True)


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (["--against", "none.json"], "none.json: cannot be read"),
        (["--out", "file/runs"], "--out file/runs: nothing can be written there (Not a directory)"),
        (["--out", "file"], "--out file: this is a file; name a folder"),
        (["--out", "/proc"], "--out /proc: nothing can be written there"),
        (["--junit", "file/j.xml"], "--junit file/j.xml: this cannot be written"),
        (["--junit", f"{'x' * 300}.xml"], "this cannot be written (File name too long)"),
        (["--junit", "."], "--junit .: this is a folder; name a file, such as junit.xml"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_asked(
    option: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert main(option) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Error: ")
    assert says in told.err
    ran = CliRunner().invoke(app, ["eval", *option])
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert says in ran.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_place_that_can_be_written_is_left_as_it_was_found(tmp_path: Path) -> None:
    (tmp_path / "old.xml").write_text("old", "utf-8")
    for junit in ("old.xml", "new.xml"):
        with pytest.raises(BadCases):
            evaluate(Wanted(tmp_path / "none", out=tmp_path / "runs", junit=tmp_path / junit), 100)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["old.xml", "runs"]
    assert (tmp_path / "old.xml").read_text("utf-8") == "old"
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_that_can_no_longer_be_written_is_printed_all_the_same(
    brightwell: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(report: Report, file: Path) -> None:
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr("eval.command.run_eval", lambda *_, **__: (report_of([brightwell], perfect), 0))
    monkeypatch.setattr("eval.command.write_junit", full)
    options = ["--out", str(tmp_path), "--junit", str(tmp_path / "j.xml")]
    assert main(options) == 1
    told, ran = capsys.readouterr(), CliRunner().invoke(app, ["eval", *options])
    assert ran.exit_code == 1
    for out, err in ((told.out, told.err), (ran.stdout, ran.stderr)):
        assert "evidence_hit" in out
        assert f"Error: {tmp_path / 'j.xml'}: the run could not be written here: No space left on device" in err
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{STAMP.name}.html", f"{STAMP.name}.json"]


def test_fewer_than_no_worst_questions_cannot_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--worst", "-1"])
    assert "--worst: -1 is less than 0" in capsys.readouterr().err
    assert CliRunner().invoke(app, ["eval", "--worst", "-1"]).exit_code == 2


@pytest.mark.parametrize(
    ("note", "brief_error", "says"),
    [
        ("no embeddings: the weights are missing", "", "no embeddings: the weights are missing"),
        ("", "KeyError: 'deal'", "no brief of brightwell: KeyError: 'deal'"),
    ],
)
def test_a_degraded_run_is_not_recorded_as_the_baseline(
    note: str, brief_error: str, says: str, brightwell: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def reading(*_: object, **__: object) -> Iterator[tuple[None, Read]]:
        yield None, Read(0, (note,) if note else ())

    def asked(*_: object) -> dict[str, Ran]:
        assert not note, "asked although it cannot be recorded"
        return {"brightwell": Ran(perfect(brightwell), 0, brief_error)}

    monkeypatch.setattr("eval.command.baton_on", reading)
    monkeypatch.setattr("eval.command.run", asked)
    monkeypatch.setattr("eval.command.BASELINE", tmp_path / "baseline.json")
    with pytest.raises(CannotRecord) as raised:
        run_eval(write_baseline=True)
    assert f"this run is degraded: {says}; see to that and run again" in str(raised.value)
    assert not (tmp_path / "baseline.json").exists()


def test_both_command_lines_have_the_same_options_and_words() -> None:
    command = typer.main.get_command(app).commands["eval"]
    typed = {max(option.opts, key=len): getattr(option, "help", None) for option in command.params if option.name != "help"}
    plain = {max(a.option_strings, key=len, default=a.dest): a.help for a in parser()._actions if a.dest != "help"}
    assert typed == plain


class TestStamp:
    def test_a_run_is_named_by_its_commit_and_whether_it_was_changed(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        (tmp_path / "a.py").write_text("a", "utf-8")
        git(tmp_path, "add", "a.py")
        git(tmp_path, "commit", "--quiet", "-m", "A")
        commit = git(tmp_path, "rev-parse", "HEAD")
        assert stamp_of(tmp_path, NOW).name == commit[:12]
        (tmp_path / "b.py").write_text("b", "utf-8")
        assert stamp_of(tmp_path, NOW).name == f"{commit[:12]}-dirty"

    def test_code_inside_somebody_elses_checkout_is_not_that_commit(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "A")
        (tmp_path / "site-packages").mkdir()
        assert stamp_of(tmp_path / "site-packages", NOW).name == "no-commit-20261122T140506Z"

    def test_without_git_a_run_is_named_by_its_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert stamp_of(DATA.parent, NOW) == replace(stamp_of(tmp_path, NOW), commit="", dirty=False)
        assert stamp_of(DATA.parent, NOW).name == "no-commit-20261122T140506Z"


def test_a_report_of_every_deal_holds_every_label() -> None:
    cases = load_cases(DATA / "cases")
    items = report_of(cases, perfect, stamp=STAMP).items
    assert len(items) == sum(
        len(case.questions)
        + sum(len(labels) for labels in (
            case.brief.promises, case.brief.not_promises, case.brief.risks, case.brief.goals, case.brief.changes, case.brief.gaps,
            case.brief.stakeholders, case.brief.why_bought, case.brief.technical, case.brief.timeline, case.brief.commercials,
        ))
        for case in cases
    )  # fmt: skip
    assert all(item.right for item in items)
