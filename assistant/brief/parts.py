"""The sections of a brief as rows to read, each from the kept body alone, so that any version ever kept can be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.brief.kickoff import hangs_on_signing
from assistant.brief.paper import LONGEST_ROW, Group, Row, day_words, shortened, titled
from assistant.brief.receipts import searched_in_short
from assistant.brief.setting import in_setting
from assistant.brief.setting import marks as setting_marks
from assistant.brief.story import reasoned
from assistant.facts.figures import figures
from assistant.facts.goals import only_of_today
from assistant.facts.topics import alike, content_words


def _shown(heading: str, rows: Sequence[Row], most: int, columns: tuple[str, ...] = ()) -> Iterable[Group]:
    """The first rows of a group, at least one; none where there are none."""
    kept = rows[: max(1, most)]
    if kept:
        yield Group(heading, tuple(kept), len(rows) - len(kept), columns)


def _story(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """Whole, as prose: the words before a quote are ours, and add no fact."""
    told = [
        Row(f"{claim['lead']} {_quoted(claim, None)}" if "lead" in claim else _quoted(claim, None), "", _with_setting(claim, None))
        for claim in body["story"]
    ]
    if told:
        yield Group("", tuple(told[:most]), max(0, len(told) - most), prose=True)
    else:
        yield _nothing("Nothing in the deal history tells why they bought.")


_AGAINST = "The contract says otherwise"
_OUTSIDE = "Promised, not in the contract"
_UNCHECKED = "Promised, with no contract to check against"
_SOFT = "Aims and roadmap, no commitment"
_WRITTEN = "Promised and in the contract"
_REFUSED = "Refused or taken back"
_PROMISE_COLUMNS = ("Promise", "Who, to whom, when", "Standing")
_PROMISE_GROUPS: tuple[tuple[str, int], ...] = ((_AGAINST, 3), (_OUTSIDE, 6), (_UNCHECKED, 8), (_SOFT, 3), (_WRITTEN, 3), (_REFUSED, 3))


def _promises(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    quotes = {citation["id"]: " ".join(citation["quote"]["exact"].split()) for citation in body["citations"]}
    changed = {id for change in body["changes"] for step in change["items"] for id in step["citations"]}
    closed = bool((body.get("deal") or {}).get("closed_on"))

    def weight(promise: Mapping[str, Any]) -> tuple[Any, ...]:
        """What is told under another heading as well, and what hung on a signature that is there, stand last."""
        return (
            promise["strength"] == "retracted" and promise["citations"][0] in changed,
            closed and hangs_on_signing(promise["text"]),
            *_promise_weight(promise),
        )

    groups: list[Group] = []
    scale = most / sum(limit for _, limit in _PROMISE_GROUPS)
    for heading, each in _PROMISE_GROUPS:
        limit = max(1, round(each * scale))
        held = [promise for promise in body["promises"] if _promise_group(promise) == heading]
        rows = [_promise_row(promise, quotes) for promise in sorted(held, key=weight)]
        groups += _shown(heading, rows, limit, _PROMISE_COLUMNS)
    return groups or [_nothing("No promise of ours was found in what was read.")]


def _promise_group(promise: Mapping[str, Any]) -> str:
    """Where the page shows a promise; what a later one replaced stands under `What changed` alone."""
    strength, contract = promise["strength"], promise["contract"]
    if strength in ("declined", "retracted"):
        return _REFUSED
    if not promise["current"]:
        return ""
    if contract == "contradicted" or (contract == "excluded" and strength == "firm"):
        return _AGAINST
    if strength in ("best_effort", "roadmap_statement", "hypothetical"):
        return _SOFT
    return {"covered": _WRITTEN, "no_contract": _UNCHECKED}.get(contract, _OUTSIDE)


SAYS_LITTLE = 5
"""Fewer content words than this and a sentence means nothing without its setting: it is not shown before one that does."""


def _promise_weight(promise: Mapping[str, Any]) -> tuple[Any, ...]:
    """Taken back before refused; what the customer builds on; what stands alone, what has a date or a condition, what says most."""
    said = len(content_words(promise["text"]))
    return (
        promise["strength"] == "declined",
        _leant_on(promise) != "depended_on",
        said < SAYS_LITTLE,
        not (promise["due"] or promise["conditions"]),
        -min(said, 12),
    )


def _leant_on(promise: Mapping[str, Any]) -> str:
    return str((promise.get("reliance") or {}).get("level") or "")


_STRENGTH_WORDS = {
    "firm": "Firm",
    "conditional": "Conditional",
    "best_effort": "Best effort",
    "roadmap_statement": "Roadmap",
    "hypothetical": "Hypothetical",
    "declined": "Refused",
    "retracted": "Taken back",
}


def _promise_row(promise: Mapping[str, Any], quotes: Mapping[str, str]) -> Row:
    """What the contract says is told by the group's heading; where it speaks against the promise its words stand beside it."""
    due = promise["due"]
    told = f" to {promise['made_to']['name']}" if promise["made_to"] else ""
    on = f", {day_words(promise['made_on'])}" if promise["made_on"] else ""
    when = f"due {day_words(due['date'])}" if due and due["date"] else ""
    against = promise["contract"] in ("contradicted", "excluded") and promise["strength"] not in ("declined", "retracted")
    says = "contract excludes" if promise["contract"] == "excluded" else "contract"
    clause = f"{says}: “{shortened(quotes[promise['contract_citation']], 14)}”" if against else ""
    strength, who = _STRENGTH_WORDS[promise["strength"]], f"{promise['made_by']['name']}{told}{on}"
    became = _BECAME.get(promise["status"], "")
    leant = "they build on it" if _leant_on(promise) == "depended_on" else ""
    marks = _marks(promise["citations"], 2, promise["contract_citation"] if against else None)
    said = _quoted(promise, WITH_CONDITION if promise["conditions"] else LONGEST_ROW)
    marks = (*marks, *setting_marks(promise))
    condition = shortened(promise["conditions"], 12) if promise["conditions"] and promise["conditions"] not in said else ""
    standing = "; ".join(filter(None, (strength, became, condition, when, leant, clause)))
    return Row(said, "; ".join(filter(None, (strength, became, who, condition, when, leant, clause))), marks, (said, who, standing))


_BECAME = {"kept": "kept", "at_risk": "at risk", "broken": "broken", "waived": "waived"}
"""After the close; of what is open nothing is said."""
WITH_CONDITION = 26
"""Words of a promise that hangs on something: cut before its condition, it would need that said again."""


def _marks(citations: Sequence[str], most: int, further: str | None = None) -> tuple[str, ...]:
    """The first and the last places: where it was said first, and where it was said or taken back last."""
    kept = citations if len(citations) <= most else (*citations[: most - 1], citations[-1])
    return tuple(dict.fromkeys((*kept, *([further] if further else []))))


def _people(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    newest = str(body["receipt"]["to"] or "")
    rows = [_person_row(person, newest) for person in body["people"]]
    return [replace(group, whole=True) for group in _shown("", rows, most)] or [_nothing("Nobody of theirs is on record.")]


QUIET = 30
"""Days before the newest thing read from which on it is said when somebody was last heard."""


def _person_row(person: Mapping[str, Any], newest: str) -> Row:
    side = "partner" if person["side"] == "partner" else ""
    stance = "" if person["stance"] in ("unknown", "neutral") else person["stance"]
    words = "; ".join(filter(None, (titled(person), side, ", ".join(person["roles"]), stance)))
    telling = len(content_words(person["cares_about"])) >= SAYS_LITTLE
    cares = f"“{shortened(person['cares_about'], 14)}”" if telling else ""
    last = person["last_contact"]
    quiet = last and newest and (date.fromisoformat(newest[:10]) - date.fromisoformat(last)).days > QUIET
    seen = f"last contact {day_words(last)}" if quiet else "" if last else "no contact on record"
    return Row(words, "; ".join(filter(None, (cares, seen))), tuple(person["citations"][:1]))


def _risks(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """What a contract contradicts stands under the promises already; of the rest one of each kind before a second."""
    said = sorted((risk for risk in body["risks"] if len(risk["citations"]) < 2), key=_freshness)
    told = _once_first(_one_of_each_first(said, _named))
    rows = [Row(f"{_named(risk)}: {_quoted(risk)}", f"{_said_by(body, risk)}{_more_like_it(risk)}", _with_setting(risk)) for risk in told]
    return list(_shown("", rows, most)) or [_nothing("No risk was spoken of in what was read.")]


def _named(risk: Mapping[str, Any]) -> str:
    """Its kind; of what only its words make likely the kind would be a guess, right of one in four."""
    return "Perhaps" if risk.get("likely") else str(risk["kind"]).capitalize()


def _more_like_it(risk: Mapping[str, Any]) -> str:
    """Warnings of the same are told once: how many more there are says how often it was on somebody's mind."""
    return f", and {len(also)} more like it" if (also := risk.get("also")) else ""


def _freshness(risk: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """The newest first; of those that only their words make likely the likeliest, which stand in the body in this order."""
    if risk.get("likely"):
        return (len(content_words(risk["text"])) < SAYS_LITTLE, True, 0)
    last = date.fromisoformat(risk["last_seen"]).toordinal() if risk["last_seen"] else 0
    return (len(content_words(risk["text"])) < SAYS_LITTLE, False, -last)


def _goals(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    def vagueness(goal: Mapping[str, Any]) -> tuple[bool, int, bool]:
        """What was quoted as a goal and only says where they stand today comes last."""
        return (
            only_of_today(goal["text"]),
            sum(goal[part] is None for part in ("metric", "baseline", "target")),
            len(content_words(goal["text"])) < SAYS_LITTLE,
        )

    told = _told_above(body) if _story_comes_before_goals(body) else frozenset()
    rows = [
        Row("The goal told above", _goal_detail(goal), tuple(goal["citations"][:2]))
        if goal["citations"][0] in told and _goal_figures(goal)
        else Row(_quoted(goal), _goal_detail(goal), _with_setting(goal, 2))
        for goal in sorted(body["goals"], key=vagueness)
    ]
    return list(_shown("", rows, most)) or [_nothing("Nobody stated a goal with a measure.")]


def _story_comes_before_goals(body: Mapping[str, Any]) -> bool:
    names = [section["name"] for section in (body.get("layout") or {}).get("sections", [])]
    return "story" not in names or "goals" not in names or names.index("story") < names.index("goals")


def _goal_detail(goal: Mapping[str, Any]) -> str:
    return "; ".join(filter(None, (goal["owner"], *_goal_figures(goal))))


def _goal_figures(goal: Mapping[str, Any]) -> tuple[str, ...]:
    due = goal["due"]
    by = f"by {day_words(due['date']) if due['date'] else due['as_said'].strip(' .')}" if due else ""
    today = f"today {goal['baseline']}" if goal["baseline"] else ""
    aim = f"aim {goal['target']}" if goal["target"] else ""
    return tuple(filter(None, (today, aim, by)))


def _timeline(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """One row a day, the fullest words for it: of what is still to come once the deal is closed the days that bind, then the others.

    Left out is what stands in the story, what hung on the signature and the day of a promise that another replaced.
    """
    closed_on = str((body.get("deal") or {}).get("closed_on") or "")
    replaced = {id for one in body["promises"] if not one["current"] for id in one["citations"]}
    standing = {id for one in body["promises"] if one["current"] for id in one["citations"]}
    shown = _told_above(body) | (replaced - standing)
    by_day: dict[str, Mapping[str, Any]] = {}
    for moment in sorted(body["timeline"], key=lambda one: one["date"]):
        if shown & set(moment["citations"]) or (closed_on and hangs_on_signing(moment["text"])):
            continue
        held = by_day.get(moment["date"])
        if held is None or _day_weight(moment["text"]) > _day_weight(held["text"]):
            by_day[moment["date"]] = moment
    ahead = sorted(by_day.values(), key=lambda one: (one["date"] < closed_on, not _BINDS.search(one["text"]), one["date"]))
    rows = [Row(f"{day_words(one['date'])}: {_quoted(one, 16)}", "", _with_setting(one)) for one in ahead]
    return _shown("", rows, most)


_BINDS = re.compile(
    r"\b(?:freeze|frozen|blackout|deadline|notice|renews?|renewal|expires?|runs? until|ends?|ending|audit|examination|exam|inspection"
    r"|have to|has to|must|no later|peak|season|out from|closed (?:from|until)|live|go-live|launch|kick-?off|board)\b",
    re.IGNORECASE,
)
"""A day that somebody plans around, rather than one that is only named."""


def _day_weight(text: str) -> tuple[bool, int]:
    return (_BINDS.search(text) is not None, _fullness(text))


def _fullness(text: str) -> int:
    """How much a line says in few words."""
    return min(len(content_words(text)), 8) - max(0, len(text.split()) - 24)


def _commercials(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """The terms of the paper, one of each before a second; what the CRM record says stands in the head of the page."""
    of_record = {citation["id"] for citation in body["citations"] if citation["kind"] == "crm_field"}
    terms = [one for one in body["commercials"] if not of_record & {id for claim in one["claims"] for id in claim["citations"]}]
    rows = [
        Row(f"{one['label']}: {shortened(one['value'], 18)}", "", tuple(id for claim in one["claims"] for id in claim["citations"])[:1])
        for one in _one_of_each_first(sorted(terms, key=_told_by_head), lambda one: str(one["label"]))
    ]
    return _shown("", rows, most)


def _told_by_head(term: Mapping[str, Any]) -> int:
    """What a kick-off stumbles over first; then the rest; then what the head of the page tells in figures."""
    return {"Not included": 0, "Fees": 2, "Term": 2, "Discount": 2}.get(str(term["label"]), 1)


def _requirements(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    theirs = {one["id"] for one in body["citations"] if one["speaker"] and one["speaker"]["side"] == "buyer"}

    def weight(claim: Mapping[str, Any]) -> tuple[bool, bool, bool, int]:
        """What the customer said, what they need before what they have, then what says most."""
        little = len(content_words(claim["text"])) < SAYS_LITTLE
        return (little, not theirs & set(claim["citations"]), claim["manner"] != "required", -_fullness(claim["text"]) - 3 * _counts(claim))

    claims = _once_first(_one_of_each_first(sorted(body["requirements"], key=weight), lambda claim: str(claim["kind"])))
    return _shown("", [_said(body, claim) for claim in claims], most)


def _counts(claim: Mapping[str, Any]) -> bool:
    return bool(figures(claim["text"]))


def _decision(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    told = _told_above(body)
    decided = sorted(body["decision"], key=reasoned, reverse=True)
    claims = [claim for claim in (*decided, *body["why"]) if not told & set(claim["citations"])]
    return _shown("", [_said(body, claim) for claim in claims], most)


def _changes(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    rows = [
        Row(
            " → ".join(f"{day_words(step['on'])} {_quoted(step, 11)}" for step in steps),
            "",
            tuple(id for step in steps for id in _with_setting(step)),
        )
        for steps in map(_steps, sorted(body["changes"], key=_same_figures))
    ]
    return _shown("", rows, most)


def _steps(change: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the first step says, the later ones speak of."""
    first, *later = _ends(change["items"])
    return [first, *({**step, "setting": None} for step in later)]


def _same_figures(change: Mapping[str, Any]) -> bool:
    """Said anew with the same figures: it matters less than what is another day or another price."""
    first, last = ({(f.value, f.unit) for f in figures(step["text"])} for step in (change["items"][0], change["items"][-1]))
    return bool(first and last and (first <= last or last <= first))


def _ends(steps: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The first, and of what holds now the first and the last words, of one day the fullest; those between stand in the JSON."""
    holds = [step for step in steps[1:] if not step["superseded"]] or steps[-1:]
    ends = [*holds[:1], *holds[1:][-1:]]
    if len({step["on"] for step in ends}) == 1:  # an announcement (`I need to correct something`) and what it announces
        ends = [max(ends, key=lambda step: (bool(figures(step["text"])), _fullness(step["text"])))]
    return [steps[0], *ends]


def _gaps(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """The AE's questions whole, for each is worth asking; of the others the first few of each addressee."""
    for whom, heading in _WHOM.items():
        rows = [
            Row(
                gap_words(body, gap),
                searched_in_short(gap["receipt"]) if whom == "ae" else "",
                tuple(gap["receipt"]["nearest"][:1]),
            )
            for gap in body["gaps"]
            if gap["ask"] == whom
        ]
        groups = _shown(heading, rows, most if whom == "ae" else most // 3)
        yield from (replace(group, whole=True) for group in groups) if whom == "ae" else groups


LONGEST_GAP = 32
_OUR_WORDS = re.compile(r"(?<= We said: “)(?P<said>.*)”$", re.DOTALL)
REMINDED = 8
"""Words of a promise that stands on the page, by which one knows it again."""


def gap_words(body: Mapping[str, Any], gap: Mapping[str, Any]) -> str:
    """The question as the page asks it: of what we said the first words where a promise of the page holds it, for its mark leads there."""
    promised = {id for promise in body["promises"] for id in promise["citations"]}
    question = str(gap["question"])
    if promised & set(gap["receipt"]["nearest"][:1]):
        question = _OUR_WORDS.sub(lambda found: f"{shortened(found['said'], REMINDED)}”", question)
    return shortened(question, LONGEST_GAP)


def _attested(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """Always whole: it is what somebody took the time to write."""
    rows = [
        Row(
            f"{one['question']} {one['answer']['text']}",
            f"AE note, {one['by'].partition(' <')[0]}, {day_words(one['at'])}",
            tuple(one["answer"]["citations"]),
        )
        for one in body.get("attested", [])
    ]
    return _shown("", rows, len(rows))


_WHOM = {"ae": "Ask the account executive", "customer": "Ask at the kick-off", "internal": "Settle among ourselves"}

# --- words for lines


def _said(body: Mapping[str, Any], claim: Mapping[str, Any]) -> Row:
    return Row(_quoted(claim), _said_by(body, claim), _with_setting(claim))


def _quoted(line: Mapping[str, Any], most: int | None = LONGEST_ROW) -> str:
    """The words of a line, cut to so many, with those that they lean on; whole without a number."""
    return f"“{line['text'] if most is None else shortened(line['text'], most)}”{in_setting(line)}"


def _with_setting(line: Mapping[str, Any], most: int | None = 1) -> tuple[str, ...]:
    return (*line["citations"][:most], *setting_marks(line))


def _said_by(body: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    """Who said a line and when, from its first citation."""
    citation = next((one for one in body["citations"] if one["id"] in line["citations"][:1]), None)
    if citation is None:
        return ""
    who = citation["speaker"]["name"] if citation["speaker"] else citation["source"]["title"]
    return f"{who}, {day_words(citation['source']['occurred_on'])}" if citation["source"]["occurred_on"] else str(who)


def _nothing(words: str) -> Group:
    return Group("", (Row(words),))


def _one_of_each_first(lines: Iterable[Mapping[str, Any]], sort: Callable[[Mapping[str, Any]], str]) -> list[Mapping[str, Any]]:
    """In order, the first of every sort before the second of any."""
    seen: dict[str, int] = {}
    ranked: list[tuple[int, Mapping[str, Any]]] = []
    for line in lines:
        seen[sort(line)] = seen.get(sort(line), 0) + 1
        ranked.append((seen[sort(line)], line))
    return [line for _, line in sorted(ranked, key=lambda pair: pair[0])]


RETOLD = 0.5
"""Share of the content words from which on a line says what one above it said."""


def _once_first(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """In order, but what says in other words what stands above it comes last."""
    fresh: list[Mapping[str, Any]] = []
    again: list[Mapping[str, Any]] = []
    for line in lines:
        words = content_words(line["text"])
        (again if any(alike(words, content_words(other["text"])) >= RETOLD for other in fresh) else fresh).append(line)
    return [*fresh, *again]


def _told_above(body: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(id for claim in body["story"] for id in claim["citations"])


def _asked(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    rows = [
        Row(
            f"{shortened(one['question'])} “{shortened(one['answer']['text'])}”",
            _said_by(body, one["answer"]),
            tuple(one["answer"]["citations"]),
        )
        for one in body["asked_already"]
        if not _told_above(body) & set(one["answer"]["citations"])
    ]
    return _shown("", rows, most)


def _kickoff(body: Mapping[str, Any], most: int) -> Iterable[Group]:
    """Of the agenda what stands nowhere else on the page; the whole of it is in the JSON."""
    known = {"What we promised", "The goal in their words", "Introductions"}
    asked = {gap["question"] for gap in body["gaps"]}
    told = _told_above(body)
    points = [
        one
        for one in body["kickoff"]
        if isinstance(one, Mapping) and one["topic"] not in known and one["text"] not in asked and not told & set(one["citations"])
    ]
    return _shown("", [Row(f"{one['topic']}: {shortened(one['text'], 24)}", "", tuple(one["citations"])) for one in points], most)


PARTS: Mapping[str, Callable[[Mapping[str, Any], int], Iterable[Group]]] = {
    "story": _story, "goals": _goals, "promises": _promises, "risks": _risks, "people": _people, "gaps": _gaps, "attested": _attested,
    "timeline": _timeline, "commercials": _commercials, "requirements": _requirements, "decision": _decision, "changes": _changes,
    "asked": _asked, "kickoff": _kickoff,
}  # fmt: skip
"""By the name a layout gives them."""
