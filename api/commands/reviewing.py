"""`baton review` and `baton gaps`: the account executive's ten minutes with a brief, and the customer success manager's answer to it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

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
from api.terminal import show

if TYPE_CHECKING:
    from assistant.brief.review import Item
    from assistant.wiring import Kit

commands = typer.Typer()

ByOption = Annotated[
    str | None,
    typer.Option("--by", envvar="BATON_USER", metavar="NAME", help="Who does it: a name, or Name <address>. Default: your user name here."),
]
COLUMNS = 100
ACTS = "keep|edit|remove|undo|approve|accept|return|history"
GAP_ACTS = "answer|dismiss|undo"


@commands.command()
def review(
    account: AccountArgument,
    act: Annotated[str, typer.Argument(help=f"{ACTS}; left out, it shows what there is to look at.", metavar=f"[{ACTS}]")] = "",
    item: Annotated[str, typer.Argument(help="The number in the list, or the id of a line.", metavar="[ITEM]")] = "",
    text: Annotated[str, typer.Argument(help="The new words of an edit.", metavar="[TEXT]")] = "",
    home: HomeOption = None,
    deal: DealOption = None,
    by: ByOption = None,
    because: Annotated[
        str,
        typer.Option("--because", metavar="WHY", help="remove: wrong, confidential or not_useful. return: what is wrong with the brief."),
    ] = "",
    as_note: Annotated[bool, typer.Option("--as-note", help="Keep an edit that says more than its source, as an AE note.")] = False,
    with_open: Annotated[bool, typer.Option("--with-open", help="Approve although something was not looked at.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a brief before it is handed over: at most twelve things, then approve; the CSM accepts it or sends it back."""
    from assistant.brief import reviewing

    if act and act not in ACTS.split("|"):
        fail(f"there is no {act!r} here; use one of {ACTS.replace('|', ', ')}", Exit.USAGE)
    with _desk(home, writes=act not in ("", "history")) as kit:
        body = _brief(kit, account, deal)
        scope, brief_id, hand = _scope(body), body["id"], reviewing.Hand(_who(by), datetime.now(UTC))
        line = _named(kit, body, item) if act in ("keep", "edit", "remove", "undo") else ""
        whole: Mapping[str, Callable[[], dict[str, Any]]] = {
            "": lambda: body,
            "history": lambda: body,
            "keep": lambda: reviewing.keep(kit, scope, brief_id, line, hand),
            "edit": lambda: reviewing.edit(kit, scope, brief_id, line, text, hand, as_note=as_note),
            "remove": lambda: reviewing.remove(kit, scope, brief_id, line, _reason(because), hand),
            "undo": lambda: reviewing.undo(kit, scope, brief_id, line, hand),
            "approve": lambda: reviewing.approve(kit, scope, brief_id, hand, with_open=with_open),
            "accept": lambda: reviewing.accept(kit, scope, brief_id, hand),
            "return": lambda: reviewing.send_back(kit, scope, brief_id, because, hand),
        }
        body = _tried(whole[act])
        items = reviewing.to_look_at(kit, scope, brief_id)
        acts = kit.archive.review_acts(scope, brief_id) if act == "history" else []
    if as_json:
        _print_review(body, items, acts)
    elif act == "history":
        for one in acts:
            about = f" {one.line}" if one.line else ""
            show(
                f"{one.at:%Y-%m-%d %H:%M}  {one.by}: {one.act}{about}  {one.detail.get('text') or one.detail.get('because') or ''}".rstrip()
            )
        if not acts:
            show("Nobody has done anything with this version yet.")
    else:
        _show_queue(account, body, items)


@commands.command()
def gaps(
    account: AccountArgument,
    act: Annotated[str, typer.Argument(help=f"{GAP_ACTS}; left out, it lists them.", metavar=f"[{GAP_ACTS}]")] = "",
    item: Annotated[str, typer.Argument(help="The number in the list, or the id of a gap.", metavar="[ITEM]")] = "",
    text: Annotated[str, typer.Argument(help="The answer.", metavar="[TEXT]")] = "",
    home: HomeOption = None,
    deal: DealOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """What the handoff still needs somebody to answer. An answer becomes an AE note, and is evidence from then on."""
    from assistant.brief import reviewing
    from assistant.brief.receipts import searched_words

    if act and act not in GAP_ACTS.split("|"):
        fail(f"there is no {act!r} here; use one of {GAP_ACTS.replace('|', ', ')}", Exit.USAGE)
    with _desk(home, writes=bool(act)) as kit:
        body = _brief(kit, account, deal)
        scope, brief_id, hand = _scope(body), body["id"], reviewing.Hand(_who(by), datetime.now(UTC))
        numbered = [one["id"] for one in kit.archive.brief(scope, brief_id)["gaps"]] if kit.home.writes else [g["id"] for g in body["gaps"]]
        gap = _gap(numbered, item) if act else ""
        body = _tried(
            {
                "": lambda: body,
                "answer": lambda: reviewing.answer(kit, scope, brief_id, gap, text, hand),
                "dismiss": lambda: reviewing.dismiss(kit, scope, brief_id, gap, hand),
                "undo": lambda: reviewing.undo(kit, scope, brief_id, gap, hand),
            }[act]
        )
    found, told = body["gaps"], body.get("attested", [])
    if as_json:
        print_json({"items": found, "answered": told})
        return
    for one in found:
        show(_hanging(f"{numbered.index(one['id']) + 1:>2}. ", f"{one['question']}  (ask: {one['ask']})"))
        show(_hanging("    ", f"{one['why']} Searched: {searched_words(one['receipt'])}."))
    if not found:
        show("No gaps: every field a handoff needs was found.")
    for one in told:
        show(_hanging("✓   ", f"{one['question']}  (answered by {one['by']})"))
        show(_hanging("    ", one["answer"]["text"]))


def _desk(home: Any, *, writes: bool) -> Kit:
    return open_writing(home) if writes else open_keeping(home)[0]


def _brief(kit: Kit, account: str, deal: str | None) -> dict[str, Any]:
    from assistant.brief.shelf import current_brief

    whose = the_account(kit.home, account)
    return current_brief(kit, whose.id, the_deal(kit, whose, deal))


def _scope(body: Mapping[str, Any]) -> Any:
    from ingest.archive.scope import EVERYTHING

    return EVERYTHING.only(body["account"])


def _who(by: str | None) -> str:
    return by or os.environ.get("USER") or getpass.getuser()


def _reason(because: str) -> Any:
    from assistant.brief.review import REASONS

    if because not in REASONS:
        fail(f"say why: --because {', --because '.join(REASONS)}", Exit.USAGE)
    return because


def _named(kit: Kit, body: Mapping[str, Any], item: str) -> str:
    """The id of a line by its number in the list, or by itself."""
    from assistant.brief.reviewing import to_look_at

    if not item:
        fail("name the line: its number in `baton review`, or its id", Exit.USAGE)
    if not item.isdigit():
        return item
    numbered = {one.number: one.id for one in to_look_at(kit, _scope(body), body["id"])}
    if int(item) not in numbered:
        fail(f"there is no {item} in the list; it has {len(numbered)}", Exit.USAGE)
    return numbered[int(item)]


def _gap(numbered: Sequence[str], item: str) -> str:
    """A question keeps its number in a version, whichever are answered."""
    if not item:
        fail("name the question: its number in `baton gaps`, or its id", Exit.USAGE)
    if not item.isdigit():
        return item
    if not 1 <= int(item) <= len(numbered):
        fail(f"there is no {item} in the list; it has {len(numbered)}", Exit.USAGE)
    return numbered[int(item) - 1]


def _tried(done: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    from assistant.brief.review import Conflict, NotAllowed, OpenItems, SaysMore, UnknownLine

    try:
        return done()
    except SaysMore as error:
        fail(f"{error} (--as-note keeps yours)", Exit.ERROR)
    except OpenItems as error:
        fail(f"{error} (--with-open approves all the same)", Exit.ERROR)
    except (Conflict, NotAllowed, UnknownLine) as error:
        fail(str(error), Exit.ERROR)


def _show_queue(account: str, body: Mapping[str, Any], items: tuple[Item, ...]) -> None:
    done = sum(item.done for item in items)
    show(f"{body['account_name']}, brief version {body['version']}, {body['state'].replace('_', ' ')}. {done} of {len(items)} looked at.")
    if body.get("returned_because"):
        show(f"Sent back: {body['returned_because']}")
    for item in items:
        show(_hanging(f"{'✓' if item.done else ' '} {item.number:>2}. ", f"{item.kind.capitalize()}: {item.text}"))
        show(_hanging("      ", item.why))
    for one in body.get("removed", []):
        show(f"  taken out ({(one['because'] or '').replace('_', ' ')}): {one['text'] or 'not shown'}")
    if body["state"] in ("draft", "returned"):
        say(f"Then: baton review {account} approve")


def _hanging(lead: str, text: str) -> str:
    return fill(text, COLUMNS, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def _print_review(body: Mapping[str, Any], items: tuple[Item, ...], acts: Any) -> None:
    from dataclasses import asdict

    history = [{**asdict(act), "at": act.at.strftime("%Y-%m-%dT%H:%M:%SZ")} for act in acts]
    told = {name: body.get(name) for name in ("id", "version", "state", "revision", "returned_because", "removed", "attested")}
    print_json(told | {"items": [asdict(item) for item in items], **({"history": history} if history else {})})
