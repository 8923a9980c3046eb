"""Salesforce beyond the standard rows: field histories, logged mails and calls, messages that are no records, times without a zone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from ingest.records import Call, Email, Interaction, Note, Record
from ingest.sources import csv_rows, salesforce
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import inputs, said

ACCOUNT, DEAL, TASK, USER = "001Rk0000003qsrIAA", "006Rk000000NCbtIAG", "00TRk0000000ITBMA2", "005Rk0000000841IAA"


def rows(*records: Mapping[str, object], name: str = "rows.json", **more: object) -> Input:
    return Input(name, json.dumps({"totalSize": len(records), "done": True, "records": records, **more}).encode())


def only(*records: Mapping[str, object]) -> Interaction:
    (found,) = salesforce.parse([rows(*records)]).interactions
    return found


def test_data_loaders_own_files_give_the_same_twelve_notes_nine_mails_and_changes() -> None:
    rest, loader = salesforce.parse(inputs("salesforce")), salesforce.parse(inputs("salesforce_csv"))
    assert [failure.reason for failure in loader.failures] == ["attachment_not_read"]  # the order form's bytes are not in a CSV

    def notes(found: tuple[Interaction, ...]) -> list[tuple[str, str]]:
        return [(i.external_id, " ".join(said(i).split())) for i in found if isinstance(i, Note)]

    assert notes(loader.interactions) == notes(rest.interactions)
    assert len(notes(rest.interactions)) == 12
    assert all(interaction.file for interaction in loader.interactions)
    one, other = ([i.aliases for i in found.interactions if isinstance(i, Email)] for found in (rest, loader))
    assert (one, len(one)) == (other, 9)
    (record,) = [i for i in loader.interactions if isinstance(i, Record)]
    assert "Changed amount: 148500 USD → 178200 USD (2026-08-20)" in record.turns[3].text


def test_a_field_history_tells_a_change_once_that_the_deals_history_tells_too() -> None:
    deal: dict[str, object] = {"Id": DEAL, "AccountId": ACCOUNT, "Name": "D", "Amount": 5.0, "CurrencyIsoCode": "EUR"}
    at = {"OpportunityId": DEAL, "CreatedDate": "2026-02-01T09:00:00.000+0000"}
    history = {"Id": "008Rk0000000MuzIAE", **at, "Amount": 5.0, "PrevAmount": 4.0}
    amount = {"Id": "017Rk0000000MuzIAE", **at, "Field": "Amount", "OldValue": 4.0, "NewValue": 5.0}
    status = {"Id": "017Rk0000003MuzIAF", **at, "Field": "Legal_Status__c", "OldValue": None, "NewValue": "Red lines"}
    later = {"OldValue": "Red lines", "NewValue": "Signed", "CreatedDate": "2026-03-01T09:00:00Z"}
    owner = {**status, "Id": "017Rk0000002MuzIAG", "Field": "Owner", "OldValue": USER, "NewValue": USER}
    record = only(deal, history, amount, status, {**status, **later, "Id": "017Rk0000001MuzIAG"}, owner)
    assert [(turn.heading, turn.text) for turn in record.turns[1:]] == [
        ("Amount history", "Changed amount: 4 EUR → 5 EUR (2026-02-01)"),
        ("Legal status history", "Set legal status: Red lines (2026-02-01)\nChanged legal status: Red lines → Signed (2026-03-01)"),
    ]


def test_a_mail_that_is_logged_as_a_task_and_nowhere_else_is_a_mail() -> None:
    words = "To: Tom@A.example\nCC: \nBCC: secret@a.example\nAttachment: --none--\n\nSubject: Terms\nBody:\nHi Tom,\n\n180 seats it is.\n"
    user = {"Id": USER, "Name": "Priya Raman", "Email": "priya@ferrule.example"}
    task = {"Id": TASK, "Subject": "Email: Terms", "TaskSubtype": "Email", "Description": words, "OwnerId": USER, "WhatId": DEAL}
    mail = only(user, task)
    assert isinstance(mail, Email)
    assert (mail.title, said(mail)) == ("Terms", "Hi Tom,\n\n180 seats it is.")
    assert [turn.speaker and turn.speaker.name for turn in mail.turns] == ["Priya Raman"]
    assert [person.email for person in mail.participants] == ["priya@ferrule.example", "tom@a.example"]
    received = only(user, {**task, "Description": words.replace("Tom@A.example", "priya@ferrule.example")})
    assert [turn.speaker for turn in received.turns] == [None]


def test_a_recorders_stub_is_the_call_it_stands_for() -> None:
    words = "Recorded with Fireflies: https://app.fireflies.ai/view/Demo::01K04Y7M3QZ8T5RWD2VXN6HB9C"
    call = only({"Id": TASK, "Subject": "Demo", "TaskSubtype": "Call", "Description": words, "CallDurationInSeconds": 61})
    assert isinstance(call, Call)
    assert ([turn.role for turn in call.turns], call.duration_s) == (["derived"], 61.0)
    assert call.aliases == ("https://app.fireflies.ai/view/Demo::01K04Y7M3QZ8T5RWD2VXN6HB9C", "01K04Y7M3QZ8T5RWD2VXN6HB9C")


def test_messages_about_changes_and_errors_are_named_and_tell_the_pages_host() -> None:
    reading = salesforce.parse([*inputs("salesforce_messages"), *inputs("salesforce")])
    assert {(failure.file.partition("/")[2], failure.reason) for failure in reading.failures} == {
        ("error_invalid_field.json", "not_valid"), ("trigger_cdc_cometd.json", "not_used"), ("trigger_cdc_gap.json", "not_used"),
        ("trigger_flow_callout.json", "not_used"), ("trigger_outbound_message.xml", "not_used"),
        ("trigger_outbound_message_ack.xml", "not_used"),
    }  # fmt: skip
    (record,) = [i for i in reading.interactions if isinstance(i, Record)]
    assert record.url == f"https://ferrule.lightning.force.example/lightning/r/Opportunity/{DEAL}/view"


def test_a_query_whose_other_pages_are_missing_is_noticed() -> None:
    (notice,) = salesforce.parse(inputs("salesforce_messages/query_paged_page1.json")).notices
    assert (notice.reason, notice.detail[:49]) == ("incomplete", "Of 5 OpportunityHistory rows only 3 are here: the")


def test_times_without_a_zone_are_the_organisations() -> None:
    note: dict[str, object] = {"Id": "002Rk0000000APDIA2", "Body": "Words.", "CreatedDate": "2026-07-01 09:00:00"}
    organisation: dict[str, object] = {"Id": "00DRk0000000195MAA", "TimeZoneSidKey": "Europe/Berlin"}
    assert only(note, organisation).occurred_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    unsure = salesforce.parse([rows(note, {**note, "Id": "002Rk0000000APIIA2"})])
    assert [notice.reason for notice in unsure.notices] == ["no_time_zone"]
    assert unsure.interactions[0].occurred_at == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_who_got_a_mail_is_known_from_its_relations_but_not_who_was_on_blind_copy() -> None:
    mail = {"Id": "02sRk0000000ID2IAM", "Subject": "S", "TextBody": "Words.", "FromAddress": "a@a.example"}
    got = [
        {"Id": f"0ZERk000000{n}NPcOAM", "EmailMessageId": mail["Id"], "RelationType": f"{kind}Address", "RelationAddress": f"{kind}@b.test"}
        for n, kind in enumerate(("To", "Cc", "Bcc"))
    ]
    assert [person.email for person in only(mail, *got).participants] == ["a@a.example", "to@b.test", "cc@b.test"]


def test_accounts_that_are_each_others_parents_duplicate_rows_and_an_account_without_a_name_are_read() -> None:
    other = "001Rk0000003qssIAA"
    accounts = [{"Id": ACCOUNT, "Name": "A", "ParentId": other}, {"Id": other, "ParentId": ACCOUNT}]
    assert [account.name for account in salesforce.parse([rows(*accounts, *accounts)]).accounts] == ["A", other]


def test_a_csv_that_was_cut_off_loses_only_its_last_row() -> None:
    content = '"ID","BODY"\n"002Rk0000000APDIA2","whole\nnote"\n"002Rk0000000APIIA2","cut of'
    reading = salesforce.parse([Input("Note.csv", content.encode())])
    assert ([said(i) for i in reading.interactions], [f.reason for f in reading.failures]) == (["whole\nnote"], ["truncated_csv"])


def test_a_csv_of_too_many_rows_is_read_up_to_the_limit() -> None:
    content = "ID,BODY\n" + "".join(f"002{n:012},x\n" for n in range(csv_rows.MOST_ROWS + 1))
    found = csv_rows.table(Input("Note.csv", content.encode()))
    assert (len(found.rows), [failure.reason for failure in found.failures]) == (csv_rows.MOST_ROWS, ["too_large"])


def test_a_stray_quotation_mark_is_no_cut() -> None:
    found = csv_rows.table(Input("a.csv", b'ID,BODY\n1,a 5" pipe\n2,end\n'))
    assert ([row["body"] for row in found.rows], found.failures) == (['a 5" pipe', "end"], ())
