"""People, keys and the audit log over HTTP, for admins: what `baton users`, `invite`, `keys` and `audit` do on the machine."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.access import Gate, Principal, allowed
from api.desk import Desk, OpenDesk
from api.keys import create_key, key_item, key_items, revoke_key
from api.once import ONCE
from api.paging import Cursor, Limit
from api.problems import Problem, documented
from api.shapes.access import AuditPage, Invited, KeyMade, KeyPage, KeyRequest, UserChange, UserInvite, UserPage, UserShape
from api.sign_in import INVITED, new_code
from api.users import invite, suspend, user_item
from assistant.render import moment

router = APIRouter(tags=["admission"])
MayAdminister = Annotated[Principal, Depends(allowed("admin"))]
UserId = Annotated[str, Path(max_length=80)]
FAILS = documented(400, 401, 403, 404, 409, 413, 415, 422)


@router.get("/users", response_model=UserPage, responses=documented(401, 403), summary="Who may sign in, and what they see")
def users(request: Request, reader: MayAdminister) -> dict[str, Any]:
    admissions = _gate(request).admissions
    return {"items": [_user(request, who.id) for who in admissions.principals() if who.kind == "person"]}


@router.post(
    "/users",
    dependencies=ONCE,
    status_code=201,
    response_model=Invited,
    responses=FAILS,
    summary="Invite somebody, or give them another link",
)
def invited(desk: OpenDesk, request: Request, reader: MayAdminister, wanted: UserInvite) -> dict[str, Any]:
    """The code belongs into the fragment of the sign-in page's address: `/sign-in#code`. It works once, within seven days."""
    gate = _gate(request)
    known = gate.admissions.person_of(wanted.email)
    if known is not None and known.suspended_at is not None:
        raise Problem(409, "suspended", "They are suspended; restore them first.")
    if known is not None and known.id == reader.id:
        _stays_admin(wanted)
    who = invite(
        gate.admissions, wanted.email, name=wanted.name, role=wanted.role, reach=wanted.reach,
        accounts=_accounts(desk, reader, wanted.accounts), by=reader.id, credential=reader.credential,
    )  # fmt: skip
    return {"user": _user(request, who.id), "code": new_code(gate.admissions, who.id, gate.now(), INVITED)}


@router.patch("/users/{user}", response_model=UserShape, responses=FAILS, summary="Another role, name or accounts; or suspend them")
def changed(desk: OpenDesk, request: Request, reader: MayAdminister, user: UserId, wanted: UserChange) -> dict[str, Any]:
    gate = _gate(request)
    who = gate.admissions.principal(user)
    if who.id == reader.id:
        _stays_admin(wanted)
    accounts = _accounts(desk, reader, wanted.accounts)
    with gate.admissions.transaction():
        reach = wanted.reach or (None if accounts is None else "listed")
        gate.admissions.change_principal(who.id, role=wanted.role, reach=reach, listed=accounts, name=wanted.name)
        gate.admissions.record(reader.id, reader.credential, "user.change", [who.id, *(accounts or ())])
        if wanted.suspended is not None:
            suspend(gate.admissions, who, suspended=wanted.suspended, by=reader.id, credential=reader.credential)
    return _user(request, who.id)


@router.get("/keys", response_model=KeyPage, responses=documented(401, 403), summary="The API keys there are, without their secrets")
def keys(request: Request, reader: MayAdminister) -> dict[str, Any]:
    return {"items": key_items(_gate(request).admissions)}


@router.post(
    "/keys", dependencies=ONCE, status_code=201, response_model=KeyMade, responses=FAILS, summary="Make an API key; it is shown this once"
)
def made(desk: OpenDesk, request: Request, reader: MayAdminister, wanted: KeyRequest) -> dict[str, Any]:
    gate = _gate(request)
    owner = gate.admissions.principal(wanted.user) if wanted.user else None
    until = gate.now() + timedelta(days=wanted.days) if wanted.days else None
    key = create_key(
        gate.admissions, wanted.name, _accounts(desk, reader, wanted.accounts), role=wanted.role, permissions=wanted.permissions,
        owner=owner, expires_at=until, by=reader.id, credential=reader.credential,
    )  # fmt: skip
    kept = gate.admissions.key(key.split("_")[1])
    return {"key": key, **key_item(kept, gate.admissions.principal(kept.principal_id))}


@router.delete("/keys/{key}", status_code=204, responses=documented(401, 403, 404), summary="Make a key useless at once")
def revoked(request: Request, reader: MayAdminister, key: Annotated[str, Path(max_length=80, description="Its prefix.")]) -> Response:
    revoke_key(_gate(request).admissions, key, by=reader.id, credential=reader.credential)
    return Response(status_code=204)


@router.get("/audit", response_model=AuditPage, responses=documented(400, 401, 403, 422), summary="Who did what on which id, latest first")
def audit(
    request: Request,
    reader: MayAdminister,
    by: Annotated[str | None, Query(max_length=80, description="Only what this user or program did, by id.")] = None,
    about: Annotated[str | None, Query(max_length=120, description="Only what was done with this id.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    if cursor is not None and not cursor.isdecimal():
        raise Problem(400, "cursor_expired", "That cursor no longer points into this list. Start again without it.")
    found = _gate(request).admissions.latest(limit + 1, before=int(cursor) if cursor else None, principal_id=by, target=about)
    shown = found[:limit]
    return {"items": [asdict(entry) for entry in shown], "next_cursor": str(shown[-1].number) if len(found) > limit else None}


def _stays_admin(wanted: UserInvite | UserChange) -> None:
    """Of oneself; an admin of some accounts is none any more."""
    out = isinstance(wanted, UserChange) and wanted.suspended
    if out or wanted.role not in (None, "admin") or wanted.reach not in (None, "all") or wanted.accounts is not None:
        raise Problem(409, "yourself", "Nobody shuts themselves out; another admin has to.")


def _gate(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


def _user(request: Request, user_id: str) -> dict[str, Any]:
    admissions = _gate(request).admissions
    who = admissions.principal(user_id)
    seen = [session.seen_at for session in admissions.sessions(who.id)]
    return {**user_item(who), "sees": len(admissions.reached(who)), "last_seen_at": moment(max(seen, default=None))}


def _accounts(desk: Desk, reader: Principal, references: list[str] | None) -> list[str] | None:
    """Their ids; who is an admin of some accounts gives out no others."""
    return None if references is None else [desk.account(reader, reference).id for reference in references]
