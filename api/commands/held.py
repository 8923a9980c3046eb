"""`baton held`: what waits for a person, and the person's word on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.listing import Listing
from api.commands.options import AccountArgument, Exit, HomeOption, JsonOption, fail, open_archive, print_json, say
from api.held import held_json
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.archive.archive import Archive
    from ingest.archive.rows import Held
    from ingest.deciding import Outcome

commands = typer.Typer()
held = typer.Typer(cls=Listing, help="What no account could be found for; say whose it is, or leave it out.", rich_markup_mode=None)
commands.add_typer(held, name="held")

ItemArgument = Annotated[str, typer.Argument(help="Its id, the beginning of it, or its file.", metavar="ITEM")]

REASONS = {
    "no_account": "no account fits", "two_accounts": "two accounts fit", "other_account": "it is another account's",
    "lookalike": "a domain that only looks like one we know", "dismissed": "dismissed", "deleted_account": "its account was deleted",
}  # fmt: skip
_WHO = 3


@held.command("list")
def held_list(
    home: HomeOption = None,
    dismissed: Annotated[bool, typer.Option("--dismissed", help="What was dismissed, and what was read for deleted accounts.")] = False,
    assigned: Annotated[bool, typer.Option("--assigned", help="The decisions: what was held and is an account's now.")] = False,
    as_json: JsonOption = False,
) -> None:
    """What waits for a person: what it is, who is in it, when, why it waits, whose it may be."""
    from ingest.deciding import waiting

    with open_archive(home) as opened:
        if assigned:
            _show_decisions(opened.archive, as_json=as_json)
            return
        items = waiting(opened.archive, dismissed=dismissed)
    if as_json:
        print_json({"items": [held_json(each) for each in items]})
        return
    for each in items:
        print("\n".join(_lines(each)))
    if not items:
        print("Nothing was dismissed." if dismissed else "Nothing is held: everything that was read has its account.")
    elif dismissed:
        say(f"{len(items)} left out. baton held undo ITEM takes a decision back.")
    else:
        say(f"{len(items)} held. baton held assign ITEM ACCOUNT [--teach domain] says whose it is; baton held dismiss ITEM leaves it out.")


@held.command("assign")
def held_assign(
    item: ItemArgument,
    account: AccountArgument,
    home: HomeOption = None,
    teach: Annotated[
        list[str] | None,
        typer.Option(
            "--teach",
            metavar="KIND[=VALUE]",
            help="Place others like it by itself from now on: by its domain, contact, person, channel or folder.",
        ),
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="The account is new: make it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say whose a held thing is. It is read from its file and filed at once; the decision holds until it is undone."""
    from api.terminal import Bars
    from assistant.portfolio import refresh
    from ingest.archive.errors import UnknownAccount
    from ingest.archive.scope import EVERYTHING
    from ingest.deciding import assign
    from ingest.wiring import open_home

    with open_home(find_home(home), write=True) as opened, Bars(quiet=as_json) as bars:
        try:
            whose = opened.archive.account(EVERYTHING, account).id
        except UnknownAccount as unknown:
            if not new:
                fail(f"{unknown} If it is a new one, say --new.", Exit.ERROR)
            whose = opened.archive.put_account(account)
        outcome = assign(opened, item, whose, datetime.now(UTC), teach or (), bars.progress)
        refresh(opened.archive, progress=bars.progress)
        name = opened.archive.account(EVERYTHING, whose).name
    _tell(outcome, f"{_called(outcome)} is {name}'s", as_json=as_json)


@held.command("dismiss")
def held_dismiss(item: ItemArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Leave a held thing out for good: it is not read again and no longer listed."""
    from ingest.deciding import dismiss
    from ingest.wiring import open_home

    with open_home(find_home(home), write=True) as opened:
        outcome = dismiss(opened, item, datetime.now(UTC))
    _tell(outcome, f"{_called(outcome)} is left out", as_json=as_json)


@held.command("undo")
def held_undo(item: ItemArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take a decision back, with what it taught: the thing is held again unless a rule places it now."""
    from assistant.portfolio import refresh
    from ingest.deciding import undo
    from ingest.wiring import open_home

    with open_home(find_home(home), write=True) as opened:
        outcome = undo(opened, item)
        refresh(opened.archive)
    _tell(outcome, "Undone", as_json=as_json)


def _lines(held: Held) -> list[str]:
    when = f"{held.occurred_at:%-d %b %Y}" if held.occurred_at else "undated"
    who = ", ".join(held.people[:_WHO]) + (f" and {len(held.people) - _WHO} more" if len(held.people) > _WHO else "")
    lines = [f"{held.item}  {_kind(held.kind)}, {when}: {held.title}", f"  {held.file}"]
    lines += [f"  with {who}"] if who else []
    lines += [f"  {REASONS.get(held.reason, held.reason)}: {held.hint}"]
    lines += [f"  may be: {', '.join(held.candidates)}"] if held.candidates else []
    return lines


def _kind(kind: str) -> str:
    return {"call": "Call", "email": "Mail", "crm_note": "Note", "crm_field": "Record", "doc": "Document", "chat": "Chat"}.get(
        kind, kind.capitalize()
    )


def _show_decisions(archive: Archive, *, as_json: bool) -> None:
    from ingest.archive.scope import EVERYTHING
    from ingest.deciding import decisions

    names = {account.id: account.name for account in archive.accounts(EVERYTHING)}
    taught = archive.aliases()
    items: list[dict[str, Any]] = [
        {
            "id": each.item,
            "file": each.file,
            "title": each.title,
            "account": names.get(each.account_id or "", ""),
            "decided_at": each.decided_at.isoformat(),
            "taught": [{"kind": alias.kind, "value": alias.value} for alias in taught if alias.taught_by == each.item],
        }
        for each in decisions(archive, dismissed=False)
    ]
    if as_json:
        print_json({"items": items})
        return
    for item in items:
        print(f"{item['id']}  {item['title']}: {item['account']}\n  {item['file']}")
        for alias in item["taught"]:
            print(f"  taught: {alias['kind']} {alias['value']}")
    if not items:
        print("Nobody has assigned anything yet.")


def _called(outcome: Outcome) -> str:
    return outcome.items[0].title or outcome.items[0].file


def _tell(outcome: Outcome, what: str, *, as_json: bool) -> None:
    tally = outcome.tally
    if as_json:
        print_json({
            "filed": outcome.filed, "gone": list(outcome.gone), "new": tally.new, "changed": tally.changed, "removed": tally.removed,
            "taught": [{"kind": alias.kind, "value": alias.value} for alias in outcome.taught],
            "held": [held_json(each) for each in tally.held],
        })  # fmt: skip
        return
    print(f"{what}; {tally.new} new, {tally.changed} changed, {tally.removed} removed.")
    for alias in outcome.taught:
        print(f"{'No longer' if what == 'Undone' else 'From now on'} placed by {alias.kind} {alias.value}.")
    for key in outcome.gone:
        print(f"{key} is no longer there; the decision is kept, and holds when it is ingested again.")
    for each in tally.held:
        print(f"held    {each.item}  {each.file}: {each.hint}")
