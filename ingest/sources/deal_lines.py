"""Writes a CRM's fields, and how they changed, as lines that can be found and quoted: `Amount: 148500 USD`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ingest.records import Turn

_MOST_CHANGES = 100
"""Of one field; a field that changes more often is set by a machine, and its latest changes are kept."""


class Change(NamedTuple):
    """A field had another value from this day on; `before` is empty where it is the first one known."""

    field: str
    before: str
    after: str
    at: str
    """ISO, whatever its precision: changes are told in its order."""
    on: str
    """The day as people call it."""
    by: str = ""


def amount(value: str, currency: str) -> str:
    """148500.0 and USD as "148500 USD"; a sum in one currency is never added to one in another, so the two stay together."""
    return " ".join(filter(None, [plain_number(value), currency])) if value else ""


def plain_number(value: str) -> str:
    """186000.0 as 186000; anything that is no number stays."""
    return value[:-2] if re.fullmatch(r"-?\d+\.0", value) else value


def lines(fields: Mapping[str, str]) -> str:
    return "\n".join(f"{label}: {' '.join(value.split())}" for label, value in fields.items() if value.strip())


def histories(changes: Iterable[Change]) -> list[Turn]:
    """A turn a field, a line a change: `Changed amount: 148500 USD → 178200 USD (2026-08-20, by Priya Raman)`.

    A field's changes stand together, so that they are found as one passage and not as dozens, and each line is a quote of its own. The
    day stands behind the value because what is claimed must stand in its quote; the field's name does not stand first because these
    lines are no fields of the deal as it is now.
    """
    fields: dict[str, list[Change]] = {}
    for change in sorted(dict.fromkeys(changes), key=lambda change: change.at):
        known = fields.setdefault(change.field, [])
        before = change.before or (known[-1].after if known else "")
        told = bool(known) and known[-1].after == change.after  # two histories of one field tell each change twice
        if change.after != before and not told:
            known.append(change._replace(before=before))
    return [
        Turn("\n".join(map(_line, known[-_MOST_CHANGES:])), heading=f"{field} history")
        for field, known in fields.items()
        if known and not (len(known) == 1 and not known[0].before and field != "Stage")
    ]


def _line(change: Change) -> str:
    field = change.field[:1].lower() + change.field[1:]
    before, after = (" ".join(value.split()) for value in (change.before, change.after))
    when = ", ".join(filter(None, [change.on, f"by {change.by}" if change.by else ""]))
    what = f"Changed {field}: {before} → {after or 'nothing'}" if before else f"Set {field}: {after}"
    return f"{what} ({when})" if when else what
