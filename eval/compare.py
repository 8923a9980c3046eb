"""Two runs side by side: `python -m eval.compare OLD.json NEW.json` shows what moved, by how much beyond chance, and which items turned."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.items import Item, scores_of
from eval.paired import Difference, paired
from eval.report import columns, named, paragraph, table


class NotARun(ValueError):
    """The file is no run to compare with; the message says what it is and what helps."""


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class StoredStamp(_Stored):
    name: str
    at: str


class StoredValue(_Stored):
    value: float
    items: int


class StoredRun(_Stored):
    """What a comparison needs of a run's JSON."""

    deals: tuple[str, ...]
    labels: str
    measures: dict[str, StoredValue | None]
    items: tuple[Item, ...]
    run: StoredStamp


@dataclass(frozen=True, slots=True)
class Moved:
    measure: str
    old: float | None
    new: float | None
    difference: Difference | None
    """New minus old over the shared items; None for what counts citations or statements, which no two runs share."""

    @property
    def same(self) -> bool:
        return self.old == self.new and not (self.difference and self.difference.value)


@dataclass(frozen=True, slots=True)
class Turned:
    """One item that is right in one run and wrong in the other."""

    old: Item
    new: Item


@dataclass(frozen=True, slots=True)
class Comparison:
    old: StoredStamp
    new: StoredStamp
    notes: tuple[str, ...]
    """Why not everything is compared."""
    shared: int
    measures: tuple[Moved, ...]
    newly_failing: tuple[Turned, ...]
    newly_passing: tuple[Turned, ...]


def load_run(file: Path) -> StoredRun:
    """Raises `NotARun`."""
    try:
        return StoredRun.model_validate_json(file.read_bytes())
    except OSError as error:
        raise NotARun(
            f"{file}: cannot be read ({error.strerror}); give the JSON of a run (`baton eval --out FOLDER` writes one)"
        ) from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise NotARun(
            f"{file}: not a run of the evaluation ({f'{place}: ' if place else ''}{fault['msg']}); `baton eval --out FOLDER` writes one"
        ) from error


def compare(old: StoredRun, new: StoredRun) -> Comparison:
    """Measure by measure and item by item; runs over other labels or deals are compared on the items they share word for word."""
    before = {item.id: item for item in old.items}
    pairs = [Turned(before[item.id], item) for item in new.items if item.id in before and before[item.id].text == item.text]
    whole = (old.labels, old.deals) == (new.labels, new.deals)
    names = [*new.measures, *(name for name in old.measures if name not in new.measures)]
    moved = (_moved(name, old, new, pairs, whole) for name in names)
    return Comparison(
        old.run,
        new.run,
        _notes(old, new, len(pairs)),
        len(pairs),
        tuple(row for row in moved if row.old is not None or row.new is not None),
        newly_failing=tuple(pair for pair in pairs if pair.old.right and not pair.new.right),
        newly_passing=tuple(pair for pair in pairs if pair.new.right and not pair.old.right),
    )


def comparison_text(comparison: Comparison, width: int) -> str:
    old, new = comparison.old, comparison.new
    head = paragraph("COMPARED  ", f"{old.name} ({old.at}) → {new.name} ({new.at}), {comparison.shared} items", width)
    head += [line for note in comparison.notes for line in paragraph("! ", note, width)]
    changed = [row for row in comparison.measures if not row.same]
    rows = [["", "old", "new", "difference [95 %]", "n", ""], *map(_row, changed)]
    still = len(comparison.measures) - len(changed)
    parts = ["\n".join(head)]
    if changed:
        parts.append(f"{table(rows)}\n↓ lower is better; * more than chance; {still} more measures did not move")
    else:
        parts.append(f"none of the {still} measures moved")
    parts.append(_turned_text("newly failing", comparison.newly_failing, width))
    parts.append(_turned_text("newly passing", comparison.newly_passing, width))
    return "\n\n".join(parts)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "old": comparison.old.model_dump(),
        "new": comparison.new.model_dump(),
        "notes": list(comparison.notes),
        "shared": comparison.shared,
        "measures": {
            row.measure: {
                "old": row.old,
                "new": row.new,
                "difference": row.difference and row.difference._asdict(),
                "significant": bool(row.difference and row.difference.significant),
            }
            for row in comparison.measures
        },
        "newly_failing": [asdict(pair) for pair in comparison.newly_failing],
        "newly_passing": [asdict(pair) for pair in comparison.newly_passing],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.compare", description="Compare two runs that `baton eval --out` wrote.")
    parser.add_argument("old", type=Path, metavar="OLD.json")
    parser.add_argument("new", type=Path, metavar="NEW.json")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output, with every measure")
    given = parser.parse_args(arguments)
    try:
        comparison = compare(load_run(given.old), load_run(given.new))
    except NotARun as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(comparison_json(comparison), ensure_ascii=False, indent=1))
    else:
        print(comparison_text(comparison, columns()))
    return 0


def _moved(name: str, old: StoredRun, new: StoredRun, pairs: Sequence[Turned], whole: bool) -> Moved:
    before = scores_of(name, (pair.old for pair in pairs))
    after = scores_of(name, (pair.new for pair in pairs))
    difference = paired(before, after)
    if whole:
        return Moved(name, _value(old, name), _value(new, name), difference)
    both = before.keys() & after.keys()
    return Moved(name, _mean([before[id] for id in before if id in both]), _mean([after[id] for id in after if id in both]), difference)


def _value(run: StoredRun, name: str) -> float | None:
    value = run.measures.get(name)
    return value.value if value else None


def _mean(scores: Sequence[float]) -> float | None:
    return round(sum(scores) / len(scores), 4) if scores else None


def _notes(old: StoredRun, new: StoredRun, shared: int) -> tuple[str, ...]:
    notes = []
    if old.labels != new.labels:
        notes.append(f"made on other labels ({old.labels}, now {new.labels})")
    if old.deals != new.deals:
        notes.append(f"made on other deals ({', '.join(old.deals)}; now {', '.join(new.deals)})")
    if not notes:
        return ()
    if not shared:
        return (*notes, "nothing is the same in both: there is nothing to compare")
    only = f"{len(old.items) - shared} items are in the old run alone, {len(new.items) - shared} in the new one alone"
    return (*notes, f"compared on what both have in the same words; {only}; measures of citations and statements are left out")


def _row(row: Moved) -> list[str]:
    old, new = ("-" if value is None else f"{value:.3f}" for value in (row.old, row.new))
    difference = row.difference
    if difference is None:
        return [named(row.measure), old, new, "", "", ""]
    told = f"{difference.value:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"
    return [named(row.measure), old, new, told, str(difference.items), "*" if difference.significant else ""]


def _turned_text(head: str, turned: Sequence[Turned], width: int) -> str:
    lines = [f"{head}: {len(turned)}"]
    for pair in turned:
        lines += paragraph(f"{pair.new.id} ", f"[{pair.new.kind}] {pair.new.text}", width)
        for when, item in (("was", pair.old), ("now", pair.new)):
            lines += paragraph(f"   {when} ", "right" if item.right else "✗ " + "; ".join(item.faults), width)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
