"""`baton serve`: the page and the API."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from api.arenas import ONE_THREAD_EACH
from api.commands.options import HomeOption
from ingest.home import find_home

commands = typer.Typer()


@commands.command()
def serve(
    home: HomeOption = None,
    host: Annotated[str, typer.Option(help="The address to listen on; loopback unless you say otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the page and the API until Ctrl-C."""
    os.environ.update(ONE_THREAD_EACH | os.environ)
    from api.serve import serve as run

    run(find_home(home), host, port)
