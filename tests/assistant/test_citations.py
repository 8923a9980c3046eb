"""A citation's id opens the exact words, at their moment, for whoever may see them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.answers import Citation
from assistant.citations import NotACitation, cite, resolve
from assistant.render import citation_json, setting
from assistant.wiring import Kit
from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import Call, Chat, Document, Interaction, Mark, Record, Span, Turn
from tests.ingest.making import DANA, FIRST_CALL, PRIYA, call, put


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive.open(tmp_path_factory.mktemp("home"), write=True)


def cited(archive: Archive, interaction: Interaction, quote: str, account: str = "Halden") -> Citation:
    stored = archive.interaction(EVERYTHING, put(archive, archive.put_account(account), interaction))
    at = stored.text.index(quote)
    return cite(stored, Span(at, at + len(quote)))


def timed(tool: str, url: str) -> Call:
    """One turn of two sentences, the second from 14.2 to 16.5 seconds."""
    turn = Turn(
        "We can do May. Not June.", DANA, starts_s=10.0, ends_s=17.0, marks=(Mark(0, 10.0, 14.0), Mark(15, 14.2, 16.5)), native_id="t1"
    )
    return replace(call("c"), source=tool, url=url, turns=(turn,))


@pytest.mark.parametrize(
    ("quote", "confidence", "low"),
    [("We can do May.", 0.95, False), ("Not June.", 0.5, True), ("do May. Not", 0.5, True)],
)
def test_a_quote_has_the_confidence_of_its_least_sure_sentence(archive: Archive, quote: str, confidence: float, low: bool) -> None:
    marks = Mark(0, 10.0, 14.0, 0.95), Mark(15, 14.2, 16.5, 0.5)
    turn = Turn("We can do May. Not June.", DANA, starts_s=10.0, ends_s=17.0, marks=marks, native_id="t1", confidence=0.8)
    with archive:
        citation = cited(archive, replace(call("c"), turns=(turn,)), quote)
    assert (citation.confidence, citation.low_confidence) == (confidence, low)
    assert (citation_json(citation, 1)["confidence"], citation_json(citation, 1)["low_confidence"]) == (confidence, low)


def test_a_quote_of_a_turn_without_sentences_has_the_turns_and_one_that_nobody_transcribed_has_none(archive: Archive) -> None:
    heard = replace(call("c"), turns=(Turn("We can do May.", DANA, confidence=0.6),))
    with archive:
        assert cited(archive, heard, "May").confidence == 0.6
        assert cited(archive, call("d", "Written by hand."), "hand").confidence is None


def test_an_id_opens_the_same_words_with_who_said_them_and_what_stands_around(archive: Archive) -> None:
    with archive:
        citation = cited(archive, call("c1", "Hello there.", "We sign on 4 May, all 🚚 of us."), "4 May, all 🚚")
        assert resolve(archive, EVERYTHING, citation.id) == citation
        assert (citation.exact, citation.prefix, citation.suffix) == ("4 May, all 🚚", "We sign on ", " of us.")
        assert citation.speaker is not None
        assert (citation.speaker.name, citation.speaker.side) == ("Priya Raman", "buyer")


@pytest.mark.parametrize(
    "id",
    [
        "", "cit_", "cit_zz", "src_0", "../etc", "cit_0123456789abcdef0123-1-2-xyz", "cit_0123456789abcdef0123-1-2-01234567\n",
        "cit_0123456789ABCDEF0123-1-2-01234567",
    ],
)  # fmt: skip
def test_what_is_no_citation_is_said_to_be_none(archive: Archive, id: str) -> None:
    with archive, pytest.raises(NotACitation):
        resolve(archive, EVERYTHING, id)


def test_words_a_reader_may_not_see_are_not_there(archive: Archive) -> None:
    with archive:
        secret = cited(archive, call("c1", "Our floor is 14 percent.", internal=True), "14 percent")
        bright = archive.put_account("Brightwell")
        halden = archive.account(EVERYTHING, "Halden").id
        for scope in (
            EVERYTHING.only(bright),
            Scope(frozenset()),
            Scope(None, internal=False),
            EVERYTHING.until(FIRST_CALL.replace(year=2025)),
        ):
            with pytest.raises(NotThere):
                resolve(archive, scope, secret.id)
        assert resolve(archive, EVERYTHING.only(halden), secret.id) == secret


@pytest.mark.parametrize("change", ["999-1000", "5-5", "9-4", "0-16", "0-999999999"])
def test_a_span_that_is_not_words_of_one_turn_is_not_there(archive: Archive, change: str) -> None:
    with archive:
        citation = cited(archive, call("c1", "Hello there.", "Hi."), "there")
        start, sha = citation.id.partition("-")[0], citation.id.rpartition("-")[2]
        with pytest.raises(NotThere):
            resolve(archive, EVERYTHING, f"{start}-{change}-{sha}")


def test_a_citation_of_words_that_were_edited_still_opens_them(archive: Archive) -> None:
    with archive:
        old = cited(archive, call("c1", "We sign in May."), "May")
        new = cited(archive, call("c1", "We sign in June."), "June")
        assert resolve(archive, EVERYTHING, old.id) == old
        assert resolve(archive, EVERYTHING, new.id) == new
        with pytest.raises(NotThere):
            resolve(archive, EVERYTHING, old.id[:-8] + "00000000")


def test_a_citation_of_what_was_removed_is_not_there(archive: Archive) -> None:
    with archive:
        citation = cited(archive, call("c1", "We sign in May."), "May")
        archive.remove_interaction(citation.interaction_id)
        with pytest.raises(NotThere):
            resolve(archive, EVERYTHING, citation.id)


@pytest.mark.parametrize(
    ("quote", "start", "end"), [("We can", 10_000, 14_000), ("June", 14_200, 16_500), ("May. Not June.", 10_000, 16_500)]
)
def test_a_call_is_cited_at_the_moment_of_the_sentence(archive: Archive, quote: str, start: int, end: int) -> None:
    with archive:
        locator = cited(archive, timed("gong", ""), quote).locator
        assert (locator.type, locator.start_ms, locator.end_ms) == ("time", start, end)


@pytest.mark.parametrize(
    ("tool", "url", "expected"),
    [
        ("gong", "https://app.gong.io/call?id=7", {"id": ["7"], "highlights": ['[{"type":"SHARE","from":14,"to":17}]']}),
        ("fireflies", "https://app.fireflies.ai/view/x", {"t": ["14"]}),
        ("fireflies", "https://app.fireflies.ai/view/x?a=b", {"a": ["b"], "t": ["14"]}),
        ("tldv", "https://tldv.io/app/meetings/x", {"t": ["14"]}),
        ("fathom", "https://fathom.video/calls/1", {"timestamp": ["14"]}),
        ("zoom", "https://zoom.us/rec/x", {"startTime": [f"{int(FIRST_CALL.timestamp()) + 14}200"]}),
        ("chorus", "https://chorus.ai/meeting/x", {}),
        ("google_meet", "https://docs.google.com/document/d/x/view", {}),
    ],
)
def test_a_link_leads_to_the_moment_where_the_tool_can(archive: Archive, tool: str, url: str, expected: dict[str, list[str]]) -> None:
    with archive:
        found = urlsplit(cited(archive, timed(tool, url), "June").url)
    assert parse_qs(found.query) == expected
    assert found._replace(query="").geturl() == urlsplit(url)._replace(query="").geturl()


def test_a_slack_link_leads_to_the_message(archive: Archive) -> None:
    thread = "https://a.slack.com/archives/C1/p1787850130000100?thread_ts=1787850130.000100&cid=C1"
    reply = Turn("Net 45 is fine.", PRIYA, native_id="1787850543.000300")
    chat = Chat(source="slack", external_id="C1:x", title="T", occurred_at=FIRST_CALL, turns=(reply,), url=thread)
    with archive:
        found = cited(archive, chat, "Net 45")
    assert found.url == "https://a.slack.com/archives/C1/p1787850543000300?thread_ts=1787850130.000100&cid=C1"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", ""])
def test_only_web_addresses_are_links(archive: Archive, url: str) -> None:
    with archive:
        assert cited(archive, timed("gong", url), "June").url == ""


def test_a_documents_page_and_a_records_field_are_named(archive: Archive) -> None:
    said = {"title": "T", "occurred_at": FIRST_CALL, "participants": (PRIYA,)}
    with archive:
        paper = cited(archive, Document(source="file", external_id="d", turns=(Turn("One.", page=1), Turn("Two.", page=2)), **said), "Two")  # type: ignore[arg-type]  # a test's short cut
        field = cited(archive, Record(source="salesforce", external_id="r", turns=(Turn("Stage: Won"),), **said), "Won")  # type: ignore[arg-type]  # as above
    assert (paper.locator.type, paper.locator.page, paper.speaker) == ("page", 2, None)
    assert setting(paper).endswith(f" p. 2, {paper.title}")
    assert field.locator.type == "field"


def test_the_sides_of_a_citation_are_todays(halden: Kit) -> None:
    [said] = [i for i in halden.archive.interactions(EVERYTHING) if i.source.kind == "email"]
    speaker = cite(said, said.turns[0].span).speaker
    assert speaker is not None
    assert (speaker.name, speaker.email, speaker.side) == ("Dana Okafor", "dana@cartage.example", "seller")


@pytest.mark.parametrize("impossible", [1e308, float("inf"), float("-inf"), -5.0, 1e9])
def test_a_moment_no_call_has_is_left_out_whatever_is_stored(archive: Archive, impossible: float) -> None:
    sound = timed("gong", "https://app.gong.io/call?id=7")
    ends = replace(sound, turns=(replace(sound.turns[0], marks=(Mark(0, 10.0, impossible),)),))
    starts = replace(sound, turns=(replace(sound.turns[0], starts_s=impossible, marks=()),))
    with archive:
        found = cited(archive, ends, "May")
        assert (found.locator.type, found.locator.start_ms, found.locator.end_ms) == ("time", 10_000, None)
        found = cited(archive, starts, "May")
        assert (found.locator.type, found.locator.start_ms, found.url) == ("message", None, "https://app.gong.io/call?id=7")
