"""`/v1/chat/completions`: a chat front end that talks to OpenAI's models is pointed at Baton, and each account is a model there.

The answer is Baton's whole one, checked before the first word is sent: what a stream has shown cannot be taken back in this protocol.
Nothing is kept of such a conversation, as the protocol has it: the front end sends what was said before. Failures have the shape that
OpenAI's clients read.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from time import time
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from api.access import Principal, allowed
from api.desk import OpenDesk
from api.events import HEADERS, MEDIA_TYPE
from api.plainly import answer_markdown
from api.problems import FORESEEN, Problem, problem_of
from api.shapes.base import MOST_CHARACTERS
from assistant.answers import Answer, Exchange, Question
from assistant.asking import ask
from assistant.conversation import exchange
from assistant.render import answer_json

MayAsk = Annotated[Principal, Depends(allowed("ask"))]

EXCHANGES_KEPT = 2000
MOST_MESSAGES = 200


class OpenAIRoute(APIRoute):
    """Tells failures as `{"error": {"message", "type", "code", "param"}}`."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except FORESEEN as error:
                problem = problem_of(error)
                kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(
                    problem.status, "invalid_request_error"
                )
                body = Failure(error=Told(message=problem.detail, type=kind, code=problem.code))
                return JSONResponse(body.model_dump(), problem.status, dict(problem.headers))

        return told


class Told(BaseModel):
    message: str
    type: str
    code: str
    param: None = None


class Failure(BaseModel):
    """As OpenAI's clients read it; `code` and `message` are those of the problems elsewhere."""

    error: Told


_FAILURES: dict[int | str, dict[str, Any]] = {status: {"model": Failure} for status in (400, 401, 403, 404, 409, 413, 415, 422, 429)}

router = APIRouter(prefix="/v1", tags=["openai"], route_class=OpenAIRoute, responses=_FAILURES)


class Part(BaseModel):
    type: str
    text: str | None = None


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def words(self) -> str:
        if self.content is None or isinstance(self.content, str):
            return (self.content or "").strip()
        return "\n".join(part.text or "" for part in self.content if part.type == "text").strip()


class StreamOptions(BaseModel):
    include_usage: bool = False


class CompletionRequest(BaseModel):
    """What is not named here (temperature, tools, limits of length) is read over: it changes nothing about what the history says."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [{"model": "halden-freight-group", "messages": [{"role": "user", "content": "What did we promise?"}]}]
        },
    )

    model: Annotated[str, Field(min_length=1, max_length=200, description="An account: its slug, id, name or domain.")]
    messages: Annotated[list[Message], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


class Recent:
    """What conversations of this protocol were last answered with, so that "and when?" finds what the answer before stood on.

    Without an entry (another server, an old conversation) the front end's own copy of the words has to do.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, Exchange] = OrderedDict()

    def keep(self, reader: Principal, account_id: str, asked: Sequence[str], answer: Answer) -> None:
        with self._lock:
            self._kept[_key(reader, account_id, asked)] = exchange(answer_json(answer))
            while len(self._kept) > EXCHANGES_KEPT:
                self._kept.popitem(last=False)

    def earlier(self, reader: Principal, account_id: str, asked: Sequence[str], said: Sequence[str]) -> tuple[Exchange, ...]:
        """One for each question of `asked`; `said` are the replies as the front end has them."""
        with self._lock:
            return tuple(
                self._kept.get(_key(reader, account_id, asked[: place + 1])) or Exchange(asked[place], asked[place], reply)
                for place, reply in enumerate(said)
            )


def _key(reader: Principal, account_id: str, asked: Sequence[str]) -> str:
    whose = [reader.name, repr(reader.scope), account_id, *asked]
    return hashlib.sha256(json.dumps(whose).encode()).hexdigest()


@router.get("/models", summary="The accounts you may see, as models")
def models(desk: OpenDesk, reader: MayAsk) -> dict[str, Any]:
    return {"object": "list", "data": [_model(account.slug, account.name) for account in desk.archive.accounts(reader.scope)]}


@router.post(
    "/chat/completions",
    summary="Ask about one account, as OpenAI's clients ask a model",
    responses={200: {"description": "A completion, or with `stream` its chunks.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
def completions(desk: OpenDesk, reader: MayAsk, sent: CompletionRequest, request: Request) -> Any:
    account = desk.account(reader, sent.model)
    asked, said = _conversation(sent.messages)
    recent: Recent = request.app.state.recent
    earlier = recent.earlier(reader, account.id, asked, said)
    answer = ask(desk.kit, Question(asked[-1], account.id, earlier=earlier), scope=reader.scope)
    reader.trail.extend(dict.fromkeys(each.interaction_id for each in answer.citations))
    recent.keep(reader, account.id, asked, answer)
    text = answer_markdown(answer, f"{_base(request)}/a/{account.slug}")
    head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time()), "model": account.slug}
    if sent.stream:
        usage = _usage(answer) if sent.stream_options and sent.stream_options.include_usage else None
        return StreamingResponse(_chunks(head, text, usage), media_type=MEDIA_TYPE, headers=HEADERS)
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        **head,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(answer),
        "baton": answer_json(answer),
    }


def _conversation(messages: Sequence[Message]) -> tuple[list[str], list[str]]:
    """The user's questions, the last of them to be answered, and the replies to those before it."""
    if messages[-1].role != "user" or not messages[-1].words():
        raise Problem(400, "no_question", "The last message must be a user's and hold text: it is the question.")
    if len(messages[-1].words()) > MOST_CHARACTERS:
        raise Problem(400, "question_too_long", f"A question may hold {MOST_CHARACTERS:,} characters.")
    asked: list[str] = []
    said: list[str] = []
    for message in messages:
        if message.role == "user" and message.words():
            said += [""] * (len(asked) - len(said))
            asked.append(message.words()[:MOST_CHARACTERS])
        elif message.role == "assistant" and len(said) < len(asked):
            said.append(message.words())
    return asked, said


def _chunks(head: dict[str, Any], text: str, usage: dict[str, int] | None) -> Iterator[str]:
    def chunk(delta: dict[str, str], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "object": "chat.completion.chunk", "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for line in text.splitlines(keepends=True):
        yield chunk({"content": line})
    yield chunk({}, "stop")
    if usage:
        yield _event({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
    yield "data: [DONE]\n\n"


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _base(request: Request) -> str:
    """The address people open: the name they reached us by is one of ours, or the fence had sent them away."""
    secure = request.app.state.address.secure
    return f"{'https' if secure else request.url.scheme}://{request.url.netloc}"


def _usage(answer: Answer) -> dict[str, int]:
    """Of the language model behind the answer; none was asked in extractive mode."""
    sent, received = (answer.usage.sent, answer.usage.received) if answer.usage else (0, 0)
    return {"prompt_tokens": sent, "completion_tokens": received, "total_tokens": sent + received}


def _model(slug: str, name: str) -> dict[str, Any]:
    return {"id": slug, "object": "model", "created": 0, "owned_by": "baton", "name": name}
