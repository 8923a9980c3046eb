"""A team whose only CRM is Pipedrive: its organization is the account, and its notes and deal belong to it."""

from __future__ import annotations

from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.test_packaging import ROOT


def test_its_organization_is_the_account_of_its_notes_and_deal(desk: Desk) -> None:
    tally = desk.ingest(ROOT / "tests/data/harborlight/pipedrive")
    assert tally.held == []
    with desk.open() as home:
        [account] = home.archive.accounts(EVERYTHING)
        [deal] = home.archive.deals(EVERYTHING)
        notes = [source for source in home.archive.sources(EVERYTHING) if source.kind == "crm_note"]
    assert (account.name, deal.account_id, deal.won) == ("Harborlight Logistics", account.id, True)
    assert len(notes) == 12
    assert {note.deal_id for note in notes} == {deal.id}
