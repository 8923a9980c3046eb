"""Cuts an interaction into passages: slices of one turn, small enough to quote and to embed whole.

Only turns whose role is `said` give passages. A passage never crosses a turn, never loses or changes a character, and the
passages of a turn cover all its words.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.records import Interaction, Span, Turn, spans_of

MOST_WORDS = 110
"""A passage's usual ceiling: about 150 word pieces, well inside the 256 that MiniLM reads."""
MOST_CHARACTERS = 1200

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÀ-ÞĀ-Ž0-9])|\n+")
_NOT_AN_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nr|vs|approx|incl|ca|e\.g|i\.e|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|p|pp|Art|Sec|Fig)"
    r"|\b[A-Z]|(?:^|\n)[ \t]*\(?\d{1,2})\.\s+$"  # initials, and the number of a list item
)


@dataclass(frozen=True, slots=True)
class Passage:
    """`text == text_of(interaction)[span]`; `turn` is the index of the turn it is a slice of."""

    span: Span
    text: str
    turn: int


def split(interaction: Interaction) -> tuple[Passage, ...]:
    return tuple(
        Passage(Span(at.start + part.start, at.start + part.end), turn.text[part.start : part.end], index)
        for index, (turn, at) in enumerate(zip(interaction.turns, spans_of(interaction), strict=True))
        if turn.role == "said"
        for part in _parts(turn.text)
    )


def sentences(text: str) -> tuple[Span, ...]:
    """Where the sentences and lines of a text stand, without the white space around them; together they hold every word."""
    cuts = [0]
    for match in _SENTENCE.finditer(text):
        if "\n" in match.group() or not _NOT_AN_END.search(text[max(0, match.start() - 12) : match.end()]):
            cuts.append(match.end())
    cuts.append(len(text))
    return tuple(span for a, b in pairwise(cuts) if (span := _trim(text, a, b)).end > span.start)


def searched_text(turn: Turn, text: str) -> str:
    """What is embedded and indexed for a passage: who says it, then the words.

    Never quoted, and free of the side, so that correcting our own domains embeds nothing again.
    """
    return searched(turn.speaker.name if turn.speaker else turn.heading, text)


def searched(lead: str, text: str) -> str:
    return f"{lead}: {text}" if lead else text


def content_hash(searched: str) -> str:
    """The name under which the embedding of a text is kept: same words, same vectors, embedded once."""
    return hashlib.sha256(searched.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _parts(text: str) -> list[Span]:
    """Paragraphs packed up to the ceiling; a longer paragraph by sentences; a longer sentence by words."""
    pieces: list[Span] = []
    for paragraph in _paragraphs(text):
        pieces += [paragraph] if _fits(text, paragraph) else _by_sentences(text, paragraph)
    return _packed(text, pieces)


def _paragraphs(text: str) -> list[Span]:
    cuts = [0, *(m.end() for m in _PARAGRAPH.finditer(text)), len(text)]
    return [span for a, b in pairwise(cuts) if (span := _trim(text, a, b)).end > span.start]


def _by_sentences(text: str, part: Span) -> list[Span]:
    pieces: list[Span] = []
    for sentence in sentences(text[part.start : part.end]):
        span = Span(part.start + sentence.start, part.start + sentence.end)
        pieces += [span] if _fits(text, span) else _by_words(text, span)
    return pieces


def _by_words(text: str, part: Span) -> list[Span]:
    words = [Span(part.start + m.start(), part.start + m.end()) for m in re.finditer(r"\S{1,400}", text[part.start : part.end])]
    return [Span(words[i].start, words[min(i + MOST_WORDS, len(words)) - 1].end) for i in range(0, len(words), MOST_WORDS)]


def _packed(text: str, pieces: list[Span]) -> list[Span]:
    packed: list[Span] = []
    for piece in pieces:
        if packed and _fits(text, Span(packed[-1].start, piece.end)):
            packed[-1] = Span(packed[-1].start, piece.end)
        else:
            packed.append(piece)
    return packed


def _fits(text: str, span: Span) -> bool:
    words = text[span.start : span.end]
    return len(words) <= MOST_CHARACTERS and len(words.split()) <= MOST_WORDS


def _trim(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    return Span(left, max(left, end - (len(inner) - len(inner.rstrip()))))
