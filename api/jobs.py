"""What happens by itself: takes the jobs whose time has come, one after the other, and tries again later what did not work.

A job that fails is tried again after ten seconds, a minute, five, half an hour, two hours and six; then it waits for a person
(`baton jobs`). Within `with Jobs(…)` a thread of its own does them while the server serves; `run_due` does them and is over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING

from api.closing import KINDS, steps_of
from api.office import Office
from api.polling import Polls
from api.setbacks import Later, Never, StepFailed
from api.timetable import Timetable
from ingest.failpoints import past

if TYPE_CHECKING:
    from api.engine import Engine, Step
    from ingest.archive.work import Job

log = logging.getLogger("baton.api")

AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600))
PROMPT = frozenset({"slack"})
"""Kinds that somebody waits for: none of them stands behind a pull or a brief."""
TRIES_OF_PROMPT = 3
"""An answer that comes hours after its question helps nobody."""
LOOKS_EVERY_S = 60.0
"""For what fell due, where nothing wakes it."""
AFTER_TROUBLE_S = 10.0


class Jobs:
    """`wake` is called by whoever makes a job. Nothing is written while there is nothing to do.

    All kinds in turn; or two of it beside each other, one for what is `PROMPT` and one for the others. What is prompt has one step, and
    needs no engine.
    """

    def __init__(self, office: Office, prompt: bool | None = None) -> None:
        self._office = office
        self._prompt = prompt
        self._kinds = None if prompt is None else [kind for kind in KINDS if (kind in PROMPT) == prompt]
        self._timetable = Timetable(office)
        self._polls = Polls(office)
        self._engine: Engine | None = None
        self._stop = threading.Event()
        self._news = threading.Event()
        self._failed: dict[int, Exception] = {}
        self._thread = threading.Thread(target=self._keep_on, name="jobs" if not prompt else "prompt jobs")

    def __enter__(self) -> Jobs:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Waits for the step being done. What is left of its job, and the other jobs, are done at the next start."""
        self._stop.set()
        self._news.set()
        self._thread.join()
        self.close()

    def wake(self) -> None:
        self._news.set()

    @property
    def next_pull_at(self) -> datetime | None:
        """None where the settings have nobody asked by themselves."""
        return self._polls.next_at

    def run_due(self, most: int = 10_000) -> int:
        """How many jobs were tried; those that failed are tried again another time."""
        if not self._prompt:
            self._polls.ask_if_due()
            self._timetable.put_up()
        for count in range(most):
            job = self._office.work.next_due(self._kinds)
            if job is None or self._stop.is_set():
                return count
            self._do(job)
        return most

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _keep_on(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            wait = LOOKS_EVERY_S
            try:
                self.run_due()
                if (at := self._office.work.next_at(self._kinds)) is not None:
                    wait = min(LOOKS_EVERY_S, max(0.05, (at - self._office.work.now()).total_seconds()))
            except Exception:  # a full disk, say: whatever it is, the server goes on, and so does this
                log.exception("jobs: could not go on")
                wait = AFTER_TROUBLE_S
            if not self._stop.is_set():
                self._news.wait(wait)

    def _do(self, job: Job) -> None:
        work = self._office.work
        if job.state == "waiting":
            begun = work.begin_job(job.number)
            if begun is None:
                return
            job = begun
        if self._straight(job) if job.kind in PROMPT else self._by_engine(job):
            return
        error = self._failed.pop(job.number, None) or Later("it did not work, and its reason was lost when the process ended")
        waits = AGAIN_AFTER[:TRIES_OF_PROMPT] if job.kind in PROMPT else AGAIN_AFTER
        again = None if isinstance(error, Never) or job.tries > len(waits) else waits[job.tries - 1]
        if again is not None and isinstance(error, Later) and error.after is not None:
            again = max(again, error.after)
        if self._stop.is_set():
            again = timedelta()
        expected = isinstance(error, Later | Never)
        trouble = str(error) if expected else f"something went wrong here ({type(error).__name__}); the server's log has more"
        work.fail_job(job.number, trouble, work.now() + again if again is not None else None)
        level = logging.ERROR if again is None or not expected else logging.WARNING
        log.log(level, "job %s (%s): %s", job.number, job.kind, trouble, exc_info=None if expected else error)

    def _straight(self, job: Job) -> bool:
        try:
            for _, step in self._steps(job.number):
                step()
        except StepFailed:
            return False
        return True

    def _by_engine(self, job: Job) -> bool:
        if self._engine is None:
            from api.engine import Engine  # slow to load, and for those who have work for it

            self._engine = Engine(self._office.kit.home.path, self._steps)
        return self._engine.run(job.run, job.number)

    def _steps(self, number: int) -> Sequence[Step]:
        job = self._office.work.job(number)
        steps = [*steps_of(job), ("end", lambda office, job: office.work.end_job(job.number))]
        return [(name, self._watched(number, name, step)) for name, step in steps]

    def _watched(self, number: int, name: str, step: Callable[[Office, Job], None]) -> Callable[[], None]:
        def watched() -> None:
            past(f"{name} begins")
            try:
                if self._stop.is_set():
                    raise Later("the server was stopped meanwhile")
                step(self._office, self._office.work.job(number))
            except Exception as error:
                self._failed[number] = error
                raise StepFailed from None
            past(f"{name} is over")

        return watched
