"""Who gets in, and that what they may not see looks like what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access import CODE_LIVES_S, COOKIE, SESSION_LIVES_S, SignIn, key_items, revoke_key
from api.serve import CannotServe, greeting, planned
from assistant.wiring import open_kit
from ingest.archive.scope import EVERYTHING
from ingest.wiring import open_home
from tests.api.served import BASE, Served, fill, no_weights, serve

ORIGIN = {"Origin": BASE}


def protected(served: Served) -> list[tuple[str, str]]:
    """Every operation of the interface that shows or makes something of an account, with ids of Halden filled in."""
    spec = served.client(served.key()).get("/api/v1/openapi.json").json()
    call = served.source("Commercial alignment, Halden and Cartage")
    brief = brief_of(served)
    line, gap = (next(iter(served.archive.brief(EVERYTHING, brief)[part]))["id"] for part in ("promises", "gaps"))
    made = {"citation": citation_of(served), "brief": brief, "line": line, "gap": gap, "promise": promise_of(served)}
    ids = {"account": served.halden, "source": call, **made}
    return [
        (method.upper(), path.format(**ids))
        for path, methods in spec["paths"].items()
        for method in methods
        if path.startswith("/api/v1/") and not path.endswith("/session")
    ]


def citation_of(served: Served) -> str:
    asked = {"question": "What go-live date did we commit to?"}
    answer = served.client(served.key()).post(f"/api/v1/accounts/{served.halden}/answers", json=asked).json()
    return str(answer["citations"][0]["id"])


def brief_of(served: Served) -> str:
    return str(served.client(served.key()).post(f"/api/v1/accounts/{served.halden}/briefs", json={}).json()["id"])


def promise_of(served: Served) -> str:
    return str(served.client(served.key()).get("/api/v1/promises").json()["items"][0]["id"])


def send(client: TestClient, method: str, path: str) -> tuple[int, dict[str, object]]:
    """Status and body, without the request's own id."""
    bodies = {
        "answers": {"question": "What go-live date did we commit to?"},
        "return": {"because": "Who signs?"},
        "status": {"status": "kept", "because": "it works"},
    }
    body = {"act": "undo"} if method == "PATCH" else bodies.get(path.rpartition("/")[2], {})
    asked = {"against": path.split("/")[4]} if path.endswith("/diff") else None
    sent = body if method in ("POST", "PATCH") else None
    response = client.request(method, path, json=sent, params=asked, headers={"If-Match": '"0"'} if method == "PATCH" else None)
    return response.status_code, {name: value for name, value in response.json().items() if name != "request_id"}


def test_nothing_is_shown_without_a_valid_key(served: Served) -> None:
    revoked = served.key()
    revoke_key(served.archive, revoked[:11])
    good = served.key()
    forged = good[:-1] + ("A" if good[-1] != "A" else "B")
    operations = protected(served)
    for credentials in (None, revoked, forged, "bt_00000000_" + "x" * 43, "nonsense"):
        client = served.client(credentials)
        assert {send(client, method, path)[0] for method, path in operations} == {401}
    assert len(operations) >= 11


def test_a_key_for_one_account_meets_the_other_as_if_it_were_not_there(served: Served) -> None:
    operations = protected(served)
    stranger = served.client(served.key(served.brightwell))
    for method, path in operations:
        if "{" in path or path in ("/api/v1/accounts", "/api/v1/promises"):
            continue
        status, body = send(stranger, method, path)
        missing = path
        for known in (served.halden, *(source.id for source in served.archive.sources(EVERYTHING))):
            missing = missing.replace(known, known[:4] + "0" * (len(known) - 4))
        missing = missing.replace("/citations/cit_", "/citations/cit_0000").replace("/briefs/brf_", "/briefs/brf_0000")
        missing = missing.replace("/promises/prm_", "/promises/prm_0000")
        assert status == 404, path
        assert (status, body) == send(stranger, method, missing), path


def test_a_key_for_one_account_lists_that_account_alone(served: Served) -> None:
    items = served.client(served.key(served.brightwell)).get("/api/v1/accounts").json()["items"]
    assert [item["name"] for item in items] == ["Brightwell Dental"]


def test_suggestions_never_name_an_account_out_of_sight(served: Served) -> None:
    response = served.client(served.key(served.brightwell)).get("/api/v1/accounts/haldn freight group")
    assert response.status_code == 404
    assert "Halden" not in response.text


def test_a_revoked_key_stops_at_once(served: Served) -> None:
    key = served.key()
    client = served.client(key)
    assert client.get("/api/v1/accounts").status_code == 200
    revoke_key(served.archive, key[:11])
    assert client.get("/api/v1/accounts").status_code == 401
    assert [item["prefix"] for item in key_items(served.archive) if item["revoked_at"]] == [key[:11]]


def test_the_archive_keeps_no_key(served: Served) -> None:
    key = served.key()
    held = served.archive.tokens()[-1]
    assert key.split("_", 2)[2] not in repr(held)
    assert len(held.sha256) == 64


def test_two_credentials_in_one_request_are_refused(served: Served) -> None:
    client = served.client(served.key())
    assert client.get("/api/v1/accounts", headers={"Cookie": f"{COOKIE}=x"}).json()["code"] == "two_credentials"


def test_a_sign_in_code_opens_one_session_and_no_second(served: Served) -> None:
    code = served.sign_in.new_code()
    browser = served.client()
    first = browser.post("/api/v1/session", json={"code": code}, headers=ORIGIN)
    assert first.status_code == 204
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert browser.get("/api/v1/accounts").status_code == 200
    assert served.client().post("/api/v1/session", json={"code": code}).json()["code"] == "code_spent"


def test_a_signed_in_browser_changes_something_only_from_our_own_pages(served: Served) -> None:
    browser = served.client()
    browser.post("/api/v1/session", json={"code": served.sign_in.new_code()}, headers=ORIGIN)

    def ask(origin: str | None) -> tuple[int, str]:
        headers = {"Origin": origin} if origin else {}
        response = browser.post("/api/v1/accounts/halden/answers", json={"question": "When is the go-live date?"}, headers=headers)
        return response.status_code, response.json().get("code", "")

    for foreign in (None, "https://evil.example", "null"):
        assert ask(foreign) == (403, "cross_origin")
    assert ask(BASE) == (200, "")


def test_signing_out_ends_the_session_itself(served: Served) -> None:
    browser = served.client()
    browser.post("/api/v1/session", json={"code": served.sign_in.new_code()}, headers=ORIGIN)
    kept = browser.cookies[COOKIE]
    assert browser.delete("/api/v1/session", headers=ORIGIN).status_code == 204
    assert served.client(Cookie=f"{COOKIE}={kept}").get("/api/v1/accounts").status_code == 401


def test_codes_and_sessions_end_with_time() -> None:
    now = [0.0]
    sign_in = SignIn(clock=lambda: now[0])
    late, timely = sign_in.new_code(), sign_in.new_code()
    session = sign_in.exchange(timely)
    assert session is not None
    now[0] = CODE_LIVES_S
    assert sign_in.exchange(late) is None
    assert sign_in.holds(session)
    now[0] = SESSION_LIVES_S
    assert not sign_in.holds(session)


def test_the_sign_in_link_carries_its_code_where_no_server_logs_it() -> None:
    said = greeting(planned("127.0.0.1", 8000, {}), SignIn())
    assert "http://127.0.0.1:8000/sign-in#" in said
    assert "?" not in said


@pytest.mark.parametrize(
    ("host", "environment"),
    [
        ("0.0.0.0", {"BATON_DEV_OPEN": "1"}),
        ("192.168.1.5", {"BATON_DEV_OPEN": "1"}),
        ("127.0.0.1", {"BATON_DEV_OPEN": "1", "BATON_PUBLIC_URL": "https://baton.example"}),
        ("0.0.0.0", {}),
        ("0.0.0.0", {"BATON_PUBLIC_URL": "http://baton.example"}),
    ],
)
def test_the_server_refuses_to_start_open_to_others(host: str, environment: dict[str, str]) -> None:
    with pytest.raises(CannotServe):
        planned(host, 8000, environment)


def test_a_public_address_brings_secure_cookies_and_its_own_origin() -> None:
    plan = planned("0.0.0.0", 8000, {"BATON_PUBLIC_URL": "https://baton.example/"})
    assert plan.address.secure
    assert plan.address.origins == {"https://baton.example"}
    assert "baton.example" in plan.address.hosts
    assert not plan.open


def test_dev_open_lets_in_only_this_machine(tmp_path: Path) -> None:
    with open_kit(open_home(tmp_path, write=True, load_embedder=no_weights)) as kit:
        fill(kit.archive)
        app, _ = serve(kit, environment={"BATON_DEV_OPEN": "1"})

        def status(client: str, **headers: str) -> int:
            return TestClient(app, BASE, client=(client, 50000), headers=headers).get("/api/v1/accounts").status_code

        assert status("127.0.0.1") == 200
        assert status("::1") == 200
        assert status("192.168.1.9") == 401
        assert status("127.0.0.1", **{"X-Forwarded-For": "203.0.113.7"}) == 401
        assert status("127.0.0.1", Host="baton.example") == 421
        assert status("127.0.0.1", Authorization="Bearer bt_wrong") == 401
