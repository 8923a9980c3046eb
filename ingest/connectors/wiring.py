"""Which tools can be asked, what each has to be told, and the connectors made of that."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ingest.connectors.api import Clock
from ingest.connectors.port import Connector
from ingest.connectors.settings import Given, Needs, load_connectors
from ingest.settings import BadSettings


def _hubspot(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.hubspot import HubSpot

    return HubSpot(given.secrets["token"], clock, given.base)


def _gong(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.gong import Gong

    return Gong(given.secrets["access_key"], given.secrets["secret"], clock, given.base)


def _gmail(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.gmail import SCOPE, Gmail
    from ingest.connectors.tokens import Lent, service_account

    at, secrets = given.values.get("token_url") or "https://oauth2.googleapis.com/token", given.secrets
    if account := secrets.get("service_account"):
        boxes = given.lists.get("mailboxes") or tuple(filter(None, given.values["mailboxes"].replace(" ", "").split(",")))
        if not boxes:
            raise BadSettings("[connect.gmail] with a service account needs mailboxes, a list of addresses")
        try:
            key = json.loads(account)
            lent = {box: Lent("gmail", at, service_account(key, box, SCOPE, clock), clock) for box in boxes}
        except ValueError:
            raise BadSettings("the service_account of [connect.gmail] is not the JSON that Google gives for its key") from None
        return Gmail(lent, clock, given.base)
    if lacking := [each for each in ("client_id", "client_secret", "refresh_token") if not secrets.get(each)]:
        raise BadSettings(f"[connect.gmail] needs a service_account, or client_id, client_secret and refresh_token; it lacks {lacking[0]}")
    form = {"grant_type": "refresh_token", **{each: secrets[each] for each in ("client_id", "client_secret", "refresh_token")}}
    return Gmail({"me": Lent("gmail", at, lambda: form, clock)}, clock, given.base)


NEEDS: Mapping[str, Needs] = {
    "hubspot": Needs(("token",), base="https://api.hubapi.com"),
    "gong": Needs(("access_key", "secret"), base="https://api.gong.io"),
    "gmail": Needs(
        ("?service_account", "?client_id", "?client_secret", "?refresh_token"), ("mailboxes", "token_url"), "https://gmail.googleapis.com"
    ),
}
_MAKE: Mapping[str, Callable[[Given, Clock], Connector]] = {"hubspot": _hubspot, "gong": _gong, "gmail": _gmail}


def connected(home: Path, environment: Mapping[str, str] = os.environ, only: str = "") -> dict[str, Given]:
    """What is set, by the tool's name. Raises BadSettings."""
    return load_connectors(home, NEEDS, environment, only)


def connectors(given: Mapping[str, Given], names: Sequence[str] = (), clock: Clock | None = None) -> list[Connector]:
    """All that are connected, or those named. Raises BadSettings for one that is not."""
    for name in names:
        if name not in NEEDS:
            raise BadSettings(f"Baton cannot ask {name!r}; it can ask {', '.join(NEEDS)}")
        if name not in given:
            raise BadSettings(f"{name} is not connected; `baton connect {name}` says what it needs")
    return [_MAKE[name](given[name], clock or Clock()) for name in NEEDS if name in (names or given)]
