"""Where CRMs tell that a deal closed: what is signed and new is kept with the job it makes, and answered at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from api.close_events import Unreadable, read_delivery, zoom_token
from api.desk import OpenDesk
from api.hooks import OF_CALLS, Hook, Hooks
from api.limits import Turnstile
from api.problems import Problem, documented, not_found
from api.shapes.jobs import HookReceived
from api.signatures import NotSigned, zoom_challenge
from ingest.archive.errors import DiskTrouble, HomeBusy
from ingest.archive.work import CloseEvent, Received, Work
from ingest.settings import BadSettings

router = APIRouter(tags=["hooks"])
log = logging.getLogger("baton.api")

MOST_WAITING = 1000
"""Jobs; who sends more is told to come again."""
ACKNOWLEDGED = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse '
    'xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>'
)
"""What Salesforce waits for; without it the message comes again for a day."""


@router.post(
    "/hooks/{hook}",
    status_code=202,
    response_model=HookReceived,
    responses=documented(400, 401, 404, 413, 503),
    summary="A close event from a CRM; answered once it is kept",
)
async def received(desk: OpenDesk, request: Request, hook: Annotated[str, Path(max_length=40)]) -> Any:
    """How each tool signs, and what it has to send: docs/close.md."""
    body = await request.body()
    return await run_in_threadpool(_received, desk, request, hook, body)


def _received(desk: OpenDesk, request: Request, name: str, body: bytes) -> Any:
    hook = _hook(request, name)
    turnstile: Turnstile | None = request.app.state.turnstile
    caller = f"hook {request.client.host if request.client else ''}"
    now: datetime = request.app.state.gate.now()
    try:
        events = read_delivery(hook, dict(request.headers), body, now.astimezone(UTC), addresses=_addresses(request))
        challenge = zoom_token(body) if hook.kind == "zoom" else None
    except NotSigned as error:
        # Only what is not signed counts: somebody who forges from the address of a proxy keeps no real sender out.
        if turnstile is not None:
            turnstile.check_attempts(caller)
            turnstile.note_attempt(caller)
        log.warning("hook %s: refused, %s", hook.name, error)
        raise Problem(401, "not_signed", "This was not signed with a secret of this hook, or not in the last minutes.") from None
    except Unreadable as error:
        raise Problem(400, "unreadable_event", f"That is no event of this hook: {error}.") from None
    if challenge is not None:
        return JSONResponse(zoom_challenge(hook.secrets[0], challenge))
    if turnstile is not None:
        turnstile.count_delivery(hook.name)
    if hook.kind == "slack":
        return _from_slack(desk, request, hook, body)
    told = _keep(desk, hook, events)
    request.app.state.jobs_came()
    if hook.kind == "salesforce" and body.lstrip()[:1] == b"<":
        return Response(ACKNOWLEDGED, media_type="text/xml")
    return {"received": told.new + told.known, "new": told.new, "known": told.known}


def _from_slack(desk: OpenDesk, request: Request, hook: Hook, body: bytes) -> Response:
    """What Slack waits three seconds for; the answer follows by a job."""
    try:
        from api.slack.app import receive
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"slack_bolt", "slack_sdk"}:
            raise
        log.error("hook %s: answering in Slack needs the extra slack: pip install 'baton-handoff[slack]'", hook.name)
        raise _later("This server cannot answer in Slack.", 60) from None
    _check_room(desk)
    try:
        told = receive(desk.kit, hook, dict(request.headers), body)
    except Unreadable as error:
        raise Problem(400, "unreadable_event", f"That is no event of this hook: {error}.") from None
    request.app.state.jobs_came()
    # What nothing here listens to is no failure: Slack would send it again, and take the address away after some of them.
    return Response(told.body, 200 if told.status == 404 else told.status, told.first_headers_without_set_cookie())


def _check_room(desk: OpenDesk) -> None:
    if Work.beside(desk.archive).count_jobs().get("waiting", 0) >= MOST_WAITING:
        raise _later("Too many jobs are waiting.", 60)


def _keep(desk: OpenDesk, hook: Hook, events: Sequence[CloseEvent]) -> Received:
    """Raises Problem (503) where it could not be made durable, which every sender takes as "later"."""
    work = Work.beside(desk.archive)
    try:
        _check_room(desk)
        if hook.kind in OF_CALLS:
            return Received(1, 0) if work.want("pull", {"source": hook.kind}) else Received(0, 1)
        return work.receive(events)
    except (DiskTrouble, HomeBusy):
        log.exception("hook %s: could not be kept", hook.name)
        raise _later("The event could not be kept.", 30) from None


def _hook(request: Request, name: str) -> Hook:
    hooks: Hooks = request.app.state.hooks
    try:
        found = hooks.all().get(name)
    except BadSettings as error:
        log.error("no hook is open: %s", error)
        raise _later("The settings of this server are being changed.", 60) from None
    if found is None:
        raise not_found()
    return found


def _addresses(request: Request) -> list[str]:
    """As the sender may know this address: never by what its own Host header says."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope["query_string"].decode("latin-1")
    path = raw.decode("latin-1").partition("?")[0] + (f"?{query}" if query else "")
    return [f"{origin}{path}" for origin in sorted(request.app.state.address.origins)]


def _later(detail: str, seconds: int) -> Problem:
    return Problem(503, "try_later", f"{detail} Try again in {seconds} s.", {"retry_after": seconds}, {"Retry-After": str(seconds)})
