"""Every failure of the HTTP interface as RFC 9457 problem+json: a sentence for a person, a stable code for a program, never the input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from api.examples import EXAMPLES
from api.shapes.base import ProblemBody
from api.shapes.events import BRIEF_EVENTS, EVENTS
from api.shapes.imports import ImportProgress
from ingest.archive.errors import AmbiguousAccount, NotThere, UnknownAccount

MEDIA_TYPE = "application/problem+json"


@dataclass(eq=False)
class Problem(Exception):
    """Raise it anywhere below a route; `extra` adds members such as `suggestions`."""

    status: int
    code: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found() -> Problem:
    """One body for what does not exist and for what a caller may not see, so that the two cannot be told apart."""
    return Problem(404, "not_found", "There is nothing here that you can see.")


def unauthenticated() -> Problem:
    return Problem(
        401,
        "unauthenticated",
        "Sign in with the link that `baton serve` or `baton invite` printed, or send `Authorization: Bearer bt_…` with a key of "
        "`baton keys create`.",
        headers={"WWW-Authenticate": 'Bearer realm="baton"'},
    )


def problem_body(problem: Problem, request_id: str) -> dict[str, Any]:
    return {
        "type": f"urn:baton:problem:{problem.code.replace('_', '-')}",
        "title": _title(problem.status),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": request_id,
        **problem.extra,
    }


def response(problem: Problem, request_id: str) -> JSONResponse:
    return JSONResponse(problem_body(problem, request_id), problem.status, dict(problem.headers), MEDIA_TYPE)


FORESEEN = (Problem, HTTPException, RequestValidationError, NotThere, UnknownAccount, AmbiguousAccount)
"""What routes, the router and the domain raise and a caller is told in words of its own; whatever else is a fault of ours."""


def problem_of(error: Exception) -> Problem:
    """Of one of `FORESEEN`; every other error is raised again."""
    match error:
        case Problem():
            return error
        case HTTPException():
            return _from_router(error)
        case RequestValidationError():
            return _from_validation(error.errors())
        case UnknownAccount():
            return _from_unknown(error.nearest)
        case NotThere():
            return not_found()
        case AmbiguousAccount():
            detail = f"More than one account fits: {', '.join(error.names)}. Use the account's id."
            return Problem(409, "ambiguous_account", detail, {"suggestions": list(error.names)})
        case _:
            raise error


def register(app: FastAPI) -> None:
    """Answers the failures that routes, the router and the domain raise."""

    def answer(request: Request, error: Exception) -> JSONResponse:
        return response(problem_of(error), request.scope.get("request_id", ""))

    for foreseen in FORESEEN:
        app.add_exception_handler(foreseen, answer)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says about the failures of a route; `described` adds the shape they point to."""
    schema = {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}
    return {status: {"description": _title(status), "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses}


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document. A `model` on a response would promise application/json, so the problem's shape is added by name."""
    document = app.openapi()
    document["components"]["schemas"][ProblemBody.__name__] = ProblemBody.model_json_schema()
    template = "#/components/schemas/{model}"
    _, events = models_json_schema([(event, "serialization") for event in (*EVENTS, *BRIEF_EVENTS, ImportProgress)], ref_template=template)
    document["components"]["schemas"] |= {
        name: shape for name, shape in events["$defs"].items() if name not in document["components"]["schemas"]
    }
    for name, example in EXAMPLES.items():
        document["components"]["schemas"][name]["examples"] = [example]
    return document


def _title(status: int) -> str:
    return HTTPStatus(status).phrase


def _from_unknown(nearest: Sequence[str]) -> Problem:
    if not nearest:
        return Problem(404, "unknown_account", "No account that you can see goes by that id, name, domain or reference.")
    detail = f"No account that you can see goes by that. Did you mean {' or '.join(nearest)}?"
    return Problem(404, "unknown_account", detail, {"suggestions": list(nearest)})


def _from_router(error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return not_found()
        case 405:
            return Problem(405, "method_not_allowed", "This address does not take that method.", headers=dict(error.headers or {}))
        case status:
            return Problem(status, "refused", "The request could not be taken as it was sent.")


def _from_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Where and what, from pydantic's own words for the rule that was broken; the value sent is left out."""
    found = [{"pointer": _pointer(error["loc"]), "code": error["type"], "detail": _rule(error)} for error in errors]
    return Problem(422, "validation_failed", "The request does not fit: " + "; ".join(_sentence(one) for one in found), {"errors": found})


def _pointer(location: Sequence[str | int]) -> str:
    where, *rest = location
    steps = rest if where == "body" else [where, *rest]
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _rule(error: Mapping[str, Any]) -> str:
    # A custom validator's message and a literal's list of choices are ours; other messages may quote what was sent.
    if error["type"] in {"value_error", "literal_error", "missing", "extra_forbidden", "string_too_long", "string_too_short"}:
        return str(error["msg"]).removeprefix("Value error, ")
    return f"not a valid value ({error['type'].replace('_', ' ')})"


def _sentence(found: Mapping[str, str]) -> str:
    return f"{found['pointer'] or '/'}: {found['detail']}"
