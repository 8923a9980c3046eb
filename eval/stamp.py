"""Which code made a run, when and on what machine: the commit is asked of git, and a tree without git is no fault."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SHORT = 12


@dataclass(frozen=True, slots=True)
class Stamp:
    commit: str
    """40 hex digits; empty where the code is not a git checkout."""
    dirty: bool
    """Files differ from the commit, or are not in it."""
    at: datetime
    python: str
    platform: str
    of: str = ""
    """What was measured, where that is not Baton as it comes."""

    @property
    def name(self) -> str:
        """`3a340a1f00d5`, `3a340a1f00d5-dirty` or `no-commit-20261122T140506Z`, and `-` and what was measured, for a file's name."""
        of = f"-{self.of}" if self.of else ""
        if not self.commit:
            return f"no-commit-{self.at:%Y%m%dT%H%M%SZ}{of}"
        return self.commit[:SHORT] + ("-dirty" if self.dirty else "") + of

    @property
    def told(self) -> str:
        """`3a340a1, 22 Nov 2026`, for tables."""
        return f"{self.name[:7] if self.commit and not self.dirty else self.name}, {self.at.day} {self.at:%b %Y}"


def stamp_of(root: Path, now: datetime) -> Stamp:
    """The stamp of a run of the code under `root` at `now`, which is in UTC."""
    # Installed code may lie inside somebody else's checkout (a .venv does); its commit says nothing about this code.
    ours = _git(root, "rev-parse", "--show-toplevel")
    commit = _git(root, "rev-parse", "HEAD") if ours and Path(ours).resolve() == root.resolve() else ""
    dirty = bool(commit and _git(root, "status", "--porcelain"))
    return Stamp(commit, dirty, now, platform.python_version(), platform.platform())


def _git(root: Path, *arguments: str) -> str:
    """What git says, or nothing: it may not be installed, `root` may be no checkout, or one that git does not trust."""
    try:
        ran = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, errors="replace", check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.strip()
