"""The result of an evaluation as text for a terminal and as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any

from eval.calibration import diagram, reliability, reliability_by
from eval.confusion import Confusion
from eval.gate import Check, Gate, Raised, Recorded
from eval.items import Item
from eval.measures import ERRORS, Group, Rows, Summary, Value
from eval.questions import JudgedQuestion
from eval.stamp import Stamp
from eval.worst import Failing, FailingLine, worst_first, worst_of_brief

NARROWEST, WIDEST = 80, 100
FEW = 20
"""A measure of fewer items says little; it is marked and not gated."""
FEWEST_FOR_INTERVAL = 5
NAME = 18
"""Letters of an account's name where there is little room."""
COLUMNS = {
    "correct": "correct", "fact_recall": "facts", "evidence_hit": "evidence",
    "must_not_violation": "stale↓", "false_answer": "false↓", "false_decline": "silent↓",
}  # fmt: skip
LEGEND = "stale: states what no longer holds; false: answers what nobody said; silent: declines what was said"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds; the only part, beside the stamp, that differs between two runs of one commit."""

    ingest_s: float
    ask_p50_s: float
    ask_p95_s: float
    briefs_s: float


@dataclass(frozen=True, slots=True)
class Report:
    deals: tuple[str, ...]
    labels: str
    """Digest of the labels."""
    rows: Rows
    summary: Summary
    items: tuple[Item, ...]
    gate: Gate | None
    """None where the cases are not the ones the baseline is kept for."""
    notes: tuple[str, ...]
    """What a reader should know before the numbers: inputs set aside, briefs that failed, parts that run degraded."""
    stamp: Stamp
    timing: Timing
    raised: tuple[Raised, ...] | None = None
    """What recording this run as the baseline changed; None where it was not recorded."""


def as_text(report: Report, worst: int = 0, width: int = WIDEST) -> str:
    summary = report.summary
    parts = [
        _heading(report, width),
        _measures("QUESTIONS", summary.questions, "↓ counts errors: lower is better; few: under 20 items"),
        *_reliability(report.rows.questions),
        _measures("SEARCH", summary.retrieval),
        _measures("BRIEFS", summary.brief),
        "\n".join([_groups("BY KIND", _kinds(summary), width), *paragraph("", LEGEND, width)]),
        _groups("BY DEAL", _places(summary, width), width),
        _confusion("STRENGTH", summary.strength),
        _confusion("CONTRACT", summary.contract),
    ]
    if worst:
        parts.append(_worst_questions(worst_first(report.rows), worst, width))
        parts.append(_worst_of_briefs(worst_of_brief(report.rows.brief), worst, width))
    if report.gate:
        parts.append(_gate(report.gate, width))
    if report.raised is not None:
        parts.append(_raised(report.raised))
    return "\n\n".join(parts)


def as_json(report: Report) -> dict[str, Any]:
    """Everything of the report in a fixed order; what differs between two runs of one tree stands last, in `run` and `timing`."""
    summary = report.summary
    return {
        "deals": list(report.deals),
        "labels": report.labels,
        "measures": _values_json(summary.all()),
        "follow_ups": _values_json(summary.follow_ups),
        "types": _groups_json(summary.types),
        "deal_measures": _groups_json(summary.deals),
        "accounts": _groups_json(summary.accounts),
        "confusion": {"strength": summary.strength.counts, "contract": summary.contract.counts},
        "counts": summary.counts,
        "support": (found := reliability(report.rows.questions)) and found.as_json(),
        "support_by": {
            part: {name: one.as_json() for name, one in named.items()} for part, named in reliability_by(report.rows.questions).items()
        },
        "gate": report.gate and _gate_json(report.gate),
        "notes": list(report.notes),
        "items": [_item_json(item) for item in report.items],
        "questions": [_question_json(row) for row in report.rows.questions],
        "ranks": [{"deal": r.deal, "id": r.question.id, "rank": r.rank} for r in report.rows.rankings],
        "promises": [
            {"text": p.given.text, "right": p.right, "trap": p.trap, "valid": p.valid, "quotes": list(p.given.quotes)}
            for p in report.rows.brief.promises
        ],
        "run": {
            "name": report.stamp.name,
            "commit": report.stamp.commit or None,
            "dirty": report.stamp.dirty,
            "at": f"{report.stamp.at:%Y-%m-%dT%H:%M:%SZ}",
            "python": report.stamp.python,
            "platform": report.stamp.platform,
        },
        "timing": {
            "ingest_s": report.timing.ingest_s,
            "ask_p50_s": report.timing.ask_p50_s,
            "ask_p95_s": report.timing.ask_p95_s,
            "briefs_s": report.timing.briefs_s,
        },
    }


def _reliability(rows: Sequence[JudgedQuestion]) -> list[str]:
    found = reliability(rows)
    if found is None:
        return []
    lines = [["SUPPORT", *(f"{bin.said:.2f}" for bin in found.bins)], ["right", *(f"{bin.right:.2f}" for bin in found.bins)]]
    said = (
        f"how sure claims are, by fifths, and how many of each are right; off by {found.error:.3f} over {found.claims}, "
        f"{found.debiased:.3f} without the part of chance"
    )
    return ["\n".join([table(lines), said, *diagram(found)])]


def columns() -> int:
    """How wide to print: the terminal's width within reason, 100 in a pipe."""
    return max(NARROWEST, min(WIDEST, get_terminal_size((WIDEST, 24)).columns))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first is flush left, figures flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def paragraph(head: str, text: str, width: int, lines: int = 0) -> list[str]:
    """Text behind a head, wrapped and indented to it; cut to so many lines if any number is given."""
    first, *rest = wrap(text, width - len(head), max_lines=lines or None, placeholder=" …") or [""]
    return [f"{head}{first}".rstrip(), *(f"{' ' * len(head)}{line}" for line in rest)]


def named(measure: str) -> str:
    return f"{measure} ↓" if measure in ERRORS else measure


def _heading(report: Report, width: int) -> str:
    counts, timing, stamp = report.summary.counts, report.timing, report.stamp
    code = stamp.commit[:12] + (" with changes" if stamp.dirty else "") if stamp.commit else "no commit"
    lines = [
        f"EVALUATION  {', '.join(report.deals)}: {counts['questions']} questions, {counts['expected_promises']} promises",
        f"code    {code}; labels {report.labels}; {stamp.at:%d %b %Y %H:%M} UTC",
        f"words   {counts['answer_words']} an answer and {counts['quoted_words']} quoted; {counts['citations_per_question']} citations "
        f"a question, of {counts['words_per_citation']}",
        f"briefs  {counts['given_promises']} promises, {counts['given_gaps']} gaps and {counts['brief_words']} words in all",
        f"cost    {counts['model_tokens']} tokens of a language model",
        f"time    ingest {timing.ingest_s:.1f} s, ask p50 {timing.ask_p50_s * 1000:.0f} ms, p95 {timing.ask_p95_s * 1000:.0f} ms, "
        f"briefs {timing.briefs_s:.1f} s",
    ]
    return "\n".join([*lines, *(line for note in report.notes for line in paragraph("!       ", note, width))])


def _measures(head: str, values: Mapping[str, Value | None], legend: str = "") -> str:
    rows = [[head, "value", "95 %", "n", ""], *(_measure_row(name, value) for name, value in values.items())]
    return table(rows) + (f"\n{legend}" if legend else "")


def _measure_row(name: str, value: Value | None) -> list[str]:
    if value is None:
        return [named(name), "-", "", "0", ""]
    return [named(name), f"{value.value:.3f}", _interval(value), str(value.items), _few(value.items)]


def _groups(head: str, groups: Sequence[tuple[str, Group]], width: int) -> str:
    """A line a group, with as many intervals as fit."""
    drawn = ""
    for with_interval in (("correct", "fact_recall", "evidence_hit"), ("correct",), ()):
        rows = [[head, "n", "", *COLUMNS.values()]]
        for name, group in groups:
            cells = (_short(group.values[measure], measure in with_interval) for measure in COLUMNS)
            rows.append([name, str(group.questions), _few(group.questions), *cells])
        drawn = table(rows)
        if max(map(len, drawn.splitlines())) <= width:
            break
    return drawn


def _kinds(summary: Summary) -> list[tuple[str, Group]]:
    """The types of question, and those that need what was asked before, which are of several types."""
    asked = summary.follow_ups
    follow_ups = (asked[measure] for measure in ("correct", "fact_recall"))
    questions, answerable = (value.items if value else 0 for value in follow_ups)
    return [*summary.types.items(), ("(all follow-ups)", Group(questions, answerable, asked))]


def _places(summary: Summary, width: int) -> list[tuple[str, Group]]:
    """Each deal, and under it its accounts where it has several."""
    rows: list[tuple[str, Group]] = []
    for deal, group in summary.deals.items():
        rows.append((deal, group))
        accounts = {name.removeprefix(f"{deal}: "): of for name, of in summary.accounts.items() if name.startswith(f"{deal}: ")}
        if len(accounts) > 1:
            rows += [(f"· {name if width >= WIDEST else name[:NAME]}", of) for name, of in accounts.items()]
    return rows


def _short(value: Value | None, with_interval: bool) -> str:
    if value is None:
        return "-"
    interval = _interval(value) if value.items >= FEWEST_FOR_INTERVAL else ""
    return f"{value.value:.2f}" + (f" {interval:11}" if with_interval else "")


def _interval(value: Value | Recorded) -> str:
    low, high = value.bounds
    return f"[{low:.2f}-{high:.2f}]"


def _few(items: int) -> str:
    return "few" if items < FEW else ""


def _confusion(head: str, confusion: Confusion) -> str:
    """What was labelled down the side, what was given across by the first word of its name."""
    rows = [[head, *(name.partition("_")[0] for name in confusion.names)]]
    rows += [[name, *(str(confusion.count(name, given) or "·") for given in confusion.names)] for name in confusion.names]
    return table(rows) + "\nlabelled down, given across; of the promises found"


def _gate(gate: Gate, width: int) -> str:
    if gate.fault:
        return "\n".join(paragraph("GATE  FAILED: ", gate.fault, width))
    failed = [check for check in gate.checks if check.failed]
    better = [check for check in gate.checks if check.verdict == "better"]
    held = f"{len(gate.checks) - len(failed)} of {len(gate.checks)} measures hold"
    lines = [f"GATE  {'passed' if gate.passed else 'FAILED'}: {held}"]
    if failed or better:
        lines.append(table([["", "now", "recorded", "95 %", "bar", ""], *map(_check_row, [*failed, *better])]))
    for check in failed:
        lines += [line for reason in check.reasons for line in paragraph(f"✗ {check.measure}: ", reason, width)]
    if gate.newly_failing and failed:
        lines += ["", f"newly failing: {len(gate.newly_failing)}"]
        for item in gate.newly_failing:
            lines += paragraph(f"{item.id} ", f"[{item.kind}] {item.text}", width)
            lines += [line for fault in item.faults for line in paragraph("   ✗ ", fault, width)]
    elif gate.newly_failing:
        lines += paragraph("newly failing: ", ", ".join(item.id for item in gate.newly_failing), width)
    if gate.newly_passing:
        lines += paragraph("newly passing: ", ", ".join(item.id for item in gate.newly_passing), width)
    if better and not failed:
        lines += paragraph("", f"{len(better)} better than recorded; to hold what follows to that: baton eval --raise-baseline", width)
    return "\n".join(lines)


def _check_row(check: Check) -> list[str]:
    now = f"{check.value.value:.3f}" if check.value else "-"
    verdict = check.verdict.upper() if check.failed else check.verdict
    return [named(check.measure), now, f"{check.recorded.value:.3f}", _interval(check.recorded), f"{check.bar:.3f}", verdict]


def _raised(raised: Sequence[Raised]) -> str:
    lines = [f"BASELINE  recorded; {len(raised) or 'none'} of its measures changed"]
    return "\n".join([*lines, *map(_raised_line, raised)])


def _raised_line(raised: Raised) -> str:
    before, after = raised.before, raised.after
    if before and after:
        told = f"{before.value:.3f} → {after.value:.3f} (bar {before.bar:.3f} → {after.bar:.3f})"
    elif after:
        told = f"{after.value:.3f} (bar {after.bar:.3f}), gated from now on"
    else:
        told = "no longer gated"
    return f"{'LOWERED ' if raised.lowered else ''}{raised.measure} {told}"


def _worst_questions(failing: Sequence[Failing], limit: int, width: int) -> str:
    lines = [f"WORST QUESTIONS  {min(limit, len(failing))} of {len(failing)} that went wrong"]
    for item in failing[:limit]:
        row, question = item.row, item.row.question
        asked = f" (as of {question.as_of})" if question.as_of else f" (after {question.follows})" if question.follows else ""
        lines += ["", *paragraph(f"{row.deal} {question.id} ", f"[{question.type}] {question.text}{asked}", width)]
        lines += [line for fault in item.faults for line in paragraph("   ✗ ", fault, width)]
        if row.given.text:
            lines += paragraph("   said    ", row.given.text, width, lines=3)
        for citation in row.citations:
            mark = "+" if citation.evidence else " "
            cited = citation.cited
            lines += paragraph(f" {mark} cited   ", f"{cited.source} {cited.speaker or ''}: {cited.quote}", width, lines=2)
        lines += [
            line for label in question.evidence for line in paragraph("   wanted  ", f"{label.source}: {label.quote}", width, lines=2)
        ]
        if item.ranking:
            rank = item.ranking.rank
            lines.append(f"   search  {f'had it at rank {rank}' if rank else 'did not find it'}")
    return "\n".join(lines)


def _worst_of_briefs(failing: Sequence[FailingLine], limit: int, width: int) -> str:
    lines = [f"WORST OF BRIEFS  {min(limit, len(failing))} of {len(failing)} that went wrong"]
    for item in failing[:limit]:
        lines += ["", *paragraph(f"{item.deal} ", item.wanted or "states what nobody promised", width)]
        lines += [line for fault in item.faults for line in paragraph("   ✗ ", fault, width)]
        if item.given:
            lines += paragraph("   said    ", item.given, width, lines=3)
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *figures = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
    return "  ".join([first.strip().ljust(widths[0]), *figures]).rstrip()


def _values_json(values: Mapping[str, Value | None]) -> dict[str, Any]:
    return {name: value and value.as_json(errors=name in ERRORS) for name, value in values.items()}


def _groups_json(groups: Mapping[str, Group]) -> dict[str, Any]:
    return {
        name: {"questions": group.questions, "answerable": group.answerable, "measures": _values_json(group.values)}
        for name, group in groups.items()
    }


def _gate_json(gate: Gate) -> dict[str, Any]:
    return {
        "passed": gate.passed,
        "fault": gate.fault or None,
        "checks": [_check_json(check) for check in gate.checks],
        "newly_failing": [item.id for item in gate.newly_failing],
        "newly_passing": [item.id for item in gate.newly_passing],
    }


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "measure": check.measure,
        "value": check.value and check.value.value,
        "recorded": check.recorded.value,
        "bar": check.bar,
        "difference": check.difference and check.difference._asdict(),
        "verdict": check.verdict,
        "reasons": list(check.reasons),
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "deal": item.deal, "kind": item.kind, "text": item.text, "right": item.right,
        "faults": list(item.faults), "failed": item.failed, "scores": item.scores, "said": item.said,
        "wanted": [one._asdict() for one in item.wanted],
    }  # fmt: skip


def _question_json(row: JudgedQuestion) -> dict[str, Any]:
    return {
        "deal": row.deal,
        "id": row.question.id,
        "type": row.question.type,
        "text": row.question.text,
        "answerable": row.question.answerable,
        "status": row.status,
        "correct": row.correct,
        "facts": row.facts,
        "evidence": row.evidence,
        "wanted_facts": [list(group) for group in row.question.facts],
        "must_not": list(row.question.must_not),
        "missing": [list(group) for group in row.missing] if row.question.answerable else [],
        "stale": list(row.stale or ()),
        "answer": row.given.text,
        "error": row.given.error or None,
        "citations": [
            {
                "source": c.cited.source, "speaker": c.cited.speaker, "on": c.cited.on and c.cited.on.isoformat(),
                "quote": c.cited.quote, "support": c.cited.support, "valid": c.valid,
                "is_evidence": bool(c.evidence), "foreign": c.foreign, "late": c.late,
            }
            for c in row.citations
        ],
    }  # fmt: skip
