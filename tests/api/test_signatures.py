"""The twelve signature vectors hold as they stand; with anything changed, or at another time, none does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from api import signatures
from api.hosts import Host, NotAdmitted, read_token
from api.signatures import NotSigned

DATA = Path(__file__).parents[1] / "data" / "hooks"
VECTORS: list[dict[str, Any]] = json.loads((DATA / "signatures.json").read_text("utf-8"))["vectors"]
SIGNED = [vector for vector in VECTORS if "headers" in vector]
GONG_KEY: Any = load_pem_public_key((DATA / "gong_public_key.pem").read_bytes())


def body_of(vector: Mapping[str, Any]) -> bytes:
    return (DATA / "gong_call.json").read_bytes() if "body_file" in vector else str(vector["body"]).encode()


def moment_of(vector: Mapping[str, Any]) -> datetime:
    """When it was sent, as the vector has it."""
    if "timestamp" in vector:
        stamp = int(vector["timestamp"])
        return datetime.fromtimestamp(stamp / (1000 if vector["scheme"].startswith("hubspot") else 1), UTC)
    if "webhook-timestamp" in vector["headers"]:
        return datetime.fromtimestamp(int(vector["headers"]["webhook-timestamp"]), UTC)
    if vector["scheme"].startswith("gong"):
        token = vector["headers"]["Authorization"]
        return datetime.fromtimestamp(jwt.decode(token, options={"verify_signature": False})["iat"], UTC)
    return datetime.fromtimestamp(json.loads(vector["body"])["timestamp"] / 1000, UTC)


def check(
    vector: Mapping[str, Any], *, secrets: list[str] | None = None, headers: Mapping[str, str] | None = None, body: bytes | None = None,
    at: datetime | None = None, uri: str | None = None,
) -> None:  # fmt: skip
    """As it stands, but for what is given."""
    keys = [vector.get("secret", "")] if secrets is None else secrets
    told = {name.lower(): value for name, value in (vector["headers"] if headers is None else headers).items()}
    raw, now = body_of(vector) if body is None else body, at or moment_of(vector)
    match vector["scheme"]:
        case "hubspot_v3":
            signatures.check_hubspot(keys, told, raw, now, method=vector["method"], addresses=[uri or vector["uri"]])
        case "slack_v0":
            signatures.check_slack(keys, told, raw, now)
        case "zoom_v0":
            signatures.check_zoom(keys, told, raw, now)
        case "fireflies_v2":
            signatures.check_fireflies(keys, told, raw)
            signatures.check_age(datetime.fromtimestamp(json.loads(raw)["timestamp"] / 1000, UTC), now, timedelta(days=1))
        case "fathom_standard_webhooks":
            signatures.check_standard(keys, told, raw, now)
        case "gong_jwt_rs256":
            signatures.check_gong([GONG_KEY] if secrets is None else [], told, raw, now, [uri or vector["url"]])
        case other:
            raise AssertionError(other)


def test_there_are_twelve_vectors_and_nine_of_them_are_deliveries() -> None:
    assert (len(VECTORS), len(SIGNED)) == (12, 9)


@pytest.mark.parametrize("vector", SIGNED, ids=lambda v: f"{v['scheme']} {v.get('note', '')[:20]}")
def test_a_vector_holds_as_it_stands_and_beside_a_secret_that_replaces_it(vector: dict[str, Any]) -> None:
    check(vector)
    if "secret" in vector:
        check(vector, secrets=["the-secret-that-comes-next", vector["secret"]])


def forgeries(vector: Mapping[str, Any]) -> dict[str, Callable[[], None]]:
    """What nobody who lacks the secret may get through with, or nobody any more."""
    headers, body, at = dict(vector["headers"]), body_of(vector), moment_of(vector)
    signed = next(name for name in headers if "ignature" in name or name == "Authorization")
    sent = headers[signed]
    cut = len(sent) // 2
    return {
        "another secret": lambda: check(vector, secrets=["a-secret-of-somebody-else"]),
        "no secret": lambda: check(vector, secrets=[]),
        "a byte more": lambda: check(vector, body=body + b" "),
        "other bytes": lambda: check(vector, body=body.replace(b"1", b"2", 1)),
        "no body": lambda: check(vector, body=b""),
        "no signature": lambda: check(vector, headers={name: value for name, value in headers.items() if name != signed}),
        "an empty signature": lambda: check(vector, headers={**headers, signed: ""}),
        "a changed signature": lambda: check(
            vector, headers={**headers, signed: sent[:cut] + ("A" if sent[cut] != "A" else "B") + sent[cut + 1 :]}
        ),
        "half a signature": lambda: check(vector, headers={**headers, signed: sent[:cut]}),
        "a signature of other letters": lambda: check(vector, headers={**headers, signed: "ü" * 20}),
        "replayed ten years later": lambda: check(vector, at=at + timedelta(days=3650)),
        "from the day after tomorrow": lambda: check(vector, at=at - timedelta(days=2)),
    }


@pytest.mark.parametrize("vector", SIGNED, ids=lambda v: f"{v['scheme']} {v.get('note', '')[:20]}")
def test_nothing_forged_changed_or_late_holds(vector: dict[str, Any]) -> None:
    held = []
    for how, attempt in forgeries(vector).items():
        try:
            attempt()
        except (NotSigned, json.JSONDecodeError):  # Fireflies' time is in its body, which is read after the signature holds
            continue
        if not (vector["method"] == "GET" if how == "no body" and "method" in vector else False):  # that one has none
            held.append(how)
    # A body that does not hold the letter that is changed is the same body.
    assert [how for how in held if not (how == "other bytes" and b"1" not in body_of(vector))] == []


@pytest.mark.parametrize(
    "vector", [v for v in SIGNED if "timestamp" in v or "webhook-timestamp" in v["headers"]], ids=lambda v: v["scheme"]
)
def test_a_signature_is_good_for_five_minutes(vector: dict[str, Any]) -> None:
    at = moment_of(vector)
    check(vector, at=at + timedelta(minutes=5))
    check(vector, at=at - timedelta(minutes=1))
    for off in (timedelta(minutes=5, seconds=1), -timedelta(minutes=1, seconds=1)):
        with pytest.raises(NotSigned):
            check(vector, at=at + off)


def test_hubspot_signs_the_address_it_was_told_and_no_other() -> None:
    vector = next(v for v in SIGNED if v["scheme"] == "hubspot_v3")
    with pytest.raises(NotSigned):
        check(vector, uri="https://elsewhere.ferrule.example/hooks/hubspot")


def test_zoom_sees_that_we_hold_its_secret() -> None:
    [vector] = [v for v in VECTORS if v["scheme"] == "zoom_url_validation"]
    token = json.loads(vector["body"])["payload"]["plainToken"]
    assert signatures.zoom_challenge(vector["secret"], token) == vector["response"]


def test_a_canvas_is_read_only_as_it_was_signed() -> None:
    [vector] = [v for v in VECTORS if v["scheme"] == "salesforce_canvas_signed_request"]
    sent = vector["signed_request"]
    assert signatures.read_canvas([vector["secret"]], sent)["userId"] == "005Rk0000000844IAA"
    for forged in (sent[:-4] + "AAAA", "A" + sent[1:], sent.partition(".")[2], f".{sent.partition('.')[2]}", ""):
        with pytest.raises(NotSigned):
            signatures.read_canvas([vector["secret"]], forged)


def test_a_frames_token_is_signed_as_said_and_refused_for_what_it_asks() -> None:
    """Signed well, and no way in: it names no account of ours, and is for another audience."""
    [vector] = [v for v in VECTORS if v["scheme"] == "our_embed_jwt_hs256"]
    said = jwt.decode(vector["token"], vector["secret"], algorithms=["HS256"], audience="handoff-widget")
    assert said["account_ext_id"] == "001Rk0000003qsrIAA"
    host = Host(said["iss"], ("https://cs.example",), "HS256", vector["secret"].encode())
    now = datetime.fromtimestamp(said["iat"], UTC)
    with pytest.raises(NotAdmitted, match="'account'"):
        read_token({said["iss"]: host}, vector["token"], now)
