"""Baton in a frame on other people's pages: the page in it, the loader around it, and how a frame comes by its bearer."""

from __future__ import annotations

import html
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse

from api.access import Gate, Principal, allowed
from api.desk import OpenDesk
from api.fence import for_every_page, shown_in
from api.hosts import Host, NotAdmitted, read_token
from api.problems import Problem, documented
from api.routes.pages import WEB
from api.shapes.access import VisitBegun, VisitToken
from api.sign_in import the_operator
from api.views import account_ref
from api.visits import LIVES, Visits
from ingest.archive.errors import AmbiguousAccount, UnknownAccount
from ingest.archive.scope import OPERATOR, Scope

pages = APIRouter(include_in_schema=False)
router = APIRouter(tags=["widget"])
MayAsk = Annotated[Principal, Depends(allowed("ask"))]

EMBED = (WEB / "embed.html").read_text("utf-8")


@pages.get("/widget.js")
def loader(request: Request) -> FileResponse:
    for_every_page(request.scope)
    return FileResponse(WEB / "widget.js", media_type="text/javascript")


@pages.get("/embed/{account}")
def embed(request: Request, account: str, widget: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    """Holds no data and tells nothing of whether there is such an account. `widget` narrows the frame to that one's origins."""
    hosts = _visits(request).hosts()
    named = [hosts[widget]] if widget in hosts else [] if widget else list(hosts.values())
    origins = sorted({origin for host in named for origin in host.origins})
    shown_in(request.scope, origins)
    return HTMLResponse(EMBED.replace("ORIGINS", html.escape(" ".join(origins), quote=True)))


@pages.get("/embed-sign-in")
def sign_in(request: Request) -> FileResponse:
    """A window of ours beside the frame, in which somebody is signed in and lets the frame in."""
    shown_in(request.scope, ())
    return FileResponse(WEB / "embed-sign-in.html", media_type="text/html")


@router.post(
    "/widget/visits",
    response_model=VisitBegun,
    responses=documented(400, 401, 404, 409, 413, 415, 422),
    summary="Exchange a token that a widget's host has signed for a quarter of an hour with one account",
)
def by_host(desk: OpenDesk, request: Request, sent: VisitToken) -> dict[str, Any]:
    gate: Gate = request.app.state.gate
    visits = _visits(request)
    try:
        signed = read_token(visits.hosts(), sent.token, visits.now())
        account = desk.archive.account(_reach(desk, signed.host), signed.account)
        bearer = visits.by_host(gate.admissions, signed, account.id)
    except NotAdmitted as error:
        raise Problem(401, "not_admitted", f"This frame was not let in: {error}.") from None
    return {"bearer": bearer, "expires_in": int(LIVES.total_seconds()), "account": account_ref(account)}


@router.post(
    "/accounts/{account}/visits",
    response_model=VisitBegun,
    responses=documented(401, 403, 404, 409),
    summary="Let a frame see one account for a quarter of an hour, as you see it",
)
def by_person(desk: OpenDesk, request: Request, reader: MayAsk, account: str) -> dict[str, Any]:
    found = desk.account(reader, account)
    gate: Gate = request.app.state.gate
    if reader.id == OPERATOR:  # without authentication nobody has made them known yet
        the_operator(gate.admissions, reader.name, gate.now())
    try:
        bearer = _visits(request).by_person(reader, found.id)
    except NotAdmitted as error:
        raise Problem(403, "not_permitted", f"This frame was not let in: {error}.") from None
    return {"bearer": bearer, "expires_in": int(LIVES.total_seconds()), "account": account_ref(found)}


def _visits(request: Request) -> Visits:
    visits: Visits = request.app.state.visits
    return visits


def _reach(desk: OpenDesk, host: Host) -> Scope:
    """What a host may speak of; a name in the settings that fits no account opens nothing."""
    every = Scope(accounts=frozenset(account.id for account in desk.archive.accounts(Scope(accounts=None))))
    if host.accounts is None:
        return every
    ids = set()
    for reference in host.accounts:
        try:
            ids.add(desk.archive.account(every, reference).id)
        except (UnknownAccount, AmbiguousAccount):
            continue
    return Scope(accounts=frozenset(ids))
