"""The promise ledger across the accounts a caller may see: exact lists, and a person's word on what became of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from api.access import Principal, allowed
from api.desk import Desk, OpenDesk
from api.once import ONCE
from api.paging import Cursor, Limit, page
from api.problems import documented
from api.shapes.base import ContractStatus, PromiseStatus, Strength
from api.shapes.promises import PromiseHistory, PromiseMarked, PromisePage, RecalledPage
from assistant.citations import resolve
from assistant.portfolio import Wanted, find, history_of, promise_of, set_status, undo_status, watch
from assistant.render import citation_json
from ingest.archive.scope import Scope

router = APIRouter(tags=["promises"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayMark = Annotated[Principal, Depends(allowed("brief:write"))]
PromiseId = Annotated[str, Path(max_length=80)]


@router.get(
    "/promises",
    response_model=PromisePage,
    responses=documented(400, 401, 404, 409, 422),
    summary="Every promise that fits, with complete counts; a page of them with their citations",
)
def promises(
    desk: OpenDesk,
    reader: MayRead,
    q: Annotated[str, Query(max_length=200, description="Every word must be met, by itself or by the trade's other name for it.")] = "",
    contract: ContractStatus | None = None,
    strength: Strength | None = None,
    status: PromiseStatus | None = None,
    account: Annotated[str | None, Query(max_length=200)] = None,
    current: Annotated[bool | None, Query(description="false: only what was replaced or taken back.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    scope = reader.scope.only(desk.account(reader, account).id) if account else reader.scope
    found = find(desk.kit, scope, Wanted(q, contract or "", strength or "", status or "", current))
    shown, following = page(found, lambda row: str(row["id"]), limit, cursor)
    reader.trail.extend(dict.fromkeys(row["account"]["id"] for row in shown))
    return {
        "items": shown,
        "total": len(found),
        "accounts": len({row["account"]["id"] for row in found}),
        "citations": _citations(desk, scope, shown),
        "next_cursor": following,
    }


@router.get(
    "/accounts/{account}/recalled",
    response_model=RecalledPage,
    responses=documented(401, 404, 409),
    summary="What the customer says, after the signature, that they were promised, with the words it goes back to",
)
def recalled(desk: OpenDesk, reader: MayRead, account: str) -> dict[str, Any]:
    scope = reader.scope.only(desk.account(reader, account).id)
    items = watch(desk.kit, scope)
    said = [citation_json(resolve(desk.archive, scope, item["citation"]), number) for number, item in enumerate(items, 1)]
    cited = _citations(desk, scope, [row for item in items for row in item["promises"]])
    known = {citation["id"] for citation in said}
    more = [citation for citation in cited if citation["id"] not in known]
    return {"items": items, "citations": [{**each, "number": number} for number, each in enumerate([*said, *more], 1)]}


@router.get("/promises/{promise}", response_model=PromiseHistory, responses=documented(401, 404), summary="One promise and its history")
def promise(desk: OpenDesk, reader: MayRead, promise: PromiseId) -> dict[str, Any]:
    return _one(desk, reader, promise)


@router.post(
    "/promises/{promise}/status",
    dependencies=ONCE,
    response_model=PromiseHistory,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Say what became of a promise",
)
def mark(desk: OpenDesk, reader: MayMark, promise: PromiseId, marked: PromiseMarked) -> dict[str, Any]:
    set_status(desk.kit, reader.scope, promise, marked.status, marked.because, reader.name)
    return _one(desk, reader, promise)


@router.delete(
    "/promises/{promise}/status",
    response_model=PromiseHistory,
    responses=documented(401, 403, 404),
    summary="Take the latest word on a promise back",
)
def unmark(desk: OpenDesk, reader: MayMark, promise: PromiseId) -> dict[str, Any]:
    undo_status(desk.kit, reader.scope, promise)
    return _one(desk, reader, promise)


def _one(desk: Desk, reader: Principal, promise: str) -> dict[str, Any]:
    scope = reader.scope
    row = promise_of(desk.kit, scope, promise)
    reader.trail.append(row["account"]["id"])
    return {"promise": row, "history": history_of(desk.archive, scope, promise), "citations": _citations(desk, scope, [row])}


def _citations(desk: Desk, scope: Scope, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbered as a reader of the rows meets them."""
    ids = [id for row in rows for id in _cited(row) if id]
    return [citation_json(resolve(desk.archive, scope, id), number) for number, id in enumerate(dict.fromkeys(ids), 1)]


def _cited(row: Mapping[str, Any]) -> Iterator[str | None]:
    yield from (*row["citations"], row["contract_citation"], *row["status_citations"], row["because_citation"])
    if row["reliance"]:
        yield row["reliance"]["citation"]
