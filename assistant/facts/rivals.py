"""Named alternatives to us, and what was said about each: who else they looked at, what they have today, what those offered.

That a name is an alternative at all is said in some sentence (`we looked at …`, `… was cheaper`, `we give notice to …`); only then is
what else is said of it (`… promised six weeks`) told as said of a rival. Names of people, of the two parties and of who works with
them are never rivals; that is known only when the account is seen as a whole, so a reading holds candidates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.clauses import DEMO
from assistant.facts.conditions import written_out
from assistant.facts.openers import OPENERS
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredInteraction, StoredPerson

Sign = Literal["alternative", "incumbent", "said"]


@dataclass(frozen=True, slots=True)
class RivalSaid:
    """A sentence that names a candidate; `said` alone does not make it a rival."""

    name: str
    sign: Sign
    text: str
    by: StoredPerson
    said_on: date | None
    at: Place


@dataclass(frozen=True, slots=True)
class Rival:
    """`incumbent`: what they have today, or had. The sentences in the order said."""

    name: str
    incumbent: bool
    said: tuple[RivalSaid, ...]


_NAME = r"(?P<name>(?-i:[A-Z][a-zA-Z]*[a-z]{2,}\w*(?: [A-Z][a-zA-Z]+)?))"
_SAYS = (
    r"(?:sa(?:id|ys?)|told (?:us|me|them)|tells? (?:us|me)|offer(?:s|ed)?|quot(?:es?|ed)|promis(?:es?|ed)|show(?:s|ed)?|want(?:s|ed)?"
    r"|claim(?:s|ed)?|could(?: not)?|can(?: not)?|would(?: not)?|will(?: not)?|did not|does not|do not|has|have|had|keeps?|is|are|was"
    r"|were"
    r"|charges?|charged|costs?|lacks?|lacked|still thinks)"
)
_SIGNS: tuple[tuple[Sign, str], ...] = (
    # What they have: who they are with, who does it today, what they leave.
    (
        "incumbent",
        rf"\b(?:work(?:ing|ed)? with|(?:have|had|'ve) been with|stuck with|(?:are|were|is) with|rely on|depend on|bought from"
        rf"|buy from|get it from) {_NAME}\b"
        r"(?=[^.]{0,60}\b(?:contract|ends|years?|today|now|at the moment|currently|so far|still|until|since|for)\b)",
    ),
    (
        "incumbent",
        rf"\b(?:at the moment|today|currently|right now|so far|these days|until now)\b[^.]{{0,40}}"
        rf"\b(?:with|through|by|on|from|via) {_NAME}\b",
    ),
    ("incumbent", rf"\b(?:get|getting|want|moving|break|breaking) (?:to )?(?:get )?(?:away|free|out|loose) (?:from|of) {_NAME}\b"),
    (
        "incumbent",
        rf"\b(?:old|current|present|existing|previous|last|former) (?:supplier|vendor|provider|partner|contractor|system|tool"
        rf"|software|platform|agency"
        rf"|firm|people),? {_NAME}\b|\b{_NAME.replace('?P<name>', '?P<held>')},? (?:our|the) (?:old|current|present|existing"
        rf"|previous|last|former) (?:supplier|vendor"
        r"|provider|partner|contractor|system|tool|agency)\b",
    ),
    ("incumbent", rf"\bgave? (?:\w+ )?notice to {_NAME}\b"),
    # What else was looked at.
    (
        "alternative",
        rf"\b(?:quotes?|offers?|bids?|proposals?|tenders?|samples?|prices?) (?:\w+ )?(?:from|by|of) (?:both )?{_NAME}\b"
        rf"|\b(?:from|with|by) (?-i:[A-Z])\w+ and (?:from |with |by )?{_NAME.replace('?P<name>', '?P<second>')}\b(?=\W*$)",
    ),
    (
        "alternative",
        rf"(?<!-)\b{_NAME} (?:dropped out|is out of it|are out of it|withdrew|pulled out|lost out)\b"
        rf"|(?<!-)\b{_NAME.replace('?P<name>', '?P<offers>')} (?:came in|come in|has (?:also )?"
        r"(?:sent|made|given|offered|quoted)|sent|made)\b"
        r"(?=[^.]{0,60}\b(?:cheaper|dearer|below|above|offer|price|quote|bid)\b)",
    ),
    (
        "alternative",
        rf"\b{_NAME} (?:on|made|is on|are on|still on) (?:the|our|their) (?:short ?list|list)\b"
        rf"|\bbetween (?:you|us|them) and {_NAME.replace('?P<name>', '?P<other2>')}\b",
    ),
    (
        "alternative",
        rf"\b(?:prefers?|preferred|favou?rs?|favoured|leans? (?:to|towards)|likes?|recommend(?:s|ed)?) {_NAME}\b"
        rf"(?=[^.]{{0,50}}\b(?:owner|price|cheaper|offer|them|instead|over|because|knows)\b)",
    ),
    ("alternative", rf"\b(?:only|just|also|still) {_NAME},? (?:and|but|who|which)\b(?= (?:they|who|which|can|could|do))"),
    (
        "incumbent",
        rf"\b(?:notice to|switch(?:ing|ed)? (?:away )?from|mov(?:e|ing|ed) (?:away )?from|replac(?:e|es|ed|ing)|get(?:ting)? (?:off"
        rf"|rid of)"
        rf"|renew(?:ing|ed)?(?: with| our)?|cancel(?:ling|led)?|contract with|not happy with|fed up with) {_NAME}\b",
    ),
    ("incumbent", rf"\bon {_NAME}\b(?=[^.]{{0,60}}(?:not happy|today|since|now\b|renew|notice|contract))"),
    (
        "incumbent",
        rf"\b{_NAME} (?:contract |licen[cs]e |subscription |agreement )?(?:runs? (?:until|to|out)|expires|ends|goes off|is up)\b",
    ),
    ("incumbent", rf"\b{_NAME} (?:wants?|needs?|requires?) (?:\w+ ){{0,3}}(?:days?|weeks?|months?)'? (?:\w+ )?notice\b"),
    ("incumbent", rf"\b(?:use|using|used|have|had|been on|we are on|you are on) {_NAME} (?:today|now|currently|for|since)\b"),
    ("incumbent", rf"\b{_NAME},? since (?:\d{{4}}|\w+ years?)\b|\b(?:have had|had) {_NAME.replace('?P<name>', '')} for\b"),
    (
        "alternative",
        rf"\b(?:looked at|looking at|talk(?:ed|ing)? (?:to|with)|sp(?:oke|eaking) (?:to|with)|evaluat(?:e|ed|ing)|shortlisted"
        rf"|compar(?:e|ed|ing) (?:\w+ ){{0,3}}(?:to|with|against)|versus|vs\.?|instead of|rather than|cho(?:se|ose)|(?:quote"
        rf"|proposal|offer"
        rf"|demo|pitch|bid) (?:from|of|by)|up against|competing with|competitors?,?|you and|it is us,|why not|there is also"
        rf"|went with|go with|we had|considering|considered) (?:the )?{_NAME}\b(?!'s (?:team|people|boss|question|page|sheet|list))",
    ),
    (
        "alternative",
        rf"\b{_NAME} (?:is|are|was|were) (?:also |still |much |a bit |far |a lot )*(?:in\b(?! (?:that|this|the|your|our|my|their|an?"
        rf"|all|each|every|place|scope|writing|addition|force)\b)|looked at|cheaper|more expensive|pricier"
        rf"|faster"
        rf"|slower|in the (?:running|race|mix)|the other (?:vendor|option|bidder)|an option|an alternative|a competitor|out of the race)"
        rf"|\b{_NAME.replace('name', 'other')} also (?:looked at|in\b|evaluated|pitched|bid)",
    ),
    (
        "alternative",
        rf"\b{_NAME} (?:is|are|was|were) (?:the other (?:one|lot|vendor|option|bidder|firm|people)|about an? \w+ cheaper)\b"
        rf"|\b{_NAME.replace('name', 'back')} (?:(?:has|have|is|are) (?:now )?(?:come|came|coming) back|came in at|(?:has"
        rf"|have) (?:also |now )?offered (?:to|us|me|it)\b|(?:rang|called"
        rf"|phoned|wrote to) (?:me|us)"
        r"(?=[^.]{0,60}\b(?:per ?cent|price|offer|discount|cheaper|off)\b))"
        rf"|\bwanted {_NAME.replace('name', 'wanted')}\b(?=\W*$)"
        rf"|\b(?:did|had|ran|done|after) (?:a|the|our) (?:trial|pilot|test|demo|proof of concept) (?:of|with"
        rf"|from) {_NAME.replace('name', 'trialled')}\b"
        rf"|\b(?:have|got) (?:got )?you,? (?:and )?(?:we )?(?:have |got )?(?:got )?{_NAME.replace('name', 'beside')}\b",
    ),
    (
        "said",
        rf"(?:^\W*(?:(?:and|but|so|because|then|now|what|when|does|did|that|about) )*|[,;:] (?:and |but )?|\bthat |\band |\bbut ){_NAME}"
        rf" (?:also |still |just |never |even |has |have )?{_SAYS}\b",
    ),
)
_CUES = tuple((sign, re.compile(pattern, re.IGNORECASE)) for sign, pattern in _SIGNS)
_NO_NAME = OPENERS | frozenset(
    """A An These Those Here Why Your His Her Their Its Someone Everyone Everything Nothing Something Anybody People Not Now Did
    Maybe Just Only Also Because With From For At In On To By Of All Each Every Both One Two Three Four Five Six Seven Eight
    Nine Ten Excel Price Support Security Product Sales Operations Engineering Marketing Management Customer Customers Phase
    Order Data English Spanish German French Dutch Swedish Norwegian Christmas Easter Thanksgiving Thank Sorry Attached
    Available Average Board Training Deal Inbound Open Need""".split()
)


_ASKED_WHO_ELSE = re.compile(
    r"\b(?:who|what|which|anyone|anybody|any) (?:\w+ )?(?:else|others?|other \w+)\b[^?]*\?|\bcompetition\b[^?]*\?", re.IGNORECASE
)
_OPENS_WITH_NAME = re.compile(
    rf"^\W*(?:(?:well|only|just|um|oh|so|yes),? )*{_NAME}(?=,| (?:came|come|is|are|was|were|and|have|has"
    rf"|did|showed)\b|\.?$)"
)


def rivals(said: Sequence[Statement]) -> tuple[RivalSaid, ...]:
    """Of one interaction, candidates in the order named; our notes count too, for they hold what the customer told us."""
    found: list[RivalSaid] = []
    for statement in said:
        person, kind = statement.turn.person, statement.interaction.source.kind
        if person is None or kind in ("doc", "crm_field"):
            continue
        text = written_out(statement.text)
        if DEMO.search(text):
            continue
        own = {word for one in statement.interaction.participants for word in one.name.split()} | set(person.name.split())
        asked = statement.prompt if statement.side == "buyer" and not statement.before else ""
        answers = (("alternative", _OPENS_WITH_NAME),) if asked and _ASKED_WHO_ELSE.search(asked) else ()
        cues: tuple[tuple[Sign, re.Pattern[str]], ...] = (*_CUES, *answers)
        for sign, cue in cues:
            for match in cue.finditer(text):
                name = next((value for value in match.groupdict().values() if value), "")
                first = name.split()[0] if name else ""
                if not name or first in _NO_NAME or first in own:
                    continue
                if any(one.name == name and one.at.span == statement.span for one in found):
                    continue
                found.append(RivalSaid(name, sign, " ".join(statement.text.split()), person, statement.said_on, statement.place))
    return tuple(found)


def gathered(
    candidates: Iterable[RivalSaid],
    interactions: Sequence[StoredInteraction],
    contacts: Sequence[StoredPerson],
    systems: Iterable[str] = (),
) -> tuple[Rival, ...]:
    """The rivals among the candidates, those most spoken of first. `systems` are texts that tell what the customer's computers run on."""
    people = [*contacts, *(person for interaction in interactions for person in interaction.participants)]
    known = {word.casefold() for person in people for word in person.name.split()}
    sides = ("seller", "buyer", "partner")
    hosts = {person.email.casefold().partition("@")[2] for person in people if person.side in sides}
    domains = {part for host in hosts for part in re.split(r"[-.]", host)}
    theirs = " ".join(systems)
    by_name: dict[str, list[RivalSaid]] = {}
    for one in candidates:
        by_name.setdefault(one.name.split()[0], []).append(one)
    found = []
    for name, said in by_name.items():
        signs = {one.sign for one in said}
        if name.casefold() in known or any(part.startswith(name.casefold()) for part in domains) or signs == {"said"}:
            continue
        if "alternative" not in signs and re.search(rf"\b{re.escape(name)}\b", theirs):
            continue
        called = Counter(one.name for one in said).most_common(1)[0][0]
        found.append(Rival(called, "incumbent" in signs, tuple(said)))
    return tuple(sorted(found, key=lambda rival: -len(rival.said)))
