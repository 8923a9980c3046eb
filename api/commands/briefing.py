"""`baton brief` and `baton gaps`: the handoff of one deal."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import (
    AccountArgument,
    DealOption,
    Exit,
    HomeOption,
    JsonOption,
    fail,
    open_keeping,
    open_writing,
    print_json,
    say,
    the_account,
    the_deal,
)

commands = typer.Typer()


class BriefFormat(StrEnum):
    text = "text"
    json = "json"
    md = "md"


@commands.command()
def brief(
    account: AccountArgument,
    home: HomeOption = None,
    deal: DealOption = None,
    compose: Annotated[bool, typer.Option("--compose", help="Write a new version even if one is there.")] = False,
    fmt: Annotated[
        str, typer.Option("--format", metavar="[text|md|json]", help="text for the terminal, md for Markdown, json for programs.")
    ] = BriefFormat.text.value,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="A .md, .json or .txt file; the ending chooses the format.")
    ] = None,
) -> None:
    """Show the handoff brief of an account's last won deal (or --deal), composing it first if need be."""
    from assistant.brief.render import as_markdown, as_text
    from assistant.brief.shelf import current_brief

    form = _brief_format(fmt, output)
    with open_writing(home) if compose else open_keeping(home)[0] as kit:
        whose = the_account(kit, account)
        body = current_brief(kit, whose.id, the_deal(kit, whose, deal), compose_anew=compose)
    text = (
        json.dumps(body, ensure_ascii=False, indent=2)
        if form is BriefFormat.json
        else (as_markdown if form is BriefFormat.md else as_text)(body)
    )
    if output:
        try:
            output.write_text(text + "\n", "utf-8")
        except OSError as error:
            fail(f"cannot write {output}: {error.strerror}; name another file with -o", Exit.ERROR)
        say(f"Wrote {output}")
    else:
        print(text)


@commands.command()
def gaps(account: AccountArgument, home: HomeOption = None, deal: DealOption = None, as_json: JsonOption = False) -> None:
    """What the handoff still needs somebody to answer."""
    from assistant.brief.shelf import current_brief

    with open_keeping(home)[0] as kit:
        whose = the_account(kit, account)
        found = current_brief(kit, whose.id, the_deal(kit, whose, deal))["gaps"]
    if as_json:
        print_json({"items": found})
        return
    for gap in found:
        print(f"- {gap['question']}  (ask: {gap['ask']})\n  {gap['why']}")
    if not found:
        print("No gaps: every field a handoff needs was found.")


def _brief_format(name: str, output: Path | None) -> BriefFormat:
    """The format asked for; a file's ending decides before `--format` does, and one that promises something else is refused."""
    ending = output.suffix.lower() if output else ""
    if ending not in ("", ".md", ".json", ".txt"):
        later = "PDF and Word come later" if ending in (".pdf", ".docx", ".doc") else f"a brief cannot be written as {ending}"
        fail(f"{later}; name a file that ends in .md, .json or .txt", Exit.USAGE)
    if name not in list(BriefFormat):
        later = "PDF and Word come later" if name in ("pdf", "docx", "doc", "word") else f"there is no format {name!r}"
        fail(f"{later}; use md, json or text", Exit.USAGE)
    return BriefFormat(ending[1:] if ending in (".md", ".json") else name)
