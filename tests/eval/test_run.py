"""A run asks in order, keeps threads and days, survives a crash, and judges what a page or a program would be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assistant.answers import Answer, Block, Change, Citation, Claim, Locator, Question, Receipt, Speaker, Step
from eval.cases import Case
from eval.given import given_answer, text_of_answer
from eval.measures import judge_case, pool, summarise
from eval.outcome import Cited
from eval.retrieval import rank_of_evidence
from eval.run import Ran, run
from ingest.archive.rows import Source, StoredPassage
from ingest.records import Span


def citation(source: str, quote: str, speaker: str) -> Citation:
    return Citation(
        id=f"cit_{source}-{len(quote)}", kind="call", interaction_id=f"src_{source}", external_id=source, title="", occurred_at=None,
        url="", turn_id="", speaker=Speaker(speaker, "", "seller"), locator=Locator("message"), exact=quote, prefix="", suffix="",
        span=Span(0, len(quote)), text_sha256="",
    )  # fmt: skip


def answer(question: Question, text: str, *citations: Citation, changes: tuple[Change, ...] = ()) -> Answer:
    claims = (Claim("clm_1", text, tuple(c.id for c in citations), 1.0),)
    near = citation("c3", "So Canal's the one to watch.", "Keisha Grant")
    return Answer(
        id="ans_1", thread_id="thr_1", status="answered", question=question, standalone=f"alone: {question.text}", model="fake",
        blocks=(Block("paragraph", claims),), citations=(*citations, near),
        receipt=Receipt({}, None, None, nearest=(near.id,)), changes=changes,
    )  # fmt: skip


class Scripted:
    """Answers one question from the label, declines the rest, crashes on the one it is told to; remembers what it was asked."""

    def __init__(self, case: Case, crashes_on: str = "") -> None:
        self.case = case
        self.crashes_on = crashes_on
        self.asked: list[Question] = []

    def account_id(self, name: str) -> str:
        return f"acc_{name}"

    def sources(self, account_id: str) -> Mapping[str, Source]:
        def source(id: str, external_id: str, file: str) -> Source:
            return Source(id, account_id, None, "call", "file", external_id, "", None, "", file, False, "", 1)

        loose = "Brightwell Dental/files/Order Form 4471_signed.pdf"
        return {f"src_{id}": source(f"src_{id}", id, "") for id in self.case.history.origins} | {"src_d1": source("src_d1", "5f2b", loose)}

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if question.text == self.crashes_on:
            raise RuntimeError("no words left")
        label = next(q for q in self.case.questions if q.text == question.text)
        if label.id != "Q1":
            return replace(answer(question, ""), status="declined", blocks=())
        said = "They may not be cancelled, and sixty days was said."
        return answer(question, said, *(citation(e.source, e.quote, "Sam Ortiz") for e in label.evidence))

    def find(self, question: Question, limit: int) -> Sequence[StoredPassage]:
        label = next(q for q in self.case.questions if q.text == question.text)
        texts = [("c1", "nothing to do with it at all, really"), *((e.source, e.quote) for e in label.evidence)]
        return [StoredPassage("", f"src_{source}", "", 0, 0, Span(0, 1), text, "") for source, text in texts[:limit]]

    def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
        assert (account_id, deal) == ("acc_Brightwell Dental", "Brightwell Dental, 7 offices")
        promise = self.case.brief.promises[0]
        source = {"id": "src_c2", "external_id": "c2"}
        return {
            "words": 12,
            "promises": [
                {
                    "text": promise.text, "strength": "firm", "contract": "silent", "made_by": {"name": "Sam Ortiz", "side": "seller"},
                    "due": None, "citations": ["cit_1"],
                }
            ],
            "people": [{"name": "Helen Brightwell", "roles": ["economic buyer"], "stance": "advocate"}],
            "citations": [{"id": "cit_1", "source": source, "quote": {"exact": promise.evidence[0].quote}}],
        }  # fmt: skip


def run_one(case: Case, subject: Scripted) -> Ran:
    return run([case], subject, lambda deal, done, total: None)[case.name]


def test_questions_are_asked_in_order_within_their_thread_and_as_of_their_day(brightwell: Case) -> None:
    subject = Scripted(brightwell)
    run_one(brightwell, subject)
    assert [q.text for q in subject.asked] == [q.text for q in brightwell.questions]
    by_id = {label.id: asked for label, asked in zip(brightwell.questions, subject.asked, strict=True)}
    assert by_id["Q1"].earlier == ()
    (before,) = by_id["Q2"].earlier
    assert (before.question, before.standalone) == (by_id["Q1"].text, f"alone: {by_id['Q1'].text}")
    assert before.answer == "They may not be cancelled, and sixty days was said."
    cited = [interaction for interaction, _ in before.cited]  # not what the receipt calls near
    assert cited == ["src_c2", "src_e4", "src_d1"]
    assert by_id["Q26"].as_of == datetime(2026, 9, 20, 23, 59, 59, 999999, UTC)
    assert by_id["Q1"].account_id == "acc_Brightwell Dental"


def test_an_answer_is_judged_by_its_claims_and_the_sources_it_names(brightwell: Case) -> None:
    outcome = run_one(brightwell, Scripted(brightwell)).outcome
    row, *others = judge_case(brightwell, outcome).questions
    assert row.correct
    assert [c.cited.source for c in row.citations] == ["c2", "e4", "Brightwell Dental/files/Order Form 4471_signed.pdf"]
    assert [c.speaker_right for c in row.citations] == [True, True, False]  # nobody speaks a contract
    assert [c.speaker_known for c in row.citations] == [True, True, False]
    assert {other.status for other in others} == {"declined"}


def test_a_crash_is_one_failed_answer_with_its_reason(brightwell: Case) -> None:
    subject = Scripted(brightwell, crashes_on=brightwell.questions[4].text)
    given = run_one(brightwell, subject).outcome.answers
    assert (given["Q5"].status, given["Q5"].error) == ("failed", "RuntimeError: no words left")
    assert len(subject.asked) == len(given) == 40


def test_a_brief_is_read_from_its_public_json(brightwell: Case) -> None:
    rows = judge_case(brightwell, run_one(brightwell, Scripted(brightwell)).outcome).brief
    found = rows.expected_promises[0]
    assert (found.found, found.strength, found.contract, found.made_by) == (True, True, True, True)
    assert (rows.words, [person.name for person in rows.people if person.found]) == (12, ["Helen Brightwell"])


def test_a_brief_that_cannot_be_composed_is_told_and_measured_as_empty(brightwell: Case) -> None:
    class Wordless(Scripted):
        def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
            raise LookupError("no such deal")

    ran = run_one(brightwell, Wordless(brightwell))
    assert ran.brief_error == "LookupError: no such deal"
    recall = summarise(judge_case(brightwell, ran.outcome)).brief["promise_recall"]
    assert recall
    assert recall.value == 0.0


def test_what_changed_is_a_section_of_the_text_and_its_citations_count(brightwell: Case) -> None:
    old = citation("c2", "So the five Dentrix offices, we'll have those up within two weeks of when you sign.", "Sam Ortiz")
    change = Change("launch", (Step("2026-09-18", "within two weeks", (old.id,), True),))
    given = answer(Question("When?", "acc"), "October 19.", changes=(change,))
    given = replace(given, citations=(*given.citations, old))
    assert text_of_answer(given) == "October 19.\n\nWhat changed:\n- 2026-09-18: within two weeks"
    sources = Scripted(brightwell).sources("acc")
    assert given_answer(given, brightwell.history, sources, 0.1).citations == (Cited("c2", old.exact, "Sam Ortiz", kind="call"),)


def test_a_citation_from_outside_the_account_keeps_its_name_and_is_foreign(brightwell: Case) -> None:
    foreign = next(id for id, origin in brightwell.history.origins.items() if origin.account == "ortho")
    words = " ".join(brightwell.history.wholes[foreign].split()[:8])
    label = brightwell.questions[0]

    class Leaky(Scripted):
        def sources(self, account_id: str) -> Mapping[str, Source]:
            return {id: source for id, source in super().sources(account_id).items() if id != f"src_{foreign}"}

        def ask(self, question: Question) -> Answer:
            return answer(question, "x", citation(foreign, words, "Paul Brightwell"))

    row = judge_case(brightwell, run_one(brightwell, Leaky(brightwell)).outcome).questions[0]
    assert row.question == label
    assert [(c.cited.source, c.foreign) for c in row.citations] == [(foreign, True)]


def test_search_is_ranked_by_the_first_passage_of_the_right_source(brightwell: Case) -> None:
    outcome = run_one(brightwell, Scripted(brightwell)).outcome
    rows = judge_case(brightwell, outcome)
    assert {ranking.rank for ranking in rows.rankings} == {2}
    assert len(rows.rankings) == sum(question.answerable for question in brightwell.questions)
    found = summarise(rows).retrieval["found_in_first_5"]
    assert found
    assert found.value == 1.0
    elsewhere = tuple(replace(ranked, source="n1") for ranked in outcome.ranked["Q1"])
    assert rank_of_evidence(brightwell.history, brightwell.questions[0], elsewhere) is None


def test_deals_are_pooled_row_by_row(cases: tuple[Case, ...], brightwell: Case) -> None:
    rows = judge_case(brightwell, run_one(brightwell, Scripted(brightwell)).outcome)
    both = pool([rows, rows])
    assert summarise(both).counts["questions"] == 80
    assert len(both.brief.expected_promises) == 2 * len(brightwell.brief.promises)
