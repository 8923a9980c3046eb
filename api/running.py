"""How this home is set up and how well it answers, as far as a page may show it: no secret, no address with one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.settings import load_model_settings
from assistant.wiring import Kit
from ingest.settings import BadSettings, ServedModel
from ingest.sides import settle

RUNS = "evaluations"
"""The folder of a home in which `baton eval --out` may leave its runs for the page to show."""
MOST_RUNS = 40
"""Files, those written last, that are looked at."""


class NoSuchRun(Exception):
    """No other run of this name is kept."""


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


def a_run(kit: Kit, name: str = "", against: str = "") -> dict[str, Any] | None:
    """The run of this name, or the newest, with the measures of the others and, where one is named, the comparison with it; None where
    there is none. Raises NoSuchRun."""
    from eval.compare import compare, comparison_json, load_run

    kept = kept_runs(kit)
    if not kept:
        return None
    newest = next((one for one in kept if one.name == name), None) if name else kept[0]
    if newest is None:
        raise NoSuchRun(name)
    others = [one for one in kept if one is not newest]
    told = {"body": json.loads(newest.file.read_bytes()), "others": others}
    if not against:
        return {**told, "comparison": None, "earlier_questions": []}
    other = next((one for one in others if one.name == against), None)
    if other is None:
        raise NoSuchRun(against)
    earlier = json.loads(other.file.read_bytes()).get("questions", [])
    return {**told, "comparison": comparison_json(compare(load_run(other.file), load_run(newest.file))), "earlier_questions": earlier}


@dataclass(frozen=True, slots=True)
class KeptRun:
    file: Path
    name: str
    at: str
    labels: str
    measures: Mapping[str, float]


def kept_runs(kit: Kit) -> list[KeptRun]:
    """What `baton eval --out` left in this home and in the source tree; files that are no run are passed over. The newest first, by when
    they were made and not by when their files were copied here; of one name the newest alone."""
    from eval.command import RESULTS

    dated = sorted(((file.stat().st_mtime_ns, file) for file in _files(kit.home.path / RUNS, RESULTS)), reverse=True)
    kept = [run for changed, file in dated[:MOST_RUNS] if (run := _kept(file, changed))]
    found: dict[str, KeptRun] = {}
    for run in sorted(kept, key=lambda run: run.at, reverse=True):
        found.setdefault(run.name, run)
    return list(found.values())


@lru_cache(maxsize=2 * MOST_RUNS)
def _kept(file: Path, changed: int) -> KeptRun | None:
    """Read once: a run is most of a megabyte, and only its measures are needed of all of them."""
    from eval.compare import NotARun, load_run

    try:
        run = load_run(file)
    except NotARun:
        return None
    measures = {name: value.value for name, value in run.measures.items() if value}
    return KeptRun(file, run.run.name, run.run.at, run.labels, measures)


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from folder.glob("*.json")
