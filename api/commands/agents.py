"""`baton mcp`: Baton's questions as tools of an agent on this machine."""

from __future__ import annotations

import typer

from api.commands.options import Exit, HomeOption, fail, open_kit

commands = typer.Typer()


@commands.command()
def mcp(home: HomeOption = None) -> None:
    """Speak the Model Context Protocol over standard input and output; an agent's settings name this command.

    It reads the home and keeps nothing, so that `baton ingest` and `baton serve` go on beside it. Over HTTP the same tools stand at /mcp of
    `baton serve`, behind an API key.
    """
    try:
        from api.agents import serve_stdio
    except ModuleNotFoundError as missing:
        if missing.name not in {"mcp", "mcp_types"}:
            raise
        fail("this needs the extra mcp: pip install 'baton-handoff[mcp]'", Exit.ERROR)
    from api.access import ROLES, Principal
    from api.desk import Desk
    from ingest.archive.scope import EVERYTHING, OPERATOR

    with open_kit(home) as kit:
        serve_stdio(Desk(kit), Principal(OPERATOR, "operator", "admin", EVERYTHING, ROLES["admin"].may, "cli"))
