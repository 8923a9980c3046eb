"""A mailbox behind Microsoft Graph as its reference describes it: delta by folder, links to the next page, immutable ids, $search."""

from __future__ import annotations

from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply

BOX = "dana@cartage.example"


class Exchange:
    def __init__(self, secret: str, page: int = 2) -> None:
        self.secret, self.page = secret, page
        self.access = "lent"
        self.mails: dict[str, dict[str, Any]] = {}
        self.steps: list[tuple[str, str]] = []
        """(folder, mail): it came there, left it or was touched, in this order."""
        self.forgotten = 0
        self.asked_delta = 0

    def put(self, id: str, folder: str, **row: Any) -> None:
        self.mails[id] = {"id": id, "parentFolderId": folder, **row}
        self.steps.append((folder, id))

    def move(self, id: str, folder: str) -> None:
        before = self.mails[id]["parentFolderId"]
        self.mails[id]["parentFolderId"] = folder
        self.steps += [(before, id), (folder, id)]

    def touch(self, id: str) -> None:
        self.steps.append((self.mails[id]["parentFolderId"], id))

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            if asked.body.get("client_secret") != self.secret or not asked.body.get("scope"):
                return Reply(401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."})
            return Reply(body={"access_token": self.access, "expires_in": 3599, "token_type": "Bearer"})
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return Reply(401, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired or is not yet valid."}})
        assert "ImmutableId" in asked.headers.get("prefer", "") or asked.path.endswith("inbox")
        match asked.path.removeprefix(f"/v1.0/users/{BOX}/").split("/"):
            case ["mailFolders"]:
                names = ["inbox", "sentitems", "archive", "drafts", "deleteditems", "junkemail"]
                return Reply(body={"value": [{"id": f"F-{name}", "childFolderCount": int(name == "inbox")} for name in names]})
            case ["mailFolders", "F-inbox", "childFolders"]:
                return Reply(body={"value": [{"id": "F-halden", "childFolderCount": 0}]})
            case ["mailFolders", ("inbox" | "drafts" | "deleteditems" | "junkemail") as name]:
                return Reply(body={"id": f"F-{name}", "totalItemCount": len(self.mails)})
            case ["mailFolders", folder, "messages", "delta"]:
                return self._delta(folder, asked)
            case ["messages"]:
                who = asked.query["$search"].strip('"').removeprefix("participants:")
                found = [row for row in self.mails.values() if any(who in address for address in _addresses(row))]
                begin = int(asked.query.get("$skiptoken") or 0)
                body: dict[str, Any] = {"value": [self._shown(row, asked) for row in found[begin : begin + self.page]]}
                if begin + self.page < len(found):
                    rest = "&".join(f"{key}={value}" for key, value in asked.query.items() if key != "$skiptoken")
                    body["@odata.nextLink"] = f"http://{asked.host}{asked.path}?{rest}&$skiptoken={begin + self.page}"
                return Reply(body=body)
            case ["messages", id] if id in self.mails:
                return Reply(body={"@odata.etag": f"W/{len(self.steps)}", **self._shown(self.mails[id], asked)})
        return Reply(404, {"error": {"code": "ErrorItemNotFound", "message": "The specified object was not found in the store."}})

    def _delta(self, folder: str, asked: Asked) -> Reply:
        """A `$deltatoken` says up to which step a folder was told, a `$skiptoken` how far its list was, and at which step that began."""
        self.asked_delta += 1
        link = f"http://{asked.host}{asked.path}?$select={asked.query.get('$select', '')}"
        if token := asked.query.get("$deltatoken"):
            begin = int(token.partition("-")[0])
            if begin < self.forgotten:
                return Reply(410, {"error": {"code": "SyncStateNotFound", "message": "The sync state generation is not found."}})
            ids = list(dict.fromkeys(id for where, id in self.steps[begin:] if where == folder))
            rows = [
                self._shown(self.mails[id], asked) if self._is_in(id, folder) else {"id": id, "@removed": {"reason": "deleted"}}
                for id in ids
            ]
            return Reply(body={"value": rows, "@odata.deltaLink": f"{link}&$deltatoken={len(self.steps)}-{self.asked_delta}"})
        at, _, step = asked.query.get("$skiptoken", f"0-{len(self.steps)}").partition("-")
        ids = [id for id in self.mails if self._is_in(id, folder)]
        shown = [self._shown(self.mails[id], asked) for id in ids[int(at) : int(at) + self.page]]
        body: dict[str, Any] = {"value": shown}
        if int(at) + self.page < len(ids):
            body["@odata.nextLink"] = f"{link}&$skiptoken={int(at) + self.page}-{step}"
        else:
            body["@odata.deltaLink"] = f"{link}&$deltatoken={step}-{self.asked_delta}"
        return Reply(body=body)

    def _is_in(self, id: str, folder: str) -> bool:
        return id in self.mails and self.mails[id]["parentFolderId"] == folder

    def _shown(self, row: dict[str, Any], asked: Asked) -> dict[str, Any]:
        wanted = asked.query.get("$select", "").split(",")
        shown = {name: row[name] for name in wanted if name in row}
        if asked.query.get("$expand") == "attachments":
            shown["attachments"] = row.get("attachments", [])
        return shown


def _addresses(row: dict[str, Any]) -> list[str]:
    return [each["emailAddress"]["address"] for each in (row["from"], *row["toRecipients"])]
