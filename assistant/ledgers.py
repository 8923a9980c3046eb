"""Ledgers at hand: put together from the kept readings, in step with the archive whatever was written meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from threading import Lock
from typing import Any, Protocol

from assistant.facts.kept import Outdated, as_json, from_json
from assistant.facts.own_words import Heard
from assistant.facts.promises import PromiseSaid, colleagues_of
from assistant.facts.reading import Reading, read_off, stamp
from assistant.facts.reliance import RelianceSaid
from assistant.facts.speech import Place
from assistant.facts.told import Told, joined
from assistant.facts.told import from_json as told_from_json
from assistant.ledger import Ledger, read
from assistant.meaning import meaning_of
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredDeal, StoredInteraction
from ingest.archive.scope import Scope
from ingest.records import Span

LEDGERS_KEPT = 64


AtHand = Callable[[str], Sequence[StoredInteraction] | None]


class Ledgers:
    """The latest ledgers asked for, each until the archive changes. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Scope, str | None, str, str, int], Ledger] = OrderedDict()

    def of(
        self, archive: Archive, scope: Scope, deal_id: str | None = None, by: str = "", at_hand: AtHand = lambda revision: None
    ) -> Ledger:
        """`by` is the model whose facts count beside those of the grammar; empty for none. `at_hand` gives the interactions in scope, as of
        a revision, to who has read them already: of an account of 50,000 passages that takes a second."""
        marks = archive.promise_marks(scope)
        revision = archive.revision(scope)
        key = (
            scope,
            deal_id,
            revision,
            model_mark(archive, scope, by),
            sum(mark.number * (2 if mark.undone_at else 1) for mark in marks),
        )
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        deals = archive.deals(scope)
        deal = next((each for each in deals if each.id == deal_id), None)
        interactions = at_hand(revision) or archive.interactions(scope)
        ledger = read(
            of_deal(interactions, deal_id),
            archive.people(scope),
            closed=deal.won if deal else any(each.won for each in deals),
            readings=without(readings_of(archive, scope, interactions, by), archive.withheld(scope)),
            marks=marks,
            signatures=signatures([deal] if deal else deals),
            meaning_of=lambda places: meaning_of(archive, scope, places),
        )
        with self._lock:
            self._kept[key] = ledger
            while len(self._kept) > LEDGERS_KEPT:
                self._kept.popitem(last=False)
        return ledger


def signatures(deals: Iterable[StoredDeal]) -> list[date]:
    """The days the won ones were closed on, as far as they say."""
    days = []
    for deal in deals:
        with suppress(ValueError):
            days += [date.fromisoformat(deal.closed_on[:10])] if deal.won else []
    return days


def of_deal(interactions: Sequence[StoredInteraction], deal_id: str | None) -> list[StoredInteraction]:
    """All talk of the account, and of its documents those that are not another deal's."""
    return [i for i in interactions if deal_id is None or i.source.deal_id in (None, deal_id) or i.source.kind != "doc"]


class HasReadings(Protocol):
    def readings(self, scope: Scope) -> dict[str, tuple[str, dict[str, Any]]]: ...


def readings_of(archive: HasReadings, scope: Scope, interactions: Sequence[StoredInteraction], by: str = "") -> dict[str, Reading]:
    """By interaction: the kept reading where it is of these words and this reader, else one made now; with what `by` pointed out."""
    ours = colleagues_of(interactions)
    kept = archive.readings(scope)
    return {i.source.id: joined(_reading(i, ours, kept), told_of(i, kept, by), i) for i in interactions}


def told_of(interaction: StoredInteraction, kept: Mapping[str, tuple[str, Mapping[str, Any]]], by: str) -> tuple[Told, ...]:
    """What a model pointed out in these very words."""
    model = kept.get(interaction.source.id, ("", {}))[1].get(MODEL)
    return told_from_json(model["told"]) if by and model and is_of(model, interaction, by) else ()


MODEL = "model"
"""Under which a kept reading holds what a model pointed out: by whom, of which words, and what it cost."""


def is_of(model: Mapping[str, Any], interaction: StoredInteraction, by: str) -> bool:
    return bool(model["by"] == by and model["words"] == interaction.source.text_sha256)


def model_mark(archive: Archive, scope: Scope, by: str) -> str:
    """Changes whenever what a model pointed out does."""
    return hashlib.sha256(repr(sorted(archive.reading_stamps(scope).items())).encode()).hexdigest()[:16] if by else ""


def _grammars(kept: str) -> str:
    """Of a kept stamp, the part that the grammar's reading depends on."""
    return kept.partition(" ")[0]


def _reading(interaction: StoredInteraction, ours: frozenset[str], kept: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Reading:
    was, body = kept.get(interaction.source.id, ("", {}))
    if was and _grammars(was) == stamp(interaction, ours):
        with suppress(Outdated):
            return from_json(body, interaction)
    return read_off(interaction, ours)


def without(readings: Mapping[str, Reading], withheld: Mapping[str, Sequence[Span]]) -> dict[str, Reading]:
    """Without the words that somebody withheld as confidential: a fact that is read from them goes, one that only rests on them besides
    others stays without them."""
    return {id: _open_part(reading, withheld[id]) if withheld.get(id) else reading for id, reading in readings.items()}


_BESIDES: Mapping[type, frozenset[str]] = {
    PromiseSaid: frozenset({"because", "then", "hangs_on"}),
    RelianceSaid: frozenset({"follows"}),
    Heard: frozenset({"first", "signs", "cares", "favour", "doubt"}),
}
"""Fields of a fact that it can do without; a question without its answer would be another fact."""


def _open_part(reading: Reading, withheld: Sequence[Span]) -> Reading:
    def hidden(place: Any) -> bool:
        return isinstance(place, Place) and any(place.span.start < span.end and span.start < place.span.end for span in withheld)

    def opened(fact: Any) -> Any:
        besides = _BESIDES.get(type(fact), frozenset())
        changed: dict[str, Any] = {}
        for field in fields(fact):
            value = getattr(fact, field.name)
            if isinstance(value, tuple) and not isinstance(value, Place) and any(map(hidden, value)):
                changed[field.name] = tuple(place for place in value if not hidden(place))
            elif hidden(value):
                changed[field.name] = None
        if "hangs_on" in changed:
            changed["conditions"] = ""
            besides |= {"conditions"}
        return None if changed.keys() - besides else replace(fact, **changed) if changed else fact

    def kept(facts: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(one for fact in facts if (one := opened(fact)) is not None)

    return Reading(**{kind.name: kept(getattr(reading, kind.name)) for kind in fields(reading)})


def keep_readings(archive: Archive, account_id: str, scope: Scope) -> int:
    """Reads what is new or was read otherwise, keeps it, and forgets what is gone; gives how many interactions were read."""
    interactions = archive.interactions(scope)
    ours = colleagues_of(interactions)
    known = archive.reading_stamps(scope)
    stamps = {i.source.id: stamp(i, ours) for i in interactions}
    stale = [i for i in interactions if _grammars(known.get(i.source.id, "")) != stamps[i.source.id]]
    old = archive.readings(scope) if any(" " in stamp for stamp in known.values()) else {}
    with archive.transaction():
        archive.save_readings(account_id, {i.source.id: _to_keep(i, ours, stamps[i.source.id], old) for i in stale})
        archive.forget_readings(account_id, frozenset(stamps))
    return len(stale)


def _to_keep(
    interaction: StoredInteraction, ours: frozenset[str], stamped: str, old: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> tuple[str, dict[str, Any]]:
    """A new reading by the grammar, with what a model had pointed out in the same words."""
    body = as_json(read_off(interaction, ours))
    model = old.get(interaction.source.id, ("", {}))[1].get(MODEL)
    if not model or model["words"] != interaction.source.text_sha256:
        return stamped, body
    return with_model(stamped, body, model)


def with_model(stamped: str, body: Mapping[str, Any], model: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    mark = hashlib.sha256(json.dumps(model, sort_keys=True).encode()).hexdigest()[:8]
    return f"{_grammars(stamped)} {mark}", {**body, MODEL: dict(model)}
