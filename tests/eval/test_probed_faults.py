"""A rule that the labelled questions measure too seldom is switched off, and the questions that probe it notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

import assistant.asking
import assistant.models.sides
import assistant.on_record.answering
import assistant.promised
import assistant.understand
import assistant.writing
from assistant.answers import Question
from assistant.asking import gather
from assistant.standalone import Whole
from assistant.wiring import Kit
from eval.command import DATA
from eval.subject import baton_on
from tests.eval.probes import PROBES, kept

pytestmark = pytest.mark.slow
Plant = Callable[[pytest.MonkeyPatch], None]


def promises_are_not_looked_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(assistant.writing, "from_ledger", lambda draft, evidence: None)


def the_contract_is_not_put_beside_talk(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(assistant.models.sides, "_clauses", lambda shown, evidence: [])
    patch.setattr(assistant.promised, "PAPER", {})


def the_other_side_is_left_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(assistant.models.sides, "_dispute", lambda group, evidence: None)


def the_day_asked_about_is_ignored(patch: pytest.MonkeyPatch) -> None:
    def today(kit: Kit, question: Question, *given: Any, **named: Any) -> Any:
        return gather(kit, replace(question, as_of=None), *given, **named)

    patch.setattr(assistant.asking, "gather", today)


def follow_ups_are_not_rebuilt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(assistant.understand, "whole", lambda text, thread, named=None: Whole(text, instead=False))


def questions_are_not_routed_to_the_ledger(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(assistant.writing, "from_record", lambda draft, evidence: None)


def _not_asked(kind: str) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(assistant.on_record.answering, f"{kind}_asked", lambda *given: None)

    plant.__name__ = f"{kind}_are_not_routed_to_the_ledger"
    return plant


FAULTS: tuple[tuple[str, Plant], ...] = (
    ("promises from the ledger", promises_are_not_looked_up),
    ("the contract beside talk", the_contract_is_not_put_beside_talk),
    ("two sides", the_other_side_is_left_out),
    ("as of a day", the_day_asked_about_is_ignored),
    ("follow-ups", follow_ups_are_not_rebuilt),
    *((kind, questions_are_not_routed_to_the_ledger) for kind in ("people", "risks", "reasons", "changes", "days")),
    *((kind, _not_asked(kind)) for kind in ("people", "risks", "reasons", "changes", "days")),
)


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    with baton_on(DATA / "samples", None, lambda deal, done, total: None) as (baton, _):
        yield baton.kit


@pytest.mark.parametrize("kind", PROBES)
def test_every_probe_is_answered_as_it_should_be(kind: str, kit: Kit) -> None:
    assert all(kept(kit, kind)), [probe.thread for probe, held in zip(PROBES[kind], kept(kit, kind), strict=True) if not held]


@pytest.mark.parametrize(("kind", "plant"), FAULTS, ids=lambda given: given if isinstance(given, str) else given.__name__)
def test_a_fault_in_the_rule_fails_its_probes(kind: str, plant: Plant, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert not all(kept(kit, kind))
