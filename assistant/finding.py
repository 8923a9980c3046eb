"""Finds the passages of one account that may answer a question, best first, and says what was searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Exchange, Question, Receipt
from assistant.choosing import choose
from assistant.evidence import FOUND, Evidence, Ranked
from assistant.facts.paper import calls_itself_a_contract
from assistant.ranking import Chosen, Matched, Weights, bm25_whole, matched_at_once, score, z
from assistant.recipe import RECIPE, Recipe
from assistant.room import Room, counted
from assistant.routes import route, subject
from assistant.shelf import Reach, Scores, Shelf, mean_near, share_near
from assistant.understand import Understood, date_match
from assistant.vocabulary import related
from assistant.words import places, plain, terms
from ingest.archive.rows import Embedding, Source

AMONG = 12
"""The best passages, of which the newer statement on the same thing is lifted where a question asks what holds."""
SAME_THING = 0.5
"""Cosine from which two passages are about the same thing."""
REMEMBERED_WORDS = 120
"""Of an earlier answer: what it says first is what the next question leans on."""
LEVEL = 2.0
"""How far the scores of a question spread, about: what stretches of talk and single passages are brought to before they are compared."""
STRETCH: Reach = (125, 125)
"""Words before and after a passage over which the scores of a stretch are evened out: one turn more or less makes no other subject."""
VOICE_REACH: Reach = (150, 150)
"""Around a passage, for how much of it one person says."""


class Asks(Protocol):
    """The part of an embedder that a question needs."""

    def query(self, text: str) -> Embedding: ...


Nominate = Callable[[Shelf, str, Embedding | None], Chosen | None]
"""(shelf, question, its embedding) → the passages worth matching token by token; None for all of them."""


def find(
    room: Room,
    question: Question,
    understood: Understood,
    embedder: Asks | None,
    nominate: Nominate | None,
    limit: int = FOUND,
    recipe: Recipe = RECIPE,
) -> Evidence:
    """Everything that may be shown is scored; where the account is large, token by token only what its indexes nominate, but for a
    question whether a thing was ever said."""
    way = route(question.text)
    if not len(room.shelf):
        return Evidence((), room, understood, tuple(terms(question.text)), None, way)
    asked = embedder if recipe.meaning else None
    query = asked.query(question.text) if asked else None
    only = nominate(room.shelf, question.text, query) if nominate and not way.ever else None
    total = _Scoring(room, asked, recipe, way.broad, understood.people, only).of_thread(question, understood)
    total += recipe.speaker * _spoken_by(room, understood) + recipe.date * _dated(room, understood) + _manner(room, recipe)
    total += recipe.titled * _titled(room, question.text)
    of_interest = _of_interest(room, question)
    if way.now:
        total += _holding(room, total, of_interest, recipe)
    placed = choose(room, total, of_interest, broad=way.broad, limit=limit)
    ranked = tuple(Ranked(room.shelf.passages[p.index], round(float(total[p.index]), 4), p.index, p.block, p.replies_to) for p in placed)
    return Evidence(ranked, room, understood, tuple(terms(question.text)), query, way)


def receipt(room: Room, question: Question, nearest: tuple[str, ...] = ()) -> Receipt:
    whole = question.kinds is None and question.deal_id is None
    searched, first, last = room.searched if whole else counted(s for s in room.sources if _asked_of(s, question))
    return Receipt(dict(searched), first, last, room.unreadable, nearest)


@dataclass(frozen=True, slots=True)
class _Scoring:
    """Texts scored against the passages of one room in one way."""

    room: Room
    embedder: Asks | None
    recipe: Recipe
    broad: bool
    people: frozenset[str]
    """Whom the question names."""
    only: Chosen | None
    """What is matched token by token; None for everything."""

    def of_thread(self, question: Question, understood: Understood) -> Scores:
        """The question's own scores and, less, those of what was asked and answered before; of one that leans back all of the questions
        before it, and a lift of what was cited then.

        Scores are added, not texts joined: what was asked before is said in other words, and would drown the question's own.
        """
        recipe, thread = self.recipe, question.earlier
        before = understood.earlier if recipe.history else ()
        matched = self._matched([question.text, *before])
        total = self._of(question.text, _nameless(question.text, self.room, understood), matched)
        for step, earlier in enumerate(before):
            total += recipe.history ** (step + 1) * self._of(earlier, earlier, matched)
        if thread and understood.leans_back:
            total += recipe.cited_before * _near_cited(self.room, thread[-1])
        if thread:
            answer = " ".join(thread[-1].answer.split()[:REMEMBERED_WORDS])
            total += self._in_passing(" ".join(earlier.question for earlier in thread), recipe.asked_before)
            total += self._in_passing(answer, recipe.answered_before)
        return total

    def _matched(self, texts: Sequence[str]) -> Mapping[str, Matched]:
        """What has to be matched token by token for the texts, all in one pass over the account."""
        own = texts if self.recipe.point.maxsim or self.recipe.point.maxsim_wide else ()
        said = [words for text in texts for words in self._said(text)] if self.recipe.said.maxsim else ()
        wanted = [*own, *said]
        if self.embedder is None or self.room.shelf.tokens is None or not wanted:
            return {}
        return matched_at_once(self.room.shelf, {text: self.embedder.query(text) for text in wanted}, self.only)

    def _said(self, text: str) -> Sequence[str]:
        return related(text) if self.recipe.related else ()

    def _of(self, text: str, nameless: str, matched: Mapping[str, Matched]) -> Scores:
        total = self._by(text, nameless, self.recipe.point, matched)
        if self.broad:  # what is written stands by itself; only talk has stretches
            total = np.asarray(LEVEL * np.where(self.room.spoken, z(self._stretches(text, matched)), z(total)), np.float32)
        elif self.recipe.long_talk and self.room.long_talk.any():
            total = total + self.recipe.long_talk * self.room.long_talk * z(self._stretches(text, matched))
        total = total + self.recipe.whole * _written_whole(self.room, terms(text))
        if said := [self._saying(words, matched) for words in self._said(text)]:
            total += self._left_to_say(text) * np.max(said, axis=0)  # the best of its concepts, for an answer is about one of them
        return np.asarray(total, np.float32)

    def _stretches(self, text: str, matched: Mapping[str, Matched]) -> Scores:
        """How likely the talk around each passage is about what the question is about."""
        query, of_it = self._embedded(text), subject(text)
        about = None if query is None else pieces_of(text, query, of_it)
        found = score(self.room.shelf, of_it, query, self.recipe.broad, self.only, matched=matched.get(text), subject=about)
        return mean_near(self.room.shelf, found + self._voices(), STRETCH)

    def _saying(self, words: str, matched: Mapping[str, Matched]) -> Scores:
        found = self._by(words, words, self.recipe.said, matched)
        if self.broad:  # one turn with the field's words makes no discussion of them
            found = np.where(self.room.spoken, np.float32(0), found)
        return found

    def _left_to_say(self, text: str) -> float:
        """What the field's words count beside a text: the more it says itself, the less."""
        return self.recipe.related * min(1.0, self.recipe.terse / max(len(set(terms(text))), 1))

    def _in_passing(self, text: str, weight: float) -> Scores:
        if not weight or not terms(text):
            return np.zeros(len(self.room.shelf), np.float32)
        return np.asarray(weight * self._by(text, text, self.recipe.passing, {}), np.float32)

    def _by(self, text: str, nameless: str, weights: Weights, matched: Mapping[str, Matched]) -> Scores:
        query = self._embedded(text)
        bare = self._embedded(nameless) if nameless != text else None
        return score(self.room.shelf, terms(text), query, weights, self.only, nameless=bare, matched=matched.get(text))

    def _embedded(self, text: str) -> Embedding | None:
        return self.embedder.query(text) if self.embedder else None

    def _voices(self) -> Scores:
        """What a stretch of talk gains where a person whom the question names says much of it."""
        if not self.people:
            return np.zeros(len(self.room.shelf), np.float32)
        theirs = np.isin(self.room.speakers, sorted(self.people))
        return np.asarray(self.recipe.voice * z(share_near(self.room.shelf, theirs, VOICE_REACH)), np.float32)


def pieces_of(text: str, query: Embedding, wanted: Sequence[str]) -> NDArray[np.bool_] | None:
    """Which word pieces of a text begin in one of the words wanted; None where none does."""
    spans = np.array(places(text, frozenset(wanted)), np.int64).reshape(-1, 2)
    inside = ((query.starts[:, None] >= spans[:, 0]) & (query.starts[:, None] < spans[:, 1])).any(axis=1)
    return np.asarray(inside, np.bool_) if inside.any() else None


def _nameless(text: str, room: Room, understood: Understood) -> str:
    """Without the names of the people it names: who said it is known of each passage, and is a rule of its own."""
    if not understood.people:
        return text
    people = (person for interaction in room.interactions.values() for person in interaction.participants)
    names = {name for person in people if person.id in understood.people for name in plain(person.name)}
    kept = " ".join(word for word in text.split() if not (word[:1].isupper() and names.intersection(plain(word))))
    return kept if terms(kept) else text


def _written_whole(room: Room, query_terms: Sequence[str]) -> Scores:
    """What the whole mail, note or document says of it, alike for each of its passages; 0 for what is spoken, which is about many
    things."""
    return np.where(room.spoken, np.float32(0), z(bm25_whole(room.shelf, query_terms)))


def _holding(room: Room, scores: Scores, of_interest: NDArray[np.bool_], recipe: Recipe) -> Scores:
    """A lift, among the best passages alone, for the contract and for what was said later than others of them on the same thing."""
    lift = np.zeros(len(room.shelf), np.float32)
    shown = np.flatnonzero(of_interest)
    best: list[int] = shown[np.argsort(-scores[shown], kind="stable")[:AMONG]].tolist()
    days = [room.interactions[room.shelf.passages[index].interaction_id].source.occurred_on for index in best]
    alike = room.shelf.vectors[best] @ room.shelf.vectors[best].T >= SAME_THING if room.shelf.vectors is not None else None
    for here, index in enumerate(best):
        same = [there for there in range(len(best)) if there != here and alike is not None and alike[here, there]]
        older = [there for there in same if (day := days[here]) and (other := days[there]) and other < day]
        lift[index] = recipe.newer * len(older) / max(len(same), 1) + recipe.contract * _is_contract(room, index)
    return lift


def _is_contract(room: Room, index: int) -> bool:
    return calls_itself_a_contract(room.interactions[room.shelf.passages[index].interaction_id])


def _near_cited(room: Room, earlier: Exchange) -> Scores:
    """1 for a passage that the earlier answer quoted, less for the two on each side of it."""
    lift = np.zeros(len(room.shelf), np.float32)
    places: dict[str, list[int]] = {}
    for index, passage in enumerate(room.shelf.passages):
        places.setdefault(passage.interaction_id, []).append(index)
    for interaction_id, span in earlier.cited:
        here = places.get(interaction_id, [])
        for index in here:
            at = room.shelf.passages[index].span
            if at.start < span.end and span.start < at.end:
                for near in range(max(here[0], index - 2), min(here[-1], index + 2) + 1):
                    lift[near] = max(lift[near], 1 - abs(near - index) / 3)
    return lift


def _spoken_by(room: Room, understood: Understood) -> Scores:
    if not understood.people:
        return np.zeros(len(room.shelf), np.float32)
    return np.isin(room.speakers, sorted(understood.people)).astype(np.float32)


def _titled(room: Room, text: str) -> Scores:
    """1 for what is in a source whose whole title stands in the question."""
    said = frozenset(terms(text))
    named = {id for title, id in room.titles.items() if title <= said}
    if not named:
        return np.zeros(len(room.shelf), np.float32)
    return np.array([passage.interaction_id in named for passage in room.shelf.passages], np.float32)


def _dated(room: Room, understood: Understood) -> Scores:
    if understood.month is None:
        return np.zeros(len(room.shelf), np.float32)
    on = {s.id: date_match(understood, s.occurred_on) for s in room.sources}
    return np.array([on[p.interaction_id] for p in room.shelf.passages], np.float32)


def _manner(room: Room, recipe: Recipe) -> Scores:
    lift = {"email": recipe.written, "doc": recipe.written, "crm_field": recipe.fields}
    lifts = np.array([lift.get(kind, 0.0) for kind in room.kinds], np.float32)
    return np.asarray(lifts[room.kind_of] + np.float32(recipe.asks) * room.asking, np.float32)


def _of_interest(room: Room, question: Question) -> NDArray[np.bool_]:
    if question.kinds is None and question.deal_id is None:
        return np.ones(len(room.shelf), bool)
    wanted = {source.id for source in room.sources if _asked_of(source, question)}
    return np.array([passage.interaction_id in wanted for passage in room.shelf.passages], bool)


def _asked_of(source: Source, question: Question) -> bool:
    """Of the kinds asked for, and not of another deal than the one asked about."""
    of_kind = question.kinds is None or source.kind in question.kinds
    return of_kind and (question.deal_id is None or source.deal_id in (question.deal_id, None))
