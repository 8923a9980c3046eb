"""The evaluation as one command: read the samples, ask and compose, measure, compare with the baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from eval.cases import BadCases, Case, digest, load_cases
from eval.gate import hold, record
from eval.measures import judge_case, pool, summarise
from eval.report import Report, Timing
from eval.run import Ran, run
from eval.subject import baton_on

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
"""The development deals of the source tree: `samples/` to be read, `cases/` to judge by."""
BASELINE = HERE / "baseline.json"
GATE_FAILED = 4

Progress = Callable[[str, int, int], None]


def run_eval(
    data: Path | None = None,
    *,
    only: Sequence[str] = (),
    home: Path | None = None,
    write_baseline: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Report, int]:
    """The report and the exit code: 4 when a measure of the development deals fell below its bar, else 0.

    `data` is a folder with `samples/` and `cases/`; another one than the project's own is measured and not gated, and so is a run
    over `only` some deals. Raises `BadCases`.
    """
    folder = data or DATA
    if not (folder / "cases").is_dir():
        raise BadCases(
            f"{folder}: no labelled deals here; give a folder with samples/ and cases/ (the development deals come with the source tree)"
        )
    cases = _chosen(load_cases(folder / "cases"), only, folder)
    if not (folder / "samples").is_dir():
        raise BadCases(f"{folder}: no samples to read; the exports that the cases ask about belong in {folder / 'samples'}")
    with baton_on(folder / "samples", home, progress) as (baton, read):
        ran = run(cases, baton, progress)
    rows = pool([judge_case(case, ran[case.name].outcome) for case in cases])
    summary, labels = summarise(rows), digest(folder / "cases")
    gated = folder.resolve() == DATA and not only
    if gated and write_baseline:
        record(summary, labels, BASELINE)
    gate = hold(summary, labels, BASELINE) if gated else None
    notes = (*read.notes, *(f"no brief of {name}: {one.brief_error}" for name, one in ran.items() if one.brief_error))
    report = Report(tuple(case.name for case in cases), labels, rows, summary, gate, notes, _timing(read.seconds, list(ran.values())))
    return report, 0 if gate is None or gate.passed else GATE_FAILED


def _chosen(cases: Sequence[Case], only: Sequence[str], folder: Path) -> list[Case]:
    known = [case.name for case in cases]
    if unknown := [name for name in only if name not in known]:
        raise BadCases(f"{folder}: no labelled deal {unknown[0]!r}; there are {', '.join(known)}")
    return [case for case in cases if not only or case.name in only]


def _timing(ingest_s: float, ran: Sequence[Ran]) -> Timing:
    asked = sorted(given.seconds for one in ran for given in one.outcome.answers.values() if given.seconds is not None)
    return Timing(ingest_s, _percentile(asked, 0.5), _percentile(asked, 0.95), sum(one.brief_s for one in ran))


def _percentile(ascending: Sequence[float], share: float) -> float:
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))] if ascending else 0.0
