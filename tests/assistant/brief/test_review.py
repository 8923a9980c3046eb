"""The life of a brief: lines kept, reworded and taken out, questions answered, versions approved, accepted, sent back and composed anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.brief import review, reviewing
from assistant.brief.diff import Move, differences
from assistant.brief.export import export
from assistant.brief.review import Conflict, HandedOver, NotAllowed, OpenItems, SaysMore, UnknownLine
from assistant.brief.reviewing import Hand
from assistant.brief.shelf import current_brief, needs_new_version, opened, versions
from assistant.citations import resolve
from assistant.conversation import converse
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, Scope
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, mail

AT = datetime(2026, 10, 15, 9, tzinfo=UTC)


@pytest.fixture
def kit(desk: Desk) -> Iterator[Kit]:
    """Halden, open for writing, with nothing done to it yet."""
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as opened_kit:
        yield opened_kit


@pytest.fixture
def body(kit: Kit) -> dict[str, Any]:
    return current_brief(kit, halden_of(kit), now=AT)


def halden_of(kit: Kit) -> str:
    return kit.archive.account(EVERYTHING, "halden").id


def hand(by: str = "Dana Okafor", *, minutes: int = 0, read_at: int | None = None) -> Hand:
    return Hand(by, AT + timedelta(minutes=minutes), read_at)


def promise(body: dict[str, Any], words: str = "eighteen|18 January") -> dict[str, Any]:
    return next(one for one in body["promises"] if any(part in one["text"] for part in words.split("|")))


def scope_of(body: dict[str, Any]) -> Scope:
    return EVERYTHING.only(body["account"])


def test_a_kept_line_says_who_kept_it_and_the_version_itself_never_changes(kit: Kit, body: dict[str, Any]) -> None:
    before = kit.archive.brief(EVERYTHING, body["id"])
    after = reviewing.keep(kit, scope_of(body), body["id"], promise(body)["id"], hand())
    assert promise(after)["review"] == {"act": "keep", "by": "Dana Okafor", "at": "2026-10-15T09:00:00Z"}
    assert kit.archive.brief(EVERYTHING, body["id"]) == before


def test_an_edit_that_the_quote_bears_takes_the_lines_place_and_can_be_undone(kit: Kit, body: dict[str, Any]) -> None:
    line, scope = promise(body), scope_of(body)
    words = "If those two depots are the only scope, Dana commits to a go-live date of 18 January 2027."
    after = reviewing.edit(kit, scope, body["id"], line["id"], words, hand())
    [edited] = [one for one in after["promises"] if one["id"] == line["id"]]
    assert (edited["text"], edited["review"]["original"]) == (words, line["text"])
    assert edited["citations"] == line["citations"]
    undone = reviewing.undo(kit, scope, body["id"], line["id"], hand(minutes=1))
    assert promise(undone)["text"] == line["text"]
    with pytest.raises(NotAllowed, match="nothing to undo"):
        reviewing.undo(kit, scope, body["id"], line["id"], hand(minutes=2))


def test_an_edit_that_says_more_is_refused_with_the_sources_words_or_kept_as_an_ae_note(kit: Kit, body: dict[str, Any]) -> None:
    line, scope = promise(body), scope_of(body)
    more = "All depots go live on 18 January 2027, whatever happens."
    with pytest.raises(SaysMore, match="If those two depots are the only scope") as refused:
        reviewing.edit(kit, scope, body["id"], line["id"], more, hand())
    assert refused.value.found
    assert opened(kit, scope, body["id"])["revision"] == 0
    after = reviewing.edit(kit, scope, body["id"], line["id"], more, hand("Dana Okafor <dana@cartage.example>"), as_note=True)
    [edited] = [one for one in after["promises"] if one["id"] == line["id"]]
    assert (edited["text"], edited["state"]) == (more, "attested")
    note = next(citation for citation in after["citations"] if citation["id"] == edited["citations"][-1])
    assert (note["kind"], note["quote"]["exact"], note["speaker"]["name"]) == ("ae_note", more, "Dana Okafor")
    assert resolve(kit.archive, scope, note["id"]).exact == more


def test_an_answered_question_is_evidence_with_author_and_hour(kit: Kit, body: dict[str, Any]) -> None:
    scope = scope_of(body)
    gap = next(one for one in body["gaps"] if "champion" in one["question"])
    answer = "Elin Sandberg carries it inside Halden."
    after = reviewing.answer(kit, scope, body["id"], gap["id"], answer, hand())
    assert gap["id"] not in {one["id"] for one in after["gaps"]}
    [told] = after["attested"]
    assert (told["question"], told["answer"]["text"], told["by"]) == (gap["question"], answer, "Dana Okafor")
    cited = next(citation for citation in after["citations"] if citation["id"] in told["answer"]["citations"])
    assert (cited["kind"], cited["source"]["occurred_at"]) == ("ae_note", "2026-10-15T09:00:00Z")
    found = ask(kit, Question("Who is the champion inside Halden?", body["account"]))
    assert "ae_note" in {citation.kind for citation in found.citations}
    for form in ("md", "html"):
        assert answer.encode() in export(after, form).data


def notes(kit: Kit, body: dict[str, Any]) -> list[str]:
    """The words of the AE notes on record, and that no answer knows any others."""
    scope = scope_of(body)
    on_record = {i.source.id: i.text for i in kit.archive.interactions(scope) if i.source.kind == "ae_note"}
    held = list(on_record.values())
    found = ask(kit, Question("Who is the champion inside Halden?", body["account"]))
    assert {c.exact for c in found.citations if c.kind == "ae_note"} <= set(held)
    assert [passage.text for passage in kit.archive.passages(scope) if passage.interaction_id in on_record] == held
    return held


def test_an_answer_that_was_undone_is_no_evidence_and_the_one_before_it_is_again(kit: Kit, body: dict[str, Any]) -> None:
    scope = scope_of(body)
    gap = next(one for one in body["gaps"] if "champion" in one["question"])["id"]
    first, second = "Elin Sandberg carries it inside Halden.", "Jonas Beck is the champion inside Halden."
    told = reviewing.answer(kit, scope, body["id"], gap, first, hand())["attested"][0]["answer"]["citations"][0]
    reviewing.answer(kit, scope, body["id"], gap, second, hand(minutes=1))
    assert notes(kit, body) == [second]
    after = reviewing.undo(kit, scope, body["id"], gap, hand(minutes=2))
    assert notes(kit, body) == [first]
    assert resolve(kit.archive, scope, told).exact == after["attested"][0]["answer"]["text"] == first
    reviewing.undo(kit, scope, body["id"], gap, hand(minutes=3))
    assert notes(kit, body) == []
    reviewing.answer(kit, scope, body["id"], gap, first, hand(minutes=4))
    assert notes(kit, body) == [first]


def test_an_ae_note_is_evidence_only_while_the_brief_shows_its_line(kit: Kit, body: dict[str, Any]) -> None:
    scope, line = scope_of(body), promise(body)["id"]
    more = "All depots go live on 18 January 2027, whatever happens."
    reviewing.edit(kit, scope, body["id"], line, more, hand(), as_note=True)
    assert notes(kit, body) == [more]
    reviewing.remove(kit, scope, body["id"], line, "wrong", hand(minutes=1))
    assert notes(kit, body) == []
    reviewing.undo(kit, scope, body["id"], line, hand(minutes=2))
    assert notes(kit, body) == [more]
    anew = current_brief(kit, body["account"], compose_anew=True, layout_name="short", now=AT + timedelta(days=1))
    reviewing.undo(kit, scope, anew["id"], line, hand(minutes=3))
    assert notes(kit, body) == []


def test_a_claim_of_ones_own_takes_its_note_along(kit: Kit, body: dict[str, Any]) -> None:
    scope, words = scope_of(body), "They bought because the drivers threatened to leave."
    claim = reviewing.add(kit, scope, body["id"], "why", words, hand())["why"][-1]["id"]
    assert notes(kit, body) == [words]
    reviewing.undo(kit, scope, body["id"], claim, hand(minutes=1))
    assert notes(kit, body) == []


def test_what_is_confidential_leaves_brief_answers_and_exports_until_that_is_undone(kit: Kit, body: dict[str, Any]) -> None:
    line, scope = promise(body), scope_of(body)
    question = Question("Which go-live date did Dana commit to for the two depots?", body["account"])
    secret = "go-live date of 18 January 2027"
    assert secret in str(ask(kit, question))
    after = reviewing.remove(kit, scope, body["id"], line["id"], "confidential", hand())
    assert secret not in str(after)
    assert secret not in str(ask(kit, question))
    assert not [form for form in ("md", "html", "json", "csv") if secret.encode() in export(after, form).data]  # type: ignore[arg-type]
    assert secret not in str(kit.archive.review_acts(scope, body["id"]))
    assert secret not in str(reviewing.to_look_at(kit, scope, body["id"]))
    anew = current_brief(kit, body["account"], compose_anew=True, now=AT + timedelta(days=1))
    assert secret not in str(anew)
    reviewing.undo(kit, scope, body["id"], line["id"], hand(minutes=1))
    assert secret in str(ask(kit, question))


def test_a_line_that_is_not_useful_goes_and_says_who_took_it_out(kit: Kit, body: dict[str, Any]) -> None:
    line = promise(body)
    after = reviewing.remove(kit, scope_of(body), body["id"], line["id"], "not_useful", hand())
    assert line["id"] not in {one["id"] for one in after["promises"]}
    [gone] = [one for one in after["removed"] if one["section"] == "promises"]
    assert (gone["text"], gone["because"], gone["by"]) == (line["text"], "not_useful", "Dana Okafor")


def test_two_editors_lose_nothing(kit: Kit, body: dict[str, Any]) -> None:
    scope, one, other = scope_of(body), promise(body), next(p for p in body["promises"] if p["id"] != promise(body)["id"])
    read_at = body["revision"]
    reviewing.remove(kit, scope, body["id"], one["id"], "wrong", hand("Luis", read_at=read_at))
    after = reviewing.keep(kit, scope, body["id"], other["id"], hand("Dana", read_at=read_at))
    assert one["id"] not in {p["id"] for p in after["promises"]}
    with pytest.raises(Conflict) as conflict:
        reviewing.keep(kit, scope, body["id"], one["id"], hand("Dana", read_at=read_at))
    assert (conflict.value.theirs, conflict.value.by) == ("taken out: wrong", "Luis")
    reviewing.undo(kit, scope, body["id"], one["id"], hand("Dana", read_at=after["revision"]))


def test_from_draft_to_accepted_and_back(kit: Kit, body: dict[str, Any]) -> None:
    scope, id = scope_of(body), body["id"]
    assert body["state"] == "draft"
    with pytest.raises(NotAllowed, match="once the account executive has approved it"):
        reviewing.accept(kit, scope, id, hand())
    with pytest.raises(OpenItems) as unseen:
        reviewing.approve(kit, scope, id, hand())
    assert 0 < len(unseen.value.items) <= 12
    assert reviewing.approve(kit, scope, id, hand(), with_open=True)["state"] == "reviewed"
    returned = reviewing.send_back(kit, scope, id, "Who signs?", hand("Priya"))
    assert (returned["state"], returned["returned_because"]) == ("returned", "Who signs?")
    for item in reviewing.to_look_at(kit, scope, id):
        reviewing.dismiss(kit, scope, id, item.id, hand()) if item.kind == "gap" else reviewing.keep(kit, scope, id, item.id, hand())
    assert reviewing.approve(kit, scope, id, hand())["state"] == "reviewed"
    accepted = reviewing.accept(kit, scope, id, hand("Priya"))
    assert accepted["state"] == ("accepted_with_gaps" if accepted["gaps"] else "accepted")
    with pytest.raises(NotAllowed, match="stays as it is"):
        reviewing.keep(kit, scope, id, promise(body)["id"], hand())


def test_a_change_after_approval_takes_the_approval_back(kit: Kit, body: dict[str, Any]) -> None:
    reviewing.approve(kit, scope_of(body), body["id"], hand(), with_open=True)
    assert reviewing.keep(kit, scope_of(body), body["id"], promise(body)["id"], hand())["state"] == "draft"


def test_nothing_new_makes_no_new_version_and_news_makes_one_that_keeps_what_people_did(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        body = current_brief(kit, halden_of(kit), now=AT)
        scope, line = scope_of(body), promise(body)
        words = "If those two depots are the only scope, Dana commits to a go-live date of 18 January 2027."
        reviewing.edit(kit, scope, body["id"], line["id"], words, hand())
        gap = next(one for one in body["gaps"] if "champion" in one["question"])
        reviewing.answer(kit, scope, body["id"], gap["id"], "Elin Sandberg.", hand())
        assert current_brief(kit, body["account"], compose_anew=True, now=AT)["id"] == body["id"]
        assert not needs_new_version(kit, body["account"])
    desk.write(
        {
            "emails/more.eml": mail(
                DANA, MARTA, "Hi Marta,\n\nwe will send you a trainer for two days in November.\n\nDana", id="m2@c", on=at(9, 30)
            )
        }
    )
    desk.ingest()
    with desk.kit(write=True) as kit:
        shown = current_brief(kit, body["account"])
        assert (shown["version"], shown["news"]["new"]) == (1, {"email": 1})
        assert needs_new_version(kit, body["account"])
        anew = current_brief(kit, body["account"], compose_anew=True, now=AT + timedelta(days=1))
        assert (anew["version"], anew["state"], anew["news"]) == (2, "draft", {"new": {}, "changed": {}, "gone": {}})
        assert [one["text"] for one in anew["promises"] if one["id"] == line["id"]] == [words]
        assert [one["answer"]["text"] for one in anew["attested"]] == ["Elin Sandberg."]
        old = opened(kit, scope, body["id"])
        assert (old["state"], old["superseded_by"]) == ("superseded", 2)
        assert [one["version"] for one in versions(kit, body["account"])] == [2, 1]
        with pytest.raises(NotAllowed, match="newer version"):
            reviewing.keep(kit, scope, body["id"], line["id"], hand())


def test_who_was_writing_while_it_was_handed_over_has_to_mean_it_to_take_that_back(kit: Kit, body: dict[str, Any]) -> None:
    scope, line = scope_of(body), promise(body)["id"]
    reviewing.approve(kit, scope, body["id"], hand("Dana Okafor <dana@cartage.example>", minutes=1), with_open=True)
    with pytest.raises(HandedOver, match="Dana Okafor handed this version over since you read it"):
        reviewing.keep(kit, scope, body["id"], line, hand("Priya Nair", minutes=2, read_at=0))
    seen = opened(kit, scope, body["id"])
    assert seen["state"] == "reviewed"
    after = reviewing.keep(kit, scope, body["id"], line, hand("Priya Nair", minutes=3, read_at=seen["revision"]))
    assert after["state"] == "draft"


def test_a_day_and_a_person_stay_the_lines_they_were_when_more_is_said_of_them(desk: Desk) -> None:
    """What was decided on them holds for the next version, and the two versions do not tell them as gone and new."""
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        body = current_brief(kit, halden_of(kit), now=AT)
        day = next(one for one in body["timeline"] if one["date"] == "2027-01-18")
        marta = next(one for one in body["people"] if one["name"] == "Marta Lindqvist")
        for line in (day, marta):
            reviewing.keep(kit, scope_of(body), body["id"], line["id"], hand())
    again = "Hi Dana,\n\nso the two depots are the only scope, go-live on 18 January 2027. I worry about our peak.\n\nMarta"
    desk.write({"emails/again.eml": mail(MARTA, DANA, again, id="m3@h", on=at(9, 30))})
    desk.ingest()
    with desk.kit(write=True) as kit:
        anew = current_brief(kit, body["account"], compose_anew=True, now=AT + timedelta(days=1))
        assert anew["version"] == 2
        for section, line in (("timeline", day), ("people", marta)):
            [held] = [one for one in anew[section] if one["id"] == line["id"]]
            assert held["review"]["act"] == "keep"
            assert held["citations"] != line["citations"]  # or it proves nothing


def test_a_claim_that_a_person_adds_stands_on_words_or_on_their_name(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        body = current_brief(kit, halden_of(kit), now=AT)
        quote = promise(body)["citations"][0]
        cited = resolve(kit.archive, scope_of(body), quote)
        says = " ".join(cited.exact.split())
        with pytest.raises(SaysMore):
            reviewing.add(kit, EVERYTHING, body["id"], "decision", "The board signed for 40 depots.", hand(), citation=cited)
        left = reviewing.add(kit, EVERYTHING, body["id"], "requirements", says, hand(), citation=cited)
        [quoted] = [one for one in left["requirements"] if one["text"] == says]
        assert (quoted["check"], quoted["citations"], quoted["review"]["act"]) == ("supported", [quote], "add")
        left = reviewing.add(kit, EVERYTHING, body["id"], "decision", "The board signed on 9 October.", hand("Luis <luis@cartage.example>"))
        [told] = [one for one in left["decision"] if one["check"] == "attested"]
        note = next(one for one in left["citations"] if one["id"] == told["citations"][0])
        assert (note["kind"], note["speaker"]["name"], note["quote"]["exact"]) == ("ae_note", "Luis", "The board signed on 9 October.")
        assert note["source"]["occurred_at"] == "2026-10-15T09:00:00Z"
        revision = left["revision"]
        assert reviewing.add(kit, EVERYTHING, body["id"], "decision", "The board  signed on 9 October.", hand())["revision"] == revision
        reviewing.edit(kit, EVERYTHING, body["id"], told["id"], "The board signed.", hand(minutes=1))
        reviewing.remove(kit, EVERYTHING, body["id"], quoted["id"], "wrong", hand(minutes=2))
        with pytest.raises(NotAllowed, match="taken out"):
            reviewing.add(kit, EVERYTHING, body["id"], "requirements", says, hand(minutes=3), citation=cited)
        assert "The board signed" in str(export(opened(kit, EVERYTHING, body["id"]), "md").data)
    desk.write(
        {"emails/new.eml": mail(DANA, MARTA, "We will train your dock leads in Malmö by 11 December 2026.", id="m9@cartage", on=at(10, 9))}
    )
    desk.ingest()
    with desk.kit(write=True) as kit:
        new = current_brief(kit, body["account"], compose_anew=True, now=AT + timedelta(hours=1))
        assert (new["version"], [one["text"] for one in new["decision"] if one["id"] == told["id"]]) == (2, ["The board signed."])
        assert quoted["id"] in {one["id"] for one in new["removed"]}
        gone = reviewing.undo(kit, EVERYTHING, new["id"], told["id"], hand(minutes=4))
        assert [one["text"] for one in gone["decision"] if one["id"] == told["id"]] == ["The board signed on 9 October."]
        gone = reviewing.undo(kit, EVERYTHING, new["id"], told["id"], hand(minutes=5))
        assert told["id"] not in {one["id"] for one in gone["decision"]}


def test_a_claim_cites_only_what_its_version_was_composed_from_and_is_carried_only_to_who_reads_that(
    kit: Kit, body: dict[str, Any]
) -> None:
    cited = resolve(kit.archive, scope_of(body), promise(body)["citations"][0])
    late = replace(cited, interaction_id="src_" + "0" * 20)
    with pytest.raises(NotAllowed, match="without that source"):
        reviewing.add(kit, EVERYTHING, body["id"], "why", cited.exact, hand(), citation=late)
    reviewing.add(kit, EVERYTHING, body["id"], "why", cited.exact, hand(), citation=cited)
    acts = kit.archive.review_acts(EVERYTHING, body["id"])
    assert [one.act for _, one in review.carried(acts, body)] == ["add"]
    assert list(review.carried(acts, {**body, "read": {}})) == []


def test_what_is_not_there_is_said(kit: Kit, body: dict[str, Any]) -> None:
    with pytest.raises(UnknownLine):
        reviewing.keep(kit, scope_of(body), body["id"], "prm_0", hand())
    with pytest.raises(UnknownLine, match="is a question"):
        reviewing.keep(kit, scope_of(body), body["id"], body["gaps"][0]["id"], hand())


def test_a_person_stays_when_one_of_their_quotes_is_withheld(kit: Kit, body: dict[str, Any]) -> None:
    scope, cited = scope_of(body), {citation["id"]: citation for citation in body["citations"]}
    marta = next(one for one in body["people"] if one["name"] == "Marta Lindqvist")
    two = [*marta["citations"], next(id for id in cited if id not in marta["citations"])][:2]
    told = {**body, "people": [{**marta, "cares_about": " ".join(cited[two[0]]["quote"]["exact"].split()), "citations": two}]}
    [left] = review.reviewed(told, (), frozenset(two[:1]))["people"]
    assert (left["name"], left["citations"], left["cares_about"]) == (marta["name"], two[1:], "")
    assert review.reviewed(told, (), frozenset(two))["people"] == []
    assert scope.accounts == frozenset({body["account"]})


def test_an_answer_that_was_kept_is_shown_again_without_what_was_withheld_since(kit: Kit, body: dict[str, Any]) -> None:
    line, scope = promise(body), scope_of(body)
    answer = converse(kit, body["account"], "Which go-live date did Dana commit to for the two depots?")
    secret = "go-live date of 18 January 2027"
    assert secret in str(kit.archive.thread(scope, answer.thread_id))
    reviewing.remove(kit, scope, body["id"], line["id"], "confidential", hand())
    [shown] = kit.archive.thread(scope, answer.thread_id)
    assert secret not in str(shown)
    assert secret not in str(kit.archive.answer(scope, answer.id))
    assert shown["withheld_claims"] > 0
    assert {c for block in shown["blocks"] for claim in block["claims"] for c in claim["citations"]} <= {
        citation["id"] for citation in shown["citations"]
    }
    follow_up = converse(kit, body["account"], "And what did it depend on?", thread_id=answer.thread_id)
    assert secret not in str(follow_up)
    reviewing.undo(kit, scope, body["id"], line["id"], hand(minutes=1))
    assert secret in str(kit.archive.thread(scope, answer.thread_id)[0])


def test_what_moved_in_a_line_is_told_with_what_it_was_and_is(body: dict[str, Any]) -> None:
    line = promise(body)
    later = {
        **line,
        "contract": "covered",
        "due": {"as_said": "a week later", "date": "2027-01-25"},
        "citations": [*line["citations"], "cit_x"],
    }
    found = differences(body, {**body, "promises": [later if one is line else one for one in body["promises"]]})
    [changed] = found
    assert set(changed.fields) == {"contract", "due"}
    assert changed.moved == (Move("due", "2027-01-18", "2027-01-25"), Move("contract", line["contract"], "covered"))
    [back] = differences({**body, "promises": [{**one, "due": None} if one is line else one for one in body["promises"]]}, body)
    assert back.moved == (Move("due", "", "2027-01-18"),)
