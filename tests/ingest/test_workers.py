"""A worker that hangs, swallows memory or dies costs the item it was at, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import workers
from ingest.workers import Trouble, Workers
from tests.ingest.misbehaving import double, misbehave, wait_for, who


def forever(item: object) -> float:
    return 60


def brief(item: object) -> float:
    return 0.1 if item in ("hang", "loop") else 60


def test_results_come_in_the_order_of_the_items() -> None:
    with Workers(double, forever, most=3) as pool:
        assert list(pool.run(range(300))) == [2 * number for number in range(300)]


def test_a_later_item_does_not_wait_for_an_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_EACH_WORTH", 1)
    first, second = tmp_path / "first", tmp_path / "second"
    os.mkfifo(first)
    second.write_text("second", encoding="utf-8")
    with Workers(wait_for, forever, most=2) as pool:
        results = pool.run([first, second])
        with first.open("w", encoding="utf-8") as pipe:
            pipe.write("first")
        assert list(results) == ["first", "second"]


def test_on_a_busy_machine_an_item_has_longer_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "place"
    os.mkfifo(place)
    with Workers(wait_for, lambda item: 1, most=1) as pool:
        results = pool.run([place])
        with place.open("w", encoding="utf-8") as pipe:  # once the worker has opened it, too
            _let_pass(workers.FAR - 1, monkeypatch)
            pipe.write("read all the same")
        assert list(results) == ["read all the same"]


def test_what_stands_still_is_given_up_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "place"
    os.mkfifo(place)
    with Workers(wait_for, lambda item: 1, most=1) as pool:
        results = pool.run([place])
        with place.open("w", encoding="utf-8"):
            _let_pass(workers.FAR + 1, monkeypatch)
            assert list(results) == [Trouble.TOO_SLOW]


def _let_pass(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    now = workers.monotonic()
    monkeypatch.setattr(workers, "monotonic", lambda: now + seconds)


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("hang", Trouble.TOO_SLOW),
        ("loop", Trouble.TOO_SLOW),
        ("segfault", Trouble.DIED),
        ("raise", Trouble.DIED),
        ("interrupt", "interrupt"),
        ("print", "print"),
        pytest.param(
            "swallow", Trouble.TOO_LARGE, marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
        ),
    ],
)
def test_what_one_item_does_to_its_worker_the_others_do_not_notice(how: str, outcome: object) -> None:
    with Workers(misbehave, brief, most=1) as pool:
        list(pool.run(["warm"]))  # so that the short patience is not spent on starting
        assert list(pool.run(["a", how, "b", "c"])) == ["a", outcome, "b", "c"]


def test_a_worker_is_replaced_after_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST_ITEMS", 3)
    with Workers(who, forever, most=1) as pool:
        did = list(pool.run(range(7)))
    assert [did.count(pid) for pid in dict.fromkeys(did)] == [3, 3, 1]
    assert os.getpid() not in did


def test_few_items_are_done_by_one_worker() -> None:
    with Workers(who, forever, most=4) as pool:
        assert len(set(pool.run(range(10)))) == 1


def test_nothing_to_do_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.subprocess, "Popen", refuse)
    with Workers(double, forever) as pool:
        assert list(pool.run([])) == []


def refuse(*_: object, **__: object) -> None:
    raise OSError("no processes here")


@pytest.mark.parametrize("start", [refuse, None])
def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch, start: Callable[..., None] | None) -> None:
    if start is not None:
        monkeypatch.setattr(workers.subprocess, "Popen", start)
    else:  # it starts, and ends before it is ready
        monkeypatch.setattr(workers, "_BOOT", "raise SystemExit(1)")
    with Workers(who, forever) as pool:
        assert set(pool.run(range(5))) == {os.getpid()}


def test_workers_end_with_the_block() -> None:
    with Workers(who, forever, most=1) as pool:
        (pid,) = pool.run([1])
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(pid)), 0)


def test_workers_end_when_the_results_are_not_wanted_any_longer() -> None:
    with Workers(misbehave, forever, most=1) as pool:
        results = pool.run(["hang"])
        pid = pool._alive[0].process.pid
        del results
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
