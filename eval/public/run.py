"""Every public set by name, each as a table, or the word why it is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.public.commitments import commitments
from eval.public.folder import Absent
from eval.public.histories import LOADERS
from eval.public.injection import injection
from eval.public.judge import judge
from eval.public.mail import mail
from eval.public.table import Table
from eval.slices import Slice


class UnknownSet(ValueError):
    """A name that no set has; the message says which there are."""


def run_sets(names: Sequence[str], data: Path) -> Iterator[Table | str]:
    """The sets named, or all of them; `data` holds a folder a set. Raises `UnknownSet` and `BadSet`."""
    if unknown := [name for name in names if name not in SETS]:
        raise UnknownSet(f"there is no set {unknown[0]!r}; there are {', '.join(SETS)}")
    for name in names or SETS:
        try:
            yield SETS[name](data / name)
        except Absent as absent:
            yield str(absent)


def slice_table(part: Slice) -> Table:
    """How much of it there is; how well it is searched is `bench.quality`'s to say, beside its peers."""
    documents = [document for found in part.accounts.values() for document in found]
    counted = [question for question in part.questions if question.counted]
    return Table(
        part.name,
        f"{part.about}; judged by {part.level}",
        counts={
            "accounts": len(part.accounts),
            "documents": len(documents),
            "turns": sum(len(document.turns) for document in documents),
            "questions": len(part.questions),
            "counted": len(counted),
            "counted, answerable": sum(question.answerable for question in counted),
            "counted, unanswerable": sum(not question.answerable for question in counted),
        },
    )


def _counted(load: Callable[[Path], Slice]) -> Callable[[Path], Table]:
    return lambda folder: slice_table(load(folder))


SETS: Mapping[str, Callable[[Path], Table]] = {
    **{name: _counted(load) for name, load in LOADERS.items()},
    "injection": injection,
    "commitments": commitments,
    "email_robust": mail,
    "judge": judge,
}
