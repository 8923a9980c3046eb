"""What a person may set about ingestion, read once from HOME/baton.toml and the environment; every default works offline."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FILE = "baton.toml"
_MOST_DAYS = 36_500
_OWN_TABLES = ("retention", "vector_store")


class BadSettings(ValueError):
    """The settings file cannot be used; the message says which line or key and what would be right."""


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """Runs here, from installed packages."""

    name: Literal["minilm", "minilm-fast", "mpnet"]


@dataclass(frozen=True, slots=True)
class ServedModel:
    """An OpenAI-compatible service is asked, which is then told everything that is embedded."""

    name: str
    url: str
    key: str = field(default="", repr=False)


Embedding = PackagedModel | ServedModel


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days what is kept; None for as long as the home is there. Talk counts from the day it happened."""

    calls: int | None = None
    emails: int | None = None
    notes: int | None = None
    records: int | None = None
    documents: int | None = None
    chats: int | None = None
    meetings: int | None = None
    held: int | None = 30
    """What waits for a person, from the day it began to wait."""
    versions: int | None = 365
    """Earlier wordings of what was edited, so that old citations open; from the day of the edit. 0 keeps none."""
    removed: int | None = 30
    """What its source took away; no reader sees it, but it comes back unread should the source give it again. 0 keeps none."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """A llama-index vector store that takes the place of the one that comes along."""

    made_by: str
    """`module:Class`, or `module:Class.method`, which is called with the options."""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """A table with a `class` of its own stands for what that makes, `$NAME` for a variable of the environment, `{home}` for the home."""


@dataclass(frozen=True, slots=True)
class IngestSettings:
    our_domains: frozenset[str] = frozenset()
    """Mail domains of our own company, `["cartage.example"]`."""
    partner_domains: frozenset[str] = frozenset()
    """Mail domains of implementation partners: neither ours nor the customer's."""
    timezone: str = "UTC"
    """The organisation's time zone: a date means that day there."""
    embedding: Embedding = PackagedModel("minilm")
    """What turns words into vectors."""
    speech: str = ""
    """A folder with a Whisper model for recordings without a transcript (extra `audio`); empty for the one that is packaged."""
    retention: Retention = Retention()
    """A table of its own, `[retention]`."""
    vector_store: StoreSettings | None = None
    """A table of its own, `[vector_store]`; without it the vectors are kept in the home, by Chroma."""


def load_settings(home: Path, environment: Mapping[str, str] = os.environ) -> IngestSettings:
    """`BATON_OUR_DOMAINS` and `BATON_PARTNER_DOMAINS` (comma separated), `BATON_TIMEZONE` and `BATON_EMBEDDING` overrule the file's
    `[ingest]` table; the key of an embedding service comes from `BATON_EMBEDDING_KEY` alone."""
    table = settings_table(home / FILE, "ingest", [each.name for each in fields(IngestSettings) if each.name not in _OWN_TABLES])
    return IngestSettings(
        our_domains=_domains(table, environment, "our_domains"),
        partner_domains=_domains(table, environment, "partner_domains"),
        timezone=_timezone(environment.get("BATON_TIMEZONE") or table.get("timezone") or "UTC"),
        embedding=_embedding(environment.get("BATON_EMBEDDING") or table.get("embedding") or "minilm", environment),
        speech=str(table.get("speech") or ""),
        retention=_retention(settings_table(home / FILE, "retention", [each.name for each in fields(Retention)])),
        vector_store=_vector_store(settings_table(home / FILE, "vector_store")),
    )


def settings_table(file: Path, name: str, known: Sequence[str] | None = None) -> dict[str, object]:
    """One table of the settings file, which may hold `known` settings and no other (None: any); empty where file or table is not there."""
    if not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text("utf-8")).get(name, {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{FILE} is not valid TOML: {error}") from error
    if not isinstance(table, dict):
        raise BadSettings(f"{FILE}: [{name}] must be a table")
    if known is not None and (unknown := sorted(set(table) - set(known))):
        raise BadSettings(f"{FILE}: [{name}] has no setting {unknown[0]!r}; it has {', '.join(known[:-1])} and {known[-1]}")
    return table


def read_secret(file: Path, where: str, *, public: str = "") -> str:
    """What stands in a file that nobody but its owner can read, unless `public` stands in it. Raises BadSettings, without any of it."""
    try:
        content = file.read_text("utf-8")
        open_to_others = file.stat().st_mode & 0o077
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise BadSettings(f"{where}: cannot read {file}: {why}") from None
    if open_to_others and not (public and public in content):
        raise open_to_all(file, where)
    return content


def open_to_all(file: Path, where: str) -> BadSettings:
    return BadSettings(f"{where}: {file} can be read by others on this machine; take that right away (chmod 600 {file})")


def stamp_of(file: Path) -> tuple[int, int] | None:
    """Differs once the file was written to; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _retention(table: Mapping[str, object]) -> Retention:
    days: dict[str, int | None] = {}
    for name, value in table.items():
        whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DAYS
        if not whole and value != "forever":
            raise BadSettings(f'{FILE}: [retention] {name} is a number of days, such as 730, or "forever"; it is {value!r}')
        days[name] = value if isinstance(value, int) else None
    return Retention(**days)


def _vector_store(table: Mapping[str, object]) -> StoreSettings | None:
    if not table:
        return None
    made_by = table.get("class")
    if not isinstance(made_by, str) or not re.fullmatch(r"[\w.]+:[\w.]+", made_by):
        raise BadSettings(
            f"{FILE}: [vector_store] class names what makes the store, such as "
            f'"llama_index.vector_stores.qdrant:QdrantVectorStore"; it is {made_by!r}'
        )
    return StoreSettings(made_by, {name: value for name, value in table.items() if name != "class"})


def _domains(table: Mapping[str, object], environment: Mapping[str, str], name: str) -> frozenset[str]:
    given = environment.get(f"BATON_{name.upper()}")
    value = given.split(",") if given else table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadSettings(f'{FILE}: {name} must be a list of domains, such as ["cartage.example"]')
    return frozenset(item.strip().lower().lstrip("@") for item in value if item.strip())


def _timezone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSettings(f"{FILE}: {name!r} is not a time zone; write one such as Europe/Stockholm") from error


def _embedding(value: object, environment: Mapping[str, str]) -> Embedding:
    packaged: tuple[Literal["minilm", "minilm-fast", "mpnet"], ...] = ("minilm", "minilm-fast", "mpnet")
    for name in packaged:
        if value == name:
            return PackagedModel(name)
    model, at, url = (part.strip() for part in str(value).rpartition(" at "))
    address = urlsplit(url)
    if not at or not model or address.scheme not in ("http", "https") or not address.hostname:
        raise BadSettings(
            f"{FILE}: embedding is {', '.join(packaged)}, or a service's model and address such as "
            f'"bge-m3 at http://127.0.0.1:8080/v1"; it is {value!r}'
        )
    if address.username or address.password or address.query:
        raise BadSettings(f"{FILE}: the address of embedding holds a secret; give the key in BATON_EMBEDDING_KEY instead")
    return ServedModel(model, url, environment.get("BATON_EMBEDDING_KEY", ""))
