"""What was left for later and never came back: lists of what is open, words like `I'll come back to you`, work that nobody took on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.brief.fields import AskWhom
from assistant.brief.gaps.asked import CONTEXT
from assistant.brief.gaps.left_open import (
    AWAY,
    COMES_BACK,
    COVERED,
    GRANTED,
    LIST,
    LOGISTICS,
    OWNERLESS,
    PENDING,
    POLITE,
    REQUEST,
    SINCE_SETTLED,
    SUPPOSED,
    TAKES_ON,
    TO_AGREE,
    UNKNOWN,
)
from assistant.brief.gaps.matters import RARE, STAND_IN, Kind, Matter
from assistant.brief.gaps.talk import BOTH, Talk
from assistant.brief.gaps.wording import on_day, told, who
from assistant.brief.paper import shortened
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredTurn
from ingest.records import Span

_BETWEEN = re.compile(
    r"\s*[;\n]\s*|,\s+(?:and\s+)?(?![^()]*\))|\.\s+(?=[A-Z])(?![^()]*\))|\s+and\s+(?=(?:who|what|when|which|how|whether|the)\b)"
)
DISTANT = 30
"""Sentences after an absence in which its cover may be named."""

_WHY: dict[str, str] = {
    "listed": "It stands on a list of what is open, and no later word says that it was done.",
    "left": "It was left for later, and no later word comes back to it.",
    "ownerless": "Somebody is to do it, and nobody is named.",
    "pending": "It was said to be still to do, and no later word says that it was done.",
    "unknown": "It was said to be missing or undecided, and no later word settles it.",
    "asked_of_us": "The customer asked us for it, and no later word says that it was done.",
    "asked": "We asked the customer for it, and no later word says that it was done.",
    "to_agree": "It was left to be agreed, and no later word says what was agreed.",
    "stand_in": "They will be away or are leaving, and nobody was named in their place.",
}  # fmt: skip


def unsettled(talk: Talk) -> Iterator[Matter]:
    """In the order raised; what a later sentence takes up is left out."""
    for index, said in enumerate(talk.said):
        yield from _listed(talk, index, said)
        if said.to_customer and said.side in BOTH and REQUEST.search(said.text) and not POLITE.search(said.text):
            yield from _requested(talk, index, said)
        if said.text.rstrip().endswith("?") or LOGISTICS.search(said.text):
            continue
        if match := AWAY.search(said.text):
            yield from _away(talk, index, said, (match["name"] or match["leaver"] or match["who"] or "").strip())
        for kind, pattern in _PATTERNS:
            if pattern.search(said.text) and not (kind in ("unknown", "pending") and SUPPOSED.search(said.text)):
                yield from _left(talk, index, said, kind)
                break


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("to_agree", TO_AGREE), ("ownerless", OWNERLESS), ("unknown", UNKNOWN), ("pending", PENDING), ("left", COMES_BACK),
)  # fmt: skip


def _listed(talk: Talk, index: int, said: Statement) -> Iterator[Matter]:
    match = LIST.search(said.text)
    if not match:
        return
    last = index
    for item in _BETWEEN.split(match["items"]):
        words = " ".join(item.split()).strip(" .;,")
        topic = _stand_in(words) or talk.topic(words)
        if not topic or len(words.split()) > 18 or talk.taken_up(topic, last, BOTH, heard=False):
            continue
        yield Matter(
            "listed", f"Still open{on_day(said)}: “{words}”. Is it settled?", _WHY["listed"], _whom(said), (said.place,), topic, index,
            said.said_on,
        )  # fmt: skip


def _left(talk: Talk, index: int, said: Statement, kind: Kind) -> Iterator[Matter]:
    last = index if kind == "left" else _to_the_point(talk, index)
    thought = talk.thought(index, last)
    about, context = _about(talk, index, thought.text) if kind == "left" else (thought.text, None)
    topic = _object(talk, said) if kind == "left" else frozenset()
    topic = topic or talk.topic(about)
    by = said.turn.person if kind == "left" else None
    if not topic or (len(topic) < 2 and kind != "left") or talk.taken_up(topic, last, BOTH, heard=False, by=by):
        return
    if kind == "left" and _came_back(talk, index, said, thought.text):
        return
    if kind == "ownerless" and any(TAKES_ON.search(words) for words in _replies(talk, index)):
        return
    if kind in ("unknown", "pending", "to_agree") and SINCE_SETTLED.search(said.text):
        return
    quoted = f"{who(said)}{on_day(said)}: “{told(talk, index, last)}”"
    weak = len(talk.topic(thought.text)) < 2
    if weak and context is not None:
        quoted = f"{who(talk.said[context])}: “{shortened(' '.join(talk.thought(context).text.split()), 25)}” {quoted}"
    if context is None:
        context = talk.turn_before(index) if kind == "left" else talk.antecedent(index, topic, back=CONTEXT)
    places = (thought,) if context is None else (thought, _setting(talk, context))
    yield Matter(kind, f"{quoted} {_ending(kind, said.text)}", _WHY[kind], _whom(said), places, topic, last, said.said_on, weak=weak)


def _replies(talk: Talk, index: int) -> Iterator[str]:
    """The first sentences of the two turns that follow."""
    here = talk.said[index]
    turns: list[StoredTurn] = []
    for other in talk.said[index + 1 :]:
        if other.interaction is not here.interaction or len(turns) > 2:
            return
        if other.turn is not here.turn and other.turn not in turns:
            turns.append(other.turn)
            yield other.text


def _object(talk: Talk, said: Statement) -> frozenset[str]:
    """Of `I'll come back to you about the log`: the log, where few sentences of the deal speak of one."""
    named = re.search(r"\b(?:about|on|regarding|whether|with) (?P<what>[^.;,]+)$", said.text.strip(" .!"))
    words = talk.topic(named["what"]) if named else frozenset()
    return words if len(words) >= 2 or any(talk.said_in(word) <= RARE for word in words) else frozenset()


LONGEST_SETTING = 35


def _setting(talk: Talk, index: int) -> Place:
    """A sentence with what was said before it in its turn, where that is short."""
    turn, interaction = talk.said[index].turn, talk.said[index].interaction
    first = index
    while first > 0 and talk.said[first - 1].turn is turn:
        if len(interaction.text[talk.said[first - 1].span.start : talk.said[index].span.end].split()) > LONGEST_SETTING:
            break
        first -= 1
    return Place(interaction, Span(talk.said[first].span.start, talk.said[index].span.end))


LONGEST_POINT = 45


def _to_the_point(talk: Talk, index: int) -> int:
    """The sentence of the same turn by which one knows what is spoken of: `Somebody has to tell them. We have sixty hauliers …`."""
    last = index
    while (
        len(talk.topic(talk.thought(index, last).text)) < 2
        and last + 1 < len(talk.said)
        and talk.said[last + 1].turn is talk.said[index].turn
    ):
        if len(talk.thought(index, last + 1).text.split()) > LONGEST_POINT:
            break
        last += 1
    return last


def _came_back(talk: Talk, index: int, said: Statement, words: str) -> bool:
    """What somebody thought of aloud, what is no matter of its own, and what was answered since in other words."""
    if _goes_on(talk, index) or _question_answered(talk, index, said):
        return True
    return said.side == "seller" and (len(talk.topic(words)) < 2 or _wrote_to(talk, index, said))


SOON = 14
"""Days in which a mail to the one who asked is taken as the answer that was announced."""


def _wrote_to(talk: Talk, index: int, said: Statement) -> bool:
    asker = said.prompted_by
    if asker is None or said.turn.person is None or said.said_on is None:
        return False
    return any(
        later.source.kind == "email"
        and later.source.occurred_on is not None
        and 0 <= (later.source.occurred_on - said.said_on).days <= SOON
        and any(turn.role == "said" and turn.person is not None and turn.person.id == said.turn.person.id for turn in later.turns)
        and any(person.id == asker.id for person in later.participants)
        for later in talk.interactions
        if later is not said.interaction
    )


def _requested(talk: Talk, index: int, said: Statement) -> Iterator[Matter]:
    """What one side asked of the other, unless it was granted on the spot or is spoken of later."""
    thought = talk.thought(index)
    topic = talk.topic(thought.text)
    replies = [one for one in talk.said[index + 1 : index + 8] if one.interaction is said.interaction and one.side != said.side]
    if len(topic) < 2 or any(GRANTED.search(one.text) for one in replies) or talk.taken_up(topic, index, BOTH, heard=False):
        return
    about = talk.antecedent(index, topic)
    ours = said.side == "seller"
    yield Matter(
        "asked", f"{who(said)} asked{on_day(said)}: “{told(talk, index)}” Was it done?", _WHY["asked" if ours else "asked_of_us"],
        "customer" if ours else "internal", (thought,) if about is None else (thought, talk.thought(about)), topic, index, said.said_on,
    )  # fmt: skip


def _ending(kind: Kind, words: str) -> str:
    if kind == "unknown":
        return "Who takes it on?" if re.search(r"\b(?:start(?:ed|s)?|begun|begins?|owns?)\b", words) else "Is it known by now?"
    return {"left": "What came of it?", "ownerless": "Who does it?", "to_agree": "What was agreed, and when?", "pending": "Is it done?"}[
        kind
    ]


BACK = 5
"""Turns before `let me check` in which one looks for what it is about."""


def _about(talk: Talk, index: int, words: str) -> tuple[str, int | None]:
    """The words with those of the turns before them that tell what they are about, and the last sentence of the nearest of these."""
    context = None
    here: int | None = index
    for _ in range(BACK):
        if len(talk.topic(words)) >= 3 or here is None:
            break
        here = talk.turn_before(here)
        if here is not None:
            words = f"{talk.said[here].text} {words}"
            context = here if context is None else context
    return words, context


def _goes_on(talk: Talk, index: int) -> bool:
    """`Let me think. … All right, two days` : what is thought of aloud and told in the same breath was not put off."""
    rest = [one for one in talk.said[index + 1 : index + 4] if one.turn is talk.said[index].turn]
    return bool(re.search(r"\blet me think\b", talk.said[index].text, re.IGNORECASE)) and len(rest) >= 2


def _question_answered(talk: Talk, index: int, said: Statement) -> bool:
    """The other side's question that it puts off was answered since."""
    asked = [
        one for one in talk.said[max(0, index - 12) : index] if one.interaction is said.interaction and one.text.rstrip().endswith("?")
    ]
    last = next((one for one in reversed(asked) if one.side != said.side), None)
    return said.side == "seller" and last is not None and talk.answered(last.text, index)


def _stand_in(words: str) -> frozenset[str]:
    """For `Tammy's backup`, `who is you while you are out`: what the stand-in of that person is about."""
    if not _STANDING_IN.search(words):
        return frozenset()
    names = frozenset(word for name in re.findall(r"\b[A-ZÀ-Þ]\w+", words) for word in content_words(name))
    return names | {STAND_IN}


_STANDING_IN = re.compile(
    r"\bback-?up\b|\bstands? in\b|\bstand-in\b|\bwhile (?:you're|you are|your|\w+ is|\w+'s) \w+|\bdeput(?:y|ies)\b", re.IGNORECASE
)


_NOT_A_NAME = re.compile(r"(?:(?:I|We|You|They|He|She|It)['’]\w+|He|She|It|We|They|You|That|This|There|[A-Z]{1,3}|\w+day)\b(?!['’]s)")


_OF_ONESELF = re.compile(r"\b(?:I|I['’](?:m|ll|ve)|[Mm]y|mine)\b")


def _away(talk: Talk, index: int, said: Statement, name: str) -> Iterator[Matter]:
    if _NOT_A_NAME.fullmatch(name):
        name = ""
    away = name or (who(said) if said.turn.person and _OF_ONESELF.search(said.text) else "")
    if not away:
        return
    first = away.split()[0]
    near = talk.said[index + 1 : index + 1 + DISTANT]
    later = [one for one in talk.said[index + 1 :] if first in one.text]
    if any(COVERED.search(one.text) for one in (said, *near, *later)):
        return
    words = shortened(" ".join(said.text.split()), 30)
    yield Matter(
        "stand_in", f"Who stands in for {away}? {who(said)}{on_day(said)}: “{words}”", _WHY["stand_in"],
        "customer" if said.side == "buyer" or name else "internal", (said.place,),
        frozenset(content_words(first)) | {STAND_IN}, index, said.said_on,
    )  # fmt: skip


def _whom(said: Statement) -> AskWhom:
    return "customer" if said.to_customer else "internal"
