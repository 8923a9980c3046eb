"""What was read and what became of it; what waits for a person, and the person's word on it. For those who run this home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.access import Gate, Principal
from api.desk import Desk, OpenDesk
from api.events import HEADERS, MEDIA_TYPE, LastEvent
from api.held import decided_json, held_json, outcome_json
from api.importing import Import, Imports, told
from api.once import ONCE
from api.problems import Problem, documented
from api.runners import MayRun
from api.shapes.imports import DecidedPage, HeldAssigned, HeldOutcome, HeldPage, ImportPage, ImportProgress, ImportRequest, ImportShape
from api.views import run_json
from assistant.portfolio import refresh
from assistant.render import moment
from ingest import deciding
from ingest.archive.errors import UnknownAccount
from ingest.archive.scope import EVERYTHING
from ingest.connectors.status import statuses
from ingest.deciding import CannotTeach, Outcome, SeveralHeld

router = APIRouter(tags=["imports"])
ItemId = Annotated[str, Path(max_length=80)]
ImportId = Annotated[str, Path(max_length=80)]
ACTS = documented(400, 401, 403, 404, 409, 413, 415, 422)
_EVENTS = {"$ref": f"#/components/schemas/{ImportProgress.__name__}"}


def kept(request: Request) -> Imports:
    found: Imports = request.app.state.imports
    return found


OurImports = Annotated[Imports, Depends(kept)]


@router.get(
    "/imports",
    response_model=ImportPage,
    responses=documented(401, 403, 404, 422),
    summary="The latest runs, and what could not be read",
)
def imports(
    desk: OpenDesk, who: MayRun, ours: OurImports, request: Request, limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> dict[str, Any]:
    failed = desk.archive.failed()
    return {
        "items": [run_json(run) for run in desk.archive.runs(limit)],
        "inputs": dict(sorted(Counter(each.format for each in desk.archive.inputs()).items())),
        "held": len(deciding.waiting(desk.archive)),
        "failed": [{"file": one.file, "line": one.line, "reason": one.reason, "detail": one.detail} for one in failed],
        "sources": [{"name": name, "there": folder.is_dir()} for name, folder in ours.folders().items()],
        "pulled": [each.as_json() for each in statuses(desk.kit.home.path, archive=desk.archive)],
        "last_pull_at": moment(request.app.state.last_pull_at()),
        "next_pull_at": moment(request.app.state.next_pull_at()),
        "running": running.now()[1] if (running := ours.running()) else None,
    }


@router.post(
    "/imports",
    dependencies=ONCE,
    status_code=202,
    response_model=ImportShape,
    responses=ACTS,
    summary="Import a folder that the settings name; it goes on after this answer",
)
def begin(who: MayRun, ours: OurImports, wanted: ImportRequest, response: Response) -> dict[str, Any]:
    return _begun(who, ours, wanted.source, response)


@router.get(
    "/imports/{run}",
    response_model=ImportShape,
    responses=documented(401, 403, 404, 422),
    summary="An import, and its report once it is done",
)
def one(who: MayRun, ours: OurImports, run: ImportId) -> dict[str, Any]:
    """Of the latest twenty since the server was started."""
    return ours.find(run).now()[1]


@router.get(
    "/imports/{run}/events",
    responses={
        **documented(401, 403, 404, 422),
        200: {"description": "How far it is, whenever that changes, and its end.", "content": {MEDIA_TYPE: {"schema": _EVENTS}}},
    },
    response_class=Response,
    summary="Follow an import",
)
def events(who: MayRun, ours: OurImports, run: ImportId, request: Request, last_event_id: LastEvent = 0) -> Response:
    found = ours.find(run)
    admitted = partial(_still_runs, request, who)
    request_id = request.scope.get("request_id", "")
    return StreamingResponse(told(found, admitted, last_event_id, request_id), media_type=MEDIA_TYPE, headers=HEADERS)


@router.post("/imports/{run}/cancel", response_model=ImportShape, responses=documented(401, 403, 404, 422), summary="Stop an import")
def cancel(who: MayRun, ours: OurImports, run: ImportId) -> dict[str, Any]:
    """It ends at its next step; what it has read so far is kept, and the next one goes on from there. One that has ended stays as it is."""
    found: Import = ours.find(run)
    found.stop.set()
    return found.now()[1]


@router.post(
    "/imports/{run}/retry",
    dependencies=ONCE,
    status_code=202,
    response_model=ImportShape,
    responses=ACTS,
    summary="Import the same folder once more, under an id of its own",
)
def retry(who: MayRun, ours: OurImports, run: ImportId, response: Response) -> dict[str, Any]:
    """What is unchanged is not read again, what was set aside is. 404 `no_source` where the settings do not name its folder any more, or
    never did: what was read at the command line is read again there."""
    return _begun(who, ours, ours.find(run).source, response)


def _begun(who: Principal, ours: Imports, source: str, response: Response) -> dict[str, Any]:
    begun = ours.begin(source)
    who.trail.append(begun.id)
    response.headers["Location"] = f"/api/v1/imports/{begun.id}"
    return begun.now()[1]


def _still_runs(request: Request, before: Principal) -> None:
    """Raises Problem (401) where whoever sent this request could not do so any more."""
    gate: Gate = request.app.state.gate
    gate.confirm_may(request, before)


@router.get("/held", response_model=HeldPage, responses=documented(401, 403, 404, 422), summary="What waits for a person, or was left out")
def held(
    desk: OpenDesk,
    who: MayRun,
    state: Annotated[Literal["waiting", "dismissed"], Query(description="dismissed: what was left out, and what deleted accounts had.")] = (
        "waiting"
    ),
) -> dict[str, Any]:
    return {"items": [held_json(each) for each in deciding.waiting(desk.archive, dismissed=state == "dismissed")]}


@router.get(
    "/held/decisions",
    response_model=DecidedPage,
    responses=documented(401, 403, 404),
    summary="What was held and is an account's now",
)
def decisions(desk: OpenDesk, who: MayRun) -> dict[str, Any]:
    names = {account.id: account for account in desk.archive.accounts(EVERYTHING)}
    taught = desk.archive.aliases()
    found = deciding.decisions(desk.archive, dismissed=False)
    return {"items": [decided_json(each, names.get(each.account_id or ""), taught) for each in found]}


@router.post(
    "/held/{item}/assign", dependencies=ONCE, response_model=HeldOutcome, responses=ACTS, summary="Say whose it is; it is filed at once"
)
def assign(desk: OpenDesk, who: MayRun, ours: OurImports, item: ItemId, wanted: HeldAssigned) -> dict[str, Any]:
    with ours.alone(), _as_problems():
        account = _whose(desk, who, wanted)
        outcome = deciding.assign(desk.kit.home, item, account, datetime.now(UTC), wanted.teach)
    return _after(desk, outcome)


@router.post("/held/{item}/dismiss", dependencies=ONCE, response_model=HeldOutcome, responses=ACTS, summary="Leave it out for good")
def dismiss(desk: OpenDesk, who: MayRun, ours: OurImports, item: ItemId) -> dict[str, Any]:
    with ours.alone(), _as_problems():
        return _after(desk, deciding.dismiss(desk.kit.home, item, datetime.now(UTC)))


@router.post(
    "/held/{item}/undo", dependencies=ONCE, response_model=HeldOutcome, responses=ACTS, summary="Take a decision back, with what it taught"
)
def undo(desk: OpenDesk, who: MayRun, ours: OurImports, item: ItemId) -> dict[str, Any]:
    with ours.alone(), _as_problems():
        return _after(desk, deciding.undo(desk.kit.home, item))


def _whose(desk: Desk, who: Principal, wanted: HeldAssigned) -> str:
    try:
        return desk.account(who, wanted.account).id
    except UnknownAccount:
        if not wanted.new:
            raise
        made = desk.archive.put_account(wanted.account)
        who.trail.append(made)
        return made


def _after(desk: Desk, outcome: Outcome) -> dict[str, Any]:
    refresh(desk.archive)
    return outcome_json(outcome)


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except SeveralHeld as error:
        raise Problem(409, "several_held", "More than one held thing goes by that; use its id.") from error
    except CannotTeach as error:
        raise Problem(409, "cannot_teach", str(error)) from error
