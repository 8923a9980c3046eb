"""The accounts a caller may see, searched by name, domain or reference."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.access import Principal, allowed
from api.desk import OpenDesk
from api.paging import Cursor, Limit, page
from api.problems import documented
from api.shapes import AccountPage, AccountShape
from api.views import account_json
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredAccount
from ingest.archive.scope import Scope

router = APIRouter(tags=["accounts"])
MayRead = Annotated[Principal, Depends(allowed("read"))]


@router.get("/accounts", response_model=AccountPage, responses=documented(400, 401, 422), summary="Accounts and what is held of each")
def accounts(
    desk: OpenDesk, reader: MayRead, q: Annotated[str, Query(max_length=200)] = "", limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    found = [account for account in desk.archive.accounts(reader.scope) if _fits(account, q)]
    shown, following = page(found, lambda account: account.id, limit, cursor)
    return {"items": _described(desk.archive, reader.scope, shown), "next_cursor": following}


@router.get("/accounts/{account}", response_model=AccountShape, responses=documented(401, 404, 409), summary="One account")
def account(desk: OpenDesk, reader: MayRead, account: str) -> dict[str, Any]:
    return _described(desk.archive, reader.scope, [desk.account(reader, account)])[0]


def _fits(account: StoredAccount, query: str) -> bool:
    """Every word of the query stands in the account's name, slug, domains or references."""
    known = " ".join([account.name, account.slug, *account.domains, *(link.id for link in account.links)]).casefold()
    return all(word in known for word in query.casefold().split())


def _described(archive: Archive, scope: Scope, accounts: list[StoredAccount]) -> list[dict[str, Any]]:
    seen = [(account, scope.only(account.id)) for account in accounts]
    return [account_json(account, archive.deals(one), archive.sources(one), next(iter(archive.briefs(one)), None)) for account, one in seen]
