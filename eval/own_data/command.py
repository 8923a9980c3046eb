"""`baton eval --on FOLDER`: measure, tell, and leave the page, the numbers and the drafts behind."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.settings import load_model_settings
from eval.command import HERE, CannotRecord, Told, try_folder
from eval.own_data.measuring import Measured, Wanted, measure
from eval.own_data.page import page
from eval.own_data.told import as_text, figures_of, report_json
from eval.stamp import Stamp, stamp_of
from ingest.home import find_home

OUT = Path("baton-evaluation")
PAGE, NUMBERS, DRAFTS = "report.html", "run.json", "cases-to-confirm.jsonl"
DIFFERS = 4
"""The exit code where a quote is not what the source says: nothing else of such a run can be relied on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    measured: Wanted
    out: Path = OUT
    as_json: bool = False
    model: bool = False


def evaluate_own(asked: Asked, width: int) -> Told:
    """Raises `CannotRecord`, `CannotWrite`, and what `sync` raises for a folder without files."""
    settings = load_model_settings(find_home(asked.measured.home)) if asked.model else None
    if asked.model and settings is None:
        raise CannotRecord("no language model is set; leave out --model, or name one in baton.toml or by BATON_MODEL_BASE_URL and the like")
    try_folder(asked.out)
    stamp = stamp_of(HERE.parent, datetime.now(UTC))
    measured = measure(asked.measured, settings, _say)
    body = report_json(measured, stamp)
    unwritten = _leave(asked.out, measured, stamp, body)
    found = figures_of(measured)
    code = 1 if unwritten or not measured.deals else DIFFERS if found.exact < found.quotes else 0
    if asked.as_json:
        return Told(json.dumps(body, ensure_ascii=False, indent=1), code, unwritten)
    return Told(f"{as_text(measured, stamp, width)}\n\npage         {asked.out / PAGE}", code, unwritten)


def _leave(out: Path, measured: Measured, stamp: Stamp, body: dict[str, object]) -> tuple[str, ...]:
    drafts = [draft.as_json() for deal in measured.deals for draft in deal.drafts]
    texts = {
        PAGE: page(measured, stamp),
        NUMBERS: json.dumps(body, ensure_ascii=False, indent=1) + "\n",
        DRAFTS: "".join(json.dumps(draft, ensure_ascii=False) + "\n" for draft in drafts),
    }
    unwritten = []
    for name, text in texts.items():
        try:
            (out / name).write_text(text, "utf-8", errors="replace")
        except OSError as error:
            unwritten.append(f"{out / name}: {error.strerror or error}")
    return tuple(unwritten)


def _say(stage: str, done: int, total: int) -> None:
    if done == total or stage == "deals":
        print(f"{stage}: {done} of {total}", file=sys.stderr, flush=True)
