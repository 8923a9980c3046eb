"""How this home is set up, and how its answers were measured last; read only, for those who run it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.desk import OpenDesk
from api.problems import Problem, documented
from api.runners import MayRun
from api.running import NoSuchRun, latest_run, settings_json
from api.shapes.running import EvaluationShape, SettingsShape

router = APIRouter(tags=["operations"])


@router.get("/settings", response_model=SettingsShape, responses=documented(401, 403, 404), summary="The settings in force")
def settings(desk: OpenDesk, who: MayRun, request: Request) -> dict[str, Any]:
    return settings_json(desk.kit, request.app.version)


@router.get(
    "/evaluations/latest",
    response_model=EvaluationShape,
    responses=documented(401, 403, 404),
    summary="The newest run of `baton eval --out HOME/evaluations`",
)
def latest(
    desk: OpenDesk,
    who: MayRun,
    against: Annotated[str, Query(max_length=100, description="The name of another run in `runs` to compare it with.")] = "",
) -> dict[str, Any]:
    try:
        told = latest_run(desk.kit, against)
    except NoSuchRun as unknown:
        raise Problem(404, "no_evaluation", f"No run named {against!r} is kept here.") from unknown
    if told is None:
        raise Problem(404, "no_evaluation", "No run of the evaluation is kept here yet. `baton eval --out HOME/evaluations` leaves one.")
    found = told["body"]
    gate = found.get("gate")
    return {
        "name": found["run"]["name"],
        "at": found["run"]["at"],
        "deals": found["deals"],
        "passed": gate["passed"] if gate else None,
        "fault": gate["fault"] if gate else None,
        "checks": gate["checks"] if gate else None,
        "measures": found["measures"],
        "questions": found["questions"],
        "items": [{"failed": [], "said": "", "wanted": [], **item} for item in found["items"]],
        "runs": [
            {"name": one.name, "at": one.at, "same_labels": one.labels == found["labels"], "measures": one.measures}
            for one in told["others"]
        ],
        "comparison": told["comparison"],
        "earlier_questions": told["earlier_questions"],
    }
