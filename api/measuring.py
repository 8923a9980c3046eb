"""Evaluations that the server starts itself: one at a time, each in a process of its own that yields to those who ask, its run kept in the
home beside what `baton eval --out` leaves.

    [evaluations]
    own = "/srv/labelled"      # a name, and a folder with samples/ and cases/; a relative one lies in the home

Without a name the labelled deals of the source tree are measured. Nobody names a path over the network.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal
from urllib.parse import quote
from uuid import uuid4

from api.importing import load_folders
from api.problems import Problem
from api.running import RUNS
from assistant.render import moment
from ingest.opened import Home
from ingest.settings import FILE, BadSettings

TABLE = "evaluations"
PREFIX = "evl_"
MOST_KEPT = 20
"""Evaluations that are known by their ids; of older ones the runs are kept all the same."""
YIELDS = 10
"""Added to the niceness of the process."""
ENDING_S = 10.0
A_RUN = (0, 4)
"""How `python -m eval` ends when it has measured; 4 where a gate failed."""
_TOLD = "Error: "

State = Literal["running", "done", "failed"]

log = logging.getLogger("baton.api")


def load_labelled(home: Path) -> dict[str, Path]:
    """By name. Raises BadSettings."""
    return load_folders(home, TABLE, "labelled deals")


@dataclass(slots=True)
class Evaluation:
    cases: str | None
    id: str = field(default_factory=lambda: f"{PREFIX}{uuid4().hex}")
    state: State = "running"
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished_at: datetime | None = None
    run: str | None = None
    """The name under which the run is kept, once it is done."""
    detail: str | None = None

    def as_json(self) -> dict[str, Any]:
        told = {"id": self.id, "cases": self.cases, "state": self.state, "started_at": moment(self.started_at)}
        return {**told, "finished_at": moment(self.finished_at), "run": self.run, "detail": self.detail}


class Evaluations:
    def __init__(self, home: Home, command: Sequence[str] = (sys.executable, "-m", "eval")) -> None:
        self._home, self._command = home, tuple(command)
        self._kept: OrderedDict[str, Evaluation] = OrderedDict()
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._working: Thread | None = None

    def begin(self, cases: str | None) -> Evaluation:
        """Raises Problem: 404 for a name that the settings do not have, 409 while another runs or where nothing is labelled."""
        folder = self._folder(cases)
        with self._lock:
            if self._process is not None:
                raise Problem(409, "evaluation_in_progress", "An evaluation is running. Wait until it is done.")
            begun = Evaluation(cases)
            self._process = self._started(folder)
            self._kept[begun.id] = begun
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            self._working = Thread(target=self._wait, args=(begun, self._process), name=begun.id, daemon=True)
        self._working.start()
        return begun

    def find(self, id: str) -> Evaluation | None:
        return self._kept.get(id)

    def close(self) -> None:
        """Ends the one that runs; it has changed nothing."""
        with self._lock:
            process = self._process
        if process is not None:
            process.terminate()
        if self._working:
            self._working.join(ENDING_S)

    def _folder(self, cases: str | None) -> Path:
        from eval.command import DATA

        if cases is None:
            folder = DATA
        else:
            try:
                folder = load_labelled(self._home.path)[cases]
            except (BadSettings, KeyError) as error:
                if isinstance(error, BadSettings):
                    log.error("no labelled deals can be measured: %s", error)
                raise Problem(404, "no_cases", f"[{TABLE}] in {FILE} names no folder so.") from error
        if not (folder / "cases").is_dir():
            raise Problem(
                409,
                "no_labels",
                f"There are no labelled deals here to measure; name a folder with samples/ and cases/ in [{TABLE}] of {FILE}.",
            )
        return folder

    def _started(self, folder: Path) -> subprocess.Popen[str]:
        from eval.command import HERE

        process = subprocess.Popen(
            [*self._command, str(folder), "--json"], cwd=HERE.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        with suppress(OSError, AttributeError):  # it has ended already, or a system that knows no niceness
            os.setpriority(os.PRIO_PROCESS, process.pid, YIELDS)
        return process

    def _wait(self, one: Evaluation, process: subprocess.Popen[str]) -> None:
        detail: str | None = "The evaluation could not be made; the server's log says more."
        run: str | None = None
        try:
            told, said = process.communicate()
            if process.returncode in A_RUN:
                run, detail = _keep(json.loads(told), self._home.path / RUNS, one.cases), None
            elif process.returncode < 0:
                detail = "The evaluation was stopped."
            elif known := [line.removeprefix(_TOLD) for line in said.splitlines() if line.startswith(_TOLD)]:
                detail = known[-1]
            else:
                log.error("evaluation %s ended with %s: %s", one.id, process.returncode, said)
        except Exception:
            log.exception("evaluation %s failed", one.id)
        finally:
            one.run, one.detail, one.finished_at = run, detail, datetime.now(UTC)
            one.state = "done" if run else "failed"
            with self._lock:
                self._process = None


def _keep(body: dict[str, Any], folder: Path, cases: str | None) -> str:
    """Its name: that of the code, and which labels they were where they are not those of the source tree."""
    name = f"{body['run']['name']}-{cases}" if cases else str(body["run"]["name"])
    body["run"]["name"] = name
    folder.mkdir(exist_ok=True)
    place = folder / f"{quote(name, safe='')}.json"
    beside = place.with_suffix(".part")
    beside.touch(0o600)  # it quotes the deals it measured
    beside.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    beside.replace(place)
    return name
