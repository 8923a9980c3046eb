"""The first half page of a brief: what hurt, what they want, how they decided, what to protect; their words, and between them ours.

The words between are plain and add no fact: who spoke, when, and what the line is here for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.brief.paper import day_words
from assistant.facts.goals import only_of_today
from assistant.facts.topics import content_words

MOST_WORDS = 120
"""Of the whole story (product notes, 3.2); what does not fit is left to its own section."""
LONGEST_QUOTE = 34
TOO_LITTLE = 5
"""A line of fewer content words means nothing to somebody who was not there."""
TELLING = 2
"""Content words from which on a line is understood behind the words that lead to it."""

_GOES_LIVE = re.compile(r"\b(?:live|go-live|launch|up and running)\b", re.IGNORECASE)
_NAMES_A_DAY = re.compile(r"\d|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|\w+ieth)\b", re.IGNORECASE)


def tell(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Claims in the order in which they are told, each with `lead`, the words before its quote. Empty where nothing tells a story."""
    by_id = {citation["id"]: citation for citation in body["citations"]}
    kept: dict[str, tuple[int, dict[str, Any]]] = {}
    words = 0
    for place, lead, line in _parts(body, by_id):
        length = len(lead.split()) + len(line["text"].split())
        if line["id"] not in kept and (not kept or words + length <= MOST_WORDS):
            kept[line["id"]] = place, _claim(line, lead)
            words += length
    return [claim for _, claim in sorted(kept.values(), key=lambda pair: pair[0])]


def _parts(body: Mapping[str, Any], by_id: Mapping[str, Any]) -> Iterable[tuple[int, str, Mapping[str, Any]]]:
    """(place in the story, words before the quote, line), what must not be missing first."""
    # Reasons stand in the body in the order of how sure they are.
    pains = sorted((claim for claim in body["why"] if _told_by(claim, by_id, "buyer")), key=lambda claim: not _says_something(claim))
    goals = sorted(
        (one for one in body["goals"] if _says_something(one) or (one["target"] and one["metric"])),
        key=lambda one: (only_of_today(one["text"]), one["target"] is None, one["metric"] is None, one["due"] is None),
    )
    decided = sorted((one for one in body["decision"] if _told_by(one, by_id, "buyer")), key=reasoned, reverse=True)
    for claim in pains[:1]:
        yield 0, f"What hurt. {_who(claim, by_id)}:", claim
    for goal in goals[:1]:
        yield 2, f"What they want{_counted(goal)}. {_who(goal, by_id)}:", goal
    for promise in _first_due(body):
        yield 4, f"The first date to protect is {day_words(promise['due']['date'])}. {_who(promise, by_id)}:", promise
    for claim in decided[:1]:
        yield 3, f"On the decision. {_who(claim, by_id)}:", claim
    for promise in _denied(body):
        yield 5, f"Where the contract and our words differ. {_who(promise, by_id)}:", promise
    for claim in pains[1:2]:
        yield 1, f"{_who(claim, by_id)}:", claim


def _counted(goal: Mapping[str, Any]) -> str:
    """`, in no-show rate` where the words of the goal do not say what they count."""
    metric = goal["metric"] or ""
    return f", in {metric}" if metric and len(metric.split()) <= 4 and metric.casefold() not in goal["text"].casefold() else ""


def reasoned(claim: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """A reason or a comparison says more than the fact of a decision."""
    text = f" {claim['text'].casefold()} "
    because = any(word in text for word in (" because ", " so the ", " but ", " only ones ", " cheaper", " instead of ", " rather than "))
    return (_says_something(claim), because, min(len(content_words(text)), 14))


def _says_something(line: Mapping[str, Any]) -> bool:
    return len(content_words(line["text"])) >= TOO_LITTLE and len(line["text"].split()) <= LONGEST_QUOTE


def _first_due(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The promise still to be kept that falls due first after the signature; a day that was named before the end of a month."""
    signed = str((body.get("deal") or {}).get("closed_on") or "")
    standing = [p for p in body["promises"] if p["current"] and p["strength"] in ("firm", "conditional") and p["due"] and p["due"]["date"]]
    ahead = sorted(
        (p for p in standing if p["due"]["date"] > signed),
        key=lambda p: (
            not _GOES_LIVE.search(p["text"]),
            not _NAMES_A_DAY.search(p["due"]["as_said"]),
            p["kind"] != "timeline",
            p["due"]["date"],
        ),
    )
    return ahead[:1]


def _denied(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [p for p in body["promises"] if p["current"] and p["strength"] == "firm" and p["contract"] == "contradicted"][:1]


def _told_by(claim: Mapping[str, Any], by_id: Mapping[str, Any], side: str) -> bool:
    speaker = by_id[claim["citations"][0]]["speaker"]
    return bool(speaker) and speaker["side"] == side


_SIDES = {"buyer": "customer", "seller": "ours", "partner": "partner"}


def _who(line: Mapping[str, Any], by_id: Mapping[str, Any]) -> str:
    """`Ingrid Solheim (customer) on 12 Jun 2026`."""
    citation = by_id[line["citations"][0]]
    name = citation["speaker"]["name"] if citation["speaker"] else citation["source"]["title"]
    on = citation["source"].get("occurred_on") or citation["source"]["occurred_at"]
    side = f" ({_SIDES[citation['speaker']['side']]})" if citation["speaker"] and citation["speaker"]["side"] in _SIDES else ""
    return f"{name}{side} on {day_words(on)}" if on else f"{name}{side}"


def _claim(line: Mapping[str, Any], lead: str) -> dict[str, Any]:
    check = {"check": line.get("check", "supported"), "support": line.get("support", 1.0)}
    alone = line.get("metric") or len(content_words(line["text"])) >= TELLING  # what our own words before it say is enough
    setting = {"setting": None if alone else line.get("setting")}
    return {"id": line["id"], "text": line["text"], "citations": list(line["citations"][:1]), **check, "lead": lead, **setting}
