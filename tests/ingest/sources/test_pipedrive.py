"""Pipedrive's pages: deals of organizations that only notes name, notes in HTML, activities, and a deal's flow."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.records import CONTACT_ROLES, CrmAccount, CrmDeal, CrmPerson, Interaction, Link, Meeting, Note, Participant, Record
from ingest.sources import pipedrive
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import golden, inputs, said

ACCOUNT, DEAL = Link("pipedrive", "account", "3307"), Link("pipedrive", "deal", "8841")


def page(*rows: dict[str, object], name: str = "page.json", **more: object) -> Input:
    return Input(name, json.dumps({"success": True, "data": rows, **more}).encode())


ORGANIZATION: dict[str, object] = {"id": 1, "name": "Halden", "owner_id": 9, "address": None, "website": "https://www.halden.example/en"}
OPEN_DEAL: dict[str, object] = {
    "id": 2, "title": "D", "stage_id": 4, "pipeline_id": 1, "status": "open", "org_id": {"value": 1, "name": "Halden"}, "value": 10.5,
    "currency": "EUR", "cc_email": "acme+deal2@pipedrivemail.com", "user_id": {"id": 9, "name": "Ann", "email": "ann@acme.example"},
}  # fmt: skip
STAGE: dict[str, object] = {"id": 4, "name": "Angebot", "pipeline_id": 1, "order_nr": 3}


def test_a_deal_and_its_notes_tell_account_owner_amount_and_page() -> None:
    reading = pipedrive.parse(inputs("pipedrive"))
    assert [(failure.file, failure.reason) for failure in reading.failures] == [("pipedrive/webhook_v2_deal_won.json", "not_used")]
    assert reading.accounts == (CrmAccount("Harborlight Logistics", (ACCOUNT,), (), "pipedrive/deal_v2.json"),)
    assert reading.deals == (
        CrmDeal(
            "Harborlight Logistics - Ferrule Dispatch (180 seats)", (DEAL,), ACCOUNT, won=True, closed=True, closed_on="2026-09-30",
            amount=148500.0, currency="USD", owner_email="priya.raman@ferrule.example", opened_on="2026-06-10",
            file="pipedrive/deal_v2.json", opened_at=datetime(2026, 6, 10, 16, 25, tzinfo=UTC),
            closed_at=datetime(2026, 9, 30, 8, 30, 12, tzinfo=UTC),
        ),
    )  # fmt: skip
    record, *notes = reading.interactions
    assert isinstance(record, Record)
    assert "Status: won\nAmount: 148500 USD\nClose date: 2026-09-30" in record.turns[0].text
    assert [note.external_id for note in notes] == [str(row["pipedrive_note"]) for row in golden("identity")["notes"].values()]
    assert {note.url for note in notes} == {"https://ferrule.pipedrive.example/deal/8841"}


def test_notes_are_what_a_reader_sees_at_their_time_in_utc() -> None:
    first, second, *_ = (i for i in pipedrive.parse(inputs("pipedrive")).interactions if isinstance(i, Note))
    assert (first.occurred_at, first.links) == (datetime(2026, 6, 10, 16, 20, tzinfo=UTC), (ACCOUNT, DEAL))
    assert first.turns[0].speaker == Participant("Priya Raman", "priya.raman@ferrule.example", side="seller")
    assert said(second).split("\n")[0] == "Metrics: missed-SLA 11.4%, target <5% by end of Q1 2027. Planning 3h/day, target 45 min."


def test_older_pages_stages_and_persons_are_understood() -> None:
    addresses = [{"value": "t@b.example"}, {"value": "Tom@A.example", "primary": True}]
    person: dict[str, object] = {"id": 3, "name": "Tom", "org_id": {"value": 1}, "email": addresses}
    reading = pipedrive.parse([page(ORGANIZATION), page(OPEN_DEAL), page(STAGE), page(person)])
    assert [(a.name, a.domains) for a in reading.accounts] == [("Halden", ("halden.example",))]
    (deal,) = reading.deals
    assert (deal.stage, deal.closed, deal.amount, deal.currency, deal.owner_email) == ("Angebot", False, 10.5, "EUR", "ann@acme.example")
    assert [p for p in reading.people if not p.ours] == [
        CrmPerson(Participant("Tom", email), (Link("pipedrive", "contact", "3"),), Link("pipedrive", "account", "1"), file="page.json")
        for email in ("tom@a.example", "t@b.example")
    ]


ROLE, LABEL = "9dc8b6a1" * 5, {"id": 40, "key": "label_ids", "name": "Labels", "field_type": "set"}
FIELDS: tuple[dict[str, object], ...] = (
    {"id": 1, "key": "name", "name": "Name", "field_type": "varchar"},
    {"id": 2, "key": "emails", "name": "Email", "field_type": "varchar"},
    {"id": 3, "key": ROLE, "name": "Buying role", "field_type": "set", "options": [
        {"id": 11, "label": "Economic buyer"}, {"id": 12, "label": "Champion"}]},
    {**LABEL, "options": [{"id": 5, "label": "Hot lead"}, {"id": 6, "label": "Decision maker"}]},
)  # fmt: skip


def person(native: int, name: str, **more: object) -> dict[str, object]:
    return {"id": native, "name": name, "org_id": 1, "emails": [{"value": f"p{native}@halden.example"}], **more}


@pytest.mark.parametrize(
    ("more", "roles"),
    [
        ({ROLE: "11,12"}, ("economic buyer", "champion")),
        ({"custom_fields": {ROLE: [11, 12]}}, ("economic buyer", "champion")),
        ({"custom_fields": {ROLE: 12}}, ("champion",)),
        ({"custom_fields": {ROLE: [{"id": 12, "label": "Champion"}]}}, ("champion",)),
        ({"label_ids": [5, 6]}, ("decision maker",)),
        ({"label_ids": [5]}, ()),
        ({"custom_fields": {ROLE: 99}}, ()),
        ({}, ()),
    ],
)
def test_a_field_or_a_label_that_says_what_part_a_person_plays_is_their_role(more: dict[str, object], roles: tuple[str, ...]) -> None:
    reading = pipedrive.parse([page(ORGANIZATION), page(OPEN_DEAL), page(*FIELDS), page(person(3, "Tom", **more))])
    assert (reading.failures, [p.roles for p in reading.people if not p.ours]) == ((), [roles])
    listed = [turn.text for turn in reading.interactions[0].turns if turn.heading == CONTACT_ROLES]
    assert listed == ([", ".join(roles).capitalize() + ": Tom"] if roles else [])


def test_who_takes_part_in_a_deal_from_another_organization_is_listed_with_their_role() -> None:
    part = {"id": 601, "related_item_id": 2, "related_item_type": "deal", "person": {"id": 7, "name": "Raj"}}
    raj = person(7, "Raj", org_id=44, custom_fields={ROLE: [12]})
    reading = pipedrive.parse([page(ORGANIZATION), page(OPEN_DEAL), page(*FIELDS), page(raj), page(part)])
    assert [turn.text for turn in reading.interactions[0].turns if turn.heading == CONTACT_ROLES] == ["Champion: Raj"]


def test_fields_by_the_newer_interface_and_a_role_in_free_words() -> None:
    newer: tuple[dict[str, object], ...] = (
        {"field_code": "phones", "field_name": "Phone", "field_type": "phone"},
        {"field_code": ROLE, "field_name": "Rolle", "field_type": "varchar"},
    )
    reading = pipedrive.parse([page(ORGANIZATION), page(*newer), page(person(3, "Tom", custom_fields={ROLE: "Key user, night shift"}))])
    assert (reading.failures, [p.roles for p in reading.people]) == ((), [("key user, night shift",)])


def test_the_labels_of_deals_say_nothing_of_people() -> None:
    stage: dict[str, object] = {"id": 9, "key": "stage_id", "name": "Stage", "field_type": "stage"}
    deals = page(stage, {**LABEL, "options": [{"id": 6, "label": "Champion"}]})
    reading = pipedrive.parse([page(ORGANIZATION), deals, page(person(3, "Tom", label_ids=[6]))])
    assert [p.roles for p in reading.people] == [()]


def test_a_deals_flow_is_its_history() -> None:
    def change(native: int, key: str, before: object, after: object, at: str) -> dict[str, object]:
        values = {"field_key": key, "old_value": before, "new_value": after}
        return {"object": "dealChange", "timestamp": at, "data": {"id": native, "item_id": 2, "user_id": 9, "log_time": at, **values}}

    flow = page(
        change(2, "value", 10.5, 12, "2026-02-02 10:00:00"), change(1, "stage_id", 3, 4, "2026-02-01 10:00:00"),
        {"object": "note", "data": {"id": 5}},
    )  # fmt: skip
    record = pipedrive.parse([page(ORGANIZATION), page(OPEN_DEAL), page(STAGE), flow]).interactions[0]
    assert [turn.text for turn in record.turns[1:]] == [
        "Changed stage: stage 3 → Angebot (2026-02-01, by Ann)",
        "Changed amount: 10.5 EUR → 12 EUR (2026-02-02, by Ann)",
    ]


@pytest.mark.parametrize(
    ("kind", "made", "form"), [("call", Note, "call_log"), ("task", Note, "task"), ("meeting", Meeting, "")]
)  # fmt: skip
def test_activities_are_logs_tasks_and_meetings(kind: str, made: type[Interaction], form: str) -> None:
    activity: dict[str, object] = {
        "id": 6, "subject": "Kickoff", "type": kind, "done": True, "due_date": "2026-03-01", "due_time": "09:30", "deal_id": 2, "note": "",
        "attendees": [{"name": "Tom", "email_address": "Tom@A.example"}], "add_time": "2026-02-27 08:00:00",
    }  # fmt: skip
    (found,) = (i for i in pipedrive.parse([page(OPEN_DEAL), page(activity)]).interactions if not isinstance(i, Record))
    assert (type(found), found.external_id, said(found), getattr(found, "form", "")) == (made, "activity:6", "Kickoff", form)
    assert Link("pipedrive", "account", "1") in found.links
    assert found.url == "https://acme.pipedrive.com/deal/2"
    if made is Meeting:
        assert (found.occurred_at, found.participants[-1]) == (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), Participant("Tom", "tom@a.example"))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (Input("a.json", b'{"success": true, "data": [{"id": 1, "cont'), "truncated_json"),
        (Input("a.json", b'{"success": false, "error": "unauthorized access", "data": null}'), "not_valid"),
        (page({"id": 1, "colour": "red"}), "not_valid"),
        (page({**OPEN_DEAL, "org_id": 77}), "not_valid"),
        (page(ORGANIZATION, additional_data={"next_cursor": "abc"}), "incomplete"),
    ],
)
def test_what_cannot_be_used_or_is_not_whole_is_named(item: Input, reason: str) -> None:
    reading = pipedrive.parse([item, page({**STAGE, "id": 5}, name="b.json")])
    assert [failure.reason for failure in (*reading.failures, *reading.notices)] == [reason]
