"""Asks Slack for the channels its app was invited to, and for no other: messages and threads, laid down as an export lays them down.

Slack tells no changes. So each run reads the days up to the newest message of a channel once more, as many as threads commonly live: what
was edited, deleted or answered there since is seen. Direct messages are never asked for.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.connectors.api import Api, Clock, Fixed, Refused, Trouble
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document
from ingest.connectors.port import Check, Connector, Want

BASE = "https://slack.com"
LOOK_BACK = timedelta(days=14)
AT_ONCE = timedelta(days=60)
BEFORE = timedelta(days=730)
"""Without another day to begin at."""
SCOPES = ("channels:read", "channels:history", "groups:read", "groups:history", "users:read", "users:read.email")
_MESSAGE = (
    "type", "subtype", "user", "bot_id", "ts", "thread_ts", "parent_user_id", "text", "edited", "hidden", "reply_count", "latest_reply",
)  # fmt: skip
_FILE = ("id", "name", "title", "mimetype", "permalink")
"""Never the address of the file itself, which holds a token."""
_USER = ("id", "team_id", "name", "real_name", "deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
_PROFILE = ("real_name", "display_name", "email", "title")
_CHANNEL = ("id", "name", "created", "is_private", "is_archived", "is_shared", "is_ext_shared", "is_pending_ext_shared", "topic", "purpose")
_ID = re.compile(r"[A-Z0-9]{6,20}")
_NAMED = re.compile(r"<@(\w+)")
_REFUSALS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope", "no_permission", "access_denied"}
)


class Slack(Connector):
    name = "slack"

    def __init__(self, token: str, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, Fixed("Authorization", f"Bearer {token}"), clock, most_per_s=1)
        self._now = clock.now

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        try:
            who = self._asked("auth.test")
            yield Check("token", True, f"{who.get('user')} in {who.get('team')} ({who.get('url')})")
            names = [str(channel.get("name")) for channel in self._channels()]
            yield Check("channels", bool(names), ", ".join(f"#{n}" for n in names[:20]) or "the app is in none; invite it (/invite)")
            self._page("users.list", "members", {"limit": 1})
            yield Check("users", True, "may be read")
        except Refused as refused:
            yield Check("slack", False, str(refused))

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        known: dict[str, str] = dict(cursor.get("channels", {}))
        users: dict[str, Mapping[str, Any]] = {}
        seen = set()
        for channel in self._channels():
            if not users:
                users = {str(user["id"]): user for user in self._all("users.list", "members", {"limit": 200})}
            seen.add(str(channel["id"]))
            yield from _Channel(self, channel, users, known, mirror, want).batches()
        left = sorted(known.keys() - seen)
        for id in left:
            del known[id]
        yield Batch({}, left, {"channels": dict(known)})  # where the app is no longer, nothing is known of what changes

    def _channels(self) -> list[Mapping[str, Any]]:
        found = self._all("conversations.list", "channels", {"types": "public_channel,private_channel", "limit": 200})
        return [each for each in found if each.get("is_member") and _ID.fullmatch(str(each.get("id")))]

    def _all(self, method: str, key: str, wanted: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = []
        after = ""
        while True:
            page, after = self._page(method, key, {**wanted, **({"cursor": after} if after else {})})
            rows += page
            if not after:
                return rows

    def _page(self, method: str, key: str, wanted: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], str]:
        found = self._asked(method, wanted)
        return list(found.get(key, ())), str((found.get("response_metadata") or {}).get("next_cursor") or "")

    def _asked(self, method: str, wanted: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Slack says what went wrong in an answer whose status is fine."""
        found: Mapping[str, Any] = self._api.get(f"/api/{method}", wanted)
        if found.get("ok"):
            return found
        error = str(found.get("error"))
        if error in _REFUSALS:
            needed = tuple(str(found.get("needed") or "").split(",")) if found.get("needed") else ()
            which = f"; it lacks {', '.join(needed)}" if needed else ""
            raise Refused(f"Slack does not accept the credentials for {method} ({error}){which}.", needed)
        raise Trouble(f"Slack did not answer {method}: {error}.")


class _Channel:
    """One channel in one pull."""

    def __init__(
        self,
        slack: Slack,
        channel: Mapping[str, Any],
        users: Mapping[str, Mapping[str, Any]],
        known: dict[str, str],
        mirror: Mirror,
        want: Want,
    ) -> None:
        self.slack, self.channel, self.users, self.known, self.mirror = slack, channel, users, known, mirror
        self.id, self.now = str(channel["id"]), slack._now()
        self.since = want.since or self.now - BEFORE

    def batches(self) -> Iterator[Batch]:
        reached = _moment(self.known[self.id]) if self.id in self.known else None
        created = datetime.fromtimestamp(int(self.channel.get("created") or 0), UTC)
        begin = _midnight(max(reached - LOOK_BACK, self.since) if reached else max(self.since, created))
        anew = reached is None
        while True:
            end = min(_midnight(begin + AT_ONCE), self.now + timedelta(minutes=1))
            put, drop, count, newest = self._days(begin, end, anew=anew)
            reached = max(filter(None, [reached, newest]), default=None)
            last = end >= self.now
            if last:
                self.known[self.id] = (reached or self.now).isoformat()
            elif anew:
                self.known[self.id] = end.isoformat()
            yield Batch(put, drop, {"channels": dict(self.known)}, count)
            if last:
                return
            begin = end

    def _days(self, begin: datetime, end: datetime, *, anew: bool) -> tuple[dict[str, bytes], list[str], int, datetime | None]:
        """Every day between the two as it is now, and the files of days on which nothing is said any longer."""
        span = {"oldest": f"{begin.timestamp():.6f}", "latest": f"{end.timestamp():.6f}", "inclusive": "true"}
        wanted = {"channel": self.id, "limit": 200, **span}
        rows = {str(row["ts"]): row for row in self.slack._all("conversations.history", "messages", wanted)}
        held = {} if anew else self._held()
        said: dict[str, Mapping[str, Any]] = {}
        for ts, row in rows.items():
            said[ts] = row
            if row.get("reply_count"):
                for reply in self._replies(row, held):
                    said[str(reply["ts"])] = reply
        for ts, row in held.items():  # answers in threads that began before
            root = str(row.get("thread_ts") or ts)
            if root != ts and _at(root) < begin:
                said.setdefault(ts, row)
        days: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for ts in sorted(said, key=float):
            if begin <= _at(ts):
                days[f"{_at(ts):%Y-%m-%d}"].append(_kept(said[ts]))
        put = {f"{self.id}/{day}.json": document(messages) for day, messages in days.items()}
        before = [name for name in self._files() if begin <= datetime.fromisoformat(f"{name.removesuffix('.json')}T00:00Z") < end]
        drop = [f"{self.id}/{name}" for name in before if f"{self.id}/{name}" not in put]
        if put or held:
            put |= self._lists({**held, **said}.values())
        newest = max(map(_at, said), default=None)
        return put, drop, len(said), newest

    def _replies(self, root: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those that are here as they were answered last are not asked for again, unless the newest of a thread are only days old."""
        ts = str(root["ts"])
        here = [row for row in held.values() if row.get("thread_ts") == ts and row["ts"] != ts]
        same = len(here) == root.get("reply_count") and max((row["ts"] for row in here), default="") == root.get("latest_reply")
        if same and _at(str(root.get("latest_reply"))) < self.now - LOOK_BACK:
            return here
        found = self.slack._all("conversations.replies", "messages", {"channel": self.id, "ts": ts, "limit": 200})
        return [row for row in found if str(row["ts"]) != ts]

    def _files(self) -> list[str]:
        folder = self.mirror.folder / self.id
        return sorted(path.name for path in folder.glob("????-??-??.json")) if folder.is_dir() else []

    def _held(self) -> dict[str, Mapping[str, Any]]:
        return {str(row["ts"]): row for name in self._files() for row in json.loads(self.mirror.read(f"{self.id}/{name}") or b"[]")}

    def _lists(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
        """Who speaks or is named here, and as many of the workspace's own people as it takes to tell whose workspace it is."""
        rows = list(rows)
        named = {str(row.get("user")) for row in rows} | {each for row in rows for each in _NAMED.findall(str(row.get("text") or ""))}
        teams = [str(user.get("team_id")) for user in self.users.values()]
        home = max(sorted(set(teams)), key=teams.count, default="")
        own = [id for id, user in sorted(self.users.items()) if user.get("team_id") == home]
        some = sorted((named & self.users.keys()) | set(own[: len(named) + 1]))
        shown = [
            {
                **{key: self.users[id][key] for key in _USER if key in self.users[id]},
                "profile": _some(self.users[id].get("profile"), _PROFILE),
            }
            for id in some
        ]
        about = {key: {"value": (self.channel.get(key) or {}).get("value", "")} for key in ("topic", "purpose")}
        told = {**_some(self.channel, _CHANNEL), **about}
        return {f"{self.id}/users.json": document(shown), f"{self.id}/channels.json": document([told])}


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    files = [_some(each, _FILE) for each in row.get("files") or ()]
    return {"type": "message", **_some(row, _MESSAGE), **({"files": files} if files else {})}


def _some(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row} if isinstance(row, Mapping) else {}


def _at(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)
