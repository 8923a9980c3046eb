"""The judge judged: how often it agrees with people, and how many wrong or vague answers it lets pass, before it scores anything.

A judge gives a number; from where on it says yes is chosen on one half of the items and counted on the other, both ways, so that no item
is counted by a threshold that was chosen with it. Items from one conversation, text or summary stay in one half.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.judging.port import Judge
from eval.judging.sentences import sentences
from eval.public.folder import file_of
from eval.public.records import BadSet

Task = Literal["answer_correctness", "answer_faithfulness", "insight_coverage"]
TASKS: tuple[Task, ...] = ("answer_correctness", "answer_faithfulness", "insight_coverage")
GOOD = frozenset({"correct", "supported", "FULL"})
UNDECIDED = frozenset({"unclear", "PARTIAL"})
"""Where people did not agree, or half of it is there: a yes counts as wrong, and these stand beside the decided ones."""
VAGUE = "locomo_v2:"
"""How the ids begin of answers that were made vague on purpose, so that a lenient judge takes them for right."""
BAR = 0.10
"""The share of wrong answers, and of vague ones, that a judge may let pass and still be believed."""
LEAST_GOOD = 0.5
"""A judge that refuses more than this of what is right measures its own strictness."""
_Z = 1.96


class Item(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    task: Task
    context: str
    question: str
    reference: str
    answer: str
    label: str

    @property
    def good(self) -> bool:
        return self.label in GOOD

    @property
    def half(self) -> int:
        """What it shares with others decides, so that a text is not on both sides."""
        shared = {
            "answer_correctness": self.id.partition(":")[2].rpartition("_")[0],
            "answer_faithfulness": self.context,
            "insight_coverage": self.answer,
        }
        return hashlib.sha256(shared[self.task].encode("utf-8", "surrogatepass")).digest()[0] % 2


@dataclass(frozen=True, slots=True)
class OfTask:
    """One task. Shares are of the items that were judged; `accuracy` is of them all, `decided` of those on which people agreed."""

    task: str
    items: int
    of: int
    agreed: int
    """Of the items, those on which people agreed."""
    accuracy: float
    decided: float
    always_no: float
    """What saying no to everything would have scored on the decided ones."""
    wrong_accepted: float
    good_accepted: float
    vague_accepted: float | None
    """None where the task has none, or none was judged."""
    threshold: float
    """Chosen on all items: the one to use from now on."""

    @property
    def calibrated(self) -> bool:
        """Few wrong ones pass, most good ones do, and it tells more than refusing everything would, beyond chance."""
        spread = _Z * (self.decided * (1 - self.decided) / self.agreed) ** 0.5 if self.agreed else 1.0
        tight = self.wrong_accepted <= BAR and (self.vague_accepted is None or self.vague_accepted <= BAR)
        return tight and self.good_accepted > LEAST_GOOD and self.decided - spread > self.always_no


@dataclass(frozen=True, slots=True)
class Standing:
    judge: str
    items: int
    of: int
    accuracy: float
    tasks: tuple[OfTask, ...]
    sets: tuple[OfTask, ...] = ()
    """Of a task whose items come from several sets, each set alone with a threshold of its own: what one tells may be lost in the other."""

    def of_task(self, task: str) -> OfTask | None:
        return next((one for one in self.tasks if one.task == task), None)

    def as_json(self) -> dict[str, Any]:
        tasks = [{**asdict(one), "calibrated": one.calibrated} for one in self.tasks]
        return {**asdict(self), "tasks": tasks}


def load_items(data: Path) -> tuple[Item, ...]:
    """Raises `Absent` where the set is not there, `BadSet` where it cannot be read."""
    file = file_of(data / "judge", "items.jsonl")
    items = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            items.append(Item.model_validate_json(line))
        except ValidationError as error:
            raise BadSet(f"{file}: line {number}: {error.errors()[0]['msg']}") from error
    return tuple(items)


def vote(judge: Judge, item: Item) -> float:
    """How sure the judge is that the item is good; of several sentences, halfway from the least sure to their mean: one
    wrong sentence makes an answer wrong, and a judge that is unsure of all of them knows more against it than one odd sentence says."""
    match item.task:
        case "answer_correctness":
            return judge.same_fact(item.question, item.reference, item.answer)
        case "insight_coverage":
            return judge.states(item.question, item.answer)
        case _:
            sure = [judge.supported(sentence, item.context) for sentence in sentences(item.answer)]
            return (min(sure) + sum(sure) / len(sure)) / 2


def standing(judge: str, items: Sequence[Item], votes: Mapping[str, float]) -> Standing:
    """Of the items that have a vote."""
    by_task: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_task[item.task].append(item)
    tasks, sets = [], []
    for task in TASKS:
        if (found := _of(task, by_task[task], votes)) is None:
            continue
        tasks.append(found)
        by_set: defaultdict[str, list[Item]] = defaultdict(list)
        for item in by_task[task]:
            by_set[item.id.partition(":")[0]].append(item)
        # A set of good answers alone, or of wrong ones, says nothing of a threshold.
        telling = {name: part for name, part in by_set.items() if len({item.good for item in part if item.label not in UNDECIDED}) > 1}
        if len(telling) > 1:
            sets += [one for name, part in telling.items() if (one := _of(f"{task}, {name} alone", part, votes))]
    judged = sum(one.items for one in tasks)
    right = sum(one.accuracy * one.items for one in tasks)
    return Standing(judge, judged, len(items), round(right / judged, 4) if judged else 0.0, tuple(tasks), tuple(sets))


def _of(name: str, items: Sequence[Item], votes: Mapping[str, float]) -> OfTask | None:
    """None where nothing was judged."""
    voted = [item for item in items if item.id in votes]
    if not voted:
        return None
    said = _said(voted, votes)
    decided = [item for item in voted if item.label not in UNDECIDED]
    wrong, good = [i for i in decided if not i.good], [i for i in decided if i.good]
    vague = [item for item in voted if item.id.startswith(VAGUE)]
    return OfTask(
        name, len(voted), len(items), len(decided), _share([item for item in voted if said[item.id] == item.good], voted),
        _share([item for item in decided if said[item.id] == item.good], decided), _share(wrong, decided), _accepted(wrong, said),
        _accepted(good, said), _accepted(vague, said) if vague else None, threshold(voted, votes),
    )  # fmt: skip


def threshold(items: Sequence[Item], votes: Mapping[str, float]) -> float:
    """The least strict that lets no more than the bar of wrong ones pass, of those the most accurate; above all votes where none does."""
    decided = [item for item in items if item.label not in UNDECIDED]
    wrong = [item for item in decided if not item.good]
    best = (-1.0, 1.01)
    for at in sorted({votes[item.id] for item in decided} | {1.01}):
        passed = sum(votes[item.id] >= at for item in wrong)
        if passed <= BAR * len(wrong):
            best = max(best, (_share([i for i in decided if (votes[i.id] >= at) == i.good], decided), -at))
    return abs(best[1])


def as_text(found: Standing) -> str:
    head = f"JUDGE  {found.judge}: right on {found.accuracy:.3f} of {found.items} items" + (
        f" ({found.of - found.items} of {found.of} not asked)" if found.items < found.of else ""
    )
    lines = [head]
    for one in found.tasks:
        vague = "" if one.vague_accepted is None else f", of vague ones {one.vague_accepted:.3f}"
        verdict = "calibrated" if one.calibrated else "UNCALIBRATED, gates nothing"
        lines += [
            f"  {one.task}: {verdict}",
            f"    right on {one.accuracy:.3f} of {one.items}; where people agree {one.decided:.3f}, always no {one.always_no:.3f}",
            f"    lets pass {one.wrong_accepted:.3f} of wrong answers{vague}; {one.good_accepted:.3f} of good ones",
        ]
    for one in found.sets:
        same = max(one.always_no, 1 - one.always_no)
        lines += [
            f"  {one.task}, a threshold of its own: right on {one.decided:.3f} of {one.agreed} where people agree",
            f"    (the same to all {same:.3f}); lets pass {one.wrong_accepted:.3f} of wrong and {one.good_accepted:.3f} of good ones",
        ]
    return "\n".join(lines)


def _said(items: Sequence[Item], votes: Mapping[str, float]) -> dict[str, bool]:
    """Yes or no to each, by the threshold of the other half."""
    halves = {half: [item for item in items if item.half == half] for half in (0, 1)}
    at = {half: threshold(halves[1 - half] or halves[half], votes) for half in (0, 1)}
    return {item.id: votes[item.id] >= at[item.half] for item in items}


def _accepted(items: Sequence[Item], said: Mapping[str, bool]) -> float:
    return _share([item for item in items if said[item.id]], items)


def _share(part: Sequence[object], whole: Sequence[object]) -> float:
    return round(len(part) / len(whole), 4) if whole else 0.0


def in_turn(items: Iterable[Item], key: Callable[[Item], str]) -> list[Item]:
    """A fixed shuffle in which items of one text follow each other: a part of them is a fair sample, and a server reads each text once."""

    def drawn(text: str) -> str:
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    return sorted(items, key=lambda item: (drawn(key(item)), drawn(item.id)))
