"""A run as JUnit XML for a build server: a suite for each deal, and one for the gate.

What already went wrong when the baseline was recorded is skipped with what is known of it, and so is what newly went wrong while the gate
held: a build is red when the gate is, and shows then what is new.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from eval.gate import Check, Gate
from eval.items import Item
from eval.report import Report

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any form: a mail's stray control character would make the whole file unreadable."""


def write_junit(report: Report, file: Path) -> None:
    tree = ElementTree(junit(report))
    indent(tree)
    with file.open("wb") as opened:
        tree.write(opened, encoding="utf-8", xml_declaration=True)


def junit(report: Report) -> Element:
    suites = [_deal_suite(deal, [item for item in report.items if item.deal == deal], report.gate) for deal in report.deals]
    if report.gate:
        suites.append(_gate_suite(report.gate))
    root = Element("testsuites", {"name": "baton eval", **_counts(suites)})
    root.extend(suites)
    return root


def _deal_suite(deal: str, items: Sequence[Item], gate: Gate | None) -> Element:
    suite = Element("testsuite", {"name": _clean(deal)})
    for item in items:
        case = SubElement(suite, "testcase", {"classname": _clean(f"{deal}.{item.kind}"), "name": _clean(f"{item.id}: {item.text}")})
        if item.right:
            continue
        faults = "; ".join(item.faults)
        if gate and item.id in gate.known:
            SubElement(case, "skipped", {"message": _clean(f"known: {faults}")})
        elif gate and gate.passed:
            SubElement(case, "skipped", {"message": _clean(f"newly failing, within the tolerance: {faults}")})
        else:
            _fail(case, faults, item.kind)
    return _counted(suite)


def _gate_suite(gate: Gate) -> Element:
    suite = Element("testsuite", {"name": "gate"})
    if gate.fault:
        _fail(SubElement(suite, "testcase", {"classname": "gate", "name": "baseline"}), gate.fault, "no baseline")
    for check in gate.checks:
        case = SubElement(suite, "testcase", {"classname": "gate", "name": check.measure})
        if check.failed:
            _fail(case, _reasons(check), check.verdict)
    return _counted(suite)


def _reasons(check: Check) -> str:
    return f"{'; '.join(check.reasons)} (recorded {check.recorded.value:.3f})"


def _fail(case: Element, message: str, kind: str) -> None:
    SubElement(case, "failure", {"message": _clean(message), "type": _clean(kind)})


def _counted(suite: Element) -> Element:
    suite.attrib.update(_counts([suite]))
    return suite


def _counts(suites: Sequence[Element]) -> dict[str, str]:
    def count(path: str) -> str:
        return str(sum(len(suite.findall(path)) for suite in suites))

    return {"tests": count("testcase"), "failures": count("testcase/failure"), "errors": "0", "skipped": count("testcase/skipped")}


def _clean(text: str) -> str:
    return FORBIDDEN.sub("", text)
