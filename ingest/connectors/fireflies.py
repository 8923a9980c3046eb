"""Asks Fireflies for transcripts: listed by day with a few fields, each asked for whole once its words are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.connectors.api import Api, Clock, Fixed, NotThere, NotUnderstood, Refused, TryLater
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want
from ingest.connectors.recordings import Recorded, walk

BASE = "https://api.fireflies.ai"
PAGE = 50
_LIST = """query Listed($from: DateTime, $to: DateTime, $skip: Int) {
  transcripts(fromDate: $from, toDate: $to, limit: 50, skip: $skip) { id title date }
}"""
_WHOLE = """query Whole($id: String!) {
  transcript(id: $id) {
    id title date dateString duration organizer_email participants transcript_url meeting_link calendar_id cal_id is_live
    meeting_attendees { displayName email name } speakers { id name }
    sentences { index speaker_id speaker_name text start_time end_time }
    summary { overview action_items }
  }
}"""
_WHO = "query { user { email name } }"


class Fireflies(Connector):
    name = "fireflies"

    def __init__(self, key: str, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, Fixed("Authorization", f"Bearer {key}"), clock, most_per_s=1)
        self._now = clock.now

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        try:
            user = self._asked(_WHO).get("user") or {}
        except Refused as refused:
            yield Check("account", False, str(refused))
        else:
            yield Check("account", True, f"{user.get('email')}; its own meetings and those shared with it may be read")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        def listed(begin: datetime, end: datetime) -> Iterator[list[Recorded]]:
            skip = 0
            while True:
                rows = self._asked(_LIST, {"from": begin.isoformat(), "to": end.isoformat(), "skip": skip}).get("transcripts") or []
                yield [found for row in rows if (found := self._recorded(row, mirror, anew=not cursor))]
                skip += PAGE
                if len(rows) < PAGE:
                    return

        def again(id: str, unit: str) -> Recorded | None:
            return self._whole(id)

        yield from walk(listed, again, cursor, want.since, self._now())

    def _recorded(self, row: Mapping[str, Any], mirror: Mirror, *, anew: bool) -> Recorded | None:
        """What is here under the same title is not asked for again: the most a day is 50 questions for some."""
        id = str(row["id"])
        here = mirror.read(f"{safe(id)}/{_name(id)}")
        if here and not anew and document(row["title"]) in here:
            return Recorded(id, safe(id), _moment(row["date"]), {_name(id): here}, heard=True)
        return self._whole(id)

    def _whole(self, id: str) -> Recorded | None:
        try:
            row = self._asked(_WHOLE, {"id": id}).get("transcript")
        except NotThere:
            return None
        if not row:
            return None
        heard = bool(row.get("sentences")) and not row.get("is_live")
        files = {_name(id): document({"data": {"transcript": row}})} if heard else {}
        return Recorded(id, safe(id), _moment(row["date"]), files, heard)

    def _asked(self, question: str, values: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """GraphQL says what went wrong in an answer that is otherwise fine, and in one that is not."""
        try:
            body = self._api.post("/graphql", {"query": question, "variables": dict(values or {})})
        except NotUnderstood as problem:
            body = problem.body
        errors = body.get("errors") if isinstance(body, Mapping) else None
        if not errors:
            return dict(body.get("data") or {}) if isinstance(body, Mapping) else {}
        code, said = str(errors[0].get("code") or (errors[0].get("extensions") or {}).get("code")), str(errors[0].get("message"))[:160]
        if code in ("auth_failed", "invalid_api_key", "forbidden"):
            raise Refused(f"Fireflies does not accept the credentials ({said}).")
        if code == "too_many_requests":
            raise TryLater("Fireflies has answered as often as it may today. The next run goes on where this one stopped.")
        if code in ("object_not_found", "not_found"):
            raise NotThere(f"Fireflies has no such transcript ({said}).")
        raise NotUnderstood(f"Fireflies did not understand the question ({said}).", body)


def _name(id: str) -> str:
    return f"call-{safe(id)}.json"


def _moment(value: Any) -> datetime:
    return datetime.fromtimestamp(float(value) / 1000, UTC)
