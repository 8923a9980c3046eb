"""`baton accounts`: which accounts there are, and what a person does to one as a whole."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from api.commands.listing import Listing
from api.commands.options import AccountArgument, Exit, HomeOption, JsonOption, fail, open_archive, print_json, the_account
from ingest.home import find_home

commands = typer.Typer()
accounts = typer.Typer(
    cls=Listing,
    help="The accounts there are; baton accounts QUERY finds some. Merge, rename or delete one, and undo it.",
    rich_markup_mode=None,
)
commands.add_typer(accounts, name="accounts")


@accounts.command("list")
def accounts_list(
    query: Annotated[str, typer.Argument(help="Part of a name, domain or id.", metavar="[QUERY]")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the accounts and what is known of each."""
    from api.accounts import described, found
    from ingest.archive.scope import EVERYTHING

    with open_archive(home) as opened:
        items = described(opened.archive, EVERYTHING, found(opened.archive, EVERYTHING, query))
    if as_json:
        print_json({"items": items, "next_cursor": None})
        return
    from api.terminal import table

    if not items:
        print("No account yet. Read some exports: baton ingest FOLDER" if not query else f"No account fits {query!r}.")
        return
    columns = ("call", "email", "crm_note", "doc")
    rows = [[item["name"], item["stage"] or "", *(str(item["sources"].get(kind, 0)) for kind in columns)] for item in items]
    table(["Account", "Stage", "Calls", "Mails", "Notes", "Docs"], rows)


@accounts.command("merge")
def accounts_merge(
    account: AccountArgument,
    into: Annotated[str, typer.Argument(help="The account that it is part of from now on.", metavar="INTO")],
    home: HomeOption = None,
) -> None:
    """Make one account part of another: all it has goes there, and what is read for it later, too."""
    from assistant.portfolio import refresh
    from ingest.changing import merge_accounts

    with open_archive(home, write=True) as opened:
        one, other = the_account(opened, account), the_account(opened, into)
        merge_accounts(opened, one, other, datetime.now(UTC))
        refresh(opened.archive)
    print(f"{one.name} is part of {other.name} now. baton accounts unmerge {_quoted(one.name)} takes it back.")


@accounts.command("unmerge")
def accounts_unmerge(
    account: Annotated[str, typer.Argument(help="The name or id of the account that was merged into another.", metavar="ACCOUNT")],
    home: HomeOption = None,
) -> None:
    """Take a merge back: what came with the account goes with it again."""
    from assistant.portfolio import refresh
    from ingest.changing import unmerge_account

    with open_archive(home, write=True) as opened:
        apart, stay = unmerge_account(opened, account)
        refresh(opened.archive)
    print(f"{apart.name} is an account of its own again. What was read for it since the merge goes back with the next baton ingest.")
    for brief in stay:
        print(f"{brief} was written of both and somebody worked on it, so it is kept: it still quotes {apart.name}.")


@accounts.command("rename")
def accounts_rename(
    account: AccountArgument, name: Annotated[str, typer.Argument(help="What it is called from now on.")], home: HomeOption = None
) -> None:
    """Give an account another name. No CRM changes it any longer, and the old name still finds it."""
    from ingest.changing import rename_account

    if not name.strip():
        fail("the new name is empty", Exit.USAGE)
    with open_archive(home, write=True) as opened:
        one = the_account(opened, account)
        rename_account(opened, one, name, datetime.now(UTC))
    print(f"{one.name} is called {name} now.")


@accounts.command("delete")
def accounts_delete(
    account: AccountArgument,
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take an account out of every list, search and answer; what is read for it later is left out. Nothing is wiped from the disk."""
    from assistant.portfolio import refresh
    from ingest.changing import delete_account

    with open_archive(home, write=True) as opened:
        one = the_account(opened, account)
        if not yes:
            if not sys.stdin.isatty():
                fail(f"this deletes {one.name}; say --yes", Exit.USAGE)
            typer.confirm(f"Delete {one.name}?", abort=True)
        count = delete_account(opened, one, datetime.now(UTC))
        refresh(opened.archive)
    print(f"{one.name} is deleted, with {count} interactions. baton accounts restore {_quoted(one.name)} brings it back.")


@accounts.command("restore")
def accounts_restore(
    account: Annotated[str, typer.Argument(help="The name or id of the account that was deleted.", metavar="ACCOUNT")],
    home: HomeOption = None,
) -> None:
    """Bring a deleted account back."""
    from assistant.portfolio import refresh
    from ingest.changing import restore_account
    from ingest.wiring import open_home

    with open_home(find_home(home), write=True) as opened:
        one = restore_account(opened, account)
        refresh(opened.archive)
    print(f"{one.name} is back. What was read for it since comes with the next baton ingest.")


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
