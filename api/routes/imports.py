"""What was read and what became of it; what waits for a person, and the person's word on it. For those who run this home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from api.access import Principal
from api.desk import Desk, OpenDesk
from api.held import decided_json, held_json, outcome_json
from api.once import ONCE
from api.problems import Problem, documented
from api.runners import MayRun
from api.shapes.imports import DecidedPage, HeldAssigned, HeldOutcome, HeldPage, ImportPage
from api.views import run_json
from assistant.portfolio import refresh
from ingest import deciding
from ingest.archive.errors import UnknownAccount
from ingest.archive.scope import EVERYTHING
from ingest.deciding import CannotTeach, Outcome, SeveralHeld

router = APIRouter(tags=["imports"])
ItemId = Annotated[str, Path(max_length=80)]
ACTS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.get(
    "/imports",
    response_model=ImportPage,
    responses=documented(401, 403, 404, 422),
    summary="The latest runs, and what could not be read",
)
def imports(desk: OpenDesk, who: MayRun, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> dict[str, Any]:
    failed = desk.archive.failed()
    return {
        "items": [run_json(run) for run in desk.archive.runs(limit)],
        "inputs": dict(sorted(Counter(each.format for each in desk.archive.inputs()).items())),
        "held": len(deciding.waiting(desk.archive)),
        "failed": [{"file": one.file, "line": one.line, "reason": one.reason, "detail": one.detail} for one in failed],
    }


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
def assign(desk: OpenDesk, who: MayRun, item: ItemId, wanted: HeldAssigned) -> dict[str, Any]:
    with _as_problems():
        account = _whose(desk, who, wanted)
        outcome = deciding.assign(desk.kit.home, item, account, datetime.now(UTC), wanted.teach)
    return _after(desk, outcome)


@router.post("/held/{item}/dismiss", dependencies=ONCE, response_model=HeldOutcome, responses=ACTS, summary="Leave it out for good")
def dismiss(desk: OpenDesk, who: MayRun, item: ItemId) -> dict[str, Any]:
    with _as_problems():
        return _after(desk, deciding.dismiss(desk.kit.home, item, datetime.now(UTC)))


@router.post(
    "/held/{item}/undo", dependencies=ONCE, response_model=HeldOutcome, responses=ACTS, summary="Take a decision back, with what it taught"
)
def undo(desk: OpenDesk, who: MayRun, item: ItemId) -> dict[str, Any]:
    with _as_problems():
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
