"""Which account an interaction belongs to, or why it has to wait for a person.

The rules, strongest first: a CRM id or account name the source gives; the address of a CRM contact; the domain of a customer;
the mail that carried an attachment; the thread a mail answers; the names of a call's participants; and for what names no
outsider at all (a loose contract, a mail among ourselves) the folder it lies in, where everything there belongs to one account.
Two accounts that fit mean that it is held: a word in the wrong account is worse than a word that waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.archive.rows import StoredAccount, StoredPerson
from ingest.domains import FREE_MAIL, Domains, registrable
from ingest.records import Call, Document, Email, Interaction, Link


@dataclass(frozen=True, slots=True)
class Routed:
    account_id: str
    by: str
    """The rule that decided: link, contact, domain, attachment, thread, names, folder, given."""


@dataclass(frozen=True, slots=True)
class Undecided:
    reason: str
    """no_account, two_accounts or other_account."""
    hint: str
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class Directory:
    """What is known about accounts and people when a file has to be routed. Grows while a run goes on."""

    domains: Domains
    accounts: dict[str, StoredAccount] = field(default_factory=dict)
    by_link: dict[Link, str] = field(default_factory=dict)
    """Account, deal and contact links → account id; Salesforce ids cut to 15 characters."""
    by_name: dict[str, str] = field(default_factory=dict)
    by_domain: dict[str, set[str]] = field(default_factory=dict)
    by_contact: dict[str, set[str]] = field(default_factory=dict)
    """Contact's address → account ids."""
    contact_names: dict[str, set[str]] = field(default_factory=dict)
    """Contact's full name, folded → account ids."""
    by_message: dict[str, str] = field(default_factory=dict)
    """Message-ID or other external id → account id, for threads and attachments."""

    def add_account(self, account: StoredAccount) -> None:
        self.accounts[account.id] = account
        self.by_name[fold(account.name)] = account.id
        for link in account.links:
            self.by_link[cut(link)] = account.id
        for domain in account.domains:
            self.by_domain.setdefault(registrable(domain), set()).add(account.id)

    def add_contact(self, person: StoredPerson, links: Iterable[Link] = ()) -> None:
        if person.account_id is None:
            return
        if person.email:
            self.by_contact.setdefault(person.email.lower(), set()).add(person.account_id)
        self.contact_names.setdefault(fold(person.name), set()).add(person.account_id)
        for link in links:
            self.by_link[cut(link)] = person.account_id

    def name_of(self, account_id: str) -> str:
        return self.accounts[account_id].name


def route(interaction: Interaction, known: Directory, given: str | None = None) -> Routed | Undecided:
    """The account an interaction belongs to; `given` is the account a person named for the whole import.

    What a file says about itself wins over nothing but silence: a file that points to another account than the given one is held.
    """
    found = _by_itself(interaction, known)
    match found:
        case Routed() if given is not None and found.account_id != given:
            return Undecided(
                "other_account",
                f"it belongs to {known.name_of(found.account_id)} by its {found.by}; import it without --account",
                (known.name_of(found.account_id),),
            )
        case Undecided(reason="no_account") if given is not None:
            return Routed(given, "given")
        case Undecided(reason="two_accounts", candidates=candidates) if given is not None and known.name_of(given) in candidates:
            return Routed(given, "given")
        case _:
            return found


def by_folder(
    interaction: Interaction, above: Sequence[Path], placed: Mapping[Path, frozenset[str]], known: Directory
) -> Routed | Undecided:
    """The account of the nearest folder above the file in which anything was placed, if all of it went to one account.

    `above` are the folders the file lies in, nearest first, up to the one that is imported; `placed` maps a folder to the accounts
    of what lies anywhere below it. Somebody outside whose company nobody knows keeps an interaction out: it may be another
    customer's.
    """
    if any(known.domains.side_of(p.email) not in ("seller", "partner") for p in interaction.participants if p.email):
        return Undecided("no_account", "no account has these people; name one with --account NAME")
    for folder in above:
        accounts = placed.get(folder, frozenset())
        if len(accounts) == 1:
            return Routed(next(iter(accounts)), "folder")
        if accounts:
            return _two(accounts, known, "files of several accounts lie in its folder")
    return Undecided("no_account", "no account fits; name one with --account NAME")


def fold(name: str) -> str:
    """Names compared without case and spacing."""
    return " ".join(name.casefold().split())


def cut(link: Link) -> Link:
    """Salesforce ids count by their first 15 characters; the last three are only a checksum."""
    return Link(link.system, link.type, link.id[:15]) if link.system == "salesforce" else link


def _by_itself(interaction: Interaction, known: Directory) -> Routed | Undecided:
    rules = (
        ("CRM link", _linked(interaction, known)),
        ("contact", _addressed(interaction, known)),
        ("attachment", _carried(interaction, known)),
        ("thread", _threaded(interaction, known)),
        ("names", _named(interaction, known)),
    )
    for by, accounts in rules:
        if len(accounts) == 1:
            return Routed(next(iter(accounts)), by)
        if accounts:
            return _two(accounts, known, f"more than one account fits by {by}")
    return Undecided("no_account", "no account fits; name one with --account NAME")


def _linked(interaction: Interaction, known: Directory) -> set[str]:
    links = {known.by_link[cut(link)] for link in interaction.links if cut(link) in known.by_link}
    names = {known.by_name[fold(link.id)] for link in interaction.links if link.system == "name" and fold(link.id) in known.by_name}
    return links | names


def _addressed(interaction: Interaction, known: Directory) -> set[str]:
    """Contacts' own addresses count before domains, so that one consultant's domain does not outvote the CRM."""
    addresses = {p.email.lower() for p in interaction.participants if p.email}
    outside = {a for a in addresses if known.domains.side_of(a) not in ("seller", "partner")}
    contacts = [known.by_contact[a] for a in outside if a in known.by_contact]
    domains = [
        known.by_domain[d] for a in outside - set(known.by_contact) if (d := registrable(a)) not in FREE_MAIL and d in known.by_domain
    ]
    found = contacts + domains
    if not found:
        return set()
    return set.intersection(*found) or set.union(*found)


def _carried(interaction: Interaction, known: Directory) -> set[str]:
    if not isinstance(interaction, Document) or interaction.attached_to not in known.by_message:
        return set()
    return {known.by_message[interaction.attached_to]}


def _threaded(interaction: Interaction, known: Directory) -> set[str]:
    if not isinstance(interaction, Email):
        return set()
    answered = (interaction.in_reply_to, *interaction.references)
    return {known.by_message[m] for m in answered if m in known.by_message}


def _named(interaction: Interaction, known: Directory) -> set[str]:
    """Recorders often give no addresses of guests: the names of contacts decide where they agree."""
    if not isinstance(interaction, Call):
        return set()
    names = {fold(p.name) for p in interaction.participants if not p.email} | {fold(t.speaker.name) for t in interaction.turns if t.speaker}
    found = [known.contact_names[name] for name in names if name in known.contact_names]
    if not found:
        return set()
    return set.intersection(*found) or set.union(*found)


def _two(accounts: Iterable[str], known: Directory, why: str) -> Undecided:
    names = tuple(sorted(known.name_of(a) for a in accounts))
    return Undecided("two_accounts", f"{why} ({', '.join(names)}); import it by itself with --account NAME", names)
