"""A person who is erased leaves what others said, without their words and their name in it; what was theirs alone goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.keys import create_key
from api.users import invite
from assistant.conversation import converse
from ingest import erasing
from ingest.archive.admissions import Admissions
from ingest.archive.rows import Opinion
from ingest.archive.scope import EVERYTHING
from ingest.archive.tombstones import Marks
from ingest.erasing_person import NobodyThere
from ingest.erasure_note import Kind
from ingest.index.projection import differences
from ingest.records import Call, Email, Participant, Turn, text_of
from ingest.scrubbing import ERASED, NOBODY, marks_of_person, scrubbed
from ingest.sides import BY_HAND, put_on_side
from tests.conftest import Desk
from tests.exports import DANA, mail
from tests.ingest.erasure.planted import HER_WORDS as THEIRS
from tests.ingest.erasure.planted import KESTREL, everything_kept, left
from tests.ingest.erasure.planted import PETRAS as PETRA


def erase(desk: Desk) -> erasing.Report:
    with desk.open(write=True) as home:
        return erasing.erase(home, "person", PETRA)


JONAS = "jonas.bexhill@qwylanth.example"
BOTH = THEIRS | {"other name": "Jonas Bexhill", "other address": "jonas.bexhill@", "said by the other name": "old scanners are beyond"}


@pytest.mark.parametrize("asked", [PETRA, JONAS])
def test_whoever_was_merged_goes_by_either_address(planted: Desk, asked: str) -> None:
    assert sorted(left(planted.home, BOTH)) == sorted(BOTH)
    kept = everything_kept(planted)
    with planted.open(write=True) as home:
        people = {person.email: person.id for person in home.archive.people(EVERYTHING)}
        home.archive.merge_people(people[JONAS], people[PETRA], home.archive.now())
        report = erasing.erase(home, "person", erasing.person_plan(home, asked).id)
    assert report.clean
    assert left(planted.home, BOTH) == {}
    assert everything_kept(planted) == kept
    planted.ingest()
    assert left(planted.home, BOTH) == {}


def test_in_a_deleted_account_their_words_go_too_and_what_is_left_of_it_can_still_be_restored(planted: Desk) -> None:
    with planted.open(write=True) as home:
        kestrel = home.archive.account(EVERYTHING, "Kestrel")
        home.archive.delete_account(kestrel.id, home.archive.now())
        assert erasing.person_plan(home, PETRA).accounts == (KESTREL,)
        assert erasing.erase(home, "person", PETRA).clean
        assert home.archive.passages(EVERYTHING.only(kestrel.id)) == []
    assert left(planted.home, THEIRS) == {}
    with planted.open(write=True) as home:
        home.archive.restore_account("Kestrel")
        texts = [passage.text for passage in home.archive.passages(EVERYTHING.only(kestrel.id))]
    assert any("old scanners" in text for text in texts)
    assert left(planted.home, THEIRS) == {}


def test_their_words_and_name_go_and_the_rest_of_every_talk_stays(planted: Desk) -> None:
    assert sorted(left(planted.home, THEIRS)) == sorted(THEIRS)
    kept = everything_kept(planted)
    with planted.open() as home:
        plan = erasing.person_plan(home, PETRA.upper())
    assert (plan.name, plan.interactions, plan.rewritten, plan.accounts) == ("Petra Zvolensky", 1, 3, (KESTREL,))

    report = erase(planted)

    assert report.clean
    assert left(planted.home, THEIRS) == {}
    assert everything_kept(planted) == kept
    said = planted.said()[KESTREL]
    assert "Hi [erased],\n\nthe vermilion ostrichfeather price holds until Friday, as agreed on the call.\n\nBest,\nDana" in said
    assert "I would add that the old scanners are beyond repair in every one of our sites." in said
    assert "The quagmire sassafras budget sits with [erased]." in said
    with planted.open(write=True) as home:
        account = home.archive.account(EVERYTHING, "Kestrel")
        [heard] = [i for i in home.archive.interactions(EVERYTHING.only(account.id)) if i.source.kind == "call" and i.source.tool == "gong"]
        assert [(turn.speaker_name, turn.side) for turn in heard.turns] == [
            ("Dana Okafor", "seller"), (NOBODY, "buyer"), ("Jonas Bexhill", "buyer"),
        ]  # fmt: skip
        assert heard.source.version == 2
        assert differences(home.archive, home.vectors, account.id) == []
        assert home.archive.briefs(EVERYTHING.only(account.id)) == []
        assert home.archive.thread(EVERYTHING, "thr_Kestrel") == []


def test_reading_the_same_export_again_changes_nothing_and_holds_back_what_was_held(planted: Desk) -> None:
    erase(planted)
    said = planted.said()
    again = planted.ingest()
    assert (again.new, again.changed, again.removed, again.erased) == (0, 0, 0, 2)  # the mail, and what came with it
    assert [held.reason for held in again.held] == ["two_accounts"]
    assert left(planted.home, THEIRS) == {}
    assert planted.said() == said


def test_what_others_quote_of_them_later_is_blacked_out_too_until_it_is_allowed_again(planted: Desk) -> None:
    erase(planted)
    body = (
        "Thanks, noted. As she put it, the zucchetto parliament must sign off before anybody moves a single pallet.\n\n"
        "On 2 Sep 2026, Petra Zvolensky <petra.zvolensky@qwylanth.example> wrote:\n> A lone hedgehog sentence of hers.\n"
    )
    new = planted.home.parent / "new"
    new.mkdir()
    (new / "later.eml").write_bytes(mail(DANA, "Jonas Bexhill <jonas.bexhill@qwylanth.example>", body, id="late@cartage"))
    assert planted.ingest(new).new == 1
    assert left(planted.home, {**THEIRS, "quoted": "lone hedgehog sentence"}) == {}
    assert any(text.startswith("Thanks, noted. As she put it, [erased]") for text in planted.said()[KESTREL])
    with planted.open(write=True) as home:
        assert erasing.allow_again(home.archive, "person", PETRA) == 1
    planted.ingest(planted.files, new)
    assert "Petra Zvolensky" in planted.sides()
    assert any("zucchetto parliament must sign off" in text for text in planted.said()[KESTREL])


def test_nobody_is_erased_by_an_address_that_is_not_known(planted: Desk) -> None:
    with planted.open(write=True) as home, pytest.raises(NobodyThere, match=r"nobody\.here@"):
        erasing.erase(home, "person", "nobody.here@qwylanth.example")


@pytest.mark.parametrize("kind", ["person", "account"])
def test_whose_side_they_were_put_on_is_forgotten_with_them_and_of_nobody_else(planted: Desk, kind: Kind) -> None:
    with planted.open(write=True) as home:
        people = {person.name: person for person in home.archive.people(EVERYTHING)}
        petra, marta = people["Petra Zvolensky"], people["Marta Lindqvist"]
        put_on_side(home.archive, petra, "partner")
        home.archive.delete_account(home.archive.account(EVERYTHING, "Kestrel").id, home.archive.now())
        put_on_side(home.archive, marta, "buyer")
        home.archive.restore_account("Kestrel")
        assert home.archive.setting(BY_HAND) == {petra.id: "partner", marta.id: "buyer"}
        what = PETRA if kind == "person" else home.archive.account(EVERYTHING, "Kestrel").id
        assert erasing.erase(home, kind, what).clean
        assert home.archive.setting(BY_HAND) == {marta.id: "buyer"}


TOM = Participant("Tom Reyes", "tom@halden.example", side="buyer")
ANN = Participant("Ann Price", "ann@halden.example", side="buyer")
DAN = Participant("Dana Okafor", "dana@cartage.example", side="seller")


def marks(*said: str) -> Marks:
    return Marks.of(marks_of_person(TOM.email, ["Tom Reyes"], ["acc"], said))


def blacked(text: str, *, who: tuple[Participant, ...] = (DAN, TOM), said: tuple[str, ...] = (), speaker: Participant = DAN) -> str:
    made = scrubbed(
        Call(source="gong", external_id="c", title="t", occurred_at=None, turns=(Turn(text, speaker),), participants=who),
        "acc", marks(*said), lambda email: "unknown",
    )  # fmt: skip
    assert made is not None
    return text_of(made)


@pytest.mark.parametrize(
    ("text", "left_of_it"),
    [
        ("Ask Tom Reyes, or write to TOM@halden.example.", "Ask [erased], or write to [erased]."),
        ("Reyes, Tom signs. TOM REYES said so, tom reyes too.", "[erased] signs. [erased] said so, [erased] too."),
        ("I told Tom and Mr Reyes.", "I told [erased] and Mr [erased]."),
        ("Tomorrow Tomas Reyesson comes.", "Tomorrow Tomas Reyesson comes."),
        ("tom@halden.example.org is another.", "tom@halden.example.org is another."),
        ("He said: nobody here may ever move a single pallet again, ok.", "He said: [erased], ok."),
    ],
)
def test_names_addresses_and_runs_of_their_words_are_found_in_other_peoples_sentences(text: str, left_of_it: str) -> None:
    assert blacked(text, said=("Nobody here may ever move a single pallet again",)) == left_of_it


def test_a_first_name_alone_counts_only_where_they_took_part_and_nobody_else_has_it() -> None:
    assert blacked("Tom will know.", who=(DAN, ANN)) == "Tom will know."
    assert blacked("Tom will know.", who=(DAN, TOM, Participant("Tom Ford", "tf@halden.example"))) == "Tom will know."
    price = Participant("Ann Price", "tom@halden.example")
    assert blacked("The price is high, says Price.", who=(DAN, price)) == "The price is high, says Price."


def test_somebody_else_of_the_same_name_stays() -> None:
    other = Participant("Tom Reyes", "tom.reyes@elsewhere.example")
    made = scrubbed(
        Email(source="mail", external_id="m", title="t", occurred_at=None, turns=(Turn("I am another.", other),), participants=(other,)),
        "acc", marks(), lambda email: "unknown",
    )  # fmt: skip
    assert made is not None
    assert (text_of(made), made.participants) == ("I am another.", (other,))


def test_what_only_they_said_is_nothing_any_longer() -> None:
    record = Call(source="gong", external_id="c", title="t", occurred_at=None, turns=(Turn("Mine.", TOM), Turn("Mine too.", TOM)))
    assert scrubbed(record, "acc", marks(), lambda email: "unknown") is None
    by_name = Call(source="gong", external_id="c", title="t", occurred_at=None, turns=(Turn("Mine.", Participant("Tom Reyes")),))
    assert scrubbed(by_name, "", marks(), lambda email: "unknown") == by_name
    assert scrubbed(by_name, "acc", marks(), lambda email: "unknown") is None


@given(st.lists(st.sampled_from([DAN, TOM, ANN]), min_size=1, max_size=6), st.lists(st.text(max_size=40), min_size=6, max_size=6))
def test_scrubbing_twice_is_scrubbing_once_and_nobody_elses_words_are_lost(speakers: list[Participant], texts: list[str]) -> None:
    turns = tuple(Turn(text, speaker) for speaker, text in zip(speakers, texts, strict=False))
    record = Call(source="gong", external_id="c", title="Call", occurred_at=None, turns=turns, participants=(DAN, TOM, ANN))
    once = scrubbed(record, "acc", marks(), lambda email: "unknown")
    if set(speakers) == {TOM}:
        assert once is None
        return
    assert once is not None
    assert scrubbed(once, "acc", marks(), lambda email: "unknown") == once
    kept = [(before.text, after.text) for before, after in zip(turns, once.turns, strict=True) if before.speaker != TOM]
    assert all(before == after or "om" in before.casefold() or "reyes" in before.casefold() for before, after in kept)
    assert {after.text for before, after in zip(turns, once.turns, strict=True) if before.speaker == TOM} <= {ERASED}


def test_whoever_signs_in_under_the_address_no_longer_does(planted: Desk) -> None:
    with planted.open(write=True) as home:
        admissions = Admissions.beside(home.archive)
        theirs = invite(admissions, PETRA, name="Petra Zvolensky")
        create_key(admissions, "Petra Zvolensky's script", owner=theirs)
        kept = create_key(admissions, "for Petra Zvolensky")
    assert erase(planted).clean
    assert left(planted.home, THEIRS) == {}
    with planted.open() as home:
        admissions = Admissions.beside(home.archive)
        assert [(who.name, who.email) for who in admissions.principals()] == [("for [erased]", "")]
        assert [f"bt_{key.prefix}" for key in admissions.every_key()] == [kept[:11]]
        assert admissions.verify().broken_at is None


def test_what_they_asked_for_themselves_and_wrote_about_answers_goes_with_their_access(planted: Desk) -> None:
    with planted.kit(write=True) as kit:
        theirs = invite(Admissions.beside(kit.archive), PETRA, name="Petra Zvolensky")
        halden = kit.archive.account(EVERYTHING, "Halden").id
        alone, shared = (
            converse(
                kit, halden, f"Is the {word} question about depots?", thread_id=f"thr_{word}", scope=replace(EVERYTHING, viewer=theirs.id)
            )
            for word in ("tamarind", "cardamom")
        )
        kit.archive.share_thread(replace(EVERYTHING, viewer=theirs.id), "thr_cardamom", True)
        for answer, text in ((alone, "A turmeric remark."), (shared, "A saffron remark.")):
            kit.archive.add_opinion(Opinion(answer.id, halden, theirs.id, kit.archive.now(), "down", ("wrong",), text))
    assert erase(planted).clean
    assert (
        left(planted.home, THEIRS | {"asked": "tamarind question", "about it": "turmeric remark", "about another": "saffron remark"}) == {}
    )
    with planted.open() as home:
        assert home.archive.thread(EVERYTHING, "thr_tamarind") == []
        assert len(home.archive.thread(EVERYTHING, "thr_cardamom")) == 1
        kept = {(each.rating, each.text) for each in home.archive.opinions(EVERYTHING) if each.answer_id == shared.id}
        assert kept == {("down", "")}
