"""`baton widget`: the pages of others that may show Baton, and keys for their servers."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Exit, HomeOption, JsonOption, fail, help_alone, print_json, say
from ingest.home import find_home

commands = typer.Typer()
widget = typer.Typer(help="Baton in a frame on other people's pages.", invoke_without_command=True, rich_markup_mode=None)
commands.add_typer(widget, name="widget")
widget.callback()(help_alone)


@widget.command("key")
def key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file for the key; a name alone puts it into the home.")],
    home: HomeOption = None,
) -> None:
    """Make a key that a host's server signs with. It stands in the file alone: give that to the host, and name it as key_file."""
    where = find_home(home) / file.expanduser()
    try:
        opened = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fail(f"{where} is there already; choose another name", Exit.ERROR)
    except OSError as error:
        fail(f"cannot write {where}: {error.strerror}", Exit.ERROR)
    with os.fdopen(opened, "w") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    say(f'Wrote {where}. In baton.toml: [widget.NAME] origins = ["https://…"] key_file = "{file}"')


@widget.command("list")
def listed(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """The pages that may show Baton, by the settings of this home."""
    from api.hosts import load_hosts

    hosts, _ = load_hosts(find_home(home))
    items = [
        {"name": each.name, "origins": list(each.origins), "accounts": each.accounts and sorted(each.accounts), "guests": each.guests,
         "signs_with": each.algorithm}
        for each in hosts.values()
    ]  # fmt: skip
    if as_json:
        print_json({"items": items})
        return
    for each in hosts.values():
        sees = "all accounts" if each.accounts is None else ", ".join(sorted(each.accounts))
        print(f"{each.name}  {' '.join(each.origins)}  {sees}{', guests too' if each.guests else ''}  {each.algorithm}")
    if not hosts:
        say("No page may show Baton. docs/widget.md says how to set one up.")
