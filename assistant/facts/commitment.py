"""The grammar of a commitment: who undertakes, how surely, and what the customer gets by it.

A sentence is written out in full (`we'll` → `we will`), conditions are set apart, and the rest is cut into clauses. A clause
commits when one of our side undertakes something (`we will …`, `we replace any …`), when the customer's side is given something
(`every ward gets …`), or when a thing is stated to be part of the bargain or to stand on a day. What veils, asks, supposes or
retells is no undertaking. The word lists are of English at large: verbs of errands, of talk, of giving; never of one trade.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.facts.aims import ROADMAP, is_effort
from assistant.facts.clauses import CLAUSE_ENDS, DEMO, PAPERWORK, PLEASANT, RETOLD, SUPPOSED, UNSAID, VEILED
from assistant.facts.conditions import condition_of, written_out
from assistant.facts.refusals import DEMANDS, NO, OF_US, REFUSES, TAKEN_BACK, TAKEN_BACK_BY_OTHERS, refuses
from assistant.facts.topics import content_words
from assistant.facts.undertakings import IS_GOOD_NOT, IsOurs, commits

Strength = Literal["firm", "conditional", "best_effort", "roadmap_statement", "hypothetical", "declined", "retracted"]


def strength_of(
    text: str,
    *,
    is_ours: IsOurs = lambda _: False,
    answers_request: bool = False,
    listed: bool = False,
    asked: str = "",
) -> Strength | None:
    """How strongly a sentence of ours commits us, refuses, or takes back; None where it does nothing of the kind.

    `answers_request`: it answers the customer's wish or question, which is `asked` where the words are known.
    `listed`: it is a line of written terms, which needs no verb.
    """
    words = written_out(text)
    if words.rstrip(" \"')").endswith("?") or len(words.split()) < 3:
        return None
    if TAKEN_BACK.search(words) and not TAKEN_BACK_BY_OTHERS.search(words):
        return _instead(words, is_ours) or "retracted"
    condition = condition_of(words)
    words = _QUOTED.sub(" ", words)
    main = words.replace(condition, " ") if condition else words
    parts = [part for part in CLAUSE_ENDS.split(main) if part.strip()]
    # What we report of others, or suppose, says nothing of us; the sentence may still go on to.
    said = [part for part in parts if not RETOLD.search(part)]
    if SUPPOSED.search(words):
        return None
    if any(ROADMAP.search(part) and not re.search(r"\bnot (?:on|in)\b", part) for part in said):
        return "roadmap_statement"
    if any(is_effort(part) for part in said):
        return "best_effort"
    committing = [i for i, part in enumerate(said) if commits(part, is_ours, bool(condition), listed)]
    refusing = [i for i, part in enumerate(said) if refuses(part, content_words(asked) if answers_request else None)]
    if refusing and not (committing and committing[-1] > refusing[-1]):
        return "declined"
    good = any(IS_GOOD_NOT.search(part) for part in said)
    plain_no = (
        not good and answers_request and NO.match(words) and len(words.split()) >= 4 and OF_US.search(words) and not VEILED.search(words)
    )
    if plain_no and (DEMANDS.search(asked) or REFUSES.search(NO.sub("", words))):
        return "declined"
    if not committing or UNSAID.search(words):
        return None
    return "conditional" if condition else "firm"


_HEDGED = re.compile(
    r"\b(?:i (?:would )?(?:think|guess|believe|hope|expect|pencil)|should|probably|hopefully|ought|roughly|pencil\w*"
    r"|something to (?:aim|shoot) (?:at"
    r"|for))\b",
    re.IGNORECASE,
)
_COSTS_NOTHING = re.compile(
    r"\bno (?:extra |additional )?(?:charge|cost|fee|bill|invoice|deposit)\b|\bnothing (?:to pay|extra)\b", re.IGNORECASE
)
_NOT_GIVEN = re.compile(
    r"(?:^|[:,] )(?:sorry,? )?(?:can|will|do) not (?:do|give|offer|take|go|move|get)\b|: (?:\w+, )?no\b(?! \w)|: not\b"
    r"|\b(?:i|we) (?:can|will) not make (?:it|that) so\b",
    re.IGNORECASE,
)
_NO_ACT = re.compile(r"^\W*(?:so |and |but |then )*(?:i|we) will (?:need|see|have to)\b|\b(?:told|promised) you\b", re.IGNORECASE)


def strength_by_wording(text: str, asked: str) -> Strength | None:
    """How strongly a sentence commits us that is taken for a promise by its wording, though no phrase of it is known to commit."""
    words = written_out(text)
    if words.rstrip(" \"')").endswith("?") or any(idle.search(words) for idle in (RETOLD, DEMO, PLEASANT, UNSAID, _NO_ACT)):
        return None
    if ROADMAP.search(words):
        return "roadmap_statement"
    if is_effort(words) or _HEDGED.search(words):
        return "best_effort"
    condition = condition_of(words)
    main = words.replace(condition, " ") if condition else words
    if not (IS_GOOD_NOT.search(main) or _COSTS_NOTHING.search(main)):
        if refuses(main, None) or _NOT_GIVEN.search(main):
            return "declined"
        if NO.match(words):
            return "declined" if DEMANDS.search(asked) or REFUSES.search(NO.sub("", main)) else None
    return "conditional" if condition else "firm"


_QUOTED = re.compile(r"[\"“][^\"“”]{2,80}[\"”]")
"""Words held up as words: `the "next year" answer` does not say that it is for next year."""


_I_SAID = re.compile(r"\b(?:i|we) (?:have |had )?(?:said|told|wrote|promised|offered|quoted|meant)\b", re.IGNORECASE)


def _instead(words: str, is_ours: IsOurs) -> Strength | None:
    """What a sentence puts in the place of what it takes back: `Forget the roadmap answer: you will have it by March`."""
    parts = [part for part in CLAUSE_ENDS.split(words) if part.strip()]
    back = [i for i, part in enumerate(parts) if TAKEN_BACK.search(part)]
    rest = parts[back[-1] + 1 :] if back else []
    if not any(commits(part, is_ours, False, False) and not RETOLD.search(part) and not _I_SAID.search(part) for part in rest):
        return None
    return "conditional" if condition_of(" ".join(rest)) else "firm"


def is_paperwork(text: str) -> bool:
    """It is about a deck, an invite or a link: the papers and meetings around a deal."""
    return PAPERWORK.search(text) is not None
