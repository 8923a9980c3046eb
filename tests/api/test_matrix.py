"""The access matrix: every operation, every kind of caller, every id that is somebody else's. A route it does not know fails it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.routing import Mount

from api.access import COOKIE, ROLES, SERVER_WIDE, Permission, Role
from api.keys import create_key, revoke_key
from api.users import invite, suspend
from ingest.archive.scope import EVERYTHING
from tests.api.served import BASE, Served

CALL = "Commercial alignment, Halden and Cartage"
NOBODYS = "0" * 12
ONE_SELF = "whoever is known"


@dataclass(frozen=True)
class Expected:
    """What an operation takes: a permission, a known caller, or nothing (None). `body`, `query` and `headers` are good ones of a caller
    who may; `fine` is what such a caller is answered."""

    takes: Permission | str | None
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    fine: frozenset[int] = frozenset({200})


def changes(body: Mapping[str, Any] | None = None, *fine: int) -> Expected:
    return Expected("brief:write", body, headers={"If-Match": '"0"'}, fine=frozenset(fine or {200}))


MATRIX: Mapping[str, Expected] = {
    "GET /": Expected(None),
    "GET /sign-in": Expected(None),
    "GET /web": Expected(None),
    "GET /promises": Expected(None),
    "GET /imports": Expected(None),
    "GET /jobs": Expected(None),
    "GET /quality": Expected(None),
    "GET /settings": Expected(None),
    "GET /a/{account}": Expected(None),
    "GET /a/{account}/{view}": Expected(None),
    "GET /a/{account}/{view}/{sub}": Expected(None),
    "GET /a/{account}/{view}/{sub}/{part}": Expected(None),
    "GET /widget.js": Expected(None),
    "GET /embed/{account}": Expected(None),  # the same page for every account, and for none
    "GET /embed-sign-in": Expected(None),
    "POST /api/v1/widget/visits": Expected(None, {"token": "a token of nobody's, long enough"}, fine=frozenset({401})),
    "POST /api/v1/accounts/{account}/visits": Expected("ask"),
    "POST /api/v1/hooks/{hook}": Expected(None, [], fine=frozenset({404})),  # who may is who signs: test_hooks
    "GET /api/v1/jobs": Expected("admin"),
    "GET /api/v1/deliveries": Expected("admin"),
    "POST /api/v1/jobs/{number}/replay": Expected("admin", fine=frozenset({404})),  # one that failed: test_jobs
    "POST /api/v1/jobs/{number}/dismiss": Expected("admin", fine=frozenset({404})),
    "GET /healthz": Expected(None),
    "GET /readyz": Expected(None),
    "GET /metrics": Expected("metrics"),
    "GET /api/v1/openapi.json": Expected(ONE_SELF),
    "GET /api/docs": Expected(ONE_SELF),
    "POST /api/v1/session": Expected(None, {"code": "no such code"}, fine=frozenset({401})),
    "GET /api/v1/sign-in": Expected(None),
    "GET /api/v1/sign-in/start": Expected(None, fine=frozenset({404})),  # no provider is set: test_single_sign_on
    "GET /api/v1/sign-in/callback": Expected(None, fine=frozenset({404})),
    "DELETE /api/v1/session": Expected(ONE_SELF, fine=frozenset({204})),
    "ANY /mcp": Expected(ONE_SELF, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),  # what is behind it: test_agents
    "GET /v1/models": Expected("ask"),
    "POST /v1/chat/completions": Expected("ask", {"model": "{account}", "messages": [{"role": "user", "content": "When do we go live?"}]}),
    "GET /api/v1/me": Expected(ONE_SELF),
    "PATCH /api/v1/me/preferences": Expected(ONE_SELF, {"theme": "dark"}),
    "GET /api/v1/sessions": Expected(ONE_SELF),
    "DELETE /api/v1/sessions/{session}": Expected(ONE_SELF, fine=frozenset({204})),
    "GET /api/v1/users": Expected("admin"),
    "POST /api/v1/users": Expected("admin", {"email": "new@cartage.example", "accounts": ["{account}"]}, fine=frozenset({201})),
    "PATCH /api/v1/users/{user}": Expected("admin", {"name": "Somebody Else"}),
    "GET /api/v1/keys": Expected("admin"),
    "POST /api/v1/keys": Expected("admin", {"name": "new", "accounts": ["{account}"]}, fine=frozenset({201})),
    "DELETE /api/v1/keys/{key}": Expected("admin", fine=frozenset({204})),
    "GET /api/v1/audit": Expected("admin"),
    "GET /api/v1/accounts": Expected("read"),
    "GET /api/v1/accounts/{account}": Expected("read"),
    "GET /api/v1/accounts/{account}/sources": Expected("read"),
    "GET /api/v1/accounts/{account}/people": Expected("read"),
    "POST /api/v1/accounts/{account}/people/side": Expected("admin", {"person": "{person}", "side": None}),
    "POST /api/v1/accounts/{account}/people/merge": Expected("admin", {"person": "{person}", "into": "{person}"}, fine=frozenset({409})),
    "POST /api/v1/accounts/{account}/people/split": Expected("admin", {"person": "{person}"}, fine=frozenset({404})),
    "POST /api/v1/accounts/{account}/gaps": Expected("brief:write", {"question": "Who signs for depot 15?"}, fine=frozenset({201})),
    "GET /api/v1/answers/{answer}": Expected("read"),
    "GET /api/v1/answers/{answer}/events": Expected("read", fine=frozenset({404})),  # it was not asked as a stream: test_resuming
    "POST /api/v1/answers/{answer}/cancel": Expected("ask"),
    "POST /api/v1/answers/{answer}/feedback": Expected("ask", {"rating": "up"}, fine=frozenset({204})),
    "GET /api/v1/briefs/{brief}/events": Expected("read"),
    "GET /api/v1/imports": Expected("admin"),
    "POST /api/v1/imports": Expected("admin", {"source": "none of that name"}, fine=frozenset({404})),  # a real one: test_imports
    "GET /api/v1/imports/{run}": Expected("admin", fine=frozenset({404})),
    "GET /api/v1/imports/{run}/events": Expected("admin", fine=frozenset({404})),
    "POST /api/v1/imports/{run}/retry": Expected("admin", fine=frozenset({404})),
    "POST /api/v1/imports/{run}/cancel": Expected("admin", fine=frozenset({404})),
    "GET /api/v1/held": Expected("admin"),
    "GET /api/v1/held/decisions": Expected("admin"),
    "POST /api/v1/held/{item}/assign": Expected("admin", {"account": "{account}"}, fine=frozenset({404})),  # a real one: test_running
    "POST /api/v1/held/{item}/dismiss": Expected("admin", fine=frozenset({404})),
    "POST /api/v1/held/{item}/undo": Expected("admin", fine=frozenset({404})),
    "GET /api/v1/settings": Expected("admin"),
    "GET /api/v1/evaluations": Expected("admin"),
    "POST /api/v1/evaluations": Expected("admin", {"cases": "none of that name"}, fine=frozenset({404})),  # a real one: test_measuring
    "GET /api/v1/evaluations/{run}": Expected("admin", fine=frozenset({200, 404})),
    "GET /api/v1/evaluations/{run}/cases": Expected("admin", fine=frozenset({200, 404})),
    "GET /api/v1/evaluations/latest": Expected("admin", fine=frozenset({200, 404})),
    "GET /api/v1/accounts/{account}/recalled": Expected("read"),
    "GET /api/v1/accounts/{account}/gaps": Expected("read"),
    "POST /api/v1/accounts/{account}/answers": Expected("ask", {"question": "What go-live date did we commit to?"}),
    "GET /api/v1/accounts/{account}/threads": Expected("read"),
    "GET /api/v1/threads/{thread}": Expected("read"),
    "PATCH /api/v1/threads/{thread}": Expected("ask", {"shared": True}),
    "DELETE /api/v1/threads/{thread}": Expected("ask", fine=frozenset({204})),
    "GET /api/v1/sources/{source}": Expected("read"),
    "GET /api/v1/sources/{source}/segments": Expected("read"),
    "PUT /api/v1/sources/{source}/restriction": Expected("admin", fine=frozenset({204})),
    "DELETE /api/v1/sources/{source}/restriction": Expected("admin", fine=frozenset({204})),
    "GET /api/v1/citations/{citation}": Expected("read"),
    "GET /api/v1/promises": Expected("read"),
    "GET /api/v1/promises/{promise}": Expected("read"),
    "POST /api/v1/promises/{promise}/status": changes({"status": "kept", "because": "it works"}),
    "DELETE /api/v1/promises/{promise}/status": changes(None, 200, 404),
    "GET /api/v1/accounts/{account}/briefs": Expected("read"),
    "POST /api/v1/accounts/{account}/briefs": Expected("brief:write", {}, fine=frozenset({202})),
    "GET /api/v1/accounts/{account}/briefs/current": Expected("read"),
    "GET /api/v1/accounts/{account}/briefs/preview": Expected("read", fine=frozenset({200, 404})),
    "GET /api/v1/briefs/{brief}": Expected("read"),
    "GET /api/v1/briefs/{brief}/export": Expected("read"),
    "GET /api/v1/briefs/{brief}/review": Expected("read"),
    "GET /api/v1/briefs/{brief}/diff": Expected("read", query={"against": "{brief}"}),
    "POST /api/v1/briefs/{brief}/claims": changes({"section": "decision", "text": "The board signed.", "citation": "{citation}"}, 409, 412),
    "PATCH /api/v1/briefs/{brief}/claims/{line}": changes({"act": "keep"}, 200, 409, 412),
    "PATCH /api/v1/briefs/{brief}/gaps/{gap}": changes({"act": "dismiss"}, 200, 409, 412),
    "POST /api/v1/briefs/{brief}/approve": changes({"with_open": True}, 200, 409, 412),
    "POST /api/v1/briefs/{brief}/accept": changes(None, 200, 409, 412),
    "POST /api/v1/briefs/{brief}/shares": Expected("brief:write", {"to": "slack"}, fine=frozenset({409})),  # no channel: test_delivery
    "POST /api/v1/briefs/{brief}/return": changes({"because": "Who signs?"}, 200, 409, 412),
}
EVERYBODYS = {"GET /api/v1/accounts", "GET /api/v1/promises"}
"""Lists over all that the caller may see."""


def operations(served: Served) -> set[str]:
    """Of the OpenAPI document and of the application itself, which may have routes that it does not document."""
    spec = served.client(served.key()).get("/api/v1/openapi.json").json()
    documented = {f"{method.upper()} {path}" for path, methods in spec["paths"].items() for method in methods}
    return documented | set(_routes(served.app.routes))


def _routes(routes: list[Any]) -> Iterator[str]:
    for route in iter_route_contexts(routes):
        if isinstance(route.original_route, Mount):
            yield f"GET {route.path}"
        elif route.methods:
            yield from (f"{method} {route.path}" for method in route.methods if method != "HEAD")
        else:  # another kind of route: of its methods nobody knows
            yield f"ANY {route.path}"


def test_no_route_is_unknown_here_and_none_is_known_that_is_not_there(served: Served) -> None:
    assert operations(served) == set(MATRIX)


@pytest.fixture
def halden(served: Served) -> dict[str, str]:
    """An id of each kind, all of Halden's; by the name it has in paths."""
    inside = served.client(served.key())
    answer = inside.post("/api/v1/accounts/halden/answers", json={"question": "What go-live date did we commit to?"}).json()
    brief = inside.post("/api/v1/accounts/halden/briefs", json={}).json()["id"]
    body = served.archive.brief(EVERYTHING, brief)
    return {
        "account": served.halden,
        "source": served.source(CALL),
        "answer": answer["id"],
        "person": next(one.id for one in served.archive.people(EVERYTHING.only(served.halden)) if one.side == "buyer"),
        "item": "hld_0123456789abcdef",
        "run": "imp_0123456789abcdef",
        "citation": answer["citations"][0]["id"],
        "thread": answer["thread_id"],
        "brief": brief,
        "line": body["promises"][0]["id"],
        "gap": body["gaps"][0]["id"],
        "promise": inside.get("/api/v1/promises").json()["items"][0]["id"],
        "session": _session(served, "somebody@cartage.example")[1],
        "user": invite(served.admissions, "somebody@cartage.example").id,
        "key": create_key(served.admissions, "somebody's")[:11],
    }


def _session(served: Served, email: str, *accounts: str) -> tuple[TestClient, str]:
    """A browser that somebody signed in, and the id of its session."""
    from api.sign_in import INVITED, new_code

    who = invite(served.admissions, email, accounts=accounts or None)
    code = new_code(served.admissions, who.id, datetime.now(UTC), INVITED)
    browser = served.client(Origin=BASE)
    assert browser.post("/api/v1/session", json={"code": code}).status_code == 204
    return browser, served.admissions.sessions(who.id)[0].id


def send(client: TestClient, operation: str, ids: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Status and body, without the request's own id."""
    method, path = operation.replace("ANY", "POST").split(" ")
    wanted = MATRIX[operation]
    path = "/web/app.js" if path == "/web" else path.format(view="t", sub="x", part="y", hook="nobody", number=1, **ids)
    response = client.request(method, path, json=filled(wanted.body, ids), params=filled(wanted.query, ids), headers=wanted.headers)
    body = response.json() if response.headers.get("content-type", "").endswith("json") else {}
    return response.status_code, {name: value for name, value in body.items() if name != "request_id"}


def filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    return value.format(**ids) if isinstance(value, str) else value


CLOSED = [operation for operation, expected in MATRIX.items() if expected.takes is not None]
INSIDE = [operation for operation in CLOSED if operation != "ANY /mcp"]
WITH_IDS = [operation for operation in INSIDE if "{" in operation or "{account}" in str(MATRIX[operation].body)]


def nobodies(served: Served) -> dict[str, TestClient]:
    """Everybody who is not to be let in at all."""
    revoked, good = served.key(), served.key()
    revoke_key(served.admissions, revoked[:11])
    yesterday = datetime.now(UTC) - timedelta(days=1)
    person = invite(served.admissions, "gone@cartage.example", role="admin")
    theirs = create_key(served.admissions, "own", owner=person)
    browser, _ = _session(served, "gone@cartage.example")
    suspend(served.admissions, person, suspended=True)
    out, _ = _session(served, "out@cartage.example", served.halden)
    cookie = out.cookies[COOKIE]
    out.delete("/api/v1/session")
    out.cookies.set(COOKIE, cookie)
    return {
        "nobody": served.client(),
        "a revoked key": served.client(revoked),
        "an expired key": served.client(create_key(served.admissions, "old", expires_at=yesterday)),
        "a forged key": served.client(good[:-1] + ("A" if good[-1] != "A" else "B")),
        "another's secret": served.client(good[:12] + served.key()[12:]),
        "nonsense": served.client("nonsense"),
        "the key of a suspended person": served.client(theirs),
        "the session of a suspended person": browser,
        "a session that was ended": out,
        "a cookie made up": served.client(Cookie=f"{COOKIE}=x"),
    }


def test_nothing_is_shown_to_whoever_is_not_known(served: Served, halden: dict[str, str]) -> None:
    for who, client in nobodies(served).items():
        answered = {operation: send(client, operation, halden)[0] for operation in CLOSED}
        assert answered == dict.fromkeys(CLOSED, 401), who


def test_what_is_open_needs_nobody(served: Served, halden: dict[str, str]) -> None:
    for operation, expected in MATRIX.items():
        if expected.takes is None:
            assert send(served.client(), operation, halden)[0] in expected.fine, operation


@pytest.mark.parametrize("role", ["admin", "ae", "csm", "viewer"])
def test_a_stranger_of_any_role_meets_ids_of_others_as_if_they_were_not_there(served: Served, halden: dict[str, str], role: Role) -> None:
    """An admin who is limited to some accounts is none of the server."""
    client = served.client(create_key(served.admissions, "elsewhere", [served.brightwell], role=role))
    missing = {kind: re.sub(r"(?<=_)[0-9a-f]+", lambda found: found[0][:-12] + NOBODYS, id, count=1) for kind, id in halden.items()}
    assert not set(missing.values()) & set(halden.values())
    for operation in WITH_IDS:
        met = send(client, operation, halden)
        refused = MATRIX[operation].takes not in {ONE_SELF, *(ROLES[role].may - SERVER_WIDE)}
        assert met[0] == (403 if refused else 404), operation
        assert met == send(client, operation, missing), operation


def test_one_foreign_id_among_ones_own_opens_nothing(served: Served, halden: dict[str, str]) -> None:
    """In a path with two ids, and where ids stand in the query or the body."""
    client = served.client(served.key(served.brightwell))
    brief = client.post("/api/v1/accounts/brightwell/briefs", json={}).json()["id"]
    mine = str(served.archive.brief(EVERYTHING, brief))
    theirs = served.archive.brief(EVERYTHING, halden["brief"])
    gap = next(each["id"] for each in theirs["gaps"] if each["id"] not in mine)  # one that a brief without deals does not ask, too
    for operation in (each for each in WITH_IDS if each.count("{") > 1):
        assert send(client, operation, {**halden, "gap": gap, "brief": brief})[0] == 404, operation
        [other] = [kind for kind in re.findall(r"{(\w+)}", operation) if kind != "brief"]
        own = served.client(served.key(served.halden))
        assert send(own, operation, {**halden, other: f"{halden[other][:4]}{NOBODYS}"})[0] == 404, operation
    assert client.get(f"/api/v1/briefs/{brief}/diff", params={"against": halden["brief"]}).status_code == 404
    deal = served.archive.deals(EVERYTHING.only(served.halden))[0].id
    for more in ({"deal_id": deal}, {"thread_id": halden["thread"]}):
        asked = client.post("/api/v1/accounts/brightwell/answers", json={"question": "What price?", **more})
        assert asked.status_code == 404, more
    assert client.post("/api/v1/accounts/brightwell/briefs", json={"deal_id": deal}).status_code == 404
    for path in ("briefs", "briefs/current", "gaps"):
        assert client.get(f"/api/v1/accounts/brightwell/{path}", params={"deal": deal}).status_code == 404, path
    around = {"around": halden["citation"]}
    source = served.source("Brightwell pricing")
    assert client.get(f"/api/v1/sources/{source}/segments", params=around).status_code == 404
    assert client.get("/api/v1/promises", params={"account": served.halden}).status_code == 404


def test_lists_hold_what_the_caller_may_see_alone(served: Served, halden: dict[str, str]) -> None:
    client = served.client(served.key(served.brightwell))
    for operation in EVERYBODYS:
        told = str(send(client, operation, halden)[1])
        assert "Halden" not in told
        assert not [id for id in halden.values() if id in told], operation
    assert [item["name"] for item in send(client, "GET /api/v1/accounts", halden)[1]["items"]] == ["Brightwell Dental"]


@pytest.mark.parametrize("permission", ["read", "ask", "brief:write", "admin"])
def test_a_key_may_do_what_it_says_and_no_more(served: Served, halden: dict[str, str], permission: Any) -> None:
    client = served.client(create_key(served.admissions, "narrow", role="admin", permissions=[permission]))
    for operation in INSIDE:
        takes = MATRIX[operation].takes
        status = send(client, operation, halden)[0]
        if takes in (ONE_SELF, permission):
            assert status != 403, operation
        else:
            assert status == 403, operation


@pytest.mark.parametrize("by", ["key", "session"])
def test_whoever_may_is_answered(served: Served, halden: dict[str, str], by: str) -> None:
    """As the owner of the thread and with what they wrote; what takes something away comes last."""
    person = invite(served.admissions, "priya@cartage.example", role="admin")
    if by == "key":
        client, session = served.client(create_key(served.admissions, "own", owner=person)), halden["session"]
    else:
        client, session = _session(served, "priya@cartage.example")[0], halden["session"]
    asked = client.post("/api/v1/accounts/halden/answers", json={"question": "When do we go live?"}).json()
    ids = {**halden, "thread": asked["thread_id"], "answer": asked["id"], "session": session}
    for operation in sorted({*MATRIX} - {"ANY /mcp"}, key=lambda each: (each.startswith("DELETE"), each.endswith("/session"))):
        status = send(client, operation, ids)[0]
        assert status in MATRIX[operation].fine, (operation, status)
