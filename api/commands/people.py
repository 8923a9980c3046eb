"""`baton people`: who is who in an account, whose side they are on, and who is the same person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.listing import Listing
from api.commands.options import AccountArgument, Exit, HomeOption, JsonOption, fail, open_archive, print_json, the_account

if TYPE_CHECKING:
    from ingest.archive.rows import StoredPerson
    from ingest.records import Side

commands = typer.Typer()
people = typer.Typer(
    cls=Listing,
    help="Who is who in an account: baton people ACCOUNT. Say that two are one, whose side somebody is on, or undo it.",
    rich_markup_mode=None,
)
commands.add_typer(people, name="people")

PersonArgument = Annotated[str, typer.Argument(help="An address, a name or an id.", metavar="PERSON")]
SAID: dict[str, Side] = {"ours": "seller", "customer": "buyer", "partner": "partner"}
SIDES = {"seller": "ours", "buyer": "customer", "partner": "partner", "unknown": "?"}


@people.command("list")
def people_list(account: AccountArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Everybody of an account, with title, side and the roles the CRM gives them."""
    from api.terminal import table
    from ingest.archive.scope import EVERYTHING
    from ingest.changing import read_as

    with open_archive(home) as opened:
        whose = the_account(opened, account)
        found = opened.archive.people(EVERYTHING.only(whose.id))
        others = read_as(opened.archive, EVERYTHING.only(whose.id))
    if as_json:
        items = [{**_json(one), "read_as_this": [_json(each.person) for each in others if each.into == one.id]} for one in found]
        print_json({"items": items})
        return
    order = {"buyer": 0, "partner": 1, "unknown": 2, "seller": 3}
    rows = [[p.name, p.email, p.title, SIDES[p.side], ", ".join(p.roles)] for p in sorted(found, key=lambda p: order[p.side])]
    if rows:
        table(["Person", "Address", "Title", "Side", "Roles"], rows)
    else:
        print(f"Nobody is known of {whose.name} yet.")
    names = {p.id: p.name for p in found}
    for each in others:
        print(f"{each.person.name} {f'<{each.person.email}> ' if each.person.email else ''}is read as {names[each.into]}.")


def _json(person: StoredPerson) -> dict[str, Any]:
    from api.views import person_json

    return {"id": person.id, **person_json(person), "roles": list(person.roles)}


@people.command("side")
def people_side(
    account: AccountArgument,
    person: PersonArgument,
    side: Annotated[str, typer.Argument(help="ours, customer, partner, or unsaid: left to addresses and words.", metavar="SIDE")],
    home: HomeOption = None,
) -> None:
    """Say whose side somebody is on; what they promised counts from then on, or no longer."""
    from assistant.portfolio import refresh
    from ingest.archive.scope import EVERYTHING
    from ingest.changing import person as the_person
    from ingest.changing import put_on_side

    if side not in (*SAID, "unsaid"):
        fail(f"{side!r} is no side; say {', '.join(SAID)} or unsaid", Exit.USAGE)
    with open_archive(home, write=True) as opened:
        whose = the_account(opened, account)
        one = the_person(opened.archive, whose.id, person)
        put_on_side(opened, one, SAID.get(side))
        refresh(opened.archive)
        now = next(each.side for each in opened.archive.people(EVERYTHING.only(whose.id)) if each.id == one.id)
    taken_back = "" if side == "unsaid" else ", until `baton people side … unsaid` takes it back"
    print(f"{one.name or one.email}: {SIDES[now]} now{taken_back}.")


@people.command("merge")
def people_merge(
    account: AccountArgument,
    person: PersonArgument,
    into: Annotated[str, typer.Argument(help="Whom they are read as from now on.", metavar="INTO")],
    home: HomeOption = None,
) -> None:
    """Say that two are one person: the first is read as the second wherever they took part."""
    from assistant.portfolio import refresh
    from ingest.changing import merge_people
    from ingest.changing import person as the_person

    with open_archive(home, write=True) as opened:
        whose = the_account(opened, account)
        one, other = the_person(opened.archive, whose.id, person), the_person(opened.archive, whose.id, into)
        merge_people(opened, one, other, datetime.now(UTC))
        refresh(opened.archive)
    print(f"{one.name or one.email} is read as {other.name or other.email} now. baton people split takes it back.")


@people.command("split")
def people_split(account: AccountArgument, person: PersonArgument, home: HomeOption = None) -> None:
    """Take it back that two are one: somebody who was read as another is themselves again."""
    from assistant.portfolio import refresh
    from ingest.changing import split_person

    with open_archive(home, write=True) as opened:
        whose = the_account(opened, account)
        one = split_person(opened, whose.id, person)
        refresh(opened.archive)
    print(f"{one.name or one.email} is a person of their own again.")
