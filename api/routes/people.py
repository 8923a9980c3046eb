"""Who is who in an account, and who is the same person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.access import Principal, allowed
from api.desk import Desk, OpenDesk
from api.once import ONCE
from api.problems import Problem, documented
from api.recording import is_id
from api.shapes.people import PeoplePage, PersonMerged, PersonOnSide, PersonSplit
from api.views import known_person_json
from assistant.portfolio import refresh
from assistant.uncounted import unplaced
from ingest import changing
from ingest.archive.changes import Itself
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredPerson
from ingest.sides import BY_HAND

router = APIRouter(tags=["people"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayRun = Annotated[Principal, Depends(allowed("admin"))]


@router.get(
    "/accounts/{account}/people", response_model=PeoplePage, responses=documented(401, 404, 409), summary="Everybody of an account, by side"
)
def people(desk: OpenDesk, reader: MayRead, account: str) -> dict[str, Any]:
    return _listed(desk, reader, desk.account(reader, account).id)


@router.post(
    "/accounts/{account}/people/merge",
    dependencies=ONCE,
    response_model=PeoplePage,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Read one person as another from now on; nothing that was said changes",
)
def merge(desk: OpenDesk, who: MayRun, account: str, wanted: PersonMerged) -> dict[str, Any]:
    found = desk.account(who, account).id
    who.trail.extend(filter(is_id, (wanted.person, wanted.into)))
    known = {each.id: each for each in desk.archive.people(who.scope.only(found))}
    for id in (wanted.person, wanted.into):
        if id not in known:
            raise NotThere("person", id)
    try:
        changing.merge_people(desk.kit.home, known[wanted.person], known[wanted.into], datetime.now(UTC))
    except Itself as error:
        raise Problem(409, "same_person", "Those two are one already.") from error
    refresh(desk.archive)
    return _listed(desk, who, found)


@router.post(
    "/accounts/{account}/people/split",
    dependencies=ONCE,
    response_model=PeoplePage,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Somebody who was read as another is themselves again",
)
def split(desk: OpenDesk, who: MayRun, account: str, wanted: PersonSplit) -> dict[str, Any]:
    found = desk.account(who, account).id
    who.trail.extend(filter(is_id, (wanted.person,)))
    if wanted.person not in {each.person.id for each in changing.read_as(desk.archive, who.scope.only(found))}:
        raise NotThere("person", wanted.person)
    changing.split_person(desk.kit.home, found, wanted.person)
    refresh(desk.archive)
    return _listed(desk, who, found)


@router.post(
    "/accounts/{account}/people/side",
    dependencies=ONCE,
    response_model=PeoplePage,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Say whose side somebody is on; what they promised counts from then on, or no longer",
)
def side(desk: OpenDesk, who: MayRun, account: str, wanted: PersonOnSide) -> dict[str, Any]:
    found = desk.account(who, account).id
    who.trail.extend(filter(is_id, (wanted.person,)))
    one = next((each for each in desk.archive.people(who.scope.only(found)) if each.id == wanted.person), None)
    if one is None:
        raise NotThere("person", wanted.person)
    changing.put_on_side(desk.kit.home, one, wanted.side)
    refresh(desk.archive)
    return _listed(desk, who, found)


_ORDER = {"buyer": 0, "partner": 1, "unknown": 2, "seller": 3}


def _listed(desk: Desk, reader: Principal, account_id: str) -> dict[str, Any]:
    scope = reader.scope.only(account_id)
    merged = changing.read_as(desk.archive, scope)
    everybody = sorted(desk.archive.people(scope), key=lambda each: (_ORDER[each.side], each.name.casefold()))
    lost = {person.id: count for person, count in unplaced(desk.archive.interactions(scope))} if _anybody_unplaced(everybody) else {}
    by_hand = desk.archive.setting(BY_HAND) or {}
    return {
        "items": [
            known_person_json(each, [one.person for one in merged if one.into == each.id])
            | {"uncounted": lost.get(each.id, 0), "side_by_hand": each.id in by_hand}
            for each in everybody
        ]
    }


def _anybody_unplaced(people: Iterable[StoredPerson]) -> bool:
    return any(person.side == "unknown" for person in people)
