"""Cuts an interaction into passages: slices of one turn, small enough to quote and to embed whole.

Only turns whose role is `said` give passages. A passage never crosses a turn, never loses or changes a character, and the
passages of a turn cover all its words.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.records import Interaction, Span, spans_of

MOST_WORDS = 110
"""A passage's usual ceiling: about 150 word pieces, well inside the 256 that MiniLM reads."""
MOST_CHARACTERS = 1200

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÀ-ÞĀ-Ž0-9])|\n+")
_NOT_AN_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|approx|incl|ca|e\.g|i\.e|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"|\b[A-Z]|(?:^|\n)[ \t]*\(?\d{1,2})\.\s+$"  # initials, and the number of a list item
)
_BEFORE_A_NUMBER = re.compile(r"\b(?:No|Nr|p|pp|Art|Sec|Fig)\.\s+$")
"""Abbreviations where a figure follows, words of their own where none does."""
_WRAPPED_AT = range(60, 81)
"""Line lengths at which mail programs break plain text."""
_OPENS_A_LINE = re.compile(r"[ \t]*(?:[-–—•*·▪●>|]|\(?\w{1,3}[.)][ \t]|[^\s:][^:\n]{0,30}:(?:\s|$))")
"""What begins a line of its own: a list item, a quotation, a label."""


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
    cuts = [0, *(gap.end() for gap in _SENTENCE.finditer(text) if _ends(text, gap)), len(text)]
    return tuple(span for a, b in pairwise(cuts) if (span := _trim(text, a, b)).end > span.start)


def searched_text(speaker_name: str, heading: str, text: str) -> str:
    """What is embedded and indexed for a passage: who says it, or the heading it stands under, then the words.

    Never quoted, and free of the side, so that correcting our own domains embeds nothing again.
    """
    lead = speaker_name or heading
    return f"{lead}: {text}" if lead else text


def content_hash(searched: str) -> str:
    """The name under which the embedding of a text is kept: same words, same vectors, embedded once."""
    return hashlib.sha256(searched.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _ends(text: str, gap: re.Match[str]) -> bool:
    """Whether a sentence or line ends at this white space."""
    if "\n" in gap.group():
        if not _wrapped(text, gap):
            return True
        punctuated = text[gap.start() - 1] in ".!?…"
        if not punctuated or text[gap.end()].islower():
            return False
    before = text[max(0, gap.start() - 12) : gap.end()]
    return not (_NOT_AN_END.search(before) or (_BEFORE_A_NUMBER.search(before) and text[gap.end()].isdigit()))


def _wrapped(text: str, gap: re.Match[str]) -> bool:
    """Whether the line break only keeps a line short: a line about as long as mail programs make them, whose next word is in small
    letters or would not have fitted, and which does not introduce what follows."""
    start = text.rfind("\n", 0, gap.start()) + 1
    end = text.find("\n", gap.end())
    line, after = text[start : gap.start()].rstrip(), text[gap.end() : end if end >= 0 else len(text)]
    if gap.group().count("\n") > 1 or not after.strip() or len(line) not in _WRAPPED_AT or line.endswith(":") or _OPENS_A_LINE.match(after):
        return False
    first = after.split(maxsplit=1)[0]
    return first[0].islower() or len(line) + 1 + len(first) > _widest(text, start)


def _widest(text: str, at: int) -> int:
    """The length of the longest line in the paragraph around."""
    start, end = text.rfind("\n\n", 0, at + 1), text.find("\n\n", at)
    return max(map(len, text[max(0, start) : end if end >= 0 else len(text)].split("\n")))


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
    return [Span(part.start + m.start(), part.start + m.end()) for m in re.finditer(r"\S{1,400}", text[part.start : part.end])]


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
