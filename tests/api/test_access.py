"""Keys, and what the server asks of an address before it listens there; `test_matrix` has who meets what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access import COOKIE
from api.keys import create_key, key_items, revoke_key
from api.serve import CannotServe, check_for_network, greeting, planned
from api.users import invite, suspend
from assistant.wiring import open_kit
from ingest.archive.database import FILE
from ingest.archive.errors import NotThere
from ingest.archive.scope import Scope
from ingest.wiring import open_home
from tests.api.served import BASE, Served, fill, no_weights, serve


def test_suggestions_never_name_an_account_out_of_sight(served: Served) -> None:
    response = served.client(served.key(served.brightwell)).get("/api/v1/accounts/haldn freight group")
    assert response.status_code == 404
    assert "Halden" not in response.text


def test_a_revoked_key_stops_at_once(served: Served) -> None:
    key = served.key()
    client = served.client(key)
    assert client.get("/api/v1/accounts").status_code == 200
    revoke_key(served.admissions, key[:11])
    assert client.get("/api/v1/accounts").status_code == 401
    assert [item["prefix"] for item in key_items(served.admissions) if item["revoked_at"]] == [key[:11]]


def test_the_archive_keeps_no_key(served: Served) -> None:
    key = served.key()
    held = served.admissions.every_key()[-1]
    assert key.split("_", 2)[2] not in repr(held)
    assert len(held.sha256) == 64


def test_two_credentials_in_one_request_are_refused(served: Served) -> None:
    client = served.client(served.key())
    assert client.get("/api/v1/accounts", headers={"Cookie": f"{COOKIE}=x"}).json()["code"] == "two_credentials"


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


def test_on_a_network_somebody_must_be_able_to_sign_in(served: Served) -> None:
    home = served.kit.home.path
    served.code()  # whoever works on the machine is no help to others
    revoke_key(served.admissions, served.key()[:11])
    person = invite(served.admissions, "priya@cartage.example")
    suspend(served.admissions, person, suspended=True)
    with pytest.raises(CannotServe, match="baton invite"):
        check_for_network(served.admissions, home)
    suspend(served.admissions, person, suspended=False)
    check_for_network(served.admissions, home)
    suspend(served.admissions, person, suspended=True)
    served.key()
    check_for_network(served.admissions, home)
    (home / FILE).chmod(0o604)
    with pytest.raises(CannotServe, match="chmod"):
        check_for_network(served.admissions, home)


def test_on_a_network_no_link_is_printed_that_a_log_would_keep(served: Served) -> None:
    plan = planned("0.0.0.0", 8000, {"BATON_PUBLIC_URL": "https://baton.example"})
    assert plan.on_network
    assert "sign-in#" not in greeting(plan, served.admissions)
    here = greeting(planned("127.0.0.1", 8000, {}), served.admissions)
    assert "http://127.0.0.1:8000/sign-in#" in here  # in the fragment, which no server logs
    assert "?" not in here


def test_a_key_ends_with_its_day_its_person_and_its_role(served: Served) -> None:
    person = invite(served.admissions, "priya@cartage.example", role="ae", accounts=[served.halden])
    client = served.client(create_key(served.admissions, "own", owner=person, permissions=["read", "admin"]))
    assert client.get("/api/v1/me").json()["permissions"] == ["read"]  # an AE is no admin, whatever a key says
    assert [item["name"] for item in client.get("/api/v1/accounts").json()["items"]] == ["Halden Freight Group"]
    invite(served.admissions, "priya@cartage.example", role="admin", reach="all")
    assert client.get("/api/v1/me").json()["permissions"] == ["admin", "read"]
    invite(served.admissions, "priya@cartage.example", accounts=[served.brightwell])
    assert client.get("/api/v1/me").json()["permissions"] == ["read"]  # an admin of some accounts is none of the server
    assert [item["name"] for item in client.get("/api/v1/accounts").json()["items"]] == ["Brightwell Dental"]
    suspend(served.admissions, person, suspended=True)
    assert client.get("/api/v1/me").status_code == 401
    suspend(served.admissions, person, suspended=False)
    assert client.get("/api/v1/me").status_code == 200
    late = replace(served.app.state.gate, now=lambda: datetime.now(UTC) + timedelta(days=2))
    for_a_day = served.client(create_key(served.admissions, "short", expires_at=datetime.now(UTC) + timedelta(days=1)))
    assert for_a_day.get("/api/v1/me").status_code == 200
    served.app.state.gate = late
    assert for_a_day.get("/api/v1/me").status_code == 401


def test_internal_talk_and_what_was_made_of_it_is_not_for_viewers(served: Served) -> None:
    inside, viewer = served.client(served.key()), served.client(served.key(served.halden, role="viewer"))
    note = served.source("Internal: discount")
    question = {"question": "What go-live target was set for February 2027?"}
    told = inside.post("/api/v1/accounts/halden/answers", json=question).json()
    cited = [each for each in told["citations"] if each["source"]["id"] == note]
    assert cited
    brief = inside.post("/api/v1/accounts/halden/briefs", json={}).json()["id"]
    inside.patch(f"/api/v1/threads/{told['thread_id']}", json={"shared": True})
    for path in (
        f"/api/v1/sources/{note}", f"/api/v1/sources/{note}/segments", f"/api/v1/citations/{cited[0]['id']}", f"/api/v1/briefs/{brief}",
        f"/api/v1/briefs/{brief}/export", f"/api/v1/briefs/{brief}/review", f"/api/v1/threads/{told['thread_id']}",
    ):  # fmt: skip
        assert inside.get(path).status_code == 200, path
        assert viewer.get(path).status_code == 404, path
    assert note not in str(viewer.get("/api/v1/accounts/halden/sources").json())
    assert note not in str(viewer.post("/api/v1/accounts/halden/answers", json=question).json())
    assert viewer.get("/api/v1/accounts/halden").json()["sources"] == {"call": 1, "crm_field": 1, "email": 1}
    assert note not in str(viewer.get("/api/v1/promises").json())


def test_a_thread_is_ones_own_until_it_is_shared(served: Served) -> None:
    ours, theirs = (served.client(served.key(served.halden)) for _ in range(2))
    thread = ours.post("/api/v1/accounts/halden/answers", json={"question": "When do we go live?"}).json()["thread_id"]
    follow_up = {"question": "Who said so?", "thread_id": thread}
    assert theirs.get("/api/v1/accounts/halden/threads").json()["items"] == []
    for refused in (
        theirs.get(f"/api/v1/threads/{thread}"),
        theirs.post("/api/v1/accounts/halden/answers", json=follow_up),
        theirs.patch(f"/api/v1/threads/{thread}", json={"shared": True}),
        theirs.delete(f"/api/v1/threads/{thread}"),
    ):
        assert refused.status_code == 404
    shared = ours.patch(f"/api/v1/threads/{thread}", json={"shared": True}).json()
    assert (shared["shared"], shared["own"], shared["question"]) == (True, True, "When do we go live?")
    [item] = theirs.get("/api/v1/accounts/halden/threads").json()["items"]
    assert (item["id"], item["own"]) == (thread, False)
    assert theirs.post("/api/v1/accounts/halden/answers", json=follow_up).status_code == 200
    assert len(ours.get(f"/api/v1/threads/{thread}").json()["answers"]) == 2
    assert theirs.patch(f"/api/v1/threads/{thread}", json={"shared": False}).status_code == 404
    assert ours.delete(f"/api/v1/threads/{thread}").status_code == 204
    assert theirs.get(f"/api/v1/threads/{thread}").status_code == 404


def test_what_is_restricted_is_for_admins_and_those_who_took_part(served: Served) -> None:
    """Nor is what was made of it before, and all of it is there again when the restriction is lifted."""
    call, mail = served.source("Commercial alignment, Halden and Cartage"), served.source("Re: Phase one timing")
    took_part = invite(served.admissions, "dana@cartage.example", role="ae", accounts=[served.halden])
    dana = served.client(create_key(served.admissions, "Dana's", owner=took_part))
    csm, admin = served.client(served.key()), served.client(served.key(role="admin"))
    question = {"question": "Which scope was the go-live commitment for phase one under?"}
    before = csm.post("/api/v1/accounts/halden/answers", json=question).json()
    assert call in {each["source"]["id"] for each in before["citations"]}
    citation = next(each["id"] for each in before["citations"] if each["source"]["id"] == call)
    brief = csm.post("/api/v1/accounts/halden/briefs", json={}).json()["id"]
    promises = csm.get("/api/v1/promises").json()["total"]
    reads = [f"/api/v1/{path}" for path in (
        f"sources/{call}", f"sources/{call}/segments", f"citations/{citation}", f"briefs/{brief}", f"threads/{before['thread_id']}",
    )]  # fmt: skip

    def seen(client: TestClient) -> list[int]:
        return [client.get(path).status_code for path in reads]

    assert csm.put(f"/api/v1/sources/{call}/restriction").status_code == 403
    assert admin.put(f"/api/v1/sources/{call}/restriction").status_code == 204
    assert admin.put(f"/api/v1/sources/{call}/restriction").status_code == 204
    assert seen(csm) == [404] * 5
    assert seen(admin) == seen(dana) == [200, 200, 200, 200, 404]  # the thread is the CSM's own
    assert admin.get(f"/api/v1/sources/{call}").json()["restricted"] is True
    listed = csm.get("/api/v1/accounts/halden/sources").json()
    assert call not in str(listed)
    assert mail in str(listed)
    digest = call.removeprefix("src_")
    for path in ("accounts/halden", "accounts/halden/threads", "accounts/halden/briefs", "accounts/halden/gaps", "promises"):
        assert digest not in csm.get(f"/api/v1/{path}").text, path
    assert digest not in csm.post("/api/v1/accounts/halden/answers", json=question).text
    assert csm.get("/api/v1/promises").json()["total"] < promises == admin.get("/api/v1/promises").json()["total"]
    own = csm.post("/api/v1/accounts/halden/briefs", json={}).json()["id"]
    assert digest not in csm.get(f"/api/v1/briefs/{own}").text
    assert admin.delete(f"/api/v1/sources/{call}/restriction").status_code == 204
    assert seen(csm) == [200] * 5
    assert admin.delete(f"/api/v1/sources/{call}/restriction").status_code == 404


def test_however_much_is_restricted_the_rest_is_still_read(served: Served) -> None:
    key = served.key(served.halden)
    client, ask = served.client(key), f"/api/v1/accounts/{served.halden}/answers"
    brief = client.post(f"/api/v1/accounts/{served.halden}/briefs", json={}).json()["id"]
    thread = client.post(ask, json={"question": "When do Gothenburg and Malmö go live?"}).json()["thread_id"]
    other = client.post(ask, json={"question": "Who painted the lighthouse?"}).json()["thread_id"]
    scope = Scope(frozenset({served.halden}), viewer=served.admissions.principal(served.admissions.key(key[3:11]).principal_id).id)
    unread = frozenset((served.halden, f"src_{number:020x}") for number in range(1500))
    many = replace(scope, hidden=unread)
    assert {each.id for each in served.archive.threads(many)} == {thread, other}
    assert served.archive.brief(many, brief)["id"] == brief
    quoted = replace(scope, hidden=unread | {(served.halden, served.source("Re: Phase one timing"))})
    assert thread not in {each.id for each in served.archive.threads(quoted)}
    with pytest.raises(NotThere):
        served.archive.brief(quoted, brief)
