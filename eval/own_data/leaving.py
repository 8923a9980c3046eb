"""Whether anything left the machine: which addresses the settings allow, and which connections were in fact tried."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from assistant.settings import ModelSettings
from ingest.settings import IngestSettings, ServedModel


@dataclass
class Leaving:
    """`tried` are the addresses beyond this machine that this process opened connections to."""

    allowed: tuple[str, ...]
    tried: set[str] = field(default_factory=set)

    @property
    def nothing(self) -> bool:
        return not self.tried


def allowed_by(settings: IngestSettings, model: ModelSettings | None) -> tuple[str, ...]:
    """In words, each place that the settings send something to."""
    found = []
    if isinstance(settings.embedding, ServedModel):
        found.append(f"every text, to be embedded by {settings.embedding.name} at {urlsplit(settings.embedding.url).netloc}")
    if settings.vector_store:
        found.append(f"vectors and ids, to be kept by {settings.vector_store.made_by}")
    if model:
        found.append(f"each question with the passages found, to {model.name} at {urlsplit(model.base_url).netloc}")
    return tuple(found)


@contextmanager
def watched(leaving: Leaving) -> Iterator[None]:
    """Notes every connection that Python code of this process opens meanwhile; it prevents none."""
    _hook()
    _watching.append(leaving)
    try:
        yield
    finally:
        _watching.remove(leaving)


_watching: list[Leaving] = []


@cache
def _hook() -> None:
    sys.addaudithook(_note)  # such a hook stays for the life of the process, so there is one, and it asks who is watching


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _watching:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            for leaving in _watching:
                leaving.tried.add(f"{address[0]}:{address[1]}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
