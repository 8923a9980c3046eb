"""Holds the line: compares a run's measures with the recorded baseline and says which fell below their bar.

The rule. A gated measure may be worse than recorded by the tolerance and no more: 0.03, or the weight of two items where that is
larger, because 8-bit arithmetic differs between kinds of processor and turns a close call or two. A measure over fewer than 20
items is reported, not gated. Promises that allow no exception have their bar at the best value whatever was recorded. And whatever
was recorded, nothing falls below what was agreed as the least. An improvement passes; record it with `--write-baseline`, so that
the next change is held to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.measures import ERRORS, Summary, Value

GATED = (
    "correct", "fact_recall", "evidence_hit", "citation_validity", "source_correct", "speaker_correct", "must_not_violation",
    "false_answer", "false_decline", "failed", "cut_citation", "foreign_citation", "late_citation",
    "found_in_first_5", "found_in_first_10", "found_in_first_20",
    "promise_recall", "promise_precision", "promise_quote_valid", "hard_negatives_asserted",
    "strength_accuracy", "contract_accuracy", "made_by_accuracy", "risk_recall", "stakeholder_recall",
)  # fmt: skip
EXACT = {"citation_validity": 1.0, "failed": 0.0, "cut_citation": 0.0, "foreign_citation": 0.0, "late_citation": 0.0}
AGREED = {"evidence_hit": 0.45, "fact_recall": 0.45, "false_answer": 0.60, "false_decline": 0.20}
TOLERANCE = 0.03
FEW_ITEMS = 2
FEWEST = 20

Verdict = Literal["holds", "better", "below", "not measured"]


class NoBaseline(ValueError):
    """There is nothing to compare with; the message says why and what to do."""


class Recorded(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float
    items: int
    bar: float
    """The worst value that still holds."""


class Baseline(BaseModel):
    """`eval/baseline.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    cases: str
    """Digest of the labels the values were measured on."""
    measures: dict[str, Recorded]


@dataclass(frozen=True, slots=True)
class Check:
    measure: str
    value: float | None
    recorded: float
    bar: float
    verdict: Verdict

    @property
    def failed(self) -> bool:
        return self.verdict in ("below", "not measured")


@dataclass(frozen=True, slots=True)
class Gate:
    checks: tuple[Check, ...]
    fault: str = ""
    """Why nothing could be compared; such a gate has not been passed."""

    @property
    def passed(self) -> bool:
        return not self.fault and not any(check.failed for check in self.checks)


def hold(summary: Summary, cases: str, file: Path) -> Gate:
    """The gate of a run over the labels with digest `cases` against a baseline file."""
    try:
        baseline = load_baseline(file)
    except NoBaseline as error:
        return Gate((), str(error))
    if baseline.cases != cases:
        return Gate((), f"{file}: recorded on other labels than these; look the numbers over, then record them with --write-baseline")
    values = summary.all()
    return Gate(tuple(_check(name, values.get(name), recorded) for name, recorded in baseline.measures.items()))


def load_baseline(file: Path) -> Baseline:
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise NoBaseline(f"{file}: no baseline is recorded yet; record one with --write-baseline") from None
    except ValidationError as error:
        raise NoBaseline(f"{file}: not a baseline ({error.errors()[0]['msg']}); record a new one with --write-baseline") from error


def record(summary: Summary, cases: str, file: Path) -> Baseline:
    """Writes the values of a run, with their bars, as the baseline."""
    values = summary.all()
    measured = [(name, value) for name in GATED if (value := values.get(name)) and (value.items >= FEWEST or name in EXACT)]
    baseline = Baseline(
        cases=cases,
        measures={name: Recorded(value=value.value, items=value.items, bar=bar(name, value)) for name, value in measured},
    )
    file.write_text(json.dumps(baseline.model_dump(), indent=1) + "\n", "utf-8")
    return baseline


def bar(name: str, value: Value) -> float:
    """The worst value of a measure that still holds, once `value` is recorded."""
    if name in EXACT:
        return EXACT[name]
    tolerance = max(TOLERANCE, FEW_ITEMS / value.items)
    if name in ERRORS:
        return round(min(value.value + tolerance, AGREED.get(name, 1.0)), 4)
    return round(max(value.value - tolerance, AGREED.get(name, 0.0)), 4)


def _check(name: str, value: Value | None, recorded: Recorded) -> Check:
    # A baseline edited by hand does not move what was agreed.
    limit = bar(name, Value(recorded.value, 0, 0, recorded.items)) if name in EXACT or name in AGREED else recorded.bar
    if value is None:
        return Check(name, None, recorded.value, limit, "not measured")
    sign = -1 if name in ERRORS else 1
    if sign * value.value < sign * limit:
        return Check(name, value.value, recorded.value, limit, "below")
    return Check(name, value.value, recorded.value, limit, "better" if sign * (value.value - recorded.value) > 0 else "holds")
