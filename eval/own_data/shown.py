"""A claim that a reader was shown, the evidence beside it, and what speaks against trusting it at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from eval.matching import figures, words

LEANS = frozenset("it that this they them he she those these there one so and but then".split())
"""First words that point at what was said before; `we` is whoever speaks."""
FRAME = frozenset("promised the contract says".split())
"""Words that Baton puts around the quotes of a line, to tell whose they are."""
SHORT = 5
"""A quote of fewer words seldom says what it is about."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote as it was shown. `exact`: the text that Baton read has these very words at the place named. `in_file`: so has the file as
    its owner gave it; None where that could not be looked up."""

    quote: str
    prefix: str
    suffix: str
    title: str
    file: str
    kind: str
    speaker: str
    side: str
    on: str
    doubtful_hearing: bool
    internal: bool
    exact: bool
    in_file: bool | None


@dataclass(frozen=True, slots=True)
class Shown:
    where: str
    """The section of the brief, or the question that was asked."""
    account: str
    text: str
    support: float
    evidence: tuple[Evidence, ...]
    own_words: bool = True
    """Whether the text should stand in its quotes; a person's name over what they said need not."""
    made_up: bool = False
    """It answers what nobody can have said."""


class Doubt(NamedTuple):
    weight: float
    words: str


def doubts(claim: Shown) -> tuple[Doubt, ...]:
    """Why a person should look, the gravest first."""
    quotes = " ".join(f"{one.quote} {_setting(one)}" for one in claim.evidence)
    unsaid = sorted(set(words(claim.text)) - set(words(quotes)) - (FRAME if "“" in claim.text else set())) if claim.own_words else []
    strange = sorted(figures(claim.text) - figures(quotes)) if claim.own_words else []
    first = claim.evidence[0] if claim.evidence else None
    found = [
        (not claim.evidence, 10.0, "nothing is quoted for it"),
        (any(not one.exact for one in claim.evidence), 10.0, "a quote differs from the text that was read"),
        (claim.made_up, 8.0, "nobody can have said it: the question is about something that no text of the account mentions"),
        (any(one.in_file is False for one in claim.evidence), 6.0, "a quote was not found in the file as it was given"),
        (bool(strange), 5.0, f"a figure that no quote holds: {', '.join(strange[:4])}"),
        (bool(unsaid) and not strange, 2.0, f"words that no quote holds: {', '.join(unsaid[:6])}"),
        (any(one.doubtful_hearing for one in claim.evidence), 3.0, "the recogniser was not sure of these words"),
        (first is not None and not first.speaker and first.kind in ("call", "email", "chat"), 2.0, "who said it is not known"),
        (first is not None and first.side == "unknown" and bool(first.speaker), 1.5, "whose side the speaker is on is not known"),
        (first is not None and not first.on, 1.5, "when it was said is not known"),
        (any(one.internal for one in claim.evidence), 1.0, "said among colleagues, not to the customer"),
        (first is not None and first.kind != "crm_field" and len(words(first.quote)) < SHORT, 1.5, "a very short quote"),
        (first is not None and _leans(first.quote), 1.0, "it leans on what was said before"),
        (claim.support < 1.0, 2.0 * (1.0 - claim.support), f"Baton itself is not sure that it answers (support {claim.support:.2f})"),
    ]
    return tuple(sorted((Doubt(weight, said) for applies, weight, said in found if applies), key=lambda doubt: -doubt.weight))


def worst(claims: Sequence[Shown], limit: int) -> list[tuple[Shown, tuple[Doubt, ...]]]:
    """Those with most against them, each text once, and of an answer to a made-up question one: all of it is wrong for the one reason."""
    seen: set[tuple[str, str]] = set()
    ranked = []
    for claim in claims:
        what = (claim.account, claim.where if claim.made_up else claim.text)
        if what not in seen:
            seen.add(what)
            ranked.append((claim, doubts(claim)))
    ranked.sort(key=lambda pair: -sum(doubt.weight for doubt in pair[1]))
    return [pair for pair in ranked[:limit] if pair[1]]


def as_json(claim: Shown, against: Sequence[Doubt]) -> dict[str, Any]:
    return {
        "where": claim.where,
        "account": claim.account,
        "text": claim.text,
        "support": claim.support,
        "doubts": [doubt.words for doubt in against],
        "evidence": [
            {"quote": e.quote, "source": e.title, "file": e.file, "speaker": e.speaker, "on": e.on, "exact": e.exact, "in_file": e.in_file}
            for e in claim.evidence
        ],
    }


def _setting(one: Evidence) -> str:
    """What an answer says before a quote: who said it, in what, and when."""
    day = date.fromisoformat(one.on) if one.on else None
    return f"{one.speaker} {one.title} {one.on} {day:%d %b %Y} {day.day}" if day else f"{one.speaker} {one.title}"


def _leans(quote: str) -> bool:
    first = words(quote)[:1]
    return bool(first) and first[0] in LEANS
