"""The server's log as JSON lines: when, which request, who, what, with which outcome; never a word of a question, an answer or a source."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Form = Literal["json", "text"]


def set_up(form: Form) -> None:
    """`text` tells what goes wrong alone, as suits a terminal; `json` every request, as suits a collector."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Plain("%(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("baton").setLevel(logging.INFO if form == "json" else logging.WARNING)


class Plain(logging.Formatter):
    def formatException(self, error: object) -> str:
        return " < ".join(_where(error))


class JsonLines(logging.Formatter):
    """One object a line; what a log call gives as `extra={"told": {…}}` stands in it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": record.getMessage()}
        told |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0]:
            told |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info)}
        return json.dumps(told, ensure_ascii=True)


def _where(error: object) -> list[str]:
    """The innermost places first. An error's own message is left out: it may quote what somebody wrote."""
    kind, _, trace = error if isinstance(error, tuple) else (None, None, None)
    frames = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)[:-9:-1]]
    return [kind.__name__ if kind else "", *frames]
