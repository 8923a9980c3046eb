"""Facts that a language model pointed out, put through the same checks as those that the grammar reads.

A model says which words are a fact of which kind and nothing else: what is shown is the sentence those words stand in, who said it on
which side and when comes from the history, and days, figures and conditions are read from the sentence by the same rules as ever. What
the grammar has read stays as it read it; the model adds sentences that the grammar passed over. It cannot make a promise of a question,
a supposition, the customer's words, a quoted tail, a machine's summary, internal talk or words addressed to a machine, and not a firm one
of what is conditional, an aim or on a roadmap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, get_args

from assistant.facts.aims import ROADMAP, is_effort
from assistant.facts.clauses import DEMO, PAPERWORK, RETOLD, SUPPOSED, UNSAID, VEILED
from assistant.facts.commitment import Strength
from assistant.facts.conditions import condition_of, written_out
from assistant.facts.goals import goal_as_said
from assistant.facts.promises import promise_as_said
from assistant.facts.reading import Reading
from assistant.facts.reasons import Remark
from assistant.facts.refusals import TAKEN_BACK, refuses
from assistant.facts.reliance import Reliance, reliance_as_said
from assistant.facts.requirements import RequirementKind, requirement_as_said
from assistant.facts.risks import RiskSaid
from assistant.facts.rivals import RivalSaid
from assistant.facts.speech import Place, Statement, statements
from assistant.facts.terms import TermKind, term_as_said
from assistant.facts.warnings import RiskKind
from ingest.archive.rows import StoredInteraction
from ingest.records import Span

ToldKind = Literal["promise", "goal", "reason", "decision", "risk", "requirement", "term", "rival", "reliance"]
KINDS: tuple[ToldKind, ...] = get_args(ToldKind)
LABELS: Mapping[ToldKind, tuple[str, ...]] = {
    "promise": ("firm", "conditional", "best_effort", "roadmap_statement", "declined", "retracted"),
    "risk": get_args(RiskKind),
    "requirement": get_args(RequirementKind),
    "term": get_args(TermKind),
    "reliance": get_args(Reliance),
}
"""What a label may be; a rival's is its name, the others have none."""


@dataclass(frozen=True, slots=True)
class Told:
    """Words of the interaction that a model takes for a fact of a kind; unchecked."""

    kind: ToldKind
    label: str
    span: Span


def as_json(told: Iterable[Told]) -> list[list[Any]]:
    return [[one.kind, one.label, *one.span] for one in told]


def from_json(body: Iterable[Sequence[Any]]) -> tuple[Told, ...]:
    return tuple(Told(kind, label, Span(start, end)) for kind, label, start, end in body)


def joined(reading: Reading, told: Sequence[Told], interaction: StoredInteraction) -> Reading:
    """The grammar's facts, then those of the model that pass and that it had not read."""
    if not told:
        return reading
    said = statements(interaction)
    sentences = [(one, statement) for one in told if (statement := _sentence(one.span, said)) is not None]

    def of(kind: ToldKind, read: Callable[[Statement, str], Fact | None], known: Sequence[Any]) -> tuple[Fact, ...]:
        taken = [fact.at.span for fact in known]
        found: list[Fact] = []
        for one, statement in sentences:
            span = statement.span
            if one.kind != kind or any(span.start < other.end and other.start < span.end for other in taken):
                continue
            if (fact := read(statement, one.label)) is not None:
                taken.append(span)
                found.append(fact)
        return tuple(found)

    return replace(
        reading,
        promises=_in_order((*reading.promises, *of("promise", _promise, reading.promises))),
        goals=_in_order((*reading.goals, *of("goal", lambda statement, label: _theirs(statement, goal_as_said), reading.goals))),
        remarks=_in_order(
            (*reading.remarks, *of("reason", _remark("why"), reading.remarks), *of("decision", _remark("decision"), reading.remarks))
        ),
        risks=_in_order((*reading.risks, *of("risk", _risk, reading.risks))),
        requirements=_in_order((*reading.requirements, *of("requirement", _requirement, (*reading.requirements, *reading.promises)))),
        terms=_in_order((*reading.terms, *of("term", _term, reading.terms))),
        rivals=_in_order((*reading.rivals, *of("rival", _rival, reading.rivals))),
        reliance=_in_order((*reading.reliance, *of("reliance", _reliance, reading.reliance))),
    )


Fact = TypeVar("Fact")


def _in_order(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda fact: fact.at.span))  # type: ignore[attr-defined]  # every fact stands somewhere


def _sentence(span: Span, said: Sequence[Statement]) -> Statement | None:
    """The sentence that holds most of the words; None where they are no evidence."""
    shared = [(min(span.end, one.span.end) - max(span.start, one.span.start), one) for one in said]
    best = max(shared, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] > 0 else None


def _asks(statement: Statement) -> bool:
    return statement.text.rstrip(" \"')").endswith("?")


def _theirs(statement: Statement, read: Callable[[Statement], Fact | None]) -> Fact | None:
    """Of the customer's own statements alone."""
    ours = statement.side != "buyer" or statement.turn.person is None or statement.interaction.source.kind == "doc"
    return None if ours or _asks(statement) else read(statement)


LEAST_WORDS = 3


def _promise(statement: Statement, label: str) -> Any:
    speaker = statement.turn.person
    if speaker is None or statement.side != "seller" or not statement.to_customer or statement.interaction.source.kind == "doc":
        return None
    text = written_out(statement.text)
    if _asks(statement) or label not in LABELS["promise"] or len(text.split()) < LEAST_WORDS:
        return None
    if any(other.search(text) for other in (SUPPOSED, UNSAID, DEMO, RETOLD, _LEFT_OPEN)) or (VEILED.search(text) and not is_effort(text)):
        return None
    strength = _no_stronger(text, label)
    return promise_as_said(statement, strength) if strength and not (PAPERWORK.search(text) and strength != "retracted") else None


def _no_stronger(text: str, label: str) -> Strength | None:
    """The label where the words bear it, a weaker one where they bear only that."""
    if TAKEN_BACK.search(text):
        return "retracted"
    if label == "retracted":
        return None
    if label == "declined":
        return "declined" if refuses(text, None) or _NO.search(text) else None
    if refuses(text, None):
        return "declined"
    if label == "roadmap_statement" or ROADMAP.search(text):
        return "roadmap_statement"
    if label == "best_effort" or is_effort(text):
        return "best_effort"
    return "conditional" if label == "conditional" or condition_of(text) else "firm"


_LEFT_OPEN = re.compile(
    r"\blet us\b|\blet's\b|\b(?:is|are|would be) possible\b|\bi would say\b|\b(?:i|we) (?:do not know|have not (?:checked|seen|asked)"
    r"|will (?:check|ask|look))\b"
    r"|\bnot going to (?:say|tell|promise|commit)\b|\bcome back to you\b|\bget back to you\b|\bas your wish\b",
    re.IGNORECASE,
)
"""Said to say nothing yet."""
_NO = re.compile(r"\b(?:no|not|never|none|nobody|nothing|neither)\b", re.IGNORECASE)


def _remark(topic: Literal["why", "decision"]) -> Callable[[Statement, str], Remark | None]:
    def read(statement: Statement, label: str) -> Remark | None:
        return _theirs(statement, lambda one: Remark(topic, " ".join(one.text.split()), one.place))

    return read


def _risk(statement: Statement, label: str) -> RiskSaid | None:
    if statement.interaction.source.kind in ("doc", "crm_field") or _asks(statement) or label not in LABELS["risk"]:
        return None
    kind: RiskKind = label  # type: ignore[assignment]  # looked up above
    return RiskSaid(" ".join(statement.text.split()), kind, statement.said_on, statement.place)


def _requirement(statement: Statement, label: str) -> Any:
    heard = statement.to_customer or statement.interaction.source.kind == "doc"
    if not heard or _asks(statement) or label not in LABELS["requirement"]:
        return None
    return requirement_as_said(statement, label)  # type: ignore[arg-type]  # looked up above


def _term(statement: Statement, label: str) -> Any:
    paper = statement.interaction.source.kind == "doc"
    if not (statement.to_customer or paper) or label not in LABELS["term"] or (statement.side == "seller" and _asks(statement)):
        return None
    return term_as_said(statement, label)  # type: ignore[arg-type]  # looked up above


def _rival(statement: Statement, label: str) -> RivalSaid | None:
    """The name stands in the sentence, as a name."""
    person = statement.turn.person
    if person is None or not label[:1].isupper() or re.search(rf"\b{re.escape(label)}\b", statement.text) is None:
        return None
    if statement.interaction.source.kind in ("doc", "crm_field"):
        return None
    return RivalSaid(label, "alternative", " ".join(statement.text.split()), person, statement.said_on, statement.place)


def _reliance(statement: Statement, label: str) -> Any:
    if not statement.to_customer or label not in LABELS["reliance"]:
        return None
    level: Reliance = label  # type: ignore[assignment]  # looked up above
    return _theirs(statement, lambda one: reliance_as_said(one, level))


def place_of(words: str, interaction: StoredInteraction, within: Span) -> Span | None:
    """Where words that a model copied stand in a line, white space taken as equal; None where they do not."""
    parts = words.split()
    if not parts:
        return None
    match = re.compile(r"\s+".join(map(re.escape, parts))).search(interaction.text, within.start, within.end)
    return Span(match.start(), match.end()) if match else None


def lines_of(interaction: StoredInteraction) -> list[tuple[str, Place]]:
    """What a model is shown of it: who speaks, and the words; only what is evidence."""
    found: list[tuple[str, Place]] = []
    for turn in interaction.turns:
        if turn.role == "said":
            side = turn.side if turn.side != "unknown" else ""
            who = turn.person.name if turn.person else turn.speaker_name
            found.append((f"{who} ({side})" if side else who or turn.heading, Place(interaction, turn.span)))
    return found
