"""A promise in a sentence of ours: how strong it is, of which kind, on which condition, by whom to whom, and for when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant.facts.because import reason
from assistant.facts.commitment import Strength, strength_by_wording, strength_of
from assistant.facts.conditions import condition_of, written_out
from assistant.facts.dates import DateSaid, due
from assistant.facts.figures import figures
from assistant.facts.hinges import hinge, shared
from assistant.facts.refusals import TAKEN_BACK
from assistant.facts.replies import asks_for_something, reply
from assistant.facts.speech import Place, Statement, whole_sentences
from assistant.facts.topics import content_words
from assistant.facts.undertakings import IS_GOOD_NOT, names_terms
from assistant.facts.wording import sureness
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.records import Span

PromiseKind = Literal["feature", "timeline", "commercial", "service", "security", "roadmap", "data", "support", "other"]


@dataclass(frozen=True, slots=True)
class PromiseSaid:
    """One sentence that makes, qualifies, refuses or takes back a promise."""

    text: str
    kind: PromiseKind
    strength: Strength
    conditions: str
    made_by: StoredPerson
    made_to: StoredPerson | None
    made_on: date | None
    due: DateSaid | None
    at: Place
    because: Place | None
    """The words that say why it is so, where there are any: of interest where it replaces an earlier one."""
    then: tuple[Place, ...]
    """Of a correction: what is said behind it in the same breath, where what holds instead may stand."""
    topic: str
    """The sentence with what it answers and what stands before it: what the contract and other statements are compared with."""
    hangs_on: Place | None = None
    """Where its condition stands, which may be a sentence beside it or what it answers."""


def promise(statement: Statement, colleagues: frozenset[str] = frozenset()) -> PromiseSaid | None:
    speaker = statement.turn.person
    if speaker is None or statement.side != "seller" or not statement.to_customer or statement.interaction.source.kind == "doc":
        return None
    text = _text(statement)
    strength = _second_opinion(text, statement, _strength(text, statement, colleagues))
    if strength in ("firm", "conditional"):
        hung = hinge(statement, _plain(answered_turn(statement)))
        if hung and hung.chance >= (HANGS_THOUGH if TAKEN_BACK.search(written_out(text)) else HANGS):
            return _on_terms(promise_as_said(statement, "conditional"), hung.at)
    if strength == "firm" and (_ON_THOSE_TERMS.match(text) or _terms_behind(statement)):
        strength = "conditional"
    return promise_as_said(statement, strength) if strength else None


HANGS = 0.13
"""Chance from which on a promise hangs on the words beside it: low, for to miss a condition costs more than to show one too many."""
HANGS_THOUGH = 0.5
"""The same of a correction, which is put like a bargain: `forget what I said: you will have it by May`."""


def _on_terms(said: PromiseSaid | None, hung: Place) -> PromiseSaid | None:
    """What the grammar of conditions reads stands: it is the more exact, and what weights find elsewhere may not take its place."""
    if said is None:
        return None
    words, read = " ".join(hung.text.split()).strip(" ,;"), _plain(said.conditions)
    if read and not shared(read, _plain(words)):
        return said
    if read:
        words = said.conditions
    return replace(said, conditions=words, hangs_on=hung, due=_due(said.at.text, words, said.made_on))


def _text(statement: Statement) -> str:
    text = _plain(statement.text)
    return f"No. {text}" if _BARE_NO.fullmatch(_plain(statement.before)) else text


_ON_THOSE_TERMS = re.compile(
    r"^\W*(?:(?:and|so|okay|then|yes),? )*(?:with (?:that|those|these)|on (?:that|those) (?:basis|terms)|in that case|given that|if so)\b",
    re.IGNORECASE,
)
"""`With that, you're live on the fourteenth`: it hangs on what was said before it."""

_TERMS = re.compile(r"^\W*(?:but |so |and )?(?:only )?(?:if|provided|as long as|assuming|unless|once)\b", re.IGNORECASE)


def _terms_behind(statement: Statement) -> str:
    """What it hangs on, where that is the sentence behind it: `All of it, back to the start. If you can get it scanned.`"""
    return condition_of(_plain(statement.after)) if _TERMS.match(_plain(statement.after)) else ""


SOUNDS = 0.4
"""From here on what no phrase of the grammar knows is taken for a promise by its wording."""
DOUBTED = 0.1
"""Below this a phrase was met by chance: chosen, like the other, on the development deals, each by weights fitted without it."""
WITH_TERMS = 0.05
"""The same for a phrase with a day, a part of the bargain or a gift beside it."""
_BARE_YES = re.compile(r"\W*(?:(?:then|yes|yep|yeah|sure|okay|no|of course)\W*)+$", re.IGNORECASE)
"""`If you sign by then, yes`: of what nobody knows."""
_POINTS = re.compile(r"^\W*(?:(?:and|so|but) )*(?:that|it|this|they)\b", re.IGNORECASE)
SAYS_LITTLE = 3
"""Content words."""


def _points_back(text: str) -> bool:
    return _POINTS.match(text) is not None and len(content_words(text)) < SAYS_LITTLE and not names_terms(text)


def _second_opinion(text: str, statement: Statement, read: Strength | None) -> Strength | None:
    asked = _plain(answered_turn(statement))
    sure = sureness(text, asked, statement.before, statement.after)
    if read is not None:
        least = WITH_TERMS if names_terms(text) else DOUBTED
        plain = read in ("retracted", "roadmap_statement") or _BARE_NO.fullmatch(_plain(statement.before))
        return read if sure >= least or plain else None
    if sure < SOUNDS or _BARE_YES.match(text.replace(condition_of(text), "", 1)) or (statement.before and _points_back(text)):
        return None
    return strength_by_wording(text, asked)


def only_sounds(statement: Statement) -> bool:
    """No phrase of the grammar makes it a promise, and it names no terms: beside one that does it says how that is meant."""
    text = _text(statement)
    says_little = len(content_words(text)) < SAYS_LITTLE or not figures(text)
    return says_little and not names_terms(text) and _strength(text, statement, frozenset()) is None


def promise_as_said(statement: Statement, strength: Strength) -> PromiseSaid | None:
    """A promise of a strength that was found out already; None where nobody is known to have said it."""
    speaker = statement.turn.person
    if speaker is None:
        return None
    text = _plain(statement.text)
    said_on = statement.interaction.source.occurred_on
    at = _quotable(statement)
    condition = condition_of(statement.text) if strength in ("conditional", "best_effort") else ""
    if strength == "conditional" and not condition:
        condition = _plain(statement.before) if _ON_THOSE_TERMS.match(text) else _terms_behind(statement)
    topic = " ".join(
        part
        for part in (
            _plain(statement.prompt)[-240:],
            _plain(statement.before),
            text,
            _plain(statement.after) if strength == "retracted" else "",
        )
        if part
    )
    return PromiseSaid(
        text=" ".join(at.text.split()),
        kind=kind_of_promise(text, strength),
        strength=strength,
        conditions=condition,
        made_by=speaker,
        made_to=_told(statement),
        made_on=said_on,
        # The day in the condition is the customer's to keep, unless it is the only one.
        due=_due(at.text, condition, said_on),
        at=at,
        because=reason(statement),
        then=_behind(statement) if strength == "retracted" else (),
        topic=topic,
    )


MOST_BEHIND = 8
"""Sentences."""


def _behind(statement: Statement) -> tuple[Place, ...]:
    text = statement.interaction.text
    spans = [span for span in whole_sentences(text, statement.turn.span) if span.start >= statement.span.end]
    return tuple(
        Place(statement.interaction, span) for span in spans[:MOST_BEHIND] if not text[span.start : span.end].rstrip().endswith("?")
    )


def _due(text: str, condition: str, said_on: date | None) -> DateSaid | None:
    if not condition:
        return due(text, said_on)
    ours = text.replace(condition, "")
    return due(ours, said_on) or (None if _SPAN_OF_TIME.search(ours) else due(text, said_on))


_SPAN_OF_TIME = re.compile(r"\b(?:in|within|after|takes?) (?:\w+[ -]){1,3}(?:days?|weeks?|months?)\b", re.IGNORECASE)
"""`Live in eight weeks, if we get the account by the fifth of April`: that day is theirs, and ours is not known."""


_REQUEST = re.compile(
    r"\?|\b(?:want|need|require|shall|must|would like|right to|ask(?:ing)? for|increase|match|can you|could you)\b", re.IGNORECASE
)
_BARE_NO = re.compile(r"(?:so |well |sorry,? )?no(?:pe)?[.,!]?", re.IGNORECASE)
_WRITTEN_TERM = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])?\s*(?:[A-Z$€£]).{0,140}$", re.DOTALL)


def _strength(text: str, statement: Statement, colleagues: frozenset[str]) -> Strength | None:
    in_writing = statement.interaction.source.kind == "email"
    prompt = _plain(answered_turn(statement))
    theirs = {word for person in statement.interaction.participants if person.side != "seller" for word in person.name.casefold().split()}
    ours = colleagues | {word for person in statement.interaction.participants if person.side == "seller" for word in _names(person)}
    read = strength_of(
        text,
        is_ours=lambda name: name in ours and name not in theirs,
        answers_request=bool(_REQUEST.search(statement.prompt)),
        asked=statement.prompt,
        listed=in_writing and bool(_WRITTEN_TERM.match(text)),
    )
    if read == "declined" and prompt and _DOES_NOT_DO_THAT.search(text) and not asks_for_something(prompt):
        return None
    if read is not None or not prompt or statement.interaction.source.kind == "email":
        return read
    first = not statement.before or len(statement.before.split()) <= SHORT_OPENING
    return _answered(text, prompt, first, _plain(statement.after))


def answered_turn(statement: Statement) -> str:
    """What it answers, where that was not said by one of ours."""
    return "" if statement.prompted_by and statement.prompted_by.side == "seller" else statement.prompt


def _answered(text: str, prompt: str, first: bool, after: str) -> Strength | None:
    """What a sentence that commits to nothing by itself does with what was asked."""
    match reply(text, prompt, first=first, after=after):
        case "refuses" if not IS_GOOD_NOT.search(written_out(text)):
            return "declined"
        case "grants":
            return "conditional" if condition_of(written_out(text)) else "firm"
        case _:
            return None


SHORT_OPENING = 3
"""Words of an opening (`Yes, sure.`) after which the next sentence still opens the answer."""
_DOES_NOT_DO_THAT = re.compile(r"\b(?:do not|don't|never|won't|will not) do (?:that|this|it)\b", re.IGNORECASE)


def colleagues_of(interactions: Iterable[StoredInteraction]) -> frozenset[str]:
    """The names of our own people in an account's history: `Marcus will send it` commits us though Marcus is not in the room."""
    everybody = [person for interaction in interactions for person in interaction.participants]
    theirs = {word for person in everybody if person.side != "seller" for word in _names(person)}
    return frozenset(word for person in everybody if person.side == "seller" for word in _names(person)) - theirs


def _names(person: StoredPerson) -> tuple[str, ...]:
    return tuple(person.name.casefold().split())


def _told(statement: Statement) -> StoredPerson | None:
    """Whom it was said to: who spoke before, else the customer's first person in the interaction."""
    if statement.prompted_by and statement.prompted_by.side == "buyer":
        return statement.prompted_by
    return next((person for person in statement.interaction.participants if person.side == "buyer"), None)


_NEEDS_BEFORE = 5
_POINTS_BACK = re.compile(
    r"^\W*(?:you can (?:count|rely|depend) on (?:that|it|this)|that (?:one )?(?:i'll|i will|is a) \w+ ?\w*|you have my word)\W*$",
    re.IGNORECASE,
)


def _quotable(statement: Statement) -> Place:
    """The sentence; one too short to stand alone takes the sentence before it along."""
    alone = _plain(statement.text)
    needs_before = len(alone.split()) < _NEEDS_BEFORE or _POINTS_BACK.search(alone) or _BARE_NO.fullmatch(_plain(statement.before))
    if not needs_before or statement.before_span is None:
        return statement.place
    return Place(statement.interaction, Span(statement.before_span.start, statement.span.end))


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


_KIND_WORDS: tuple[tuple[PromiseKind, str], ...] = (
    (
        "commercial",
        r"\b(?:price|pricing|discount|per ?cent off|% off|fee|invoice|charge|cost|free|waive|refund|term(?:inate|ination)?|renew"
        r"|month-to-month|month to month|\$|usd|eur|liability|uncapped|walk|cancel|credit|first month)",
    ),
    ("support", r"\b(?:support|sla|service level|phone line|hotline|helpdesk)\b"),
    (
        "security",
        r"\b(?:sso|sign-on|saml|scim|encrypt|incident|breach|penetration|pen test|retest|finding|soc 2|iso 27001|residency"
        r"|personnel|access|password|audit|log|logged|baa|nda|in the (?:eu|us|united states)|eu\b|keys)\b",
    ),
    ("data", r"\b(?:import|migrat\w*|delete\w*|deletion|history|extract|backup|data)\b"),
    (
        "service",
        r"\b(?:train\w*|on ?site|office hours|workshop|session|kick-?off|status|customer success|in person|in the room|kiosks?"
        r"|zoom with)\b",
    ),
    (
        "timeline",
        r"\b(?:live|go-live|by the end|weeks?|phase|launch|january|february|march|april|june|july|august|september|october"
        r"|november|december)\b",
    ),
)
_KINDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KIND_WORDS)


def kind_of_promise(text: str, strength: Strength) -> PromiseKind:
    if strength == "roadmap_statement":
        return "roadmap"
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "feature")
