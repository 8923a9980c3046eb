"""Kills an ingest at each named place, again and again, and checks that the run after it leaves what an undisturbed one leaves.

Each round works on a home that is there already: files are edited, removed and added, where it takes that vectors are damaged so that they
have to be made again, and the run over them is killed. Then the same run again, in peace; ids, texts, what words and vectors find and
the vectors themselves must be those of a home that was never disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest import failpoints
from ingest.archive.scope import EVERYTHING
from ingest.index.port import WHOLE
from ingest.index.projection import FOLDER
from ingest.index.vectors import VectorIndex
from ingest.opened import Home
from ingest.sync import sync
from ingest.wiring import open_home
from tests.exports import DANA, MARTA, TOM, at, gong, mail, salesforce, under, write
from tests.ingest.making import HashedWords

ROOT = Path(__file__).resolve().parents[1]

BEFORE: Mapping[str, str | bytes] = {
    **under("salesforce", salesforce(notes=["Budget holder is Jonas Beck. He signs above 100k."])),
    **under("gong", gong("7001", "Commercial alignment", [(DANA, "We would look at the end of January."), (MARTA, "That is too late.")])),
    "emails/1.eml": mail(DANA, MARTA, "Support in Swedish is free of charge for 90 days.", id="1", on=at(9, 3)),
    "emails/2.eml": mail(TOM, DANA, "The SAP test system is there by the end of November.", id="2", on=at(9, 4)),
    "emails/3.eml": mail(MARTA, DANA, "Who takes part?", id="3", on=at(9, 5), attached={"plan.pdf": "Go-live is on 18 January."}),
}
AFTER: Mapping[str, str | bytes] = {
    **under("salesforce", salesforce(notes=["Budget holder is Jonas Beck. He signs above 200k.", "Legal wants a data agreement."])),
    **under("gong", gong("7002", "Kick-off", [(DANA, "We start with two depots."), (TOM, "The interface comes second.")], on=at(9, 8))),
    "emails/1.eml": mail(DANA, MARTA, "Support in Swedish is free of charge for 60 days.", id="1", on=at(9, 3)),
    "emails/4.eml": mail(MARTA, DANA, "All of us take part.", id="4", on=at(9, 6), attached={"order.pdf": "The fee is 186,000 a year."}),
}
_REBUILDING = frozenset({"built", "moved away", "moved in"})
"""Places that are only come to where an index has to be made again."""
GONE = ("emails/2.eml",)


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill an ingest at each named place and check that the next run makes up for it.")
    parser.add_argument("--each", type=int, default=3, help="kills a place")
    parser.add_argument("--places", default=",".join(failpoints.NAMES), help="which, parted by commas")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--run", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        ingest(*options.run)
        return
    with tempfile.TemporaryDirectory(prefix="baton-crashes-") as folder:
        sys.exit(crash(Path(folder), options.places.split(","), options.each, options.seed))


def crash(folder: Path, places: Sequence[str], each: int, seed: int) -> int:
    """The exit code: 0 if every place was met as often as asked, and every home came out whole."""
    chance, files, start = random.Random(seed), folder / "files", folder / "start"
    write(files, BEFORE)
    ingest(start, files)
    for name in GONE:
        (files / name).unlink()
    write(files, AFTER)
    wanted = _copy(start, folder / "wanted")
    ingest(wanted, files)
    expected, kills, wrong = state(wanted), 0, 0
    for name in places:
        for number in range(1, each + 1):
            home = folder / "home"
            kills += _is_killed(start, home, files, name, chance.choice((1, 1, 2, 3)))
            ingest(home, files)
            if differs := [part for part, held in state(home).items() if held != expected[part]]:
                wrong += 1
                print(f"killed at {name!r} ({number} of {each}, --seed {seed}): {', '.join(differs)} differ from an undisturbed run")
    print(f"crashes: {kills} kills at {len(places)} places, {wrong} homes that the next run did not complete (--seed {seed})")
    return 1 if wrong or kills < each * len(places) else 0


def _is_killed(start: Path, home: Path, files: Path, name: str, at: int) -> bool:
    """Kills a run when it comes past a place for the `at`-th time, or the last before, for not every run comes there so often."""
    for number in range(at, 0, -1):
        _copy(start, home)
        if name in _REBUILDING:
            _damage(home)
        environment = {**os.environ, failpoints.VARIABLE: f"{name}@{number}"}
        command = [sys.executable, "-m", "bench.crashes", "--run", str(home), str(files)]
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=300)
        if done.returncode == -signal.SIGKILL:
            return True
    return False


def _copy(home: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(home, to))


def _damage(home: Path) -> None:
    """As if a kill had met the flush of Chroma's own files: it leaves them such that nothing can be read."""
    for stamp in (home / FOLDER).glob(f"*/*{WHOLE}"):
        stamp.unlink()
        (stamp.with_suffix("") / "chroma.sqlite3").write_bytes(b"torn")


def ingest(home: Path, files: Path) -> None:
    with opened(home) as writable:
        sync(writable, [files], our_domains=["cartage.example"])


def opened(home: Path) -> Home:
    embedder = HashedWords()
    return open_home(home, write=True, load_embedder=lambda: embedder, model=embedder.name)


def state(home: Path) -> Mapping[str, object]:
    """All that must be the same, without what differs between any two runs."""
    with opened(home) as whole:
        accounts = [account.id for account in whole.archive.accounts(EVERYTHING)]
        assert isinstance(whole.vectors, VectorIndex)
        return {
            "interactions": {s.id: (s.text_sha256, s.version, s.kind, s.occurred_on) for s in whole.archive.sources(EVERYTHING)},
            "passages": sorted(passage.id for passage in whole.archive.passages(EVERYTHING)),
            "what words find": {id: whole.words.ids(id) for id in accounts},
            "what vectors find": {id: _rounded(whole.vectors.vectors(id)) for id in accounts},
            "inputs": sorted((each.key, each.digest) for each in whole.archive.inputs()),
            "what is set aside": (whole.archive.held(), whole.archive.failed()),
            "what lies beside the indexes": sorted(path.name for path in (home / FOLDER).glob("*/.*")),
        }


def _rounded(vectors: Mapping[str, Any]) -> dict[str, bytes]:
    return {id: vector.round(4).tobytes() for id, vector in vectors.items()}


if __name__ == "__main__":
    main()
