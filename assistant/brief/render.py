"""The brief in three shapes: JSON of the public interface, plain text for a terminal, Markdown for a page or a mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answers import Change, Citation
from assistant.brief.fields import value_of
from assistant.brief.sections import Brief, Due, GoalLine, Moment, Party, PersonLine, PromiseLine, RiskLine
from assistant.render import KIND_WORDS, change_json, citation_json, claim_json, day, moment, receipt_json, receipt_text

MOST_WORDS = 900
"""What a person reads in a sitting; what does not fit is counted, and stands in the JSON."""


def brief_json(brief: Brief) -> dict[str, Any]:
    return {
        "id": brief.id,
        "account": brief.account.id,
        "deal_id": brief.deal.id if brief.deal else None,
        "version": brief.version,
        "state": brief.state,
        "as_of": moment(brief.as_of),
        "composed_at": moment(brief.composed_at),
        "model": brief.model,
        "words": count_words(as_text(brief)),
        "support": brief.support,
        "story": [claim_json(claim) for claim in brief.story],
        "why": [claim_json(claim) for claim in brief.why],
        "goals": [_goal_json(goal) for goal in brief.goals],
        "promises": [_promise_json(promise) for promise in brief.promises],
        "risks": [
            {
                "text": r.text,
                "kind": r.kind,
                "first_seen": _iso(r.first_seen),
                "last_seen": _iso(r.last_seen),
                "resolved": r.resolved,
                "citations": list(r.citations),
            }
            for r in brief.risks
        ],
        "people": [_person_json(person) for person in brief.people],
        "requirements": [claim_json(claim) for claim in brief.requirements],
        "commercials": [
            {"label": c.label, "value": c.value, "claims": [claim_json(claim) for claim in c.claims]} for c in brief.commercials
        ],
        "timeline": [{"date": m.on.isoformat(), "text": m.text, "citations": list(m.citations)} for m in brief.timeline],
        "decision": [claim_json(claim) for claim in brief.decision],
        "changes": [change_json(change) for change in brief.changes],
        "asked_already": [],
        "artefacts": [{"title": a.title, "kind": a.kind, "url": a.url or None} for a in brief.artefacts],
        "gaps": [{"id": g.id, "question": g.question, "why": g.why, "ask": g.ask, "receipt": receipt_json(g.receipt)} for g in brief.gaps],
        "kickoff": [gap.question for gap in brief.gaps if gap.ask == "customer"],
        "citations": [citation_json(citation, number) for number, citation in enumerate(brief.citations, 1)],
        "receipt": receipt_json(brief.receipt),
        "coverage": {
            "calls_without_transcript": list(brief.coverage.calls_without_transcript),
            "silent_months": list(brief.coverage.silent_months),
        },
    }


def as_text(brief: Brief) -> str:
    def line(words: str, marks: str) -> str:
        return f"- {words}{' ' + marks if marks else ''}"

    parts = [f"Handoff brief: {brief.account.name}", _deal_line(brief)]
    for title, lines in _fitted(brief, line):
        parts += ["", title.upper(), *lines]
    return "\n".join(part for part in parts if part is not None).rstrip() + "\n"


def as_markdown(brief: Brief) -> str:
    def line(words: str, marks: str) -> str:
        return f"- {escaped(words)}{' ' + escaped(marks) if marks else ''}"

    parts = [f"# Handoff brief: {escaped(brief.account.name)}", "", escaped(_deal_line(brief))]
    for title, lines in _fitted(brief, line):
        parts += ["", f"## {title}", "", *lines]
    return "\n".join(parts).rstrip() + "\n"


def count_words(text: str) -> int:
    """Words a reader meets: runs with a letter or a digit in them, citation marks left out."""
    return sum(1 for word in re.sub(r"(?:\\?\[\d+\\?\])+", " ", text).split() if re.search(r"\w", word))


def escaped(text: str) -> str:
    """Somebody's words are never mark-up."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


# --- JSON of the parts


def _promise_json(promise: PromiseLine) -> dict[str, Any]:
    return {
        "id": promise.id,
        "text": promise.text,
        "kind": promise.kind,
        "strength": promise.strength,
        "conditions": promise.conditions,
        "made_by": _party_json(promise.made_by),
        "made_to": _party_json(promise.made_to) if promise.made_to else None,
        "made_on": _iso(promise.made_on),
        "due": _due_json(promise.due),
        "supersedes": promise.supersedes,
        "current": promise.current,
        "contract": promise.contract,
        "contract_citation": promise.contract_citation,
        "citations": list(promise.citations),
        "support": promise.support,
        "state": "evidenced",
        "status": "open",
        "status_on": None,
    }


def _goal_json(goal: GoalLine) -> dict[str, Any]:
    return {
        "text": goal.text,
        "metric": value_of(goal.metric),
        "baseline": value_of(goal.baseline),
        "target": value_of(goal.target),
        "due": _due_json(goal.due),
        "owner": goal.owner,
        "citations": list(goal.citations),
    }


def _person_json(line: PersonLine) -> dict[str, Any]:
    person = line.person
    return {
        "name": person.name or person.email,
        "email": person.email or None,
        "title": person.title or None,
        "side": person.side,
        "roles": list(line.roles),
        "stance": line.stance,
        "cares_about": line.cares_about,
        "last_contact": _iso(line.last_contact),
        "citations": list(line.citations),
    }


def _party_json(party: Party) -> dict[str, str]:
    return {"name": party.name, "side": party.side}


def _due_json(due: Due | None) -> dict[str, str | None] | None:
    return {"as_said": due.as_said, "date": _iso(due.on)} if due else None


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


# --- the page


@dataclass(frozen=True, slots=True)
class _Row:
    words: str
    citations: tuple[str, ...]


_Section = tuple[str, list[str]]
_Line = Callable[[str, str], str]

ROWS: dict[str, int] = {
    "Why they bought": 3,
    "Goals": 4,
    "Promises": 14,
    "Risks": 7,
    "People": 8,
    "Requirements": 3,
    "Commercials": 5,
    "Timeline": 6,
    "Decision": 2,
    "What changed": 3,
    "Open questions": 5,
}
"""At most so many rows a section, before the whole is fitted to the words a person reads."""
LONGEST_ROW = 22
LONGEST_RISK = 34


def _fitted(brief: Brief, line: _Line) -> list[_Section]:
    """The sections cut to the word limit: fewer rows in each, never a section dropped; the rest is counted."""
    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.25, 0.1):
        sections = _sections(brief, share, line)
        if sum(count_words(text) for title, lines in sections for text in (title, *lines)) <= MOST_WORDS - 40:
            return sections
    return sections


def _sections(brief: Brief, share: float, line: _Line) -> list[_Section]:
    numbers = {citation.id: number for number, citation in enumerate(brief.citations, 1)}
    shown: list[str] = []
    sections: list[_Section] = []
    for title, rows in _rows(brief):
        most = max(1, round(ROWS[title] * share))
        kept = rows[:most]
        lines = [line(row.words, "".join(f"[{numbers[c]}]" for c in row.citations[:3])) for row in kept]
        shown += [c for row in kept for c in row.citations[:3]]
        if len(rows) > len(kept):
            lines.append(line(f"and {len(rows) - len(kept)} more", ""))
        sections.append((title, lines or [line("Nothing found.", "")]))
    sections.append(("Searched", [line(receipt_text(brief.receipt), "")]))
    if shown:
        sections.append(("Sources", _source_lines(brief.citations, dict.fromkeys(shown), numbers, line)))
    return sections


def _rows(brief: Brief) -> list[tuple[str, list[_Row]]]:
    claims = {"Why they bought": brief.why, "Requirements": brief.requirements, "Decision": brief.decision}
    said = {title: [_Row(_shortened(claim.text), claim.citations) for claim in of] for title, of in claims.items()}
    urgent = sorted(enumerate(brief.promises), key=lambda pair: (_urgency(pair[1]), pair[0]))
    return [
        ("Why they bought", said["Why they bought"]),
        ("Goals", [_Row(f"{_shortened(goal.text)} ({goal.owner})", goal.citations) for goal in sorted(brief.goals, key=_vagueness)]),
        ("Promises", [_Row(_promise_words(promise), promise.citations) for _, promise in urgent]),
        (
            "Risks",
            [_Row(f"{risk.kind}: {_shortened(risk.text, LONGEST_RISK)}", risk.citations) for risk in sorted(brief.risks, key=_worry)],
        ),
        ("People", [_Row(_person_words(line), line.citations[:1]) for line in brief.people]),
        ("Requirements", said["Requirements"]),
        (
            "Commercials",
            [
                _Row(f"{c.label}: {_shortened(c.value)}", tuple(id for claim in c.claims for id in claim.citations))
                for c in brief.commercials
            ],
        ),
        ("Timeline", [_Row(f"{m.on.isoformat()}: {_shortened(m.text)}", m.citations) for m in _ahead_first(brief)]),
        ("Decision", said["Decision"]),
        ("What changed", [_changed(change) for change in brief.changes]),
        (
            "Open questions",
            [_Row(f"{_shortened(gap.question, LONGEST_RISK)} (ask {_WHOM[gap.ask]})", gap.receipt.nearest) for gap in brief.gaps],
        ),
    ]


def _worry(risk: RiskLine) -> tuple[bool, int]:
    """A broken promise first, then what was said last."""
    return (len(risk.citations) < 2, -risk.last_seen.toordinal() if risk.last_seen else 0)


def _changed(change: Change) -> _Row:
    """From the first to the last; the steps between stand in the JSON."""
    ends = (change.items[0], change.items[-1])
    return _Row(
        " → ".join(f"{step.on} {_shortened(step.text, 9)}" for step in ends), tuple(id for step in ends for id in step.citations[:1])
    )


def _ahead_first(brief: Brief) -> list[Moment]:
    """What is still to come when the deal has closed, then what was before."""
    closed_on = brief.deal.closed_on if brief.deal else ""
    return sorted(brief.timeline, key=lambda one: (one.on.isoformat() < closed_on, one.on))


def _vagueness(goal: GoalLine) -> int:
    """How many of measure, starting value and target nobody named."""
    return sum(value_of(field) is None for field in (goal.metric, goal.baseline, goal.target))


_WHOM = {"ae": "the AE", "customer": "the customer", "internal": "internally"}
_STATUS_FIRST = {"contradicted": 0, "excluded": 1, "silent": 2, "no_contract": 2, "covered": 3}
_STRENGTH_FIRST = {"firm": 0, "conditional": 0, "best_effort": 1, "roadmap_statement": 2, "retracted": 3, "declined": 4, "hypothetical": 5}


def _urgency(promise: PromiseLine) -> tuple[int, int, int, int]:
    """What may hurt first: current and firm, against the paper or outside it, with a date."""
    return (not promise.current, _STRENGTH_FIRST[promise.strength], _STATUS_FIRST[promise.contract], promise.due is None)


def _promise_words(promise: PromiseLine) -> str:
    status = {"no_contract": "no contract", "silent": "contract silent"}.get(promise.contract, promise.contract)
    state = promise.strength.replace("_", " ") + ("" if promise.current or promise.strength == "retracted" else ", replaced")
    on = f", {promise.made_on.isoformat()}" if promise.made_on else ""
    return f"{_shortened(promise.text)} ({promise.made_by.name}{on}; {state}; {status})"


def _person_words(line: PersonLine) -> str:
    about = ", ".join(filter(None, [line.person.title, "/".join(line.roles), "" if line.stance == "unknown" else line.stance]))
    return f"{line.person.name or line.person.email}: {about}" if about else line.person.name or line.person.email


def _shortened(text: str, most: int = LONGEST_ROW) -> str:
    words = text.split()
    return text if len(words) <= most + 6 else " ".join(words[:most]) + " …"


def _source_lines(citations: Sequence[Citation], shown: dict[str, None], numbers: dict[str, int], line: _Line) -> list[str]:
    """One line an interaction, with the numbers that lead to it."""
    by_source: dict[str, list[Citation]] = {}
    for citation in citations:
        if citation.id in shown:
            by_source.setdefault(citation.interaction_id, []).append(citation)
    return [
        line(
            f"{KIND_WORDS[of[0].kind][0]}, {day(of[0].occurred_at)}, {_shortened(of[0].title, 8)}",
            "".join(f"[{numbers[c.id]}]" for c in of),
        )
        for of in by_source.values()
    ]


def _deal_line(brief: Brief) -> str:
    if brief.deal is None:
        return "No deal on record."
    closed = f", closed {brief.deal.closed_on}" if brief.deal.closed_on else ""
    return f"{brief.deal.name}, {brief.deal.stage or 'stage unknown'}{closed}."
