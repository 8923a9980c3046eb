"""Asked in Slack: answered in the thread with what whoever asked may see, nowhere that others read along; open questions answered there."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as serve_socket

from api.hooks import load_hooks
from api.jobs import Jobs
from api.office import Office
from api.slack import replying
from api.slack.socket import connected
from api.users import invite
from assistant.brief.shelf import current_brief
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import Work
from ingest.settings import BadSettings
from tests.api.recipients import World, listening
from tests.api.served import BASE, Served

SIGNING, TOKEN, CHANNEL, ROOT = "slack-signing-secret-1", "xoxb-test-token-123456", "C07HBRLGHT2", "1791199000.000100"
HOSTILE = "<!channel> <https://evil.example|18 January> *bold* :tada: When do we go live?"


def person(id: str, email: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "team_id": "T04FERRULE1", "profile": {"email": email}, "is_email_confirmed": True, **more}


@dataclass
class Scene:
    served: Served
    world: World
    jobs: Jobs
    sent: int = 0

    def send(self, body: bytes, *, secret: str = SIGNING, **headers: str) -> Any:
        stamp = str(int(time.time()))
        signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        own = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"}
        return self.served.client().post("/api/v1/hooks/slack", content=body, headers={**own, **headers})

    def mention(self, text: str, *, user: str = "U1", event: str = "", run: bool = True, **headers: str) -> Any:
        self.sent += 1
        told = {
            "type": "app_mention",
            "user": user,
            "text": f"<@U09HANDOFF1> {text}",
            "ts": "1791200000.000100",
            "thread_ts": ROOT,
            "channel": CHANNEL,
        }
        body = {"type": "event_callback", "team_id": "T04FERRULE1", "event_id": event or f"Ev{self.sent}", "event": told}
        answered = self.send(json.dumps(body).encode(), **{"Content-Type": "application/json", **headers})
        if run:
            self.jobs.run_due()
        return answered

    def command(self, text: str, *, user: str = "U1") -> Any:
        self.sent += 1
        form = {
            "command": "/baton",
            "text": text,
            "channel_id": CHANNEL,
            "user_id": user,
            "team_id": "T04FERRULE1",
            "trigger_id": f"{self.sent}.4.x",
        }
        answered = self.send(urlencode(form).encode(), **{"Content-Type": "application/x-www-form-urlencoded"})
        self.jobs.run_due()
        return answered

    def act(self, payload: dict[str, Any], *, user: str = "U1") -> Any:
        self.sent += 1
        about = {"user": {"id": user}, "team": {"id": "T04FERRULE1"}, "trigger_id": f"{self.sent}.4.y", "channel": {"id": CHANNEL}}
        body = urlencode({"payload": json.dumps({**about, **payload})}).encode()
        answered = self.send(body, **{"Content-Type": "application/x-www-form-urlencoded"})
        self.jobs.run_due()
        return answered

    def press(self, button: dict[str, Any], **more: Any) -> Any:
        return self.act({"type": "block_actions", "container": {"thread_ts": ROOT}, "actions": [{**button, "block_id": "b"}]}, **more)

    @property
    def whispered(self) -> str:
        return str(self.world.whispers[-1]["text"]) if self.world.whispers else ""


@pytest.fixture
def scene(served: Served) -> Iterator[Scene]:
    home = served.kit.home.path
    with listening(world := World()) as url:
        (home / "baton.toml").write_text(f'[hooks.slack]\nsecret_file = "slack.signing"\ntoken_file = "slack.token"\nurl = "{url}/api"\n')
        for name, secret in {"slack.signing": SIGNING, "slack.token": TOKEN}.items():
            (home / name).write_text(secret)
            (home / name).chmod(0o600)
        world.users = {"U1": person("U1", "Dana@cartage.example"), "UB": person("UB", "", is_bot=True)}
        invite(served.admissions, "dana@cartage.example", role="ae", accounts=[served.halden])
        served.admissions.change_principal(served.admissions.person_of("dana@cartage.example").id, name="Dana Okafor")  # type: ignore[union-attr]
        jobs = Jobs(Office(served.kit, Work.beside(served.archive), BASE))
        replying._WORKSPACES.clear()
        yield Scene(served, world, jobs)
        jobs.close()


def texts(blocks: Any) -> list[str]:
    """Of typed elements, in which nothing is markup."""
    if isinstance(blocks, dict):
        own = [blocks["text"]] if blocks.get("type") in ("text", "link", "plain_text") else []
        assert blocks.get("type") != "mrkdwn"
        return own + [text for value in blocks.values() for text in texts(value)]
    return [text for one in blocks for text in texts(one)] if isinstance(blocks, list) else []


def blocks_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = message["blocks"]
    found: list[dict[str, Any]] = json.loads(blocks) if isinstance(blocks, str) else blocks
    return found


def links(blocks: Any) -> list[str]:
    if isinstance(blocks, dict):
        return ([blocks["url"]] if blocks.get("type") == "link" else []) + [url for value in blocks.values() for url in links(value)]
    return [url for one in blocks for url in links(one)] if isinstance(blocks, list) else []


def test_a_mention_in_the_deals_channel_is_answered_in_its_thread_with_quotes_that_open(scene: Scene) -> None:
    assert scene.mention("When do we go live?").status_code == 200
    [message] = scene.world.messages
    assert (message["channel"], message["thread_ts"]) == (CHANNEL, ROOT)
    said = texts(blocks_of(message))
    assert any("18 January 2027" in text for text in said)
    assert links(blocks_of(message))[0].startswith(f"{BASE}/a/halden-freight-group?c=cit_")
    assert "January" not in message["text"]  # a notification shows no word of the history
    [entry] = [one for one in scene.served.admissions.latest(5) if one.action == "SLACK ask"]
    assert scene.served.halden in entry.targets


def test_what_somebody_wrote_is_no_markup_and_is_kept_no_longer_than_its_answer_takes(scene: Scene) -> None:
    scene.command(HOSTILE)
    root, answer = scene.world.messages
    assert (root.get("thread_ts"), answer["thread_ts"]) == (None, root["ts"])
    assert any("*bold* :tada:" in text for text in texts(blocks_of(root)))
    assert links(blocks_of(root)) == []
    assert "<" not in root["text"] + answer["text"]
    [job] = scene.jobs._office.work.jobs()
    assert (job.state, "words" in job.about, job.account_id) == ("done", False, scene.served.halden)


def test_the_same_event_again_is_one_answer(scene: Scene) -> None:
    for attempt in range(4):
        assert scene.mention("When do we go live?", event="Ev7", **{"X-Slack-Retry-Num": str(attempt)}).status_code == 200
    assert len(scene.world.messages) == 1


def test_an_answer_whose_sending_was_not_noted_is_not_sent_twice(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(place: str) -> None:
        monkeypatch.undo()
        raise RuntimeError(place)

    monkeypatch.setattr(replying, "past", cut)
    scene.mention("When do we go live?")
    work = scene.jobs._office.work
    [job] = work.jobs()
    assert (job.state, len(scene.world.messages)) == ("waiting", 1)
    work.fail_job(job.number, "", work.now())
    scene.jobs.run_due()
    assert (work.job(job.number).state, len(scene.world.messages)) == ("done", 1)


def test_an_answer_waits_for_no_other_job(scene: Scene) -> None:
    office = scene.jobs._office
    office.work.add_job("pull", {"source": "gong"})
    prompt = Jobs(office, prompt=True)
    scene.mention("When do we go live?", run=False)
    assert (prompt.run_due(), [job.kind for job in office.work.jobs(states=("waiting",))]) == (1, ["pull"])
    assert office.work.next_at(["slack"]) is None


@pytest.mark.parametrize(
    ("secret", "headers"),
    [("slack-signing-secret-2", {}), (SIGNING, {"X-Slack-Request-Timestamp": "1791200000"}), (SIGNING, {"X-Slack-Signature": ""})],
)
def test_what_slack_did_not_sign_now_is_refused_unread(scene: Scene, secret: str, headers: dict[str, str]) -> None:
    assert scene.send(b'{"type":"url_verification","challenge":"x"}', secret=secret, **headers).status_code == 401
    assert scene.jobs._office.work.jobs() == []


def test_the_address_is_verified_and_what_nobody_listens_to_is_no_failure(scene: Scene) -> None:
    as_json = {"Content-Type": "application/json"}
    assert scene.send(b'{"type":"url_verification","challenge":"3eZ"}', **as_json).json() == {"challenge": "3eZ"}
    other = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added", "user": "U1"}}
    assert scene.send(json.dumps(other).encode(), **as_json).status_code == 200
    for broken in (b"\xff{", b"[]", b"{}", b'{"event":{"type":"app_mention"},"type":"event_callback"}', b"[" * 100_000):
        assert scene.send(broken, **as_json).status_code in (200, 400)
    assert scene.jobs._office.work.jobs() == []
    assert logging.getLogger("baton.api").isEnabledFor(logging.WARNING)  # the framework is silenced, and nobody else


@pytest.mark.parametrize("mark", [{"is_ext_shared": True}, {"is_pending_ext_shared": True}, {"is_shared": True}])
def test_nothing_is_said_where_another_company_reads_along(scene: Scene, mark: dict[str, bool]) -> None:
    scene.world.channel = mark
    scene.mention("When do we go live?")
    assert (scene.world.messages, scene.whispered) == ([], replying.NOT_HERE)


def test_nothing_is_said_where_a_guest_reads_along(scene: Scene) -> None:
    scene.world.users["U8"] = person("U8", "marta@halden.example", is_ultra_restricted=True)
    scene.mention("When do we go live?")
    assert (scene.world.messages, scene.whispered) == ([], replying.NOT_HERE)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (person("U2", "nobody@cartage.example"), replying.UNKNOWN),
        (person("U2", "dana@cartage.example", is_email_confirmed=False), replying.UNKNOWN),
        (person("U2", "dana@cartage.example", team_id="T9"), replying.STRANGER),
        (person("U2", "dana@cartage.example", is_restricted=True), replying.STRANGER),
    ],
)
def test_who_is_not_known_by_an_address_of_their_own_is_told_nothing(scene: Scene, who: dict[str, Any], said: str) -> None:
    scene.world.users["U2"] = who
    scene.mention("When do we go live?", user="U2")
    scene.command("gaps", user="U2")
    assert (scene.world.messages, {each["text"] for each in scene.world.whispers}) == ([], {said})


def test_who_is_suspended_or_may_not_see_the_account_is_told_nothing(scene: Scene) -> None:
    admissions = scene.served.admissions
    invite(admissions, "olle@cartage.example", role="csm", accounts=[scene.served.brightwell])
    scene.world.users["U2"] = person("U2", "olle@cartage.example")
    scene.mention("When do we go live?", user="U2")
    assert (scene.world.messages, scene.whispered) == ([], replying.NO_ACCOUNT)
    dana = admissions.person_of("dana@cartage.example")
    assert dana is not None
    admissions.suspend_principal(dana.id, datetime.now(UTC))
    scene.mention("When do we go live?")
    assert (scene.world.messages, scene.whispered) == ([], replying.UNKNOWN)


def test_what_is_restricted_or_internal_to_others_is_not_said_before_them(scene: Scene) -> None:
    admissions = scene.served.admissions
    invite(admissions, "root@cartage.example", role="admin")
    invite(admissions, "vera@cartage.example", role="viewer", accounts=[scene.served.halden])
    scene.world.users |= {"U2": person("U2", "root@cartage.example"), "U3": person("U3", "vera@cartage.example")}
    call = scene.served.source("Commercial alignment, Halden and Cartage")
    admissions.restrict(call, "root", datetime.now(UTC))
    scene.mention("Is the peak booking in the last week of January?", user="U2")
    scene.mention("Is the go-live target the end of February?", user="U3")
    said = " ".join(texts([blocks_of(one) for one in scene.world.messages]))
    assert len(scene.world.messages) == 2
    assert "Our peak booking starts" not in said
    assert "Go-live target end of February 2027" not in said


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ({"name": "rollout", "topic": {"value": "brightwell.example"}}, "Brightwell Dental"),
        ({"name": "rollout", "purpose": {"value": "Deal of halden.example"}}, "Halden Freight Group"),
        ({"name": "deal-halden-freight-group"}, "Halden Freight Group"),
        ({"name": "rollout"}, None),
    ],
)
def test_the_account_is_the_channels(scene: Scene, about: dict[str, Any], found: str | None) -> None:
    invite(scene.served.admissions, "ola@cartage.example", role="admin")
    scene.world.users["U4"] = person("U4", "ola@cartage.example")
    scene.world.channel = about
    scene.mention("What was agreed?", user="U4")
    assert [one["text"].partition(":")[0] for one in scene.world.messages] == ([f"About {found}"] if found else [])
    assert scene.whispered == ("" if found else replying.NO_ACCOUNT)


def test_where_the_channel_names_two_accounts_it_asks_back_and_tells_only_what_one_may_know(scene: Scene) -> None:
    invite(scene.served.admissions, "ola@cartage.example", role="admin")
    scene.world.users["U4"] = person("U4", "ola@cartage.example")
    scene.world.channel = {"topic": {"value": "halden.example and brightwell.example"}}
    scene.mention("When do we go live?", user="U4")
    buttons = [one for block in blocks_of(scene.world.whispers[0]) for one in block.get("elements", ())]
    assert [one["text"]["text"] for one in buttons] == ["Brightwell Dental", "Halden Freight Group"]
    scene.press(buttons[1], user="U4")
    assert [one["text"].partition(":")[0] for one in scene.world.messages] == ["About Halden Freight Group"]
    scene.mention("When do we go live?")
    buttons = [one for block in blocks_of(scene.world.whispers[-1]) for one in block.get("elements", ())]
    assert [one["text"]["text"] for one in buttons] == ["Halden Freight Group"]
    scene.press({**buttons[0], "value": f"{scene.served.brightwell} What price?"})
    assert len(scene.world.messages) == 1


def test_an_open_question_is_answered_right_there_and_is_evidence_of_whoever_did(scene: Scene) -> None:
    brief = current_brief(scene.served.kit, scene.served.halden)
    assert brief["gaps"]
    scene.command("gaps")
    asked = blocks_of(scene.world.whispers[0])
    button = next(one for block in asked for one in block.get("elements", ()) if one.get("type") == "button")
    assert scene.press(button).status_code == 200
    form = json.loads(scene.world.forms[0]["view"]) if isinstance(scene.world.forms[0]["view"], str) else scene.world.forms[0]["view"]
    values = {"answer": {"text": {"type": "plain_text_input", "value": "Two years of it, <!here> and & more."}}}
    submitted = {"type": "view_submission", "view": {**form, "id": "V1", "state": {"values": values}}}
    for _ in range(2):  # pressed twice
        assert scene.act(submitted).status_code == 200
    assert scene.whispered == replying.KEPT
    after = current_brief(scene.served.kit, scene.served.halden)
    [kept] = after["attested"]
    assert "Two years of it, <!here> and & more." in [one["quote"]["exact"] for one in after["citations"]]
    assert kept["by"] == "Dana Okafor"
    [note] = scene.served.archive.sources(EVERYTHING.only(scene.served.halden), frozenset({"ae_note"}))
    speaker = scene.served.archive.interaction(EVERYTHING, note.id).turns[0].person
    assert speaker is not None
    assert speaker.name == "Dana Okafor"
    assert len(after["gaps"]) == len(brief["gaps"]) - 1


def test_the_draft_that_is_told_of_leads_to_its_open_questions_where_the_same_app_answers(scene: Scene) -> None:
    home, office = scene.served.kit.home.path, scene.jobs._office
    url = load_hooks(home)[0]["slack"].url
    file = home / "baton.toml"
    file.write_text(f'{file.read_text()}[deliver.slack]\nsecret_file = "slack.token"\nurl = "{url}"\n')
    brief = current_brief(scene.served.kit, scene.served.halden)
    for what in ("draft", "approved"):
        office.work.add_job("send", {"brief": brief["id"], "what": what, "channel": "slack", "place": CHANNEL}, key=what)
    scene.jobs.run_due()
    told = [[one["action_id"] for one in blocks_of(message)[-1]["elements"]] for message in scene.world.messages]
    assert told == [["open_brief", "open_gaps"], ["open_brief"]]
    scene.press(blocks_of(scene.world.messages[0])[-1]["elements"][1])
    assert brief["gaps"][0]["question"] in " ".join(texts(blocks_of(scene.world.whispers[0])))


def test_nobody_attests_who_may_not_or_is_not_known(scene: Scene) -> None:
    brief = current_brief(scene.served.kit, scene.served.halden)
    invite(scene.served.admissions, "vera@cartage.example", role="viewer", accounts=[scene.served.halden])
    scene.world.users |= {"U3": person("U3", "vera@cartage.example"), "U2": person("U2", "nobody@cartage.example")}
    carried = {"brief": brief["id"], "gap": brief["gaps"][0]["id"], "channel": CHANNEL, "thread": ROOT}
    view = {"type": "modal", "id": "V2", "callback_id": "gap_answered", "private_metadata": json.dumps(carried)}
    values = {"answer": {"text": {"type": "plain_text_input", "value": "Invented."}}}
    for user, word in (("U3", replying.MAY_NOT), ("U2", replying.UNKNOWN)):
        told = scene.act({"type": "view_submission", "view": {**view, "state": {"values": values}}}, user=user).json()
        assert told == {"response_action": "errors", "errors": {"answer": word}}
        scene.press({"action_id": "answer_gap_1", "value": f"{carried['brief']} {carried['gap']}", "type": "button"}, user=user)
    assert scene.world.forms == []
    assert current_brief(scene.served.kit, scene.served.halden)["attested"] == []


def test_a_link_instead_of_content_where_the_settings_want_that(scene: Scene) -> None:
    file = scene.served.kit.home.path / "baton.toml"
    file.write_text(file.read_text() + 'show = "link"\n')
    scene.mention("When do we go live?")
    [message] = scene.world.messages
    assert "January" not in json.dumps(message)
    assert links(blocks_of(message)) == [f"{BASE}/a/halden-freight-group"]


def test_a_command_without_a_question_says_how_and_where_the_app_is_not_asks_for_it(scene: Scene) -> None:
    assert replying.HOW in scene.command("help").text
    scene.world.troubles = [(200, {"ok": False, "error": "channel_not_found"}, {})]
    assert "/invite" in scene.command("When do we go live?").text
    scene.world.channel = {"is_member": False}  # of a public channel it is told, and may write nothing there
    assert "/invite" in scene.command("When do we go live?").text
    assert (scene.world.messages, scene.jobs._office.work.jobs()) == ([], [])


def test_what_was_not_understood_or_not_kept_is_in_the_log_without_what_was_written(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.press({"action_id": "of_last_year", "value": "zanzibar", "type": "button"})
    scene.press({"action_id": "open_brief", "type": "button", "url": "https://baton.example"})
    form = {"type": "modal", "callback_id": "gap_answered", "private_metadata": "zanzibar"}
    assert scene.act({"type": "view_submission", "view": form}).status_code == 400
    gap = {"action_id": "answer_gap_1", "value": "brf_1 gap_1", "type": "button"}
    scene.world.troubles = [(200, {"ok": False, "error": "invalid_auth"}, {})]
    replying._WORKSPACES.clear()
    assert scene.press(gap).status_code == 500
    told = [line.getMessage() for line in caplog.records if line.name == "baton.api"]
    assert [line.partition("hook slack: ")[2] for line in told] == [
        "nothing is done for a button 'of_last_year' of Slack",
        "what came from Slack is in no form that it documents (JSONDecodeError)",
        "what came from Slack could not be kept ([hooks.slack]: Slack says invalid_auth for U1; put that right and replay.)",
    ]
    assert "zanzibar" not in caplog.text


def test_its_settings_are_checked(scene: Scene) -> None:
    home = scene.served.kit.home.path
    good = (home / "baton.toml").read_text()
    assert TOKEN not in repr(load_hooks(home)[0]["slack"])
    for line, word in (('show = "all"', "answer or link"), ('channel = "deals"', "{slug}"), ('won_stages = ["x"]', "not 'won_stages'")):
        (home / "baton.toml").write_text(f"{good}{line}\n")
        with pytest.raises(BadSettings, match=word):
            load_hooks(home)
    (home / "slack.signing").write_text("short")  # by both ways at once, each of them has to hold
    (home / "baton.toml").write_text(f'{good}app_token_file = "slack.token"\n')
    with pytest.raises(BadSettings, match="too short"):
        load_hooks(home)


def test_over_a_line_that_the_server_opened_it_is_kept_before_it_is_acknowledged(scene: Scene) -> None:
    """Socket Mode, with a real socket: Slack's client calls, is told of a mention, and says that it has it."""
    home = scene.served.kit.home.path
    (home / "app.token").write_text("xapp-test-token-123456")
    (home / "app.token").chmod(0o600)
    file = home / "baton.toml"
    file.write_text(file.read_text().replace('secret_file = "slack.signing"', 'app_token_file = "app.token"'))
    hook = load_hooks(home)[0]["slack"]
    assert (hook.secrets, "xapp" in repr(hook)) == ((), False)
    told = {"type": "app_mention", "user": "U1", "text": "<@UB> When do we go live?", "ts": "1.2", "channel": CHANNEL}
    payload = {"type": "event_callback", "event_id": "Ev1", "event": told}
    envelope = {"type": "events_api", "envelope_id": "e1", "accepts_response_payload": False, "payload": payload}
    heard: Queue[tuple[str, int]] = Queue()
    work = scene.jobs._office.work

    def talk(line: ServerConnection) -> None:
        line.send(json.dumps({"type": "hello", "num_connections": 1}))
        for _ in range(2):
            line.send(json.dumps(envelope))
            heard.put((json.loads(line.recv())["envelope_id"], len(work.jobs())))
        line.recv()  # until it is closed

    came: list[int] = []
    with serve_socket(talk, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        scene.world.line = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link"
        with connected(scene.served.kit, hook, lambda: came.append(1)):
            assert [heard.get(timeout=30) for _ in range(2)] == [("e1", 1), ("e1", 1)]
        server.shutdown()
        thread.join()
    assert came
    scene.jobs.run_due()
    assert len(scene.world.messages) == 1
    assert scene.send(b"{}", secret="").status_code == 401  # nothing is taken in by the other way
