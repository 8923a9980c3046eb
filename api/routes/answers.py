"""Questions: asked of one account, answered with claims that open at their exact words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from api.access import Gate, Principal, allowed
from api.desk import Desk, OpenDesk
from api.events import MEDIA_TYPE, LastEvent, Steps, stopped, streamed
from api.once import ONCE, note_stream
from api.problems import Problem, documented, not_found
from api.runs import Run, Runs
from api.shapes.answers import AnswerShape, AnswerState, AnswerUnderway, AskRequest, FeedbackGiven
from api.shapes.events import EVENTS
from assistant.answers import Answer
from assistant.conversation import converse
from assistant.listening import Listener
from assistant.render import answer_json
from ingest.archive.rows import Opinion
from ingest.archive.scope import Scope
from ingest.archive.storable import storable_json

router = APIRouter(tags=["answers"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayAsk = Annotated[Principal, Depends(allowed("ask"))]
AnswerId = Annotated[str, Path(max_length=80)]

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
    dependencies=ONCE,
    response_model=AnswerShape,
    response_model_exclude_unset=True,  # word for word what the stream of events ends with
    responses={**documented(400, 401, 403, 404, 406, 409, 413, 415, 422), **_STREAM},
    summary="Ask about one account",
)
def answer(
    desk: OpenDesk, reader: MayAsk, account: str, asked: AskRequest, events: Annotated[bool, Depends(wants_events)], request: Request
) -> Any:
    thread_id, answering = answered(desk, reader, account, asked)
    if not events:
        return answer_json(answering())
    found = desk.account(reader, account).id
    run = Run(reader.id, found, reader.scope.only(found), thread_id, request.scope.get("request_id", ""), trail=reader.trail)
    # It may go on when this request has ended, and counts as one that waits for its answer until it has.
    leave, request.state.leave = getattr(request.state, "leave", None), None
    note_stream(request, run)
    _runs(request).begin(run, lambda listener: answering(listener=listener), Steps(run.id, thread_id, run.request_id).events, leave)
    return streamed(run, _admitted(request, reader, run))


@router.get(
    "/answers/{answer}",
    response_model=AnswerShape,
    response_model_exclude_unset=True,
    responses={**documented(401, 403, 404, 410), 202: {"model": AnswerUnderway, "description": "It is still being made."}},
    summary="An answer again, by its id or by the one that its stream began with",
)
def again(desk: OpenDesk, reader: MayRead, answer: AnswerId, request: Request) -> Any:
    """Of somebody else's, those in threads that are shared with you."""
    run = _runs(request).find(reader, answer)
    if run is None or run.answer is not None:
        return _kept(desk, reader, answer, run)
    match run.state:
        case "stopped":
            raise stopped()
        case "failed":
            raise Problem(410, "answer_failed", "This answer could not be made. Ask again.")
        case state:
            return JSONResponse({"id": run.id, "thread_id": run.thread_id, "status": state}, 202)


@router.get(
    "/answers/{answer}/events",
    responses={
        **documented(401, 403, 404, 422),
        200: {"description": "The events behind the last one heard.", "content": {MEDIA_TYPE: {"schema": _EVENTS}}},
        204: {"description": "There are none behind it and there will be none."},
    },
    response_class=Response,
    summary="Hear the events of an answer again, or the rest of them after the stream was lost",
)
def events(desk: OpenDesk, reader: MayRead, answer: AnswerId, request: Request, last_event_id: LastEvent = 0) -> Response:
    """Yours alone, and for five minutes after the last event; then the answer itself can still be read."""
    run = _runs(request).get(reader, answer)
    if run.answer is not None and desk.kit.home.writes and _kept(desk, reader, answer, run) != _as_stored(run.answer):
        raise not_found()  # something of it was taken back meanwhile
    frames, ended = run.since(last_event_id)
    if ended and not frames:
        return Response(status_code=204)
    return streamed(run, _admitted(request, reader, run), last_event_id, reader.trail)


@router.post(
    "/answers/{answer}/cancel",
    response_model=AnswerState,
    responses=documented(401, 403, 404, 422),
    summary="Stop an answer of yours that is still being made",
)
def cancel(desk: OpenDesk, reader: MayAsk, answer: AnswerId, request: Request) -> dict[str, Any]:
    """One that has ended stays as it is, and its state is told. One that becomes whole in the same moment is kept."""
    run = _runs(request).find(reader, answer)
    if run is None:
        body = _kept(desk, reader, answer, None)
        return {"id": answer, "thread_id": body["thread_id"], "status": body["status"]}
    running = run.state == "running"
    if running:
        run.stop.set()
    return {"id": run.id, "thread_id": run.thread_id, "status": "stopped" if running else run.state}


@router.post(
    "/answers/{answer}/feedback",
    dependencies=ONCE,
    status_code=204,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Say whether an answer was good, and what was wrong with it",
)
def feedback(desk: OpenDesk, reader: MayAsk, answer: Annotated[str, Path(max_length=80)], given: FeedbackGiven) -> Response:
    account = desk.archive.account_of_answer(reader.scope, answer)
    opinion = Opinion(answer, account, reader.id, datetime.now(UTC), given.rating, tuple(dict.fromkeys(given.reasons)), given.text)
    desk.archive.add_opinion(opinion)
    return Response(status_code=204)


def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


def _admitted(request: Request, reader: Principal, run: Run) -> Callable[[], None]:
    gate: Gate = request.app.state.gate
    return partial(gate.confirm, request, reader, run.account_id)


def _kept(desk: Desk, reader: Principal, answer_id: str, run: Run | None) -> dict[str, Any]:
    """The answer as it may be shown today. A home that is not open for writing keeps none, but for those still in memory."""
    if run is not None and run.answer is not None:
        reader.trail.extend(run.trail)
        if not desk.kit.home.writes:
            return answer_json(run.answer)
        answer_id = run.answer.id
    return desk.archive.answer(reader.scope, answer_id)


def _as_stored(answer: Answer) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(json.dumps(storable_json(answer_json(answer))))
    return stored


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
