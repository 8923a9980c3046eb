"""Reading a history in: Baton beside plain LlamaIndex and Chroma on the same texts, and on a folder of real exports."""

from __future__ import annotations

from bench.speed.figures import Figure, Section, alternate
from bench.speed.place import Place
from bench.speed.processes import SAMPLES, Worked

PLAIN = "LlamaIndex + Chroma"


def measure(place: Place) -> Section:
    texts, rounds = place.sizes.passages, place.sizes.rounds
    history = str(place.history)
    synthetic = alternate(
        rounds,
        lambda: place.worked("baton.ingest", texts, home=str(place.fresh()), paths=[history], our_domains=["baton.example"]),
        lambda: place.worked("plain.ingest", texts, history=history, folder=str(place.fresh())),
    )
    ours, theirs = zip(*synthetic, strict=True)
    ours_real, theirs_real = zip(*place.sample_ingests, strict=True)
    files = sum(path.is_file() for path in SAMPLES.rglob("*"))

    def rates(side: tuple[Worked, ...], time: str) -> tuple[float, ...]:
        return tuple(texts / one.said[time] for one in side)

    return Section(
        "ingest",
        f"Ingest: {texts} texts, and the sample deals ({files} files, {place.samples_passages} passages)",
        (
            Figure("texts a second", "/s", rates(ours, "wall_s"), rates(theirs, "wall_s"), PLAIN, "ratio >= 1.7"),
            Figure("texts a processor second", "/s", rates(ours, "cpu_s"), rates(theirs, "cpu_s"), PLAIN),
            Figure("the whole process", "s", _walls(ours), _walls(theirs), PLAIN),
            Figure("most memory", "MB", _peaks(ours), _peaks(theirs), PLAIN),
            Figure("sample deals", "s", _inside(ours_real), _inside(theirs_real), PLAIN),
            Figure("  the whole process", "s", _walls(ours_real), _walls(theirs_real), PLAIN),
        ),
        (
            "The model of the peer is loaded before its clock starts, Baton's after; the whole process has everything in it.",
            "Of the sample deals Baton reads the exports; the peer is given the texts that came out.",
        ),
    )


def _inside(side: tuple[Worked, ...]) -> tuple[float, ...]:
    return tuple(one.said["wall_s"] for one in side)


def _walls(side: tuple[Worked, ...]) -> tuple[float, ...]:
    return tuple(one.process.wall_s for one in side)


def _peaks(side: tuple[Worked, ...]) -> tuple[float, ...]:
    return tuple(one.process.peak_mb for one in side)
