"""Runs what is measured in a process of its own, and says what that process took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from bench.speed.figures import Broken

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
CASES = ROOT / "data" / "cases"
BATON = str(Path(sys.executable).with_name("baton"))
PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Ran:
    """A process from its start to its end."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """The most memory it held. Linux counts in what the process that started it held, so that one stays small: see `Place`."""
    out: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A child's work: what it says of it, the libraries it had loaded at its end, and the process."""

    said: dict[str, Any]
    libraries: tuple[str, ...]
    process: Ran


def run(*command: str, codes: tuple[int, ...] = (0,)) -> Ran:
    """Raises `Broken` for an exit code that is not among `codes`, with the last line the process wrote about it."""
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        begun = perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=ROOT, env=environment())
        cpu_s, peak_mb = ended(process)
        wall_s = perf_counter() - begun
        out.seek(0)
        err.seek(0)
        if process.returncode not in codes:
            raise Broken(f"`{' '.join(command[:4])}` ended with {process.returncode}: {_last_line(err.read())}")
        return Ran(wall_s, cpu_s, peak_mb, out.read())


def child(work: str, **arguments: Any) -> Worked:
    """`work` names a function of `bench.speed.baton` or `bench.speed.plain`; arguments and what it gives back go as JSON."""
    ran = run(PYTHON, "-m", "bench.speed.child", work, json.dumps(arguments))
    answer = json.loads(ran.out.splitlines()[-1])
    return Worked(answer["said"], tuple(answer["libraries"]), ran)


def ended(process: subprocess.Popen[Any]) -> tuple[float, float]:
    """Waits for the end; processor seconds and the most memory in MB, which Linux counts in KiB and macOS in bytes."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def environment(**more: str) -> dict[str, str]:
    """Ours without what would change the Baton that is measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BATON_")} | more


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing")
