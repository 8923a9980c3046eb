"""What a person may set about ingestion, read once from HOME/baton.toml and the environment; every default works offline."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FILE = "baton.toml"


class BadSettings(ValueError):
    """The settings file cannot be used; the message says which line or key and what would be right."""


@dataclass(frozen=True, slots=True)
class IngestSettings:
    our_domains: frozenset[str] = frozenset()
    """Mail domains of our own company, `["cartage.example"]`."""
    partner_domains: frozenset[str] = frozenset()
    """Mail domains of implementation partners: neither ours nor the customer's."""
    timezone: str = "UTC"
    """The organisation's time zone: a date means that day there."""


def load_settings(home: Path, environment: Mapping[str, str] = os.environ) -> IngestSettings:
    """`BATON_OUR_DOMAINS` and `BATON_PARTNER_DOMAINS` (comma separated) and `BATON_TIMEZONE` overrule the file's `[ingest]` table."""
    table = _table(home / FILE)
    return IngestSettings(
        our_domains=_domains(table, environment, "our_domains"),
        partner_domains=_domains(table, environment, "partner_domains"),
        timezone=_timezone(environment.get("BATON_TIMEZONE") or table.get("timezone") or "UTC"),
    )


def _table(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("ingest", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{FILE} is not valid TOML: {error}") from error
    if not isinstance(table, dict):
        raise BadSettings(f"{FILE}: [ingest] must be a table")
    unknown = set(table) - {"our_domains", "partner_domains", "timezone"}
    if unknown:
        raise BadSettings(f"{FILE}: [ingest] has no setting {sorted(unknown)[0]!r}; it has our_domains, partner_domains and timezone")
    return table


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
