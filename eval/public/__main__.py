"""`python -m eval.public`: the exact measures of the public sets, a table each."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from eval.public.folder import VARIABLE, public_data
from eval.public.records import BadSet
from eval.public.run import SETS, UnknownSet, run_sets
from eval.public.table import as_json, as_rows, as_text
from eval.stamp import stamp_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.public", description="Measure Baton on public benchmark sets.")
    parser.add_argument("--sets", nargs="+", default=[], metavar="SET", help=f"these alone, of {', '.join(SETS)}")
    parser.add_argument("--data", type=Path, help=f"the folder that holds the sets (default: {VARIABLE}, else ../shared/data)")
    parser.add_argument("--rows", action="store_true", help="print lines for the table of docs/benchmarks.md instead")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    data = public_data(given.data, os.environ)
    if not data.is_dir() and (given.data is not None or os.environ.get(VARIABLE)):
        parser.error(f"{'--data' if given.data is not None else VARIABLE}: there is no folder {data}; name the one that holds the sets")
    tables, skipped = [], []
    told = stamp_of(Path(__file__).resolve().parents[2], datetime.now(UTC)).told
    try:
        results = run_sets(given.sets, data)
        for name in given.sets or SETS:
            print(f"{name}: measuring ...", file=sys.stderr, flush=True)
            found = next(results)
            if isinstance(found, str):
                skipped.append(found)
            else:
                tables.append(found)
            if not given.json:
                said = as_rows(found, told) if given.rows and not isinstance(found, str) else ""
                print(said or (found if isinstance(found, str) else f"{as_text(found)}\n"), flush=True)
    except (BadSet, UnknownSet) as error:
        print(error, file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps({"sets": [as_json(table) for table in tables], "skipped": skipped}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
