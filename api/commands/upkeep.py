"""`baton doctor`: whether a home is as it should be."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import Exit, HomeOption, JsonOption, print_json
from ingest.home import find_home

commands = typer.Typer()


@commands.command()
def doctor(
    home: HomeOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild the indexes that differ from the archive.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the home, weights, indexes, our own domains, the language model if one is set, close events, delivery; say what to do."""
    from api.close_checks import examine_closing
    from assistant.checkup import examine_model
    from assistant.uncounted import examine_sides
    from ingest.archive.database import holds_archive
    from ingest.doctor import Report, examine

    where = find_home(home)
    looked = examine(where, repair=repair)
    sides = (examine_sides(where),) if looked.ok and holds_archive(where) else ()
    report = Report((*looked.checks, *sides, examine_model(where), *examine_closing(where)))
    if as_json:
        print_json({"ok": report.ok, "checks": [{"name": c.name, "ok": c.ok, "says": c.says, "do": c.do} for c in report.checks]})
    else:
        for check in report.checks:
            print(f"{'ok  ' if check.ok else 'FIX '} {check.name}: {check.says}" + (f"\n     {check.do}" if check.do else ""))
    raise typer.Exit(Exit.OK if report.ok else Exit.ERROR)
