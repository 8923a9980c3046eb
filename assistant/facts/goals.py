"""What the customer wants to reach: sentences of theirs with a wish and a measure, and where they stand today."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from assistant.facts.conditions import written_out
from assistant.facts.dates import DateSaid, due
from assistant.facts.figures import Figure, figures, may_be_year
from assistant.facts.speech import Place, Statement, says_of_them
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredPerson
from ingest.records import Span


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
    likeness: float = 0.0
    """The log-odds that its words set a goal."""
    by_words: bool = False
    """They alone say so, no turn of phrase does."""


@dataclass(frozen=True, slots=True)
class BaselineSaid:
    """Where the customer stands today, in a figure."""

    text: str
    figure: str
    unit: str
    said_on: date | None
    at: Place


_WISH = re.compile(
    r"\b(?:my|our|the) (?:goal|target|number|aim) (?:is|was|for)\b|\bthat is (?:the|my|our) (?:number|goal|target)\b|\b(?:then"
    r"|that is when) it (?:worked|works)\b"
    r"|\bget (?:me|us) (?:under|below|to|over|above|down)\b|^(?:so )?(?:under|below|less than|at least)\b"
    r"|\b(?:or (?:less|lower|better|more|under))\b|\bhalf of (?:that|it)\b|\b(?:has|have|needs?) to be (?:running|live|in|done|up)\b"
    r"|\bso (?:that )?(?:i|we) can (?:stand|show|tell|report)\b"
    r"|\b(?:should|must|has to|have to|needs? to|will) (?:\w+ )?(?:fall|drop|go|come|shrink|get|be) (?:down )?(?:below|under|to under|above"
    r"|over)\b|\b(?:no|fewer|less) \w+ (?:\w+ )?(?:should|than)\b|\btarget (?:is|of)\b|\b(?:call|consider) it a success\b"
    r"|\bi am (?:judged|measured)"
    r"|\bmeasures me on\b|\b(?:saves?|pays? for itself)\b.{0,30}\b(?:if|post|posts)\b|\bthat is what (?:i|we) (?:want|are after)\b"
    r"|\bi would (?:be happy|be glad|sign|call)\b.{0,30}\b(?:with|if|fewer)\b|\bambition is\b|\bwe (?:intend|are aiming)\b"
    r"|\b(?:before|by) \w+ or (?:it is) (?:pointless|useless|too late)\b|\bif it is not (?:in|live|done) before\b"
    r"|\bnobody (?:opens|uses|has to|needs to)\b|\bnot on the phone\b|\bno more\b.{0,30}\b(?:calls|phone|excel|spreadsheets?|paper"
    r"|queues)\b|\bby the \w+ meeting\b",
    re.IGNORECASE,
)
_WANT = re.compile(
    r"\b(?:want|would like|would love|hope|hoping|aim|aiming|goals?|targets?|kpi|need|needs|has to|have to|must|should|expects?|success"
    r"|a win|happy|measured (?:on|by)"
    r"|judged (?:on|by)|promised (?:the|my|our)|given (?:our|the|my) board)\b",
    re.IGNORECASE,
)
_DIRECTION = re.compile(
    r"\b(?:under|below|less than|fewer|at least|more than|above|no more than|at most|down (?:from|to|by)|drops?|reduce|cut|halve"
    r"|lower|shorten|shrink|increase"
    r"|raise|grow|double|improve|bring|get\b.{1,40}\bto|(?:see|have) (?:that|it|this|them) (?:at|in|within|under)|zero|nobody|percent"
    r"|per cent|instead of|(?:by )?a (?:third|quarter|half|fifth)"
    r"|in [\w-]+ (?:minutes|hours|days|weeks)|to [\w-]+ (?:minutes|hours|days|weeks))\b|%",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\d"
    r"|\b(?:half|halve|nobody|none|zero|excel|before|double|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|live|running|pointless)\b",
    re.IGNORECASE,
)
_WOULD_PLEASE = re.compile(
    r"\b(?:i|we) would be (?:delighted|happy|thrilled|pleased|satisfied|over the moon|glad)\b"
    r"|\bwould be (?:great|lovely|a dream|wonderful|worth it|perfect|enough for me)\b"
    r"|\bthe (?:only|one|main) (?:number|figure|thing) (?:i|we) (?:care about|look at|watch|am after|are after)\b"
    r"|\bwhat (?:i|we|he|she|they|my \w+|our \w+) (?:really )?(?:want|wants|would (?:really )?like|would love|needs?)(?: \w+){0,6} is\b"
    r"|\bwhat (?:counts|matters)(?: to (?:me|us))? is\b|\bwhat would make (?:it|this) worth\b|\bsuccess (?:is|means|would be|when"
    r"|for (?:me|us))\b"
    r"|\b(?:the|my|our) (?:dream|ambition|promise|target|aim|goal)\b.{0,20}\b(?:is|was|would be)\b|\bthen (?:my|our) \w+ is safe\b"
    r"|\b(?:that is|it is) what (?:i|we) (?:am|are) after\b",
    re.IGNORECASE,
)
"""Frames of a wish in which any measure is an aim, for nothing else is said by them."""
_IF_IT_BROUGHT = re.compile(
    r"\bif (?:it|this|that|you|we|they|the \w+) (?:could |only )?(?:saved?|cut|gets?|got|brought|freed|halved|doubled|dropped"
    r"|went (?:down|under|below)|came down)\b",
    re.IGNORECASE,
)
"""`If it saved us forty thousand a year`: what it is to bring, as a condition of being glad."""
_ANNOUNCED = re.compile(
    r"\b(?:here is|that is|this is)?\W*(?:my|our|the) (?:own |only |one )?(?:test|bar|target|goal|aim|yardstick|measure of success"
    r"|number|wish)(?: is)?(?: simple| this)?\W*$",
    re.IGNORECASE,
)
"""`Here's my test.`, and then the measure."""
_OUTCOME = re.compile(
    r"\b(?:half|a third|a quarter|double|twice|none|never|no (?:one|more|longer|\w+ at all)|nobody|within (?:an?|one|\w+) \w+|every \w+ on"
    r"|one \w+ (?:for all|instead)|(?:and not|rather than|instead of) (?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
    r"|out of (?:ten|five|four|three|hundred)|in (?:ten|five|four|three|a hundred)|without (?:hiring|adding|any|a stop))\b",
    re.IGNORECASE,
)
_ASKED_FOR_AIM = re.compile(
    r"\b(?:(?:what|where|how (?:long|many|much|low|fast|far)).{0,40}\b(?:would|should|do) (?:you|that|it|good|success)\b.{0,40}"
    r"\b(?:like|want|aim|be|look)|what (?:is|would be) (?:the|your) (?:target|goal|aim|number)|(?:good|success) looks? like"
    r"|what (?:are you|do you) (?:aiming|after|hope|hoping|want))\b[^?]{0,60}\?\W*$",
    re.IGNORECASE,
)
"""A question of ours that a bare figure answers as an aim."""
_DEAL_TALK = re.compile(
    r"\b(?:you should know|liability|discount|per (?:seat|user|site|location|unit|head|depot)|price"
    r"|clause|contract|renewal|notice|liabil|uncapped|months?' fees|leave after|scope|writing"
    r"|status|terminate|reason|has to sign|sign too"
    r"|if we want it|order form|list price|licen[cs]es?|invoice|slides?|(?:on|this|a|the|next) call"
    r"|call(?:s)? (?:me|you)|e-?mail|recording|page)\b"
    r"|%\s+(?:off|discount)",
    re.IGNORECASE,
)  # wishes about the deal itself
_BARE_WISH = re.compile(
    r"\b(?:I|we) want\b(?! to (?:start|see|have|know|go|do|be|talk|keep|ask|buy|add)\b| you\b)",
    re.IGNORECASE,
)
"""`I want twenty-four`: a number of something that only its setting names; `we want to start with two sites` aims at no number."""
_BY_THEN = re.compile(
    r"\b(?:by|before|until|this|next) (?:the )?(?:christmas|easter|summer|autumn|winter|spring|new year|season|year|quarter)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?:on average|average|today|last (?:year|month)|this year|right now|currently|every (?:day|monday|month|week"
    r"|morning)|it takes|takes (?:us|me)|we paid|paid\b.{0,30}\bin\b|per (?:day|week|month)|a (?:day|month|week)|altogether"
    r"|last quarter|at the moment|(?:rate|share|average|level|figure|count) (?:was|is|stands at|sits at|runs at)|(?:is|are|sits"
    r"|stands) at [\w.]+ ?(?:%|per ?cent)"
    r"|all \w+ together|more like|it's (?:about )?(?:\w+, )?\w+ percent|per ?cent of|percent of)\b",
    re.IGNORECASE,
)


def only_of_today(text: str) -> bool:
    """Whether a sentence tells where they stand today and wishes for nothing.

    >>> only_of_today("Eleven days on average, I pulled it."), only_of_today("It takes nine days today, I want three.")
    (True, False)
    """
    plain = written_out(text)
    return _TODAY.search(plain) is not None and not any(wish.search(plain) for wish in (_WANT, _WISH, _WOULD_PLEASE, _IF_IT_BROUGHT))


def goal(statement: Statement) -> GoalSaid | None:
    speaker = statement.turn.person
    text = written_out(statement.text)
    if speaker is None or statement.side != "buyer" or statement.interaction.source.kind == "doc" or text.endswith("?"):
        return None
    if not _wished(text, statement) or not _MEASURE.search(text) or _DEAL_TALK.search(text) or len(text.split()) < 3:
        return None
    found = goal_as_said(statement)
    bare = _BARE_WISH.search(text) and not _DIRECTION.search(text)
    if found and bare and not found.metric and found.due is None and len(text.split()) < 7 and not _BY_THEN.search(text):
        return None
    return found


def _wished(text: str, statement: Statement) -> bool:
    if _ANNOUNCED.search(written_out(statement.before)) and (figures(text) or _SHARE.search(text)):
        return True
    if _WISH.search(text) or _WOULD_PLEASE.search(text) or _IF_IT_BROUGHT.search(text):
        return True
    if _WANT.search(text) and (_DIRECTION.search(text) or _BARE_WISH.search(text) or _OUTCOME.search(text)):
        return True
    asked = statement.prompt if statement.prompted_by and statement.prompted_by.side == "seller" else ""
    short = len(text.split()) <= SHORT_ANSWER and not statement.before
    return short and bool(asked) and _ASKED_FOR_AIM.search(written_out(asked)) is not None and bool(figures(text))


def goal_as_said(statement: Statement) -> GoalSaid | None:
    """What a sentence that is known to be a goal says of measure, value and day; None where nobody is known to have said it."""
    speaker, text = statement.turn.person, written_out(statement.text)
    if speaker is None:
        return None
    said_on = statement.interaction.source.occurred_on
    said_due = due(text, said_on)
    target = _target(text, said_due)
    metric = _metric(text, target)
    at = statement.place
    if target is not None and not metric and (beside := _measured_before(statement, target)) is not None:
        metric, at = beside
    share = _SHARE.search(text) if target is None else None
    aimed = share.group() if share else _words(text, target)
    return GoalSaid(" ".join(at.text.split()), metric, aimed, said_due, speaker, said_on, at)


_SHARE = re.compile(r"\b(?:zero|none|half|a third|a quarter|double|twice)\b", re.IGNORECASE)
"""Aims that are no figures."""


SHORT_ANSWER = 10
BARE = 4
"""Content words up to which a sentence leans on the one before it."""
_POINTS_BACK = re.compile(r"\b(?:that|it|this|them|those|there|the number|get(?:s)? to|got to|down|up)\b", re.IGNORECASE)


def _measured_before(statement: Statement, target: Figure) -> tuple[str, Place] | None:
    """`Right now it takes nine days. We want that down to three.`: what the bare figure counts, and the words with it."""
    before = statement.before_span
    if before is None or target.unit or not _POINTS_BACK.search(statement.text) or len(content_words(statement.text)) > BARE:
        return None
    text = written_out(statement.before)
    units = [figure.unit for figure in figures(text) if figure.unit not in ("", "%", "money")]
    metric = units[0] if units else _metric(text, None)
    return (metric, Place(statement.interaction, Span(before.start, statement.span.end))) if metric else None


def likely_goal(statement: Statement, likeness: float) -> GoalSaid | None:
    """A goal by its words alone; what it aims for is read as of any other."""
    if statement.side != "buyer" or not says_of_them(statement) or _DEAL_TALK.search(written_out(statement.text)):
        return None
    found = goal_as_said(statement)
    return replace(found, likeness=likeness, by_words=True) if found else None


def baseline(statement: Statement) -> BaselineSaid | None:
    text = written_out(statement.text)
    if statement.side != "buyer" or text.endswith("?") or not _TODAY.search(text) or len(text.split()) < 4:
        return None
    found = [figure for figure in figures(text) if figure.unit and figure.value > 1]
    if not found:
        return None
    said_on = statement.interaction.source.occurred_on
    figure = found[0]
    return BaselineSaid(" ".join(statement.text.split()), _words(text, figure), figure.unit, said_on, statement.place)


def _target(text: str, said_due: DateSaid | None) -> Figure | None:
    """The figure aimed for: the one behind `to`, `under`, `at least`; else the first. Figures of dates and years are none."""
    outside = [
        f
        for f in figures(text)
        if not _is_year(text, f)
        and (said_due is None or said_due.as_said not in text or not _within(f, text.index(said_due.as_said), said_due.as_said))
    ]
    aimed = [f for f in outside if _AIMED_AT.search(text[: f.span.start])]
    return next(iter(aimed or outside), None)


_AIMED_AT = re.compile(r"\b(?:to(?: be)?|under|below|than|at least|at most|above|over)\s+$", re.IGNORECASE)
_OF_A_YEAR = re.compile(r"\b(?:end|start|middle|beginning|summer|spring|autumn|fall|winter) (?:of |in )?$", re.IGNORECASE)


def _is_year(text: str, figure: Figure) -> bool:
    return not figure.unit and (may_be_year(figure.value) or _OF_A_YEAR.search(text[: figure.span.start]) is not None)


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
