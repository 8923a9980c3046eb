"""The handoff brief: composed, kept in versions, read and exported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from api.access import Principal, allowed
from api.desk import Desk, OpenDesk
from api.events import HEADERS, MEDIA_TYPE, LastEvent, framed
from api.once import ONCE
from api.problems import Problem, documented, not_found
from api.shapes.briefs import BriefRequest, BriefShape, BriefStarted
from api.shapes.events import BRIEF_EVENTS
from assistant.brief.chosen_deal import UnknownDeal, choose_deal
from assistant.brief.export import Format
from assistant.brief.export import export as exported
from assistant.brief.shelf import as_known, current_brief, opened
from ingest.archive.scope import Scope

router = APIRouter(tags=["briefs"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayCompose = Annotated[Principal, Depends(allowed("brief:write"))]
BriefId = Annotated[str, Path(max_length=80)]
_TOLD = {"oneOf": [{"$ref": f"#/components/schemas/{event.__name__}"} for event in BRIEF_EVENTS]}
_EVENTS = {
    "type": "object",
    "description": "One event; its data is JSON.",
    "properties": {
        "event": {"type": "string"},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": _TOLD},
    },
}
_PARTS = (
    "story", "why", "goals", "promises", "conflicts", "changes", "risks", "people", "requirements", "commercials", "rivals", "timeline",
    "decision", "asked_already", "gaps", "kickoff",
)  # fmt: skip
"""Of a version, in the order in which the page shows them."""


@router.post(
    "/accounts/{account}/briefs",
    dependencies=ONCE,
    status_code=202,
    response_model=BriefStarted,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Compose a new version of the brief",
)
def compose(desk: OpenDesk, reader: MayCompose, account: str, response: Response, wanted: BriefRequest | None = None) -> dict[str, Any]:
    body = composed(desk, reader, account, wanted.deal_id if wanted else None)
    response.headers["Location"] = f"/api/v1/briefs/{body['id']}"
    return {"id": body["id"], "state": body["state"], "version": body["version"], "deal_id": body["deal_id"]}


def composed(desk: Desk, reader: Principal, account: str, deal_id: str | None) -> dict[str, Any]:
    """The brief as of now, kept as a new version if anything is different and the home is open for writing."""
    found = desk.account(reader, account)
    return current_brief(desk.kit, found.id, _deal(desk, reader.scope.only(found.id), deal_id), compose_anew=True, scope=reader.scope)


@router.get(
    "/accounts/{account}/briefs/current",
    response_model=BriefShape,
    responses=documented(401, 404, 409, 422),
    summary="The newest version, of the last won deal unless another is named; with `as_of` what it would have said then, kept nowhere",
)
def current(
    desk: OpenDesk,
    reader: MayRead,
    account: str,
    response: Response,
    deal: Annotated[str | None, Query(max_length=80)] = None,
    as_of: Annotated[
        date | datetime | None, Query(description="A day means its end in the organisation's time zone. Nothing later is read.")
    ] = None,
) -> dict[str, Any]:
    found = desk.account(reader, account)
    if (moment := desk.moment(as_of)) is not None:
        return _as_known(desk, reader, found.id, deal, moment)
    seen = reader.scope.only(found.id)
    wanted = _deal(desk, seen, deal)
    for body in desk.archive.briefs(seen, wanted):
        return _tagged(response, opened(desk.kit, reader.scope, body["id"]))
    raise Problem(404, "no_brief", "No brief has been composed for this deal yet. POST to this account's briefs composes one.")


@router.get(
    "/accounts/{account}/briefs/preview",
    response_model=BriefShape,
    responses=documented(401, 404, 409),
    summary="What the brief of a deal that is not closed would say today; it is kept nowhere",
)
def preview(desk: OpenDesk, reader: MayRead, account: str, deal: Annotated[str | None, Query(max_length=80)] = None) -> dict[str, Any]:
    found = desk.account(reader, account)
    if deal is not None:
        _deal(desk, reader.scope.only(found.id), deal)
    try:
        body = current_brief(desk.kit, found.id, deal, preview=True, scope=reader.scope)
    except UnknownDeal as error:
        raise Problem(404, "no_preview", str(error)) from error
    return {**body, "version": 0}


@router.get("/briefs/{brief}", response_model=BriefShape, responses=documented(401, 404), summary="One version of a brief")
def brief(desk: OpenDesk, reader: MayRead, brief: BriefId, response: Response) -> dict[str, Any]:
    return _tagged(response, opened(desk.kit, reader.scope, brief))


@router.get(
    "/briefs/{brief}/events",
    responses={
        **documented(401, 403, 404, 422),
        200: {"description": "The events behind the last one heard.", "content": {MEDIA_TYPE: {"schema": _EVENTS}}},
        204: {"description": "There are none behind it and there will be none."},
    },
    response_class=Response,
    summary="A version part by part, the whole of it last",
)
def events(desk: OpenDesk, reader: MayRead, brief: BriefId, last_event_id: LastEvent = 0) -> Response:
    """A version is composed before its id is told, so nothing is waited for and the stream ends by itself."""
    body = opened(desk.kit, reader.scope, brief)
    told: list[tuple[str, dict[str, Any]]] = [
        ("brief.section", {"section": part, "claims": body[part]}) for part in _PARTS if body.get(part)
    ]
    told.append(("brief.completed", {"brief": body}))
    behind = [framed(name, seq, said) for seq, (name, said) in enumerate(told, 1) if seq > last_event_id]
    return Response("".join(behind), media_type=MEDIA_TYPE, headers=HEADERS) if behind else Response(status_code=204)


@router.get(
    "/briefs/{brief}/export",
    responses=documented(401, 404, 422),
    summary="A version as a file; csv holds its promises alone",
    response_class=Response,
)
def export(desk: OpenDesk, reader: MayRead, brief: BriefId, format: Annotated[Format, Query()] = "md") -> Response:
    body = opened(desk.kit, reader.scope, brief)
    made = exported(body, format)
    # The file's name is made of our own id: a title from a source could break out of the header.
    headers = {"Content-Disposition": f'attachment; filename="{body["id"]}.{format}"', "X-Content-Type-Options": "nosniff"}
    return Response(made.data, media_type=made.media_type, headers=headers)


def _as_known(desk: Desk, reader: Principal, account_id: str, deal: str | None, moment: datetime) -> dict[str, Any]:
    try:
        return as_known(desk.kit, account_id, deal, moment, scope=reader.scope)
    except UnknownDeal as error:
        raise Problem(404, "no_brief", f"There was no deal {deal} in this account then.") from error


def _tagged(response: Response, body: dict[str, Any]) -> dict[str, Any]:
    """The revision is what `If-Match` of an act is held against."""
    response.headers["ETag"] = f'"{body["revision"]}"'
    return body


def _deal(desk: Desk, scope: Scope, deal_id: str | None) -> str | None:
    """The deal named, which the reader must see; else the last won one, else the newest, else none: the account has no deal."""
    deals = desk.archive.deals(scope)
    if deal_id is None:
        chosen = choose_deal(deals, None)
        return chosen.id if chosen else None
    if deal_id not in {deal.id for deal in deals}:
        raise not_found()
    return deal_id
