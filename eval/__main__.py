"""`python -m eval`: the evaluation without the rest of the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from eval.cases import BadCases
from eval.command import run_eval
from eval.report import as_json, as_text


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Measure Baton on labelled deals.")
    parser.add_argument("data", nargs="?", type=Path, help="a folder with samples/ and cases/ (default: the development deals)")
    parser.add_argument("--only", action="append", default=[], metavar="DEAL", help="measure this deal alone; may be repeated; not gated")
    parser.add_argument("--home", type=Path, help="read the samples into this home and keep it (default: one that is thrown away)")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst answers")
    parser.add_argument("--write-baseline", action="store_true", help="record this run as the baseline to hold")
    given = parser.parse_args()
    try:
        report, code = run_eval(given.data, only=given.only, home=given.home, write_baseline=given.write_baseline)
    except BadCases as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(as_json(report), ensure_ascii=False, indent=1) if given.json else as_text(report, given.worst))
    return code


if __name__ == "__main__":
    sys.exit(main())
