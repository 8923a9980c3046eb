"""Looks a quote up in the file as its owner gave it, without any of the code that read it in: a second pair of eyes on every quote.

Only letters and figures are compared, in their order, so that line breaks, tags and transport encodings do not matter.
"""

from __future__ import annotations

import csv
import email
import email.policy
import html
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

LARGEST = 50_000_000
"""Bytes of a file that is still looked through."""
NEIGHBOURS = 40
TABLES = (".json", ".jsonl", ".csv")
"""What is named as inside one of these is a row of it, and no file of its own kind."""
_TAG = re.compile(r"<[^<>]{1,2000}>")
_LINE = re.compile(r":\d+$")
"""What stands behind a file's name where a thing is one line of it."""
_CUE = re.compile(r"^(?:\d+|WEBVTT.*|NOTE\b.*|.*-->.*)$")
_SPEAKER = re.compile(r"^[\w .'’-]{1,60}:\s")


class Files:
    """The files below one folder, or one file."""

    def __init__(self, given: Path) -> None:
        self.root = given if given.is_dir() else given.parent

    def holds(self, file: str, quote: str) -> bool | None:
        """In the file, or one beside it: an export keeps what was said and when it was said apart. None where no file there can be read
        without converting it, or where the words are inside an attachment or archive."""
        outer, _, inner = _LINE.sub("", file).partition("::")
        sought = _letters(quote)
        if not sought or (inner and Path(outer).suffix.lower() not in TABLES):
            return None
        texts = [text for each in self._around(self.root / outer) if (text := _letters_of(each)) is not None]
        return any(sought in text for text in texts) if texts else None

    def _around(self, file: Path) -> list[Path]:
        if _letters_of(file) is None:
            return []
        beside = sorted(one for one in file.parent.iterdir() if one != file and one.suffix == file.suffix)
        return [file, *beside[:NEIGHBOURS]]


@lru_cache(maxsize=256)
def _letters_of(file: Path) -> str | None:
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return None
        data = file.read_bytes()
    except OSError:
        return None
    try:
        found = _texts(file.suffix.lower(), data)
    except (ValueError, LookupError, RecursionError, csv.Error):
        return None
    return None if found is None else _letters(" ".join(found))


def _texts(suffix: str, data: bytes) -> list[str] | None:
    match suffix:
        case ".json":
            return _by_key([json.loads(_decoded(data))])
        case ".jsonl":
            return _by_key([json.loads(line) for line in _decoded(data).splitlines() if line.strip()])
        case ".csv":
            return [cell for row in csv.reader(io.StringIO(_decoded(data))) for cell in row]
        case ".eml":
            return list(_parts(data))
        case ".vtt" | ".srt":
            lines = [_TAG.sub(" ", line) for line in _decoded(data).splitlines() if not _CUE.match(line.strip())]
            return [_SPEAKER.sub("", line) for line in lines]
        case ".html" | ".htm":
            return [_untagged(_decoded(data))]
        case ".txt" | ".md":
            return [_decoded(data)]
        case _:
            return None


def _by_key(values: list[Any]) -> list[str]:
    """Every text of JSON, those under one key after each other: what a speaker says in a row lies in several sentences, with names and
    times between them. Text that is itself HTML also without its tags."""
    found: defaultdict[str, list[str]] = defaultdict(list)

    def look(value: Any, key: str) -> None:
        if isinstance(value, str):
            found[key].append(value)
            if "<" in value:
                found[f"{key} without tags"].append(_untagged(value))
        elif isinstance(value, dict):
            for name, one in value.items():
                look(one, str(name))
        elif isinstance(value, list):
            for one in value:
                look(one, key)

    for value in values:
        look(value, "")
    return [text for texts in found.values() for text in texts]


def _parts(data: bytes) -> Iterator[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    yield str(message.get("subject", ""))
    for part in message.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            text = _decoded(content) if isinstance(content, bytes) else ""
            yield _untagged(text) if part.get_content_subtype() == "html" else text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _untagged(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text))


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
