"""Signing in by a link, whose code is exchanged once for a cookie no script can read; who one is; where one is signed in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from api.access import BEYOND_A_FRAME, Gate, Reader
from api.problems import Problem, documented, not_found
from api.shapes.access import Me, Preferences, PreferencesChange, SessionPage, SignInRequest
from api.sign_in import end, exchange, running, session_item, set_cookie

router = APIRouter(tags=["session"])
log = logging.getLogger("baton.api")


@router.post("/session", status_code=204, responses=documented(401, 403, 415, 422, 429), summary="Exchange a sign-in code for a session")
def sign_in(request: Request, sent: SignInRequest) -> Response:
    gate: Gate = request.app.state.gate
    turnstile, address = request.app.state.turnstile, request.client.host if request.client else ""
    if turnstile:
        turnstile.check_attempts(address)
    begun = exchange(gate.admissions, sent.code, gate.now())
    if begun is None:
        if turnstile:
            turnstile.note_attempt(address)
        log.warning("request %s: a sign-in code that is unknown, spent or too old", request.scope.get("request_id", ""))
        raise Problem(
            401,
            "code_spent",
            "This sign-in link was used already or is too old. `baton serve` prints a new one when it starts on your own machine; "
            "on a server, ask whoever runs it for another `baton invite`.",
        )
    response = Response(status_code=204)
    set_cookie(response, gate, begun[0])
    return response


@router.delete("/session", status_code=204, responses=documented(401, 403), summary="End this browser's session")
def sign_out(request: Request, reader: Reader) -> Response:
    gate: Gate = request.app.state.gate
    if reader.session:
        end(gate.admissions, gate.admissions.session(reader.credential), gate.now(), by=reader.id, credential=reader.credential)
    response = Response(status_code=204)
    response.delete_cookie(gate.cookie, path="/", secure=gate.secure_cookies, httponly=True, samesite="lax")
    return response


@router.get("/me", response_model=Me, responses=documented(401), summary="Who you are here, and what you may do")
def me(request: Request, reader: Reader) -> dict[str, Any]:
    return {
        "id": reader.id,
        "name": reader.name,
        "role": reader.role,
        "permissions": sorted(reader.may),
        "internal": reader.scope.internal,
        "accounts": len(reader.scope.accounts or ()),
        "session": reader.credential if reader.session else None,
        "preferences": _preferences(request.app.state.gate.admissions.preferences(reader.id)),
    }


@router.patch(
    "/me/preferences",
    response_model=Preferences,
    responses=documented(400, 401, 403, 413, 415, 422),
    dependencies=BEYOND_A_FRAME,
    summary="Say how you want the pages, in whichever browser",
)
def prefer(request: Request, reader: Reader, wanted: PreferencesChange) -> dict[str, Any]:
    gate: Gate = request.app.state.gate
    return _preferences(gate.admissions.prefer(reader.id, wanted.model_dump(exclude_unset=True)))


def _preferences(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: chosen.get(name) for name in Preferences.model_fields}


@router.get(
    "/sessions",
    response_model=SessionPage,
    responses=documented(401, 403),
    dependencies=BEYOND_A_FRAME,
    summary="Where you are signed in",
)
def sessions(request: Request, reader: Reader) -> dict[str, Any]:
    gate: Gate = request.app.state.gate
    who = gate.admissions.principal(reader.id)
    return {"items": [session_item(each, who, reader.credential) for each in running(gate.admissions, gate.now(), reader.id)]}


@router.delete(
    "/sessions/{session}",
    status_code=204,
    responses=documented(401, 403, 404),
    dependencies=BEYOND_A_FRAME,
    summary="Sign another browser of yours out",
)
def end_one(request: Request, reader: Reader, session: Annotated[str, Path(max_length=80)]) -> Response:
    gate: Gate = request.app.state.gate
    found = gate.admissions.session(session)
    if found.principal_id != reader.id and "admin" not in reader.may:
        raise not_found()
    end(gate.admissions, found, gate.now(), by=reader.id, credential=reader.credential)
    return Response(status_code=204)
