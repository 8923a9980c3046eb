"""The results as tables for a terminal, as Markdown, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.quality.answers import Answers
from bench.quality.figures import BY_KIND, HEADLINES, Interval, Result, decline_auc, difference, mean_of
from bench.quality.ours import NAME
from eval.measures import ERRORS
from eval.report import table
from eval.stamp import Stamp

PEER_SORTS = ("BM25", "LlamaIndex")
Rows = list[list[str]]
Titled = tuple[str, Rows]
"""A table under its title; the first row is its head."""


def tables_of(result: Result) -> list[Titled]:
    answerable = sum(question.answerable for question in result.questions)
    head = f"{result.name}: {result.about}; {answerable} answerable questions, by {result.level}; [95 % interval], * best"
    tables = [(head, main_rows(result))]
    if NAME in result.figures and len(result.figures) > 1:
        tables.append((f"{result.name}: Baton less each peer, question by question; ! the interval is clear of 0", paired_rows(result)))
    if len(result.kinds) > 1:
        tables.append((f"{result.name}: {BY_KIND} by kind of question", kind_rows(result)))
    if rows := decline_rows(result):
        tables.append((f"{result.name}: does the best score tell answerable from unanswerable? .5 is chance", rows))
    return tables


def main_rows(result: Result) -> Rows:
    means = {system: {of: mean_of(rows, of) for of in result.measures} for system, rows in result.figures.items()}
    best = {of: max((means[system][of].value for system in means), default=0.0) for of in result.measures}
    rows = [["", *result.measures]]
    for system, found in means.items():
        rows.append([system, *(_cell(found[of], of in HEADLINES[result.level], found[of].value == best[of]) for of in result.measures)])
    return rows


def paired_rows(result: Result) -> Rows:
    of_level = HEADLINES[result.level]
    rows = [["less", *of_level]]
    for system, figures in result.figures.items():
        if system != NAME:
            found = [difference(result.figures[NAME], figures, of) for of in of_level]
            rows.append([system, *(f"{d.value:+.3f} [{d.low:+.3f}, {d.high:+.3f}]{'!' if d.clear else ' '}" for d in found)])
    return rows


def kind_rows(result: Result) -> Rows:
    rows = [["kind", "n", *map(_short, result.figures)]]
    for kind, names in result.kinds.items():
        values = [sum(figures[name][BY_KIND] for name in names) / len(names) for figures in result.figures.values()]
        rows.append([kind, str(len(names)), *(f"{value:.2f}{'*' if value == max(values) > 0 else ' '}" for value in values)])
    return rows


def decline_rows(result: Result) -> Rows:
    found = {system: auc for system, tops in result.tops.items() if (auc := decline_auc(tops, result.questions))}
    if not found:
        return []
    answerable = sum(question.answerable for question in result.questions)
    counts = [str(answerable), str(len(result.questions) - answerable)]
    best = max(auc.value for auc in found.values())
    head = ["", "answerable", "unanswerable", "AUC"]
    return [head, *([system, *counts, _cell(auc, True, auc.value == best)] for system, auc in found.items())]


def answer_table(answers: Sequence[Answers], deals: Sequence[str]) -> Titled:
    """A peer declines never, so what it makes of the unanswerable is all false."""
    names = list(answers[0].values)
    rows = [["", *(f"{name} (lower)" if name in ERRORS else name for name in names), "words per citation"]]
    for one in answers:
        cells = ["-" if v is None else f"{v.value:.3f} [{v.low:.3f}, {v.high:.3f}]" for v in one.values.values()]
        rows.append([one.name, *cells, f"{one.words:.1f}"])
    return f"{', '.join(deals)}: answers; a peer quotes its first five units and never declines", rows


def as_text(tables: Sequence[Titled]) -> str:
    return "\n\n".join(f"{title}\n{table(rows)}" for title, rows in tables)


def as_markdown(tables: Sequence[Titled]) -> str:
    return "\n\n".join(f"**{_escaped(title)}**\n\n{_markdown(rows)}" for title, rows in tables)


def as_rows(results: Sequence[Result], stamp: Stamp) -> str:
    """Lines for the table of `docs/benchmarks.md`: each headline of each slice, ours beside the best of each sort of peer that was run."""
    lines = []
    for result in results:
        name, ours = result.about.partition(",")[0], result.figures[NAME]
        for of in HEADLINES[result.level]:
            peers = {
                sort: max((system for system in result.figures if system.startswith(sort)), key=lambda s: _mean(result, s, of), default="")
                for sort in PEER_SORTS
            }
            beside = [_plain(mean_of(result.figures[peer], of), "") if peer else "not run" for peer in peers.values()]
            floor = peers[PEER_SORTS[0]]
            less = _plain(difference(ours, result.figures[floor], of), "+") if floor else ""
            lines.append([name, str(len(ours)), of, f"**{_plain(mean_of(ours, of), '')}**", *beside, less, stamp.told])
        sure = {system: auc for system, tops in result.tops.items() if (auc := decline_auc(tops, result.questions))}
        if NAME in sure:
            beside = [next((_plain(auc, "") for system, auc in sure.items() if system.startswith(sort)), "not run") for sort in PEER_SORTS]
            count = str(len(result.questions))
            lines.append([name, count, "whether to decline, AUC", f"**{_plain(sure[NAME], '')}**", *beside, "", stamp.told])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mean(result: Result, system: str, of: str) -> float:
    return mean_of(result.figures[system], of).value


def _plain(found: Interval, sign: str) -> str:
    """.744 [.702-.785]"""
    value, low, high = (f"{one:{sign}.3f}".replace("0.", ".", 1) for one in found)
    return f"{value} [{low} to {high}]" if sign else f"{value} [{low}-{high}]"


def as_json(results: Sequence[Result], answers: Sequence[Answers]) -> dict[str, Any]:
    """Everything, each question's own figures included; the same for two runs of the same code."""
    return {
        "slices": {result.name: _result_json(result) for result in results},
        "answers": {one.name: _answers_json(one) for one in answers},
    }


def _result_json(result: Result) -> dict[str, Any]:
    of_level = HEADLINES[result.level]
    peers = [system for system in result.figures if system != NAME and NAME in result.figures]
    auc = {system: decline_auc(tops, result.questions) for system, tops in result.tops.items()}
    return {
        "about": result.about,
        "level": result.level,
        "systems": {system: {of: _interval(mean_of(rows, of)) for of in result.measures} for system, rows in result.figures.items()},
        "baton_less": {
            system: {of: _interval(difference(result.figures[NAME], result.figures[system], of)) for of in of_level} for system in peers
        },
        "decline_auc": {system: _interval(found) for system, found in auc.items() if found},
        "questions": [
            {
                "id": question.id,
                "kind": question.kind,
                "answerable": question.answerable,
                "figures": {
                    system: {of: round(value, 4) for of, value in rows[question.id].items()}
                    for system, rows in result.figures.items()
                    if question.id in rows
                },
                "tops": {system: round(tops[question.id], 4) for system, tops in result.tops.items() if question.id in tops},
            }
            for question in result.questions
        ],
    }


def _answers_json(answers: Answers) -> dict[str, Any]:
    values: Mapping[str, Any] = {name: value and value._asdict() for name, value in answers.values.items()}
    return {"values": values, "words_per_citation": answers.words}


def _interval(found: Interval) -> dict[str, float]:
    return {name: round(value, 4) for name, value in found._asdict().items()}


def _cell(found: Interval, bounds: bool, best: bool) -> str:
    shown = f"{found.value:.3f}" + (f" [{found.low:.3f}, {found.high:.3f}]" if bounds else "")
    return f"{shown}{'*' if best else ' '}"


def _short(system: str) -> str:
    return system.replace("LlamaIndex ", "").replace("/20", "").replace("Baton, ", "").replace("BM25 turns, all questions", "BM25 all")


def _markdown(rows: Rows) -> str:
    head, *body = ([_escaped(cell.strip()) for cell in row] for row in rows)
    rule = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *body])


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("*", "\\*")
