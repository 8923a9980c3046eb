"""What sorting a folder needs to know of a format: how its files look, which of them belong together, and who reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ingest.records import Reading
from ingest.sources.fields import Object, obj, objects
from ingest.sources.inputs import MOST_BYTES, Input, NotJson, decode, load_json

Part = Literal["main", "beside"]
"""`main` can be read; `beside` says more about a main file near it (who took part, a blob that a record names)."""

Together = Literal["alone", "folder", "beside", "namesake"]
"""How main files are read: each `alone`; all of a `folder` at once, because they refer to each other; each with all that stands
`beside` it in its folder; each with what stands there under its own name."""


@dataclass(frozen=True)
class Look:
    """A file as formats look at it; every view is made once, when the first of them asks."""

    name: str
    data: bytes

    @cached_property
    def is_text(self) -> bool:
        return b"\0" not in self.data[:4096] or self.data.startswith((b"\xff\xfe", b"\xfe\xff"))

    @cached_property
    def content(self) -> str:
        """The text, without what stands before its first word; empty for bytes that are no text."""
        return decode(self.data).lstrip("\ufeff \t\r\n") if self.is_text else ""

    @cached_property
    def page(self) -> object:
        """The JSON document, or None."""
        return None if isinstance(self._json, NotJson) else self._json

    @property
    def not_json(self) -> NotJson | None:
        """Why what begins like JSON is none."""
        return self._json if isinstance(self._json, NotJson) else None

    @cached_property
    def top(self) -> Object:
        return obj(self.page)

    @cached_property
    def rows(self) -> list[Object]:
        """The objects of a bare array, or of what pages of an API call `results` or `records`."""
        if isinstance(self.page, list):
            return objects(self.page)
        return objects(self.top.get("results")) or objects(self.top.get("records"))

    @cached_property
    def csv(self) -> tuple[list[str], list[str]]:
        """The cells of the first two lines, the header's in lower case; empty for what is no CSV."""
        if not self.content or self.content[0] in "{[":
            return [], []
        try:
            lines = csv.reader(io.StringIO(self.content[:100_000], newline=""))
            return [cell.strip().lower() for cell in next(lines, [])], [cell.strip() for cell in next(lines, [])]
        except csv.Error:
            return [], []

    @cached_property
    def _json(self) -> object:
        if not self.content or self.content[0] not in "{[":
            return None
        try:
            return load_json(self.content)
        except NotJson as error:
            return error


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    recognise: Callable[[Look], Part | None]
    """By what is in the file; a name counts only where content cannot tell. Never raises."""
    parse: Callable[[Sequence[Input]], Reading]
    together: Together = "alone"
    isolated: bool = False
    """Written by people we do not know, in a format with room for tricks: read by a worker process with limits."""
    most_bytes: int = MOST_BYTES
    """A larger file is set aside unread. Beyond `MOST_BYTES` a file is recognised by its beginning, and mapped rather than loaded."""
    orphan: str = ""
    """What to say of a `beside` file of a folder format without its main files; without it, it is read like a main one."""
