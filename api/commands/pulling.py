"""`baton connect` and `baton pull`: the tools that are asked over the network, what each needs, and what is new in them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from api.commands.ingesting import show_tally
from api.commands.options import Exit, HomeOption, JsonOption, by_the_server, fail, print_json, say
from api.tallied import tally_json
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.connectors.port import Check
    from ingest.opened import Home
    from ingest.pulling import Report
    from ingest.records import Kind

LEAST_MINUTES = 1.0
_INSTEAD = "It asks the tools by itself: say how often, as [pull] every = 15 (minutes) in baton.toml."

commands = typer.Typer()


@commands.command()
def connect(
    source: Annotated[str | None, typer.Argument(help="A tool to be asked now: hubspot, gong …", metavar="SOURCE")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the tools Baton can ask, what each needs and when it was asked last; with SOURCE, ask it whether it would answer.

    How each credential is made with the least rights stands in docs/sources.md.
    """
    from api.polling import load_every
    from ingest.archive.archive import Archive
    from ingest.connectors.status import statuses
    from ingest.connectors.wiring import connected, connectors

    where = find_home(home)
    if source is None:
        with Archive.open(where) as archive:
            found = statuses(where, archive=archive)
        if as_json:
            print_json({"items": [each.as_json() for each in found]})
            return
        for each in found:
            print(each.line() + _kept(each.kept))
        every = load_every(where)
        if every is not None and any(each.connected for each in found):
            print(f"A running server asks them every {every.total_seconds() / 60:g} minutes.")
        return
    (connector,) = connectors(connected(where), [source])
    with closing(connector):
        said = list(connector.check())
    if as_json:
        print_json({"source": source, "ok": all(each.ok for each in said), "checks": [_check_json(each) for each in said]})
    else:
        from api.terminal import plain

        for one in said:
            print(plain(f"{'ok  ' if one.ok else 'FIX '} {one.what}: {one.detail}"))
    raise typer.Exit(Exit.OK if all(each.ok for each in said) else Exit.ERROR)


@commands.command()
def pull(
    sources: Annotated[list[str] | None, typer.Argument(help="Tools; without any, all that are connected.", metavar="[SOURCE…]")] = None,
    home: HomeOption = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Leave out what happened before. Remembered; another day asks for all again."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Ask for everything again, and take out what the tool has no longer.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on asking until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option("--every", metavar="MIN", help="With --watch: minutes between two rounds.")] = 15.0,
    as_json: JsonOption = False,
) -> None:
    """Ask the connected tools what is new and take it in, as `baton ingest` takes in an export. Asking again only reads what changed.

    A run that is interrupted goes on where it stopped. Where nothing is new, nothing is written.
    """
    from api.intake import Tools, ask
    from api.terminal import Bars
    from ingest.archive.errors import HomeBusy
    from ingest.connectors.wiring import connected, connectors
    from ingest.wiring import open_home

    where, day = find_home(home), _day(since)
    if every < LEAST_MINUTES:
        fail(f"--every is at least {LEAST_MINUTES:.0f} minute", Exit.USAGE)
    made = connectors(connected(where), sources or ())
    for connector in made:
        connector.close()
    if not made:
        fail("no tool is connected; `baton connect` lists what there is and what each needs", Exit.USAGE)
    tools = Tools(tuple(each.name for each in made), day, full, as_json)
    complete = True
    with ExitStack() as stack:
        opened: Home | HomeBusy
        try:
            opened = stack.enter_context(open_home(where, write=True))
        except HomeBusy as busy:
            opened = busy
        while True:
            with Bars(quiet=as_json) as bars:
                if isinstance(opened, HomeBusy):
                    from api.side_door import through  # loaded where it is needed, as all of the server's

                    asked = by_the_server(opened, _INSTEAD, partial(through, where, tools, bars.progress, bars.asking))
                else:
                    asked = ask(opened, tools, bars.progress, bars.asking)
            report, closed = asked.report, asked.closed
            complete = complete and report.complete
            if as_json:
                print_json(_report_json(report))
            elif not watch or report.tally or any(each.trouble or each.troubles for each in report.sources):
                _show(report)
            if closed:
                say(f"{closed} deals are newly won. `baton serve` composes their briefs, or `baton jobs run`.")
            if not watch:
                break
            say(f"Next round at {datetime.now().astimezone() + timedelta(minutes=every):%H:%M}.")
            sys.stdout.flush()
            tools = replace(tools, anew=False)
            time.sleep(every * 60)
    if all(each.trouble for each in report.sources):
        raise typer.Exit(Exit.ERROR)
    raise typer.Exit(Exit.OK if complete else Exit.SET_ASIDE)


def _kept(kept: Mapping[str, int]) -> str:
    from assistant.render import KIND_WORDS

    counts = ", ".join(f"{count} {KIND_WORDS[cast('Kind', kind)][count != 1]}" for kind, count in kept.items())
    return f"; {counts}" if counts else ""


def _show(report: Report) -> None:
    from api.terminal import say_each, table

    rows = [[each.source, str(each.asked), str(each.changed), str(each.removed)] for each in report.sources]
    if any(each.changed or each.removed for each in report.sources):
        table(["Source", "Looked at", "Files changed", "Gone"], rows)
    say_each("refused", [line for each in report.sources for line in each.troubles])
    say_each("stopped", [f"{each.source}: {each.trouble}" for each in report.sources if each.trouble])
    if report.tally:
        show_tally(report.tally)
    else:
        print("Nothing new.")
    if any(each.trouble for each in report.sources):
        say("What came before a source stopped is kept; the next run goes on there.")


def _report_json(report: Report) -> dict[str, Any]:
    sources = [
        {
            "source": each.source,
            "asked": each.asked,
            "changed": each.changed,
            "removed": each.removed,
            "refused": each.troubles,
            "stopped": each.trouble or None,
            "seconds": each.seconds,
        }
        for each in report.sources
    ]
    return {"sources": sources, "taken_in": report.tally and tally_json(report.tally)}


def _check_json(check: Check) -> dict[str, object]:
    return {"what": check.what, "ok": check.ok, "detail": check.detail}


def _day(since: str | None) -> date | None:
    try:
        return date.fromisoformat(since) if since else None
    except ValueError:
        fail(f"{since!r} is not a date; write it as 2026-09-10", Exit.USAGE)
