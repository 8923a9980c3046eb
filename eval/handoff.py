"""`python -m eval.handoff`: the promise ledger and the brief of the sample deals beside what they must reach and what they aim for.

Beside each number stands that of the deal it is worst in. Nothing here is a forecast: the rules were written with these deals in
sight. `python -m eval.held_out` chooses what can be chosen again without a deal and measures on it; `eval.sentences` and
`eval.open_ends` print what exchanges give that no rule was written for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from assistant.brief.compose import compose
from assistant.facts.promises import colleagues_of
from assistant.facts.reading import read_off
from eval.briefs import JudgedBrief, judge_brief
from eval.cases import Case, load_cases
from eval.command import DATA
from eval.given import given_brief
from eval.matching import labelled
from eval.measures import (
    CHANGE_RECALL,
    EXPECTED_PROMISE_MEASURES,
    GAP_ANSWERED,
    GAP_RECALL,
    GOAL_RECALL,
    PEOPLE_MEASURES,
    POINT_RECALL,
    PROMISE_MEASURES,
    RISK_RECALL,
    TRAP_MEASURES,
    value_of,
)
from eval.report import table
from eval.subject import Baton, baton_on
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredInteraction
from ingest.archive.scope import EVERYTHING, Scope

INTERACTIONS = 60
"""Of the deal that is composed against the clock."""
HEDGED = frozenset({"conditional", "hypothetical"})
Read = Callable[[JudgedBrief], float | None]


@dataclass(frozen=True, slots=True)
class Target:
    """`must` and `aim` are bounds from below, from above where `lower` is better; None where none was set."""

    name: str
    of: Read
    must: float | None
    aim: float | None = None
    lower: bool = False

    def met(self, value: float, bound: float | None) -> str:
        if bound is None:
            return ""
        return "yes" if (value <= bound if self.lower else value >= bound) else "NO"


def _value(measures: Sequence[Any], name: str, rows: Callable[[JudgedBrief], Sequence[Any]]) -> Read:
    measure = next(one for one in measures if one.name == name)

    def of(brief: JudgedBrief) -> float | None:
        value = value_of(measure, rows(brief))
        return None if value is None else value.value

    return of


def _promise(name: str) -> Read:
    return _value(EXPECTED_PROMISE_MEASURES, name, lambda brief: brief.expected_promises)


def _share(hits: int, of: int) -> float | None:
    return hits / of if of else None


def _hedged_as_firm(brief: JudgedBrief) -> float | None:
    hedged = [p for p in brief.expected_promises if p.given and p.expected.strength in HEDGED]
    traps = [trap for trap in brief.traps if "hypothetical" in trap.why.casefold()]
    firm = sum(p.given is not None and labelled(p.given.strength) == "firm" for p in hedged)
    return _share(
        firm + sum(trap.asserted and trap.given is not None and trap.given.strength == "firm" for trap in traps), len(hedged) + len(traps)
    )


def _falsely_covered(brief: JudgedBrief) -> float:
    return sum(p.given is not None and labelled(p.given.contract) == "covered" != p.expected.contract for p in brief.expected_promises)


TARGETS: tuple[Target, ...] = (
    Target("promise recall", _promise("promise_recall"), 0.75, 0.85),
    Target("promise precision", _value(PROMISE_MEASURES, "promise_precision", lambda b: b.promises), 0.70, 0.80),
    Target("hard negatives emitted", _value(TRAP_MEASURES, "hard_negatives", lambda b: b.traps), 0.10, 0.06, lower=True),
    Target("strength right", _promise("strength_accuracy"), 0.70, 0.80),
    Target("conditional or hypothetical shown as firm", _hedged_as_firm, 0.05, None, lower=True),
    Target("made by the right person", _promise("made_by_accuracy"), 0.97),
    Target("contract status right", _promise("contract_accuracy"), 0.65, 0.80),
    Target("falsely covered (count)", _falsely_covered, 0, None, lower=True),
    Target("goals recall", _value([GOAL_RECALL], "goal_recall", lambda b: b.expected_goals), 0.50, 0.70),
    Target("risks recall", _value([RISK_RECALL], "risk_recall", lambda b: b.expected_risks), 0.50, 0.70),
    Target("reasons recall", _value(list(POINT_RECALL.values()), "reason_recall", lambda b: b.expected_points), 0.50, 0.70),
    Target("stakeholders", _value(PEOPLE_MEASURES, "stakeholder_recall", lambda b: b.people), 0.60, 0.80),
    Target("stakeholders with role", lambda b: _share(sum(bool(p.role) for p in b.people), len(b.people)), 0.60, 0.80),
    Target("supersession: the later named as in place of the earlier", _promise("supersession_recall"), None, 0.85),
    Target(
        "supersession: a change told with the value that holds",
        _value([CHANGE_RECALL], "change_recall", lambda b: b.expected_changes),
        None,
        0.85,
    ),
    Target("replaced shown as current", _promise("superseded_as_current"), None, 0, lower=True),
    Target("labelled gaps on the list", _value([GAP_RECALL], "gap_recall", lambda b: b.expected_gaps), None, 0.80),
    Target("gaps that the history answers", _value([GAP_ANSWERED], "gap_answered", lambda b: b.gaps), None, 0, lower=True),
)


@dataclass(frozen=True, slots=True)
class Held:
    """Of the bodies themselves: what needs no label."""

    words: int
    uncited: int
    quotes: int
    verbatim: int


def held(baton: Baton, account_id: str, body: Mapping[str, Any]) -> Held:
    known = {citation["id"] for citation in body["citations"]}
    texts: dict[str, str] = {}
    exact = 0
    for citation in body["citations"]:
        source, quote = citation["source"]["id"], citation["quote"]
        if source not in texts:
            texts[source] = baton.kit.archive.interaction(EVERYTHING.only(account_id), source).text
        exact += texts[source][quote["start"] : quote["end"]] == quote["exact"]
    rows = list(_claims(body))
    return Held(body["words"], sum(not ids or not set(ids) <= known for ids in rows), len(body["citations"]), exact)


def _claims(body: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """The citations of every line that says something about the deal."""
    for section in ("story", "why", "goals", "promises", "risks", "people", "requirements", "timeline", "decision"):
        for row in body[section]:
            yield row["citations"]
    for row in (*body["commercials"], *body["rivals"]):
        for claim in row["claims"]:
            yield claim["citations"]
    for change in body["changes"]:
        for step in change["items"]:
            yield step["citations"]


# --- against the clock


@dataclass(frozen=True)
class _Grown:
    """An account's history with some of its interactions a second time, so that it has so many of them; nothing of it was read before."""

    archive_: Archive
    of: int

    @property
    def archive(self) -> _Grown:
        return self

    @property
    def facts_by(self) -> str:
        return ""

    def interactions(self, scope: Scope) -> list[StoredInteraction]:
        real = self.archive_.interactions(scope)
        again = [replace(one, source=replace(one.source, id=f"{one.source.id}_again")) for one in real[: max(0, self.of - len(real))]]
        return [*real, *again][: self.of]

    def readings(self, scope: Scope) -> dict[str, tuple[str, dict[str, Any]]]:
        return {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.archive_, name)


def composing_s(baton: Baton, account_id: str) -> tuple[int, float]:
    """How many interactions, and the seconds of processor time of their brief with every fact read anew."""
    grown: Any = _Grown(baton.kit.archive, INTERACTIONS)
    found = len(grown.interactions(EVERYTHING.only(account_id)))
    begun = process_time()
    compose(grown, account_id)
    return found, process_time() - begun


def turns_a_second(baton: Baton, account_ids: Sequence[str]) -> tuple[int, float]:
    """Turns of all of these accounts, and how many a second of processor time their facts are read off."""
    turns, spent = 0, 0.0
    for account_id in account_ids:
        interactions = baton.kit.archive.interactions(EVERYTHING.only(account_id))
        ours = colleagues_of(interactions)
        begun = process_time()
        for one in interactions:
            read_off(one, ours)
        spent += process_time() - begun
        turns += sum(len(one.turns) for one in interactions)
    return turns, turns / spent


# --- the table


def rows(judged: Mapping[str, JudgedBrief], bodies: Sequence[Held], clock: tuple[int, float], speed: tuple[int, float]) -> list[list[str]]:
    pooled = reduce(add, judged.values())
    found = [["", "now", "worst deal", "must", "met", "aim", "met"]]
    for target in TARGETS:
        value = target.of(pooled)
        if value is None:
            continue
        by_deal = {deal: each for deal, brief in judged.items() if (each := target.of(brief)) is not None}
        worst = (max if target.lower else min)(by_deal, key=lambda deal: by_deal[deal])
        found.append(_row(target, value, f"{_number(by_deal[worst])} {worst}"))
    quotes, verbatim = sum(one.quotes for one in bodies), sum(one.verbatim for one in bodies)
    for target, value, note in (
        (Target("lines without a citation (count)", _none, 0, None, lower=True), sum(one.uncited for one in bodies), ""),
        (Target("quotes verbatim", _none, 1.0), verbatim / quotes, f"of {quotes}"),
        (Target("words of the longest brief", _none, 900, None, lower=True), max(one.words for one in bodies), ""),
        (Target("seconds to compose, facts read anew", _none, 5, None, lower=True), clock[1], f"{clock[0]} interactions"),
        (Target("turns a second read for facts", _none, 300), speed[1], f"{speed[0]} turns"),
    ):
        found.append(_row(target, value, note))
    return found


def _none(_: JudgedBrief) -> None:
    return None


def _row(target: Target, value: float, note: str) -> list[str]:
    def bound(one: float | None) -> str:
        return "" if one is None else f"{'at most ' if target.lower else ''}{_number(one)}"

    must, aim = target.must, target.aim
    return [target.name, _number(value), note, bound(must), target.met(value, must), bound(aim), target.met(value, aim)]


def _number(value: float) -> str:
    return f"{value:.3f}" if isinstance(value, float) and value < 10 else f"{value:.0f}"


def judged_briefs(cases: Sequence[Case], baton: Baton) -> tuple[dict[str, JudgedBrief], list[Held]]:
    judged: dict[str, JudgedBrief] = {}
    bodies: list[Held] = []
    for case in cases:
        account_id = baton.account_id(case.history.accounts[case.brief.account].name)
        body = baton.brief(account_id, case.history.deals[case.brief.deal].name)
        judged[case.name] = judge_brief(case, given_brief(body, case.history, baton.sources(account_id)))
        bodies.append(held(baton, account_id, body))
    return judged, bodies


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.handoff", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="read the samples into this home and keep it (default: one that is thrown away)")
    chosen = parser.parse_args()
    cases = load_cases(DATA / "cases")
    begun = perf_counter()
    with baton_on(DATA / "samples", chosen.home, lambda *_: None) as (baton, _):
        judged, bodies = judged_briefs(cases, baton)
        accounts = [baton.account_id(case.history.accounts[case.brief.account].name) for case in cases]
        largest = max(accounts, key=lambda one: len(baton.sources(one)))
        found = rows(judged, bodies, composing_s(baton, largest), turns_a_second(baton, accounts))
    print(table(found))
    missed = [row[0] for row in found[1:] if row[4] == "NO"]
    short = [row[0] for row in found[1:] if row[6] == "NO"]
    print(f"\nmust not met: {', '.join(missed) or 'none'}\naim not met: {', '.join(short) or 'none'}   ({perf_counter() - begun:.0f} s)")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
