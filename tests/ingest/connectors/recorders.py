"""Fireflies, Fathom and Zoom as their references describe them, each as much as a list of calls with words that may come late."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.ingest.connectors.loopback import Asked, Reply


class Fireflies:
    """GraphQL: what goes wrong is told in an answer whose status may be fine."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.calls: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(200, {"errors": [{"message": "Invalid API key", "code": "auth_failed"}], "data": None})
        assert asked.path == "/graphql"
        question, values = asked.body["query"], asked.body["variables"]
        if "Whole" in question:
            call = self.calls.get(values["id"])
            if call is None:
                return Reply(404, {"errors": [{"message": "Transcript not found", "code": "object_not_found"}]})
            return Reply(body={"data": {"transcript": call}})
        if "Listed" in question:
            begin, end = (datetime.fromisoformat(values[key]).timestamp() * 1000 for key in ("from", "to"))
            found = [call for call in self.calls.values() if begin <= call["date"] < end]
            shown = [{key: call[key] for key in ("id", "title", "date")} for call in found[values["skip"] : values["skip"] + 50]]
            return Reply(body={"data": {"transcripts": shown}})
        return Reply(body={"data": {"user": {"email": "dana@cartage.example", "name": "Dana"}}})


class Fathom:
    def __init__(self, key: str, page: int = 1) -> None:
        self.key, self.page = key, page
        self.calls: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("x-api-key") != self.key:
            return Reply(401, {"error": "Unauthorized"})
        match asked.path.removeprefix("/external/v1/").split("/"):
            case ["meetings"]:
                begin, end = asked.query["created_after"], asked.query.get("created_before", "9")
                found = [call for call in self.calls.values() if begin <= call["created_at"] < end]
                at = int(asked.query.get("cursor") or 0)
                more = str(at + self.page) if at + self.page < len(found) else None
                return Reply(body={"limit": self.page, "next_cursor": more, "items": found[at : at + self.page]})
            case ["recordings", id, "transcript"] if id in self.calls:
                return Reply(body={"transcript": self.calls[id]["transcript"]})
        return Reply(404, {"error": "Not found"})


class Zoom:
    def __init__(self, secret: str, page: int = 1) -> None:
        self.secret, self.page = secret, page
        self.access = "lent"
        self.calls: dict[str, dict[str, Any]] = {}
        self.scripts: dict[str, bytes] = {}

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            if asked.headers.get("authorization") != f"Basic {self.secret}" or asked.body.get("grant_type") != "account_credentials":
                return Reply(400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"})
            return Reply(body={"access_token": self.access, "expires_in": 3599})
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return Reply(401, {"code": 124, "message": "Invalid access token."})
        match asked.path.strip("/").split("/"):
            case ["v2", "accounts", "me", "recordings"]:
                begin, end = asked.query["from"], asked.query["to"]
                assert (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).days <= 31
                found = [uuid for uuid, call in self.calls.items() if begin <= call["start_time"][:10] <= end]
                at = int(asked.query.get("next_page_token") or 0)
                more = str(at + self.page) if at + self.page < len(found) else ""
                shown = [self._shown(uuid, asked.host) for uuid in found[at : at + self.page]]
                return Reply(body={"next_page_token": more, "total_records": len(found), "meetings": shown})
            case ["v2", "meetings", uuid, "recordings"] if uuid in self.calls:
                return Reply(body=self._shown(uuid, asked.host))
            case ["v2", "past_meetings", uuid, "participants"] if uuid in self.calls:
                people = [
                    {"name": "Dana Okafor", "user_email": "dana@cartage.example"},
                    {"name": "Marta Lindqvist", "user_email": "marta@halden.example"},
                ]
                return Reply(body={"page_size": 300, "next_page_token": "", "participants": people})
            case ["download", uuid] if uuid in self.scripts:
                return Reply(body=self.scripts[uuid])
        return Reply(404, {"code": 3001, "message": "Meeting does not exist"})

    def _shown(self, uuid: str, host: str) -> dict[str, Any]:
        start = self.calls[uuid]["start_time"]
        files: list[dict[str, Any]] = [
            {"id": "f1", "file_type": "MP4", "status": "completed", "recording_start": start, "download_url": f"http://{host}/mp4"}
        ]
        if uuid in self.scripts:
            script = {"id": "f2", "file_type": "TRANSCRIPT", "file_extension": "VTT", "status": "completed", "recording_start": start}
            files.append({**script, "download_url": f"http://{host}/download/{uuid}"})
        return {**self.calls[uuid], "uuid": uuid, "recording_files": files, "recording_play_passcode": "play-me"}


def milliseconds(at: datetime) -> int:
    return round(at.astimezone(UTC).timestamp() * 1000)
