"""The promises as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.brief.states import SHORT_TIERS

COLUMNS = (
    "id", "promise", "kind", "strength", "conditions", "made_by", "made_to", "made_on", "due", "due_as_said", "contract", "contract_says",
    "current", "status", "evidence", "source", "source_date", "link",
)  # fmt: skip


def promises_csv(promises: Sequence[Mapping[str, Any]], citations: Sequence[Mapping[str, Any]]) -> str:
    """One promise a row, with the words of its source and what the contract says about it."""
    by_id = {citation["id"]: citation for citation in citations}
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for promise in promises:
        said = by_id[promise["citations"][0]]
        paper = by_id.get(promise["contract_citation"] or "")
        due = promise["due"] or {"date": "", "as_said": ""}
        row = (
            promise["id"], promise["text"], promise["kind"], promise["strength"], promise["conditions"], promise["made_by"]["name"],
            promise["made_to"]["name"] if promise["made_to"] else "", promise["made_on"], due["date"], due["as_said"], promise["contract"],
            paper["quote"]["exact"] if paper else "", "yes" if promise["current"] else "no", promise["status"], _evidence(promise),
            said["source"]["title"], said["source"]["occurred_on"] or "", said["source"]["url"],
        )  # fmt: skip
        table.writerow([defused(cell) for cell in row])
    return written.getvalue()


def _evidence(promise: Mapping[str, Any]) -> str:
    return ", ".join(SHORT_TIERS[tier] for tier in promise.get("tiers", ()))


def defused(cell: object) -> str:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe; what it shows is the same."""
    text = "" if cell is None else " ".join(str(cell).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) else text
