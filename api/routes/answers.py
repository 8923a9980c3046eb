"""Questions: asked of one account, answered with claims that open at their exact words."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Header

from api.access import Principal, allowed
from api.desk import Desk, OpenDesk
from api.problems import Problem, documented, not_found
from api.shapes import AnswerShape, AskRequest
from assistant.conversation import converse
from assistant.render import answer_json
from ingest.archive.scope import Scope

router = APIRouter(tags=["answers"])
MayAsk = Annotated[Principal, Depends(allowed("ask"))]

_JSON = frozenset({"application/json", "application/*", "*/*"})


def only_json(accept: Annotated[str, Header(include_in_schema=False)] = "*/*") -> None:
    """Streams of events are not served; a client that takes nothing else is told so instead of being sent what it cannot read."""
    if not any(part.partition(";")[0].strip().lower() in _JSON for part in accept.split(",")):
        raise Problem(406, "not_acceptable", "Answers are sent as application/json.")


@router.post(
    "/accounts/{account}/answers",
    response_model=AnswerShape,
    responses=documented(400, 401, 403, 404, 406, 409, 413, 415, 422),
    dependencies=[Depends(only_json)],
    summary="Ask about one account",
)
def answer(desk: OpenDesk, reader: MayAsk, account: str, asked: AskRequest) -> dict[str, Any]:
    found = desk.account(reader, account)
    seen = reader.scope.only(found.id)
    given = converse(
        desk.kit,
        found.id,
        asked.question,
        deal_id=_known_deal(desk, seen, asked.deal_id),
        as_of=desk.moment(asked.as_of),
        kinds=frozenset(asked.kinds) if asked.kinds else None,
        thread_id=_known_thread(desk, seen, asked.thread_id),
        scope=reader.scope,
    )
    return answer_json(given)


def _known_deal(desk: Desk, scope: Scope, deal_id: str | None) -> str | None:
    if deal_id is not None and deal_id not in {deal.id for deal in desk.archive.deals(scope)}:
        raise not_found()
    return deal_id


def _known_thread(desk: Desk, scope: Scope, thread_id: str | None) -> str:
    """A thread of this account that the reader may see, or a new one of their own."""
    if thread_id is None:
        return f"thr_{uuid4().hex[:16]}"
    if not desk.archive.thread(scope, thread_id):
        raise not_found()
    return thread_id
