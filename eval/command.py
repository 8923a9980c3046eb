"""The evaluation as one command: read the samples, ask and compose, measure, compare with the baseline, leave behind what was asked for."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from assistant.models.port import AnswerModel
from assistant.settings import load_model_settings
from assistant.wiring import language_model
from eval.cases import BadCases, Case, digest, load_cases
from eval.compare import Comparison, StoredRun, compare, comparison_json, comparison_text, load_run
from eval.gate import NoBaseline, hold, record
from eval.items import items_of
from eval.junit import write_junit
from eval.measures import judge_case, pool, summarise
from eval.outcome import Given
from eval.report import Report, Timing, as_json, as_text
from eval.run import Ran, run
from eval.run_page import page, runs_in
from eval.sample import sampled
from eval.stamp import stamp_of
from eval.subject import baton_on
from ingest.home import find_home

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
RESULTS = HERE / "results"
"""Where `make eval` leaves the runs of a checkout."""
"""The development deals of the source tree: `samples/` to be read, `cases/` to judge by."""
BASELINE = HERE / "baseline.json"
GATE_FAILED = 4
UNWRITTEN = 1

Progress = Callable[[str, int, int], None]


class CannotRecord(ValueError):
    """What was measured is not what the baseline is kept for."""


class CannotWrite(ValueError):
    """Where the run should be left, nothing can be written; found before anything is asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line; see `eval.options`."""

    data: Path | None = None
    only: tuple[str, ...] = ()
    home: Path | None = None
    as_json: bool = False
    worst: int = 0
    write_baseline: bool = False
    against: Path | None = None
    out: Path | None = None
    junit: Path | None = None
    model: bool = False
    sample: int = 0
    raise_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What to print, and with which exit code to end."""

    text: str
    code: int
    unwritten: tuple[str, ...] = ()
    """Why a file was not left behind; the text holds the run all the same."""


def evaluate(wanted: Wanted, width: int) -> Told:
    """Raises `BadCases`, `NotARun`, `CannotRecord`, `CannotWrite` and `OSError`, as far as it can before the run."""
    if wanted.model or wanted.sample:
        return _beside_model(wanted, width)
    earlier = load_run(wanted.against) if wanted.against else None
    _try_writing(wanted)
    report, code = run_eval(
        wanted.data,
        only=wanted.only,
        home=wanted.home,
        write_baseline=wanted.write_baseline or wanted.raise_baseline,
        better_alone=wanted.raise_baseline,
    )
    body = as_json(report)
    comparison = compare(earlier, StoredRun.model_validate(body)) if earlier else None
    unwritten = _leave_behind(report, body, wanted, comparison)
    code = UNWRITTEN if unwritten else code
    if wanted.as_json:
        return Told(json.dumps(body | _compared(comparison), ensure_ascii=False, indent=1), code, unwritten)
    text = as_text(report, wanted.worst, width)
    return Told("\n\n".join([text, comparison_text(comparison, width)] if comparison else [text]), code, unwritten)


def _beside_model(wanted: Wanted, width: int) -> Told:
    """Without a model, then with it, and what differs. Neither is gated: the bars are for all questions, and for what gives the same
    answers every time."""
    if wanted.write_baseline or wanted.raise_baseline or wanted.against or wanted.junit:
        raise CannotRecord(
            "--model and --sample measure beside the baseline; leave out --write-baseline, --raise-baseline, --against and --junit"
        )
    settings = load_model_settings(find_home(wanted.home)) if wanted.model else None
    if wanted.model and settings is None:
        raise CannotRecord(
            "no language model is set; name one by BATON_MODEL_BASE_URL, BATON_MODEL_NAME and BATON_MODEL_KEY, or in baton.toml"
        )
    _try_writing(wanted)
    plain, _ = run_eval(wanted.data, only=wanted.only, home=wanted.home, sample=wanted.sample, gated=False)
    if settings is None:
        return Told(json.dumps(as_json(plain), ensure_ascii=False, indent=1) if wanted.as_json else as_text(plain, wanted.worst, width), 0)
    model = language_model(settings)
    report, _ = run_eval(
        wanted.data, only=wanted.only, home=wanted.home, sample=wanted.sample, gated=False, model=model, progress=_say_progress
    )
    report = replace(report, stamp=replace(report.stamp, of="model"))
    body = as_json(report)
    comparison = compare(StoredRun.model_validate(as_json(plain)), StoredRun.model_validate(body))
    unwritten = _leave_behind(report, body, wanted, comparison)
    code = UNWRITTEN if unwritten else 0
    if wanted.as_json:
        return Told(json.dumps(body | _compared(comparison), ensure_ascii=False, indent=1), code, unwritten)
    parts = [as_text(plain, 0, width), f"WITH {settings.name}", as_text(report, wanted.worst, width), comparison_text(comparison, width)]
    return Told("\n\n".join(parts), code, unwritten)


def _say_progress(stage: str, done: int, total: int) -> None:
    print(f"{stage}: {done} of {total}", file=sys.stderr, flush=True)


def run_eval(
    data: Path | None = None,
    *,
    only: Sequence[str] = (),
    home: Path | None = None,
    write_baseline: bool = False,
    better_alone: bool = False,
    progress: Progress = lambda stage, done, total: None,
    sample: int = 0,
    gated: bool = True,
    model: AnswerModel | None = None,
) -> tuple[Report, int]:
    """The report and the exit code: 4 when a measure of the development deals fell below its bar, else 0.

    `data` is a folder with `samples/` and `cases/`; another one than the project's own is measured and not gated, and so is a run
    over `only` some deals. Raises `BadCases` and `CannotRecord`, the latter also for a degraded run.
    """
    stamp = stamp_of(HERE.parent, datetime.now(UTC))
    folder = data or DATA
    if not (folder / "cases").is_dir():
        raise BadCases(
            f"{folder}: no labelled deals here; give a folder with samples/ and cases/ (the development deals come with the source tree)"
        )
    cases = _chosen(load_cases(folder / "cases"), only, folder)
    if not (folder / "samples").is_dir():
        raise BadCases(f"{folder}: no samples to read; the exports that the cases ask about belong in {folder / 'samples'}")
    gated = gated and folder.resolve() == DATA and not only
    if write_baseline and not gated:
        raise CannotRecord("the baseline is that of all the deals that come with Baton; record it without naming cases or deals")
    if sample:
        cases = sampled(cases, sample)
    with baton_on(folder / "samples", home, progress, model, facts_too=not sample) as (baton, read):
        if write_baseline:
            _refuse_degraded(read.notes)
        ran = run(cases, baton, progress)
    notes = (
        *read.notes,
        *filter(None, [read.facts]),
        *(f"no brief of {name}: {one.brief_error}" for name, one in ran.items() if one.brief_error),
    )
    if write_baseline:
        _refuse_degraded(notes)
    notes = (*notes, *_instead([given for one in ran.values() for given in one.outcome.answers.values()]))
    judged = {case.name: judge_case(case, ran[case.name].outcome) for case in cases}
    rows = pool(list(judged.values()))
    summary, labels = summarise(rows), digest(folder / "cases")
    items = tuple(item for deal, of_deal in judged.items() for item in items_of(deal, of_deal))
    try:
        raised = record(summary, items, labels, BASELINE, better_alone=better_alone) if write_baseline else None
    except NoBaseline as error:
        raise CannotRecord(str(error)) from error
    gate = hold(summary, items, labels, BASELINE) if gated else None
    timing = _timing(read.seconds, list(ran.values()))
    report = Report(tuple(judged), labels, rows, summary, items, gate, notes, stamp, timing, raised)
    return report, 0 if gate is None or gate.passed else GATE_FAILED


def _try_writing(wanted: Wanted) -> None:
    """A mistyped place is told before minutes of work, not after. Raises `CannotWrite`."""
    if wanted.out:
        try_folder(wanted.out)
    if wanted.junit:
        _try_file(wanted.junit)


def try_folder(folder: Path) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            raise CannotWrite(f"--out {folder}: this is a file; name a folder")
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotWrite(f"--out {folder}: nothing can be written there ({error.strerror}); name another folder") from error


def _try_file(file: Path) -> None:
    try:
        if file.is_dir():
            raise CannotWrite(f"--junit {file}: this is a folder; name a file, such as {file / 'junit.xml'}")
        file.parent.mkdir(parents=True, exist_ok=True)
        new = not file.exists() and not file.is_symlink()
        with file.open("ab"):
            pass
        if new:
            file.unlink()
    except OSError as error:
        raise CannotWrite(f"--junit {file}: this cannot be written ({error.strerror}); name another file") from error


def _leave_behind(report: Report, body: dict[str, object], wanted: Wanted, comparison: Comparison | None) -> tuple[str, ...]:
    """Writes the files asked for, each whatever becomes of the others; what could not be written, in words."""
    writers: list[tuple[Path, Callable[[Path], object]]] = []
    if wanted.out:
        text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
        writers.append((wanted.out / f"{report.stamp.name}.json", lambda file: file.write_text(text, "utf-8")))
        html = page(body, comparison_json(comparison) if comparison else None, runs_in(wanted.out, report.stamp.name))
        writers.append((wanted.out / f"{report.stamp.name}.html", lambda file: file.write_text(html, "utf-8", errors="replace")))
    for place in (wanted.junit, wanted.out and wanted.out / f"{report.stamp.name}.junit.xml"):
        if place:
            writers.append((place, lambda file: write_junit(report, file)))
    unwritten = []
    for file, write in writers:
        try:
            write(file)
        except OSError as error:
            unwritten.append(f"{file}: the run could not be written here: {error.strerror or error}")
    return tuple(unwritten)


def _instead(given: Sequence[Given]) -> tuple[str, ...]:
    """How many answers the language model did not give, by reason."""
    why = Counter(each.instead for each in given if each.instead)
    return tuple(f"{count} of {len(given)} {reason}" for reason, count in why.most_common())


def _refuse_degraded(notes: Sequence[str]) -> None:
    """A run with less than everything would lower the bars for every run to come."""
    if notes:
        raise CannotRecord(f"the baseline is not recorded, because this run is degraded: {'; '.join(notes)}; see to that and run again")


def _compared(comparison: Comparison | None) -> dict[str, object]:
    return {"comparison": comparison_json(comparison)} if comparison else {}


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
