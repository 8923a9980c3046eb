"""Signing in at a real provider on loopback, by OpenID Connect."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import oidc_provider_mock
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from api.access import COOKIE
from api.routes.single_sign_on import STATE_COOKIE
from api.single_sign_on import NotSignedIn, Provider, SingleSignOn, load_provider
from api.users import invite, suspend
from ingest.settings import BadSettings
from tests.api.served import BASE, Served, serve

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider, about its own library

SECRET = "a-secret-of-the-provider"
CALLBACK = f"{BASE}/api/v1/sign-in/callback"
PRIYA = "priya@cartage.example"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    users = [
        oidc_provider_mock.User(sub=PRIYA, claims={"email": PRIYA, "email_verified": True}),
        oidc_provider_mock.User(sub="unverified", claims={"email": PRIYA}),
        oidc_provider_mock.User(sub="nameless", claims={}),
        oidc_provider_mock.User(sub="stranger", claims={"email": "stranger@elsewhere.example", "email_verified": True}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def browser(served: Served, issuer: str) -> TestClient:
    served.app.state.single_sign_on = SingleSignOn(Provider(issuer, "baton", SECRET, "Cartage"), CALLBACK)
    browser = served.client()
    browser.follow_redirects = False
    return browser


def at_provider(browser: TestClient, sub: str) -> str:
    """Goes to the provider, signs in there, and gives the path it sends back to."""
    away = browser.get("/api/v1/sign-in/start")
    assert away.status_code == 303
    signed = httpx2.post(away.headers["location"], data={"sub": sub}, trust_env=False)
    back = urlsplit(signed.headers["location"])
    return f"{back.path}?{back.query}"


def test_whoever_was_invited_comes_in_by_their_companys_account(served: Served, browser: TestClient) -> None:
    who = invite(served.admissions, PRIYA, accounts=[served.halden])
    assert browser.get("/api/v1/sign-in").json() == {"single_sign_on": {"name": "Cartage"}}
    home = browser.get(at_provider(browser, PRIYA))
    assert (home.status_code, home.headers["location"]) == (303, "/")
    cookie = next(each for each in home.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    me = browser.get("/api/v1/me").json()
    assert (me["id"], me["accounts"]) == (who.id, 1)
    assert [each.action for each in served.admissions.entries()][-1] == "session.begin"


@pytest.mark.parametrize("sub", ["stranger", "unverified", "nameless"])
def test_nobody_else_comes_in_and_all_are_told_the_same(served: Served, browser: TestClient, sub: str) -> None:
    invite(served.admissions, PRIYA)
    refused = browser.get(at_provider(browser, sub))
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?refused")
    assert browser.get("/api/v1/me").status_code == 401


def test_a_suspended_person_stays_outside(served: Served, browser: TestClient) -> None:
    suspend(served.admissions, invite(served.admissions, PRIYA), suspended=True)
    assert browser.get(at_provider(browser, PRIYA)).headers["location"] == "/sign-in?refused"


def test_an_address_that_only_your_own_directory_sets_may_count_unverified(served: Served, browser: TestClient) -> None:
    known = served.app.state.single_sign_on
    served.app.state.single_sign_on = SingleSignOn(replace(known.provider, any_email=True), CALLBACK)
    invite(served.admissions, PRIYA)
    assert browser.get(at_provider(browser, "unverified")).headers["location"] == "/"


def test_a_way_back_works_once_and_in_the_browser_that_left_alone(served: Served, browser: TestClient) -> None:
    invite(served.admissions, PRIYA)
    back = at_provider(browser, PRIYA)
    other = served.client()
    other.follow_redirects = False
    assert other.get(back).headers["location"] == "/sign-in?refused"  # nobody is signed in as somebody else by a link
    kept = browser.cookies[STATE_COOKIE]
    assert browser.get(back).headers["location"] == "/"
    again = served.client(Cookie=f"{STATE_COOKIE}={kept}")
    again.follow_redirects = False
    assert again.get(back).headers["location"] == "/sign-in?refused"
    for wrong in ("", "?code=x", "?state=", "?code=x&state=x", "?error=access_denied&state=x"):
        assert browser.get(f"/api/v1/sign-in/callback{wrong}").headers["location"] == "/sign-in?refused"


def test_the_browser_is_sent_away_with_a_challenge_and_a_nonce(browser: TestClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/api/v1/sign-in/start").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["redirect_uri"] == [CALLBACK]
    assert asked["scope"] == ["openid email"]
    assert asked["nonce"] != asked["state"]


def test_a_provider_that_cannot_be_asked_is_a_refusal_with_a_word_in_the_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    served.app.state.single_sign_on = SingleSignOn(Provider("http://127.0.0.1:9", "baton", SECRET, "Nowhere"), CALLBACK)
    browser = served.client()
    browser.follow_redirects = False
    assert browser.get("/api/v1/sign-in/start").headers["location"] == "/sign-in?refused"
    assert "http://127.0.0.1:9 could not be asked" in caplog.text


# What an ID token must say, at a provider that says what the test wants

OUR_KEY, OTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
ID = "https://id.example"


def believed(key: Any = OUR_KEY, algorithm: str = "RS256", **changed: Any) -> str:
    """The address that is believed of an ID token with these claims changed; None leaves one out."""
    on = SingleSignOn(Provider(ID, "baton", SECRET, "x"), CALLBACK)
    now = int(time.time())
    claims = {"iss": ID, "aud": "baton", "sub": "1", "iat": now, "exp": now + 60, "email": PRIYA, "email_verified": True}

    def provider(request: httpx2.Request) -> httpx2.Response:
        match request.url.path:
            case "/.well-known/openid-configuration":
                places = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                return httpx2.Response(200, json={"issuer": ID, **{name: f"{ID}/{name}" for name in places}})
            case "/jwks_uri":
                return httpx2.Response(200, json=KeySet([OUR_KEY]).as_dict(private=False))
        told = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        token = jwt.encode({"alg": algorithm}, told, key, algorithms=[algorithm])
        return httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": token})

    on.transport = httpx2.MockTransport(provider)
    address, state = on.begin()
    claims["nonce"] = parse_qs(urlsplit(address).query)["nonce"][0]
    return on.email("code", state)


def test_a_token_that_says_all_it_must_is_believed() -> None:
    assert believed() == PRIYA
    assert believed(aud=["baton"]) == PRIYA


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another-app"}, {"aud": None}, {"aud": ["another-app", "baton"]},
        {"azp": "another-app"}, {"nonce": "x"}, {"nonce": None}, {"exp": 1}, {"exp": None}, {"iat": None}, {"sub": None},
        {"email": None}, {"email": ["priya@cartage.example"]}, {"email": "priya"}, {"email_verified": "true"},
        {"email_verified": False}, {"email_verified": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_something_else_is_not_believed(changed: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        believed(**changed)


@pytest.mark.parametrize(
    ("key", "algorithm"), [(OTHER_KEY, "RS256"), (OctKey.import_key(SECRET), "HS256")], ids=["another's key", "a shared secret"]
)
def test_a_token_that_the_provider_did_not_sign_is_not_believed(key: Any, algorithm: str) -> None:
    with pytest.raises(NotSignedIn):
        believed(key, algorithm)


# Settings


def provider(tmp_path: Path, toml: str, **environment: str) -> Provider | None:
    (tmp_path / "baton.toml").write_text(f"[sign_in]\n{toml}", encoding="utf-8")
    return load_provider(tmp_path, environment)


def test_the_settings_name_a_provider(tmp_path: Path) -> None:
    assert provider(tmp_path, "") is None
    (tmp_path / "sso.key").write_text(f"{SECRET}\n", encoding="utf-8")
    (tmp_path / "sso.key").chmod(0o600)
    named = 'issuer = "https://id.example/"\nclient_id = "baton"\nsecret_file = "sso.key"'
    assert provider(tmp_path, named) == Provider("https://id.example", "baton", SECRET, "id.example")
    assert provider(tmp_path, named, BATON_OIDC_SECRET="another-long-secret", BATON_OIDC_NAME="Us") == Provider(
        "https://id.example", "baton", "another-long-secret", "Us"
    )
    assert SECRET not in repr(provider(tmp_path, named))
    (tmp_path / "sso.key").chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600"):
        provider(tmp_path, named)


@pytest.mark.parametrize(
    ("toml", "secret", "says"),
    [
        ('issuer = "http://id.example"\nclient_id = "b"', SECRET, "must be an https"),
        ('issuer = "https://id.example"', SECRET, "needs client_id"),
        ('issuer = "https://id.example"\nclient_id = "b"', "", "needs client_id, and BATON_OIDC_SECRET"),
        ('issuer = "https://id.example"\nclient_id = "b"', "changeme", "anybody could guess"),
        ('issuer = "https://id.example"\nclient_id = "b"', "short", "anybody could guess"),
        ('issuer = "https://id.example"\nsecret = "x"', SECRET, "has no setting 'secret'"),
    ],
)
def test_settings_that_cannot_work_or_protect_nothing_are_refused(tmp_path: Path, toml: str, secret: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        provider(tmp_path, toml, BATON_OIDC_SECRET=secret)


def test_over_https_no_other_host_of_the_domain_can_plant_the_state(served: Served, issuer: str) -> None:
    app, _ = serve(served.kit, environment={"BATON_PUBLIC_URL": "https://baton.example"})
    app.state.gate = replace(app.state.gate, secure_cookies=True)
    app.state.single_sign_on = SingleSignOn(Provider(issuer, "baton", SECRET, "Cartage"), "https://baton.example/api/v1/sign-in/callback")
    browser = TestClient(app, "https://baton.example", follow_redirects=False)
    begun = browser.get("/api/v1/sign-in/start")
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("__Host-baton_sign_in=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    planted = TestClient(app, "https://baton.example", follow_redirects=False, headers={"Cookie": f"baton_sign_in={state}"})
    assert planted.get("/api/v1/sign-in/callback", params={"code": "x", "state": state}).headers["location"] == "/sign-in?refused"


def test_an_address_that_only_looks_the_same_when_folded_is_somebody_elses(served: Served) -> None:
    invite(served.admissions, "Priya@Strasse.example")
    assert served.admissions.person_of("PRIYA@strasse.example ") is not None
    assert served.admissions.person_of("priya@straße.example") is None  # a domain of its own
    other = invite(served.admissions, "Priya@straße.example")
    assert served.admissions.person_of("priya@strasse.example") != other
