"""Fireflies, Fathom, Zoom and Teams as their references describe them, each as much as a list of calls with words that may come late."""

from __future__ import annotations

import re
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


ORGANIZER = "4c0d6b2e-1111-4222-8333-9444aa55bb66"


class Teams:
    """Graph: transcripts by who organised the meeting and when they were made, links to the next page, ids that have to be quoted."""

    def __init__(self, secret: str, page: int = 1) -> None:
        self.secret, self.page = secret, page
        self.access = "lent"
        self.meetings: dict[str, dict[str, Any]] = {}
        self.made: dict[str, str] = {}
        """When the transcript of a meeting was made; of one that is listed the words may still be to come."""
        self.scripts: dict[str, bytes] = {}
        self.closed = ""
        """An organiser without an application access policy."""

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            if asked.body.get("client_secret") != self.secret or not asked.body.get("scope"):
                return Reply(401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."})
            return Reply(body={"access_token": self.access, "expires_in": 3599, "token_type": "Bearer"})
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return Reply(401, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired or is not yet valid."}})
        _, _, _, organizer, _, *rest = asked.path.split("/", 5)
        if organizer == self.closed:
            said = "No application access policy found for this app."
            return Reply(403, {"error": {"code": "Forbidden", "message": said}})
        rest = rest[0].split("/")
        if found := re.fullmatch(r"getAllTranscripts\(meetingOrganizerUserId='(.+)',startDateTime=(.+),endDateTime=(.+)\)", rest[0]):
            assert found[1] == organizer
            return self._listed(asked, organizer, found[2], found[3])
        match rest:
            case [id] if id in self.meetings:
                return Reply(body={"@odata.context": "$metadata#onlineMeetings/$entity", **self.meetings[id], **_DIAL_IN})
            case [id, "transcripts", native, "metadataContent"] if native == f"{id}-T=" and id in self.scripts and id in self.made:
                assert asked.headers["accept"] == "text/vtt"
                return Reply(body=self.scripts[id], headers={"Content-Type": "text/vtt"})
            case [id, "transcripts", native] if native == f"{id}-T=" and id in self.made:
                return Reply(body=self._shown(organizer, id))
        return Reply(404, {"error": {"code": "NotFound", "message": "3004: Not found."}})

    def _listed(self, asked: Asked, organizer: str, begin: str, end: str) -> Reply:
        found = [id for id, at in self.made.items() if begin <= at < end and organizer == ORGANIZER]
        at = int(asked.query.get("$skipToken") or 0)
        body: dict[str, Any] = {"value": [self._shown(organizer, id) for id in found[at : at + self.page]]}
        if at + self.page < len(found):
            body["@odata.nextLink"] = f"http://{asked.host}{asked.path}?$skipToken={at + self.page}"
        return Reply(body=body)

    def _shown(self, organizer: str, id: str) -> dict[str, Any]:
        at = self.made[id]
        return {
            "@odata.type": "#microsoft.graph.callTranscript", "id": f"{id}-T=", "meetingId": id, "createdDateTime": f"{at[:-1]}.7411768Z",
            "transcriptContentUrl": f"https://graph.microsoft.com/v1.0/users/{organizer}/onlineMeetings/{id}/transcripts/{id}-T=/content",
            "meetingOrganizer": {"user": {"id": organizer, "displayName": None}},
        }  # fmt: skip


_DIAL_IN = {
    "audioConferencing": {"tollNumber": "+4685550000", "ConferenceId": "9999999"},
    "joinMeetingIdSettings": {"passcode": "let-me-in"},
}


def milliseconds(at: datetime) -> int:
    return round(at.astimezone(UTC).timestamp() * 1000)
