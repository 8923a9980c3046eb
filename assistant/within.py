"""Which part of a history a question names: one mail, one meeting, or what came after it.

"In her mail of 21 September, what does Lorraine want?" is answered from that mail or not at all, and "since the security review"
leaves out what was said before. Only what the history really has narrows a search: a mail of a day without mail is no mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.understand import Understood
from assistant.words import fold, plain, stemmed, terms
from ingest.archive.rows import Source, StoredInteraction, StoredPassage
from ingest.records import Kind

_KINDS: tuple[tuple[frozenset[Kind], str], ...] = (
    (frozenset({"email"}), r"e-?mails?|mails?|messages?|repl(?:y|ies)|letters?"),
    (frozenset({"call", "meeting"}), r"calls?|meetings?|conversations?|demos?|reviews?|kick-?offs?|workshops?|sessions?|visits?"),
    (frozenset({"crm_note", "ae_note"}), r"notes?"),
    (frozenset({"chat"}), r"chats?|threads?|channels?"),
)
_NAMED_KIND = "|".join(words for _, words in _KINDS)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WHEN = rf"(?:the )?(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}|{_MONTH})\b"
_KIND_THEN_DAY = re.compile(rf"\b({_NAMED_KIND})\b(?: \w+){{0,3}}? (?:of|from|on|in|dated) {_WHEN}", re.IGNORECASE)
_DAY_THEN_KIND = re.compile(rf"\b{_WHEN}(?:'s)? ({_NAMED_KIND})\b", re.IGNORECASE)
_BY_NAME = re.compile(
    rf"\b(?P<where>since|after|before|until|at|during|in|on|from)\s+(?:the|our|their|your|that|last)\s+(?P<name>(?:[\w'&/-]+ ){{1,4}}?)"
    rf"(?P<kind>{_NAMED_KIND})\b",
    re.IGNORECASE,
)
_SINCE_DAY = re.compile(rf"\bsince (?={_WHEN})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Interactions, by id, and of those perhaps only some people's words."""

    interactions: frozenset[str]
    people: frozenset[str] = frozenset()
    """Ids; empty for everybody."""

    def holds(self, passage: StoredPassage, interactions: Mapping[str, StoredInteraction]) -> bool:
        if passage.interaction_id not in self.interactions:
            return False
        speaker = interactions[passage.interaction_id].turns[passage.turn].person
        return not self.people or (speaker is not None and speaker.id in self.people)


def named_part(understood: Understood, text: str, sources: Sequence[Source], interactions: Mapping[str, StoredInteraction]) -> Part | None:
    """None where the question names no part, or one that the history does not have."""
    found = _by_day(understood, text, sources) or _by_name(understood, text, sources) or _since(understood, text, sources)
    if not found:
        return None
    speak = {turn.person.id for id in found for turn in interactions[id].turns if turn.person and turn.role == "said"}
    return Part(found, understood.named & speak)


def _by_day(understood: Understood, text: str, sources: Iterable[Source]) -> frozenset[str]:
    match = _KIND_THEN_DAY.search(text) or _DAY_THEN_KIND.search(text)
    if match is None or understood.month is None or understood.day is None:
        return frozenset()
    kinds = _kinds(match[1])
    return frozenset(s.id for s in sources if s.kind in kinds and s.occurred_on and _is_day(s.occurred_on, understood))


def _is_day(on: date, understood: Understood) -> bool:
    return (on.month, on.day) == (understood.month, understood.day) and understood.year in (None, on.year)


def _by_name(understood: Understood, text: str, sources: Sequence[Source]) -> frozenset[str]:
    """A meeting by what its title says, or by its month and the kind of meeting that its title names."""
    for match in _BY_NAME.finditer(text):
        kinds = _kinds(match["kind"])
        wanted = {stem for stem in terms(match["name"]) if not _is_month(stem)}
        kind = stemmed(fold(match["kind"]))
        dated = [s for s in sources if s.kind in kinds and s.occurred_on]
        if understood.month is not None and re.search(_MONTH, match["name"], re.IGNORECASE):
            dated = [s for s in dated if s.occurred_on and s.occurred_on.month == understood.month]
        elif not wanted:
            continue
        titled = [s for s in dated if wanted <= set(terms(s.title))]
        titled = [s for s in titled if kind in map(stemmed, plain(s.title))] or titled
        if titled:
            return _around(match["where"].casefold(), titled, sources)
    return frozenset()


def _around(where: str, titled: Sequence[Source], sources: Iterable[Source]) -> frozenset[str]:
    moments = [s.occurred_at for s in titled if s.occurred_at]
    if where in ("since", "after"):
        return frozenset(s.id for s in sources if s.occurred_at and s.occurred_at >= min(moments) and (where == "since" or s not in titled))
    if where in ("before", "until"):
        return frozenset(s.id for s in sources if s.occurred_at and s.occurred_at <= max(moments) and (where == "until" or s not in titled))
    return frozenset(s.id for s in titled)


def _since(understood: Understood, text: str, sources: Iterable[Source]) -> frozenset[str]:
    """A month without a year is the latest one that the history reaches."""
    if understood.month is None or not _SINCE_DAY.search(text):
        return frozenset()
    dated = [(s.id, s.occurred_on) for s in sources if s.occurred_on]
    if not dated:
        return frozenset()
    last = max(on for _, on in dated)
    year = understood.year or (last.year if (understood.month, understood.day or 1) <= (last.month, last.day) else last.year - 1)
    try:
        first = date(year, understood.month, understood.day or 1)
    except ValueError:
        return frozenset()
    return frozenset(id for id, on in dated if on >= first)


def _kinds(word: str) -> frozenset[Kind]:
    return next(kinds for kinds, words in _KINDS if re.fullmatch(words, word, re.IGNORECASE))


def _is_month(stem: str) -> bool:
    return re.fullmatch(_MONTH, stem, re.IGNORECASE) is not None
