"""How this home is set up and how well it answers, as far as a page may show it: no secret, no address with one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.settings import load_model_settings
from assistant.wiring import Kit
from ingest.settings import BadSettings, ServedModel
from ingest.sides import settle

if TYPE_CHECKING:
    from eval.compare import StoredRun

RUNS = "evaluations"
"""The folder of a home in which `baton eval --out` may leave its runs for the page to show."""
MOST_RUNS = 40
"""Files, the newest, that are looked at: each is read whole."""


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


def latest_run(kit: Kit, against: str = "") -> dict[str, Any] | None:
    """The newest run that `baton eval --out` left in this home, else in the source tree, with the measures of those before it and, where
    one is named, the comparison with it. Files that are no run are passed over. Raises `KeyError` where no other run is of that name."""
    from eval.compare import compare, comparison_json

    kept = _runs(kit)
    if not kept:
        return None
    newest, *others = kept
    told = {"body": json.loads(newest.file.read_bytes()), "others": [one.run for one in others]}
    if not against:
        return {**told, "comparison": None, "earlier_questions": []}
    other = {one.run.run.name: one for one in others}[against]
    earlier = json.loads(other.file.read_bytes()).get("questions", [])
    return {**told, "comparison": comparison_json(compare(other.run, newest.run)), "earlier_questions": earlier}


@dataclass(frozen=True, slots=True)
class _Kept:
    file: Path
    run: StoredRun


def _runs(kit: Kit) -> list[_Kept]:
    """The newest first; of one name the newest alone."""
    from eval.command import HERE
    from eval.compare import NotARun, load_run

    found: dict[str, _Kept] = {}
    files = sorted(_files(kit.home.path / RUNS, HERE / "results"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[:MOST_RUNS]:
        try:
            run = load_run(file)
        except NotARun:
            continue
        found.setdefault(run.run.name, _Kept(file, run))
    return list(found.values())


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from folder.glob("*.json")
