"""Interactions come back to the character, as often as they are put, edited and removed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import interaction_id
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import Email, Link, Mark, Note, Participant, Turn, text_of
from tests.ingest.making import DANA, PRIYA, call, on, put

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)  # half characters and NUL among them


def test_everything_said_comes_back(archive: Archive, halden: str) -> None:
    mail = Email(
        source="mail", external_id="1@halden.example", title="Re: go-live", occurred_at=on(9, 2), message_id="1@halden.example",
        references=("0@cartage.example",), url="https://mail.example/1", links=(Link("salesforce", "deal", "006A"),), aliases=("crm-7",),
        meta={"labels": ["x"], "n": 1}, file="mail/1.eml", participants=(DANA, PRIYA),
        turns=(
            Turn("We need it by March.", PRIYA, native_id="t0", starts_s=1.5, ends_s=4.0, marks=(Mark(0, 1.5, 4.0),)),
            Turn("> When?", DANA, role="quoted", page=2, heading="Quoted"),
            Turn("An unknown voice.", Participant("Speaker 3")),
        ),
    )  # fmt: skip
    id = put_with_unknown(archive, halden, mail)
    stored = archive.interaction(EVERYTHING, id)
    assert stored.text == text_of(mail)
    assert [stored.text[turn.span.start : turn.span.end] for turn in stored.turns] == [turn.text for turn in mail.turns]
    source = stored.source
    assert (source.kind, source.tool, source.external_id, source.title) == ("email", "mail", "1@halden.example", "Re: go-live")
    assert (source.occurred_at, source.url, source.file, source.version) == (on(9, 2), "https://mail.example/1", "mail/1.eml", 1)
    assert (source.links, source.aliases, source.meta) == (mail.links, ("crm-7",), {"labels": ["x"], "n": 1})
    assert source.detail == {
        "message_id": "1@halden.example", "in_reply_to": "", "references": ["0@cartage.example"], "automatic": False,
    }  # fmt: skip
    first, second, third = stored.turns
    assert (first.speaker_name, first.side, first.native_id, first.starts_s, first.marks) == (
        "Priya Raman",
        "buyer",
        "t0",
        1.5,
        (Mark(0, 1.5, 4.0),),
    )
    assert (second.role, second.side, second.page, second.heading) == ("quoted", "seller", 2, "Quoted")
    assert (third.speaker_name, third.person, third.side) == ("Speaker 3", None, "unknown")
    assert [person.name for person in stored.participants] == ["Dana Okafor", "Priya Raman"]
    assert [passage.turn for passage in archive.passages(EVERYTHING)] == [0, 2]


def put_with_unknown(archive: Archive, account_id: str, mail: Email) -> str:
    people = {DANA: archive.put_person(DANA, "seller"), PRIYA: archive.put_person(PRIYA, "buyer", account_id)}
    archive.put_interaction(
        account_id, None, mail, [people.get(turn.speaker) for turn in mail.turns if turn.speaker], list(people.values())
    )
    return interaction_id(account_id, mail.source, mail.external_id)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=4), name=ANY_TEXT)
def test_any_text_is_stored_to_the_character_save_half_characters(archive: Archive, halden: str, texts: list[str], name: str) -> None:
    note = Note(
        source="jsonl",
        external_id="n",
        title=name,
        occurred_at=None,
        turns=tuple(Turn(text, Participant(name)) for text in texts),
        meta={name: [name]},
    )
    archive.put_interaction(halden, None, note)
    stored = archive.interaction(EVERYTHING, interaction_id(halden, "jsonl", "n"))
    whole = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text_of(note))
    assert stored.text == whole
    for passage in archive.passages(EVERYTHING):
        assert passage.text == whole[passage.span.start : passage.span.end]
    assert {passage.id for passage in archive.passages(EVERYTHING)} == archive.worded(halden)
    assert {content for content, _ in archive.missing("m")} == {passage.content for passage in archive.passages(EVERYTHING)}


def test_an_interaction_that_says_the_same_writes_nothing(archive: Archive, halden: str) -> None:
    said = call("c-1", "We go live in March.", "Good.")
    assert archive.put_interaction(halden, None, said) == "new"
    before = archive.revision(EVERYTHING)
    with archive._write() as connection:
        rows = connection.exec_driver_sql("SELECT total_changes()").scalar()
        assert archive.put_interaction(halden, None, said) == "unchanged"
        assert connection.exec_driver_sql("SELECT total_changes()").scalar() == rows
    assert archive.revision(EVERYTHING) == before


@pytest.mark.parametrize(
    "edited",
    [
        call("c-1", "We go live in April."),
        call("c-1", "We go live in March.", title="Kick-off"),
        call("c-1", "We go live in March.", occurred_at=on(9, 3)),
        replace(call("c-1", "We go live in March."), links=(Link("hubspot", "deal", "1"),)),
        replace(call("c-1"), turns=(Turn("We go live in March.", PRIYA),)),
    ],
)
def test_an_edit_is_a_change(archive: Archive, halden: str, edited: Note) -> None:
    archive.put_interaction(halden, None, call("c-1", "We go live in March."))
    before = archive.revision(EVERYTHING)
    assert archive.put_interaction(halden, None, edited) == "changed"
    assert archive.put_interaction(halden, None, edited) == "unchanged"
    assert archive.revision(EVERYTHING) != before


def test_people_recognised_later_are_taken_over_and_count_as_unchanged(archive: Archive, halden: str) -> None:
    said = call("c-1", "We go live in March.")
    archive.put_interaction(halden, None, said)
    dana = archive.put_person(DANA, "seller")
    assert archive.put_interaction(halden, None, said, [dana], [dana]) == "unchanged"
    assert [turn.side for turn in archive.interactions(EVERYTHING)[0].turns] == ["seller"]


def test_after_an_edit_the_old_words_are_only_a_version(archive: Archive, halden: str) -> None:
    id = put(archive, halden, call("c-1", "We go live in March."))
    old = archive.interaction(EVERYTHING, id)
    put(archive, halden, call("c-1", "We go live in April.", "Fine by us."))
    new = archive.interaction(EVERYTHING, id)
    assert (new.source.version, new.text) == (2, "We go live in April.\n\nFine by us.")
    assert archive.text_version(EVERYTHING, id, old.source.text_sha256) == old
    assert archive.text_version(EVERYTHING, id, new.source.text_sha256) == new
    assert [passage.text for passage in archive.passages(EVERYTHING)] == ["We go live in April.", "Fine by us."]
    assert archive.search_words(halden, '"march"', 10) == []
    with pytest.raises(NotThere):
        archive.text_version(EVERYTHING, id, "0" * 64)


def test_a_removed_interaction_is_gone_from_every_read_and_can_come_back(archive: Archive, halden: str) -> None:
    said = call("c-1", "We go live in March.")
    id = put(archive, halden, said)
    sha256 = archive.interaction(EVERYTHING, id).source.text_sha256
    archive.remove_interaction(id)
    archive.remove_interaction(id)
    assert archive.sources(EVERYTHING) == archive.interactions(EVERYTHING) == archive.passages(EVERYTHING) == []
    assert archive.search_words(halden, '"march"', 10) == archive.missing("m") == []
    with pytest.raises(NotThere):
        archive.interaction(EVERYTHING, id)
    with pytest.raises(NotThere):
        archive.text_version(EVERYTHING, id, sha256)
    assert archive.put_interaction(halden, None, said) == "new"
    assert archive.interaction(EVERYTHING, id).source.version == 1


def test_lists_are_oldest_first_and_undated_last(archive: Archive, halden: str) -> None:
    for id, when in (("b", on(9, 2)), ("none", None), ("a", on(9, 1))):
        put(archive, halden, call(id, f"Words of {id}.", occurred_at=when))
    order = ["a", "b", "none"]
    assert [source.external_id for source in archive.sources(EVERYTHING)] == order
    assert [each.source.external_id for each in archive.interactions(EVERYTHING)] == order
    assert [passage.text for passage in archive.passages(EVERYTHING)] == [f"Words of {id}." for id in order]
    assert archive.sources(EVERYTHING, frozenset({"email"})) == []


def test_nothing_after_as_of_and_nothing_undated_is_seen(archive: Archive, halden: str) -> None:
    early, late, undated = (
        put(archive, halden, call(id, f"Words of {id}.", occurred_at=when))
        for id, when in (("a", on(9, 1)), ("b", on(9, 2)), ("none", None))
    )
    then = Scope(None, as_of=on(9, 1))
    assert [source.id for source in archive.sources(then)] == [early]
    assert {passage.interaction_id for passage in archive.passages(then)} == {early}
    for hidden in (late, undated):
        with pytest.raises(NotThere):
            archive.interaction(then, hidden)


def test_internal_talk_is_hidden_from_whoever_may_not_hear_it(archive: Archive, halden: str) -> None:
    inside = put(archive, halden, call("a", "They will pay more.", internal=True))
    outside = Scope(frozenset({halden}), internal=False)
    assert archive.sources(outside) == archive.interactions(outside) == archive.passages(outside) == []
    assert archive.people(outside) == []
    with pytest.raises(NotThere):
        archive.interaction(outside, inside)
