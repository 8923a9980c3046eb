"""Drafts of labelled questions, made from what a brief states: a person confirms, corrects or throws away; none counts before that.

The words of a question are stiff on purpose: they ask for what the line says without saying it. Whoever confirms one puts it as a
colleague would.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from eval.matching import words

Origin = Literal["brief", "feedback"]


@dataclass(frozen=True, slots=True)
class DraftEvidence:
    citation: str
    """Its id; the words are a slice of the archive."""
    source: str
    """The id the source came with."""
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What may become a labelled question. `facts` are suggestions: words of the quotes that an answer should hold."""

    id: str
    account: str
    text: str
    type: str
    answerable: bool
    facts: tuple[tuple[str, ...], ...]
    evidence: tuple[DraftEvidence, ...]
    origin: Origin
    why: str
    """What it was made from."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "status": "draft"}


def drafts_of(brief: Mapping[str, Any]) -> tuple[Draft, ...]:
    """Of one brief in the form of the public interface. Lines that ask for the same are one question, which any of their words answers."""
    found: dict[str, Draft] = {}
    for one in _drafts(brief):
        held = found.get(one.text)
        found[one.text] = one if held is None else _together(held, one)
    return tuple(found.values())


def _together(one: Draft, other: Draft) -> Draft:
    facts = () if one.facts != other.facts else one.facts  # what one of them says need not be what the other does
    evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))
    return replace(one, facts=facts, evidence=evidence, why=f"{one.why}; {other.why}")


def draft(
    account: str,
    text: str,
    type: str,
    why: str,
    *,
    answerable: bool = True,
    facts: Sequence[tuple[str, ...]] = (),
    evidence: Sequence[DraftEvidence] = (),
    origin: Origin = "brief",
) -> Draft:
    id = "case_" + hashlib.sha256("\x1f".join([account, text]).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return Draft(id, account, text, type, answerable, tuple(facts), tuple(evidence), origin, why)


def evidence_of(citation: Mapping[str, Any]) -> DraftEvidence:
    source = citation["source"]
    return DraftEvidence(citation["id"], source["external_id"] or source["id"], source["title"], citation["quote"]["exact"])


def _drafts(brief: Mapping[str, Any]) -> Iterator[Draft]:
    account = brief["account_name"]
    cited = {citation["id"]: citation for citation in brief["citations"]}

    def made(text: str, type: str, why: str, citations: Sequence[str], facts: Sequence[tuple[str, ...]] = ()) -> Draft:
        evidence = [evidence_of(cited[id]) for id in citations if id in cited]
        return draft(account, text, type, why, facts=[f for f in facts if all(_said(part, evidence) for part in f)], evidence=evidence)

    for promise in brief["promises"]:
        by, to, on = promise["made_by"]["name"], (promise["made_to"] or {}).get("name", "them"), promise["made_on"]
        when = f" on {on}" if on else ""
        yield made(f"What did {by} promise {to}{when}?", "promise", f"promise: {promise['text']}", promise["citations"])
    for goal in brief["goals"]:
        facts = [(goal[part],) for part in ("baseline", "target") if goal[part]]
        yield made(f"What does {goal['owner'] or account} want to reach?", "success", f"goal: {goal['text']}", goal["citations"], facts)
    for person in brief["people"]:
        for role in person["roles"] if person["side"] == "buyer" else ():
            yield made(f"Who is the {role} at {account}?", "stakeholder", f"{person['name']}: {role}", person["citations"])
    for term in brief["commercials"]:
        citations = [id for claim in term["claims"] for id in claim["citations"]]
        yield made(
            f"What is agreed on this: {term['label'].lower()}?",
            "commercial",
            f"{term['label']}: {term['value']}",
            citations,
            [(term["value"],)],
        )
    for day in brief["timeline"]:
        yield made(f"What happens on {day['date']}?", "timeline", day["text"], day["citations"])
    for rival in brief["rivals"]:
        citations = [id for claim in rival["claims"] for id in claim["citations"]]
        yield made("Who else did they look at?", "competitor", rival["name"], citations, [(rival["name"],)])
    for change in brief["changes"]:
        last = [step for step in change["items"] if not step["superseded"]][-1:]
        citations = [id for step in last for id in step["citations"]]
        yield made(f"What holds today of this: {change['topic']}?", "changed", f"changed: {change['topic']}", citations)
    for gap in brief["gaps"]:
        yield draft(account, gap["question"], "never_discussed", f"gap: {gap['why']}", answerable=False)


def _said(part: str, evidence: Sequence[DraftEvidence]) -> bool:
    """A suggestion that no quote holds would make a case that nothing can pass."""
    sought = words(part)
    return bool(sought) and any(_run_in(sought, words(one.quote)) for one in evidence)


def _run_in(sought: Sequence[str], text: Sequence[str]) -> bool:
    return any(tuple(text[at : at + len(sought)]) == tuple(sought) for at in range(len(text) - len(sought) + 1))
