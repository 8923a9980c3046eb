"""A question that takes for granted that something happened: `Why did they reject SAML?`, `Why did they cancel the workshop?`

Where nothing found refuses a thing, in its own words or in others, and something says rather the contrary, that corrects the question.
Where neither is found, nothing can be known: a refusal may have been put in words that name another thing. That something ended (was
cancelled, left, put off) is different: there are few words for it, and where none of them stands by the thing, nobody spoke of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.facts.commitment import strength_of
from assistant.finding import pieces_of
from assistant.models.sentence_fit import SentenceFit
from assistant.words import plain, stemmed, terms

_REFUSED = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:why|when|since when|on (?:what|which) (?:day|date)) (?:did|have|has|had) [\w’'. -]{1,50}? "
    r"(?:(?:really|finally|first|so|suddenly|already) )?"
    r"(?:reject|refuse|decline|turn down|rule out|veto|oppose|object to|say no to|dismiss|vote against)(?:e?d)?\b(?P<thing>[^?]*)",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    r"\b(?:not|never|none|nor|neither|no|without|cannot|reject\w*|refus\w*|declin\w*|turn(?:ed|s|ing)? (?:it |that |this |them )?down"
    r"|veto\w*|oppos\w*|object\w*|against|rul(?:e|ed|es|ing) (?:it |that )?out|out|worr\w+|concern\w*|problem\w*|dislik\w*|hate[sd]?"
    r"|instead|fail\w*|los[te]|killed?|too|unacceptable|block\w*|dismiss\w*|sceptic\w*|doubt\w*|unwilling|cheaper|expensive)\b|n[’']t\b",
    re.IGNORECASE,
)
_SAYS_YES = re.compile(
    r"\b(?:yes|includ\w+|agreed|approv\w+|accept\w*|uses?|using|support(?:s|ed)|ready|signed|will (?:be|have|get|use)|happy|fine)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|never)\b|\bno\b(?! to\b)|n[’']t\b", re.IGNORECASE)
MOST_NAMED = 0.6
"""Share of the words for the thing that a sentence must have to be about it."""
NEAR = 6
"""Words between the thing and what refuses it."""
BEST = 5
"""Sentences that fit best, of which none may refuse anything."""


def says_otherwise(question: str, found: Sequence[SentenceFit]) -> tuple[SentenceFit, ...]:
    """The sentences that say the contrary of what the question takes for granted, the best first; empty where it may be so."""
    asked = _REFUSED.match(question)
    thing = frozenset(terms(asked["thing"])) if asked and not _DENIES.search(question) else frozenset()
    if not thing:
        return ()
    about = [one for one in found if len(thing & set(terms(one.text))) >= MOST_NAMED * len(thing)]
    by_fit = sorted(found, key=lambda one: -one.fit)
    if any(_refuses(one.text, thing) for one in about) or any(strength_of(one.text) in ("declined", "retracted") for one in by_fit[:BEST]):
        return ()
    return tuple(one for one in by_fit if one in about and _SAYS_YES.search(one.text) and not one.text.rstrip().endswith("?"))


_NAME = r"[\w’'. -]{1,50}?"
_WHY = (
    rf"^\W*(?:(?:and|so|but) )?(?:why|when|since when|how come)(?: exactly)? (?:did|have|has|had|was|were) (?P<who>{_NAME}) "
    r"(?:not |also |suddenly |already )?"
)
_ENDED = tuple(
    (re.compile(rf"{_WHY}(?:{asked})\b(?P<thing>[^?]*)", re.IGNORECASE), re.compile(rf"\b(?:{told})\b", re.IGNORECASE))
    for asked, told in (
        (
            r"leave|left|quit|resign(?:ed)?|depart(?:ed)?|move on|retire[d]?",
            r"leav(?:e|es|ing|ers?)|left|quit\w*|resign\w*|depart\w*|gone|goes|going|moved?|moving|retir\w*|pension|notice|successor|replac\w+"
            r"|instead|took over|takes over|let go|finish\w*|last day|switch\w*|lost|lose|walk\w*|no longer|not (?:here|with us)",
        ),
        (
            r"cancel(?:led|ed)?|call(?:ed)? off|scrap(?:ped)?|postponed?|put off|push(?:ed)? back|delay(?:ed)?|reschedule[d]?|moved?"
            r"|stop(?:ped)?|abandon(?:ed)?|pause[d]?|drop(?:ped)?|discontinue[d]?|(?:switch|turn)(?:ed)? off|shut down|get rid of|give up"
            r"|gave up|pull(?:ed)? out of",
            r"cancel\w*|call\w* off|scrap\w*|postpon\w*|put off|push\w*|delay\w*|later?|reschedul\w*|mov(?:e[ds]?|ing)|stop\w*|abandon\w*"
            r"|paus\w+|end(?:s|ed|ing)?|drop\w*|discontinu\w+|switch\w*|off|shut\w*|rid|g[ia]ve up|given up|pull\w*|no longer|not any ?more"
            r"|instead|without|dead|gone|kill\w*|slip\w*|never|replac\w+|out|left|leav\w+|fail\w*|broke\w*|wrong|shelf|shelve[ds]?|back to"
            r"|new date",
        ),
    )
)
"""How it is asked why or when something ended, and the words that tell of that."""
NEAR_ENOUGH = 0.45
"""Mean cosine, over the word pieces of the thing, with a sentence that tells of it."""


def never_ended(asked: str, evidence: Evidence, found: Sequence[SentenceFit]) -> bool:
    """Whether the question takes for granted that something ended of which no sentence found says so.

    Of a question for nothing in particular (`Why did they leave?`) nothing is known.
    """
    query = evidence.query
    if query is None or not evidence.by_pieces or evidence.understood.leans_back:
        return False
    match, tells = next(((match, tells) for asks, tells in _ENDED if (match := asks.match(asked))), (None, None))
    if match is None or tells is None:
        return False
    thing = terms(match["thing"]) if _ANYBODY.match(match["who"].strip()) else terms(f"{match['who']} {match['thing']}")
    mine = pieces_of(asked, query, tuple(thing)) if thing else None
    if mine is None:
        return False
    told = [one for one in found if tells.search(one.text) and float(one.pieces[mine].mean()) >= NEAR_ENOUGH]
    names = _names(evidence)
    return not (any(_of_them(one, names, evidence) for one in told) if names else told)


_ANYBODY = re.compile(r"^(?:they|we|he|she|it|you|i|the (?:customer|client|deal)|our side|sales|people|anybody|somebody)$", re.IGNORECASE)
_MYSELF = re.compile(r"\bI\b")


def _names(evidence: Evidence) -> dict[str, frozenset[str]]:
    """Of the people whom the question calls by their names, the words of these, by their ids."""
    people = (person for interaction in evidence.room.interactions.values() for person in interaction.participants)
    return {person.id: frozenset(plain(person.name)) for person in people if person.id in evidence.understood.named}


def _of_them(one: SentenceFit, names: dict[str, frozenset[str]], evidence: Evidence) -> bool:
    """Whether a sentence names one of them, or they say it of themselves: that they speak is not yet that they left."""
    speaker = evidence.room.interactions[one.passage.interaction_id].turns[one.passage.turn].person
    named = set(plain(one.text))
    return any(words & named or (speaker and speaker.id == id and _MYSELF.search(one.text)) for id, words in names.items())


def _refuses(text: str, thing: frozenset[str]) -> bool:
    if text.rstrip().endswith("?"):
        return False
    named = [i for i, word in enumerate(plain(text)) if stemmed(word) in thing]
    refusing = [len(plain(text[: one.start()])) for one in _SAYS_NO.finditer(text)]
    return any(abs(i - j) <= NEAR for i in named for j in refusing)
