"""A message in the deal's channel, by Slack's own client: who the account is, what to do, a button with the link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from api.setbacks import Later, Never
from api.telling.channels import Channel
from api.telling.words import Message

SLACK = "https://slack.com/api"
EVENT = "baton_brief"
"""Of the metadata by which a message of ours is known again."""
OPEN_BRIEF = "open_brief"
"""The button that is a link."""
OPEN_GAPS = "open_gaps"
"""The button behind which the brief's open questions are."""
_ID = re.compile(r"[CG][A-Z0-9]{7,}")
_PERSONS_PART = frozenset(
    """
    invalid_auth not_authed account_inactive token_revoked token_expired missing_scope not_in_channel channel_not_found is_archived
    no_permission restricted_action ekm_access_denied team_access_not_granted
    """.split()
)
"""Of Slack's errors those that do not pass by themselves."""


class Slack:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._client = WebClient(channel.secret, base_url=f"{channel.url or SLACK}/", timeout=10)

    def send(self, message: Message, place: str, *, again: bool) -> str:
        """Slack takes the same message twice; one that may be there already is looked for by its metadata first."""
        try:
            id = place if _ID.fullmatch(place) else self._id_of(place)
            self._check_is_ours(id, place)
            known = self._there(id, message.key) if again else None
            return known or str(
                self._client.chat_postMessage(
                    channel=id,
                    text=escaped(f"{message.title}. {message.text} {message.url}"),
                    blocks=blocks(message, summary=self._channel.show == "summary"),
                    metadata={"event_type": EVENT, "event_payload": {"key": message.key}},
                    unfurl_links=False,
                    unfurl_media=False,
                )["ts"]
            )
        except SlackApiError as error:
            raise setback(error, f"[deliver.{self._channel.name}]", place) from None
        except (SlackClientError, OSError) as error:
            raise Later(f"[deliver.{self._channel.name}]: Slack could not be reached ({type(error).__name__})") from None

    def _id_of(self, name: str) -> str:
        for page in self._client.conversations_list(types="public_channel,private_channel", exclude_archived=True, limit=999):
            for one in page["channels"]:
                if one["name"] == name:
                    return str(one["id"])
        raise Never(
            f"[deliver.{self._channel.name}]: there is no channel {name!r} that the app is in; make it, invite the app, and replay."
        )

    def _check_is_ours(self, id: str, place: str) -> None:
        """Not where the customer may read along; and whoever is not in a channel sends nothing there."""
        about: Any = self._client.conversations_info(channel=id)["channel"]
        if about.get("is_ext_shared") or about.get("is_pending_ext_shared"):
            raise Never(f"[deliver.{self._channel.name}]: {place} is shared with another organization; nothing about a deal is sent there.")
        if about.get("is_member") is False:
            raise Never(f"[deliver.{self._channel.name}]: the app is not in {place}; invite it there (/invite) and replay.")

    def _there(self, id: str, key: str) -> str | None:
        for one in self._client.conversations_history(channel=id, include_all_metadata=True, limit=200)["messages"]:
            told = one.get("metadata", {})
            if told.get("event_type") == EVENT and told.get("event_payload", {}).get("key") == key:
                return str(one["ts"])
        return None


def blocks(message: Message, *, summary: bool) -> list[dict[str, Any]]:
    """Block Kit; the account's name and what was said are plain text, in which nothing is a link or a mention."""
    made: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": message.title[:150], "emoji": False}},
        {"type": "section", "text": {"type": "plain_text", "text": message.text, "emoji": False}},
    ]
    if summary:
        for text in (message.counts, "\n".join(f"• {line}" for line in message.lines(8))):
            if text:
                made.append({"type": "section", "text": {"type": "plain_text", "text": text[:3000], "emoji": False}})
    button = {"type": "button", "text": {"type": "plain_text", "text": message.action}, "url": message.url, "action_id": OPEN_BRIEF}
    buttons = [button]
    if message.answered_here and message.what in ("draft", "reminder") and message.brief["gaps"]:
        ask = {"type": "plain_text", "text": "Answer the open questions", "emoji": False}
        buttons.append({"type": "button", "text": ask, "action_id": OPEN_GAPS, "value": message.what})
    return [*made, {"type": "actions", "elements": buttons}]


def escaped(text: str) -> str:
    """What is shown where blocks are not; a name in it makes no mention and no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def setback(error: SlackApiError, where: str, place: str) -> Later | Never:
    """`where` is the table of the settings that this goes by."""
    said = error.response if isinstance(error.response, dict) else getattr(error.response, "data", {})
    code = str(said.get("error", "")) if isinstance(said, dict) else ""
    code = code if re.fullmatch(r"[a-z0-9_]{1,60}", code) else "an error"
    if code in _PERSONS_PART:
        return Never(f"{where}: Slack says {code} for {place}; put that right and replay.")
    wait = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return Later(f"{where}: Slack says {code}", timedelta(seconds=min(int(wait), 3600)) if wait.isdecimal() else None)
