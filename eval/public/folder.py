"""Where the public sets lie: beside the project, never in it, because several of their licences forbid a copy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

VARIABLE = "BATON_PUBLIC_DATA"
BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "data"


class Absent(Exception):
    """A set is not here; the message is the word with which it is skipped."""


def public_data(given: Path | None, environment: Mapping[str, str]) -> Path:
    """The folder that holds a folder a set: the one given, else the environment's, else the one beside the project."""
    if given is not None:
        return given
    return Path(environment[VARIABLE]) if environment.get(VARIABLE) else BESIDE


def file_of(folder: Path, name: str) -> Path:
    """A file of a set. Raises `Absent`: part of a set is as good as none."""
    file = folder / name
    if not file.is_file():
        raise Absent(f"{folder.name}: not here ({file}); skipped")
    return file
