"""What is set about the tools that are asked over the network: `[connect.NAME]` in the home's settings, secrets by environment or file.

    [connect.hubspot]
    token_file = "hubspot.token"    # or BATON_HUBSPOT_TOKEN
    since = "2025-01-01"            # nothing older is asked for

Every setting is overruled by `BATON_`, the tool's name and its own. A secret never stands in the settings file, which people copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

from ingest.connectors.api import is_safe
from ingest.settings import FILE, BadSettings, read_secret, settings_table


@dataclass(frozen=True, slots=True)
class Needs:
    """What a tool has to be told, by the names of its settings."""

    secrets: tuple[str, ...]
    """All of them are needed; what stands behind a `?` is one that can be done without."""
    settings: tuple[str, ...] = ()
    base: str = ""
    """Where it is, if nothing else is set."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one tool was told."""

    name: str
    base: str
    since: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def load_connectors(
    home: Path, needs: Mapping[str, Needs], environment: Mapping[str, str] = os.environ, only: str = ""
) -> dict[str, Given]:
    """Those that something is set for, by name. Raises BadSettings, for one that is set by halves too."""
    tables = _tables(home)
    if unknown := sorted(set(tables) - set(needs)):
        raise BadSettings(f"{FILE}: there is no [connect.{unknown[0]}]; Baton can ask {', '.join(sorted(needs))}")
    found = {}
    for name, need in needs.items() if not only else [(only, needs[only])]:
        begins = f"BATON_{name.upper()}_"
        table = tables.get(name)
        if table is not None or any(key.startswith(begins) and value for key, value in environment.items()):
            found[name] = _given(home, name, need, table or {}, environment)
    return found


def _tables(home: Path) -> Mapping[str, Mapping[str, object]]:
    tables = settings_table(home / FILE, "connect")
    if not all(isinstance(table, dict) for table in tables.values()):
        raise BadSettings(f"{FILE}: what is connected stands in tables of its own, such as [connect.hubspot]")
    return cast("Mapping[str, Mapping[str, object]]", tables)


def _given(home: Path, name: str, need: Needs, table: Mapping[str, object], environment: Mapping[str, str]) -> Given:
    where = f"[connect.{name}]"
    secrets = [each.removeprefix("?") for each in need.secrets]
    known = ("base_url", "since", *need.settings, *(f"{secret}_file" for secret in secrets))
    if written := [secret for secret in secrets if secret in table]:
        key = f"BATON_{name.upper()}_{written[0].upper()}"
        raise BadSettings(f"{FILE}: {where} must not hold {written[0]}; set {key}, or name a file that holds it alone as {written[0]}_file")
    if unknown := sorted(set(table) - set(known)):
        raise BadSettings(f"{FILE}: {where} has no setting {unknown[0]!r}; it has {', '.join(known)}")

    def value(setting: str) -> object:
        return environment.get(f"BATON_{name.upper()}_{setting.upper()}") or table.get(setting) or ""

    base = str(value("base_url") or need.base).rstrip("/")
    if base and not is_safe(base):
        raise BadSettings(f"{FILE}: {where} base_url must be an https:// address; it is {base!r}")
    held = {secret: found for secret in secrets if (found := _secret(home, name, secret, value, environment))}
    if missing := [each for each in need.secrets if not each.startswith("?") and each not in held]:
        key = f"BATON_{name.upper()}_{missing[0].upper()}"
        raise BadSettings(f"{where} needs {missing[0]}: set {key}, or name a file that holds it alone as {missing[0]}_file in {FILE}")
    lists = {setting: _words(value(setting)) for setting in need.settings if isinstance(value(setting), list)}
    values = {setting: str(value(setting)) for setting in need.settings if setting not in lists}
    if unsafe := [setting for setting, said in values.items() if setting.endswith("_url") and said and not is_safe(said)]:
        raise BadSettings(f"{FILE}: {where} {unsafe[0]} must be an https:// address; it is {values[unsafe[0]]!r}")
    return Given(name, base, _day(where, value("since")), values, lists, held)


def _secret(home: Path, name: str, secret: str, value: Callable[[str], object], environment: Mapping[str, str]) -> str:
    key = f"BATON_{name.upper()}_{secret.upper()}"
    if found := environment.get(key, "").strip():
        return found
    named = value(f"{secret}_file")
    if not named:
        return ""
    return read_secret(home / Path(str(named)).expanduser(), f"{FILE}: [connect.{name}]").strip()


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(each).strip() for each in value if str(each).strip()) if isinstance(value, list) else ()


def _day(where: str, value: object) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise BadSettings(f"{FILE}: {where} since is a date such as 2025-01-01; it is {value!r}") from None
