"""How far each field is known, on which evidence each line stands, how much stands on the first page, and what a preview says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from assistant.brief.body import brief_json
from assistant.brief.chosen_deal import UnknownDeal
from assistant.brief.compose import compose
from assistant.brief.export import export
from assistant.brief.page import lay_out
from assistant.brief.paper import count_words, first_page_words
from assistant.brief.render import as_text
from assistant.brief.shelf import as_known, current_brief, versions
from assistant.brief.states import STATE_WORDS, TIER_WORDS, fields
from assistant.wiring import Kit, open_kit
from ingest.archive.scope import EVERYTHING
from ingest.sync import sync
from ingest.wiring import open_home
from tests.assistant.brief.test_brief import HISTORY, NOW, PAPER, Shelf, brief_of
from tests.assistant.facts.history import ANA, MIA, TOM, call, interaction
from tests.conftest import HALDEN, Desk
from tests.exports import salesforce, under
from tests.ingest.making import HashedWords

SAMPLES = Path(__file__).parents[3] / "data" / "samples"


def states(body: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["state"] for row in body["field_states"]}


def test_every_field_has_a_state_and_none_is_blank() -> None:
    for body in (brief_json(brief_of(*HISTORY, PAPER)), brief_json(brief_of()), brief_json(compose(Shelf(), "acc_1", now=NOW))):
        rows = body["field_states"]
        assert len(rows) == 21
        assert all(row["state"] in STATE_WORDS for row in rows)
        known = {citation["id"] for citation in body["citations"]}
        assert all(set(row["citations"]) <= known for row in rows)


def test_what_is_found_missing_and_disputed_is_told_apart() -> None:
    body = brief_json(
        brief_of(
            call(
                (ANA, "What is your return rate today?"), (MIA, "About nine percent."), (TOM, "No, it is closer to thirteen, Mia."),
                (MIA, "I want returns under five percent by 31 March 2027."),
            ),
            PAPER,
        )
    )  # fmt: skip
    found = states(body)
    assert (found["Signed contract"], found["Target"], found["Target date"], found["Starting value"], found["Champion"]) == (
        "evidenced", "evidenced", "evidenced", "conflicting", "not_found",
    )  # fmt: skip
    assert "not in the history: " in as_text(body)
    assert "sources disagree: starting value" in " ".join(as_text(body).split())


def test_an_answer_of_the_ae_makes_its_field_attested() -> None:
    body = brief_json(brief_of(*HISTORY, PAPER))
    assert states(body)["Champion"] == "not_found"
    answer = {"text": "Mia carries it.", "citations": []}
    told = fields(body | {"attested": [{"question": "Who is the champion?", "answer": answer}]})
    assert next((row["state"], row["value"]) for row in told if row["name"] == "Champion") == ("attested", "Mia carries it.")


def test_every_citation_names_its_tier_and_every_shown_line_says_it() -> None:
    note = interaction("crm_note", [(ANA, "Budget is tight, the board may cut the rollout.")], participants=[ANA], internal=True)
    body = brief_json(brief_of(*HISTORY, PAPER, note))
    tiers = {(citation["kind"], citation["tier"]) for citation in body["citations"]}
    assert {("doc", "contract"), ("call", "customer"), ("email", "ours"), ("crm_note", "crm_note")} <= tiers
    assert {tier for _, tier in tiers} <= set(TIER_WORDS)
    for section in lay_out(body).sections:
        for group in section.groups if section.title not in ("Still open", "People") else ():
            for row in group.rows:
                if row.citations and not group.prose:
                    assert re.search(
                        r"\b(?:contract|customer|seller|partner|CRM note|CRM record|document)\)?$",
                        row.cells[-1] if row.cells else row.detail,
                    ), row


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory, embedder: HashedWords) -> Iterator[Kit]:
    """The deals that come with Baton."""
    folder = tmp_path_factory.mktemp("samples")
    with open_home(folder, write=True, load_embedder=lambda: embedder, model=embedder.name) as home:
        sync(home, sorted(SAMPLES.iterdir()))
        yield open_kit(home, extractive=True)


@pytest.fixture(scope="module")
def samples(kit: Kit) -> list[dict[str, Any]]:
    return [current_brief(kit, account.id, compose_anew=True, now=NOW) for account in kit.archive.accounts(EVERYTHING)]


def test_a_brief_is_read_in_five_minutes_and_its_first_page_in_one(samples: list[dict[str, Any]]) -> None:
    assert len(samples) == 5
    for body in samples:
        page = lay_out(body)
        assert body["words"] <= 900
        assert first_page_words(page) <= 250


def test_the_first_page_of_the_pdf_holds_no_more_than_a_minutes_words(samples: list[dict[str, Any]]) -> None:
    for body in samples:
        pages = PdfReader(io.BytesIO(export(body, "pdf").data)).pages
        assert len(pages) <= 4
        assert count_words(pages[0].extract_text()) <= 250
        assert "What we promised" in pages[1].extract_text()


def test_a_preview_says_so_is_kept_nowhere_and_needs_an_open_deal(kit: Kit) -> None:
    going, won = (kit.archive.account(EVERYTHING, name) for name in ("Meridian Lakeshore Wealth", "Halden Freight Group"))
    kept = len(versions(kit, going.id))
    body = current_brief(kit, going.id, preview=True, now=NOW)
    assert body["preview"]
    text = as_text(body)
    assert text.startswith("Handoff brief, preview: Meridian Lakeshore Wealth")
    assert "! Preview: this deal is not closed (Proposal)." in text
    assert len(versions(kit, going.id)) == kept
    with pytest.raises(UnknownDeal, match="every deal of this account is closed"):
        current_brief(kit, won.id, preview=True, now=NOW)


def versions_by_deal(desk: Desk) -> dict[str, list[int]]:
    """Composes the brief of the account's deal of today, and gives the versions kept of each deal's."""
    with desk.kit(write=True) as kit:
        account = kit.archive.account(EVERYTHING, "halden").id
        current_brief(kit, account, compose_anew=True, now=NOW)
        deals = kit.archive.deals(EVERYTHING.only(account))
        return {deal.name: sorted(body["version"] for body in versions(kit, account, deal.id)) for deal in deals}


def crm(*deals: tuple[str, str, str]) -> dict[str, str | bytes]:
    return {**HALDEN, **under("salesforce", salesforce(notes=["Budget holder is Jonas Beck."], deals=list(deals)))}


def test_composing_again_and_a_renewal_and_a_split_make_no_second_brief_of_a_deal(desk: Desk) -> None:
    first = ("Halden, 14 depots", "2026-03-05", "2026-10-14")
    desk.write(crm(first))
    desk.ingest()
    assert versions_by_deal(desk) == {"Halden, 14 depots": [1]}
    assert versions_by_deal(desk) == {"Halden, 14 depots": [1]}
    renewal, split = ("Halden, renewal", "2027-06-01", "2027-10-14"), ("Halden, 6 depots", "2027-06-01", "2027-09-14")
    desk.write(crm(first, renewal, split))
    desk.ingest()
    assert versions_by_deal(desk) == {"Halden, 14 depots": [1], "Halden, renewal": [1], "Halden, 6 depots": []}


def test_a_deal_opened_again_gets_a_version_that_says_it_is_a_preview_not_another_brief(desk: Desk) -> None:
    closed = crm(("Halden, 14 depots", "2026-03-05", "2026-10-14"))
    desk.write(closed)
    desk.ingest()
    versions_by_deal(desk)
    opportunities = {name: words for name, words in closed.items() if "pportunit" in name}
    assert opportunities
    again = {
        name: str(words).replace("Closed Won", "Negotiation").replace('"true","true"', '"false","false"')
        for name, words in opportunities.items()
    }
    desk.write(again)
    desk.ingest()
    with desk.kit(write=True) as kit:
        account = kit.archive.account(EVERYTHING, "halden").id
        body = current_brief(kit, account, compose_anew=True, now=NOW + timedelta(days=1))
        assert (body["version"], body["preview"]) == (2, True)
        assert [one["version"] for one in versions(kit, account)] == [2, 1]


def test_a_brief_as_of_a_day_holds_nothing_later_and_is_kept_nowhere(kit: Kit) -> None:
    halden = kit.archive.account(EVERYTHING, "Halden Freight Group")
    day = datetime(2026, 9, 10, 23, 59, 59, tzinfo=UTC)
    main = next(deal.id for deal in kit.archive.deals(EVERYTHING.only(halden.id)) if "14 depots" in deal.name)
    assert as_known(kit, halden.id, None, day, now=NOW)["deal_id"] != main  # the pilot was the last one won by then
    body = as_known(kit, halden.id, main, day, now=NOW)
    assert max(one["source"]["occurred_on"] for one in body["citations"]) == "2026-09-10"
    assert {promise["contract"] for promise in body["promises"]} == {"no_contract"}
    assert (body["deal"]["closed_on"], body["preview"]) == (None, True)
    text = " ".join(as_text(body).split())
    assert "not kept, draft" in text
    assert "! As of 10 Sep 2026: the deal was not closed then" in text
    assert "14 Oct 2026" not in text
    assert all(one["as_of"] is None for one in kit.archive.briefs(EVERYTHING.only(halden.id)))
