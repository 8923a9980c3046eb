"""What a run has to say of the machine and the code it ran on, and the file it is kept in; nothing that names a person or a host."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.speed.figures import Section, as_json
from bench.speed.processes import ROOT

RESULTS = ROOT / "bench" / "results"


def facts() -> dict[str, Any]:
    """The load average tells, read before the run, whether others used the machine."""
    return {
        "commit": commit(),
        "uncommitted_changes": bool(_git("status", "--porcelain")),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def commit() -> str:
    return _git("rev-parse", "--short=12", "HEAD") or "unknown"


def keep(sections: Sequence[Section], about: dict[str, Any], at: datetime, file: Path | None = None) -> Path:
    """Writes the run as JSON to `file`, else to a name made of the moment and the commit."""
    kept = file or RESULTS / f"{at:%Y%m%dT%H%M%SZ}-{about['commit']}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    run = {"at": at.isoformat(timespec="seconds"), **about, "sections": {section.name: as_json(section) for section in sections}}
    kept.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return kept


def _git(*command: str) -> str:
    try:
        return subprocess.run(["git", "-C", str(ROOT), *command], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):  # an export of the sources without its history
        return ""


def _cpu() -> str:
    """The processor's name where the system tells it in a file, else its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
