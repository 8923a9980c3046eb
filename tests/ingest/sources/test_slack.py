"""A Slack export becomes conversations a reader would cite: threads, and days of a channel; never what was said in private."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.reading import survey
from ingest.records import Chat, Link, Participant, Reading
from ingest.sources import slack, slack_text
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import DATA, golden, inputs, said

USERS: list[dict[str, object]] = [{"id": "U1", "team_id": "T1", "real_name": "Ann", "profile": {"email": "ann@acme.example"}}]
CHANNEL: dict[str, object] = {"id": "C1", "name": "deals", "members": ["U1"], "topic": {"value": ""}, "purpose": {"value": ""}}


def listed(name: str, *rows: object) -> Input:
    return Input(f"export/{name}.json", json.dumps(rows).encode())


def message(ts: str, text: str, **more: object) -> dict[str, object]:
    return {"type": "message", "user": "U1", "ts": ts, "text": text, **more}


def export(*messages: dict[str, object], channel: dict[str, object] = CHANNEL, users: list[dict[str, object]] = USERS) -> Reading:
    return slack.parse([listed("users", *users), listed("channels", channel), listed(f"{channel['name']}/2026-09-30", *messages)])


def chats(reading: Reading) -> list[Chat]:
    assert reading.failures == ()
    return [chat for chat in reading.interactions if isinstance(chat, Chat)]


def test_threads_are_conversations_and_loose_messages_are_one_a_day() -> None:
    found = chats(slack.parse(inputs("slack/export")))
    assert [(chat.external_id, [turn.native_id for turn in chat.turns]) for chat in found] == [
        ("C07HBRLGHT2:1787850130.000100", ["1787850130.000100", "1787850401.000200", "1787850543.000300"]),
        ("C07HBRLGHT2:1790757202.000200", ["1790757202.000200", "1790757605.000300"]),
        ("C07HBRLGHT2:2026-08-27", ["1787851200.000400"]),
        ("C07HBRLGHT2:2026-09-30", ["1790758968.000400"]),
    ]
    first = found[0]
    assert first.turns[0].text == "@Jo Lindqvist Renée wants 825, Net 45 and a month-12 opt-out. ok? dispatchly is 15% under list & pushing"
    assert first.turns[0].speaker == Participant("Priya Raman", "priya.raman@ferrule.example", "Account Executive", "seller")
    assert (first.meta["edited"], first.internal) == (["1787850543.000300"], True)
    assert first.url == "https://ferrule.slack.example/archives/C07HBRLGHT2/p1787850130000100?thread_ts=1787850130.000100&cid=C07HBRLGHT2"


def test_a_zip_gives_what_its_folder_gives() -> None:
    name = "Ferrule_Slack_export_Jun_18_2026_-_Oct_1_2026.zip"
    zipped, unpacked = (chats(slack.parse(inputs(path))) for path in (f"slack/{name}", "slack/export"))
    assert [replace(chat, file="") for chat in zipped] == [replace(chat, file="") for chat in unpacked]
    assert zipped[0].file == f"slack/{name}::deal-harborlight/2026-08-27.json"


def test_a_channels_topic_says_whose_it_is() -> None:
    expected = golden("identity")["deal"]
    assert {chat.links for chat in chats(slack.parse(inputs("slack/export")))} == {
        (
            Link("slack", "channel", expected["slack_channel"]),
            Link("hubspot", "deal", expected["hubspot"]),
            Link("domain", "account", "harborlight.example"),
        )
    }


def test_a_bots_link_speaks_for_its_thread_and_not_for_others_of_the_day() -> None:
    deal = "<https://app.hubspot.com/contacts/1/record/0-3/42190377651|Halden>"
    bot: dict[str, object] = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": f"Deal closed: {deal}"}
    root, reply = {**bot, "ts": "1790757060.000100"}, message("1790757070.000100", "Great work", thread_ts="1790757060.000100")
    (thread,) = chats(export(root, reply))
    assert (said(thread), Link("hubspot", "deal", "42190377651") in thread.links) == ("Great work", True)
    (day,) = chats(export({**bot, "ts": "1790757060.000100"}, message("1790757070.000100", "Lunch?")))
    assert (said(day), day.links) == ("Lunch?", (Link("slack", "channel", "C1"),))


@pytest.mark.parametrize(
    "row",
    [
        message("1790757060.000100", "<@U1> has joined the channel", subtype="channel_join"),
        message("1790757060.000100", "set the topic: x", subtype="channel_topic"),
        message("1790757060.000100", "This message was deleted.", subtype="tombstone", user="USLACKBOT"),
        message("1790757060.000100", "Reminder", user="USLACKBOT"),
        message("not a time", "When?"),
        message("1790757060.000100", "", files=[{"title": "a.pdf"}]),
        {"type": "message", "ts": 1790757060.0001, "text": ["odd"], "user": {"id": "U1"}},
    ],
)
def test_what_nobody_said_is_no_conversation(row: dict[str, object]) -> None:
    assert export(row).interactions == ()


def test_private_messages_are_counted_and_not_taken() -> None:
    whispered = message("1790757060.000100", "psst")
    private = [listed("dms", {"id": "D1", "members": ["U1", "U2"], "created": 1}), listed("D1/2026-09-30", whispered)]
    unlisted = listed("secret/2026-09-30", whispered)
    reading = slack.parse([listed("users", *USERS), listed("channels", CHANNEL), *private, unlisted])
    assert reading.interactions == ()
    assert [(notice.reason, notice.detail[:2]) for notice in reading.notices] == [("private", "1 "), ("private", "1 ")]


def test_a_guest_or_somebody_of_another_company_is_not_taken_for_one_of_us() -> None:
    about = {"email": "gil@halden.example"}
    guest: dict[str, object] = {"id": "U2", "team_id": "T1", "real_name": "Gil", "is_restricted": True, "profile": about}
    other: dict[str, object] = {"id": "U3", "team_id": "T9", "real_name": "Tom", "profile": {"email": "tom@halden.example"}}
    words = [message(f"179075706{n}.000100", "Hello", user=f"U{n}") for n in (1, 2, 3, 4)]
    (day,) = chats(export(*words, users=[*USERS, {**USERS[0], "id": "U9"}, guest, other]))
    assert [(turn.speaker.name, turn.speaker.side) for turn in day.turns if turn.speaker] == [
        ("Ann", "seller"), ("Gil", "unknown"), ("Tom", "unknown"), ("U4", "unknown"),
    ]  # fmt: skip
    assert not day.internal
    assert not chats(export(words[0], channel={**CHANNEL, "is_ext_shared": True}))[0].internal


def test_no_token_is_kept_anywhere() -> None:
    files = [{"title": "a.pdf", "url_private_download": "https://files.slack.com/a.pdf?t=xoxe-123-secret"}]
    (day,) = chats(export(message("1790757060.000100", "see https://files.slack.com/a.pdf?t=xoxe-123-secret", files=files)))
    assert "xoxe" not in repr(day)
    assert day.meta["files"] == ["a.pdf"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U1> &amp; <@U9|zed>", "@Ann & @zed"),
        ("<#C1|deals> <#C2>", "#deals #ops"),
        ("<!here> <!subteam^S1|@sales> <!date^1392734382^{date}|Feb 18>", "@here @sales Feb 18"),
        ("<https://a.example/x?a=1&amp;b=2|the doc> <https://a.example>", "the doc (https://a.example/x?a=1&b=2) https://a.example"),
        ("<mailto:a@b.example|a@b.example> <tel:+15|+15>", "a@b.example +15"),
        ("if a &lt; b then <b", "if a < b then <b"),
        ("&lt;@U1&gt;", "<@U1>"),
    ],
)
def test_marked_up_text_reads_as_it_was_seen(text: str, shown: str) -> None:
    assert slack_text.seen(text, {"U1": "Ann"}, {"C2": "ops"}) == shown


def test_an_export_is_one_group_whatever_its_lists_hold_and_a_lone_day_is_not_read(tmp_path: Path) -> None:
    groups = survey([DATA / "slack"]).groups
    assert {group.format: len(group.files) for group in groups if len(group.files) > 1} == {"slack": 10}
    assert [group.format for group in groups] == ["slack", "slack"]
    shutil.copyfile(DATA / "slack/export/deal-harborlight/2026-08-27.json", tmp_path / "2026-08-27.json")
    (failure,) = survey([tmp_path]).failures
    assert failure.detail.startswith("This is one day of a Slack channel")


def zipped(**members: str) -> Input:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".json", content)
    return Input("export.zip", out.getvalue())


def test_a_damaged_or_swollen_zip_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = zipped(users="[]", channels="[]", general__day=" " * 200_000)
    assert [f.reason for f in slack.parse([Input("e.zip", whole.data[:-30])]).failures] == ["not_valid"]
    monkeypatch.setattr(slack, "_MOST_UNPACKED", 100_000)
    assert [f.reason for f in slack.parse([whole]).failures] == ["too_large"]
