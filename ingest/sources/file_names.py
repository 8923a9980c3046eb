"""What a recording's file name says: when it began and what it was called."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ingest.sources import organisation

_STAMP = re.compile(r"(GMT)?(20\d{2})-?(\d{2})-?(\d{2})[-_ T]?(\d{2})[.:-]?(\d{2})[.:-]?(\d{2})(?!\d)")
_DATE = re.compile(r"(GMT)?(?<!\d)(20\d{2})[-_.](\d{2})[-_.](\d{2})(?!\d)")
_ENDING = re.compile(r"(?:\.transcript)?\.[^.]+$|[-_ ]+otter[._]ai\.\w+$")
_TEAMS = re.compile(r"-\d{8}_\d{6}(?:UTC)?-Meeting (?:Transcript|Recording)$")


def stamped(name: str) -> datetime | None:
    """The moment in names such as GMT20260514-150000_Recording.transcript.vtt, or in the recording's folder."""
    return _found(_STAMP, name)


def dated(name: str) -> datetime | None:
    """The same, or the day in names such as `Discovery call 2026-05-14.txt`."""
    return stamped(name) or _found(_DATE, name)


def title(name: str) -> str:
    """The name without what tools add to it; the folder's where nothing is left."""
    path = PurePosixPath(name)
    stem = without_stamp(_ENDING.sub("", path.name))
    return stem if re.sub(r"^(?:GMT)?[\d-]+(?:_Recording)?", "", stem) or not path.parent.name else path.parent.name


def without_stamp(stem: str) -> str:
    """`Kick-off-20260827_083041-Meeting Transcript`, as Teams calls its files, is Kick-off."""
    return _TEAMS.sub("", stem)


def _found(pattern: re.Pattern[str], name: str) -> datetime | None:
    for part in reversed(PurePosixPath(name).parts[-2:]):
        if found := pattern.search(part):
            in_greenwich, *pieces = found.groups()
            try:
                at = datetime(*map(int, pieces))  # type: ignore[arg-type]  # mypy cannot count the groups
            except ValueError:
                continue
            if len(pieces) == 3:
                return at.replace(tzinfo=organisation.zone())
            return at.replace(tzinfo=UTC) if in_greenwich or part.startswith("UTC", found.end()) else organisation.localised(at)
    return None
