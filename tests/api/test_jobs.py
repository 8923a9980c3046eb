"""A close event becomes one brief, whatever is killed, sent twice or out of order; what cannot be done waits for a person."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api import closing as closing_steps
from api.engine import FILE
from api.jobs import AGAIN_AFTER, Jobs
from api.setbacks import Later, Never
from bench.closes import closes
from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import Job, Work
from ingest.failpoints import OF_JOBS, VARIABLE
from tests.api.closes import briefs, make, open_office, run, won
from tests.api.served import Served

ROOT = Path(__file__).parents[2]
AT_CLOSE = [place for place in OF_JOBS if place.split()[0] in ("pull", "facts", "compose", "brief", "tell", "end")]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("closed")
    make(home)
    return home


@pytest.fixture
def home(closed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(closed, tmp_path / "home")


def jobs(home: Path) -> list[Job]:
    with Archive.open(home) as archive:
        return Work.beside(archive).jobs()


def killed_at(home: Path, place: str) -> int:
    """A process of its own, which ends there as by a power cut."""
    environment = {**os.environ, VARIABLE: f"{place}@1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "tests.api.closes", str(home)], cwd=ROOT, env=environment, timeout=300, check=False
    ).returncode


def test_a_close_event_becomes_one_brief_and_the_job_says_which(home: Path) -> None:
    assert run(home) == 1
    [brief], [job] = briefs(home), jobs(home)
    assert (job.state, job.tries, job.result["brief"]) == ("done", 1, brief)
    assert run(home) == 0


@pytest.mark.slow
@pytest.mark.parametrize("place", AT_CLOSE)
def test_a_kill_at_any_step_loses_nothing_and_does_nothing_twice(home: Path, place: str) -> None:
    assert killed_at(home, place) == -signal.SIGKILL
    run(home)
    [job] = jobs(home)
    assert (job.state, [job.result["brief"]]) == ("done", briefs(home))
    with closing(sqlite3.connect(home / FILE)) as engine:
        steps = engine.execute("SELECT function_name FROM operation_outputs WHERE error IS NULL ORDER BY function_id").fetchall()
    # Where the last step was over in the archive, the engine only learns of it when it is next needed.
    assert [name for (name,) in steps] == ["pull", "facts", "compose", "tell", "end"][: 4 if place == "end is over" else 5]


@pytest.mark.slow
def test_five_kills_in_a_row_and_a_lost_engine_file_leave_one_brief(home: Path) -> None:
    for place in ("facts begins", "compose begins", "brief kept", "compose is over", "end begins"):
        assert killed_at(home, place) == -signal.SIGKILL
    (home / FILE).unlink()
    run(home)
    assert len(briefs(home)) == 1
    assert [job.state for job in jobs(home)] == ["done"]


@pytest.mark.slow
def test_events_sent_again_out_of_order_and_killed_make_one_brief_a_deal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`make soak` sends a thousand."""
    assert closes(tmp_path, events=16, kills=2, seed=2026) == 0, capsys.readouterr().out


def test_the_engines_file_holds_no_word_of_the_history_and_is_for_its_owner_alone(home: Path) -> None:
    run(home)
    content = (home / FILE).read_bytes()
    [job] = jobs(home)
    for word in ("Halden", "dana@", "006A", "go-live", str(job.account_id), job.result["brief"]):
        assert word.encode() not in content
    assert (home / FILE).stat().st_mode & 0o077 == 0


def test_an_event_of_a_deal_nobody_knows_is_tried_again_then_waits_for_a_person_who_replays_it(tmp_path: Path) -> None:
    make(tmp_path, won(deal="006Z"))
    kit, office = open_office(tmp_path)
    with kit:
        now = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)
        office.work.now = lambda: now
        running = Jobs(office)
        waits = []
        for _ in range(len(AGAIN_AFTER) + 1):
            [job] = office.work.jobs()
            now = max(now, job.due_at)
            assert running.run_due(1) == 1
            [job] = office.work.jobs()
            waits.append(job.due_at - now if job.state == "waiting" else None)
        assert waits == [*AGAIN_AFTER, None]
        assert (job.state, "ingest an export that holds it" in job.trouble) == ("failed", True)
        now += timedelta(days=30)
        assert running.run_due() == 0  # not by itself
        with kit.archive.transaction():
            kit.archive._mine.connection.exec_driver_sql("UPDATE close_event SET deal = '006A'")
            kit.archive._mine.connection.exec_driver_sql("UPDATE job SET about = json_set(about, '$.deal', '006A')")
        office.work.replay_job(job.number)
        assert running.run_due() == 1
        assert office.work.job(job.number).state == "done"
        with pytest.raises(NotThere):
            office.work.replay_job(job.number)
        running.close()


def with_step(monkeypatch: pytest.MonkeyPatch, step: Callable[[], None]) -> None:
    monkeypatch.setitem(closing_steps._STEPS, "handoff", (("facts", lambda office, job: step()),))


def test_what_never_works_is_not_tried_again_and_what_says_when_is_tried_then(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = [Later("busy", timedelta(hours=1)), RuntimeError("marta@halden.example said no"), Never("The key is wrong.")]

    def fail() -> None:
        raise errors.pop(0)

    with_step(monkeypatch, fail)
    kit, office = open_office(home)
    with kit:
        now = datetime.now(UTC).replace(hour=2)
        office.work.now = lambda: now
        running, seen = Jobs(office), []
        for _ in range(3):
            [job] = office.work.jobs()
            now = max(now, job.due_at)
            running.run_due(1)
            [job] = office.work.jobs()
            seen.append((job.state, job.trouble, job.due_at - now if job.state == "waiting" else None))
        running.close()
    assert seen[0] == ("waiting", "busy", timedelta(hours=1))
    assert (seen[1][0], "RuntimeError" in seen[1][1], "marta" in seen[1][1]) == ("waiting", True, False)
    assert seen[2] == ("failed", "The key is wrong.", None)


def test_a_server_that_stops_leaves_its_job_to_the_next(home: Path) -> None:
    kit, office = open_office(home)
    with kit:
        running = Jobs(office)
        running._stop.set()
        job = office.work.next_due()
        assert job is not None
        running._do(job)
        running.close()
        [job] = office.work.jobs()
    assert (job.state, job.due_at <= datetime.now(UTC)) == ("waiting", True)
    run(home)
    assert len(briefs(home)) == 1


def test_a_deal_that_is_not_won_has_no_brief_and_one_that_the_event_says_is_won_has(tmp_path: Path) -> None:
    make(tmp_path, won(1, says="won"), won(2, says="open", at=datetime(2026, 10, 15, tzinfo=UTC)))
    run(tmp_path)
    assert briefs(tmp_path) == []
    with Archive.open(tmp_path, write=True) as archive:
        Work.beside(archive).receive([won(3, at=datetime(2026, 10, 16, tzinfo=UTC))])
    run(tmp_path)
    assert len(briefs(tmp_path)) == 1


def test_the_signed_word_of_the_crm_is_newer_than_the_export(tmp_path: Path) -> None:
    make(tmp_path)
    with Archive.open(tmp_path, write=True) as archive, archive.transaction():
        archive._mine.connection.exec_driver_sql("UPDATE deal SET won = 0, closed = 0, closed_on = '', stage = 'Negotiation'")
    run(tmp_path)
    with Archive.open(tmp_path) as archive:
        [deal] = archive.deals(EVERYTHING)
        [body] = [archive.brief(EVERYTHING, id) for id in briefs(tmp_path)]
    assert (deal.won, deal.closed_on, body["preview"]) == (True, "2026-10-14", False)


def test_those_who_run_the_home_see_what_failed_and_replay_it(served: Served) -> None:
    work = Work.beside(served.archive)
    work.receive([won()])
    [job] = work.jobs()
    work.begin_job(job.number)
    work.fail_job(job.number, "The key is wrong.", None)
    woken = []
    served.app.state.jobs_came = lambda: woken.append(1)
    client = served.client(served.key(role="admin"))
    body = client.get("/api/v1/jobs", params={"state": "failed"}).json()
    assert (body["counts"]["failed"], body["items"][0]["trouble"], body["next_cursor"]) == (1, "The key is wrong.", None)
    replayed = client.post(f"/api/v1/jobs/{job.number}/replay")
    assert (replayed.status_code, replayed.json()["state"], woken) == (200, "waiting", [1])
    assert client.post(f"/api/v1/jobs/{job.number}/replay").status_code == 404
    assert client.post(f"/api/v1/jobs/{job.number}/dismiss").json()["state"] == "dismissed"
    assert work.begin_job(job.number) is None
    assert client.post(f"/api/v1/jobs/{job.number}/dismiss").status_code == 404
    assert client.get("/api/v1/deliveries").json() == {"items": []}


def test_the_command_line_lists_replays_and_runs_them(home: Path) -> None:
    def baton(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from api.cli import main; main()", *words, "--home", str(home)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    with Archive.open(home, write=True) as archive:
        work = Work.beside(archive)
        [job] = work.jobs()
        work.begin_job(job.number)
        work.fail_job(job.number, "The key is wrong.", None)
    listed = baton("jobs", "--failed")
    assert "1: The key is wrong." in listed.stdout
    assert "baton jobs replay" in listed.stderr
    assert baton("jobs", "replay", "1").stdout == "Job 1 (handoff) is due now.\n"
    ran = baton("jobs", "run")
    assert (ran.returncode, ran.stdout) == (0, "1 tried; 0 wait, 0 failed.\n")
    [shown] = json.loads(baton("jobs", "--json").stdout)["items"]
    assert (shown["state"], shown["result"]["brief"]) == ("done", briefs(home)[0])
