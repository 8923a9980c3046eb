"""`python -m eval.judging`: judges the judge on labelled answers, and says what its scores may be used for."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from assistant.settings import load_model_settings
from eval.judging.asked import Asked, JudgeUnavailable
from eval.judging.port import Judge
from eval.judging.rules import Rules
from eval.judging.standing import TASKS, Item, as_text, in_turn, load_items, standing, vote
from eval.public.folder import VARIABLE, Absent, public_data
from eval.public.records import BadSet
from ingest.home import find_home


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.judging", description="Judge a judge on labelled answers.")
    parser.add_argument("--model", action="store_true", help="the language model of the settings; without it the rules")
    parser.add_argument("--home", type=Path, help="the home whose settings name the model")
    parser.add_argument("--task", choices=TASKS, action="append", default=[], help="these alone; may be repeated")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="so many items of each task, the same every time")
    parser.add_argument("--votes", type=Path, metavar="FILE", help="keep each vote here, and go on where an earlier run stopped")
    parser.add_argument("--data", type=Path, help=f"the folder of the public sets (default: {VARIABLE}, else ../shared/data)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        items = load_items(public_data(given.data, os.environ))
        judge = _judge(given.model, given.home)
        known = _read(given.votes)
        for task in given.task or TASKS:
            ordered = in_turn((item for item in items if item.task == task), _shared)
            _ask(judge, ordered[: given.limit or len(ordered)], known, given.votes)
    except (Absent, BadSet, JudgeUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    found = standing(judge.name, items, known)
    print(json.dumps(found.as_json(), indent=1) if given.json else as_text(found))
    return 0


def _judge(model: bool, home: Path | None) -> Judge:
    if not model:
        return Rules()
    settings = load_model_settings(find_home(home))
    if settings is None:
        raise JudgeUnavailable("no language model is set; name one by BATON_MODEL_BASE_URL and BATON_MODEL_NAME, or leave out --model")
    return Asked(settings)


def _shared(item: Item) -> str:
    return item.context or item.answer if item.task != "answer_correctness" else item.id


def _ask(judge: Judge, items: list[Item], known: dict[str, float], kept: Path | None) -> None:
    for number, item in enumerate(items):
        if item.id in known:
            continue
        known[item.id] = vote(judge, item)
        if kept:
            with kept.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"id": item.id, "vote": known[item.id]}) + "\n")
        if number % 50 == 0:
            print(f"{item.task}: {number} of {len(items)}", file=sys.stderr, flush=True)


def _read(votes: Path | None) -> dict[str, float]:
    if votes is None or not votes.is_file():
        return {}
    rows = [json.loads(line) for line in votes.read_text("utf-8").splitlines() if line.strip()]
    return {row["id"]: float(row["vote"]) for row in rows}


if __name__ == "__main__":
    sys.exit(main())
