"""The goals of a brief: what the customer wants, with where they stand today and by when, also where these were said apart from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from assistant.answers import Receipt
from assistant.brief.fields import Found, Inferred, NotFound
from assistant.brief.gaps.talk import Talk, subjects
from assistant.brief.sections import Due, GoalLine
from assistant.facts.dates import DateSaid, dates, due
from assistant.facts.figures import figures
from assistant.facts.goals import BaselineSaid, GoalSaid
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words

Cites = Callable[[Iterable[Place]], tuple[str, ...]]
TELLS_WHAT = 3
"""Content words beside its figure with which a starting value says what is measured."""


def goal_lines(
    goals: Sequence[GoalSaid], baselines: Sequence[BaselineSaid], talk: Talk, cites: Cites, receipt: Receipt
) -> tuple[GoalLine, ...]:
    return tuple(_line(one, baselines, talk, cites, receipt) for one in goals)


def _line(one: GoalSaid, baselines: Sequence[BaselineSaid], talk: Talk, cites: Cites, receipt: Receipt) -> GoalLine:
    here = cites([one.at])
    start = _start_of(one, baselines) or _start_beside(one, baselines, talk)
    by, said_by = (one.due, None) if one.due else _due_beside(one, start, talk)
    metric = one.metric or (_counted(start) if start else "")
    asked = None if metric else _asked_about(one, talk)
    begun = cites([start.at]) if start else ()
    return GoalLine(
        text=one.text,
        metric=Found(metric, here if one.metric else begun)
        if metric
        else Inferred(asked[0], "we asked about it in the same talk", cites([asked[1]]))
        if asked
        else NotFound("How is it measured?", "A goal without a measure cannot be shown to be met.", "customer", receipt),
        baseline=Found(start.figure, begun)
        if start
        else NotFound("Where does it stand today?", "Without a starting value no progress can be shown.", "customer", receipt),
        target=Found(one.target, here)
        if one.target
        else NotFound("Which value is aimed for?", "Nobody named a figure.", "customer", receipt),
        due=Due(by.as_said, by.on) if by else None,
        owner=one.owner.name or one.owner.email,
        citations=(*here, *begun, *(cites([said_by.place]) if said_by else ())),
    )


def _counted(start: BaselineSaid) -> str:
    """A starting value that says what it counts says how the goal is measured."""
    return start.text if len(content_words(start.text)) > TELLS_WHAT else ""


def _start_of(one: GoalSaid, baselines: Sequence[BaselineSaid]) -> BaselineSaid | None:
    """The figure of today that speaks of the same thing; none rather than a likely one."""
    words = content_words(one.text) | content_words(one.metric)
    return next((start for start in baselines if len(words & content_words(start.text)) >= 2 and start.text != one.text), None)


def _start_beside(one: GoalSaid, baselines: Sequence[BaselineSaid], talk: Talk) -> BaselineSaid | None:
    """The figure of today that somebody set beside the target: `94 min on average, wants under 40`."""
    aims = {figure.value for figure in figures(one.target)}
    if not aims:
        return None
    for start in baselines:
        today = {figure.value for figure in figures(start.figure)} - aims
        today |= {value / 1000 for value in today if value >= 1000 and value % 1000 == 0}  # `410 thousand`, and later `the 410`
        fits = today and start.text != one.text and _one_unit(one.target, start.figure)
        if fits and any(today & told and aims <= told for told in _told_together(talk)):
            return start
    return None


_OURS_ABOUT = re.compile(
    r"\bwhat(?:'s|’s| is| are|s)?(?: \w+){0,2}? your (?P<what>(?:[\w-]+ ){0,3}?"
    r"(?:rate|time|share|cost|costs|number|volume|level|score|count))\b",
    re.IGNORECASE,
)


def _asked_about(one: GoalSaid, talk: Talk) -> tuple[str, Place] | None:
    """The measure that we asked for in the talk in which the goal was named, where it was one alone."""
    found = [
        (match["what"], said.place)
        for said in talk.said
        if said.interaction is one.at.interaction and said.side == "seller" and (match := _OURS_ABOUT.search(said.text))
    ]
    return found[0] if one.target and len({what.casefold() for what, _ in found}) == 1 else None


def _one_unit(target: str, start: str) -> bool:
    """`working days` and `days` count the same; a figure without a unit may count anything."""
    units = [{figure.unit for figure in figures(text)} - {""} for text in (target, start)]
    return not all(units) or any(one.endswith(other) or other.endswith(one) for one in units[0] for other in units[1])


def _told_together(talk: Talk) -> Iterator[set[float]]:
    """The figures of each sentence, and of each two that follow one another in one turn."""
    for index, said in enumerate(talk.said):
        values = {figure.value for figure in figures(said.text)}
        if len(values) >= 2:
            yield values
        if index + 1 < len(talk.said) and talk.said[index + 1].turn is said.turn and values:
            following = {figure.value for figure in figures(talk.said[index + 1].text)}
            if following:
                yield values | following


def _due_beside(one: GoalSaid, start: BaselineSaid | None, talk: Talk) -> tuple[DateSaid | None, Statement | None]:
    """The day named where the same target is spoken of again, with its starting value or in the words of the goal."""
    aims = {figure.value for figure in figures(one.target)}
    today = {figure.value for figure in figures(start.figure)} if start else set()
    words = subjects(one.text)
    for said in talk.said:
        values = {figure.value for figure in figures(said.text)}
        same = aims and aims <= values and ((today and today <= values) or len(words & subjects(said.text)) >= 2)
        if same and said.text != one.text and (by := due(_behind(said.text, aims), said.said_on)):
            return by, said
    return None, None


def _behind(text: str, aims: set[float]) -> str:
    """The words from the target to the next figure: `30 by June, and the report in 2 days by March` has June for 30."""
    told = figures(text)
    at = next((index for index, figure in enumerate(told) if figure.value in aims), None)
    if at is None:
        return ""
    days = [day.span for day in dates(text, None)]
    following = [figure.span.start for figure in told[at + 1 :] if not any(day.start <= figure.span.start < day.end for day in days)]
    return text[told[at].span.end : following[0] if following else None]
