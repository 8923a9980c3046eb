"""Signing in with the company's own account (OpenID Connect): which provider is asked, and whom its answer says is there.

The provider says who somebody is, Baton what they may see: nobody comes in who was not invited. The authorisation code goes with PKCE and
a nonce; the ID token is checked for its signature, issuer, audience, time and nonce.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from httpx2 import BaseTransport, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.access import is_loopback
from api.sign_in import SIGN_IN
from ingest.settings import FILE, BadSettings, read_secret, settings_table

log = logging.getLogger("baton.api")

WAITS_S = 600
"""How long somebody may take to sign in at their provider."""
PATIENCE_S = 10.0
_WAITING = 1000
_KNOWN_FOR_S = 3600
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures with the provider's own key; never `none`, and none made with a secret that we hold, too."""
_SHORTEST_SECRET = 16
_NO_SECRETS = frozenset({"changeme", "change-me", "secret", "client-secret", "client_secret", "password", "default", "example"})


class NotSignedIn(Exception):
    """The provider did not say who is there, or not so that it can be believed; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Provider:
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str
    """As the page calls it."""
    any_email: bool = False
    """Addresses count that the provider does not say it verified: right where only your own directory can set them."""


def load_provider(home: Path, environment: Mapping[str, str] = os.environ) -> Provider | None:
    """The `[sign_in]` table, each setting overruled by `BATON_OIDC_` and its name; None where no issuer is named. The secret comes from
    `BATON_OIDC_SECRET` or the file that `secret_file` names. Raises BadSettings, for a secret that anybody could guess too."""
    table = settings_table(home / FILE, "sign_in", SIGN_IN)

    def text(name: str) -> str:
        return str(environment.get(f"BATON_OIDC_{name.upper()}") or table.get(name) or "").strip()

    issuer = text("issuer").rstrip("/")
    if not issuer:
        return None
    _check(issuer, "issuer")
    client_id, secret = text("client_id"), environment.get("BATON_OIDC_SECRET", "").strip()
    if not secret and (name := text("secret_file")):
        secret = read_secret(home / Path(name).expanduser(), f"{FILE}: [sign_in]").strip()
    if not client_id or not secret:
        raise BadSettings(f"{FILE}: [sign_in] needs client_id, and BATON_OIDC_SECRET or a secret_file, as {issuer} gave them")
    if len(secret) < _SHORTEST_SECRET or secret.casefold() in _NO_SECRETS:
        raise BadSettings(f"the secret for signing in at {issuer} is one that anybody could guess; set the one it gave")
    any_email = text("any_email").casefold() in ("1", "true")
    return Provider(issuer, client_id, secret, text("name") or str(urlsplit(issuer).hostname), any_email)


@dataclass(frozen=True, slots=True)
class _Begun:
    nonce: str
    verifier: str
    until: float


class SingleSignOn:
    """Safe to use from several threads. What was begun is kept in memory: who was on their way when the server stopped begins again."""

    def __init__(self, provider: Provider, redirect_uri: str) -> None:
        self.provider = provider
        self.transport: BaseTransport | None = None
        """In place of the network, for tests."""
        self._redirect_uri = redirect_uri
        self._lock = threading.Lock()
        self._begun: OrderedDict[str, _Begun] = OrderedDict()
        self._described: tuple[float, dict[str, Any]] | None = None

    def begin(self) -> tuple[str, str]:
        """The address to send the browser to, and the state it must come back with, which belongs into a cookie of this browser."""
        state, begun = secrets.token_urlsafe(32), _Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(48), monotonic() + WAITS_S)
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._address(client, "authorization_endpoint"), state=state, code_verifier=begun.verifier, nonce=begun.nonce
            )
        with self._lock:
            self._begun[state] = begun
            while len(self._begun) > _WAITING:
                self._begun.popitem(last=False)
        return str(address), state

    def email(self, code: str, state: str) -> str:
        """The address of whoever comes back with this code. Raises NotSignedIn; a state is good for one attempt."""
        with self._lock:
            begun = self._begun.pop(state, None)
        if begun is None or begun.until < monotonic():
            raise NotSignedIn("the state is unknown, used or too old")
        try:
            with self._client() as client:
                token = client.fetch_token(self._address(client, "token_endpoint"), code=code, code_verifier=begun.verifier)
                claims = self._claims(client, token, begun.nonce)
        except (OAuthError, JoseError, HTTPError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn(f"{type(error).__name__} of {self.provider.issuer}") from error
        email = claims.get("email")
        if not isinstance(email, str) or "@" not in email:
            raise NotSignedIn("the ID token holds no e-mail address")
        if claims.get("email_verified") is not True and not self.provider.any_email:
            raise NotSignedIn("the provider does not say that it verified the address; any_email = true takes it all the same")
        return email

    def _claims(self, client: OAuth2Client, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        response = client.request("GET", self._address(client, "jwks_uri"), withhold_token=True)
        response.raise_for_status()
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(response.json()), algorithms=_ALGORITHMS)
        issuer = {"iss": {"essential": True, "value": self._description(client)["issuer"]}}
        audience = {"aud": {"essential": True, "value": self.provider.client_id}}
        params = {"nonce": nonce, "client_id": self.provider.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, {**issuer, **audience}, params)
        claims.validate(leeway=60)
        return dict(claims)

    def _address(self, client: OAuth2Client, name: str) -> str:
        address = str(self._description(client)[name])
        _check(address, name)
        return address

    def _description(self, client: OAuth2Client) -> dict[str, Any]:
        with self._lock:
            if self._described and self._described[0] > monotonic():
                return self._described[1]
        try:
            response = client.request("GET", f"{self.provider.issuer}/.well-known/openid-configuration", withhold_token=True)
            response.raise_for_status()
            found = dict(response.json())
            if str(found["issuer"]).rstrip("/") != self.provider.issuer:
                raise ValueError("it calls itself otherwise")
        except (HTTPError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn(f"{self.provider.issuer} could not be asked how it signs people in: {type(error).__name__}") from error
        with self._lock:
            self._described = monotonic() + _KNOWN_FOR_S, found
        return found

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self.provider.client_id, self.provider.secret, scope="openid email", redirect_uri=self._redirect_uri,
            code_challenge_method="S256", timeout=PATIENCE_S, trust_env=False, follow_redirects=False,
            transport=self.transport,
        )  # fmt: skip


def _check(address: str, name: str) -> None:
    parts = urlsplit(address)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise BadSettings(f"{FILE}: [sign_in] {name} must be an https:// address")
