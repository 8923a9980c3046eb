"""A completed task on the opportunity in Salesforce with the link to the brief."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from api.setbacks import Later, Never
from api.telling.channels import Channel
from api.telling.http import Outward
from api.telling.words import Message


class Salesforce:
    """By its REST interface: a query and a new record need no library, and its own speaks to no address but https://."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._http = Outward(channel.name, channel.instance)
        self._rest = f"/services/data/v{channel.version}"

    def send(self, message: Message, place: str, *, again: bool) -> str:
        """Salesforce takes the same task twice; one that may be there already is looked for on the opportunity by its description."""
        if not re.fullmatch(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", place):
            raise Never(f"[deliver.{self._channel.name}]: {place} is no id of a record in Salesforce.")
        try:
            headers = {"Authorization": f"Bearer {self._token()}"}
            if again and (known := self._there(message, place, headers)):
                return known
            task = {
                "WhatId": place, "Subject": message.title[:255], "Status": "Completed", "Priority": "Normal",
                "Description": f"{message.text}\n{message.mark}",
            }  # fmt: skip
            return str(_in(self._http.ask("POST", f"{self._rest}/sobjects/Task", json=task, headers=headers), "id"))
        finally:
            self._http.close()

    def _token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": self._channel.client_id, "client_secret": self._channel.secret}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return str(_in(self._http.ask("POST", "/services/oauth2/token", content=urlencode(form).encode(), headers=headers), "access_token"))

    def _there(self, message: Message, deal: str, headers: dict[str, str]) -> str | None:
        query = f"SELECT Id, Description FROM Task WHERE WhatId = '{deal}' ORDER BY CreatedDate DESC LIMIT 200"
        found = self._http.ask("GET", f"{self._rest}/query?q={quote(query)}", headers=headers)
        return next((str(one["Id"]) for one in _in(found, "records") if message.mark in str(one.get("Description"))), None)


def _in(said: Any, name: str) -> Any:
    if not isinstance(said, dict) or name not in said:
        raise Later("Salesforce answered something else than its interface says")
    return said[name]
