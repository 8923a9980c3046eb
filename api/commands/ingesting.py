"""`baton ingest`: exports in, and what became of each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.held import item_json
from api.commands.options import Exit, HomeOption, JsonOption, print_json, say
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.sync import Tally


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
    as_json: JsonOption = False,
) -> None:
    """Read exports into the archive. Running it again only reads what changed."""
    from api.terminal import Bars
    from assistant.portfolio import refresh
    from ingest.reading import holds_files
    from ingest.sync import NothingToRead, sync
    from ingest.wiring import fallback_of, open_home

    if not holds_files(paths):  # before a home is made for it
        raise NothingToRead(paths)
    with open_home(find_home(home), write=True) as opened, Bars(quiet=as_json) as bars:
        tally = sync(
            opened, paths, account=account, our_domains=our_domain or (), partner_domains=partner_domain or (), progress=bars.progress
        )
        refresh(opened.archive, progress=bars.progress)
        instead = fallback_of(opened.settings)
    if instead:
        print(f"note    {instead}", file=sys.stderr)
    if as_json:
        print_json(_tally_json(tally))
    else:
        _show_tally(tally)
    raise typer.Exit(Exit.OK if tally.complete else Exit.SET_ASIDE)


def _tally_json(tally: Tally) -> dict[str, object]:
    return {
        "new": tally.new,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "removed": tally.removed,
        "held": [item_json(each) for each in tally.held],
        "dismissed": tally.dismissed,
        "failed": [{"file": f.file, "line": f.line, "reason": f.reason, "detail": f.detail} for f in tally.failed],
        "notes": [{"file": n.file, "line": n.line, "reason": n.reason, "detail": n.detail} for n in tally.notices],
        "erased": tally.erased,
        "expired": tally.expired,
        "embedded": tally.embedded,
        "degraded": list(tally.degraded),
        "seconds": tally.seconds,
    }


def _show_tally(tally: Tally) -> None:
    from api.terminal import table

    if tally.accounts:
        columns = ("call", "email", "crm_note", "doc")
        rows = [[a.name, *(str(a.kinds.get(k, 0)) for k in columns), str(a.new), str(a.changed), str(a.unchanged)] for a in tally.accounts]
        table(["Account", "Calls", "Mails", "Notes", "Docs", "New", "Changed", "Unchanged"], rows)
    for held in tally.held:
        print(f"held    {held.file}: {held.hint}")
    for failed in tally.failed:
        where = f"{failed.file}:{failed.line}" if failed.line else failed.file
        print(f"failed  {where}: {failed.detail}")
    for notice in tally.notices:
        where = f"{notice.file}:{notice.line}" if notice.line else notice.file
        print(f"note    {where}: {notice.detail}")
    for part in tally.degraded:
        print(f"degraded  {part}")
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
