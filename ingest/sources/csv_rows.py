"""Reads a CRM's CSV export by its header, and says where one was cut off."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

from ingest.records import Failure
from ingest.sources.inputs import MOST_BYTES, Input, decode

MOST_ROWS = 200_000
"""More than a year of a large team's activities; what lies beyond would fill the memory before it helps anybody."""


class Table(NamedTuple):
    """Rows by their header's words in lower case, values stripped; `failures` says which rows are missing, and why."""

    rows: list[dict[str, str]]
    failures: tuple[Failure, ...] = ()


def table(item: Input) -> Table:
    content = decode(item.data).lstrip("\ufeff")
    csv.field_size_limit(MOST_BYTES)  # the library's own limit is less than one long mail
    rows: list[dict[str, str]] = []
    lines = csv.reader(io.StringIO(content, newline=""))
    header: list[str] = []
    cells: list[str] = []
    try:
        header = [cell.strip().lower() for cell in next(lines, [])]
        for cells in lines:
            if len(rows) == MOST_ROWS:
                detail = f"Only the first {MOST_ROWS:,} rows were read; split the export, by year or by account."
                return Table(rows, (Failure(item.name, "too_large", detail),))
            if any(cells):
                rows.append({key: value.strip() for key, value in zip(header, cells, strict=False)})
    except csv.Error as error:
        detail = f"The CSV cannot be read beyond row {len(rows) + 1} ({error}); export it again."
        return Table(rows, (Failure(item.name, "not_valid", detail),))
    unended = bool(cells) and len(cells) < len(header) and not content.endswith(("\n", "\r"))
    if rows and (unended or _ends_in_a_quotation(content)):
        detail = f"The CSV ends in the middle of row {len(rows)}, so the export was cut off: that row is left out. Export it again."
        return Table(rows[:-1], (Failure(item.name, "truncated_csv", detail),))
    return Table(rows)


def _ends_in_a_quotation(content: str) -> bool:
    if content.count('"') % 2 == 0:
        return False
    try:
        for _ in csv.reader(io.StringIO(content, newline=""), strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False
