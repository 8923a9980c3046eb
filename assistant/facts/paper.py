"""The signed paper of a deal: which documents are one, and their terms, each with the heading it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.facts.figures import Figure, figures
from assistant.facts.speech import Place, whole_sentences
from assistant.facts.topics import concepts, content_words
from ingest.archive.rows import StoredInteraction, StoredTurn
from ingest.records import Span

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


_HEADING = re.compile(r"^[\W_]*(?:\(?[a-z]\)|\d{1,2}[.)]?)?\s*\**(?P<words>[A-Z][^.:|\n]{1,48}?)\**\s*[.:]?\**\s*$")
_LEAD_HEADING = re.compile(r"^[\W_]*(?:\d{1,2}[.)])?\s*\**(?P<words>[A-Z][a-zA-Z,&’' -]{2,40}?)\.\**(?:\s|$)")
_EXCLUSION_HEADING = re.compile(
    r"\b(?:not (?:included|covered|part of (?:the|this)|in scope|provided|supplied)|excluded|exclusions?|out of scope"
    r"|outside (?:the|this) scope)\b",
    re.IGNORECASE,
)
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
                own = _heading(text) if opens_line and not _is_term(document.text, line, span, turn, heading) else ""
                heading = heading if _SIGNED_LINE.match(own) else own or heading  # a paper may say at its head when it was signed
                if not ((own and _is_heading_only(text)) or _SIGNED_LINE.match(text) or _SIGNATURES.match(heading)) and content_words(text):
                    found.append(_clause(place, text, heading))
    return tuple(found)


_SUPPLIER_DOES = re.compile(
    r"^[\W\d]*(?:the )?(?:vendor|supplier|licensor|provider|contractor) "
    r"(?:(?:will|shall|must|agrees to|undertakes to) |(?!(?:is|has|does|was)\b)[a-z]+s (?!(?:of|for|on|at|in|and|or|with|by|to)\b))",
    re.IGNORECASE,
)
"""What the supplier undertakes after all, in a sentence of its own below `Exclusions`."""
_HOLDS_BACK = re.compile(r"\b(?:not|no|never|cannot|exclud\w+|charge[sd]?|separate(?:ly)?|extra|additional(?:ly)?)\b", re.IGNORECASE)
_INCLUDED = content_words("included")


def _clause(place: Place, text: str, heading: str) -> Clause:
    undertakes = _SUPPLIER_DOES.match(text) is not None and not _HOLDS_BACK.search(text)
    excludes = bool((_EXCLUSION_HEADING.search(heading) and not undertakes) or _EXCLUSION_LEAD.match(text))
    return Clause(
        at=place,
        text=text,
        heading=heading,
        excludes=excludes,
        limits=bool(_RULES_OUT.search(text)),
        # `Hardware, including tablets` is not about whatever else was said to be included.
        words=content_words(text) - _INCLUDED if excludes else content_words(text),
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


def _is_term(text: str, line: int, span: Span, turn: StoredTurn, heading: str) -> bool:
    """Right below a heading of the document, or below `Not included`, words with a full stop and no number or mark are a term, however
    like a heading they look: `Gate hardware.`"""
    marked = text[line : span.start].strip() or text[span.start] in "#*§"
    below = bool(turn.heading) and not text[turn.span.start : span.start].strip()
    return text[span.end - 1] == "." and not marked and (below or _EXCLUSION_HEADING.search(heading) is not None)


_ITEM = re.compile(r"(?<=[.;:]) (?=\([a-z]\) )")


def _items(text: str, within: Span) -> Iterator[Span]:
    """Sentences, cut again where `(a) … (b) …` runs on in one line."""
    for sentence in whole_sentences(text, within):
        start = sentence.start
        for match in _ITEM.finditer(text, sentence.start, sentence.end):
            yield Span(start, match.start())
            start = match.end()
        yield Span(start, sentence.end)
