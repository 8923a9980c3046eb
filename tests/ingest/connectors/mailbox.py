"""Gmail as its reference describes it: search by page token, mails as raw or metadata, a history that begins to forget; and its tokens."""

from __future__ import annotations

import base64
import email
import re
from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply


class Gmail:
    def __init__(self, refresh_token: str, page: int = 2) -> None:
        self.refresh_token, self.page = refresh_token, page
        self.access = "ya29.lent-0"
        self.lent = 0
        self.mails: dict[str, dict[str, Any]] = {}
        self.history: list[tuple[int, dict[str, Any]]] = []
        self.at = 1000
        self.forgotten = 0

    def put(self, id: str, raw: bytes, sent_ms: int, *labels: str) -> None:
        message = {"id": id, "threadId": id, "labelIds": [*labels, "UNREAD"], "internalDate": str(sent_ms), "historyId": "1"}
        self.mails[id] = {**message, "raw": base64.urlsafe_b64encode(raw).decode()}
        self._note({"messagesAdded": [{"message": {"id": id, "threadId": id}}]})

    def bin(self, id: str) -> None:
        self.mails[id]["labelIds"].append("TRASH")
        self._note({"labelsAdded": [{"message": {"id": id, "threadId": id}, "labelIds": ["TRASH"]}]})

    def read(self, id: str) -> None:
        self.mails[id]["labelIds"].remove("UNREAD")
        self._note({"labelsRemoved": [{"message": {"id": id, "threadId": id}, "labelIds": ["UNREAD"]}]})

    def _note(self, entry: dict[str, Any]) -> None:
        self.at += 7
        self.history.append((self.at, {"id": str(self.at), **entry}))

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            if asked.body.get("refresh_token") != self.refresh_token or asked.body.get("grant_type") != "refresh_token":
                return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
            self.lent += 1
            self.access = f"ya29.lent-{self.lent}"
            return Reply(body={"access_token": self.access, "expires_in": 3599, "token_type": "Bearer"})
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return Reply(401, {"error": {"code": 401, "message": "Invalid Credentials", "status": "UNAUTHENTICATED"}})
        match asked.path.removeprefix("/gmail/v1/users/me/").split("/"):
            case ["profile"]:
                return Reply(body={"emailAddress": "dana@cartage.example", "messagesTotal": len(self.mails), "historyId": str(self.at)})
            case ["messages"]:
                return self._list(asked)
            case ["messages", id] if id in self.mails:
                return Reply(body=self._shown(self.mails[id], asked))
            case ["history"]:
                return self._told(asked)
        return Reply(404, {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}})

    def _list(self, asked: Asked) -> Reply:
        who = re.findall(r"from:(\S+)", asked.query["q"])[0]
        assert "after:" in asked.query["q"]
        found = [
            m for m in self.mails.values() if not {"TRASH", "SPAM", "DRAFT"} & set(m["labelIds"]) and who in " ".join(_fields(m).values())
        ]
        return self._page("messages", [{"id": m["id"], "threadId": m["threadId"]} for m in found], asked)

    def _told(self, asked: Asked) -> Reply:
        begin = int(asked.query["startHistoryId"])
        if begin < self.forgotten:
            return Reply(404, {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}})
        reply = self._page("history", [entry for at, entry in self.history if at > begin], asked)
        return Reply(body={**reply.body, "historyId": str(self.at)})

    def _page(self, key: str, rows: list[dict[str, Any]], asked: Asked) -> Reply:
        begin = int(asked.query.get("pageToken") or 0)
        body: dict[str, Any] = {"resultSizeEstimate": len(rows)}
        if rows:  # an empty page has no list at all
            body[key] = rows[begin : begin + self.page]
        if begin + self.page < len(rows):
            body["nextPageToken"] = str(begin + self.page)
        return Reply(body=body)

    def _shown(self, mail: dict[str, Any], asked: Asked) -> dict[str, Any]:
        if asked.query.get("format") == "raw":
            return mail
        headers = [{"name": name, "value": value} for name, value in _fields(mail).items() if name in asked.many["metadataHeaders"]]
        return {**{key: mail[key] for key in ("id", "threadId", "labelIds", "internalDate")}, "payload": {"headers": headers}}


def _fields(mail: dict[str, Any]) -> dict[str, str]:
    parsed = email.message_from_bytes(base64.urlsafe_b64decode(mail["raw"]))
    return {name: str(parsed[name]) for name in ("From", "To", "Cc") if parsed[name]}
