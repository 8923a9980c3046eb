"""Gong as its documentation and recorded answers have it: pages by a cursor in the body, 404 for nothing, transcripts later than calls."""

from __future__ import annotations

import base64
from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply


class Gong:
    def __init__(self, key: str, secret: str, page: int = 1) -> None:
        self.auth = "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.page = page
        self.calls: dict[str, dict[str, Any]] = {}
        self.scripts: dict[str, list[dict[str, Any]]] = {}
        self.users = [{"id": "u1", "emailAddress": "dana@cartage.example", "firstName": "Dana", "lastName": "Okafor", "active": True}]

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != self.auth:
            return Reply(401, {"requestId": "r", "errors": ["Invalid user credentials"]})
        body = asked.body or {}
        only = body.get("filter", {})
        match asked.method, asked.path:
            case "GET", "/v2/users":
                return self._page("users", self.users, asked.query.get("cursor", ""))
            case "POST", "/v2/calls/extensive":
                begin, end = only["fromDateTime"], only["toDateTime"]
                found = [c for c in self.calls.values() if begin <= c["metaData"]["started"] < end]
                rich = body.get("contentSelector", {}).get("context") == "Extended"
                shown = [call if rich else {**call, "context": []} for call in sorted(found, key=lambda c: str(c["metaData"]["started"]))]
                return self._page("calls", shown, body.get("cursor", ""))
            case "POST", "/v2/calls/transcript":
                ids = only.get("callIds", [])
                found = [{"callId": id, "transcript": self.scripts[id]} for id in ids if id in self.scripts and id in self.calls]
                return self._page("callTranscripts", found, body.get("cursor", ""))
        return Reply(404, {"requestId": "r", "errors": ["Not found"]})

    def _page(self, key: str, rows: list[dict[str, Any]], cursor: str) -> Reply:
        if not rows:
            return Reply(404, {"requestId": "r", "errors": ["No calls found corresponding to the provided filters"]})
        begin = int(cursor or 0)
        records: dict[str, Any] = {"totalRecords": len(rows), "currentPageSize": self.page, "currentPageNumber": begin}
        if begin + self.page < len(rows):
            records["cursor"] = str(begin + self.page)
        return Reply(body={"requestId": f"r{begin}", "records": records, key: rows[begin : begin + self.page]})
