"""The same folder once more, unchanged: in the process and as a command, beside LlamaIndex's ledger and beside doing nothing."""

from __future__ import annotations

from typing import Any

from bench.speed.figures import Broken, Figure, Section, alternate
from bench.speed.place import SET_ASIDE, Place
from bench.speed.processes import BATON, SAMPLES, Worked, child, run

LEDGER = "LlamaIndex, docstore"
IDLE = "home opened and closed"


def measure(place: Place) -> Section:
    home, texts, kept = str(place.samples_home), str(place.samples_texts), str(place.samples_plain)
    rounds = place.sizes.short_rounds

    def baton() -> Worked:
        return _unchanged("baton.rerun", home=home, paths=[str(SAMPLES)])

    def command() -> float:
        return run(BATON, "ingest", str(SAMPLES), "--home", home, "--json", codes=(0, SET_ASIDE)).wall_s

    within = alternate(rounds, baton, lambda: _unchanged("plain.rerun", history=texts, folder=kept))
    idle = alternate(rounds, baton, lambda: child("baton.nothing", home=home))
    whole = alternate(rounds, command, lambda: _unchanged("plain.rerun", history=texts, folder=kept).process.wall_s)
    whole_idle = alternate(rounds, command, lambda: child("baton.nothing", home=home).process.wall_s)
    return Section(
        "rerun",
        "Re-run of the sample deals, unchanged",
        (
            Figure("in the process", "s", *_seconds(within), LEDGER, "< 1 s"),
            Figure("in the process", "s", *_seconds(idle), IDLE, "< 1 s"),
            Figure("the whole command", "s", tuple(o for o, _ in whole), tuple(t for _, t in whole), LEDGER),
            Figure("the whole command", "s", tuple(o for o, _ in whole_idle), tuple(t for _, t in whole_idle), IDLE),
        ),
        ("LlamaIndex hashes texts that are already read from one file; Baton looks at every export in the folder.",),
    )


def _unchanged(work: str, **arguments: Any) -> Worked:
    worked = child(work, **arguments)
    if worked.said["changed"]:
        raise Broken(f"{work}: nothing had changed, and {worked.said['changed']} things were taken for new")
    return worked


def _seconds(pairs: list[tuple[Worked, Worked]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(ours.said["wall_s"] for ours, _ in pairs), tuple(theirs.said["wall_s"] for _, theirs in pairs)
