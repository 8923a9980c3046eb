"""`python -m eval.published RUN.json` writes the figures of one run into README, benchmarks and the tables of measures: all of one run.

What stands between the marks is written anew; in the tables of `docs/evaluation.md` the last cell of each row whose first names measures
and nothing else. The words around the figures are people's.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.compare import NotARun, load_run

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- figures of one run: python -m eval.published RUN.json -->", "<!-- end of figures -->"
README, BENCHMARKS, MEASURES = Path("README.md"), Path("docs/benchmarks.md"), Path("docs/evaluation.md")
_ROW = re.compile(r"^\| ((?:`[a-z_0-9]+`(?: ↓)?(?:, )?)+) \|.*$", re.MULTILINE)

Values = Mapping[str, Any]


def readme_table(body: Mapping[str, Any]) -> str:
    of: Values = body["measures"]
    strays = sum(round(one["value"] * one["items"]) for name in ("foreign_citation", "late_citation") if (one := of.get(name)))
    rows = [
        ("every citation is an exact slice of the source", _value(of, "citation_validity")),
        ("a citation of another account, or from after the date asked for", str(strays)),
        ("questions answered right: every fact, cited, nothing stale; or rightly declined", _value(of, "correct")),
        ("the facts asked for are in the answer or its quotes", _value(of, "fact_recall")),
        ("the words that prove the answer are among its citations", _value(of, "evidence_hit")),
        ("unanswerable, and answered all the same (lower is better)", _value(of, "false_answer")),
        ("answerable, and declined (lower is better)", _value(of, "false_decline")),
        ("promises found, and how strongly they were made is right", _values(of, "promise_recall", "strength_accuracy")),
    ]
    counts = body["counts"]
    return _table([f"{counts['questions']} questions, {counts['expected_promises']} promises; run {_run(body)}", ""], rows)


def benchmarks_table(body: Mapping[str, Any]) -> str:
    of: Values = body["measures"]
    exact = ("citation_validity", "speaker_correct", "day_correct")
    rows = [
        ("correct", _bounded(of, "correct")),
        ("facts shown; in the answer's own text", f"{_bounded(of, 'fact_recall')}; {_bounded(of, 'fact_in_text')}"),
        ("the evidence is cited", _bounded(of, "evidence_hit")),
        ("citations that are evidence", _bounded(of, "citation_precision")),
        ("citations verbatim; right speaker; right day", "; ".join(_counted(of, name) for name in exact)),
        ("figures that nothing cited holds ↓", _counted(of, "unsupported_figure")),
        ("answered though nobody said it ↓", f"{_bounded(of, 'false_answer')} of {of['false_answer']['items']}"),
        ("declined though it was said ↓", f"{_bounded(of, 'false_decline')} of {of['false_decline']['items']}"),
        ("follow-ups correct", f"{_bounded(body['follow_ups'], 'correct')} of {body['follow_ups']['correct']['items']}"),
        ("evidence among the first five found; nDCG@10", f"{_bounded(of, 'found_in_first_5')}; {_bounded(of, 'ndcg_at_10')}"),
        ("promises found; of those stated, labelled", f"{_bounded(of, 'promise_recall')}; {_bounded(of, 'promise_precision')}"),
        ("promises right in every part; traps told as promises ↓",
         f"{_bounded(of, 'promise_right')}; {_counted(of, 'hard_negatives_asserted')}"),
        ("risks found; of those stated, labelled", f"{_bounded(of, 'risk_recall')}; {_bounded(of, 'risk_precision')}"),
        ("requirements, dates, gaps found",
         "; ".join(_bounded(of, name) for name in ("requirement_recall", "date_recall", "gap_recall"))),
        ("support off by (fitted on these deals), of claims", f"{_short(body['support']['error'])} of {body['support']['claims']}"),
    ]  # fmt: skip
    return _table([f"run {_run(body)}", "Baton"], rows)


def with_table(text: str, table: str) -> str:
    """Raises `ValueError` where the marks are not there once."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"the text needs {BEGIN} and {END}, each once")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"


def with_cells(text: str, of: Values) -> str:
    """Rows that name something that was not measured stay as they are."""

    def anew(row: re.Match[str]) -> str:
        names = re.findall(r"`([a-z_0-9]+)`", row[1])
        if not all(of.get(name) for name in names):
            return row[0]
        kept = row[0].rstrip().removesuffix("|").rpartition("|")[0]
        return f"{kept}| {_bounded(of, names[0]) if len(names) == 1 else _values(of, *names)} |"

    return _ROW.sub(anew, text)


def publish(body: Mapping[str, Any], root: Path) -> None:
    for place, table in ((README, readme_table(body)), (BENCHMARKS, benchmarks_table(body))):
        (root / place).write_text(with_table((root / place).read_text("utf-8"), table), "utf-8")
    measures = root / MEASURES
    measures.write_text(with_cells(measures.read_text("utf-8"), body["measures"]), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.published", description="Write the figures of one run into the documents.")
    parser.add_argument("run", type=Path, metavar="RUN.json", help="as `baton eval --out` leaves it")
    given = parser.parse_args()
    try:
        load_run(given.run)
        publish(json.loads(given.run.read_bytes()), ROOT)
    except (NotARun, ValueError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def _run(body: Mapping[str, Any]) -> str:
    run = body["run"]
    return f"{run['name'][:7]}{' with changes' if run['dirty'] else ''} of {run['at'][:10]}"


def _value(of: Values, name: str) -> str:
    return f"{of[name]['value']:.3f}"


def _values(of: Values, *names: str) -> str:
    return ", ".join(_short(of[name]["value"]) for name in names)


def _bounded(of: Values, name: str) -> str:
    low, high = (_short(bound, 2) for bound in of[name]["interval"])
    return f"{_short(of[name]['value'])} [{low}-{high}]"


def _counted(of: Values, name: str) -> str:
    return f"{_short(of[name]['value'])} of {of[name]['items']}"


def _short(value: float, places: int = 3) -> str:
    return f"{value:.{places}f}".removeprefix("0")


def _table(head: list[str], rows: list[tuple[str, str]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |".replace("|  |", "| |"), "|---|--:|"]
    return "\n".join([*lines, *(f"| {name} | {value} |" for name, value in rows)])


if __name__ == "__main__":
    sys.exit(main())
