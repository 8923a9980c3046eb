"""The deals by other hands in `data/fresh`: which of them may be worked on, and what all of them come to.

`python -m eval.fresh` prints totals beside those of the three deals that the rules were written for. Those of the held-out deals are for
the record: nobody reads their texts or misses, and whoever changes something because of a total has used it up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.cases import Case, load_cases
from eval.command import DATA
from eval.measures import Summary, judge_case, pool, summarise
from eval.report import table
from eval.run import run_case
from eval.subject import Baton, baton_on

FRESH = DATA / "fresh"
DEVELOPMENT = (
    "albrecht", "ardrossan", "fjordline", "kestrelbay", "lamarque", "medinova", "morvania", "norrsund",
    "oakmere", "prairiecu", "thandeka", "tidewell", "wattlebird",
)  # fmt: skip
"""May be read and fitted on. Every other deal of `data/fresh` is held out."""
SHOWN = (
    "correct", "fact_recall", "evidence_hit", "citation_precision", "false_answer", "false_decline",
    "promise_recall", "promise_precision", "hard_negatives_asserted", "strength_accuracy", "made_by_accuracy", "contract_accuracy",
    "supersession_recall", "superseded_as_current", "change_recall", "risk_recall", "risk_precision", "reason_recall", "reason_precision",
    "goal_recall", "goal_precision", "stakeholder_role",
)  # fmt: skip


def development(cases: Sequence[Case]) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.name in DEVELOPMENT)


def held_out(cases: Sequence[Case]) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.name not in DEVELOPMENT)


def may_be_fitted_on(home: Path | None = None) -> Iterator[tuple[Baton, tuple[Case, ...]]]:
    """The deals of `data/` and those of `data/fresh` that may be worked on, each set with Baton on its samples; `home` keeps what was
    read in."""
    for folder in (DATA, FRESH):
        cases = load_cases(folder / "cases")
        with baton_on(folder / "samples", home / folder.name if home else None, lambda deal, done, total: None) as (baton, _):
            yield baton, cases if folder == DATA else development(cases)


def measured(folder: Path, cases: Sequence[Case]) -> Summary:
    """Asks and composes these deals, with all of the folder's accounts beside them."""
    with baton_on(folder / "samples", None, lambda deal, done, total: None) as (baton, _):
        return summarise(pool([judge_case(case, run_case(case, baton, lambda deal, done, total: None).outcome) for case in cases]))


def falsely_covered(summary: Summary) -> int:
    """Promises said to be in the contract that are not: the one mistake that nobody notices until the customer does."""
    return sum(given.get("covered", 0) for wanted, given in summary.contract.counts.items() if wanted != "covered")


def as_table(groups: Sequence[tuple[str, Summary]]) -> str:
    """A line a measure, a column a group of deals; the items it was taken over behind each value."""
    rows = [["", *(name for name, _ in groups)]]
    for name in SHOWN:
        values = [(summary.questions | summary.brief).get(name) for _, summary in groups]
        rows.append([name, *(f"{value.value:.3f} of {value.items}" if value else "-" for value in values)])
    rows.append(["falsely covered", *(str(falsely_covered(summary)) for _, summary in groups)])
    return table(rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fresh", description="Measure deals by other hands beside the three of data/.")
    parser.parse_args()
    own, fresh = load_cases(DATA / "cases"), load_cases(FRESH / "cases")
    groups = (
        (f"written for ({len(own)})", measured(DATA, own)),
        (f"worked on ({len(development(fresh))})", measured(FRESH, development(fresh))),
        (f"held out ({len(held_out(fresh))})", measured(FRESH, held_out(fresh))),
    )
    print(as_table(groups))
    return 0


if __name__ == "__main__":
    sys.exit(main())
