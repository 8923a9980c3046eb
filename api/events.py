"""An answer as server-sent events: each step when it happens, the whole answer last. A client may ignore all but the last."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

from anyio import to_thread
from fastapi.responses import StreamingResponse

from api.problems import Problem, problem_body
from assistant.answers import Answer, Citation
from assistant.listening import Listener, Said, Searched, Step, Stop, Stopped, Withdrawn
from assistant.render import answer_json, citation_json, moment

PING_S = 15.0
CHECK_S = 2.0
"""How long somebody who was shut out may go on hearing an answer."""
MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

log = logging.getLogger("baton.api")

Event = tuple[str, Mapping[str, Any]]
"""Its name and what it says beyond `type` and `seq`."""


def streamed(
    answering: Callable[[Listener], Answer], thread_id: str, request_id: str, admitted: Callable[[], None] = lambda: None
) -> StreamingResponse:
    """`answering` runs in a thread; when the client goes it is told to stop, and so is the model it may be asking. `admitted` is asked
    again and again whether the client may still hear it; a Problem that it raises is the stream's end."""
    return StreamingResponse(_sent(answering, thread_id, request_id, admitted), media_type=MEDIA_TYPE, headers=HEADERS)


async def _sent(
    answering: Callable[[Listener], Answer], thread_id: str, request_id: str, admitted: Callable[[], None]
) -> AsyncIterator[str]:
    loop, waiting, stop = asyncio.get_running_loop(), asyncio.Queue[Step | Answer | Exception](), Stop()

    def tell(step: Step | Answer | Exception) -> None:
        with suppress(RuntimeError):  # the server was shut down meanwhile
            loop.call_soon_threadsafe(waiting.put_nowait, step)

    def work() -> None:
        try:
            tell(answering(Listener(tell, stop)))
        except Stopped:
            log.info("request %s: the client went before its answer", request_id)
        except Exception as error:  # whatever it is, the client has its status line already and is told by an event
            tell(error)

    working = asyncio.create_task(to_thread.run_sync(work, abandon_on_cancel=True))
    steps = Steps(thread_id, request_id)
    checked = told = monotonic()
    try:
        while True:
            step: Step | Answer | Exception | None
            try:
                step = await asyncio.wait_for(waiting.get(), CHECK_S)
            except TimeoutError:
                step = None
            if monotonic() - checked >= CHECK_S:
                try:
                    await to_thread.run_sync(admitted)
                except Problem as refused:
                    for event in steps.events(refused):
                        yield event
                    return
                checked = monotonic()
            if step is None:
                if monotonic() - told >= PING_S:
                    yield ": still at it\n\n"
                    told = monotonic()
                continue
            told = monotonic()
            for event in steps.events(step):
                yield event
            if not isinstance(step, Searched | Said | Withdrawn):
                await working
                return
    finally:
        stop.set()


class Steps:
    """Numbers events and citations in the order in which they are told."""

    def __init__(self, thread_id: str, request_id: str) -> None:
        self._thread_id, self._request_id = thread_id, request_id
        self._seq = 0
        self._standing: dict[str, tuple[Citation, ...]] = {}
        """The claims told and not withdrawn, with what they cite."""

    def events(self, step: Step | Answer | Exception) -> Iterator[str]:
        for name, data in self._named(step):
            self._seq += 1
            body = json.dumps({"type": name, "seq": self._seq, **data}, ensure_ascii=False)
            yield f"event: {name}\nid: {self._seq}\ndata: {body}\n\n"

    def _named(self, step: Step | Answer | Exception) -> Iterator[Event]:
        match step:
            case Searched():
                # An answer's id is made of what it says, so nobody knows it yet.
                yield "answer.started", {"answer_id": None, "thread_id": self._thread_id, "number_of_sources": step.total}
                read = [{"id": s.id, "kind": s.kind, "title": s.title, "occurred_at": moment(s.occurred_at)} for s in step.read]
                yield "answer.search", {"read": len(read), "total": step.total, "sources": read}
            case Said():
                yield "answer.delta", {"block": step.block, "claim": step.claim.id, "text": step.claim.text}
                for citation in step.citations:
                    yield "answer.citation", {"claim": step.claim.id, "citation": citation_json(citation, self._number(citation, step))}
                yield "answer.check", {"claim": step.claim.id, "check": step.claim.check}
            case Withdrawn():
                self._standing.pop(step.claim_id, None)
                yield "answer.check", {"claim": step.claim_id, "check": "removed"}
            case Answer():
                body = answer_json(step)
                yield f"answer.{'declined' if step.status == 'declined' else 'completed'}", {"answer": body}
                if step.follow_ups:
                    yield "answer.followups", {"items": list(step.follow_ups)}
            case Exception():
                yield "error", {"problem": self._problem(step)}

    def _number(self, citation: Citation, said: Said) -> int:
        self._standing[said.claim.id] = said.citations
        return list(dict.fromkeys(c.id for cited in self._standing.values() for c in cited)).index(citation.id) + 1

    def _problem(self, error: Exception) -> dict[str, Any]:
        if not isinstance(error, Problem):
            log.error("request %s failed", self._request_id, exc_info=error)
            error = Problem(500, "failed", "Something went wrong here. The server's log has the details under this request id.")
        return problem_body(error, self._request_id)
