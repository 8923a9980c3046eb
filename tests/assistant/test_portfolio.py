"""Promises across accounts: complete, in step with the archive, and changed by a person's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.brief.body import brief_json
from assistant.brief.compose import compose
from assistant.facts.kept import Outdated, as_json, from_json
from assistant.facts.promises import colleagues_of
from assistant.facts.reading import read_off, stamp
from assistant.portfolio import Wanted, WrongWord, find, history_of, refresh, set_status, undo_status, watch
from assistant.wiring import Kit
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING, Scope
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, gong, mail, under

SSO = {
    "mails/sso.eml": mail(DANA, MARTA, "Hi Marta,\n\nsingle sign-on is included at no extra charge.\n\nDana", id="m2@cartage", on=at(9, 5)),
}


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.write({**HALDEN, **SSO})
    desk.ingest()
    return desk


def texts(rows: Sequence[dict[str, object]]) -> list[object]:
    return [row["text"] for row in rows]


def refreshed(desk: Desk) -> int:
    with desk.open(write=True) as home:
        return refresh(home.archive)


def everything(kit: Kit, wanted: Wanted = Wanted()) -> list[dict[str, object]]:  # noqa: B008  # frozen
    return find(kit, EVERYTHING, wanted)


def test_a_promise_is_found_by_the_other_name_of_the_thing(filled: Desk) -> None:
    with filled.kit() as kit:
        assert texts(everything(kit, Wanted(about="SSO"))) == ["single sign-on is included at no extra charge."]


def test_what_was_kept_and_what_is_put_together_on_the_spot_are_the_same(filled: Desk) -> None:
    with filled.kit() as kit:
        live = everything(kit)
    assert refreshed(filled) > 0
    with filled.kit() as kit:
        assert everything(kit) == live
        assert kit.archive.promises(EVERYTHING) != []


def test_only_what_changed_is_read_again(filled: Desk) -> None:
    first = refreshed(filled)
    assert refreshed(filled) == 0
    again = mail(DANA, MARTA, "Hi Marta,\n\nsingle sign-on costs 200 dollars a month.\n\nDana", id="m2@cartage", on=at(9, 5))
    filled.write({"mails/sso.eml": again})
    filled.ingest()
    assert 0 < refreshed(filled) < first
    with filled.kit() as kit:
        assert texts(everything(kit, Wanted(about="SSO"))) == []


def test_a_removed_source_takes_its_promises_along_even_before_the_next_refresh(filled: Desk) -> None:
    refreshed(filled)
    (filled.files / "mails/sso.eml").unlink()
    filled.ingest()
    with filled.kit() as kit:
        assert texts(everything(kit, Wanted(about="SSO"))) == []


def test_nothing_of_another_account_or_of_a_later_day_is_seen(filled: Desk) -> None:
    refreshed(filled)
    with filled.kit() as kit:
        assert find(kit, Scope(frozenset()), Wanted()) == []
        early = EVERYTHING.until(datetime(2026, 9, 4, tzinfo=UTC))
        assert "single sign-on is included at no extra charge." not in texts(find(kit, early, Wanted()))


def test_a_persons_word_changes_the_status_and_can_be_taken_back(filled: Desk) -> None:
    refreshed(filled)
    with filled.kit(write=True) as kit:
        [promise] = everything(kit, Wanted(about="SSO"))
        id = str(promise["id"])
        kept = set_status(kit, EVERYTHING, id, "kept", "switched on 3 November", "Ana")
        assert (kept["status"], kept["status_because"], kept["status_by"]) == ("kept", "switched on 3 November", "Ana")
        assert texts(everything(kit, Wanted(status="kept"))) == [promise["text"]]
        assert undo_status(kit, EVERYTHING, id)["status"] == "open"
        [mark] = history_of(kit.archive, EVERYTHING, id)
        assert mark["status"] == "kept"
        assert mark["undone_at"] is not None
        with pytest.raises(NotThere):
            undo_status(kit, EVERYTHING, id)


def test_a_persons_word_outlives_a_new_reading_and_stands_in_the_brief(filled: Desk) -> None:
    with filled.kit(write=True) as kit:
        [promise] = everything(kit, Wanted(about="SSO"))
        set_status(kit, EVERYTHING, str(promise["id"]), "broken", "it was billed", "Ana")
    changed = mail(
        DANA,
        MARTA,
        "Hi Marta,\n\nfirst things first.\n\nsingle sign-on is included at no extra charge.\n\nDana",
        id="m2@cartage",
        on=at(9, 5),
    )
    filled.write({"mails/sso.eml": changed})
    filled.ingest()
    refreshed(filled)
    with filled.kit() as kit:
        [again] = everything(kit, Wanted(about="SSO"))
        assert again["status"] == "broken"
        brief = compose(kit, str(again["account_id"]))
        assert [one.status for one in brief.promises if one.id == again["id"]] == ["broken"]


@pytest.mark.parametrize("wrong", [{"contract": "maybe"}, {"strength": "hard"}, {"status": "done"}])
def test_a_word_that_is_none_of_the_known_ones_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(WrongWord, match="use one of"):
        Wanted(**wrong)  # type: ignore[arg-type]  # each value is a string


def test_a_reading_is_the_same_after_it_was_kept(filled: Desk) -> None:
    with filled.kit() as kit:
        interactions = kit.archive.interactions(EVERYTHING)
    ours = colleagues_of(interactions)
    for interaction in interactions:
        reading = read_off(interaction, ours)
        assert from_json(as_json(reading), interaction) == reading
        assert stamp(interaction, ours) == stamp(interaction, ours)


def test_a_kept_reading_of_another_form_is_not_trusted(filled: Desk) -> None:
    with filled.kit() as kit:
        [first, *_] = kit.archive.interactions(EVERYTHING)
    with pytest.raises(Outdated):
        from_json({"promises": [{"text": "x"}]}, first)


def test_a_new_colleague_who_is_named_makes_a_sentence_read_again(tmp_path: Path, desk: Desk) -> None:
    talk = gong("7002", "Later", [(DANA, "Priya will migrate your data by the 3rd of May."), (MARTA, "Good.")])
    desk.write({**HALDEN, **under("g2", talk)})
    desk.ingest()
    with desk.kit() as kit:
        interaction = next(i for i in kit.archive.interactions(EVERYTHING) if "Priya" in i.text)
    assert stamp(interaction, {"priya"}) != stamp(interaction, {"dana"})
    assert stamp(interaction, {"dana", "sam"}) == stamp(interaction, {"dana"})


def test_what_a_customer_recalls_after_the_signature_stands_beside_the_first_words(filled: Desk) -> None:
    told = "Hi Dana,\n\nyou told us that single sign-on is included.\n\nMarta"
    filled.write({"mails/late.eml": mail(MARTA, DANA, told, id="m9@halden", on=at(12, 9))})
    filled.ingest()
    with filled.kit() as kit:
        [item] = watch(kit, EVERYTHING)
    assert (item["text"], texts(item["promises"])) == (
        "you told us that single sign-on is included.", ["single sign-on is included at no extra charge."],
    )  # fmt: skip


def test_words_withheld_as_confidential_leave_the_list_until_they_are_given_back(filled: Desk) -> None:
    refreshed(filled)
    with filled.kit(write=True) as kit:
        [promise] = everything(kit, Wanted(about="SSO"))
        account = str(promise["account_id"])
        place = next(one.places[0] for one in kit.ledger(EVERYTHING.only(account)).promises if one.id == promise["id"])
        body = brief_json(compose(kit, account))
        kit.archive.save_brief(account, None, body)
        act = kit.archive.add_review_act(account, body["id"], at=datetime(2026, 10, 1, tzinfo=UTC), by="Ana", act="remove").number
        kit.archive.withhold(account, act, [(place.interaction.source.id, place.span)])
        assert everything(kit, Wanted(about="SSO")) == []
        refresh(kit.archive)
        assert everything(kit, Wanted(about="SSO")) == []
        kit.archive.give_back(account, act)
        assert texts(everything(kit, Wanted(about="SSO"))) == [promise["text"]]
