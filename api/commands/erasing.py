"""`baton erase`: an account or a person, out of everything there is; `baton retention`: what is kept no longer."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.commands.options import Exit, HomeOption, JsonOption, fail, print_json, say
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.erasing import Plan, Report
    from ingest.erasure_note import Kind
    from ingest.opened import Home
    from ingest.retention import Purge


commands = typer.Typer()

_NEXT = {
    "noted": "Erasing …", "rows": "Removing vectors …", "vectors": "Compacting the database …", "compacted": "Looking through the home …",
}  # fmt: skip
"""What is begun when a stage is over."""


@commands.command()
def erase(
    home: HomeOption = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="An account's id, slug, name, domain or CRM id: all there is of it.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="EMAIL", help="A person's address: their words, and their name in others' words.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. There is no undo.")] = False,
    again: Annotated[bool, typer.Option("--allow-again", help="Take an erasure back: what is imported from now on is taken in.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase an account or a person for good, then look through every byte of the home. Exit code 1: something is left."""
    from ingest import erasing
    from ingest.archive.database import holds_archive
    from ingest.wiring import open_home

    if (account is None) == (person is None):
        fail("say what to erase: --account ACCOUNT or --person EMAIL", Exit.USAGE)
    kind: Kind = "account" if account is not None else "person"
    reference = account or person or ""
    path = find_home(home)
    if not holds_archive(path):
        fail(f"{path} holds nothing to erase", Exit.ERROR)
    with open_home(path, write=True) as opened:
        if again:
            _say_lifted(erasing.allow_again(opened.archive, kind, reference), reference, as_json)
        plan = erasing.account_plan(opened.archive, reference) if kind == "account" else erasing.person_plan(opened, reference)
        if dry_run:
            print_json(asdict(plan)) if as_json else print(_planned(plan))
            raise typer.Exit(Exit.OK)
        say(_planned(plan))
        if not yes and not (sys.stdin.isatty() and typer.confirm("Erase this for good?", err=True)):
            fail("nothing was erased; --yes says so where nobody can be asked", Exit.USAGE)
        report = erasing.erase(opened, kind, plan.id, lambda stage: say(_NEXT[stage]) if stage in _NEXT and not as_json else None)
        _tell(opened, f"erase.{kind}")  # not whose: that is what was erased
    print_json(erasing.report_json(report)) if as_json else _show(report)
    raise typer.Exit(Exit.OK if report.clean else Exit.ERROR)


@commands.command()
def retention(
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due, and change nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take out for good what [retention] in baton.toml keeps no longer. A running server does it by itself, once a day."""
    from ingest.archive.database import holds_archive
    from ingest.retention import purge
    from ingest.wiring import open_home

    path = find_home(home)
    if not holds_archive(path):
        fail(f"{path} holds nothing yet", Exit.ERROR)
    with open_home(path, write=True) as opened:
        found = purge(opened, dry_run=dry_run)
        if found.done:
            _tell(opened, "retention")
    print_json(_purge_json(found)) if as_json else _show_purge(found)
    raise typer.Exit(Exit.OK if found.compacted else Exit.ERROR)


def _tell(opened: Home, deed: str) -> None:
    """In the audit log."""
    from api.commands.keys import by_hand
    from ingest.archive.admissions import Admissions
    from ingest.archive.scope import OPERATOR

    Admissions.beside(opened.archive).record(OPERATOR, by_hand(), deed)


def _purge_json(found: Purge) -> dict[str, object]:
    due = [
        {"what": each.what, "days": each.days, "count": each.count, "oldest": each.oldest and each.oldest.isoformat()} for each in found.due
    ]
    return {"done": found.done, "due": due, "answers_and_briefs": found.made, "compacted": found.compacted}


def _show_purge(found: Purge) -> None:
    from api.terminal import table

    if not found.due:
        print("Nothing is due.")
        return
    rows = [[each.what, str(each.days), str(each.count), each.oldest.date().isoformat() if each.oldest else ""] for each in found.due]
    table(["What", "Kept for days", "Due", "Oldest"], rows)
    if found.done:
        print(f"\nTaken out for good, with {found.made} answers and briefs that quoted it.")
    if not found.compacted:
        print("FIX  Another program was reading the database, so it could not be compacted. Run this again once that has ended.")


def _say_lifted(count: int, reference: str, as_json: bool) -> NoReturn:
    if not count:
        fail(f"nothing that was erased here goes by {reference!r}; give the name, domain, CRM id or address it was erased by", Exit.ERROR)
    if as_json:
        print_json({"lifted": count})
    else:
        print(f"{reference} may be taken in again; the next `baton ingest` reads what was left out.")
    raise typer.Exit(Exit.OK)


def _planned(plan: Plan) -> str:
    if plan.kind == "account":
        made = f"{_counted(plan.answers, 'answer')} and {_counted(plan.briefs, 'brief')}"
        return f"{plan.name}: {_counted(plan.interactions, 'interaction')}, {made} kept of it, its deals, people and vectors."
    where = f" in {', '.join(plan.accounts)}" if plan.accounts else ""
    return (
        f"{plan.name or plan.id} <{plan.id}>: what is theirs alone goes whole ({_counted(plan.interactions, 'interaction')}), "
        f"{_counted(plan.rewritten, 'other')} lose their words and name{where}; answers and briefs that quote or name them go too."
    )


def _show(report: Report) -> None:
    from api.terminal import table

    table(["Removed", "Rows"], [[name.replace("_", " "), str(count)] for name, count in report.rows.items()])
    folders = _counted(report.folders, "folder")
    hashes = _counted(report.marks, "hash", "hashes")
    print(f"\n{folders} of vectors removed; {hashes} kept, so that the same export does not bring it back.")
    if not report.compacted:
        print("FIX  Another program was reading the database, so it could not be compacted. Run any baton command once that has ended.")
    looked = f"{report.looked_for} names, samples and vectors in {report.bytes / 2**20:.1f} MB"
    if not report.left:
        print(f"Looked for {looked}: 0 left.")
        return
    print(f"Looked for {looked}: LEFT in {_counted(len(report.left), 'place')}")
    for found in report.left:
        print(f"     {found.file}: {found.places} as {found.form}")
    print("     Baton did not write these as part of its archive; see to them yourself.")


def _counted(number: int, what: str, many: str = "") -> str:
    return f"{number} {what if number == 1 else many or f'{what}s'}"
