"""HubSpot as its documentation describes it: object lists with cursors, a search with its ceiling, associations, what was archived."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply, Time

KINDS = ("companies", "contacts", "deals", "notes", "tasks", "calls", "emails", "meetings")
_TYPES = {
    ("contacts", "companies"): "contact_to_company", ("deals", "companies"): "deal_to_company", ("deals", "contacts"): "deal_to_contact",
}  # fmt: skip


class Portal:
    """One portal. What is put into it is there for whoever asks next."""

    def __init__(self, time: Time, token: str = "pat-eu1-secret", page: int = 2) -> None:
        self.time, self.token, self.page = time, token, page
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.links: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.transcripts: dict[str, list[dict[str, Any]]] = {}
        self.owners = [{"id": "77", "email": "dana@cartage.example", "firstName": "Dana", "lastName": "Okafor", "userId": 9}]
        self.lacking: set[str] = set()

    def tick(self) -> str:
        self.time.pass_(seconds=1)
        return self.time.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def put(self, kind: str, id: str, *linked: tuple[str, str], **properties: Any) -> None:
        """A new object, or new values of one that is there."""
        at = self.tick()
        row = self.objects[kind].get(id) or {"id": id, "properties": {}, "createdAt": at, "archived": False}
        row["properties"] |= {"hs_object_id": id, **properties}
        row["updatedAt"], row["archived"] = at, False
        row.pop("archivedAt", None)
        self.objects[kind][id] = row
        self.links.setdefault((kind, id), []).extend(each for each in linked if each not in self.links.get((kind, id), []))

    def archive(self, kind: str, id: str) -> None:
        row = self.objects[kind][id]
        row["archived"], row["archivedAt"] = True, self.tick()

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, {"status": "error", "message": "Authentication credentials not found.", "category": "INVALID_AUTHENTICATION"})
        match asked.path.strip("/").split("/"):
            case ["account-info", "v3", "details"]:
                return Reply(
                    body={"portalId": 482, "timeZone": "Europe/Stockholm", "companyCurrency": "USD", "uiDomain": "app.hubspot.com"}
                )
            case ["crm", "v3", "owners"]:
                return Reply(body={"results": self.owners if asked.query.get("archived") != "true" else []})
            case ["crm", "v3", "pipelines", "deals"]:
                stages = [
                    {"id": "contractsent", "label": "Contract Sent", "metadata": {"isClosed": "false", "probability": "0.9"}},
                    {"id": "closedwon", "label": "Closed Won", "metadata": {"isClosed": "true", "probability": "1.0"}},
                ]
                return Reply(body={"results": [{"id": "default", "label": "Sales Pipeline", "stages": stages}]})
            case ["crm", "v3", "properties", "deals"]:
                return Reply(body={"results": [{"name": "seats", "hubspotDefined": False}, {"name": "amount", "hubspotDefined": True}]})
            case ["crm", "extensions", "calling", _, "transcripts", script]:
                if script not in self.transcripts:
                    return Reply(404, {"status": "error", "message": "Transcript not found"})
                return Reply(body={"transcriptId": script, "transcriptUtterances": self.transcripts[script]})
            case ["crm", "v3", "objects", kind, *rest] if kind in KINDS:
                if kind in self.lacking:
                    context = {"requiredGranularScopes": [f"{kind}-read"]}
                    errors = [{"message": "One or more of the following scopes are required.", "context": context}]
                    return Reply(403, {"status": "error", "message": "…", "errors": errors, "category": "MISSING_SCOPES"})
                return (
                    self._search(kind, asked.body)
                    if rest == ["search"]
                    else self._one(kind, rest[0], asked)
                    if rest
                    else self._list(kind, asked)
                )
        return Reply(404, {"status": "error", "message": f"no such path {asked.path}"})

    def _list(self, kind: str, asked: Asked) -> Reply:
        archived = asked.query.get("archived") == "true"
        rows = [row for id, row in sorted(self.objects[kind].items()) if row["archived"] is archived]
        begin = int(asked.query.get("after") or 0)
        end = begin + min(int(asked.query.get("limit", 10)), self.page)
        body: dict[str, Any] = {"results": [self._shown(kind, row, asked) for row in rows[begin:end]]}
        if end < len(rows):
            body["paging"] = {"next": {"after": str(end)}}
        return Reply(body=body)

    def _one(self, kind: str, id: str, asked: Asked) -> Reply:
        row = self.objects[kind].get(id)
        if row is None or row["archived"]:
            return Reply(404, {"status": "error", "message": "resource not found"})
        return Reply(body=self._shown(kind, row, asked))

    def _search(self, kind: str, body: dict[str, Any]) -> Reply:
        (only,) = body["filterGroups"][0]["filters"]
        assert only["propertyName"] == ("lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate")
        least = datetime.fromtimestamp(int(only["value"]) / 1000, UTC)
        rows = [row for row in self.objects[kind].values() if not row["archived"] and _moment(row["updatedAt"]) >= least]
        rows.sort(key=lambda row: (row["updatedAt"], row["id"]))
        begin, size = int(body.get("after") or 0), min(body["limit"], self.page)
        assert begin + size <= 10_000
        found: dict[str, Any] = {
            "total": len(rows),
            "results": [{k: row[k] for k in ("id", "updatedAt", "archived")} for row in rows[begin : begin + size]],
        }
        if begin + size < len(rows):
            found["paging"] = {"next": {"after": str(begin + size)}}
        return Reply(body=found)

    def _shown(self, kind: str, row: dict[str, Any], asked: Asked) -> dict[str, Any]:
        wanted = asked.query.get("properties", "").split(",")
        shown = {**row, "properties": {name: row["properties"].get(name) for name in wanted}}
        linked: dict[str, Any] = {}
        for other in filter(None, asked.query.get("associations", "").split(",")):
            if ids := [id for what, id in self.links.get((kind, row["id"]), []) if what == other]:
                type_ = _TYPES.get((kind, other), f"{kind[:-1]}_to_{other}")
                linked[other] = {"results": [{"id": id, "type": each} for id in ids for each in (type_, f"{type_}_unlabeled")]}
        if linked:
            shown["associations"] = linked
        if history := asked.query.get("propertiesWithHistory"):
            shown["propertiesWithHistory"] = {
                name: [{"value": row["properties"][name], "timestamp": row["createdAt"], "updatedByUserId": 9}]
                for name in history.split(",")
                if row["properties"].get(name)
            }
        return shown


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00"))
