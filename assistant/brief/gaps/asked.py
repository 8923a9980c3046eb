"""The customer's questions that nobody answered: put off in the talk, passed over in a mail, or said to be waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.brief.gaps.left_open import AWAITED, LATER_BY_ASKING, LOGISTICS, MOVES_ON, NOT_TOLD, PUT_OFF, RETOLD, TOLD_THEM
from assistant.brief.gaps.matters import Matter
from assistant.brief.gaps.talk import BOTH, NUMBERED, OURS, Talk, subjects
from assistant.brief.gaps.wording import on_day, told, who
from assistant.brief.paper import shortened
from assistant.facts.speech import Statement
from ingest.records import Side

LEAST_WORDS = 4
CONTEXT = 12
"""Sentences before a question in which one looks for what it is about."""
FRAGMENT = 6
"""A question of so few words (`Oslo, Larvik?`) is shown with what it is about."""
NEAR = 5
"""Turns after a question in which it may be put off."""
WHY_PUT_OFF = "The customer asked, we put the answer off, and no later word of ours takes it up."
WHY_PASSED_OVER = "The customer asked in writing, and no later word of ours takes it up."
WHY_NOT_KNOWN = "We asked, nobody there knew, and no later word tells."
WHY_RETOLD = "Somebody of theirs asked it, and no word of ours answers it."
WHY_AWAITED = "Somebody says that an answer is owed, and no later word gives it."


def unanswered(talk: Talk) -> Iterator[Matter]:
    yield from _questions(talk)
    yield from _not_known(talk)
    yield from _retold(talk)
    yield from _awaited(talk)


def _questions(talk: Talk) -> Iterator[Matter]:
    for first, last in _runs(talk, "buyer"):
        asked = talk.said[last]
        put_off = _put_off(talk, first, last, "seller")
        if put_off is None:
            put_off = _passed_over(talk, last)
        if put_off is None and asked.interaction.source.kind == "call":
            continue
        if put_off is None and _answered_in_place(talk, last):
            continue
        thought = talk.thought(first, last)
        topic = talk.topic(thought.text)
        since = last if put_off is None else put_off
        if len(topic) < 2 or LOGISTICS.search(asked.text) or talk.taken_up(topic, since, OURS, heard=True):
            continue
        if talk.answered(_words(talk, first, last), since):
            continue
        about = talk.antecedent(first, topic, back=CONTEXT)
        setting = ""
        if about is not None and len(_words(talk, first, last).split()) <= FRAGMENT:
            setting = f" (of “{shortened(' '.join(talk.said[about].text.split()), 14)}”)"
        places = (
            thought,
            *([talk.said[put_off].place] if put_off is not None else []),
            *([talk.said[about].place] if about is not None else []),
        )
        yield Matter(
            "unanswered" if put_off is None else "put_off",
            f"{who(asked)} asked{on_day(asked)}: “{told(talk, first, last)}”{setting} What is the answer?",
            WHY_PASSED_OVER if put_off is None else WHY_PUT_OFF,
            "ae",
            places,
            topic,
            since,
            asked.said_on,
        )


def _not_known(talk: Talk) -> Iterator[Matter]:
    """Our questions to which the customer's people had no answer, and which none of them answered since."""
    for first, last in _runs(talk, "seller"):
        put_off = _not_told(talk, last)
        if put_off is None:
            continue
        thought = talk.thought(first, last)
        topic = talk.topic(thought.text)
        if len(topic) < 2 or LOGISTICS.search(talk.said[last].text) or talk.taken_up(topic, put_off, BOTH, heard=False):
            continue
        said = talk.said[put_off]
        yield Matter(
            "unknown", f"“{told(talk, first, last)}” {who(said)}{on_day(said)}: “{told(talk, put_off)}” Is it known by now?",
            WHY_NOT_KNOWN, "customer", (thought, said.place), topic, put_off, said.said_on,
        )  # fmt: skip


AT_ONCE = 30
"""Words in which somebody says that they do not know; who says more tells what they do know."""


def _not_told(talk: Talk, last: int) -> int | None:
    """The sentence with which the whole of a short reply says that nobody there knows, or not today."""
    asked = talk.said[last]
    reply = [
        index
        for index in range(last + 1, min(last + 1 + NEAR, len(talk.said)))
        if talk.said[index].interaction is asked.interaction and talk.said[index].turn.position == asked.turn.position + 1
    ]
    if not reply or talk.said[reply[0]].side != "buyer" or len(_words(talk, reply[0], reply[-1]).split()) > AT_ONCE:
        return None
    return next((index for index in reply if NOT_TOLD.search(talk.said[index].text)), None)


def _retold(talk: Talk) -> Iterator[Matter]:
    """`She wanted to know if …`: a question told of, in a note or by somebody for somebody else."""
    for index, said in enumerate(talk.said):
        match = RETOLD.search(said.text)
        if match is None or said.interaction.source.kind == "call" or said.text.rstrip().endswith("?"):
            continue
        if (said.side == "seller") == said.to_customer or any(TOLD_THEM.search(words) for words in (said.text[match.end() :], said.after)):
            continue
        topic = talk.topic(match["what"])
        if len(topic) < 2 or talk.taken_up(topic, index, OURS, heard=False):
            continue
        if said.interaction.source.kind == "email" and said.side == "buyer" and _replied(talk, said):
            continue
        thought = talk.thought(index)
        yield Matter(
            "unanswered", f"{who(said)}{on_day(said)}: “{told(talk, index)}” What is the answer?", WHY_RETOLD, "ae", (thought,), topic,
            index, said.said_on,
        )  # fmt: skip


def _passed_over(talk: Talk, last: int) -> int | None:
    """In a call: the sentence of ours with which the talk goes elsewhere instead of answering."""
    asked = talk.said[last]
    if asked.interaction.source.kind != "call" or len(asked.text.split()) < LEAST_WORDS:
        return None
    replies = [
        index
        for index in range(last + 1, min(last + 1 + NEAR, len(talk.said)))
        if talk.said[index].interaction is asked.interaction and talk.said[index].turn.position == asked.turn.position + 1
    ]
    ends = [talk.said[index] for index in (*replies[:1], *replies[-1:])]  # `Ha. Let's hope not. Shall we look at the next screen?`
    if not ends or ends[0].side != "seller" or not any(MOVES_ON.search(one.text) for one in ends):
        return None
    about = subjects(asked.text)
    return replies[0] if not any(about & subjects(talk.said[index].text) for index in replies) else None


def _runs(talk: Talk, side: Side) -> Iterator[tuple[int, int]]:
    """Questions of one side's, those that follow one another in one turn as one: first and last sentence."""
    index = 0
    while index < len(talk.said):
        here = talk.said[index]
        if not _asks(here, side):
            index += 1
            continue
        last = index
        while (
            last + 1 < len(talk.said)
            and talk.said[last + 1].turn is here.turn
            and _asks(talk.said[last + 1], side)
            and not NUMBERED.match(talk.said[last + 1].text)
        ):
            last += 1
        yield index, last
        index = last + 1


def _asks(said: Statement, side: Side) -> bool:
    return said.side == side and said.to_customer and said.text.rstrip().endswith("?")


def _words(talk: Talk, first: int, last: int) -> str:
    return talk.said[first].interaction.text[talk.said[first].span.start : talk.said[last].span.end]


def _put_off(talk: Talk, first: int, last: int, by: Side) -> int | None:
    """The sentence of the other side that puts it off, in the next turns or under the quoted question of an answering mail."""
    asked = talk.said[last]
    words = " ".join(_words(talk, first, last).split())
    for index in range(last + 1, len(talk.said)):
        other = talk.said[index]
        if other.side != by or not other.to_customer:
            continue
        if other.interaction is asked.interaction:
            if other.turn.position - asked.turn.position > NEAR or _asked_between(talk, last, index):
                continue
            if PUT_OFF.search(other.text) and (not other.text.rstrip().endswith("?") or LATER_BY_ASKING.search(other.text)):
                return index
        elif other.prompt and words in " ".join(other.prompt.split()) and PUT_OFF.search(other.text):
            return index
    return None


def _asked_between(talk: Talk, last: int, index: int) -> bool:
    turn = talk.said[last].turn
    return any(
        _asks(talk.said[i], talk.said[last].side) and talk.said[i].turn is not turn and len(talk.said[i].text.split()) >= LEAST_WORDS
        for i in range(last + 1, index)
    )


def _answered_in_place(talk: Talk, last: int) -> bool:
    """Under its own words quoted in an answering mail, or in a mail of ours that answers the whole of theirs."""
    asked = talk.said[last]
    words = " ".join(asked.text.split())
    number = NUMBERED.match(asked.text)
    named = re.compile(rf"\bquestions?\b[^.?!]{{0,20}}\b{number[1]}\b", re.IGNORECASE) if number else None
    if number is None and _replied(talk, asked):
        return True
    return any(
        (other.prompt and words in " ".join(other.prompt.split())) or (named is not None and named.search(other.text))
        for other in talk.said[last + 1 :]
        if other.interaction is not asked.interaction and other.side == "seller" and other.to_customer
    )


SOON = 14
"""Days in which a mail of ours in the same thread is taken as the answer to a question that has no number."""
_REPLY = re.compile(r"^(?:(?:re|aw|fwd?|wg|tr)\s*:\s*)+", re.IGNORECASE)


def _replied(talk: Talk, asked: Statement) -> bool:
    thread = _REPLY.sub("", asked.interaction.source.title).strip().casefold()
    asker, on = asked.turn.person, asked.said_on
    return any(
        later is not asked.interaction
        and later.source.kind == "email"
        and _REPLY.sub("", later.source.title).strip().casefold() == thread
        and on is not None
        and later.source.occurred_on is not None
        and 0 <= (later.source.occurred_on - on).days <= SOON
        and any(turn.role == "said" and turn.side == "seller" for turn in later.turns)
        and any(asker is not None and person.id == asker.id for person in later.participants)
        for later in talk.interactions
    )


def _awaited(talk: Talk) -> Iterator[Matter]:
    for index, said in enumerate(talk.said):
        if said.text.rstrip().endswith("?") or not AWAITED.search(said.text) or AWAITED.search(said.before):
            continue
        last = index + 1 if said.after and AWAITED.search(said.after) else index
        thought = talk.thought(index, last)
        topic = talk.topic(thought.text)
        if len(topic) < 2 or talk.taken_up(topic, last, OURS, heard=True):
            continue
        yield Matter(
            "unanswered", f"{who(said)}{on_day(said)}: “{told(talk, index, last)}” Is that still so?",
            WHY_AWAITED, "ae" if said.side == "buyer" else "customer", (thought,), topic, last, said.said_on,
        )  # fmt: skip
