"""Size: many passages read in and asked about, with an embedder that costs nothing, so that the rest is what is measured.

The vectors are hashes of words (`bench.hashed`), as large as the real model's and without its meaning: of these homes only times and
memory are read. A question is embedded in no time too; the real model takes some 10 ms more.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from bench.speed.figures import Broken, Figure, Section, alternate, percentile
from bench.speed.place import Place
from bench.speed.processes import PYTHON, ROOT, SAMPLES, child, ended, environment
from bench.speed.progress import say

ACCOUNTS = 2
ASKED = 24


def measure(place: Place) -> Section:
    size, rounds = place.sizes.huge, place.sizes.rounds
    if not size:
        return Section("scale", "Scale", (), ("Left out.",))
    history, home = place.folder / "huge.jsonl", place.folder / "huge-home"
    say(f"scale, making {size} texts")
    child("baton.huge_history", samples=str(SAMPLES), passages=size, accounts=ACCOUNTS, out=str(history))
    say(f"scale, reading {size} texts in")
    read_in = child("baton.ingest_hashed", home=str(home), paths=[str(history)])
    if read_in.said["passages"] != size:
        raise Broken(f"{size} texts went in and {read_in.said['passages']} passages came out")
    say("scale, reading them in again")
    again = [child("baton.rerun_hashed", home=str(home), paths=[str(history)]) for _ in range(rounds)]
    few = _small_home(place)
    texts = [one["text"] for one in place.questions][:ASKED]
    say("scale, asking")
    pairs = alternate(
        rounds,
        lambda: child("baton.ask_hashed", home=str(home), texts=texts).said,
        lambda: child("baton.ask_hashed", home=str(few), texts=texts).said,
    )
    idle, busy = _reads(place, few, texts)
    large, small = f"one account of {size // ACCOUNTS}", f"one of {place.sizes.large}"
    return Section(
        "scale",
        f"Scale: {size} passages with hashed vectors",
        (
            Figure(f"read {size} texts in, most memory", "MB", (read_in.process.peak_mb,), (1500.0,), "the bound", "< 1,500 MB"),
            Figure("texts a processor second", "/s", (size / read_in.said["cpu_s"],), (1.0,), "one a second"),
            Figure(
                "unchanged, interactions a second",
                "/s",
                tuple(one.said["unchanged"] / one.said["wall_s"] for one in again),
                tuple(5000.0 for _ in again),
                "the bound",
                ">= 5,000 /s",
            ),
            *(
                Figure(
                    f"{large}, p{share}",
                    "ms",
                    tuple(percentile(ours[which], share) for ours, _ in pairs),
                    tuple(percentile(theirs[which], share) for _, theirs in pairs),
                    small,
                    goal,
                )
                for which, share, goal in (("wall_ms", 50, ""), ("wall_ms", 95, "< 400 ms"))
            ),
            *(
                Figure(
                    f"{large}, processor, p{share}",
                    "ms",
                    tuple(percentile(ours["cpu_ms"], share) for ours, _ in pairs),
                    tuple(percentile(theirs["cpu_ms"], share) for _, theirs in pairs),
                    small,
                )
                for share in (50, 95)
            ),
            Figure(f"{large}, the first of a process", "s", _column(pairs, 0), _column(pairs, 1), small),
            Figure("  the memory of that process", "MB", tuple(o["rss_mb"] for o, _ in pairs), tuple(t["rss_mb"] for _, t in pairs), small),
            Figure("asking while another process ingests, p95", "ms", busy, idle, "idle", "ratio <= 3"),
        ),
        ("Hashed vectors: of the same size as the real ones, without meaning. Bounds stand where a peer would.",),
        {"asking while another process ingests, ms": [list(busy)], "asking idle, ms": [list(idle)]},
    )


def _column(pairs: list[tuple[dict[str, Any], dict[str, Any]]], side: int) -> tuple[float, ...]:
    return tuple(pair[side]["first_s"] for pair in pairs)


def _small_home(place: Place) -> Path:
    history, home = place.folder / "fewer.jsonl", place.folder / "fewer-home"
    child("baton.huge_history", samples=str(SAMPLES), passages=place.sizes.large, accounts=1, out=str(history))
    child("baton.ingest_hashed", home=str(home), paths=[str(history)])
    return home


def _reads(place: Place, home: Path, texts: list[str]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The p95 of questions about an account, idle and while another process reads other accounts' exports into the same home."""
    idle, busy = [], []
    for number in range(place.sizes.rounds):
        home = place.copy_of(home)
        history = place.folder / f"beside-{number}.jsonl"
        child("baton.huge_history", samples=str(SAMPLES), passages=place.sizes.large, accounts=4, out=str(history), others=True)
        idle.append(percentile(child("baton.ask_hashed", home=str(home), texts=texts).said["wall_ms"], 95))
        say("scale, asking while another process ingests")
        arguments = json.dumps({"home": str(home), "paths": [str(history)]})
        command = [PYTHON, "-m", "bench.speed.child", "baton.ingest_hashed", arguments]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment())
        try:
            asked = child("baton.ask_until", home=str(home), texts=texts, process=writer.pid).said["wall_ms"]
        finally:
            out = writer.stdout.read() if writer.stdout else ""
            ended(writer)
            if writer.stdout:
                writer.stdout.close()
        if writer.returncode or '"passages"' not in out:
            raise Broken("the ingest beside the questions failed")
        busy.append(percentile(asked, 95))
    return tuple(idle), tuple(busy)
