"""The server under several clients at once: labelled questions, beside as many requests that do nothing to the same server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from bench.speed.figures import Broken, Figure, Section, alternate, percentile
from bench.speed.place import Place
from bench.speed.progress import say
from bench.speed.server import Request, Volley, fire, served

CLIENTS = (1, 4, 16)
IDLE = "/healthz"


def measure(place: Place) -> Section:
    home, many, rounds = place.copy_of(place.samples_home), place.sizes.requests, place.sizes.rounds
    asking = (asking_all(place) * (many // len(place.questions) + 1))[:many]
    idling = [Request("GET", "/healthz", None, lambda body: json.loads(body) == {"status": "ok"})] * many
    figures: list[Figure] = []
    singles: dict[str, list[list[float]]] = {}
    with served(home) as server:
        say("load, every question once to warm up, from many clients")  # nothing is loaded yet, and all of them want it at once
        whole(server.port, asking_all(place), max(CLIENTS))
        for clients in CLIENTS:
            say(f"load, {clients} clients")
            pairs = alternate(rounds, partial(whole, server.port, asking, clients), partial(whole, server.port, idling, clients))
            figures += _figures(clients, pairs)
            singles[f"{clients} clients: answers, ms"] = [list(ours.milliseconds) for ours, _ in pairs]
            singles[f"{clients} clients: {IDLE}, ms"] = [list(theirs.milliseconds) for _, theirs in pairs]
    return Section(
        "load",
        f"Load: {many} questions to `baton serve`, each asked before; no errors",
        tuple(figures),
        (
            f"The server held {server.peak_mb:.0f} MB at most. The clients run on the same cores as the server.",
            "Each answer is also written to the home before it is sent.",
        ),
        singles,
    )


def asking_all(place: Place) -> list[Request]:
    """Every labelled question once, of its account."""
    return [
        Request("POST", f"/api/v1/accounts/{one['id']}/answers", json.dumps({"question": one["text"]}).encode(), _answers)
        for one in place.questions
    ]


def _answers(body: bytes) -> bool:
    return json.loads(body)["status"] in ("answered", "declined")


def whole(port: int, requests: Sequence[Request], clients: int) -> Volley:
    """Raises `Broken` where a request went wrong."""
    volley = fire(port, requests, clients)
    if volley.errors:
        raise Broken(f"{len(volley.errors)} of {len(requests)} requests went wrong; the first: {volley.errors[0]}")
    return volley


def _figures(clients: int, pairs: list[tuple[Volley, Volley]]) -> list[Figure]:
    who = "1 client" if clients == 1 else f"{clients} clients"
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]

    def rates(side: list[Volley]) -> tuple[float, ...]:
        return tuple(len(one.milliseconds) / one.seconds for one in side)

    def times(side: list[Volley], share: float) -> tuple[float, ...]:
        return tuple(percentile(one.milliseconds, share) for one in side)

    return [
        Figure(f"{who}: requests a second", "/s", rates(ours), rates(theirs), IDLE),
        *(Figure(f"{who}: p{share}", "ms", times(ours, share), times(theirs, share), IDLE) for share in (50, 95)),
    ]
