"""The result of an evaluation as text for a terminal and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap
from typing import Any

from eval.gate import Check, Gate
from eval.measures import ERRORS, ByType, Rows, Summary, Value
from eval.questions import JudgedQuestion
from eval.worst import Failing, worst_first

WIDTH = 132
SHORT_HEADS = {
    "correct": "correct", "fact_recall": "facts", "evidence_hit": "evidence", "must_not_violation": "stale*",
    "false_answer": "f.answer*", "false_decline": "f.decline*",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds; the only part that differs between two runs of one commit."""

    ingest_s: float
    ask_p50_s: float
    ask_p95_s: float
    briefs_s: float


@dataclass(frozen=True, slots=True)
class Report:
    deals: tuple[str, ...]
    cases: str
    """Digest of the labels."""
    rows: Rows
    summary: Summary
    gate: Gate | None
    """None where the cases are not the ones the baseline is kept for."""
    notes: tuple[str, ...]
    """What a reader should know before the numbers: inputs set aside, briefs that failed, parts that run degraded."""
    timing: Timing


def as_text(report: Report, worst: int = 0) -> str:
    parts = [_heading(report), _measures(report.summary), _types(report.summary.types)]
    if worst:
        parts.append(_failing(worst_first(report.rows), worst))
    if report.gate:
        parts.append(_gate(report.gate))
    return "\n\n".join(parts)


def as_json(report: Report) -> dict[str, Any]:
    """Everything of the report, in a fixed order, `timing` last and apart."""
    summary = report.summary
    return {
        "deals": list(report.deals),
        "cases": report.cases,
        "measures": {name: _value_json(value, name) for name, value in summary.all().items()},
        "follow_ups": {name: _value_json(value, name) for name, value in summary.follow_ups.items()},
        "types": {name: {"questions": t.questions, "answerable": t.answerable, **t.values} for name, t in summary.types.items()},
        "counts": summary.counts,
        "gate": report.gate and _gate_json(report.gate),
        "notes": list(report.notes),
        "questions": [_question_json(row) for row in report.rows.questions],
        "ranks": [{"deal": r.deal, "id": r.question.id, "rank": r.rank} for r in report.rows.rankings],
        "promises": [
            {"text": p.given.text, "right": p.right, "trap": p.trap, "valid": p.valid, "quotes": list(p.given.quotes)}
            for p in report.rows.brief.promises
        ],
        "missed": {
            "promises": [f"{p.expected.id}: {p.expected.text}" for p in report.rows.brief.expected_promises if not p.found],
            "risks": [risk.text for risk in report.rows.brief.expected_risks if not risk.found],
            "goals": [goal.text for goal in report.rows.brief.expected_goals if not goal.found],
            "people": [person.name for person in report.rows.brief.people if not person.found],
        },
        "timing": {
            "ingest_s": report.timing.ingest_s,
            "ask_p50_s": report.timing.ask_p50_s,
            "ask_p95_s": report.timing.ask_p95_s,
            "briefs_s": report.timing.briefs_s,
        },
    }


def _heading(report: Report) -> str:
    counts, timing = report.summary.counts, report.timing
    lines = [
        f"{', '.join(report.deals)} (labels {report.cases}): {counts['questions']} questions, {counts['expected_promises']} promises",
        f"{counts['citations_per_question']} citations a question of {counts['words_per_citation']} words; "
        f"{counts['given_promises']} promises and {counts['brief_words']} words in the briefs",
        f"ingest {timing.ingest_s:.1f} s, ask p50 {timing.ask_p50_s * 1000:.0f} ms, p95 {timing.ask_p95_s * 1000:.0f} ms, "
        f"briefs {timing.briefs_s:.1f} s",
    ]
    return "\n".join([*lines, *(f"! {note}" for note in report.notes)])


def _measures(summary: Summary) -> str:
    rows = [["of questions", "all", "n", "follow-ups", "n"]]
    for name, value in summary.questions.items():
        follow_up = summary.follow_ups[name]
        rows.append([_starred(name), _cell(value), _items(value), _cell(follow_up), _items(follow_up)])
    for head, values in (("of search", summary.retrieval), ("of briefs", summary.brief)):
        rows.append([head, "", "", "", ""])
        rows += [[_starred(name), _cell(value), _items(value), "", ""] for name, value in values.items()]
    return "* counts errors: lower is better; [95 % interval]\n" + table(rows)


def _types(types: dict[str, ByType]) -> str:
    rows = [["by type", "n", *SHORT_HEADS.values()]]
    for name, row in types.items():
        values = (row.values[measure] for measure in SHORT_HEADS)
        rows.append([name, str(row.questions), *("-" if value is None else f"{value:.2f}" for value in values)])
    return table(rows)


def _gate(gate: Gate) -> str:
    if gate.fault:
        return f"gate: FAILED. {gate.fault}"
    shown = [check for check in gate.checks if check.verdict != "holds"]
    rows = [["gate", "now", "recorded", "bar", ""], *map(_check_row, shown)]
    head = f"gate: {'passed' if gate.passed else 'FAILED'}, {len(gate.checks)} measures held to their bars"
    return f"{head}\n{table(rows)}" if shown else head


def _check_row(check: Check) -> list[str]:
    now = "-" if check.value is None else f"{check.value:.3f}"
    verdict = check.verdict.upper() if check.failed else check.verdict
    return [_starred(check.measure), now, f"{check.recorded:.3f}", f"{check.bar:.3f}", verdict]


def _failing(failing: Sequence[Failing], limit: int) -> str:
    lines = [f"worst {min(limit, len(failing))} of {len(failing)} questions that went wrong"]
    for item in failing[:limit]:
        row, question = item.row, item.row.question
        asked = f" (as of {question.as_of})" if question.as_of else f" (after {question.follows})" if question.follows else ""
        lines += ["", f"{row.deal} {question.id} [{question.type}] {question.text}{asked}"]
        lines += [f"   ✗ {shorten(fault, WIDTH - 5)}" for fault in item.faults]
        if row.given.text:
            lines += _paragraph("said   ", row.given.text)
        for citation in row.citations:
            mark = "+" if citation.evidence else " "
            lines += _paragraph(f" {mark}cited ", f"{citation.cited.source} {citation.cited.speaker or ''}: {citation.cited.quote}")
        lines += [line for label in question.evidence for line in _paragraph("wanted ", f"{label.source}: {label.quote}")]
        if item.ranking:
            rank = item.ranking.rank
            lines.append(f"   search {f'had it at rank {rank}' if rank else 'did not find it'}")
    return "\n".join(lines)


def _paragraph(head: str, text: str) -> list[str]:
    first, *rest = wrap(shorten(text, 4 * WIDTH), WIDTH - 10) or [""]
    return [f"   {head}{first}", *(f"          {line}" for line in rest)]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first is flush left, figures flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *figures = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
    return "  ".join([first.strip().ljust(widths[0]), *figures]).rstrip()


def _cell(value: Value | None) -> str:
    return "-" if value is None else f"{value.value:.3f} [{value.low:.2f}-{value.high:.2f}]"


def _items(value: Value | None) -> str:
    return str(value.items) if value else "0"


def _starred(name: str) -> str:
    return f"{name}*" if name in ERRORS else name


def _value_json(value: Value | None, name: str) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"value": value.value, "low": value.low, "high": value.high, "items": value.items, "lower_is_better": name in ERRORS}


def _gate_json(gate: Gate) -> dict[str, Any]:
    checks = [{"measure": c.measure, "value": c.value, "recorded": c.recorded, "bar": c.bar, "verdict": c.verdict} for c in gate.checks]
    return {"passed": gate.passed, "fault": gate.fault or None, "checks": checks}


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
        "missing": [list(group) for group in row.missing] if row.question.answerable else [],
        "stale": list(row.stale or ()),
        "answer": row.given.text,
        "error": row.given.error or None,
        "citations": [
            {
                "source": c.cited.source, "speaker": c.cited.speaker, "quote": c.cited.quote, "valid": c.valid,
                "is_evidence": bool(c.evidence), "foreign": c.foreign, "late": c.late,
            }
            for c in row.citations
        ],
    }  # fmt: skip
