"""How this home is set up and how well it answers, as far as a page may show it: no secret, no address with one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.settings import load_model_settings
from assistant.wiring import Kit
from ingest.settings import BadSettings, ServedModel
from ingest.sides import settle

RUNS = "evaluations"
"""The folder of a home in which `baton eval --out` may leave its runs for the page to show."""


def settings_json(kit: Kit, version: str) -> dict[str, Any]:
    home = kit.home
    domains = settle(home)
    embedding = home.settings.embedding
    return {
        "version": version,
        "our_domains": [{"domain": one, "because": domains.sources.get(one, "known")} for one in sorted(domains.ours)],
        "partner_domains": sorted(domains.partners),
        "timezone": home.settings.timezone,
        "embedding": {"name": embedding.name, "host": _host(embedding.url) if isinstance(embedding, ServedModel) else None},
        "model": _model(home.path),
        "retention": asdict(home.settings.retention),
        "degraded": list(kit.degraded),
    }


def _model(home: Path) -> dict[str, Any] | None:
    """The language model that writes answers; None where they are the history's own words."""
    try:
        settings = load_model_settings(home)
    except BadSettings as error:
        return {"name": "", "host": None, "trouble": str(error)}
    return {"name": settings.name, "host": _host(settings.base_url), "trouble": None} if settings else None


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def latest_run(kit: Kit) -> Mapping[str, Any] | None:
    """The newest run that `baton eval --out` left in this home, else in the source tree; files that are none are passed over."""
    from eval.command import HERE

    found = sorted(_files(kit.home.path / RUNS, HERE / "results"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in found:
        if (body := _read(file)) is not None:
            return body
    return None


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from folder.glob("*.json")


def _read(file: Path) -> Mapping[str, Any] | None:
    from eval.compare import NotARun, load_run

    try:
        load_run(file)
        body: dict[str, Any] = json.loads(file.read_bytes())
    except (NotARun, OSError, ValueError):
        return None
    return body
