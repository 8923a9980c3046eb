"""`python -m eval.support`: whether the support that readers see means what it says, on deals that had no part in fitting it.

For each deal the numbers of `assistant.models.weights` are fitted on the others, its questions are asked with those, and every claim shown
is held against the labels: right where its first citation is among the labelled evidence. So a good source that nobody labelled counts
against it. The lines of a brief, and what an answer takes from the ledger, say how often lines of their kind are right in the other
deals' briefs.

A few dozen claims are off by something even where each means what it says. So beside how far they are off stands how far as many such
claims would be, and how often as far: what is off by no more than that says nothing against support.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.models.extractive import Extractive
from assistant.models.weights import CHOICE, SUPPORT, Linear, Logistic, Numbers
from eval.calibration import Reliability, diagram, of_pairs, told_of
from eval.cases import Case, load_cases
from eval.charts import reliability_diagram, reliability_diagrams
from eval.command import DATA
from eval.fitting import Line, answers_of, choices_of, fit, fit_choice, lines_of, offered_by, rates
from eval.measures import judge_case
from eval.outcome import KIND_WORDS
from eval.paper import Paper
from eval.report import FEW, WIDEST, paragraph, table
from eval.run import run_case
from eval.subject import Baton, baton_on

BAR = 0.08
"""The calibration error that is aimed at."""
LENGTHS = {15: "quotes of up to 15 words", 45: "of 16 to 45 words", sys.maxsize: "longer quotes"}
PLACES = ("said first", "said second", "said later")
PARTS = ("deal", "kind", "placed", "length", "asked")
"""What claims are told apart by; the types of question stand last, for they are many and small."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim of an answer, with the support it was shown with."""

    deal: str
    kind: str
    """Of its first source."""
    asked: str
    """The type of its question."""
    said: float
    right: bool
    words: int = 0
    """Of its quote."""
    place: int = 1
    """Among the claims of its answer."""

    @property
    def length(self) -> str:
        return next(name for most, name in LENGTHS.items() if self.words <= most)

    @property
    def placed(self) -> str:
        return PLACES[min(self.place, len(PLACES)) - 1]


@dataclass(frozen=True, slots=True)
class Supported:
    """`shipped`: by the numbers as they are; `left_out`: each deal by what was fitted on the others."""

    shipped: tuple[Shown, ...]
    left_out: tuple[Shown, ...]
    lines: tuple[Shown, ...] = ()
    """Of briefs, `kind` and `asked` what they state; each deal's by how often such lines are right in the others'."""


def supported(cases: Sequence[Case], baton: Baton) -> Supported:
    offered, answers = offered_by(cases, baton), answers_of(cases, baton)
    shipped: list[Shown] = []
    left_out: list[Shown] = []
    stated: dict[str, list[Line]] = {}
    for case in cases:
        rest = [one for one in offered if one.deal != case.name]
        choice = fit_choice(rest)
        support = fit(choices_of(rest, dict.fromkeys({one.deal for one in rest}, choice).__getitem__))
        answerable = fit([one for one in answers if one.deal != case.name])
        numbers = Numbers(
            Linear(CHOICE.names, choice),
            Logistic(SUPPORT.names, support.weights, support.bias),
            Logistic(("chance",), answerable.weights, answerable.bias),
        )
        for model, shown in ((Extractive(), shipped), (Extractive(numbers=numbers), left_out)):
            rows = judge_case(case, run_case(case, Baton(replace(baton.kit, model=model)), lambda deal, done, total: None).outcome)
            shown += [
                Shown(case.name, c.cited.kind, row.question.type, c.cited.support, bool(c.evidence), len(c.cited.quote.split()), place)
                for row in rows.questions
                for place, c in enumerate((c for c in row.citations if c.cited.support is not None), 1)
                if c.cited.support is not None
            ]
        stated[case.name] = lines_of(rows.brief)
    return Supported(tuple(shipped), tuple(left_out), tuple(lines_left_out(stated)))


def lines_left_out(stated: Mapping[str, Sequence[Line]]) -> Iterator[Shown]:
    for deal, lines in stated.items():
        said = rates([line for other, theirs in stated.items() if other != deal for line in theirs])
        yield from (Shown(deal, line.kind, line.kind, said[line.kind], line.right) for line in lines)


def of(shown: Sequence[Shown]) -> Reliability | None:
    return of_pairs([(one.said, one.right) for one in shown])


def by(shown: Sequence[Shown], part: str) -> Mapping[str, list[Shown]]:
    """By one of `PARTS`; the most first."""
    found: defaultdict[str, list[Shown]] = defaultdict(list)
    for one in shown:
        found[str(getattr(one, part))].append(one)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def rows_of(found: Supported) -> list[list[str]]:
    """What is said, what is right, how far that is off, and what chance alone would make of it: all, then by `PARTS`."""
    rows = [_row("all, a deal left out", found.left_out), _row("all, as shipped", found.shipped)]
    for part in PARTS:
        rows += [_row(KIND_WORDS.get(name, name), shown) for name, shown in by(found.left_out, part).items()]
    rows += [_row(f"{name}s in briefs", shown) for name, shown in by(found.lines, "kind").items()]
    return [*rows, *([_row("all lines of briefs", found.lines)] if found.lines else [])]


def as_text(found: Supported) -> str:
    reliability = of((*found.left_out, *found.lines))
    drawn = diagram(reliability) if reliability else []
    head = ["CLAIMS", "n", "said", "right", "off", "by chance", "as far", ""]
    legend = (
        f"aimed at: off by {BAR:.2f} at most, a deal left out; by chance: what as many claims that mean what they say are off by on "
        "average; as far: how often such claims are off as far"
    )
    bins = (
        ["{:.2f} said, {:.2f} right of {} [{:.2f}-{:.2f}]".format(*bin, *bin.interval) for bin in reliability.bins] if reliability else []
    )
    told = "claims and lines of briefs together, each deal by the others"
    return "\n".join([table([head, *rows_of(found)]), *paragraph("", legend, WIDEST), "", told, *bins, "", *drawn])


def as_json(found: Supported) -> dict[str, Any]:
    def told(shown: Sequence[Shown]) -> Any:
        return (one := of(shown)) and one.as_json()

    return {
        "shipped": told(found.shipped),
        "left_out": told(found.left_out),
        **{f"by_{part}": {name: told(shown) for name, shown in by(found.left_out, part).items()} for part in PARTS},
        "lines": {"all": told(found.lines)} | {name: told(shown) for name, shown in by(found.lines, "kind").items()},
    }


def page(found: Supported) -> str:
    paper = Paper("Does support mean what it says?", "Of claims said to answer three times in ten, three in ten should.")
    paper.section("All claims of answers, each deal by numbers fitted on the others")
    if reliability := of(found.left_out):
        reliability_diagram(paper.at, "Right against said, by fifths of the claims; on the dashed line both are the same", reliability)
        paper.said(f"{told_of(reliability)} Aimed at: {BAR:.2f} at most.")
    if lines := of(found.lines):
        paper.section("All lines of briefs, each deal by how often such lines are right in the others")
        reliability_diagram(paper.at, "Right against said, by fifths of the lines; on the dashed line both are the same", lines)
        paper.said(told_of(lines))
    for head, shown, part in (
        ("Claims by kind of source", found.left_out, "kind"), ("Claims deal by deal", found.left_out, "deal"),
        ("Lines of briefs by what they state", found.lines, "kind"),
    ):  # fmt: skip
        enough = {KIND_WORDS.get(name, name): one for name, many in by(shown, part).items() if len(many) >= FEW and (one := of(many))}
        if enough:
            paper.section(head, f"Of {FEW} claims and more. What chance alone would put as far off says nothing against support.")
            reliability_diagrams(paper.at, enough)
    paper.section(
        "By deal, by kind of source, by place and length, by kind of question",
        f"Below {FEW} claims a line says little. By chance: what as many claims that mean what they say would be off by; as far: how often "
        "they would be off as far.",
    )
    paper.table(["claims", "n", "said", "right", "off", "by chance", "as far", "<"], rows_of(found))
    return paper.html()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.support", description="Hold the support that readers see against the labels.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the diagram and the table as one HTML file")
    given = parser.parse_args()
    with baton_on(DATA / "samples", None, lambda deal, done, total: None) as (baton, _):
        found = supported(load_cases(DATA / "cases"), baton)
    if given.page:
        given.page.write_text(page(found), "utf-8")
    print(json.dumps(as_json(found), indent=1) if given.json else as_text(found))
    return 0


def _row(name: str, shown: Sequence[Shown]) -> list[str]:
    found = of(shown)
    if found is None:
        return [name, "0", "-", "-", "-", "", "", ""]
    said, right = (sum(values) / len(shown) for values in ([one.said for one in shown], [float(one.right) for one in shown]))
    off = [f"{found.error:.3f}", f"{found.by_chance:.3f}", f"{found.chance:.2f}"]
    return [name, str(len(shown)), f"{said:.3f}", f"{right:.3f}", *off, "few" if len(shown) < FEW else ""]


if __name__ == "__main__":
    sys.exit(main())
