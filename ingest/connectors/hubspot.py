"""Asks HubSpot for companies, contacts, deals and what was written, said and sent about them.

The first time every object is listed; from then on what was changed is searched for, with some minutes of overlap because the search
lags behind. Each object lies as a page of one in the folder of its company, as far as the company has deals: only those are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.connectors.api import Api, Clock, Fixed, NotThere, Refused
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, page, safe
from ingest.connectors.port import Check, Connector, Want

BASE = "https://api.hubapi.com"
OVERLAP = timedelta(minutes=10)
"""So far the search may lag behind what it searches."""
MOST_FOUND = 10_000
"""A search gives no more; then the next one begins where it ended."""
GIVE_UP = timedelta(days=7)
"""For so long a call that is said to have a transcript is asked for it."""

_PROPERTIES: Mapping[str, Sequence[str]] = {
    "companies": (
        "name", "domain", "hs_additional_domains", "website", "industry", "lifecyclestage", "hubspot_owner_id", "hs_parent_company_id",
    ),
    "contacts": ("firstname", "lastname", "email", "hs_additional_emails", "jobtitle", "hs_buying_role", "associatedcompanyid"),
    "deals": (
        "dealname", "amount", "deal_currency_code", "dealstage", "pipeline", "closedate", "createdate", "dealtype", "hs_is_closed",
        "hs_is_closed_won", "closed_won_reason", "closed_lost_reason", "hs_next_step", "hs_priority", "hs_forecast_category",
        "hubspot_owner_id", "description", "hs_lastmodifieddate",
    ),
    "notes": ("hs_note_body", "hs_timestamp", "hs_createdate", "hubspot_owner_id"),
    "tasks": ("hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_priority", "hs_timestamp", "hs_createdate", "hubspot_owner_id"),
    "calls": (
        "hs_call_title", "hs_call_body", "hs_call_summary", "hs_call_direction", "hs_call_duration", "hs_call_disposition",
        "hs_call_recording_url", "hs_call_has_transcript", "hs_call_transcription_id", "hs_timestamp", "hubspot_owner_id",
    ),
    "emails": (
        "hs_email_subject", "hs_email_text", "hs_email_html", "hs_email_direction", "hs_email_headers", "hs_email_from_email",
        "hs_email_to_email", "hs_email_cc_email", "hs_email_message_id", "hs_email_thread_id", "hs_incoming_email_is_out_of_office",
        "hs_timestamp", "hubspot_owner_id",
    ),
    "meetings": (
        "hs_meeting_title", "hs_meeting_body", "hs_internal_meeting_notes", "hs_meeting_start_time", "hs_meeting_end_time",
        "hs_meeting_outcome", "hs_meeting_external_url", "hs_i_cal_uid", "hs_timestamp", "hubspot_owner_id",
    ),
}  # fmt: skip
"""What the parser reads, in the order in which the objects are asked for: whose something is must be known before it comes."""
_ONE = {
    "companies": "company", "contacts": "contact", "deals": "deal", "notes": "note", "tasks": "task", "calls": "call", "emails": "email",
    "meetings": "meeting",
}  # fmt: skip
_TOLD = ("notes", "tasks", "calls", "emails", "meetings")
_MARK = {
    "notes": "hs_note_body", "tasks": "hs_task_subject", "calls": "hs_call_title", "emails": "hs_email_subject",
    "meetings": "hs_meeting_title",
}  # fmt: skip
"""The property by which the parser knows what a deleted object was."""
_HISTORY = "dealstage,amount,closedate,hubspot_owner_id"
_SCOPES = {
    "companies": "crm.objects.companies.read", "contacts": "crm.objects.contacts.read", "deals": "crm.objects.deals.read",
    "emails": "sales-email-read",
}  # fmt: skip


class HubSpot(Connector):
    name = "hubspot"

    def __init__(self, token: str, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, Fixed("Authorization", f"Bearer {token}"), clock, most_per_s=9)
        self._clock = clock
        self._custom: list[str] | None = None

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        try:
            about = self._api.get("/account-info/v3/details")
        except Refused as refused:
            yield Check("account", False, str(refused))
            return
        yield Check("account", True, f"portal {about.get('portalId')} ({about.get('uiDomain')}), times in {about.get('timeZone')}")
        for kind in _PROPERTIES:
            yield self._may(kind, f"/crm/v3/objects/{kind}", {"limit": 1})
        yield self._may("owners", "/crm/v3/owners", {"limit": 1}, "crm.objects.owners.read")
        yield self._may("pipelines", "/crm/v3/pipelines/deals", {}, "crm.schemas.deals.read")

    def _may(self, what: str, path: str, params: Mapping[str, Any], scope: str = "") -> Check:
        try:
            self._api.get(path, params)
        except Refused as refused:
            needed = ", ".join(refused.missing) or scope or _SCOPES.get(what, "")
            return Check(what, False, f"the private app lacks the scope {needed}" if needed else str(refused))
        return Check(what, True, "may be read")

    def is_wanted(self, unit: Path) -> bool:
        """A company that nobody wants to sell anything to is no account of ours."""
        return unit.name.startswith("alone-") or any(unit.glob("deal-*.json"))

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        walk = _Walk(self, cursor, mirror, want.since)
        yield from walk.batches()

    def custom(self) -> list[str]:
        """The organisation's own properties of a deal: seats, term, why it was won."""
        if self._custom is None:
            try:
                found = self._api.get("/crm/v3/properties/deals").get("results", ())
            except Refused:
                found = ()
            self._custom = sorted(str(each["name"]) for each in found if not each.get("hubspotDefined", True) and not each.get("hidden"))
        return self._custom


class _Walk:
    """One pull."""

    def __init__(self, hubspot: HubSpot, cursor: Cursor, mirror: Mirror, since: datetime | None) -> None:
        self.hubspot, self.api, self.mirror = hubspot, hubspot._api, mirror
        self.now = hubspot._clock.now
        self.since = since
        self.kinds: dict[str, dict[str, Any]] = {kind: dict(at) for kind, at in cursor.get("kinds", {}).items()}
        self.late: dict[str, str] = dict(cursor.get("late", {}))
        """Calls whose transcript is not there yet, and when that was first seen."""
        self.troubles: list[str] = []
        self._noted: set[str] = set()
        """Those that were first seen in this run."""
        self._about: dict[str, bytes] | None = None
        self._owners: dict[str, Mapping[str, Any]] | None = None

    def batches(self) -> Iterator[Batch]:
        for kind in _PROPERTIES:
            try:
                yield from self._listed(kind) if "since" not in self.kinds.get(kind, {}) else self._changed(kind)
                yield from self._deleted(kind)
            except Refused as refused:
                if not refused.missing and kind not in _SCOPES:
                    raise
                needed = ", ".join(refused.missing) or _SCOPES[kind]
                self.troubles.append(f"HubSpot does not give its {kind}: grant the private app the scope {needed}.")
        yield from self._late()
        yield from self._surroundings()

    @property
    def cursor(self) -> Cursor:
        return {"kinds": {kind: dict(at) for kind, at in self.kinds.items()}, "late": dict(self.late)}

    def _batch(self, put: Mapping[str, bytes], drop: Iterable[str] = (), asked: int = 0) -> Batch:
        troubles, self.troubles = self.troubles, []
        return Batch(put, tuple(drop), self.cursor, asked, troubles)

    def _listed(self, kind: str) -> Iterator[Batch]:
        """Every object, a page at a time. What is changed meanwhile is found by the first search."""
        at = self.kinds.setdefault(kind, {"began": _stamp(self.now())})
        while True:
            params = {**self._wanted(kind), "limit": 50 if kind == "deals" else 100, "archived": "false"}
            found = self.api.get(f"/crm/v3/objects/{kind}", {**params, **({"after": at["after"]} if "after" in at else {})})
            rows = found.get("results", [])
            put, drop = self._placed(kind, rows)
            if after := _after(found):
                at["after"] = after
                yield self._batch(put, drop, len(rows))
            else:
                at = self.kinds[kind] = {"since": at["began"]}
                yield self._batch(put, drop, len(rows))
                return

    def _changed(self, kind: str) -> Iterator[Batch]:
        property_ = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
        newest = self.kinds[kind]["since"]
        begin, after = _moment(newest) - OVERLAP, ""
        while True:
            question = {
                "filterGroups": [{"filters": [{"propertyName": property_, "operator": "GTE", "value": str(_milliseconds(begin))}]}],
                "sorts": [{"propertyName": property_, "direction": "ASCENDING"}],
                "properties": [property_],
                "limit": 200,
                **({"after": after} if after else {}),
            }
            found = self.api.post(f"/crm/v3/objects/{kind}/search", question)
            hits = found.get("results", [])
            put, drop = self._placed(kind, self._fetched(kind, hits))
            newest = max([newest, *(_stamp(_moment(hit["updatedAt"])) for hit in hits)])
            self.kinds[kind] = {"since": newest}
            yield self._batch(put, drop, len(hits))
            after = _after(found)
            if after and int(after) + 200 > MOST_FOUND:
                begin, after = _moment(newest), ""
            elif not after:
                return

    def _fetched(self, kind: str, hits: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The objects themselves, with what they are associated with; those that are here as they are now are not asked for again."""
        for hit in hits:
            name = _name(kind, str(hit["id"]))
            if any(self.mirror.row(f"{unit}/{name}").get("updatedAt") == hit.get("updatedAt") for unit in self.mirror.units(name)):
                continue
            try:
                yield self.api.get(f"/crm/v3/objects/{kind}/{hit['id']}", self._wanted(kind))
            except NotThere:
                continue  # deleted since the search: the list of what was deleted tells

    def _deleted(self, kind: str) -> Iterator[Batch]:
        after = ""
        while True:
            more = {"after": after} if after else {}
            found = self.api.get(f"/crm/v3/objects/{kind}", {"limit": 100, "archived": "true", "properties": "hs_object_id", **more})
            put: dict[str, bytes] = {}
            drop: list[str] = []
            for row in found.get("results", ()):
                name = _name(kind, str(row["id"]))
                units = self.mirror.units(name)
                if kind in _TOLD:
                    # No word of it stays; that it was deleted is told to the parser as HubSpot tells it.
                    stub = {key: row.get(key) for key in ("id", "archived", "archivedAt", "updatedAt")} | {
                        "properties": {_MARK[kind]: None}
                    }
                    put |= {f"{unit}/{name}": page(stub) for unit in units}
                    drop += [f"{unit}/{_script(str(row['id']))}" for unit in units]
                else:
                    drop += [f"{unit}/{name}" for unit in units]
            if put or drop:
                yield self._batch(put, drop)
            after = _after(found)
            if not after:
                return

    def _placed(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, bytes], list[str]]:
        """Each object in the folder of its company, with whoever it names."""
        put: dict[str, bytes] = {}
        drop: list[str] = []
        fresh: dict[tuple[str, str], str] = {}
        for row in rows:
            native = str(row["id"])
            name = _name(kind, native)
            before = self.mirror.units(name)
            if kind in _TOLD and self.since is not None and _said_at(row) < self.since:
                continue
            unit = self._unit(kind, row, fresh)
            if unit:
                fresh[kind, native] = unit
            places = {unit, *before} - {""} if kind == "contacts" else {unit} - {""}
            put |= {f"{place}/{name}": page(row) for place in places}
            if kind not in ("companies", "contacts"):
                drop += [f"{other}/{file}" for other in before - {unit} for file in (name, _script(native))]
                put |= self._contacts(unit, row, put) if unit else {}
            if unit:
                put |= {**self._owner(unit, row), **self._surround(unit)}
            if unit and kind == "calls":
                put |= self._transcript(unit, row)
        return put, [name for name in drop if name not in put]

    def _unit(self, kind: str, row: Mapping[str, Any], fresh: Mapping[tuple[str, str], str]) -> str:
        """Its company's folder; one of its own for what has only people; empty for what is nobody's."""
        if kind == "companies":
            return safe(str(row["id"]))
        companies = _linked(row, "companies")
        if kind == "contacts":
            companies = companies or list(filter(None, [str(row.get("properties", {}).get("associatedcompanyid") or "")]))
        if companies:
            return safe(companies[0])
        for other in ("deals", "contacts"):
            for native in _linked(row, other) if kind != "contacts" else ():
                place = fresh.get((other, native)) or next(iter(sorted(self.mirror.units(_name(other, native)))), "")
                if place:
                    return place
        return f"alone-{_ONE[kind]}-{safe(str(row['id']))}" if kind == "deals" or _linked(row, "contacts") else ""

    def _contacts(self, unit: str, row: Mapping[str, Any], put: Mapping[str, bytes]) -> dict[str, bytes]:
        """Who took part may belong to another company, or to none."""
        found = {}
        for native in _linked(row, "contacts"):
            name = _name("contacts", native)
            if f"{unit}/{name}" in put:
                continue
            elsewhere = sorted(self.mirror.units(name), key=lambda each: each != unit)
            if elsewhere and (data := self.mirror.read(f"{elsewhere[0]}/{name}")):
                found[f"{unit}/{name}"] = data
            else:
                try:
                    found[f"{unit}/{name}"] = page(self.api.get(f"/crm/v3/objects/contacts/{native}", self._wanted("contacts")))
                except (NotThere, Refused):
                    continue
        return found

    def _owner(self, unit: str, row: Mapping[str, Any]) -> dict[str, bytes]:
        history = [step for steps in (row.get("propertiesWithHistory") or {}).values() for step in steps]
        wanted = {
            str(row.get("properties", {}).get("hubspot_owner_id") or ""),
            *(str(step.get("updatedByUserId") or "") for step in history),
        }
        wanted |= {str(step.get("value") or "") for step in (row.get("propertiesWithHistory") or {}).get("hubspot_owner_id", ())}
        owners = {id: owner for each in wanted - {""} if (owner := self.owners.get(each)) for id in [str(owner["id"])]}
        return {f"{unit}/owner-{safe(id)}.json": page(owner) for id, owner in owners.items()}

    @property
    def owners(self) -> Mapping[str, Mapping[str, Any]]:
        """By their id and by the id of their log-in; who has left is among them."""
        if self._owners is None:
            self._owners = {}
            for archived in ("true", "false"):
                after = ""
                while True:
                    try:
                        found = self.api.get("/crm/v3/owners", {"limit": 100, "archived": archived, **({"after": after} if after else {})})
                    except Refused:
                        self.troubles.append("HubSpot does not say who owns what: grant the private app the scope crm.objects.owners.read.")
                        return self._owners
                    for owner in found.get("results", ()):
                        self._owners[str(owner["id"])] = owner
                        for user in (owner.get("userId"), owner.get("userIdIncludingInactive")):
                            if user:
                                self._owners.setdefault(str(user), owner)
                    after = _after(found)
                    if not after:
                        break
        return self._owners

    def _surround(self, unit: str) -> dict[str, bytes]:
        """What the portal says of itself, for the parser reads each folder by itself."""
        if self._about is None:
            self._about = {}
            try:
                about = self.api.get("/account-info/v3/details")
                kept = {key: about.get(key) for key in ("portalId", "timeZone", "companyCurrency", "uiDomain", "accountType")}
                self._about["account.json"] = document(kept)
                self._about["pipelines.json"] = document(self.api.get("/crm/v3/pipelines/deals"))
            except Refused:
                self.troubles.append(
                    "HubSpot does not give its pipelines, so no stage is known by its name: grant the scope crm.schemas.deals.read."
                )
        return {f"{unit}/{name}": data for name, data in self._about.items()}

    def _surroundings(self) -> Iterator[Batch]:
        """The same in every folder, and owners as they are called now, where anything was asked for them in this run."""
        put: dict[str, bytes] = {}
        for name, data in (self._about or {}).items():
            put |= {f"{unit}/{name}": data for unit in self.mirror.units(name)}
        for id, owner in (self._owners or {}).items():
            name = f"owner-{safe(str(owner['id']))}.json"
            put |= {f"{unit}/{name}": page(owner) for unit in self.mirror.units(name) if id == str(owner["id"])}
        yield self._batch(put)

    def _transcript(self, unit: str, row: Mapping[str, Any]) -> dict[str, bytes]:
        """The words of a call where HubSpot holds them; they may come later than the call."""
        native = str(row["id"])
        script = str(row.get("properties", {}).get("hs_call_transcription_id") or "")
        said_to_be = str(row.get("properties", {}).get("hs_call_has_transcript") or "").lower() == "true"
        if not script and not said_to_be:
            self.late.pop(native, None)
            return {}
        try:
            found = self.api.get(f"/crm/extensions/calling/2026-03/transcripts/{script}") if script else {}
        except NotThere:
            found = {}
        except Refused as refused:
            self.troubles.append(f"HubSpot does not give the words of calls: {refused}")
            return {}
        if not found.get("transcriptUtterances"):
            if native not in self.late:
                self.late[native] = _stamp(self.now())
                self._noted.add(native)
            return {}
        self.late.pop(native, None)
        return {f"{unit}/{_script(native)}": document({**found, "engagementId": found.get("engagementId") or native})}

    def _late(self) -> Iterator[Batch]:
        for native, seen in sorted(self.late.items()):
            if _moment(seen) < self.now() - GIVE_UP:
                del self.late[native]
                yield self._batch({})
                continue
            if native in self._noted:
                continue
            name = _name("calls", native)
            try:
                row = self.api.get(f"/crm/v3/objects/calls/{native}", self._wanted("calls"))
            except NotThere:
                del self.late[native]
                yield self._batch({})
                continue
            for unit in sorted(self.mirror.units(name)):
                yield self._batch({f"{unit}/{name}": page(row), **self._transcript(unit, row)}, asked=1)

    def _wanted(self, kind: str) -> dict[str, str]:
        names = [*_PROPERTIES[kind], *(self.hubspot.custom() if kind == "deals" else ())]
        others = {"companies": "", "contacts": "companies", "deals": "companies,contacts"}.get(kind, "companies,deals,contacts")
        wanted = {"properties": ",".join(names)}
        if others:
            wanted["associations"] = others
        if kind == "deals":
            wanted["propertiesWithHistory"] = _HISTORY
        return wanted


def _name(kind: str, native: str) -> str:
    return f"{_ONE[kind]}-{safe(native)}.json"


def _script(native: str) -> str:
    return f"transcript-{safe(native)}.json"


def _linked(row: Mapping[str, Any], other: str) -> list[str]:
    """Ids, in the order in which the parser takes them."""
    rows = ((row.get("associations") or {}).get(other) or {}).get("results", [])
    ordered = sorted(rows, key=lambda each: str(each.get("type", "")).endswith("_unlabeled"))
    return list(dict.fromkeys(str(each.get("id") or each.get("toObjectId")) for each in ordered))


def _said_at(row: Mapping[str, Any]) -> datetime:
    properties = row.get("properties", {})
    return _moment(properties.get("hs_timestamp") or row.get("createdAt") or _stamp(datetime.now(UTC)))


def _after(found: Mapping[str, Any]) -> str:
    return str(((found.get("paging") or {}).get("next") or {}).get("after") or "")


def _moment(value: Any) -> datetime:
    text = str(value)
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
