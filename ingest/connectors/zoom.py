"""Asks Zoom for cloud recordings: what was recorded when, who was there, the transcript and the chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from ingest.connectors.api import Api, Clock, Credentials, NotThere, NotUnderstood, Refused
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want
from ingest.connectors.recordings import Recorded, walk

BASE = "https://api.zoom.us"
_SECRET = ("download_url", "download_access_token", "recording_play_passcode", "password", "play_url")
"""Of a recording's description: whoever has these can watch it."""
_WANTED = {"TRANSCRIPT": "transcript.vtt", "CHAT": "chat.txt"}


class Zoom(Connector):
    name = "zoom"

    def __init__(self, credentials: Credentials, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, credentials, clock, most_per_s=4, also=("zoom.us",))
        self._now = clock.now
        self._troubles: list[str] = []

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        today = f"{self._now():%Y-%m-%d}"
        try:
            found = self._api.get("/v2/accounts/me/recordings", {"from": today, "to": today})
        except (Refused, NotUnderstood) as refused:
            yield Check("recordings", False, f"{refused} It needs cloud_recording:read:list_account_recordings:admin.")
        else:
            yield Check("recordings", True, f"may be read; {found.get('total_records', 0)} of today")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        def listed(begin: datetime, end: datetime) -> Iterator[list[Recorded]]:
            after = ""
            while True:
                days = {"from": f"{begin:%Y-%m-%d}", "to": f"{end:%Y-%m-%d}", "page_size": 300}
                found = self._api.get("/v2/accounts/me/recordings", {**days, **({"next_page_token": after} if after else {})})
                rows = [row for row in found.get("meetings", ()) if begin <= _moment(row["start_time"]) < end]  # days are whole there
                yield [self._recorded(row, mirror) for row in rows]
                after = str(found.get("next_page_token") or "")
                if not after:
                    return

        def again(id: str, unit: str) -> Recorded | None:
            try:
                return self._recorded(self._api.get(f"/v2/meetings/{_uuid(id)}/recordings"), mirror)
            except NotThere:
                return None

        for batch in walk(listed, again, cursor, want.since, self._now()):
            troubles, self._troubles = self._troubles, []
            yield Batch(batch.put, batch.drop, batch.cursor, batch.asked, troubles)

    def _recorded(self, row: Mapping[str, Any], mirror: Mirror) -> Recorded:
        id, unit = str(row["uuid"]), safe(str(row["uuid"]))
        at = _moment(row["start_time"])
        stem, files, heard = f"GMT{at:%Y%m%d-%H%M%S}_Recording", {}, False
        for each in row.get("recording_files", ()):
            ending = _WANTED.get(str(each.get("file_type")))
            if not ending or str(each.get("status") or "completed") != "completed" or not each.get("download_url"):
                continue
            name = f"{stem}.{ending}"
            here = mirror.read(f"{unit}/{name}")  # a recording's files do not change
            if (data := here or self._file(str(each["download_url"]))) is not None:
                files[name] = data
                heard = heard or ending.endswith(".vtt")
        told = {key: value for key, value in row.items() if key not in _SECRET}
        described = [{key: value for key, value in each.items() if key not in _SECRET} for each in row.get("recording_files", ())]
        files["recording.json"] = document({**told, "recording_files": described})
        present = mirror.read(f"{unit}/participants.json") or self._present(id)
        return Recorded(id, unit, at, {**files, **({"participants.json": present} if present else {})}, heard)

    def _file(self, url: str) -> bytes | None:
        try:
            found = self._api.get(url, headers={"Accept": "*/*"})
        except NotThere:
            return None
        return found if isinstance(found, bytes) else document(found)

    def _present(self, id: str) -> bytes | None:
        people: list[Mapping[str, Any]] = []
        after = ""
        while True:
            try:
                more = {"next_page_token": after} if after else {}
                found = self._api.get(f"/v2/past_meetings/{_uuid(id)}/participants", {"page_size": 300, **more})
            except (NotThere, NotUnderstood, Refused) as refused:
                if isinstance(refused, Refused):
                    self._troubles.append(f"Zoom does not say who was there: {refused} It needs meeting:read:list_past_participants:admin.")
                return None
            people += found.get("participants", ())
            after = str(found.get("next_page_token") or "")
            if not after:
                return document({"page_size": 300, "participants": people})


def _uuid(id: str) -> str:
    """Twice, where a slash would otherwise end it: how Zoom wants it."""
    once = quote(id, safe="")
    return quote(once, safe="") if id.startswith("/") or "//" in id else once


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).astimezone(UTC)
