"""Starting: short commands, and the server until it is ready, beside Python that does nothing or loads the web framework alone."""

from __future__ import annotations

from bench.speed.figures import Figure, Section, alternate
from bench.speed.place import Place
from bench.speed.processes import BATON, PYTHON, run
from bench.speed.progress import say
from bench.speed.server import served

PASS = "python -c pass"
FASTAPI = "python -c 'import fastapi'"
Times = tuple[float, float]
"""Seconds by the clock and of processor time."""


def measure(place: Place) -> Section:
    home, rounds = str(place.samples_home), place.sizes.short_rounds
    served_home = place.copy_of(place.samples_home)
    say("start-up")

    def serve() -> Times:
        with served(served_home) as server:
            pass
        return server.ready_s, server.cpu_s

    helped = alternate(rounds, lambda: _times(BATON, "--help"), lambda: _times(PYTHON, "-c", "pass"))
    listed = alternate(rounds, lambda: _times(BATON, "accounts", "--home", home), lambda: _times(PYTHON, "-c", "pass"))
    ready = alternate(rounds, serve, lambda: _times(PYTHON, "-c", "import fastapi"))
    return Section(
        "startup",
        "Start-up",
        (
            *_figures("baton --help", helped, PASS, "< 0.3 s"),
            *_figures("baton accounts", listed, PASS),
            *_figures("baton serve, until ready", ready, FASTAPI),
        ),
        ("The server's processor time runs to its end, a fraction of a second after it was ready.",),
    )


def _times(*command: str) -> Times:
    ran = run(*command)
    return ran.wall_s, ran.cpu_s


def _figures(what: str, pairs: list[tuple[Times, Times]], beside: str, cpu_goal: str = "") -> list[Figure]:
    return [
        Figure(f"{what}{how}", "s", tuple(ours[at] for ours, _ in pairs), tuple(theirs[at] for _, theirs in pairs), beside, goal)
        for at, how, goal in ((0, "", ""), (1, ", processor", cpu_goal))
    ]
