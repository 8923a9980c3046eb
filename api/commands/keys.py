"""`baton keys`: keys for programs that call Baton; `baton token` is another name for it. Works while the server runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.options import Exit, HomeOption, JsonOption, fail, help_alone, print_json, say
from ingest.home import find_home

if TYPE_CHECKING:
    from api.access import Role
    from ingest.archive.admissions import Admissions

commands = typer.Typer()
keys = typer.Typer(help="API keys for programs.", invoke_without_command=True, rich_markup_mode=None)
commands.add_typer(keys, name="keys")
commands.add_typer(keys, name="token", help="The same as keys.")
keys.callback()(help_alone)

RoleOption = Annotated[str | None, typer.Option("--role", help="admin, ae, csm or viewer (who sees no internal talk).")]
AccountsOption = Annotated[list[str] | None, typer.Option("--account", metavar="ACCOUNT", help="Only these accounts; may be repeated.")]


@keys.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    home: HomeOption = None,
    account: AccountsOption = None,
    role: RoleOption = None,
    may: Annotated[
        list[str] | None,
        typer.Option("--may", help="Only this: read, ask, brief:write or admin; may be repeated. Default: what the role may."),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--for", metavar="EMAIL", help="A person's own key: it sees what they may see, and ends with them.")
    ] = None,
    expires: Annotated[str, typer.Option("--expires", metavar="WHEN", help="A number of days (90d), a date, or never.")] = "365d",
) -> None:
    """Make an API key. It is shown once; only its hash is kept."""
    from api.access import Permission
    from api.keys import create_key
    from api.users import the_user

    if owner and (account or role):
        fail("a person's own key sees what they may see; leave --account and --role out", Exit.USAGE)
    permissions: list[Permission] | None = [one_of(word, "--may", Permission) for word in may] if may else None
    until = _until(expires)
    with admissions(home) as opened:
        ids = accounts_of(home, account)
        person = the_user(opened, owner) if owner else None
        key = create_key(
            opened, name, ids, role=the_role(role) or "csm", permissions=permissions, owner=person, expires_at=until, credential=by_hand()
        )
    print(key)
    if os.isatty(2):
        good = f"Good until {until.date().isoformat()}" if until else "It does not expire"
        say(f"Shown this once. {good}; `baton keys revoke {key[:11]}` ends it.")


@keys.command("revoke")
def revoke(
    prefix: Annotated[str, typer.Argument(help="The first part of the key, as `keys list` shows it.")], home: HomeOption = None
) -> None:
    """Make a key useless at once, while the server runs too."""
    from api.keys import revoke_key

    with admissions(home) as opened:
        revoke_key(opened, prefix, credential=by_hand())
    say("Revoked.")


@keys.command("list")
def listed(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """The keys there are, without their secrets."""
    from api.keys import key_items

    with admissions(home) as opened:
        items = key_items(opened)
    if as_json:
        print_json({"items": items})
        return
    for item in items:
        sees = "all accounts" if item["accounts"] is None else f"{len(item['accounts'])} account{'s' * (len(item['accounts']) != 1)}"
        who = f"for {item['user']['email']}" if item["user"] else sees
        until = f"until {item['expires_at'][:10]}" if item["expires_at"] else "does not expire"
        print(f"{item['prefix']}  {item['name']}  {item['state']}, {until}  {item['role']}, {who}")


# --- what the commands about access share


@contextmanager
def admissions(home: Path | None) -> Iterator[Admissions]:
    from ingest.archive.admissions import Admissions

    with Admissions.of_home(find_home(home)) as opened:
        yield opened


def accounts_of(home: Path | None, references: Sequence[str] | None) -> list[str] | None:
    """Their ids; None where none is named."""
    from ingest.archive.archive import Archive
    from ingest.archive.scope import EVERYTHING

    if not references:
        return None
    with Archive.open(find_home(home)) as archive:
        return [archive.account(EVERYTHING, reference).id for reference in references]


def the_role(word: str | None) -> Role | None:
    from api.access import Role

    found: Role | None = None if word is None else one_of(word, "--role", Role)
    return found


def one_of(word: str, option: str, words: Any) -> Any:
    """The word, which must be one of a Literal's."""
    from typing import get_args

    known = get_args(words)
    if word not in known:
        fail(f"{option} takes {', '.join(known)}; {word!r} is none of them", Exit.USAGE)
    return word


def by_hand() -> str:
    """Who typed it, for the audit log: a number, not a name."""
    return f"cli {os.getuid()}" if hasattr(os, "getuid") else "cli"


def _until(word: str) -> datetime | None:
    """The moment from which on a key no longer opens anything: a date counts whole."""
    if word == "never":
        return None
    if days := re.fullmatch(r"(\d{1,5})d", word):
        return datetime.now(UTC) + timedelta(days=int(days[1]))
    try:
        return datetime.combine(date.fromisoformat(word) + timedelta(days=1), datetime.min.time(), UTC)
    except ValueError:
        fail(f"--expires takes a number of days (90d), a date (2027-06-30) or never; {word!r} is none of them", Exit.USAGE)
