"""Which deal of an account is meant where nobody names one."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.archive.rows import StoredDeal


class UnknownDeal(LookupError):
    """The account has no such deal; the message names those it has."""


def choose_deal(deals: Sequence[StoredDeal], deal_id: str | None) -> StoredDeal | None:
    """The one of that id, which has to be there; else the last won, else the newest, else none."""
    if deal_id is not None:
        chosen = next((deal for deal in deals if deal.id == deal_id), None)
        if chosen is None:
            known = ", ".join(f"{deal.id} ({deal.name})" for deal in deals) or "none"
            raise UnknownDeal(f"There is no deal {deal_id} in this account; it has {known}.")
        return chosen
    won = sorted((deal for deal in deals if deal.won), key=lambda deal: (deal.closed_on, deal.id))
    newest = sorted(deals, key=lambda deal: (deal.closed_on or deal.opened_on, deal.id))
    return won[-1] if won else newest[-1] if newest else None
