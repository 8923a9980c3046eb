"""The judge is judged before it judges, whichever it is; and ragas' measures are made with that judge and no other."""

from __future__ import annotations

import json
import os

import httpx
import pytest

from assistant.settings import ModelSettings
from eval.judging.asked import Asked, JudgeUnavailable
from eval.judging.rules import Rules
from eval.judging.sentences import sentences
from eval.judging.standing import BAR, Item, OfTask, as_text, in_turn, load_items, standing, threshold, vote
from eval.public.folder import Absent, public_data

SETTINGS = ModelSettings("http://127.0.0.1:9/v1", "small", key="secret")


def items(good: int, wrong: int, vague: int = 0) -> list[Item]:
    """Answers of many conversations, so that both halves have some of each."""
    rows = [("gold", n, "correct") for n in range(good)] + [("locomo_v1", n, "wrong") for n in range(wrong)]
    rows += [("locomo_v2", n, "wrong") for n in range(vague)]
    return [
        Item(id=f"{name}:talk_{n}_q", task="answer_correctness", context="", question="When?", reference="May", answer="May", label=label)
        for name, n, label in rows
    ]


def of_task(found: list[Item], votes: dict[str, float]) -> OfTask:
    (one,) = standing("somebody", found, votes).tasks
    return one


def test_a_judge_that_tells_right_from_wrong_is_calibrated() -> None:
    found = items(60, 60, 60)
    one = of_task(found, {item.id: 0.9 if item.good else 0.2 for item in found})
    assert (one.accuracy, one.wrong_accepted, one.vague_accepted, one.calibrated) == (1.0, 0.0, 0.0, True)


def test_a_judge_that_lets_vague_answers_pass_is_uncalibrated_and_says_so() -> None:
    found = items(60, 120, 60)
    lenient = {item.id: 0.9 if item.good or (item.id.startswith("locomo_v2") and int(item.id.split("_")[2]) % 2) else 0.1 for item in found}
    one = of_task(found, lenient)
    assert not one.calibrated
    assert "UNCALIBRATED" in as_text(standing("somebody", found, lenient))


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_a_judge_that_says_the_same_of_everything_is_uncalibrated(always: float) -> None:
    found = items(60, 60)
    assert not of_task(found, {item.id: always for item in found}).calibrated


def test_no_item_is_counted_by_a_threshold_that_was_chosen_with_it() -> None:
    found = items(40, 40)
    first = [item for item in found if item.half == 0]
    # In one half good ones score .3 and wrong ones .1, in the other .9 and .7: each half's own threshold would be right about all.
    votes = {i.id: (0.3 if i.good else 0.1) if i in first else (0.9 if i.good else 0.7) for i in found}
    assert of_task(found, votes).decided < 0.8


def test_the_threshold_lets_no_more_than_the_bar_of_wrong_answers_pass() -> None:
    found = items(50, 100)
    votes = {item.id: (n % 50) / 50 if item.good else (n % 100) / 100 for n, item in enumerate(found)}
    at = threshold(found, votes)
    assert sum(votes[item.id] >= at for item in found if not item.good) <= BAR * 100


def test_what_was_not_asked_is_told() -> None:
    found = items(10, 10)
    assert "(10 of 20 not asked)" in as_text(standing("somebody", found, {item.id: 1.0 for item in found[:10]}))


def test_each_set_of_a_task_is_also_judged_alone_for_one_may_hide_what_the_other_tells() -> None:
    def made(name: str, n: int, good: bool) -> Item:
        label = "supported" if good else "unsupported"
        return Item(id=f"{name}:{n}", task="answer_faithfulness", context=f"{name} {n}", question="", reference="", answer="", label=label)

    found = [made(name, n, n % 2 == 0) for name in ("clear", "murky") for n in range(40)]
    votes = {item.id: 0.3 + 0.2 * item.good if item.id.startswith("clear") else 0.9 for item in found}
    told = standing("j", found, votes)
    assert told.tasks[0].decided == 0.5
    assert [(one.task, one.decided) for one in told.sets] == [
        ("answer_faithfulness, clear alone", 1.0),
        ("answer_faithfulness, murky alone", 0.5),
    ]
    assert "clear alone, a threshold of its own: right on 1.000 of 40" in as_text(told)


def test_items_of_one_text_follow_each_other_in_the_same_order_every_time() -> None:
    found = items(5, 5)
    once = in_turn(found, lambda item: item.id.partition(":")[0])
    again = in_turn(reversed(found), lambda item: item.id.partition(":")[0])
    assert once == again
    assert [item.id.partition(":")[0] for item in once] in (["gold"] * 5 + ["locomo_v1"] * 5, ["locomo_v1"] * 5 + ["gold"] * 5)


def test_the_rules_want_figures_and_most_words() -> None:
    rules = Rules()
    text = "The gate opens at 06:00 and the crew of forty signs in at the north office."
    assert rules.supported("The gate opens at 06:00.", text) == 1.0
    assert rules.supported("The crew signs in at the north office.", text) > 0.8
    assert rules.supported("The gate signs in and the crew of forty opens at 06:00.", text) < rules.supported(
        "The gate opens at 06:00 and the crew of forty signs in.", text
    )
    assert rules.supported("The crew signs in at 07:00 at the north office.", text) == 0.0
    assert rules.supported("Visitors leave by the harbour road.", text) < 0.5
    assert rules.same_fact("When?", "14 March 2027", "on 14 March 2027") == 1.0
    assert rules.same_fact("When?", "14 March 2027", "in spring 2027") == 0.0
    assert rules.same_fact("Which?", "the blue van", "a vehicle for deliveries") == 0.0
    assert rules.states("Training is free for the night crew", "- Training is free for the night crew.\n- Parking is extra.") == 1.0


def test_one_wrong_sentence_weighs_more_than_its_part_of_an_answer() -> None:
    assert sentences("It opens at six. Nobody pays.\n- Free parking") == ["It opens at six.", "Nobody pays.", "- Free parking"]
    item = Item(id="x:1", task="answer_faithfulness", context="It opens at six.", question="", reference="", answer="", label="supported")
    whole = item.model_copy(update={"answer": "It opens at six. The bishop pays for lunch."})
    assert vote(Rules(), item.model_copy(update={"answer": "It opens at six."})) == 1.0
    assert vote(Rules(), whole) < 0.5


def served(reply: httpx.Response, seen: list[httpx.Request] | None = None) -> Asked:
    judge = Asked(SETTINGS)

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return reply

    judge._client = httpx.Client(base_url=SETTINGS.base_url, transport=httpx.MockTransport(answer))
    return judge


def choice(content: str, **probabilities: float) -> httpx.Response:
    top = [{"token": token, "logprob": value} for token, value in probabilities.items()]
    told = {"logprobs": {"content": [{"top_logprobs": top}]}} if top else {}
    return httpx.Response(200, json={"choices": [{"message": {"content": content}, **told}], "usage": {"total_tokens": 7}})


def test_a_model_is_as_sure_as_the_odds_of_its_yes() -> None:
    judge = served(choice("Yes", Yes=-0.1, No=-2.4, Maybe=-9.0))
    assert judge.supported("It is open.", "It is open.") == pytest.approx(0.909, abs=0.001)
    assert judge.tokens == 7


def test_where_an_endpoint_tells_no_odds_its_word_counts() -> None:
    assert served(choice("yes.")).states("a", "b") == 1.0
    assert served(choice("No")).states("a", "b") == 0.0


@pytest.mark.parametrize("reply", [choice("Perhaps"), httpx.Response(500), httpx.Response(200, text="{"), httpx.Response(200, json={})])
def test_a_reply_that_is_no_verdict_is_no_verdict(reply: httpx.Response) -> None:
    with pytest.raises(JudgeUnavailable, match="small"):
        served(reply).same_fact("q", "r", "a")


def test_what_is_judged_is_sent_whole_and_the_instruction_comes_first() -> None:
    seen: list[httpx.Request] = []
    served(choice("No"), seen).same_fact("When {x}?", "May", "In {answer} spring")
    body = json.loads(seen[0].content)
    asked = body["messages"][1]["content"]
    assert asked.endswith("Question: When {x}?\nTrue answer: May\nGiven answer: In {answer} spring\nSame fact?")
    assert (body["max_tokens"], body["temperature"]) == (1, 0)


def test_the_rules_hold_the_bar_for_vague_answers_on_all_labelled_ones() -> None:
    try:
        found = load_items(public_data(None, os.environ))
    except Absent as absent:
        pytest.skip(str(absent))
    rules = standing("rules", found, {item.id: vote(Rules(), item) for item in found})
    assert rules.items == 1426
    assert rules.accuracy > 0.8
    correctness = rules.of_task("answer_correctness")
    faithfulness = rules.of_task("answer_faithfulness")
    assert correctness is not None
    assert faithfulness is not None
    assert correctness.calibrated
    assert not faithfulness.calibrated


def test_ragas_measures_are_those_of_the_judge_that_is_given() -> None:
    pytest.importorskip("ragas", reason="ragas brings 32 packages and 420 MB and another rich: `make judged` installs them and runs this")
    from eval.judging.ragas_measures import Sample, measured

    sound = Sample("When?", "We go live on 3 May.", ("We go live on 3 May.", "Lunch is at noon."), "We go live on 3 May.")
    wrong = Sample("When?", "The bishop pays for lunch.", ("Parking costs extra.",), "We go live on 3 May.")
    good, bad = measured([sound, wrong], Rules(), 0.9, None)
    assert good["faithfulness"] == good["context_recall"] == 1.0
    assert good["context_precision"] == pytest.approx(1.0)
    assert good["factual_correctness"] == pytest.approx(1.0)
    assert set(bad.values()) == {0.0}
