"""An account that is erased is nowhere: not in a table, an index, a free page, a file's name; and it does not come back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from api.keys import create_key
from assistant.answers import Question
from assistant.asking import ask
from assistant.citations import resolve
from ingest import erasing
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere, UnknownAccount
from ingest.archive.scope import EVERYTHING
from ingest.erased import WasErased
from ingest.index.projection import differences
from ingest.records import Participant
from tests.conftest import Desk
from tests.exports import DANA, mail, neutral, note
from tests.ingest.erasure.planted import KESTREL, PETRA, WORDS, everything_kept, forms, holding, left, vectors_of


def erase(desk: Desk, name: str = "Kestrel") -> erasing.Report:
    with desk.open(write=True) as home:
        return erasing.erase(home, "account", home.archive.account(EVERYTHING, name).id)


def test_every_word_that_was_planted_is_found_before(planted: Desk) -> None:
    assert sorted(left(planted.home)) == sorted(WORDS)


def test_afterwards_none_of_it_is_in_any_byte_of_the_home_and_nothing_else_is_missing(planted: Desk) -> None:
    kept = everything_kept(planted)
    with planted.kit() as kit:
        theirs, others = (vectors_of(kit, kit.archive.account(EVERYTHING, name).id) for name in ("Kestrel", "Halden"))
    theirs = [each for each in theirs if each not in others]
    assert holding(planted.home, theirs) == len(theirs) >= 8

    report = erase(planted)

    assert report.clean
    assert report.looked_for > 30
    assert left(planted.home) == {}
    assert holding(planted.home, theirs) == 0
    assert holding(planted.home, others) == len(others)
    assert everything_kept(planted) == kept
    with planted.open(write=True) as home:
        assert [account.name for account in home.archive.accounts(EVERYTHING)] == ["Halden Freight Group"]
        assert differences(home.archive, home.vectors, home.archive.accounts(EVERYTHING)[0].id) == []
        assert home.archive.sound() == []
        assert home.archive.held() == home.archive.failed() == []


def test_a_deleted_account_is_erased_without_being_restored(planted: Desk) -> None:
    kept = everything_kept(planted)
    seen: list[list[str]] = []
    with planted.open(write=True) as home:
        account = home.archive.account(EVERYTHING, "Kestrel")
        home.archive.delete_account(account.id, home.archive.now())
        plan = erasing.account_plan(home.archive, "kestrel")
        report = erasing.erase(
            home, "account", plan.id, lambda stage: seen.append([each.name for each in home.archive.accounts(EVERYTHING)])
        )
        assert home.archive.deleted_accounts() == []
    assert (plan.name, plan.interactions) == (KESTREL, 9)
    assert seen == [["Halden Freight Group"]] * len(erasing.STAGES)
    assert report.clean
    assert report.looked_for > 30
    assert left(planted.home) == {}
    assert everything_kept(planted) == kept
    again = planted.ingest()
    assert (again.new, again.erased >= 8) == (0, True)
    assert left(planted.home) == {}


def test_a_plan_for_a_deleted_account_leaves_it_deleted(planted: Desk) -> None:
    with planted.open(write=True) as home:
        home.archive.delete_account(home.archive.account(EVERYTHING, "Kestrel").id, home.archive.now())
        erasing.account_plan(home.archive, "kestrel")
        assert [account.name for account in home.archive.deleted_accounts()] == [KESTREL]
        with pytest.raises(UnknownAccount):
            home.archive.account(EVERYTHING, "Kestrel")


def test_vectors_of_it_that_stray_into_another_accounts_index_go_and_that_index_is_made_again(
    planted: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.archive.traces._TELLING", 1)  # vectors of counted words are mostly zeros
    with planted.kit() as kit:
        ids = {name: kit.archive.account(EVERYTHING, name).id for name in ("Kestrel", "Halden")}
        theirs, others = (vectors_of(kit, ids[name]) for name in ("Kestrel", "Halden"))
    stray = next(each for each in theirs if each not in others)
    index = next((planted.home / "vectors" / ids["Halden"]).rglob("*.sqlite3"))
    (index.parent / "data_level0.bin").write_bytes(bytes(64) + stray + bytes(64))
    report = erase(planted)
    assert report.clean
    assert holding(planted.home, [stray]) == 0
    planted.ingest()
    with planted.open(write=True) as home:
        assert differences(home.archive, home.vectors, ids["Halden"]) == []


def test_its_report_holds_no_word_of_it(planted: Desk) -> None:
    told = json.dumps(erasing.report_json(erase(planted)))
    assert [word for word in WORDS.values() if any(form in told.encode() for form in forms(word))] == []
    with planted.open() as home:
        [(what, _, counts)] = home.archive.erasures()
    assert (what, counts["interaction"], counts["brief"], counts["answer"]) == ("account", 9, 1, 1)


def test_the_same_export_does_not_bring_it_back_from_where_it_was_or_from_elsewhere(planted: Desk, tmp_path: Path) -> None:
    erase(planted)
    kept = everything_kept(planted)
    first = planted.ingest()
    assert (first.new, first.removed, first.held, first.failed) == (0, 0, [], [])
    assert first.erased >= 8
    planted.ingest(Path(shutil.copytree(planted.files, tmp_path / "moved")))
    assert left(planted.home) == {}
    assert everything_kept(planted) == kept
    assert planted.ingest().new == 0


def test_nor_does_what_is_new_of_it_until_that_is_allowed_again(planted: Desk, tmp_path: Path) -> None:
    erase(planted)
    new = tmp_path / "new"
    new.mkdir()
    (new / "more.eml").write_bytes(mail(PETRA, DANA, "A wholly new marmalade question.", id="k9@qwylanth"))
    (new / "more.jsonl").write_text(neutral(note("n-1", "A wholly new marmalade note.", KESTREL)))
    assert planted.ingest(new).erased == 2
    with pytest.raises(WasErased, match="--allow-again"):
        planted.ingest(new, account=KESTREL)
    assert left(planted.home, {**WORDS, "new": "marmalade"}) == {}

    with planted.open(write=True) as home:
        assert erasing.allow_again(home.archive, "account", "qwylanth.example") == 1
        assert erasing.allow_again(home.archive, "account", "qwylanth.example") == 0
    tally = planted.ingest(planted.files, new)
    assert tally.erased == 0
    assert sum("marmalade" in text for text in planted.said()[KESTREL]) == 2
    assert sum("zucchetto" in text for text in planted.said()[KESTREL]) == 1


def test_questions_briefs_sources_citations_and_keys_behave_as_if_it_had_never_been_there(planted: Desk) -> None:
    with planted.kit(write=True) as kit:
        whose, other = (kit.archive.account(EVERYTHING, name).id for name in ("Kestrel", "Halden"))
        brief = kit.archive.briefs(EVERYTHING.only(whose))[0]
        answer = ask(kit, Question("Who must sign off before a pallet moves?", whose))
        cited = answer.citations[0]
        admissions = Admissions.beside(kit.archive)
        create_key(admissions, "for Kestrel", [whose])
        create_key(admissions, "for both", [whose, other])
        before = kit.archive.revision(EVERYTHING.only(whose))

        erasing.erase(kit.home, "account", whose)

        after = ask(kit, Question("Who must sign off before a pallet moves?", whose))
        assert (after.status, after.citations) == ("declined", ())
        assert kit.archive.revision(EVERYTHING.only(whose)) != before
        for gone in (
            lambda: kit.archive.account(EVERYTHING, whose),
            lambda: kit.archive.brief(EVERYTHING, brief["id"]),
            lambda: kit.archive.interaction(EVERYTHING, cited.interaction_id),
            lambda: resolve(kit.archive, EVERYTHING, cited.id),
        ):
            with pytest.raises(NotThere):
                gone()
        assert kit.archive.thread(EVERYTHING, "thr_Kestrel") == []
        assert [(who.name, who.listed) for who in admissions.principals()] == [("for both", (other,))]
        assert [key.name for key in admissions.every_key()] == ["for both"]


def test_an_account_taken_in_again_is_not_mistaken_for_the_one_a_reader_remembers(planted: Desk) -> None:
    with planted.kit(write=True) as kit:
        whose = kit.archive.account(EVERYTHING, "Kestrel").id
        scope = EVERYTHING.only(whose)
        seen = {kit.archive.revision(scope)}
        kit.room(scope)
        erasing.erase(kit.home, "account", whose)
        assert len(kit.room(scope).shelf) == 0
        assert kit.archive.put_account(KESTREL) == whose
        for _ in range(60):
            assert kit.archive.revision(scope) not in seen
            kit.archive.put_person(Participant(f"N {_}"), "buyer", whose)


def test_a_note_that_was_cut_off_while_it_was_written_means_that_nothing_was_begun(planted: Desk) -> None:
    (planted.home / ".erasing").write_text('{"kind": "acc')
    with planted.open() as home:
        assert home.archive.account(EVERYTHING, "Kestrel")
    assert not erasing.pending(planted.home)


def test_what_somebody_else_put_into_the_home_is_said_and_not_touched(planted: Desk) -> None:
    mine = planted.home / "my notes.txt"
    mine.write_text("call Petra Zvolensky about it")
    report = erase(planted)
    assert [(found.file, found.form) for found in report.left] == [("my notes.txt", "utf-8")]
    assert not report.clean
    assert mine.read_text() == "call Petra Zvolensky about it"
