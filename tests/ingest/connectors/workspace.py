"""A Slack workspace as its method reference describes it: answers with `ok`, cursors, history newest first, replies by thread."""

from __future__ import annotations

from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply


class Workspace:
    def __init__(self, token: str, page: int = 2) -> None:
        self.token, self.page = token, page
        self.users = [
            {"id": "U0DANA1", "team_id": "T1", "real_name": "Dana Okafor", "profile": {"email": "dana@cartage.example", "image_72": "x"}},
            {"id": "U0LEA01", "team_id": "T1", "real_name": "Lea Berg", "profile": {"email": "lea@cartage.example"}},
            {"id": "U0OLE01", "team_id": "T1", "real_name": "Ole Dahl", "profile": {"email": "ole@cartage.example"}},
            {
                "id": "U0MARTA1",
                "team_id": "T2",
                "is_stranger": True,
                "real_name": "Marta Lindqvist",
                "profile": {"email": "marta@halden.example"},
            },
        ]
        self.channels = [
            {"id": "C0RANDOM", "name": "random", "created": 1700000000, "is_member": False, "topic": {"value": ""}},
            {"id": "C0HALDEN", "name": "deal-halden", "created": 1700000000, "is_member": True, "is_ext_shared": True,
             "topic": {"value": "halden.example"}, "purpose": {"value": ""}},
        ]  # fmt: skip
        self.messages: dict[str, dict[str, dict[str, Any]]] = {channel["id"]: {} for channel in self.channels}  # type: ignore[misc]

    def say(self, channel: str, ts: str, user: str, text: str, thread: str = "") -> str:
        row = {"type": "message", "ts": ts, "user": user, "text": text, "blocks": [{"type": "rich_text"}]}
        self.messages[channel][ts] = {**row, **({"thread_ts": thread} if thread else {})}
        return ts

    def edit(self, channel: str, ts: str, text: str) -> None:
        self.messages[channel][ts] |= {"text": text, "edited": {"user": "U0MARTA1", "ts": ts}}

    def delete(self, channel: str, ts: str) -> None:
        del self.messages[channel][ts]

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(body={"ok": False, "error": "invalid_auth"})
        match asked.path.removeprefix("/api/"):
            case "auth.test":
                return Reply(body={"ok": True, "user": "baton", "team": "Cartage", "url": "https://cartage.slack.com/"})
            case "users.list":
                return self._page("members", self.users, asked)
            case "conversations.list":
                return self._page("channels", self.channels, asked)
            case "conversations.history":
                channel, oldest, latest = asked.query["channel"], float(asked.query["oldest"]), float(asked.query["latest"])
                if channel == "C0RANDOM":
                    return Reply(body={"ok": False, "error": "not_in_channel"})
                rows = [self._shown(channel, row) for ts, row in self.messages[channel].items() if oldest <= float(ts) <= latest]
                return self._page("messages", [row for row in reversed(rows) if row.get("thread_ts", row["ts"]) == row["ts"]], asked)
            case "conversations.replies":
                channel, root = asked.query["channel"], asked.query["ts"]
                thread = [row for row in self.messages[channel].values() if root in (row["ts"], row.get("thread_ts"))]
                return self._page("messages", [self._shown(channel, row) for row in thread], asked)
        return Reply(body={"ok": False, "error": "unknown_method"})

    def _shown(self, channel: str, row: dict[str, Any]) -> dict[str, Any]:
        replies = [each["ts"] for each in self.messages[channel].values() if each.get("thread_ts") == row["ts"]]
        about = {"thread_ts": row["ts"], "reply_count": len(replies), "latest_reply": max(replies)} if replies else {}
        return {**row, **about}

    def _page(self, key: str, rows: list[dict[str, Any]], asked: Asked) -> Reply:
        begin = int(asked.query.get("cursor") or 0)
        more = str(begin + self.page) if begin + self.page < len(rows) else ""
        return Reply(body={"ok": True, key: rows[begin : begin + self.page], "response_metadata": {"next_cursor": more}})
