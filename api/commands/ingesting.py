"""`baton ingest`: exports in, and what became of each."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import Exit, HomeOption, JsonOption, by_the_server, print_json, say
from api.tallied import tally_json
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.archive.rows import Source
    from ingest.coverage import Lacking
    from ingest.outcomes import FileOutcome, Item
    from ingest.records import Failure
    from ingest.tally import Tally


_NAMED = 3
"""Calls of an account that the report names; `--json` names them all."""

_INSTEAD = (
    "It imports by itself, while it answers: name the folder under [imports] in baton.toml, then press Import now on the page Imports "
    "(programs: POST /api/v1/imports)."
)

commands = typer.Typer()


@commands.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Folders or files of exports.", metavar="PATH…")],
    home: HomeOption = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME", help="The account for what does not say whose it is; made if it is new.")
    ] = None,
    our_domain: Annotated[
        list[str] | None, typer.Option("--our-domain", metavar="D", help="A mail domain of our own company. Remembered.")
    ] = None,
    partner_domain: Annotated[
        list[str] | None, typer.Option("--partner-domain", metavar="D", help="A partner's mail domain. Remembered.")
    ] = None,
    as_list: Annotated[
        bool, typer.Option("--list", help="Name every file and what is in it, each with what became of it and why.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read exports into the archive. Running it again only reads what changed.

    --json prints one document: the totals, and under `inputs` every file with its items, each with its state and reason.
    """
    from api.intake import Exports, take_in
    from api.terminal import Bars, plain
    from ingest.archive.errors import HomeBusy
    from ingest.reading import holds_files
    from ingest.sync import NothingToRead
    from ingest.wiring import open_home

    if not holds_files(paths):  # before a home is made for it
        raise NothingToRead(paths)
    where = find_home(home)
    exports = Exports(
        tuple(path.resolve() for path in paths), account, tuple(our_domain or ()), tuple(partner_domain or ()), as_json or as_list
    )
    with Bars(quiet=as_json) as bars:
        try:
            with open_home(where, write=True) as opened:
                taken = take_in(opened, exports, bars.progress)
        except HomeBusy as busy:
            from api.side_door import through  # loaded where it is needed, as all of the server's

            taken = by_the_server(busy, _INSTEAD, lambda: through(where, exports, bars.progress))
    tally = taken.tally
    for note in taken.notes:
        print(f"note    {note}", file=sys.stderr)
    if as_json:
        print_json(tally_json(tally))
    else:
        for line in [line for each in tally.inputs for line in _list_lines(each)]:
            print(plain(line))
        show_tally(tally)
    raise typer.Exit(Exit.OK if tally.complete else Exit.SET_ASIDE)


def _list_lines(file: FileOutcome) -> list[str]:
    """A line for the file, and one for each thing in it that the file's own line does not say all of."""
    only = file.items[0] if len(file.items) == 1 and not file.records else None
    if only and only.state == file.state:
        return [_line(only.state, only, only.file)]
    holds = f" ({file.records} CRM record{'s' * (file.records != 1)})" if file.records else ""
    why = f": {file.detail}" if file.detail and not file.items else ""
    return [f"{file.state:<9}  {file.file}{holds}{why}", *(_line(item.state, item, f"  {item.file}") for item in file.items)]


def _line(state: str, item: Item, place: str) -> str:
    what = f"  {item.title}" if item.title else ""
    whose = f" ({item.account})" if item.account else ""
    why = f": {item.detail}" if item.detail else ""
    return f"{state:<9}  {place}{what}{whose}{why}"


def show_tally(tally: Tally) -> None:
    from api.terminal import say_each, table

    if tally.accounts:
        columns = ("call", "email", "crm_note", "doc")
        rows = [[a.name, *(str(a.kinds.get(k, 0)) for k in columns), str(a.new), str(a.changed), str(a.unchanged)] for a in tally.accounts]
        table(["Account", "Calls", "Mails", "Notes", "Docs", "New", "Changed", "Unchanged"], rows)
    say_each("held", [f"{held.file}: {held.hint}" for held in tally.held])
    say_each("failed", [f"{_where(failed)}: {failed.detail}" for failed in tally.failed])
    say_each("note", [f"{_where(notice)}: {notice.detail}" for notice in tally.notices])
    say_each("lacking", [line for each in tally.lacking for line in _lacking_lines(each)])
    say_each("degraded", list(tally.degraded))
    if tally.expired:
        print(f"expired  {tally.expired} left out: older than [retention] in baton.toml keeps")
    if tally.erased:
        print(f"erased  {tally.erased} left out: they were erased here before (baton erase … --allow-again takes that back)")
    print(
        f"{tally.new} new, {tally.changed} changed, {tally.unchanged} unchanged, {tally.removed} removed; "
        f"{len(tally.held)} held, {len(tally.failed)} set aside; {tally.seconds:.1f} s."
    )
    if tally.held:
        say("baton held says who is in what is held, and takes your word on whose it is.")


def _where(failure: Failure) -> str:
    return f"{failure.file}:{failure.line}" if failure.line else failure.file


def _lacking_lines(lacking: Lacking) -> list[str]:
    """`Halden: 2 calls without a transcript: 24 Sep 2026 Commercial alignment; …`, and the months in which nothing was said."""
    lines = []
    if lacking.unheard:
        named = [f"{_day(call)}{call.title}" for call in lacking.unheard[:_NAMED]]
        more = [f"and {len(lacking.unheard) - _NAMED} more"] if len(lacking.unheard) > _NAMED else []
        number = "1 call" if len(lacking.unheard) == 1 else f"{len(lacking.unheard)} calls"
        lines.append(f"{lacking.account}: {number} without a transcript: {'; '.join([*named, *more])}")
    if lacking.silent:
        months = [f"{date.fromisoformat(f'{month}-01'):%b %Y}" for month in lacking.silent]
        lines.append(f"{lacking.account}: nothing was said in {', '.join(months)}")
    return lines


def _day(call: Source) -> str:
    return f"{call.occurred_on.day} {call.occurred_on:%b %Y} " if call.occurred_on else ""
