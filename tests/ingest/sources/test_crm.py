"""Salesforce and HubSpot give the same accounts, people, deals and notes, whatever the way of export."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType

import pytest

from ingest.passages import sentences, split
from ingest.records import CrmAccount, CrmDeal, CrmPerson, Email, Link, Meeting, Note, Participant, Record, Turn, text_of
from ingest.sources import hubspot, salesforce
from ingest.sources.inputs import Input
from ingest.sources.summaries import is_machine_summary
from tests.ingest.sources.harborlight import inputs, said

ACCOUNT, DEAL = Link("salesforce", "account", "001Rk0000003qsrIAA"), Link("salesforce", "deal", "006Rk000000NCbtIAG")
PRIYA = Participant("Priya Raman", "priya.raman@ferrule.example", "Account Executive", "seller")


def shouted(item: Input) -> Input:
    """The same rows as Data Loader writes them: upper-case headers, every value a quoted string."""
    rows = [{k: v for k, v in row.items() if not isinstance(v, dict)} for row in json.loads(item.data)["records"]]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([key.upper() for key in rows[0]])
    writer.writerows([["" if v is None else str(v).lower() if isinstance(v, bool) else v for v in row.values()] for row in rows])
    return Input(item.name.replace(".json", ".csv"), ("\ufeff" + out.getvalue()).encode())


def test_salesforce_gives_account_people_and_deal() -> None:
    reading = salesforce.parse(inputs("salesforce"))
    assert reading.failures == ()
    assert reading.accounts == (
        CrmAccount("Harborlight Logistics", (ACCOUNT,), ("harborlight.example", "harborlight-eu.example"), "salesforce/account.json"),
    )
    assert reading.deals == (
        CrmDeal(
            "Harborlight Logistics - Ferrule Dispatch (180 seats)", (DEAL,), ACCOUNT, stage="Closed Won", won=True, closed=True,
            closed_on="2026-09-30", amount=148500.0, currency="USD", owner_email="priya.raman@ferrule.example",
            opened_on="2026-06-10", file="salesforce/opportunity.json", opened_at=datetime(2026, 6, 10, 16, 25, tzinfo=UTC),
            closed_at=datetime(2026, 9, 30, 8, 30, 12, tzinfo=UTC),
        ),
    )  # fmt: skip
    assert CrmPerson(PRIYA, (Link("salesforce", "user", "005Rk0000000841IAA"),), ours=True, file="salesforce/user.json") in reading.people
    assert {p.participant.name for p in reading.people if p.account == ACCOUNT} == {
        "Dana O'Neill",
        "Tom Becker",
        "Mei-Lin Zhou",
        "Renée Aubert",
    }


def test_salesforce_notes_come_from_four_objects_and_mails_are_not_notes_again() -> None:
    found = salesforce.parse(inputs("salesforce")).interactions
    notes = [i for i in found if isinstance(i, Note)]
    assert len(notes) == 12
    assert {i.external_id[:3] for i in notes} == {"00T", "00U", "002", "069"}
    assert all(ACCOUNT in i.links and DEAL in i.links and i.turns[0].speaker for i in notes)
    discount = next(i for i in notes if i.title == "Discount approval")
    assert (discount.aliases, discount.turns[0].speaker and discount.turns[0].speaker.name) == (("068Rk0000000D0ZIAU",), "Jo Lindqvist")
    assert discount.occurred_at == datetime(2026, 8, 27, 18, 30, tzinfo=UTC)
    assert said(discount).startswith("Approved $825/seat (list $990, 16.7% off) for 180 seats")
    mails = [i for i in found if isinstance(i, Email)]
    assert len(mails) == 9
    assert mails[0].message_id == "SJ0PR07MB8812A1F3C0@SJ0PR07MB8812.namprd07.prod.outlook.example"
    assert mails[0].aliases == (mails[0].message_id, "00TRk0000000ITAMA2")
    assert next(i.title for i in found if i.external_id not in {n.external_id for n in notes} and i.source == "file").startswith(
        "Order_Form"
    )


def test_a_deal_is_a_record_of_its_fields_its_people_and_every_change() -> None:
    (record,) = [i for i in salesforce.parse(inputs("salesforce")).interactions if isinstance(i, Record)]
    assert [turn.heading for turn in record.turns] == [
        "Deal", "Contact roles", "Stage history", "Amount history", "Close date history",
    ]  # fmt: skip
    fields, roles, stages, amounts, closes = (turn.text for turn in record.turns)
    assert fields.startswith(
        "Deal: Harborlight Logistics - Ferrule Dispatch (180 seats)\nAccount: Harborlight Logistics\nStage: Closed Won\n"
        "Amount: 148500 USD\nClose date: 2026-09-30\n"
    )
    assert roles.split("\n") == [
        "Economic Buyer: Dana O'Neill", "Champion: Mei-Lin Zhou", "Technical Evaluator: Tom Becker", "Procurement: Renée Aubert",
    ]  # fmt: skip
    assert stages.split("\n")[:2] == [
        "Set stage: Discovery (2026-06-10, by Priya Raman)",
        "Changed stage: Discovery → Technical Validation (2026-06-18, by Priya Raman)",
    ]
    assert amounts == (
        "Set amount: 148500 USD (2026-06-10, by Priya Raman)\n"
        "Changed amount: 148500 USD → 178200 USD (2026-08-20, by Priya Raman)\n"
        "Changed amount: 178200 USD → 148500 USD (2026-09-10, by Priya Raman)"
    )
    assert closes.endswith("Changed close date: 2026-12-15 → 2026-09-30 (2026-08-20, by Priya Raman)")


def test_changes_are_found_as_one_passage_a_field_and_quoted_as_a_line_each() -> None:
    (record,) = [i for i in salesforce.parse(inputs("salesforce")).interactions if isinstance(i, Record)]
    (amounts,) = [p for p in split(record) if "amount:" in p.text]
    line = "Changed amount: 148500 USD → 178200 USD (2026-08-20, by Priya Raman)"
    assert line in [amounts.text[span.start : span.end] for span in sentences(amounts.text)]
    at = text_of(record).index(line)
    assert amounts.span.start <= at < amounts.span.end


def test_data_loader_csv_says_the_same_as_rest_json() -> None:
    rest = inputs("salesforce")
    loader = [shouted(item) if item.name.endswith(".json") else item for item in rest]
    one, other = salesforce.parse(rest), salesforce.parse(loader)
    assert [(i.external_id, i.turns, i.links, i.occurred_at) for i in other.interactions] == [
        (i.external_id, i.turns, i.links, i.occurred_at) for i in one.interactions
    ]
    assert [(d.name, d.won, d.amount) for d in other.deals] == [(d.name, d.won, d.amount) for d in one.deals]
    assert other.failures == ()


def rows(*records: Mapping[str, object], name: str = "x.json") -> Input:
    return Input(name, json.dumps({"totalSize": len(records), "done": True, "records": records}).encode())


def test_deleted_rows_stay_out_and_a_newer_row_replaces_an_older_one() -> None:
    old = {"Id": "002Rk0000000APDIA2", "Body": "old", "SystemModstamp": "2026-01-01T00:00:00.000+0000"}
    new = {"Id": "002Rk0000000APDIA2", "Body": "new", "SystemModstamp": "2026-02-01T00:00:00.000+0000"}
    gone = {"Id": "002Rk0000000APIIA2", "Body": "gone", "IsDeleted": True}
    assert [said(i) for i in salesforce.parse([rows(new), rows(old, gone)]).interactions] == ["new"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"Id": "0065", "Name": "short id"}, "not_valid"),
        ({"Id": "500Rk0000000NPcOAM"}, "not_used"),
        ({"Id": "006Rk000000NCbtIAG", "Name": "Deal of nobody"}, "not_valid"),
        ({"Id": "069Rk0000000APFIA2", "FileType": "SNOTE", "TextPreview": "x" * 255}, "incomplete"),
        ({"Id": "068Rk0000000APFIA2", "ContentDocumentId": "069Rk0000000APFIA2", "FileType": "EXCEL_X"}, "attachment_not_read"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(record: dict[str, object], reason: str) -> None:
    good = {"Id": "002Rk0000000APDIA2", "Body": "kept"}
    reading = salesforce.parse([rows(record, good)])
    assert [failure.reason for failure in reading.failures] == [reason]
    assert "kept" in [said(i) for i in reading.interactions]


def test_hubspot_gives_account_people_and_deal() -> None:
    reading = hubspot.parse(inputs("hubspot"))
    account = Link("hubspot", "account", "31845520117")
    assert [failure.reason for failure in reading.failures] == ["not_used"]  # the webhook message
    assert reading.accounts == (
        CrmAccount("Harborlight Logistics", (account,), ("harborlight.example", "harborlight-eu.example"), "hubspot/company.json"),
    )
    (deal,) = reading.deals
    assert (deal.stage, deal.won, deal.closed_on, deal.account, deal.owner_email) == (
        "Closed won",
        True,
        "2026-09-30",
        account,
        "priya.raman@ferrule.example",
    )
    assert [p.participant.email for p in reading.people if p.ours] == [
        f"{who}@ferrule.example" for who in ("priya.raman", "marcus.oyelaran", "jo.lindqvist", "sofia.marchetti")
    ]
    assert all(p.account == account for p in reading.people if not p.ours)


def test_hubspot_notes_tasks_mails_and_meetings_are_told_apart() -> None:
    found = hubspot.parse(inputs("hubspot")).interactions
    notes = [i for i in found if isinstance(i, Note)]
    assert [sum(n.form == form for n in notes) for form in ("note", "task", "call_log")] == [13, 3, 0]
    first = notes[0]
    assert first.url == "https://app.hubspot.com/contacts/48211907/record/0-3/42190377651/view/1?engagement=61200450000"
    assert set(first.links) >= {Link("hubspot", "deal", "42190377651"), Link("hubspot", "account", "31845520117")}
    private = next(n for n in notes if n.internal)
    assert said(private) == "Do not raise per-seat price."
    task = next(n for n in notes if n.form == "task")
    assert (task.occurred_at, task.meta["due_on"]) == (datetime(2026, 9, 24, 18, tzinfo=UTC), "2026-10-15")
    assert [i.title for i in found if isinstance(i, Meeting)] == ["Harborlight kickoff"]
    assert [i.turns[0].speaker and i.turns[0].speaker.name for i in found if isinstance(i, Email)][:2] == ["Tom Becker", "Marcus Oyelaran"]


def test_a_deal_is_won_by_its_pipelines_word() -> None:
    stage = {"id": "911", "label": "Gewonnen", "metadata": {"isClosed": "true", "probability": "1.0"}}
    pipeline = {"id": "p2", "label": "Zweite", "stages": [stage]}
    companies = [{"id": "1", "type": "deal_to_company"}, {"id": "1", "type": "deal_to_company_unlabeled"}]
    history = [{"value": "911", "timestamp": "2026-09-30T10:00:00Z"}, {"value": "new", "timestamp": "2026-06-01T10:00:00Z"}]
    properties = {"dealname": "D", "dealstage": "911", "pipeline": "p2", "closedate": "2026-09-30T10:00:00Z"}
    deal = {
        "id": "7",
        "properties": {**properties, "number_of_seats": "14", "contract_term_months": "36"},
        "associations": {"companies": {"results": companies}},
        "propertiesWithHistory": {"dealstage": history},
    }
    reading = hubspot.parse([Input("p.json", json.dumps({"results": [pipeline]}).encode()), Input("d.json", json.dumps(deal).encode())])
    (found,) = reading.deals
    assert (found.stage, found.won, found.closed, found.seats, found.term_months) == ("Gewonnen", True, True, 14, 36)
    (record,) = reading.interactions
    assert record.turns == (
        Turn("Deal: D\nStage: Gewonnen\nClose date: 2026-09-30\nNumber of seats: 14\nContract term months: 36", heading="Deal"),
        Turn("Set stage: new (2026-06-01)\nChanged stage: new → Gewonnen (2026-09-30)", heading="Stage history"),
    )


def test_archived_objects_stay_out_and_an_orphan_deal_is_named() -> None:
    page = {
        "results": [
            {"id": "1", "archived": True, "properties": {"hs_note_body": "gone"}},
            {"id": "2", "properties": {"dealname": "Orphan"}},
            {"id": "3"},
        ]
    }
    reading = hubspot.parse([Input("x.json", json.dumps(page).encode())])
    assert [failure.reason for failure in reading.failures] == ["not_valid", "not_valid"]
    assert not any("gone" in said(i) for i in reading.interactions)


@pytest.mark.parametrize(
    ("note", "machine"),
    [
        ("[Gong AI recap, auto-logged] Key takeaways: all depots live.", True),
        ("Fireflies AI summary: Keisha confirmed.", True),
        ("Zoom AI Companion summary: agreed.", True),
        ("Copilot meeting recap from 2026-01-02:\n- x", True),
        ("AI summary was wrong: they never agreed.", False),
        ("Zoom call with Tom: wants AI features", False),
        ("Sent the recap: 14 depots.", False),
    ],
)
def test_a_machines_summary_is_known_by_its_heading(note: str, machine: bool) -> None:
    assert is_machine_summary(note) is machine
    record = {"Id": "002Rk0000000APDIA2", "Body": note}
    assert [turn.role for i in salesforce.parse([rows(record)]).interactions for turn in i.turns] == ["derived" if machine else "said"]


def test_a_damaged_salesforce_file_is_said_to_be_damaged() -> None:
    version = {"Id": "068Rk0000000D0XIAU", "ContentDocumentId": "069Rk0000000D0XIAU", "Title": "Order form", "FileType": "WORD_X"}
    files = [Input("ContentVersion.json", json.dumps({"records": [version]}).encode()), Input("068Rk0000000D0XIAU", b"PK\x03\x04 torn")]
    (failure,) = salesforce.parse(files).failures
    assert failure.file == "068Rk0000000D0XIAU"
    assert failure.detail.startswith("The Word document is damaged and cannot be opened")


@pytest.mark.parametrize(("crm", "format_"), [("hubspot", hubspot), ("salesforce", salesforce)])
def test_contacts_have_the_roles_that_the_crm_gives_them(crm: str, format_: ModuleType) -> None:
    reading = format_.FORMAT.parse(inputs(crm))
    roles = {person.participant.name: person.roles for person in reading.people if person.roles}
    assert {
        "hubspot": ("budget holder", "decision maker"), "salesforce": ("economic buyer",),
    }[crm] in roles.values()  # fmt: skip
    assert ("champion",) in roles.values()
