"""Answers without a language model: the few sentences that answer, word for word, each with who said it and when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import shorten

from assistant.answers import Draft, DraftBlock, DraftChange, DraftClaim, DraftStep, Question, Quote
from assistant.evidence import Evidence
from assistant.facts.commitment import strength_of
from assistant.facts.dates import dates
from assistant.facts.figures import figures
from assistant.facts.topics import alike, concepts, content_words
from assistant.instructions import addressed
from assistant.models.choice import READ, Choice, choose
from assistant.models.follow_ups import follow_ups
from assistant.models.refusal import ENOUGH, ENOUGH_WORDS, Part, asks_something, confidence, holds
from assistant.models.sentence_fit import SentenceFit, fits
from assistant.models.weights import ANSWERABLE
from assistant.understand import wanted
from assistant.words import terms
from ingest.archive.rows import StoredInteraction
from ingest.passages import sentences
from ingest.records import Span

CONFIDENT = 10
"""Of the passages found, those whose sentences say whether there is an answer at all."""
FIRST, FIRST_OF_MANY = 3, 5
"""What is said first, and of a list; a reader in a hurry stops there."""
ALSO = 2
"""What may follow under `Also in the history`."""
LEAST, LEAST_ALSO = 0.07, 0.1
"""The part of the chance that words beside the likeliest must have, first and under `Also`. Those before them leave little where they are
sure, so that a sure answer stands alone and one that is not shows what else may be meant; the values keep more than one citation in
three right."""
LEAST_OF_CHANGE = 0.02
"""The same for a position in a matter that changed: what holds no longer is seldom what a question sounds like."""
TEXT_WORDS = 40
"""A claim says the sentence that answers and, up to this many words, what stands around it in the passage."""
QUOTE_WORDS = 110
"""Its quote holds as much more of the passage, so that the words are read in their place."""
PROMPT_WORDS = 30
LEAST_OF_PART = 4
"""Word pieces; of a part with fewer (`and by when?`) an even match says nothing."""
STEPS = 4
TOPIC_WIDTH = 70
SAID_AGAIN = 0.75
"""Content words shared, from which on two sentences with the same figures are one claim with two places."""
ALIKE = 0.4
"""From which on they are about one matter."""


@dataclass(frozen=True, slots=True)
class Extractive:
    name: str = "extractive"
    enough: float = ENOUGH
    """The least confidence with which it answers."""

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        if _ORDERS.match(question.text):
            return Draft((), "out_of_scope")
        if not evidence.understood.leans_back and not asks_something(question.text):
            return Draft((), "ambiguous" if _ASKS.search(question.text) else "not_in_history")
        found = fits(evidence, READ)
        first = {ranked.passage.id for ranked in evidence.ranked[:CONFIDENT]}
        near = [sentence for sentence in found if sentence.passage.id in first]
        sure = confidence(_parts(evidence), near, by_vectors=evidence.by_pieces, unheard=_unheard(evidence))
        if sure < (self.enough if evidence.by_pieces else ENOUGH_WORDS):
            return Draft((), "not_in_history", sure)
        if _strange_figures(question.text, evidence):
            return Draft((), "false_premise", sure)
        chosen = choose(evidence, found, ANSWERABLE.of((sure,)) if evidence.by_pieces else 1.0)
        return _denied(question, chosen, evidence, sure) or _answered(question, chosen, evidence, sure)


def _answered(question: Question, chosen: Sequence[Choice], evidence: Evidence, sure: float) -> Draft:
    room = FIRST_OF_MANY if evidence.understood.of_many else FIRST
    likely = [one for i, one in enumerate(chosen) if i == 0 or one.chance >= (LEAST if i < room else LEAST_ALSO)][: room + ALSO]
    said, taken_back = _standing(_once(likely, evidence), evidence)
    shown = said[:room]
    first = _claims(shown, evidence)
    also = _claims(said[room:], evidence, {claim.text for claim in first})
    blocks = (DraftBlock("list", first), DraftBlock("list", also, "Also in the history"))
    quoted = [evidence.passage(quote.passage_id) for block in blocks for claim in block.claims for quote in claim.quotes]
    return Draft(
        tuple(block for block in blocks if block.claims),
        confidence=sure,
        changes=taken_back or (_change(chosen, evidence) if evidence.understood.of_change else ()),
        unsaid=_unsaid(evidence, said),
        follow_ups=follow_ups(evidence, [passage for passage in quoted if passage]),
    )


# --- what is asked


_ORDERS = re.compile(
    r"^\s*(?:please |can you |could you |would you )?(?:write|draft|compose|send|delete|remove|create|schedule|book|translate|remind|update"
    r"|post|upload|call|e-?mail|cancel|approve|sign|ignore|forget)\b(?! down| up to)",
    re.IGNORECASE,
)
"""Baton answers from the history; it does no errands."""
_ASKS = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which)\b", re.IGNORECASE)
_TAKES_FOR_GRANTED = re.compile(
    r"^\s*(?:and |so )?(?:why|when|since when|on wh\w+ (?:day|date|\w+day)|how much|what|which)\b.{0,60}?"
    r"\b(?:did|have|has|had|do|are|were|was)\b.{0,40}?\b(?:promis\w*|agree\w*|accept\w*|grant\w*|offer\w*|guarantee\w*|commit\w*|includ\w*|give|gave|get|got)\b",
    re.IGNORECASE,
)


def _denied(question: Question, chosen: Sequence[Choice], evidence: Evidence, sure: float) -> Draft | None:
    """`When did we agree to refund them?`, where what stands nearest is our refusal: the question takes for granted what is not so."""
    if not _TAKES_FOR_GRANTED.match(question.text) or evidence.understood.of_change:
        return None
    best = chosen[0].best
    interaction = evidence.room.interactions[best.passage.interaction_id]
    refused = interaction.turns[best.passage.turn].side == "seller" and strength_of(best.text) in ("declined", "retracted")
    return Draft((DraftBlock("list", (_claim(chosen[:1], evidence),)),), "false_premise", sure) if refused else None


def _parts(evidence: Evidence) -> tuple[Part, ...]:
    """The whole question, and what it asks one after the other: a part has about as many of the word pieces as of the meaningful words."""
    understood, query = evidence.understood, evidence.query
    whole = Part(understood.wanted)
    if query is None or not understood.parts:
        return (whole,)
    words = [max(len(terms(part)), 1) for part in understood.parts]
    ends = [round(len(query.pieces) * sum(words[: i + 1]) / sum(words)) for i in range(len(words))]
    stretches = [slice(start, end) for start, end in pairwise((0, *ends))]
    own = [Part(wanted(part), at) for part, at in zip(understood.parts, stretches, strict=True) if at.stop - at.start >= LEAST_OF_PART]
    return (whole, *own)


_SMALL = 12
"""Numbers up to here are in every talk and decide nothing; years and times of day are no figures of a deal."""


def _strange_figures(asked: str, evidence: Evidence) -> bool:
    """`What did we agree for 250 users?`, where nothing that was found speaks of 250 of anything."""
    told = {figure.value for ranked in evidence.best for figure in figures(ranked.passage.text)}
    mine = {figure.value for figure in figures(asked) if figure.value > _SMALL and not 1990 <= figure.value <= 2100}
    return bool(mine) and not mine & told and not evidence.understood.month


def _unsaid(evidence: Evidence, said: Sequence[Sequence[Choice]]) -> tuple[str, ...]:
    """Parts of a question that want something specific which nothing that is quoted holds."""
    quoted = " ".join(one.best.passage.text for group in said for one in group)
    return tuple(part for part in evidence.understood.parts if not holds(wanted(part), quoted))


# --- what is said


def _once(chosen: Sequence[Choice], evidence: Evidence) -> list[list[Choice]]:
    """The same said twice, by whomever, is one claim with two places; and of one passage there is one claim."""
    groups: list[list[Choice]] = []
    for one in chosen:
        words = content_words(one.best.text)
        said = _figures(one.best.text)
        same = next(
            (g for g in groups if alike(words, content_words(g[0].best.text)) >= SAID_AGAIN and said == _figures(g[0].best.text)), None
        )
        if same is None:
            groups.append([one])
        elif _speaker(same[0], evidence) == _speaker(one, evidence):
            same.append(one)
        else:
            groups.append([one])
    return groups


def _standing(said: Sequence[list[Choice]], evidence: Evidence) -> tuple[list[list[Choice]], tuple[DraftChange, ...]]:
    """What was taken back is told as history, with the words that took it back, and these are said first if they were not said anyway."""
    standing: list[list[Choice]] = []
    gone: dict[str, list[Choice]] = {}
    for group in said:
        kept = [one for one in group if _taken_back_by(one, evidence) is None]
        if kept:
            standing.append(kept)
        for one in group:
            if id := _taken_back_by(one, evidence):
                gone.setdefault(id, []).append(one)
    changes: list[DraftChange] = []
    for id, earlier in gone.items():
        known = next((group[0] for group in standing if group[0].best.passage.id == id), None)
        now = known or _correcting(id, earlier[0], evidence)
        if known is None:
            standing.insert(0, [now])
        steps = [(_day_of(one, evidence), one) for one in earlier]
        topic = shorten(" ".join(earlier[0].best.text.split()), TOPIC_WIDTH, placeholder=" …")
        made = (*(DraftStep(day, _step(one, evidence), True) for day, one in sorted(steps, key=lambda step: step[0])),)
        changes.append(DraftChange(topic, (*made, DraftStep(_day_of(now, evidence), _claim([now], evidence), False))))
    return standing, tuple(changes)


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


def _day_of(one: Choice, evidence: Evidence) -> str:
    on = evidence.room.interactions[one.best.passage.interaction_id].source.occurred_on
    return on.isoformat() if on else ""


def _speaker(one: Choice, evidence: Evidence) -> str:
    turn = evidence.room.interactions[one.best.passage.interaction_id].turns[one.best.passage.turn]
    return turn.person.id if turn.person else turn.speaker_name


_NEEDS_ITS_QUESTION = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|no|nope|sure|right|exactly|correct|okay|ok|fine|agreed|deal|done|both|neither|it|that|this|they|he|she|those)\b",
    re.IGNORECASE,
)
STANDS_ALONE = 5
"""Content words from which on a turn says by itself what it is about, however it opens."""


def _prompt(one: Choice, evidence: Evidence) -> tuple[DraftClaim, ...]:
    """The turn that a bare reply answers: `yes, we'll do that` carries what was asked for."""
    passage = one.best.passage
    if not _NEEDS_ITS_QUESTION.match(passage.text) or len(content_words(passage.text)) >= STANDS_ALONE:
        return ()
    before = next((p for p in evidence.beside if p.interaction_id == passage.interaction_id and p.position == passage.position - 1), None)
    if before is None:
        return ()
    last = sentences(before.text)[-1]
    span = _widened(before.text, last, PROMPT_WORDS)
    words = before.text[span.start : span.end]
    lead = setting(evidence.room.interactions[passage.interaction_id], before.turn)
    return (DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(before.id, words),), one.support),)


def _claims(said: Sequence[Sequence[Choice]], evidence: Evidence, told: AbstractSet[str] = frozenset()) -> tuple[DraftClaim, ...]:
    """Each with the turn it answers where it means nothing alone; what was told already, or is the turn of another, once."""
    claims = {claim.text: claim for one in said for claim in (*_prompt(one[0], evidence), _claim(one, evidence))}
    return tuple(claim for text, claim in claims.items() if text not in told)


def _claim(group: Sequence[Choice], evidence: Evidence) -> DraftClaim:
    """The likeliest of the group says it; the others are further places where it stands."""
    best = group[0].best
    quotes = tuple(Quote(one.best.passage.id, _words(one.best, QUOTE_WORDS)) for one in group)
    interaction = evidence.room.interactions[best.passage.interaction_id]
    support = round(group[0].support, 2)
    if interaction.source.kind == "crm_field":
        return _field_claim(best, interaction.source.title, support)
    return DraftClaim(f"{setting(interaction, best.passage.turn)}: {' '.join(_words(best, TEXT_WORDS).split())}", quotes, support)


def _words(best: SentenceFit, most: int) -> str:
    span = _widened(best.passage.text, best.span, most)
    return best.passage.text[span.start : span.end]


def _change(chosen: Sequence[Choice], evidence: Evidence) -> tuple[DraftChange, ...]:
    """Our positions on one matter in the order of time, one a day: the last stands. What a customer asks for replaces nothing."""
    ours = [one for one in chosen if _is_ours(one, evidence) and one.chance >= LEAST_OF_CHANGE and _values(one)]
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
    return (DraftChange(topic, tuple(DraftStep(day, _step(one, evidence), day != steps[-1][0]) for day, one in steps)),)


def _is_ours(one: Choice, evidence: Evidence) -> bool:
    interaction = evidence.room.interactions[one.best.passage.interaction_id]
    return interaction.source.kind == "doc" or interaction.turns[one.best.passage.turn].side == "seller"


def _step(one: Choice, evidence: Evidence) -> DraftClaim:
    """The sentence alone: what stands around it may be about something that did not change."""
    claim, said = _claim([one], evidence), " ".join(one.best.text.split())
    interaction = evidence.room.interactions[one.best.passage.interaction_id]
    return replace(claim, text=f"{setting(interaction, one.best.passage.turn)}: {said}")


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


def _figures(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:[.,:]\d+)*", text)) | {f"{figure.value:g}" for figure in figures(text)}


def _differ(mine: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]) -> bool:
    """The same is counted, with another outcome."""
    return any(not mine[unit] & theirs[unit] for unit in mine.keys() & theirs.keys())


def setting(interaction: StoredInteraction, turn: int) -> str:
    """`Dana Okafor, 24 Sep 2026`; for a call that does not name the speaker `Somebody in`, and for a document, its title and date."""
    source, who = interaction.source, interaction.turns[turn]
    unnamed = f"Somebody in {source.title}" if source.kind == "call" else source.title
    name = (who.person.name if who.person else who.speaker_name) or unnamed
    on = source.occurred_on
    return f"{name}, {on.day} {on:%b %Y}" if on else name


def _unheard(evidence: Evidence) -> float:
    """0 for a question that leans on the one before: its own few words need not be the history's."""
    asked = set(evidence.query_terms)
    return len(asked - evidence.room.shelf.rarity.keys()) / len(asked) if asked and not evidence.understood.leans_back else 0.0


def _field_claim(best: SentenceFit, title: str, support: float) -> DraftClaim:
    """One field of a CRM record: the claim names the field, the quote is its value alone."""
    text = best.passage.text
    start = text.rfind("\n", 0, best.span.start) + 1
    end = text.find("\n", best.span.end)
    label, _, value = text[start : end if end >= 0 else len(text)].partition(": ")
    return DraftClaim(f"{title}, {label}: {value}", (Quote(best.passage.id, value or label),), support)


def _widened(text: str, best: Span, words: int) -> Span:
    """The best sentence and its neighbours, the one before first, while they fit; never what is addressed to a machine."""
    parts: Sequence[Span] = sentences(text)
    first = last = parts.index(best)
    grown = True
    while grown:
        grown = False
        for lo, hi in ((first - 1, last), (first, last + 1)):
            fitting = lo >= 0 and hi < len(parts) and len(text[parts[lo].start : parts[hi].end].split()) <= words
            if fitting and not addressed(text, Span(parts[lo].start, parts[hi].end)):
                first, last, grown = lo, hi, True
                break
    return Span(parts[first].start, parts[last].end)
