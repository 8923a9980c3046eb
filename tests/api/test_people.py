"""Who is read as whom is told only to those who may know of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ingest.archive.scope import EVERYTHING
from ingest.records import Participant
from tests.api.served import HALDEN_NOTE, NORA, Served, put_interaction

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
