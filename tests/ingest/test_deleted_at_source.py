"""What a tool says it deleted or edited is gone from the answers, also when that comes in a later export in another folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ingest.archive.scope import EVERYTHING
from ingest.tally import Tally
from tests.conftest import Desk
from tests.exports import DANA, MARTA, record_id, salesforce, split_address, table, under, write


def graph_mail(id: str, words: str) -> dict[str, Any]:
    (sender, address), (to, to_address) = split_address(DANA), split_address(MARTA)
    return {
        "id": id, "internetMessageId": f"<{id}@cartage.example>", "subject": "Depots", "sentDateTime": "2026-09-07T08:00:00Z",
        "from": {"emailAddress": {"name": sender, "address": address}},
        "toRecipients": [{"emailAddress": {"name": to, "address": to_address}}],
        "body": {"contentType": "text", "content": words},
    }  # fmt: skip


def gmail_mail(id: str, words: str) -> dict[str, Any]:
    headers = {"From": DANA, "To": MARTA, "Subject": "Depots", "Message-ID": f"<{id}@g>", "Date": "Mon, 07 Sep 2026 08:00:00 +0000"}
    import base64

    body = base64.urlsafe_b64encode(words.encode()).decode()
    named = [{"name": name, "value": value} for name, value in headers.items()]
    return {"id": id, "threadId": "t", "payload": {"mimeType": "text/plain", "headers": named, "body": {"data": body}}}


def sf_notes(*rows: tuple[str, str, str, str]) -> str:
    """(mark, words, deleted, last changed)"""
    account, owner, made_at = record_id("001", "H"), record_id("005", "D"), "2026-09-02T09:00:00Z"
    made = [(record_id("002", mark), account, "Note", words, owner, made_at, deleted, at) for mark, words, deleted, at in rows]
    return table("ID,PARENTID,TITLE,BODY,OWNERID,CREATEDDATE,ISDELETED,SYSTEMMODSTAMP", made)


def hubspot_notes(*rows: tuple[str, str, bool, str]) -> str:
    """(id, words, archived, updated)"""
    results = [
        {
            "id": id, "properties": {"hs_note_body": words, "hs_timestamp": "2026-09-02T09:00:00Z"}, "archived": archived, "updatedAt": at,
            "associations": {"companies": {"results": [{"id": "900", "type": "note_to_company"}]}},
        }
        for id, words, archived, at in rows
    ]  # fmt: skip
    return json.dumps({"results": results})


def hubspot_company() -> str:
    return json.dumps({"results": [{"id": "900", "properties": {"name": "Halden Freight Group", "domain": "halden.example"}}]})


def slack_export(*messages: dict[str, object]) -> dict[str, str]:
    users = [{"id": "U1", "team_id": "T1", "real_name": "Ann", "profile": {"email": "ann@cartage.example"}}]
    channel = {"id": "C1", "name": "deals", "members": ["U1"], "topic": {"value": "halden.example"}, "purpose": {"value": ""}}
    return {"users.json": json.dumps(users), "channels.json": json.dumps([channel]), "deals/2026-09-30.json": json.dumps(messages)}


def slack_message(ts: str, text: str, **more: object) -> dict[str, object]:
    return {"type": "message", "user": "U1", "ts": ts, "text": text, **more}


SECRET, STAYS = "A secret xylograph.", "The depot stays as it is."
BEFORE, DELETED_AT, AFTER = "2026-09-02T09:00:00Z", "2026-09-09T09:00:00Z", "2026-09-10T09:00:00Z"
DELTA = "https://graph.microsoft.com/v1.0/$metadata#messages"
T1, T2, T3 = "1790757202.000200", "1790757302.000200", "1790843602.000200"
FIRST: dict[str, Mapping[str, str]] = {
    "graph": {"page.json": json.dumps({"value": [graph_mail("a", SECRET), graph_mail("b", STAYS)]})},
    "gmail": {"a.json": json.dumps(gmail_mail("18aa", SECRET)), "b.json": json.dumps(gmail_mail("18bb", STAYS))},
    "salesforce": {"Note.csv": sf_notes(
        ("A", SECRET, "false", BEFORE), ("B", STAYS, "false", BEFORE))},
    "hubspot": {"companies.json": hubspot_company(), "notes.json": hubspot_notes(
        ("1", SECRET, False, BEFORE), ("2", STAYS, False, BEFORE))},
    "slack": slack_export(slack_message(T1, SECRET), slack_message(T2, STAYS)),
}  # fmt: skip
DELETED: dict[str, Mapping[str, str]] = {
    "graph": {"delta.json": json.dumps(
        {"@odata.context": DELTA, "value": [{"id": "a", "@removed": {"reason": "deleted"}}]})},
    "gmail": {"history.json": json.dumps({"historyId": "9", "history": [{"messagesDeleted": [{"message": {"id": "18aa"}}]}]})},
    "salesforce": {"Note.csv": sf_notes(("A", SECRET, "true", DELETED_AT))},
    "hubspot": {"notes.json": hubspot_notes(("1", SECRET, True, DELETED_AT))},
    "slack": slack_export(
        slack_message(T1, "This message was deleted.", subtype="tombstone", hidden=True),
        slack_message(T2, STAYS), slack_message(T3, "A later day.")),
}  # fmt: skip
RESTORED: dict[str, Mapping[str, str]] = {
    "salesforce": {"Note.csv": sf_notes(("A", SECRET, "false", AFTER))},
    "hubspot": {"companies.json": hubspot_company(), "notes.json": hubspot_notes(("1", SECRET, False, AFTER))},
}


def prepared(desk: Desk, tool: str) -> None:
    write(desk.files, {**under("crm", salesforce()), **under("first", FIRST[tool])})
    desk.ingest(our_domains=("cartage.example",))


def another(desk: Desk, name: str, files: Mapping[str, str]) -> Tally:
    return desk.ingest(write(desk.files.with_name(name), files))


def secret(desk: Desk) -> bool:
    return any("xylograph" in text for text in desk.said()["Halden Freight Group"])


@pytest.mark.parametrize("tool", DELETED)
def test_a_deletion_that_comes_in_another_folder_takes_what_was_read_before(desk: Desk, tool: str) -> None:
    prepared(desk, tool)
    assert secret(desk)
    gone = another(desk, "later", DELETED[tool])
    assert gone.new == (tool == "slack")
    assert (gone.removed, gone.changed) == ((0, 1) if tool == "slack" else (1, 0))
    assert not secret(desk)
    assert any(STAYS in text for text in desk.said()["Halden Freight Group"])
    # Neither the old folder read again nor a copy of it brings it back.
    another(desk, "copy", FIRST[tool])
    assert not secret(desk)
    with desk.open(write=True) as home:
        home.archive.put_account("Somebody new", ["new.example"], [])
    desk.ingest()
    assert not secret(desk)
    with desk.open() as home:
        assert not [i for i in home.archive.interactions(EVERYTHING) if "xylograph" in i.text]


@pytest.mark.parametrize("tool", RESTORED)
def test_what_was_restored_at_its_source_after_that_is_there_again(desk: Desk, tool: str) -> None:
    prepared(desk, tool)
    another(desk, "later", DELETED[tool])
    assert not secret(desk)
    another(desk, "restored", RESTORED[tool])
    assert secret(desk)


def test_a_deletion_read_before_what_was_deleted_counts_too(desk: Desk) -> None:
    write(desk.files, under("crm", salesforce()))
    desk.ingest(our_domains=("cartage.example",))
    another(desk, "delta", DELETED["graph"])
    assert another(desk, "mailbox", FIRST["graph"]).new == 1
    assert not secret(desk)


def test_an_edit_in_a_later_export_elsewhere_takes_the_place_of_the_longer_words_before(desk: Desk) -> None:
    prepared(desk, "salesforce")
    changed = another(desk, "later", {"Note.csv": sf_notes(("A", "Short.", "false", "2026-09-05T09:00:00Z"))})
    assert changed.changed == 1
    assert not secret(desk)
    another(desk, "older", {"Note.csv": sf_notes(("A", "A secret xylograph, as it was.", "false", "2026-09-03T09:00:00Z"))})
    assert not secret(desk)
