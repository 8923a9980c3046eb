"""`baton cases`: labelled questions out of use, drafted by Baton and decided by a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.listing import Listing
from api.commands.options import AccountArgument, Exit, HomeOption, JsonOption, fail, open_kit, print_json, say, the_account

if TYPE_CHECKING:
    from assistant.wiring import Kit
    from eval.life import CaseSet

commands = typer.Typer()
cases = typer.Typer(cls=Listing, help="Labelled questions out of use: Baton drafts, a person decides.", rich_markup_mode=None)
commands.add_typer(cases, name="cases")

SetOption = Annotated[
    Path, typer.Option("--set", metavar="FOLDER", help="The set's folder; it quotes deals, and erasing does not reach it.")
]
IdArgument = Annotated[str, typer.Argument(help="The draft's id, or the beginning of it.", metavar="ID")]
SET = Path("baton-cases")


@cases.command("draft")
def draft(account: AccountArgument, home: HomeOption = None, folder: SetOption = SET) -> None:
    """Draft questions from an account's brief and from what readers said about its answers. Drafts never count as labelled."""
    from assistant.brief.body import brief_json
    from assistant.brief.compose import compose
    from eval.drafts import drafts_of
    from eval.life import from_feedback
    from ingest.archive.errors import NotThere
    from ingest.archive.scope import EVERYTHING

    kept = _load(folder)
    with open_kit(home, extractive=True) as kit:
        found = the_account(kit.home, account)
        scope = EVERYTHING.only(found.id)
        opinions = kit.archive.opinions(scope)
        answers = {}
        for opinion in opinions:
            try:
                answers[opinion.answer_id] = kit.archive.answer(scope, opinion.answer_id)
            except NotThere:
                continue
        drafts = [*from_feedback(found.name, opinions, answers), *drafts_of(brief_json(compose(kit, found.id)))]
    new = kept.add(drafts)
    kept.save()
    print(f"{new} new drafts of {found.name} in {folder}, {len(drafts) - new} known")
    say("baton cases list shows them; baton cases confirm ID makes one a label, baton cases drop ID leaves it out.")


@cases.command("list")
def listed(
    folder: SetOption = SET,
    status: Annotated[str | None, typer.Option("--status", help="draft, labelled or dropped.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What is drafted, labelled and dropped, with what each was made from."""
    from dataclasses import asdict

    from eval.report import columns, paragraph

    found = [one for one in _load(folder).labels.values() if status in (None, one.status)]
    if as_json:
        print_json({"items": [asdict(one.draft) | {"status": one.status, "by": one.by} for one in found]})
        return
    for one in found:
        head = f"{one.draft.id.removeprefix('case_')}  {one.status:8}  "
        print("\n".join(paragraph(head, f"[{one.draft.type}] {one.draft.text}", columns())))
        print("\n".join(paragraph(" " * 24, one.draft.why, columns(), lines=2)))
        for evidence in one.draft.evidence:
            print("\n".join(paragraph(" " * 24, f"“{evidence.quote}” ({evidence.title})", columns(), lines=2)))
    if not found:
        print(f"Nothing here is {status}." if status else "There is nothing here. baton cases draft ACCOUNT makes drafts.")


@cases.command("confirm")
def confirm(
    id: IdArgument,
    home: HomeOption = None,
    folder: SetOption = SET,
    text: Annotated[str | None, typer.Option("--text", help="The question as a colleague would put it.")] = None,
    type: Annotated[str | None, typer.Option("--type", help="What kind of question it is.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="Words that a right answer has; alternatives parted by |; may be repeated.")
    ] = None,
    quote: Annotated[
        list[str] | None, typer.Option("--quote", help="Words of the history that prove it, letter for letter; may be repeated.")
    ] = None,
    unanswerable: Annotated[bool, typer.Option("--unanswerable", help="Nobody ever said it: declining is right.")] = False,
    by: Annotated[str, typer.Option("--by", help="Whose word it is.")] = "",
) -> None:
    """Make a draft a label: it counts from now on in baton eval FOLDER."""
    from eval.cases import BadCases
    from eval.life import Given
    from eval.life import confirm as confirmed
    from ingest.archive.scope import EVERYTHING

    kept = _load(folder)
    given = Given(text, type, tuple(fact) if fact else None, tuple(quote) if quote else None, False if unanswerable else None, by)
    try:
        label = kept.named(id)
        with open_kit(home, extractive=True) as kit:
            account = the_account(kit.home, label.draft.account)
            kept.labels[label.draft.id] = confirmed(label, given, kit.archive.interactions(EVERYTHING.only(account.id)))
            count = _write(kit, kept, label.draft.account)
    except BadCases as error:
        fail(str(error), Exit.USAGE)
    kept.save()
    many = "1 labelled question" if count == 1 else f"{count} labelled questions"
    print(f"{many} of {label.draft.account}; baton eval {folder} measures {'it' if count == 1 else 'them'}")


@cases.command("drop")
def drop(id: IdArgument, home: HomeOption = None, folder: SetOption = SET) -> None:
    """Leave a draft out, or take a label back; it is not drafted again."""
    from dataclasses import replace

    from eval.cases import BadCases

    kept = _load(folder)
    try:
        label = kept.named(id)
        kept.labels[label.draft.id] = replace(label, status="dropped")
        if label.status == "labelled":
            with open_kit(home, extractive=True) as kit:
                _write(kit, kept, label.draft.account)
    except BadCases as error:
        fail(str(error), Exit.USAGE)
    kept.save()
    print(f"dropped: {label.draft.text}")


def _load(folder: Path) -> CaseSet:
    from eval.cases import BadCases
    from eval.life import load_set

    try:
        return load_set(folder)
    except BadCases as error:
        fail(str(error), Exit.ERROR)


def _write(kit: Kit, kept: CaseSet, name: str) -> int:
    from eval.life import write_account
    from ingest.archive.scope import EVERYTHING

    account = the_account(kit.home, name)
    scope = EVERYTHING.only(account.id)
    deals = kit.archive.deals(scope)
    return write_account(kept, account, deals[0] if deals else None, kit.archive.interactions(scope))
