"""The kept versions of a brief: the current one as people have left it, a new one composed beside the others, what differs between two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.brief import review
from assistant.brief.body import brief_json, finished
from assistant.brief.chosen_deal import UnknownDeal, choose_deal
from assistant.brief.compose import compose
from assistant.brief.diff import differences, material
from assistant.brief.layout import as_json, chosen
from assistant.brief.reviewing import as_left
from assistant.brief.stale import stale
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, Scope


def current_brief(
    kit: Kit,
    account_id: str,
    deal_id: str | None = None,
    *,
    compose_anew: bool = False,
    layout_name: str | None = None,
    preview: bool = False,
    scope: Scope = EVERYTHING,
    now: datetime | None = None,
) -> dict[str, Any]:
    """The newest version of a deal's brief in the form of the public interface, composed first if there is none.

    Of the account's last won deal, else its newest, unless one is named. Composing anew keeps what people decided, and makes a new
    version only if something is different from the newest one, a layout that is named included. A home opened for reading composes
    without keeping.
    A layout that is named lays out a kept version anew as well; raises `BadLayout`. A preview is of the newest deal that is not closed,
    and is kept nowhere; raises `UnknownDeal` where there is none.
    """
    if preview:
        return _preview(kit, account_id, deal_id, layout_name, scope, now)
    kept = versions(kit, account_id, deal_id, scope=scope)
    reader = scope.only(account_id)
    deal = choose_deal(kit.archive.deals(reader), deal_id)
    shape = chosen(kit.home.path, layout_name, deal.amount if deal else None)
    if kept and not compose_anew:
        shown = _shown(kit, scope, kept[0])
        return finished(shown | {"layout": as_json(shape)}) if layout_name else shown
    body = brief_json(compose(kit, account_id, deal.id if deal else None, scope=scope, now=now), shape)
    body |= {"version": len(kept) + 1, "read": _read(kit, reader), "preview": deal is not None and not deal.closed}
    if kept and not differences(kept[0], body) and bool(kept[0].get("preview")) == body["preview"] and not _laid_anew(kept[0], layout_name):
        return _shown(kit, scope, kept[0])
    if not kit.home.writes:
        return as_left(kit, scope, body, ())
    with kit.archive.transaction():
        body["version"] = kit.archive.save_brief(account_id, body["deal_id"], body, internal=scope.internal, as_of=scope.as_of)
        if kept:
            _carry(kit, reader, kept[0], body, now or datetime.now(UTC))
    return _shown(kit, scope, body)


def _laid_anew(kept: Mapping[str, Any], layout_name: str | None) -> bool:
    """A layout that was named makes a version of its own, so that it can be found again as it was laid out."""
    return layout_name is not None and kept.get("layout", {}).get("name") != layout_name


def _preview(kit: Kit, account_id: str, deal_id: str | None, layout_name: str | None, scope: Scope, now: datetime | None) -> dict[str, Any]:
    """What the brief would say if the deal were closed today."""
    reader = scope.only(account_id)
    deals = kit.archive.deals(reader)
    going = [deal for deal in deals if not deal.closed]
    deal = choose_deal(deals, deal_id) if deal_id else choose_deal(going, None)
    if deal is None or deal.closed:
        raise UnknownDeal("There is no deal to preview: every deal of this account is closed.")
    shape = chosen(kit.home.path, layout_name, deal.amount)
    body = brief_json(compose(kit, account_id, deal.id, scope=scope, now=now), shape)
    return as_left(kit, scope, body | {"read": _read(kit, reader), "preview": True}, ())


def as_known(
    kit: Kit,
    account_id: str,
    deal_id: str | None,
    as_of: datetime,
    *,
    layout_name: str | None = None,
    scope: Scope = EVERYTHING,
    now: datetime | None = None,
) -> dict[str, Any]:
    """What the brief would have said at a moment, from what was on record then; kept nowhere."""
    reader = scope.only(account_id).until(as_of)
    deal = choose_deal(kit.archive.deals(reader), deal_id)
    shape = chosen(kit.home.path, layout_name, deal.amount if deal else None)
    body = brief_json(compose(kit, account_id, deal.id if deal else None, as_of, scope=scope, now=now), shape)
    return as_left(kit, scope.until(as_of), body | {"preview": deal is not None and not deal.closed}, ())


def opened(kit: Kit, scope: Scope, brief_id: str) -> dict[str, Any]:
    """One version as people have left it, with what came in since it was composed. Raises NotThere."""
    return _shown(kit, scope, kit.archive.brief(scope, brief_id))


def versions(kit: Kit, account_id: str, deal_id: str | None = None, *, scope: Scope = EVERYTHING) -> list[dict[str, Any]]:
    """The versions of one deal's brief as they were composed, the newest first."""
    reader = scope.only(account_id)
    deal = choose_deal(kit.archive.deals(reader), deal_id)
    return kit.archive.briefs(reader, deal.id) if deal else [b for b in kit.archive.briefs(reader) if b["deal_id"] is None]


def needs_new_version(kit: Kit, account_id: str, deal_id: str | None = None, *, scope: Scope = EVERYTHING) -> bool:
    """Whether composing today would tell of another promise, person, date, risk or goal than the newest version does."""
    kept = versions(kit, account_id, deal_id, scope=scope)
    if not kept:
        return True
    return bool(material(differences(kept[0], brief_json(compose(kit, account_id, kept[0]["deal_id"], scope=scope)))))


def news(body: Mapping[str, Any], read_now: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    """What is on record now and was not read, or not in these words, when the version was composed: counts by kind."""
    then = body.get("read", {})
    fresh = Counter(kind for id, (kind, _) in read_now.items() if id not in then)
    edited = Counter(kind for id, (kind, words) in read_now.items() if id in then and then[id][1] != words)
    gone = Counter(kind for id, (kind, _) in then.items() if id not in read_now)
    return {"new": dict(fresh), "changed": dict(edited), "gone": dict(gone)}


def _shown(kit: Kit, scope: Scope, body: Mapping[str, Any]) -> dict[str, Any]:
    left = as_left(kit, scope, body, kit.archive.review_acts(scope, body["id"]))
    reader = scope.only(body["account"])
    return left | {
        "news": news(body, _read(kit, reader)),
        "stale": stale(kit.archive, reader, left),
        "reopened": _reopened(kit, reader, body),
    }


def _reopened(kit: Kit, reader: Scope, body: Mapping[str, Any]) -> str | None:
    """The stage in which a deal is again that was closed when this version was composed; None while it is closed."""
    then = body.get("deal") or {}
    now = next((deal for deal in kit.archive.deals(reader) if deal.id == body["deal_id"]), None)
    return (now.stage or "open") if now is not None and not now.closed and then.get("closed_on") and not body.get("preview") else None


def _read(kit: Kit, reader: Scope) -> dict[str, list[str]]:
    """Kind and the beginning of the text's hash of every source the reader sees. An AE's note was made for the brief: it is no news."""
    return {s.id: [s.kind, s.text_sha256[:8]] for s in kit.archive.sources(reader) if s.kind != "ae_note"}


def _carry(kit: Kit, reader: Scope, old: Mapping[str, Any], new: Mapping[str, Any], at: datetime) -> None:
    """What people decided on the version before holds for this one too, and says from where it comes."""
    for line, decision in review.carried(kit.archive.review_acts(reader, old["id"]), new):
        detail = {"act": decision.act, "detail": dict(decision.detail), "from_version": old["version"]}
        kit.archive.add_review_act(new["account"], new["id"], at=at, by=decision.by, act="carry", line=line, detail=detail)
