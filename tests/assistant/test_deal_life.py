"""Deals that are re-opened, split and renewed: one ledger goes on, no promise and no brief twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.brief import reviewing
from assistant.brief.lines import SECTIONS
from assistant.brief.page import lay_out
from assistant.brief.reviewing import Hand
from assistant.brief.shelf import current_brief, opened, versions
from assistant.portfolio import Wanted, find, refresh, set_status
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, mail, salesforce, under

AT = datetime(2026, 10, 15, 9, tzinfo=UTC)
FIRST = ("14 depots", "2026-03-05", "2026-10-14")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.write(HALDEN)
    desk.ingest()
    return desk


def deals(*each: tuple[str, str, str]) -> dict[str, str | bytes]:
    return under("salesforce", salesforce(notes=["Budget holder is Jonas Beck. He signs above 100k."], deals=each))


def reopened() -> dict[str, str | bytes]:
    """The same deal, back in negotiation."""
    files = deals(FIRST)
    name = "salesforce/Opportunity.csv"
    return files | {name: str(files[name]).replace('"Closed Won"', '"Negotiation"').replace('"true","true"', '"false","false"')}


def brought(desk: Desk, files: dict[str, str | bytes]) -> None:
    desk.write(files)
    desk.ingest()
    with desk.open(write=True) as home:
        refresh(home.archive)


def ledger(kit: Kit) -> list[tuple[Any, Any]]:
    return [(row["id"], row["text"]) for row in find(kit, EVERYTHING, Wanted())]


def halden(kit: Kit) -> str:
    return kit.archive.account(EVERYTHING, "halden").id


def test_a_deal_that_is_reopened_goes_on_in_the_same_ledger_and_brief(filled: Desk) -> None:
    with filled.kit(write=True) as kit:
        first, before = current_brief(kit, halden(kit), now=AT), ledger(kit)
        set_status(kit, EVERYTHING, str(before[0][0]), "at_risk", "they asked again", "Dana", AT)
    brought(filled, reopened())
    with filled.kit(write=True) as kit:
        assert ledger(kit) == before
        assert find(kit, EVERYTHING, Wanted(status="at_risk"))[0]["id"] == before[0][0]
        again = current_brief(kit, halden(kit), compose_anew=True, now=AT + timedelta(days=1))
        assert again["deal_id"] == first["deal_id"]
        assert again["preview"] is True
        assert len({one["deal_id"] for one in versions(kit, halden(kit))}) == 1
    brought(filled, deals(FIRST))
    with filled.kit(write=True) as kit:
        closed = current_brief(kit, halden(kit), compose_anew=True, now=AT + timedelta(days=2))
        numbers = [one["version"] for one in versions(kit, halden(kit))]
        assert (closed["deal_id"], closed["preview"]) == (first["deal_id"], False)
        assert numbers == sorted(numbers, reverse=True)
        assert ledger(kit) == before
        assert [one["id"] for one in closed["promises"]] == [one["id"] for one in first["promises"]]


def test_an_accepted_version_stays_as_it_was_while_its_deal_is_open_again_and_what_was_reworded_lives_on(filled: Desk) -> None:
    with filled.kit(write=True) as kit:
        first = current_brief(kit, halden(kit), now=AT)
        scope, hand = EVERYTHING.only(first["account"]), Hand("Dana", AT, None)
        line = next(one["id"] for one in first["promises"] if "18 January" in one["text"])
        words = "If those two depots are the only scope, Dana commits to a go-live date of 18 January 2027."
        reviewing.edit(kit, scope, first["id"], line, words, hand)
        reviewing.approve(kit, scope, first["id"], hand, with_open=True)
        accepted = reviewing.accept(kit, scope, first["id"], hand)
        assert (current_brief(kit, halden(kit))["reopened"], accepted["state"]) == (None, "accepted_with_gaps")
    brought(filled, reopened())
    with filled.kit(write=True) as kit:
        seen = current_brief(kit, halden(kit))
        assert (seen["id"], seen["reopened"]) == (first["id"], "Negotiation")
        assert lay_out(seen).warnings[0].startswith("The deal is open again (Negotiation)")
        current_brief(kit, halden(kit), compose_anew=True, now=AT + timedelta(days=1))
    brought(filled, deals(FIRST))
    with filled.kit(write=True) as kit:
        anew = current_brief(kit, halden(kit), compose_anew=True, now=AT + timedelta(days=2))
        assert (anew["reopened"], anew["state"]) == (None, "draft")
        assert [one["text"] for one in anew["promises"] if one["id"] == line] == [words]
        kept = opened(kit, scope, first["id"])
        assert {part: kept[part] for part in SECTIONS} == {part: accepted[part] for part in SECTIONS}
        assert kept["superseded_by"] == anew["version"]


def test_composing_again_without_news_makes_no_second_brief(filled: Desk) -> None:
    with filled.kit(write=True) as kit:
        first = current_brief(kit, halden(kit), now=AT)
        again = current_brief(kit, halden(kit), compose_anew=True, now=AT)
        assert (again["id"], len(versions(kit, halden(kit)))) == (first["id"], 1)


def test_a_deal_that_is_split_makes_two_briefs_and_no_promise_twice(filled: Desk) -> None:
    with filled.kit(write=True) as kit:
        first, before = current_brief(kit, halden(kit), now=AT), ledger(kit)
    brought(filled, deals(FIRST, ("6 depots, Norway", "2026-10-10", "2026-10-14")))
    with filled.kit(write=True) as kit:
        assert ledger(kit) == before
        of_account = kit.archive.deals(EVERYTHING.only(halden(kit)))
        bodies = [current_brief(kit, halden(kit), deal.id, now=AT) for deal in of_account]
        assert sorted(body["deal_id"] for body in bodies) == sorted(deal.id for deal in of_account)
        assert bodies[0]["id"] != bodies[1]["id"]
        assert first["id"] in {body["id"] for body in bodies}
        for body in bodies:
            ids = [one["id"] for one in body["promises"]]
            assert len(ids) == len(set(ids)) == len(first["promises"])


def test_a_renewal_is_a_brief_of_its_own_and_its_words_join_the_ledger_once(filled: Desk) -> None:
    with filled.kit(write=True) as kit:
        first, before = current_brief(kit, halden(kit), now=AT), ledger(kit)
    words = "Hi Marta,\n\nwith the renewal, phone support in Norwegian is free of charge as well.\n\nDana"
    renewal = {"mails/renewal.eml": mail(DANA, MARTA, words, id="m9@cartage", on=at(9, 20))}
    brought(filled, deals(FIRST, ("14 depots, renewal", "2027-06-01", "2027-10-14")) | renewal)
    with filled.kit(write=True) as kit:
        now = ledger(kit)
        assert [one for one in now if one in before] == before
        assert len(now) == len(before) + 1
        renewed = current_brief(kit, halden(kit), now=AT)
        assert renewed["deal_id"] != first["deal_id"]
        assert renewed["version"] == 1
        old = current_brief(kit, halden(kit), first["deal_id"], now=AT)
        assert old["id"] == first["id"]
