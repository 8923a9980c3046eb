"""One small history in each tool, told in chapters: what is there at first, and what is added, edited and deleted later."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ingest.connectors.api import Clock
from ingest.connectors.gmail import Gmail
from ingest.connectors.gong import Gong
from ingest.connectors.hubspot import HubSpot
from ingest.connectors.port import Connector
from ingest.connectors.tokens import Lent
from tests.exports import DANA, MARTA, TOM, mail
from tests.ingest.connectors.loopback import Time, Tool
from tests.ingest.connectors.mailbox import Gmail as Mailbox
from tests.ingest.connectors.portal import Portal
from tests.ingest.connectors.recorder import Gong as Recorder

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


WORLDS: dict[str, Callable[[], World]] = {"hubspot": HubSpotWorld, "gong": GongWorld, "gmail": GmailWorld}
