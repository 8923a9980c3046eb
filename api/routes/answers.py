"""Questions: asked of one account, answered with claims that open at their exact words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from api.access import Gate, Principal, allowed
from api.desk import Desk, OpenDesk
from api.events import MEDIA_TYPE, streamed
from api.problems import Problem, documented, not_found
from api.shapes import EVENTS, AnswerShape, AskRequest, FeedbackGiven
from assistant.answers import Answer
from assistant.conversation import converse
from assistant.listening import Listener
from assistant.render import answer_json
from ingest.archive.rows import Opinion
from ingest.archive.scope import Scope

router = APIRouter(tags=["answers"])
MayAsk = Annotated[Principal, Depends(allowed("ask"))]

_JSON = frozenset({"application/json", "application/*", "*/*"})
_EVENTS = {"oneOf": [{"$ref": f"#/components/schemas/{event.__name__}"} for event in EVENTS]}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer, or the events of its making.", "content": {MEDIA_TYPE: {"schema": _EVENTS}}}
}


def wants_events(accept: Annotated[str, Header(include_in_schema=False)] = "*/*") -> bool:
    """What is named first of the two; a client that takes neither is told so instead of being sent what it cannot read."""
    for part in accept.split(","):
        match part.partition(";")[0].strip().lower():
            case "text/event-stream":
                return True
            case kind if kind in _JSON:
                return False
    raise Problem(406, "not_acceptable", "Answers are sent as application/json or text/event-stream.")


@router.post(
    "/accounts/{account}/answers",
    response_model=AnswerShape,
    response_model_exclude_unset=True,  # word for word what the stream of events ends with
    responses={**documented(400, 401, 403, 404, 406, 409, 413, 415, 422), **_STREAM},
    summary="Ask about one account",
)
def answer(
    desk: OpenDesk, reader: MayAsk, account: str, asked: AskRequest, events: Annotated[bool, Depends(wants_events)], request: Request
) -> Any:
    thread_id, answering = answered(desk, reader, account, asked)
    if events:
        gate: Gate = request.app.state.gate
        found = desk.account(reader, account).id
        request_id = request.scope.get("request_id", "")
        return streamed(lambda listener: answering(listener=listener), thread_id, request_id, partial(gate.confirm, request, reader, found))
    return answer_json(answering())


@router.post(
    "/answers/{answer}/feedback",
    status_code=204,
    responses=documented(400, 401, 403, 404, 413, 415, 422),
    summary="Say whether an answer was good, and what was wrong with it",
)
def feedback(desk: OpenDesk, reader: MayAsk, answer: Annotated[str, Path(max_length=80)], given: FeedbackGiven) -> Response:
    account = desk.archive.account_of_answer(reader.scope, answer)
    opinion = Opinion(answer, account, reader.id, datetime.now(UTC), given.rating, tuple(dict.fromkeys(given.reasons)), given.text)
    desk.archive.add_opinion(opinion)
    return Response(status_code=204)


def answered(desk: Desk, reader: Principal, account: str, asked: AskRequest) -> tuple[str, Callable[..., Answer]]:
    """The thread's id and what makes the answer when it is called, with a listener or without; that the reader may ask this is found
    out before."""
    found = desk.account(reader, account)
    seen = reader.scope.only(found.id)
    deal_id, as_of = _known_deal(desk, seen, asked.deal_id), desk.moment(asked.as_of)
    thread_id = _known_thread(desk, seen, asked.thread_id)
    kinds = frozenset(asked.kinds) if asked.kinds else None

    def answering(listener: Listener | None = None) -> Answer:
        answer = converse(
            desk.kit, found.id, asked.question, deal_id=deal_id, as_of=as_of, kinds=kinds, thread_id=thread_id, scope=reader.scope,
            listener=listener,
        )  # fmt: skip
        reader.trail.extend([answer.id, thread_id, *dict.fromkeys(each.interaction_id for each in answer.citations)])
        return answer

    return thread_id, answering


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
