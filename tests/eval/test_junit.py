"""A build server is told what failed, what was known to fail, and whether the gate held, in XML that any reader takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest

from eval.cases import Case
from eval.gate import Check, Gate, Recorded
from eval.junit import junit, write_junit
from eval.measures import Value
from eval.outcome import Given
from tests.eval.perfect import perfect
from tests.eval.reports import perfect_but, report_of

RECORDED = Recorded(value=0.5, low=0.4, high=0.6, items=98, bar=0.47)
HOLDS = Check("correct", Value(0.5, 0.4, 0.6, 98), RECORDED, 0.47, None, "holds")
BELOW = Check("fact_recall", Value(0.3, 0.2, 0.4, 98), RECORDED, 0.47, None, "below", ("0.300 is past the bar of 0.470",))
SILENT = perfect_but(Q1=Given("declined"), Q2=Given("declined"))


def case_named(root: Element, start: str) -> Element:
    return next(case for case in root.iter("testcase") if case.attrib["name"].startswith(start))


def test_every_question_and_brief_item_is_a_test_of_its_deal(cases: tuple[Case, ...]) -> None:
    root = junit(report_of(cases, perfect))
    assert [suite.attrib["name"] for suite in root] == [case.name for case in cases]
    for suite, case in zip(root, cases, strict=True):
        names = [test.attrib["name"] for test in suite]
        assert names[: len(case.questions)] == [f"{case.name} {q.id}: {q.text}" for q in case.questions]
        assert len([n for n in names if n.startswith(f"{case.name} P")]) == len(case.brief.promises)
        assert len([n for n in names if n.startswith(f"{case.name} trap ")]) == len(case.brief.not_promises)
    declined = next(q for q in cases[0].questions if not q.answerable)
    assert len(case_named(root, f"{cases[0].name} {declined.id}:")) == 0  # declined right is a pass


def test_without_a_baseline_what_went_wrong_is_a_failure_with_its_faults(brightwell: Case) -> None:
    root = junit(report_of([brightwell], SILENT))
    failure = case_named(root, "brightwell Q1:").find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "declines although the history says it", "type": "in_contract"}
    assert root.attrib["failures"] == root[0].attrib["failures"] == str(len(root.findall("*/testcase/failure")))
    assert root.attrib["skipped"] == "0"


def test_what_was_known_to_fail_is_skipped_and_what_is_new_is_red_with_the_gate(brightwell: Case) -> None:
    report = report_of([brightwell], SILENT)
    silent = [item for item in report.items if item.id in ("brightwell Q1", "brightwell Q2")]
    root = junit(replace(report, items=tuple(silent), gate=Gate((BELOW,), known=frozenset({"brightwell Q1"}))))
    skipped = case_named(root, "brightwell Q1:").find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "known: declines although the history says it"
    assert case_named(root, "brightwell Q2:").find("failure") is not None
    assert {name: root.attrib[name] for name in ("tests", "failures", "skipped", "errors")} == {
        "tests": "3", "failures": "2", "skipped": "1", "errors": "0",
    }  # fmt: skip


def test_what_newly_fails_while_the_gate_holds_is_skipped_and_told_apart_from_what_was_known(brightwell: Case) -> None:
    gate = Gate((HOLDS,), known=frozenset({"brightwell Q1"}))
    root = junit(report_of([brightwell], SILENT, gate=gate))
    new, known = (case_named(root, f"brightwell {id}:").find("skipped") for id in ("Q2", "Q1"))
    assert new is not None
    assert new.attrib["message"] == "newly failing, within the tolerance: declines although the history says it"
    assert known is not None
    assert known.attrib["message"].startswith("known: ")
    assert root.attrib["failures"] == "0"


def test_each_gated_measure_is_a_test(brightwell: Case) -> None:
    root = junit(report_of([brightwell], perfect, gate=Gate((HOLDS, BELOW))))
    suite = root[-1]
    assert (suite.attrib["name"], suite.attrib["tests"], suite.attrib["failures"]) == ("gate", "2", "1")
    failure = case_named(root, "fact_recall").find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "0.300 is past the bar of 0.470 (recorded 0.500)"


def test_a_gate_without_a_baseline_is_one_failure(brightwell: Case) -> None:
    suite = junit(report_of([brightwell], perfect, gate=Gate((), fault="no baseline is recorded yet")))[-1]
    assert [case.attrib["name"] for case in suite] == ["baseline"]
    assert suite.attrib["failures"] == "1"


@pytest.mark.parametrize("text", ["a\x00b\x1bc\x0b", "lone \ud83d half", "\ufffe\uffff"])
def test_what_xml_forbids_is_left_out_and_the_rest_kept(text: str, brightwell: Case, tmp_path: Path) -> None:
    report = report_of([brightwell], SILENT)
    odd = replace(report.items[0], text=f"{text} <&\"'> Malmö 🚚\nnext", faults=(text,))
    write_junit(replace(report, items=(odd,)), tmp_path / "r.xml")
    case = next(parse(tmp_path / "r.xml").getroot().iter("testcase"))
    assert case.attrib["name"].endswith(" <&\"'> Malmö 🚚\nnext")
    assert not set(case.attrib["name"]) & set("\x00\x1b\x0b\ud83d\ufffe\uffff")
