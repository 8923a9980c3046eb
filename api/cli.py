"""The command line: the commands put together, and every failure made one sentence and an exit code.

Heavy libraries are imported by the command that needs them.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

import typer

from api.commands import (
    accounts,
    agents,
    asking,
    auditing,
    backups,
    briefing,
    cases,
    erasing,
    evaluating,
    facts,
    held,
    ingesting,
    jobs,
    keys,
    people,
    promises,
    pulling,
    reviewing,
    serving,
    sources,
    upkeep,
    users,
    widget,
)
from api.commands.options import Exit, fail, help_alone, say

app = typer.Typer(
    name="baton",
    help="Everything the customer said and sales promised, per account: a handoff brief and cited answers.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(help_alone)
for family in (
    ingesting, pulling, held, asking, briefing, reviewing, promises, accounts, people, sources, serving, evaluating, cases, upkeep, keys,
    users, auditing, agents, erasing, backups, facts, jobs, widget,
):  # fmt: skip
    app.add_typer(family.commands)


def main() -> NoReturn:
    """The `baton` program: every failure Baton knows becomes one sentence and an exit code."""
    gc.set_threshold(50_000)  # what a start makes stays; looking through it for cycles again and again took a fifth of a short command
    try:
        # typer gives back the code of a `typer.Exit`, and of Ctrl-C, it does not raise it
        code = app(prog_name="baton", standalone_mode=False) or Exit.OK
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    except BrokenPipeError:  # `baton accounts | head`: who read has gone; nothing is left to be said, at exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.OK
    except Exception as error:
        _explain(error)
    if code == Exit.INTERRUPTED:
        say("Interrupted; what was finished is kept.")
    sys.exit(code)


def _explain(error: Exception) -> NoReturn:
    from ingest.problems import KNOWN

    if isinstance(error, typer.TyperException):
        fail(error.format_message(), Exit(error.exit_code))
    from assistant.brief.layout import BadLayout

    if isinstance(error, (*KNOWN, BadLayout)):
        fail(str(error), Exit.ERROR)
    if isinstance(error, OSError) and error.strerror:
        where = f"cannot use {error.filename}" if error.filename else "the work could not be finished"
        fail(f"{where}: {error.strerror}; see to it, or choose another place, and try again", Exit.ERROR)
    raise error


if __name__ == "__main__":
    main()
