"""Which sections a brief shows, in which order, under which titles and how much of each: a file that an admin can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "layouts"
"""In the home, for a team's own; one of the same name takes the place of ours."""
STANDARD = "standard"
SECTIONS = (
    "story", "goals", "promises", "risks", "people", "gaps", "attested", "timeline", "commercials", "requirements", "decision", "changes",
    "asked", "kickoff",
)  # fmt: skip
MOST_ROWS = 60
_OURS = Path(__file__).with_name(FOLDER)


class BadLayout(ValueError):
    """A layout that cannot be used; the message says which file and what would be right."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    title: str
    rows: int
    least: int = 1
    """Rows that it keeps before any other section is given a further one; of promises never fewer, whatever else has to go."""


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    words: int
    parts: tuple[Part, ...]
    amount_below: float | None = None
    """Deals of a smaller amount take it by themselves."""


def chosen(home: Path, name: str | None, amount: float | None) -> Layout:
    """The layout of that name; without one, the first whose `amount_below` is above the deal's amount, else the standard one.

    Raises `BadLayout` for a file that cannot be used and for a name that is not there.
    """
    files = {path.stem: path for folder in (_OURS, home / FOLDER) for path in sorted(folder.glob("*.toml"))}
    if name is not None:
        if name not in files:
            raise BadLayout(f"there is no layout {name!r}; there are {', '.join(sorted(files))}. Your own go into {home / FOLDER}.")
        return read(files[name])
    fits = [layout for path in files.values() if (layout := read(path)).amount_below is not None]
    small = [one for one in fits if amount is not None and one.amount_below is not None and 0 < amount < one.amount_below]
    return min(small, key=lambda one: one.amount_below or 0.0) if small else read(files[STANDARD])


def read(path: Path) -> Layout:
    try:
        held = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadLayout(f"{path} is not valid TOML: {error}") from error
    unknown = set(held) - {"words", "amount_below", "section"}
    if unknown:
        raise BadLayout(f"{path} has no setting {sorted(unknown)[0]!r}; it has words, amount_below and [[section]]")
    return Layout(
        path.stem,
        _number(path, held, "words", 900, 100, 5000),
        tuple(_part(path, one) for one in held.get("section", [])),
        _below(path, held),
    )


def as_json(layout: Layout) -> dict[str, Any]:
    """As it stands in the kept body, so that an old version looks as it did when the file has changed."""
    return {
        "name": layout.name,
        "words": layout.words,
        "sections": [{"name": part.name, "title": part.title, "rows": part.rows, "least": part.least} for part in layout.parts],
    }


def of_body(body: Mapping[str, Any]) -> Layout:
    held = body.get("layout")
    if not held:
        return read(_OURS / f"{STANDARD}.toml")
    return Layout(held["name"], held["words"], tuple(_held(one) for one in held["sections"]))


def _held(section: Mapping[str, Any]) -> Part:
    """Versions from before there was a `least` keep as many rows of each section as ours does today."""
    ours = next((part.least for part in read(_OURS / f"{STANDARD}.toml").parts if part.name == section["name"]), 1)
    return Part(section["name"], section["title"], section["rows"], min(section.get("least", ours), section["rows"]))


def _part(path: Path, held: Any) -> Part:
    if not isinstance(held, dict) or held.get("name") not in SECTIONS:
        raise BadLayout(f"{path}: every [[section]] needs a name of {', '.join(SECTIONS)}")
    unknown = set(held) - {"name", "title", "rows", "least"}
    if unknown:
        raise BadLayout(f"{path}: section {held['name']} has no setting {sorted(unknown)[0]!r}; it has name, title, rows and least")
    title = str(held.get("title") or held["name"].capitalize())
    rows = _number(path, held, "rows", MOST_ROWS, 1, MOST_ROWS)
    return Part(held["name"], title, rows, _number(path, held, "least", 1, 0, rows))


def _number(path: Path, held: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = held.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadLayout(f"{path}: {name} must be a whole number from {least} to {most}")
    return value


def _below(path: Path, held: Mapping[str, Any]) -> float | None:
    value = held.get("amount_below")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
        raise BadLayout(f"{path}: amount_below must be a number above 0")
    return None if value is None else float(value)
