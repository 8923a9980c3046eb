"""The life of a brief between AE and CSM: its versions, what to look at, each act on a line or question, approval, acceptance, return."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query
from fastapi.responses import Response

from api.access import Principal, allowed
from api.desk import Desk, OpenDesk
from api.once import ONCE
from api.problems import Problem, documented, not_found
from api.shapes.briefs import BriefShape
from api.shapes.reviews import (
    ApproveRequest,
    BriefVersions,
    ClaimAdded,
    DifferencePage,
    GapAct,
    GapAdded,
    GapAsked,
    GapPage,
    LineAct,
    ReturnRequest,
    ReviewShape,
)
from assistant.answers import Citation
from assistant.brief import reviewing
from assistant.brief.diff import differences
from assistant.brief.review import Conflict, HandedOver, NotAllowed, OpenItems, SaysMore, Superseded, UnknownLine, revision
from assistant.brief.shelf import current_brief, opened, versions
from assistant.citations import NotACitation, resolve
from ingest.archive.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(tags=["briefs"])
MayRead = Annotated[Principal, Depends(allowed("read"))]
MayReview = Annotated[Principal, Depends(allowed("brief:write"))]
Id = Annotated[str, Path(max_length=80)]
IfMatch = Annotated[str | None, Header(max_length=40, description="The ETag of the version as it was read.")]
DealQuery = Annotated[str | None, Query(max_length=80)]
FAILS = documented(401, 403, 404, 409, 412, 413, 415, 422, 428)


@router.get(
    "/accounts/{account}/briefs", response_model=BriefVersions, responses=documented(401, 404, 409), summary="The versions, newest first"
)
def of_account(desk: OpenDesk, reader: MayRead, account: str, deal: DealQuery = None) -> dict[str, Any]:
    found = desk.account(reader, account)
    if deal is not None and deal not in {one.id for one in desk.archive.deals(reader.scope.only(found.id))}:
        raise not_found()
    bodies = [reviewing.listed(desk.kit, reader.scope, body) for body in versions(desk.kit, found.id, deal, scope=reader.scope)]
    told = ("id", "deal_id", "version", "state", "composed_at", "words", "revision")
    return {"items": [{name: body[name] for name in told} | {"gaps": len(body["gaps"])} for body in bodies], "next_cursor": None}


@router.get(
    "/briefs/{brief}/review", response_model=ReviewShape, responses=documented(401, 404), summary="What to look at, and what was done"
)
def review(desk: OpenDesk, reader: MayRead, brief: Id, response: Response) -> dict[str, Any]:
    body = opened(desk.kit, reader.scope, brief)
    response.headers["ETag"] = f'"{body["revision"]}"'
    acts = desk.archive.review_acts(reader.scope, brief)
    return {
        **{name: body[name] for name in ("id", "version", "state", "revision", "returned_because", "removed", "attested")},
        "items": [asdict(item) for item in reviewing.to_look_at(desk.kit, reader.scope, brief)],
        "history": [{**asdict(act), "at": act.at.strftime("%Y-%m-%dT%H:%M:%SZ")} for act in acts],
    }


@router.get(
    "/briefs/{brief}/diff",
    response_model=DifferencePage,
    responses=documented(401, 404, 422),
    summary="What another version says differently",
)
def diff(desk: OpenDesk, reader: MayRead, brief: Id, against: Annotated[str, Query(max_length=80)]) -> dict[str, Any]:
    new, old = opened(desk.kit, reader.scope, brief), opened(desk.kit, reader.scope, against)
    if (new["account"], new["deal_id"]) != (old["account"], old["deal_id"]):
        raise Problem(422, "not_the_same_deal", "The two are briefs of different deals.")
    return {"items": [asdict(one) for one in differences(old, new)], "from_version": old["version"], "to_version": new["version"]}


@router.post(
    "/briefs/{brief}/claims",
    dependencies=ONCE,
    status_code=201,
    response_model=BriefShape,
    responses=documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428),
    summary="Add a claim: on words that are cited, or as an AE note with author and hour",
)
def add_claim(
    desk: OpenDesk, who: MayReview, brief: Id, wanted: ClaimAdded, response: Response, if_match: IfMatch = None
) -> dict[str, Any]:
    """Kept, reworded, taken out and undone as any other line, and in the next version too. One in the same words stays as it is."""
    hand = _having_read(desk, who, brief, if_match)
    account = desk.archive.brief(who.scope, brief)["account"]
    cited = _cited(desk, who.scope.only(account), wanted.citation) if wanted.citation else None
    return _after(
        response,
        lambda: reviewing.add(desk.kit, who.scope, brief, wanted.section, wanted.text, hand, citation=cited, as_note=wanted.as_note),
    )


@router.patch("/briefs/{brief}/claims/{line}", response_model=BriefShape, responses=FAILS, summary="Keep, edit, remove or undo one line")
def on_line(
    desk: OpenDesk, who: MayReview, brief: Id, line: Id, wanted: LineAct, response: Response, if_match: IfMatch = None
) -> dict[str, Any]:
    hand = _having_read(desk, who, brief, if_match)
    acts: dict[str, Callable[[], dict[str, Any]]] = {
        "keep": lambda: reviewing.keep(desk.kit, who.scope, brief, line, hand),
        "edit": lambda: reviewing.edit(desk.kit, who.scope, brief, line, wanted.text or "", hand, as_note=wanted.as_note),
        "remove": lambda: reviewing.remove(desk.kit, who.scope, brief, line, wanted.because or "not_useful", hand),
        "undo": lambda: reviewing.undo(desk.kit, who.scope, brief, line, hand),
    }
    return _after(response, acts[wanted.act])


@router.patch("/briefs/{brief}/gaps/{gap}", response_model=BriefShape, responses=FAILS, summary="Answer, dismiss or reopen one question")
def on_gap(
    desk: OpenDesk, who: MayReview, brief: Id, gap: Id, wanted: GapAct, response: Response, if_match: IfMatch = None
) -> dict[str, Any]:
    hand = _having_read(desk, who, brief, if_match)
    acts: dict[str, Callable[[], dict[str, Any]]] = {
        "answer": lambda: reviewing.answer(desk.kit, who.scope, brief, gap, wanted.text or "", hand),
        "dismiss": lambda: reviewing.dismiss(desk.kit, who.scope, brief, gap, hand),
        "undo": lambda: reviewing.undo(desk.kit, who.scope, brief, gap, hand),
    }
    return _after(response, acts[wanted.act])


@router.post(
    "/briefs/{brief}/approve", dependencies=ONCE, response_model=BriefShape, responses=FAILS, summary="The AE hands the brief over"
)
def approve(
    desk: OpenDesk, who: MayReview, brief: Id, response: Response, wanted: ApproveRequest | None = None, if_match: IfMatch = None
) -> dict[str, Any]:
    with_open = wanted is not None and wanted.with_open
    with _still_as_read(desk, who, brief, if_match):
        return _after(response, lambda: reviewing.approve(desk.kit, who.scope, brief, _hand(who), with_open=with_open))


@router.post("/briefs/{brief}/accept", dependencies=ONCE, response_model=BriefShape, responses=FAILS, summary="The CSM takes it over")
def accept(desk: OpenDesk, who: MayReview, brief: Id, response: Response, if_match: IfMatch = None) -> dict[str, Any]:
    with _still_as_read(desk, who, brief, if_match):
        return _after(response, lambda: reviewing.accept(desk.kit, who.scope, brief, _hand(who)))


@router.post(
    "/briefs/{brief}/return",
    dependencies=ONCE,
    response_model=BriefShape,
    responses=FAILS,
    summary="The CSM sends it back, with what is wrong",
)
def send_back(
    desk: OpenDesk, who: MayReview, brief: Id, wanted: ReturnRequest, response: Response, if_match: IfMatch = None
) -> dict[str, Any]:
    with _still_as_read(desk, who, brief, if_match):
        return _after(response, lambda: reviewing.send_back(desk.kit, who.scope, brief, wanted.because, _hand(who)))


@router.get(
    "/accounts/{account}/gaps",
    response_model=GapPage,
    responses=documented(401, 404, 409),
    summary="What the current brief still needs answered",
)
def gaps(desk: OpenDesk, reader: MayRead, account: str, deal: DealQuery = None) -> dict[str, Any]:
    found = desk.account(reader, account)
    if deal is not None and deal not in {one.id for one in desk.archive.deals(reader.scope.only(found.id))}:
        raise not_found()
    kept = versions(desk.kit, found.id, deal, scope=reader.scope)
    if not kept:
        return {"brief": None, "items": [], "answered": [], "next_cursor": None}
    body = current_brief(desk.kit, found.id, deal, scope=reader.scope)
    return {"brief": body["id"], "items": body["gaps"], "answered": body["attested"], "next_cursor": None}


@router.post(
    "/accounts/{account}/gaps",
    dependencies=ONCE,
    status_code=201,
    response_model=GapAdded,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Put a question on the current brief's gap list; a brief is composed first where there is none",
)
def ask(desk: OpenDesk, who: MayReview, account: str, asked: GapAsked, deal: DealQuery = None) -> dict[str, Any]:
    found = desk.account(who, account)
    if deal is not None and deal not in {one.id for one in desk.archive.deals(who.scope.only(found.id))}:
        raise not_found()
    told = desk.archive.answer(who.scope.only(found.id), asked.answer_id) if asked.answer_id else None
    body = current_brief(desk.kit, found.id, deal, scope=who.scope)
    receipt = told["receipt"] if told else body["receipt"]
    nearest = [citation for citation in told["citations"] if citation["id"] in receipt["nearest"][:3]] if told else []
    with _as_problems():
        gap = reviewing.ask(desk.kit, who.scope, body["id"], asked.question, _hand(who), receipt=receipt, nearest=nearest)
    item = next((one for one in reviewing.shown(desk.kit, who.scope, body["id"])["gaps"] if one["id"] == gap), None)
    if item is None:
        raise Problem(409, "gap_closed", "That question was on the list already, and was answered or set aside.", {"gap": gap})
    return {"brief": body["id"], "item": item}


def _cited(desk: Desk, seen: Scope, citation_id: str) -> Citation:
    try:
        return resolve(desk.archive, seen, citation_id)
    except NotACitation:
        raise not_found() from None


def _hand(who: Principal) -> reviewing.Hand:
    return reviewing.Hand(who.name, datetime.now(UTC))


def _having_read(desk: Desk, who: Principal, brief: str, if_match: str | None) -> reviewing.Hand:
    """Without the revision that was read, two editors could lose each other's work. Acts of others on other lines do not stand in the way;
    `reviewing` looks at the line."""
    if if_match is None:
        raise Problem(428, "precondition_required", "Send If-Match with the ETag of the brief as you read it.")
    read_at = _read_at(if_match)
    if read_at > _revision(desk, who, brief):
        raise Problem(412, "version_conflict", "If-Match holds no ETag that this brief ever had; read it again and send the one it gives.")
    return reviewing.Hand(who.name, datetime.now(UTC), read_at)


@contextmanager
def _still_as_read(desk: Desk, who: Principal, brief: str, if_match: str | None) -> Iterator[None]:
    """Within it nobody else writes. With If-Match the whole brief has to be as it was read: it is handed over whole."""
    with desk.archive.transaction():
        if if_match is not None and _read_at(if_match) != _revision(desk, who, brief):
            raise Problem(412, "version_conflict", "The brief has changed since you read it; read it again before you decide.")
        yield


def _revision(desk: Desk, who: Principal, brief: str) -> int:
    desk.archive.brief(who.scope, brief)
    return revision(desk.archive.review_acts(who.scope, brief))


def _read_at(if_match: str) -> int:
    tag = re.fullmatch(r'(?:W/)?"(\d{1,12})"', if_match)
    if tag is None:
        raise Problem(412, "version_conflict", "If-Match holds no ETag of a brief; read the brief again and send the one it gives.")
    return int(tag[1])


def _after(response: Response, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with _as_problems():
        body = act()
    response.headers["ETag"] = f'"{body["revision"]}"'
    return body


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except Conflict as error:
        told = {"theirs": error.theirs, "yours": error.yours, "by": error.by, "revision": error.revision}
        raise Problem(412, "version_conflict", "Somebody has changed this line since you read it.", told) from error
    except SaysMore as error:
        found = [{"what": more.what, "words": more.words, "detail": more.sentence} for more in error.found]
        raise Problem(409, "says_more", "Your edit says more than the source does.", {"found": found, "source": error.source}) from error
    except OpenItems as error:
        raise Problem(409, "open_items", "Some of it was not looked at.", {"items": [asdict(item) for item in error.items]}) from error
    except (HandedOver, Superseded) as error:
        raise Problem(409, "handed_over" if isinstance(error, HandedOver) else "superseded", str(error)) from error
    except NotAllowed as error:
        raise Problem(409, "not_allowed_now", str(error)) from error
    except UnknownLine as error:
        raise not_found() from error
