"""`baton accounts`: which accounts there are."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import HomeOption, JsonOption, open_kit, print_json

commands = typer.Typer()


@commands.command()
def accounts(
    query: Annotated[str, typer.Argument(help="Part of a name, domain or id.", metavar="[QUERY]")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the accounts and what is known of each."""
    from api.accounts import described, found
    from ingest.archive.scope import EVERYTHING

    with open_kit(home) as kit:
        items = described(kit.archive, EVERYTHING, found(kit.archive, EVERYTHING, query))
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
