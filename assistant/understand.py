"""What a question asks: which earlier question it leans on, whom and when it names, and what kind of answer would satisfy it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.about import NOTHING_ELSE, About, about
from assistant.answers import Question
from assistant.routes import route
from assistant.standalone import AGREES, Whole, whole
from assistant.words import fold, plain, stemmed, terms
from ingest.archive.rows import StoredPerson

Wanted = Literal["person", "date", "money", "number", "duration", "anything"]

_POINTS_BACK = re.compile(
    r"\b(it|its|that|this|these|those|them|they|he|she|his|her|him|there|then|either|neither|both|same|one|ones)\b", re.I
)
_OPENS_BACK = re.compile(
    r"^\s*(and|but|so|then|or|also|what about|how about|which one|who else|what else|why not|since when|until when)\b", re.I
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({_MONTH_NAME})\b\.?(?: (\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d))?(?:,? (20\d\d))?", re.I
)
_MONEY = re.compile(
    r"\b(how much (?!time|longer|earlier|later)|what does .{0,40}\b(cost|charge)|cost|price|fee|budget|discount|pay|charge[ds]?"
    r"|worth|amount)\b",
    re.I,
)
_NUMBER = re.compile(r"\b(how many|how high|how big|how large|what (?:share|percentage|percent|number)|by how much|how often)\b", re.I)
_DURATION = re.compile(r"\b(how long|how fast|how soon|how quickly|how many (?:minutes|hours|days|weeks|months|years)|how late)\b", re.I)
_DATE = re.compile(
    r"\b((?:what|which) (?:[\w-]+ )?date|by which|on which (?:day|date|\w+day)|until when|what day"
    r"|which (?:day|days|week|weeks|month|quarter)|deadline)\b",
    re.I,
)
_AUXILIARY = r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n[’']t)?"
_ASKS_WHEN = re.compile(
    rf"\bwhen(?:[’']s)? (?:exactly |precisely )?{_AUXILIARY}\b|\bwhen(?:[’']s)?\W*$|\bwhen (?:exactly|precisely|next|first|last|again)\b"
    r"|\b(?:since|from|until|till|by) when\b|\b(?:know|knows|say|says|said|tell|tells|told|ask|asks|asked|see|sure|clear|decided?"
    r"|agreed?)(?: \w+)? when\b"
    r"|\b(?:and|or|of|out|where|who|how|why) when\b",
    re.IGNORECASE,
)
"""`When` asks for a day where a question turns on it; in `when somebody quits, does the account die?` it sets the scene."""
_YES_OR_NO = re.compile(rf"^\W*(?:and |so |but |then |or )?{_AUXILIARY}\b", re.IGNORECASE)
_ASKS_MORE = re.compile(r"\b(?:who|whom|whose|what|where|why|how|which)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"^\s*(?:and |so |then )?(who|whom|whose|which (?:person|of them))\b|\bwho (?:is|was|else|on|at|in|owns|said|asked|decides|signs)\b",
    re.I,
)
_PAPER = re.compile(
    r"\b(?:contract(?:ually)?|order form|agreement|statement of work|sow|paper(?:work)?|clause|terms|schedule)\b"
    r"|\bin writing\b|\bwritten down\b|\b(?:they|we|was|were|is|has|have|been|you) (?:\w+ )?signed\b",
    re.I,
)
_CHANGE = re.compile(
    r"\b(?:chang(?:e[ds]?|ing)|mov(?:e[ds]?|ing)|shift(?:s|ed)?|evolv\w+|slip(?:s|ped)?|history of|over time|over the course|still the same"
    r"|used to be|originally|before and after|from .{2,30} to)\b",
    re.I,
)
_MANY = re.compile(
    r"^\s*(?:and )?(?:list|name|which|what) (?:all|every|each|are|were|other|the)\b|^\s*list\b|\ball (?:the|of|our|their)\b|\beverything\b",
    re.I,
)
NEXT_PART = re.compile(
    r",? and (?=(?:who|whom|whose|what|when|where|why|how|which|until when|since when|by when|for how|in wh\w+|to wh\w+|on wh\w+|is|are|was"
    r"|were|does|do|did|has|have|can|will|would|should)\b)",
    re.I,
)


_MEASURES = frozenset({"much", "mani", "long", "often", "soon", "far", "big", "exact", "word"})
"""Stems that ask for more about something without naming it: "How much?", "For how long exactly?"."""


@dataclass(frozen=True, slots=True)
class Understood:
    standalone: str
    """The question so that it can be read alone; equal to its text where it leans on nothing."""
    asked: str
    """What is searched and answered: its own words, or of a follow-up that is no question by itself (`And when?`) the whole one."""
    leans_back: bool
    earlier: tuple[str, ...]
    """Earlier questions it may lean on, newest first."""
    people: frozenset[str]
    """Ids of people it names."""
    month: int | None
    day: int | None
    year: int | None
    broad: bool
    wanted: Wanted
    named: frozenset[str] = frozenset()
    """Those of `people` that it calls by their own name, not by what they do."""
    of_paper: bool = False
    """It asks what the contract, or anything written and signed, says."""
    of_change: bool = False
    """It asks how something became what it is: every position it had answers, in order."""
    of_many: bool = False
    """It asks for a list."""
    about: About = NOTHING_ELSE
    """The kinds of facts that would answer it."""
    parts: tuple[str, ...] = ()
    """The questions it asks in one breath, where there are several."""


def understand(question: Question, people: Iterable[StoredPerson]) -> Understood:
    said = " ".join(question.text.split())
    leans = bool(question.earlier) and _leans_back(said)
    known = list(people)
    alone = whole(said, question.earlier, _names(question.earlier[-1].standalone, known)) if leans else Whole(said, instead=True)
    text = alone.text if alone.instead else said
    month, day, year = _date(text)
    named = _named(text, known)
    return Understood(
        standalone=alone.text,
        asked=text,
        leans_back=leans,
        earlier=tuple(e.question for e in reversed(question.earlier[-3:])) if leans else (),
        people=named | _by_title(text, known),
        month=month,
        day=day,
        year=year,
        broad=route(text).broad,
        wanted=wanted(text),
        named=named,
        of_paper=bool(_PAPER.search(text)),
        of_change=bool(_CHANGE.search(text)),
        of_many=bool(_MANY.search(text)),
        about=about(text),
        parts=_parts(text),
    )


def wanted(text: str) -> Wanted:
    """The kind of thing that would answer, by the question's own words; what asks yes or no is answered by anything."""
    if is_whether(text):
        return "anything"
    if _DURATION.search(text):
        return "duration"
    if _NUMBER.search(text):
        return "number"
    if _DATE.search(text) or _ASKS_WHEN.search(text):
        return "date"
    if _MONEY.search(text):
        return "money"
    return "person" if _PERSON.search(text) else "anything"


def is_whether(text: str) -> bool:
    """It asks whether something is so, and nothing else."""
    return bool(_YES_OR_NO.search(text)) and not (_ASKS_WHEN.search(text) or _ASKS_MORE.search(text))


def date_match(understood: Understood, on: date | None) -> float:
    """1 when the question's month (and day, year if given) is that day's, half for the month after or a day close by, else 0."""
    if understood.month is None or on is None:
        return 0.0
    if understood.year is not None and on.year != understood.year:
        return 0.0
    if on.month == understood.month:
        return 1.0 if understood.day is None else max(0.5, 1.0 - abs(on.day - understood.day) / 30)
    return 0.5 if on.month == understood.month % 12 + 1 and understood.day is None else 0.0


def _leans_back(text: str) -> bool:
    """Opens as a continuation, agrees, points at something unnamed, or names nothing at all."""
    return bool(AGREES.match(text)) or bool(_OPENS_BACK.search(text)) or bool(_POINTS_BACK.search(text)) or not set(terms(text)) - _MEASURES


def _names(text: str, known: Sequence[StoredPerson]) -> dict[str, str]:
    """Whom it names, by id."""
    ids = _named(text, known) | _by_title(text, known)
    return {person.id: person.name for person in known if person.id in ids}


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip(" ,?") for part in NEXT_PART.split(text))
    return parts if len(parts) > 1 and all(len(part.split()) > 1 for part in parts) else ()


def _named(text: str, people: Iterable[StoredPerson]) -> frozenset[str]:
    """People whose full name, or a name only they bear, stands capitalised in the question."""
    words = {fold(w) for w in re.findall(r"[^\W\d_]+", text) if w[:1].isupper()}
    bearers: dict[str, set[str]] = {}
    for person in people:
        for name in plain(person.name):
            bearers.setdefault(name, set()).add(person.id)
    return frozenset(next(iter(ids)) for name, ids in bearers.items() if name in words and len(ids) == 1)


_LEAST_OF_TITLE = 2 / 3
_SMALL_IN_TITLE = frozenset({"of", "the", "and", "for", "to", "in", "at"})


def _by_title(text: str, people: Iterable[StoredPerson]) -> frozenset[str]:
    """Customers' people named by what they do: `the CFO` is the Chief Financial Officer, `the depot manager in Gothenburg` has that title.

    A title counts when its initials stand in the question, most of its words do, or one does, as a name, that nobody else's title has
    (`Malmö`, `Procurement`). One that several people have names nobody.
    """
    asked, spoken = set(terms(text)), set(plain(text))
    as_names = {stemmed(fold(word)) for word in re.findall(r"[^\W\d_]+", text) if word[:1].isupper()}
    titled = [(person, plain(person.title)) for person in people if person.title and person.side == "buyer"]
    bearers = Counter(stem for _, words in titled for stem in {stemmed(word) for word in words})
    scored: list[tuple[float, str]] = []
    for person, words in titled:
        stems = {stemmed(word) for word in words if word not in _SMALL_IN_TITLE}
        initials = "".join(word[0] for word in words if word not in _SMALL_IN_TITLE)
        shared = stems & asked
        own = any(bearers[stem] == 1 and len(stem) >= _TELLING for stem in shared & as_names)
        if (len(initials) >= _INITIALS and initials in spoken) or len(shared) >= max(2, _LEAST_OF_TITLE * len(stems)) or own:
            scored.append((1.0 + len(shared), person.id))
    best = max(scored, default=(0.0, ""))[0]
    found = [id for score, id in scored if score == best]
    return frozenset(found) if len(found) == 1 else frozenset()


_INITIALS, _TELLING = 3, 5
"""Letters that make an abbreviation of a title, and a word of one that names its bearer by itself."""


def _date(text: str) -> tuple[int | None, int | None, int | None]:
    for match in _MONTH.finditer(text):
        if match[2].lower() == "may" and not (match[1] or match[3] or match[4] or match[2] == "May"):
            continue  # the verb
        day = match[1] or match[3]
        year = int(match[4]) if match[4] else None
        return _MONTHS.index(match[2][:3].lower()) + 1, int(day) if day and 1 <= int(day) <= 31 else None, year
    return None, None, None
