"""`baton sources`: what an account's history is made of, and what is one thing told by several tools."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from api.commands.listing import Listing
from api.commands.options import AccountArgument, HomeOption, JsonOption, open_archive, print_json, the_account

commands = typer.Typer()
sources = typer.Typer(
    cls=Listing,
    help="What was read for an account: baton sources ACCOUNT. Say that something is not the same as something else, or undo it.",
    rich_markup_mode=None,
)
commands.add_typer(sources, name="sources")

SourceArgument = Annotated[str, typer.Argument(help="Its id, as `baton sources ACCOUNT` lists it.", metavar="SOURCE")]


@sources.command("list")
def sources_list(account: AccountArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Everything that was said, oldest first; below each, the same as other tools tell it."""
    from api.views import source_json
    from ingest.archive.scope import EVERYTHING

    with open_archive(home) as opened:
        whose = the_account(opened, account)
        found = opened.archive.interactions(EVERYTHING.only(whose.id))
        restricted = opened.archive.restricted()
    if as_json:
        print_json({"items": [source_json(each, whose, restricted) for each in found], "next_cursor": None, "total": len(found)})
        return
    from api.terminal import plain

    for each in found:
        source = each.source
        on = f"{source.occurred_at:%Y-%m-%d}" if source.occurred_at else "undated   "
        mark = "  (restricted)" if source.id in restricted else ""
        print(f"{source.id}  {on}  {source.kind:<9} {source.tool:<11} {plain(source.title)}{mark}")
        for other in source.alternates:
            print(f"  {other.id}  the same from {other.tool}")
    if not found:
        print(f"Nothing was read for {whose.name} yet.")


@sources.command("split")
def sources_split(source: SourceArgument, home: HomeOption = None) -> None:
    """Say that it is the same as nothing else: it stands by itself, whatever the rules find."""
    _set_apart(source, home, apart=True)
    print("It stands by itself now. baton sources join leaves it to the rules again.")


@sources.command("join")
def sources_join(source: SourceArgument, home: HomeOption = None) -> None:
    """Take a split back: the rules decide again what it is the same as."""
    _set_apart(source, home, apart=False)
    print("What it is the same as is decided by the rules again.")


@sources.command("restrict")
def sources_restrict(source: SourceArgument, home: HomeOption = None) -> None:
    """Keep it to admins and to our people who took part in it; while the server runs, too."""
    from api.commands.keys import admissions, by_hand
    from ingest.archive.scope import OPERATOR

    with admissions(home) as opened:
        opened.restrict(source, OPERATOR, datetime.now(UTC))
        opened.record(OPERATOR, by_hand(), "source.restrict", [source])
    print("Only admins and those of us who took part see it now, or an answer or brief that quotes it. baton sources lift undoes it.")


@sources.command("lift")
def sources_lift(source: SourceArgument, home: HomeOption = None) -> None:
    """Take a restriction back: everybody who may see the account sees it again."""
    from api.commands.keys import admissions, by_hand
    from ingest.archive.scope import OPERATOR

    with admissions(home) as opened:
        opened.unrestrict(source)
        opened.record(OPERATOR, by_hand(), "source.lift", [source])
    print("Everybody who may see the account sees it again.")


def _set_apart(source: str, home: HomeOption, *, apart: bool) -> None:
    from assistant.portfolio import refresh
    from ingest.changing import split_source

    with open_archive(home, write=True) as opened:
        split_source(opened, source, apart=apart)
        refresh(opened.archive)
