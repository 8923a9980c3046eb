"""What the customer wants to reach: sentences of theirs with a wish and a measure, and where they stand today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.facts.dates import DateSaid, due
from assistant.facts.figures import Figure, figures
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson


@dataclass(frozen=True, slots=True)
class GoalSaid:
    text: str
    metric: str
    """The words around the figure that say what is counted, as said; empty where the sentence does not say."""
    target: str
    due: DateSaid | None
    owner: StoredPerson
    said_on: date | None
    at: Place


@dataclass(frozen=True, slots=True)
class BaselineSaid:
    """Where the customer stands today, in a figure."""

    text: str
    figure: str
    unit: str
    said_on: date | None
    at: Place


_WISH = re.compile(
    r"\bI want\b|\bwe want\b|\b(?:my|our|the) (?:goal|target|number|aim) (?:is|was|for)\b"
    r"|\bthat(?:'s| is) (?:the|my|our) (?:number|goal|target)\b|\b(?:then|that's when) it (?:worked|works)\b"
    r"|\bsuccess\b.{0,20}\b(?:is|means|looks)\b|\bget (?:me|us) (?:under|below|to|over|above|down)\b"
    r"|^(?:so )?(?:under|below|less than|at least|more than|over)\b|\b(?:or (?:less|lower|better|more|under))\b"
    r"|\bhalf of (?:that|it)\b|\bha(?:s|ve) to be (?:running|live|in|done|up)\b|\bneeds? to be (?:running|live|in|done)\b"
    r"|\bhalve\b|\bcut\b.{0,24}\b(?:by|to|in half)\b|\breduce\b.{0,30}\b(?:by|to)\b"
    r"|\bso (?:that )?(?:I|we) can (?:stand|show|tell|report)\b"
    r"|\b(?:before|by) \w+ or (?:it's|it is) (?:pointless|useless|too late)\b|\bif it's not (?:in|live|done) before\b"
    r"|\bnobody (?:opens|uses|has to|needs to)\b|\bnot on the phone\b"
    r"|\bno more\b.{0,30}\b(?:calls|phone|excel|spreadsheets?|paper|queues)\b|\bby the \w+ meeting\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\d"
    r"|\b(?:half|halve|nobody|none|zero|excel|before|double|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen"
    r"|twenty|thirty|forty|fifty|sixty|live|running|pointless)\b",
    re.IGNORECASE,
)
_DEAL_TALK = re.compile(
    r"\b(?:discount|per depot|price|clause|contract|renewal|notice|liabil|uncapped|months?' fees|leave after|scope|writing"
    r"|status|terminate|reason|if we want it|order form|list price|call|calls you|e-?mail|recording|page)\b"
    r"|%\s+(?:off|discount)",
    re.IGNORECASE,
)  # wishes about the deal itself
_BARE_WISH = re.compile(r"\bI want\b|\bwe want\b", re.IGNORECASE)
"""`I want twenty-four`: a number of something that only its setting names."""
_TODAY = re.compile(
    r"\b(?:on average|average|today|last (?:year|month)|this year|right now|currently|every (?:day|monday|month|week"
    r"|morning)|it takes|takes (?:us|me)|we paid|paid\b.{0,30}\bin\b|per (?:day|week|month)|a (?:day|month|week)|altogether"
    r"|all \w+ together|more like|it's (?:about )?(?:\w+, )?\w+ percent|per ?cent of|percent of)\b",
    re.IGNORECASE,
)


def goal(statement: Statement) -> GoalSaid | None:
    speaker = statement.turn.person
    text = " ".join(statement.text.replace("’", "'").split())
    if speaker is None or statement.side != "buyer" or statement.interaction.source.kind == "doc" or text.endswith("?"):
        return None
    if not _WISH.search(text) or not _MEASURE.search(text) or _DEAL_TALK.search(text) or len(text.split()) < 3:
        return None
    moment = statement.interaction.source.occurred_at
    said_on = moment.date() if moment else None
    said_due = due(text, said_on)
    target = _target(text, said_due)
    metric = _metric(text, target)
    if _BARE_WISH.search(text) and not metric and said_due is None and len(text.split()) < 7:
        return None
    return GoalSaid(" ".join(statement.text.split()), metric, _words(text, target), said_due, speaker, said_on, statement.place)


def baseline(statement: Statement) -> BaselineSaid | None:
    text = " ".join(statement.text.replace("’", "'").split())
    if statement.side != "buyer" or text.endswith("?") or not _TODAY.search(text) or len(text.split()) < 4:
        return None
    found = [figure for figure in figures(text) if figure.unit and figure.value > 1]
    if not found:
        return None
    moment = statement.interaction.source.occurred_at
    figure = found[0]
    return BaselineSaid(
        " ".join(statement.text.split()), _words(text, figure), figure.unit, moment.date() if moment else None, statement.place
    )


def _target(text: str, said_due: DateSaid | None) -> Figure | None:
    """The first figure that is not part of the date."""
    outside = [
        f
        for f in figures(text)
        if said_due is None or said_due.as_said not in text or not _within(f, text.index(said_due.as_said), said_due.as_said)
    ]
    return outside[0] if outside else None


def _within(figure: Figure, start: int, words: str) -> bool:
    return start <= figure.span.start < start + len(words)


def _words(text: str, figure: Figure | None) -> str:
    return text[figure.span.start : figure.span.end].strip() if figure else ""


_METRIC = re.compile(
    r"\b(?:average )?(?:wait(?:ing)?(?: times?)?|no-shows?|churn|attrition|detention|report|turnaround|response times?"
    r"|handle times?|backlog|cost|adoption|usage|tickets?|calls|excel|errors?|revenue|downtime|throughput|hours|queue)\b",
    re.IGNORECASE,
)


def _metric(text: str, target: Figure | None) -> str:
    named = _METRIC.search(text)
    if named:
        return named.group()
    return target.unit if target and target.unit not in ("", "%", "money") else ""
