"""A note on the deal in HubSpot with the link to the brief."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

from api.setbacks import Later
from api.telling.channels import Channel
from api.telling.http import Outward
from api.telling.words import Message

NOTE_TO_DEAL = 214
"""HubSpot's own number for that association."""


class HubSpot:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._http = Outward(channel.name, channel.url, {"Authorization": f"Bearer {channel.secret}"})

    def send(self, message: Message, place: str, *, again: bool) -> str:
        """HubSpot takes the same note twice; one that may be there already is looked for on the deal by its link."""
        try:
            if again and (known := self._there(message, place)):
                return known
            made = self._http.ask("POST", "/crm/v3/objects/notes", json={
                "properties": {"hs_timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"), "hs_note_body": body_of(message)},
                "associations": [{"to": {"id": place}, "types": [{
                    "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": NOTE_TO_DEAL,
                }]}],
            })  # fmt: skip
            return str(_in(made, "id"))
        finally:
            self._http.close()

    def _there(self, message: Message, deal: str) -> str | None:
        linked = self._http.ask("GET", f"/crm/v4/objects/deals/{deal}/associations/notes?limit=500")
        ids = [str(_in(one, "toObjectId")) for one in _in(linked, "results")]
        for begin in range(0, len(ids), 100):
            some = [{"id": id} for id in ids[begin : begin + 100]]
            read = self._http.ask("POST", "/crm/v3/objects/notes/batch/read", json={"properties": ["hs_note_body"], "inputs": some})
            for note in _in(read, "results"):
                if mark(message) in str(_in(note, "properties").get("hs_note_body")):
                    return str(note["id"])
        return None


def body_of(message: Message) -> str:
    title, text = html.escape(message.title), html.escape(message.text)
    return f'<p><b>{title}</b></p><p>{text}</p><p><a href="{mark(message)}">{html.escape(message.action)}</a></p>'


def mark(message: Message) -> str:
    """As it stands in a note."""
    return html.escape(message.mark, quote=True)


def _in(said: Any, name: str) -> Any:
    if not isinstance(said, dict) or name not in said:
        raise Later("HubSpot answered something else than its interface says")
    return said[name]
