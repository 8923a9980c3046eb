"""The page and its parts: static files that hold no data and need no credentials."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from api import problems

WEB = Path(__file__).parent.parent / "web"

_PROGRAMS = ("/api/", "/v1/", "/web/", "/embed/")

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.get("/sign-in")
@router.get("/promises")
@router.get("/imports")
@router.get("/jobs")
@router.get("/quality")
@router.get("/settings")
@router.get("/a/{account}")
@router.get("/a/{account}/{view}")
@router.get("/a/{account}/{view}/{sub}")
@router.get("/a/{account}/{view}/{sub}/{part}")
def index() -> FileResponse:
    """One page: what it shows at an address is decided in the browser, from what the interface lets this reader see."""
    return FileResponse(WEB / "index.html", media_type="text/html")


def missing(request: Request, error: Exception) -> Response:
    """Where no route is: somebody who mistyped an address gets the page, which says so and leads on; a program gets its problem."""
    somebody = request.method == "GET" and "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(_PROGRAMS)
    if somebody and isinstance(error, HTTPException) and error.status_code == 404:
        return FileResponse(WEB / "index.html", 404, media_type="text/html")
    return problems.response(problems.problem_of(error), request.scope.get("request_id", ""))
