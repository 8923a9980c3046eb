"""Holds a promise against the signed paper: covered, contradicted, excluded, silent, or no contract to hold it against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.facts.dates import dates
from assistant.facts.figures import Figure, figures
from assistant.facts.opposites import caps_rises_higher, goes_live_later, keeps_weekdays, says_the_opposite
from assistant.facts.promises import PromiseSaid
from assistant.facts.speech import Place, whole_sentences
from assistant.facts.topics import concepts, content_words
from ingest.archive.rows import StoredInteraction
from ingest.records import Span

ContractStatus = Literal["covered", "contradicted", "silent", "excluded", "no_contract"]

_CONTRACT_TITLE = re.compile(
    r"\border[ _-]?form\b|\bstatement of work\b|\bsow\b|\b(?:master|subscription|services?|licen[cs]e) agreement\b"
    r"|\bcontract\b|\bmsa\b|\baddendum\b|\bamendment\b",
    re.IGNORECASE,
)
_NOT_A_CONTRACT = re.compile(r"\bquestionnaire\b|\bproposal\b|\bquotation\b|\bdraft\b|\bdeck\b|\bnda\b|\btemplate\b", re.IGNORECASE)
_SIGNED = re.compile(
    r"\bsigned\b.{0,80}\d{4}|\bsignatures?\b|\bexecuted\b.{0,80}\d{4}|\bfor \w+.{0,60}\b20\d\d\b", re.IGNORECASE | re.DOTALL
)
_SCHEDULE = re.compile(r"\b(?:schedule|annex|appendix|exhibit)s?\b[^.]{0,20}[:.]?[^.]{0,60}\bquestionnaire\b", re.IGNORECASE)
_NOT_PART = re.compile(
    r"questionnaires?\b.{0,120}\b(?:for information|not part)\b|\bfor information\b.{0,80}questionnaire", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of the signed paper. `excludes` when it stands under `Not included` or rules something out."""

    at: Place
    text: str
    heading: str
    excludes: bool
    limits: bool
    words: frozenset[str]
    concepts: frozenset[str]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    status: ContractStatus
    clause: Clause | None
    """Set for covered, contradicted and excluded; those are never said without the words of the contract."""


NO_CONTRACT = Verdict("no_contract", None)
SILENT = Verdict("silent", None)


def contracts(documents: Sequence[StoredInteraction], *, closed: bool = False) -> tuple[StoredInteraction, ...]:
    """The signed documents, and a questionnaire where a signed document makes it a schedule of its own.

    Once a deal is closed an order form that shows no signatures counts too, unless another one does show them.
    """
    named = tuple(document for document in documents if calls_itself_a_contract(document))
    paper = tuple(document for document in named if _SIGNED.search(document.text)) or (named if closed else ())
    text = "\n".join(document.text for document in paper)
    if not _SCHEDULE.search(text) or _NOT_PART.search(text):
        return paper
    return paper + tuple(
        d for d in documents if d.source.kind == "doc" and d not in paper and re.search(r"questionnaire", _name(d), re.IGNORECASE)
    )


def calls_itself_a_contract(document: StoredInteraction) -> bool:
    name = _name(document)
    return document.source.kind == "doc" and bool(_CONTRACT_TITLE.search(name)) and not _NOT_A_CONTRACT.search(name)


def _name(document: StoredInteraction) -> str:
    """What a document calls itself: its title, its file's name, its first line."""
    return " ".join((document.source.title, document.source.file.rsplit("/", 1)[-1], document.text[:120].strip().split("\n", 1)[0]))


_HEADING = re.compile(r"^[\W_]*(?:\(?[a-z]\)|\d{1,2}[.)])?\s*\**(?P<words>[A-Z][^.:|\n]{1,48}?)\**\s*[.:]?\**\s*$")
_LEAD_HEADING = re.compile(r"^[\W_]*(?:\d{1,2}[.)])?\s*\**(?P<words>[A-Z][a-zA-Z,&’' -]{2,40}?)\.\**(?:\s|$)")
_EXCLUSION_HEADING = re.compile(r"\b(?:not included|excluded|exclusions|out of scope|not in scope)\b", re.IGNORECASE)
_EXCLUSION_LEAD = re.compile(r"^\W*(?:not included|excluded|exclusions|out of scope|not in scope)\b[^.:\n]{0,40}:", re.IGNORECASE)
"""`Not included: custom reports` is an exclusion in a line of its own."""
_RULES_OUT = re.compile(
    r"\b(?:may not|shall not|cannot|neither party may|not (?:be )?(?:included|offered|provided|supported|available|covered)"
    r"|no right to|is not part of|are not part of|excludes?|excluding|limited to)\b",
    re.IGNORECASE,
)
_SIGNED_LINE = re.compile(r"^\W*(?:signed\b|for .{0,40}:.{0,80}\d{4})", re.IGNORECASE)
_SIGNATURES = re.compile(r"\bsignatures?\b|\bsigned\b", re.IGNORECASE)


def clauses(documents: Sequence[StoredInteraction]) -> tuple[Clause, ...]:
    """The terms of the papers, each with the heading it stands under; headings, fillers and signatures are no terms."""
    found: list[Clause] = []
    for document in documents:
        heading = ""
        for turn in document.turns:
            heading = turn.heading or heading
            for span in _items(document.text, turn.span):
                place = Place(document, span)
                text = " ".join(place.text.replace("*", "").replace("’", "'").split())
                line = max(turn.span.start, document.text.rfind("\n", 0, span.start) + 1)
                opens_line = _NUMBERING.fullmatch(document.text, line, span.start) is not None
                own = _heading(text) if opens_line else ""
                heading = own or heading
                if not ((own and _is_heading_only(text)) or _SIGNED_LINE.match(text) or _SIGNATURES.match(heading)) and content_words(text):
                    found.append(_clause(place, text, heading))
    return tuple(found)


def _clause(place: Place, text: str, heading: str) -> Clause:
    return Clause(
        at=place,
        text=text,
        heading=heading,
        excludes=bool(_EXCLUSION_HEADING.search(heading) or _EXCLUSION_LEAD.match(text)),
        limits=bool(_RULES_OUT.search(text)),
        words=content_words(text),
        concepts=concepts(f"{heading}. {text}"),
        figures=figures(text),
    )


_VERB = re.compile(r"\b(?:is|are|be|may|will|shall|has|have|can|includes?|renews?|applies|apply|receives?|gets?)\b", re.IGNORECASE)
_NUMBERING = re.compile(r"[#*§\s\d.()]*")
LONGEST_HEADING = 6


def _heading(text: str) -> str:
    """The heading a line is, or begins with; empty where it is neither. Items of a list in a line are never headings."""
    match = _LEAD_HEADING.match(text) or _HEADING.match(text)
    words = match["words"] if match else ""
    return words if words and len(words.split()) <= LONGEST_HEADING and not _VERB.search(words) else ""


def _is_heading_only(text: str) -> bool:
    return bool(_HEADING.match(text))


_ITEM = re.compile(r"(?<=[.;:]) (?=\([a-z]\) )")


def _items(text: str, within: Span) -> Iterator[Span]:
    """Sentences, cut again where `(a) … (b) …` runs on in one line."""
    for sentence in whole_sentences(text, within):
        start = sentence.start
        for match in _ITEM.finditer(text, sentence.start, sentence.end):
            yield Span(start, match.start())
            start = match.end()
        yield Span(start, sentence.end)


ALIKE = 0.34
"""From here on a clause speaks of the same thing as the promise: measured on the development deals, between noise and paraphrase."""


def verdict(promise: PromiseSaid, paper: Sequence[Clause]) -> Verdict:
    """What the paper says about a promise; silent unless a clause speaks of the same thing."""
    if not paper:
        return NO_CONTRACT
    against = next((c for c in paper if _opposite(promise, c) or _charges(promise, c)), None)
    if against:
        return Verdict("contradicted", against)
    ranked = sorted(paper, key=lambda clause: -likeness(promise, clause))
    if promise.strength == "declined":
        return next((Verdict("excluded", clause) for clause in ranked if _rules_out(promise, clause)), SILENT)
    clause = ranked[0]
    if likeness(promise, clause) < ALIKE or not _own_words_meet(promise, clause):
        return SILENT
    if clause.excludes:
        return SILENT if _sold(promise) else Verdict("excluded", clause)
    if _of_another_version(promise, clause):
        return SILENT
    if (_differs(promise, clause) and not _grants_more(promise, clause)) or _keeps_hours(promise, clause):
        return Verdict("contradicted", clause)
    return Verdict("covered", clause) if _grants(promise, clause) else SILENT


def _own_words_meet(promise: PromiseSaid, clause: Clause) -> bool:
    """The promise's own sentence speaks of the clause's matter; its setting alone never makes a promise covered."""
    return bool(concepts(promise.text) & clause.concepts) or len(content_words(promise.text) & clause.words) >= 2


def _rules_out(promise: PromiseSaid, clause: Clause) -> bool:
    """The paper refuses what was refused: it excludes or forbids it, or grants another number of it."""
    if clause.excludes or clause.limits:
        return bool(concepts(promise.topic) & clause.concepts) or likeness(promise, clause) >= ALIKE
    return likeness(promise, clause) >= ALIKE and _differs(promise, clause)


def likeness(promise: PromiseSaid, clause: Clause) -> float:
    """Shared concepts and rare words of the promise found in the clause, the promise's own sentence before its setting."""
    own = content_words(promise.text)
    setting = content_words(promise.topic) - own
    shared_concepts = concepts(promise.text) & clause.concepts
    shared = len(own & clause.words) + 0.3 * min(3, len(setting & clause.words))
    size = min(len(own), 9) or 1
    figures_shared = len({(f.value, f.unit) for f in figures(promise.text)} & {(f.value, f.unit) for f in clause.figures})
    topic_concepts = concepts(promise.topic) & clause.concepts - shared_concepts
    return (
        0.45 * shared / size
        + 0.3 * min(1, len(shared_concepts))
        + 0.12 * bool(len(shared_concepts) > 1)
        + 0.12 * min(2, figures_shared)
        + 0.08 * bool(topic_concepts)
    )


_LASTING = ("hour", "day", "month", "week", "%")


def _differs(promise: PromiseSaid, clause: Clause) -> bool:
    """The same kind of thing is counted, with another number."""
    for unit in _LASTING:
        said = {f.value for f in figures(promise.text) if f.unit == unit}
        written = {f.value for f in clause.figures if f.unit == unit}
        if said and written and not said & written:
            return True
    return False


_ALWAYS = re.compile(
    r"\b(?:24|twenty[- ]four)\s*(?:/|x|×|hours a day\W+|[- ]?(?:by|times)[- ]?|[- ])\s*(?:7|seven)\b|\b(?:round|around) the clock\b"
    r"|\b(?:at )?any (?:time|hour)\b|\bday (?:and|or) night\b|\bnight and day\b|\b(?:every|all) (?:hours?|day and night)\b",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\b(?:on )?(?:weekdays|working days|business days|business hours|office hours)\b|\bmon(?:day)?s? (?:to|through|[-–]) (?:fri|sat)"
    r"|\bfrom \d{1,2}(?:[:.]\d\d)?\s*(?:[ap]m)? (?:to|until|till) \d",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[,;]\s+|\s+(?:and|but)\s+")


def _keeps_hours(promise: PromiseSaid, clause: Clause) -> bool:
    """Promised at all hours, and the paper keeps hours for that very thing: `24/7 in English, in Swedish on weekdays`."""
    if not _ALWAYS.search(promise.text):
        return False
    said = content_words(promise.text)
    parts = _PARTS.split(clause.text)
    free = frozenset().union(*(content_words(part) for part in parts if not _HOURS.search(part)))
    bound = frozenset().union(*(content_words(part) for part in parts if _HOURS.search(part))) - free
    if not bound:
        return False
    return bool(said & bound) and not _HOURS.search(promise.text)


def _opposite(promise: PromiseSaid, clause: Clause) -> bool:
    """Opposite words in the matters that hurt most, whatever else the two have in common."""
    if promise.strength in ("declined", "retracted"):
        return False
    return (
        says_the_opposite(promise.text, clause.text)
        or caps_rises_higher(promise.text, clause.text, clause.figures)
        or goes_live_later(promise.text, promise.due, promise.made_on, clause.text, clause.figures)
        or keeps_weekdays(promise.text, f"{clause.heading}. {clause.text}")
    )


_FREE = re.compile(
    r"\bfree\b(?! (?:of|from) (?!charge))|\b(?:no|without|not) (?:extra |additional |further )?(?:charge|cost|fee)s?\b"
    r"|\bat no (?:extra )?(?:charge|cost)\b"
    r"|\bon (?:us|the house)\b|\bwaived?\b|\bincluded in the price\b|\bdo(?:es)?n't cost\b",
    re.IGNORECASE,
)
_CHARGED = re.compile(
    r"\b(?:is|are|be|shall be) (?:\w+ )?(?:charged|billed|invoiced|payable) (?:at|with|per|for|separately|extra|additionally"
    r"|on top)\b|\bcosts? (?:extra|[\d$€£])"
    r"|\b(?:extra|additional) (?:charge|cost|fee) (?:of|applies)\b",
    re.IGNORECASE,
)
_PAID = re.compile(r"\bpaid\b|\bcosts?\b|\bextra\b|\bprice\b|\bper \w+\b", re.IGNORECASE)


def _sold(promise: PromiseSaid) -> bool:
    """Offered for money of its own: that the order does not include it takes nothing from that."""
    return bool(figures(promise.text)) and bool(_PAID.search(promise.text)) and not _FREE.search(promise.text)


SAME_CHARGE = 0.4
"""Share of a clause's words that a promise must hold to be about what the clause charges."""


def _charges(promise: PromiseSaid, clause: Clause) -> bool:
    """Promised for nothing, and the paper takes money for that very thing."""
    if promise.strength in ("declined", "retracted") or not _FREE.search(promise.text):
        return False
    if not _CHARGED.search(clause.text) or _FREE.search(clause.text):
        return False
    shared = content_words(promise.text) & clause.words
    return len(shared) >= 2 and len(shared) >= SAME_CHARGE * len(clause.words)


_VERSION = re.compile(
    r"\b(?:version|release|v\.?)\s?(?P<named>\d+(?:\.\d+)*)\b|(?<![\d.,$€£])(?P<dotted>\d{1,2}\.\d{1,2})(?![\d.,]|\s?(?:%|percent))"
)


def _of_another_version(promise: PromiseSaid, clause: Clause) -> bool:
    """The paper names versions of the thing, and none of them is the promised one."""
    said, written = ({match["named"] or match["dotted"] for match in _VERSION.finditer(text)} for text in (promise.text, clause.text))
    return bool(said and written) and not said & written


def _grants_more(promise: PromiseSaid, clause: Clause) -> bool:
    """A shorter time to act than was promised grants at least as much."""
    for unit in ("hour", "day"):
        said = [f.value for f in figures(promise.text) if f.unit == unit]
        written = [f.value for f in clause.figures if f.unit == unit]
        if said and written and min(written) < min(said):
            return True
    return False


def _grants(promise: PromiseSaid, clause: Clause) -> bool:
    """A promise for a day is covered only by paper that names that day or an earlier one."""
    if promise.due and promise.due.on and promise.kind == "timeline":
        written = [d.on for d in dates(clause.text, promise.made_on) if d.on]
        return any(on <= promise.due.on for on in written)
    if promise.kind == "timeline" and promise.due and not promise.due.as_said.casefold().endswith("go-live"):
        return False
    return not clause.limits or bool(concepts(promise.text) & clause.concepts)
