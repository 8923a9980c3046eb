"""Which account an interaction belongs to, or why it has to wait for a person.

The rules, strongest first: a CRM id, account name or channel topic the source gives; the address of a CRM contact, and the domain
of a customer, of the longest domain that is listed; the mail that carried an attachment; the thread a mail answers; the names of a
call's participants; and for what names no outsider at all (a loose contract, a mail among ourselves) the folder it lies in, where
everything there belongs to one account. Who wrote what a mail forwards or quotes counts as much as who sent it on.

Two accounts that fit mean that it is held, and so does a rule that contradicts the people who are in it: a word in the wrong account
is worse than a word that waits. What only a mail's headers say (the thread it claims to answer) places nothing an unknown outsider
wrote, and a domain that merely looks like one we know holds everything it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.archive.rows import Alias, StoredAccount, StoredPerson
from ingest.domains import EVERYBODYS, FREE_MAIL, Domains, above, host, registrable, shown
from ingest.lookalikes import lookalike
from ingest.records import Call, Document, Email, Interaction, Link
from ingest.sources import crm_links


@dataclass(frozen=True, slots=True)
class Routed:
    account_id: str
    by: str
    """The rule that decided: link, contact, domain, attachment, thread, names, folder, given."""


@dataclass(frozen=True, slots=True)
class Undecided:
    reason: str
    """no_account, two_accounts, other_account or lookalike; dismissed or deleted_account where a person wants it left out."""
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
    """Listed domain → account ids, and the registrable one of a listed host, where nobody lists that itself."""
    listed: set[str] = field(default_factory=set)
    """The domains that accounts list, as hosts."""
    by_contact: dict[str, set[str]] = field(default_factory=dict)
    """Contact's address → account ids."""
    contact_names: dict[str, set[str]] = field(default_factory=dict)
    """Contact's full name, folded → account ids."""
    folders: dict[Path, str] = field(default_factory=dict)
    """Folders that a person said belong to an account."""
    by_message: dict[str, set[str]] = field(default_factory=dict)
    """Message-ID or other external id → account ids, for threads and attachments; two accounts may claim one, whoever chose it."""

    def add_account(self, account: StoredAccount) -> None:
        self.accounts[account.id] = account
        self.by_name[fold(account.name)] = account.id
        for name in account.also:
            self.by_name.setdefault(fold(name), account.id)
        for link in account.links:
            self.by_link[cut(link)] = account.id
        for listed in {host(domain) for domain in account.domains} - {""}:
            self.listed.add(listed)
            for domain in {listed, registrable(listed)} - {""}:
                if domain in EVERYBODYS and (domain in FREE_MAIL or domain.partition(".")[0] not in fold(account.name)):
                    continue  # a page on LinkedIn is a company's website only where the company is LinkedIn
                self.by_domain.setdefault(domain, set()).add(account.id)

    def add_alias(self, alias: Alias) -> None:
        """What a person taught; the domains and names among it come with their account, the contacts with the people."""
        match alias.kind:
            case "person":
                self.contact_names.setdefault(fold(alias.value), set()).add(alias.account_id)
            case "channel":
                self.by_link[Link("slack", "channel", alias.value)] = alias.account_id
            case "folder":
                self.folders[Path(alias.value)] = alias.account_id

    def add_contact(self, person: StoredPerson, links: Iterable[Link] = ()) -> None:
        """Partners' people and our own, whom a CRM may list under a customer too, never decide whose something is."""
        if person.account_id is None or self.domains.side_of(person.email) in ("seller", "partner"):
            return
        accounts = {person.account_id, *person.also}
        if person.email:
            self.by_contact.setdefault(person.email.lower(), set()).update(accounts)
        self.contact_names.setdefault(fold(person.name), set()).update(accounts)
        for link in links if len(accounts) == 1 else ():
            self.by_link[cut(link)] = person.account_id

    def of_domain(self, address_or_host: str) -> set[str]:
        """The accounts of the longest listed domain that it is or lies under; a subsidiary's own domain outweighs its parent's."""
        return next((self._own(domain) for domain in above(host(address_or_host)) if domain in self.by_domain), set())

    def _own(self, domain: str) -> set[str]:
        """Who lists it, or where nobody does, who lists a host below it."""
        return {a for a in self.by_domain[domain] if domain not in self.listed or domain in map(host, self.accounts[a].domains)}

    def known_domains(self) -> set[str]:
        """All that a domain could be mistaken for."""
        return {domain for domain in (*self.by_domain, *self.domains.ours, *self.domains.partners) if domain not in EVERYBODYS}

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
    if _outside(interaction, known):
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
    if pretended := _false_domain(interaction, known):
        return pretended
    linked, addressed = _linked(interaction, known), _addressed(interaction, known)
    threaded = _threaded(interaction, known)
    if len(linked) == 1 and addressed and not linked & addressed:
        return _two(linked | addressed, known, "its CRM record and its people are of different accounts")
    if not linked and len(addressed) == 1 and threaded - addressed:
        return _two(threaded | addressed, known, "its thread and its people are of different accounts")
    if threaded and not linked and not addressed and _outside(interaction, known):
        names = tuple(sorted(map(known.name_of, threaded)))
        return Undecided(
            "no_account",
            f"it answers a mail of {' and '.join(names)}, but nobody in it is known there; name one with --account NAME",
            names,
        )
    rules = (
        ("CRM link", linked),
        ("contact", addressed),
        ("attachment", _carried(interaction, known)),
        ("thread", threaded),
        ("names", _named(interaction, known)),
    )
    for by, accounts in rules:
        if len(accounts) == 1:
            return Routed(next(iter(accounts)), by)
        if accounts:
            return _two(accounts, known, f"more than one account fits by {by}")
    return Undecided("no_account", "no account fits; name one with --account NAME")


def _false_domain(interaction: Interaction, known: Directory) -> Undecided | None:
    """Somebody writes from a domain that can be taken for one we know. A contact of the CRM is known, wherever they write from."""
    strange = {a for a in _outside(interaction, known) - known.by_contact.keys() if not known.of_domain(a)}
    for domain in sorted({registrable(a) for a in strange} - EVERYBODYS - {""}):
        if true := lookalike(domain, known.known_domains()):
            names = tuple(sorted(map(known.name_of, known.of_domain(true))))
            looks = f"{shown(domain)} ({domain})" if shown(domain) != domain else domain
            return Undecided("lookalike", f"{looks} only looks like {shown(true)}; see who wrote it, then name an account", names)
    return None


def _linked(interaction: Interaction, known: Directory) -> set[str]:
    """By what the source says it belongs to; of a mail among ourselves, by the CRM record that somebody names in it."""
    named: tuple[Link, ...] = ()
    if isinstance(interaction, Email) and not _outside(interaction, known):
        named = crm_links.mentioned("\n".join((interaction.title, *(turn.text for turn in interaction.turns if turn.role == "said"))))
    names = {known.by_name[fold(link.id)] for link in interaction.links if link.system == "name" and fold(link.id) in known.by_name}
    return names | linked((*interaction.links, *named), known)


def linked(links: Iterable[Link], known: Directory) -> set[str]:
    """The accounts of these records and domains."""
    links = tuple(links)
    records = {known.by_link[cut(link)] for link in links if cut(link) in known.by_link}
    return records | {a for link in links if link.system == "domain" for a in known.of_domain(link.id)}


def addresses(interaction: Interaction) -> set[str]:
    """Everybody's who takes part, and whose words it forwards or quotes."""
    speakers = (turn.speaker.email for turn in interaction.turns if turn.speaker)
    return {email.lower() for email in (*(p.email for p in interaction.participants), *speakers) if email}


def _outside(interaction: Interaction, known: Directory) -> set[str]:
    """The addresses that are neither ours nor a partner's, nor a notetaker's."""
    return {
        address
        for address in addresses(interaction)
        if known.domains.side_of(address) not in ("seller", "partner")
        and (registrable(address) not in EVERYBODYS - FREE_MAIL or known.of_domain(address))
    }


def _addressed(interaction: Interaction, known: Directory) -> set[str]:
    """Contacts' own addresses count before domains, so that one consultant's domain does not outvote the CRM."""
    outside = _outside(interaction, known)
    contacts = [known.by_contact[a] for a in outside if a in known.by_contact]
    domains = [accounts for a in outside - set(known.by_contact) if (accounts := known.of_domain(a))]
    found = contacts + domains
    if not found:
        return set()
    return set.intersection(*found) or set.union(*found)


def _carried(interaction: Interaction, known: Directory) -> set[str]:
    if not isinstance(interaction, Document) or interaction.attached_to not in known.by_message:
        return set()
    return known.by_message[interaction.attached_to]


def _threaded(interaction: Interaction, known: Directory) -> set[str]:
    if not isinstance(interaction, Email):
        return set()
    answered = (interaction.in_reply_to, *interaction.references)
    return set().union(*(known.by_message[m] for m in answered if m in known.by_message))


def _named(interaction: Interaction, known: Directory) -> set[str]:
    """Recorders often give no addresses of guests: the names of contacts decide where they agree. One of ours who is called like a
    customer's contact elsewhere is still one of ours."""
    if not isinstance(interaction, Call):
        return set()
    there = [*interaction.participants, *(turn.speaker for turn in interaction.turns if turn.speaker)]
    ours = {fold(p.name) for p in there if p.email and known.domains.side_of(p.email) in ("seller", "partner")}
    names = {fold(p.name) for p in interaction.participants if not p.email} | {fold(t.speaker.name) for t in interaction.turns if t.speaker}
    names -= ours
    found = [known.contact_names[name] for name in names if name in known.contact_names]
    if not found:
        return set()
    return set.intersection(*found) or set.union(*found)


def _two(accounts: Iterable[str], known: Directory, why: str) -> Undecided:
    names = tuple(sorted(known.name_of(a) for a in accounts))
    return Undecided("two_accounts", f"{why} ({', '.join(names)}); import it by itself with --account NAME", names)
