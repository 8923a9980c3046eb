"""An earlier promise beside what was said later: what the two have in common and where they differ, in numbers that can be weighed.

Nearness in meaning comes from vectors (`assistant.meaning`), what differs in amounts, days, charges and limits from
`assistant.facts.comparing`; the rest is words in common by how rare they are among the promises, conditions, scope, firmness, words that
mark a change, and where the two stand in the talk.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.facts.comparing import COMPARED, compared
from assistant.facts.figures import figures
from assistant.facts.promises import PromiseSaid
from assistant.facts.slots import slots
from assistant.facts.speech import Place
from assistant.facts.topics import concepts, content_words
from assistant.meaning import FAR, Meaning, Near, Pieces, setting
from assistant.succession import parts_of, replaced_figures

if TYPE_CHECKING:  # slow to load: only who has vectors waits for it
    import numpy as np
    from numpy.typing import NDArray

LOOKED_AT = 6
"""Earlier statements a later one is held against, those most like it first."""
BY_MEANING = ("there", "back", "whole", "answers", "answered", "settings", "with setting", "near and other", "near and bound")
NAMES = (
    *BY_MEANING, "shared", "shared of mine", "shared of theirs", "rarest shared", "topic shared", "concept", "kind", "other kind",
    "both planned", "both priced", "both dated", "both counted", "other units", *COMPARED, "other day", "same day due", "a day at last",
    "no day now", "recounted", "counted alike", "set right", "figure new", "figure gone", "bound", "freed", "firmer", "weaker", "declines",
    "taken for all", "narrowed", "hedged", "cue", "still", "same talk", "close by", "same turn", "other speaker", "same name",
    "named in setting", "names apart", "parts apart", "bare", "short",
)  # fmt: skip


@dataclass(slots=True)
class Beside:
    """Statements in the order said, each to be held against those before it. Without `meaning` by their words alone."""

    said: Sequence[PromiseSaid]
    meaning: Meaning | None
    _rarity: Mapping[str, float] = field(init=False)
    _means: tuple[NDArray[np.float32], ...] = field(init=False)
    """Unit vectors of the statements, of their settings and of both together; empty without vectors."""

    def __post_init__(self) -> None:
        counts = Counter(word for one in self.said for word in content_words(one.text))
        most = math.log(2 + len(self.said))
        self._rarity = {word: math.log((2 + len(self.said)) / count) / most for word, count in counts.items()}
        self._means = _means(self.said, self.meaning) if self.meaning and self.said else ()

    def likest(self, of: int, among: Sequence[int]) -> list[int]:
        """Those that are worth weighing."""
        one = self.said[of]
        mine, topic = content_words(one.text), content_words(one.topic)
        cosines = (self._means[0][list(among)] @ self._means[0][of]).tolist() if self._means and among else [0.0] * len(among)
        scored = []
        for cosine, index in zip(cosines, among, strict=True):
            theirs = content_words(self.said[index].text)
            score = self._weight(theirs & mine) + self._weight(theirs & topic - mine) / 2 + 3 * cosine
            scored.append((score, index))
        return [index for score, index in sorted(scored, reverse=True)[:LOOKED_AT] if score > 0]

    def features(self, held: Sequence[int], of: int) -> list[tuple[float, ...]]:
        """In the order of `NAMES`, of each of the statements at `held` with the one at `of`."""
        one, earlier = self.said[of], [self.said[index] for index in held]
        near = answers = [FAR] * len(earlier)
        settings = with_setting = [0.0] * len(earlier)
        if self.meaning is not None and self._means:
            places = [each.at for each in earlier]
            near, answers = self.meaning.near(one.at, places), self.meaning.near(setting(one.at), places)
            settings, with_setting = ((each[list(held)] @ each[of]).tolist() for each in self._means[1:])
        return [
            self._weighed(each, one, *by) for each, by in zip(earlier, zip(near, answers, settings, with_setting, strict=True), strict=True)
        ]

    def _weight(self, words: frozenset[str]) -> float:
        return math.fsum(self._rarity.get(word, 1.0) for word in words)

    def _weighed(
        self, held: PromiseSaid, one: PromiseSaid, near: Near, answers: Near, settings: float, with_setting: float
    ) -> tuple[float, ...]:
        mine, theirs, topic = content_words(held.text), content_words(one.text), content_words(one.topic)
        shared, little = self._weight(mine & theirs), min(1.0, SAYS_LITTLE / (1 + len(theirs)))
        values = compared(held.text, one.text, held.made_on)
        units = _counted(held.text), _counted(one.text)
        both = units[0].keys() & units[1].keys()
        recounted = any(not units[0][unit] & units[1][unit] for unit in both)
        numbers = [frozenset(value for values in each.values() for value in values) for each in units]
        days = slots(held.text, held.made_on).days, slots(one.text, one.made_on).days
        moved = bool(days[0] and days[1] and not days[0] & days[1])
        names = slots(held.text, held.made_on).names, slots(one.text, held.made_on).names
        parts = parts_of(held.text), parts_of(one.text)
        other = moved or recounted or bool(values[COMPARED.index("other value")] or values[COMPARED.index("other count")])
        bound, narrowed = bool(one.conditions) and not held.conditions, _ONLY.search(one.text) is not None
        firm = _FIRMNESS[held.strength], _FIRMNESS[one.strength]
        together = held.at.interaction.source.id == one.at.interaction.source.id
        return tuple(map(float, (
            near.there, near.back, near.whole, answers.back * little, answers.whole * little, settings, with_setting, near.whole * other,
            near.whole * (bound or narrowed), min(shared, 3.0) / 3, shared / max(self._weight(mine), 1e-6),
            shared / max(self._weight(theirs), 1e-6), max((self._rarity.get(word, 1.0) for word in mine & theirs), default=0.0),
            min(self._weight(mine & (topic - theirs)), 2.0) / 2, bool(concepts(held.text) & concepts(one.text)), held.kind == one.kind,
            (held.kind == "commercial") != (one.kind == "commercial"), _plans(held) and _plans(one), _prices(held) and _prices(one),
            bool(days[0] and days[1]), bool(both), bool(units[0] and units[1]) and not both and not (days[0] and days[1]), *values, moved,
            bool(days[0] & days[1]), bool(days[1]) and not days[0] and held.due is not None,
            bool(days[0]) and one.due is not None and not days[1], recounted, any(units[0][unit] & units[1][unit] for unit in both),
            bool(replaced_figures(one.text) & numbers[0]), bool(numbers[1]) and not numbers[0], bool(numbers[0]) and not numbers[1], bound,
            bool(held.conditions) and not one.conditions, firm[1] > firm[0], firm[1] < firm[0], one.strength == "declined",
            _ALL.search(held.text) is not None, narrowed, _HEDGES.search(one.text) is not None, _CUE.search(one.text) is not None,
            _STILL.search(one.text) is not None, together, together and abs(one.at.span.start - held.at.span.end) < CLOSE_BY,
            together and _turn(held.at) == _turn(one.at), held.made_by.id != one.made_by.id, bool(names[0] & names[1]),
            bool(names[0] & (slots(one.topic, held.made_on).names - names[1])), bool(names[0] and names[1] and not names[0] & names[1]),
            bool(parts[0] and parts[1] and not parts[0] & parts[1]), len(theirs) < SAYS_LITTLE, len(mine) < SAYS_LITTLE,
        )))  # fmt: skip


SAYS_LITTLE = 3
"""Content words below which a sentence is understood by what it answers."""
CLOSE_BY = 400
"""Characters between two statements of one talk."""
_FIRMNESS = {"firm": 3, "conditional": 2, "best_effort": 1, "roadmap_statement": 0, "hypothetical": 0, "declined": -1, "retracted": -1}


def _means(said: Sequence[PromiseSaid], meaning: Meaning) -> tuple[NDArray[np.float32], ...]:
    import numpy as np

    own, around = ([meaning.pieces(place) for place in places] for places in ([s.at for s in said], [setting(s.at) for s in said]))
    size = next((len(each.mean) for each in (*own, *around) if each is not None), 1)
    means = [_rows(each, size) for each in (own, around)]
    both = means[0] + means[1] / 2
    return *means, both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-6)


def _rows(found: Sequence[Pieces | None], size: int) -> NDArray[np.float32]:
    import numpy as np

    return np.array([np.zeros(size) if each is None else each.mean for each in found], np.float32)


def _turn(place: Place) -> int:
    return next((i for i, turn in enumerate(place.interaction.turns) if turn.span.start <= place.span.start < turn.span.end), -1)


@lru_cache(maxsize=8_192)
def _counted(text: str) -> Mapping[str, frozenset[float]]:
    """Values by what they count; those that count nothing said under an empty name."""
    found: dict[str, set[float]] = {}
    for figure in figures(text):
        found.setdefault(figure.unit, set()).add(figure.value)
    return {unit: frozenset(values) for unit, values in found.items()}


def _plans(said: PromiseSaid) -> bool:
    """It says by when something runs."""
    return said.due is not None and (said.kind == "timeline" or _RUNS.search(said.text) is not None)


def _prices(said: PromiseSaid) -> bool:
    counted = _counted(said.text)
    return bool(counted.keys() & {"money", "%"}) or (bool(counted) and _PRICE.search(said.text) is not None)


_RUNS = re.compile(
    r"\b(?:live|running|open(?:s|ed)?|start\w*|switch\w* on|go(?:es)? (?:up|on)|turns? on|ready|launch\w*|working|up and)\b", re.IGNORECASE
)
_PRICE = re.compile(r"\b(?:price\w*|year|month|per|each|apiece|fee|cost\w*|rate|a head)\b", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:all|every\w*|any|both|whole|entire|never|always|unlimited|no|nothing|none|free|included?|lot)\b|\bas (?:many|much|long)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:only|except|exclud(?:ing|es?)|apart from|other than|up to|at most|maximum|limited|beyond|above|after that|the rest|separately"
    r"|extra|from the \w+ (?:on|onwards?)|first)\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:best efforts?|aim\w*|target\w*|endeavou?rs?|typical\w*|usually|normally|no (?:particular|guarantee|warranty)"
    r"|not (?:guaranteed|binding)|depend\w*|may|might|could|would|try)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:instead|now|no longer|actually|after all|in the end|unfortunately|afraid|sorry|ha(?:ve|d) to|turns? out|changed?|moved?|pushed"
    r"|slip\w*|rather|down to|up to|correct\w*|more like|not any ?more|came back|having talked|checked|realistic\w*)\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:still|as (?:agreed|said|promised|discussed)|again|confirm\w*|remains?|stays?|like I said|you have my word)\b", re.IGNORECASE
)
