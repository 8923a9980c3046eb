"""Asks the connected tools what is new before a brief is composed of it, as `baton pull` does."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from api.setbacks import Later
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from assistant.wiring import Kit


def fetch(kit: Kit, source: str | None) -> bool:
    """Of one tool, or of all; False where it is not connected, or none is. Raises Later."""
    from ingest.connectors.wiring import connected, connectors
    from ingest.pulling import pull

    try:
        given = connected(kit.home.path)
        if not given or (source is not None and source not in given):
            return False
        made = connectors(given, [source] if source else ())
    except BadSettings as error:
        raise Later(str(error)) from error
    with ExitStack() as stack:
        for connector in made:
            stack.enter_context(closing(connector))
        report = pull(kit.home, made, since={each.name: given[each.name].since for each in made})
    if troubles := [f"{each.source}: {each.trouble}" for each in report.sources if each.trouble]:
        raise Later("; ".join(troubles))
    return True
