"""A served home with two accounts, made by the archive itself; answers come from words, since no weights are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access import Gate, Role
from api.app import create_app
from api.desk import Desk
from api.keys import create_key
from api.limits import Limits
from api.serve import planned
from api.sign_in import FIRST_RUN, new_code, the_operator
from assistant.wiring import Kit
from ingest.archive.admissions import Admissions
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.index.embedder import Embedder, WeightsMissing
from ingest.records import Call, CrmDeal, Email, Interaction, Link, Note, Participant, Record, Turn

BASE = "http://127.0.0.1:8000"

DANA = Participant("Dana Okafor", "dana@cartage.example", "Account Executive", "seller")
MARTA = Participant("Marta Lindqvist", "marta@halden.example", "VP Operations", "buyer")
TOM = Participant("Tom Reyes", "tom@halden.example", "IT Integration Lead", "buyer")
NORA = Participant("Nora Bright", "nora@brightwell.example", "Practice Owner", "buyer")

HALDEN_CALL = Call(
    source="gong",
    external_id="7001",
    title="Commercial alignment, Halden and Cartage",
    occurred_at=datetime(2026, 9, 24, 12, 0, tzinfo=UTC),
    participants=(DANA, MARTA, TOM),
    url="https://app.gong.io/call?id=7001",
    turns=(
        Turn("So on our side, realistically, we'd look at end of January for the first two depots.", DANA, starts_s=1882.0, native_id="t1"),
        Turn(
            "End of January is too late 🚚 for us. Our peak booking starts the last week of January.",
            MARTA,
            starts_s=1902.0,
            native_id="t2",
        ),
        Turn(
            "Okay. If those two depots are the only scope for phase one, I can commit to a go-live date of 18 January 2027.",
            DANA,
            starts_s=1921.0,
            native_id="t3",
        ),
        Turn("That works, as long as the SAP test system is there by the end of November.", TOM, starts_s=1934.0, native_id="t4"),
    ),
)
HALDEN_MAIL = Email(
    source="mail",
    external_id="m-1@cartage.example",
    title="Re: Phase one timing",
    occurred_at=datetime(2026, 9, 25, 9, 14, tzinfo=UTC),
    participants=(DANA, MARTA),
    turns=(
        Turn("Hi Marta,\n\nto put it in writing: we will have Gothenburg and Malmö live by 18 January 2027.\n\nBest,\nDana", DANA),
        Turn("> Can you confirm the go-live date?", MARTA, role="quoted"),
    ),
)
HALDEN_DEAL = Record(
    source="salesforce",
    external_id="006A",
    title="Halden, 14 depots",
    occurred_at=datetime(2026, 10, 14, tzinfo=UTC),
    turns=(Turn("Stage: Closed Won\nAmount: 186000\nNext step: Kick-off on 20 October"),),
)
HALDEN_NOTE = Note(
    source="salesforce",
    external_id="00T9",
    title="Internal: discount",
    occurred_at=datetime(2026, 9, 2, 8, 0, tzinfo=UTC),
    participants=(DANA,),
    turns=(Turn("Go-live target end of February 2027. <img src=x onerror=alert(1)>", DANA),),
    internal=True,
)
BRIGHTWELL_CALL = Call(
    source="zoom",
    external_id="z-9",
    title="Brightwell pricing",
    occurred_at=datetime(2026, 8, 1, 10, 0, tzinfo=UTC),
    participants=(DANA, NORA),
    turns=(Turn("We agreed on a price of 4,200 dollars per practice, with the pelican clause.", NORA, starts_s=5.0),),
)


@dataclass(frozen=True)
class Served:
    """A running application and what stands in its home."""

    app: FastAPI
    kit: Kit
    admissions: Admissions
    halden: str
    brightwell: str

    @property
    def archive(self) -> Archive:
        return self.kit.archive

    def key(self, *accounts: str, role: Role = "csm") -> str:
        return create_key(self.admissions, "test", accounts or None, role=role)

    def code(self) -> str:
        """Of a link for whoever works on the machine."""
        now = datetime.now(UTC)
        return new_code(self.admissions, the_operator(self.admissions, "me", now).id, now, FIRST_RUN)

    def client(self, key: str | None = None, **headers: str) -> TestClient:
        """A caller on this machine; with a key, or with none."""
        credentials = {"Authorization": f"Bearer {key}"} if key else {}
        return TestClient(self.app, BASE, client=("127.0.0.1", 50000), headers={**credentials, **headers}, raise_server_exceptions=False)

    def source(self, title: str) -> str:
        return next(source.id for source in self.archive.sources(EVERYTHING) if source.title == title)


def no_weights() -> Embedder:
    raise WeightsMissing("no weights in this test")


def put_interaction(archive: Archive, account: str, deal: str | None, record: Interaction) -> None:
    def person(participant: Participant) -> str:
        return archive.put_person(participant, participant.side, account if participant.side == "buyer" else None)

    speakers = [person(turn.speaker) if turn.speaker else None for turn in record.turns]
    archive.put_interaction(account, deal, record, speakers, [person(one) for one in record.participants])


def fill(archive: Archive) -> tuple[str, str]:
    """The ids of Halden and Brightwell."""
    halden_link, brightwell_link = Link("salesforce", "account", "0018d00000HALDEN"), Link("hubspot", "company", "991")
    halden = archive.put_account("Halden Freight Group", ["halden.example"], [halden_link])
    brightwell = archive.put_account("Brightwell Dental", ["brightwell.example"], [brightwell_link])
    deal = archive.put_deal(
        halden,
        CrmDeal(
            name="Halden, 14 depots",
            links=(Link("salesforce", "deal", "006A"),),
            account=halden_link,
            stage="Closed Won",
            won=True,
            closed=True,
            closed_on="2026-10-14",
            amount=186000.0,
            currency="USD",
            owner_email="dana@cartage.example",
            opened_on="2026-03-03",
        ),
    )
    for record in (HALDEN_CALL, HALDEN_MAIL, HALDEN_DEAL, HALDEN_NOTE):
        put_interaction(archive, halden, deal, record)
    put_interaction(archive, brightwell, None, BRIGHTWELL_CALL)
    return halden, brightwell


def serve(
    kit: Kit, *, environment: dict[str, str] | None = None, limits: Limits | None = None, port: int = 8000
) -> tuple[FastAPI, Admissions]:
    plan = planned("127.0.0.1", port, environment or {})
    admissions = Admissions.beside(kit.archive)
    return create_app(Desk(kit), Gate(admissions, open_on_loopback=plan.open), plan.address, limits=limits), admissions
