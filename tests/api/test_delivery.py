"""Whoever is to know of a brief is told once, where they are, with a link and not with its words; whatever breaks on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from api.commands.jobs import about
from api.jobs import Jobs
from api.office import Office
from api.problems import Problem
from api.signatures import check_standard
from api.telling.channels import load_channels
from api.telling.sharing import share
from api.telling.words import Message
from api.users import invite
from assistant.brief import reviewing
from ingest.archive.admissions import Admissions
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import Work, delivery_id
from ingest.records import CrmDeal, Link
from ingest.settings import BadSettings, load_settings
from tests.api.closes import BASE, make, open_office
from tests.api.recipients import Post, World, listening, post_office
from tests.api.served import Served

SECRETS = {
    "slack": "xoxb-test-token-123456", "hubspot": "pat-test-token-1234567", "salesforce": "sf-secret-0123456789",
    "gainsight": "whsec-of-the-platform",
}  # fmt: skip
DRAFT_WORDS = ("go-live", "18 January", "depots", "Marta")
"""Of what was said in the deal: nothing of it goes out by default."""


@dataclass
class Scene:
    office: Office
    jobs: Jobs
    world: World
    post: Post
    halden: str
    now: datetime

    def run(self) -> int:
        return self.jobs.run_due()

    @property
    def brief(self) -> str:
        return str(next(job for job in self.office.work.jobs() if job.kind == "handoff").result["brief"])

    def pass_by(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    def failed(self) -> dict[str, str]:
        return {str(job.about["channel"]): job.trouble for job in self.office.work.jobs(states=("failed",))}

    def waiting(self) -> dict[str, str]:
        return {str(job.about.get("channel")): job.trouble for job in self.office.work.jobs(states=("waiting",)) if job.kind == "send"}

    def hand(self) -> reviewing.Hand:
        return reviewing.Hand("Dana Okafor", self.now)


def said(mail: EmailMessage) -> str:
    """Both forms of it."""
    return "\n".join(part.get_content() for part in mail.iter_parts())


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    halden = make(tmp_path)
    with listening(world := World()) as url, post_office() as post:
        (tmp_path / "baton.toml").write_text(f"""
[deliver.slack]
secret_file = "slack.secret"
url = "{url}/api"
[deliver.mail]
host = "127.0.0.1"
port = {post.port}
sender = "baton@cartage.example"
security = "none"
csm = ["cs@cartage.example"]
[deliver.hubspot]
secret_file = "hubspot.secret"
url = "{url}"
[deliver.salesforce]
secret_file = "salesforce.secret"
instance = "{url}"
client_id = "3MVG"
[deliver.gainsight]
kind = "webhook"
secret_file = "gainsight.secret"
url = "{url}/rules/inbound?x=1"
""")
        for name, secret in SECRETS.items():
            (tmp_path / f"{name}.secret").write_text(secret)
            (tmp_path / f"{name}.secret").chmod(0o600)
        kit, office = open_office(tmp_path)
        with kit:
            jobs = Jobs(office)
            made = Scene(office, jobs, world, post, halden, datetime(2026, 10, 14, 1, 0, tzinfo=UTC))
            kit.archive.now = office.work.now = lambda: made.now
            with kit.archive.transaction():
                kit.archive._mine.connection.exec_driver_sql("UPDATE job SET due_at = '2026-10-14 00:00:00.000000'")
            _link_deal(kit.archive, halden)
            yield made
            jobs.close()


def _link_deal(archive: Archive, account: str) -> None:
    """Two CRMs know the deal, one by an id as Salesforce writes it; its term is a year."""
    [deal] = archive.deals(EVERYTHING)
    with archive.transaction():
        write = archive._mine.connection.exec_driver_sql
        write("UPDATE deal_link SET key = 'salesforce:deal:006Rk000000NCbt', native_id = '006Rk000000NCbtIAG'")
        write("UPDATE job SET about = json_set(about, '$.deal', '006Rk000000NCbtIAG')")
        write("UPDATE close_event SET deal = '006Rk000000NCbtIAG'")
    links = (Link("salesforce", "deal", "006Rk000000NCbtIAG"), Link("hubspot", "deal", "42190377651"))
    crm = CrmDeal(
        deal.name, links, Link("x", "account", "x"), deal.stage, True, True, deal.closed_on, deal.amount, deal.currency, deal.owner_email,
        12, None, deal.opened_on,
    )  # fmt: skip
    archive.put_deal(account, crm)


def test_when_a_deal_closes_its_account_executive_is_told_and_its_channel_and_nobody_else(scene: Scene) -> None:
    assert scene.run() == 3
    [message], [mail] = scene.world.messages, scene.post.mails
    assert (message["channel"], message["unfurl_links"]) in (("C07HBRLGHT2", False), ("C07HBRLGHT2", "false"), ("C07HBRLGHT2", "0"))
    assert (mail["To"], mail["Subject"]) == ("dana@cartage.example", "Handoff brief to review: Halden Freight Group")
    assert all(f"{BASE}/a/halden-freight-group/brief" in part.get_content() for part in mail.iter_parts())
    sent = json.dumps(message) + mail.as_string()
    assert not any(word in sent for word in DRAFT_WORDS)
    assert (scene.world.notes, scene.world.tasks, scene.world.events) == ([], [], [])
    assert scene.run() == 0


def test_after_approval_the_csm_is_told_and_the_crm_and_the_platform_know(scene: Scene) -> None:
    scene.run()
    invite(Admissions.beside(scene.office.kit.archive), "priya@cartage.example", role="csm", accounts=[scene.halden])
    reviewing.approve(scene.office.kit, EVERYTHING, scene.brief, scene.hand(), with_open=True)
    scene.run()
    assert [mail["To"] for mail in scene.post.mails] == ["dana@cartage.example", "priya@cartage.example"]
    [note], [task], [(headers, body)] = scene.world.notes, scene.world.tasks, scene.world.events
    assert (note["deal"], task["WhatId"], task["Status"]) == ("42190377651", "006Rk000000NCbtIAG", "Completed")
    assert note["properties"]["hs_note_body"].count("<a href=") == 1
    assert check_standard([SECRETS["gainsight"]], headers, body, datetime.now(UTC)).startswith("msg_")
    said = json.loads(body)
    assert (said["type"], said["brief"]["state"], said["account"]["name"]) == ("brief.approved", "reviewed", "Halden Freight Group")
    assert [one["due"] for one in said["promises"]] == ["2027-01-18"]
    assert {"system": "salesforce", "deal": "006Rk000000NCbtIAG"} in said["crm"]
    reviewing.accept(scene.office.kit, EVERYTHING, scene.brief, scene.hand())
    scene.run()
    assert [mail["Subject"] for mail in scene.post.mails[2:]] == ["Handoff accepted: Halden Freight Group"] * 2
    assert {mail["To"] for mail in scene.post.mails[2:]} == {"dana@cartage.example", "priya@cartage.example"}
    assert [json.loads(body)["type"] for _, body in scene.world.events] == ["brief.approved", "brief.accepted"]


def test_the_account_executive_is_reminded_after_a_day_and_after_two_and_not_once_they_have_acted(scene: Scene) -> None:
    scene.run()
    scene.pass_by(23.9)
    scene.run()
    assert len(scene.post.mails) == 1
    scene.pass_by(0.2)
    scene.run()
    assert [mail["Subject"] for mail in scene.post.mails[1:]] == ["Still to review: Halden Freight Group"]
    reviewing.approve(scene.office.kit, EVERYTHING, scene.brief, scene.hand(), with_open=True)
    scene.pass_by(24)
    scene.run()
    assert [mail["Subject"] for mail in scene.post.mails if "Still" in mail["Subject"]] == ["Still to review: Halden Freight Group"]
    assert len(scene.world.messages) == 3  # the draft, one reminder, the approval


def test_two_reminders_are_two(scene: Scene) -> None:
    for hours in (0, 25, 24):
        scene.pass_by(hours)
        scene.run()
    assert [mail["Subject"].partition(":")[0] for mail in scene.post.mails] == [
        "Handoff brief to review",
        "Still to review",
        "Still to review",
    ]
    assert ["waited 24 hours" in said(mail) for mail in scene.post.mails] == [False, True, False]
    assert "waited 48 hours" in said(scene.post.mails[2])


def test_after_a_standstill_of_three_days_there_is_one_reminder(scene: Scene) -> None:
    scene.run()
    scene.pass_by(72)
    scene.run()
    assert [mail["Subject"].partition(":")[0] for mail in scene.post.mails] == ["Handoff brief to review", "Still to review"]


@pytest.mark.parametrize("channel", ["slack", "hubspot", "salesforce", "gainsight"])
def test_what_arrived_and_was_not_noted_is_not_there_twice(scene: Scene, channel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a kill between sending and noting it."""

    left = 5
    """The first tries of all that is sent."""

    def cut(place: str) -> None:
        nonlocal left
        if place == "sent" and left:
            left -= 1
            raise ConnectionResetError

    scene.run()
    if channel == "slack":
        scene.office.work.add_job("reminder", {"brief": scene.brief, "hours": 24}, key="now")
    else:
        reviewing.approve(scene.office.kit, EVERYTHING, scene.brief, scene.hand(), with_open=True)
    monkeypatch.setattr("api.telling.plan.past", cut)
    scene.run()
    assert set(scene.waiting().values()) == {"something went wrong here (ConnectionResetError); the server's log has more"}
    for _ in range(3):  # ten seconds, a minute, five minutes later at the earliest
        scene.pass_by(1)
        scene.run()
    there = {
        "slack": len(scene.world.messages) - 1,  # the draft
        "hubspot": len(scene.world.notes),
        "salesforce": len(scene.world.tasks),
        "gainsight": len({headers["webhook-id"] for headers, _ in scene.world.events}),
    }
    assert (there[channel], scene.waiting(), scene.failed()) == (1, {}, {})
    keys = [json.dumps(message["metadata"], sort_keys=True) for message in scene.world.messages]
    assert len(keys) == len(set(keys))


def test_a_mail_that_is_sent_again_has_the_same_id(scene: Scene) -> None:
    scene.post.cut = 1
    scene.run()
    scene.pass_by(1)
    scene.run()
    assert len(scene.post.mails) == 2
    assert len({mail["Message-ID"] for mail in scene.post.mails}) == 1
    assert scene.failed() == {}


def test_a_tool_that_is_down_or_asks_for_patience_is_told_later(scene: Scene) -> None:
    scene.world.troubles = [(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "90"})]
    scene.run()
    assert scene.waiting() == {"slack": "[deliver.slack]: Slack says ratelimited"}
    scene.pass_by(80 / 3600)
    scene.run()
    assert scene.world.messages == []
    scene.pass_by(20 / 3600)
    scene.run()
    assert len(scene.world.messages) == 1
    reviewing.approve(scene.office.kit, EVERYTHING, scene.brief, scene.hand(), with_open=True)
    scene.world.troubles = [(503, b"<html>", {})] * 9
    scene.run()
    assert set(scene.waiting()) >= {"hubspot", "salesforce", "gainsight"}
    scene.world.troubles = []
    scene.pass_by(1)
    scene.run()
    assert (len(scene.world.notes), len(scene.world.tasks), len(scene.world.events), scene.failed()) == (1, 1, 1, {})


def test_what_a_person_has_to_put_right_waits_for_them_and_holds_up_nobody(scene: Scene) -> None:
    (scene.office.kit.home.path / "slack.secret").write_text("xoxb-another-token-0000")
    scene.post.refuse = {"dana@": 550}
    scene.run()
    assert scene.failed() == {
        "slack": "[deliver.slack]: Slack says invalid_auth for deal-halden-freight-group; put that right and replay.",
        "mail": "[deliver.mail]: the mail server refuses the address dana@cartage.example (550); put that right and replay.",
    }
    (scene.office.kit.home.path / "slack.secret").write_text(SECRETS["slack"])
    for job in scene.office.work.jobs(states=("failed",)):
        scene.office.work.replay_job(job.number)
    scene.post.refuse = {}
    scene.run()
    assert (scene.failed(), len(scene.world.messages), len(scene.post.mails)) == ({}, 1, 1)


def test_nothing_is_sent_to_a_channel_that_the_customer_may_read(scene: Scene) -> None:
    scene.world.shared = True
    scene.run()
    assert scene.world.messages == []
    assert "shared with another organization" in scene.failed()["slack"]


def test_a_channel_that_the_app_is_not_in_is_named_with_what_helps(scene: Scene) -> None:
    scene.world.channel = {"is_member": False}
    scene.run()
    assert scene.world.messages == []
    assert "the app is not in deal-halden-freight-group; invite it there (/invite)" in scene.failed()["slack"]


def test_an_account_whose_name_is_markup_mentions_nobody_and_breaks_out_of_no_header(scene: Scene) -> None:
    scene.office.kit.archive.rename_account(scene.halden, "<!channel> &\r\nBcc: all@cartage.example <https://evil.example|here>", scene.now)
    scene.run()
    [message], [mail] = scene.world.messages, scene.post.mails
    assert mail["Bcc"] is None
    assert "<!channel>" not in message["text"]
    blocks = message["blocks"] if isinstance(message["blocks"], list) else json.loads(message["blocks"])
    assert {block["text"]["type"] for block in blocks if "text" in block} == {"plain_text"}


def test_what_was_refused_or_taken_back_is_told_to_nobody_as_a_promise_and_what_the_contract_lacks_comes_first(scene: Scene) -> None:
    def promise(text: str, strength: str, contract: str) -> dict[str, object]:
        return {
            "id": text, "text": text, "kind": "other", "strength": strength, "contract": contract, "status": "open", "current": True,
            "made_on": "2026-09-24", "made_by": {"name": "Dana Okafor"}, "due": None,
        }  # fmt: skip

    promises = [
        promise("SSO is in.", "firm", "covered"), promise("No, not for free.", "declined", "silent"),
        promise("We aim for March.", "best_effort", "silent"), promise("Forget that.", "retracted", "silent"),
        promise("Training is free.", "firm", "contradicted"),
    ]  # fmt: skip
    told = Message("key", "approved", "Halden", BASE, {"promises": promises, "gaps": []})
    assert told.counts == "3 promises, 2 not held by the contract; 0 open questions."
    assert [one["text"] for one in told.open_promises()] == ["SSO is in.", "We aim for March.", "Training is free."]
    assert told.lines(2) == [
        "“Training is free.” (Dana Okafor, 24 Sep 2026; the contract says otherwise)",
        "“We aim for March.” (Dana Okafor, 24 Sep 2026; an aim; not in the contract)",
        "and 1 more in the brief",
    ]


def test_whoever_shares_a_brief_tells_those_again_whom_its_state_is_told_to_and_nobody_else(scene: Scene) -> None:
    scene.run()
    kit = scene.office.kit
    dana = invite(Admissions.beside(kit.archive), "dana@cartage.example", name="Dana Okafor").id
    for to in ("crm", "hubspot", "gainsight", "webhook"):  # what the account executive has not seen goes into no other tool
        with pytest.raises(Problem) as refused:
            share(kit, EVERYTHING, scene.brief, to, dana)
        assert (refused.value.status, refused.value.code) == (409, "not_told_now"), to
    made = [share(kit, EVERYTHING, scene.brief, to, dana) for to in ("slack", "mail", "slack")]
    assert len({one.id for one in made}) == 3
    assert scene.run() == 3
    sent = {one.id: (one.what, one.channel) for one in scene.office.work.deliveries(limit=3)}
    assert sent == {id: ("shared", channel) for one in made for id, channel in one.deliveries}
    assert len(scene.world.messages) == 3  # the draft, and twice the share
    mail = scene.post.mails[-1]
    assert (mail["To"], mail["Subject"]) == ("dana@cartage.example", "Handoff brief: Halden Freight Group")
    assert "Dana Okafor points to the handoff brief of Halden Freight Group. It waits for" in said(mail)
    assert "Baton wrote this because somebody asked it to:" in said(mail)
    assert not any(word in json.dumps(scene.world.messages) + mail.as_string() for word in DRAFT_WORDS)
    reviewing.approve(kit, EVERYTHING, scene.brief, scene.hand(), with_open=True)
    scene.run()
    for to in ("crm", "crm", "webhook", "mail"):
        share(kit, EVERYTHING, scene.brief, to, dana)
    scene.run()
    assert (len(scene.world.notes), len(scene.world.tasks), scene.failed()) == (3, 3, {})
    assert [json.loads(body)["type"] for _, body in scene.world.events] == ["brief.approved", "brief.shared"]
    assert [mail["To"] for mail in scene.post.mails[-2:]] == ["cs@cartage.example"] * 2


def test_a_share_that_did_not_arrive_is_not_taken_for_the_one_before_it(scene: Scene) -> None:
    scene.run()
    reviewing.approve(scene.office.kit, EVERYTHING, scene.brief, scene.hand(), with_open=True)
    share(scene.office.kit, EVERYTHING, scene.brief, "crm", "")
    scene.run()
    share(scene.office.kit, EVERYTHING, scene.brief, "crm", "")
    scene.world.troubles = [(503, b"<html>", {})] * 9
    scene.run()
    assert set(scene.waiting()) == {"hubspot", "salesforce"}
    scene.world.troubles = []
    scene.pass_by(1)
    scene.run()
    assert (len(scene.world.notes), len(scene.world.tasks), scene.waiting(), scene.failed()) == (3, 3, {}, {})


def test_a_share_is_one_request_and_one_entry_of_the_log_and_of_the_newest_version_alone(served: Served) -> None:
    client, woken = served.client(served.key()), []
    served.app.state.jobs_came = lambda: woken.append(1)
    brief = client.post("/api/v1/accounts/halden/briefs", json={}).json()["id"]
    path, home = f"/api/v1/briefs/{brief}/shares", served.kit.home.path
    refused = client.post(path, json={"to": "slack"})
    assert (refused.status_code, refused.json()["code"], woken) == (409, "channel_not_set_up", [])
    (home / "baton.toml").write_text('[deliver.room]\nkind = "slack"\nsecret_file = "s"\n')
    (home / "s").write_text("xoxb-test-token-123456")
    (home / "s").chmod(0o600)
    once = {"Idempotency-Key": "k-1"}
    first, second = (client.post(path, json={"to": "room"}, headers=once) for _ in range(2))
    assert (first.status_code, first.json(), woken) == (202, second.json(), [1])
    [sent] = first.json()["deliveries"]
    [job] = Work.beside(served.archive).jobs(states=("waiting",))
    assert (sent["channel"], job.about["place"], delivery_id(str(job.key))) == ("room", "deal-halden-freight-group", sent["id"])
    entry = [one for one in served.admissions.entries() if one.action == "POST /briefs/{brief}/shares"][1]
    assert ({first.json()["id"], brief} <= set(entry.targets), entry.outcome) == (True, 202)
    (home / "baton.toml").write_text('[deliver.mail]\nhost = "smtp.cartage.example"\nsender = "baton@cartage.example"\n')
    other = client.post("/api/v1/accounts/brightwell/briefs", json={}).json()["id"]  # without a deal, and so without its owner
    assert client.post(path.replace(brief, other), json={"to": "mail"}).json()["code"] == "nobody_told"
    (home / "baton.toml").write_text("[deliver.slack]\n")
    assert client.post(path, json={"to": "slack"}).json()["code"] == "channel_not_set_up"
    body = served.archive.brief(EVERYTHING, brief)
    served.archive.save_brief(body["account"], body["deal_id"], {**body, "id": "brf_next"})
    assert client.post(path, json={"to": "room"}).json()["code"] == "superseded"
    assert served.client(served.key(role="viewer")).post(path, json={"to": "room"}).status_code == 403


def test_only_who_asks_for_the_summary_gets_it(scene: Scene) -> None:
    file = scene.office.kit.home.path / "baton.toml"
    file.write_text(file.read_text().replace('secret_file = "slack.secret"', 'secret_file = "slack.secret"\nshow = "summary"'))
    scene.run()
    assert "18 January 2027" in json.dumps(scene.world.messages)
    assert "18 January 2027" not in scene.post.mails[0].as_string()


def test_120_days_before_a_deal_renews_its_csm_gets_a_brief_for_that(scene: Scene) -> None:
    scene.run()
    scene.now = datetime(2027, 6, 15, 4, 0, tzinfo=UTC)  # closed on 14 October 2026 for a year; 121 days before it ends
    scene.jobs.run_due()
    assert [job for job in scene.office.work.jobs() if job.kind == "renewal"] == []
    scene.now = datetime(2027, 6, 16, 4, 0, tzinfo=UTC)
    scene.jobs.run_due()
    [job] = [job for job in scene.office.work.jobs() if job.kind == "renewal"]
    body = scene.office.kit.archive.brief(EVERYTHING, job.result["brief"])
    assert (job.state, body["layout"]["name"], body["version"]) == ("done", "renewal", 2)
    [mail] = [mail for mail in scene.post.mails if mail["Subject"].startswith("Renewal")]
    assert mail["To"] == "cs@cartage.example"
    assert "ends on 14 Oct 2027" in said(mail)
    scene.now += timedelta(days=1)
    scene.jobs.run_due()
    assert len([job for job in scene.office.work.jobs() if job.kind == "renewal"]) == 1


def test_retention_runs_by_itself_when_something_is_due_and_reports_it(scene: Scene) -> None:
    scene.run()
    file = scene.office.kit.home.path / "baton.toml"
    file.write_text(file.read_text() + "\n[retention]\ncalls = 30\n")
    scene.office.kit.home.settings = load_settings(file.parent)
    scene.now = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
    scene.jobs.run_due()
    kinds = [job.kind for job in scene.office.work.jobs()]
    assert "retention" in kinds  # the call of 1 August
    scene.now = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
    scene.jobs.run_due()
    first, second = sorted((job for job in scene.office.work.jobs() if job.kind == "retention"), key=lambda job: job.number)
    assert (first.state, first.result["removed"], second.result["removed"]) == ("done", {"calls": 1}, {"calls": 1})
    assert about(first).startswith("taken out: calls 1")
    scene.now += timedelta(days=1)
    scene.jobs.run_due()
    assert len([job for job in scene.office.work.jobs() if job.kind == "retention"]) == 2


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ('[deliver.slack]\ntoken = "xoxb"', "not 'token'"),
        ("[deliver.slack]", "a secret does not stand in"),
        ('[deliver.x]\nkind = "webhook"\nsecret_file = "s"\nurl = "http://platform.example/in"', "https://"),
        ('[deliver.x]\nkind = "webhook"\nsecret_file = "s"\nurl = "https://me:pw@platform.example/in"', "no name or password"),
        ('[deliver.mail]\nhost = "smtp.example"\nsender = "b@cartage.example"\nsecurity = "none"', "on this machine"),
        ('[deliver.mail]\nhost = "smtp.example"\nsender = "b@cartage.example\\nBcc: x@y.example"', "sender is an address"),
        ('[deliver.salesforce]\nsecret_file = "s"\ninstance = "https://x.my.salesforce.com"', "client_id"),
        ('[deliver.teams]\nurl = "x"', "kind is one of"),
    ],
)
def test_settings_that_would_not_hold_are_said(tmp_path: Path, settings: str, word: str) -> None:
    (tmp_path / "baton.toml").write_text(settings)
    (tmp_path / "s").write_text("s" * 40)
    (tmp_path / "s").chmod(0o600)
    with pytest.raises(BadSettings, match=word):
        load_channels(tmp_path, {})
