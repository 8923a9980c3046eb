"""Reads a Slack export, folder or zip: a thread is a conversation of its own, what stands outside threads is one a channel and day."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from ingest.records import Chat, Failure, Link, Participant, Reading, Turn
from ingest.sources import crm_links, slack_text
from ingest.sources.fields import Object, flag, moment, number, obj, objects, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import MOST_BYTES, Input, NotJson, decode, json_failure, load_json

_SAID = frozenset({"", "thread_broadcast", "reply_broadcast", "me_message", "file_share", "file_comment"})
"""Subtypes in which a person says something; joins, topics, reminders and tombstones are none."""
_PRIVATE = frozenset({"dms", "mpims"})
_CHANNELS = frozenset({"channels", "groups"})
_LISTS = _PRIVATE | _CHANNELS | {"users", "integration_logs", "canvases", "lists", "org_users", "file_conversations", "huddle_transcripts"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAMED = re.compile(r"<@(\w+)")
_TS = re.compile(r"\d{9,11}\.\d{1,6}")
_WORKSPACE = re.compile(r"https://([\w-]{1,80}(?:\.enterprise)?\.slack\.[\w.]{2,20})/(?:files|archives|team)/")
_DOMAIN = re.compile(r"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,20}(?![\w@-])", re.I)
_PAGE = re.compile(r"https?://\S+")
_MOST_MEMBERS = 50_000
_MOST_UNPACKED = 20 * MOST_BYTES


@dataclass(frozen=True, slots=True)
class _Message:
    ts: str
    thread: str
    author: str
    text: str
    files: tuple[str, ...]
    edited: bool
    bot: bool
    file: str


def parse(inputs: Sequence[Input]) -> Reading:
    failures: list[Failure] = []
    export = _Export(failures)
    for item in inputs:
        for member in _unpacked(item, failures) if item.data.startswith(b"PK") else [item]:
            export.take(member)
    latest = moment(max((number(text(row.get("ts"))) or 0 for _, _, rows in export.days for row in rows), default=0))
    # An export knows every message as it was when it was made: the later one tells what was edited or deleted since.
    chats = tuple(replace(chat, revised_at=latest) for chat in export.chats())
    return Reading(interactions=chats, failures=tuple(failures), notices=tuple(export.notices(inputs[0].name)))


class _Export:
    """The lists and the days of an export."""

    def __init__(self, failures: list[Failure]) -> None:
        self.failures = failures
        self.users: dict[str, Object] = {}
        self.channels: dict[str, Object] = {}
        self.private: set[str] = set()
        self.days: list[tuple[str, str, list[Object]]] = []
        self.host = ""
        self.left_out: Counter[str] = Counter()

    def take(self, item: Input) -> None:
        path = PurePosixPath(item.name.rpartition("::")[2] or item.name)
        try:
            rows = objects(load_json(decode(item.data).lstrip("\ufeff")))
        except NotJson as error:
            self.failures.append(json_failure(item.name, error))
            return
        if path.stem in _PRIVATE:
            self.private |= {text(row.get("id")) for row in rows}
        elif _is_day(rows) or _DAY.fullmatch(path.stem):
            self.days.append((path.parent.name, item.name, rows))
        elif _is_users(rows):
            self.users |= {text(row.get("id")): row for row in rows}
        elif _is_channels(rows):
            self.channels |= {text(row.get("id")): row for row in rows}
        for row in rows:
            self.host = self.host or _host(row)

    def chats(self) -> Iterator[Chat]:
        folders: dict[str, list[tuple[str, list[Object]]]] = defaultdict(list)
        for folder, file, rows in self.days:
            folders[folder].append((file, rows))
        by_name = {text(channel.get("name")): channel for channel in self.channels.values()}
        for folder, days in folders.items():
            channel = by_name.get(folder) or self.channels.get(folder)
            if channel is None:
                why = "private" if folder in self.private or folder.startswith("mpdm-") else "unlisted"
                self.left_out[why] += sum(map(len, (rows for _, rows in days)))
            else:
                messages = {m.ts: m for file, rows in days for row in rows if (m := self._message(row, file))}
                yield from self._conversations(channel, sorted(messages.values(), key=lambda m: number(m.ts) or 0))

    def notices(self, file: str) -> Iterator[Failure]:
        if self.left_out["private"]:
            yield Failure(file, "private", f"{self.left_out['private']} direct messages are left out: they are not meant for colleagues.")
        if self.left_out["unlisted"]:
            detail = f"{self.left_out['unlisted']} messages lie in folders that no list of channels names; they are left out."
            yield Failure(file, "private", detail)

    def _message(self, row: Object, file: str) -> _Message | None:
        """A message that somebody or a bot wrote; None for what Slack itself reports."""
        ts, author, subtype = text(row.get("ts")), text(row.get("user")), text(row.get("subtype"))
        bot = subtype == "bot_message" or bool(text(row.get("bot_id"))) or flag(self.users.get(author, {}).get("is_bot"))
        if not _TS.fullmatch(ts) or flag(row.get("hidden")) or author == "USLACKBOT" or not (bot or subtype in _SAID):
            return None
        names = tuple(name for one in objects(row.get("files")) if (name := text(one.get("title")) or text(one.get("name"))))
        return _Message(ts, text(row.get("thread_ts")) or ts, author, text(row.get("text")), names, is_edited(row), bot, file)

    def _conversations(self, channel: Object, messages: Sequence[_Message]) -> Iterator[Chat]:
        """Threads are cited as a whole: a reply means nothing without its question. Loose messages answer each other within the day."""
        threads: dict[str, list[_Message]] = defaultdict(list)
        for message in messages:
            threads[message.thread].append(message)
        days: dict[str, list[_Message]] = defaultdict(list)
        for root, thread in threads.items():
            if len(thread) > 1 or thread[0].ts != root:
                yield from self._chat(channel, root, thread, in_thread=True)
            elif at := moment(number(root)):
                days[at.date().isoformat()].append(thread[0])
        for day, loose in days.items():
            yield from self._chat(channel, day, loose, in_thread=False)

    def _chat(self, channel: Object, key: str, messages: Sequence[_Message], *, in_thread: bool) -> Iterator[Chat]:
        native, name = text(channel.get("id")), text(channel.get("name"))
        said = [m for m in messages if not m.bot and self._words(m)]
        if not said:
            return
        people = {m.author: self._person(m.author) for m in said}
        root = key if in_thread else said[0].ts
        first = self._words(said[0]).split("\n")[0]
        # One loose message, or a bot's, does not say whose the others of its day are; in a thread all talk about one thing.
        heard = [link for m in messages for link in _records(m.text)] if in_thread else []
        outsiders = any(person.side != "seller" for person in people.values())
        yield Chat(
            source="slack",
            external_id=f"{native}:{key}",
            title=f"#{name}: {first[:80]}",
            occurred_at=moment(number(said[0].ts)),
            turns=tuple(Turn(self._words(m), people[m.author], native_id=m.ts) for m in said),
            participants=tuple(dict.fromkeys(people.values())),
            url=self._permalink(native, root, in_thread=in_thread),
            links=tuple(dict.fromkeys([Link("slack", "channel", native), *(hints(channel) or heard)])),
            meta={
                "channel": name,
                "edited": [m.ts for m in said if m.edited],
                "files": [file for m in said for file in m.files],
            },
            file=said[0].file,
            internal=not (_is_shared(channel) or outsiders),
        )

    def _words(self, message: _Message) -> str:
        people = {native: self._person(native).name for native in _NAMED.findall(message.text)}
        return slack_text.seen(message.text, people, self._channel_names)

    @cached_property
    def _channel_names(self) -> Mapping[str, str]:
        return {native: text(one.get("name")) for native, one in self.channels.items()}

    def _person(self, native: str) -> Participant:
        """A member of the workspace is one of us; a guest, or somebody of another company in a shared channel, may be the customer."""
        user = self.users.get(native, {})
        about = obj(user.get("profile"))
        name = text(about.get("real_name")) or text(user.get("real_name")) or text(about.get("display_name")) or text(user.get("name"))
        guest = not user or any(flag(user.get(mark)) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger"))
        ours = not guest and text(user.get("team_id")) == self._home
        return Participant(name or native, text(about.get("email")).casefold(), text(about.get("title")), "seller" if ours else "unknown")

    @cached_property
    def _home(self) -> str:
        """The workspace most users belong to."""
        teams = Counter(text(user.get("team_id")) for user in self.users.values())
        return teams.most_common(1)[0][0] if teams else ""

    def _permalink(self, channel: str, ts: str, *, in_thread: bool) -> str:
        if not self.host:
            return ""
        thread = f"?thread_ts={ts}&cid={channel}" if in_thread else ""
        return f"https://{self.host}/archives/{channel}/p{ts.replace('.', '')}{thread}"


def hints(channel: Object) -> list[Link]:
    """Whose channel it is, by what stands in its topic or purpose: a CRM record, or the customer's domain."""
    about = " | ".join(text(obj(channel.get(key)).get("value")) for key in ("topic", "purpose"))
    plain = slack_text.seen(about, {}, {})
    domains = [Link("domain", "account", found.lower()) for found in _DOMAIN.findall(_PAGE.sub(" ", plain))]
    return list(dict.fromkeys([*_records(about), *domains]))


def is_edited(row: Object) -> bool:
    return bool(obj(row.get("edited")))


def _records(message: str) -> list[Link]:
    """CRM records that a message links to or names."""
    linked = [link for page in slack_text.pages(message) if (link := crm_links.of_url(page))]
    return list(dict.fromkeys([*linked, *crm_links.mentioned(slack_text.seen(message, {}, {}))]))


def _is_shared(channel: Object) -> bool:
    return any(flag(channel.get(mark)) for mark in ("is_ext_shared", "is_pending_ext_shared", "is_shared"))


def _host(row: Object) -> str:
    """The workspace's address, as the page of an uploaded file shows it; the file itself is behind a token, which is not looked at."""
    found = (_WORKSPACE.match(text(one.get("permalink"))) for one in objects(row.get("files")))
    return next((match[1] for match in found if match), "")


def _unpacked(item: Input, failures: list[Failure]) -> Iterator[Input]:
    try:
        with zipfile.ZipFile(io.BytesIO(item.data)) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".json") and "__MACOSX" not in m.filename]
            if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _MOST_UNPACKED:
                detail = f"The zip unpacks to more than {_MOST_UNPACKED // 2**20} MB; unpack it, and ingest the folder."
                failures.append(Failure(item.name, "too_large", detail))
                return
            for member in members:
                with archive.open(member) as file:
                    data = file.read(MOST_BYTES + 1)  # what a zip says of its sizes need not be true
                if len(data) > MOST_BYTES:
                    failures.append(Failure(f"{item.name}::{member.filename}", "too_large", "The file is too large; split the export."))
                else:
                    yield Input(f"{item.name}::{member.filename}", data)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        detail = f"The zip is damaged ({type(error).__name__}); export or copy it again."
        failures.append(Failure(item.name, "not_valid", detail))


def _is_day(rows: Sequence[Object]) -> bool:
    return any("ts" in row and row.get("type") == "message" for row in rows)


def _is_users(rows: Sequence[Object]) -> bool:
    return any("profile" in row and "id" in row for row in rows)


def _is_channels(rows: Sequence[Object]) -> bool:
    return any("name" in row and "id" in row and ("topic" in row or "members" in row) for row in rows)


def _is_private(rows: Sequence[Object]) -> bool:
    return any("id" in row and "members" in row and "created" in row and "topic" not in row for row in rows)


def _recognise(look: Look) -> Part | None:
    if look.data.startswith(b"PK\x03\x04"):
        return "main" if _is_export(look.data) else None
    if not isinstance(look.page, list):
        return None
    rows, stem = objects(look.page), PurePosixPath(look.name).stem
    if _is_day(rows) or (not rows and _DAY.fullmatch(stem)):
        return "beside"
    logs = any("change_type" in row and "app_id" in row for row in rows)
    if _is_users(rows) or _is_channels(rows) or _is_private(rows) or logs or (not rows and stem in _LISTS):
        return "main"
    return None


def _is_export(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {PurePosixPath(name).name for name in archive.namelist()[:_MOST_MEMBERS]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return "users.json" in names and "channels.json" in names


FORMAT = Format(
    "slack",
    _recognise,
    parse,
    together="folder",
    isolated=True,
    orphan="This is one day of a Slack channel without the export's lists of users and channels; ingest the whole export folder.",
)
