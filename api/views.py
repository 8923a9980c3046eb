"""Stored records as the JSON of the public interface; answers and briefs have their own rendering in `assistant`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assistant.brief.compose import choose_deal
from assistant.citations import milliseconds
from assistant.render import deal_json, moment
from ingest.archive.rows import Source, StoredAccount, StoredDeal, StoredInteraction, StoredPerson, StoredTurn
from ingest.records import LOW_CONFIDENCE, Link

_SYSTEMS = {"salesforce": "sf"}
"""Systems whose references are written short."""


def account_json(
    account: StoredAccount, deals: Sequence[StoredDeal], sources: Sequence[Source], brief: Mapping[str, Any] | None
) -> dict[str, Any]:
    deal = choose_deal(deals, None)
    return {
        **account_ref(account),
        "domains": list(account.domains),
        "external_refs": [_reference(link) for link in account.links if link.system != "name"],
        "stage": deal.stage if deal else None,
        "closed_on": (deal.closed_on or None) if deal else None,
        "sources": dict(sorted(Counter(source.kind for source in sources).items())),
        "brief": brief and {"id": brief["id"], "state": brief["state"], "gaps": len(brief["gaps"])},
        "deal_id": deal.id if deal else None,
        "deals": [whole_deal_json(one) for one in deals],
    }


def account_ref(account: StoredAccount) -> dict[str, Any]:
    return {"id": account.id, "slug": account.slug, "name": account.name}


def whole_deal_json(deal: StoredDeal) -> dict[str, Any]:
    return {
        **deal_json(deal),
        "closed": deal.closed,
        "opened_on": deal.opened_on or None,
        "owner_email": deal.owner_email or None,
    }


def source_json(interaction: StoredInteraction, account: StoredAccount, restricted: Collection[str] = ()) -> dict[str, Any]:
    """`restricted` are the ids of what is."""
    source = interaction.source
    return {
        "id": source.id,
        "external_id": source.external_id,
        "title": source.title,
        "occurred_at": moment(source.occurred_at),
        "occurred_on": source.occurred_on and source.occurred_on.isoformat(),
        "url": web_address(source.url),
        "account": account_ref(account),
        "deal_id": source.deal_id,
        "kind": source.kind,
        "tool": source.tool,
        "internal": source.internal,
        "restricted": source.id in restricted,
        "version": source.version,
        "text_sha256": source.text_sha256,
        "participants": [person_json(person) for person in interaction.participants],
        "segments": len(interaction.turns),
        "alternates": [
            {"id": one.id, "tool": one.tool, "external_id": one.external_id, "url": web_address(one.url)} for one in source.alternates
        ],
    }


def person_json(person: StoredPerson) -> dict[str, Any]:
    return {"name": person.name, "email": person.email or None, "side": person.side, "title": person.title or None}


def segment_json(interaction: StoredInteraction, turn: StoredTurn) -> dict[str, Any]:
    return {
        "id": f"seg_{turn.position}",
        "position": turn.position,
        "turn_id": turn.native_id or None,
        "role": turn.role,
        "speaker": _speaker(turn),
        "start_ms": milliseconds(turn.starts_s),
        "end_ms": milliseconds(turn.ends_s),
        "page": turn.page,
        "heading": turn.heading or None,
        "start": turn.span.start,
        "end": turn.span.end,
        "text": interaction.text[turn.span.start : turn.span.end],
        "confidence": turn.confidence,
        "low_confidence": turn.confidence is not None and turn.confidence < LOW_CONFIDENCE,
    }


def web_address(url: str) -> str | None:
    """A link only if it is one a browser may follow: what a source calls its url can be any scheme."""
    return url if url.startswith(("https://", "http://")) else None


def _speaker(turn: StoredTurn) -> dict[str, Any] | None:
    if turn.person:
        return person_json(turn.person) | {"name": turn.person.name or turn.speaker_name}
    return {"name": turn.speaker_name, "email": None, "side": turn.side, "title": None} if turn.speaker_name else None


def _reference(link: Link) -> str:
    return f"{_SYSTEMS.get(link.system, link.system)}:{link.id}"
