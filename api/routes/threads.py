"""Threads of questions: one's own, and those that colleagues shared with everybody who may see the account."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from api.access import BEYOND_A_FRAME, Principal, allowed
from api.desk import Desk, OpenDesk
from api.paging import Cursor, Limit, page
from api.problems import documented, not_found
from api.shapes.threads import ThreadPage, ThreadShape, ThreadSharing
from assistant.render import moment
from ingest.archive.rows import StoredThread

router = APIRouter(tags=["answers"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayAsk = Annotated[Principal, Depends(allowed("ask"))]
ThreadId = Annotated[str, Path(max_length=80)]


@router.get(
    "/accounts/{account}/threads",
    response_model=ThreadPage,
    responses=documented(400, 401, 404, 409, 422),
    summary="Your threads of an account, and those shared with you; the latest first",
)
def threads(desk: OpenDesk, reader: MayRead, account: str, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    seen = reader.scope.only(desk.account(reader, account).id)
    shown, following = page(desk.archive.threads(seen), lambda thread: thread.id, limit, cursor)
    return {"items": [_item(thread, reader) for thread in shown], "next_cursor": following}


@router.get("/threads/{thread}", response_model=ThreadShape, responses=documented(401, 404), summary="A thread with its answers")
def thread(desk: OpenDesk, reader: MayRead, thread: ThreadId) -> dict[str, Any]:
    return _whole(desk, reader, thread)


@router.patch(
    "/threads/{thread}",
    response_model=ThreadShape,
    responses=documented(400, 401, 403, 404, 413, 415, 422),
    dependencies=BEYOND_A_FRAME,
    summary="Share a thread of yours with everybody who may see the account, or keep it to yourself again",
)
def share(desk: OpenDesk, reader: MayAsk, thread: ThreadId, wanted: ThreadSharing) -> dict[str, Any]:
    desk.archive.share_thread(reader.scope, thread, wanted.shared)
    return _whole(desk, reader, thread)


@router.delete(
    "/threads/{thread}",
    status_code=204,
    responses=documented(401, 403, 404),
    dependencies=BEYOND_A_FRAME,
    summary="Delete a thread of yours",
)
def drop(desk: OpenDesk, reader: MayAsk, thread: ThreadId) -> Response:
    desk.archive.drop_thread(reader.scope, thread)
    return Response(status_code=204)


def _whole(desk: Desk, reader: Principal, thread_id: str) -> dict[str, Any]:
    found = next((each for each in desk.archive.threads(reader.scope) if each.id == thread_id), None)
    if found is None:
        raise not_found()
    return {**_item(found, reader), "answers": desk.archive.thread(reader.scope, thread_id)}


def _item(thread: StoredThread, reader: Principal) -> dict[str, Any]:
    return {
        "id": thread.id,
        "account": thread.account_id,
        "question": thread.question,
        "begun_at": moment(thread.begun_at),
        "shared": thread.shared,
        "own": thread.owner_id == reader.id,
    }
