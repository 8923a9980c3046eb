"""Whether a delivery was signed by whoever holds a secret: over its bytes as they came, now and not some other day.

One function a dialect; each raises `NotSigned`, compares in constant time, and takes several secrets, for while one replaces another both
are good. Nothing is read from a body before its signature holds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import jwt

WINDOW = timedelta(minutes=5)
"""How old a signature may be."""
AHEAD = timedelta(minutes=1)
"""How far the sender's clock may be ahead of ours."""

Headers = Mapping[str, str]
"""By names in small letters."""
Secrets = Sequence[str]


class NotSigned(Exception):
    """Forged, changed on the way, or too old; the message is for our log and holds nothing of the delivery."""


def check_hubspot(secrets: Secrets, headers: Headers, body: bytes, now: datetime, *, method: str, addresses: Iterable[str]) -> None:
    """Version 3. `addresses` are those at which the sender may have reached us, with the query as it came."""
    stamp = headers.get("x-hubspot-request-timestamp", "")
    _check_time(stamp, now, 1000)
    sent = headers.get("x-hubspot-signature-v3", "")
    spellings = {spelling for address in addresses for spelling in (address, _decoded(address))}
    good = [
        base64.b64encode(_mac(secret, method.encode() + spelling.encode() + body + stamp.encode())).decode()
        for secret in secrets
        for spelling in sorted(spellings)
    ]
    _check(sent, good)


_DECODED = {f"%{ord(sign):02X}": sign for sign in ":/?@!$'()*,;"}


def _decoded(address: str) -> str:
    """HubSpot signs the address with these escapes decoded, and with no others."""
    path, mark, query = address.partition("?")
    for escape, sign in _DECODED.items():
        query = query.replace(escape, sign).replace(escape.lower(), sign)
    return f"{path}{mark}{query}"


def check_slack(secrets: Secrets, headers: Headers, body: bytes, now: datetime) -> None:
    _check_v0(secrets, headers, body, now, "x-slack-signature", "x-slack-request-timestamp")


def check_zoom(secrets: Secrets, headers: Headers, body: bytes, now: datetime) -> None:
    _check_v0(secrets, headers, body, now, "x-zm-signature", "x-zm-request-timestamp")


def _check_v0(secrets: Secrets, headers: Headers, body: bytes, now: datetime, signature: str, timestamp: str) -> None:
    stamp = headers.get(timestamp, "")
    _check_time(stamp, now)
    _check(headers.get(signature, ""), [f"v0={_mac(secret, b'v0:' + stamp.encode() + b':' + body).hex()}" for secret in secrets])


def zoom_challenge(secret: str, token: str) -> dict[str, str]:
    """The answer by which Zoom sees that we hold the secret, when the address is set up."""
    return {"plainToken": token, "encryptedToken": _mac(secret, token.encode()).hex()}


def check_fireflies(secrets: Secrets, headers: Headers, body: bytes) -> None:
    """Its signature has no time: how old the event is has to be read from the body afterwards."""
    _check(headers.get("x-hub-signature", ""), [f"sha256={_mac(secret, body).hex()}" for secret in secrets])


def check_standard(secrets: Secrets, headers: Headers, body: bytes, now: datetime) -> str:
    """Standard Webhooks, as Fathom signs and as we sign ourselves; gives the delivery's id, which is signed with it."""
    id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not 1 <= len(id) <= 200:
        raise NotSigned("there is no id")
    _check_time(stamp, now)
    good = [sign_standard(secret, id, stamp, body) for secret in secrets]
    for sent in headers.get("webhook-signature", "").split(" ")[:10]:
        if any(hmac.compare_digest(sent.encode(), each.encode()) for each in good):
            return id
    raise NotSigned("the signature is of another secret or of other bytes")


def sign_standard(secret: str, id: str, stamp: str, body: bytes) -> str:
    """`secret` is `whsec_` and base64, or any text."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True) if secret.startswith("whsec_") else secret.encode()
    except binascii.Error:
        key = secret.encode()
    signed = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def check_header(secrets: Secrets, headers: Headers) -> None:
    """Where the sender cannot sign: a secret in a header of its own, or as name and password (`name:password`)."""
    sent = headers.get("x-baton-secret", "")
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if not sent and scheme.lower() == "basic":
        try:
            sent = base64.b64decode(given, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise NotSigned("the credentials cannot be read") from None
    _check(sent, list(secrets))


def check_age(at: datetime | None, now: datetime, most: timedelta) -> None:
    """Of an event whose signature has no time, or that was only vouched for by a secret."""
    if at is None or not now - most <= at <= now + AHEAD:
        raise NotSigned("the event is too old, or says no time")


def read_canvas(secrets: Secrets, signed_request: str) -> Any:
    """What Salesforce says about who opened a canvas; signed over the base64 as it stands, not over what it decodes to."""
    sent, _, text = signed_request.partition(".")
    _check(sent, [base64.b64encode(_mac(secret, text.encode())).decode() for secret in secrets])
    try:
        return json.loads(base64.b64decode(text))
    except ValueError:
        raise NotSigned("what was signed cannot be read") from None


def check_gong(public_keys: Sequence[Any], headers: Headers, body: bytes, now: datetime, addresses: Iterable[str]) -> None:
    """A token signed with the tenant's own key; it names the address it is for, and the body's hash where Gong puts one in."""
    token = headers.get("authorization", "").removeprefix("Bearer ")
    for key in public_keys:
        try:
            said = jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False, "verify_iat": False})
            begins, ends = int(said["iat"]), int(said["exp"])
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError):
            continue
        if not begins - AHEAD.total_seconds() <= now.timestamp() <= ends:
            raise NotSigned("the token is too old")
        if said.get("webhook_url") not in set(addresses):
            raise NotSigned("the token is for another address")
        if "body_sha256" in said and not hmac.compare_digest(str(said["body_sha256"]).encode(), hashlib.sha256(body).hexdigest().encode()):
            raise NotSigned("the token is of other bytes")
        return
    raise NotSigned("the token is signed with another key")


def _mac(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def _check(sent: str, good: Sequence[str]) -> None:
    """All of them are compared, so that the time it takes tells nothing."""
    same = [hmac.compare_digest(sent.encode(), each.encode()) for each in good if each]
    if not sent or not any(same):
        raise NotSigned("the signature is of another secret or of other bytes")


def _check_time(stamp: str, now: datetime, to_a_second: int = 1) -> None:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 16):
        raise NotSigned("there is no time")
    at = int(stamp) / to_a_second
    if not now.timestamp() - WINDOW.total_seconds() <= at <= now.timestamp() + AHEAD.total_seconds():
        raise NotSigned("the signature is too old, or the clocks differ")
