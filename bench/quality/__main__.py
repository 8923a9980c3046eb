"""`python -m bench.quality`: Baton and its peers on the labelled deals and the public sets that are here, as tables and as JSON.

Nothing here fails on a bad figure: the tables are for reading, and `bench/results/` keeps them with the commit they belong to.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.quality.answers import Answers
from bench.quality.figures import Result, together
from bench.quality.llama import SIZES, Remembering
from bench.quality.run import PEERS, Setting, of_deals, of_set, say
from bench.quality.tables import Titled, answer_table, as_json, as_markdown, as_rows, as_text, tables_of
from eval.cases import Case, load_cases
from eval.public.histories import LOADERS, load_slices
from eval.scenes import SCENES, scenes
from eval.stamp import Stamp, stamp_of

ROOT = Path(__file__).resolve().parents[2]
CASES, SAMPLES, RESULTS = ROOT / "data" / "cases", ROOT / "data" / "samples", ROOT / "bench" / "results"


def main() -> None:
    begun = perf_counter()
    cases = {case.name: case for case in load_cases(CASES)}
    known = [*cases, SCENES, *LOADERS]
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description="Measure how well Baton and its peers find and answer.")
    parser.add_argument("--slices", type=_listed(known), default=known, help=f"comma-separated, of {', '.join(known)} (default all)")
    parser.add_argument("--peers", type=_listed(PEERS), default=PEERS, help=f"comma-separated, of {', '.join(PEERS)} (default all)")
    parser.add_argument("--sample", type=_count, help="only the first so many questions of each slice, for a quick look")
    parser.add_argument("--home", type=Path, help="keep what was read and embedded here, for the next run")
    parser.add_argument("--json", type=Path, help="write everything, question by question, here (default bench/results/)")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--rows", action="store_true", help="print lines for the table of docs/benchmarks.md instead")
    options = parser.parse_args()

    chunks = any(str(size) in options.peers for size in SIZES)
    model = Remembering(options.home and options.home / "vectors.npz") if chunks else None
    setting = Setting(options.peers, model, options.sample, options.home)
    results, answers = run([cases[name] for name in options.slices if name in cases], options.slices, setting)
    seconds = perf_counter() - begun
    say(f"{seconds:.0f} s in all")
    stamp = stamp_of(ROOT, datetime.now(UTC))
    tables = to_print(results, answers)
    whole = [result for result in results if result.name not in cases or not any(one.name == "deals" for one in results)]
    print(as_rows(whole, stamp) if options.rows else as_markdown(tables) if options.markdown else as_text(tables))
    file = options.json or RESULTS / f"quality-{stamp.at:%Y%m%dT%H%M%SZ}-{stamp.name}.json"
    keep(file, stamp, setting, as_json(results, answers), {result.name: dict(result.seconds) for result in results} | {"all": seconds})
    print(f"\nkept in {file}")


def run(cases: Sequence[Case], names: Sequence[str], setting: Setting) -> tuple[list[Result], list[Answers]]:
    """The deals, all of them as one if they are several, the snippets of others, then the public sets; a set that is not here is passed
    over with a word."""
    results: list[Result] = []
    answers: list[Answers] = []
    if cases:
        results, answers = of_deals(cases, SAMPLES, setting)
        if len(results) > 1:
            results.append(together("deals", f"{len(results)} labelled deals as one; tuned on", results))
    sets, skipped = load_slices()
    for word in skipped:
        if word.partition(":")[0] in names:
            say(word)
    snippets = [scenes()] if SCENES in names else []
    return [*results, *(of_set(part, setting) for part in (*snippets, *sets) if part.name in names)], answers


def to_print(results: Sequence[Result], answers: Sequence[Answers]) -> list[Titled]:
    """Of deals that are also shown as one, only the main table."""
    pooled = {name.partition(" ")[0] for result in results if result.name == "deals" for name in (q.id for q in result.questions)}
    tables = [table for result in results for table in tables_of(result)[: 1 if result.name in pooled else None]]
    deals = [result.name for result in results if result.name in pooled] or [result.name for result in results][:1]
    return [*tables, answer_table(answers, deals)] if answers else tables


def keep(file: Path, stamp: Stamp, setting: Setting, found: dict[str, object], seconds: dict[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    about = asdict(stamp) | {"at": stamp.at.isoformat(timespec="seconds"), "sample": setting.sample}
    file.write_text(json.dumps({"stamp": about, **found, "seconds": seconds}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _listed(known: Sequence[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = [name.strip() for name in text.split(",") if name.strip()]
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; choose from {', '.join(known)}")
        return names

    return read


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return int(text)


if __name__ == "__main__":
    main()
