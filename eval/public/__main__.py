"""`python -m eval.public`: the exact measures of the public sets, a table each."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from eval.public.folder import VARIABLE, public_data
from eval.public.records import BadSet
from eval.public.run import SETS, UnknownSet, run_sets
from eval.public.table import as_json, as_text


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.public", description="Measure Baton on public benchmark sets.")
    parser.add_argument("--sets", nargs="+", default=[], metavar="SET", help=f"these alone, of {', '.join(SETS)}")
    parser.add_argument("--data", type=Path, help=f"the folder that holds the sets (default: {VARIABLE}, else ../shared/data)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    data = public_data(given.data, os.environ)
    if not data.is_dir() and (given.data is not None or os.environ.get(VARIABLE)):
        parser.error(f"{'--data' if given.data is not None else VARIABLE}: there is no folder {data}; name the one that holds the sets")
    tables, skipped = [], []
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
                print(found if isinstance(found, str) else as_text(found), end="\n\n", flush=True)
    except (BadSet, UnknownSet) as error:
        print(error, file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps({"sets": [as_json(table) for table in tables], "skipped": skipped}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
