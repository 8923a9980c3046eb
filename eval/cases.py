"""Reads the labels of a deal: its questions with the words that answer them, and what its brief must and must not hold.

One deal is two files side by side: `<deal>.yaml` holds the labels, `<deal>.history.json` the texts they were written against
(see `eval.history`). Both are checked against each other on loading, so that a measure never rests on a mistyped label.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.history import History, load_history, problems
from eval.matching import contains

QuestionType = Literal[
    "promise", "who_when_words", "conditional", "retracted", "in_contract", "success", "metric", "why", "objection", "stakeholder",
    "technical", "timeline", "commercial", "competitor", "changed", "as_of", "never_discussed", "false_premise", "asked_unanswered",
    "disagreement", "same_name", "two_deals", "sibling_account", "quoted_tail", "ai_recap", "injection", "follow_up", "list_all",
    "from_feedback",
]  # fmt: skip
Strength = Literal["firm", "conditional", "best_effort", "roadmap_statement", "hypothetical", "declined", "retracted"]
Contract = Literal["covered", "contradicted", "silent", "excluded"]
Words = Annotated[str, Field(min_length=1)]


class BadCases(ValueError):
    """The labels cannot be used; the message names the file, the case and what is wrong with it."""


class Label(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(Label):
    """Words that stand verbatim in one source of the history."""

    source: Words
    quote: Words


class LabelledQuestion(Label):
    id: Words
    account: Words
    text: Words
    type: QuestionType
    answerable: bool = True
    facts: tuple[tuple[Words, ...], ...] = ()
    """Each group is met by any one of its alternatives."""
    evidence: tuple[Evidence, ...] = ()
    """Citing any one of these is right; all of them with `evidence_all`."""
    evidence_all: bool = False
    must_not: tuple[Words, ...] = ()
    """Values that are stale or false: wrong when stated as holding today."""
    follows: str | None = None
    as_of: date | None = None


class ExpectedPromise(Label):
    id: Words
    text: Words
    kind: Words
    strength: Strength
    conditions: str = ""
    """What it depends on; a note in brackets says what became of it."""
    made_by: Words
    made_to: str | None = None
    made_on: date
    due: str = ""
    due_date: date | None = None
    """The day that the words in `due` mean, where they mean one."""
    supersedes: str | None = None
    contract: Contract
    contract_evidence: Evidence | None = None
    evidence: tuple[Evidence, ...] = Field(min_length=1)

    @property
    def all_evidence(self) -> tuple[Evidence, ...]:
        """The words of the promise, and those of the contract about it."""
        return (*self.evidence, self.contract_evidence) if self.contract_evidence else self.evidence


class NotAPromise(Label):
    """Words that look like a promise to this customer and are none."""

    evidence: Evidence
    why: Words


class ExpectedGoal(Label):
    text: Words
    metric: str = ""
    baseline: str = ""
    target: str = ""
    due: str = ""
    owner: str = ""
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class ExpectedRisk(Label):
    text: Words
    kind: Words
    resolved: bool = False
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class ExpectedStakeholder(Label):
    person: Words
    roles: tuple[Words, ...]
    stance: Literal["advocate", "neutral", "sceptic", "unknown"]
    cares_about: str = ""
    evidence: tuple[Evidence, ...] = ()


class ExpectedPoint(Label):
    """A reason, requirement, date or commercial term."""

    text: Words
    date: str = ""
    evidence: tuple[Evidence, ...] = ()


class ChangeStep(Label):
    on: date
    value: Words
    evidence: Evidence


class ExpectedChange(Label):
    topic: Words
    steps: tuple[ChangeStep, ...] = Field(min_length=2)
    current: Words


class ExpectedGap(Label):
    """What nobody said and somebody must ask. A gap of a brief is this one when it meets each group of `terms` by any one alternative."""

    text: Words
    terms: tuple[Annotated[tuple[Words, ...], Field(min_length=1)], ...] = Field(min_length=1)


class ExpectedBrief(Label):
    account: Words
    deal: Words
    promises: tuple[ExpectedPromise, ...] = ()
    not_promises: tuple[NotAPromise, ...] = ()
    goals: tuple[ExpectedGoal, ...] = ()
    why_bought: tuple[ExpectedPoint, ...] = ()
    risks: tuple[ExpectedRisk, ...] = ()
    stakeholders: tuple[ExpectedStakeholder, ...] = ()
    technical: tuple[ExpectedPoint, ...] = ()
    timeline: tuple[ExpectedPoint, ...] = ()
    commercials: tuple[ExpectedPoint, ...] = ()
    changes: tuple[ExpectedChange, ...] = ()
    gaps: tuple[ExpectedGap, ...] = ()

    @property
    def labelled(self) -> bool:
        """Whether anything is said of what the brief should hold; a set of questions alone says nothing of it."""
        return any(getattr(self, part) for part in type(self).model_fields if part not in ("account", "deal"))


class Labels(Label):
    deal: Words
    questions: tuple[LabelledQuestion, ...]
    brief: ExpectedBrief


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled deal: what it should give, and the history to judge it by."""

    name: str
    questions: tuple[LabelledQuestion, ...]
    brief: ExpectedBrief
    history: History

    def thread(self, question: LabelledQuestion) -> tuple[LabelledQuestion, ...]:
        """The questions that were asked before this one in its conversation, oldest first."""
        by_id = {q.id: q for q in self.questions}
        earlier: list[LabelledQuestion] = []
        while question.follows:
            question = by_id[question.follows]
            earlier.insert(0, question)
        return tuple(earlier)


def load_cases(folder: Path) -> tuple[Case, ...]:
    """Every labelled deal of a folder, by name. Raises `BadCases`."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise BadCases(f"{folder}: no labelled deals here; expected files like halden.yaml with halden.history.json beside them")
    cases = tuple(load_case(file) for file in files)
    labelled: dict[str, Path] = {}
    for file, case in zip(files, cases, strict=True):
        if case.name in labelled:
            raise BadCases(f"{file}: deal {case.name!r} is already labelled in {labelled[case.name].name}; put its labels into one file")
        labelled[case.name] = file
    return cases


def load_case(file: Path) -> Case:
    labels = _labels(file)
    beside = file.with_suffix(".history.json")
    try:
        history = load_history(beside)
    except (OSError, ValueError) as error:
        raise BadCases(f"{beside}: the history that {file.name} was labelled against cannot be read: {error}") from error
    case = Case(labels.deal, labels.questions, labels.brief, history)
    if faults := [fault for check in CHECKS for fault in check(case)]:
        raise BadCases("\n".join(f"{file}: {fault}" for fault in faults))
    return case


def digest(folder: Path) -> str:
    """Changes whenever a label or a history does; a baseline belongs to one digest."""
    sha = hashlib.sha256()
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.history.json")]):
        sha.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return sha.hexdigest()[:16]


def _labels(file: Path) -> Labels:
    try:
        body = yaml.load(file.read_text("utf-8"), Loader=_Loader)
    except (yaml.YAMLError, ValueError) as error:
        raise BadCases(f"{file}: not readable as YAML: {error}") from error
    try:
        return Labels.model_validate(body)
    except ValidationError as error:
        raise BadCases("\n".join(f"{file}: {_place(fault['loc'], body)}: {fault['msg']}" for fault in error.errors())) from error


# The C loader reads the same YAML ten times faster; a PyYAML built without it has only the other.
_Loader: type[yaml.SafeLoader] = type("_Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """YAML reads `2026-13-01` as a date, and says neither where it stands nor what it is when there is no such day."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise ValueError(f"line {node.start_mark.line + 1}: there is no day {node.value}: {error}") from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def _place(location: tuple[int | str, ...], body: Any) -> str:
    """Where a fault lies: in a question or promise by its id, elsewhere by its place, counted from one."""
    item, steps = "", list[str]()
    for step in location:
        body = _inside(body, step)
        if steps and isinstance(step, int) and isinstance(body, dict) and body.get("id"):
            item, steps = f"{steps[-1].removesuffix('s')} {body['id']}", []
        else:
            steps.append(str(step + 1) if isinstance(step, int) else step)
    return ": ".join(part for part in (item, ".".join(steps)) if part) or "the file"


def _inside(body: Any, step: int | str) -> Any:
    if isinstance(body, dict):
        return body.get(step)
    return body[step] if isinstance(body, list) and isinstance(step, int) else None


def _thread_faults(case: Case) -> list[str]:
    faults: list[str] = []
    seen: set[str] = set()
    for question in case.questions:
        if question.id in seen:
            faults.append(f"question {question.id}: this id is used twice")
        if question.follows and question.follows not in seen:
            faults.append(f"question {question.id}: follows {question.follows}, which is not an earlier question")
        if {bool(question.facts), bool(question.evidence)} != {question.answerable}:
            faults.append(f"question {question.id}: an answerable question has facts and evidence, an unanswerable one neither")
        seen.add(question.id)
    return faults


def _promise_faults(case: Case) -> list[str]:
    faults: list[str] = []
    seen: set[str] = set()
    for promise in case.brief.promises:
        if promise.id in seen:
            faults.append(f"promise {promise.id}: this id is used twice")
        seen.add(promise.id)
    older = {promise.id: promise.supersedes for promise in case.brief.promises if promise.supersedes}
    told: set[str] = set()
    for id in older:
        if id not in told and (circle := _circle(id, older)):
            told.update(circle)
            by_way = f" by way of {', '.join(circle[1:])}" if circle[1:] else ""
            faults.append(f"promise {id}: supersedes itself{by_way}; of two promises only the later supersedes")
    return faults


def _circle(start: str, older: dict[str, str]) -> list[str]:
    """The promises from `start` back to it, each superseding the next; none when they end elsewhere."""
    chain = [start]
    while (following := older.get(chain[-1])) and following not in chain:
        chain.append(following)
    return chain if following == start else []


def _evidence_faults(case: Case) -> list[str]:
    return [
        f"{place}: {fault}" for place, evidence in _all_evidence(case) if (fault := problems(case.history, evidence.source, evidence.quote))
    ]


def _all_evidence(case: Case) -> list[tuple[str, Evidence]]:
    brief = case.brief
    found = [(f"question {q.id}", e) for q in case.questions for e in q.evidence]
    found += [(f"promise {p.id}", e) for p in brief.promises for e in p.all_evidence]
    found += [(f"not_promises {n}", item.evidence) for n, item in enumerate(brief.not_promises, 1)]
    found += [(f"change {change.topic!r}", step.evidence) for change in brief.changes for step in change.steps]
    found += [(f"stakeholder {person.person}", e) for person in brief.stakeholders for e in person.evidence]
    points: list[ExpectedGoal | ExpectedRisk | ExpectedPoint] = [*brief.goals, *brief.risks]
    points += [*brief.why_bought, *brief.technical, *brief.timeline, *brief.commercials]
    return found + [(f"{point.text!r}", e) for point in points for e in point.evidence]


def _name_faults(case: Case) -> list[str]:
    """Ids of people, accounts, deals and promises that nobody has."""
    history, brief = case.history, case.brief
    promises = {p.id for p in brief.promises}
    named = [(f"question {q.id}", "account", q.account, q.account in history.accounts) for q in case.questions]
    named += [("brief", "account", brief.account, brief.account in history.accounts)]
    named += [("brief", "deal", brief.deal, brief.deal in history.deals)]
    named += [(f"promise {p.id}", "person", who, who in history.people) for p in brief.promises for who in (p.made_by, p.made_to) if who]
    named += [(f"promise {p.id}", "promise", p.supersedes, p.supersedes in promises) for p in brief.promises if p.supersedes]
    named += [("stakeholders", "person", s.person, s.person in history.people) for s in brief.stakeholders]
    return [f"{place}: there is no {kind} {name!r}" for place, kind, name, known in named if not known]


def _gap_faults(case: Case) -> list[str]:
    """A gap's own text is the first that its terms should recognise."""
    return [
        f"gap {gap.text!r}: its text has none of {' | '.join(group)}"
        for gap in case.brief.gaps
        for group in gap.terms
        if not any(contains(gap.text, term) for term in group)
    ]


CHECKS = (_thread_faults, _promise_faults, _evidence_faults, _name_faults, _gap_faults)
"""What one deal's labels must hold to."""
