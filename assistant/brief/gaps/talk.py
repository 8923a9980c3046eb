"""All that was said in a deal, in order, so that one can ask whether a matter was taken up again after it was raised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import log

from assistant.facts.speech import Place, Statement, statements
from assistant.facts.topics import concepts, content_words
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.records import Side, Span

TAKEN_UP = 0.55
"""Share of a matter's weight that one later sentence must hold to have taken it up."""
SAME_PERSON = 0.35
"""The same for the person who put it off, in a later talk or mail."""
LEAST_SHARED = 2
"""Words of it that the sentence must hold, whatever they weigh; a matter of one word needs that one."""
NUMBERED = re.compile(r"\s*\(?(\d{1,2})[.)]\s")
SCRAP = 3
"""Sentences of so few words (`To Malmö. Physically.`) belong to the one before."""
MOST_BEFORE = 2
LEANING = 5
"""As many where it leans on a word before it (`plan those together`)."""
_SEVERAL = re.compile(r"\b(?:those|these) (?:two|three|four|five|six|\d+|ones)\b", re.IGNORECASE)
"""Counts what was named further up in the same turn."""
_LEANS = re.compile(r"\b(?:this|that|those|these|them|it)\b(?! \w+ing\b)", re.IGNORECASE)
WHOLE_THOUGHT = 3
"""Content words a quote needs before it means something to somebody who was not there."""
LONGEST_THOUGHT = 50

STILL_OPEN = re.compile(
    r"\bstill (?:open|waiting|missing|need\w*|outstanding|pending|owed?|to be)\b|\bopen (?:question|point|item|issue"
    r"|end)s?\b|\bloose ends?\b"
    r"|\bnobody(?:'s| has| have)?\b|\bno one (?:has|knows)\b|\bto be (?:agreed|confirmed|decided|defined|determined|named|scheduled)\b"
    r"|\bTB[CD]\b|\b(?:do not|don't|does not|doesn't) (?:know|have (?:the|an|any) answer)\b|\bnot (?:sure|yet)\b|\bno idea\b"
    r"|\b(?:check|look into|find out|come back|get back|let you know|figure (?:it|that|something) out|think about)\b"
    r"|\bgood question\b|\bmaybe\b|\bwaiting (?:for|on)\b|\bhaven't\b|\b(?:looking for|working on|trying to|open w)\b|\bmissing\b",
    re.IGNORECASE,
)
"""A sentence that speaks of a matter in these words leaves it as open as it was."""


Sides = tuple[Side, ...]
OURS: Sides = ("seller",)
BOTH: Sides = ("seller", "buyer")
_NAME = re.compile(r"(?<=[a-zà-þ,] )[A-ZÀ-Þ]\w+")
NOISE = frozenset(
    "alreadi answer becaus believ chase check easi email everybodi hey miss nobodi number otherwis proper regard side someon thank though "
    "understand until whether while yourself".split()
)
"""Stems of words that tell nothing about a matter."""
_YEAR_IN_WORDS = re.compile(
    r"\b(?:nineteen|twenty)[- ](?:hundred|oh|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]\w+)?\b", re.IGNORECASE
)
_COMPOUND = re.compile(r"\b[A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)+\b")
CONCEPT = "~"
"""Before the name of a concept among the words, so that `exit clause` and `leave early` share one."""


def subjects(text: str) -> frozenset[str]:
    """What a sentence is about: its content words, its compounds and the concepts of the trade that it names."""
    compounds = {found.casefold() for found in _COMPOUND.findall(text)}
    return (content_words(_YEAR_IN_WORDS.sub(" ", text)) - NOISE) | {CONCEPT + name for name in concepts(text)} | compounds


def tells_alone(word: str) -> bool:
    """A compound (`do-not-call`) or a concept of the trade says as much as two words."""
    return word.startswith(CONCEPT) or "-" in word


class Talk:
    """The statements of a deal's interactions, oldest first, with the weight of their words: a word few sentences hold weighs most."""

    def __init__(self, interactions: Sequence[StoredInteraction]) -> None:
        self.interactions = tuple(interactions)
        self.said: tuple[Statement, ...] = tuple(each for one in interactions for each in statements(one))
        self._words = [subjects(each.text) for each in self.said]

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        held: dict[str, list[int]] = {}
        for index, words in enumerate(self._words):
            for word in words:
                held.setdefault(word, []).append(index)
        return held

    def weight(self, word: str) -> float:
        return 1 + log((len(self.said) + 1) / (len(self._holding.get(word, ())) + 0.5))

    def said_in(self, word: str) -> int:
        """How many sentences hold the word."""
        return len(self._holding.get(word, ()))

    def weighed(self, words: Iterable[str]) -> float:
        return sum(map(self.weight, words))

    def topic(self, text: str, most: int = 8) -> frozenset[str]:
        """The words that tell a matter from others, the rarest of them."""
        return frozenset(sorted(subjects(text), key=lambda word: (-self.weight(word), word))[:most])

    def alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Shared weight against that of the lighter of the two."""
        lighter = min(self.weighed(one), self.weighed(other))
        return self.weighed(one & other) / lighter if lighter else 0.0

    def taken_up(self, topic: frozenset[str], after: int, sides: Sides, *, heard: bool, by: StoredPerson | None = None) -> Statement | None:
        """The first later sentence of these sides that says something about the matter; `heard` where the customer must have heard it.

        A question, and a sentence that says it is still open, take nothing up. The signed paper speaks for both sides. Who said they would
        come back (`by`) has done so with less.
        """
        whole = self.weighed(topic)
        least = min(LEAST_SHARED, len(topic))
        named = frozenset(filter(tells_alone, topic))
        turn = self.said[after].turn
        candidates = sorted({index for word in topic for index in self._holding.get(word, ()) if index > after})
        for index in candidates:
            other = self.said[index]
            shared = topic & self._words[index]
            same = by is not None and other.turn.person is not None and other.turn.person.id == by.id
            enough = (SAME_PERSON if same and other.interaction is not self.said[after].interaction else TAKEN_UP) * whole
            if other.turn is turn or len(shared) + len(shared & named) < least or self.weighed(shared) < enough:
                continue
            if self._tells(index, sides, heard=heard):
                return other
        return None

    def thought(self, first: int, last: int | None = None) -> Place:
        """The words of a sentence (or of those to `last`), with the scraps behind it and as many sentences before it in
        its turn as it needs to be understood."""
        last = first if last is None else last
        interaction, turn = self.said[first].interaction, self.said[first].turn

        def beside(index: int) -> bool:
            return 0 <= index < len(self.said) and self.said[index].turn is turn

        def a_scrap(index: int) -> bool:
            between = interaction.text[self.said[index - 1].span.end : self.said[index].span.start]
            return "\n" not in between and len(self.said[index].text.split()) <= SCRAP and not self.said[index].text.rstrip().endswith("?")

        while beside(last + 1) and a_scrap(last + 1):
            last += 1

        def words(start: int) -> str:
            return interaction.text[self.said[start].span.start : self.said[last].span.end]

        several = _SEVERAL.search(self.said[first].text) is not None
        for _ in range(MOST_BEFORE + 2 * several):
            least = LEANING if _LEANS.search(words(first)) else WHOLE_THOUGHT
            if (
                (len(content_words(words(first))) >= least and not several)
                or not beside(first - 1)
                or NUMBERED.match(self.said[first].text)
            ):
                break
            if len(words(first - 1).split()) > LONGEST_THOUGHT:
                break
            first -= 1
        return Place(interaction, Span(self.said[first].span.start, self.said[last].span.end))

    def answered(self, question: str, after: int) -> bool:
        """Whether a later sentence of ours, heard by the customer, speaks of all that a question names in the words of the trade, or, where
        it holds next to nothing but a name (`Does it speak Norwegian?`), of that name."""
        own = subjects(question)
        if len(own) >= LEAST_SHARED and self.taken_up(self.topic(question), after, OURS, heard=True):
            return True
        named = frozenset(word for word in own if word.startswith(CONCEPT))
        names = frozenset(word for name in _NAME.findall(question) for word in content_words(name))
        asked = named or (names if len(own) <= LEAST_SHARED else frozenset())
        return bool(asked) and any(
            asked <= self._words[index] and self._tells(index, OURS, heard=True)
            for index in self._holding.get(next(iter(asked)), ())
            if index > after and self.said[index].turn is not self.said[after].turn
        )

    def _tells(self, index: int, sides: Sides, *, heard: bool) -> bool:
        other = self.said[index]
        if other.interaction.source.kind != "doc" and (other.side not in sides or (heard and not other.to_customer)):
            return False
        return not other.text.rstrip().endswith("?") and not STILL_OPEN.search(other.text)

    def turn_before(self, index: int) -> int | None:
        """The last sentence of another person's turn before this one in the same talk."""
        here = self.said[index]
        for earlier in range(index - 1, -1, -1):
            other = self.said[earlier]
            if other.interaction is not here.interaction:
                return None
            if other.turn is not here.turn:
                return earlier
        return None

    def antecedent(self, index: int, topic: frozenset[str], *, back: int | None = None) -> int | None:
        """The earlier sentence that a later one leans on most: it shares the most of the matter's weight.

        Of the talk or mail before this one; with `back` of so many sentences before it in the same talk.
        """
        here = self.said[index]
        best: tuple[float, int] | None = None
        talks: list[StoredInteraction] = []
        for earlier in range(index - 1, max(-1, index - 1 - (back or len(self.said))), -1):
            other = self.said[earlier]
            if (other.interaction is here.interaction) != (back is not None) or other.turn is here.turn:
                if back is not None and other.interaction is not here.interaction:
                    break
                continue
            if other.interaction not in talks:
                talks.append(other.interaction)
            if len(talks) > 1:
                break
            weight = self.weighed(topic & self._words[earlier])
            if weight and (best is None or weight > best[0]):
                best = weight, earlier
        return best[1] if best else None
