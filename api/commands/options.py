"""What the commands share: options and arguments, exit codes, the ways to open a home and to say what went wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from ingest.home import find_home

if TYPE_CHECKING:
    from assistant.wiring import Kit
    from ingest.archive.errors import HomeBusy
    from ingest.archive.rows import StoredAccount
    from ingest.opened import Home


Done = TypeVar("Done")


class Exit(IntEnum):
    """What a caller's script can tell from the exit code."""

    OK = 0
    ERROR = 1
    USAGE = 2
    NOT_IN_HISTORY = 3
    GATE_FAILED = 4
    SET_ASIDE = 5
    INTERRUPTED = 130


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="BATON_HOME", help="The folder that holds everything. Default: the nearest .baton upwards, else your data folder."
    ),
]
AccountArgument = Annotated[
    str, typer.Argument(help="An account's id, slug, name, domain or CRM id (sf:001…, hubspot:…).", metavar="ACCOUNT")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was known at the end of that day, e.g. 2026-09-10.")
]
DealOption = Annotated[str | None, typer.Option("--deal", metavar="ID", help="A deal's id, CRM id or name.")]


def help_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(Exit.USAGE)


def open_kit(home: Path | None, *, write: bool = False, extractive: bool = False) -> Kit:
    from assistant.wiring import open_kit
    from ingest.wiring import open_home

    return open_kit(open_home(find_home(home), write=write), extractive=extractive)


def open_archive(home: Path | None, *, write: bool = False) -> Home:
    """For what looks at the archive or changes it and answers nothing: what answering needs takes a second to load."""
    from ingest.wiring import open_home

    return open_home(find_home(home), write=write)


def open_writing(home: Path | None, *, extractive: bool = False) -> Kit:
    """No home is made for what only adds to one that is there."""
    from ingest.archive.database import holds_archive

    return open_kit(home, write=holds_archive(find_home(home)), extractive=extractive)


def open_keeping(home: Path | None, *, extractive: bool = False) -> tuple[Kit, str]:
    """Keeps what is answered if it can; else answers are given, with the reason why they are not kept."""
    from ingest.archive.errors import HomeBusy

    try:
        return open_writing(home, extractive=extractive), ""
    except HomeBusy:
        return open_kit(home, extractive=extractive), "the home is in use by another process"
    except PermissionError:
        return open_kit(home, extractive=extractive), "the home may only be read"


def the_account(home: Home, reference: str) -> StoredAccount:
    from ingest.archive.scope import EVERYTHING

    if not home.archive.accounts(EVERYTHING):
        fail(f"{home.path} holds no account yet; read some exports first: baton ingest FOLDER", Exit.ERROR)
    return home.archive.account(EVERYTHING, reference)


def the_deal(kit: Kit, account: StoredAccount, reference: str | None) -> str | None:
    """A deal by its id, a CRM reference or its name."""
    from ingest.archive.scope import EVERYTHING

    if reference is None:
        return None
    deals = kit.archive.deals(EVERYTHING.only(account.id))
    native = reference.rpartition(":")[2]
    for deal in deals:
        if reference in (deal.id, deal.name) or any(native[:15] == link.id[:15] for link in deal.links):
            return deal.id
    fail(f"{account.name} has no deal {reference!r}; it has: {', '.join(f'{d.id} ({d.name})' for d in deals) or 'none'}", Exit.ERROR)


def the_moment(kit: Kit, as_of: str | None) -> datetime | None:
    from assistant.asking import end_of_day

    if as_of is None:
        return None
    try:
        return end_of_day(date.fromisoformat(as_of), kit.home.settings.timezone)
    except ValueError:
        fail(f"{as_of!r} is not a date; write it as 2026-09-10", Exit.USAGE)


def print_json(body: object) -> None:
    print(json.dumps(body, ensure_ascii=False, indent=2))


def by_the_server(busy: HomeBusy, instead: str, through: Callable[[], Done | None]) -> Done:
    """What a server that holds the home does for us; where none does, or it cannot, `instead` says how else it is done."""
    from api.home_socket import is_there
    from api.side_door import NotDone

    if not busy.by_server:
        raise busy
    if is_there(busy.home):
        say(f"{busy.held}, which does this now.")
    try:
        done = through()
    except NotDone as why:
        fail(str(why), Exit.ERROR)
    if done is None:
        fail(f"{busy.held}. {instead} Or stop the server and try again.", Exit.ERROR)
    return done


def say(text: str) -> None:
    print(text, file=sys.stderr)


def fail(text: str, code: Exit) -> NoReturn:
    say(f"Error: {text}")
    sys.exit(code)
