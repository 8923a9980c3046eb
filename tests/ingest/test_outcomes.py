"""The list of everything that was given: each file and each thing in it with what became of it, and totals that count just that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.outcomes import FileOutcome, Item
from ingest.tally import Tally
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, mail, neutral, note, salesforce, talk, under

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"


def states(tally: Tally) -> dict[str, tuple[str, str]]:
    return {each.file: (each.state, each.reason) for each in tally.inputs}


def of(tally: Tally, file: str) -> FileOutcome:
    [found] = [each for each in tally.inputs if each.file == file]
    return found


def items(tally: Tally) -> list[Item]:
    return [item for each in tally.inputs for item in each.items]


def test_every_file_is_listed_and_says_why_first_and_again(desk: Desk) -> None:
    desk.write(HALDEN | {"readme.bin": b"\x00\x01\x02", "empty.txt": ""})
    first = desk.ingest()
    on_disk = {path.relative_to(desk.files).as_posix() for path in desk.files.rglob("*") if path.is_file()}
    assert set(states(first)) == on_disk
    assert states(first)["readme.bin"] == ("failed", "unknown_format")
    assert states(first)["empty.txt"] == ("failed", "empty")
    assert states(first)["emails/timing.eml"] == ("new", "first_seen")
    [timing] = of(first, "emails/timing.eml").items
    assert (timing.state, timing.title, timing.account, timing.counted) == ("new", "Dock scheduling", "Halden Freight Group", True)
    assert timing.reason in ("placed_by_contact", "placed_by_domain")
    again = desk.ingest()
    assert {state for state, _ in states(again).values()} == {"unchanged", "failed"}
    assert [(item.file, item.id) for item in items(again) if item.id] == [(item.file, item.id) for item in items(first) if item.id]


def test_a_file_of_many_names_each_thing_in_it(desk: Desk) -> None:
    first = talk("c1", ("Dana", "One."))
    desk.write({"a.jsonl": neutral(first, talk("c2", ("Dana", "Two."))) + '{"doc_id": "c3"}\n'})
    tally = desk.ingest(account="Halden")
    listed = [(item.file, item.state, item.native_id) for item in of(tally, "a.jsonl").items]
    assert listed == [("a.jsonl:1", "new", "c1"), ("a.jsonl:2", "new", "c2"), ("a.jsonl:3", "failed", "")]
    desk.write({"a.jsonl": neutral(first, talk("c2", ("Dana", "Two and a half.")))})
    tally = desk.ingest()
    assert states(tally)["a.jsonl"] == ("changed", "other_bytes")
    assert [(item.native_id, item.state, item.reason) for item in items(tally)] == [
        ("c1", "unchanged", "as_before"),
        ("c2", "changed", "says_otherwise"),
    ]


def test_one_mail_in_two_mailboxes_is_counted_once_and_both_places_are_named(desk: Desk) -> None:
    letter = mail(DANA, MARTA, "Hi Marta,\n\nsupport is free for 90 days.", id="m1@cartage", on=at(9, 3))
    desk.write({"a/1.eml": letter, "b/1.eml": letter})
    for _ in range(2):  # read, and passed over
        tally = desk.ingest(account="Halden", our_domains=("cartage.example",))
        one, other = items(tally)
        assert one.id == other.id
        assert [one.counted, other.counted].count(True) == 1
        copy = one if other.counted else other
        assert (copy.same_as, copy.reason) == (one.id, "same_thing")


def test_what_a_mailbox_holds_twice_is_named_twice_whether_it_is_read_or_passed_over(desk: Desk) -> None:
    letter = mail(DANA, MARTA, "Hi Marta,\n\nsupport is free for 90 days.", id="m1@cartage", on=at(9, 3))
    desk.write({"a.mbox": b"".join(b"From dana Thu Sep  3 12:00:00 2026\n" + letter + b"\n" for _ in range(2))})
    for _ in range(2):
        tally = desk.ingest(account="Halden", our_domains=("cartage.example",))
        assert sorted((item.file, item.reason == "same_thing") for item in items(tally) if not item.counted) != []
        assert {item.file for item in items(tally)} == {"a.mbox::1", "a.mbox::2"}


def test_a_note_kept_in_two_crms_says_what_it_is_the_same_as(desk: Desk) -> None:
    said = "Budget holder is Jonas Beck. He signs everything above 100k himself."
    copy = note("n", said, account="Halden Freight Group", timestamp="2026-09-01T12:00:00Z", tool="hubspot")
    desk.write(under("salesforce", salesforce(notes=[said])) | {"notes.jsonl": neutral(copy)})
    every = {item.id: item for item in items(desk.ingest()) if item.kind == "crm_note"}
    same = [item for item in every.values() if item.same_as]
    assert [(item.reason, item.counted, every[item.same_as or ""].counted) for item in same] == [("same_thing", False, True)]
    assert every[same[0].same_as or ""].file in same[0].detail


def test_what_is_held_dismissed_and_gone_is_listed_with_its_reason(desk: Desk) -> None:
    stranger = mail("Nia <nia@unknown.example>", DANA, "Who are you?", id="s@x", on=at(9, 4))
    desk.write(HALDEN | {"who.eml": stranger})
    tally = desk.ingest(our_domains=("cartage.example",))
    [held] = of(tally, "who.eml").items
    assert (held.state, held.reason) == ("held", "no_account")
    assert of(tally, "who.eml").state == "held"
    (desk.files / "who.eml").unlink()
    (desk.files / "emails/timing.eml").unlink()
    tally = desk.ingest()
    assert states(tally)["emails/timing.eml"] == ("removed", "file_gone")
    assert states(tally)["who.eml"] == ("removed", "file_gone")
    [timing] = of(tally, "emails/timing.eml").items
    assert (timing.state, timing.reason, timing.title) == ("removed", "file_gone", "Dock scheduling")


def test_a_crm_export_says_how_many_records_each_of_its_files_holds(desk: Desk) -> None:
    desk.write(under("salesforce", salesforce(notes=["A note that says something."])))
    tally = desk.ingest()
    assert {each.file: each.records for each in tally.inputs if each.records}
    assert {each.file: each.records for each in desk.ingest().inputs} == {each.file: each.records for each in tally.inputs}


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the fixtures are not here")
def test_the_list_over_one_whole_deal_in_every_tools_format_counts_what_the_totals_count(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES, desk.files)
    on_disk = {path.relative_to(desk.files).as_posix() for path in desk.files.rglob("*") if path.is_file()}
    for state in ("new", "unchanged"):
        tally = desk.ingest()  # compares the totals with the list
        assert sorted(each.file for each in tally.inputs) == sorted(on_disk)
        assert {each.state for each in tally.inputs} == {state, "failed"}
        assert all(each.reason and (each.items or each.records or each.detail) for each in tally.inputs)
