"""Whether support means what it says is found out on deals that had no part in fitting it."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import Question
from assistant.asking import ask
from assistant.models.extractive import Extractive
from assistant.models.weights import ANSWERABLE, CHOICE, SHIPPED, SUPPORT, Logistic, Numbers
from assistant.wiring import Kit
from eval.fitting import Line
from eval.support import BAR, Shown, Supported, as_json, as_text, by, lines_left_out, of, page, rows_of
from ingest.archive.scope import EVERYTHING


def shown(said: float, right: bool, count: int, kind: str = "call", deal: str = "a") -> list[Shown]:
    return [Shown(deal, kind, "promise", said, right) for _ in range(count)]


HONEST = [
    one
    for _ in range(20)
    for one in (*shown(0.8, True, 4), *shown(0.8, False, 1, "email"), *shown(0.2, True, 1, deal="b"), *shown(0.2, False, 4, "email", "b"))
]
BOASTFUL = [replace(one, said=0.95) for one in HONEST]


def test_support_that_means_what_it_says_is_off_by_little_and_support_that_boasts_by_much() -> None:
    honest, boastful = of(HONEST), of(BOASTFUL)
    assert honest is not None
    assert boastful is not None
    assert honest.error < BAR < 0.4 < boastful.error


def test_claims_are_told_apart_by_deal_by_source_and_by_question_the_most_first() -> None:
    assert list(by(HONEST, "kind")) == ["call", "email"]
    assert {name: len(of_deal) for name, of_deal in by(HONEST, "deal").items()} == {"a": 100, "b": 100}


def test_claims_are_told_apart_by_their_place_and_the_length_of_their_quote() -> None:
    found = [replace(HONEST[0], place=place, words=words) for place, words in ((1, 15), (2, 16), (3, 45), (7, 46))]
    assert list(by(found, "placed")) == ["said later", "said first", "said second"]
    assert [len(part) for part in by(found, "length").values()] == [2, 1, 1]


def test_the_table_marks_what_is_few_and_sets_the_lines_of_briefs_beside() -> None:
    promises = [*shown(0.8, True, 9, "promise"), *shown(0.8, False, 3, "promise")]
    found = Supported(tuple(HONEST), (*HONEST, *shown(0.5, True, 3, "doc")), tuple(promises))
    rows = {row[0]: row for row in rows_of(found)}
    assert rows["documents"][-1] == "few"
    assert rows["calls"][-1] == ""
    assert rows["promises in briefs"][1:5] == ["12", "0.800", "0.750", "0.050"]
    assert "off by 0.08 at most" in as_text(found)
    assert [float(cell) < 0.1 for cell in rows["all, as shipped"][4:6]] == [True, True]
    assert rows["all, as shipped"][6] != "0.00"
    assert [row[6] for row in rows_of(Supported(tuple(BOASTFUL), ()))][1] == "0.00"
    assert as_json(found)["by_kind"]["doc"]["claims"] == 3


def test_a_deals_lines_say_how_often_such_lines_are_right_in_the_other_deals() -> None:
    stated = {"a": [Line("risk", True)] * 8, "b": [Line("risk", False)] * 8}
    said = {one.deal: one.said for one in lines_left_out(stated)}
    assert said == {"a": 0.1, "b": 0.9}  # with one right and one wrong seen before


def test_the_diagram_is_drawn_into_the_page_with_its_numbers_in_words() -> None:
    text = page(Supported(tuple(HONEST), tuple(HONEST)))
    assert "<svg" in text
    assert "said 0.20, right" in text
    assert "<script" not in text
    assert "calls: off by 0.320 of 100 claims; by chance" in text


def test_parts_of_few_claims_have_no_diagram_of_their_own() -> None:
    text = page(Supported((), (*HONEST, *shown(0.5, True, 3, "doc"))))
    assert "e-mails: off by" in text
    assert "documents: off by" not in text


def test_answers_are_given_with_the_numbers_they_are_given(halden: Kit) -> None:
    account = halden.archive.account(EVERYTHING, "halden")
    assert Numbers(CHOICE, SUPPORT, ANSWERABLE) == SHIPPED
    sure = Numbers(support=Logistic(SUPPORT.names, (0.0, 0.0), 30.0), answerable=Logistic(ANSWERABLE.names, (0.0,), 30.0))
    unsure = replace(sure, answerable=Logistic(ANSWERABLE.names, (0.0,), 0.0))

    def support(numbers: Numbers) -> float:
        kit = replace(halden, model=Extractive(enough=0.0, numbers=numbers))
        answer = ask(kit, Question("When can we go live?", account.id))
        return answer.blocks[0].claims[0].support

    if not halden.asks:
        return
    assert support(unsure) <= 0.5 < support(sure) or support(unsure) == support(sure) == 1.0
