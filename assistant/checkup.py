"""Whether the language model answers, found out without sending it a word of anybody's."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from assistant.models.port import ModelFailed
from assistant.settings import ModelSettings, load_model_settings
from assistant.wiring import language_model
from ingest.doctor import Check
from ingest.settings import BadSettings

NAME = "language model"


def examine_model(home: Path) -> Check:
    try:
        settings = load_model_settings(home)
    except BadSettings as error:
        return Check(NAME, False, str(error), "Until then no question is answered.")
    if settings is None:
        return Check(NAME, True, "none set: answers are the history's own words, and nothing is sent anywhere")
    return _asked(settings)


def _asked(settings: ModelSettings) -> Check:
    where = f"{settings.name} at {urlsplit(settings.base_url).netloc}"
    model = language_model(settings)
    try:
        manner = model.check()
    except ModelFailed as failed:
        help_ = "Until it does, answers are the history's own words and say so. Look at [model] in baton.toml, or at BATON_MODEL_…"
        return Check(NAME, False, f"{where}: {failed}", help_)
    priced = settings.input_price is not None and settings.output_price is not None
    return Check(NAME, True, f"{where} answers and {manner}" + ("" if priced else "; no prices set, so no cost is shown"))
