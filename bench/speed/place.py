"""The folder a run works in: what both sides are measured on, made when it is first asked for, each in a process of its own.

So the process that measures loads neither Baton nor the peer and stays small.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from bench.speed.figures import Broken, alternate
from bench.speed.processes import BATON, CASES, SAMPLES, Worked, child, run
from bench.speed.progress import say

SET_ASIDE = 5
"""`baton ingest` ends so where an input could not be read; the samples hold such inputs on purpose."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured. Rounds of what takes seconds, `short_rounds` of what is over at once."""

    passages: int = 2000
    rounds: int = 2
    large: int = 5_000
    huge: int = 100_000
    requests: int = 120
    short_rounds: int = 5


class Place:
    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder, self.sizes = folder, sizes
        self._fresh = count()

    def fresh(self) -> Path:
        """A path where nothing lies yet."""
        return self.folder / f"fresh-{next(self._fresh)}"

    @cached_property
    def history(self) -> Path:
        """As many texts as were asked for, in ten accounts."""
        return self._history("history", self.sizes.passages)

    @cached_property
    def samples_home(self) -> Path:
        say("reading the sample deals into a home")
        home = self.folder / "samples-home"
        run(BATON, "ingest", str(SAMPLES), "--home", str(home), codes=(0, SET_ASIDE))
        return home

    @cached_property
    def samples_texts(self) -> Path:
        """The passages of the sample deals in the neutral format: the same texts for the peer, already read and cut."""
        out = self.folder / "samples.jsonl"
        child("baton.texts", home=str(self.samples_home), out=str(out))
        return out

    @cached_property
    def samples_passages(self) -> int:
        return sum(len(json.loads(line)["turns"]) for line in self.samples_texts.read_text(encoding="utf-8").splitlines())

    @cached_property
    def sample_ingests(self) -> list[tuple[Worked, Worked]]:
        """Both sides reading the sample deals in, round by round: `ingest` reads its seconds, `memory` its megabytes."""
        texts = str(self.samples_texts)
        return alternate(
            self.sizes.rounds,
            lambda: self.worked("baton.ingest", self.samples_passages, home=str(self.fresh()), paths=[str(SAMPLES)]),
            lambda: self.worked("plain.ingest", self.samples_passages, history=texts, folder=str(self.fresh())),
        )

    @cached_property
    def samples_plain(self) -> Path:
        """The same texts as the plain stack keeps them."""
        texts, folder = self.samples_texts, self.folder / "samples-plain"
        say("indexing the same texts with LlamaIndex and Chroma")
        embedded = child("plain.rerun", history=str(texts), folder=str(folder)).said["changed"]
        if embedded != self.samples_passages:
            raise Broken(f"the sample deals have {self.samples_passages} passages and LlamaIndex made {embedded} nodes of them")
        return folder

    @cached_property
    def questions(self) -> list[dict[str, str]]:
        """The labelled questions: account (its name), id (the account's), text."""
        asked: list[dict[str, str]] = child("baton.questions", home=str(self.samples_home), cases=str(CASES)).said["questions"]
        return asked

    @cached_property
    def large_home(self) -> Path:
        """One account of many passages."""
        history, home = self._history("large_history", self.sizes.large), self.folder / "large-home"
        self.worked("baton.ingest", self.sizes.large, home=str(home), paths=[str(history)])
        return home

    @cached_property
    def large_plain(self) -> Path:
        folder = self.folder / "large-plain"
        say("indexing the same passages with LlamaIndex and Chroma")
        held = child("plain.large", home=str(self.large_home), folder=str(folder)).said["passages"]
        if held != self.sizes.large:
            raise Broken(f"the large account has {self.sizes.large} passages and Chroma holds {held} of them")
        return folder

    @cached_property
    def large_questions(self) -> list[dict[str, str]]:
        """The labelled questions, asked of the large account."""
        ((name, id),) = child("baton.accounts", home=str(self.large_home)).said["accounts"].items()
        return [{"account": name, "id": id, "text": text} for text in dict.fromkeys(one["text"] for one in self.questions)]

    def worked(self, work: str, passages: int, **arguments: Any) -> Worked:
        """One side's ingest. A side that made fewer or more passages did other work, and is not comparable."""
        say(f"ingest, {work.partition('.')[0]}, {passages} passages")
        worked = child(work, **arguments)
        if worked.said["passages"] != passages:
            raise Broken(f"{work}: {passages} texts went in and {worked.said['passages']} passages came out")
        return worked

    def copy_of(self, home: Path) -> Path:
        """To be written to."""
        return Path(shutil.copytree(home, self.fresh()))

    def _history(self, work: str, passages: int) -> Path:
        out = self.folder / f"{work}.jsonl"
        say(f"making {passages} texts")
        child(f"baton.{work}", samples=str(SAMPLES), passages=passages, out=str(out))
        return out
