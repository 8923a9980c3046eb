"""The numbered sources at the end of an exported brief: where each quote was said, by whom, when, and its exact words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.brief.paper import Page, cited_on, day_words, shortened
from assistant.render import AS_TRANSCRIBED, KIND_WORDS, clock

SEARCHES = "What was searched for the open questions"
LONGEST_QUOTE = 60
"""Words of a quote that a printed page repeats; the whole of it stands behind the link and in the JSON."""

_SIDES = {"seller": "seller", "buyer": "customer", "partner": "partner"}


@dataclass(frozen=True, slots=True)
class Note:
    number: int
    id: str
    setting: str
    """`Call, 24 Sep 2026 32:01, Dana Okafor (seller), Commercial alignment`."""
    quote: str
    url: str
    """Only http and https: the address comes from an export, and a file is opened by a program that follows what it is given."""


def notes(body: Mapping[str, Any], page: Page) -> Iterator[Note]:
    """The citations that the page shows, in the order of their numbers."""
    by_id = {citation["id"]: citation for citation in body["citations"]}
    for citation in sorted((by_id[id] for id in cited_on(page.sections)), key=lambda one: int(one["number"])):
        url = citation["source"]["url"] or ""
        yield Note(
            citation["number"],
            citation["id"],
            _setting(citation),
            shortened(" ".join(citation["quote"]["exact"].split()), LONGEST_QUOTE),
            url if url.startswith(("https://", "http://")) else "",
        )


def numbers(body: Mapping[str, Any]) -> dict[str, int]:
    return {citation["id"]: citation["number"] for citation in body["citations"]}


def _setting(citation: Mapping[str, Any]) -> str:
    kind = KIND_WORDS[citation["kind"]][0]
    source, speaker, locator = citation["source"], citation["speaker"], citation["locator"]
    at = "" if locator["start_ms"] is None else f" {clock(locator['start_ms'])}"
    page = "" if locator["page"] is None else f" p. {locator['page']}"
    when = day_words(source["occurred_on"]) if source["occurred_on"] else "no date"
    side = f" ({_SIDES[speaker['side']]})" if speaker and speaker["side"] in _SIDES else ""
    who = f"{speaker['name']}{side}" if speaker else ""
    unsure = AS_TRANSCRIBED if citation.get("low_confidence") else ""
    return ", ".join(filter(None, (f"{kind[0].upper()}{kind[1:]}", f"{when}{at}{page}", who, source["title"], unsure)))
