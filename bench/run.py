"""Measures Baton's speed, memory and start-up, each beside a peer or an idle run in the same run, and prints a table a section.

Every measurement is a process of its own; both sides run in alternating order, so that ratios hold on a busy machine where seconds
do not. Slow is not an error: numbers are for reading, and `bench/results/` keeps them. What went wrong is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from time import perf_counter

from bench.speed import ask, ingest, load, memory, rerun, scale, startup
from bench.speed.figures import Broken, Section, as_text
from bench.speed.machine import facts, keep
from bench.speed.place import Place, Sizes

SECTIONS: dict[str, Callable[[Place], Section]] = {
    "ingest": ingest.measure,
    "rerun": rerun.measure,
    "ask": ask.measure,
    "scale": scale.measure,
    "load": load.measure,
    "memory": memory.measure,
    "startup": startup.measure,
}
QUICK = Sizes(passages=400, rounds=1, large=0, huge=0, requests=60, short_rounds=2)
NARROWEST = 130


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    sizes = QUICK if options.quick else Sizes()
    given = {"passages": options.passages, "rounds": options.rounds, "huge": options.huge}
    sizes = replace(sizes, **{name: value for name, value in given.items() if value is not None})
    at, begun, about = datetime.now(UTC), perf_counter(), facts()
    sections = []
    try:
        with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
            place = Place(Path(folder), sizes)
            for name in options.only:
                sections.append(SECTIONS[name](place))
                print(as_text(sections[-1], max(get_terminal_size().columns, NARROWEST)) + "\n", flush=True)
    except Broken as broken:
        sys.exit(f"bench: {broken}")
    seconds = round(perf_counter() - begun, 1)
    file = keep(sections, {**about, "seconds": seconds, "sizes": asdict(sizes)}, at, options.json)
    loads = ", ".join(map(str, about["load_average"]))
    print(f"{seconds:.0f} s on {about['cores']} cores of {about['cpu']}, load average before: {loads}\nkept in {_shown(file)}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description="Measure Baton's speed, memory and start-up.")
    parser.add_argument("--only", type=_sections, default=list(SECTIONS), metavar="NAME,…", help=f"of {', '.join(SECTIONS)}; default: all")
    parser.add_argument("--passages", type=_count, help=f"texts to ingest (default {Sizes.passages})")
    parser.add_argument("--rounds", type=_count, help=f"times both sides do what takes long (default {Sizes.rounds})")
    parser.add_argument("--huge", type=_count, help=f"passages of the largest home (default {Sizes.huge})")
    parser.add_argument("--quick", action="store_true", help="less of everything, and no large accounts: under two minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to keep the samples (default: bench/results, by time and commit)")
    return parser.parse_args(arguments)


def _sections(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in SECTIONS]:
        raise argparse.ArgumentTypeError(f"there is no section {', '.join(unknown)}; choose of {', '.join(SECTIONS)}")
    return names


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _shown(file: Path) -> Path:
    here = Path.cwd()
    return file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file


if __name__ == "__main__":
    main()
