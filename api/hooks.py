"""Whom this home listens to, who tell of closed deals and new calls, and Slack: `[hooks.NAME]` in its settings, at `/api/v1/hooks/NAME`.

    [hooks.hubspot]
    kind = "hubspot"               # hubspot, salesforce, pipedrive, signed; zoom, fireflies, fathom and gong tell of a new call
    secret_file = "hubspot.secret" # a secret a line: while a new one replaces an old one, both are good; or BATON_HOOKS_HUBSPOT_SECRET
    won_stages = ["closedwon"]     # only where no connector can look: stage ids that mean won
    organization = "00D…"          # salesforce: whose events count

    [hooks.slack]                  # people ask there
    secret_file = "slack.signing"  # or app_token_file, with which the server calls Slack
    token_file = "slack.token"

Secrets stand in files or in the environment and nowhere else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from api.safe_url import safe_url
from ingest.settings import FILE, BadSettings, read_secret, settings_table, stamp_of

Kind = Literal["hubspot", "salesforce", "pipedrive", "signed", "zoom", "fireflies", "fathom", "gong", "slack"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_CALLS = frozenset({"zoom", "fireflies", "fathom", "gong"})
"""They tell that a call can be fetched, not that a deal closed."""
LEAST_SECRET = 16
"""Characters."""
MOST_SECRETS = 4
_KNOWN = ("kind", "secret_file", "won_stages", "organization", "portal")
_OF_SLACK = ("kind", "secret_file", "token_file", "app_token_file", "show", "channel", "url")
SHOWS = ("answer", "link")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Hook:
    name: str
    kind: Kind
    secrets: tuple[str, ...] = field(repr=False)
    won_stages: frozenset[str] = frozenset()
    organization: str = ""
    portal: str = ""
    keys: tuple[Any, ...] = field(default=(), repr=False)
    """Public keys, for Gong."""
    token: str = field(default="", repr=False)
    """Of Slack's bot; `secrets` are what Slack signs with."""
    app_token: str = field(default="", repr=False)
    """With it the server calls Slack, and Slack need not reach the server."""
    show: str = "answer"
    channel: str = "deal-{slug}"
    """How an account's channel is named where nothing in it says whose it is."""
    url: str = "https://slack.com/api"


class Hooks:
    """Read again whenever a file of theirs changes: a secret is rotated while the server runs."""

    def __init__(self, home: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._home = home
        self._environment = environment
        self._stamp: tuple[object, ...] = ("never read",)
        self._found: Mapping[str, Hook] = {}
        self._files: tuple[Path, ...] = ()

    def all(self) -> Mapping[str, Hook]:
        """Raises BadSettings, each time until the settings are right again."""
        if self._stamped() != self._stamp:
            self._found, self._files = load_hooks(self._home, self._environment)
            self._stamp = self._stamped()
        return self._found

    def _stamped(self) -> tuple[object, ...]:
        return tuple(stamp_of(file) for file in (self._home / FILE, *self._files))


def load_hooks(home: Path, environment: Mapping[str, str] = os.environ) -> tuple[dict[str, Hook], tuple[Path, ...]]:
    """By name, and the files their secrets came from. Raises BadSettings."""
    tables = settings_table(home / FILE, "hooks")
    hooks: dict[str, Hook] = {}
    files: list[Path] = []
    for name, table in tables.items():
        hooks[name] = _hook(home, name, table, environment, files)
    return hooks, tuple(files)


def _hook(home: Path, name: str, table: object, environment: Mapping[str, str], files: list[Path]) -> Hook:
    where = f"{FILE}: [hooks.{name}]"
    if not _NAME.fullmatch(name):
        raise BadSettings(f"{where}: a hook's name is small letters, digits and hyphens")
    kind = next((each for each in KINDS if isinstance(table, dict) and each == table.get("kind", name)), None)
    known = _OF_SLACK if kind == "slack" else _KNOWN
    if not isinstance(table, dict) or (unknown := sorted(set(table) - set(known))):
        raise BadSettings(
            f"{where} has {', '.join(known[:-1])} and {known[-1]}" + (f", not {unknown[0]!r}" if isinstance(table, dict) else "")
        )
    if kind is None:
        raise BadSettings(f"{where}: kind is one of {', '.join(KINDS)}; it is {table.get('kind', name)!r}")
    stages = table.get("won_stages", [])
    if not isinstance(stages, list) or not all(isinstance(stage, str) for stage in stages):
        raise BadSettings(f'{where}: won_stages is a list of stage ids, such as ["closedwon", "1139920441"]')
    told = {key: table.get(key, "") for key in ("organization", "portal")}
    if not all(isinstance(value, str) for value in told.values()):
        raise BadSettings(f"{where}: organization and portal are texts, in quotes")
    if kind == "salesforce" and not told["organization"]:
        raise BadSettings(f'{where}: organization says whose events count, such as organization = "00DRk0000000195MAA"')
    if kind == "slack":
        return _slack(home, where, name, table, environment, files)
    given = _secret(home, where, name, table, environment, files)
    if kind == "gong":
        return Hook(name, kind, (), keys=(_public_key(where, given),))
    secrets = tuple(line.strip() for line in given.splitlines() if line.strip())
    _check_secrets(where, kind, secrets)
    return Hook(name, kind, secrets, frozenset(stages), **told)


def _slack(home: Path, where: str, name: str, table: Mapping[str, object], environment: Mapping[str, str], files: list[Path]) -> Hook:
    """By the one line or the other: an app token to call it with, or a signing secret to be called with."""

    def secret(what: str) -> str:
        return _secret(home, where, name, table, environment, files, what).strip()

    calls = "app_token_file" in table or bool(environment.get(f"BATON_HOOKS_{name.upper().replace('-', '_')}_APP_TOKEN"))
    token, app_token = secret("token"), secret("app_token") if calls else ""
    signing = () if calls and "secret_file" not in table else tuple(filter(None, map(str.strip, secret("secret").splitlines())))
    if signing or not calls:
        _check_secrets(where, "slack", signing)
    told: dict[str, Any] = {key: str(table[key]) for key in ("show", "channel") if key in table}
    if told.get("show", "answer") not in SHOWS:
        raise BadSettings(f"{where}: show is answer or link")
    if "{slug}" not in told.get("channel", "{slug}"):
        raise BadSettings(f'{where}: channel says how an account\'s channel is named, such as "deal-{{slug}}"')
    if "url" in table:
        told["url"] = safe_url(where, table["url"])
    return Hook(name, "slack", signing, token=token, app_token=app_token, **told)


def _secret(
    home: Path,
    where: str,
    name: str,
    table: Mapping[str, object],
    environment: Mapping[str, str],
    files: list[Path],
    what: str = "secret",
) -> str:
    variable = f"BATON_HOOKS_{name.upper().replace('-', '_')}_{what.upper()}"
    if given := environment.get(variable, "").strip():
        return given
    if not isinstance(table.get(f"{what}_file"), str):
        raise BadSettings(f"{where}: name a file with the {what} as {what}_file, or set {variable}; a {what} does not stand in {FILE}")
    file = home / Path(str(table[f"{what}_file"])).expanduser()
    files.append(file)
    return read_secret(file, where, public="BEGIN PUBLIC KEY")


def _check_secrets(where: str, kind: Kind, secrets: Sequence[str]) -> None:
    if not 1 <= len(secrets) <= MOST_SECRETS:
        raise BadSettings(f"{where}: there are 1 to {MOST_SECRETS} secrets, one a line; there are {len(secrets)}")
    if short := [each for each in secrets if len(each) < LEAST_SECRET]:
        raise BadSettings(f"{where}: a secret of {len(short[0])} characters is too short; {LEAST_SECRET} are the least")
    if kind == "pipedrive" and not all(":" in each for each in secrets):
        raise BadSettings(f"{where}: Pipedrive sends a name and a password; write each as name:password")


def _public_key(where: str, given: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(given.encode())
    except ValueError:
        raise BadSettings(f"{where}: the secret_file of Gong holds its public key in PEM form") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < 2048:
        raise BadSettings(f"{where}: Gong's public key is an RSA key of 2048 bits or more")
    return key
