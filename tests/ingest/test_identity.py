"""The same thing, once: what several tools tell of the sample deal, and the rules by which two are one or two."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import cite, resolve
from ingest import identity
from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import interaction_id
from ingest.archive.rows import StoredInteraction, StoredPassage
from ingest.archive.scope import EVERYTHING, Scope
from ingest.copies import Copy, Worth, likeness, prints, richest, worth
from ingest.identity import alternates
from ingest.records import Call, CrmDeal, Email, Interaction, Link, Mark, Meeting, Note, Participant, Turn
from ingest.tally import Tally
from tests.conftest import HALDEN, Desk, HashedTerms
from tests.exports import DANA, MARTA, gong, mail, neutral, note, salesforce, talk, under
from tests.ingest.sources.harborlight import DATA, golden

GOLDEN = golden("identity")
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
ANN, BO, CY = Participant("Ann", "ann@cartage.example"), Participant("Bo", "bo@halden.example"), Participant("Cy", "cy@halden.example")
SPOKEN = (
    "We counted the depots again and there are fourteen of them, not twelve. The pilot can begin on the third Monday of January, as long as"
    " the test system is there by the end of November. Training in Swedish comes with it and costs nothing for ninety days. Whoever signs"
    " above one hundred thousand has to ask Jonas first, and he is on leave until the tenth, so let us meet again on the twelfth."
)
OTHER = (
    "Our drivers will not take a second phone along, which is why the old terminals must be read by the new software too. If a lorry is"
    " late the dock should know half an hour before it comes. Security wants to see the report of the last penetration test, and legal a"
    " list of everybody who stores our data, before anything is signed. Prices stay as they were in the spring offer of last year."
)


def call(
    tool: str, id: str, text: str = SPOKEN, at: datetime | None = NOON, people: Sequence[Participant] = (ANN, BO), **more: object
) -> Call:
    turns = tuple(Turn(said + ".", people[n % len(people)]) for n, said in enumerate(text.removesuffix(".").split(". ")) if text and people)
    return Call(
        source=tool, external_id=id, title="Scope", occurred_at=at, turns=turns, participants=tuple(people), **more  # type: ignore[arg-type]
    )  # fmt: skip


def letter(
    tool: str, id: str, text: str = "We take fourteen depots.", at: datetime | None = NOON, message_id: str = "", **more: object
) -> Email:
    names = dict(more)
    return Email(
        source=tool, external_id=id, title=str(names.pop("title", "Depots")), occurred_at=at, turns=(Turn(text, ANN),),
        participants=(ANN, BO), message_id=message_id, **names,  # type: ignore[arg-type]
    )  # fmt: skip


def noted(
    tool: str, id: str, text: str = "Jonas signs above one hundred thousand, so ask him.", at: datetime = NOON, **more: object
) -> Note:
    more.setdefault("links", (Link("salesforce", "deal", "006"),))
    return Note(
        source=tool, external_id=id, title="Note", occurred_at=at, turns=(Turn(text, ANN),), participants=(ANN,), **more  # type: ignore[arg-type]
    )  # fmt: skip


def stub(tool: str, id: str, *aliases: str, at: datetime | None = NOON, people: Sequence[Participant] = (ANN,)) -> Call:
    """What a CRM logs of a call."""
    turns = (Turn("Recorded: see the link.", ANN, "derived"),)
    return Call(
        source=tool, external_id=id, title="Call", occurred_at=at, turns=turns, participants=tuple(people), aliases=aliases
    )  # fmt: skip


def copy_of(interaction: Interaction) -> Copy:
    kinds = {Call: "call", Email: "email", Note: "crm_note", Meeting: "meeting"}
    return Copy(
        id=f"{interaction.source}/{interaction.external_id}",
        kind=kinds[type(interaction)],  # type: ignore[arg-type]
        tool=interaction.source,
        external_id=interaction.external_id,
        worth=worth(interaction),
        prints=prints(interaction),
        occurred_at=interaction.occurred_at,
        url=interaction.url,
        aliases=interaction.aliases,
        links=interaction.links,
        people=frozenset(person.email for person in interaction.participants),
        message_id=getattr(interaction, "message_id", ""),
        duration_s=getattr(interaction, "duration_s", None),
    )


def groups(*interactions: Interaction) -> set[tuple[str, ...]]:
    """Primary first, then its alternates; what stands alone is not named. The order in which they come makes no difference."""
    found: list[dict[str, str]] = []
    for seed in range(4):
        copies = [copy_of(each) for each in interactions]
        random.Random(seed).shuffle(copies)
        found.append(alternates(copies))
    assert all(each == found[0] for each in found)
    return {
        (primary, *sorted(id for id, of in found[0].items() if of == primary)) for primary in found[0].values()
    }  # fmt: skip


# The sample deal


@pytest.fixture(scope="module")
def harborlight(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("harborlight"), HashedTerms())
    desk.files = DATA
    desk.ingest()
    return desk


def told(desk: Desk, kind: str) -> list[tuple[set[tuple[str, str]], StoredInteraction]]:
    """Everything that is read, with the names of all who tell it."""
    with desk.open() as home:
        found = [i for i in home.archive.interactions(EVERYTHING) if i.source.kind == kind]
    return [
        ({(i.source.tool, i.source.external_id), *((other.tool, other.external_id) for other in i.source.alternates)}, i) for i in found
    ]  # fmt: skip


def test_every_call_of_the_sample_is_there_once_with_the_recorders_words(harborlight: Desk) -> None:
    tools = {"zoom_uuid": "zoom", "hubspot_call": "hubspot"}
    expected = [
        {(tools.get(key, key), str(id)) for key, id in row.items() if id != "file"} for row in GOLDEN["calls"].values()
    ]  # fmt: skip
    found = told(harborlight, "call")
    assert [{name for name in names if name[0] != "otter"} for names, _ in found] == expected
    assert [i.source.tool for _, i in found] == ["gong"] * 4
    assert [any(tool == "otter" for tool, _ in names) for names, _ in found] == [False, True, False, False]


def test_every_mail_of_the_sample_is_there_once_as_the_mailbox_has_it(harborlight: Desk) -> None:
    keys = {"hubspot_email": "hubspot", "salesforce_email_message": "salesforce"}
    expected = [
        {("mail", row["message_id"].strip("<>")), *((tool, row[key]) for key, tool in keys.items() if row[key])}
        for row in GOLDEN["emails"].values()
    ]  # fmt: skip
    found = told(harborlight, "email")
    assert [names for names, _ in found] == expected
    assert {i.source.tool for _, i in found} == {"mail"}
    dropped = {row["salesforce_email_task_to_drop"] for row in GOLDEN["emails"].values()}
    with harborlight.open() as home:
        every = home.archive.sources(EVERYTHING, alternates=True)
    assert dropped.isdisjoint(source.external_id for source in every)
    exported = {f"gmail:{row['gmail']}" for name, row in GOLDEN["emails"].items() if name in ("e02", "e04")}
    assert exported <= {alias for source in every for alias in source.aliases}


def test_every_note_of_the_sample_is_there_once(harborlight: Desk) -> None:
    expected = [
        {("hubspot", row["hubspot_note"]), ("salesforce", row["salesforce"]), ("pipedrive", str(row["pipedrive_note"]))}
        for row in GOLDEN["notes"].values()
    ]  # fmt: skip
    found = [names for names, _ in told(harborlight, "crm_note") if len(names) > 1]
    assert found == expected


def test_nothing_of_the_sample_is_found_twice_and_everything_opens(harborlight: Desk) -> None:
    with harborlight.open() as home:
        archive = home.archive
        [account] = archive.accounts(EVERYTHING)
        passages, hidden = archive.passages(EVERYTHING), archive.alternates()
        assert {p.interaction_id for p in passages}.isdisjoint(hidden)
        assert archive.worded(account.id) == {p.id for p in passages}
        assert len({p.text for p in passages}) == len(passages)
        assert all(archive.interaction(EVERYTHING, id).source.alternate_of == primary for id, primary in hidden.items())


def test_taking_the_sample_in_again_changes_nothing_and_counts_each_thing_once(harborlight: Desk) -> None:
    before = [names for kind in ("call", "email", "crm_note") for names, _ in told(harborlight, kind)]
    tally = harborlight.ingest()
    assert (tally.new, tally.changed, tally.removed, tally.embedded) == (0, 0, 0, 0)
    assert tally.unchanged == sum(tally.accounts[0].kinds.values())
    assert (tally.accounts[0].kinds["call"], tally.accounts[0].kinds["email"]) == (4, 10)
    assert [names for kind in ("call", "email", "crm_note") for names, _ in told(harborlight, kind)] == before


def test_copies_with_the_same_words_are_no_cause_for_complaint(harborlight: Desk) -> None:
    assert [notice for notice in harborlight.ingest().notices if notice.reason == "given_twice"] == []


# Mails


def test_a_mail_is_known_by_its_message_id_and_the_mailbox_tells_it() -> None:
    copies = (
        letter("mail", "m1@x", message_id="m1@x"),
        letter("hubspot", "77", text="We take fourteen depots. And more.", aliases=("M1@X",), message_id="m1@x"),
        letter("salesforce", "02s000000000001AAA", message_id="m1@x", aliases=("m1@x", "00T000000000001")),
        letter("salesforce", "00T000000000001AAA", text="We take fourteen …"),
        letter("mail", "m2@x", message_id="m2@x"),
    )
    assert groups(*copies) == {("mail/m1@x", "hubspot/77", "salesforce/00T000000000001AAA", "salesforce/02s000000000001AAA")}
    assert groups(*copies[1:4]) == {("salesforce/02s000000000001AAA", "hubspot/77", "salesforce/00T000000000001AAA")}


def test_a_mailbox_copy_without_words_leaves_them_to_the_crm() -> None:
    assert groups(letter("mail", "m@x", "", message_id="m@x"), letter("hubspot", "7", aliases=("m@x",))) == {("hubspot/7", "mail/m@x")}


def test_a_mail_without_a_message_id_is_known_by_sender_minute_subject_and_opening() -> None:
    first, second = letter("mail", "hash1"), letter("hubspot", "7", title="RE: [EXTERNAL] Depots", text="We take  fourteen\ndepots")
    assert groups(first, second) == {("mail/hash1", "hubspot/7")}
    for changed in (
        replace(second, occurred_at=NOON + timedelta(minutes=1)),
        replace(second, title="Depots and docks"),
        replace(second, turns=(Turn("We take twelve depots.", ANN),)),
        replace(second, turns=(Turn("We take fourteen depots.", BO),)),
    ):
        assert groups(first, changed) == set()


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_two_mails_of_one_subject_and_different_minutes_stay_two(one: int, other: int) -> None:
    mails = [
        letter("mail", f"a{one}", at=NOON + timedelta(minutes=one)),
        letter("hubspot", f"b{other}", at=NOON + timedelta(minutes=other)),
    ]
    assert bool(groups(*mails)) == (one == other)


def test_two_message_ids_are_two_mails_whatever_else_speaks_for_one() -> None:
    mails = letter("mail", "a@x", message_id="a@x"), letter("hubspot", "7", message_id="b@x"), letter("salesforce", "8")
    assert len(groups(*mails)) == 1
    assert {id for group in groups(*mails) for id in group} != {"mail/a@x", "hubspot/7", "salesforce/8"}


def test_a_mail_logged_as_a_task_is_known_within_a_day() -> None:
    task = letter("salesforce", "00T000000000001", title="Re: Depots", at=NOON + timedelta(hours=5), message_id="")
    assert groups(letter("mail", "m@x", message_id="m@x"), task) == {("mail/m@x", "salesforce/00T000000000001")}
    assert groups(letter("mail", "m@x", message_id="m@x"), replace(task, occurred_at=NOON + timedelta(days=2))) == set()
    assert groups(letter("mail", "m@x", message_id="m@x"), replace(task, external_id="02s000000000001")) == set()


# Calls


def test_a_call_heard_by_three_recorders_and_logged_by_two_crms_is_one() -> None:
    exact = replace(call("gong", "1"), turns=tuple(replace(t, marks=(Mark(0, 1.0, 2.0),), starts_s=1.0) for t in call("gong", "1").turns))
    pointing = replace(
        noted("pipedrive", "9", at=NOON + timedelta(hours=2)), aliases=("https://app.gong.io/call?id=1", "1"),
        turns=(Turn("Recorded call", ANN, "derived"),),
    )  # fmt: skip
    copies = (
        exact,
        call("zoom", "z", at=NOON + timedelta(minutes=4)),
        call("otter", "o", at=None, people=(Participant("Speaker 1"),)),
        stub("hubspot", "5", "https://app.gong.io/call?id=1", "1", at=NOON + timedelta(hours=3)),
        pointing,
    )
    assert groups(*copies) == {("gong/1", "hubspot/5", "otter/o", "pipedrive/9", "zoom/z")}


def test_a_note_with_words_of_its_own_about_a_call_is_no_copy_of_it() -> None:
    assert groups(call("gong", "1"), noted("hubspot", "5", aliases=("https://app.gong.io/call?id=1", "1"))) == set()
    twice = noted("hubspot", "5", "Went well.", aliases=("1",)), noted("hubspot", "6", "Went badly.", aliases=("1",))
    assert groups(call("gong", "1"), *twice) == set()


@given(st.sampled_from([0, 9, 10, 11, 30, 60]), st.sampled_from([SPOKEN, OTHER]), st.sampled_from(["gong", "zoom"]))
def test_two_calls_are_one_by_time_people_and_words(minutes: int, words: str, tool: str) -> None:
    found = groups(call("gong", "1"), call(tool, "2", words, NOON + timedelta(minutes=minutes)))
    assert bool(found) == (minutes <= 10 and words == SPOKEN)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6), st.integers(11, 45))
def test_calls_of_the_same_people_more_than_ten_minutes_apart_stay_apart(tools: list[int], gap: int) -> None:
    """One every `gap` minutes, each heard by one of four recorders, and by Gong a little later."""
    heard: list[Interaction] = []
    for n, tool in enumerate(tools):
        start = NOON + timedelta(minutes=gap * n)
        heard += [call(f"tool{tool}", f"{n}", at=start), call("gong", f"{n}", at=start + timedelta(seconds=20))]
    found = groups(*heard)
    assert len(found) == len(tools)
    assert all(len({id.partition("/")[2] for id in group}) == 1 for group in found)


def test_a_call_that_was_cut_off_and_begun_again_is_two() -> None:
    cut_off = call("gong", "1", duration_s=120.0)
    assert groups(cut_off, call("zoom", "2", "", NOON + timedelta(minutes=5))) == set()
    assert groups(replace(cut_off, duration_s=1200.0), call("zoom", "2", "", NOON + timedelta(minutes=5))) == {("gong/1", "zoom/2")}


def test_two_who_met_at_the_same_time_as_two_others_did_not_meet_them() -> None:
    assert groups(call("gong", "1"), call("zoom", "2", OTHER[:60], people=(ANN, CY))) == set()


def test_a_meetings_number_counts_only_at_its_hour() -> None:
    room = "93811240551"
    first, second = call("zoom", "a", aliases=(room,)), stub("hubspot", "5", room, at=NOON + timedelta(minutes=5), people=())
    assert groups(first, second) == {("zoom/a", "hubspot/5")}
    assert groups(first, replace(second, occurred_at=NOON + timedelta(hours=1))) == set()
    weekly = stub("hubspot", "6", "a", at=NOON + timedelta(days=7))
    assert groups(first, weekly) == set()


def test_one_stub_that_points_to_two_calls_makes_them_no_one() -> None:
    found = groups(call("gong", "1"), call("gong", "2", OTHER, NOON + timedelta(hours=1)), stub("hubspot", "5", "1", "2"))
    assert found == {("gong/1", "hubspot/5")}


def test_two_stubs_of_one_call_both_stand_for_it() -> None:
    assert groups(call("gong", "1"), stub("hubspot", "5", "1"), stub("hubspot", "6", "1")) == {("gong/1", "hubspot/5", "hubspot/6")}


def test_equal_numbers_of_two_tools_say_nothing() -> None:
    assert groups(noted("pipedrive", "12", "One."), noted("hubspot", "12", "Two.")) == set()
    assert groups(stub("pipedrive", "12", people=()), stub("hubspot", "12", people=())) == set()


def test_pasted_words_find_their_call_by_the_day_where_one_is_given() -> None:
    pasted = call("otter", "o", at=datetime(2026, 9, 1, tzinfo=UTC), people=(Participant("Speaker 1"),))
    assert groups(call("gong", "1"), pasted) == {("gong/1", "otter/o")}
    assert groups(call("gong", "1"), replace(pasted, occurred_at=datetime(2026, 9, 20, tzinfo=UTC))) == set()
    assert groups(call("gong", "1", OTHER), pasted) == set()


def test_the_whole_of_a_call_is_read_before_the_better_known_half_of_it() -> None:
    half = call("gong", "1", SPOKEN[: len(SPOKEN) // 2])
    half = replace(half, turns=tuple(replace(turn, marks=(Mark(0, 1.0, 2.0),)) for turn in half.turns))
    assert groups(half, call("otter", "o", at=None, people=(Participant("Speaker 1"),))) == {("otter/o", "gong/1")}


def test_likeness_is_near_the_truth_for_calls_of_any_length() -> None:
    rng = random.Random(7)
    words = [f"w{rng.randrange(4000)}" for _ in range(9000)]
    for share in (0.0, 0.3, 0.6, 1.0):
        ours = words[:6000]
        theirs = words[6000 - int(3000 * share) : 9000 - int(3000 * share)]
        heard = [prints(call("gong", "1", " ".join(said))) for said in (ours, theirs)]
        assert abs(likeness(*heard) - share) < 0.15
        assert len(heard[0].sketch) == 256


# Notes and meetings


def test_a_note_in_three_crms_is_one_and_another_days_is_another() -> None:
    copies = noted("hubspot", "1"), noted("salesforce", "2", at=NOON + timedelta(minutes=3)), noted("pipedrive", "3")
    assert len(groups(*copies)) == 1
    later = [replace(each, external_id=f"{each.external_id}b", occurred_at=NOON + timedelta(days=3)) for each in copies]
    assert {frozenset(id[-1] == "b" for id in group) for group in groups(*copies, *later)} == {frozenset({True}), frozenset({False})}


def test_the_same_few_words_on_two_occasions_of_a_day_are_two_notes_in_each_crm() -> None:
    occasions = [
        noted(tool, f"{hour}", "Left a voicemail.", NOON.replace(hour=hour)) for tool in ("hubspot", "salesforce") for hour in (9, 15)
    ]  # fmt: skip
    assert {frozenset(id.partition("/")[2] for id in group) for group in groups(*occasions)} == {frozenset({"9"}), frozenset({"15"})}


def test_a_note_kept_twice_in_one_crm_is_one_if_author_record_and_day_agree() -> None:
    one, other = noted("hubspot", "1"), noted("hubspot", "2", at=NOON + timedelta(hours=2))
    assert len(groups(one, other)) == 1
    assert groups(one, replace(other, participants=(BO,))) == set()
    assert groups(one, replace(other, links=(Link("salesforce", "deal", "007"),))) == set()


def test_a_meeting_in_calendar_and_crm_is_one_and_each_time_it_comes_again_is_its_own() -> None:
    def entry(tool: str, id: str, start: datetime, *aliases: str) -> Meeting:
        return Meeting(source=tool, external_id=id, title="Kick-off", occurred_at=start, turns=(Turn("Kick-off"),), aliases=aliases)

    week = timedelta(days=7)
    entries = (
        entry("calendar", "uid@x", NOON), entry("hubspot", "1", NOON, "uid@x", "https://meet.example/abc"),
        entry("calendar", "uid@x#2", NOON + week, "uid@x"), entry("hubspot", "2", NOON + week, "uid@x", "https://meet.example/abc"),
    )  # fmt: skip
    assert groups(*entries) == {("calendar/uid@x", "hubspot/1"), ("calendar/uid@x#2", "hubspot/2")}


# In the archive

TOLD: tuple[Interaction, ...] = (
    letter("mail", "m@x", message_id="m@x"), letter("hubspot", "70", aliases=("m@x",), message_id="m@x"),
    letter("salesforce", "02s000000000001", message_id="m@x"), letter("mail", "n@x", "Another one.", message_id="n@x"),
    call("gong", "1"), call("zoom", "z", at=NOON + timedelta(minutes=4)), stub("hubspot", "5", "1"), call("otter", "o", at=None),
    call("zoom", "y", OTHER, NOON + timedelta(minutes=30)),
    noted("hubspot", "61"), noted("salesforce", "002000000000001"), noted("pipedrive", "700"), noted("pipedrive", "701", "Left voicemail."),
)  # fmt: skip


def contents(archive: Archive) -> tuple[list[StoredInteraction], list[StoredPassage], dict[str, str], list[set[str]]]:
    accounts = [account.id for account in archive.accounts(EVERYTHING)]
    return archive.interactions(EVERYTHING), archive.passages(EVERYTHING), archive.alternates(), [archive.worded(id) for id in accounts]


def keep(archive: Archive, account_id: str, interaction: Interaction) -> str:
    people = {each: archive.put_person(each, "buyer", account_id) for each in interaction.participants}
    speakers = [people.get(turn.speaker) if turn.speaker else None for turn in interaction.turns]
    archive.put_interaction(account_id, None, interaction, speakers, [people[each] for each in interaction.participants])
    return interaction_id(account_id, interaction.source, interaction.external_id)


@settings(max_examples=25)
@given(order=st.permutations(range(len(TOLD))), pauses=st.sets(st.integers(0, len(TOLD))), gone=st.sets(st.integers(0, len(TOLD) - 1)))
def test_the_order_in_which_copies_come_and_go_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], pauses: set[int], gone: set[int]
) -> None:
    with Archive.open(tmp_path_factory.mktemp("shuffled"), write=True) as archive, \
            Archive.open(tmp_path_factory.mktemp("straight"), write=True) as straight:  # fmt: skip
        account = straight.put_account("Halden")
        for each in TOLD:
            for person in each.participants:
                straight.put_person(person, "buyer", account)
        for n, each in enumerate(TOLD):
            if n not in gone:
                keep(straight, account, each)
        straight.settle_alternates()

        assert archive.put_account("Halden") == account
        ids = {}
        for step, n in enumerate(order):
            ids[n] = keep(archive, account, TOLD[n])
            if step in pauses:
                archive.settle_alternates()
        for n in order:
            if n in gone:
                archive.remove_interaction(ids[n])
                if n in pauses:
                    archive.settle_alternates()
        archive.settle_alternates()
        assert contents(archive) == contents(straight)
        assert {p.interaction_id for p in archive.passages(EVERYTHING)}.isdisjoint(archive.alternates())
        before = archive.revision(EVERYTHING)
        archive.settle_alternates()
        assert archive.revision(EVERYTHING) == before


def test_two_accounts_copies_of_one_mail_stay_two(archive: Archive, halden: str) -> None:
    other = archive.put_account("Bright")
    ids = {keep(archive, halden, TOLD[0]), keep(archive, other, TOLD[1])}
    archive.settle_alternates()
    assert {source.id for source in archive.sources(EVERYTHING)} == ids


def test_an_edited_copy_is_judged_again_and_one_that_comes_free_is_found_with_its_old_passages(archive: Archive, halden: str) -> None:
    first, second = noted("hubspot", "61"), noted("salesforce", "002000000000001")
    one, other = keep(archive, halden, first), keep(archive, halden, second)
    before = archive.passages(EVERYTHING)
    archive.settle_alternates()
    [(hidden, primary)] = archive.alternates().items()
    assert {hidden, primary} == {one, other}
    edited = first if hidden == one else second
    keep(archive, halden, replace(edited, turns=(Turn("Jonas does not sign any longer.", ANN),)))
    assert len(archive.passages(EVERYTHING)) == 1
    archive.settle_alternates()
    assert {p.text for p in archive.passages(EVERYTHING)} == {before[0].text, "Jonas does not sign any longer."}
    keep(archive, halden, edited)
    archive.settle_alternates()
    archive.remove_interaction(primary)
    archive.settle_alternates()
    assert archive.passages(EVERYTHING) == [p for p in before if p.interaction_id == hidden]


def test_a_person_can_set_one_apart_and_take_it_back(archive: Archive, halden: str) -> None:
    ids = [keep(archive, halden, each) for each in TOLD[9:12]]
    archive.settle_alternates()
    together = archive.alternates()
    hidden, primary = next(iter(together.items()))
    archive.split(hidden)
    keep(archive, halden, replace(TOLD[ids.index(hidden) + 9], url="https://elsewhere.example"))
    archive.settle_alternates()
    assert {source.id for source in archive.sources(EVERYTHING)} == {hidden, primary}
    assert [other.id for other in archive.interaction(EVERYTHING, primary).source.alternates] == [*(set(ids) - {hidden, primary})]
    archive.split(primary)
    assert archive.alternates() == {}
    for id in (hidden, primary):
        archive.split(id, apart=False)
    assert len(archive.alternates()) == 2
    with pytest.raises(NotThere):
        archive.split("src_none")


def test_a_mail_goes_with_the_deal_that_its_copy_in_the_crm_names(archive: Archive, halden: str) -> None:
    account = (Link("hubspot", "account", "1"),)
    archive.put_account("Halden Freight Group", links=account)
    deal = archive.put_deal(halden, CrmDeal("Depots", (Link("hubspot", "deal", "9"),), account[0]))
    primary = keep(archive, halden, TOLD[0])
    copy = replace(TOLD[1], links=(Link("hubspot", "deal", "9"),))
    archive.put_interaction(halden, deal, copy)
    archive.settle_alternates()
    assert archive.interaction(EVERYTHING, primary).source.deal_id == deal
    archive.remove_interaction(interaction_id(halden, "hubspot", copy.external_id))
    archive.settle_alternates()
    assert archive.interaction(EVERYTHING, primary).source.deal_id is None


def test_a_reader_who_may_not_see_a_copy_is_not_told_of_it(archive: Archive, halden: str) -> None:
    primary = keep(archive, halden, TOLD[4])
    hidden = keep(archive, halden, replace(TOLD[6], internal=True))
    archive.settle_alternates()
    outside = Scope(frozenset({halden}), internal=False)
    assert [other.id for other in archive.interaction(EVERYTHING, primary).source.alternates] == [hidden]
    assert archive.interaction(outside, primary).source.alternates == ()
    with pytest.raises(NotThere):
        archive.interaction(outside, hidden)


# In a run

SAID = "We take fourteen depots and begin in the third week of January."


def counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.new, tally.changed, tally.unchanged, tally.removed


def hubspot_mail(text: str = SAID) -> str:
    row = {
        "id": "634", "properties": {
            "hs_email_subject": "Depots", "hs_email_text": text, "hs_timestamp": "2026-09-01T12:00:00Z", "hs_object_id": "634",
            "hs_email_message_id": "<m@cartage>",
            "hs_email_from_email": "dana@cartage.example", "hs_email_to_email": "marta@halden.example",
        }, "associations": {},
    }  # fmt: skip
    return json.dumps({"results": [row]})


MAILBOX = mail(DANA, MARTA, SAID, id="m@cartage", subject="Depots")


def test_a_later_richer_copy_takes_over_and_hands_back_when_it_goes(desk: Desk) -> None:
    desk.write({**under("crm", salesforce()), "hubspot/emails.json": hubspot_mail()})
    assert desk.ingest(our_domains=("cartage.example",)).new == 2
    with desk.open() as home:
        [held] = [i for i in home.archive.interactions(EVERYTHING) if i.source.kind == "email"]
    assert held.source.tool == "hubspot"
    old = cite(held, held.turns[0].span)

    desk.write({"mails/a.eml": MAILBOX})
    tally = desk.ingest()
    assert counts(tally) == (0, 1, 1, 0)
    with desk.open() as home:
        [mail_] = [i.source for i in home.archive.interactions(EVERYTHING) if i.source.kind == "email"]
        assert (mail_.tool, [other.id for other in mail_.alternates]) == ("mail", [held.source.id])
        assert resolve(home.archive, EVERYTHING, old.id).exact == SAID
        taken = cite(home.archive.interaction(EVERYTHING, mail_.id), held.turns[0].span)
    assert desk.said()["Halden Freight Group"].count(SAID) == 1

    (desk.files / "mails/a.eml").unlink()
    tally = desk.ingest()
    assert counts(tally) == (0, 1, 1, 0)
    with desk.open() as home:
        assert [i.source.id for i in home.archive.interactions(EVERYTHING) if i.source.kind == "email"] == [held.source.id]
        assert resolve(home.archive, EVERYTHING, old.id) == old
        with pytest.raises(NotThere):
            resolve(home.archive, EVERYTHING, taken.id)
    assert desk.said()["Halden Freight Group"].count(SAID) == 1
    (desk.files / "hubspot/emails.json").unlink()
    assert desk.ingest().removed == 1
    assert SAID not in desk.said()["Halden Freight Group"]


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_one_id_from_two_inputs_is_held_by_the_richer_and_then_by_the_one_that_is_left(desk: Desk, first: str, second: str) -> None:
    rich, poor = note("n", "Good words.", "Halden", url="https://crm.example/n"), note("n", "Good words!", "Halden")
    desk.write({f"{first}.jsonl": neutral(rich), f"{second}.jsonl": neutral(poor)})
    assert desk.ingest().notices == []
    with desk.open() as home:
        [held] = home.archive.interactions(EVERYTHING)
    assert (held.text, held.source.file, held.source.version) == ("Good words.", f"{first}.jsonl:1", 1)
    (desk.files / f"{first}.jsonl").unlink()
    assert counts(desk.ingest()) == (0, 1, 0, 0)
    assert desk.said() == {"Halden": ["Good words!"]}
    assert counts(desk.ingest()) == (0, 0, 1, 0)


def test_a_copy_that_is_edited_to_say_less_hands_over_to_the_other_input(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n", "Good words and more.", "Halden")), "b.jsonl": neutral(note("n", "Good words.", "Halden"))})
    desk.ingest()
    assert desk.said() == {"Halden": ["Good words and more."]}
    desk.write({"a.jsonl": neutral(note("n", "Good.", "Halden"))})
    desk.ingest()
    assert desk.said() == {"Halden": ["Good words."]}


def test_the_same_files_in_any_order_of_runs_leave_the_same_archive(tmp_path: Path, desk: Desk) -> None:
    files = {
        **under("crm", salesforce()), "hubspot/emails.json": hubspot_mail(), "mails/a.eml": MAILBOX, "other/a.eml": MAILBOX,
        **under("gong", gong("7001", "Scope", [(DANA, SPOKEN), (MARTA, OTHER)])),
        "calls/c.jsonl": neutral(talk("c", ("Dana Okafor", SPOKEN), ("Marta Lindqvist", OTHER), account="Halden Freight Group")),
    }  # fmt: skip
    first, second = desk, Desk(tmp_path / "other", desk.embedder)
    second.files = desk.write(files)
    folders = sorted({name.partition("/")[0] for name in files})
    for each, order in ((first, folders), (second, folders[::-1])):
        each.ingest(each.files / "crm", our_domains=("cartage.example",))
        for folder in order:
            each.ingest(each.files / folder)
        each.ingest()
    with first.open() as one, second.open() as two:
        assert contents(one.archive) == contents(two.archive)
        assert len(one.archive.alternates()) == 2


def test_a_run_that_dies_before_the_copies_are_told_apart_is_completed_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write({**HALDEN, "hubspot/emails.json": hubspot_mail(), "mails/a.eml": MAILBOX})
    with monkeypatch.context() as broken:
        broken.setattr(Archive, "settle_alternates", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            desk.ingest()
    desk.ingest()
    assert desk.said()["Halden Freight Group"].count(SAID) == 1


# What it costs


@pytest.mark.parametrize("make", [
    lambda n: letter("mail" if n % 2 else "hubspot", f"{n}", at=NOON, message_id="one@x"),
    lambda n: letter("hubspot", f"{n}", at=NOON),
    lambda n: call("gong" if n % 2 else "zoom", f"{n}", "", NOON),
    lambda n: call("otter", f"{n}", "Good morning to you all, shall we begin with the depots now.", None),
    lambda n: noted("hubspot" if n % 2 else "salesforce", f"{n}"),
    lambda n: stub("hubspot", f"{n}", "same room"),
])  # fmt: skip
def test_thousands_of_the_same_are_grouped_in_proportion(make: Callable[[int], Interaction], monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counting(*pair: object) -> bool:
        nonlocal compared
        compared += 1
        return differ(*pair)  # type: ignore[arg-type]

    differ = identity._differ
    monkeypatch.setattr(identity, "_differ", counting)
    copies = [copy_of(make(n)) for n in range(2000)]
    alternates(copies)
    assert compared + len(list(identity._pairs(copies))) < 40 * len(copies)


def test_the_worth_of_a_copy_is_kept_as_it_is() -> None:
    told_ = worth(call("gong", "1"))
    assert Worth.of(str(told_)) == told_
    assert richest([told_, replace(told_, facts=0)]) == told_
