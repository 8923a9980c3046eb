"""Asks Microsoft Graph for the transcripts of the Teams meetings that named people have organised.

A transcript is found by its meeting's organiser alone, never by who was invited. Meetings to which nobody from outside was invited are left
alone. What is asked: https://learn.microsoft.com/graph/api/onlinemeeting-getalltranscripts
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from ingest.connectors.api import Api, Clock, Credentials, NotThere, NotUnderstood, Refused
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want
from ingest.connectors.recordings import Recorded, walk

BASE = "https://graph.microsoft.com"
OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""How Entra names a user; an address is no name for one here."""
_MEETING = ("id", "subject", "startDateTime", "endDateTime", "joinWebUrl", "participants")
"""Nothing with which one could dial in."""
_TOLD = ("id", "meetingId", "callId", "createdDateTime", "endDateTime", "contentCorrelationId", "transcriptContentUrl")
_FILE = "transcript.vtt"


class Teams(Connector):
    name = "teams"

    def __init__(self, organizers: Sequence[str], credentials: Credentials, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, credentials, clock, most_per_s=5)
        self._organizers, self._now = tuple(organizers), clock.now

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        for organizer in self._organizers:
            try:
                found = self._api.get(_all_of(organizer, self._now().replace(hour=0, minute=0, second=0), self._now()))
            except (Refused, NotUnderstood) as refused:
                yield Check(organizer, False, f"{refused} {_NEEDS}")
            except NotThere:
                yield Check(organizer, True, "may be read; no transcript of today")
            else:
                yield Check(organizer, True, f"may be read; {len(found.get('value', ()))} transcripts of today")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        """One organiser whom the app may not read keeps none of the others from being read."""
        reached: dict[str, Cursor] = dict(cursor.get("organizers", {}))
        refused: list[Refused] = []
        for organizer in self._organizers:
            key, asked = _hashed(organizer), _Organizer(self._api, organizer, mirror)
            try:
                for batch in walk(asked.listed, asked.again, reached.get(key, {}), want.since, self._now()):
                    if batch.cursor is not None:
                        reached[key] = batch.cursor
                    troubles, asked.troubles = tuple(dict.fromkeys(asked.troubles)), []
                    yield Batch(batch.put, batch.drop, {"organizers": dict(reached)}, batch.asked, troubles)
            except Refused as error:
                refused.append(error)
        if refused and len(refused) == len(self._organizers):
            raise refused[0]
        if refused:
            yield Batch(troubles=tuple(dict.fromkeys(f"{each} {_NEEDS}" for each in refused)))


_NEEDS = "The app needs OnlineMeetingTranscript.Read.All and OnlineMeetings.Read.All, and an application access policy for this organiser."


class _Organizer:
    """One person's meetings in one pull."""

    def __init__(self, api: Api, organizer: str, mirror: Mirror) -> None:
        self.api, self.organizer, self.mirror = api, organizer, mirror
        self.path = f"/v1.0/users/{organizer}/onlineMeetings"
        self.meetings: dict[str, Mapping[str, Any]] = {}
        self.troubles: list[str] = []

    def listed(self, begin: datetime, end: datetime) -> Iterator[list[Recorded]]:
        path = _all_of(self.organizer, begin, end)
        while path:
            try:
                found = self.api.get(path)
            except NotThere:  # how it says of some organisers that there is nothing
                return
            rows = [row for row in found.get("value", ()) if begin <= _moment(row["createdDateTime"]) < end]
            yield [recorded for row in rows if (recorded := self._recorded(row)) is not None]
            path = str(found.get("@odata.nextLink") or "")

    def again(self, id: str, unit: str) -> Recorded | None:
        """`id` is the meeting's and the transcript's."""
        meeting, _, native = id.partition(" ")
        try:
            row = self.api.get(f"{self.path}/{_quoted(meeting)}/transcripts/{_quoted(native)}")
        except NotThere:
            return None
        return self._recorded(row)

    def _recorded(self, row: Mapping[str, Any]) -> Recorded | None:
        meeting, native = str(row.get("meetingId") or ""), str(row["id"])
        about = self._meeting(meeting)
        if _is_among_us(about):
            return None
        unit, id, at = f"{_hashed(self.organizer)}.{safe(native)}", f"{meeting} {native}", _moment(row["createdDateTime"])
        words = self.mirror.read(f"{unit}/{_FILE}") or self._words(meeting, native)  # what was transcribed does not change
        if words is None:
            return Recorded(id, unit, at, {}, heard=False)
        files = {_FILE: words, "callTranscript.json": document({key: row[key] for key in _TOLD if row.get(key)})}
        return Recorded(id, unit, at, {**files, **({"meeting.json": document(about)} if about else {})}, heard=True)

    def _words(self, meeting: str, native: str) -> bytes | None:
        """With the name and the time of day of each sentence; None until there is one."""
        try:
            path = f"{self.path}/{_quoted(meeting)}/transcripts/{_quoted(native)}/metadataContent"
            found = self.api.get(path, headers={"Accept": "text/vtt"})
        except NotThere:
            return None
        return found if isinstance(found, bytes) and b"-->" in found else None

    def _meeting(self, id: str) -> Mapping[str, Any]:
        """Empty where nothing is known of it any longer, or may not be."""
        if id not in self.meetings:
            try:
                found = self.api.get(f"{self.path}/{_quoted(id)}")
            except NotThere:
                found = {}
            except Refused as refused:
                found = {}
                self.troubles.append(f"Teams does not say who was invited: {refused} It needs OnlineMeetings.Read.All.")
            self.meetings[id] = {key: found[key] for key in _MEETING if found.get(key)}
        return self.meetings[id]


def _is_among_us(meeting: Mapping[str, Any]) -> bool:
    """Whether everybody who was invited is of the organiser's own domain."""
    people = meeting.get("participants") or {}
    ours = _domain(people.get("organizer"))
    theirs = {_domain(each) for each in people.get("attendees") or ()} - {""}
    return bool(ours) and theirs == {ours}


def _domain(person: Any) -> str:
    return str((person or {}).get("upn") or "").casefold().rpartition("@")[2]


def _all_of(organizer: str, begin: datetime, end: datetime) -> str:
    between = f"startDateTime={_stamp(begin)},endDateTime={_stamp(end)}"
    return f"/v1.0/users/{organizer}/onlineMeetings/getAllTranscripts(meetingOrganizerUserId='{organizer}',{between})"


def _quoted(id: str) -> str:
    return quote(id, safe="=")


def _hashed(name: str) -> str:
    """So that what is remembered names nobody."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
