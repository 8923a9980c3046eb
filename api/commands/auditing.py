"""`baton audit`: who did what on which id, and whether the log is whole."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from api.commands.keys import admissions
from api.commands.options import Exit, HomeOption, JsonOption, fail, print_json, say

commands = typer.Typer()


@commands.command()
def audit(
    home: HomeOption = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check every entry against its seal. Exit code 1: the log was changed.")] = False,
    head: Annotated[
        str, typer.Option("--head", metavar="HASH", help="With --verify: a head noted earlier, to see that nothing was cut off since.")
    ] = "",
    by: Annotated[str | None, typer.Option("--by", metavar="USER", help="What this person (address or usr_…) did.")] = None,
    about: Annotated[str | None, typer.Option("--about", metavar="ID", help="What was done with this id.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="From the beginning of that day, UTC.")] = None,
    as_json: JsonOption = False,
) -> None:
    """The audit log, oldest first: ids and deeds, never words."""
    from api.users import the_user

    with admissions(home) as opened:
        if verify:
            verdict = opened.verify(head)
            whole = verdict.broken_at is None and verdict.holds is not False
            if as_json:
                print_json({"whole": whole, **asdict(verdict)})
            elif verdict.broken_at is not None:
                print(f"NOT WHOLE  entry {verdict.broken_at} is not as it was written, or is missing; {verdict.entries} before it are.")
            elif verdict.holds is False:
                print(f"NOT WHOLE  {head} is the seal of none of the {verdict.entries} entries: some were cut off, or all written anew.")
            else:
                print(f"Whole: {verdict.entries} entries. Head: {verdict.head}")
            raise typer.Exit(Exit.OK if whole else Exit.ERROR)
        whose = the_user(opened, by).id if by else None
        found = [asdict(each) for each in opened.entries(principal_id=whose, target=about, since=_day(since))]
    if as_json:
        print_json({"items": found})
        return
    for each in found:
        outcome = f" {each['outcome']}" if each["outcome"] else ""
        who = f"{each['principal_id']} ({each['credential']})"
        print(f"{each['number']}  {each['at']}  {who}  {each['action']}{outcome}  {' '.join(each['targets'])}")
    if not found:
        say("Nothing is in the log yet.")


def _day(word: str | None) -> datetime | None:
    if word is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(word), datetime.min.time(), UTC)
    except ValueError:
        fail(f"{word!r} is not a date; write it as 2026-09-10", Exit.USAGE)
