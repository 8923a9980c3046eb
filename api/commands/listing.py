"""A family of commands that lists when it is called by itself: `baton held` is `baton held list`, `baton accounts halden` finds one."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Listing(TyperGroup):
    """What is no command of the family, and no call for help, is meant for its `list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # `ctx: Any`: typer keeps its own click, whose Context it does not show
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)
