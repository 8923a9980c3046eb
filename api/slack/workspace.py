"""One Slack workspace by Slack's own client: who somebody is, who is in a channel, what is said in a thread.

Nothing of what it answers is believed further than that; what goes wrong is Later or Never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from api.hooks import Hook
from api.setbacks import Later
from api.telling.slack import setback

EVENT = "baton_reply"
"""Of the metadata by which a message of ours is known again."""
KNOWN_FOR_S = 600.0
"""A colleague who leaves, or becomes a guest, is one of us for no longer."""
MOST_MEMBERS = 1000
"""A channel with more is looked at no further: it is no deal's."""

Blocks = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    email: str
    """Empty where Slack has not seen that it is theirs."""
    ours: bool
    """A full member of this workspace: no guest, and nobody of another company."""
    bot: bool


class Workspace:
    def __init__(self, hook: Hook) -> None:
        self._where = f"[hooks.{hook.name}]"
        self._client = WebClient(hook.token, base_url=f"{hook.url}/", timeout=10)
        self._home: Mapping[str, Any] = {}
        self._members: dict[str, tuple[float, Member]] = {}
        self._lock = Lock()

    def channel(self, id: str) -> Mapping[str, Any]:
        with self._asking(id):
            found: Mapping[str, Any] = self._client.conversations_info(channel=id)["channel"]
            return found

    def member(self, id: str) -> Member:
        with self._lock:
            at, known = self._members.get(id, (0.0, None))
        if known is not None and monotonic() - at < KNOWN_FOR_S:
            return known
        with self._asking(id):
            self._home = self._home or dict(self._client.auth_test().data)  # type: ignore[arg-type]  # bytes only of a file
            user: Mapping[str, Any] = self._client.users_info(user=id)["user"]
        member = _member(user, self._home)
        with self._lock:
            self._members[id] = (monotonic(), member)
        return member

    def has_outsiders(self, channel: str) -> bool:
        """Whether a guest or somebody of another company reads along."""
        ids: list[str] = []
        with self._asking(channel):
            for page in self._client.conversations_members(channel=channel, limit=200):
                ids += page["members"]
                if len(ids) > MOST_MEMBERS:
                    return True
        return any(not (member.ours or member.bot) for member in map(self.member, ids))

    def post(self, channel: str, thread: str, text: str, blocks: Blocks, key: str, *, again: bool) -> str:
        """Slack takes the same message twice; one that may be there already is looked for by its key first. Gives its `ts`."""
        with self._asking(channel):
            if again and (known := self._there(channel, thread, key)):
                return known
            sent = self._client.chat_postMessage(
                channel=channel, thread_ts=thread or None, text=text, blocks=blocks, unfurl_links=False, unfurl_media=False,
                metadata={"event_type": EVENT, "event_payload": {"key": key}},
            )  # fmt: skip
            return str(sent["ts"])

    def whisper(self, channel: str, user: str, thread: str, text: str, blocks: Blocks = ()) -> None:
        """Seen by this one person."""
        with self._asking(channel):
            self._client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread or None, text=text, blocks=blocks)

    def open_form(self, trigger: str, view: dict[str, Any]) -> None:
        with self._asking("a form"):
            self._client.views_open(trigger_id=trigger, view=view)

    def _there(self, channel: str, thread: str, key: str) -> str | None:
        if thread:
            said = self._client.conversations_replies(channel=channel, ts=thread, include_all_metadata=True, limit=200)
        else:
            said = self._client.conversations_history(channel=channel, include_all_metadata=True, limit=200)
        for one in said["messages"]:
            told = one.get("metadata", {})
            if told.get("event_type") == EVENT and told.get("event_payload", {}).get("key") == key:
                return str(one["ts"])
        return None

    @contextmanager
    def _asking(self, about: str) -> Iterator[None]:
        try:
            yield
        except SlackApiError as error:
            raise setback(error, self._where, about) from None
        except (SlackClientError, OSError) as error:
            raise Later(f"{self._where}: Slack could not be reached ({type(error).__name__})") from None


def _member(user: Mapping[str, Any], home: Mapping[str, Any]) -> Member:
    about = user.get("profile") or {}
    team, enterprise = user.get("team_id"), (user.get("enterprise_user") or {}).get("enterprise_id")
    same = team == home.get("team_id") or bool(enterprise and enterprise == home.get("enterprise_id"))
    guest = any(user.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted"))
    email = str(about.get("email") or "") if user.get("is_email_confirmed", True) else ""
    return Member(str(user.get("id")), email, same and not guest, bool(user.get("is_bot") or user.get("id") == "USLACKBOT"))
