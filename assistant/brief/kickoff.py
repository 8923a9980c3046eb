"""The kick-off prepared: an agenda from what is on record, and a first message for the AE to send. Nothing is ever sent by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.brief.paper import day_words

LEADS = ("day-to-day lead", "user lead", "champion", "exec sponsor", "economic buyer")
"""Whom the first message goes to, the likeliest first."""


_ON_SIGNING = re.compile(
    r"\b(?:if|once|when|provided|as soon as)\b[^.;]{0,40}\b(?:order(?: form)?|contract|agreement|paper|you)\b[^.;]{0,12}"
    r"\b(?:sign|signs|signed|closed?)\b",
    re.IGNORECASE,
)


def hangs_on_signing(text: str) -> bool:
    """`if the order is signed by 31 October`: once it is signed, nobody has to be told of it."""
    return _ON_SIGNING.search(text) is not None


def agenda(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`topic`, `text` in our words, and the citations it rests on; what is not on record becomes a question to ask."""
    return [{"topic": topic, "text": text, "citations": list(citations)} for topic, text, citations in _points(body)]


def _points(body: Mapping[str, Any]) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    people = [person for person in body["people"] if person["roles"]]
    if people or body["team"]:
        theirs = "; ".join(f"{person['name']} ({', '.join(person['roles'])})" for person in people[:5])
        ours = "; ".join(f"{one['name']} ({one['title'] or 'our side'})" for one in body["team"][:4])
        yield (
            "Introductions",
            ". ".join(filter(None, (f"Theirs: {theirs}" if theirs else "", f"Ours: {ours}" if ours else ""))),
            tuple(person["citations"][0] for person in people[:5] if person["citations"]),
        )
    goal = next(iter(sorted(body["goals"], key=lambda one: (one["target"] is None, one["metric"] is None))), None)
    if goal:
        yield "The goal in their words", f"“{goal['text']}”", tuple(goal["citations"][:1])
    measures = [gap["question"] for gap in body["gaps"] if gap["ask"] == "customer"]
    if measures:
        yield "To agree on", measures[0], ()
    standing = [p for p in body["promises"] if p["current"] and p["strength"] in ("firm", "conditional")]
    dated = sorted((p for p in standing if p["due"] and p["due"]["date"]), key=lambda p: p["due"]["date"])
    signed = str((body.get("deal") or {}).get("closed_on") or "")
    open_now = [p for p in dated if p["due"]["date"] > signed and not (signed and hangs_on_signing(p["text"]))]
    if standing:
        first = f"; first due {day_words(open_now[0]['due']['date'])}: “{open_now[0]['text']}”" if open_now else ""
        yield "What we promised", f"{len(standing)} promises stand{first}", tuple(open_now[0]["citations"][:1]) if open_now else ()
    conditions = [p for p in open_now if p["strength"] == "conditional" and p["conditions"]]
    if conditions:
        yield "What depends on them", f"“{conditions[0]['conditions']}”", (_with_words(conditions[0], body),)
    ahead = [moment for moment in body["timeline"] if moment["date"] > signed and not (signed and hangs_on_signing(moment["text"]))][:3]
    if ahead:
        days = "; ".join(f"{day_words(moment['date'])}: “{moment['text']}”" for moment in ahead[:2])
        yield "Next dates", days, tuple(moment["citations"][0] for moment in ahead[:2])


def _with_words(promise: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """The citation of a promise that holds its condition, which may stand in a sentence of its own."""
    words = " ".join(promise["conditions"].split())
    quoted = {one["id"]: " ".join(one["quote"]["exact"].split()) for one in body["citations"]}
    return str(next((id for id in promise["citations"] if words in quoted.get(id, "")), promise["citations"][0]))


def first_message(body: Mapping[str, Any]) -> str:
    """A short mail from the AE that brings the two together; empty where nobody of theirs is known."""
    to = next((person for role in LEADS for person in body["people"] if role in person["roles"] and person["side"] == "buyer"), None)
    owner = next((one for one in body["team"] if one["owner"]), None)
    if to is None or owner is None:
        return ""
    csm = next((one for one in body["team"] if "customer success" in (one["title"] or "").casefold()), None)
    who = f"{csm['name']}, who looks after you from here on" if csm else "our customer success manager, who looks after you from here on"
    goal = next(iter(body["goals"]), None)
    said = f" {goal['owner']} put the goal like this: “{goal['text']}” That is where we start." if goal and goal["owner"] else ""
    return (
        f"Hi {to['name'].split()[0]},\n\nthank you for choosing us. With this mail you meet {who}, and who has read everything we talked"
        f" about, so you need not say it twice.{said}\n\nCould we find 45 minutes in the next days for the kick-off?\n\nBest,\n"
        f"{owner['name'].split()[0]}"
    )
