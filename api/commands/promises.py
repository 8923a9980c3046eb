"""`baton promises`: what was promised, to whom, whether the contract holds it, and what became of it, of one account or of all."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands.options import Exit, HomeOption, JsonOption, fail, open_kit, print_json, say, the_account
from api.terminal import show

commands = typer.Typer()


class ListByDefault(TyperGroup):
    """`baton promises SSO` lists, as `baton promises list SSO` does."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        own = first in self.commands or first == "--help"
        return super().parse_args(ctx, args if own else ["list", *args])


promises = typer.Typer(
    help="What was promised: to whom, how firmly, whether the contract holds it, what became of it. Without a command it lists; "
    "`baton promises list --help` has the filters.",
    cls=ListByDefault,
    rich_markup_mode=None,
)
commands.add_typer(promises, name="promises")

PromiseArgument = Annotated[str, typer.Argument(help="A promise's id, as the list shows it.", metavar="ID")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so. Default: who is signed in to this machine.")]


@promises.command("list")
def list_(
    query: Annotated[
        str, typer.Argument(help="What it is about: every word must be met, by itself or by the trade's other name.", metavar="[QUERY]")
    ] = "",
    home: HomeOption = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="Only this account's. Default: every account's.")
    ] = None,
    contract: Annotated[
        str, typer.Option("--contract", metavar="STATUS", help="covered, contradicted, silent, excluded or no_contract.")
    ] = "",
    strength: Annotated[
        str, typer.Option("--strength", metavar="STRENGTH", help="firm, conditional, best_effort, roadmap_statement, declined, retracted.")
    ] = "",
    status: Annotated[str, typer.Option("--status", metavar="STATUS", help="open, kept, at_risk, broken or waived.")] = "",
    superseded: Annotated[bool, typer.Option("--superseded", help="Those too that a later one replaced, or that were taken back.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List promises, all that fit: across accounts, or of one."""
    from assistant.portfolio import Wanted, WrongWord, find
    from assistant.uncounted import as_text, uncounted
    from ingest.archive.scope import EVERYTHING

    try:
        both = superseded or strength == "retracted"
        wanted = Wanted(about=query, contract=contract, strength=strength, status=status, current=None if both else True)
    except WrongWord as error:
        fail(str(error), Exit.USAGE)
    with open_kit(home) as kit:
        scope = EVERYTHING.only(the_account(kit.home, account).id) if account else EVERYTHING
        found = find(kit, scope, wanted)
        lost = as_text(uncounted(kit.archive, scope))
    if lost:
        say(lost)
    if as_json:
        print_json({"items": found, "total": len(found), "accounts": len({row["account"]["id"] for row in found}), "next_cursor": None})
    else:
        _show(found, f" about {query!r}" if query else "")


@promises.command("watch")
def watch_(
    home: HomeOption = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="Only of this account. Default: of every one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What customers say, after the signature, that they were promised, beside the words it goes back to."""
    from assistant.portfolio import watch
    from ingest.archive.scope import EVERYTHING

    with open_kit(home) as kit:
        items = watch(kit, EVERYTHING.only(the_account(kit.home, account).id) if account else EVERYTHING)
    if as_json:
        print_json({"items": items})
        return
    for item in items:
        show(f"{item['account']['name']}, {item['said_on']}, {item['said_by']['name']}: “{item['text']}”")
        for row in item["promises"]:
            show("\n".join(_lines(f"“{row['text']}”", "  - ")))
            show("\n".join(_lines(_told(row))))
        if not item["promises"]:
            show("    Nothing like it is on record.")
    if not items:
        show("No customer has spoken of a promise since the signature.")


@promises.command("set")
def set_(
    promise: PromiseArgument,
    status: Annotated[str, typer.Argument(help="open, kept, at_risk, broken or waived.", metavar="STATUS")],
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, for who reads it later.")],
    home: HomeOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what became of a promise. `baton promises undo` takes it back."""
    from assistant.portfolio import WrongWord, set_status
    from ingest.archive.scope import EVERYTHING

    try:
        with open_kit(home, write=True) as kit:
            row = set_status(kit, EVERYTHING, promise, status, because, by or getpass.getuser())
    except WrongWord as error:
        fail(str(error), Exit.USAGE)
    _changed(row, as_json)


@promises.command("undo")
def undo(promise: PromiseArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take the latest word on a promise back."""
    from assistant.portfolio import undo_status
    from ingest.archive.scope import EVERYTHING

    with open_kit(home, write=True) as kit:
        row = undo_status(kit, EVERYTHING, promise)
    _changed(row, as_json)


@promises.command("history")
def history(promise: PromiseArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """What people said became of a promise, and what was undone."""
    from assistant.portfolio import history_of, promise_of
    from ingest.archive.scope import EVERYTHING

    with open_kit(home) as kit:
        row = promise_of(kit, EVERYTHING, promise)
        marks = history_of(kit.archive, EVERYTHING, promise)
    if as_json:
        print_json({"promise": row, "items": marks})
        return
    show(f"{row['account']['name']}: “{row['text']}”")
    for mark in marks:
        undone = f"  (undone {mark['undone_at'][:10]})" if mark["undone_at"] else ""
        show(f"  {mark['at'][:10]}  {mark['status']:<8} {mark['by']}: {mark['because']}{undone}")
    if not marks:
        show("  Nobody has said yet what became of it.")


def _changed(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(row)
    else:
        say(f"{row['status']}: “{row['text']}” ({row['account']['name']}, {row['id']})")


COLUMNS = 100


def _show(rows: Sequence[dict[str, Any]], about: str) -> None:
    """Account by account, each promise in a line or two; the count stands last, where the eye ends."""
    name = ""
    for row in rows:
        if row["account"]["name"] != name:
            name = row["account"]["name"]
            show(f"\n{name}" if row is not rows[0] else name)
        show("\n".join(_lines(f"“{row['text']}”", "  - ")))
        show("\n".join(_lines(_told(row))))
        if row["contract"] == "contradicted" and row["contract_text"]:
            show("\n".join(_lines(f"The contract says: “{row['contract_text']}”")))
    accounts = len({row["account"]["id"] for row in rows})
    if not rows:
        show(f"No promise{about} fits.")
        return
    count = f"{len(rows)} {'promise' if len(rows) == 1 else 'promises'}"
    show(f"\n{count}{about} in {accounts} {'account' if accounts == 1 else 'accounts'}.")


def _lines(text: str, first: str = "    ") -> list[str]:
    from textwrap import wrap

    return wrap(text, COLUMNS, initial_indent=first, subsequent_indent="    ", break_on_hyphens=False)


_RELIANCE = {
    "acknowledged": "the customer took it",
    "restated": "the customer said it back",
    "depended_on": "the customer builds on it",
}


def _told(row: dict[str, Any]) -> str:
    """`firm · Dana Okafor to Marta Lind, 24 Sep 2026 · due 18 January 2027 · contract silent · open · prm_…`"""
    to = f" to {row['made_to']['name']}" if row["made_to"] else ""
    due = row["due"]
    by_day = f" ({due['date']})" if due and due["date"] else ""
    parts = [
        row["strength"].replace("_", " "),
        f"{row['made_by']['name']}{to}, {row['made_on'] or 'no date'}",
        f"due {due['as_said']}{by_day}" if due else "",
        "no contract on record" if row["contract"] == "no_contract" else f"contract: {row['contract']}",
        "" if row["current"] else "replaced" if row["strength"] != "retracted" else "",
        _RELIANCE[row["reliance"]["level"]] if row["reliance"] else "",
        row["status"] + (f", {row['status_because']}" if row["status_because"] else ""),
        row["id"],
    ]
    return " · ".join(part for part in parts if part)
