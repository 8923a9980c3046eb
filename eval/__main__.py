"""`python -m eval`: the evaluation without the rest of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval import options
from eval.cases import BadCases
from eval.command import CannotRecord, CannotWrite, Told, Wanted, evaluate
from eval.compare import NotARun
from eval.report import columns
from ingest.problems import KNOWN

FAULTS: tuple[type[Exception], ...] = (BadCases, CannotRecord, CannotWrite, NotARun, OSError, *KNOWN)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m eval", description="Measure answers and briefs on labelled deals.")
    made.add_argument("cases", nargs="?", type=Path, metavar="CASES", help=options.CASES)
    made.add_argument("--only", action="append", default=[], metavar="DEAL", help=options.ONLY)
    made.add_argument("--home", type=Path, metavar="FOLDER", help=options.HOME)
    made.add_argument("--json", action="store_true", help=options.JSON)
    made.add_argument("--worst", type=_count, default=0, metavar="N", help=options.WORST)
    made.add_argument("--write-baseline", action="store_true", help=options.WRITE_BASELINE)
    made.add_argument("--raise-baseline", action="store_true", help=options.RAISE_BASELINE)
    made.add_argument("--against", type=Path, metavar="RUN.json", help=options.AGAINST)
    made.add_argument("--out", type=Path, metavar="FOLDER", help=options.OUT)
    made.add_argument("--junit", type=Path, metavar="FILE", help=options.JUNIT)
    made.add_argument("--model", action="store_true", help=options.MODEL)
    made.add_argument("--sample", type=_count, default=0, metavar="N", help=options.SAMPLE)
    made.add_argument("--on", type=Path, metavar="FOLDER", help=options.ON)
    made.add_argument("--account", metavar="NAME", help=options.ON_ACCOUNT)
    made.add_argument("--our-domain", action="append", default=[], metavar="DOMAIN", help=options.ON_DOMAIN)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    wanted = Wanted(
        given.cases, tuple(given.only), given.home, given.json, given.worst, given.write_baseline, given.against, given.out, given.junit,
        given.model, given.sample, given.raise_baseline,
    )  # fmt: skip
    try:
        told = _own(given) if given.on else evaluate(wanted, columns())
    except FAULTS as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    print(told.text)
    for fault in told.unwritten:
        print(f"Error: {fault}", file=sys.stderr)
    return told.code


def _own(given: argparse.Namespace) -> Told:
    from eval.own_data.command import OUT, Asked, evaluate_own
    from eval.own_data.measuring import Wanted

    if given.cases or given.only or given.worst or given.write_baseline or given.raise_baseline or given.against or given.junit:
        raise CannotRecord(options.ON_ALONE)
    measured = Wanted(given.on, given.sample, given.home, given.account, tuple(given.our_domain))
    return evaluate_own(Asked(measured, given.out or OUT, given.json, given.model), columns())


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
