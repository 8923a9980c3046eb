"""What is being erased, kept on the disk beside the archive until it is done, so that a run that is killed can be finished."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingest.archive.archive import Archive
from ingest.archive.traces import Traces

PENDING = ".erasing"
"""The file in a home that says what is being erased; whoever opens the home next finishes it."""
Kind = Literal["account", "person"]


@dataclass(slots=True)
class Note:
    """What is being erased, kept on disk until it is done."""

    kind: Kind
    id: str
    traces: Traces = field(default_factory=Traces)
    stage: str = ""
    report: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """On the disk before anything is changed, whole or not at all."""
        body = {
            "kind": self.kind, "id": self.id, "stage": self.stage, "report": self.report, "names": sorted(self.traces.names),
            "said": self.traces.said, "vectors": [each.hex() for each in self.traces.vectors],
        }  # fmt: skip
        made = path / f"{PENDING}.new"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            json.dump(body, opened)  # in ASCII, whatever characters a name has
            opened.flush()
            os.fsync(opened.fileno())
        made.replace(path / PENDING)
        _sync_folder(path)

    @classmethod
    def read(cls, path: Path) -> Note | None:
        try:
            body = json.loads((path / PENDING).read_text("utf-8"))
            traces = Traces(frozenset(body["names"]), tuple(body["said"]), tuple(map(bytes.fromhex, body["vectors"])))
            return cls(body["kind"], body["id"], traces, body["stage"], body["report"])
        except (ValueError, KeyError, TypeError):
            return None

    def done(self, path: Path) -> None:
        """The file is overwritten before it goes, as far as a file system lets one."""
        for name in (PENDING, f"{PENDING}.new"):
            file = path / name
            if file.is_file():
                with file.open("r+b") as opened:
                    opened.write(b"\0" * file.stat().st_size)
                    opened.flush()
                    os.fsync(opened.fileno())
                file.unlink()
        _sync_folder(path)


def counted_last(archive: Archive, kind: Kind) -> dict[str, int]:
    """What a run that was killed after its transaction had counted."""
    return next((report for what, _, report in reversed(archive.erasures()) if what == kind), {})


def _sync_folder(path: Path) -> None:
    """A renamed or removed file is so on the disk too."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
