"""How a browser comes in and goes out: links that work once, sessions that no other page can use, and where one is signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.access import COOKIE, IDLE, SECURE_COOKIE
from api.sign_in import FIRST_RUN, INVITED, SESSION, new_code
from api.users import invite, suspend
from tests.api.served import BASE, Served

ORIGIN = {"Origin": BASE}


def signed_in(served: Served, code: str | None = None) -> TestClient:
    browser = served.client()
    assert browser.post("/api/v1/session", json={"code": code or served.code()}, headers=ORIGIN).status_code == 204
    return browser


def later(served: Served, by: timedelta) -> None:
    at = served.app.state.gate.now() + by
    served.app.state.gate = replace(served.app.state.gate, now=lambda: at)


def test_what_one_prefers_is_ones_own_in_every_browser_until_one_is_forgotten(served: Served) -> None:
    browser, elsewhere = signed_in(served), signed_in(served)
    nothing = {"theme": None, "single_keys": None}
    path = "/api/v1/me/preferences"
    assert browser.get("/api/v1/me").json()["preferences"] == nothing
    assert browser.patch(path, json={"theme": "dark"}, headers=ORIGIN).json() == {**nothing, "theme": "dark"}
    assert browser.patch(path, json={"single_keys": False}, headers=ORIGIN).status_code == 200
    assert elsewhere.get("/api/v1/me").json()["preferences"] == {"theme": "dark", "single_keys": False}
    assert browser.patch(path, json={"theme": None}, headers=ORIGIN).json() == {"theme": None, "single_keys": False}
    assert served.client(served.key()).get("/api/v1/me").json()["preferences"] == nothing
    assert browser.patch(path, json={"theme": "dark"}).status_code == 403
    for wrong in ({"theme": "pink"}, {"font": "large"}):
        assert browser.patch(path, json=wrong, headers=ORIGIN).status_code == 422


def test_a_link_opens_one_session_and_no_second(served: Served) -> None:
    code = served.code()
    browser = served.client()
    first = browser.post("/api/v1/session", json={"code": code}, headers=ORIGIN)
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert browser.get("/api/v1/accounts").status_code == 200
    assert served.client().post("/api/v1/session", json={"code": code}).json()["code"] == "code_spent"


def test_a_new_link_puts_the_one_before_out_of_use(served: Served) -> None:
    before, after = served.code(), served.code()
    assert served.client().post("/api/v1/session", json={"code": before}).status_code == 401
    signed_in(served, after)


def test_over_https_the_cookie_is_bound_to_this_very_host(served: Served) -> None:
    served.app.state.gate = replace(served.app.state.gate, secure_cookies=True)
    cookie = served.client().post("/api/v1/session", json={"code": served.code()}).headers["set-cookie"]
    assert cookie.startswith(f"{SECURE_COOKIE}=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie


def test_a_signed_in_browser_changes_something_only_from_our_own_pages(served: Served) -> None:
    browser = signed_in(served)

    def ask(origin: str | None) -> tuple[int, str]:
        headers = {"Origin": origin} if origin else {}
        response = browser.post("/api/v1/accounts/halden/answers", json={"question": "When is the go-live date?"}, headers=headers)
        return response.status_code, response.json().get("code", "")

    for foreign in (None, "https://evil.example", "null"):
        assert ask(foreign) == (403, "cross_origin")
    assert ask(BASE) == (200, "")


def test_signing_out_ends_the_session_itself(served: Served) -> None:
    browser = signed_in(served)
    kept = browser.cookies[COOKIE]
    assert browser.delete("/api/v1/session", headers=ORIGIN).status_code == 204
    assert served.client(Cookie=f"{COOKIE}={kept}").get("/api/v1/accounts").status_code == 401


def test_links_and_sessions_end_with_time(served: Served) -> None:
    browser, late = signed_in(served), served.code()
    later(served, FIRST_RUN)
    assert served.client().post("/api/v1/session", json={"code": late}).status_code == 401
    later(served, IDLE - FIRST_RUN - timedelta(minutes=1))
    assert browser.get("/api/v1/me").status_code == 200
    later(served, IDLE - timedelta(minutes=1))
    assert browser.get("/api/v1/me").status_code == 200  # it was seen in between
    later(served, IDLE)
    assert browser.get("/api/v1/me").status_code == 401


def test_a_session_in_use_ends_all_the_same_one_day(served: Served) -> None:
    browser = signed_in(served)
    for _ in range(SESSION.days):
        assert browser.get("/api/v1/me").status_code == 200
        later(served, timedelta(days=1))
    assert browser.get("/api/v1/me").status_code == 401


def test_who_was_invited_sees_their_accounts_under_their_name(served: Served) -> None:
    who = invite(served.admissions, "Priya@Cartage.example", name="Priya Nair", accounts=[served.halden])
    browser = signed_in(served, new_code(served.admissions, who.id, datetime.now(UTC), INVITED))
    me = browser.get("/api/v1/me").json()
    assert (me["id"], me["name"], me["role"], me["accounts"], me["internal"]) == (who.id, "Priya Nair", "csm", 1, True)
    assert [item["name"] for item in browser.get("/api/v1/accounts").json()["items"]] == ["Halden Freight Group"]


def test_a_suspended_persons_link_signs_nobody_in(served: Served) -> None:
    who = invite(served.admissions, "priya@cartage.example")
    code = new_code(served.admissions, who.id, datetime.now(UTC), INVITED)
    suspend(served.admissions, who, suspended=True)
    assert served.client().post("/api/v1/session", json={"code": code}).status_code == 401


def test_a_forgotten_browser_is_signed_out_from_another(served: Served) -> None:
    forgotten, here = signed_in(served), signed_in(served)
    items = here.get("/api/v1/sessions").json()["items"]
    assert [item["current"] for item in items].count(True) == 1
    [other] = [item["id"] for item in items if not item["current"]]
    assert here.delete(f"/api/v1/sessions/{other}", headers=ORIGIN).status_code == 204
    assert forgotten.get("/api/v1/me").status_code == 401
    assert [item["id"] for item in here.get("/api/v1/sessions").json()["items"]] == [here.get("/api/v1/me").json()["session"]]


@pytest.mark.parametrize("role", ["csm", "admin"])
def test_only_an_admin_signs_others_out(served: Served, role: str) -> None:
    who = invite(served.admissions, "priya@cartage.example", role=role)  # type: ignore[arg-type]
    theirs, other = signed_in(served, new_code(served.admissions, who.id, datetime.now(UTC), INVITED)), signed_in(served)
    session = other.get("/api/v1/me").json()["session"]
    ended = theirs.delete(f"/api/v1/sessions/{session}", headers=ORIGIN).status_code
    assert (ended, other.get("/api/v1/me").status_code) == ((204, 401) if role == "admin" else (404, 200))
