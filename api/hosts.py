"""The pages of others that may show Baton in a frame, and how they say who is looking: `[widget.NAME]` in the home's settings.

    [widget.gainsight]
    origins = ["https://acme.gainsightcloud.com"]
    key_file = "gainsight.key"      # what the host's server signs with; or public_key_file
    accounts = ["Halden Freight Group"]   # without it: all
    guests = true                   # people Baton does not know see what a viewer sees of the account; without it: nobody unknown

Only a host's server signs. Its key opens nothing but frames, and no API key can be made of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from api.access import is_loopback
from ingest.settings import FILE, BadSettings, open_to_all, settings_table, stamp_of

log = logging.getLogger("baton.api")

AUDIENCE = "baton-widget"
TOKEN_LIVES = timedelta(minutes=5)
"""At most, from its `iat` to its `exp`."""
CLOCKS_DIFFER = timedelta(seconds=30)
LEAST_SECRET = 32
"""Bytes of a secret that is shared with a host."""
_KNOWN = ("origins", "key_file", "public_key_file", "accounts", "guests")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class NotAdmitted(Exception):
    """A token that opens nothing; the message is for the host's developer and holds nothing of the token."""


@dataclass(frozen=True, slots=True)
class Host:
    name: str
    origins: tuple[str, ...]
    algorithm: str
    key: Any = field(repr=False)
    accounts: frozenset[str] | None = None
    """Names, slugs, domains or ids as the settings have them; None: any."""
    guests: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """What a host's token says, once its signature has been checked."""

    host: Host
    email: str
    account: str
    id: str
    signed_at: datetime
    expires_at: datetime


class Hosts:
    """Read again whenever a file of theirs changes, so that a host that is taken out is out at once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._stamp: tuple[object, ...] = ("never read",)
        self._found: Mapping[str, Host] = {}
        self._files: tuple[Path, ...] = ()

    def all(self) -> Mapping[str, Host]:
        """Nobody's page while the settings are wrong; the log says so, as `baton serve` does when it starts."""
        if self._stamped() != self._stamp:
            try:
                self._found, self._files = load_hosts(self._home)
            except BadSettings as error:
                log.error("no page may show Baton in a frame: %s", error)
                self._found, self._files = {}, ()
            self._stamp = self._stamped()
        return self._found

    def _stamped(self) -> tuple[object, ...]:
        return tuple(stamp_of(file) for file in (self._home / FILE, *self._files))


def load_hosts(home: Path) -> tuple[dict[str, Host], tuple[Path, ...]]:
    """By name, and the key files they came from. Raises BadSettings."""
    tables = settings_table(home / FILE, "widget")
    hosts: dict[str, Host] = {}
    files: list[Path] = []
    for name, table in tables.items():
        hosts[name], key_file = _host(home, name, table)
        files.append(key_file)
    return hosts, tuple(files)


def read_token(hosts: Mapping[str, Host], token: str, now: datetime) -> Signed:
    """Raises NotAdmitted. Whether it was used before is for the caller to know."""
    try:
        host = hosts[str(jwt.decode(token, options={"verify_signature": False})["iss"])]
        said = jwt.decode(
            token,
            host.key,
            algorithms=[host.algorithm],  # never what the token itself names
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "jti", "sub", "account"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        begins, ends = (datetime.fromtimestamp(int(said[name]), now.tzinfo) for name in ("iat", "exp"))
    except KeyError:
        raise NotAdmitted("no such widget: `iss` must be the NAME of a [widget.NAME] in baton.toml") from None
    except jwt.MissingRequiredClaimError as error:
        raise NotAdmitted(f"the token lacks {error.claim!r}") from None
    except jwt.InvalidAudienceError:
        raise NotAdmitted(f"the token's `aud` must be {AUDIENCE!r}") from None
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError):
        raise NotAdmitted("the token is not signed with the key that baton.toml names for this widget") from None
    if ends - begins > TOKEN_LIVES:
        raise NotAdmitted(f"the token is good for longer than {int(TOKEN_LIVES.total_seconds())} seconds")
    if now > ends + CLOCKS_DIFFER or begins > now + CLOCKS_DIFFER:
        raise NotAdmitted("the token is too old, or the clocks of the two servers differ")
    if not isinstance(said["account"], str) or not isinstance(said["sub"], str) or not isinstance(said["jti"], str):
        raise NotAdmitted("`account`, `sub` and `jti` are texts")
    return Signed(host, said["sub"].strip().lower()[:254], said["account"][:200], said["jti"][:200], begins, ends + CLOCKS_DIFFER)


def _host(home: Path, name: str, table: object) -> tuple[Host, Path]:
    where = f"{FILE}: [widget.{name}]"
    if not _NAME.fullmatch(name):
        raise BadSettings(f"{where}: a widget's name is small letters, digits and hyphens")
    if not isinstance(table, dict) or (unknown := sorted(set(table) - set(_KNOWN))):
        raise BadSettings(
            f"{where} has {', '.join(_KNOWN[:-1])} and {_KNOWN[-1]}" + (f", not {unknown[0]!r}" if isinstance(table, dict) else "")
        )
    origins, accounts, guests = table.get("origins"), table.get("accounts"), table.get("guests", False)
    if not isinstance(origins, list) or not origins:
        raise BadSettings(f'{where}: say which pages may show it, such as origins = ["https://acme.gainsightcloud.com"]')
    if accounts is not None and not (isinstance(accounts, list) and all(isinstance(one, str) for one in accounts)):
        raise BadSettings(f"{where}: accounts is a list of accounts; leave it out for all")
    if not isinstance(guests, bool):
        raise BadSettings(f"{where}: guests is true or false")
    algorithm, key, file = _key(home, where, table)
    checked = tuple(_origin(where, origin) for origin in origins)
    return Host(name, checked, algorithm, key, None if accounts is None else frozenset(accounts), guests), file


def _origin(where: str, origin: object) -> str:
    parts = urlsplit(origin) if isinstance(origin, str) else urlsplit("")
    bare = f"{parts.scheme}://{parts.netloc}"
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if origin != bare or not secure or not re.fullmatch(r"[a-z0-9.\-\[\]:]+", parts.netloc):
        raise BadSettings(f"{where}: an origin is https:// and a host name, with nothing after it and no *; it is {origin!r}")
    return bare


def _key(home: Path, where: str, table: Mapping[str, object]) -> tuple[str, Any, Path]:
    given = [name for name in ("key_file", "public_key_file") if table.get(name)]
    if len(given) != 1 or not isinstance(table[given[0]], str):
        raise BadSettings(f"{where}: name one key, by key_file (`baton widget key` makes one) or by public_key_file")
    file = home / str(table[given[0]])
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadSettings(f"{where}: cannot read {file}: {error.strerror}") from error
    if given == ["key_file"]:
        if len(secret := content.strip()) < LEAST_SECRET:
            raise BadSettings(f"{where}: the key in {file} is too short; `baton widget key {file}` makes a good one")
        if file.stat().st_mode & 0o077:  # whoever reads it can sign in anybody
            raise open_to_all(file, where)
        return "HS256", secret, file
    try:
        key = load_pem_public_key(content)
    except ValueError:
        raise BadSettings(f"{where}: {file} is no public key in PEM form") from None
    match key:
        case ed25519.Ed25519PublicKey():
            return "EdDSA", key, file
        case ec.EllipticCurvePublicKey() if key.curve.name == "secp256r1":
            return "ES256", key, file
        case rsa.RSAPublicKey() if key.key_size >= 2048:
            return "RS256", key, file
    raise BadSettings(f"{where}: {file} must be an Ed25519, P-256 or RSA key (2048 bits and more)")
