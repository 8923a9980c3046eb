"""A Salesforce organisation as its REST reference describes it: SOQL by queryAll, pages by nextRecordsUrl, fields it does not have."""

from __future__ import annotations

import re
from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply, Time

PREFIX = {
    "User": "005", "Account": "001", "Contact": "003", "Opportunity": "006", "OpportunityHistory": "008", "OpportunityContactRole": "00K",
    "Task": "00T", "Event": "00U", "Note": "002", "EmailMessage": "02s", "EmailMessageRelation": "0ZE", "ContentVersion": "068",
    "ContentDocumentLink": "06A", "Organization": "00D",
}  # fmt: skip
_SOQL = re.compile(
    r"SELECT (?P<fields>[\w.,]+) FROM (?P<object>\w+)(?: WHERE (?P<field>\w+) (?:>= (?P<least>\S+)|IN \((?P<ids>[^)]*)\)))?"
    r"(?: ORDER BY (?P<order>\w+), Id)?(?: LIMIT (?P<limit>\d+))?"
)


def record(prefix: str, number: int) -> str:
    """An id of eighteen letters."""
    return f"{prefix}Rk{number:010d}IAA"


class Org:
    def __init__(self, time: Time, secret: str, page: int = 2) -> None:
        self.time, self.secret, self.page = time, secret, page
        self.access = "00D!lent"
        self.rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in PREFIX}
        self.blobs: dict[str, bytes] = {}
        self.lacks = {"Opportunity.CurrencyIsoCode", "OpportunityHistory.PrevAmount", "OpportunityHistory.PrevCloseDate"}
        self.put("Organization", 1, Name="Cartage", TimeZoneSidKey="Europe/Stockholm")

    def put(self, name: str, number: int, **values: Any) -> None:
        """A new row, or new values of one that is there."""
        self.time.pass_(seconds=1)
        at = self.time.at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        id = record(PREFIX[name], number)
        row = self.rows[name].get(id) or {"Id": id, "IsDeleted": False, "CreatedDate": at, "CreatedById": record("005", 1)}
        self.rows[name][id] = {**row, **values, "SystemModstamp": at}

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/services/oauth2/token":
            if asked.body.get("client_secret") != self.secret:
                return Reply(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
            return Reply(body={"access_token": self.access, "token_type": "Bearer", "instance_url": f"http://{asked.host}"})
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return Reply(401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
        path = asked.path.removeprefix("/services/data/v66.0/")
        match path.split("/"):
            case ["query"] | ["queryAll"]:
                return self._query(asked.query["q"], 0, everything=path == "queryAll")
            case ["more", place]:
                begin, _, question = bytes.fromhex(place).decode().partition("|")
                return self._query(question, int(begin), everything=True)
            case ["sobjects", "Opportunity", "describe"]:
                return Reply(body={"fields": [{"name": "Amount", "custom": False}, {"name": "Seats__c", "custom": True, "type": "double"}]})
            case ["sobjects", "ContentVersion", id, "VersionData"] if id in self.blobs:
                return Reply(body=self.blobs[id])
        return Reply(404, [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}])

    def _query(self, question: str, begin: int, *, everything: bool) -> Reply:
        asked = _SOQL.fullmatch(question)
        assert asked, question
        name, fields = asked["object"], asked["fields"].split(",")
        if name not in self.rows:
            return Reply(400, [{"message": f"sObject type '{name}' is not supported.", "errorCode": "INVALID_TYPE"}])
        if unknown := [field for field in fields if f"{name}.{field}" in self.lacks]:
            message = f"\nSELECT …\n^\nERROR at Row:1:Column:1\nNo such column '{unknown[0]}' on entity '{name}'."
            return Reply(400, [{"message": message, "errorCode": "INVALID_FIELD"}])
        rows = [row for row in self.rows[name].values() if everything or not row["IsDeleted"]]
        if asked["least"]:
            rows = [row for row in rows if _plain(row[asked["field"]]) >= _plain(asked["least"])]
        if asked["ids"]:
            rows = [row for row in rows if f"'{row[asked['field']]}'" in asked["ids"].split(",")]
        elif name == "ContentDocumentLink":
            return Reply(400, [{"message": "Implementation restriction: a filter is needed", "errorCode": "MALFORMED_QUERY"}])
        if asked["order"]:
            rows.sort(key=lambda row: (row[asked["order"]], row["Id"]))
        shown = [
            {"attributes": {"type": name, "url": f"/services/data/v66.0/sobjects/{name}/{row['Id']}"}, **{f: row.get(f) for f in fields}}
            for row in rows[begin : begin + self.page]
        ]
        body: dict[str, Any] = {"totalSize": len(rows), "done": begin + self.page >= len(rows), "records": shown}
        if not body["done"]:
            body["nextRecordsUrl"] = f"/services/data/v66.0/more/{f'{begin + self.page}|{question}'.encode().hex()}"
        return Reply(body=body)


def _plain(stamp: str) -> str:
    return stamp.replace("+0000", "Z")
