"""Telling of a brief because somebody asks for it: by the channels that are set up, and to whom its state is told of anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from api.office import deal_by_id
from api.problems import Problem
from api.telling.channels import Channel, load_channels
from api.telling.plan import ON_THE_RECORD, places
from api.telling.words import What
from assistant.brief import reviewing
from ingest.archive.scope import Scope
from ingest.archive.work import Work, delivery_id
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from assistant.wiring import Kit

_TOLD_OF: Mapping[str, tuple[What, ...]] = {
    "draft": ("draft",),
    "returned": ("returned",),
    "reviewed": ("approved",),
    "accepted": ("approved", "accepted"),
    "accepted_with_gaps": ("approved", "accepted"),
}
"""What was told on the way to a state, of which a share is told to the same: nothing of a draft goes to customer success or into a CRM."""
_CRM = ("hubspot", "salesforce")
_TOOLS = (*_CRM, "webhook")


@dataclass(frozen=True, slots=True)
class Share:
    """`deliveries` are ids with the names of their channels."""

    id: str
    deliveries: Sequence[tuple[str, str]]


def share(kit: Kit, scope: Scope, brief_id: str, to: str, by: str) -> Share:
    """A job for each who is told; each share is an event of its own. `by` is the id of a principal. Raises NotThere, or Problem (409) where
    nobody would be told."""
    with kit.archive.transaction():  # the state in which it is planned is the one that was looked at
        body = reviewing.shown(kit, scope, brief_id)
        told_of = _told_of(body["state"], (body.get("layout") or {}).get("name", ""))
        if not told_of:
            raise Problem(409, "superseded", "There is a newer version of this brief, and links lead to that; share the newest.")
        channels = _channels(kit, to)
        if not ON_THE_RECORD.intersection(told_of) and all(channel.kind in _TOOLS for channel in channels.values()):
            state = reviewing.state_in_words(body["state"])
            detail = f"This version is {state}; it goes into a CRM or to a platform once the account executive has approved it."
            raise Problem(409, "not_told_now", detail)
        deal = deal_by_id(kit, body["deal_id"])
        found = dict.fromkeys(
            (channel.name, place) for what in told_of for channel, place in places(kit, channels, body["account"], deal, what)
        )
        if not found:
            detail = "There is nobody to tell that way: no address of the deal's owner or of a CSM, or no such CRM that holds the deal."
            raise Problem(409, "nobody_told", detail)
        id, work = f"shr_{uuid4().hex[:16]}", Work.beside(kit.archive)
        deliveries = []
        for name, place in found:
            key = f"send shared {id} {brief_id} {name} {place}"
            about = {"brief": brief_id, "what": "shared", "channel": name, "place": place, "share": id, "by": by}
            work.add_job("send", about, key=key, account_id=body["account"])
            deliveries.append((delivery_id(key), name))
    return Share(id, deliveries)


def _channels(kit: Kit, to: str) -> dict[str, Channel]:
    try:
        known = load_channels(kit.home.path)
    except BadSettings:
        detail = "The channels in this Baton's settings do not hold; `baton doctor` says what is wrong with them."
        raise Problem(409, "channel_not_set_up", detail) from None
    kinds = _CRM if to == "crm" else (to,)
    meant = {name: channel for name, channel in known.items() if name == to or channel.kind in kinds}
    if not meant:
        raise Problem(409, "channel_not_set_up", f"No channel {to} is set up here: baton.toml has no [deliver.*] of that name or kind.")
    return meant


def _told_of(state: str, layout: str) -> tuple[What, ...]:
    """A brief for a renewal goes to customer success before anybody has reviewed it."""
    told = _TOLD_OF.get(state, ())
    return (*told, "renewal") if told and layout == "renewal" else told
