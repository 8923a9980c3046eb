"""What is done when a deal closes, step by step: pull the account once more, read its facts, compose, keep, tell.

Each step finds in the archive what the ones before it did, changes nothing where it was done before, and raises Later or Never where it
did not work. What is sent to whom is planned here and sent by jobs of their own (`api.telling`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.office import Office, deal_by_id
from api.problems import Problem
from api.setbacks import Later, Never
from api.telling.plan import remind, send, tell_of_act, tell_of_draft
from assistant.brief.layout import BadLayout
from assistant.brief.shelf import current_brief
from assistant.portfolio import refresh
from ingest.archive.identifiers import link_key
from ingest.archive.rows import StoredDeal
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import CloseEvent, Job
from ingest.failpoints import past
from ingest.records import CrmDeal, Link
from ingest.retention import purge

if TYPE_CHECKING:
    from assistant.wiring import Kit

log = logging.getLogger("baton.api")

RENEWAL = "renewal"
"""The layout of a brief that is composed before a renewal."""
Step = Callable[[Office, Job], None]


def steps_of(job: Job) -> Sequence[tuple[str, Step]]:
    """The names are kept by the engine: a job that was begun goes on behind the last one that was over."""
    return _STEPS[job.kind]


def pull_all(office: Office, job: Job) -> None:
    """The account once more. A source that cannot be reached keeps nobody waiting: the brief is of what is there."""
    try:
        office.work.note(job.number, {"pulled": _alone(office, lambda: office.ask(None))})
    except Later as trouble:
        log.warning("job %s: %s", job.number, trouble)
        office.work.note(job.number, {"pulled": False})


def pull_one(office: Office, job: Job) -> None:
    if not _alone(office, lambda: office.ask(str(job.about["source"]))):
        office.work.note(job.number, {"because": "not_connected"})


def _alone(office: Office, work: Callable[[], bool]) -> bool:
    try:
        with office.alone():
            return work()
    except Problem:
        raise Later("an import is running; its turn comes after it") from None


def read_facts(office: Office, job: Job) -> None:
    """Of the account alone where it is known: others are not kept waiting for."""
    deal = deal_of(office.kit, str(job.about["system"]), str(job.about["deal"])) if job.kind == "handoff" else None
    only = frozenset({deal.account_id}) if deal else None
    refresh(office.kit.archive, by=office.kit.facts_by, only=only)


def compose_handoff(office: Office, job: Job) -> None:
    """Keeps a new version where anything is different from the newest; whoever does this twice keeps one."""
    system, native = str(job.about["system"]), str(job.about["deal"])
    deal = deal_of(office.kit, system, native)
    if deal is None:
        raise Later(f"no account here has the deal {native} of {system} yet; ingest an export that holds it, or pull from {system}.")
    office.work.settle(job.number, deal.account_id)
    said = office.work.latest_of_deal(system, native)
    if said is not None and said.says == "won" and not deal.won:
        deal = _as_told(office.kit, deal, said)
    if not deal.won or (said is not None and said.says in ("open", "lost") and not job.result.get("pulled")):
        office.work.note(job.number, {"deal": deal.id, "brief": None, "because": "not_won"})
        return
    brief = composed(office.kit, deal)
    past("brief kept")
    office.work.note(job.number, {"deal": deal.id, "brief": brief})


def composed(kit: Kit, deal: StoredDeal, layout: str | None = None) -> str:
    """The id of the version that says what is on record now."""
    try:
        return str(current_brief(kit, deal.account_id, deal.id, compose_anew=True, layout_name=layout)["id"])
    except BadLayout as error:
        raise Never(str(error)) from error


def deal_of(kit: Kit, system: str, native: str) -> StoredDeal | None:
    key = link_key(Link(system, "deal", native))
    return next((deal for deal in kit.archive.deals(EVERYTHING) if any(link_key(link) == key for link in deal.links)), None)


def _as_told(kit: Kit, deal: StoredDeal, said: CloseEvent) -> StoredDeal:
    """The CRM's own signed word is newer than the export that the deal came from."""
    at = said.occurred_at or said.received_at or datetime.now(UTC)
    on = deal.closed_on if deal.closed else at.astimezone(ZoneInfo(kit.home.settings.timezone)).date().isoformat()
    told = CrmDeal(
        name=deal.name,
        links=deal.links,
        account=Link("baton", "account", deal.account_id),
        stage=deal.stage,
        won=True,
        closed=True,
        closed_on=on,
        amount=deal.amount,
        currency=deal.currency,
        owner_email=deal.owner_email,
        opened_on=deal.opened_on,
        term_months=deal.term_months,
        seats=deal.seats,
        opened_at=deal.opened_at,
        closed_at=deal.closed_at or at,
    )
    kit.archive.put_deal(deal.account_id, told)
    return replace(deal, won=True, closed=True, closed_on=on)


def purge_due(office: Office, job: Job) -> None:
    """What the settings keep no longer, with a report: counts alone."""
    try:
        with office.alone():
            found = purge(office.kit.home)
    except Problem:
        raise Later("an import is running; its turn comes after it") from None
    due = {each.what: each.count for each in found.due}
    office.work.note(job.number, {"removed": due, "answers_and_briefs": found.made, "compacted": found.compacted})
    if not found.compacted:
        raise Later("what was due is out, but another program was reading the database, so that it could not be compacted")


def compose_renewal(office: Office, job: Job) -> None:
    deal = deal_by_id(office.kit, str(job.about["deal"]))
    if deal is None:
        office.work.note(job.number, {"brief": None, "because": "gone"})
        return
    brief = composed(office.kit, deal, RENEWAL)
    past("brief kept")
    office.work.note(job.number, {"deal": deal.id, "brief": brief})


def in_slack(office: Office, job: Job) -> None:
    """What somebody asked or answered there."""
    from api.slack.replying import reply  # its library is loaded by whoever is asked there

    reply(office, job)


_STEPS: dict[str, Sequence[tuple[str, Step]]] = {
    "handoff": (("pull", pull_all), ("facts", read_facts), ("compose", compose_handoff), ("tell", tell_of_draft)),
    "pull": (("pull", pull_one), ("facts", read_facts)),
    "retention": (("purge", purge_due),),
    "renewal": (("pull", pull_all), ("facts", read_facts), ("compose", compose_renewal), ("tell", tell_of_draft)),
    "act": (("tell", tell_of_act),),
    "reminder": (("tell", remind),),
    "send": (("send", send),),
    "slack": (("answer", in_slack),),
}
KINDS = frozenset(_STEPS)
