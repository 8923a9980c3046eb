"""Where the customer leans on a promise, and why a promise took another's place."""

from __future__ import annotations

from assistant.ledger import read
from assistant.promise import Promise
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, call, interaction, mail

WEEKS = "We will have both warehouses live by 1 March 2027."


def _leaning(promise: Promise) -> tuple[str, str] | None:
    return (promise.leaning.level, promise.leaning.at.text) if promise.leaning else None


def test_a_decision_that_names_its_reason_leans_on_the_promise_before_it() -> None:
    [one] = read([call((MIA, "When?"), (ANA, WEEKS), (MIA, "Good. That's why we signed."))]).promises
    assert _leaning(one) == ("depended_on", "That's why we signed.")


def test_words_of_another_day_lean_on_the_promise_they_share_most_with() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, WEEKS), (MIA, "And training?"), (RAJ, "We train every shift on site for free.")),
            mail(MIA, ANA, "I have told our board that both warehouses are live by March.", on="2026-06-20"),
        ]
    )
    live, training = ledger.promises
    assert _leaning(live) == ("depended_on", "I have told our board that both warehouses are live by March.")
    assert training.leaning is None


def test_taking_it_is_less_than_saying_it_back_and_that_less_than_building_on_it() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, WEEKS), (MIA, "That works for us.")),
            call((MIA, "So both warehouses are live by 1 March 2027."), (ANA, "Right."), on="2026-06-10", title="Later"),
        ]
    )
    [one] = ledger.promises
    assert _leaning(one) == ("restated", "So both warehouses are live by 1 March 2027.")


def test_what_the_customer_says_before_a_promise_or_about_other_things_does_not_lean_on_it() -> None:
    ledger = read([call((MIA, "We are counting on good weather for the harvest."), (ANA, WEEKS), (MIA, "Hm."))])
    assert [one.leaning for one in ledger.promises] == [None]


def test_our_own_words_are_no_reliance() -> None:
    note = interaction("crm_note", [(ANA, "They told their board that both warehouses are live by March.")], internal=True)
    assert [one.leaning for one in read([call((MIA, "When?"), (ANA, WEEKS)), note]).promises] == [None]


def test_a_replacement_keeps_the_reason_in_the_words_said_with_it() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "Both warehouses go live on 1 April 2027."), on="2026-06-02"),
            call(
                (TOM, "Vantora said six weeks."),
                (ANA, "Both warehouses go live on 1 March 2027, because Vantora offered you that."),
                on="2026-06-20",
                title="Later",
            ),
        ]
    )
    first, second = ledger.promises
    assert second.supersedes == first.id
    assert second.because is not None
    assert second.because.text == "because Vantora offered you that"
    assert first.because is None


def test_a_reason_may_stand_beside_it_or_in_what_it_answers() -> None:
    beside = read(
        [
            call((MIA, "When?"), (ANA, "Both warehouses go live on 1 March 2027."), on="2026-06-02"),
            mail(ANA, MIA, "I checked with our team. Both warehouses go live on 1 April 2027.", on="2026-06-20"),
        ]
    ).promises[1]
    pressed = read(
        [
            call((MIA, "When?"), (ANA, "Both warehouses go live on 1 April 2027."), on="2026-06-02"),
            call(
                (TOM, "The season begins on 8 March, so it has to be running before that."),
                (ANA, "Both warehouses go live on 1 March 2027."),
                on="2026-06-20",
                title="Later",
            ),
        ]
    ).promises[1]
    assert beside.because is not None
    assert beside.because.text == "I checked with our team."
    assert pressed.because is not None
    assert pressed.because.text == "The season begins on 8 March, so it has to be running before that."
