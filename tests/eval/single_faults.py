"""One thing wrong in an otherwise perfect outcome of the smallest deal, each with exactly the measures that it moves.

Most move one. Some move several because one measure follows from another by definition: an answer without its evidence is not
correct, what stands lower in a ranking costs tokens too. The sets say so, name by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from eval.cases import Case
from eval.outcome import Cited, Given, GivenBrief, GivenGap, GivenPoint, GivenPromise, Outcome, Ranked
from tests.eval.perfect import perfect

ELSEWHERE = Cited("c1", "I sign. Rick reads. Tammy uses it.", "Helen Brightwell")
"""True words of the account that prove nothing asked about and promise nothing."""
SIBLING = Cited("e10", "I can do this one month to month: cancel any time with 30 days' notice", "Sam Ortiz")
AFTERWARDS = Cited("e8", "if the order form is signed by end of day Friday, October 2, the first month is still free", "Sam Ortiz")
FACTS = {"fact_recall", "fact_share", "fact_in_text"}
LOWER = {"reciprocal_rank", "ndcg_at_10"}
RECALLS = {"recall_at_5", "recall_at_10", "recall_at_20", "recall_within_500", "recall_within_1000", "recall_within_2000"}

Change = Callable[[Case, Outcome], Outcome]


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    change: Change
    moves: set[str]

    def on(self, case: Case) -> Outcome:
        return self.change(case, perfect(case))


def answer(id: str, change: Callable[[Given], Given]) -> Change:
    return lambda case, best: replace(best, answers=best.answers | {id: change(best.answers[id])})


def citation(id: str, change: Callable[[Cited], Cited]) -> Change:
    """Of an answer with one citation."""
    return answer(id, lambda given: replace(given, citations=tuple(map(change, given.citations))))


def cites_also(id: str, cited: Cited) -> Change:
    return answer(id, lambda given: replace(given, citations=(*given.citations, cited)))


def brief(change: Callable[[GivenBrief], GivenBrief]) -> Change:
    return lambda case, best: replace(best, brief=change(best.brief))


def promise(id: str, **changes: Any) -> Change:
    return brief(lambda b: replace(b, promises=tuple(replace(p, **changes) if p.id == id else p for p in b.promises)))


def without_promise(id: str) -> Change:
    return brief(lambda b: replace(b, promises=tuple(p for p in b.promises if p.id != id)))


def states(cited: Cited, strength: str) -> Change:
    return brief(lambda b: replace(b, promises=(*b.promises, GivenPromise("", (cited.quote,), cited.source, strength))))


def states_a_trap(strength: str) -> Change:
    def change(case: Case, best: Outcome) -> Outcome:
        label = case.brief.not_promises[0].evidence
        return states(Cited(label.source, label.quote), strength)(case, best)

    return change


def misspells(quote: str) -> str:
    return quote[:-2] + ("x" if quote[-2] != "x" else "y") + quote[-1]


def ranking(id: str, change: Callable[[tuple[Ranked, ...]], tuple[Ranked, ...]]) -> Change:
    return lambda case, best: replace(best, ranked=best.ranked | {id: change(best.ranked[id])})


def behind(count: int, words: int = 3) -> Change:
    """Q30's only evidence stands after so many passages of so many words that hold none."""
    return ranking("Q30", lambda ranked: (*(Ranked("c1", "nothing " * words) for _ in range(count)), *ranked))


FAULTS = (
    Fault(
        "declines what the history answers",
        answer("Q30", lambda given: Given("declined", confidence=given.confidence)),
        {"correct", *FACTS, "evidence_hit", "false_decline"},
    ),
    Fault(
        "fails",
        answer("Q30", lambda given: Given("failed", confidence=given.confidence)),
        {"correct", *FACTS, "evidence_hit", "failed"},
    ),
    Fault(
        "answers what nobody said",
        answer("Q35", lambda given: replace(given, status="answered", text="Yes, they do.")),
        {"correct", "abstained", "false_answer", "false_answer_flat"},
    ),
    Fault(
        "says in an answer that there is none",
        answer("Q35", lambda given: replace(given, status="answered", text="There is no record of that.")),
        {"correct", "abstained", "false_answer"},
    ),
    Fault(
        "says a figure that nothing it cites holds",
        answer("Q30", lambda given: replace(given, text=f"{given.text}. That is 4,711 in all.")),
        {"unsupported_figure"},
    ),
    Fault("leaves the fact to the quote", answer("Q30", lambda given: replace(given, text="Yes.")), {"fact_in_text"}),
    Fault(
        "leaves a fact out",
        answer("Q1", lambda given: replace(given, text="sixty", citations=given.citations[:1])),
        {"correct", *FACTS},
    ),
    Fault("cites other words", citation("Q30", lambda cited: ELSEWHERE), {"correct", "evidence_hit", "citation_precision"}),
    Fault("cites more than it needs", cites_also("Q30", ELSEWHERE), {"citation_precision"}),
    Fault("changes a letter", citation("Q30", lambda cited: replace(cited, quote=misspells(cited.quote))), {"citation_validity"}),
    Fault("slips by a character", citation("Q30", lambda cited: replace(cited, quote=cited.quote[1:])), {"cut_citation"}),
    Fault("names the wrong speaker", citation("Q30", lambda cited: replace(cited, speaker="Tammy")), {"speaker_correct"}),
    Fault("gives the wrong day", citation("Q30", lambda cited: replace(cited, on=date(2026, 1, 1))), {"day_correct"}),
    Fault(
        "names the wrong source",
        citation("Q30", lambda cited: replace(cited, source="c1")),
        {"source_correct", "misplaced_citation", "day_correct"},
    ),
    Fault(
        "states a stale value",
        answer("Q4", lambda given: replace(given, text=f"{given.text}. They are up within two weeks.")),
        {"must_not_violation", "correct"},
    ),
    Fault("cites another account", cites_also("Q30", SIBLING), {"foreign_citation", "citation_precision"}),
    Fault("cites what was said afterwards", cites_also("Q26", AFTERWARDS), {"late_citation", "citation_precision"}),
    Fault("is surest of what nobody said", answer("Q35", lambda given: replace(given, confidence=2.0)), {"decline_auc"}),
    Fault("misses a promise", without_promise("P1"), {"promise_recall", "promise_right"}),
    Fault("misses a promise that was replaced", without_promise("P6"), {"promise_recall", "supersession_recall", "promise_right"}),
    Fault("wrong strength", promise("P7", strength="firm"), {"strength_accuracy", "promise_right"}),
    Fault("wrong contract status", promise("P7", contract="covered"), {"contract_accuracy", "promise_right"}),
    Fault("wrong promiser", promise("P7", made_by="Helen Brightwell"), {"made_by_accuracy", "promise_right"}),
    Fault("wrong day of a promise", promise("P7", made_on=date(2026, 9, 28)), {"made_on_accuracy", "promise_right"}),
    Fault("wrong due date", promise("P7", due_date=date(2026, 10, 20)), {"due_accuracy", "promise_right"}),
    Fault("unresolved due date", promise("P7", due_date=None), {"due_accuracy", "promise_right"}),
    Fault("drops a condition", promise("P7", conditions=""), {"condition_recall", "promise_right"}),
    Fault("does not say what a promise replaced", promise("P7", supersedes=None), {"supersession_recall", "promise_right"}),
    Fault("links to the wrong promise", promise("P7", supersedes="P2"), {"supersession_recall", "promise_right"}),
    Fault("shows a replaced promise as current", promise("P6", current=True), {"superseded_as_current", "promise_right"}),
    Fault("states what is no promise", states(ELSEWHERE, "firm"), {"promise_precision"}),
    Fault(
        "changes a letter of a promise",
        promise("P1", quotes=("And the Spanish templates are included, all of 'em, reminders, recall, the fxrms.",)),
        {"promise_quote_valid"},
    ),
    Fault("takes a trap for a promise", states_a_trap("firm"), {"promise_precision", "hard_negatives", "hard_negatives_asserted"}),
    Fault("lists a trap as hypothetical", states_a_trap("hypothetical"), {"promise_precision", "hard_negatives"}),
    Fault("misses a risk", brief(lambda b: replace(b, risks=b.risks[:2] + b.risks[3:])), {"risk_recall"}),
    Fault(
        "sees a risk where there is none",
        brief(lambda b: replace(b, risks=(*b.risks, GivenPoint("", (ELSEWHERE.quote,), ELSEWHERE.source)))),
        {"risk_precision"},
    ),
    Fault("misses a goal", brief(lambda b: replace(b, goals=b.goals[:1] + b.goals[2:])), {"goal_recall"}),
    Fault(
        "sees a goal where there is none",
        brief(lambda b: replace(b, goals=(*b.goals, GivenPoint("", (ELSEWHERE.quote,), ELSEWHERE.source)))),
        {"goal_precision"},
    ),
    Fault("misses a reason", brief(lambda b: replace(b, reasons=b.reasons[1:])), {"reason_recall"}),
    Fault("misses a requirement", brief(lambda b: replace(b, requirements=b.requirements[1:])), {"requirement_recall"}),
    Fault("misses a term", brief(lambda b: replace(b, terms=b.terms[1:])), {"term_recall"}),
    Fault("misses a date", brief(lambda b: replace(b, dates=b.dates[1:])), {"date_recall"}),
    *(
        Fault(
            f"sees a {kind} where there is none",
            brief(lambda b, part=part: replace(b, **{part: (*getattr(b, part), GivenPoint("", (ELSEWHERE.quote,), ELSEWHERE.source))})),
            {f"{kind}_precision"},
        )
        for kind, part in (("reason", "reasons"), ("requirement", "requirements"), ("term", "terms"), ("date", "dates"))
    ),
    Fault("misses a person", brief(lambda b: replace(b, people=b.people[1:])), {"stakeholder_recall"}),
    Fault(
        "wrong role",
        brief(lambda b: replace(b, people=(replace(b.people[0], roles=("bystander",)), *b.people[1:]))),
        {"stakeholder_role"},
    ),
    Fault(
        "wrong stance",
        brief(lambda b: replace(b, people=(replace(b.people[0], stance="unknown"), *b.people[1:]))),
        {"stakeholder_stance"},
    ),
    Fault("misses a change", brief(lambda b: replace(b, changes=b.changes[1:])), {"change_recall"}),
    Fault(
        "tells a change the wrong way round",
        brief(
            lambda b: replace(b, changes=(tuple(replace(step, superseded=not step.superseded) for step in b.changes[0]), *b.changes[1:]))
        ),
        {"change_recall"},
    ),
    Fault(
        "asks for a role that somebody has",
        brief(lambda b: replace(b, gaps=(*b.gaps, GivenGap("Who is the economic buyer?", "Nobody is known.")))),
        {"gap_answered"},
    ),
    Fault(
        "asks for the measure that a goal names",
        brief(lambda b: replace(b, gaps=(*b.gaps, GivenGap("How is it measured?", "", b.goals[0].quotes)))),
        {"gap_answered"},
    ),
    Fault("misses a gap", brief(lambda b: replace(b, gaps=b.gaps[1:])), {"gap_recall"}),
    Fault(
        "asks beside a gap",
        brief(lambda b: replace(b, gaps=(GivenGap("Who is it that has the no-show rate?"), *b.gaps[1:]))),
        {"gap_recall"},
    ),
    Fault("finds the evidence second", behind(1), LOWER),
    Fault("finds the evidence sixth", behind(5), LOWER | {"found_in_first_5", "recall_at_5"}),
    Fault(
        "finds the evidence eleventh",
        behind(10),
        LOWER | {"found_in_first_5", "found_in_first_10", "recall_at_5", "recall_at_10"},
    ),
    Fault(
        "finds the evidence too late",
        behind(20),
        LOWER | {"found_in_first_5", "found_in_first_10", "found_in_first_20", "recall_at_5", "recall_at_10", "recall_at_20"},
    ),
    Fault("spends 500 tokens before the evidence", behind(1, 600), LOWER | {"recall_within_500"}),
    Fault("spends 1,000 tokens before the evidence", behind(1, 1200), LOWER | {"recall_within_500", "recall_within_1000"}),
    Fault(
        "spends 2,000 tokens before the evidence",
        behind(1, 2400),
        LOWER | {"recall_within_500", "recall_within_1000", "recall_within_2000"},
    ),
    Fault("finds one of two places", ranking("Q25", lambda ranked: ranked[:1]), RECALLS | {"ndcg_at_10"}),
    Fault(
        "finds the words in a quoted tail alone",
        ranking("Q30", lambda ranked: tuple(replace(passage, source="e3") for passage in ranked)),
        RECALLS | LOWER | {"found_in_first_5", "found_in_first_10", "found_in_first_20"},
    ),
)
