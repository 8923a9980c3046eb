"""A fault planted in the assistant is noticed by the gate, by the measure that is there for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import assistant.asking
import assistant.ledgers
from assistant.answers import Answer, Question
from assistant.asking import gather
from assistant.evidence import Evidence
from assistant.facts.reading import Reading, read_off
from assistant.wiring import Kit
from eval.cases import Case
from eval.command import DATA
from eval.gate import FEWEST, Gate, hold, record
from eval.items import Item, items_of, scores_of
from eval.measures import ERRORS, Summary, judge_case, pool, summarise
from eval.paired import paired
from eval.run import run
from eval.subject import Baton, Subject, baton_on
from ingest.archive.rows import Source, StoredInteraction, StoredPassage
from ingest.archive.scope import EVERYTHING, Scope
from tests.eval.faults import FAULTS, Fault

pytestmark = pytest.mark.slow
LABELS = "as they are"


@dataclass
class Once:
    """Baton, which is asked everything once and repeats itself from then on."""

    baton: Baton
    _kept: dict[object, Any] = field(default_factory=dict)

    def account_id(self, name: str) -> str:
        return self.baton.account_id(name)

    def sources(self, account_id: str) -> Mapping[str, Source]:
        return self.baton.sources(account_id)

    def ask(self, question: Question) -> Answer:
        if question not in self._kept:
            self._kept[question] = self.baton.ask(question)
        return self._kept[question]

    def find(self, question: Question, limit: int) -> Sequence[StoredPassage]:
        if (question, limit) not in self._kept:
            self._kept[question, limit] = self.baton.find(question, limit)
        return self._kept[question, limit]

    def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
        if (account_id, deal) not in self._kept:
            self._kept[account_id, deal] = self.baton.brief(account_id, deal)
        return self._kept[account_id, deal]


@dataclass(frozen=True)
class Parts:
    """One subject, asked by three."""

    answers: Subject
    search: Subject
    briefs: Subject

    def account_id(self, name: str) -> str:
        return self.answers.account_id(name)

    def sources(self, account_id: str) -> Mapping[str, Source]:
        return self.answers.sources(account_id)

    def ask(self, question: Question) -> Answer:
        return self.answers.ask(question)

    def find(self, question: Question, limit: int) -> Sequence[StoredPassage]:
        return self.search.find(question, limit)

    def brief(self, account_id: str, deal: str) -> Mapping[str, Any]:
        return self.briefs.brief(account_id, deal)


class Measured(NamedTuple):
    summary: Summary
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Bench:
    """The unspoilt system, and the baseline recorded from it."""

    cases: tuple[Case, ...]
    unspoilt: Once
    baseline: Path
    evidence: dict[object, Evidence] = field(default_factory=dict)
    facts: dict[object, Reading] = field(default_factory=dict)

    def measure(self, subject: Subject) -> Measured:
        ran = run(self.cases, subject, _silent)
        judged = {case.name: judge_case(case, ran[case.name].outcome) for case in self.cases}
        items = (item for deal, rows in judged.items() for item in items_of(deal, rows))
        return Measured(summarise(pool(list(judged.values()))), tuple(items))

    def with_fault(self, fault: Fault, patch: pytest.MonkeyPatch) -> Measured:
        """Only what the fault touches is asked again."""
        whole, spoilt = self.unspoilt, fault.plant(self.unspoilt.baton, patch)
        if fault.touches == "reading":
            with baton_on(DATA / "samples", None, _silent) as (misread, _):
                return self.measure(Parts(misread, misread, whole))
        if fault.touches == "answers":
            patch.setattr(assistant.asking, "gather", self._gather)
        if fault.touches == "brief":
            patch.setattr(assistant.ledgers, "read_off", self._read_off)
        asked, briefed = fault.touches in ("search", "gathering", "answers"), fault.touches in ("grammar", "brief")
        return self.measure(Parts(spoilt if asked else whole, spoilt if fault.touches == "search" else whole, spoilt if briefed else whole))

    def _gather(self, kit: Kit, question: Question, scope: Scope = EVERYTHING) -> Evidence:
        if (question, scope) not in self.evidence:
            self.evidence[question, scope] = gather(kit, question, scope)
        return self.evidence[question, scope]

    def _read_off(self, interaction: StoredInteraction, colleagues: frozenset[str] = frozenset()) -> Reading:
        key = (interaction.source.id, colleagues)
        if key not in self.facts:
            self.facts[key] = read_off(interaction, colleagues)
        return self.facts[key]

    def gate(self, measured: Measured) -> Gate:
        return hold(*measured, LABELS, self.baseline)


def _silent(deal: str, done: int, total: int) -> None:
    """Nobody is shown how far a run is."""


@pytest.fixture(scope="module")
def bench(cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with baton_on(DATA / "samples", None, _silent) as (baton, _):
        bench = Bench(cases, Once(baton), tmp_path_factory.mktemp("gate") / "baseline.json")
        record(*bench.measure(bench.unspoilt), LABELS, bench.baseline)
        yield bench


def test_nothing_is_noticed_where_nothing_is_wrong(bench: Bench) -> None:
    gate = bench.gate(bench.measure(bench.unspoilt.baton))
    assert gate.passed
    assert {check.verdict for check in gate.checks} == {"holds"}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.held], ids=lambda fault: fault.name)
def test_a_planted_fault_fails_the_gate_by_its_measure(fault: Fault, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = bench.gate(bench.with_fault(fault, monkeypatch)).checks
    assert fault.measure in {check.measure for check in checks if check.failed}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if not fault.held], ids=lambda fault: fault.name)
def test_a_fault_in_what_is_too_rare_to_gate_shows_beyond_chance(fault: Fault, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, spoilt = bench.measure(bench.unspoilt), bench.with_fault(fault, monkeypatch)
    difference = paired(scores_of(fault.measure, whole.items), scores_of(fault.measure, spoilt.items))
    assert difference
    assert difference.items < FEWEST
    assert (difference.low > 0) if fault.measure in ERRORS else (difference.high < 0)
