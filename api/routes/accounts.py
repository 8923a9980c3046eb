"""The accounts a caller may see, searched by name, domain or reference."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.access import Principal, allowed
from api.accounts import described, found
from api.desk import OpenDesk
from api.paging import Cursor, Limit, page
from api.problems import documented
from api.shapes.accounts import AccountPage, AccountShape

router = APIRouter(tags=["accounts"])
MayRead = Annotated[Principal, Depends(allowed("read"))]


@router.get("/accounts", response_model=AccountPage, responses=documented(400, 401, 422), summary="Accounts and what is held of each")
def accounts(
    desk: OpenDesk, reader: MayRead, q: Annotated[str, Query(max_length=200)] = "", limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    shown, following = page(found(desk.archive, reader.scope, q), lambda account: account.id, limit, cursor)
    return {"items": described(desk.archive, reader.scope, shown), "next_cursor": following}


@router.get("/accounts/{account}", response_model=AccountShape, responses=documented(401, 404, 409), summary="One account")
def account(desk: OpenDesk, reader: MayRead, account: str) -> dict[str, Any]:
    return described(desk.archive, reader.scope, [desk.account(reader, account)])[0]
