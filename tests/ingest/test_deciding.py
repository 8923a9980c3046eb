"""A person's word on what was held: filed at once, kept through new runs, edits and moves, taught to the next run, and undone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.citations import cite, resolve
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING
from ingest.deciding import CannotTeach, Outcome, SeveralHeld, assign, decisions, dismiss, undo, waiting
from ingest.index.projection import differences
from tests.conftest import Desk
from tests.exports import DANA, at, mail, neutral, salesforce, talk, under, vtt

KIM, JO = "Kim Ray <kim@newco.example>", "Jo Park <jo@newco.example>"
NOW = datetime.now(UTC)
"""What is held is kept thirty days of the calendar that retention looks at."""
CALL = [("Ann Gray", f"The gate number {n} has to be there by May, and we will not sign before that.") for n in range(9)]


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Halden in its folder; of somebody nobody knows two mails, one of them with a document, and a call."""
    desk.write({
        **under("crm", salesforce(notes=["Budget holder is Jonas."])),
        "in/a.eml": mail(DANA, KIM, "We promise SSO by May.", id="a@cartage", attached={"terms.pdf": "The term is 36 months"}),
        "in/b.eml": mail(JO, DANA, "When is the kickoff?", id="b@newco"),
        "calls/x.json": neutral(talk("x", *CALL, account="", participants=[{"name": "Ann Gray", "email": "ann@third.example"}])),
    })  # fmt: skip
    desk.ingest()
    with desk.open(write=True) as home:
        home.archive.put_account("Newco")
    return desk


def files(desk: Desk, *, dismissed: bool = False) -> list[str]:
    with desk.open() as home:
        return [each.file for each in waiting(home.archive, dismissed=dismissed)]


def say(desk: Desk, item: str, *teach: str, account: str = "Newco") -> Outcome:
    with desk.open(write=True) as home:
        return assign(home, item, home.archive.account(EVERYTHING, account).id, NOW, teach)


def take_back(desk: Desk, item: str) -> Outcome:
    with desk.open(write=True) as home:
        return undo(home, item)


def newco(desk: Desk) -> set[str]:
    return set(desk.said()["Newco"])


def indexes_agree(desk: Desk) -> bool:
    with desk.open(write=True) as home:
        return not [d for a in home.archive.accounts(EVERYTHING) for d in differences(home.archive, home.vectors, a.id)]


def test_what_is_held_says_what_it_is_who_is_in_it_and_what_could_be_taught(held: Desk) -> None:
    with held.open() as home:
        found = {each.file: each for each in waiting(home.archive)}
    assert sorted(found) == ["calls/x.json:1", "in/a.eml", "in/a.eml::terms.pdf", "in/b.eml"]
    mailed = found["in/a.eml"]
    assert (mailed.kind, mailed.title, mailed.occurred_at, mailed.reason) == ("email", "Dock scheduling", at(9, 1), "no_account")
    assert mailed.people == (DANA, KIM)
    assert mailed.teachable["domain"] == ("cartage.example", "newco.example")
    assert not any("promise" in repr(each) for each in found.values())  # its words are nowhere in the home


def test_what_is_assigned_is_searchable_at_once_with_what_came_with_it_and_stays_through_new_runs(held: Desk) -> None:
    outcome = say(held, "in/a.eml")
    assert (outcome.filed, outcome.tally.new) == (True, 2)
    assert newco(held) == {"We promise SSO by May.", "The term is 36 months"}
    assert files(held) == ["calls/x.json:1", "in/b.eml"]
    assert indexes_agree(held)
    tally = held.ingest()
    assert (tally.new, tally.removed, len(tally.held)) == (0, 0, 2)
    assert newco(held) == {"We promise SSO by May.", "The term is 36 months"}


def test_a_decision_holds_for_the_moved_and_for_the_edited_file_and_not_for_another_one_in_its_place(held: Desk) -> None:
    say(held, "x.json:1", account="Newco")
    (held.files / "calls/x.json").rename(held.files / "moved.json")
    held.ingest()
    assert len([text for text in newco(held) if "gate" in text]) == 9
    edited = [(who, text.replace("May", "June")) for who, text in CALL]
    held.write({"moved.json": neutral(talk("y", *edited, participants=[{"name": "Ann Gray", "email": "ann@third.example"}]))})
    held.ingest()
    assert len([text for text in newco(held) if "June" in text]) == 9
    assert not [text for text in newco(held) if "by May" in text]
    other = [("Ann Gray", "Something else altogether was said here by other people about other things.")] * 3
    held.write({"moved.json": neutral(talk("z", *other, participants=[{"name": "Ann Gray", "email": "ann@third.example"}]))})
    held.ingest()
    assert not [text for text in newco(held) if "Something else" in text]


def test_a_taught_domain_places_the_others_at_once_and_the_next_ones_by_itself(held: Desk) -> None:
    outcome = say(held, "in/a.eml", "domain")
    assert [(each.kind, each.value) for each in outcome.taught] == [("domain", "newco.example")]
    assert newco(held) == {"We promise SSO by May.", "The term is 36 months", "When is the kickoff?"}
    assert held.sides()["Jo Park"] == "buyer"
    held.write({"in/c.eml": mail("New <new@eu.newco.example>", DANA, "I am new here.", id="c@newco")})
    assert [each.file for each in held.ingest().held] == ["calls/x.json:1"]
    assert "I am new here." in newco(held)


@pytest.mark.parametrize("kind", ["contact", "folder"])
def test_other_things_to_teach(held: Desk, kind: str) -> None:
    say(held, "in/b.eml", kind)
    held.write({"in/c.eml": mail("Jo <jo@newco.example>", DANA, "Once more: when?", id="c@newco")})
    held.ingest()
    assert "Once more: when?" in newco(held)
    assert ("We promise SSO by May." in newco(held)) == (kind == "folder")


def test_a_name_can_be_taught_where_a_call_gives_no_addresses(desk: Desk) -> None:
    desk.write({"a/call.vtt": vtt(("Ann Gray", "We need the gate."), ("Bo Lind", "By May."), ("Ann Gray", "Good."))})
    desk.ingest()
    with desk.open(write=True) as home:
        newco_id = home.archive.put_account("Newco")
        home.archive.put_account("Halden")
        assign(home, "a/call.vtt", newco_id, NOW, ["person=Ann Gray"])
    desk.write({"b/next.vtt": vtt(("Ann Gray", "About the gate again."), ("Cy Dee", "Yes."), ("Ann Gray", "Good."))})
    desk.ingest()
    assert "About the gate again." in newco(desk)


@pytest.mark.parametrize(
    ("teach", "says"),
    [
        ("domain=cartage.example", "is ours"), ("colour", "cannot be taught"), ("channel", "has no channel"),
        ("domain=unknown.example", "has no domain unknown.example"),
    ],
)  # fmt: skip
def test_what_would_make_other_peoples_things_this_accounts_is_not_taught_and_nothing_changes(held: Desk, teach: str, says: str) -> None:
    before = files(held)
    with pytest.raises(CannotTeach, match=says):
        say(held, "in/a.eml", teach)
    assert files(held) == before
    assert newco(held) == set()


def test_another_accounts_domain_and_free_mail_are_not_taught(held: Desk) -> None:
    held.write({"in/d.eml": mail("Al <al@gmail.com>", "Tom <tom@halden.example>, Bo <bo@newco.example>", "Hi.", id="d@x")})
    with held.open(write=True) as home:
        home.archive.put_account("Newco", ["newco.example"])
    held.ingest()
    with pytest.raises(CannotTeach, match=r"halden\.example is the domain of Halden"):
        say(held, "in/d.eml", "domain=halden.example")
    with pytest.raises(CannotTeach):
        say(held, "in/d.eml", "domain=gmail.com")


def test_what_is_dismissed_stays_out_of_the_list_through_new_runs_and_comes_back_when_that_is_undone(held: Desk) -> None:
    held.write({"in/broken.pdf": b"%PDF-1.7 and nothing behind it"})  # what is noted of another file's fault takes nothing out
    with held.open(write=True) as home:
        dismiss(home, "in/b.eml", NOW)
    for _ in range(2):
        assert "in/b.eml" not in [each.file for each in held.ingest().held]
        assert files(held, dismissed=True) == ["in/b.eml"]
    assert newco(held) == set()
    assert [each.file for each in take_back(held, "in/b.eml").tally.held] == ["in/b.eml"]
    assert files(held, dismissed=True) == []
    say(held, "in/b.eml")
    assert newco(held) == {"When is the kickoff?"}


def test_undoing_takes_out_what_was_filed_and_what_the_lesson_placed_and_doing_it_again_is_the_same(held: Desk) -> None:
    say(held, "in/a.eml", "domain")
    with held.open() as home:
        [mailed] = [i for i in home.archive.interactions(EVERYTHING) if i.source.file == "in/a.eml"]
    quoted = cite(mailed, mailed.turns[0].span)
    assert take_back(held, "in/a.eml").tally.removed >= 2
    assert newco(held) == set()
    assert files(held) == ["calls/x.json:1", "in/a.eml", "in/a.eml::terms.pdf", "in/b.eml"]
    held.ingest()
    assert newco(held) == set()
    assert indexes_agree(held)
    say(held, "in/a.eml", "domain")
    with held.open() as home:
        assert resolve(home.archive, EVERYTHING, quoted.id) == quoted
        assert [each.account_id for each in decisions(home.archive, dismissed=False)] == [mailed.source.account_id]


def test_where_the_file_has_gone_the_decision_waits_for_it(held: Desk) -> None:
    (held.files / "in/b.eml").rename(held.files.parent / "b.eml")
    outcome = say(held, "in/b.eml")
    assert (outcome.filed, len(outcome.gone), outcome.tally.new) == (False, 1, 0)
    held.ingest()
    assert newco(held) == set()
    (held.files.parent / "b.eml").rename(held.files / "somewhere.eml")
    held.ingest()
    assert newco(held) == {"When is the kickoff?"}


def test_an_item_goes_by_its_id_its_beginning_or_its_file_and_never_by_what_fits_several(held: Desk) -> None:
    with held.open(write=True) as home:
        [one] = [each for each in waiting(home.archive) if each.file == "in/b.eml"]
        with pytest.raises(NotThere):
            dismiss(home, "nowhere.eml", NOW)
        dismiss(home, one.item[4:9], NOW)
        home.archive.put_account("Third")
    held.write({"other/a.eml": mail(KIM, DANA, "Another one.", id="z@newco")})
    held.ingest()
    with held.open(write=True) as home, pytest.raises(SeveralHeld, match="Say which by its id"):
        dismiss(home, "a.eml", NOW)


def test_a_decision_stands_above_the_rules(held: Desk) -> None:
    say(held, "in/b.eml", account="Halden")
    with held.open(write=True) as home:
        home.archive.put_account("Newco", ["newco.example"])
    held.ingest()
    said = held.said()
    assert "When is the kickoff?" in said["Halden Freight Group"]
    assert "We promise SSO by May." in said["Newco"]
