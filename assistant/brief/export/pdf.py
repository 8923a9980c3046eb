"""A brief as a PDF on A4: set by Typst, which brings its own fonts and takes the words as data, never as mark-up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from assistant.brief.export.notes import SEARCHES, notes, numbers
from assistant.brief.page import lay_out
from assistant.brief.paper import anything_folded, last_of_first_page
from assistant.brief.render import IN_FULL

_TEMPLATE = Path(__file__).with_name("brief.typ")


def as_pdf(body: Mapping[str, Any]) -> bytes:
    """Tagged for screen readers; each mark leads to its source at the end, each source to the original where that has an address."""
    page, number_of = lay_out(body), numbers(body)
    data = {
        "title": page.title,
        "account": body.get("account_name") or body["account"],
        "version": body["version"] or 1,
        "facts": page.facts,
        "warnings": page.warnings,
        "folded": IN_FULL if anything_folded(page) else "",
        "sections": [
            {
                "title": section.title,
                "first": section.first,
                "ends_the_first_page": section is last_of_first_page(page),
                "groups": [
                    {
                        "heading": group.heading,
                        "columns": group.columns,
                        "prose": group.prose,
                        "more": f"… {group.folded}" if group.more else "",
                        "rows": [
                            {
                                "words": row.words,
                                "detail": row.detail,
                                "cells": row.cells,
                                "marks": [number_of[id] for id in row.citations],
                            }
                            for row in group.rows
                        ],
                    }
                    for group in section.groups
                ],
            }
            for section in page.sections
        ],
        "searched": SEARCHES,
        "searches": [{"words": row.words, "detail": row.detail} for row in page.searches],
        "notes": [{"number": n.number, "setting": n.setting, "quote": n.quote, "url": n.url} for n in notes(body, page)],
    }
    # The root is the template's own folder, which holds nothing that could be read into a brief.
    return bytes(typst.compile(str(_TEMPLATE), root=str(_TEMPLATE.parent), sys_inputs={"brief": json.dumps(data, ensure_ascii=False)}))
