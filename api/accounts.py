"""The accounts a reader may see, searched and described; the page, the API and the command line show the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.views import account_json
from assistant.brief.review import reviewed
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredAccount
from ingest.archive.scope import Scope


def found(archive: Archive, scope: Scope, query: str) -> list[StoredAccount]:
    return [account for account in archive.accounts(scope) if _fits(account, query)]


def described(archive: Archive, scope: Scope, accounts: Sequence[StoredAccount]) -> list[dict[str, Any]]:
    seen = [(account, scope.only(account.id)) for account in accounts]
    return [account_json(account, archive.deals(one), archive.sources(one), _brief(archive, one)) for account, one in seen]


def _brief(archive: Archive, scope: Scope) -> dict[str, Any] | None:
    """The newest one as people have left it."""
    body = next(iter(archive.briefs(scope)), None)
    return reviewed(body, archive.review_acts(scope, body["id"])) if body else None


def _fits(account: StoredAccount, query: str) -> bool:
    """Every word of the query stands in the account's name, slug, domains or references."""
    known = " ".join([account.name, account.slug, *account.domains, *(link.id for link in account.links)]).casefold()
    return all(word in known for word in query.casefold().split())
