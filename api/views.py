"""Stored records as the JSON of the public interface; answers and briefs have their own rendering in `assistant`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from assistant.brief.chosen_deal import choose_deal
from assistant.citations import milliseconds
from assistant.render import deal_json, moment
from ingest.archive.rows import Run, Source, StoredAccount, StoredDeal, StoredInteraction, StoredPerson, StoredTurn
from ingest.records import LOW_CONFIDENCE, Link

_SYSTEMS = {"salesforce": "sf"}
"""Systems whose references are written short."""
_PAUSE_MS = 1500
"""Within which somebody who goes on is held to have gone on speaking."""


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


def talk_json(interaction: StoredInteraction) -> dict[str, Any] | None:
    """Who spoke when in what was recorded, most of all first; None where nothing has a time.

    A turn without an end lasts until the next begins, and the last one as long as its words take at 150 a minute.
    """
    turns = [turn for turn in interaction.turns if turn.starts_s is not None and turn.role == "said"]
    spans: dict[tuple[str, str], list[list[int]]] = {}
    for turn, following in zip_longest(turns, turns[1:]):
        begins = round((turn.starts_s or 0) * 1000)
        words = len(interaction.text[turn.span.start : turn.span.end].split())
        next_begins = following.starts_s if following else None
        ends = turn.ends_s if turn.ends_s is not None else next_begins if next_begins is not None else (turn.starts_s or 0) + words / 2.5
        name = (turn.person.name or turn.person.email) if turn.person else turn.speaker_name
        own = spans.setdefault((name or "Unknown", turn.person.side if turn.person else turn.side), [])
        if own and begins - own[-1][1] <= _PAUSE_MS:
            own[-1][1] = max(own[-1][1], round(ends * 1000))
        else:
            own.append([begins, max(begins, round(ends * 1000))])
    length = max((end for each in spans.values() for _, end in each), default=0)
    if not length:
        return None
    spoken = {who: sum(end - begin for begin, end in each) for who, each in spans.items()}
    whole = sum(spoken.values()) or 1
    return {
        "length_ms": length,
        "speakers": [
            {"name": name, "side": side, "share": round(spoken[name, side] / whole, 4), "spans": spans[name, side]}
            for name, side in sorted(spoken, key=lambda who: -spoken[who])
        ],
    }


def known_person_json(person: StoredPerson, read_as_this: Sequence[StoredPerson] = ()) -> dict[str, Any]:
    others = [{"id": one.id, **person_json(one), "roles": list(one.roles)} for one in read_as_this]
    return {"id": person.id, **person_json(person), "roles": list(person.roles), "read_as_this": others}


def run_json(run: Run) -> dict[str, Any]:
    counts = {name: getattr(run, name) for name in ("new", "changed", "unchanged", "removed", "held", "failed")}
    return {"id": run.id, "started_at": moment(run.started_at), "finished_at": moment(run.finished_at), **counts}


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
