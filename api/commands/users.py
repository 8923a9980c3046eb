"""`baton invite`, `baton users`, `baton sessions`: who signs in, what they see, where they are signed in; while the server runs, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.keys import AccountsOption, RoleOption, accounts_of, admissions, by_hand, the_role
from api.commands.options import Exit, HomeOption, JsonOption, fail, help_alone, print_json, say
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.archive.admissions import Admissions
    from ingest.archive.rows import Reach, StoredPrincipal

commands = typer.Typer()
users = typer.Typer(help="People who may sign in.", invoke_without_command=True, rich_markup_mode=None)
commands.add_typer(users, name="users")
users.callback()(help_alone)
sessions = typer.Typer(help="Browsers that are signed in.", invoke_without_command=True, rich_markup_mode=None)
commands.add_typer(sessions, name="sessions")
sessions.callback()(help_alone)

EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="Their address.")]
AllOption = Annotated[bool, typer.Option("--all", help="They see every account.")]
OwnOption = Annotated[bool, typer.Option("--own", help="They see the accounts whose deals the CRM says are theirs.")]
NameOption = Annotated[str, typer.Option("--name", help="Their name, as it stands beside what they did.")]


@commands.command()
def invite(
    email: EmailArgument,
    home: HomeOption = None,
    name: NameOption = "",
    role: RoleOption = None,
    account: AccountsOption = None,
    every: AllOption = False,
    own: OwnOption = False,
    url: Annotated[
        str, typer.Option("--url", envvar="BATON_PUBLIC_URL", help="Where people reach the server. Default: where it runs, if it does.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=30, help="How long the link is good.")] = 7,
) -> None:
    """Print a link that signs somebody in, once; give them a role and accounts. For somebody known: another link."""
    from api.home_socket import served_at
    from api.sign_in import new_code

    with admissions(home) as opened:
        who = _changed(opened, home, email, name, role, account, every=every, own=own)
        if who.suspended_at is not None:
            fail(f"{who.email} is suspended; `baton users restore {who.email}` first", Exit.ERROR)
        code = new_code(opened, who.id, datetime.now(UTC), timedelta(days=days))
        seen = len(opened.reached(who))
    base = url or served_at(find_home(home)) or "http://127.0.0.1:8000"
    print(f"{base.rstrip('/')}/sign-in#{code}")
    say(f"For {who.email}: {who.role}, sees {seen} account{'s' * (seen != 1)}. Works once, within {days} days.")
    if not seen:
        say("They see no account yet: name some with --account, or give --own or --all.")


@users.command("list")
def listed(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Who may sign in, and what they see."""
    from api.users import user_item

    with admissions(home) as opened:
        found = [(user_item(who), len(opened.reached(who))) for who in opened.principals() if who.kind == "person"]
    if as_json:
        print_json({"items": [{**item, "sees": seen} for item, seen in found]})
        return
    for item, seen in found:
        state = "suspended" if item["suspended_at"] else f"sees {seen} account{'s' * (seen != 1)}"
        print(f"{item['id']}  {item['email'] or item['name']}  {item['role']}, {state}")


@users.command("set")
def change(
    email: EmailArgument,
    home: HomeOption = None,
    name: NameOption = "",
    role: RoleOption = None,
    account: AccountsOption = None,
    every: AllOption = False,
    own: OwnOption = False,
) -> None:
    """Give somebody another role, name or other accounts; what is not named stays. It holds at once."""
    from api.users import the_user

    with admissions(home) as opened:
        who = the_user(opened, email)
        who = _changed(opened, home, who.email or who.id, name, role, account, every=every, own=own)
        seen = len(opened.reached(who))
    say(f"{who.email}: {who.role}, sees {seen} account{'s' * (seen != 1)}.")


@users.command("suspend")
def suspend(email: EmailArgument, home: HomeOption = None) -> None:
    """Let somebody in no longer, neither by session nor by key; at once."""
    _suspend(home, email, suspended=True)
    say("Suspended.")


@users.command("restore")
def restore(email: EmailArgument, home: HomeOption = None) -> None:
    """Let somebody in again who was suspended."""
    _suspend(home, email, suspended=False)
    say("Restored.")


@sessions.command("list")
def running(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Browsers that are signed in."""
    from api.sign_in import running, session_item

    with admissions(home) as opened:
        items = [session_item(each, opened.principal(each.principal_id)) for each in running(opened, datetime.now(UTC))]
    if as_json:
        print_json({"items": items})
        return
    for item in items:
        print(f"{item['id']}  {item['user']['email'] or item['user']['name']}  since {item['begun_at']}, last seen {item['seen_at']}")


@sessions.command("revoke")
def revoke(session: Annotated[str, typer.Argument(help="Its id, as `sessions list` shows it.")], home: HomeOption = None) -> None:
    """Sign a browser out, at once."""
    from api.sign_in import end
    from ingest.archive.scope import OPERATOR

    with admissions(home) as opened:
        end(opened, opened.session(session), datetime.now(UTC), by=OPERATOR, credential=by_hand())
    say("Signed out.")


def _changed(
    opened: Admissions,
    home: Path | None,
    email: str,
    name: str,
    role: str | None,
    accounts: Sequence[str] | None,
    *,
    every: bool,
    own: bool,
) -> StoredPrincipal:
    from api.users import invite

    if every and (own or accounts):
        fail("--all is every account already; leave --own and --account out", Exit.USAGE)
    if "@" not in email:
        fail(f"{email!r} is not an address; people are known by theirs", Exit.USAGE)
    reach: Reach | None = "all" if every else "owner" if own else None
    return invite(opened, email, name=name, role=the_role(role), reach=reach, accounts=accounts_of(home, accounts), credential=by_hand())


def _suspend(home: Path | None, email: str, *, suspended: bool) -> None:
    from api.users import suspend, the_user

    with admissions(home) as opened:
        suspend(opened, the_user(opened, email), suspended=suspended, credential=by_hand())
