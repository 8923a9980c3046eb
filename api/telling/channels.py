"""Where this home tells: `[deliver.NAME]` in its settings, a table a channel. Secrets stand in files or in the environment alone.

[deliver.slack]
kind = "slack"                     # slack, mail, hubspot, salesforce, webhook
secret_file = "slack.token"        # or BATON_DELIVER_SLACK_SECRET
channel = "deal-{slug}"            # a channel's id or name; {slug} is the account's
show = "link"                      # "summary" adds counts and the open promises
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from api.access import is_loopback
from api.safe_url import safe_url
from ingest.settings import FILE, BadSettings, read_secret, settings_table

Kind = Literal["slack", "mail", "hubspot", "salesforce", "webhook"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Show = Literal["link", "summary"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,253}")
_OF: Mapping[Kind, tuple[str, ...]] = {
    "slack": ("channel", "show", "url"),
    "mail": ("host", "port", "user", "sender", "security", "csm"),
    "hubspot": ("url",),
    "salesforce": ("instance", "client_id", "version"),
    "webhook": ("url",),
}
"""Beside `kind` and `secret_file`."""


@dataclass(frozen=True, slots=True)
class Channel:
    name: str
    kind: Kind
    secret: str = field(default="", repr=False)
    url: str = ""
    channel: str = ""
    show: Show = "link"
    host: str = ""
    port: int = 587
    user: str = ""
    sender: str = ""
    security: str = "starttls"
    csm: tuple[str, ...] = ()
    """Who is told as the customer success manager where nobody was invited as one for the account."""
    instance: str = ""
    client_id: str = ""
    """Of a connected app with the client credentials flow; `secret` is its secret."""
    version: str = "66.0"


def load_channels(home: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Channel]:
    """By name. Raises BadSettings."""
    tables = settings_table(home / FILE, "deliver")
    return {name: _channel(home, name, table, environment) for name, table in tables.items()}


def _channel(home: Path, name: str, table: object, environment: Mapping[str, str]) -> Channel:
    where = f"{FILE}: [deliver.{name}]"
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        raise BadSettings(f"{where}: a channel is a table, its name small letters, digits and hyphens")
    kind = next((each for each in KINDS if each == table.get("kind", name)), None)
    if kind is None:
        raise BadSettings(f"{where}: kind is one of {', '.join(KINDS)}; it is {table.get('kind', name)!r}")
    known = ("kind", "secret_file", *_OF[kind])
    if unknown := sorted(set(table) - set(known)):
        raise BadSettings(f"{where} has {', '.join(known[:-1])} and {known[-1]}, not {unknown[0]!r}")
    secret = _secret(home, where, name, table, environment)
    needs_secret = kind != "mail" or table.get("user")
    if needs_secret and not secret:
        variable = _variable(name)
        raise BadSettings(f"{where}: name a file with the secret as secret_file, or set {variable}; a secret does not stand in {FILE}")
    told: dict[str, Any] = {key: table[key] for key in _OF[kind] if key in table}
    _CHECKS[kind](where, told)
    return Channel(name, kind, secret, **told)


def _slack(where: str, told: dict[str, Any]) -> None:
    told.setdefault("channel", "deal-{slug}")
    if not isinstance(told["channel"], str) or not re.fullmatch(r"#?[\w.{}-]{1,80}", told["channel"]):
        raise BadSettings(f'{where}: channel is a channel\'s id or name, such as "deal-{{slug}}"')
    if told.get("show", "link") not in get_args(Show):
        raise BadSettings(f"{where}: show is link or summary")
    if "url" in told:
        told["url"] = safe_url(where, told["url"])


def _mail(where: str, told: dict[str, Any]) -> None:
    if not isinstance(told.get("host"), str) or not told["host"]:
        raise BadSettings(f'{where}: host is the mail server, such as "smtp.cartage.example"')
    if not _ADDRESS.fullmatch(str(told.get("sender", ""))):
        raise BadSettings(f'{where}: sender is an address, such as "baton@cartage.example"')
    port = told.get("port", 587)
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise BadSettings(f"{where}: port is a number")
    security = told.get("security", "starttls")
    if security not in ("starttls", "tls") and not (security == "none" and is_loopback(told["host"])):
        raise BadSettings(f"{where}: security is starttls or tls; none is for a mail server on this machine")
    csm = told.get("csm", [])
    csm = [csm] if isinstance(csm, str) else csm
    if not isinstance(csm, list) or not all(isinstance(one, str) and _ADDRESS.fullmatch(one) for one in csm):
        raise BadSettings(f'{where}: csm is a list of addresses, such as ["priya@cartage.example"]')
    told["csm"] = tuple(csm)


def _hubspot(where: str, told: dict[str, Any]) -> None:
    told["url"] = safe_url(where, told.get("url", "https://api.hubapi.com"))


def _salesforce(where: str, told: dict[str, Any]) -> None:
    told["instance"] = safe_url(where, told.get("instance", ""))
    if not isinstance(told.get("client_id"), str) or not told["client_id"]:
        raise BadSettings(f"{where}: client_id is the consumer key of a connected app with the client credentials flow")
    if not re.fullmatch(r"\d\d\.0", str(told.get("version", "66.0"))):
        raise BadSettings(f'{where}: version is one of Salesforce\'s API, such as "66.0"')


def _webhook(where: str, told: dict[str, Any]) -> None:
    told["url"] = safe_url(where, told.get("url", ""))


_CHECKS = {"slack": _slack, "mail": _mail, "hubspot": _hubspot, "salesforce": _salesforce, "webhook": _webhook}


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _variable(name: str) -> str:
    return f"BATON_DELIVER_{name.upper().replace('-', '_')}_SECRET"


def _secret(home: Path, where: str, name: str, table: Mapping[str, object], environment: Mapping[str, str]) -> str:
    if given := environment.get(_variable(name), "").strip():
        return given
    if not isinstance(table.get("secret_file"), str):
        return ""
    return read_secret(home / Path(str(table["secret_file"])).expanduser(), where).strip()
