"""An answer as server-sent events: each step when it happens, the whole answer last. A client may ignore all but the last."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from time import monotonic
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Header
from fastapi.responses import StreamingResponse

from api.problems import Problem, problem_body
from api.runs import Run
from assistant.answers import Answer, Citation
from assistant.listening import Said, Searched, Step, Stopped, Withdrawn
from assistant.render import answer_json, citation_json, moment

PING_S = 15.0
CHECK_S = 2.0
"""How long somebody who was shut out may go on hearing an answer."""
GRACE_S = 15.0
"""How long an answer that nobody hears any more is still worked on, for a client that lost its connection and comes back."""
MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

LastEvent = Annotated[int, Header(alias="Last-Event-ID", ge=0, le=1_000_000_000, description="The number of the last event heard.")]

log = logging.getLogger("baton.api")

Event = tuple[str, Mapping[str, Any]]
"""Its name and what it says beyond `type` and `seq`."""


def streamed(run: Run, admitted: Callable[[], None] = lambda: None, after: int = 0, trail: list[str] | None = None) -> StreamingResponse:
    """The events of a run behind number `after`: those there are, then each as it comes. `admitted` is asked again and again whether the
    client may still hear them; a Problem that it raises is the stream's end, and the run's. What was told is noted in `trail`."""
    where = {"Location": f"/api/v1/answers/{run.id}"}
    return StreamingResponse(_sent(run, admitted, after, trail), media_type=MEDIA_TYPE, headers=HEADERS | where)


async def _sent(run: Run, admitted: Callable[[], None], after: int, trail: list[str] | None) -> AsyncIterator[str]:
    loop, bell = asyncio.get_running_loop(), asyncio.Event()
    leave = run.listen(lambda: loop.call_soon_threadsafe(bell.set))
    told, place = monotonic(), after
    checked = monotonic()
    try:
        while True:
            bell.clear()
            frames, ended = run.since(place)
            if monotonic() - checked >= CHECK_S:
                try:
                    await to_thread.run_sync(admitted)
                except Problem as refused:
                    run.stop.set()
                    yield framed("error", place + 1, {"problem": problem_body(refused, run.request_id)})
                    return
                checked = monotonic()
            if frames:  # all at once: to a client that has gone, each piece more would be one more written in vain
                place, told = place + len(frames), monotonic()
                yield "".join(frames)
            if ended:
                return
            if frames:
                continue
            try:
                await asyncio.wait_for(bell.wait(), CHECK_S)
            except TimeoutError:
                if monotonic() - told >= PING_S:
                    yield ": still at it\n\n"
                    told = monotonic()
    finally:
        if trail is not None:
            trail.extend(run.trail)
        if not leave():
            loop.call_later(GRACE_S, run.stop_if_forsaken)


def framed(name: str, seq: int, data: Mapping[str, Any]) -> str:
    body = json.dumps({"type": name, "seq": seq, **data}, ensure_ascii=False)
    return f"event: {name}\nid: {seq}\ndata: {body}\n\n"


class Steps:
    """Numbers events and citations in the order in which they are told."""

    def __init__(self, run_id: str, thread_id: str, request_id: str) -> None:
        self._run_id, self._thread_id, self._request_id = run_id, thread_id, request_id
        self._seq = 0
        self._standing: dict[str, tuple[Citation, ...]] = {}
        """The claims told and not withdrawn, with what they cite."""

    def events(self, step: Step | Answer | Exception) -> Iterator[str]:
        for name, data in self._named(step):
            self._seq += 1
            yield framed(name, self._seq, data)

    def _named(self, step: Step | Answer | Exception) -> Iterator[Event]:
        match step:
            case Searched():
                yield "answer.started", {"answer_id": self._run_id, "thread_id": self._thread_id, "number_of_sources": step.total}
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
        if isinstance(error, Stopped):
            error = stopped()
        if not isinstance(error, Problem):
            log.error("request %s failed", self._request_id, exc_info=error)
            error = Problem(500, "failed", "Something went wrong here. The server's log has the details under this request id.")
        return problem_body(error, self._request_id)


def stopped() -> Problem:
    return Problem(410, "answer_stopped", "This answer was stopped before it was whole. Ask again.")
