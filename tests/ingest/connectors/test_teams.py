"""Teams meetings: what is among us is left alone, nothing with which one could dial in is kept, one closed door closes no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.connectors.batch import Batch
from ingest.connectors.mirror import Mirror
from ingest.connectors.port import Want
from ingest.connectors.teams import Teams
from ingest.connectors.tokens import Lent
from ingest.connectors.wiring import connected, connectors
from ingest.settings import BadSettings
from ingest.sources import teams
from ingest.sources.inputs import Input
from tests.ingest.connectors import recorders
from tests.ingest.connectors.loopback import served
from tests.ingest.connectors.worlds import TeamsWorld

ANOTHER = "7e0d6b2e-1111-4222-8333-9444aa55bb66"


@pytest.fixture
def world() -> TeamsWorld:
    made = TeamsWorld()
    made.time.pass_(days=-1)
    made._call("1", "Kick-off", "The pilot begins in the northern depots.")
    made.time.pass_(days=1)
    return made


def pulled(world: TeamsWorld, mirror: Mirror, *organizers: str) -> Iterator[Batch]:
    with served(world.tool) as base:
        lent = Lent("teams", f"{base}/token", lambda: {"client_secret": world.secret, "scope": "s"}, world.time.clock)
        with closing(Teams(organizers or (recorders.ORGANIZER,), lent, world.time.clock, base)) as asking:
            for batch in asking.pull(mirror.state.cursor, mirror, Want()):
                mirror.apply(batch)
                yield batch


def test_a_meeting_to_which_nobody_from_outside_was_invited_is_left_alone(world: TeamsWorld, tmp_path: Path) -> None:
    world.meet("2", "Reviews of salaries", "boss@cartage.example")
    world._say("2", "Nobody is to hear this.")
    mirror = Mirror(tmp_path, "teams")
    list(pulled(world, mirror))
    assert len({name.partition("/")[0] for name in mirror.names()}) == 1
    assert not any(b"Nobody is to hear" in (mirror.read(name) or b"") for name in mirror.names())


def test_what_is_kept_of_a_meeting_lets_nobody_dial_in(world: TeamsWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "teams")
    list(pulled(world, mirror))
    kept = b"".join(mirror.read(name) or b"" for name in mirror.names())
    assert b"Kick-off" in kept
    assert not [words for words in (b"let-me-in", b"4685550000", b"9999999") if words in kept]


def test_an_organiser_whom_the_app_may_not_read_is_named_and_the_others_are_read(world: TeamsWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "teams")
    world.tool.closed = ANOTHER
    (trouble,) = [each for batch in pulled(world, mirror, ANOTHER, recorders.ORGANIZER) for each in batch.troubles]
    assert ANOTHER in trouble
    assert "application access policy" in trouble
    assert [name.partition("/")[2] for name in mirror.names()] == ["callTranscript.json", "meeting.json", "transcript.vtt"]


def test_a_guest_is_known_by_the_address_and_who_spoke_by_the_name_that_spells_it(world: TeamsWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "teams")
    list(pulled(world, mirror))
    (call,) = teams.parse([Input(name, mirror.read(name) or b"") for name in mirror.names()]).interactions
    assert [(each.name, each.email) for each in call.participants] == [
        ("Dana Okafor", "dana@cartage.example"),
        ("Marta Lindqvist", "marta.lindqvist@halden.example"),
    ]
    assert [(turn.speaker and turn.speaker.email, turn.text) for turn in call.turns] == [
        ("marta.lindqvist@halden.example", "The pilot begins in the northern depots.")
    ]


def test_an_address_in_the_place_of_an_object_id_is_refused_where_it_is_set(tmp_path: Path) -> None:
    given = {f"BATON_TEAMS_{name}": name.lower() for name in ("TENANT", "CLIENT_ID", "CLIENT_SECRET")}
    with pytest.raises(BadSettings, match=r"dana@cartage\.example is none"):
        connectors(connected(tmp_path, {**given, "BATON_TEAMS_ORGANIZERS": "dana@cartage.example"}))
    with pytest.raises(BadSettings, match="needs organizers"):
        connectors(connected(tmp_path, given))
    (made,) = connectors(connected(tmp_path, {**given, "BATON_TEAMS_ORGANIZERS": recorders.ORGANIZER}))
    with closing(made):
        assert made.name == "teams"
