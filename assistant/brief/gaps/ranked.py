"""The questions of a handoff in the order in which they are worth asking: at most five for the AE, the others for the kick-off."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assistant.answers import Receipt
from assistant.brief.fields import AskWhom
from assistant.brief.gaps.asked import unanswered
from assistant.brief.gaps.disputed import disputed
from assistant.brief.gaps.matters import Kind, Matter, merged
from assistant.brief.gaps.promised import STANDING, about_promises
from assistant.brief.gaps.required import missing, vague_goals
from assistant.brief.gaps.talk import CONCEPT, Talk
from assistant.brief.gaps.unsettled import unsettled
from assistant.brief.paper import shortened
from assistant.brief.sections import Gap, GoalLine, PersonLine
from assistant.brief.setting import leans
from assistant.facts.speech import Place
from assistant.facts.topics import concepts, content_words
from assistant.ledger import Ledger
from assistant.promise import Promise
from ingest.archive.rows import StoredInteraction

MOST_FOR_AE = 5
MOST = 28
"""Of a whole list: what ranks lower is not asked. A list nobody reads answers nothing."""
MOST_PLACES = 4
"""Places cited for one question."""
QUOTED = 3
"""Of several promises in one question, those that are quoted."""
Cites = Callable[[Iterable[Place]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asking:
    """What the questions are made from; `cites` keeps the citation of places, `receipt` is that of the whole search."""

    talk: Talk
    ledger: Ledger
    goals: Sequence[GoalLine]
    people: Sequence[PersonLine]
    receipt: Receipt
    cites: Cites


def gaps(asking: Asking) -> tuple[Gap, ...]:
    """The AE's first, then what is to be asked at the kick-off, then what is to be settled among ourselves."""
    matters = sorted(merged(_in_order(asking), asking.talk), key=lambda one: -one.said)
    found = [_of_matter(asking, one) for one in matters]
    by_kind = {kind: [gap for gap in found if gap.kind == kind] for kind in _ORDER}
    sorts = (
        [*_no_contract(asking), *by_kind["denied"][::2]],
        by_kind["put_off"][::2],
        [*by_kind["denied"][1::2], *by_kind["put_off"][1::2]],
        [*by_kind["undisclosed"], *by_kind["refused"], *by_kind["if_missed"]],
        [*by_kind["conflict"], *_missing(asking)],
        by_kind["stand_in"],
        _vague_goals(asking),
        by_kind["to_agree"],
        by_kind["listed"],
        [*by_kind["ownerless"], *by_kind["unknown"], *by_kind["left"], *by_kind["pending"]],
        by_kind["no_day"],
        [*by_kind["unanswered"], *_unowned(asking), *_undated(asking), *_never_met(asking)],
        by_kind["asked"],
    )
    ranked = [gap for turn in zip_longest(*sorts) for gap in turn if gap is not None]
    return _shared_out(list({gap.id: gap for gap in ranked}.values())[:MOST])


_ORDER: tuple[Kind, ...] = (
    "denied", "conflict", "put_off", "unanswered", "refused", "undisclosed", "stand_in", "to_agree", "listed", "ownerless", "unknown",
    "pending", "left", "if_missed", "no_day", "asked",
)  # fmt: skip
"""Of one matter that was raised in several ways the first of these puts the question."""


def _in_order(asking: Asking) -> list[Matter]:
    talk = asking.talk
    questions, left = list(unanswered(talk)), list(unsettled(talk))
    matters = [*questions, *about_promises(talk, asking.ledger), *disputed(talk), *left]
    return sorted(matters, key=lambda one: (_ORDER.index(one.kind), one.weak, -(one.on.toordinal() if one.on else 0)))


def _shared_out(ranked: Sequence[Gap]) -> tuple[Gap, ...]:
    """What the AE is asked beyond five is asked at the kick-off, or among ourselves where only we can know."""
    for_ae = [gap for gap in ranked if gap.ask == "ae"]
    beyond = [replace(gap, ask=_else_of(gap)) for gap in for_ae[MOST_FOR_AE:]]
    later = {gap.id: gap for gap in beyond}
    others = [later.get(gap.id, gap) for gap in ranked if gap not in for_ae[:MOST_FOR_AE]]
    return (*for_ae[:MOST_FOR_AE], *(g for g in others if g.ask == "customer"), *(g for g in others if g.ask == "internal"))


def _else_of(gap: Gap) -> AskWhom:
    return "customer" if gap.kind in ("put_off", "unanswered", "missing") else "internal"


# --- each sort


def _of_matter(asking: Asking, one: Matter) -> Gap:
    cited = asking.cites(_spread(one.places)[:MOST_PLACES])
    again = f" It came up {one.said} times." if one.said > 2 and one.kind not in ("denied", "no_day") else ""
    return Gap(
        _id(one.kind, *cited[:1], one.question if one.kind == "listed" else ""),
        one.question,
        one.why + again,
        one.ask,
        _since(asking, one, cited),
        one.kind,
        sought(one.topic, [one.question, *(place.text for place in one.places)]),
    )


def sought(topic: frozenset[str], texts: Iterable[str]) -> tuple[str, ...]:
    """The words of a matter as somebody said them, in the order said; then what the trade calls it."""
    said = dict.fromkeys(word for text in texts for word in _WORD.findall(text))
    by_stem = {stem: word for word in reversed(said) for stem in (*content_words(word), word.casefold())}
    order = list(said)
    words = sorted({by_stem[stem] for stem in topic if stem in by_stem}, key=order.index)
    held = {stem for word in words for stem in concepts(word)}
    return (*words, *sorted(stem.removeprefix(CONCEPT) for stem in topic if stem.startswith(CONCEPT) and stem[len(CONCEPT) :] not in held))


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def _spread(places: Sequence[Place]) -> list[Place]:
    """Those of as many talks and mails as possible first."""
    seen: set[str] = set()
    ranked: list[tuple[bool, int]] = []
    for index, place in enumerate(places):
        ranked.append((place.interaction.source.id in seen, index))
        seen.add(place.interaction.source.id)
    return [places[index] for _, index in sorted(ranked)]


def _since(asking: Asking, one: Matter, cited: tuple[str, ...]) -> Receipt:
    """Searched for the answer: what was said in the talk that raised it, and in all that came after."""
    raised = asking.talk.said[one.since].interaction if one.since >= 0 else None
    every = asking.talk.interactions
    after = every[every.index(raised) :] if raised in every else every
    return searched(after, cited)


def searched(interactions: Sequence[StoredInteraction], nearest: tuple[str, ...]) -> Receipt:
    dated = [i.source.occurred_on for i in interactions if i.source.occurred_on]
    return Receipt(dict(Counter(i.source.kind for i in interactions)), min(dated, default=None), max(dated, default=None), nearest=nearest)


def _no_contract(asking: Asking) -> Iterator[Gap]:
    if not asking.ledger.contracts:
        why = "No signed order form or statement of work is on record, so no promise could be held against it."
        yield _gap("no_contract", "Where is the signed contract?", why, "ae", asking.receipt)


def _missing(asking: Asking) -> Iterator[Gap]:
    for one in missing(asking.talk, asking.ledger, asking.goals, asking.people, asking.receipt):
        yield replace(_gap("missing", one.question, one.why, one.ask, one.receipt), searched_for=one.sought)


def _vague_goals(asking: Asking) -> Iterator[Gap]:
    why = "A goal without a measure, a starting value and a date cannot be shown to be met."
    for goal, asks in vague_goals(asking.goals):
        yield _gap("goal", f"“{goal.text}” {asks}", why, "customer", _near(asking.receipt, goal.citations[:1]))


def _unowned(asking: Asking) -> Iterator[Gap]:
    """Promised for a date and not in the paper: one question for all that one of us promised."""
    for maker, promises in _by_maker(one for one in asking.ledger.promises if _loose(one) and one.due is not None):
        why = f"Promised for a date; the signed paper is silent on {'it' if len(promises) == 1 else 'all of them'}."
        yield _gap(
            "unowned",
            f"Who delivers what {maker} promised and the contract does not carry? {_quoted(promises)}",
            why,
            "internal",
            _near(asking.receipt, _cited(asking, promises)),
        )


def _undated(asking: Asking) -> Iterator[Gap]:
    for maker, promises in _by_maker(
        one
        for one in asking.ledger.promises
        if _loose(one) and one.due is None and one.strength == "firm" and _DELIVERS.search(one.text) and not _PAPER.search(one.text)
    ):
        why = "Promised outright, without a day, and the signed paper is silent."
        yield _gap(
            "undated",
            f"By when is due what {maker} promised? {_quoted(promises)}",
            why,
            "internal",
            _near(asking.receipt, _cited(asking, promises)),
        )


_DELIVERS = re.compile(
    r"\b(?:I|we)(?:'ll| will|'re going to| are going to) (?:\w+ ){0,2}?(?:send|give|put|build|provide|deliver|set up|write"
    r"|make|add|train|help|bring"
    r"|install|configure|prepare|create|share|switch|enable|import|connect)\b",
    re.IGNORECASE,
)
"""Something that is done once, so that it has a day."""


_PAPER = re.compile(r"\bin (?:the|your) (?:contract|paper|order form|agreement|plan|minutes)\b|\bin writing\b", re.IGNORECASE)


def _loose(one: Promise) -> bool:
    return one.current and one.strength in STANDING and one.verdict.status == "silent" and one.became.status == "open"


def _by_maker(promises: Iterable[Promise]) -> Iterator[tuple[str, list[Promise]]]:
    held: dict[str, list[Promise]] = {}
    for one in promises:
        held.setdefault(one.made_by.name or one.made_by.email, []).append(one)
    # Those that say by themselves what they are about are quoted first.
    return ((maker, sorted(made, key=lambda one: leans(one.text))) for maker, made in held.items())


def _quoted(promises: Sequence[Promise]) -> str:
    more = f" and {len(promises) - QUOTED} more" if len(promises) > QUOTED else ""
    return ", ".join(f"“{shortened(one.text, 16)}”" for one in promises[:QUOTED]) + more


def _cited(asking: Asking, promises: Sequence[Promise]) -> tuple[str, ...]:
    return asking.cites(place for one in promises[:QUOTED] for place in one.places[-1:])


def _never_met(asking: Asking) -> Iterator[Gap]:
    """People of theirs with a part in the deal who took part in nothing that is on record."""
    unseen = [line for line in asking.people if line.roles and line.last_contact is None and line.person.side == "buyer"]
    if unseen:
        named = "; ".join(f"{line.person.name} ({line.person.title or ', '.join(line.roles)})" for line in unseen[:4])
        why = "They were named in the deal, and nothing on record was said with them or written to them."
        cited = tuple(dict.fromkeys(id for line in unseen[:4] for id in line.citations[:1]))
        yield _gap("never_met", f"Who has met {named}?", why, "ae", _near(asking.receipt, cited))


def _near(receipt: Receipt, nearest: tuple[str, ...]) -> Receipt:
    return Receipt(receipt.searched, receipt.first, receipt.last, receipt.unreadable, nearest)


def _gap(kind: str, question: str, why: str, ask: AskWhom, receipt: Receipt) -> Gap:
    return Gap(_id(question), question, why, ask, receipt, kind)


def _id(*parts: str) -> str:
    return "gap_" + hashlib.sha256(" ".join(parts).strip().encode()).hexdigest()[:12]
