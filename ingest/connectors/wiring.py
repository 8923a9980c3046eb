"""Which tools can be asked, what each has to be told, and the connectors made of that."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.connectors.api import Clock
from ingest.connectors.port import Connector
from ingest.connectors.settings import Given, Needs, load_connectors
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from ingest.connectors.tokens import Lent


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
        boxes = _listed(given, "mailboxes")
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


def _graph(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.graph import Graph

    boxes = _listed(given, "mailboxes")
    if not boxes:
        raise BadSettings("[connect.graph] needs mailboxes, a list of the addresses whose mail is read; no other is opened")
    scope = f"{given.base}/.default"
    return Graph(boxes, _app_of_a_tenant(given, scope, clock), clock, given.base)


def _teams(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.teams import OBJECT_ID, Teams

    organizers = _listed(given, "organizers")
    if not organizers:
        raise BadSettings("[connect.teams] needs organizers, a list of the object ids in Entra of those whose meetings are read")
    if wrong := [each for each in organizers if not OBJECT_ID.fullmatch(each)]:
        raise BadSettings(f"[connect.teams] organizers are object ids, such as 4c0d6b2e-1111-4222-8333-9444aa55bb66; {wrong[0]} is none")
    return Teams(organizers, _app_of_a_tenant(given, f"{given.base}/.default", clock), clock, given.base)


def _salesforce(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.salesforce import Salesforce
    from ingest.connectors.tokens import Lent

    if not given.base:
        raise BadSettings('[connect.salesforce] needs base_url, the address of your own, such as "https://acme.my.salesforce.com"')
    form = {"grant_type": "client_credentials", **{each: given.secrets[each] for each in ("client_id", "client_secret")}}
    return Salesforce(Lent("salesforce", f"{given.base}/services/oauth2/token", lambda: form, clock), clock, given.base)


def _zoom(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.tokens import Lent
    from ingest.connectors.zoom import Zoom

    at = given.values.get("token_url") or "https://zoom.us/oauth/token"
    form = {"grant_type": "account_credentials", "account_id": given.secrets["account_id"]}
    basic = base64.b64encode(f"{given.secrets['client_id']}:{given.secrets['client_secret']}".encode()).decode()
    return Zoom(Lent("zoom", at, lambda: form, clock, basic), clock, given.base)


def _fireflies(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.fireflies import Fireflies

    return Fireflies(given.secrets["key"], clock, given.base)


def _fathom(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.fathom import Fathom

    return Fathom(given.secrets["key"], clock, given.base)


def _slack(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.slack import Slack

    return Slack(given.secrets["token"], clock, given.base)


def _imap(given: Given, clock: Clock) -> Connector:
    from ingest.connectors.imap import Imap

    host, user = given.values["host"], given.values["user"]
    if not host or not user:
        raise BadSettings('[connect.imap] needs host, such as "imap.example.com", and user, the mailbox\'s name')
    return Imap(host, user, given.secrets["password"], clock, port=int(given.values["port"] or 993), folders=_listed(given, "folders"))


def _app_of_a_tenant(given: Given, scope: str, clock: Clock) -> Lent:
    from ingest.connectors.tokens import Lent

    tenant = given.secrets["tenant"]
    at = given.values.get("token_url") or f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    form = {
        "grant_type": "client_credentials", "scope": scope,
        "client_id": given.secrets["client_id"], "client_secret": given.secrets["client_secret"],
    }  # fmt: skip
    return Lent(given.name, at, lambda: form, clock)


def _listed(given: Given, setting: str) -> tuple[str, ...]:
    """A list in the file, or with commas between in the environment."""
    return given.lists.get(setting) or tuple(filter(None, given.values.get(setting, "").replace(" ", "").split(",")))


NEEDS: Mapping[str, Needs] = {
    "hubspot": Needs(("token",), base="https://api.hubapi.com"),
    "gong": Needs(("access_key", "secret"), base="https://api.gong.io"),
    "gmail": Needs(
        ("?service_account", "?client_id", "?client_secret", "?refresh_token"), ("mailboxes", "token_url"), "https://gmail.googleapis.com"
    ),
    "graph": Needs(("tenant", "client_id", "client_secret"), ("mailboxes", "token_url"), "https://graph.microsoft.com"),
    "teams": Needs(("tenant", "client_id", "client_secret"), ("organizers", "token_url"), "https://graph.microsoft.com"),
    "salesforce": Needs(("client_id", "client_secret")),
    "zoom": Needs(("account_id", "client_id", "client_secret"), ("token_url",), "https://api.zoom.us"),
    "slack": Needs(("token",), base="https://slack.com"),
    "fireflies": Needs(("key",), base="https://api.fireflies.ai"),
    "fathom": Needs(("key",), base="https://api.fathom.ai"),
    "imap": Needs(("password",), ("host", "port", "user", "folders")),
}
_MAKE: Mapping[str, Callable[[Given, Clock], Connector]] = {
    "hubspot": _hubspot,
    "gong": _gong,
    "gmail": _gmail,
    "graph": _graph,
    "teams": _teams,
    "salesforce": _salesforce,
    "zoom": _zoom,
    "slack": _slack,
    "fireflies": _fireflies,
    "fathom": _fathom,
    "imap": _imap,
}


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
