"""One small history in each tool, told in chapters: what is there at first, and what is added, edited and deleted later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from ingest.connectors.api import Clock
from ingest.connectors.fathom import Fathom
from ingest.connectors.fireflies import Fireflies
from ingest.connectors.gmail import Gmail
from ingest.connectors.gong import Gong
from ingest.connectors.graph import Graph
from ingest.connectors.hubspot import HubSpot
from ingest.connectors.imap import Imap
from ingest.connectors.port import Connector
from ingest.connectors.salesforce import Salesforce
from ingest.connectors.slack import Slack
from ingest.connectors.teams import Teams
from ingest.connectors.tokens import Lent
from ingest.connectors.zoom import Zoom
from tests.exports import DANA, MARTA, TOM, mail, split_address
from tests.ingest.connectors import recorders
from tests.ingest.connectors.exchange import BOX, Exchange
from tests.ingest.connectors.imap_server import Mailbox as ImapBox
from tests.ingest.connectors.imap_server import served as imap_served
from tests.ingest.connectors.loopback import Time, Tool, served
from tests.ingest.connectors.mailbox import Gmail as Mailbox
from tests.ingest.connectors.org import Org, record
from tests.ingest.connectors.portal import Portal
from tests.ingest.connectors.recorder import Gong as Recorder
from tests.ingest.connectors.workspace import Workspace

Chapter = Callable[[], None]


class World(Protocol):
    time: Time
    """By which the tool and who asks it go."""
    tool: Tool
    crm: Mapping[str, str]
    """Exports that were taken in before."""
    secret: str
    gone: str
    """Words that the last chapter deletes at the source."""
    stays: Sequence[str]
    """Words that are there at the end."""
    late: str
    """Words that come some time after the call they were said in is known."""

    def chapters(self) -> list[Chapter]: ...

    def connector(self, base: str, clock: Clock) -> Connector: ...

    def refuse(self) -> None:
        """The credentials are not accepted any longer."""

    def accept(self) -> None: ...


CRM = {
    "crm/companies.json": json.dumps(
        {"results": [{"id": "900", "properties": {"name": "Halden Freight Group", "domain": "halden.example"}}]}
    )
}
"""Whose things are is known from a CRM that was exported before."""


class HubSpotWorld:
    crm: Mapping[str, str] = {}
    secret = "pat-eu1-secret"
    gone = "A discount of forty percent was talked about."
    stays = (
        "Budget holder is Jonas Beck and he signs above 200k.",
        "The pilot begins in the northern depots.",
        "Please send the order form.",
    )
    late = "We promised them a sandbox by Friday."

    def __init__(self) -> None:
        self.time = Time()
        self.portal = self.tool = Portal(self.time, self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        return HubSpot(self.secret, clock, base)

    def refuse(self) -> None:
        self.portal.token = "another"

    def accept(self) -> None:
        self.portal.token = self.secret

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._edited, self._late, self._deleted]

    def _first(self) -> None:
        put, about = self.portal.put, [("companies", "900"), ("deals", "500")]
        put("companies", "900", name="Halden Freight Group", domain="halden.example", hubspot_owner_id="77")
        put("companies", "901", name="Nobody Sells Here", domain="nobody.example")
        put("contacts", "11", ("companies", "900"), firstname="Marta", lastname="Lindqvist", email="marta@halden.example")
        put("contacts", "12", firstname="Raj", lastname="Rao", email="raj@partner.example")
        stage = {"dealstage": "contractsent", "pipeline": "default", "closedate": "2026-10-30T00:00:00Z", "seats": "180"}
        put(
            "deals",
            "500",
            ("companies", "900"),
            ("contacts", "11"),
            dealname="Halden Dispatch",
            amount="148500",
            hubspot_owner_id="77",
            **stage,
        )
        for n, words in enumerate(["Budget holder is Jonas Beck.", self.gone, "They run spreadsheets today."]):
            put(
                "notes", f"60{n}", *about, hs_note_body=f"<p>{words}</p>", hs_timestamp=f"2026-09-0{n + 1}T09:00:00Z", hubspot_owner_id="77"
            )
        put("notes", "650", ("companies", "901"), hs_note_body="Not a customer.", hs_timestamp="2026-09-02T09:00:00Z")

    def _more(self) -> None:
        put, about = self.portal.put, [("companies", "900"), ("deals", "500")]
        put("meetings", "62", *about, ("contacts", "12"), hs_meeting_title="Kick-off",
            hs_meeting_body="The pilot begins in the northern depots.", hs_meeting_start_time="2026-09-20T09:00:00Z",
            hs_timestamp="2026-09-20T09:00:00Z", hubspot_owner_id="77")  # fmt: skip
        put("emails", "63", ("deals", "500"), hs_email_subject="Order form", hs_email_text="Please send the order form.",
            hs_email_direction="INCOMING_EMAIL", hs_email_from_email="marta@halden.example", hs_email_to_email="dana@cartage.example",
            hs_timestamp="2026-09-21T09:00:00Z", hs_email_message_id="<m63@halden.example>")  # fmt: skip
        put("calls", "64", *about, hs_call_title="Alignment", hs_call_has_transcript="true", hs_timestamp="2026-09-22T09:00:00Z",
            hs_call_duration="600000", hubspot_owner_id="77", hs_call_body="")  # fmt: skip

    def _edited(self) -> None:
        self.portal.put("notes", "600", hs_note_body="<p>Budget holder is Jonas Beck and he signs above 200k.</p>")
        self.portal.put("contacts", "11", jobtitle="Head of Operations")
        self.portal.put("deals", "500", dealstage="closedwon", closedate="2026-10-01T00:00:00Z")

    def _late(self) -> None:
        said = {"speaker": {"name": "Dana Okafor", "email": "dana@cartage.example"}, "startTimeMillis": 4000, "endTimeMillis": 9000}
        self.portal.transcripts["tr-64"] = [{**said, "text": self.late}]
        self.portal.objects["calls"]["64"]["properties"]["hs_call_transcription_id"] = "tr-64"  # no search tells of it

    def _deleted(self) -> None:
        self.portal.archive("notes", "601")


class GongWorld:
    crm = CRM
    secret = "gong-secret-key"
    gone = "Forty percent off was talked about."
    stays = ("The pilot begins in the northern depots.", "Our peak starts in January.")
    late = "We promised them a sandbox by Friday."

    def __init__(self) -> None:
        self.time = Time()
        self.gong = self.tool = Recorder("KEY", self.secret)
        self.auth = self.gong.auth

    def connector(self, base: str, clock: Clock) -> Connector:
        return Gong("KEY", self.secret, clock, base)

    def refuse(self) -> None:
        self.gong.auth = "Basic another"

    def accept(self) -> None:
        self.gong.auth = self.auth

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._edited, self._late, self._deleted]

    def _call(self, id: str, title: str, words: str | None, **more: object) -> None:
        account = {"objectType": "Account", "objectId": "900", "timing": "Now", "fields": []}
        parties = [
            {"id": "p1", "speakerId": "s1", "emailAddress": "dana@cartage.example", "name": "Dana Okafor", "affiliation": "Internal"},
            {"id": "p2", "speakerId": "s2", "emailAddress": "marta@halden.example", "name": "Marta Lindqvist", "affiliation": "External"},
        ]
        started = self.time.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        about = {"id": id, "title": title, "started": started, "duration": 1800, "url": f"https://eu.app.gong.io/call?id={id}", **more}
        self.gong.calls[id] = {"metaData": about, "parties": parties, "context": [{"system": "HubSpot", "objects": [account]}]}
        if words:
            self._said(id, words)

    def _said(self, id: str, words: str) -> None:
        self.gong.scripts[id] = [{"speakerId": "s2", "topic": None, "sentences": [{"start": 4000, "end": 9000, "text": words}]}]

    def _first(self) -> None:
        self.time.pass_(days=-60)
        self._call("539002771662047001", "Discovery", "Our peak starts in January.")
        self.time.pass_(days=40)
        self._call("539002771662047002", "Private matters", "Nobody is to hear this.", isPrivate=True)
        self.time.pass_(days=20)
        self._call("539002771662047003", "Commercials", self.gone)

    def _more(self) -> None:
        self._call("539002771662047004", "Kick-off", "The pilot begins in the northern depots.")
        self._call("539002771662047005", "Alignment", None)

    def _edited(self) -> None:
        self.gong.calls["539002771662047004"]["metaData"]["title"] = "Kick-off with operations"

    def _late(self) -> None:
        self._said("539002771662047005", self.late)

    def _deleted(self) -> None:
        del self.gong.calls["539002771662047003"]


class GmailWorld:
    crm = CRM
    secret = "1//refresh-token-secret"
    gone = "Forty percent off was talked about."
    stays = ("The pilot begins in the northern depots.", "Please send the order form.", "The address has changed.")
    late = ""

    def __init__(self) -> None:
        self.time = Time()
        self.box = self.tool = Mailbox(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        form = {"grant_type": "refresh_token", "client_id": "id", "client_secret": "s", "refresh_token": self.secret}
        return Gmail({"me": Lent("gmail", f"{base}/token", lambda: form, clock)}, clock, base)

    def refuse(self) -> None:
        self.box.refresh_token, self.box.access = "another", "another"

    def accept(self) -> None:
        self.box.refresh_token = self.secret

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._private, self._deleted]

    def _mail(self, id: str, sender: str, to: str, words: str, *labels: str) -> None:
        self.time.pass_(minutes=1)
        data = mail(sender, to, words, id=f"{id}@mail.example", subject=f"Mail {id}", on=self.time.at)
        self.box.put(id, data, round(self.time.at.timestamp() * 1000), *(labels or ("INBOX",)))

    def _first(self) -> None:
        self._mail("18a1", MARTA, DANA, "Please send the order form.")
        self._mail("18a2", DANA, MARTA, self.gone, "SENT")
        self._mail("18a3", "Mum <mum@family.example>", DANA, "Come to dinner on Sunday.")
        self._mail("18a4", TOM, DANA, "The depots open at six.")

    def _more(self) -> None:
        self._mail("18b1", DANA, TOM, "The pilot begins in the northern depots.", "SENT")
        self._mail("18b2", DANA, MARTA, "This was never sent.", "DRAFT")
        self.box.read("18a1")

    def _private(self) -> None:
        self._mail("18c1", "Mum <mum@family.example>", DANA, "Bring wine.")
        self._mail("18c2", MARTA, DANA, "The address has changed.")

    def _deleted(self) -> None:
        self.box.bin("18a2")


class GraphWorld:
    crm = CRM
    secret = "client-secret-of-the-app"
    gone = "Forty percent off was talked about."
    stays = ("The pilot begins in the northern depots.", "Please send the order form.", "The address has changed.")
    late = ""

    def __init__(self) -> None:
        self.time = Time()
        self.exchange = self.tool = Exchange(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": self.secret, "scope": "https://graph/.default"}
        return Graph([BOX], Lent("graph", f"{base}/token", lambda: form, clock), clock, base)

    def refuse(self) -> None:
        self.exchange.secret, self.exchange.access = "another", "another"

    def accept(self) -> None:
        self.exchange.secret = self.secret

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._moved, self._deleted]

    def _mail(self, id: str, folder: str, sender: str, to: str, words: str, **more: object) -> None:
        self.time.pass_(minutes=1)
        at = self.time.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        (from_name, from_), (to_name, to_) = split_address(sender), split_address(to)
        row: dict[str, object] = {
            "internetMessageId": f"<{id}@mail.example>", "subject": f"Mail {id}", "sentDateTime": at, "receivedDateTime": at,
            "isDraft": False, "hasAttachments": False, "conversationId": id, "webLink": f"https://outlook.office.com/mail/{id}",
            "from": {"emailAddress": {"name": from_name, "address": from_}},
            "toRecipients": [{"emailAddress": {"name": to_name, "address": to_}}], "ccRecipients": [],
            "body": {"contentType": "text", "content": words}, **more,
        }  # fmt: skip
        self.exchange.put(id, folder, **row)

    def _first(self) -> None:
        self._mail("AAMkA1", "F-inbox", MARTA, DANA, "Please send the order form.")
        self._mail("AAMkA2", "F-sentitems", DANA, MARTA, self.gone)
        self._mail("AAMkA3", "F-inbox", "Mum <mum@family.example>", DANA, "Come to dinner on Sunday.")
        self._mail("AAMkA4", "F-halden", TOM, DANA, "The depots open at six.")
        self._mail("AAMkA5", "F-inbox", TOM, DANA, "See you there.")

    def _more(self) -> None:
        self._mail("AAMkB1", "F-sentitems", DANA, TOM, "The pilot begins in the northern depots.")
        self._mail("AAMkB2", "F-drafts", DANA, MARTA, "This was never sent.", isDraft=True)
        self._mail("AAMkB3", "F-deleteditems", MARTA, DANA, "Thrown away at once.")
        self.exchange.touch("AAMkA1")

    def _moved(self) -> None:
        self.exchange.move("AAMkA1", "F-archive")
        self._mail("AAMkC1", "F-inbox", MARTA, DANA, "The address has changed.")

    def _deleted(self) -> None:
        self.exchange.move("AAMkA2", "F-deleteditems")


class SalesforceWorld:
    crm: Mapping[str, str] = {}
    secret = "client-secret-of-the-app"
    gone = "A discount of forty percent was talked about."
    stays = ("Budget holder is Jonas Beck and he signs above 200k.", "The pilot begins in the northern depots.",
             "Please send the order form.", "A note on paper that is rich.")  # fmt: skip
    late = ""

    def __init__(self) -> None:
        self.time = Time()
        self.org = self.tool = Org(self.time, self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": self.secret}
        return Salesforce(Lent("salesforce", f"{base}/services/oauth2/token", lambda: form, clock), clock, base)

    def refuse(self) -> None:
        self.org.secret, self.org.access = "another", "another"

    def accept(self) -> None:
        self.org.secret = self.secret

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._edited, self._deleted]

    def _first(self) -> None:
        put, account, deal, owner = self.org.put, record("001", 1), record("006", 1), record("005", 1)
        put("User", 1, Name="Dana Okafor", FirstName="Dana", LastName="Okafor", Email="dana@cartage.example", IsActive=True)
        put("Account", 1, Name="Halden Freight Group", Website="https://www.halden.example", ParentId=None)
        put("Account", 2, Name="Nobody Sells Here", Website="nobody.example", ParentId=None)
        put("Contact", 1, AccountId=account, FirstName="Marta", LastName="Lindqvist", Name="Marta Lindqvist", Email="marta@halden.example")
        put("Opportunity", 1, AccountId=account, Name="Halden Dispatch", StageName="Negotiation", Amount=148500.0, CloseDate="2026-10-30",
            IsClosed=False, IsWon=False, OwnerId=owner, Seats__c=180)  # fmt: skip
        put("OpportunityContactRole", 1, OpportunityId=deal, ContactId=record("003", 1), Role="Decision Maker", IsPrimary=True)
        for n, words in enumerate(["Budget holder is Jonas Beck.", self.gone, "They run spreadsheets today."]):
            put("Task", n, Subject=f"Note {n}", Description=words, WhatId=deal, AccountId=account, OwnerId=owner,
                ActivityDate=f"2026-09-0{n + 1}", Status="Completed", TaskSubtype="Task")  # fmt: skip
        put("Note", 9, ParentId=record("001", 2), Title="x", Body="Not a customer.", OwnerId=owner)

    def _more(self) -> None:
        account, deal, owner = record("001", 1), record("006", 1), record("005", 1)
        self.org.put("Event", 1, Subject="Kick-off", Description="The pilot begins in the northern depots.", WhatId=deal, AccountId=account,
                     StartDateTime="2026-09-20T09:00:00.000+0000", EndDateTime="2026-09-20T10:00:00.000+0000", OwnerId=owner)  # fmt: skip
        self.org.put("EmailMessage", 1, RelatedToId=deal, Subject="Order form", TextBody="Please send the order form.", Incoming=True,
                     FromAddress="marta@halden.example", FromName="Marta Lindqvist", ToAddress="dana@cartage.example",
                     MessageDate="2026-09-21T09:00:00.000+0000", MessageIdentifier="<m1@halden.example>")  # fmt: skip
        self.org.put("ContentVersion", 1, ContentDocumentId=record("069", 1), Title="Rich", FileType="SNOTE", FileExtension="snote",
                     IsLatest=True, ContentSize=40, OwnerId=owner,
                     VersionData="/services/data/v66.0/sobjects/ContentVersion/x/VersionData")  # fmt: skip
        self.org.blobs[record("068", 1)] = b"<p>A note on paper that is rich.</p>"
        self.org.put("ContentDocumentLink", 1, ContentDocumentId=record("069", 1), LinkedEntityId=deal, ShareType="V")

    def _edited(self) -> None:
        self.org.put("Task", 0, Description="Budget holder is Jonas Beck and he signs above 200k.")
        self.org.put("Contact", 1, Title="Head of Operations")
        self.org.put("Opportunity", 1, StageName="Closed Won", IsClosed=True, IsWon=True, CloseDate="2026-10-01")
        self.org.put(
            "OpportunityHistory", 1, OpportunityId=record("006", 1), StageName="Closed Won", CloseDate="2026-10-01", Amount=148500.0
        )

    def _deleted(self) -> None:
        self.org.put("Task", 1, IsDeleted=True)


class _RecorderWorld:
    """The same calls in each recorder."""

    crm = CRM
    gone = "Forty percent off was talked about."
    stays: Sequence[str] = ("The pilot begins in the northern depots.", "Our peak starts in January.")
    late = "We promised them a sandbox by Friday."

    def __init__(self) -> None:
        self.time = Time()

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._edited, self._late, self._deleted]

    def _call(self, id: str, title: str, words: str | None) -> None:
        raise NotImplementedError

    def _say(self, id: str, words: str) -> None:
        raise NotImplementedError

    def _titled(self, id: str, title: str) -> None:
        raise NotImplementedError

    def _lost(self, id: str) -> None:
        raise NotImplementedError

    def _first(self) -> None:
        self.time.pass_(days=-60)
        self._call("810000001", "Discovery", "Our peak starts in January.")
        self.time.pass_(days=60)

    def _more(self) -> None:
        self._call("810000003", "Kick-off", "The pilot begins in the northern depots.")
        self.time.pass_(minutes=40)
        self._call("810000004", "Alignment", None)

    def _edited(self) -> None:
        self._titled("810000003", "Kick-off with operations")
        self.time.pass_(days=3)  # so that the call without words is no longer among the last two days'
        self._call("810000005", "Commercials", self.gone)

    def _late(self) -> None:
        self._say("810000004", self.late)

    def _deleted(self) -> None:
        self._lost("810000005")


class FirefliesWorld(_RecorderWorld):
    secret = "fireflies-api-key"

    def __init__(self) -> None:
        super().__init__()
        self.recorder = self.tool = recorders.Fireflies(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        return Fireflies(self.secret, clock, base)

    def refuse(self) -> None:
        self.recorder.key = "another"

    def accept(self) -> None:
        self.recorder.key = self.secret

    def _call(self, id: str, title: str, words: str | None) -> None:
        both = ["dana@cartage.example", "marta@halden.example"]
        self.recorder.calls[id] = {
            "id": id, "title": title, "date": recorders.milliseconds(self.time.at), "duration": 30.0, "participants": both,
            "is_live": False, "meeting_attendees": [{"email": each, "name": None} for each in both],
            "speakers": [{"id": 0, "name": "Marta Lindqvist"}], "sentences": None, "summary": None,
        }  # fmt: skip
        if words:
            self._say(id, words)

    def _say(self, id: str, words: str) -> None:
        said = {"index": 0, "speaker_id": 0, "speaker_name": "Marta Lindqvist", "text": words, "start_time": 4.0, "end_time": 9.0}
        self.recorder.calls[id]["sentences"] = [said]

    def _titled(self, id: str, title: str) -> None:
        self.recorder.calls[id]["title"] = title

    def _lost(self, id: str) -> None:
        del self.recorder.calls[id]


class FathomWorld(_RecorderWorld):
    secret = "fathom-api-key"

    def __init__(self) -> None:
        super().__init__()
        self.recorder = self.tool = recorders.Fathom(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        return Fathom(self.secret, clock, base)

    def refuse(self) -> None:
        self.recorder.key = "another"

    def accept(self) -> None:
        self.recorder.key = self.secret

    def _call(self, id: str, title: str, words: str | None) -> None:
        at = self.time.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        marta = {"name": "Marta Lindqvist", "email": "marta@halden.example", "is_external": True, "matched_speaker_display_name": None}
        dana = {"name": "Dana Okafor", "email": "dana@cartage.example", "is_external": False, "matched_speaker_display_name": None}
        self.recorder.calls[id] = {
            "recording_id": int(id), "title": title, "created_at": at, "recording_start_time": at, "url": f"https://fathom.video/calls/{id}",
            "share_url": f"https://fathom.video/share/{id}", "calendar_invitees": [marta, dana], "transcript": None,
        }  # fmt: skip
        if words:
            self._say(id, words)

    def _say(self, id: str, words: str) -> None:
        speaker = {"display_name": "Marta Lindqvist", "matched_calendar_invitee_email": "marta@halden.example"}
        self.recorder.calls[id]["transcript"] = [{"speaker": speaker, "text": words, "timestamp": "00:00:04"}]

    def _titled(self, id: str, title: str) -> None:
        self.recorder.calls[id]["title"] = title

    def _lost(self, id: str) -> None:
        del self.recorder.calls[id]


class ZoomWorld(_RecorderWorld):
    secret = "em9vbS1jbGllbnQ6c2VjcmV0"

    def __init__(self) -> None:
        super().__init__()
        self.recorder = self.tool = recorders.Zoom(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        form = {"grant_type": "account_credentials", "account_id": "acc"}
        return Zoom(Lent("zoom", f"{base}/token", lambda: form, clock, basic=self.secret), clock, base)

    def refuse(self) -> None:
        self.recorder.secret, self.recorder.access = "another", "another"

    def accept(self) -> None:
        self.recorder.secret = self.secret

    def _call(self, id: str, title: str, words: str | None) -> None:
        at = self.time.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.recorder.calls[f"{id}+Zz=="] = {
            "id": int(id), "topic": title, "start_time": at, "duration": 30, "host_email": "dana@cartage.example", "timezone": "UTC",
            "share_url": f"https://cartage.zoom.us/rec/share/{id}",
        }  # fmt: skip
        if words:
            self._say(id, words)

    def _say(self, id: str, words: str) -> None:
        cue = f"WEBVTT\r\n\r\n1\r\n00:00:04.000 --> 00:00:09.000\r\nMarta Lindqvist: {words}\r\n"
        self.recorder.scripts[f"{id}+Zz=="] = cue.encode()

    def _titled(self, id: str, title: str) -> None:
        self.recorder.calls[f"{id}+Zz=="]["topic"] = title

    def _lost(self, id: str) -> None:
        del self.recorder.calls[f"{id}+Zz=="]


class TeamsWorld(_RecorderWorld):
    secret = "client-secret-of-the-app"

    def __init__(self) -> None:
        super().__init__()
        self.recorder = self.tool = recorders.Teams(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": self.secret, "scope": "https://graph/.default"}
        return Teams([recorders.ORGANIZER], Lent("teams", f"{base}/token", lambda: form, clock), clock, base)

    def refuse(self) -> None:
        self.recorder.secret, self.recorder.access = "another", "another"

    def accept(self) -> None:
        self.recorder.secret = self.secret

    def _call(self, id: str, title: str, words: str | None) -> None:
        self.meet(id, title, "marta.lindqvist_halden.example#EXT#@cartage.onmicrosoft.com")
        if words:
            self._say(id, words)

    def meet(self, id: str, title: str, *invited: str) -> None:
        self.recorder.made[f"MS*{id}=="] = self.time.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        dana = {"upn": "dana@cartage.example", "identity": {"user": {"displayName": "Dana Okafor"}}}
        others = [{"upn": upn, "identity": {"user": {"displayName": None}}} for upn in invited]
        self.recorder.meetings[f"MS*{id}=="] = {
            "id": f"MS*{id}==", "subject": title, "joinWebUrl": f"https://teams.microsoft.com/l/meetup-join/{id}",
            "participants": {"organizer": dana, "attendees": others},
        }  # fmt: skip

    def _say(self, id: str, words: str) -> None:
        at = self.recorder.made[f"MS*{id}=="]
        said = {"startDateTime": f"{at[:-1]}.2346000Z", "endDateTime": at, "speakerName": "Marta Lindqvist", "spokenText": words}
        cue = f"WEBVTT\r\n\r\n00:00:00.246 --> 00:00:05.726\r\n{json.dumps({**said, 'spokenLanguage': 'en-us'}, indent=4)}\r\n"
        self.recorder.scripts[f"MS*{id}=="] = cue.encode()

    def _titled(self, id: str, title: str) -> None:
        self.recorder.meetings[f"MS*{id}=="]["subject"] = title

    def _lost(self, id: str) -> None:
        del self.recorder.made[f"MS*{id}=="]


class SlackWorld:
    crm = CRM
    secret = "xoxb-the-token-of-the-app"
    gone = "Forty percent off was talked about."
    stays = ("The pilot begins in the northern depots by March.", "Our peak starts in January.", "Yes, with SSO.")
    late = ""

    def __init__(self) -> None:
        self.time = Time()
        self.workspace = self.tool = Workspace(self.secret)

    def connector(self, base: str, clock: Clock) -> Connector:
        return Slack(self.secret, clock, base)

    def refuse(self) -> None:
        self.workspace.token = "another"

    def accept(self) -> None:
        self.workspace.token = self.secret

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._edited, self._deleted]

    def _say(self, text: str, user: str = "U0DANA1", channel: str = "C0HALDEN", thread: str = "") -> str:
        self.time.pass_(minutes=5)
        return self.workspace.say(channel, f"{self.time.at.timestamp():.6f}", user, text, thread)

    def _first(self) -> None:
        self.time.pass_(days=-70)
        self._say("Our peak starts in January.")
        self._say("What is for lunch?", channel="C0RANDOM")
        self.time.pass_(days=70)
        self.asked = self._say("Does it come with single sign-on?")
        self.loose = self._say(self.gone)
        self.edited = self._say("The pilot begins in the northern depots.", "U0MARTA1")

    def _more(self) -> None:
        self.time.pass_(days=1)
        self._say("Yes, with SSO.", "U0DANA1", thread=self.asked)

    def _edited(self) -> None:
        self.workspace.edit("C0HALDEN", self.edited, "The pilot begins in the northern depots by March.")
        self._say("Good.")

    def _deleted(self) -> None:
        self.workspace.delete("C0HALDEN", self.loose)


class ImapWorld:
    crm = CRM
    secret = "the-password-of-the-app"
    gone = "Forty percent off was talked about."
    stays = ("The pilot begins in the northern depots.", "Please send the order form.", "The address has changed.")
    late = ""

    def __init__(self) -> None:
        self.time = Time()
        self.box = self.tool = ImapBox()
        self.box.password = self.secret
        self.sent = 0

    def connector(self, base: str, clock: Clock) -> Connector:
        return Imap("127.0.0.1", BOX, self.secret, clock, port=int(base.rpartition(":")[2]), tls=False)

    def refuse(self) -> None:
        self.box.password = "another"

    def accept(self) -> None:
        self.box.password = self.secret

    def chapters(self) -> list[Chapter]:
        return [self._first, self._more, self._moved, self._numbered, self._deleted]

    def _mail(self, folder: str, sender: str, to: str, words: str) -> int:
        self.time.pass_(minutes=1)
        self.sent += 1
        self.box.put(folder, self.sent, sender, to, words, self.time.at)
        return self.sent

    def _first(self) -> None:
        self.order = self._mail("INBOX", MARTA, DANA, "Please send the order form.")
        self._mail("Sent", DANA, MARTA, self.gone)
        self._mail("INBOX", "Mum <mum@family.example>", DANA, "Come to dinner on Sunday.")
        self._mail("INBOX", TOM, DANA, "The depots open at six.")
        self._mail("INBOX", TOM, DANA, "See you there.")

    def _more(self) -> None:
        self._mail("Sent", DANA, TOM, "The pilot begins in the northern depots.")
        self._mail("Drafts", DANA, MARTA, "This was never sent.")
        self._mail("Trash", MARTA, DANA, "Thrown away at once.")

    def _moved(self) -> None:
        self.box.move("INBOX", self.order, "Archive")
        self._mail("INBOX", MARTA, DANA, "The address has changed.")

    def _numbered(self) -> None:
        self.box.number_anew()

    def _deleted(self) -> None:
        del self.box.folders["Sent"][1]


def served_as(world: World, tool: Tool) -> AbstractContextManager[str]:
    """Where a world's tool can be asked, or what stands before it to put faults in its place."""
    return _imap(tool) if isinstance(world, ImapWorld) else served(tool)


@contextmanager
def _imap(tool: Tool) -> Iterator[str]:
    with imap_served(tool) as port:
        yield f"imap://127.0.0.1:{port}"


WORLDS: dict[str, Callable[[], World]] = {
    "hubspot": HubSpotWorld,
    "gong": GongWorld,
    "gmail": GmailWorld,
    "graph": GraphWorld,
    "teams": TeamsWorld,
    "salesforce": SalesforceWorld,
    "fireflies": FirefliesWorld,
    "fathom": FathomWorld,
    "zoom": ZoomWorld,
    "slack": SlackWorld,
    "imap": ImapWorld,
}
