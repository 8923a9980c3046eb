"""`baton token`: keys for programs that call Baton."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import HomeOption, JsonOption, help_alone, open_kit, print_json, say, the_account

commands = typer.Typer()
token = typer.Typer(help="API keys for programs that call Baton.", invoke_without_command=True, rich_markup_mode=None)
commands.add_typer(token, name="token")
token.callback()(help_alone)


@token.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    home: HomeOption = None,
    account: Annotated[list[str] | None, typer.Option("--account", help="Only these accounts. Default: all.")] = None,
) -> None:
    """Make an API key. It is shown once; only its hash is kept."""
    from api.access import create_key

    with open_kit(home, write=True) as kit:
        ids = [the_account(kit, a).id for a in account or ()]
        print(create_key(kit.archive, name, ids or None))


@token.command("revoke")
def token_revoke(
    prefix: Annotated[str, typer.Argument(help="The first part of the key, as `token list` shows it.")], home: HomeOption = None
) -> None:
    """Make a key useless at once."""
    from api.access import revoke_key

    with open_kit(home, write=True) as kit:
        revoke_key(kit.archive, prefix)
    say("Revoked.")


@token.command("list")
def token_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """The keys there are, without their secrets."""
    from api.access import key_items

    with open_kit(home) as kit:
        items = key_items(kit.archive)
    if as_json:
        print_json({"items": items})
        return
    for item in items:
        print(f"{item['prefix']}  {item['name']}  {'revoked' if item['revoked_at'] else 'valid'}")
