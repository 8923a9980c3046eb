"""The kept versions of a brief: the current one, or a new one composed and put beside the others."""

from __future__ import annotations

from typing import Any

from assistant.brief.body import brief_json
from assistant.brief.compose import choose_deal, compose
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, Scope


def current_brief(
    kit: Kit, account_id: str, deal_id: str | None = None, *, compose_anew: bool = False, scope: Scope = EVERYTHING
) -> dict[str, Any]:
    """The newest version of a deal's brief in the form of the public interface, composed first if there is none.

    Of the account's last won deal, else its newest, unless one is named. A home opened for reading composes without keeping.
    """
    reader = scope.only(account_id)
    deal = choose_deal(kit.archive.deals(reader), deal_id)
    kept = kit.archive.briefs(reader, deal.id) if deal else [b for b in kit.archive.briefs(reader) if b["deal_id"] is None]
    if kept and not compose_anew:
        return kept[0]
    body = brief_json(compose(kit, account_id, deal.id if deal else None, scope=scope))
    body["version"] = len(kept) + 1
    if kit.home.writes:
        version = kit.archive.save_brief(account_id, body["deal_id"], body, internal=scope.internal, as_of=scope.as_of)
        body["version"] = version
    return body
