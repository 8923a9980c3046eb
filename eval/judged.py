"""`python -m eval.judged`: ragas' measures on the labelled deals, with the judge's standing and its agreement with exact measures.

Information only: nothing is held to it, and where the judge did not earn it, its numbers are marked as uncalibrated.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.settings import load_model_settings
from eval.cases import Case, load_cases
from eval.command import DATA
from eval.judging.asked import Asked, JudgeUnavailable
from eval.judging.port import Judge
from eval.judging.rules import Rules
from eval.judging.standing import Standing, as_text, load_items, standing, vote
from eval.measures import judge_case
from eval.public.folder import Absent, public_data
from eval.questions import JudgedQuestion
from eval.report import table
from eval.retrieval import JudgedRanking
from eval.run import run
from eval.sample import sampled
from eval.subject import baton_on
from ingest.home import find_home

CONTEXTS = 5
"""Passages that count as retrieved."""
HALF = 0.5
UNKNOWN = 1.0
"""The threshold of a judge that nobody has judged: only what it is wholly sure of."""


@dataclass(frozen=True, slots=True)
class Judged:
    """`agreement`: by measure, with which exact one it was compared, on how many questions, and on what share both said the same."""

    judge: str
    standing: Standing | None
    calibrated: bool
    questions: int
    means: Mapping[str, float]
    agreement: Mapping[str, tuple[str, int, float]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.judged", description="ragas' measures on the labelled deals.")
    parser.add_argument("--model", action="store_true", help="the language model of the settings judges; without it the rules")
    parser.add_argument("--votes", type=Path, metavar="FILE", help="the model's votes that `python -m eval.judging --votes` kept")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="about so many questions")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    settings = load_model_settings(find_home(None)) if given.model else None
    if given.model and settings is None:
        parser.error("no language model is set; name one by BATON_MODEL_BASE_URL and BATON_MODEL_NAME")
    judge: Judge = Asked(settings) if settings else Rules()
    try:
        found = judged(judge, _standing_of(judge, given.votes), given.sample)
    except ModuleNotFoundError as missing:
        print(f"{missing.name} is not installed; the judged measures need the extra: pip install 'baton-handoff[eval]'", file=sys.stderr)
        return 1
    except JudgeUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(as_json(found), indent=1) if given.json else text(found))
    return 0


def judged(judge: Judge, known: Standing | None, sample: int = 0) -> Judged:
    """Asks the labelled questions and has what was answered judged. Raises `ModuleNotFoundError` without the extra."""
    from eval.judging.ragas_measures import Sample, measured

    of_task = known.of_task("answer_faithfulness") if known else None
    cases: Sequence[Case] = load_cases(DATA / "cases")
    cases = sampled(cases, sample) if sample else cases
    with baton_on(DATA / "samples", None, lambda stage, done, total: None) as (baton, _):
        ran = run(cases, baton, lambda stage, done, total: None)
        embedder = baton.kit.embedder
    kept: list[tuple[JudgedQuestion, JudgedRanking]] = []
    samples = []
    for case in cases:
        outcome = ran[case.name].outcome
        rows = judge_case(case, outcome)
        rankings = {ranking.question.id: ranking for ranking in rows.rankings}
        for row in rows.questions:
            if row.status != "answered" or not row.question.evidence:
                continue
            contexts = tuple(passage.text for passage in outcome.ranked[row.question.id][:CONTEXTS])
            # What was cited is what the answer stands on; what search put forward is judged by the two measures of contexts.
            answer = " ".join(cited.quote for cited in row.given.citations) or row.given.text
            reference = " ".join(label.quote for label in row.question.evidence)
            samples.append(Sample(row.question.text, answer, contexts, reference))
            kept.append((row, rankings[row.question.id]))
    found = measured(samples, judge, of_task.threshold if of_task else UNKNOWN, embedder)
    names = list(found[0]) if found else []
    means = {name: sum(one[name] for one in found) / len(found) for name in names}
    exact: dict[str, tuple[str, Callable[[JudgedQuestion, JudgedRanking], bool]]] = {
        "factual_correctness": ("evidence_hit", lambda row, ranking: bool(row.evidence)),
        "context_recall": (f"found_in_first_{CONTEXTS}", lambda row, ranking: ranking.within(CONTEXTS)),
    }
    agreement = {}
    for name, (beside, holds) in exact.items():
        same = [(one[name] >= HALF) == holds(*rows_) for one, rows_ in zip(found, kept, strict=True)]
        agreement[name] = (beside, len(same), sum(same) / len(same) if same else 0.0)
    return Judged(judge.name, known, bool(of_task and of_task.calibrated), len(found), means, agreement)


def text(found: Judged) -> str:
    mark = "" if found.calibrated else "  UNCALIBRATED: read it as a hint, nothing is held to it"
    rows = [["JUDGED", "mean", "same as", "of the exact measure"]]
    for name, mean in found.means.items():
        beside, _, share = found.agreement.get(name, ("", 0, 0.0))
        rows.append([name, f"{mean:.3f}", f"{share:.3f}" if beside else "", beside])
    known = as_text(found.standing) if found.standing else f"JUDGE  {found.judge}: never judged (the labelled answers are not here)"
    return f"{known}\n\n{table(rows)}\n{found.questions} answered questions with labelled evidence, judged by {found.judge}{mark}"


def as_json(found: Judged) -> dict[str, Any]:
    return {
        "judge": found.judge,
        "calibrated": found.calibrated,
        "standing": found.standing and found.standing.as_json(),
        "questions": found.questions,
        "means": dict(found.means),
        "agreement": {name: {"with": a[0], "questions": a[1], "share": round(a[2], 4)} for name, a in found.agreement.items()},
    }


def _standing_of(judge: Judge, votes: Path | None) -> Standing | None:
    """None where the labelled answers are not here, or nobody has asked the model about them."""
    try:
        items = load_items(public_data(None, os.environ))
    except Absent:
        return None
    if isinstance(judge, Rules):
        return standing(judge.name, items, {item.id: vote(judge, item) for item in items})
    if votes is None:
        return None
    rows = [json.loads(line) for line in votes.read_text("utf-8").splitlines() if line.strip()]
    return standing(judge.name, items, {row["id"]: float(row["vote"]) for row in rows})


if __name__ == "__main__":
    sys.exit(main())
