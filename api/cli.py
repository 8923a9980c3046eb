"""The command line: `baton ingest`, `ask`, `brief`, `serve` and the rest. Heavy libraries are imported by the command that needs them."""

from __future__ import annotations

import gc
import json
import os
import sys
from datetime import date, datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from eval import options
from ingest.home import find_home

if TYPE_CHECKING:
    from assistant.wiring import Kit
    from ingest.archive.rows import StoredAccount
    from ingest.sync import Tally

app = typer.Typer(
    name="baton",
    help="Everything the customer said and sales promised, per account: a handoff brief and cited answers.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
token = typer.Typer(help="API keys for programs that call Baton.", invoke_without_command=True, rich_markup_mode=None)
app.add_typer(token, name="token")


class Exit(IntEnum):
    """What a caller's script can tell from the exit code."""

    OK = 0
    ERROR = 1
    USAGE = 2
    NOT_IN_HISTORY = 3
    GATE_FAILED = 4
    SET_ASIDE = 5
    INTERRUPTED = 130


class BriefFormat(StrEnum):
    text = "text"
    json = "json"
    md = "md"


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="BATON_HOME", help="The folder that holds everything. Default: the nearest .baton upwards, else your data folder."
    ),
]
AccountArgument = Annotated[
    str, typer.Argument(help="An account's id, slug, name, domain or CRM id (sf:001…, hubspot:…).", metavar="ACCOUNT")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was known at the end of that day, e.g. 2026-09-10.")
]
DealOption = Annotated[str | None, typer.Option("--deal", metavar="ID", help="A deal's id, CRM id or name.")]


@app.callback()
@token.callback()
def help_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(Exit.USAGE)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Folders or files of exports.", metavar="PATH…")],
    home: HomeOption = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME", help="The account for what does not say whose it is; made if it is new.")
    ] = None,
    our_domain: Annotated[
        list[str] | None, typer.Option("--our-domain", metavar="D", help="A mail domain of our own company. Remembered.")
    ] = None,
    partner_domain: Annotated[
        list[str] | None, typer.Option("--partner-domain", metavar="D", help="A partner's mail domain. Remembered.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read exports into the archive. Running it again only reads what changed."""
    from api.terminal import Bars
    from ingest.reading import holds_files
    from ingest.sync import NothingToRead, sync
    from ingest.wiring import open_home

    if not holds_files(paths):  # before a home is made for it
        raise NothingToRead(paths)
    with open_home(find_home(home), write=True) as opened, Bars(quiet=as_json) as bars:
        tally = sync(
            opened, paths, account=account, our_domains=our_domain or (), partner_domains=partner_domain or (), progress=bars.progress
        )
    if as_json:
        _print_json(_tally_json(tally))
    else:
        _show_tally(tally)
    raise typer.Exit(Exit.OK if tally.complete else Exit.SET_ASIDE)


@app.command()
def ask(
    account: AccountArgument,
    question: Annotated[str, typer.Argument(help="What you want to know; - reads it from standard input.", metavar="QUESTION")],
    home: HomeOption = None,
    deal: DealOption = None,
    as_of: AsOfOption = None,
    thread: Annotated[str | None, typer.Option("--thread", metavar="ID", help="Continue an earlier conversation.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask one account's history; the answer cites the exact words. Exit code 3: not in the deal history."""
    from assistant.conversation import converse
    from assistant.render import answer_json, answer_text
    from ingest.archive.scope import EVERYTHING

    text = sys.stdin.read().strip() if question == "-" else question.strip()
    if not text:
        _fail('the question is empty; write what you want to know, e.g. baton ask halden "What did we promise about SSO?"', Exit.USAGE)
    opened, unkept = _keeping_kit(home)
    with opened as kit:
        whose = _account(kit, account)
        if thread and not kit.archive.thread(EVERYTHING.only(whose.id), thread):
            _fail(f"{whose.name} has no conversation {thread!r}; leave --thread out to begin one", Exit.ERROR)
        answer = converse(kit, whose.id, text, deal_id=_deal(kit, whose, deal), as_of=_moment(kit, as_of), thread_id=thread)
    if as_json:
        _print_json(answer_json(answer))
    else:
        print(answer_text(answer, width=min(get_terminal_size().columns, 110)), flush=True)
        _say(
            f"{answer.total_ms} ms"
            + (f"; degraded: {'; '.join(answer.degraded)}" if answer.degraded else "")
            + (f"; thread {answer.thread_id}" if not unkept else "")
        )
    if unkept:
        _say(f"not kept: {unkept}")
    raise typer.Exit(Exit.NOT_IN_HISTORY if answer.status == "declined" else Exit.OK)


@app.command()
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
    with _writing_kit(home) if compose else _keeping_kit(home)[0] as kit:
        whose = _account(kit, account)
        body = current_brief(kit, whose.id, _deal(kit, whose, deal), compose_anew=compose)
    text = (
        json.dumps(body, ensure_ascii=False, indent=2)
        if form is BriefFormat.json
        else (as_markdown if form is BriefFormat.md else as_text)(body)
    )
    if output:
        try:
            output.write_text(text + "\n", "utf-8")
        except OSError as error:
            _fail(f"cannot write {output}: {error.strerror}; name another file with -o", Exit.ERROR)
        _say(f"Wrote {output}")
    else:
        print(text)


@app.command()
def gaps(account: AccountArgument, home: HomeOption = None, deal: DealOption = None, as_json: JsonOption = False) -> None:
    """What the handoff still needs somebody to answer."""
    from assistant.brief.shelf import current_brief

    with _keeping_kit(home)[0] as kit:
        whose = _account(kit, account)
        found = current_brief(kit, whose.id, _deal(kit, whose, deal))["gaps"]
    if as_json:
        _print_json({"items": found})
        return
    for gap in found:
        print(f"- {gap['question']}  (ask: {gap['ask']})\n  {gap['why']}")
    if not found:
        print("No gaps: every field a handoff needs was found.")


@app.command()
def accounts(
    query: Annotated[str, typer.Argument(help="Part of a name, domain or id.", metavar="[QUERY]")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the accounts and what is known of each."""
    from api.accounts import described, found
    from ingest.archive.scope import EVERYTHING

    with _kit(home) as kit:
        items = described(kit.archive, EVERYTHING, found(kit.archive, EVERYTHING, query))
    if as_json:
        _print_json({"items": items, "next_cursor": None})
        return
    from api.terminal import table

    if not items:
        print("No account yet. Read some exports: baton ingest FOLDER" if not query else f"No account fits {query!r}.")
        return
    columns = ("call", "email", "crm_note", "doc")
    rows = [[item["name"], item["stage"] or "", *(str(item["sources"].get(kind, 0)) for kind in columns)] for item in items]
    table(["Account", "Stage", "Calls", "Mails", "Notes", "Docs"], rows)


@app.command()
def serve(
    home: HomeOption = None,
    host: Annotated[str, typer.Option(help="The address to listen on; loopback unless you say otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the page and the API until Ctrl-C."""
    from api.serve import serve as run

    run(find_home(home), host, port)


@app.command(name="eval")
def evaluate(
    cases: Annotated[Path | None, typer.Argument(help=options.CASES, metavar="[CASES]")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="DEAL", help=options.ONLY)] = None,
    home: Annotated[Path | None, typer.Option("--home", metavar="FOLDER", help=options.HOME)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=options.JSON)] = False,
    worst: Annotated[int, typer.Option("--worst", min=0, metavar="N", help=options.WORST)] = 0,
    write_baseline: Annotated[bool, typer.Option("--write-baseline", help=options.WRITE_BASELINE)] = False,
    against: Annotated[Path | None, typer.Option("--against", metavar="RUN.json", help=options.AGAINST)] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help=options.OUT)] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help=options.JUNIT)] = None,
) -> None:
    """Measure answers and briefs on labelled deals. Exit code 4: below the baseline."""
    from eval.cases import BadCases
    from eval.command import CannotRecord, CannotWrite, Wanted
    from eval.command import evaluate as evaluated
    from eval.compare import NotARun
    from eval.report import columns

    wanted = Wanted(cases, tuple(only or ()), home, as_json, worst, write_baseline, against, out, junit)
    try:
        told = evaluated(wanted, columns())
    except (BadCases, CannotRecord, CannotWrite, NotARun) as error:
        _fail(str(error), Exit.ERROR)
    print(told.text, flush=True)
    for fault in told.unwritten:
        _say(f"Error: {fault}")
    raise typer.Exit(told.code)


@app.command()
def doctor(
    home: HomeOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild the indexes that differ from the archive.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the home, the weights, the indexes, our own domains; say what to do about what is wrong."""
    from ingest.doctor import examine

    report = examine(find_home(home), repair=repair)
    if as_json:
        _print_json({"ok": report.ok, "checks": [{"name": c.name, "ok": c.ok, "says": c.says, "do": c.do} for c in report.checks]})
    else:
        for check in report.checks:
            print(f"{'ok  ' if check.ok else 'FIX '} {check.name}: {check.says}" + (f"\n     {check.do}" if check.do else ""))
    raise typer.Exit(Exit.OK if report.ok else Exit.ERROR)


@token.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    home: HomeOption = None,
    account: Annotated[list[str] | None, typer.Option("--account", help="Only these accounts. Default: all.")] = None,
) -> None:
    """Make an API key. It is shown once; only its hash is kept."""
    from api.access import create_key

    with _kit(home, write=True) as kit:
        ids = [_account(kit, a).id for a in account or ()]
        print(create_key(kit.archive, name, ids or None))


@token.command("revoke")
def token_revoke(
    prefix: Annotated[str, typer.Argument(help="The first part of the key, as `token list` shows it.")], home: HomeOption = None
) -> None:
    """Make a key useless at once."""
    from api.access import revoke_key

    with _kit(home, write=True) as kit:
        revoke_key(kit.archive, prefix)
    _say("Revoked.")


@token.command("list")
def token_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """The keys there are, without their secrets."""
    from api.access import key_items

    with _kit(home) as kit:
        items = key_items(kit.archive)
    if as_json:
        _print_json({"items": items})
        return
    for item in items:
        print(f"{item['prefix']}  {item['name']}  {'revoked' if item['revoked_at'] else 'valid'}")


def main() -> NoReturn:
    """The `baton` program: every failure Baton knows becomes one sentence and an exit code."""
    gc.set_threshold(50_000)  # what a start makes stays; looking through it for cycles again and again took a fifth of a short command
    try:
        # typer gives back the code of a `typer.Exit`, and of Ctrl-C, it does not raise it
        code = app(prog_name="baton", standalone_mode=False) or Exit.OK
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    except BrokenPipeError:  # `baton accounts | head`: who read has gone; nothing is left to be said, at exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.OK
    except Exception as error:
        _explain(error)
    if code == Exit.INTERRUPTED:
        _say("Interrupted; what was finished is kept.")
    sys.exit(code)


def _explain(error: Exception) -> NoReturn:
    from ingest.problems import KNOWN

    if isinstance(error, typer.TyperException):
        _fail(error.format_message(), Exit(error.exit_code))
    if isinstance(error, KNOWN):
        _fail(str(error), Exit.ERROR)
    if isinstance(error, OSError) and error.strerror:
        where = f"cannot use {error.filename}" if error.filename else "the work could not be finished"
        _fail(f"{where}: {error.strerror}; see to it, or choose another place, and try again", Exit.ERROR)
    raise error


def _kit(home: Path | None, *, write: bool = False) -> Kit:
    from assistant.wiring import open_kit
    from ingest.wiring import open_home

    return open_kit(open_home(find_home(home), write=write))


def _writing_kit(home: Path | None) -> Kit:
    """No home is made for what only adds to one that is there."""
    from ingest.archive.database import holds_archive

    return _kit(home, write=holds_archive(find_home(home)))


def _keeping_kit(home: Path | None) -> tuple[Kit, str]:
    """Keeps what is answered if it can; else answers are given, with the reason why they are not kept."""
    from ingest.archive.errors import HomeBusy

    try:
        return _writing_kit(home), ""
    except HomeBusy:
        return _kit(home), "the home is in use by another process"
    except PermissionError:
        return _kit(home), "the home may only be read"


def _brief_format(name: str, output: Path | None) -> BriefFormat:
    """The format asked for; a file's ending decides before `--format` does, and one that promises something else is refused."""
    ending = output.suffix.lower() if output else ""
    if ending not in ("", ".md", ".json", ".txt"):
        later = "PDF and Word come later" if ending in (".pdf", ".docx", ".doc") else f"a brief cannot be written as {ending}"
        _fail(f"{later}; name a file that ends in .md, .json or .txt", Exit.USAGE)
    if name not in list(BriefFormat):
        later = "PDF and Word come later" if name in ("pdf", "docx", "doc", "word") else f"there is no format {name!r}"
        _fail(f"{later}; use md, json or text", Exit.USAGE)
    return BriefFormat(ending[1:] if ending in (".md", ".json") else name)


def _account(kit: Kit, reference: str) -> StoredAccount:
    from ingest.archive.scope import EVERYTHING

    if not kit.archive.accounts(EVERYTHING):
        _fail(f"{kit.home.path} holds no account yet; read some exports first: baton ingest FOLDER", Exit.ERROR)
    return kit.archive.account(EVERYTHING, reference)


def _deal(kit: Kit, account: StoredAccount, reference: str | None) -> str | None:
    """A deal by its id, a CRM reference or its name."""
    from ingest.archive.scope import EVERYTHING

    if reference is None:
        return None
    deals = kit.archive.deals(EVERYTHING.only(account.id))
    native = reference.rpartition(":")[2]
    for deal in deals:
        if reference in (deal.id, deal.name) or any(native[:15] == link.id[:15] for link in deal.links):
            return deal.id
    _fail(f"{account.name} has no deal {reference!r}; it has: {', '.join(f'{d.id} ({d.name})' for d in deals) or 'none'}", Exit.ERROR)


def _moment(kit: Kit, as_of: str | None) -> datetime | None:
    from assistant.asking import end_of_day

    if as_of is None:
        return None
    try:
        return end_of_day(date.fromisoformat(as_of), kit.home.settings.timezone)
    except ValueError:
        _fail(f"{as_of!r} is not a date; write it as 2026-09-10", Exit.USAGE)


def _tally_json(tally: Tally) -> dict[str, object]:
    return {
        "new": tally.new,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "removed": tally.removed,
        "held": [{"file": h.file, "reason": h.reason, "hint": h.hint, "candidates": list(h.candidates)} for h in tally.held],
        "failed": [{"file": f.file, "line": f.line, "reason": f.reason, "detail": f.detail} for f in tally.failed],
        "notes": [{"file": n.file, "line": n.line, "reason": n.reason, "detail": n.detail} for n in tally.notices],
        "embedded": tally.embedded,
        "degraded": list(tally.degraded),
        "seconds": tally.seconds,
    }


def _show_tally(tally: Tally) -> None:
    from api.terminal import table

    if tally.accounts:
        columns = ("call", "email", "crm_note", "doc")
        rows = [[a.name, *(str(a.kinds.get(k, 0)) for k in columns), str(a.new), str(a.changed), str(a.unchanged)] for a in tally.accounts]
        table(["Account", "Calls", "Mails", "Notes", "Docs", "New", "Changed", "Unchanged"], rows)
    for held in tally.held:
        print(f"held    {held.file}: {held.hint}")
    for failed in tally.failed:
        where = f"{failed.file}:{failed.line}" if failed.line else failed.file
        print(f"failed  {where}: {failed.detail}")
    for notice in tally.notices:
        where = f"{notice.file}:{notice.line}" if notice.line else notice.file
        print(f"note    {where}: {notice.detail}")
    for part in tally.degraded:
        print(f"degraded  {part}")
    print(
        f"{tally.new} new, {tally.changed} changed, {tally.unchanged} unchanged, {tally.removed} removed; "
        f"{len(tally.held)} held, {len(tally.failed)} set aside; {tally.seconds:.1f} s."
    )


def _print_json(body: object) -> None:
    print(json.dumps(body, ensure_ascii=False, indent=2))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _fail(text: str, code: Exit) -> NoReturn:
    _say(f"Error: {text}")
    sys.exit(code)


if __name__ == "__main__":
    main()
