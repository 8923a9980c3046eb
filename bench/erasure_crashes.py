"""Kills an erasure at each named place, again and again, and checks that the next command finishes it.

An account and a person are erased by turns from a home full of words that nobody else has. Every third time the command that finishes it
is killed at the same place, too. Then the home is opened in peace: not one of the words may be in any byte of it, and the other account
must be what an undisturbed erasure leaves.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ingest import erasing, failpoints
from ingest.archive.scope import EVERYTHING
from ingest.erasure_note import Kind
from ingest.index.projection import bring_up_to_date, differences
from tests.conftest import Desk, HashedTerms
from tests.ingest.erasure.planted import HER_WORDS, PETRAS, WORDS, everything_kept, left, plant

ROOT = Path(__file__).resolve().parents[1]
KINDS: tuple[Kind, ...] = ("account", "person")


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill an erasure at each named place and check that the next command finishes it.")
    parser.add_argument("--each", type=int, default=3, help="kills a place")
    parser.add_argument("--places", default=",".join(failpoints.OF_ERASURES), help="which, parted by commas")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        what, folder = options.run
        run(what, Path(folder))
        return
    with tempfile.TemporaryDirectory(prefix="baton-erasures-") as folder:
        sys.exit(crash(Path(folder), options.places.split(","), options.each))


def crash(folder: Path, places: Sequence[str], each: int) -> int:
    """The exit code: 0 if every place was met as often as asked, and every erasure was finished."""
    start = Desk(folder / "start", HashedTerms())
    plant(start)
    expected = {}
    for kind in KINDS:
        run(kind, _copy(start, folder / kind).home.parent)
        expected[kind] = state(Desk(folder / kind, HashedTerms()))
    kills = wrong = 0
    for name in places:
        for number in range(each):
            kind = KINDS[number % len(KINDS)]
            desk = _copy(start, folder / "once")
            met = _is_killed(kind, desk, name)
            kills += met
            if number % 3 == 2 and erasing.pending(desk.home):
                _is_killed("open", desk, name)
            if problems := [*unfinished(kind, desk), *(part for part, held in state(desk).items() if held != expected[kind][part])]:
                wrong += 1
                print(f"{kind} killed at {name!r} ({number + 1} of {each}): {', '.join(problems)}")
    print(f"erasures: {kills} kills at {len(places)} places, {wrong} that the next command did not finish")
    return 1 if wrong or kills < each * len(places) else 0


def run(what: str, folder: Path) -> None:
    """Erases the account or the person, or does no more than open the home."""
    desk = Desk(folder, HashedTerms())
    with desk.open(write=True) as home:
        if what == "account":
            erasing.erase(home, "account", home.archive.account(EVERYTHING, "Kestrel").id)
        elif what == "person":
            erasing.erase(home, "person", PETRAS)


def unfinished(kind: Kind, desk: Desk) -> list[str]:
    """What is still there of what was to be erased, after a command that only reads."""
    with desk.open():
        pass
    words = WORDS if kind == "account" else HER_WORDS
    found = [f"{what} is in {', '.join(files)}" for what, files in left(desk.home, words).items()]
    return [*found, *(["it is still to be finished"] if erasing.pending(desk.home) else [])]


def state(desk: Desk) -> dict[str, object]:
    """All that must be the same as after an undisturbed erasure."""
    with desk.open(write=True) as home:
        bring_up_to_date(home)
        accounts = home.archive.accounts(EVERYTHING)
        assert home.vectors is not None
        return {
            "the other account": everything_kept(desk),
            "accounts": [account.name for account in accounts],
            "texts": sorted(each.text for each in home.archive.interactions(EVERYTHING)),
            "indexes": [str(each) for account in accounts for each in differences(home.archive, home.vectors, account.id)],
            "the file": home.archive.sound(),
            "erasures": [what for what, _, _ in home.archive.erasures()],
        }


def _is_killed(what: str, desk: Desk, name: str) -> bool:
    environment = {**os.environ, failpoints.VARIABLE: name}
    command = [sys.executable, "-m", "bench.erasure_crashes", "--run", what, str(desk.home.parent)]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=300)
    return done.returncode == -signal.SIGKILL


def _copy(desk: Desk, to: Path) -> Desk:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(desk.home, to / "home")
    return Desk(to, HashedTerms())


if __name__ == "__main__":
    main()
