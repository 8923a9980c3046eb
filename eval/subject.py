"""What is evaluated: Baton on a home into which the sample exports were read, behind a port that a test can stand in for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from assistant.answers import Answer, Question
from assistant.asking import ask, search
from assistant.brief.body import brief_json
from assistant.brief.compose import compose
from assistant.fact_runs import FactRun, read_by_model
from assistant.models.port import AnswerModel, ReadsFacts
from assistant.wiring import Kit, open_kit
from ingest.archive.rows import Source, StoredPassage
from ingest.archive.scope import EVERYTHING
from ingest.sync import sync
from ingest.wiring import open_home


class Subject(Protocol):
    """Answers, finds and composes. Accounts and deals are named as the labels name them."""

    def account_id(self, name: str) -> str: ...

    def sources(self, account_id: str) -> Mapping[str, Source]:
        """The account's interactions by id."""
        ...

    def ask(self, question: Question) -> Answer: ...

    def find(self, question: Question, limit: int) -> Sequence[StoredPassage]:
        """The passages that search puts forward, best first."""
        ...

    def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
        """The Brief of the public interface."""
        ...


@dataclass(frozen=True, slots=True)
class Read:
    """What reading the exports came to."""

    seconds: float
    notes: tuple[str, ...]
    """Inputs held or set aside, and parts that run degraded: each would cost answers."""
    facts: str = ""
    """What a language model read, if one did."""


@dataclass(frozen=True)
class Baton:
    """The subject itself. Answers are asked for, not kept, so that a run leaves the home as it was."""

    kit: Kit
    _sources: dict[str, Mapping[str, Source]] = field(default_factory=dict)

    def account_id(self, name: str) -> str:
        return self.kit.archive.account(EVERYTHING, name).id

    def sources(self, account_id: str) -> Mapping[str, Source]:
        if account_id not in self._sources:
            self._sources[account_id] = {source.id: source for source in self.kit.archive.sources(EVERYTHING.only(account_id))}
        return self._sources[account_id]

    def ask(self, question: Question) -> Answer:
        return ask(self.kit, question)

    def find(self, question: Question, limit: int) -> Sequence[StoredPassage]:
        evidence = search(self.kit, question, limit=limit)
        return [ranked.passage for ranked in evidence.ranked]

    def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
        deals = {stored.name: stored.id for stored in self.kit.archive.deals(EVERYTHING.only(account_id))}
        return brief_json(compose(self.kit, account_id, deals[deal]))


@contextmanager
def baton_on(
    samples: Path,
    home: Path | None,
    progress: Callable[[str, int, int], None],
    model: AnswerModel | None = None,
    *,
    facts_too: bool = True,
) -> Iterator[tuple[Baton, Read]]:
    """Baton with the samples read in, on the home given (what it has read before is not read again) or one that is thrown away.

    Whatever the settings say, it answers without a language model unless it is given one; with one, every source is sent to it once
    for its facts, and `Read.facts` says what that came to. Facts are not asked for where only a sample of the questions is.
    """
    with TemporaryDirectory(prefix="baton-eval-") as passing, open_home(home or Path(passing), write=True) as opened:
        tally = sync(opened, [samples], progress=progress)
        held = [f"held: {held.file}: {held.reason}" for held in tally.held]
        failed = [f"set aside: {failure.file}: {failure.detail}" for failure in tally.failed]
        kit = open_kit(opened, extractive=True)
        facts = ""
        if facts_too and isinstance(model, ReadsFacts):
            facts = _told(read_by_model(opened.archive, model, progress=progress))
        yield Baton(replace(kit, model=model) if model else kit), Read(tally.seconds, (*held, *failed, *opened.degraded), facts)


def _told(run: FactRun) -> str:
    about = "about " if run.estimated else ""
    missed = f", {len(run.failed)} failed, {run.left} not asked" if run.failed or run.left else ""
    return (
        f"facts by the model: {run.asked} sources asked, {run.added} facts added, {run.refused} not taken, "
        f"{about}{run.sent + run.received} tokens{missed}"
    )
