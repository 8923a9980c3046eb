"""People, keys and the log over HTTP: what an admin does there holds at once, and nobody gets more than their admin has."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.keys import create_key
from api.users import invite
from tests.api.served import BASE, Served


@pytest.fixture
def admin(served: Served) -> TestClient:
    return served.client(create_key(served.admissions, "own", owner=invite(served.admissions, "root@cartage.example", role="admin")))


def test_somebody_is_invited_comes_in_is_changed_and_suspended(served: Served, admin: TestClient) -> None:
    made = admin.post("/api/v1/users", json={"email": "Priya@cartage.example", "name": "Priya Nair", "accounts": ["halden"]})
    user = made.json()["user"]
    assert made.status_code == 201
    assert (user["email"], user["role"], user["reach"], user["sees"]) == ("priya@cartage.example", "csm", "listed", 1)
    browser = served.client(Origin=BASE)
    assert browser.post("/api/v1/session", json={"code": made.json()["code"]}).status_code == 204
    assert browser.get("/api/v1/me").json()["accounts"] == 1
    changed = admin.patch(f"/api/v1/users/{user['id']}", json={"role": "viewer", "reach": "all"}).json()
    assert (changed["role"], changed["sees"], changed["name"]) == ("viewer", 2, "Priya Nair")
    assert changed["last_seen_at"]
    assert browser.get("/api/v1/me").json()["internal"] is False
    assert admin.patch(f"/api/v1/users/{user['id']}", json={"suspended": True}).json()["suspended_at"]
    assert browser.get("/api/v1/me").status_code == 401
    assert admin.post("/api/v1/users", json={"email": "priya@cartage.example"}).json()["code"] == "suspended"
    assert admin.patch(f"/api/v1/users/{user['id']}", json={"suspended": False}).json()["suspended_at"] is None
    assert {item["email"] for item in admin.get("/api/v1/users").json()["items"]} == {"priya@cartage.example", "root@cartage.example"}


def test_a_key_is_shown_once_works_and_is_revoked(served: Served, admin: TestClient) -> None:
    made = admin.post("/api/v1/keys", json={"name": "night", "permissions": ["read"], "accounts": ["halden"], "days": 30}).json()
    client = served.client(made["key"])
    assert (made["state"], made["permissions"], made["accounts"]) == ("valid", ["read"], [served.halden])
    assert [item["name"] for item in client.get("/api/v1/accounts").json()["items"]] == ["Halden Freight Group"]
    listed = admin.get("/api/v1/keys")
    assert made["key"] not in listed.text
    [kept] = [item for item in listed.json()["items"] if item["prefix"] == made["prefix"]]
    assert kept["last_used_at"]
    assert admin.delete(f"/api/v1/keys/{made['prefix']}").status_code == 204
    assert client.get("/api/v1/accounts").status_code == 401


def test_the_log_is_read_from_its_end_page_by_page(served: Served, admin: TestClient) -> None:
    made = admin.post("/api/v1/keys", json={"name": "night"}).json()["prefix"]
    admin.delete(f"/api/v1/keys/{made}")
    about = admin.get("/api/v1/audit", params={"about": made}).json()["items"]
    assert [item["action"] for item in about] == ["DELETE /keys/{key}", "key.revoke", "key.create"]
    first = admin.get("/api/v1/audit", params={"limit": 2}).json()
    second = admin.get("/api/v1/audit", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert first["items"][-1]["number"] == second["items"][0]["number"] + 1
    assert admin.get("/api/v1/audit", params={"cursor": "soon"}).json()["code"] == "cursor_expired"
    assert admin.get("/api/v1/audit", params={"by": "usr_nobody"}).json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "users", {"email": "no address"}, 422), ("POST", "users", {"email": "a@b.example", "role": "boss"}, 422),
        ("POST", "users", {"email": "a@b.example", "accounts": ["nowhere"]}, 404), ("POST", "users", {"email": "a@b.example", "x": 1}, 422),
        ("PATCH", "users/usr_0", {"role": "admin"}, 404), ("POST", "keys", {"name": "x", "user": "usr_0"}, 404),
        ("POST", "keys", {"name": " "}, 422), ("POST", "keys", {"name": "x", "days": 0}, 422), ("DELETE", "keys/bt_0", None, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(admin: TestClient, method: str, path: str, body: Any, status: int) -> None:
    assert admin.request(method, f"/api/v1/{path}", json=body).status_code == status


def test_an_admin_of_some_accounts_makes_no_key_for_the_others(served: Served) -> None:
    limited = served.client(served.key(served.brightwell, role="admin"))
    for path, body in (("keys", {"name": "x"}), ("users", {"email": "a@b.example", "reach": "all"})):
        assert limited.post(f"/api/v1/{path}", json=body).status_code == 403
    assert limited.get("/api/v1/audit").status_code == 403


def test_a_key_of_a_persons_own_is_not_made_as_if_it_were_limited_further(served: Served, admin: TestClient) -> None:
    who = invite(served.admissions, "priya@cartage.example", reach="all")
    for more in ({"accounts": ["halden"]}, {"role": "viewer"}, {"accounts": []}):
        refused = admin.post("/api/v1/keys", json={"name": "hers", "user": who.id, **more})
        assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
    assert admin.post("/api/v1/keys", json={"name": "hers", "user": who.id}).json()["accounts"] is None


def test_inviting_somebody_suspended_changes_nothing_of_them(served: Served, admin: TestClient) -> None:
    who = invite(served.admissions, "priya@cartage.example", role="viewer")
    admin.patch(f"/api/v1/users/{who.id}", json={"suspended": True})
    refused = admin.post("/api/v1/users", json={"email": "priya@cartage.example", "role": "admin", "reach": "all"})
    assert refused.status_code == 409
    kept = served.admissions.principal(who.id)
    assert (kept.role, kept.reach) == ("viewer", "listed")


def test_nobody_shuts_themselves_out(admin: TestClient) -> None:
    own = admin.get("/api/v1/me").json()["id"]
    for change in ({"suspended": True}, {"role": "csm"}, {"reach": "listed"}, {"accounts": ["halden"]}):
        assert admin.patch(f"/api/v1/users/{own}", json=change).json()["code"] == "yourself", change
        if "suspended" not in change:
            assert admin.post("/api/v1/users", json={"email": "root@cartage.example", **change}).json()["code"] == "yourself", change
    assert admin.patch(f"/api/v1/users/{own}", json={"name": "Root"}).json()["name"] == "Root"


def test_taking_every_account_away_leaves_none(served: Served, admin: TestClient) -> None:
    who = invite(served.admissions, "priya@cartage.example", reach="all")
    assert admin.patch(f"/api/v1/users/{who.id}", json={"accounts": []}).json()["sees"] == 0
    new = admin.post("/api/v1/users", json={"email": "ae@cartage.example", "role": "ae", "accounts": []}).json()["user"]
    assert (new["reach"], new["sees"]) == ("listed", 0)


def test_a_change_of_somebodys_rights_stands_in_the_log_with_the_change_itself(served: Served, admin: TestClient) -> None:
    who = invite(served.admissions, "priya@cartage.example", role="viewer")
    admin.patch(f"/api/v1/users/{who.id}", json={"role": "admin", "accounts": ["halden"]})
    changed = [entry for entry in served.admissions.entries() if entry.action == "user.change"]
    assert [(entry.targets, entry.credential != "cli") for entry in changed] == [((who.id, served.halden), True)]
