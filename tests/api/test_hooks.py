"""Close events over HTTP: what is signed and new is kept once, with the job it makes; what is forged, late or another's never is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from time import monotonic
from typing import Any

import pytest

from api.hooks import load_hooks
from api.limits import Limits, Turnstile
from api.signatures import sign_standard
from bench.deliveries import Restarted, deliveries
from ingest.archive.database import FILE
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import Work
from ingest.settings import BadSettings
from tests.api.served import BASE, Served

DATA = Path(__file__).parents[1] / "data"
HUBSPOT, SIGNED, FLOW, PIPEDRIVE = "hubspot-client-secret-1", "whsec_" + base64.b64encode(b"k" * 32).decode(), "f" * 40, "baton:" + "p" * 30
SETTINGS = """
[hooks.hubspot]
secret_file = "hubspot.secret"
won_stages = ["1139920441"]
portal = "48211907"
[hooks.salesforce]
secret_file = "salesforce.secret"
organization = "00DRk0000000195MAA"
[hooks.pipedrive]
secret_file = "pipedrive.secret"
[hooks.clari]
kind = "signed"
secret_file = "clari.secret"
[hooks.zoom]
secret_file = "zoom.secret"
"""
NOW = datetime(2026, 9, 30, 8, 31, tzinfo=UTC)


@pytest.fixture
def listening(served: Served) -> Served:
    home = served.kit.home.path
    (home / "baton.toml").write_text(SETTINGS)
    secrets = {"hubspot": HUBSPOT, "salesforce": FLOW, "pipedrive": PIPEDRIVE, "clari": SIGNED, "zoom": "zoom-secret-token-1"}
    for name, secret in secrets.items():
        (home / f"{name}.secret").write_text(secret)
        (home / f"{name}.secret").chmod(0o600)
    served.app.state.gate = replace(served.app.state.gate, now=lambda: NOW)
    return served


def work(served: Served) -> Work:
    return Work.beside(served.archive)


def post(served: Served, hook: str, body: bytes | Any, headers: dict[str, str]) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return served.client().post(f"/api/v1/hooks/{hook}", content=raw, headers=headers)


def hubspot_headers(body: bytes, *, secret: str = HUBSPOT, at: datetime = NOW, path: str = "/api/v1/hooks/hubspot") -> dict[str, str]:
    stamp = str(int(at.timestamp() * 1000))
    signed = hmac.new(secret.encode(), f"POST{BASE}{path}".encode() + body + stamp.encode(), hashlib.sha256).digest()
    return {"X-HubSpot-Signature-v3": base64.b64encode(signed).decode(), "X-HubSpot-Request-Timestamp": stamp}


def by_hubspot(served: Served, events: list[dict[str, Any]], **signing: Any) -> Any:
    body = json.dumps(events).encode()
    return post(served, "hubspot", body, hubspot_headers(body, **signing))


def stage(event: int, deal: int, value: str, at: datetime = NOW) -> dict[str, Any]:
    return {
        "eventId": event, "portalId": 48211907, "occurredAt": int(at.timestamp() * 1000), "subscriptionType": "deal.propertyChange",
        "objectId": deal, "propertyName": "dealstage", "propertyValue": value,
    }  # fmt: skip


def signed_headers(body: bytes, id: str, *, secret: str = SIGNED, at: datetime = NOW) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": sign_standard(secret, id, stamp, body)}


def test_a_batch_out_of_order_is_kept_once_and_makes_one_job(listening: Served) -> None:
    body = (DATA / "hooks" / "hubspot_batch.json").read_bytes()
    began = monotonic()
    first = post(listening, "hubspot", body, hubspot_headers(body))
    assert (first.status_code, first.json()) == (202, {"received": 2, "new": 2, "known": 0})  # of three: a note is no deal
    assert monotonic() - began < 1
    assert post(listening, "hubspot", body, hubspot_headers(body)).json() == {"received": 2, "new": 0, "known": 2}
    [job] = work(listening).jobs()
    assert (job.kind, job.state, job.about) == ("handoff", "waiting", {"system": "hubspot", "deal": "42190377651"})
    assert [(event.event, event.says) for event in work(listening).events_of(job.number)] == [
        ("3418827002", "won"), ("3418827001", "changed"),
    ]  # fmt: skip


def test_a_stage_is_won_by_its_id_in_the_settings_and_never_by_its_name(listening: Served) -> None:
    by_hubspot(listening, [stage(1, 7, "1139920441"), stage(2, 8, "closedwon"), {**stage(3, 9, "x"), "portalId": 1}])
    assert [(event.deal, event.says) for event in reversed(work(listening).latest_events(9))] == [("7", "won"), ("8", "changed")]


def test_an_event_of_a_deal_that_a_job_waits_for_joins_it_and_after_it_began_makes_another(listening: Served) -> None:
    by_hubspot(listening, [stage(1, 7, "x")])
    by_hubspot(listening, [stage(2, 7, "y")])
    [job] = work(listening).jobs()
    work(listening).begin_job(job.number)
    by_hubspot(listening, [stage(3, 7, "z")])
    assert [len(work(listening).events_of(each.number)) for each in work(listening).jobs()] == [1, 2]


def test_salesforce_tells_by_a_flow_or_by_an_outbound_message(listening: Served) -> None:
    flow = (DATA / "harborlight/salesforce_messages/trigger_flow_callout.json").read_bytes()
    assert post(listening, "salesforce", flow, {"X-Baton-Secret": FLOW}).json() == {"received": 1, "new": 1, "known": 0}
    message = (DATA / "harborlight/salesforce_messages/trigger_outbound_message.xml").read_bytes()
    basic = {"Authorization": "Basic " + base64.b64encode(FLOW.encode()).decode()}
    answered = post(listening, "salesforce", message, basic)
    assert (answered.status_code, answered.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert "<Ack>true</Ack>" in answered.text
    assert {(event.system, event.deal, event.says) for event in work(listening).latest_events(9)} == {
        ("salesforce", "006Rk000000NCbtIAG", "won")
    }
    assert len(work(listening).jobs()) == 1


def test_an_outbound_message_that_declares_entities_is_not_expanded(listening: Served) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    refused = post(listening, "salesforce", bomb, {"X-Baton-Secret": FLOW})
    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable_event")


def test_pipedrive_tells_only_that_a_status_has_changed(listening: Served) -> None:
    said = json.loads((DATA / "harborlight/pipedrive/webhook_v2_deal_won.json").read_bytes())
    basic = {"Authorization": "Basic " + base64.b64encode(PIPEDRIVE.encode()).decode()}
    assert post(listening, "pipedrive", said, basic).json()["new"] == 1
    assert post(listening, "pipedrive", said, basic).json() == {"received": 1, "new": 0, "known": 1}
    said["previous"]["status"] = "won"
    assert post(listening, "pipedrive", said, basic).json()["received"] == 0


def test_any_system_may_tell_by_a_signed_event(listening: Served) -> None:
    body = json.dumps({"system": "salesforce", "deal": "006A", "won": True, "occurred_at": "2026-09-30T08:30:00Z"}).encode()
    assert post(listening, "clari", body, signed_headers(body, "evt-1")).json() == {"received": 1, "new": 1, "known": 0}
    [job] = work(listening).jobs()
    assert job.account_id == listening.halden


def test_two_secrets_are_good_while_one_replaces_the_other_and_then_one(listening: Served) -> None:
    file = listening.kit.home.path / "hubspot.secret"
    file.write_text(f"hubspot-client-secret-2\n{HUBSPOT}\n")
    assert by_hubspot(listening, [stage(1, 7, "x")]).status_code == 202
    assert by_hubspot(listening, [stage(2, 7, "x")], secret="hubspot-client-secret-2").status_code == 202
    file.write_text("hubspot-client-secret-2\n")
    assert by_hubspot(listening, [stage(3, 7, "x")]).status_code == 401


def attempts(seed: int = 7) -> list[tuple[str, bytes, dict[str, str]]]:
    """Sixty deliveries, none of which may be accepted: forged, replayed late, of another day, of another organization, changed."""
    chance = random.Random(seed)
    made: list[tuple[str, bytes, dict[str, str]]] = []
    late = [timedelta(minutes=5, seconds=1), timedelta(hours=2), timedelta(days=400), -timedelta(minutes=2)]
    flow = json.loads((DATA / "harborlight/salesforce_messages/trigger_flow_callout.json").read_bytes())
    message = (DATA / "harborlight/salesforce_messages/trigger_outbound_message.xml").read_bytes()
    pipedrive = json.loads((DATA / "harborlight/pipedrive/webhook_v2_deal_won.json").read_bytes())
    basic = {"Authorization": "Basic " + base64.b64encode(PIPEDRIVE.encode()).decode()}
    for number in range(5):
        hub = json.dumps([stage(chance.randrange(10**9), 7, "1139920441")]).encode()
        event = json.dumps({"system": "salesforce", "deal": "006A", "won": True}).encode()
        id = f"evt-{number}"
        made += [
            ("hubspot", hub, hubspot_headers(hub, secret=f"guess-{number}-of-the-secret")),
            ("hubspot", hub, hubspot_headers(hub, at=NOW - late[number % 4])),
            ("hubspot", hub + b" ", hubspot_headers(hub)),
            ("hubspot", hub, hubspot_headers(hub, path="/api/v1/hooks/other")),
            ("clari", event, signed_headers(event, id, secret=f"whsec_guess{number}")),
            ("clari", event, signed_headers(event, id, at=NOW - late[(number + 1) % 4])),
            ("clari", event, {**signed_headers(event, id), "webhook-id": f"other-{number}"}),
            ("salesforce", json.dumps(flow).encode(), {"X-Baton-Secret": FLOW[:-1] + str(number)}),
            ("salesforce", json.dumps({**flow, "occurredAt": f"2026-09-2{number}T08:30:12Z"}).encode(), {"X-Baton-Secret": FLOW}),
            ("salesforce", message.replace(b"00DRk0000000195MAA", b"00DRk000000016%dMAA" % number), {"X-Baton-Secret": FLOW}),
            (
                "pipedrive",
                json.dumps(pipedrive).encode(),
                {"Authorization": "Basic " + base64.b64encode(f"baton:{number}".encode()).decode()},
            ),
            (
                "pipedrive",
                json.dumps({**pipedrive, "meta": {**pipedrive["meta"], "timestamp": f"2026-09-2{number}T08:30:12Z"}}).encode(),
                basic,
            ),
        ]
    return made


def test_of_sixty_forged_replayed_or_late_deliveries_none_is_accepted(listening: Served) -> None:
    made = attempts()
    assert len(made) == 60
    answered = [post(listening, *delivery).status_code for delivery in made]
    assert answered == [401] * 60
    assert (work(listening).jobs(), work(listening).latest_events(99)) == ([], [])


def test_deliveries_in_any_order_with_forged_ones_among_them_are_kept_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`make soak` sends ten thousand."""
    assert deliveries(tmp_path, 60, 1, 2026, Restarted) == 0, capsys.readouterr().out


def test_what_is_sent_again_in_time_is_answered_well_and_does_nothing(listening: Served) -> None:
    body = json.dumps([stage(1, 7, "1139920441")]).encode()
    headers = hubspot_headers(body)
    answered = [post(listening, "hubspot", body, headers) for _ in range(20)]
    assert {each.status_code for each in answered} == {202}
    assert len(work(listening).jobs()) == len(work(listening).latest_events(99)) == 1


def test_the_same_event_at_the_same_moment_is_one_event(listening: Served) -> None:
    body = json.dumps([stage(1, 7, "1139920441")]).encode()
    start, told = Barrier(8), []

    def send() -> None:
        start.wait(20)
        told.append(post(listening, "hubspot", body, hubspot_headers(body)).json())

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(each["new"] for each in told) == [0] * 7 + [1]
    assert len(work(listening).jobs()) == 1


def test_what_was_answered_is_in_the_file(listening: Served) -> None:
    """As another process sees it: 202 means kept."""
    assert by_hubspot(listening, [stage(1, 7, "x")]).status_code == 202
    with closing(sqlite3.connect(f"file:{listening.kit.home.path / FILE}?mode=ro", uri=True)) as other:
        assert other.execute("SELECT event, deal FROM close_event JOIN job ON job.number = job_number").fetchall() == [("1", "7")]


def test_a_hook_that_nobody_set_up_is_not_there_and_only_post_is_taken(listening: Served) -> None:
    assert post(listening, "workday", b"{}", {}).status_code == 404
    assert listening.client().get("/api/v1/hooks/hubspot").status_code == 405


def test_what_is_signed_and_no_event_is_refused_without_repeating_it(listening: Served) -> None:
    for body in (
        b'{"eventId": 1}',
        b"[1]",
        b'[{"a": 1, "a": 2}]',
        b"\xff\xfe",
        b"[" * 5000,
        json.dumps([{**stage(1, 7, "x"), "eventId": "<b>"}]).encode(),
    ):
        refused = post(listening, "hubspot", body, hubspot_headers(body))
        assert (refused.status_code, refused.json()["code"]) == (400, "unreadable_event")
        assert "<b>" not in refused.text
    assert work(listening).jobs() == []


def test_forgers_are_slowed_down_and_keep_no_real_sender_out(listening: Served) -> None:
    listening.app.state.turnstile = Turnstile(replace(Limits(), attempts=3, deliveries=2))
    forged = [by_hubspot(listening, [stage(9, 9, "x")], secret="not-the-secret-at-all").status_code for _ in range(5)]
    assert forged == [401, 401, 401, 429, 429]
    assert [by_hubspot(listening, [stage(n, 7, "x")]).status_code for n in range(3)] == [202, 202, 429]


def test_too_many_waiting_jobs_are_told_to_come_later(listening: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.hooks.MOST_WAITING", 1)
    assert by_hubspot(listening, [stage(1, 7, "x")]).status_code == 202
    full = by_hubspot(listening, [stage(2, 8, "x")])
    assert (full.status_code, full.headers["retry-after"]) == (503, "60")
    assert [event.event for event in work(listening).latest_events(9)] == ["1"]


def test_zoom_is_shown_that_we_hold_its_secret(listening: Served) -> None:
    body = b'{"event":"endpoint.url_validation","payload":{"plainToken":"abc"},"event_ts":1}'
    stamp = str(int(NOW.timestamp()))
    signature = "v0=" + hmac.new(b"zoom-secret-token-1", f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    told = post(listening, "zoom", body, {"x-zm-signature": signature, "x-zm-request-timestamp": stamp})
    assert told.json() == {"plainToken": "abc", "encryptedToken": hmac.new(b"zoom-secret-token-1", b"abc", hashlib.sha256).hexdigest()}
    assert work(listening).jobs() == []


def test_no_secret_is_in_the_log(listening: Served, caplog: pytest.LogCaptureFixture) -> None:
    post(listening, "salesforce", b"{}", {"X-Baton-Secret": FLOW[:-1] + "x"})
    by_hubspot(listening, [stage(1, 7, "x")], secret="not-the-secret-at-all")
    assert "refused" in caplog.text
    assert not any(secret in caplog.text for secret in (FLOW[:-1], HUBSPOT, PIPEDRIVE, SIGNED))


def test_erasing_an_account_takes_its_events_and_jobs(listening: Served) -> None:
    for id, deal in (("evt-1", "006A"), ("evt-2", "006A"), ("evt-3", "006B")):
        body = json.dumps({"system": "salesforce", "deal": deal, "won": True}).encode()
        post(listening, "clari", body, signed_headers(body, id))
    with listening.archive.transaction():
        listening.archive._mine.connection.exec_driver_sql("UPDATE close_event SET account_id = NULL")  # it came before its deal was known
    listening.archive.purge_account(listening.halden)
    assert [event.deal for event in work(listening).latest_events(9)] == ["006B"]
    assert [job.about["deal"] for job in work(listening).jobs()] == ["006B"]
    assert all(account.id != listening.halden for account in listening.archive.accounts(EVERYTHING))


@pytest.mark.parametrize(
    ("settings", "secret", "word"),
    [
        ('[hooks.hubspot]\nsecret = "x"', "", "not 'secret'"),
        ("[hooks.hubspot]", "", "a secret does not stand in"),
        ('[hooks.hubspot]\nsecret_file = "gone"', "", "cannot read"),
        ('[hooks.hubspot]\nsecret_file = "s"', "short", "too short"),
        ('[hooks.pipedrive]\nsecret_file = "s"', "s" * 40, "name:password"),
        ('[hooks.salesforce]\nsecret_file = "s"', "s" * 40, "organization"),
        ('[hooks.other]\nsecret_file = "s"', "s" * 40, "kind is one of"),
        ('[hooks.gong]\nsecret_file = "s"', "s" * 40, "PEM"),
    ],
)
def test_settings_that_would_not_hold_are_said(tmp_path: Path, settings: str, secret: str, word: str) -> None:
    (tmp_path / "baton.toml").write_text(settings)
    (tmp_path / "s").write_text(secret)
    (tmp_path / "s").chmod(0o600)
    with pytest.raises(BadSettings, match=word):
        load_hooks(tmp_path, {})


def test_a_secret_that_others_can_read_is_refused_and_one_from_the_environment_is_taken(tmp_path: Path) -> None:
    (tmp_path / "baton.toml").write_text('[hooks.hubspot]\nsecret_file = "s"')
    (tmp_path / "s").write_text("s" * 40)
    (tmp_path / "s").chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600"):
        load_hooks(tmp_path, {})
    assert load_hooks(tmp_path, {"BATON_HOOKS_HUBSPOT_SECRET": "e" * 40})[0]["hubspot"].secrets == ("e" * 40,)
