"""How this home is set up, and how well its answers are measured; for those who run it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.desk import Desk, OpenDesk
from api.measuring import Evaluations
from api.once import ONCE
from api.problems import Problem, documented
from api.runners import MayRun
from api.running import NoSuchRun, a_run, kept_runs, settings_json
from api.shapes.running import CasePage, EvaluationPage, EvaluationRequest, EvaluationShape, EvaluationStarted, SettingsShape

router = APIRouter(tags=["operations"])
Against = Annotated[str, Query(max_length=100, description="The name of another run to compare it with.")]


@router.get("/settings", response_model=SettingsShape, responses=documented(401, 403, 404), summary="The settings in force")
def settings(desk: OpenDesk, who: MayRun, request: Request) -> dict[str, Any]:
    return settings_json(desk.kit, request.app.version)


@router.get(
    "/evaluations", response_model=EvaluationPage, responses=documented(401, 403, 404), summary="The runs of the evaluation that are kept"
)
def evaluations(desk: OpenDesk, who: MayRun) -> dict[str, Any]:
    """The newest first: those that `baton eval --out HOME/evaluations` left, and those of the source tree."""
    return {"items": [{"name": one.name, "at": one.at, "measures": one.measures} for one in kept_runs(desk.kit)]}


@router.post(
    "/evaluations",
    dependencies=ONCE,
    status_code=202,
    response_model=EvaluationStarted,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Measure answers and briefs on labelled deals; it goes on after this answer",
)
def begin(who: MayRun, request: Request, response: Response, wanted: EvaluationRequest | None = None) -> dict[str, Any]:
    """One at a time, without a language model, in a process of its own. Its run is kept under the commit's name and takes the place of an
    earlier one of the same name."""
    begun = _ours(request).begin(wanted.cases if wanted else None)
    who.trail.append(begun.id)
    response.headers["Location"] = f"/api/v1/evaluations/{begun.id}"
    return begun.as_json()


@router.get(
    "/evaluations/latest",
    response_model=EvaluationShape,
    responses=documented(401, 403, 404),
    summary="The newest run of `baton eval --out HOME/evaluations`",
)
def latest(desk: OpenDesk, who: MayRun, against: Against = "") -> dict[str, Any]:
    return _told(desk, "", against)


@router.get(
    "/evaluations/{run}",
    response_model=EvaluationShape,
    responses={
        **documented(401, 403, 404, 410),
        202: {"model": EvaluationStarted, "description": "It is still being measured."},
    },
    summary="A run by its name, or by the id it was started with",
)
def evaluation(
    desk: OpenDesk,
    who: MayRun,
    run: Annotated[str, Path(max_length=100, description="Its name, or the id of one of the latest twenty since the server was started.")],
    request: Request,
    against: Against = "",
) -> Any:
    started = _ours(request).find(run)
    if started is None:
        return _told(desk, run, against)
    if started.state == "running":
        return JSONResponse(started.as_json(), 202)
    if started.run is None:
        raise Problem(410, "evaluation_failed", started.detail or "It could not be made.")
    return _told(desk, started.run, against)


@router.get(
    "/evaluations/{run}/cases",
    response_model=CasePage,
    responses=documented(401, 403, 404, 422),
    summary="The cases of a run; with `outcome` those that were right, or those that were not",
)
def cases(
    desk: OpenDesk,
    who: MayRun,
    run: Annotated[str, Path(max_length=100, description="Its name, or `latest`.")],
    outcome: Annotated[Literal["pass", "fail"] | None, Query()] = None,
) -> dict[str, Any]:
    items = _told(desk, "" if run == "latest" else run, "")["items"]
    return {"items": [item for item in items if outcome is None or bool(item["faults"]) == (outcome == "fail")]}


def _ours(request: Request) -> Evaluations:
    found: Evaluations = request.app.state.evaluations
    return found


def _told(desk: Desk, run: str, against: str) -> dict[str, Any]:
    try:
        told = a_run(desk.kit, run, against)
    except NoSuchRun as unknown:
        raise Problem(404, "no_evaluation", "No run of that name is kept here.") from unknown
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
