"""CRM records are recognised by their pages and where a text names them outright, and by nothing less."""

from __future__ import annotations

import pytest

from ingest.records import Link
from ingest.sources import crm_links

OPPORTUNITY = Link("salesforce", "deal", "006Rk000000NCbtIAG")


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("deal 42190377651", [Link("hubspot", "deal", "42190377651")]),
        ("HubSpot deal #421 | a.example", [Link("hubspot", "deal", "421")]),
        ("Pipedrive deal id: 8841", [Link("pipedrive", "deal", "8841")]),
        ("see https://acme.pipedrive.com/deal/8841.", [Link("pipedrive", "deal", "8841")]),
        ("(https://acme.lightning.force.com/lightning/r/Opportunity/006Rk000000NCbtIAG/view)", [OPPORTUNITY]),
        ("Opp 006Rk000000NCbtIAG, account 001Rk0000003qsr", [OPPORTUNITY, Link("salesforce", "account", "001Rk0000003qsr")]),
        ("the deal 5 of us made", []),
        ("Account 00123", []),
        ("ring 001555010447100", []),
        ("company 2026", []),
        ("https://a.example/006Rk000000NCbtIAG", []),
    ],
)  # fmt: skip
def test_records_are_named_by_page_number_or_id(words: str, links: list[Link]) -> None:
    assert list(crm_links.mentioned(words)) == links
