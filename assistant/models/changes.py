"""What changed: positions in one matter in the order of time, and what was taken back with the words that took it back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import shorten

from assistant.answers import DraftChange, DraftStep
from assistant.evidence import Evidence
from assistant.facts.dates import dates
from assistant.facts.figures import figures
from assistant.facts.topics import alike, concepts, content_words
from assistant.models.choice import Choice
from assistant.models.claims import claim, day_of, step
from assistant.models.sentence_fit import SentenceFit
from ingest.passages import sentences

LEAST_OF_CHANGE = 0.02
"""The same for a position in a matter that changed: what holds no longer is seldom what a question sounds like."""
STEPS = 4
TOPIC_WIDTH = 70
TELLING = 2
"""Content words that a question shares with old words on its matter."""
EVEN = 0.4
"""Of the likeliest words' chance, from which on those of another deal may as well be meant."""
ALIKE = 0.4
"""From which on they are about one matter."""


def standing(
    said: Sequence[list[Choice]], chosen: Sequence[Choice], evidence: Evidence, room: int
) -> tuple[list[list[Choice]], tuple[DraftChange, ...]]:
    """What was taken back is told as history, with the words that took it back, and these are said first if they were not said anyway.

    Words that take something back bring what they take back with them, if that is what the question is about: of the first `room`,
    which are shown first, though nobody chose the old words.
    """
    kept_of: list[list[Choice]] = []
    gone: dict[str, list[Choice]] = {}
    for group in said:
        kept = [one for one in group if _taken_back_by(one, evidence) is None]
        if kept:
            kept_of.append(kept)
        for one in group:
            if id := _taken_back_by(one, evidence):
                gone.setdefault(id, []).append(one)
    changes: list[DraftChange] = []
    for id, earlier in gone.items():
        known = _saying(id, kept_of)
        now = known or _correcting(id, earlier[0], evidence)
        if known is None:
            kept_of.insert(0, [now])
        changes.append(_told(earlier, now, evidence))
    for group in kept_of[:room]:
        id = group[0].best.passage.id
        if id not in gone and (earlier := _old_words(id, group[0], chosen, evidence)):
            changes.append(_told(earlier, group[0], evidence))
    return kept_of, tuple(changes)


def _saying(id: str, said: Sequence[Sequence[Choice]]) -> Choice | None:
    return next((group[0] for group in said if group[0].best.passage.id == id), None)


def _told(earlier: Sequence[Choice], now: Choice, evidence: Evidence) -> DraftChange:
    topic = shorten(" ".join(earlier[0].best.text.split()), TOPIC_WIDTH, placeholder=" …")
    steps = sorted(((day_of(one, evidence), one) for one in earlier), key=lambda dated: dated[0])
    made = (*(DraftStep(day, step(one, evidence), True) for day, one in steps),)
    return DraftChange(topic, (*made, DraftStep(day_of(now, evidence), claim([now], evidence), False)))


def _old_words(id: str, now: Choice, chosen: Sequence[Choice], evidence: Evidence) -> list[Choice]:
    """What a correction takes back of the matter asked about: of several places the likeliest, with the sentence that was taken back."""
    for one in chosen:
        for span, by in evidence.withdrawn.get(one.best.passage.id, ()) if one.best.passage.id != id else ():
            text = one.best.passage.text
            old = next((s for s in sentences(text) if s.start < span.end and span.start < s.end), None)
            if by == id and old is not None and on_matter(evidence, text[old.start : old.end]):
                return [Choice(SentenceFit(one.best.passage, old, one.best.fit, one.best.pieces), now.support)]
    return []


def on_matter(evidence: Evidence, *texts: str) -> bool:
    """Whether words are about what is asked: one of the trade's matters is named in both, or several telling words."""
    asked, told = evidence.understood.standalone, " ".join(texts)
    return bool(concepts(asked) & concepts(told)) or len(content_words(asked) & content_words(told)) >= TELLING


def _taken_back_by(one: Choice, evidence: Evidence) -> str | None:
    mine = one.best.span
    stretches = evidence.withdrawn.get(one.best.passage.id, ())
    return next((id for span, id in stretches if span.start < mine.end and mine.start < span.end), None)


def _correcting(id: str, earlier: Choice, evidence: Evidence) -> Choice:
    """The whole of a correction fits its matter; of its sentences, the one that has most in common with what it takes back."""
    passage = evidence.passage(id)
    assert passage is not None
    words = content_words(earlier.best.text)
    best = max(sentences(passage.text), key=lambda s: len(words & content_words(passage.text[s.start : s.end])))
    return Choice(SentenceFit(passage, best, earlier.best.fit, earlier.best.pieces), earlier.support)


def change(chosen: Sequence[Choice], evidence: Evidence) -> tuple[DraftChange, ...]:
    """Our positions on one matter in the order of time, one a day: the last stands. What a customer asks for replaces nothing."""
    ours = [one for one in chosen if is_ours(one, evidence) and one.chance >= LEAST_OF_CHANGE and _values(one)]
    if not ours:
        return ()
    asked = concepts(evidence.understood.standalone)
    dated: dict[str, Choice] = {}
    for one in ours:
        on = evidence.room.interactions[one.best.passage.interaction_id].source.occurred_on
        if on and on.isoformat() not in dated and len(dated) < STEPS and _same_matter(one, ours[0], asked):
            dated[on.isoformat()] = one
    steps: list[tuple[str, Choice]] = []
    for day, one in sorted(dated.items()):
        if not steps or _differ(_values(steps[-1][1]), _values(one)):
            steps.append((day, one))
    if len(steps) < 2:
        return ()
    topic = evidence.understood.standalone.rstrip("? ")
    return (DraftChange(topic, tuple(DraftStep(day, step(one, evidence), day != steps[-1][0]) for day, one in steps)),)


def is_ours(one: Choice, evidence: Evidence) -> bool:
    interaction = evidence.room.interactions[one.best.passage.interaction_id]
    return interaction.source.kind == "doc" or interaction.turns[one.best.passage.turn].side == "seller"


def _same_matter(one: Choice, other: Choice, asked: frozenset[str]) -> bool:
    mine, theirs = one.best.text, other.best.text
    if asked:
        return bool(asked & concepts(mine) & concepts(theirs))
    return one is other or alike(content_words(mine), content_words(theirs)) >= ALIKE


def _values(one: Choice) -> dict[str, frozenset[str]]:
    """Days, and figures by what they count: what a position is made of. A month is one however it is written."""
    said = one.best.text
    found: dict[str, set[str]] = {}
    for day in dates(said, None):
        found.setdefault("day", set()).add(re.sub(r"\b([a-z]{3})[a-z]*\b", r"\1", day.as_said.casefold()))
    for figure in figures(said):
        if figure.unit:
            found.setdefault(figure.unit, set()).add(f"{figure.value:g}")
    return {unit: frozenset(values) for unit, values in found.items()}


def _differ(mine: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]) -> bool:
    """The same is counted, with another outcome."""
    return any(not mine[unit] & theirs[unit] for unit in mine.keys() & theirs.keys())


def per_deal(chosen: Sequence[Choice], evidence: Evidence) -> tuple[str, ...]:
    """Names of the deals for which our likeliest positions on what is asked count the same with another outcome; else empty."""
    if len(evidence.deals) < 2 or evidence.route.now or evidence.understood.of_change or evidence.understood.of_many:
        return ()
    asked = concepts(evidence.understood.standalone)
    best: dict[str, Choice] = {}
    for one in chosen:
        deal = evidence.room.interactions[one.best.passage.interaction_id].source.deal_id
        if deal and deal not in best and one.chance >= EVEN * chosen[0].chance and is_ours(one, evidence) and _values(one):
            best[deal] = one
    mine = [(name, best[id]) for id, name in evidence.deals if id in best]
    if len(mine) < 2 or not asked or not all(_same_matter(one, mine[0][1], asked) for _, one in mine):
        return ()
    return tuple(name for name, _ in mine) if all(_differ(_values(mine[0][1]), _values(one)) for _, one in mine[1:]) else ()
