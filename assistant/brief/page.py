"""Lays a kept brief out as one page: what a CSM reads first, in which order, and how much of it; the rest is counted, never dropped.

Neither text nor Markdown: `render` and `export` draw from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.brief import layout
from assistant.brief.budget import Claimed, dealt
from assistant.brief.paper import Group, Page, Row, Section, cited_on, count_words, day_words, first_page_words, shortened, titled, words_on
from assistant.brief.parts import PARTS, gap_words
from assistant.brief.receipts import searched_words
from assistant.brief.states import SHORT_TIERS, STATE_WORDS, Tier, fields, tiers_in, unsettled, with_tiers
from assistant.render import KIND_WORDS


def lay_out(body: Mapping[str, Any]) -> Page:
    """The page of a brief, cut to the words a person reads: every section shows what matters of it, promises before all."""
    shape = layout.of_body(body)
    title = f"Handoff brief{', preview' if is_preview(body) else ''}: {body.get('account_name') or body['account']}"
    head = Page(title, _facts(body), _warnings(body), (), ())
    glance = _glance(body, any(part.name in FIRST for part in shape.parts))
    sections = _dealt(body, shape, head, glance)
    while glance and first_page_words(replace(head, sections=sections)) > MOST_ON_FIRST and len(glance[0].groups[0].rows) > 1:
        rows = glance[0].groups[0].rows
        longest = max(rows[1:], key=lambda row: count_words(row.words))
        glance = (replace(glance[0], groups=(Group("", tuple(row for row in rows if row is not longest), prose=True),)),)
        sections = _dealt(body, shape, head, glance)
    return replace(head, sections=sections, sources=_sources(body["citations"], cited_on(sections)), searches=_searches(body, sections))


TELL_THEMSELVES = frozenset({"gaps", "attested", "people"})
"""Sections whose lines say in their own words whose they are."""
EXPECTED: Mapping[str, Tier] = {"promises": "ours"}
"""The tier on which the lines of a section stand unless they say otherwise."""
NOT_SHOWN = "Not shown"
RENEWAL = "renewal"
"""The layout whose first question is when the term ends."""
FIRST = frozenset({"story", "goals"})
"""The sections that make the first page."""
WHOLE = frozenset({"story", "attested"})
"""Told as one thing, and what somebody took the time to write."""
LASTING = WHOLE | {"promises"}
"""Sections that give nothing up: the last is what the brief is read for."""
MOST_ON_FIRST = 238
"""Words of the first page with its head: 250 (product notes, 3.1) less its footer and bullets."""


def _claimed(body: Mapping[str, Any], shape: layout.Layout) -> list[Claimed]:
    tiers = {citation["id"]: citation["tier"] for citation in with_tiers(body)}
    made = [
        Claimed(
            Section(
                part.title,
                tuple(
                    _based(group, {} if part.name in TELL_THEMSELVES else tiers, EXPECTED.get(part.name))
                    for group in PARTS[part.name](body, part.rows)
                ),
                part.name in FIRST,
            ),
            part.rows if part.name in WHOLE else part.least,
            part.name in LASTING,
        )
        for part in shape.parts
    ]
    return [one for one in made if one.section.groups]


def cited_in_order(body: Mapping[str, Any], page: Page) -> tuple[str, ...]:
    """As a reader meets them: what only a wider head had room for, what the page shows, then the rows it only counts."""
    glance = cited_on(_glance(body, True))
    counted = cited_on(one.section for one in _claimed(body, layout.of_body(body)))
    return tuple(dict.fromkeys((*glance, *cited_on(page.sections), *counted)))


def _dealt(body: Mapping[str, Any], shape: layout.Layout, head: Page, glance: tuple[Section, ...]) -> tuple[Section, ...]:
    begun = replace(head, sections=glance)
    return (*glance, *_with_rows(dealt(_claimed(body, shape), shape.words - words_on(begun), MOST_ON_FIRST - first_page_words(begun))))


def _glance(body: Mapping[str, Any], first: bool) -> tuple[Section, ...]:
    """What is looked up first, with the words it stands on, in the order of the page in the browser; so both number them alike.

    Where the story needs the words of the first page, its longest rows give way.
    """
    known = {row["name"]: row for row in fields(body) if row["value"] and row["state"] != "not_applicable"}
    told = {name: str(known[name]["value"]) for name in ("Going live", "Renewal", "Economic buyer") if name in known}
    deal, had = body.get("deal"), next((one for one in body.get("rivals") or [] if one["incumbent"]), None)
    rows = [Row(terms, "", _marks_of(known.get("Amount")))] if deal and (terms := _terms_words(deal)) else []
    rows += [Row(f"{name}: {shortened(value, GLANCED)}", "", _marks_of(known[name])) for name, value in told.items()]
    rows += [Row(f"Replaces: {had['name']}", "", tuple(had["claims"][0]["citations"][:2]))] if had else []
    return (Section("At a glance", (Group("", tuple(rows), prose=True),), first),) if rows else ()


GLANCED = 7
"""Words of a clause that is only pointed at."""


def _marks_of(field: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(field["citations"][:2]) if field else ()


def _with_rows(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Sections that could show no row are named in one line at the end, each with how much is on record."""
    counted = [(one.title, sum(group.more for group in one.groups)) for one in sections if not any(group.rows for group in one.groups)]
    shown = tuple(one for one in sections if any(group.rows for group in one.groups))
    if not counted:
        return shown
    line = Row("; ".join(f"{title}: {count}" for title, count in counted))
    return (*shown, Section(NOT_SHOWN, (Group("", (line,)),)))


def _based(group: Group, tiers: Mapping[str, Tier], expected: Tier | None = None) -> Group:
    """Each row with the tiers of evidence it stands on, in a table as its last column, in a list where it is not the one to expect; what is
    told in prose names its speakers itself."""
    if group.prose or not tiers:
        return group
    columns = (*group.columns, "Evidence") if group.columns else ()
    return replace(group, columns=columns, rows=tuple(_with_tiers(row, tiers, expected) for row in group.rows))


def _with_tiers(row: Row, tiers: Mapping[str, Tier], expected: Tier | None) -> Row:
    stands_on = tiers_in(row.citations, tiers)
    words = ", ".join(SHORT_TIERS[tier] for tier in stands_on)
    cells = (*row.cells, words) if row.cells else ()
    said = words and stands_on != [expected]
    return replace(row, detail=f"{row.detail} ({words})".lstrip() if said else row.detail, cells=cells)


def is_preview(body: Mapping[str, Any]) -> bool:
    """Composed of a deal that is not closed."""
    return bool(body.get("preview"))


# --- the head of the page


def _facts(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    deal = body.get("deal")
    found = [("Deal", _deal_words(deal) if deal else "no deal on record")]
    team = body.get("team") or []
    if team:
        found.append(("Sold by", "; ".join(titled(one) for one in team[:2])))
    if layout.of_body(body).name == RENEWAL and deal and deal.get("term_ends_on"):
        told = f"ends {day_words(deal['term_ends_on'])}, {deal['term_months']} months after the day of closing in the CRM"
        found.append(("Term", told))
    as_of = f", as of {day_words(body['as_of'])}" if body["as_of"] else ""
    version = "not kept" if body["as_of"] and not body["version"] else f"version {body['version'] or 1}"
    found.append(("Brief", f"{version}, {body['state'].replace('_', ' ')}, {day_words(body['composed_at'])}{as_of}"))
    found.append(("Known", _known_words(body)))
    found.append(("Read", searched_words(body["receipt"])))
    return tuple(found)


def _known_words(body: Mapping[str, Any]) -> str:
    """How many fields are found, and by name each that is not or is disputed; the others are counted."""
    rows = fields(body)
    found = sum(row["state"] == "evidenced" for row in rows)
    named: dict[str, list[str]] = {}
    for row in unsettled(rows):
        named.setdefault(STATE_WORDS[row["state"]], []).append(row["name"].lower())
    states = (f"{state}: {', '.join(names)}" if state in _BY_NAME else f"{len(names)} {state}" for state, names in named.items())
    return "; ".join((f"{found} of {len(rows)} fields found", *states))


_BY_NAME = (STATE_WORDS["not_found"], STATE_WORDS["conflicting"], STATE_WORDS["restricted"])


def _deal_words(deal: Mapping[str, Any]) -> str:
    stage = deal["stage"] or "stage unknown"
    return f"{deal['name']}, {stage}{' ' + day_words(deal['closed_on']) if deal['closed_on'] else ''}"


def _terms_words(deal: Mapping[str, Any]) -> str:
    amount = f"{deal['amount']:,.0f} {deal['currency'] or ''}".strip() if deal["amount"] else ""
    term = f"{deal['term_months']} months" if deal["term_months"] else ""
    seats = f"quantity {deal['seats']}" if deal["seats"] else ""
    return ", ".join(filter(None, (amount, term, seats)))


def _warnings(body: Mapping[str, Any]) -> tuple[str, ...]:
    coverage = body["coverage"]
    found = []
    if is_preview(body) and body["as_of"]:
        found.append(f"As of {day_words(body['as_of'])}: the deal was not closed then.")
    elif is_preview(body):
        stage = (body.get("deal") or {}).get("stage") or "stage unknown"
        found.append(f"Preview: this deal is not closed ({stage}). Nothing has been handed over, and what is promised may still change.")
    if stage := body.get("reopened"):
        found.append(f"The deal is open again ({stage}): what stands here is as it was at the signature.")
    if old := body.get("stale"):
        titles = ", ".join(f"{each['source']['title']} ({each['why']})" for each in old[:3])
        more = f" and {len(old) - 3} more" if len(old) > 3 else ""
        found.append(f"Out of date: it quotes what was edited or is gone at its source since: {titles}{more}. Compose it again.")
    if any(promise["contract"] == "no_contract" for promise in body["promises"]):
        found.append("No signed contract is on record, so no promise below could be held against one.")
    if unheard := coverage["calls_without_transcript"]:
        found.append(f"Without transcript, so not read: {', '.join(unheard)}.")
    if silent := coverage["silent_months"]:
        found.append(f"Nothing is on record for {', '.join(_runs_of_months(silent))}.")
    if unplaced := coverage.get("unknown_side"):
        found.append(f"Side unknown, words not counted: {', '.join(unplaced)}.")
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


def _searches(body: Mapping[str, Any], sections: Sequence[Section]) -> tuple[Row, ...]:
    """What was searched for each open question of the page, in the order in which they stand there."""
    asked = {row.words for section in sections for group in section.groups for row in group.rows}
    shown = [(words, gap) for gap in body["gaps"] if (words := gap_words(body, gap)) in asked]
    return tuple(Row(shortened(words, 14), _searched(gap)) for words, gap in shown)


def _searched(gap: Mapping[str, Any]) -> str:
    sought = gap.get("searched_for") or []
    looked_for = f" Looked for: {', '.join(sought)}." if sought else ""
    return f"{gap['why']} Searched: {searched_words(gap['receipt'])}.{looked_for}"


def _sources(citations: Sequence[Mapping[str, Any]], shown: Sequence[str]) -> tuple[Row, ...]:
    by_id = {citation["id"]: citation for citation in citations}
    by_source: dict[str, list[str]] = {}
    for id in shown:
        by_source.setdefault(by_id[id]["source"]["id"], []).append(id)
    rows = []
    for ids in by_source.values():
        first = by_id[ids[0]]
        on = f", {day_words(first['source']['occurred_on'])}" if first["source"]["occurred_on"] else ""
        rows.append(Row(f"{KIND_WORDS[first['kind']][0]}{on}, {shortened(first['source']['title'], 8)}", "", tuple(ids)))
    return tuple(rows)
