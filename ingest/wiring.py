"""Opens a home: the archive with the adapters chosen for it. The only place in this package that chooses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ingest.archive.archive import Archive
from ingest.archive.errors import HomeBusy
from ingest.erasure_note import PENDING
from ingest.index.embedder import MINILM_FAST, MODEL, MPNET, Embedder, endpoint_name
from ingest.index.port import IndexBroken
from ingest.opened import Home
from ingest.settings import IngestSettings, PackagedModel, ServedModel, load_settings


def open_home(home: Path, *, write: bool = False, load_embedder: Callable[[], Embedder] | None = None, model: str = MODEL) -> Home:
    """Raises HomeBusy where another process writes, HomeTooNew, HomeUnreadable and BadSettings; a home that is not there reads as empty.

    Another embedder than the one that is set comes with its name in `model`.
    """
    settings = load_settings(home)
    if (home / PENDING).exists():
        _finish_erasing(home, settings)
    archive = Archive.open(home, write=write)
    if load_embedder is None:
        model, load_embedder = _embedder_of(settings, archive)
        if not write:
            model, load_embedder = _until_all_is_embedded(model, load_embedder, archive)
    return Home(home, archive, settings, write, load_embedder, model)


def _finish_erasing(home: Path, settings: IngestSettings) -> None:
    """What a killed run began. Where another process holds the home, that one is at it or does it when it opens the home next."""
    from ingest.erasing import finish  # seldom needed

    with suppress(HomeBusy, IndexBroken), Home(home, Archive.open(home, write=True), settings, True, _packaged_minilm) as opened:
        finish(opened)


def _embedder_of(settings: IngestSettings, archive: Archive) -> tuple[str, Callable[[], Embedder]]:
    """Its name, known without loading it, and how to load it."""
    match settings.embedding:
        case ServedModel(name, url, key):
            model = endpoint_name(name, url)
            return model, lambda: _service(name, url, key, archive.dimension(model))
        case PackagedModel("mpnet"):
            return MPNET, _packaged_mpnet
        case PackagedModel("minilm-fast") if not fallback_of(settings):
            return MINILM_FAST, _packaged_fast_minilm
        case _:
            return MODEL, _packaged_minilm


def _until_all_is_embedded(model: str, load: Callable[[], Embedder], archive: Archive) -> tuple[str, Callable[[], Embedder]]:
    """After the setting was changed, a reader goes on with the model that was set before until `baton ingest` has embedded everything."""
    packaged = {MODEL: _packaged_minilm, MINILM_FAST: _packaged_fast_minilm, MPNET: _packaged_mpnet}
    before = [other for other in archive.other_models(model) if other in packaged]
    if before and archive.missing(model) and not archive.missing(before[0]):
        return before[0], packaged[before[0]]
    return model, load


def _packaged_minilm() -> Embedder:
    from ingest.index.minilm import load_minilm

    return load_minilm()


def fallback_of(settings: IngestSettings) -> str:
    """A sentence where another embedding is used than the one that is set; else empty."""
    if settings.embedding != PackagedModel("minilm-fast"):
        return ""
    from ingest.index.minilm_fast import why_not

    reason = why_not()
    return f"embedding = minilm-fast is not used, minilm is: {reason}" if reason else ""


def _packaged_fast_minilm() -> Embedder:
    from ingest.index.minilm_fast import load_fast_minilm

    return load_fast_minilm()


def _packaged_mpnet() -> Embedder:
    from ingest.index.mpnet import load_mpnet

    return load_mpnet()


def _service(name: str, url: str, key: str, dimension: int) -> Embedder:
    from ingest.index.endpoint import Endpoint

    return Endpoint(name, url, key, dimension)
