"""`baton facts`: has the language model of the settings read what it has not read yet."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import Exit, HomeOption, JsonOption, fail, open_writing, print_json, say, the_account

commands = typer.Typer()


@commands.command()
def facts(
    account: Annotated[str | None, typer.Argument(help="Only of this account. Default: of all.", metavar="[ACCOUNT]")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have the language model read the facts of what is new or was edited, beside the grammar's. Costs what it costs, once per text.

    Each call, mail and note is sent to the endpoint of the settings. What it points out passes the same checks as ever and only adds.
    """
    from api.terminal import Bars
    from assistant.fact_runs import read_by_model
    from assistant.models.port import ReadsFacts
    from assistant.portfolio import refresh
    from ingest.archive.scope import EVERYTHING

    with open_writing(home) as kit, Bars(quiet=as_json) as bars:
        if not isinstance(kit.model, ReadsFacts):
            fail(
                "no language model is set; name its endpoint in baton.toml, as the README shows. The grammar reads without one.", Exit.USAGE
            )
        scope = EVERYTHING.only(the_account(kit.home, account).id) if account else EVERYTHING
        run = read_by_model(kit.archive, kit.model, scope=scope, progress=bars.progress)
        refresh(kit.archive, progress=bars.progress, by=kit.facts_by)
    if as_json:
        print_json(
            {
                "asked": run.asked, "known": run.known, "added": run.added, "refused": run.refused, "failed": list(run.failed),
                "left": run.left, "prompt_tokens": run.sent, "completion_tokens": run.received, "estimated": run.estimated,
            }
        )  # fmt: skip
    else:
        about = "about " if run.estimated else ""
        print(f"{run.asked} read by the model, {run.known} known, {run.added} facts added, {run.refused} not taken")
        print(f"{about}{run.sent + run.received} tokens ({run.sent} sent, {run.received} received)")
        for why in dict.fromkeys(run.failed):
            say(f"failed  {run.failed.count(why)} times: {why}; what the grammar read stays")
        if run.left:
            say(f"left    {run.left} for the next run")
    raise typer.Exit(Exit.SET_ASIDE if run.failed else Exit.OK)
