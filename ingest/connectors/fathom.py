"""Asks Fathom for meetings with their transcripts and what the CRM has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.connectors.api import Api, Clock, Fixed, NotThere, Refused
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want
from ingest.connectors.recordings import Recorded, walk

BASE = "https://api.fathom.ai"
_PATH = "/external/v1"


class Fathom(Connector):
    name = "fathom"

    def __init__(self, key: str, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, Fixed("X-Api-Key", key), clock, most_per_s=1)
        self._now = clock.now

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        try:
            self._api.get(f"{_PATH}/meetings", {"created_after": _stamp(self._now())})
        except Refused as refused:
            yield Check("meetings", False, str(refused))
        else:
            yield Check("meetings", True, "those of the key's owner, and those shared with them, may be read")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        def again(id: str, unit: str) -> Recorded | None:
            try:
                found = self._api.get(f"{_PATH}/recordings/{id}/transcript")
            except NotThere:
                return None
            heard = bool(found.get("transcript"))
            files = {f"transcript-{safe(id)}.json": document({"transcript": found.get("transcript")})} if heard else {}
            return Recorded(id, unit, self._now(), files, heard)

        yield from walk(self._listed, again, cursor, want.since, self._now())

    def _listed(self, begin: datetime, end: datetime) -> Iterator[list[Recorded]]:
        wanted = {
            "created_after": _stamp(begin), "created_before": _stamp(end), "include_transcript": "true", "include_crm_matches": "true",
            "include_summary": "true", "include_action_items": "true",
        }  # fmt: skip
        after = ""
        while True:
            found = self._api.get(f"{_PATH}/meetings", {**wanted, **({"cursor": after} if after else {})})
            yield [_recorded(row) for row in found.get("items", ())]
            after = str(found.get("next_cursor") or "")
            if not after:
                return


def _recorded(row: Mapping[str, Any]) -> Recorded:
    id, heard = str(row["recording_id"]), bool(row.get("transcript"))
    files = {f"call-{safe(id)}.json": document({"items": [row]})}
    return Recorded(id, safe(id), _moment(row["created_at"]), files, heard, [f"transcript-{safe(id)}.json"] if heard else [])


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
