"""Which tools are connected, and how the last pull of each went; read from the disk, so that it can be told while a home is in use."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.connectors.mirror import FOLDER, State, read_state
from ingest.connectors.wiring import NEEDS, connected
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from ingest.archive.archive import Archive


@dataclass(frozen=True, slots=True)
class Status:
    source: str
    connected: bool
    needs: tuple[str, ...]
    """Variables of the environment that hold its credentials; each may be a file instead. Gmail's stand for two ways."""
    state: State
    wrong: str = ""
    """Why its settings cannot be used."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """Of each kind, how much of what it gave is in the archive; empty where nobody looked."""

    def as_json(self) -> dict[str, Any]:
        trouble = self.state.trouble if self.connected else ""  # of a tool that is not asked any longer nobody need know
        return {
            "source": self.source,
            "connected": self.connected,
            "needs": list(self.needs),
            "since": self.state.since or None,
            "last": dict(self.state.last) if self.state.last else None,
            "trouble": ("Its settings cannot be used; `baton connect` says why." if self.wrong else trouble) or None,
            "trouble_at": (self.state.trouble_at if trouble else "") or None,
            "waiting": len(self.state.waiting),
            "kept": dict(self.kept),
        }

    def line(self) -> str:
        if self.wrong:
            return f"{self.source:<11} FIX  {self.wrong}"
        if not self.connected:
            return f"{self.source:<11} -    needs {', '.join(self.needs)}"
        last, state = self.state.last, self.state
        at = f"{last['at'][:16].replace('T', ' ')} UTC" if last else ""
        said = f"last change {at}: {last['changed']} files changed, {last['removed']} gone" if last else "nothing pulled yet"
        return f"{self.source:<11} {'FIX' if state.trouble else 'ok '}  {state.trouble or said}"


def statuses(home: Path, environment: Mapping[str, str] = os.environ, archive: Archive | None = None) -> list[Status]:
    """Of every tool Baton can ask."""
    found = []
    for name, need in NEEDS.items():
        wanted = [each for each in need.secrets if not each.startswith("?")] or [each.removeprefix("?") for each in need.secrets]
        needs = tuple(f"BATON_{name.upper()}_{each.upper()}" for each in wanted)
        state = read_state(home / FOLDER / f"{name}.json")
        try:
            is_set = name in connected(home, environment, only=name)
            kept = archive.count_below(str(home / FOLDER / name)) if archive else {}
            found.append(Status(name, is_set, needs, state, kept=kept))
        except BadSettings as bad:
            found.append(Status(name, False, needs, state, str(bad)))
    return found
