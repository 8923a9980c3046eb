"""What happens by itself and what failed, for those who run this home; and a person's word on what failed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from api.desk import OpenDesk
from api.job_views import delivery_json, job_json
from api.once import ONCE
from api.paging import Cursor, Limit
from api.problems import Problem, documented
from api.runners import MayRun
from api.shapes.jobs import DeliveryPage, JobPage, JobShape
from ingest.archive.work import STATES, State, Work

router = APIRouter(tags=["jobs"])
Number = Annotated[int, Path(ge=1, le=2**53)]
ACTS = documented(401, 403, 404, 409)


@router.get("/jobs", response_model=JobPage, responses=documented(400, 401, 403, 422), summary="The jobs, the latest first")
def jobs(
    desk: OpenDesk,
    who: MayRun,
    state: Annotated[State | None, Query(description="`failed`: what does not try again by itself.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    if cursor is not None and not cursor.isdecimal():
        raise Problem(400, "cursor_expired", "That cursor no longer points into this list. Start again without it.")
    work = Work.beside(desk.archive)
    found = work.jobs(states=(state,) if state else STATES, limit=limit + 1, before=int(cursor) if cursor else None)
    shown = found[:limit]
    return {
        "items": [job_json(job) for job in shown],
        "counts": {each: work.count_jobs().get(each, 0) for each in STATES},
        "next_cursor": str(shown[-1].number) if len(found) > limit else None,
    }


@router.get(
    "/deliveries", response_model=DeliveryPage, responses=documented(401, 403, 422), summary="What was sent about briefs, the latest first"
)
def deliveries(desk: OpenDesk, who: MayRun, limit: Limit = 50) -> dict[str, Any]:
    return {"items": [delivery_json(one) for one in Work.beside(desk.archive).deliveries(limit=limit)]}


@router.post("/jobs/{number}/replay", dependencies=ONCE, response_model=JobShape, responses=ACTS, summary="Try a job that failed again")
def replay(desk: OpenDesk, request: Request, who: MayRun, number: Number) -> dict[str, Any]:
    job = Work.beside(desk.archive).replay_job(number)
    request.app.state.jobs_came()
    return job_json(job)


@router.post("/jobs/{number}/dismiss", dependencies=ONCE, response_model=JobShape, responses=ACTS, summary="Let a failed or waiting job be")
def dismiss(desk: OpenDesk, who: MayRun, number: Number) -> dict[str, Any]:
    return job_json(Work.beside(desk.archive).dismiss_job(number))
