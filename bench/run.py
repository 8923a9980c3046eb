"""Measures what Baton promises about speed and memory, each in a process of its own, and prints it as one table.

`ingest` runs beside a plain LlamaIndex pipeline over the same texts, in alternating order, so that the ratio holds on a busy machine where
seconds do not. Nothing here fails: numbers are for reading, and `bench/results/` keeps them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from bench.texts import write_history

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"
CASES = ROOT / "data" / "cases"
RESULTS = ROOT / "bench" / "results"

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Baton's speed and memory.")
    parser.add_argument("--passages", type=int, default=5000, help="texts to ingest (default 5000)")
    parser.add_argument("--rounds", type=int, default=2, help="times both sides ingest them, in alternating order (default 2)")
    parser.add_argument("--child", choices=sorted(CHILDREN), help=argparse.SUPPRESS)
    parser.add_argument("--history", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
            print(json.dumps(CHILDREN[options.child](options.history, Path(folder))))
        return

    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        history = Path(folder) / "history.jsonl"
        write_history(SAMPLES, options.passages, history)
        ingests = compare(history, options.rounds)
        samples = in_child("samples", history)
    figures = {**ingests, **samples, "help_cpu_s": help_cpu()}
    print(table(figures, options.passages))
    print(f"\nkept in {keep(figures, options.passages).relative_to(ROOT)}")


def compare(history: Path, rounds: int) -> Figures:
    """Medians of both sides, and the median of the rounds' ratios: those were run next to each other."""
    ours: list[Figures] = []
    peers: list[Figures] = []
    for round_number in range(rounds):
        sides = [("baton", ours), ("peer", peers)]
        for name, kept in sides if round_number % 2 == 0 else reversed(sides):
            print(f"round {round_number + 1} of {rounds}: {name} …", file=sys.stderr)
            kept.append(in_child(name, history))
    return {
        "baton_passages_per_s": median(one["per_s"] for one in ours),
        "peer_passages_per_s": median(one["per_s"] for one in peers),
        "ingest_ratio": median(us["per_s"] / them["per_s"] for us, them in zip(ours, peers, strict=True)),
        "ingest_cpu_ratio": median(us["per_cpu_s"] / them["per_cpu_s"] for us, them in zip(ours, peers, strict=True)),
        "baton_ingest_rss_mb": median(one["rss_mb"] for one in ours),
        "peer_ingest_rss_mb": median(one["rss_mb"] for one in peers),
    }


def baton(history: Path, folder: Path) -> Figures:
    from ingest.archive.scope import EVERYTHING
    from ingest.sync import sync
    from ingest.wiring import open_home

    with open_home(folder / "home", write=True) as home:
        measured = timed(lambda: sync(home, [history], our_domains=["baton.example"]))
        return _rates(len(home.archive.passages(EVERYTHING)), history, measured)


def peer(history: Path, folder: Path) -> Figures:
    from bench.peer import MiniLM, ingest

    model = MiniLM()
    found: list[int] = []
    measured = timed(lambda: found.append(ingest(history, model, folder / "chroma")))
    return _rates(found[0], history, measured)


def samples(history: Path, folder: Path) -> Figures:
    """The samples ingested, ingested again unchanged, and every labelled question asked twice: once to warm up, once to measure."""
    from api.app import create_app  # a serving process has it loaded, so its memory counts
    from assistant.answers import Question
    from assistant.asking import ask
    from assistant.wiring import open_kit
    from eval.cases import load_cases
    from ingest.archive.scope import EVERYTHING
    from ingest.sync import sync
    from ingest.wiring import open_home

    del create_app
    labelled = [(case.history.accounts[question.account].name, question.text) for case in load_cases(CASES) for question in case.questions]
    with open_home(folder / "home", write=True) as home:
        sync(home, [SAMPLES])
    with open_home(folder / "home", write=True) as home:
        again, _ = timed(lambda: sync(home, [SAMPLES]))
        kit = open_kit(home)
        questions = [Question(text, home.archive.account(EVERYTHING, account).id) for account, text in labelled]
        for question in questions:
            ask(kit, question)
        seconds = [timed(partial(ask, kit, question))[0] for question in questions]
    return {"rerun_s": again, "ask_p50_ms": median(seconds) * 1000, "ask_p95_ms": quantiles(seconds, n=20)[-1] * 1000, "rss_mb": rss_mb()}


CHILDREN: dict[str, Callable[[Path, Path], Figures]] = {"baton": baton, "peer": peer, "samples": samples}


def in_child(name: str, history: Path) -> Figures:
    command = [sys.executable, "-m", "bench.run", "--child", name, "--history", str(history)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    figures: Figures = json.loads(run.stdout.splitlines()[-1])
    return figures


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of processor time."""
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def rss_mb() -> float:
    """The most memory this process ever held; Linux counts it in KiB, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def help_cpu() -> float:
    """Processor time of `baton --help`, best of five."""
    seconds = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([Path(sys.executable).with_name("baton"), "--help"], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(seconds)


def table(figures: Figures, passages: int) -> str:
    rows = [
        (f"ingest {passages} texts: Baton", f"{figures['baton_passages_per_s']:.0f}/s, {figures['baton_ingest_rss_mb']:.0f} MB", ""),
        ("  plain LlamaIndex + Chroma", f"{figures['peer_passages_per_s']:.0f}/s, {figures['peer_ingest_rss_mb']:.0f} MB", ""),
        ("  ratio", f"{figures['ingest_ratio']:.2f}", ">= 1.2"),
        ("  ratio by processor time", f"{figures['ingest_cpu_ratio']:.2f}", ""),
        ("samples again, unchanged", f"{figures['rerun_s']:.2f} s", "< 1 s"),
        ("ask on the samples, p50", f"{figures['ask_p50_ms']:.0f} ms", ""),
        ("ask on the samples, p95", f"{figures['ask_p95_ms']:.0f} ms", "< 400 ms"),
        ("memory of that process", f"{figures['rss_mb']:.0f} MB", "< 700 MB"),
        ("baton --help, processor time", f"{figures['help_cpu_s']:.2f} s", "< 0.3 s"),
    ]
    return "\n".join(f"{what:<34}{value:>18}   {goal}".rstrip() for what, value, goal in [("", "measured", "goal"), *rows])


def keep(figures: Figures, passages: int) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC)
    about = {"at": at.isoformat(timespec="seconds"), "python": platform.python_version(), "machine": platform.machine()}
    file = RESULTS / f"{at:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps({**about, "cores": os.cpu_count(), "passages": passages, **figures}, indent=2) + "\n", encoding="utf-8")
    return file


def _rates(held: int, history: Path, measured: tuple[float, float]) -> Figures:
    """Rates over the texts that went in; a side that made fewer or more passages of them did other work and is not comparable."""
    texts = sum(len(line.get("turns", [line])) for line in map(json.loads, history.read_text(encoding="utf-8").splitlines()))
    if held != texts:
        raise SystemExit(f"bench: {texts} texts went in and {held} passages came out")
    wall, cpu = measured
    return {"per_s": texts / wall, "per_cpu_s": texts / cpu, "rss_mb": rss_mb()}


if __name__ == "__main__":
    main()
