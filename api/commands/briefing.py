"""`baton brief` and `baton gaps`: the handoff of one deal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

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
    open_writing,
    print_json,
    say,
    the_account,
    the_deal,
    the_moment,
)
from assistant.brief.export import FORMATS, Format

if TYPE_CHECKING:
    from assistant.wiring import Kit
    from ingest.archive.rows import StoredAccount

commands = typer.Typer()


BriefFormat = Literal["text"] | Format
BRIEF_FORMATS: dict[str, BriefFormat] = {"text": "text", **{form: form for form in FORMATS}}


@commands.command()
def brief(
    account: AccountArgument,
    home: HomeOption = None,
    deal: DealOption = None,
    compose: Annotated[bool, typer.Option("--compose", help="Write a new version even if one is there.")] = False,
    fmt: Annotated[
        str,
        typer.Option(
            "--format", metavar="[text|md|html|docx|pdf|json|csv]", help="text for the terminal; csv holds the promises alone, one a row."
        ),
    ] = "text",
    layout: Annotated[
        str | None, typer.Option("--layout", metavar="NAME", help="standard, short, renewal, or one in HOME/layouts. Default: by deal.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="What the brief of the newest deal that is not closed would say today. Nothing is kept.")
    ] = False,
    as_of: AsOfOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="A .pdf, .docx, .html, .md, .json, .csv or .txt file; the ending chooses the format."
        ),
    ] = None,
) -> None:
    """Show the handoff brief of an account's last won deal (or --deal), composing it first if need be."""
    from assistant.brief.chosen_deal import UnknownDeal
    from assistant.brief.shelf import as_known, current_brief
    from assistant.uncounted import as_text, uncounted
    from ingest.archive.scope import EVERYTHING

    if preview and compose:
        fail("a preview is kept nowhere, so there is nothing to --compose; use one of the two", Exit.USAGE)
    if as_of and (preview or compose):
        fail("a brief as of a day is kept nowhere and needs no --preview; leave that and --compose out", Exit.USAGE)
    form = _brief_format(fmt, output)
    with open_writing(home) if compose else open_keeping(home)[0] as kit:
        whose = the_account(kit.home, account)
        chosen = the_deal(kit, whose, deal)
        try:
            moment = the_moment(kit, as_of)
            body = (
                as_known(kit, whose.id, chosen, moment, layout_name=layout)
                if moment
                else current_brief(kit, whose.id, chosen, compose_anew=compose, layout_name=layout, preview=preview)
            )
        except UnknownDeal as error:
            fail(str(error), Exit.ERROR)
        lost = as_text(uncounted(kit.archive, EVERYTHING.only(whose.id)))
        others = "" if deal else _other_deals(kit, whose, body["deal_id"])
    for word in filter(None, (others, lost)):
        say(word)
    data = _drawn(body, form)
    if output:
        try:
            output.write_bytes(data)
        except OSError as error:
            fail(f"cannot write {output}: {error.strerror}; name another file with -o", Exit.ERROR)
        say(f"Wrote {output}")
    elif form in ("docx", "pdf") and sys.stdout.isatty():
        fail(f"a {form} is no text for a terminal; name a file with -o", Exit.USAGE)
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


MOST_DEALS = 3


def _other_deals(kit: Kit, whose: StoredAccount, shown: str | None) -> str:
    """That there are others, and how far each is: who looks for the brief of a deal that was opened again gets the one before it."""
    from assistant.brief.paper import day_words
    from assistant.brief.shelf import versions
    from ingest.archive.scope import EVERYTHING

    others = [one for one in kit.archive.deals(EVERYTHING.only(whose.id)) if one.id != shown]
    others.sort(key=lambda one: (one.closed_on or one.opened_on, one.id), reverse=True)
    told = []
    for one in others[:MOST_DEALS]:
        kept = len(versions(kit, whose.id, one.id))
        closed = f" {day_words(one.closed_on)}" if one.closed_on else ""
        told.append(f"“{one.name}” ({one.stage or 'stage unknown'}{closed}, {f'brief version {kept}' if kept else 'no brief yet'})")
    more = f" and {len(others) - MOST_DEALS} more" if len(others) > MOST_DEALS else ""
    count = "another deal" if len(others) == 1 else f"{len(others)} more deals"
    return f"{whose.name} has {count}: {', '.join(told)}{more}. Show one with --deal NAME." if others else ""


@commands.command()
def recheck(
    account: AccountArgument,
    home: HomeOption = None,
    deal: DealOption = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it is made for. Default: today.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold what was promised and aimed for at the signature against what came since: day 30, 60, 90, and before the renewal."""
    from api.terminal import show
    from assistant.brief.chosen_deal import UnknownDeal
    from assistant.brief.recheck import as_text
    from assistant.brief.recheck import recheck as rechecked

    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        fail(f"{on!r} is not a date; write it as 2026-09-10", Exit.USAGE)
    with open_keeping(home)[0] as kit:
        whose = the_account(kit.home, account)
        try:
            found = rechecked(kit, whose.id, the_deal(kit, whose, deal), on=day)
        except UnknownDeal as error:
            fail(str(error), Exit.ERROR)
    if as_json:
        print_json(found)
    else:
        show(as_text(found, whose.name))


def _drawn(body: Mapping[str, Any], form: BriefFormat) -> bytes:
    from api.terminal import plain
    from assistant.brief.export import export
    from assistant.brief.render import as_text

    return "\n".join(map(plain, as_text(body).split("\n"))).encode() if form == "text" else export(body, form).data


def _brief_format(name: str, output: Path | None) -> BriefFormat:
    """The format asked for; a file's ending decides before `--format` does, and one that promises something else is refused."""
    ending = output.suffix.lower().lstrip(".") if output else ""
    if ending and ending != "txt" and ending not in FORMATS:
        fail(f"a brief cannot be written as .{ending}; name a file that ends in .pdf, .docx, .html, .md, .json, .csv or .txt", Exit.USAGE)
    if name not in BRIEF_FORMATS:
        fail(f"there is no format {name!r}; use {', '.join(BRIEF_FORMATS)}", Exit.USAGE)
    return BRIEF_FORMATS[{"": name, "txt": "text"}.get(ending, ending)]
