"""A kept answer as it may be shown today: without the words that somebody took out as confidential after it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.records import Span

Withheld = Mapping[str, Sequence[Span]]
"""By interaction, in characters of its text."""
LEAST_WORDS = 3
"""Of withheld words in a row that give a sentence away which cites something else."""


def as_shown(body: Mapping[str, Any], withheld: Withheld) -> dict[str, Any]:
    """The answer without the claims, changes and citations that hold withheld words; with none left it asserts nothing any more.

    `withheld_claims` counts what went. The words beside a quote are cut where they are withheld themselves.
    """
    if not withheld:
        return dict(body)
    hidden = {
        c["id"] for c in body["citations"] if any(_within(c["quote"]["start"], c["quote"]["end"], withheld.get(c["source"]["id"], ())))
    }
    secret = [words for c in body["citations"] if c["id"] in hidden for words in _secrets(c, withheld[c["source"]["id"]])]
    if not hidden and not any(c["source"]["id"] in withheld for c in body["citations"]):
        return dict(body)

    def open_(text: str, citations: Sequence[str]) -> bool:
        return not hidden & set(citations) and not any(words in " ".join(text.split()) for words in secret)

    blocks = [{**block, "claims": [c for c in block["claims"] if open_(c["text"], c["citations"])]} for block in body["blocks"]]
    changes = [change for change in body["changes"] if all(open_(step["text"], step["citations"]) for step in change["items"])]
    gone = sum(len(block["claims"]) for block in body["blocks"]) - sum(len(block["claims"]) for block in blocks)
    shown = {
        **body,
        "blocks": [block for block in blocks if block["claims"]],
        "changes": changes,
        "citations": [_beside(c, withheld.get(c["source"]["id"], ())) for c in body["citations"] if c["id"] not in hidden],
        "receipt": {**body["receipt"], "nearest": [id for id in body["receipt"]["nearest"] if id not in hidden]},
        "withheld_claims": gone,
    }
    if gone and not shown["blocks"]:
        shown |= {"status": "declined", "reason": "not_permitted", "changes": [], "follow_ups": []}
    return shown


def _within(start: int, end: int, spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if span.start < end and start < span.end]


def _secrets(citation: Mapping[str, Any], spans: Sequence[Span]) -> list[str]:
    quote = citation["quote"]
    parts = [quote["exact"][max(0, span.start - quote["start"]) : span.end - quote["start"]] for span in spans]
    plain = [" ".join(part.split()) for part in parts]
    return [words for words in plain if len(words.split()) >= LEAST_WORDS]


def _beside(citation: Mapping[str, Any], spans: Sequence[Span]) -> dict[str, Any]:
    quote = citation["quote"]
    before = _within(quote["start"] - len(quote["prefix"]), quote["start"], spans)
    behind = _within(quote["end"], quote["end"] + len(quote["suffix"]), spans)
    if not before and not behind:
        return dict(citation)
    return {**citation, "quote": {**quote, "prefix": "" if before else quote["prefix"], "suffix": "" if behind else quote["suffix"]}}
