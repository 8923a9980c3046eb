"""The brief's summary and open promises to a customer success platform, signed as Standard Webhooks are (`api.signatures`)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from api.signatures import sign_standard
from api.telling.channels import Channel
from api.telling.http import Outward
from api.telling.words import Message


class Webhook:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def send(self, message: Message, place: str, *, again: bool) -> str:
        """Sent again it has the same `webhook-id`; whoever receives it acts on an id once."""
        parts = urlsplit(self._channel.url)
        id = f"msg_{hashlib.sha256(message.key.encode()).hexdigest()[:24]}"
        body = json.dumps(event_of(message), ensure_ascii=False).encode()
        stamp = str(int(datetime.now(UTC).timestamp()))
        signature = " ".join(sign_standard(secret, id, stamp, body) for secret in self._channel.secret.split())
        headers = {"Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature}
        http = Outward(self._channel.name, f"{parts.scheme}://{parts.netloc}")
        try:
            http.ask("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), content=body, headers=headers)
        finally:
            http.close()
        return id


def event_of(message: Message) -> dict[str, Any]:
    """Flat where a platform maps fields, with the CRM's ids, by which it knows the account."""
    brief = message.brief
    return {
        "type": f"brief.{message.what}",
        "account": {"id": brief["account"], "name": message.account},
        "deal_id": brief["deal_id"],
        "brief": {"id": brief["id"], "version": brief["version"], "state": brief["state"], "url": message.url},
        "crm": [{"system": system, "deal": native} for system, native in message.crm],
        "summary": message.counts,
        "open_questions": [gap["question"] for gap in brief["gaps"][:20]],
        "promises": message.open_promises(),
    }
