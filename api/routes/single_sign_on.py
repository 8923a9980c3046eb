"""To the company's provider and back: the browser leaves with a state that only it can bring back, and returns to a session."""

from __future__ import annotations

import hmac
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access import Gate
from api.problems import documented, not_found
from api.shapes.access import WaysIn
from api.sign_in import begin, set_cookie

router = APIRouter(tags=["session"])
log = logging.getLogger("baton.api")

STATE_COOKIE = "baton_sign_in"
CALLBACK = "/api/v1/sign-in/callback"
STATE_LIVES_S = 600


@router.get("/sign-in", response_model=WaysIn, summary="How one can sign in here")
def ways_in(request: Request) -> dict[str, Any]:
    found = request.app.state.single_sign_on
    return {"single_sign_on": {"name": found.provider.name} if found else None}


@router.get("/sign-in/start", status_code=303, response_class=RedirectResponse, responses=documented(404), summary="To the provider")
def start(request: Request) -> Response:
    from api.single_sign_on import NotSignedIn

    gate, found = _known(request)
    try:
        address, state = found.begin()
    except NotSignedIn as error:
        return _refused(request, error)
    response = RedirectResponse(address, 303)
    response.set_cookie(state_cookie(gate), state, max_age=STATE_LIVES_S, **_where(gate))
    return response


@router.get("/sign-in/callback", status_code=303, response_class=RedirectResponse, responses=documented(404), summary="Back from it")
def callback(
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    from api.single_sign_on import NotSignedIn

    gate, found = _known(request)
    kept = request.cookies.get(state_cookie(gate), "")
    if not state or not hmac.compare_digest(kept.encode(), state.encode()):
        return _refused(request, "the state is not this browser's")  # or somebody else would be signed in here as themselves
    try:
        email = found.email(code, state)
    except NotSignedIn as error:
        return _refused(request, error)
    who = gate.admissions.person_of(email)
    if who is None or who.suspended_at is not None:
        return _refused(request, "they were not invited, or are suspended")
    response = RedirectResponse("/", 303)
    set_cookie(response, gate, begin(gate.admissions, who.id, gate.now())[0])
    response.delete_cookie(state_cookie(gate), **_where(gate))
    return response


def state_cookie(gate: Gate) -> str:
    """Over https one that no other host of the domain can plant, or whoever has one could sign others in here as themselves."""
    return f"__Host-{STATE_COOKIE}" if gate.secure_cookies else STATE_COOKIE


def _where(gate: Gate) -> dict[str, Any]:
    return {"path": "/" if gate.secure_cookies else CALLBACK, "secure": gate.secure_cookies, "httponly": True, "samesite": "lax"}


def _known(request: Request) -> tuple[Gate, Any]:
    if request.app.state.single_sign_on is None:
        raise not_found()
    return request.app.state.gate, request.app.state.single_sign_on


def _refused(request: Request, why: object) -> Response:
    """The same to the browser whatever it was: who is known here is nobody else's business."""
    log.warning("request %s: not signed in: %s", request.scope.get("request_id", ""), why)
    return RedirectResponse("/sign-in?refused", 303)
