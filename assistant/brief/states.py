"""How far each field of a brief is known, never blank; and on which tier of evidence each of its citations stands.

Both are read off the kept body alone, so that an answer of the account executive changes them and any version can be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from assistant.brief.lines import cited
from assistant.brief.paper import day_words

State = Literal["evidenced", "attested", "inferred", "partly", "conflicting", "not_found", "not_applicable", "restricted"]
STATE_WORDS: Mapping[State, str] = {
    "evidenced": "found",
    "attested": "told by the AE",
    "inferred": "inferred",
    "partly": "partly found",
    "conflicting": "sources disagree",
    "not_found": "not in the history",
    "not_applicable": "does not apply",
    "restricted": "on record, not for you",
}

Tier = Literal["contract", "customer", "ours", "partner", "crm_record", "crm_note", "attested", "document", "recap", "unknown"]
TIER_WORDS: Mapping[Tier, str] = {
    "contract": "contract",
    "customer": "customer's words",
    "ours": "our words",
    "partner": "partner's words",
    "crm_record": "CRM record",
    "crm_note": "CRM note",
    "attested": "AE note",
    "document": "document",
    "recap": "machine summary",
    "unknown": "speaker unknown",
}
"""In the order of their weight for a fact about the customer; a CRM note alone never makes a promise, a summary is never the evidence."""

SHORT_TIERS: Mapping[Tier, str] = {
    "contract": "contract", "customer": "customer", "ours": "seller", "partner": "partner", "crm_record": "CRM record",
    "crm_note": "CRM note", "attested": "AE note", "document": "document", "recap": "machine summary", "unknown": "speaker unknown",
}  # fmt: skip
"""As they stand behind a line."""

Body = Mapping[str, Any]


def tier_of(citation: Mapping[str, Any], contracts: frozenset[str]) -> Tier:
    """`contracts` are the titles of the signed papers."""
    kind, speaker = citation["kind"], citation["speaker"]
    if kind == "ae_note":
        return "attested"
    if kind == "doc":
        return "contract" if citation["source"]["title"] in contracts else "document"
    if kind == "crm_field":
        return "crm_record"
    if kind == "crm_note":
        return "crm_note"
    side = speaker["side"] if speaker else "unknown"
    sides: Mapping[str, Tier] = {"buyer": "customer", "seller": "ours", "partner": "partner"}
    return sides.get(side, "unknown")


def with_tiers(body: Body) -> list[dict[str, Any]]:
    """The citations of a body, each with its `tier`."""
    contracts = frozenset(one["title"] for one in body["artefacts"] if one["kind"] == "contract")
    retold = {id for pair in body.get("conflicts") or [] if pair["kind"] == "recap" for id in pair["other"]["citations"]}
    return [{**one, "tier": "recap" if one["id"] in retold else tier_of(one, contracts)} for one in body["citations"]]


ON_TIERS = (
    "story", "why", "goals", "promises", "risks", "people", "requirements", "commercials", "timeline", "decision",
)  # fmt: skip
"""The sections whose rows say on which tiers they stand."""
_SECOND_HAND: frozenset[Tier] = frozenset({"crm_note", "recap", "unknown"})
"""On these alone nobody can be held to a promise."""


def with_tiers_on_rows(body: Body) -> dict[str, list[dict[str, Any]]]:
    """The rows of those sections, each with its `tiers`, the weightiest first; the citations of the body know theirs."""
    tiers: dict[str, Tier] = {one["id"]: one["tier"] for one in body["citations"]}
    return {section: [_on_tiers(section, row, tiers) for row in body[section]] for section in ON_TIERS}


def tiers_in(ids: Iterable[str], tiers: Mapping[str, Tier]) -> list[Tier]:
    found = {tiers[id] for id in ids if id in tiers}
    return [tier for tier in TIER_WORDS if tier in found]


def _on_tiers(section: str, row: Mapping[str, Any], tiers: Mapping[str, Tier]) -> dict[str, Any]:
    stands_on = tiers_in(cited(row), tiers)
    if section == "promises" and row["state"] == "evidenced" and stands_on and set(stands_on) <= _SECOND_HAND:
        return {**row, "state": "inferred", "tiers": stands_on}
    return {**row, "tiers": stands_on}


def fields(body: Body) -> list[dict[str, Any]]:
    """Every field of the brief in the order of its page: `name`, `section`, `state`, `value` in few words, and its citations."""
    told = {one["question"]: one for one in body.get("attested", [])}
    hidden = {one.get("section") for one in body.get("removed", []) if one.get("because") == "confidential" or one.get("hidden")}
    return [_field(body, told, hidden, *row) for row in _ROWS]


Found = tuple[State, str, Sequence[str]]


def _field(
    body: Body, told: Mapping[str, Any], hidden: set[Any], name: str, section: str, asked: str, read: Callable[[Body], Found]
) -> dict[str, Any]:
    state, value, citations = read(body)
    answer = next((one for question, one in told.items() if asked and asked in question), None)
    if answer is not None and state in ("not_found", "partly", "inferred", "conflicting"):
        state, value, citations = "attested", answer["answer"]["text"], answer["answer"]["citations"]
    if state == "not_found" and section in hidden:
        state = "restricted"
    return {"name": name, "section": section, "state": state, "value": value, "citations": list(citations)}


_NOT_FOUND: Found = ("not_found", "", ())


def _contract(body: Body) -> Found:
    papers = [one["title"] for one in body["artefacts"] if one["kind"] == "contract"]
    if papers:
        return "evidenced", min(papers, key=lambda title: "questionnaire" in title.casefold()), ()
    deal = body.get("deal")
    return ("not_applicable", "not signed yet", ()) if deal and not deal.get("closed_on") else _NOT_FOUND


def _of_deal(key: str) -> Callable[[Body], Found]:
    def read(body: Body) -> Found:
        deal = body.get("deal") or {}
        value = deal.get(key)
        if key == "closed_on" and deal and body.get("preview"):
            return "not_applicable", "not closed", ()
        if value and key == "amount":
            value = f"{value:,.0f} {deal.get('currency') or ''}".strip()
        elif value and key == "term_months":
            value = f"{value} months"
        elif value and key == "closed_on":
            value = day_words(value)
        return ("evidenced", str(value), _recorded(body)) if value else _NOT_FOUND

    return read


def _recorded(body: Body) -> list[str]:
    return [citation["id"] for citation in body["citations"] if citation["kind"] == "crm_field"][:1]


def _lines(section: str) -> Callable[[Body], Found]:
    def read(body: Body) -> Found:
        lines = body[section]
        if not lines:
            return _NOT_FOUND
        cited = [id for line in lines for id in line["citations"][:1]]
        return "evidenced", f"{len(lines)} on record", cited[:2]

    return read


def _term(*labels: str) -> Callable[[Body], Found]:
    def read(body: Body) -> Found:
        found = [one for one in body["commercials"] if one["label"] in labels]
        if found:
            return "evidenced", str(found[0]["value"]), [id for claim in found[0]["claims"] for id in claim["citations"]][:1]
        return _NOT_FOUND

    return read


def _role(*roles: str) -> Callable[[Body], Found]:
    """Named in the role; inferred from the one that comes nearest."""

    def read(body: Body) -> Found:
        for number, role in enumerate(roles):
            holder = next((one for one in body["people"] if role in one["roles"] and one["side"] != "seller"), None)
            if holder:
                return ("inferred" if number else "evidenced"), str(holder["name"]), holder["citations"][:1]
        if roles[0] == "champion" and (
            one := next((p for p in body["people"] if p["stance"] == "advocate" and p["side"] == "buyer"), None)
        ):
            return "inferred", str(one["name"]), one["citations"][:1]
        return _NOT_FOUND

    return read


def _goal(*parts: str) -> Callable[[Body], Found]:
    """Of the goal of which most is known; partly where others lack it."""

    def read(body: Body) -> Found:
        aims = [one for one in body["goals"] if one["target"] or one["metric"]]
        known = [one for one in aims if all(one[part] for part in parts)]
        if not known:
            return _NOT_FOUND
        first = known[0]
        value = first[parts[0]]
        words = (value.get("as_said") or "").strip(" .") if isinstance(value, Mapping) else str(value)
        return ("evidenced" if len(known) == len(aims) else "partly"), words, first["citations"][:2]

    return read


def _start(body: Body) -> Found:
    dispute = next((gap for gap in body["gaps"] if gap.get("kind") == "conflict"), None)
    if dispute:
        return "conflicting", "two figures were named", dispute["receipt"]["nearest"][1:3]
    return _goal("baseline")(body)


_LIVE = re.compile(r"\b(?:live|go-live|running|launch\w*|up and running)\b", re.IGNORECASE)


def _live(body: Body) -> Found:
    dated = [p for p in body["promises"] if p["current"] and p["kind"] == "timeline" and p["due"] and p["due"]["date"]]
    firm = [p for p in dated if p["strength"] in ("firm", "conditional") and _LIVE.search(p["text"])]
    if firm:
        last = max(firm, key=lambda one: str(one["made_on"]))
        return "evidenced", day_words(last["due"]["date"]), last["citations"][:1]
    return ("partly", day_words(dated[0]["due"]["date"]), dated[0]["citations"][:1]) if dated else _NOT_FOUND


def _rivals(body: Body) -> Found:
    found = body.get("rivals") or []
    return ("evidenced", ", ".join(one["name"] for one in found[:3]), found[0]["claims"][0]["citations"][:1]) if found else _NOT_FOUND


def _promised(body: Body) -> Found:
    standing = [p for p in body["promises"] if p["current"]]
    if not standing:
        return _NOT_FOUND
    against = [p for p in standing if p["contract"] == "contradicted"]
    cited = [id for p in (against or standing)[:1] for id in p["citations"][:1]]
    return ("conflicting", f"{len(against)} against the contract", cited) if against else ("evidenced", f"{len(standing)} stand", cited)


_ROWS: tuple[tuple[str, str, str, Callable[[Body], Found]], ...] = (
    ("Signed contract", "commercials", "signed contract", _contract),
    ("Amount", "commercials", "", _of_deal("amount")),
    ("Term", "commercials", "", _of_deal("term_months")),
    ("Closed on", "commercials", "", _of_deal("closed_on")),
    ("Renewal", "commercials", "does it renew", _term("Renewal")),
    ("Support and service level", "commercials", "availability", _term("Support", "Service level", "SLA")),
    ("Why they bought", "why", "", _lines("why")),
    ("How they decided", "decision", "", _lines("decision")),
    ("Who else was looked at", "decision", "", _rivals),
    ("Success measure", "goals", "How is it measured", _goal("metric")),
    ("Starting value", "goals", "Where does it stand today", _start),
    ("Target", "goals", "success look like", _goal("target")),
    ("Target date", "goals", "By which date", _goal("due")),
    ("Promises", "promises", "", _promised),
    ("Going live", "promises", "going live", _live),
    ("Economic buyer", "people", "economic buyer", _role("economic buyer")),
    ("Champion", "people", "champion", _role("champion", "day-to-day lead")),
    ("Day-to-day lead", "people", "day-to-day lead", _role("day-to-day lead", "user lead", "technical evaluator")),
    ("Watch-outs", "risks", "", _lines("risks")),
    ("Technical and security needs", "requirements", "", _lines("requirements")),
    ("Dates", "timeline", "", _lines("timeline")),
)
"""Name, section, words of the question that asks for it, and how it is read."""


def unsettled(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that a reader must not take as known."""
    return [row for row in rows if row["state"] not in ("evidenced", "not_applicable")]
