"""`python -m eval.ablations`: what each stage adds, by taking one away at a time and asking the labelled questions again.

A stage is worth its lines when the questions go worse without it. With a hundred questions most differences are small beside their
intervals: an interval that holds 0 says that these deals cannot tell, not that the stage does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answers import Answer, Block, Citation, Claim, Draft, Question, Quote
from assistant.citations import cite
from assistant.evidence import Evidence
from assistant.finding import receipt
from assistant.grounding import locate
from assistant.models.extractive import Extractive
from assistant.ranking import Weights
from assistant.recipe import Recipe
from assistant.room import Room
from assistant.wiring import Kit
from eval.cases import Case, load_cases
from eval.command import DATA
from eval.items import Item, items_of, scores_of
from eval.measures import ERRORS, judge_case
from eval.outcome import Cited, Status
from eval.paired import Difference, paired
from eval.report import table
from eval.run import run_case
from eval.subject import Baton, Subject, baton_on
from ingest.archive.scope import Scope
from ingest.records import Span

SHOWN = {
    "of answers": ("correct", "fact_recall", "evidence_hit"),
    "of errors": ("must_not_violation", "false_answer", "false_decline"),
    "of search": ("found_in_first_5", "found_in_first_20", "ndcg_at_10"),
}
MEASURES = tuple(measure for shown in SHOWN.values() for measure in shown)


@dataclass(frozen=True, slots=True)
class Variant:
    name: str
    without: str
    """What is taken away, as a sentence for the reader of the table."""
    change: Callable[[Kit], Kit]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the questions of all deals gave."""

    items: tuple[Item, ...]
    given: Mapping[str, tuple[Status, str, tuple[Cited, ...]]]
    """What the reader is shown, by item id."""

    def value(self, measure: str) -> float | None:
        scores = scores_of(measure, self.items)
        return sum(scores.values()) / len(scores) if scores else None


@dataclass(frozen=True, slots=True)
class Ablated:
    """One row: the values without the stage, and what differs from the whole, question by question."""

    name: str
    without: str
    values: dict[str, float | None]
    differences: dict[str, Difference | None]
    gained: int
    """Questions that are right without the stage and were wrong with it."""
    lost: int
    changed: int
    """Questions whose answer differs at all."""


def variants() -> tuple[Variant, ...]:
    def recipe(name: str, without: str, change: Callable[[Recipe], Recipe]) -> Variant:
        return Variant(name, without, lambda kit: replace(kit, recipe=change(kit.recipe)))

    undaunted = Extractive(enough=-math.inf)
    return (
        recipe("words only", "No embeddings: BM25, and the refusal rule that goes with it.", lambda r: replace(r, meaning=False)),
        recipe("vectors only", "No BM25 at any width.", _vectors_only),
        recipe("no rerank", "No matching token by token; mean vectors and words remain.", _no_maxsim),
        Variant("no neighbours", "Every passage is scored by itself, at each scale.", _by_themselves),
        recipe("no whole documents", "What a whole mail or paper is about counts nothing for its parts.", lambda r: replace(r, whole=0.0)),
        recipe("no present", "Nothing is lifted for being the contract or said last.", lambda r: replace(r, newer=0.0, contract=0.0)),
        recipe("no broad routing", "A question about a whole discussion is searched like any other.", lambda r: replace(r, broad=r.point)),
        recipe("no vocabulary", "The field's words for what is asked are not searched.", lambda r: replace(r, related=0.0)),
        recipe("no speaker rule", "Naming a person lifts nothing.", lambda r: replace(r, speaker=0.0)),
        recipe("no date rule", "Naming a month or day lifts nothing.", lambda r: replace(r, date=0.0)),
        recipe(
            "no manner",
            "What is in writing, of the CRM or a question stands alike.",
            lambda r: replace(r, written=0.0, fields=0.0, asks=0.0),
        ),
        recipe("no history", "A follow-up is searched by its own few words.", _no_thread),
        Variant("never declines", "Whatever is closest is given as the answer.", lambda kit: replace(kit, model=undaunted)),
        Variant("no grounding", "Claims whose quotes lack their figures and names are shown.", lambda kit: replace(kit, ground=ungrounded)),
    )


def ask_all(cases: Sequence[Case], subject: Subject) -> Asked:
    items: list[Item] = []
    given: dict[str, tuple[Status, str, tuple[Cited, ...]]] = {}
    for case in cases:
        outcome = run_case(case, subject, lambda deal, done, total: None).outcome
        items += [item for item in items_of(case.name, judge_case(case, outcome)) if "correct" in item.scores]
        given |= {f"{case.name} {id}": (answer.status, answer.text, answer.citations) for id, answer in outcome.answers.items()}
    return Asked(tuple(items), given)


def compare(whole: Asked, variant: Variant, without: Asked) -> Ablated:
    was, now = scores_of("correct", whole.items), scores_of("correct", without.items)
    return Ablated(
        name=variant.name,
        without=variant.without,
        values={measure: without.value(measure) for measure in MEASURES},
        differences={m: paired(scores_of(m, whole.items), scores_of(m, without.items)) for m in MEASURES},
        gained=sum(now[id] > was[id] for id in was),
        lost=sum(now[id] < was[id] for id in was),
        changed=sum(without.given[id] != whole.given[id] for id in whole.given),
    )


def as_text(whole: Asked, rows: Sequence[Ablated]) -> str:
    """A table each for answers, their errors and search: a line of all would not fit a terminal."""
    heading = (
        f"{len(whole.given)} questions, one stage taken away at a time. Each cell is the difference to everything with its 95 % interval\n"
        "over the questions, `=` where there is none; * counts errors, lower is better. Gained and lost are questions that became right\n"
        "or wrong, changed all whose answer is another."
    )
    tables = []
    for head, measures in SHOWN.items():
        counted = ["gained", "lost", "changed"] if "correct" in measures else []
        lines = [[head, *map(_starred, measures), *counted], ["everything", *_values(whole, measures), *("" for _ in counted)]]
        for row in rows:
            counts = [str(count) for count in (row.gained, row.lost, row.changed)] if counted else []
            lines.append([row.name, *(_difference(row.differences[measure]) for measure in measures), *counts])
        tables.append(table(lines))
    notes = [f"{row.name}: {row.without}" for row in rows]
    notes += [f"! {row.name}: no answer changed, so these questions do not tell what it is for" for row in rows if not row.changed]
    return "\n\n".join([heading, *tables, "\n".join(notes)])


def as_json(whole: Asked, rows: Sequence[Ablated]) -> dict[str, Any]:
    return {
        "questions": len(whole.given),
        "everything": {measure: _rounded(whole.value(measure)) for measure in MEASURES},
        "variants": [
            asdict(row)
            | {"values": {m: _rounded(value) for m, value in row.values.items()}}
            | {"differences": {m: d and d._asdict() for m, d in row.differences.items()}}
            for row in rows
        ],
    }


# --- the stages


def _vectors_only(recipe: Recipe) -> Recipe:
    def wordless(weights: Weights) -> Weights:
        return replace(weights, words=0.0, words_wide=0.0, words_led=0.0, words_stretch=0.0)

    return replace(
        recipe,
        point=wordless(recipe.point),
        broad=wordless(recipe.broad),
        said=wordless(recipe.said),
        passing=wordless(recipe.passing),
        whole=0.0,
    )


def _no_maxsim(recipe: Recipe) -> Recipe:
    # The field's words are matched token by token alone; by their mean vector they are still searched.
    point, broad = replace(recipe.point, maxsim=0.0, maxsim_wide=0.0), replace(recipe.broad, meant_stretch=0.0)
    return replace(recipe, point=point, broad=broad, said=Weights(dense=1.0))


def _no_thread(recipe: Recipe) -> Recipe:
    return replace(recipe, history=0.0, cited_before=0.0, asked_before=0.0, answered_before=0.0)


class _Apart(Kit):
    """Its rooms know no neighbours."""

    def room(self, scope: Scope) -> Room:
        room = super().room(scope)
        places = np.arange(len(room.shelf))
        return replace(room, shelf=replace(room.shelf, starts=places, ends=places + 1))


def _by_themselves(kit: Kit) -> Kit:
    return _Apart(**vars(kit))


def ungrounded(
    question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()
) -> Answer:
    """An answer of all that a draft claims. A quote that its passage does not hold cites the whole passage."""
    blocks: list[Block] = []
    citations: dict[str, Citation] = {}
    for block in draft.blocks:
        claims: list[Claim] = []
        for claim in block.claims:
            cited = [citation for quote in claim.quotes if (citation := _cited(quote, evidence))]
            citations |= {citation.id: citation for citation in cited}
            claims.append(Claim(f"clm_{_short_hash(claim.text)}", claim.text, tuple(citation.id for citation in cited), 1.0))
        blocks.append(Block(block.kind, tuple(claims), block.heading))
    return Answer(
        id=f"ans_{_short_hash(question.account_id, question.text)}",
        thread_id=thread_id,
        status="answered" if blocks else "declined",
        reason=None if blocks else draft.reason or "not_in_history",
        question=question,
        standalone=evidence.understood.standalone,
        model=model,
        blocks=tuple(blocks),
        citations=tuple(citations.values()),
        receipt=receipt(evidence.room, question),
        degraded=degraded,
        confidence=draft.confidence,
    )


def _cited(quote: Quote, evidence: Evidence) -> Citation | None:
    """None for a passage that was not found for this question: there is nothing to point at."""
    passage = next((ranked.passage for ranked in evidence.ranked if ranked.passage.id == quote.passage_id), None)
    if passage is None:
        return None
    where = locate(quote.text, passage.text) or Span(0, len(passage.text))
    return cite(evidence.room.interactions[passage.interaction_id], Span(passage.span.start + where.start, passage.span.start + where.end))


def _short_hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- the table


def _values(whole: Asked, measures: Iterable[str]) -> list[str]:
    return ["-" if (value := whole.value(measure)) is None else f"{value:.3f}" for measure in measures]


def _difference(change: Difference | None) -> str:
    if change is None:
        return "-"
    return f"{change.value:+.3f} [{change.low:+.2f} {change.high:+.2f}]" if change.value or change.high > change.low else "="


def _starred(measure: str) -> str:
    return f"{measure}*" if measure in ERRORS else measure


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


# --- the command


class _QuestionsOnly(Baton):
    """Composing a brief is no part of any stage that is taken away."""

    def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
        return {}


def main() -> int:
    known = load_cases(DATA / "cases")
    parser = argparse.ArgumentParser(prog="python -m eval.ablations", description="Ask the labelled questions without one stage.")
    deals = [case.name for case in known]
    parser.add_argument("--only", nargs="+", default=deals, metavar="DEAL", choices=deals, help=f"any of {', '.join(deals)}")
    parser.add_argument("--home", type=Path, help="read the samples into this home and keep it (default: one that is thrown away)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there too")
    chosen = parser.parse_args()
    cases = [case for case in known if case.name in chosen.only]
    with baton_on(DATA / "samples", chosen.home, lambda stage, done, total: None) as (baton, read):
        for note in read.notes:
            print(f"! {note}")
        whole = ask_all(cases, _QuestionsOnly(baton.kit))
        rows = []
        for variant in variants():
            print(f"{variant.name} …", file=sys.stderr)
            rows.append(compare(whole, variant, ask_all(cases, _QuestionsOnly(variant.change(baton.kit)))))
    if chosen.json:
        chosen.json.write_text(json.dumps(as_json(whole, rows), indent=1) + "\n", "utf-8")
    print(as_text(whole, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
