"""Signing in with the printed link: its code, carried in the fragment, is exchanged once for a cookie no script can read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.access import COOKIE, SESSION_LIVES_S, Gate, Reader
from api.problems import Problem, documented
from api.shapes import SignInRequest

router = APIRouter(tags=["session"])


@router.post("/session", status_code=204, responses=documented(401, 403, 415, 422), summary="Exchange a sign-in code for a session")
def sign_in(request: Request, sent: SignInRequest) -> Response:
    gate: Gate = request.app.state.gate
    session = gate.sign_in.exchange(sent.code)
    if session is None:
        raise Problem(
            401, "code_spent", "This sign-in link was used already or is older than 30 minutes. Start `baton serve` again for a new one."
        )
    response = Response(status_code=204)
    response.set_cookie(COOKIE, session, max_age=SESSION_LIVES_S, path="/", secure=gate.secure_cookies, httponly=True, samesite="lax")
    return response


@router.delete("/session", status_code=204, responses=documented(401, 403), summary="End this browser's session")
def sign_out(request: Request, reader: Reader) -> Response:
    gate: Gate = request.app.state.gate
    gate.sign_in.end(request.cookies.get(COOKIE, ""))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", secure=gate.secure_cookies, httponly=True, samesite="lax")
    return response
