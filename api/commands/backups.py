"""`baton backup` and `baton restore`: a home in one file, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Exit, HomeOption, JsonOption, print_json, say
from ingest.home import find_home

commands = typer.Typer()


@commands.command()
def backup(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to. Default: baton-DATE.zip here.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole home into one file; it may be served or added to meanwhile.

    Vectors are left out, for they are made again from the archive, and so are key files. What was erased before is not in it; what is
    erased later stays in it.
    """
    from ingest.backup import back_up

    kept = back_up(find_home(home), (file or Path(f"baton-{date.today()}.zip")).expanduser().resolve())
    if as_json:
        print_json({**asdict(kept), "file": str(kept.file), "made_at": kept.made_at.isoformat()})
    else:
        print(f"Wrote {kept.file}: {kept.accounts} accounts, {kept.interactions} interactions, {kept.bytes / 2**20:.1f} MB.")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `baton backup` wrote.")],
    home: HomeOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put the home that is there aside; nothing of it is deleted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a home of a backup. Exit code 1: restored, but something is to be done about it."""
    from ingest.backup import restore as restored

    where = find_home(home)
    done = restored(file.expanduser(), where, replace=replace)
    if as_json:
        counts = {"accounts": done.kept.accounts, "interactions": done.kept.interactions}
        aside = done.replaced and str(done.replaced)
        checks = [asdict(check) for check in done.checks]
        print_json({"home": str(where), "made_at": done.kept.made_at.isoformat(), **counts, "replaced": aside, "checks": checks})
    else:
        print(f"{where} is as it was on {done.kept.made_at:%d %b %Y at %H:%M} UTC: {done.kept.accounts} accounts, "
              f"{done.kept.interactions} interactions.")  # fmt: skip
        if done.replaced:
            print(f"What was there before lies in {done.replaced}.")
        for check in done.checks:
            if not check.ok:
                print(f"FIX  {check.name}: {check.says}" + (f"\n     {check.do}" if check.do else ""))
        say("What was erased since that day is in it again: run the same `baton erase` again, then `baton retention`.")
    raise typer.Exit(Exit.OK if all(check.ok for check in done.checks) else Exit.ERROR)
