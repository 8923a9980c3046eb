"""`python -m eval.held_out`: what was fitted on the labelled deals, fitted again without one of them and tried on that one.

Numbers that were chosen with a deal in sight flatter it. Here the threshold of refusal and the weights of search are chosen on two
deals by a rule, and measured on the third; each deal is the third once. Where the shipped numbers, chosen with all three in sight,
do better than that, the difference is owed to having seen the deal, or to a hand that chose otherwise than the rule.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from assistant.answers import Answer, Question
from assistant.models.extractive import Extractive
from assistant.models.heard import LEAST_HEARD
from assistant.ranking import Weights
from assistant.recipe import Recipe
from assistant.routes import route
from assistant.understand import Understood, understand
from eval import thresholds
from eval.cases import Case, load_cases
from eval.command import DATA
from eval.given import given_ranking
from eval.measures import ERRORS, QUESTION_MEASURES, RETRIEVAL_MEASURES, Measure, Row, Value, value_of
from eval.outcome import Given
from eval.paired import Difference, paired
from eval.questions import JudgedQuestion, judge
from eval.report import table
from eval.retrieval import RANKED, JudgedRanking, judge_rankings
from eval.run import run_case
from eval.subject import Baton, baton_on
from ingest.archive.scope import EVERYTHING

NOT_HELD_OUT = (
    "Not held out, for no rule could choose them again: the field's vocabulary, the grammar of promises and the stop lists were written\n"
    "by hand with all three deals in sight, and so were the values that the grid offers. Only a deal nobody has seen measures those."
)
Parts = TypeVar("Parts", Recipe, Weights)
OF_REFUSAL = ("false_answer", "false_decline", "correct")
OF_SEARCH = ("ndcg_at_10", "found_in_first_5")
_BY_NAME = {measure.name: measure for measure in RETRIEVAL_MEASURES}
CHOOSES = "ndcg_at_10"
"""It moves with every place a passage gains; whether evidence is among the first five stays as it is for most changes."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure on deals that had no part in the choice, beside the shipped numbers on the same."""

    shipped: Value | None
    held_out: Value | None
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Fold:
    """`deal` is the one left out, or `pooled` for all as each was when left out."""

    deal: str
    chosen: str
    measures: dict[str, Compared]


# --- the threshold of refusal


@dataclass(frozen=True, slots=True)
class Sure:
    """One question, answered whatever the confidence. A follow-up's comes from a thread in which everything was answered."""

    case: Case
    row: JudgedQuestion
    confidence: float

    def at(self, threshold: float) -> JudgedQuestion:
        return self.row if self.confidence >= threshold else judge(self.case, self.row.question, Given("declined"))


def answered_anyway(cases: Sequence[Case], baton: Baton) -> tuple[Sure, ...]:
    undaunted = Baton(replace(baton.kit, model=Extractive(enough=-math.inf)))
    found: list[Sure] = []
    for case in cases:
        answers = run_case(case, undaunted, _silent).outcome.answers
        found += [Sure(case, judge(case, q, answers[q.id]), answers[q.id].confidence or 0.0) for q in case.questions]
    return tuple(found)


def threshold_of(sure: Sequence[Sure]) -> float:
    """The middle of the widest range of thresholds with the best balanced accuracy: of the answerable answered, of the others declined."""
    at = sorted({one.confidence for one in sure})
    best, widest, middle = -1.0, 0.0, 0.0
    for low, high in pairwise(at):
        between = (low + high) / 2
        accuracy = round(_balanced(sure, between), 9)
        if (accuracy, high - low) > (best, widest):
            best, widest, middle = accuracy, high - low, between
    return middle


def refusal_folds(sure: Sequence[Sure], shipped: float = LEAST_HEARD) -> tuple[Fold, ...]:
    folds: list[Fold] = []
    old: dict[str, JudgedQuestion] = {}
    new: dict[str, JudgedQuestion] = {}
    for deal in dict.fromkeys(one.case.name for one in sure):
        threshold = threshold_of([one for one in sure if one.case.name != deal])
        here = {f"{deal} {one.row.question.id}": one for one in sure if one.case.name == deal}
        before, after = ({id: one.at(limit) for id, one in here.items()} for limit in (shipped, threshold))
        folds.append(Fold(deal, f"{threshold:.3f}", _compare(QUESTION_MEASURES, OF_REFUSAL, before, after)))
        old, new = {**old, **before}, {**new, **after}
    return (*folds, Fold("pooled", "", _compare(QUESTION_MEASURES, OF_REFUSAL, old, new)))


def _balanced(sure: Sequence[Sure], threshold: float) -> float:
    shares = []
    for answerable in (True, False):
        right = [(one.confidence >= threshold) == answerable for one in sure if one.row.question.answerable == answerable]
        shares.append(sum(right) / len(right) if right else 0.0)
    return sum(shares) / 2


# --- the weights of search


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight of the recipe and the values it is tried at."""

    name: str
    values: tuple[float, ...]
    """The plain one first."""
    put: Callable[[Recipe, float], Recipe]


PLAIN = Recipe(
    point=Weights(maxsim=1.0),
    broad=Weights(maxsim=1.0),
    voice=0.0,
    long_talk=0.0,
    related=0.0,
    history=0.0,
    cited_before=0.0,
    asked_before=0.0,
    answered_before=0.0,
    whole=0.0,
    newer=0.0,
    contract=0.0,
    speaker=0.0,
    titled=0.0,
    date=0.0,
    written=0.0,
    fields=0.0,
    asks=0.0,
)
"""Where every choice begins: token-level matching and nothing that was ever fitted to a deal. Its weight of 1 is what the others are
measured in."""


def grid() -> tuple[Weight, ...]:
    """In the order in which they are chosen: what most questions need first."""

    def rule(name: str, *values: float) -> Weight:
        return Weight(name, values, lambda recipe, value: _with(recipe, name, value))

    def scale(route: str, name: str, *values: float) -> Weight:
        return Weight(f"{route} {name}", values, lambda recipe, value: _with(recipe, route, _with(getattr(recipe, route), name, value)))

    return (
        scale("point", "words_wide", 0, 0.1, 0.3, 1), scale("point", "dense", 0, 0.3, 0.6, 1), scale("point", "maxsim_wide", 0, 0.25, 0.5),
        scale("point", "length", 0, 0.15, 0.3), scale("broad", "words_stretch", 0, 0.3, 1), scale("broad", "dense_far", 0, 0.3, 1),
        scale("broad", "maxsim", 1, 0),
        rule("related", 0, 0.3, 0.6, 1), rule("history", 0, 0.5, 1), rule("cited_before", 0, 0.5, 1, 2), rule("speaker", 0, 0.5, 1.5),
        rule("date", 0, 0.5, 1), rule("written", 0, 0.2, 0.4), rule("fields", 0, -0.5, -1), rule("asks", 0, -0.3, -0.6),
        rule("whole", 0, 0.1, 0.3), rule("asked_before", 0, 0.3), rule("answered_before", 0, 0.3), rule("newer", 0, 0.3),
        rule("titled", 0, 1.5),
        rule("contract", 0, 0.3),
    )  # fmt: skip


def _with(parts: Parts, name: str, value: Any) -> Parts:
    return replace(parts, **{name: value})


def choose(score: Callable[[Recipe], float], weights: Sequence[Weight]) -> Recipe:
    """One pass: each weight in turn at its best value beside those chosen before it; of equal ones the first."""
    chosen = PLAIN
    for weight in weights:
        chosen = max((weight.put(chosen, value) for value in weight.values), key=score)
    return chosen


def search_folds(cases: Sequence[Case], baton: Baton, progress: Callable[[str], None]) -> tuple[Fold, ...]:
    searches = {case.name: _Searches(case, baton, asked_in_thread(case, baton)) for case in cases}

    def score(deals: Sequence[str], recipe: Recipe) -> float:
        return fmean(_BY_NAME[CHOOSES].of(row).above for deal in deals for row in searches[deal].by(recipe).values())

    folds: list[Fold] = []
    old: dict[str, JudgedRanking] = {}
    new: dict[str, JudgedRanking] = {}
    for deal in searches:
        progress(f"choosing weights without {deal}")
        chosen = choose(partial(score, [other for other in searches if other != deal]), grid())
        before, after = searches[deal].by(baton.kit.recipe), searches[deal].by(chosen)
        folds.append(Fold(deal, _said(chosen), _compare(RETRIEVAL_MEASURES, OF_SEARCH, before, after)))
        old, new = {**old, **before}, {**new, **after}
    return (*folds, Fold("pooled", "", _compare(RETRIEVAL_MEASURES, OF_SEARCH, old, new)))


@dataclass(frozen=True)
class _Searches:
    """The answerable questions of one deal, searched by any recipe; each once by recipes that are the same to it."""

    case: Case
    baton: Baton
    asked: Mapping[str, Question]
    """By the label's id."""
    _done: dict[tuple[str, Recipe], JudgedRanking] = field(default_factory=dict)

    def by(self, recipe: Recipe) -> dict[str, JudgedRanking]:
        return {f"{self.case.name} {label.id}": self._search(label.id, recipe) for label in self.case.questions if label.answerable}

    def _search(self, label: str, recipe: Recipe) -> JudgedRanking:
        question = self.asked[label]
        people = self.baton.kit.people(EVERYTHING.only(question.account_id))
        used = _used(recipe, understand(question, people), question.text)
        if (label, used) not in self._done:
            passages = replace(self.baton, kit=replace(self.baton.kit, recipe=used)).find(question, RANKED)
            ranked = given_ranking(passages, self.case.history, self.baton.sources(question.account_id))
            [self._done[label, used]] = judge_rankings(self.case, {label: ranked})
        return self._done[label, used]


def _used(recipe: Recipe, understood: Understood, text: str) -> Recipe:
    """The recipe with the weights that this question does not use as they are when plain."""
    return replace(
        recipe,
        point=PLAIN.point if understood.broad else recipe.point,
        broad=recipe.broad if understood.broad else PLAIN.broad,
        speaker=recipe.speaker if understood.people else PLAIN.speaker,
        date=recipe.date if understood.month else PLAIN.date,
        history=recipe.history if understood.leans_back else PLAIN.history,
        cited_before=recipe.cited_before if understood.leans_back else PLAIN.cited_before,
        newer=recipe.newer if route(text).now else PLAIN.newer,
        contract=recipe.contract if route(text).now else PLAIN.contract,
    )


def asked_in_thread(case: Case, baton: Baton) -> dict[str, Question]:
    """Each question as the shipped system is asked it: a follow-up with the answers before it."""
    listening = _Listening(baton.kit)
    run_case(case, listening, _silent)
    return {label.id: question for label, question in zip(case.questions, listening.heard, strict=True)}


@dataclass(frozen=True)
class _Listening(Baton):
    heard: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.heard.append(question)
        return super().ask(question)


def _said(recipe: Recipe) -> str:
    """Its weights other than those it began with."""
    return ", ".join(
        f"{weight.name} {value:g}"
        for weight in grid()
        for value in weight.values
        if value != weight.values[0] and weight.put(recipe, value) == recipe
    )


# --- the command


def _compare(
    measures: Sequence[Measure[Row]], shown: Sequence[str], before: Mapping[str, Row], after: Mapping[str, Row]
) -> dict[str, Compared]:
    """The measures shown, over rows by their id."""

    def scores(measure: Measure[Row], rows: Mapping[str, Row]) -> dict[str, float]:
        ratios = {id: measure.of(row) for id, row in rows.items()}
        return {id: ratio.above / ratio.below for id, ratio in ratios.items() if ratio.below}

    return {
        measure.name: Compared(
            value_of(measure, before.values()), value_of(measure, after.values()), paired(scores(measure, before), scores(measure, after))
        )
        for measure in measures
        if measure.name in shown
    }


def as_text(refusal: Sequence[Fold], search: Sequence[Fold], ledger: Sequence[thresholds.Chosen] = ()) -> str:
    return "\n\n".join(
        [
            "Each deal by what was chosen on the other two, beside the shipped numbers; * counts errors, lower is better; [95 % interval].",
            f"The threshold of refusal, by balanced accuracy (shipped: {LEAST_HEARD}).\n{_table(refusal, OF_REFUSAL)}",
            _choices(refusal),
            f"The weights of search, by mean {CHOOSES} and one pass over a grid, from none.\n{_table(search, OF_SEARCH)}",
            _choices(search),
            *(
                [f"The thresholds of the ledger and the brief, each by the measure it is there for.\n{thresholds.as_text(ledger)}"]
                if ledger
                else []
            ),
            NOT_HELD_OUT,
        ]
    )


def as_json(refusal: Sequence[Fold], search: Sequence[Fold], ledger: Sequence[thresholds.Chosen] = ()) -> dict[str, Any]:
    return {
        "shipped_threshold": LEAST_HEARD,
        "refusal": list(map(_fold_json, refusal)),
        "search": list(map(_fold_json, search)),
        "ledger": list(map(asdict, ledger)),
        "note": NOT_HELD_OUT,
    }


def _choices(folds: Sequence[Fold]) -> str:
    return "\n".join(f"chosen without {fold.deal}: {fold.chosen}" for fold in folds if fold.chosen)


def _table(folds: Sequence[Fold], measures: Sequence[str]) -> str:
    rows = [["left out", "measure", "shipped", "held out", "difference", "n"]]
    for fold in folds:
        for measure in measures:
            one = fold.measures[measure]
            name = f"{measure}*" if measure in ERRORS else measure
            items = str(one.held_out.items) if one.held_out else "0"
            rows.append([fold.deal, name, _cell(one.shipped), _cell(one.held_out), _change(one.difference), items])
    return table(rows)


def _cell(value: Value | None) -> str:
    return "-" if value is None else f"{value.value:.3f} [{value.low:.2f} {value.high:.2f}]"


def _change(change: Difference | None) -> str:
    return "-" if change is None else f"{change.value:+.3f} [{change.low:+.2f} {change.high:+.2f}]"


def _fold_json(fold: Fold) -> dict[str, Any]:
    measures = {
        name: {part: (value := getattr(one, part)) and value._asdict() for part in ("shipped", "held_out", "difference")}
        for name, one in fold.measures.items()
    }
    return {"left_out": fold.deal, "chosen": fold.chosen, "measures": measures}


def _silent(deal: str, done: int, total: int) -> None:
    """Nobody is shown how far a run is."""


def _say(stage: str) -> None:
    print(stage, "…", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.held_out", description="Choose on two deals, measure on the third.")
    parser.add_argument("--home", type=Path, help="read the samples into this home and keep it (default: one that is thrown away)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there too")
    parser.add_argument("--ledger-only", action="store_true", help="only the thresholds of the ledger and the brief")
    chosen = parser.parse_args()
    cases = load_cases(DATA / "cases")
    with baton_on(DATA / "samples", chosen.home, _silent) as (baton, read):
        for note in read.notes:
            print(f"! {note}")
        refusal = () if chosen.ledger_only else refusal_folds(answered_anyway(cases, baton))
        search = () if chosen.ledger_only else search_folds(cases, baton, _say)
        ledger = thresholds.threshold_folds(cases, baton, _say)
    if chosen.json:
        chosen.json.write_text(json.dumps(as_json(refusal, search, ledger), indent=1) + "\n", "utf-8")
    print(thresholds.as_text(ledger) if chosen.ledger_only else as_text(refusal, search, ledger))
    return 0


if __name__ == "__main__":
    sys.exit(main())
