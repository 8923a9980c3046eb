"""The most memory of a process that ingests, asks or serves, beside the peer's and beside one that only loads the same libraries."""

from __future__ import annotations

from bench.speed.figures import Figure, Section, alternate
from bench.speed.load import asking_all, whole
from bench.speed.place import Place
from bench.speed.processes import child
from bench.speed.progress import say
from bench.speed.server import served

IDLE = "the same libraries, idle"
PEER = "LlamaIndex + Chroma"
GOAL = "< 700 MB"
ROUNDS = 2
"""Memory hardly differs from round to round."""


def measure(place: Place) -> Section:
    say("memory")
    home, folder, asked = str(place.samples_home), str(place.samples_plain), place.questions
    ingests = place.sample_ingests
    libraries = {
        "ingest": ingests[0][0].libraries,
        "ask": child("baton.ask", home=home, asked=asked[:1]).libraries,
        "serve": child("baton.serving", home=home, account=asked[0]["id"]).libraries,
    }

    def asking() -> float:
        return child("baton.ask", home=home, asked=asked).process.peak_mb

    def idle(work: str) -> float:
        return child("baton.idle", libraries=libraries[work]).process.peak_mb

    def plain_asking() -> float:
        return child("plain.ask", folder=folder, asked=asked).process.peak_mb

    pairs = {
        ("ingest the sample deals", PEER): [(ours.process.peak_mb, theirs.process.peak_mb) for ours, theirs in ingests],
        ("ingest the sample deals", IDLE): [(ours.process.peak_mb, idle("ingest")) for ours, _ in ingests],
        ("ask every question", PEER): alternate(ROUNDS, asking, plain_asking),
        ("ask every question", IDLE): alternate(ROUNDS, asking, lambda: idle("ask")),
        ("serve every question", IDLE): alternate(ROUNDS, lambda: _served(place), lambda: idle("serve")),
    }
    figures = [
        Figure(what, "MB", tuple(ours for ours, _ in both), tuple(theirs for _, theirs in both), beside, GOAL)
        for (what, beside), both in pairs.items()
    ]
    return Section("memory", "Memory: the most a process held", tuple(figures))


def _served(place: Place) -> float:
    with served(place.copy_of(place.samples_home)) as server:
        whole(server.port, asking_all(place), clients=4)
    return server.peak_mb
