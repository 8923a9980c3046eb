"""Who is read as whom is told only to those who may know of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ingest.archive.scope import EVERYTHING
from ingest.records import Participant, Turn
from tests.api.served import HALDEN_CALL, HALDEN_NOTE, NORA, Served, put_interaction

REX = Participant("Rex Silent", "rex@private.example", "", "seller")


def merged(served: Served, one: str, into: str) -> None:
    ids = {each.email: each.id for each in served.archive.people(EVERYTHING)}
    served.archive.merge_people(ids[one], ids[into], datetime.now(UTC))


def listed(served: Served, key: str, account: str) -> str:
    return served.client(key).get(f"/api/v1/accounts/{account}/people").text


def test_somebody_of_another_account_who_is_read_as_one_of_ours_is_told_only_there(served: Served) -> None:
    merged(served, NORA.email, "dana@cartage.example")
    assert NORA.email in listed(served, served.key(served.brightwell), served.brightwell)
    theirs = listed(served, served.key(served.halden), served.halden)
    assert "dana@cartage.example" in theirs
    assert not [word for word in (NORA.name, NORA.email, "Practice Owner") if word in theirs]


def test_somebody_of_whom_internal_talk_alone_tells_is_not_told_to_a_viewer(served: Served) -> None:
    internal = replace(HALDEN_NOTE, external_id="00T10", participants=(*HALDEN_NOTE.participants, REX))
    put_interaction(served.archive, served.halden, None, internal)
    merged(served, REX.email, "dana@cartage.example")
    assert REX.email in listed(served, served.key(), served.halden)
    seen = listed(served, served.key(role="viewer"), served.halden)
    assert "dana@cartage.example" in seen
    assert REX.email not in seen


def test_whose_side_somebody_is_on_is_said_counted_and_left_to_their_address_again(served: Served) -> None:
    kaja = Participant("Kaja Lund", "kaja@nowhere.example")
    talk = replace(
        HALDEN_CALL,
        external_id="z-77",
        participants=(*HALDEN_CALL.participants, kaja),
        turns=(*HALDEN_CALL.turns, Turn("We map it.", kaja)),
    )
    put_interaction(served.archive, served.halden, None, talk)
    client, path = served.client(served.key(role="admin")), f"/api/v1/accounts/{served.halden}/people"

    def of_kaja(items: list[dict[str, Any]]) -> dict[str, Any]:
        return next(one for one in items if one["email"] == kaja.email)

    seen = of_kaja(client.get(path).json()["items"])
    assert (seen["side"], seen["uncounted"], seen["side_by_hand"]) == ("unknown", 1, False)
    said = client.post(f"{path}/side", json={"person": seen["id"], "side": "partner"})
    now = of_kaja(said.json()["items"])
    assert (said.status_code, now["side"], now["uncounted"], now["side_by_hand"]) == (200, "partner", 0, True)
    again = of_kaja(client.post(f"{path}/side", json={"person": seen["id"], "side": None}).json()["items"])
    assert (again["side"], again["side_by_hand"]) == ("unknown", False)
    assert client.post(f"{path}/side", json={"person": "per_0", "side": "buyer"}).status_code == 404
    assert client.post(f"{path}/side", json={"person": seen["id"], "side": "theirs"}).status_code == 422
    assert served.client(served.key(role="csm")).post(f"{path}/side", json={"person": seen["id"], "side": "buyer"}).status_code == 403
