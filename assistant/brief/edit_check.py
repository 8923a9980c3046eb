"""Whether what a person wrote in the place of a line still stands in its quotes, or says more than they do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.facts.commitment import strength_of
from assistant.facts.conditions import condition_of
from assistant.facts.figures import figures
from assistant.words import fold, plain, terms

What = Literal["figure", "name", "word", "condition", "strength", "negation"]

MOST_NEW = 0.34
"""Share of an edit's meaningful words that its quotes need not hold: an edit puts things in order and in plain words. A pronoun and
a verb made plain stay below it, a new matter does not."""

_FIRMNESS = {"declined": 0, "retracted": 0, "hypothetical": 1, "roadmap_statement": 2, "best_effort": 3, "conditional": 4, "firm": 5}
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)(?<![“\"'])\b[A-ZÀ-Þ][\w'’-]+")
_TENTHS = "first second third fourth fifth sixth seventh eighth ninth".split()
_ORDINALS: dict[str, float] = {
    word: float(number)
    for number, word in enumerate(
        [
            *_TENTHS, *"tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
            "twentieth", *(f"twenty-{word}" for word in _TENTHS), "thirtieth", "thirty-first",
        ],
        1,
    )
}  # fmt: skip
_NOT = re.compile(r"\b(?:not|no|never|none|nobody|nothing|without|cannot|can't|won't|n't)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class More:
    """Something the edit says and the source does not."""

    what: What
    words: str

    @property
    def sentence(self) -> str:
        return {
            "figure": f"The source does not say {self.words}.",
            "name": f"The source does not name {self.words}.",
            "word": f"The source says nothing of: {self.words}.",
            "condition": f"The source makes a condition that is gone: “{self.words}”.",
            "strength": f"The source says it less firmly: “{self.words}”.",
            "negation": f"The source says the opposite, or nothing of the kind: “{self.words}”.",
        }[self.what]


def says_more(edit: str, citations: Iterable[Mapping[str, Any]]) -> tuple[More, ...]:
    """Empty where every figure, name and matter of the edit stands in the quotes, in who said them, when or under which title."""
    held = list(citations)
    quotes = " ".join(" ".join(citation["quote"]["exact"].split()) for citation in held)
    setting = " ".join(_setting(citation) for citation in held)
    return (
        *_figures(edit, f"{quotes} {setting}"),
        *_names(edit, f"{quotes} {setting}"),
        *_matters(edit, f"{quotes} {setting}"),
        *(_turned(edit, quotes) or _firmer(edit, quotes)),
    )


def _figures(edit: str, source: str) -> Iterable[More]:
    known = _values(source)
    for value in sorted(_values(edit) - known):
        yield More("figure", f"{value:g}")


def _values(text: str) -> set[float]:
    """Counts and days, in digits or in words: `the eighteenth` is 18."""
    ordinals = {_ORDINALS[word] for word in re.findall(r"[a-z]+(?:-[a-z]+)?", text.casefold()) if word in _ORDINALS}
    digits = {float(found) for found in re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))}
    return {figure.value for figure in figures(text)} | ordinals | digits


def _names(edit: str, source: str) -> Iterable[More]:
    words = set(plain(fold(source)))
    for name in dict.fromkeys(_NAME.findall(edit)):
        if not set(plain(fold(name))) <= words:
            yield More("name", name)


def _matters(edit: str, source: str) -> Iterable[More]:
    """Other than names, which are looked at by themselves."""
    wanted, held = list(dict.fromkeys(terms(_NAME.sub(" ", edit)))), set(terms(source))
    new = [term for term in wanted if term not in held and not term.isdigit()]
    if wanted and len(new) / len(wanted) > MOST_NEW:
        said = [word for word in re.findall(r"[^\W\d_]+", edit) if set(terms(word)) & set(new)]
        yield More("word", ", ".join(dict.fromkeys(said)))


def _firmer(edit: str, quotes: str) -> list[More]:
    condition = condition_of(quotes)
    if condition and not condition_of(edit) and strength_of(quotes) == "conditional":
        return [More("condition", condition)]
    was, now = strength_of(quotes), strength_of(edit)
    return [More("strength", quotes)] if was and now and _FIRMNESS[now] > _FIRMNESS[was] else []


def _turned(edit: str, quotes: str) -> list[More]:
    """A `not` taken out or put in changes everything, however alike the words are."""
    turned = bool(_NOT.search(edit)) != bool(_NOT.search(quotes)) and len(edit.split()) * 2 > len(quotes.split())
    return [More("negation", quotes)] if turned else []


def _setting(citation: Mapping[str, Any]) -> str:
    speaker = citation["speaker"] or {"name": "", "title": ""}
    return f"{speaker['name']} {speaker.get('title') or ''} {citation['source']['title']} {(citation['source']['occurred_at'] or '')[:10]}"
