"""A run over labelled deals as one HTML page: measures, what failed beside what was wanted, and the course of the runs.

`baton eval --out FOLDER` writes it beside its JSON; the other runs in the folder give the course, `--against` the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from eval.calibration import from_json, told_of
from eval.charts import Bar, bars, course, reliability_diagram, reliability_diagrams
from eval.compare import NotARun, StoredRun, load_run
from eval.outcome import KIND_WORDS
from eval.paper import Paper, add, clean
from eval.report import FEW, named

TOLD = ("correct", "fact_recall", "evidence_hit", "citation_precision", "false_answer", "false_decline", "promise_recall", "promise_right")
"""What is drawn first, and whose course is drawn over the runs."""
FAILING = 30
RUNS = 40
"""The newest so many make the course."""


def page(body: Mapping[str, Any], comparison: Mapping[str, Any] | None, earlier: Sequence[StoredRun]) -> str:
    """`body` and `comparison` are the JSON of `eval.report` and `eval.compare`; `earlier` are oldest first."""
    run = body["run"]
    paper = Paper(f"Evaluation of {', '.join(body['deals'])}", f"Run {run['name']}, {run['at']}, labels {body['labels']}.")
    _gate(paper, body)
    _measures(paper, body)
    _support(paper, body)
    if comparison:
        _comparison(paper, comparison)
    _course(paper, body, earlier)
    _failing(paper, body)
    _all(paper, body)
    for note in body["notes"]:
        paper.said(note, "bad")
    return paper.html()


def runs_in(folder: Path, but: str) -> list[StoredRun]:
    """The runs kept in a folder, the oldest first, but for the one of that name; files that are none are passed over."""
    found = []
    for file in sorted(folder.glob("*.json")):
        try:
            found.append(load_run(file))
        except NotARun:
            continue
    found.sort(key=lambda run: run.run.at)
    return [run for run in found if run.run.name != but][-RUNS:]


def _gate(paper: Paper, body: Mapping[str, Any]) -> None:
    gate, measures = body["gate"], body["measures"]
    tiles = [
        (f"{measures[name]['value']:.3f}", named(name).replace("_", " "), "")
        for name in ("correct", "citation_validity", "false_answer", "promise_right")
        if measures.get(name)
    ]
    if gate:
        held = sum(not check["reasons"] for check in gate["checks"])
        tiles.insert(0, (f"{held} of {len(gate['checks'])}", "measures hold", "good" if gate["passed"] else "bad"))
    paper.tiles(tiles)


def _measures(paper: Paper, body: Mapping[str, Any]) -> None:
    paper.section("The measures first", "↓ counts errors: lower is better. All measures with their intervals stand at the end.")
    rows = [Bar(named(name).replace("_", " "), v["value"], 1.0, f"{v['value']:.3f}") for name in TOLD if (v := body["measures"].get(name))]
    bars(paper.at, "Of 1", rows)


def _support(paper: Paper, body: Mapping[str, Any]) -> None:
    if not (found := body["support"]):
        return
    paper.section("How sure Baton says it is")
    told = from_json(found)
    reliability_diagram(paper.at, "Right against said, by fifths of the claims; on the dashed line both are the same", told)
    paper.said(f"{told_of(told)} The numbers were fitted on these very deals; with each left out: "
               "python -m eval.support.", "quiet")  # fmt: skip
    for part, head in (("kind", "By kind of source"), ("deal", "Deal by deal")):
        named_parts = {KIND_WORDS.get(name, name): from_json(one) for name, one in body.get("support_by", {}).get(part, {}).items()}
        if enough := {name: one for name, one in named_parts.items() if one.claims >= FEW}:
            add(paper.at, "h3", head)
            reliability_diagrams(paper.at, enough)


def _comparison(paper: Paper, comparison: Mapping[str, Any]) -> None:
    old, new = comparison["old"]["name"], comparison["new"]["name"]
    paper.section(f"Against {old}", f"{comparison['shared']} questions and lines of briefs are in both.")
    for note in comparison["notes"]:
        paper.said(note, "bad")
    moved = {name: one for name, one in comparison["measures"].items() if one["old"] != one["new"]}
    if moved:
        rows = [
            [named(name), _number(one["old"]), _number(one["new"]), _difference(one), "more than chance" if one["significant"] else ""]
            for name, one in moved.items()
        ]
        paper.table(["measure", "then", "now", "difference", "<"], rows)
    paper.said(f"{len(comparison['measures']) - len(moved)} measures did not move.", "quiet")
    for head, pairs in (("Newly wrong", comparison["newly_failing"]), ("Newly right", comparison["newly_passing"])):
        add(paper.at, "h3", f"{head}: {len(pairs)}")
        if pairs:
            told = [[p["new"]["id"], p["new"]["text"], _faults(p["old"]), _faults(p["new"])] for p in pairs]
            paper.table([f"{new}", "<asked or wanted", "<then", "<now"], told)


def _course(paper: Paper, body: Mapping[str, Any], earlier: Sequence[StoredRun]) -> None:
    same = [run for run in earlier if run.labels == body["labels"] and list(run.deals) == body["deals"]]
    if not same:
        return
    paper.section("Over the runs", f"The last {len(same) + 1} runs kept in this folder over the same labels, the oldest first.")
    for name in TOLD:
        values = [(run.run.name, value.value) for run in same if (value := run.measures.get(name))]
        if (now := body["measures"].get(name)) and values:
            course(paper.at, named(name).replace("_", " "), [*values, (body["run"]["name"], now["value"])])


def _failing(paper: Paper, body: Mapping[str, Any]) -> None:
    questions = {f"{q['deal']} {q['id']}": q for q in body["questions"]}
    wrong = [item for item in body["items"] if item["faults"]]
    asked = [item for item in wrong if item["id"] in questions]
    paper.section(
        f"What went wrong: {len(wrong)} of {len(body['items'])}",
        f"{len(asked)} of {len(questions)} questions; the first {min(FAILING, len(asked))}, then the lines of briefs.",
    )
    held = add(paper.at, "ol", kind="claims")
    for item in asked[:FAILING]:
        question = questions[item["id"]]
        entry = add(held, "li")
        add(entry, "h3", f"{item['id']} [{item['kind']}] {item['text']}")
        pair = add(entry, "div", kind="pair")
        _wanted(add(pair, "div"), question, item)
        _said(add(pair, "div"), question)
        listed = add(entry, "ul", kind="doubts")
        for fault in item["faults"]:
            add(listed, "li", fault)
        if item.get("failed"):
            add(entry, "p", f"Held against it by: {', '.join(named(name).replace('_', ' ') for name in item['failed'])}", "label")
    rest = [item for item in wrong if item["id"] not in questions]
    if rest:
        rows = [[f"{i['id']} ({i['kind']})", i["text"], i.get("said", ""), _faults(i)] for i in rest]
        paper.table(["of the briefs", "<wanted", "<said", "<what is wrong"], rows)


def _wanted(side: Element, question: Mapping[str, Any], item: Mapping[str, Any]) -> None:
    """Runs of before the label's words were kept have the missing ones alone."""
    add(side, "p", "What was wanted", "label")
    if not question["answerable"]:
        add(side, "p", "Not in the deal history: any answer is wrong.")
    missing = question["missing"]
    for group in missing:
        add(side, "p", f"{' or '.join(group)} (missing)", "bad")
    for group in question.get("wanted_facts", []):
        if group not in missing:
            add(side, "p", " or ".join(group), "good")
    for one in item.get("wanted", []):
        quoted = add(side, "blockquote")
        quoted.text = clean(one["quote"])
        add(side, "p", one["source"], "label")


def _said(side: Element, question: Mapping[str, Any]) -> None:
    add(side, "p", "What Baton said, and cited", "label")
    for line in (question["answer"] or question["status"]).splitlines():
        add(side, "p", line)
    for citation in question["citations"]:
        quoted = add(side, "blockquote", kind="good" if citation["is_evidence"] else "")
        quoted.text = clean(citation["quote"])
        told = ["evidence" if citation["is_evidence"] else "other words", citation["speaker"], citation["source"]]
        add(side, "p", ", ".join(filter(None, told)), "label")


def _all(paper: Paper, body: Mapping[str, Any]) -> None:
    paper.section("Every measure", f"Below {FEW} items a measure says little.")
    rows = [
        [named(name), f"{value['value']:.3f}", "{:.2f} to {:.2f}".format(*value["interval"]), str(value["items"])]
        for name, value in body["measures"].items()
        if value
    ]
    paper.table(["measure", "value", "95 %", "items"], rows)


def _faults(item: Mapping[str, Any]) -> str:
    return "; ".join(item["faults"]) or "right"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _difference(one: Mapping[str, Any]) -> str:
    difference = one["difference"]
    return f"{difference['value']:+.3f} [{difference['low']:+.3f}, {difference['high']:+.3f}]" if difference else ""
