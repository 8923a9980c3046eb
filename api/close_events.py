"""What a delivery says, once its signature holds: close events, whichever tool told them and in whatever order.

What a tool leaves out or writes otherwise is `Unreadable`; nothing of the body is repeated in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from api.hooks import Hook
from api.signatures import (
    NotSigned,
    check_age,
    check_fireflies,
    check_gong,
    check_header,
    check_hubspot,
    check_slack,
    check_standard,
    check_zoom,
)
from ingest.archive.work import CloseEvent, Says

A_DAY = timedelta(days=1)
"""For how long a tool tries again that only shows a secret; after that it is somebody else."""
MOST_EVENTS = 200
_ID = re.compile(r"[A-Za-z0-9_.:\-]{1,100}")
_SOAP = "{http://soap.sforce.com/2005/09/outbound}"


class Unreadable(Exception):
    """Signed, and not what this kind of hook sends; the message says what is missing."""


def read_delivery(hook: Hook, headers: Mapping[str, str], body: bytes, now: datetime, *, addresses: Sequence[str]) -> list[CloseEvent]:
    """Raises NotSigned before anything is read, and Unreadable. `addresses`: where the sender may have reached us."""
    match hook.kind:
        case "hubspot":
            check_hubspot(hook.secrets, headers, body, now, method="POST", addresses=addresses)
            return _hubspot(hook, _json(body))
        case "salesforce":
            check_header(hook.secrets, headers)
            return _outbound_message(hook, body) if body.lstrip()[:1] == b"<" else [_flow(hook, _json(body), now)]
        case "pipedrive":
            check_header(hook.secrets, headers)
            return _pipedrive(hook, _json(body), now)
        case "signed":
            return [_signed(hook, check_standard(hook.secrets, headers, body, now), _json(body))]
        case "slack":
            check_slack(hook.secrets, headers, body, now)
        case "zoom":
            check_zoom(hook.secrets, headers, body, now)
        case "fireflies":
            check_fireflies(hook.secrets, headers, body)
            check_age(_from_ms(_object(_json(body)).get("timestamp")), now, A_DAY)
        case "fathom":
            check_standard(hook.secrets, headers, body, now)
        case "gong":
            check_gong(hook.keys, headers, body, now, addresses)
    return []


def _hubspot(hook: Hook, said: Any) -> list[CloseEvent]:
    """A batch in any order; of what is in it only changes of a deal's stage count, for whoever subscribes may get more."""
    if not isinstance(said, list) or len(said) > MOST_EVENTS:
        raise Unreadable(f"HubSpot sends a list of at most {MOST_EVENTS} events")
    events = []
    for one in map(_object, said):
        of_deals = str(one.get("subscriptionType")).startswith("deal.") or str(one.get("objectTypeId")) == "0-3"
        if not of_deals or (hook.portal and str(one.get("portalId")) != hook.portal):
            continue
        name, value = str(one.get("propertyName")), str(one.get("propertyValue"))
        if name == "hs_is_closed_won":
            says: Says = "won" if value == "true" else "open"
        elif name == "dealstage":
            says = "won" if value in hook.won_stages else "changed"
        else:
            continue
        stage = value[:100] if name == "dealstage" else ""
        event = CloseEvent(hook.name, _id(one, "eventId"), "hubspot", _id(one, "objectId"), says, _from_ms(one.get("occurredAt")), stage)
        events.append(event)
    return events


def _flow(hook: Hook, said: Any, now: datetime) -> CloseEvent:
    one = _object(said)
    _check_organization(hook, one.get("organizationId"))
    at = _from_text(one.get("occurredAt"))
    check_age(at, now, A_DAY)
    deal, told = _id(one, "opportunityId"), one.get("isWon")
    if not isinstance(told, bool):
        raise Unreadable("isWon must be true or false")
    assert at is not None
    own = one.get("interviewGuid")
    event = own if isinstance(own, str) and _ID.fullmatch(own) else f"{deal}@{at.isoformat()}"
    return CloseEvent(hook.name, event, "salesforce", deal, "won" if told else "open", at, str(one.get("stageName", ""))[:100])


def _outbound_message(hook: Hook, body: bytes) -> list[CloseEvent]:
    """A message holds at most a hundred notifications. It has no time of its own, and is sent again for a day."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:  # no tool of theirs writes one, and entities are how XML is made to explode
        raise Unreadable("the message declares a document type")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Unreadable("the message is not well-formed XML") from None
    told = root.find(f".//{_SOAP}notifications")
    if told is None:
        raise Unreadable("the message holds no notifications")
    _check_organization(hook, told.findtext(f"{_SOAP}OrganizationId"))
    notifications = told.findall(f"{_SOAP}Notification")
    if len(notifications) > MOST_EVENTS:
        raise Unreadable(f"the message holds more than {MOST_EVENTS} notifications")
    return [_notification(hook, one) for one in notifications]


def _notification(hook: Hook, one: ElementTree.Element) -> CloseEvent:
    record = one.find(f"{_SOAP}sObject")
    fields = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in record} if record is not None else {}
    number = (one.findtext(f"{_SOAP}Id") or "").strip()
    if not _ID.fullmatch(number) or not _ID.fullmatch(fields.get("Id", "")):
        raise Unreadable("a notification lacks its Id, or its record's Id")
    won = {"true": True, "false": False}.get(fields.get("IsWon", "").lower())
    says: Says = "changed" if won is None else "won" if won else "open"
    return CloseEvent(hook.name, number, "salesforce", fields["Id"], says, None, fields.get("StageName", "")[:100])


def _check_organization(hook: Hook, said: object) -> None:
    """The first fifteen characters are the id, the other three its checksum."""
    if not isinstance(said, str) or len(said) < 15 or said[:15] != hook.organization[:15]:
        raise NotSigned("the event is of another organization")


def _pipedrive(hook: Hook, said: Any, now: datetime) -> list[CloseEvent]:
    one = _object(said)
    about, data, before = (_object(one.get(name) or {}) for name in ("meta", "data", "previous"))
    at = _from_text(about.get("timestamp"))
    check_age(at, now, A_DAY)
    if about.get("entity") != "deal" or "status" not in data or data["status"] == before.get("status", data["status"]):
        return []  # not about a deal's status
    says = {"won": "won", "open": "open", "lost": "lost"}.get(str(data["status"]), "changed")
    return [CloseEvent(hook.name, _id(about, "id"), "pipedrive", _id(about, "entity_id"), says, at)]  # type: ignore[arg-type]


def _signed(hook: Hook, id: str, said: Any) -> CloseEvent:
    """`{"system": "salesforce", "deal": "006…", "won": true, "occurred_at": "2026-09-30T08:30:12Z"}`; `won` may be left out."""
    one = _object(said)
    system = str(one.get("system", ""))
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", system):
        raise Unreadable("system names the CRM, in small letters")
    won = one.get("won")
    if won is not None and not isinstance(won, bool):
        raise Unreadable("won is true or false, or left out")
    at = _from_text(one.get("occurred_at")) if "occurred_at" in one else None
    return CloseEvent(hook.name, id, system, _id(one, "deal"), "changed" if won is None else "won" if won else "open", at)


def zoom_token(body: bytes) -> str | None:
    """What Zoom wants encrypted when the address is set up."""
    said = _object(_json(body))
    token = _object(said.get("payload") or {}).get("plainToken")
    return token if said.get("event") == "endpoint.url_validation" and isinstance(token, str) and len(token) <= 200 else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not one well-formed JSON value with unique keys") from None


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _object(said: Any) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise Unreadable("an object was expected")
    return said


def _id(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or not _ID.fullmatch(str(value)):
        raise Unreadable(f"{name} is missing, or is no id")
    return str(value)


def _from_ms(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**14:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _from_text(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        return None
