"""The evidence itself: interactions, their words turn by turn, and citations opened at their exact slice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from api.access import Principal, allowed
from api.desk import Desk, OpenDesk
from api.paging import Cursor, Limit, page
from api.problems import Problem, documented, not_found
from api.shapes.evidence import OpenedCitation, OpenedSource, SegmentWindow, SourcePage
from api.views import account_ref, segment_json, source_json, talk_json
from assistant.answers import Citation
from assistant.citations import NotACitation, resolve
from assistant.render import citation_json
from ingest.archive.rows import StoredInteraction
from ingest.archive.scope import Scope
from ingest.records import Kind

router = APIRouter(tags=["evidence"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayAdminister = Annotated[Principal, Depends(allowed("admin"))]
SourceId = Annotated[str, Path(max_length=80)]
Window = Annotated[int, Query(ge=0, le=200)]


@router.get(
    "/accounts/{account}/sources",
    response_model=SourcePage,
    responses=documented(400, 401, 404, 409, 422),
    summary="The deal history, oldest first",
)
def sources(
    desk: OpenDesk,
    reader: MayRead,
    account: str,
    kind: Annotated[list[Kind] | None, Query()] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    found = desk.account(reader, account)
    seen = reader.scope.only(found.id)
    listed = desk.archive.sources(seen, frozenset(kind) if kind else None)
    if q.strip():
        fitting = {held.source.id for held in desk.archive.interactions(seen, [source.id for source in listed]) if _holds(held, q)}
        listed = [source for source in listed if source.id in fitting]
    shown, following = page(listed, lambda source: source.id, limit, cursor)
    whole = {held.source.id: held for held in desk.archive.interactions(seen, [source.id for source in shown])}
    restricted = desk.archive.restricted()
    items = [source_json(whole[source.id], found, restricted) for source in shown]
    return {"items": items, "next_cursor": following, "total": len(listed)}


@router.get("/sources/{source}", response_model=OpenedSource, responses=documented(401, 404), summary="One interaction")
def source(desk: OpenDesk, reader: MayRead, source: SourceId) -> dict[str, Any]:
    held = desk.archive.interaction(reader.scope, source)
    shown = source_json(held, desk.account(reader, held.source.account_id), desk.archive.restricted())
    return {**shown, "talk": talk_json(held)}


@router.put(
    "/sources/{source}/restriction",
    status_code=204,
    responses=documented(401, 403, 404),
    summary="Keep an interaction to admins and to our people who took part in it",
)
def restrict(desk: OpenDesk, reader: MayAdminister, source: SourceId) -> Response:
    held = desk.archive.interaction(reader.scope, source)
    desk.archive.restrict(held.source.id, reader.id, datetime.now(UTC))
    return Response(status_code=204)


@router.delete(
    "/sources/{source}/restriction", status_code=204, responses=documented(401, 403, 404), summary="Let all of the account see it again"
)
def lift(desk: OpenDesk, reader: MayAdminister, source: SourceId) -> Response:
    held = desk.archive.interaction(reader.scope, source)
    desk.archive.unrestrict(held.source.id)
    return Response(status_code=204)


@router.get(
    "/sources/{source}/segments", response_model=SegmentWindow, responses=documented(400, 401, 404, 422), summary="Its words, turn by turn"
)
def segments(
    desk: OpenDesk,
    reader: MayRead,
    source: SourceId,
    around: Annotated[
        str | None, Query(max_length=80, description="A segment id, or a citation id: then the words are those it was taken from.")
    ] = None,
    before: Window = 5,
    after: Window = 10,
) -> dict[str, Any]:
    held, position = _opened(desk, reader.scope, source, around)
    first = 0 if position is None else max(0, position - before)
    last = min(len(held.turns), (position or 0) + after + 1)
    return {
        "source_id": held.source.id,
        "text_sha256": held.source.text_sha256,
        "current": _current(desk, reader.scope, held.source.id, held.source.text_sha256),
        "before": first,
        "after": len(held.turns) - last,
        "items": [segment_json(held, turn) for turn in held.turns[first:last]],
    }


@router.get("/citations/{citation}", response_model=OpenedCitation, responses=documented(401, 404), summary="A citation, from its id alone")
def citation(desk: OpenDesk, reader: MayRead, citation: Annotated[str, Path(max_length=80)]) -> dict[str, Any]:
    found = _resolved(desk, reader.scope, citation)
    held = desk.archive.interaction(reader.scope, found.interaction_id)
    return {
        **citation_json(found, 1),
        "account": account_ref(desk.account(reader, held.source.account_id)),
        "current": held.source.text_sha256 == found.text_sha256,
    }


def _opened(desk: Desk, scope: Scope, source_id: str, around: str | None) -> tuple[StoredInteraction, int | None]:
    """The interaction, in the version a citation was taken from, and the position of the segment to stand in the window."""
    if around is None:
        return desk.archive.interaction(scope, source_id), None
    if around.startswith("cit_"):
        found = _resolved(desk, scope, around)
        if found.interaction_id != source_id:
            raise not_found()
        held = desk.archive.text_version(scope, source_id, found.text_sha256)
        return held, next(turn.position for turn in held.turns if turn.span.start <= found.span.start < turn.span.end)
    held = desk.archive.interaction(scope, source_id)
    position = around.removeprefix("seg_")
    if not position.isdecimal() or int(position) >= len(held.turns):
        raise Problem(400, "unknown_segment", "`around` takes the id of one of this source's segments or of a citation in it.")
    return held, int(position)


def _resolved(desk: Desk, scope: Scope, citation_id: str) -> Citation:
    try:
        return resolve(desk.archive, scope, citation_id)
    except NotACitation:
        raise not_found() from None


def _current(desk: Desk, scope: Scope, source_id: str, text_sha256: str) -> bool:
    return desk.archive.interaction(scope, source_id).source.text_sha256 == text_sha256


def _holds(held: StoredInteraction, query: str) -> bool:
    """Every word of the query stands in the title, the people or the text."""
    known = " ".join([held.source.title, *(person.name for person in held.participants), held.text]).casefold()
    return all(word in known for word in query.casefold().split())
