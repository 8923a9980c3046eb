"""Asks Gong for calls with their parties and CRM context, for their transcripts, and for who of us is who.

Gong lists calls by when they began and knows no "changed since", and a call is listed before its words are there: so each run looks back
over the last two days once more, and asks for the words of every call that has none yet. Private calls are left alone.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.connectors.api import Api, Clock, Fixed, NotThere, Refused
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want

BASE = "https://api.gong.io"
LOOK_BACK = timedelta(hours=48)
AT_ONCE = timedelta(days=30)
"""So much is asked for in one question; a run that is killed goes on with the next."""
GIVE_UP = timedelta(days=14)
"""For so long a call's words are asked for."""
BEFORE = timedelta(days=730)
"""Without another day to begin at."""
MOST_IDS = 100

_WANTED = {
    "context": "Extended",  # without it a call names no account and no deal
    "contextTiming": ["Now", "TimeOfCall"],
    "exposedFields": {"parties": True, "content": {"brief": True, "keyPoints": True}},
}


class Gong(Connector):
    name = "gong"

    def __init__(self, access_key: str, secret: str, clock: Clock, base: str = BASE) -> None:
        basic = base64.b64encode(f"{access_key}:{secret}".encode()).decode()
        self._api = Api(self.name, base, Fixed("Authorization", f"Basic {basic}"), clock, most_per_s=3)
        self._now = clock.now

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        day = {"fromDateTime": _stamp(self._now() - timedelta(days=1)), "toDateTime": _stamp(self._now())}
        for what, path, body, scope in (
            ("users", "/v2/users", None, "api:users:read"),
            ("calls", "/v2/calls/extensive", {"filter": day, "contentSelector": _WANTED}, "api:calls:read:extensive"),
            ("transcripts", "/v2/calls/transcript", {"filter": day}, "api:calls:read:transcript"),
        ):
            try:
                self._api.get(path) if body is None else self._api.post(path, body)
            except NotThere:
                yield Check(what, True, "may be read; there is none of the last day")
            except Refused as refused:
                yield Check(what, False, f"{refused} It needs {scope}.")
            else:
                yield Check(what, True, "may be read")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        anew = not cursor
        now = self._now()
        late: dict[str, str] = dict(cursor.get("late", {}))
        recent: dict[str, str] = dict(cursor.get("recent", {}))
        reached = _moment(cursor["reached"]) if cursor else want.since or now - BEFORE
        begin, newest = reached - LOOK_BACK if cursor else reached, reached
        yield self._users()
        while True:
            end = min(begin + AT_ONCE, now + timedelta(minutes=1))
            last = end >= now
            seen: dict[str, str] = {}
            for calls in self._calls(begin, end):
                for call in calls:
                    about = call["metaData"]
                    seen[str(about["id"])] = str(about["started"])
                    newest = max(newest, _moment(about["started"]))
                put, asked = self._with_words(calls, mirror, late, anew)
                held = [str(call["metaData"]["id"]) for call in calls if call["metaData"].get("isPrivate")]
                cursor_now = {**cursor, "late": late} if cursor else None
                yield Batch(put, [safe(id) for id in held], cursor_now, asked)
            gone = [id for id, started in recent.items() if id not in seen and begin <= _moment(started) < end]
            late = {id: at for id, at in late.items() if id not in gone and _moment(at) >= now - GIVE_UP}
            recent = {id: at for id, at in {**recent, **seen}.items() if id not in gone and _moment(at) >= newest - LOOK_BACK}
            reached = newest if last else max(reached, end)
            cursor = {"reached": _stamp(reached), "late": late, "recent": recent}
            yield Batch({}, [safe(id) for id in gone], cursor)
            if last:
                break
            begin = end
        if waiting := sorted(id for id in late if id not in seen):
            put, late = self._words(waiting, late)
            yield Batch(put, (), {**cursor, "late": late}, len(waiting))

    def _calls(self, begin: datetime, end: datetime) -> Iterator[list[Mapping[str, Any]]]:
        wanted = {"filter": {"fromDateTime": _stamp(begin), "toDateTime": _stamp(end)}, "contentSelector": _WANTED}
        yield from self._pages("/v2/calls/extensive", wanted, "calls")

    def _pages(self, path: str, wanted: Mapping[str, Any], key: str) -> Iterator[list[Mapping[str, Any]]]:
        after = ""
        while True:
            try:
                found = self._api.post(path, {**wanted, **({"cursor": after} if after else {})})
            except NotThere:  # how Gong says that there is nothing
                return
            yield found.get(key, [])
            after = str((found.get("records") or {}).get("cursor") or "")
            if not after:
                return

    def _with_words(
        self, calls: Sequence[Mapping[str, Any]], mirror: Mirror, late: dict[str, str], anew: bool
    ) -> tuple[dict[str, bytes], int]:
        """Each call in a folder of its own; words that are here already are not asked for again."""
        open_ = {str(call["metaData"]["id"]): call for call in calls if not call["metaData"].get("isPrivate")}
        put = {f"{safe(id)}/call-{safe(id)}.json": document({"calls": [call]}) for id, call in open_.items()}
        lacking = [id for id in open_ if anew or not mirror.units(f"transcript-{safe(id)}.json")]
        words, still = self._words(lacking, {id: str(open_[id]["metaData"]["started"]) for id in lacking})
        for id in lacking:
            late.pop(id, None)
        late |= still
        return {**put, **words}, len(calls)

    def _words(self, ids: Sequence[str], late: Mapping[str, str]) -> tuple[dict[str, bytes], dict[str, str]]:
        """What there is by now, and those that have none yet."""
        put: dict[str, bytes] = {}
        there: set[str] = set()
        for begin in range(0, len(ids), MOST_IDS):
            some = {"filter": {"callIds": list(ids[begin : begin + MOST_IDS])}}
            for scripts in self._pages("/v2/calls/transcript", some, "callTranscripts"):
                for script in scripts:
                    if script.get("transcript"):
                        id = str(script["callId"])
                        there.add(id)
                        put[f"{safe(id)}/transcript-{safe(id)}.json"] = document({"callTranscripts": [script]})
        return put, {id: at for id, at in late.items() if id not in there}

    def _users(self) -> Batch:
        users: list[Mapping[str, Any]] = []
        after = ""
        while True:
            try:
                found = self._api.get("/v2/users", {"cursor": after} if after else None)
            except NotThere:
                break
            except Refused as refused:
                return Batch(troubles=[f"Gong does not say who of us is who: {refused} It needs api:users:read."])
            users += found.get("users", ())
            after = str((found.get("records") or {}).get("cursor") or "")
            if not after:
                break
        told = ("id", "emailAddress", "firstName", "lastName", "title", "active")
        rows = [{key: user.get(key) for key in told} for user in sorted(users, key=lambda each: str(each.get("id")))]
        return Batch({"users/users.json": document({"requestId": "", "users": rows})} if rows else {})


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
