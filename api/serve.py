"""Starts the server on an open home: loopback unless told otherwise, with a printed sign-in link."""

from __future__ import annotations

import getpass
import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from api.access import Gate, is_loopback
from api.app import create_app
from api.arenas import share_heaps
from api.desk import Desk
from api.facts_anew import read_anew
from api.fence import Address
from api.hooks import load_hooks
from api.hosts import load_hosts
from api.importing import load_folders
from api.jobs import Jobs
from api.limits import load_limits
from api.logs import Form, set_up
from api.measuring import load_labelled
from api.office import Office
from api.polling import load_every
from api.routes.single_sign_on import CALLBACK
from api.side_door import SideDoor
from api.sign_in import FIRST_RUN, SIGN_IN, new_code, the_operator
from api.upkeep import Upkeep
from assistant.wiring import open_kit
from ingest.archive.admissions import Admissions
from ingest.archive.database import FILE
from ingest.archive.scope import OPERATOR
from ingest.archive.work import Work
from ingest.settings import FILE as SETTINGS
from ingest.settings import BadSettings, settings_table
from ingest.wiring import open_home

if TYPE_CHECKING:
    from api.single_sign_on import SingleSignOn
    from assistant.wiring import Kit

KEEP_ALIVE_S = 75
"""Longer than a proxy in front or a client keeps an idle connection (a minute as a rule): who closes first must not be the server, for
then a request that is just being sent is lost, and all the more under load."""
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class CannotServe(BadSettings):
    """The address cannot be used, or would open the home to others without protection; the message says what helps."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to listen, what the server answers to, and the address people type."""

    host: str
    port: int
    address: Address
    base: str
    open: bool = False
    """Without authentication, for scripts and tests on this machine."""
    on_network: bool = False
    """Others than this machine's user can connect, through a proxy."""


def serve(home: Path, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serves until Ctrl-C; port 0 takes any that is free. Raises CannotServe, HomeBusy and what else a home may lack."""
    planned(host, port, os.environ)
    load_limits(home)
    load_hosts(home)
    load_folders(home)
    load_labelled(home)
    load_hooks(home)
    load_every(home)
    share_heaps()
    with open_kit(open_home(home, write=True)) as kit, _listening(host, port) as listener, Upkeep(kit.home):
        plan = planned(host, listener.getsockname()[1], os.environ)
        read_anew(kit.archive, kit.facts_by, lambda words: print(words, file=sys.stderr, flush=True))
        admissions = Admissions.beside(kit.archive)
        if plan.on_network:
            check_for_network(admissions, home)
        gate = Gate(admissions, open_on_loopback=plan.open, secure_cookies=plan.address.secure)
        office = Office(kit, Work.beside(kit.archive), plan.base)
        jobs, prompt = Jobs(office, prompt=False), Jobs(office, prompt=True)

        def wake() -> None:
            jobs.wake()
            prompt.wake()

        app = create_app(Desk(kit), gate, plan.address, _sign_on(home, plan.base), load_limits(home), wake)
        office.alone = app.state.imports.alone
        app.state.last_pull_at = lambda: office.asked_at
        app.state.next_pull_at = lambda: jobs.next_pull_at
        # Nobody's word is taken for who the client is: a proxy in front is named by BATON_PUBLIC_URL, not by its headers.
        settings = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
        set_up(_log_form(os.environ, plan))
        print(greeting(plan, admissions), file=sys.stderr, flush=True)
        with jobs, prompt, _lines_to_slack(kit, wake), SideDoor(kit.home, app.state.imports, plan.base):
            uvicorn.Server(settings).run(sockets=[listener])


@contextmanager
def _lines_to_slack(kit: Kit, wake: Callable[[], None]) -> Iterator[None]:
    """For each hook that has an app token. Raises CannotServe where the extra is not installed."""
    calling = [hook for hook in load_hooks(kit.home.path)[0].values() if hook.app_token]
    with ExitStack() as lines:
        for hook in calling:
            try:
                from api.slack.socket import connected
            except ModuleNotFoundError as missing:
                if (missing.name or "").partition(".")[0] not in {"slack_bolt", "slack_sdk"}:
                    raise
                raise CannotServe("answering in Slack needs the extra slack: pip install 'baton-handoff[slack]'") from None
            lines.enter_context(connected(kit, hook, wake))
        yield


def planned(host: str, port: int, environment: Mapping[str, str]) -> Plan:
    """`BATON_PUBLIC_URL` is the address a proxy with TLS serves us at; without it only this machine may connect."""
    wants_open = environment.get("BATON_DEV_OPEN") == "1"
    public = environment.get("BATON_PUBLIC_URL", "").rstrip("/")
    if wants_open and (public or not is_loopback(host)):
        raise CannotServe(
            "BATON_DEV_OPEN=1 turns authentication off and is for 127.0.0.1 only; unset it, or serve on loopback without BATON_PUBLIC_URL."
        )
    if public:
        parts = urlsplit(public)
        if parts.scheme != "https" or not parts.hostname:
            raise CannotServe("BATON_PUBLIC_URL must be the https:// address at which people reach this server.")
        return Plan(
            host, port, Address(frozenset({parts.hostname, *LOOPBACK_NAMES}), frozenset({public}), secure=True), public, on_network=True
        )
    if not is_loopback(host):
        raise CannotServe(
            f"listening on {host} would carry deal histories over the network unencrypted; put a proxy with TLS in front and set "
            "BATON_PUBLIC_URL to its https:// address, or leave --host at 127.0.0.1."
        )
    origins = frozenset(f"http://{name}:{port}" for name in LOOPBACK_NAMES)
    name = f"[{host}]" if ":" in host else host
    return Plan(
        host,
        port,
        Address(frozenset({*LOOPBACK_NAMES, name}), origins | {f"http://{name}:{port}"}),
        f"http://{name}:{port}",
        open=wants_open,
    )


def _sign_on(home: Path, base: str) -> SingleSignOn | None:
    """Raises BadSettings; CannotServe where a provider is named but the extra `sso` is not installed."""
    if not os.environ.get("BATON_OIDC_ISSUER") and not settings_table(home / SETTINGS, "sign_in", SIGN_IN):
        return None
    try:
        from api.single_sign_on import SingleSignOn, load_provider
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"authlib", "joserfc", "httpx2"}:
            raise
        raise CannotServe("signing in at a provider needs the extra sso: pip install 'baton-handoff[sso]'") from None
    provider = load_provider(home)
    return SingleSignOn(provider, f"{base}{CALLBACK}") if provider else None


def check_for_network(admissions: Admissions, home: Path) -> None:
    """Raises CannotServe where nobody could sign in, or anybody on this machine could read the archive beside the server."""
    now = datetime.now(UTC)
    people = {who.id for who in admissions.principals() if who.suspended_at is None and who.id != OPERATOR}
    keys = [key for key in admissions.every_key() if key.revoked_at is None and (key.expires_at is None or key.expires_at > now)]
    invited = {who.id for who in admissions.principals() if who.kind == "person"} & people
    if not invited and not {key.principal_id for key in keys} & people:
        raise CannotServe(
            "nobody could sign in at that address: invite somebody first (`baton invite you@company.example --role admin`), or make a key "
            "(`baton keys create NAME`)."
        )
    if (home / FILE).stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise CannotServe(f"{home / FILE} can be read by everybody on this machine; take that right away (chmod -R o= {home}).")


def greeting(plan: Plan, admissions: Admissions) -> str:
    """On this machine the link signs its owner in; on a network nobody is signed in by what a log shows."""
    said = f"Baton serves on {plan.base}"
    if plan.open:
        return f"{said} without authentication (BATON_DEV_OPEN=1). Ctrl-C stops it."
    if plan.on_network:
        return (
            f"{said}. Ctrl-C stops it.\nPeople sign in by the links that `baton invite` prints, programs with keys of `baton keys create`."
        )
    now = datetime.now(UTC)
    code = new_code(admissions, the_operator(admissions, _user(), now).id, now, FIRST_RUN)
    return f"{said}. Ctrl-C stops it.\nSign in (once, within 30 minutes): {plan.base}/sign-in#{code}"


def _log_form(environment: Mapping[str, str], plan: Plan) -> Form:
    """`BATON_LOG=json` or `text`; else JSON where others than this machine's user are served."""
    match environment.get("BATON_LOG", ""):
        case "json":
            return "json"
        case "text":
            return "text"
        case "":
            return "json" if plan.on_network else "text"
    raise CannotServe("BATON_LOG is json or text.")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return "operator"


def _listening(host: str, port: int) -> socket.socket:
    """Bound before the link is printed, so that a port in use is said in one sentence."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise CannotServe(
            f"cannot listen on {host} port {port}: {error.strerror}; stop what listens there, or choose another --port."
        ) from None
