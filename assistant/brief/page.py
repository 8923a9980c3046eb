"""Lays a kept brief out as one page: what a CSM reads first, in which order, and how much of it; the rest is counted, never dropped.

Works on the JSON body, so that any version ever kept can be shown. Neither text nor Markdown: `render` draws both from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.facts.topics import content_words
from assistant.render import KIND_WORDS

MOST_WORDS = 900
"""What a person reads in a sitting; what does not fit is counted, and stands in the JSON."""


@dataclass(frozen=True, slots=True)
class Row:
    words: str
    detail: str = ""
    """A second, quieter line: who said it to whom and when."""
    citations: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    """The same words as the cells of a table, where the group is one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one small heading; `more` rows of it are left to the JSON."""

    heading: str
    rows: tuple[Row, ...]
    more: int = 0
    columns: tuple[str, ...] = ()
    """Headings of the cells of its rows; empty for a list."""

    @property
    def folded(self) -> str:
        return f"and {self.more} more" if self.more else ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    facts: tuple[tuple[str, str], ...]
    """The head of the page: label and value."""
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    sources: tuple[Row, ...]
    """Each interaction quoted on the page, once, with the citations that lead to it."""


def lay_out(body: Mapping[str, Any]) -> Page:
    """The page of a brief, cut to the words a person reads: fewer rows everywhere rather than a section dropped."""
    for percent in range(100, 0, -5):
        page = _page(body, percent / 100)
        if words_on(page) <= MOST_WORDS:
            break
    return page


def words_on(page: Page) -> int:
    """The words of the page's body: its head and its list of sources are looked up, not read."""
    groups = [group for section in page.sections for group in section.groups]
    rows = [row for group in groups for row in group.rows]
    headings = [*(section.title for section in page.sections), *(group.heading for group in groups), *(group.folded for group in groups)]
    return sum(map(count_words, headings)) + sum(count_words(f"{row.words} {row.detail}") for row in rows)


def cited_on(page: Page) -> tuple[str, ...]:
    """The citations the page shows, in reading order."""
    return tuple(dict.fromkeys(id for section in page.sections for group in section.groups for row in group.rows for id in row.citations))


def anything_folded(page: Page) -> bool:
    return any(group.more for section in page.sections for group in section.groups)


def count_words(text: str) -> int:
    """Words a reader meets: runs with a letter or a digit in them, citation marks left out."""
    return sum(1 for word in re.sub(r"(?:\\?\[\d+\\?\])+", " ", text).split() if re.search(r"\w", word))


def _page(body: Mapping[str, Any], share: float) -> Page:
    sections = tuple(section for section in (build(body, share) for build in _SECTIONS) if section.groups)
    page = Page(f"Handoff brief: {body.get('account_name') or body['account']}", _facts(body), _warnings(body), sections, ())
    return Page(page.title, page.facts, page.warnings, page.sections, _sources(body["citations"], cited_on(page)))


def _shown(heading: str, rows: Sequence[Row], most: int, share: float, columns: tuple[str, ...] = ()) -> Iterable[Group]:
    """The first rows of a group, at least one; none where there are none."""
    kept = rows[: max(1, round(most * share))]
    if kept:
        yield Group(heading, tuple(kept), len(rows) - len(kept), columns)


# --- the head of the page


def _facts(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    deal = body.get("deal")
    found = [("Deal", _deal_words(deal) if deal else "no deal on record")]
    if deal and (terms := _terms_words(deal)):
        found.append(("Terms", terms))
    team = body.get("team") or []
    if team:
        found.append(("Sold by", "; ".join(_titled(one) for one in team[:3])))
    as_of = f", as of {day_words(body['as_of'])}" if body["as_of"] else ""
    found.append(("Brief", f"version {body['version'] or 1}, {body['state'].replace('_', ' ')}, {day_words(body['composed_at'])}{as_of}"))
    found.append(("Read", _searched(body["receipt"])))
    return tuple(found)


def _deal_words(deal: Mapping[str, Any]) -> str:
    stage = deal["stage"] or "stage unknown"
    return f"{deal['name']}, {stage}{' ' + day_words(deal['closed_on']) if deal['closed_on'] else ''}"


def _terms_words(deal: Mapping[str, Any]) -> str:
    amount = f"{deal['amount']:,.0f} {deal['currency'] or ''}".strip() if deal["amount"] else ""
    term = f"{deal['term_months']} months" if deal["term_months"] else ""
    seats = f"quantity {deal['seats']}" if deal["seats"] else ""
    return ", ".join(filter(None, (amount, term, seats)))


def _titled(one: Mapping[str, Any]) -> str:
    return f"{one['name']} ({one['title']})" if one["title"] else str(one["name"])


def _searched(receipt: Mapping[str, Any]) -> str:
    counts = [(receipt["searched"].get(kind, 0), words) for kind, words in KIND_WORDS.items()]
    parts = [f"{count} {words[count != 1]}" for count, words in counts if count]
    if not parts:
        return "there was nothing to search"
    return ", ".join(parts) + (f"; {day_words(receipt['from'])} to {day_words(receipt['to'])}" if receipt["from"] else "")


def _warnings(body: Mapping[str, Any]) -> tuple[str, ...]:
    coverage = body["coverage"]
    found = []
    if any(promise["contract"] == "no_contract" for promise in body["promises"]):
        found.append("No signed contract is on record, so no promise below could be held against one.")
    if unheard := coverage["calls_without_transcript"]:
        found.append(f"Without transcript, so not read: {', '.join(unheard)}.")
    if silent := coverage["silent_months"]:
        found.append(f"Nothing is on record for {', '.join(_runs_of_months(silent))}.")
    return tuple(found)


def _runs_of_months(months: Sequence[str]) -> list[str]:
    """`2026-04 to 2026-06` for months that follow one another."""
    runs: list[list[str]] = []
    for month in months:
        if runs and _month_number(month) == _month_number(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]


def _month_number(month: str) -> int:
    year, of_year = month.split("-")
    return int(year) * 12 + int(of_year)


# --- the sections, in reading order


def _story(body: Mapping[str, Any], share: float) -> Section:
    rows = [_said(body, claim) for claim in body["story"]]
    return Section("The story, in their words", tuple(_shown("", rows, 4, share)))


_AGAINST = "The contract says otherwise"
_OUTSIDE = "Promised, not in the contract"
_UNCHECKED = "Promised, with no contract to check against"
_SOFT = "Aims and roadmap, no commitment"
_WRITTEN = "Promised and in the contract"
_REFUSED = "Refused or taken back"
_PROMISE_COLUMNS = ("Promise", "Who, to whom, when", "Standing")
_PROMISE_GROUPS: tuple[tuple[str, int], ...] = ((_AGAINST, 3), (_OUTSIDE, 6), (_UNCHECKED, 8), (_SOFT, 3), (_WRITTEN, 3), (_REFUSED, 3))


def _promises(body: Mapping[str, Any], share: float) -> Section:
    quotes = {citation["id"]: " ".join(citation["quote"]["exact"].split()) for citation in body["citations"]}
    groups: list[Group] = []
    for heading, most in _PROMISE_GROUPS:
        held = [promise for promise in body["promises"] if _promise_group(promise) == heading]
        rows = [_promise_row(promise, quotes) for promise in sorted(held, key=_promise_weight)]
        groups += _shown(heading, rows, most, share**0.5, _PROMISE_COLUMNS)  # The last section to shrink: it is what the brief is read for.
    return Section("Promises", tuple(groups) or (_nothing("No promise of ours was found in what was read."),))


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


def _promise_weight(promise: Mapping[str, Any]) -> tuple[bool, bool, bool, int]:
    """Taken back before refused; what stands alone, then what has a date or a condition, then what says most."""
    said = len(content_words(promise["text"]))
    return (promise["strength"] == "declined", said < SAYS_LITTLE, not (promise["due"] or promise["conditions"]), -min(said, 12))


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
    clause = f"{says}: “{_shortened(quotes[promise['contract_citation']], 14)}”" if against else ""
    strength, who, condition = _STRENGTH_WORDS[promise["strength"]], f"{promise['made_by']['name']}{told}{on}", _condition_words(promise)
    marks = _marks(promise["citations"], 2, promise["contract_citation"] if against else None)
    said = f"“{_shortened(promise['text'])}”"
    standing = "; ".join(filter(None, (strength, condition, when, clause)))
    return Row(said, "; ".join(filter(None, (strength, who, condition, when, clause))), marks, (said, who, standing))


def _condition_words(promise: Mapping[str, Any]) -> str:
    """A condition that the shortened quote no longer shows."""
    condition = str(promise["conditions"])
    return _shortened(condition, 12) if condition and condition not in _shortened(promise["text"]) else ""


def _marks(citations: Sequence[str], most: int, further: str | None = None) -> tuple[str, ...]:
    """The first and the last places: where it was said first, and where it was said or taken back last."""
    kept = citations if len(citations) <= most else (*citations[: most - 1], citations[-1])
    return tuple(dict.fromkeys((*kept, *([further] if further else []))))


def _people(body: Mapping[str, Any], share: float) -> Section:
    rows = [_person_row(person) for person in body["people"]]
    return Section("People", tuple(_shown("", rows, 6, share)))


def _person_row(person: Mapping[str, Any]) -> Row:
    side = "partner" if person["side"] == "partner" else ""
    stance = "" if person["stance"] == "unknown" else person["stance"]
    words = "; ".join(filter(None, (_titled(person), side, ", ".join(person["roles"]), stance)))
    cares = f"“{_shortened(person['cares_about'], 14)}”" if person["cares_about"] else ""
    seen = f"last contact {day_words(person['last_contact'])}" if person["last_contact"] else ""
    return Row(words, "; ".join(filter(None, (cares, seen))), tuple(person["citations"][:1]))


def _risks(body: Mapping[str, Any], share: float) -> Section:
    """What a contract contradicts stands under the promises already; of the rest one of each kind before a second."""
    said = [risk for risk in body["risks"] if len(risk["citations"]) < 2]
    rows = [
        Row(f"{risk['kind'].capitalize()}: “{_shortened(risk['text'])}”", _said_by(body, risk), tuple(risk["citations"][:1]))
        for risk in _one_of_each_first(sorted(said, key=_freshness), lambda risk: str(risk["kind"]))
    ]
    return Section("Watch out for", tuple(_shown("", rows, 5, share)))


def _freshness(risk: Mapping[str, Any]) -> tuple[bool, int]:
    last = date.fromisoformat(risk["last_seen"]).toordinal() if risk["last_seen"] else 0
    return (len(content_words(risk["text"])) < SAYS_LITTLE, -last)


def _goals(body: Mapping[str, Any], share: float) -> Section:
    def vagueness(goal: Mapping[str, Any]) -> tuple[int, bool]:
        return (sum(goal[part] is None for part in ("metric", "baseline", "target")), len(content_words(goal["text"])) < SAYS_LITTLE)

    rows = [
        Row(f"“{_shortened(goal['text'])}”", _goal_detail(goal), tuple(goal["citations"][:2]))
        for goal in sorted(body["goals"], key=vagueness)
    ]
    return Section("What success means", tuple(_shown("", rows, 3, share)) or (_nothing("Nobody stated a goal with a measure."),))


def _goal_detail(goal: Mapping[str, Any]) -> str:
    due = goal["due"]
    by = f"by {day_words(due['date']) if due['date'] else due['as_said'].strip(' .')}" if due else ""
    today = f"today {goal['baseline']}" if goal["baseline"] else ""
    aim = f"aim {goal['target']}" if goal["target"] else ""
    return "; ".join(filter(None, (goal["owner"], today, aim, by)))


def _timeline(body: Mapping[str, Any], share: float) -> Section:
    """One row a day, the fullest words for it; what is still to come once the deal is closed stands first."""
    closed_on = str((body.get("deal") or {}).get("closed_on") or "")
    by_day: dict[str, Mapping[str, Any]] = {}
    for moment in sorted(body["timeline"], key=lambda one: one["date"]):
        held = by_day.get(moment["date"])
        if held is None or _fullness(moment["text"]) > _fullness(held["text"]):
            by_day[moment["date"]] = moment
    ahead = sorted(by_day.values(), key=lambda one: (one["date"] < closed_on, one["date"]))
    rows = [Row(f"{day_words(one['date'])}: “{_shortened(one['text'], 16)}”", "", tuple(one["citations"][:1])) for one in ahead]
    return Section("Timeline", tuple(_shown("", rows, 6, share)))


def _fullness(text: str) -> int:
    """How much a line says in few words."""
    return min(len(content_words(text)), 8) - max(0, len(text.split()) - 24)


def _commercials(body: Mapping[str, Any], share: float) -> Section:
    """The terms of the paper, one of each before a second; what the CRM record says stands in the head of the page."""
    of_record = {citation["id"] for citation in body["citations"] if citation["kind"] == "crm_field"}
    terms = [one for one in body["commercials"] if not of_record & {id for claim in one["claims"] for id in claim["citations"]}]
    rows = [
        Row(f"{one['label']}: {_shortened(one['value'], 18)}", "", tuple(id for claim in one["claims"] for id in claim["citations"])[:1])
        for one in _one_of_each_first(terms, lambda one: str(one["label"]))
    ]
    return Section("Scope and terms", tuple(_shown("", rows, 5, share)))


def _requirements(body: Mapping[str, Any], share: float) -> Section:
    claims = sorted(body["requirements"], key=lambda claim: len(content_words(claim["text"])) < SAYS_LITTLE)
    return Section("Technical and security needs", tuple(_shown("", [_said(body, claim) for claim in claims], 2, share)))


def _decision(body: Mapping[str, Any], share: float) -> Section:
    told = {id for claim in body["story"] for id in claim["citations"]}
    claims = [claim for claim in (*body["why"], *body["decision"]) if not told & set(claim["citations"])]
    return Section("How they decided", tuple(_shown("", [_said(body, claim) for claim in claims], 2, share)))


def _changes(body: Mapping[str, Any], share: float) -> Section:
    rows = [
        Row(
            " → ".join(f"{day_words(step['on'])} “{_shortened(step['text'], 11)}”" for step in _ends(change["items"])),
            "",
            tuple(id for step in _ends(change["items"]) for id in step["citations"][:1]),
        )
        for change in body["changes"]
    ]
    return Section("What changed", tuple(_shown("", rows, 3, share)))


def _ends(steps: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The first and the last; those between stand in the JSON."""
    return steps if len(steps) < 3 else (steps[0], steps[-1])


def _gaps(body: Mapping[str, Any], share: float) -> Section:
    rows = [
        Row(f"{_WHOM[gap['ask']]}: {_shortened(gap['question'], 20)}", "", tuple(gap["receipt"]["nearest"][:1])) for gap in body["gaps"]
    ]
    return Section("Still open", tuple(_shown("", rows, 8, share)))


def _attested(body: Mapping[str, Any], share: float) -> Section:
    """Always whole: it is what somebody took the time to write."""
    rows = [
        Row(
            f"{one['question']} {one['answer']['text']}",
            f"AE note, {one['by'].partition(' <')[0]}, {day_words(one['at'])}",
            tuple(one["answer"]["citations"]),
        )
        for one in body.get("attested", [])
    ]
    return Section("Answered by the account executive", tuple(_shown("", rows, len(rows), 1)))


_WHOM = {"ae": "Ask the AE", "customer": "Ask the customer", "internal": "Ask internally"}

_SECTIONS: tuple[Callable[[Mapping[str, Any], float], Section], ...] = (
    _story,
    _promises,
    _people,
    _risks,
    _goals,
    _timeline,
    _commercials,
    _requirements,
    _decision,
    _changes,
    _attested,
    _gaps,
)


# --- words for lines


def _said(body: Mapping[str, Any], claim: Mapping[str, Any]) -> Row:
    return Row(f"“{_shortened(claim['text'])}”", _said_by(body, claim), tuple(claim["citations"][:1]))


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


LONGEST_ROW = 20


def _shortened(text: str, most: int = LONGEST_ROW) -> str:
    """Whole where a few words more would do it."""
    words = text.split()
    return " ".join(words) if len(words) <= most + 5 else " ".join(words[:most]) + " …"


def day_words(iso: str) -> str:
    """`18 Jan 2027` of a date or a moment."""
    try:
        on = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{on.day} {on:%b %Y}"


def _sources(citations: Sequence[Mapping[str, Any]], shown: Sequence[str]) -> tuple[Row, ...]:
    by_id = {citation["id"]: citation for citation in citations}
    by_source: dict[str, list[str]] = {}
    for id in shown:
        by_source.setdefault(by_id[id]["source"]["id"], []).append(id)
    rows = []
    for ids in by_source.values():
        first = by_id[ids[0]]
        on = f", {day_words(first['source']['occurred_on'])}" if first["source"]["occurred_on"] else ""
        rows.append(Row(f"{KIND_WORDS[first['kind']][0]}{on}, {_shortened(first['source']['title'], 8)}", "", tuple(ids)))
    return tuple(rows)
