"""Who is told what, and by which job: planned once, sent by a job for each channel and person, each of which is tried by itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.hooks import load_hooks
from api.office import Office, deal_by_id
from api.setbacks import Later, Never
from api.telling.channels import Channel, is_address, load_channels
from api.telling.words import Message, What, one_line
from assistant.brief.shelf import opened
from assistant.term import renewal_of
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredDeal
from ingest.archive.scope import EVERYTHING
from ingest.failpoints import past
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from assistant.wiring import Kit
    from ingest.archive.work import Job

log = logging.getLogger("baton.api")

REMINDERS = (24, 48)
"""Hours after the draft, while its account executive has done nothing with it."""
TO_THE_AE: frozenset[What] = frozenset({"draft", "reminder", "accepted", "returned"})
TO_THE_CSM: frozenset[What] = frozenset({"approved", "accepted", "renewal"})
ON_THE_RECORD: frozenset[What] = frozenset({"approved", "renewal"})
TO_PLATFORMS: frozenset[What] = frozenset({"approved", "accepted", "renewal"})
"""Nothing goes there that the account executive has not seen."""


def tell_of_draft(office: Office, job: Job) -> None:
    brief = job.result.get("brief")
    if brief is None:
        return
    what: What = "renewal" if job.kind == "renewal" else "draft"
    with office.kit.archive.transaction():
        tell(office, str(brief), what)
        if what == "draft" and channels_of(office):
            for hours in REMINDERS:
                office.work.add_job(
                    "reminder", {"brief": brief, "hours": hours}, key=f"reminder {hours} {brief}", account_id=job.account_id,
                    due_at=office.work.now() + timedelta(hours=hours),
                )  # fmt: skip


def tell_of_act(office: Office, job: Job) -> None:
    """Of what somebody did with a brief."""
    acts: Mapping[str, What] = {"approve": "approved", "accept": "accepted", "return": "returned"}
    tell(office, str(job.about["brief"]), acts[str(job.about["act"])], str(job.about.get("number", "")))


def remind(office: Office, job: Job) -> None:
    """Only of a draft that still waits; a later version has reminders of its own. After a standstill the last that is due says it all."""
    try:
        body = opened(office.kit, EVERYTHING, str(job.about["brief"]))
    except NotThere:
        return
    hours = int(str(job.about["hours"]))
    waited = office.work.now() - job.made_at
    overtaken = any(later > hours and waited >= timedelta(hours=later) for later in REMINDERS)
    if body["state"] == "draft" and not overtaken:
        tell(office, body["id"], "reminder", str(hours))


def tell(office: Office, brief_id: str, what: What, nth: str = "") -> None:
    """A job for each who is to be told; whoever was told of it already has none again."""
    try:
        body = office.kit.archive.brief(EVERYTHING, brief_id)
    except NotThere:
        return  # erased since
    deal = deal_by_id(office.kit, body["deal_id"])
    for channel, place in places(office.kit, channels_of(office), body["account"], deal, what):
        about = {"brief": brief_id, "what": what, "channel": channel.name, "place": place, **({"hours": nth} if what == "reminder" else {})}
        key = f"send {what} {nth} {brief_id} {channel.name} {place}"
        office.work.add_job("send", about, key=key, account_id=body["account"])


def send(office: Office, job: Job) -> None:
    """Once: what was begun and not noted as sent is looked for on the other side before it is sent again."""
    channel = channels_of(office).get(str(job.about["channel"]))
    if channel is None:
        raise Never(f"there is no [deliver.{job.about['channel']}] in baton.toml any more; dismiss this, or set it up again.")
    try:
        body = opened(office.kit, EVERYTHING, str(job.about["brief"]))
    except NotThere:
        office.work.note(job.number, {"because": "gone"})
        return
    account = office.kit.archive.account(EVERYTHING, body["account"])
    place, what = str(job.about["place"]), job.about["what"]
    key = str(job.key or job.run)
    begun, again = office.work.begin_delivery(key, account.id, body["id"], what, channel.name, place)
    if begun.sent_at is not None:
        return
    url, here = f"{office.base}/a/{account.slug}/brief", _answers_there(office, channel)
    deal = deal_by_id(office.kit, body["deal_id"])
    ends = renewal_of(deal) if deal and what == "renewal" else None
    hours, share, by = (str(job.about.get(name, "")) for name in ("hours", "share", "by"))
    message = Message(key, what, one_line(account.name), url, body, _crm(deal), here, hours, ends, share, _name(office, by))
    reference = _sender(channel).send(message, place, again=again)
    past("sent")
    office.work.end_delivery(key, reference)


def channels_of(office: Office) -> Mapping[str, Channel]:
    try:
        return load_channels(office.kit.home.path)
    except BadSettings as error:
        raise Later(str(error)) from error


def places(
    kit: Kit, channels: Mapping[str, Channel], account_id: str, deal: StoredDeal | None, what: What
) -> Iterator[tuple[Channel, str]]:
    """Where that is told, by which of the channels."""
    account = kit.archive.account(EVERYTHING, account_id)
    for channel in channels.values():
        match channel.kind:
            case "slack":
                yield channel, channel.channel.replace("{slug}", account.slug).lstrip("#")
            case "mail":
                people = [deal.owner_email] if deal and what in TO_THE_AE else []
                people += _csms(kit, account_id, channel) if what in TO_THE_CSM else []
                yield from ((channel, address) for address in dict.fromkeys(people) if is_address(address))
            case "hubspot" | "salesforce":
                native = next((link.id for link in deal.links if link.system == channel.kind), "") if deal else ""
                if native and what in ON_THE_RECORD:
                    yield channel, native
            case "webhook":
                if what in TO_PLATFORMS:
                    yield channel, channel.name


def _answers_there(office: Office, channel: Channel) -> bool:
    """Whether the app that tells is the one that is asked: buttons of another app's message do not come here."""
    if channel.kind != "slack":
        return False
    try:
        hooks, _ = load_hooks(office.kit.home.path)
    except BadSettings as error:
        log.warning("a message goes to Slack without the button that asks there: %s", error)
        return False
    return any(hook.token == channel.secret for hook in hooks.values())


def _crm(deal: StoredDeal | None) -> tuple[tuple[str, str], ...]:
    return tuple((link.system, link.id) for link in deal.links if link.type == "deal") if deal else ()


def _name(office: Office, principal_id: str) -> str:
    """Empty for whoever is no longer known, and for nobody."""
    known = Admissions.beside(office.kit.archive).principals() if principal_id else []
    return next((one_line(who.name) for who in known if who.id == principal_id), "")


def _csms(kit: Kit, account_id: str, channel: Channel) -> list[str]:
    """Who was invited as one and sees this account by name; else whom the settings name."""
    admissions = Admissions.beside(kit.archive)
    invited = [
        who.email
        for who in admissions.principals()
        if who.kind == "person" and who.role == "csm" and who.suspended_at is None and account_id in who.listed
    ]
    return invited or list(channel.csm)


def _sender(channel: Channel) -> Any:
    """Its library is loaded by whoever sends with it."""
    match channel.kind:
        case "slack":
            try:
                from api.telling.slack import Slack
            except ModuleNotFoundError as missing:
                if missing.name != "slack_sdk":
                    raise
                raise Never("telling in Slack needs the extra slack: pip install 'baton-handoff[slack]'") from None
            return Slack(channel)
        case "mail":
            from api.telling.mail import Mail

            return Mail(channel)
        case "hubspot":
            from api.telling.hubspot import HubSpot

            return HubSpot(channel)
        case "salesforce":
            from api.telling.salesforce import Salesforce

            return Salesforce(channel)
        case "webhook":
            from api.telling.webhook import Webhook

            return Webhook(channel)
