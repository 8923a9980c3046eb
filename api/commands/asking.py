"""`baton ask`: one question, one cited answer."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from typing import Annotated

import typer

from api.commands.options import (
    AccountArgument,
    AsOfOption,
    DealOption,
    Exit,
    HomeOption,
    JsonOption,
    fail,
    open_keeping,
    print_json,
    say,
    the_account,
    the_deal,
    the_moment,
)

commands = typer.Typer()

EXTRACTIVE = "extractive"


@commands.command()
def ask(
    account: AccountArgument,
    question: Annotated[str, typer.Argument(help="What you want to know; - reads it from standard input.", metavar="QUESTION")],
    home: HomeOption = None,
    deal: DealOption = None,
    as_of: AsOfOption = None,
    thread: Annotated[str | None, typer.Option("--thread", metavar="ID", help="Continue an earlier conversation.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="extractive: without the language model that the settings name.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask one account's history; the answer cites the exact words. Exit code 3: not in the deal history."""
    from api.facts_anew import read_anew
    from api.terminal import show
    from assistant.conversation import converse
    from assistant.render import answer_json, answer_text, usage_text
    from ingest.archive.scope import EVERYTHING

    text = sys.stdin.read().strip() if question == "-" else question.strip()
    if not text:
        fail('the question is empty; write what you want to know, e.g. baton ask halden "What did we promise about SSO?"', Exit.USAGE)
    opened, unkept = open_keeping(home, extractive=model == EXTRACTIVE)
    with opened as kit:
        if model not in (None, kit.model.name):
            fail(f"there is no model {model!r}; there is {' and '.join(sorted({EXTRACTIVE, kit.model.name}))}", Exit.USAGE)
        whose = the_account(kit.home, account)
        if thread and not kit.archive.thread(EVERYTHING.only(whose.id), thread):
            fail(f"{whose.name} has no conversation {thread!r}; leave --thread out to begin one", Exit.ERROR)
        read_anew(kit.archive, kit.facts_by, say, account_id=whose.id, keep=kit.home.writes)
        answer = converse(kit, whose.id, text, deal_id=the_deal(kit, whose, deal), as_of=the_moment(kit, as_of), thread_id=thread)
    if as_json:
        print_json(answer_json(answer))
    else:
        show(answer_text(answer, width=min(get_terminal_size().columns, 110)))
        say(
            f"{answer.total_ms} ms"
            + (f"; {usage_text(answer.usage)}" if answer.usage else "")
            + (f"; {answer.removed_claims} unsupported claims left out" if answer.usage and answer.removed_claims else "")
            + (f"; degraded: {'; '.join(answer.degraded)}" if answer.degraded else "")
            + (f"; thread {answer.thread_id}" if not unkept else "")
        )
    if unkept:
        say(f"not kept: {unkept}")
    raise typer.Exit(Exit.NOT_IN_HISTORY if answer.status == "declined" else Exit.OK)
