"""What a parser gets: a file's name and bytes, and how to get text or JSON out of bytes nobody vouches for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ingest.records import Failure

MOST_BYTES = 25 * 1024 * 1024
"""A larger file is set aside unread; a mail or an export page comes nowhere near."""

_SAME_IN_PRACTICE = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
"""Declared so, written so: what browsers do, because mail programs label Windows text as Latin-1."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file as a parser sees it; `name` is relative to the folder that was ingested."""

    name: str
    data: bytes


class NotJson(ValueError):
    """The bytes are not a JSON document; `truncated` when they look like the beginning of one."""

    def __init__(self, truncated: bool, problem: str, where: str = "") -> None:
        super().__init__(f"{problem} ({where})" if where else problem)
        self.truncated = truncated
        self.problem = problem


class Decoded(NamedTuple):
    text: str
    guessed: bool
    """Neither the bytes nor whoever declared them tell the character set, so some letters may be wrong."""


def decode(data: bytes, declared: str = "") -> str:
    """The best reading of text whose character set is unknown or wrongly declared. Always succeeds."""
    return decoded(data, declared).text


def decoded(data: bytes, declared: str = "") -> Decoded:
    """The same, and whether it had to be guessed."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            return Decoded(text, "\ufffd" in text)
    for encoding in ("utf-8", _SAME_IN_PRACTICE.get(declared.lower().strip(), declared.strip())):
        try:
            if encoding:
                return Decoded(data.decode(encoding), False)
        except (ValueError, LookupError):
            continue
    try:
        return Decoded(data.decode("cp1252" if declared else _guessed(data[:200_000])), True)
    except (UnicodeDecodeError, LookupError):
        return Decoded(data.decode("cp1252", "replace"), True)


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to load, and nearly everything is UTF-8 or says what it is

    best = from_bytes(data).best()
    return best.encoding if best else "cp1252"


def load_json(text: str) -> object:
    """The document, or NotJson saying whether more of the file would have helped."""
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotJson(_cut_short(text, error), error.msg, f"line {error.lineno}, column {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise NotJson(False, "it is nested too deeply or holds an impossible number") from error
    return found


def json_pages(inputs: Iterable[Input], failures: list[Failure]) -> Iterator[tuple[Input, object]]:
    """What each file holds; of one that is no JSON why is added to `failures`."""
    for item in inputs:
        try:
            page = load_json(decode(item.data).lstrip("\ufeff"))
        except NotJson as error:
            failures.append(json_failure(item.name, error))
        else:
            yield item, page


def json_failure(name: str, error: NotJson) -> Failure:
    if error.truncated:
        return Failure(name, "truncated_json", "The JSON ends in the middle, so the export was cut off; export or copy the file again.")
    return Failure(name, "not_valid", f"This looks like JSON but cannot be read: {error}. Export the file again.")


def _cut_short(text: str, error: json.JSONDecodeError) -> bool:
    """An error at the very end, or in a string that never closes, is what a cut leaves behind."""
    if error.msg.startswith("Extra data"):
        return False
    ends_inside = error.msg.startswith(("Unterminated string", "Invalid \\escape", "Invalid \\uXXXX"))
    rest = text[error.pos :]
    return not text.rstrip().endswith(("}", "]")) and (
        ends_inside or len(rest.strip()) < 12 or re.fullmatch(r"[\w.+-]*", rest.strip()) is not None
    )
