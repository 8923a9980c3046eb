"""Holds the line: compares a run with the recorded baseline, measure by measure and case by case, and says what got worse and why.

The rule. A gated measure fails when it is worse than recorded by more than the tolerance: 0.03, or the weight of two items where
that is larger, because 8-bit arithmetic differs between kinds of processor and turns a close call or two. It also fails when, on the
very items that were recorded, it is worse by more than chance: the 95 % interval of the paired difference lies wholly on the worse
side. Measures of what was given rather than of labels (citations, precisions) have no items to pair and are held to the tolerance.
A measure over fewer than 20 items is reported, not gated. Promises that allow no exception have their bar at the best value whatever
was recorded, and whatever was recorded, nothing falls below what was agreed as the least. An improvement passes; record it with
`--raise-baseline`, so that the next change is held to it.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.items import Item, scores_of
from eval.measures import ERRORS, Summary, Value
from eval.paired import Difference, paired

GATED = (
    "correct", "fact_recall", "fact_in_text", "evidence_hit", "citation_precision", "citation_validity", "source_correct",
    "speaker_correct", "day_correct",
    "must_not_violation", "false_answer", "false_decline", "decline_auc", "failed",
    "cut_citation", "foreign_citation", "late_citation", "misplaced_citation", "unsupported_figure",
    "found_in_first_5", "found_in_first_10", "found_in_first_20", "recall_at_10", "ndcg_at_10", "recall_within_1000",
    "promise_recall", "promise_right", "promise_precision", "promise_quote_valid", "hard_negatives", "hard_negatives_asserted",
    "strength_accuracy", "contract_accuracy", "made_by_accuracy", "made_on_accuracy", "due_accuracy", "condition_recall",
    "supersession_recall", "superseded_as_current", "change_recall", "risk_recall", "stakeholder_recall", "stakeholder_role",
    "stakeholder_stance", "gap_recall", "gap_answered", "reason_recall", "requirement_recall", "term_recall", "date_recall",
)  # fmt: skip
"""What is worth holding; of these, what is measured on enough items."""
EXACT = {
    "citation_validity": 1.0, "failed": 0.0, "cut_citation": 0.0, "foreign_citation": 0.0, "late_citation": 0.0,
    "misplaced_citation": 0.0, "unsupported_figure": 0.0, "hard_negatives_asserted": 0.0,
}  # fmt: skip
AGREED = {"evidence_hit": 0.45, "fact_recall": 0.45, "false_answer": 0.60, "false_decline": 0.20}
TOLERANCE = 0.03
FEW_ITEMS = 2
FEWEST = 20
ROUNDING = 0.00015
"""Two roundings to four places; no single item of anything measured here weighs as little."""

Verdict = Literal["holds", "better", "below", "not measured"]


class NoBaseline(ValueError):
    """There is nothing to compare with; the message says why and what to do."""


class _Edge(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Recorded(_Edge):
    value: float
    low: float
    high: float
    items: int = Field(ge=1)
    bar: float
    """The worst value that still holds."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval as it was shown."""
        return self.low, self.high


class RecordedCase(_Edge):
    right: bool
    scores: dict[str, float] = {}
    """Of the gated measures that apply."""


class Baseline(_Edge):
    """`eval/baseline.json`: a line a measure and a line a case, so that a change of either is a line in a diff."""

    labels: str
    """Digest of the labels the values were measured on."""
    measures: dict[str, Recorded]
    cases: dict[str, RecordedCase]


@dataclass(frozen=True, slots=True)
class Check:
    measure: str
    value: Value | None
    recorded: Recorded
    bar: float
    difference: Difference | None
    """Now minus recorded on the items of both; None where the measure has none to pair."""
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """Why it fails, in words."""

    @property
    def failed(self) -> bool:
        return self.verdict in ("below", "not measured")


@dataclass(frozen=True, slots=True)
class Gate:
    checks: tuple[Check, ...]
    newly_failing: tuple[Item, ...] = ()
    newly_passing: tuple[Item, ...] = ()
    known: frozenset[str] = frozenset()
    """Ids of the items that went wrong when the baseline was recorded."""
    fault: str = ""
    """Why nothing could be compared; such a gate has not been passed."""

    @property
    def passed(self) -> bool:
        return not self.fault and not any(check.failed for check in self.checks)


@dataclass(frozen=True, slots=True)
class Raised:
    """A measure whose record or bar is another than before; `before` is None for one newly gated, `after` for one no longer gated."""

    measure: str
    before: Recorded | None
    after: Recorded | None

    @property
    def lowered(self) -> bool:
        """Less is asked from now on."""
        return self.after is None or (self.before is not None and _worse(self.measure, self.after.bar, self.before.bar))


def hold(summary: Summary, items: Sequence[Item], labels: str, file: Path) -> Gate:
    """The gate of a run over the labels with digest `labels` against a baseline file."""
    try:
        baseline = load_baseline(file)
    except NoBaseline as error:
        return Gate((), fault=str(error))
    if baseline.labels != labels:
        return Gate((), fault=f"{file}: recorded on other labels than these; look the numbers over, then record them with --write-baseline")
    values, cases = summary.all(), baseline.cases
    if missing := [name for name in {**EXACT, **AGREED, **_gated(values)} if name not in baseline.measures]:
        return Gate((), fault=f"{file}: lacks {', '.join(missing)}, which are held; record it again with --write-baseline")
    return Gate(
        tuple(_check(name, values.get(name), recorded, _difference(name, cases, items)) for name, recorded in baseline.measures.items()),
        newly_failing=tuple(item for item in items if not item.right and item.id in cases and cases[item.id].right),
        newly_passing=tuple(item for item in items if item.right and item.id in cases and not cases[item.id].right),
        known=frozenset(id for id, case in cases.items() if not case.right),
    )


def load_baseline(file: Path) -> Baseline:
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise NoBaseline(f"{file}: no baseline is recorded yet; record one with --write-baseline") from None
    except ValidationError as error:
        raise NoBaseline(f"{file}: not a baseline ({error.errors()[0]['msg']}); record a new one with --write-baseline") from error


def record(summary: Summary, items: Sequence[Item], labels: str, file: Path, *, better_alone: bool = False) -> tuple[Raised, ...]:
    """Writes a run with its bars as the baseline, and tells what that changes for the runs to come.

    `better_alone`: where the run is no better than what is recorded over the same labels, that stays, with its items. Raises
    `NoBaseline` where nothing is recorded over these labels.
    """
    values = summary.all()
    measured = _gated(values)
    baseline = Baseline(
        labels=labels,
        measures={name: _recorded(name, value) for name, value in measured.items()},
        cases={item.id: RecordedCase(right=item.right, scores=_scores(item, measured)) for item in items},
    )
    if better_alone:
        baseline = _best_of(load_baseline(file), baseline)
    try:
        before = load_baseline(file).measures
    except NoBaseline:
        before = {}
    file.write_text(_text(baseline), "utf-8")
    after = baseline.measures
    return tuple(Raised(name, before.get(name), after.get(name)) for name in after | before if not _same(before.get(name), after.get(name)))


def _best_of(old: Baseline, new: Baseline) -> Baseline:
    """The better of two by measure, and of each measure the items that it was taken from."""
    if old.labels != new.labels:
        raise NoBaseline("the baseline was recorded on other labels than these; record this run whole with --write-baseline")
    kept = {name for name, one in old.measures.items() if not (now := new.measures.get(name)) or not _worse(name, one.value, now.value)}

    def case(id: str, now: RecordedCase) -> RecordedCase:
        then = old.cases.get(id)
        if then is None:
            return now
        stays = {name: score for name, score in then.scores.items() if name in kept}
        return RecordedCase(right=now.right or then.right, scores={n: score for n, score in now.scores.items() if n not in kept} | stays)

    measures = {name: old.measures[name] if name in kept else new.measures[name] for name in old.measures | new.measures}
    return Baseline(labels=new.labels, measures=measures, cases={id: case(id, now) for id, now in new.cases.items()})


def _gated(values: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name in GATED if (value := values.get(name)) and (value.items >= FEWEST or name in EXACT)}


def _recorded(name: str, value: Value) -> Recorded:
    low, high = value.bounds
    return Recorded(value=value.value, low=low, high=high, items=value.items, bar=bar(name, value))


def bar(name: str, value: Value) -> float:
    """The worst value of a measure that still holds, once `value` is recorded."""
    if name in EXACT:
        return EXACT[name]
    tolerance = max(TOLERANCE, FEW_ITEMS / value.items)
    if name in ERRORS:
        return round(min(value.value + tolerance, AGREED.get(name, 1.0)), 4)
    return round(max(value.value - tolerance, AGREED.get(name, 0.0)), 4)


def _check(name: str, value: Value | None, recorded: Recorded, difference: Difference | None) -> Check:
    # A baseline edited by hand does not move what was agreed.
    exact_or_agreed = name in EXACT or name in AGREED
    limit = bar(name, Value(recorded.value, recorded.low, recorded.high, recorded.items)) if exact_or_agreed else recorded.bar
    if value is None:
        return Check(name, None, recorded, limit, difference, "not measured", ("nothing was there to measure",))
    reasons = []
    if past(name, value.value, limit):
        reasons.append(f"{value.value:.3f} is past the bar of {limit:.3f}{_why(name, limit)}")
    if difference and difference.significant and _worse(name, difference.value, 0):
        low, high = sorted((abs(difference.low), abs(difference.high)))
        reasons.append(
            f"on the {difference.items} items of the baseline it is worse by {abs(difference.value):.3f} [{low:.3f} to {high:.3f}], "
            "more than chance"
        )
    if reasons:
        return Check(name, value, recorded, limit, difference, "below", tuple(reasons))
    return Check(name, value, recorded, limit, difference, "better" if _worse(name, recorded.value, value.value) else "holds")


def _why(name: str, limit: float) -> str:
    if name in EXACT:
        return " (no exception is allowed)"
    return " (agreed as the least)" if AGREED.get(name) == limit else ""


def _worse(name: str, value: float, other: float) -> bool:
    return value > other if name in ERRORS else value < other


def past(name: str, value: float, limit: float) -> bool:
    """Both were rounded to four places: two items of 21 are .0952, and the bar that allows two may stand at .8572 for .8571."""
    return _worse(name, value, limit) and abs(value - limit) > ROUNDING


def _difference(name: str, cases: dict[str, RecordedCase], items: Sequence[Item]) -> Difference | None:
    return paired({id: case.scores[name] for id, case in cases.items() if name in case.scores}, scores_of(name, items))


def _scores(item: Item, gated: Container[str]) -> dict[str, float]:
    return {name: score for name, score in item.scores.items() if name in gated}


def _same(before: Recorded | None, after: Recorded | None) -> bool:
    return before is not None and after is not None and (before.value, before.bar) == (after.value, after.bar)


def _text(baseline: Baseline) -> str:
    """JSON with one line for each measure and each case."""
    body = baseline.model_dump()
    blocks = [f' "labels": {json.dumps(body["labels"])}', *(_block(name, body[name]) for name in ("measures", "cases"))]
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _block(name: str, rows: dict[str, Any]) -> str:
    lines = ",\n".join(f"  {json.dumps(key, ensure_ascii=False)}: {json.dumps(row)}" for key, row in rows.items())
    return f' "{name}": {{\n{lines}\n }}'
