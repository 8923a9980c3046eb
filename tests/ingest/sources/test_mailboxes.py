"""One mail is the same mail whichever mailbox gave it, and what a mailbox holds beyond mails is said."""

from __future__ import annotations

import base64
import json
import struct
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read, survey
from ingest.records import Email, Interaction, Meeting, Reading, text_of
from ingest.sources import gmail, graph, mail, mbox, outlook
from ingest.sources.inputs import MOST_BYTES, Input
from tests.exports import DANA, MARTA
from tests.ingest.sources.harborlight import golden, inputs, said

FROM = b"From ann@a.example Mon Sep  7 09:00:00 2026\n"


def originals() -> dict[str, Interaction]:
    """What the .eml files of the sample deal hold, by id."""
    return {i.external_id: i for i in mail.parse(inputs(*(f"emails/e{n:02}.eml" for n in range(1, 11)))).interactions}


def reasons(reading: Reading) -> list[tuple[str, str]]:
    return [(failure.file, failure.reason) for failure in (*reading.failures, *reading.notices)]


def page(name: str, content: Any) -> Input:
    return Input(name, json.dumps(content).encode())


def simple(words: str, **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in {
        "From": "Ann Lee <ann@a.example>",
        "To": "bob@b.example",
        "Date": "Mon, 07 Sep 2026 09:00:00 +0200",
        **headers,
    }.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message.as_bytes()


# mbox


def test_every_mail_of_a_mailbox_file_is_what_its_eml_is() -> None:
    reading = mbox.parse(inputs("emails/harborlight.mbox"))
    known = originals()
    assert {i.external_id for i in reading.interactions} == set(known)
    assert [(i.turns, i.participants, i.occurred_at) for i in reading.interactions] == [
        (known[i.external_id].turns, known[i.external_id].participants, known[i.external_id].occurred_at) for i in reading.interactions
    ]
    mails = [i for i in reading.interactions if isinstance(i, Email)]
    assert [m.file for m in mails] == [f"emails/harborlight.mbox::{n}" for n in range(1, 11)]
    assert [m.message_id for m in mails] == [e["message_id"].strip("<>") for e in golden("email_expected")["messages"].values()]


@pytest.mark.parametrize("line", ["From here on we pay.", ">From here on we pay."])
def test_a_sentence_that_begins_with_from_begins_no_mail(line: str) -> None:
    data = FROM + simple("See below.") + f"\n{line}\n\n".encode() + FROM + simple("Second.")
    assert [said(i) for i in mbox.parse([Input("a.mbox", data)]).interactions] == ["See below.\n\nFrom here on we pay.", "Second."]


def test_a_broken_mail_of_a_mailbox_is_set_aside_alone() -> None:
    data = FROM + simple("First.") + b"\n" + FROM + b"X-Noise: \xff\x00\n\nno mail\n\n" + FROM + simple("Third.")
    reading = mbox.parse([Input("a.mbox", data)])
    assert [(i.file, said(i)) for i in reading.interactions] == [("a.mbox::1", "First."), ("a.mbox::3", "Third.")]
    assert reasons(reading) == [("a.mbox::2", "not_valid")]


def test_a_large_mailbox_is_read_mail_by_mail_and_only_its_giant_is_left_out(tmp_path: Path) -> None:
    with (tmp_path / "all.mbox").open("wb") as file:
        file.write(FROM + simple("First.") + b"\n" + FROM + simple("Giant."))
        file.writelines([b"x" * 999 + b"\n"] * (MOST_BYTES // 1000 + 1))
        file.write(b"\n" + FROM + simple("Third."))
    found = survey([tmp_path])
    (group,) = found.groups
    reading = read(group)
    assert (group.format, found.failures) == ("mbox", ())
    assert [said(i) for i in reading.interactions] == ["First.", "Third."]
    assert reasons(reading) == [("all.mbox::2", "too_large")]


def test_a_large_file_that_is_no_mailbox_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "a.eml").open("wb") as file:
        file.write(simple("Words."))
        file.truncate(MOST_BYTES + 1)
    assert [failure.reason for failure in survey([tmp_path]).failures] == ["too_large"]


# Gmail


def test_gmails_messages_are_the_mails_they_were_made_from() -> None:
    reading = gmail.parse(inputs("gmail"))
    known = originals()
    assert [
        (i.file, i.turns == known[i.external_id].turns, i.participants == known[i.external_id].participants) for i in reading.interactions
    ] == [
        ("gmail/message_full_e02.json", True, True),
        ("gmail/message_raw_e04.json", True, True),
    ]
    expected = {key: ids["gmail"] for key, ids in golden("identity")["emails"].items()}
    ids = {golden("email_expected")["messages"][key]["message_id"].strip("<>"): f"gmail:{native}" for key, native in expected.items()}
    assert [i.aliases for i in reading.interactions] == [(ids[i.external_id],) for i in reading.interactions]
    assert reading.interactions[0].url.endswith("#search/rfc822msgid:CAKx7Q-reply-0716%40mail.ferrule.example")


def test_what_gmails_pages_name_and_do_not_hold_is_said() -> None:
    assert reasons(gmail.parse(inputs("gmail"))) == [
        ("gmail/message_full_e02.json::Harborlight_security_questionnaire.xlsx", "attachment_not_read"),
        ("gmail/history_expired_404.json", "answered_with_error"),
        ("gmail/messages_list.json", "mails_missing"),
    ]


def raw(id: str, words: str, *labels: str) -> dict[str, Any]:
    data = base64.urlsafe_b64encode(simple(words)).decode().rstrip("=")
    return {"id": id, "threadId": "t", "labelIds": list(labels), "raw": data, "internalDate": "1788764400000"}


def test_a_mail_that_gmail_says_is_deleted_or_was_never_sent_is_left_out() -> None:
    history = {"history": [{"id": "9", "messagesDeleted": [{"message": {"id": "2", "threadId": "t"}}]}], "historyId": "9"}
    pages = [
        page("a.json", [raw("1", "Kept."), raw("2", "Deleted."), raw("3", "Draft.", "DRAFT"), raw("4", "Bin.", "TRASH")]),
        page("h.json", history),
    ]
    reading = gmail.parse(pages)
    assert [said(i) for i in reading.interactions] == ["Kept."]
    assert reasons(reading) == [("a.json::2", "left_out"), ("a.json::3", "left_out"), ("a.json::4", "left_out")]


def test_a_mail_without_a_date_has_the_one_gmail_received_it_at() -> None:
    data = base64.urlsafe_b64encode(b"From: ann@a.example\nTo: b@b.example\n\nHello.").decode()
    (found,) = gmail.parse([page("a.json", {"id": "1", "threadId": "t", "raw": data, "internalDate": "1788764400000"})]).interactions
    assert found.occurred_at == datetime(2026, 9, 7, 7, tzinfo=UTC)


# Microsoft Graph


def test_graphs_messages_are_the_mails_they_were_made_from() -> None:
    reading = graph.parse(inputs("graph"))
    known = originals()
    assert [(said(i) == said(known[i.external_id]), i.participants == known[i.external_id].participants) for i in reading.interactions] == [
        (True, True)
    ] * 2
    assert [i.occurred_at for i in reading.interactions] == [known[i.external_id].occurred_at for i in reading.interactions]
    assert all(
        i.url.startswith("https://outlook.office365.com/owa/?ItemID=") and i.aliases[0].startswith("graph:AAkALgAA")
        for i in reading.interactions
    )
    assert reasons(reading) == [("graph/attachment_item.json", "attachment_not_read")]


def graph_row(id: str, words: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "internetMessageId": f"<{id}@x.example>",
        "subject": "Plan\r\nBcc: eve@e.example",
        "from": {"emailAddress": {"name": "Ann, Lee", "address": "ann@a.example"}},
        "toRecipients": [{"emailAddress": {"name": "Bøb", "address": "bob@b.example"}}],
        "bccRecipients": [{"emailAddress": {"name": "Eve", "address": "eve@e.example"}}],
        "sentDateTime": "2026-09-07T07:00:00Z",
        "body": {"contentType": "html", "content": f"<p>{words}</p>"},
        **more,
    }


def test_a_delta_page_tells_what_is_gone_and_what_is_newer() -> None:
    first = {
        "value": [
            graph_row("a", "Old.", lastModifiedDateTime="2026-09-07"),
            graph_row("b", "Gone."),
            graph_row("c", "Draft.", isDraft=True),
        ]
    }
    later = {"value": [graph_row("a", "New.", lastModifiedDateTime="2026-09-08"), {"id": "b", "@removed": {"reason": "deleted"}}]}
    reading = graph.parse([page("1.json", first), page("2.json", later)])
    assert [(said(i), i.file) for i in reading.interactions] == [("New.", "2.json::1")]
    assert reasons(reading) == [("1.json::3", "left_out"), ("2.json::2", "left_out")]


def test_an_attachment_fetched_alone_belongs_to_the_only_mail_that_has_one() -> None:
    pdf = next(i for i in mail.parse(inputs("emails/e06.eml")).interactions if i.file.endswith(".pdf"))
    data = next(part for part in _attachments("emails/e06.eml") if part.startswith(b"%PDF"))
    attachment = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "o.pdf",
        "contentType": "application/pdf",
        "contentBytes": base64.b64encode(data).decode(),
    }
    reading = graph.parse(
        [page("a.json", attachment), page("m.json", {"value": [graph_row("a", "See.", hasAttachments=True), graph_row("b", "Hi.")]})]
    )
    assert [(i.external_id, i.file) for i in reading.interactions if not isinstance(i, Email)] == [(pdf.external_id, "m.json::1::o.pdf")]
    assert reasons(reading) == []


def _attachments(path: str) -> list[bytes]:
    from ingest.sources import mime

    return [part.data for part in mime.parts(mime.parsed(inputs(path)[0].data)).attached]


def test_names_and_blind_copies_in_graph_cannot_forge_headers() -> None:
    (found,) = graph.parse([page("a.json", {"value": [graph_row("a", "Hi.")]})]).interactions
    assert [(p.name, p.email) for p in found.participants] == [("Ann, Lee", "ann@a.example"), ("Bøb", "bob@b.example")]
    assert found.title == "Plan Bcc: eve@e.example"


def test_a_mail_attached_in_graph_is_a_mail() -> None:
    item = {"@odata.type": "#microsoft.graph.itemAttachment", "name": "old", "item": graph_row("inner", "Inner words.")}
    reading = graph.parse([page("a.json", {"value": [graph_row("a", "Outer.", hasAttachments=True, attachments=[item])]})])
    assert [(i.external_id, said(i)) for i in reading.interactions] == [("a@x.example", "Outer."), ("inner@x.example", "Inner words.")]


# All of them


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gmail", {"id": "1", "threadId": "t", "raw": "A"}),
        ("gmail", {"id": "1", "threadId": "t", "raw": "é"}),
        ("gmail", {"id": 1, "threadId": "t", "labelIds": 3, "payload": {"headers": 5, "parts": [None, {"parts": [{}]}]}}),
        (
            "gmail",
            {
                "messages": [{"threadId": "t", "payload": {"mimeType": "message/rfc822", "parts": [{}]}}],
                "history": [{"messagesDeleted": 1}],
            },
        ),
        (
            "graph",
            {"value": [{"internetMessageId": "x", "body": {}, "from": [], "toRecipients": {}, "attachments": [{"contentBytes": "é"}]}]},
        ),
        ("graph", {"internetMessageId": "<\n>", "body": {"content": 5, "contentType": "html"}, "sentDateTime": "never"}),
        (
            "graph",
            {
                "internetMessageId": "<a>",
                "body": {"content": "\ud800 \0"},
                "subject": "\ud800",
                "internetMessageHeaders": [{"name": "a b\n:", "value": "x"}],
            },
        ),
    ],
)
def test_odd_values_make_no_mailbox_page_raise(name: str, content: Any) -> None:
    parse: Callable[[Sequence[Input]], Reading] = {"gmail": gmail.parse, "graph": graph.parse}[name]
    reading = parse([page("a.json", content)])
    assert reading.interactions or reading.failures


def test_the_mails_of_a_mixed_folder_are_told_apart(tmp_path: Path) -> None:
    for item in (*inputs("gmail"), *inputs("graph"), *inputs("emails/harborlight.mbox"), *inputs("emails/invite.ics")):
        (tmp_path / Path(item.name).name).write_bytes(item.data)
    found = survey([tmp_path])
    assert {group.format: len(group.files) for group in found.groups} == {"gmail": 5, "graph": 2, "mbox": 1, "calendar": 1}
    assert found.failures == ()


# Outlook


def test_an_outlook_file_says_what_it_needs_where_the_library_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "oxmsg", None)
    (tmp_path / "a.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "__substg1.0_001A001F".encode("utf-16-le"))
    (group,) = survey([tmp_path]).groups
    (failure,) = read(group).failures
    assert (failure.file, failure.reason) == ("a.msg", "not_installed")
    assert "baton-handoff[outlook]" in failure.detail


def test_a_damaged_outlook_file_is_set_aside() -> None:
    pytest.importorskip("oxmsg", reason="the extra `outlook` is not installed")
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8
    assert reasons(outlook.parse([Input("a.msg", data)])) == [("a.msg", "not_valid")]


def storage(path: str, texts: dict[int, str], *storages: Any, header: int) -> Any:
    """What Outlook keeps of a mail or an attachment, its properties as streams."""
    from oxmsg.storage import Storage, Stream

    entries = b"".join(struct.pack("<HHIQ", 0x1F, number, 6, 2 * len(text) + 2) for number, text in texts.items())
    streams = [Stream(f"{path}/__substg1.0_{number:04X}001F", text.encode("utf-16-le")) for number, text in texts.items()]
    return Storage(path, (Stream(f"{path}/__properties_version1.0", bytes(header) + entries), *streams), storages)


def outlook_mail(path: str, sender: str, subject: str, body: str, *attached: Any, header: int) -> Any:
    texts = {0x0C1A: sender.partition(" <")[0], 0x0C1F: sender.partition(" <")[2].rstrip(">"), 0x0037: subject, 0x1000: body}
    return storage(path, texts, *attached, header=header)


def test_a_mail_attached_in_outlook_is_read_and_a_link_in_place_of_a_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    oxmsg = pytest.importorskip("oxmsg", reason="the extra `outlook` is not installed")
    within = outlook_mail("__attach_version1.0_#00000000/__substg1.0_3701000D", MARTA, "Approval", "Approved at 186,000 a year.", header=24)
    attached = storage("__attach_version1.0_#00000000", {0x3707: "Approval.msg"}, within, header=8)
    link = storage("__attach_version1.0_#00000001", {0x3707: "Order form.pdf"}, header=8)
    whole = oxmsg.Message(outlook_mail("", DANA, "Fwd: Approval", "See attached.", attached, link, header=32))
    monkeypatch.setattr(oxmsg.Message, "load", lambda data: whole)
    reading = outlook.parse([Input("a.msg", b"")])
    assert [(mail.title, mail.participants[0].name, text_of(mail)) for mail in reading.interactions] == [
        ("Fwd: Approval", "Dana Okafor", "See attached."),
        ("Approval", "Marta Lindqvist", "Approved at 186,000 a year."),
    ]
    assert [(failure.file, failure.reason) for failure in reading.failures] == [("a.msg::Order form.pdf", "attachment_not_read")]


def test_calendar_files_and_invitations_are_one_meeting() -> None:
    alone = survey_one("emails/invite.ics")
    carried = [i for i in originals().values() if isinstance(i, Meeting)]
    assert [(m.external_id, m.turns) for m in carried] == [(alone.external_id, alone.turns)]


def survey_one(path: str) -> Interaction:
    from ingest.sources import invites

    (found,) = invites.parse(inputs(path)).interactions
    return found
