"""Frames on other people's pages: who is let in, to what, for how long; and which pages a browser lets show them."""

from __future__ import annotations

import base64
import gzip
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from fastapi.testclient import TestClient

from api.hosts import load_hosts
from api.keys import create_key, revoke_key
from api.routes.pages import WEB
from api.sign_in import INVITED, begin, new_code
from api.users import invite, suspend
from ingest.settings import BadSettings
from tests.api.served import BASE, Served, serve

SECRET = b"k" * 48
ORIGIN = "https://acme.gainsightcloud.com"
SETTINGS = f'[widget.gainsight]\norigins = ["{ORIGIN}"]\nkey_file = "gainsight.key"\n'


@pytest.fixture
def host(served: Served) -> Served:
    settings(served, SETTINGS)
    return served


def settings(served: Served, text: str) -> None:
    key = served.kit.home.path / "gainsight.key"
    key.write_bytes(SECRET)
    key.chmod(0o600)
    (served.kit.home.path / "baton.toml").write_text(text, encoding="utf-8")


def token(key: Any = SECRET, algorithm: str = "HS256", *, without: str = "", **changed: Any) -> str:
    now = datetime.now(UTC)
    said = {
        "iss": "gainsight", "aud": "baton-widget", "sub": "priya@cartage.example", "account": "halden-freight-group",
        "iat": now, "exp": now + timedelta(minutes=5), "jti": str(now.timestamp()), **changed,
    }  # fmt: skip
    return jwt.encode({name: value for name, value in said.items() if name != without}, key, algorithm)


def visit(served: Served, sent: str) -> Any:
    return served.client().post("/api/v1/widget/visits", json={"token": sent})


def let_in(served: Served, **changed: Any) -> str:
    answer = visit(served, token(**changed))
    assert answer.status_code == 200, answer.text
    assert answer.json()["expires_in"] == 900
    return str(answer.json()["bearer"])


def test_a_person_baton_knows_asks_about_that_one_account_and_no_other(host: Served) -> None:
    invite(host.admissions, "priya@cartage.example", reach="all")
    frame = host.client(let_in(host))
    assert frame.post(f"/api/v1/accounts/{host.halden}/answers", json={"question": "When do we go live?"}).status_code == 200
    assert [item["id"] for item in frame.get("/api/v1/accounts").json()["items"]] == [host.halden]
    assert frame.get(f"/api/v1/accounts/{host.brightwell}").status_code == 404
    assert frame.post(f"/api/v1/accounts/{host.halden}/briefs", json={}).status_code == 403  # it reads and asks, and does nothing else


def test_a_person_who_may_not_see_the_account_gets_nothing_of_it(host: Served) -> None:
    invite(host.admissions, "priya@cartage.example", accounts=[host.brightwell])
    frame = host.client(let_in(host))
    assert frame.get(f"/api/v1/accounts/{host.halden}").status_code == 404
    assert frame.get("/api/v1/accounts").json()["items"] == []


def test_somebody_unknown_is_let_in_only_where_guests_are_and_hears_no_internal_talk(host: Served) -> None:
    assert visit(host, token()).status_code == 401
    settings(host, SETTINGS + "guests = true\n")
    bearer = let_in(host)
    titles = [item["title"] for item in host.client(bearer).get("/api/v1/accounts/halden/sources").json()["items"]]
    assert titles
    assert "Internal: discount" not in titles
    settings(host, SETTINGS)  # guests no longer: from the next request on
    assert host.client(bearer).get("/api/v1/accounts").status_code == 401


def test_a_token_is_good_once_and_a_visit_ends(host: Served) -> None:
    invite(host.admissions, "priya@cartage.example", reach="all")
    sent = token()
    bearer = visit(host, sent).json()["bearer"]
    again = visit(host, sent)
    assert again.status_code == 401
    assert "used already" in again.json()["detail"]
    assert host.client(bearer).get("/api/v1/accounts").status_code == 200
    visits = host.app.state.visits
    visits.now = lambda: datetime.now(UTC) + timedelta(minutes=15, seconds=1)
    assert host.client(bearer).get("/api/v1/accounts").status_code == 401


def test_a_token_used_before_the_server_started_anew_is_not_good_again(host: Served) -> None:
    invite(host.admissions, "priya@cartage.example", reach="all")
    before = datetime.now(UTC) - timedelta(minutes=1)
    sent = token(iat=before, exp=before + timedelta(minutes=5))
    host.app.state.visits.since = before.replace(microsecond=0)
    assert visit(host, sent).status_code == 200
    app, _ = serve(host.kit)
    anew = TestClient(app, BASE, client=("127.0.0.1", 50000))
    refused = anew.post("/api/v1/widget/visits", json={"token": sent})
    assert refused.status_code == 401
    assert "before this server started" in refused.json()["detail"]
    assert anew.post("/api/v1/widget/visits", json={"token": token()}).status_code == 200  # the frame asks its host for another


def test_a_key_that_others_on_the_machine_can_read_opens_nothing(host: Served) -> None:
    key = host.kit.home.path / "gainsight.key"
    key.chmod(0o640)
    with pytest.raises(BadSettings, match="chmod 600"):
        load_hosts(host.kit.home.path)
    key.chmod(0o600)
    assert set(load_hosts(host.kit.home.path)[0]) == {"gainsight"}


def test_a_frame_signs_nobody_out_and_tells_nothing_of_where_they_are_signed_in(host: Served) -> None:
    who = invite(host.admissions, "priya@cartage.example", reach="all")
    _, elsewhere = begin(host.admissions, who.id, datetime.now(UTC))
    frame = host.client(let_in(host))
    assert frame.get("/api/v1/sessions").status_code == 403
    assert frame.delete(f"/api/v1/sessions/{elsewhere.id}").status_code == 403
    assert host.admissions.session(elsewhere.id).ended_at is None


def test_a_frame_neither_shares_nor_deletes_what_somebody_asked(host: Served) -> None:
    invite(host.admissions, "priya@cartage.example", reach="all")
    frame = host.client(let_in(host))
    thread = frame.post(f"/api/v1/accounts/{host.halden}/answers", json={"question": "When do we go live?"}).json()["thread_id"]
    assert frame.patch(f"/api/v1/threads/{thread}", json={"shared": True}).status_code == 403
    assert frame.delete(f"/api/v1/threads/{thread}").status_code == 403
    assert frame.get(f"/api/v1/threads/{thread}").json()["shared"] is False


def test_a_suspended_person_and_a_host_taken_out_are_out_at_once(host: Served) -> None:
    who = invite(host.admissions, "priya@cartage.example", reach="all")
    bearer = let_in(host)
    suspend(host.admissions, who, suspended=True)
    assert host.client(bearer).get("/api/v1/accounts").status_code == 401
    suspend(host.admissions, who, suspended=False)
    assert host.client(bearer).get("/api/v1/accounts").status_code == 200
    settings(host, "")
    assert host.client(bearer).get("/api/v1/accounts").status_code == 401


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (lambda: token(b"x" * 48), "not signed with the key"),
        (lambda: token(aud="baton"), "aud"),
        (lambda: token(iss="hubspot"), "no such widget"),
        (lambda: token(exp=datetime.now(UTC) + timedelta(hours=1)), "longer than 300 seconds"),
        (lambda: token(iat=datetime.now(UTC) - timedelta(hours=1), exp=datetime.now(UTC) - timedelta(minutes=56)), "too old"),
        (lambda: token(iat=datetime.now(UTC) + timedelta(hours=1), exp=datetime.now(UTC) + timedelta(minutes=64)), "clocks"),
        (lambda: token(without="jti"), "jti"),
        (lambda: token(without="account"), "account"),
        (lambda: token("", "none"), "not signed"),
        (lambda: "not.a.token" * 3, "not signed"),
        (lambda: token(account=7), "texts"),
    ],
    ids=["other key", "audience", "issuer", "long", "old", "future", "no jti", "no account", "none", "garbage", "number"],
)
def test_a_token_that_is_not_right_says_why_and_opens_nothing(host: Served, sent: Callable[[], str], says: str) -> None:
    invite(host.admissions, "priya@cartage.example", reach="all")
    answer = visit(host, sent())
    assert answer.status_code == 401
    assert says in answer.json()["detail"]
    assert "priya" not in answer.text


def test_a_host_speaks_only_of_the_accounts_it_was_given(host: Served) -> None:
    invite(host.admissions, "priya@cartage.example", reach="all")
    settings(host, SETTINGS + 'accounts = ["Brightwell Dental", "Nobody Ltd"]\n')
    assert visit(host, token()).status_code == 404
    assert visit(host, token(account="brightwell-dental")).status_code == 200


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
def test_a_host_can_keep_its_key_and_give_the_public_half(host: Served, algorithm: str) -> None:
    private: Any = {
        "EdDSA": ed25519.Ed25519PrivateKey.generate,
        "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "RS256": lambda: rsa.generate_private_key(65537, 2048),
    }[algorithm]()
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (host.kit.home.path / "gainsight.pem").write_bytes(public)
    settings(host, SETTINGS.replace("key_file", "public_key_file").replace("gainsight.key", "gainsight.pem"))
    invite(host.admissions, "priya@cartage.example", reach="all")
    assert visit(host, token(private, algorithm)).status_code == 200
    # the public half is public: whoever signs with it as if it were a secret is nobody
    signed, said, _ = token(b"x" * 48).split(".")
    mac = hmac.digest(public, f"{signed}.{said}".encode(), "sha256")
    forged = f"{signed}.{said}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert visit(host, forged).status_code == 401


def test_whoever_is_signed_in_lets_a_frame_in_themselves(host: Served) -> None:
    inside = host.client(host.key(host.halden))
    begun = inside.post("/api/v1/accounts/halden/visits")
    assert begun.status_code == 200
    assert host.client(begun.json()["bearer"]).get("/api/v1/accounts/halden").status_code == 200
    assert inside.post("/api/v1/accounts/brightwell-dental/visits").status_code == 404


def test_only_the_pages_that_the_settings_name_may_show_the_frame(host: Served) -> None:
    anyone = host.client()
    frame = anyone.get("/embed/halden")
    assert f"frame-ancestors {ORIGIN};" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    assert f'content="{ORIGIN}"' in frame.text
    assert anyone.get("/embed/nobody").text == frame.text  # whether there is such an account it does not tell
    assert "frame-ancestors 'none'" in anyone.get("/embed/halden?widget=other").headers["content-security-policy"]
    assert anyone.get("/").headers["x-frame-options"] == "DENY"
    settings(host, "")
    alone = anyone.get("/embed/halden")
    assert "frame-ancestors 'none'" in alone.headers["content-security-policy"]
    assert alone.headers["x-frame-options"] == "DENY"


def test_the_loader_is_small_and_for_every_page_and_holds_nothing(host: Served) -> None:
    loader = host.client().get("/widget.js")
    assert loader.headers["access-control-allow-origin"] == "*"
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(loader.content, 9)) <= 3 * 1024
    assert "import " not in loader.text
    assert "postMessage(message, HOME)" in loader.text
    assert '"*"' not in (WEB / "embed.js").read_text("utf-8") + loader.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('[widget.a]\norigins = ["*"]\nkey_file = "gainsight.key"', "no \\*"),
        ('[widget.a]\norigins = ["http://host.example"]\nkey_file = "gainsight.key"', "https://"),
        ('[widget.a]\norigins = ["https://host.example/x"]\nkey_file = "gainsight.key"', "nothing after it"),
        ('[widget.a]\norigins = ["https://a.example; script-src *"]\nkey_file = "gainsight.key"', "origin"),
        ('[widget.a]\nkey_file = "gainsight.key"', "which pages"),
        ('[widget.a]\norigins = ["https://a.example"]', "name one key"),
        ('[widget.a]\norigins = ["https://a.example"]\nkey_file = "nowhere.key"', "cannot read"),
        ('[widget.a]\norigins = ["https://a.example"]\nkey_file = "short.key"', "too short"),
        ('[widget.a]\norigins = ["https://a.example"]\npublic_key_file = "short.key"', "no public key"),
        ('[widget.A_B]\norigins = ["https://a.example"]\nkey_file = "gainsight.key"', "small letters"),
        ('[widget.a]\norigins = ["https://a.example"]\nkey_file = "gainsight.key"\nkey = "k"', "not 'key'"),
    ],
)
def test_settings_that_are_wrong_say_so_and_open_no_page(served: Served, wrong: str, says: str) -> None:
    settings(served, wrong)
    (served.kit.home.path / "short.key").write_bytes(b"short")
    with pytest.raises(BadSettings, match=says):
        load_hosts(served.kit.home.path)
    assert "frame-ancestors 'none'" in served.client().get("/embed/halden").headers["content-security-policy"]


def test_a_home_without_settings_has_no_hosts(tmp_path: Path) -> None:
    assert load_hosts(tmp_path) == ({}, ())


@pytest.mark.parametrize("by", ["key", "session"])
def test_a_frame_somebody_let_in_ends_with_what_they_had_come_in_with(host: Served, by: str) -> None:
    person = invite(host.admissions, "priya@cartage.example", accounts=[host.halden])
    key = create_key(host.admissions, "hers", owner=person, permissions=["ask"])
    client = host.client(key)
    if by == "session":
        client = host.client(Origin=BASE)
        client.post("/api/v1/session", json={"code": new_code(host.admissions, person.id, datetime.now(UTC), INVITED)})
    bearer = client.post("/api/v1/accounts/halden/visits").json()["bearer"]
    frame = host.client(bearer)
    asked = frame.post("/api/v1/accounts/halden/answers", json={"question": "When do we go live?"})
    assert asked.status_code == 200
    assert frame.get("/api/v1/accounts/halden").status_code == (200 if by == "session" else 403)  # no more than the key itself may
    assert frame.post("/api/v1/accounts/halden/visits").status_code == 403  # or no visit would ever end
    revoke_key(host.admissions, key[:11]) if by == "key" else client.delete("/api/v1/session")
    assert frame.post("/api/v1/accounts/halden/answers", json={"question": "When do we go live?"}).status_code == 401


def test_a_guest_sees_nothing_that_is_restricted(host: Served) -> None:
    settings(host, f"{SETTINGS}guests = true\n")
    call = host.source("Commercial alignment, Halden and Cartage")
    frame = host.client(let_in(host, sub="guest@elsewhere.example"))
    assert frame.get(f"/api/v1/sources/{call}").status_code == 200
    host.archive.restrict(call, "usr_operator", datetime.now(UTC))
    assert frame.get(f"/api/v1/sources/{call}").status_code == 404
    assert call.removeprefix("src_") not in frame.post("/api/v1/accounts/halden/answers", json={"question": "When do we go live?"}).text
