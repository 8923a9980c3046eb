"""The scorer that the labels came with, run on the same outcomes, where the folder it lives in is at hand."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from eval.briefs import POINT_KINDS
from eval.measures import ERRORS, Summary, Value
from eval.outcome import GivenPoint, GivenPromise, Outcome

ORIGINAL = Path(__file__).resolve().parents[2].parent / "shared" / "dealbench"
OURS_ALONE = {
    "cut_citation", "foreign_citation", "late_citation", "misplaced_citation", "unsupported_figure", "day_correct", "decline_auc",
    "promise_right",
    "made_on_accuracy", "due_accuracy", "condition_recall", "supersession_recall", "superseded_as_current", "change_recall", "gap_recall",
    "gap_answered",
    "given_gaps", "answer_words", "quoted_words", "model_tokens",
    *(f"{kind}_{what}" for kind in POINT_KINDS for what in ("recall", "precision")),
}  # fmt: skip
RENAMED = {"expected_promises": "gold_promises", "given_promises": "emitted_promises"}


def original_scorer() -> ModuleType | None:
    file = ORIGINAL / "tools" / "score.py"
    if not file.is_file():
        return None
    spec = importlib.util.spec_from_file_location("original_score", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def original_numbers(scorer: ModuleType, outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """The original's pooled numbers of these outcomes, by deal."""
    scores = []
    for deal, outcome in outcomes.items():
        story = json.loads((ORIGINAL / "dev" / deal / "story.json").read_text("utf-8"))
        names = json.loads((ORIGINAL / "keys" / f"{deal}.map.json").read_text("utf-8"))
        scores.append(scorer.score(story, names, as_results(outcome)))
    summary: dict[str, Any] = json.loads(json.dumps(scorer.pool(scores)["summary"]))
    del summary["latency"]
    return summary


def as_results(outcome: Outcome) -> dict[str, Any]:
    """The original's input: answers by question id, and a brief."""
    brief = outcome.brief
    return {
        "answers": {
            question: {
                "status": given.status,
                "text": given.text,
                "seconds": given.seconds,
                "citations": [{"source": c.source, "quote": c.quote, "speaker": c.speaker} for c in given.citations],
            }
            for question, given in outcome.answers.items()
        },
        "brief": {
            "promises": [
                _point(p) | {"strength": p.strength, "contract": p.contract, "made_by": p.made_by, "due": p.due} for p in brief.promises
            ],
            "risks": [_point(point) for point in brief.risks],
            "goals": [_point(point) for point in brief.goals],
            "stakeholders": [{"name": p.name, "roles": list(p.roles), "stance": p.stance} for p in brief.people],
            "gaps": [gap.question for gap in brief.gaps],
            "words": brief.words,
        },
    }


def as_original(summary: Summary) -> dict[str, Any]:
    """Our numbers under the original's names: errors carry a star, and what only we measure is left out."""
    return {
        "questions": _starred(summary.questions),
        "follow_ups": _starred(summary.follow_ups),
        "types": {
            name: {"n": row.questions, "answerable": row.answerable}
            | {_star(key): None if value is None else value.value for key, value in row.values.items()}
            for name, row in summary.types.items()
        },
        "brief": _starred(summary.brief),
        "counts": {RENAMED.get(name, name): count for name, count in summary.counts.items() if name not in OURS_ALONE},
    }


def _point(point: GivenPromise | GivenPoint) -> dict[str, Any]:
    return {"text": point.text, "quote": point.quotes[0] if point.quotes else "", "quotes": list(point.quotes[1:]), "source": point.source}


def _starred(values: dict[str, Value | None]) -> dict[str, Any]:
    return {_star(name): None if value is None else list(value[:4]) for name, value in values.items() if name not in OURS_ALONE}


def _star(name: str) -> str:
    return f"{name}*" if name in ERRORS else name


def write_expected(file: Path) -> None:
    """Stores the original's numbers of every outcome the agreement test tries."""
    from eval.cases import load_cases
    from tests.eval.conftest import PUBLISHED_ORDER
    from tests.eval.mutants import ALL, CASES

    scorer = original_scorer()
    if scorer is None:
        raise SystemExit(f"{ORIGINAL} is not here: nothing to take the numbers from")
    by_name = {case.name: case for case in load_cases(CASES)}
    cases = [by_name[name] for name in PUBLISHED_ORDER]
    numbers = {name: original_numbers(scorer, {case.name: make(case) for case in cases}) for name, make in ALL.items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(summary)}" for name, summary in numbers.items())
    file.write_text(f"{{{lines}}}\n", "utf-8")


if __name__ == "__main__":
    write_expected(Path(__file__).parent / "data" / "expected.json")
