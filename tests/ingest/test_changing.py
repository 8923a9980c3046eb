"""Accounts merged, renamed, deleted, people made one: answers, indexes and citations are right, and a new run does not undo it."""

from __future__ import annotations

import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.citations import cite, resolve
from ingest import changing
from ingest.archive.changes import Itself, NameTaken, NotMerged
from ingest.archive.errors import NotThere, UnknownAccount
from ingest.archive.rows import StoredAccount
from ingest.archive.scope import EVERYTHING
from ingest.index.projection import differences
from ingest.records import Side
from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, gong, mail, neutral, note, salesforce, talk, under
from tests.ingest.making import on

NOW = on(11, 1)
NIA = "Nia Stone <nia@bright.example>"
HALDEN, BRIGHT = "Halden Freight Group", "Bright"


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Halden and Bright, each with its CRM, a mail and a call, in which somebody is known by name alone."""
    for folder, crm, customer, word in (
        ("h", salesforce(notes=["The halden budget is signed by Jonas."]), MARTA, "halden"),
        ("b", salesforce(BRIGHT, "bright.example", mark="B", contacts=[NIA], notes=["The bright budget is signed by Zoe."]), NIA, "bright"),
    ):
        desk.write({
            **under(f"{folder}/crm", crm),
            **under(f"{folder}/gong", gong(f"7{folder}", "Kickoff", [
                (DANA, f"The {word} rollout starts on 18 January."), (customer, f"Our {word} depots are ready."),
                ("Alex Kim <>", f"I am Alex and the {word} gate works.")])),
            f"{folder}/m.eml": mail(DANA, customer, f"The {word} support costs 700 euros a month.", id=f"{folder}@cartage", on=at(9, 3)),
        })  # fmt: skip
    desk.ingest()
    return desk


def named(desk: Desk, name: str) -> StoredAccount:
    with desk.open() as home:
        return home.archive.account(EVERYTHING, name)


def merge(desk: Desk, one: str = BRIGHT, other: str = HALDEN) -> None:
    with desk.open(write=True) as home:
        changing.merge_accounts(home, home.archive.account(EVERYTHING, one), home.archive.account(EVERYTHING, other), NOW)


def indexes_agree(desk: Desk) -> bool:
    with desk.open(write=True) as home:
        assert home.vectors is not None
        return not [d for a in home.archive.accounts(EVERYTHING) for d in differences(home.archive, home.vectors, a.id)]


def citation(desk: Desk, file: str) -> str:
    with desk.open() as home:
        [found] = [i for i in home.archive.interactions(EVERYTHING) if i.source.file == file]
        return cite(found, found.turns[0].span).id


def opened(desk: Desk, id: str, account: str) -> str:
    with desk.open() as home:
        return resolve(home.archive, EVERYTHING.only(home.archive.account(EVERYTHING, account).id), id).exact


def answer(desk: Desk, account: str, question: str) -> list[str]:
    with desk.kit() as kit:
        return [c.exact for c in ask(kit, Question(question, kit.archive.account(EVERYTHING, account).id)).citations]


def test_what_is_merged_is_found_and_cited_in_the_other_account_and_new_runs_leave_it_there(two: Desk) -> None:
    before, old, embedded = two.said(), citation(two, "b/m.eml"), len(two.embedder.embedded)
    gone = named(two, BRIGHT)
    merge(two)
    everything = {HALDEN: sorted(before[HALDEN] + before[BRIGHT])}
    for _ in range(2):
        assert {name: sorted(texts) for name, texts in two.said().items()} == everything
        assert indexes_agree(two)
        assert "The bright support costs 700 euros a month." in answer(two, HALDEN, "What does the bright support cost a month?")
        assert opened(two, old, HALDEN) == "The bright support costs 700 euros a month."
        tally = two.ingest()
        assert (tally.new, tally.changed, tally.removed, tally.held) == (0, 0, 0, [])
    assert len(two.embedder.embedded) == embedded
    for reference in (BRIGHT, gone.id, gone.slug, "bright.example", f"sf:{gone.links[0].id}"):
        assert named(two, reference).name == HALDEN
    two.write({"b/next.eml": mail(NIA, DANA, "When is the next step?", id="next@bright")})
    two.write({"n.jsonl": neutral(note("n", "Neutral.", BRIGHT))})
    two.ingest()
    assert {"When is the next step?", "Neutral."} <= set(two.said()[HALDEN])
    assert list(two.said()) == [HALDEN]


def test_who_is_known_by_name_alone_is_one_person_after_a_merge_and_nobody_is_there_twice(two: Desk) -> None:
    merge(two)
    for _ in range(2):
        with two.open() as home:
            names = [p.name for p in home.archive.people(EVERYTHING.only(home.archive.account(EVERYTHING, HALDEN).id))]
        assert sorted(names) == ["Alex Kim", "Dana Okafor", "Marta Lindqvist", "Nia Stone", "Tom Reyes"]
        two.ingest()


def test_a_merge_that_is_undone_leaves_everything_as_it_was(two: Desk) -> None:
    before, old, account = two.said(), citation(two, "b/m.eml"), named(two, BRIGHT)
    people = two.sides()
    merge(two)
    two.ingest()
    with two.open(write=True) as home:
        assert changing.unmerge_account(home, BRIGHT) == (account, [])
        with pytest.raises(NotMerged):
            changing.unmerge_account(home, BRIGHT)
    for _ in range(2):
        assert two.said() == before
        assert (two.sides(), opened(two, old, BRIGHT)) == (people, "The bright support costs 700 euros a month.")
        assert indexes_agree(two)
        tally = two.ingest()
        assert (tally.new, tally.removed, tally.held) == (0, 0, [])
    with pytest.raises(NotThere):
        opened(two, old, HALDEN)


def test_answers_and_briefs_go_along(two: Desk) -> None:
    bright = named(two, BRIGHT)
    with two.open(write=True) as home:
        home.archive.save_answer(bright.id, "thr_1", "ans_1", {"id": "ans_1", "account": bright.id})
        home.archive.save_brief(bright.id, None, {"id": "brf_1", "account": bright.id, "gaps": []})
    merge(two)
    halden = named(two, HALDEN)
    with two.open() as home:
        scope = EVERYTHING.only(halden.id)
        assert home.archive.answer(scope, "ans_1")["account"] == home.archive.brief(scope, "brf_1")["account"] == halden.id


def test_what_was_answered_of_both_is_gone_when_they_are_apart_again_and_what_was_of_one_stays(two: Desk) -> None:
    halden = named(two, HALDEN)
    with two.open() as home:
        ids = {i.source.file: i.source.id for i in home.archive.interactions(EVERYTHING)}
    merge(two)
    with two.open(write=True) as home:
        for name, files in (("ans_both", ("h/m.eml", "b/m.eml")), ("ans_one", ("h/m.eml",))):
            home.archive.save_answer(halden.id, "thr_1", name, {"id": name, "citations": [{"source": {"id": ids[f]}} for f in files]})
        changing.unmerge_account(home, BRIGHT)
        assert home.archive.answer(EVERYTHING, "ans_one")["id"] == "ans_one"
        with pytest.raises(NotThere):
            home.archive.answer(EVERYTHING, "ans_both")


def test_the_same_mail_in_both_accounts_is_one_after_a_merge(desk: Desk) -> None:
    for folder, name in (("x", "X"), ("y", "Y")):
        desk.write({f"{folder}/m.eml": mail(DANA, "Al <al@gmail.com>", "The same words.", id="same@cartage")})
        desk.ingest(desk.files / folder, account=name)
    merge(desk, "X", "Y")
    assert desk.said() == {"Y": ["The same words."]}
    assert indexes_agree(desk)


def test_an_account_is_not_merged_with_itself(two: Desk) -> None:
    with pytest.raises(Itself):
        merge(two, HALDEN, HALDEN)


def test_a_name_given_by_hand_stays_whatever_the_crm_says_and_the_old_one_still_means_it(two: Desk) -> None:
    with two.open(write=True) as home:
        changing.rename_account(home, home.archive.account(EVERYTHING, BRIGHT), "Brightwell Dental", NOW)
        with pytest.raises(NameTaken):
            changing.rename_account(home, home.archive.account(EVERYTHING, BRIGHT), "halden  freight group", NOW)
    two.write({**under("b/crm", salesforce("Bright Inc", "bright.example", mark="B")), "n.jsonl": neutral(note("n", "Neutral.", BRIGHT))})
    two.ingest()
    assert sorted(two.said()) == ["Brightwell Dental", HALDEN]
    assert "Neutral." in two.said()["Brightwell Dental"]
    assert named(two, BRIGHT).name == "Brightwell Dental"


def test_a_deleted_account_is_in_no_read_and_what_is_read_for_it_is_left_out_until_it_is_restored(two: Desk) -> None:
    before, old, account = two.said(), citation(two, "b/m.eml"), named(two, BRIGHT)
    with two.open(write=True) as home:
        assert changing.delete_account(home, account, NOW) == 4
        archive = home.archive
        for scope in (EVERYTHING, EVERYTHING.only(account.id)):
            assert not [s for s in archive.sources(scope, alternates=True) if s.account_id == account.id]
            assert not [p for p in archive.passages(scope) if p.account_id == account.id]
            assert not [d for d in archive.deals(scope) if d.account_id == account.id]
            assert "Nia Stone" not in [p.name for p in archive.people(scope)]
        assert archive.worded(account.id) == archive.embedded(EVERYTHING.only(account.id), home.model) == set()
        assert home.vectors is not None
        assert home.vectors.ids(account.id) == set()
        with pytest.raises(UnknownAccount):
            archive.account(EVERYTHING, BRIGHT)
        with pytest.raises(NotThere):
            resolve(archive, EVERYTHING, old)
    two.write({"b/next.eml": mail(NIA, DANA, "When is the next step?", id="next@bright")})
    two.write({"n.jsonl": neutral(note("n", "Neutral.", BRIGHT))})
    tally = two.ingest()
    assert (tally.new, tally.held, tally.dismissed) == (0, [], 6)
    assert two.said() == {HALDEN: before[HALDEN]}
    with two.open(write=True) as home:
        assert {each.reason for each in home.archive.held(dismissed=True)} == {"deleted_account"}
        assert changing.restore_account(home, BRIGHT).id == account.id
        with pytest.raises(NotMerged):
            changing.restore_account(home, BRIGHT)
    two.ingest()
    assert {name: set(texts) for name, texts in two.said().items()} == {
        HALDEN: set(before[HALDEN]), BRIGHT: {*before[BRIGHT], "When is the next step?", "Neutral."},
    }  # fmt: skip
    assert opened(two, old, BRIGHT) == "The bright support costs 700 euros a month."
    assert indexes_agree(two)


def test_a_deleted_account_is_back_at_once_with_all_it_had(two: Desk) -> None:
    before = two.said()
    with two.open(write=True) as home:
        changing.delete_account(home, home.archive.account(EVERYTHING, BRIGHT), NOW)
        changing.restore_account(home, BRIGHT)
    assert two.said() == before
    assert indexes_agree(two)


def test_two_addresses_of_one_person_are_read_as_one_through_new_runs_until_that_is_undone(two: Desk) -> None:
    two.write({"h/private.eml": mail("Marta L <marta.l@halden.example>", DANA, "From my other address.", id="p@halden")})
    two.ingest()
    halden = named(two, HALDEN)
    with two.open(write=True) as home:
        one, other = (changing.person(home.archive, halden.id, a) for a in ("marta.l@halden.example", "marta@halden.example"))
        changing.merge_people(home, one, other, NOW)
    for _ in range(2):
        with two.open() as home:
            assert [p.email for p in home.archive.people(EVERYTHING.only(halden.id)) if p.name.startswith("Marta")] == [other.email]
            [private] = [i for i in home.archive.interactions(EVERYTHING) if i.source.file == "h/private.eml"]
            assert private.turns[0].person == other
            assert other in private.participants
        two.write({"h/private.eml": mail("Marta L <marta.l@halden.example>", DANA, "From my other address, once more.", id="p@halden")})
        two.ingest()
    with two.open(write=True) as home:
        with pytest.raises(NotThere):
            changing.split_person(home, halden.id, "tom@halden.example")
        assert changing.split_person(home, halden.id, "marta.l@halden.example").name == "Marta L"
        assert {p.email for p in home.archive.people(EVERYTHING.only(halden.id)) if p.name.startswith("Marta")} == {one.email, other.email}


def test_what_a_person_sets_apart_stays_apart_through_new_runs(desk: Desk) -> None:
    words = [("Ann", f"Sentence number {n} about the gate and the depot and the truck.") for n in range(8)]
    for tool in ("x", "y"):
        desk.write({f"{tool}.jsonl": neutral(talk(tool, *words, account="Halden"))})
    desk.ingest()
    assert len(desk.said()["Halden"]) == 8
    with desk.open(write=True) as home:
        [one] = home.archive.sources(EVERYTHING)
        changing.split_source(home, one.alternates[0].id)
    for _ in range(2):
        assert len(desk.said()["Halden"]) == 16
        assert indexes_agree(desk)
        desk.ingest()
    with desk.open(write=True) as home:
        changing.split_source(home, one.alternates[0].id, apart=False)
    assert len(desk.said()["Halden"]) == 8


def test_whose_side_a_bare_name_is_on_can_be_said_and_holds_through_a_new_run(two: Desk) -> None:
    def side() -> list[str]:
        with two.open() as home:
            return [
                p.side for p in home.archive.people(EVERYTHING.only(home.archive.account(EVERYTHING, HALDEN).id)) if p.name == "Alex Kim"
            ]

    def put(said: Side | None) -> None:
        with two.open(write=True) as home:
            halden = home.archive.account(EVERYTHING, HALDEN).id
            changing.put_on_side(home, changing.person(home.archive, halden, "Alex Kim"), said)

    assert side() == ["unknown"]
    put("seller")
    two.write({"h/n.eml": mail(DANA, MARTA, "The gate opens at six.", id="n@cartage", on=at(9, 4))})
    two.ingest()
    assert side() == ["seller"]
    put(None)
    assert side() == ["unknown"]
