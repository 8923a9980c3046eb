"""Asking: every labelled question on the sample deals, the first answer of a process, and one account of many passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.speed.figures import Broken, Figure, Section, alternate, percentile
from bench.speed.place import Place
from bench.speed.processes import BATON, child, run
from bench.speed.progress import say

RETRIEVE = "LlamaIndex, top 5"
NOT_IN_HISTORY = 3
Said = list[tuple[dict[str, Any], dict[str, Any]]]


def measure(place: Place) -> Section:
    rounds, asked = place.sizes.rounds, place.questions
    small = _both(place.samples_home, place.samples_plain, asked, rounds)
    cold = _cold(place, rounds)
    figures = [
        *_figures("a new question", small, "new_ms", "< 400 ms"),
        *_figures("asked again", small, "again_ms", "< 400 ms"),
        Figure("first answer, new process", "s", tuple(o for o, _ in cold), tuple(t for _, t in cold), RETRIEVE),
    ]
    singles = _singles("samples", small)
    notes = ["Baton answers with checked quotes; LlamaIndex gives five passages, and no answer. The first of a process loads the model."]
    if place.sizes.large:
        large = _both(place.large_home, place.large_plain, place.large_questions, rounds)
        what = f"one account of {place.sizes.large}"
        figures += [
            *_figures(f"{what}, new", large, "new_ms", "< 250 ms"),
            *_figures(f"{what}, again", large, "again_ms", "< 250 ms"),
            Figure(f"{what}, the first of a process", "ms", *_column(large, "first_ms", "first_ms"), RETRIEVE),
        ]
        singles |= _singles("large", large)
    else:
        notes.append("The large account was left out.")
    return Section("ask", f"Ask: {len(asked)} labelled questions, warm unless said otherwise", tuple(figures), tuple(notes), singles)


def _both(home: Path, folder: Path, asked: list[dict[str, str]], rounds: int) -> Said:
    def side(work: str, **where: str) -> dict[str, Any]:
        say(f"ask, {work.partition('.')[0]}, {home.name}")
        said = child(work, asked=asked, **where).said
        if said["answers"] != len(asked):
            raise Broken(f"{work}: {len(asked)} questions were asked and {said['answers']} answered")
        return said

    return alternate(rounds, lambda: side("baton.ask", home=str(home)), lambda: side("plain.ask", folder=str(folder)))


def _cold(place: Place, rounds: int) -> list[tuple[float, float]]:
    """Whole processes, another question in each round."""
    home, folder = str(place.samples_home), str(place.samples_plain)
    asked = iter([one for one in place.questions for _ in (1, 2)])

    def command() -> float:
        one = next(asked)
        return run(BATON, "ask", one["id"], one["text"], "--home", home, "--json", codes=(0, NOT_IN_HISTORY)).wall_s

    return alternate(rounds, command, lambda: child("plain.ask_once", folder=folder, **_of(next(asked))).process.wall_s)


def _of(asked: dict[str, str]) -> dict[str, str]:
    return {"account": asked["account"], "question": asked["text"]}


def _figures(what: str, said: Said, which: str, goal: str = "") -> list[Figure]:
    ours = [one[which] for one, _ in said]
    theirs = [other["new_ms"] for _, other in said]
    return [
        Figure(
            f"{what}, p{share}",
            "ms",
            tuple(percentile(one, share) for one in ours),
            tuple(percentile(one, share) for one in theirs),
            RETRIEVE,
            goal if share == 95 else "",
        )
        for share in (50, 95)
    ]


def _column(said: Said, ours: str, theirs: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(one[ours] for one, _ in said), tuple(other[theirs] for _, other in said)


def _singles(where: str, said: Said) -> dict[str, list[list[float]]]:
    return {
        f"{where}: Baton, new, ms": [one["new_ms"] for one, _ in said],
        f"{where}: Baton, again, ms": [one["again_ms"] for one, _ in said],
        f"{where}: {RETRIEVE}, ms": [other["new_ms"] for _, other in said],
    }
