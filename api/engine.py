"""Runs a job's steps so that a kill loses none and repeats none that was over: DBOS, on a file of its own in the home.

What happens by itself is few and slow, so one job is run at a time. Nothing of a job but its number and the names of its steps is written
to that file: what it is about stands in the archive, is erased with it, and is in its backups. The file may be lost; then a job that was
being done is done from its first step, which changes nothing where it was done before.

Of DBOS 3.4 was seen here: importing it takes 0.7 s of processor time, so it is loaded by the first job and never by a command that has
none; launching 0.05 s, seven threads, 0.7 % of a core while idle; it writes Python pickles unless it is given another serializer.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID

from api.setbacks import StepFailed

FILE = "jobs.db"
Step = tuple[str, Callable[[], None]]
Steps = Callable[[int], Sequence[Step]]
"""Of a job, by its number. The same ones again for the same number: what is over is told by name and place."""

_steps: Steps | None = None
log = logging.getLogger("baton.api")


class _Plain(Serializer):
    """Names and numbers; of an error its kind alone."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=lambda other: type(other).__name__)

    def deserialize(cls, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "baton"


@DBOS.workflow(name="job")
def _job(number: int) -> bool:
    assert _steps is not None
    for name, step in _steps(number):
        try:
            DBOS.run_step({"name": name}, step)
        except StepFailed:
            return False
    return True


class Engine:
    """One a process."""

    def __init__(self, home: Path, steps: Steps) -> None:
        global _steps
        _steps = steps
        file = home / FILE
        os.close(os.open(file, os.O_CREAT, 0o600))
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        config = DBOSConfig(
            name="baton",
            system_database_url=f"sqlite:///{file}",
            serializer=_Plain(),
            log_level="CRITICAL",  # its errors carry stack traces with values in them; ours are in the job
            application_version="1",  # of the steps: a job that an older Baton began is finished by this one
            executor_id="baton",
            enable_otlp=False,
            run_migrations=True,
        )
        DBOS(config=config)
        DBOS.launch()

    def run(self, run: str, number: int) -> bool:
        """Waits until the job's steps are over; False where one of them failed. A run that was over before is not run again."""
        with SetWorkflowID(run):
            return bool(DBOS.start_workflow(_job, number).get_result(polling_interval_sec=0.05))

    def close(self) -> None:
        DBOS.destroy(workflow_completion_timeout_sec=0)
