"""What a promise hangs on: the words beside it, in its own sentence or next to it, without which it does not hold.

`If` and `provided` are what the grammar of conditions knows (`assistant.facts.conditions`). But people say it in many ways more: `signed
this week`, `I need the floor plan before that`, `valid until Friday`, and often a sentence later, or it was the customer who put it: `if we
take all three?` `Then yes.` So the sentence is cut into parts, and each part, the sentences beside it and the last ones of what it answers
are weighed by their words and by where they stand. `python -m eval.hinges` fits the weights in `hinges.json` on promises of many trades.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from assistant.facts.commitment import strength_of
from assistant.facts.conditions import condition_of, written_out
from assistant.facts.figures import figures
from assistant.facts.named_weights import named_weights
from assistant.facts.speech import Place, Statement, whole_sentences
from assistant.facts.topics import content_words
from assistant.facts.wording import MONTH, sureness, words_of
from ingest.records import Span

FILE = Path(__file__).with_name("hinges.json")
Where = Literal["own", "before", "after", "further", "asked"]
BEHIND, IN_FRONT, ASKED = 3, 1, 2
"""Sentences of its turn and of what it answers that are looked at."""
_CUTS = re.compile(
    rf"[,;:()]\s+(?!(?:{MONTH}|20\d\d)\b)|\s[–—-]\s+"
    r"|\s+(?=(?:and|but|if|once|provided|providing|unless|until|till|when|whenever|assuming|presuming|subject to|depending"
    r"|dependent|contingent|as (?:soon|long) as|so long as|on (?:the )?(?:condition|understanding)|in (?:return|exchange|case) |against"
    r"|upon|only|after|given|for (?:orders|contracts)|the (?:moment|day|minute)|where|should|through)\b)",
    re.IGNORECASE,
)
FEWEST_WORDS = 2
FIRST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sentence itself, or a sentence near it."""

    where: Where
    at: Place
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hinge:
    """`chance` is how likely the promise hangs on the words at `at`."""

    chance: float
    at: Place
    where: Where


def hinge(statement: Statement, asked: str) -> Hinge | None:
    """The likeliest, with the parts next to it that are as likely as `TOO`; None where there is nothing beside it."""
    weighed = [(chance(part.features), part) for part in parts(statement, asked)]
    if not weighed:
        return None
    best = max(range(len(weighed)), key=lambda i: weighed[i][0])
    sure, part = weighed[best]
    first = last = best
    if part.where == "own":
        own = {i for i, (how, one) in enumerate(weighed) if one.where == "own" and how >= TOO}
        while first - 1 in own:
            first -= 1
        while last + 1 in own:
            last += 1
    whole = Span(weighed[first][1].at.span.start, weighed[last][1].at.span.end)
    return Hinge(sure, Place(statement.interaction, whole), part.where)


TOO = 0.5


def chance(features: frozenset[str]) -> float:
    return named_weights(FILE).chance(features)


def parts(statement: Statement, asked: str) -> list[Part]:
    """Those of the sentence itself last, in the order said; `asked` is the customer's turn before it, empty where there is none."""
    interaction, text = statement.interaction, statement.interaction.text
    own = list(_cut(text, statement.span))
    opening = words_of(statement.text)[:FIRST_WORDS]
    sentences = whole_sentences(text, statement.turn.span)
    here = next((i for i, span in enumerate(sentences) if span.end > statement.span.start), 0)
    near: list[tuple[Where, Span]] = [("before", span) for span in sentences[max(0, here - IN_FRONT) : here]]
    behind: list[tuple[Where, Span]] = [
        ("after" if i == 0 else "further", span) for i, span in enumerate(sentences[here + 1 : here + 1 + BEHIND])
    ]
    beside = [
        _near(where, Place(interaction, span), opening)
        for where, span in (*_asked(statement, asked), *near, *behind)
        if where == "asked" or not _of_its_own(text[span.start : span.end])
    ]
    mine = [_own(statement, own, i) for i in range(len(own))]
    main = [part for part in mine if "undertakes" in part.features and "known" not in part.features]
    return [*beside, *(part for part in mine if part not in main or len(main) > 1)]  # no promise hangs on itself


def _cut(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for match in _CUTS.finditer(text, span.start, span.end):
        if len(text[start : match.start()].split()) >= FEWEST_WORDS:
            yield Span(start, match.start())
            start = match.end()
    if start < span.end:
        yield Span(start, span.end)


def _asked(statement: Statement, asked: str) -> list[tuple[Where, Span]]:
    """The last sentences of the turn it answers; where it says next to nothing itself, of those before that, whoever spoke."""
    interaction = statement.interaction
    place = next((i for i, turn in enumerate(interaction.turns) if turn.position == statement.turn.position), 0)
    says = len(content_words(statement.text)) >= SAYS_WHAT or bool(figures(statement.text))
    turns = interaction.turns[max(0, place - (1 if says else BACK)) : place] if asked else ()
    return [
        ("asked", span)
        for turn in turns if turn.role in ("said", "quoted")
        for span in whole_sentences(interaction.text, turn.span)[-ASKED:]
    ]  # fmt: skip


SAYS_WHAT = 3
"""Content words from which on a sentence is understood by itself: `Yeah, we can do that.` is not."""
BACK = 3
"""Turns."""


def _own(statement: Statement, own: Sequence[Span], at: int) -> Part:
    text, span = statement.interaction.text, own[at]
    words = text[span.start : span.end]
    found = set(_of_words(words))
    found.add("own whole" if len(own) == 1 else "own first" if at == 0 else "own last" if at == len(own) - 1 else "own middle")
    if at + 1 < len(own):
        found |= {f"then {word}" for word in words_of(text[own[at + 1].start : own[at + 1].end])[:FIRST_WORDS]}
    if at:
        found |= {f"behind {word}" for word in words_of(text[own[at - 1].start : own[at - 1].end])[:1]}
    if not content_words(" ".join(word for word in words_of(words) if word.isalpha())):
        found.add("own, says little")
    if shared(condition_of(written_out(statement.text)), written_out(words)):
        found.add("known")
    if strength_of(words) in ("firm", "conditional"):
        found.add("undertakes")
    return Part("own", Place(statement.interaction, span), frozenset(found))


SAYS_LITTLE = 3
"""Words beside a condition that are no main clause of their own."""


def _of_its_own(text: str) -> bool:
    """`First month free if you sign by June` says of what stands beside it nothing."""
    words = written_out(text)
    condition = condition_of(words)
    return bool(condition) and len(words.replace(condition, " ").split()) >= SAYS_LITTLE


SOUNDS = 0.3


def shared(condition: str, part: str) -> bool:
    """Most of the condition stands in the part, or most of the part in the condition."""
    mine, other = set(condition.casefold().split()), set(part.casefold().split())
    return bool(mine) and len(mine & other) >= 0.6 * min(len(mine), len(other))


def _near(where: Where, at: Place, opening: Sequence[str]) -> Part:
    words = at.text
    found = {*_of_words(words), where}
    found |= {f"{where} {word}" for word in words_of(words)[:FIRST_WORDS]}
    if where in ("asked", "before"):
        found |= {f"{where}, opens {word}" for word in opening}
    if words.rstrip().endswith("?"):
        found.add(f"{where} asks")
    if condition_of(written_out(words)):
        found.add(f"{where} known")
    if sureness(words, "", "", "") >= SOUNDS:
        found.add(f"{where} promises")
    return Part(where, at, frozenset(found))


_DAYS = frozenset(("[month]", "[weekday]", "[ordinal]"))
REACH = 4
"""Words between `until` and the day."""
STEM = 4
"""Letters by which sign, signed and signature are one."""


def _of_words(text: str) -> Iterator[str]:
    words = ["<", *words_of(text)]
    yield from words
    yield from (f"~{word[:STEM]}" for word in words if len(word) >= STEM and word.isalpha())
    yield from (f"{one} {other}" for one, other in pairwise(words))
    for i, word in enumerate(words):
        day = next((other for other in words[i + 1 : i + 1 + REACH] if other in _DAYS), None)
        if day and word.isalpha():
            yield f"{word} … day"
