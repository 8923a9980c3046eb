"""Ingestion as one run: read what changed, decide whose it is and who spoke, put it into the archive, bring the indexes up to date.

Running it again changes nothing; an edited file replaces what it said before; what cannot be placed is held, what cannot be read
is set aside, and both are tried again on the next run.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from ingest.archive.archive import Archive
from ingest.archive.errors import UnknownAccount
from ingest.archive.identifiers import interaction_id
from ingest.archive.rows import Held, StoredDeal, StoredPerson
from ingest.archive.scope import EVERYTHING
from ingest.domains import FREE_MAIL, Domains, common_domain, registrable
from ingest.index.projection import bring_up_to_date
from ingest.people import Known, completed, side_in
from ingest.reading import Group, read, survey
from ingest.records import Call, Document, Email, Failure, Interaction, Note, Participant, Reading, Record, Side
from ingest.routing import Directory, Routed, Undecided, by_folder, cut, fold, route
from ingest.wiring import Home

CRM = frozenset({"salesforce", "hubspot"})
"""Formats that say who the accounts, contacts, users and deals are."""

Places = Mapping[int, Routed | Undecided]
"""Where interactions go, by their identity in memory."""
_Rank = tuple[bool, datetime, str]
"""Of the copies of one document the lowest tells its date: one that came by mail, the earliest mail."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_LAST = "\U0010ffff"
"""Sorts behind every file name: a copy that is read again wins over its archived self."""

Progress = Callable[[str, int, int], None]
"""(stage, done, total): stages are reading, filing and embedding."""

OURS = "our_domains"
PARTNERS = "partner_domains"
APPLIED = "applied_domains"
"""Settings of the archive: our and partners' domains as given, and those by which people have their sides now."""


class NothingToRead(Exception):
    """The folders given hold no files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__(f"There are no files in {', '.join(map(str, paths))}; give the folder that holds the exports.")


@dataclass(frozen=True, slots=True)
class AccountTally:
    name: str
    kinds: Mapping[str, int]
    new: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class Tally:
    """What one run did; interactions are counted, not files."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    held: list[Held] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    embedded: int = 0
    """Passages embedded in this run."""
    degraded: tuple[str, ...] = ()
    accounts: list[AccountTally] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.held and not self.failed


def sync(
    home: Home,
    paths: Sequence[Path],
    *,
    account: str | None = None,
    our_domains: Iterable[str] = (),
    partner_domains: Iterable[str] = (),
    progress: Progress = lambda stage, done, total: None,
) -> Tally:
    """Brings everything under `paths` into the archive of an open, writable home.

    `account` names the account, made if need be, for what does not say itself whose it is; our and partners' domains are
    remembered. Raises `NothingThere` for a path that does not exist, `NothingToRead` where there are no files, and
    `AmbiguousAccount` for an `account` that fits several; then nothing has been changed.
    """
    started = monotonic()
    found = survey(paths)
    if not found.groups and not found.failures:
        raise NothingToRead(paths)
    given = _given(home.archive, account)
    _remember(home.archive, OURS, our_domains)
    _remember(home.archive, PARTNERS, partner_domains)
    run = _Run(home, given, progress)
    run_id = home.archive.start_run(datetime.now(UTC))
    run.crm([g for g in found.groups if g.format in CRM])
    run.everything_else(found.groups)
    tally = run.finish(found.failures)
    tally.embedded, tally.degraded = bring_up_to_date(home, lambda done, total: progress("embedding", done, total))
    counts = {"new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged, "removed": tally.removed}
    home.archive.finish_run(run_id, datetime.now(UTC), **counts, held=len(tally.held), failed=len(tally.failed))
    tally.seconds = round(monotonic() - started, 2)
    return tally


def settle(home: Home) -> Domains:
    """Whose domains are whose today: what was set or given counts alone; else the domains of the CRM's users and owners, else the
    one domain that every account's interactions share."""
    archive, settings = home.archive, home.settings
    partners = _plain_domains(settings.partner_domains) | frozenset(archive.setting(PARTNERS) or ())
    if ours := _plain_domains(settings.our_domains):
        return Domains(ours, partners, dict.fromkeys(ours, "set in baton.toml or the environment"))
    if given := frozenset(archive.setting(OURS) or ()):
        return Domains(given, partners, dict.fromkeys(given, "given with --our-domain"))
    users = {registrable(p.email) for p in archive.people(EVERYTHING) if any(link.type == "user" for link in p.links)}
    if users := users - FREE_MAIL - {""} - partners:
        return Domains(frozenset(users), partners, dict.fromkeys(users, "domain of the CRM's users and owners"))
    domain = common_domain((i.source.account_id, _domains(i.participants)) for i in archive.interactions(EVERYTHING))
    return Domains(frozenset({domain} - {""}), partners, {domain: "the one domain all accounts share"} if domain else {})


def reside(archive: Archive, domains: Domains) -> int:
    """Gives every known person the side that today's domains say; returns how many changed. Nothing is embedded again.

    What a source says of somebody's side stays where no domain decides; what yesterday's domains said is forgotten.
    """
    theirs = {a.id: frozenset(map(registrable, a.domains)) for a in archive.accounts(EVERYTHING)}
    anyones = frozenset().union(*theirs.values())
    before = frozenset(archive.setting(APPLIED) or ())
    sides = {}
    for person in archive.people(EVERYTHING):
        domain = registrable(person.email)
        listed = replace(_listed(person), side="unknown") if domain in before and not person.links else _listed(person)
        sides[person.id] = side_in(theirs.get(person.account_id or "", anyones), domains, listed, domain)
    with archive.transaction():
        _remember(archive, APPLIED, domains.ours | domains.partners)
        return archive.set_sides(sides)


@dataclass(frozen=True, slots=True)
class _Read:
    """One group that was read in this run."""

    group: Group
    reading: Reading


class _Run:
    """One run over an open home: CRM first, then everything else, then what is left over."""

    def __init__(self, home: Home, given: str | None, progress: Progress) -> None:
        self.archive, self.home, self.given, self.progress = home.archive, home, given, progress
        self.before = {i.key: i for i in home.archive.inputs()}
        self.readings: list[_Read] = []
        self.skipped: list[Group] = []
        """Groups that have not changed, and would be understood as before."""
        self.status: dict[str, str] = {}
        """What became of each interaction of this run, by id."""
        self.removed: set[str] = set()
        self.held: list[Held] = []
        self.failed: list[Failure] = []

    def crm(self, groups: Sequence[Group]) -> None:
        """Accounts, contacts, users and deals: everything else is placed by them."""
        self._read([g for g in groups if g.key not in self.before or self.before[g.key].digest.split()[0] != g.digest])
        with self.archive.transaction():
            for read_now in self.readings:
                self._put_crm(read_now.reading)
        self._know()

    def everything_else(self, groups: Sequence[Group]) -> None:
        """What changed, was held, or was read while the CRM or the domains said something else."""
        for _ in range(2):  # a domain that all accounts share shows only once they are filed
            done = {read_now.group.key for read_now in self.readings}
            self._read([g for g in groups if g.key not in done and not self._is_settled(g)])
            if self.readings:
                self._file()
            if settle(self.home) == self.domains:
                break
            self._know()
        done = {read_now.group.key for read_now in self.readings}
        self.skipped = [g for g in groups if g.key not in done]
        reside(self.archive, self.domains)

    def finish(self, failures: Iterable[Failure]) -> Tally:
        """Notes what could not be read and counts the run."""
        said_before = [Failure(**f) for g in self.skipped for f in self.before[g.key].outcome["failed"]]
        with self.archive.transaction():
            for group in self.skipped if self.archive.failed() else ():
                for file in group.files:
                    self.archive.clear_failed(file.name)
            for failure in failures:
                self.archive.clear_failed(failure.file)
            for failure in (*said_before, *failures):
                self.archive.put_failed(failure)
                self.failed.append(failure)
        origins = self.archive.every_origin()
        unchanged = {id: "unchanged" for group in self.skipped for id in origins.get(group.key, ())}
        status = unchanged | self.status
        counts = Counter(status.values())
        return Tally(
            new=counts["new"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            removed=len(self.removed),
            held=self.held,
            failed=self.failed,
            accounts=self._accounts(status),
        )

    def _accounts(self, status: Mapping[str, str]) -> list[AccountTally]:
        names = {a.id: a.name for a in self.archive.accounts(EVERYTHING)}
        kinds: dict[str, Counter[str]] = {}
        outcomes: dict[str, Counter[str]] = {}
        for source in self.archive.sources(EVERYTHING):
            kinds.setdefault(source.account_id, Counter())[source.kind] += 1
            if source.id in status:
                outcomes.setdefault(source.account_id, Counter())[status[source.id]] += 1
        return [
            AccountTally(names[id], kinds[id], c["new"], c["changed"], c["unchanged"])
            for id, c in sorted(outcomes.items(), key=lambda item: names[item[0]])
        ]

    def _know(self) -> None:
        """Takes in what the CRM and the settings say now; whoever yesterday's domains put on a side leaves it."""
        self.domains = settle(self.home)
        reside(self.archive, self.domains)
        self.fingerprint = _fingerprint(self.archive, self.domains)

    def _digest(self, group: Group) -> str:
        return f"{group.digest} {self.fingerprint}"

    def _is_settled(self, group: Group) -> bool:
        known = self.before.get(group.key)
        return known is not None and known.digest == self._digest(group) and not known.outcome["held"]

    def _read(self, groups: Sequence[Group]) -> None:
        for done, group in enumerate(groups, 1):
            self.readings.append(_Read(group, read(group)))
            self.progress("reading", done, len(groups))

    def _put_crm(self, reading: Reading) -> None:
        for account in reading.accounts:
            self.archive.put_account(account.name, account.domains, account.links)
        accounts = {cut(link): a.id for a in self.archive.accounts(EVERYTHING) for link in a.links}
        for person in reading.people:
            owner = accounts.get(cut(person.account)) if person.account else None
            side = "seller" if person.ours else "buyer" if owner else person.participant.side
            self.archive.put_person(person.participant, side, owner, person.links)
        for deal in reading.deals:
            if (owner := accounts.get(cut(deal.account))) is not None:
                self.archive.put_deal(owner, deal)

    def _put_named(self, reading: Reading) -> None:
        """Accounts that a neutral file names in words exist by being named."""
        known = {fold(a.name) for a in self.archive.accounts(EVERYTHING)}
        named = {link.id for i in reading.interactions for link in i.links if (link.system, link.type) == ("name", "account")}
        for name in sorted(named):
            if fold(name) not in known:
                self.archive.put_account(name)

    def _file(self) -> None:
        """Places every interaction read in this run and puts it into the archive, a transaction a group."""
        with self.archive.transaction():
            for read_now in self.readings:
                self._put_named(read_now.reading)
        places = self._places()
        self.held = []
        failed = [f for r in self.readings for f in r.reading.failures]
        first = self._first_copies(places)
        filer = _Filer(self.archive, self.domains, self._mails(places))
        for done, read_now in enumerate(self.readings, 1):
            with self.archive.transaction():
                self._put_group(read_now, places, first, filer)
            self.progress("filing", done, len(self.readings))
        self.failed = [f for f in self.failed if f not in failed] + failed

    def _put_group(self, read_now: _Read, places: Places, first: Mapping[str, _Rank], filer: _Filer) -> None:
        group, reading = read_now.group, read_now.reading
        for file in group.files:
            self.archive.clear_held(file.name)
            self.archive.clear_failed(file.name)
        held, given = [], []
        for interaction in reading.interactions:
            place = places[id(interaction)]
            if isinstance(place, Undecided):
                held.append(Held(interaction.file, place.reason, place.hint, place.candidates))
                self.archive.put_held(held[-1])
                continue
            source_id = interaction_id(place.account_id, interaction.source, interaction.external_id)
            given.append(source_id)
            if isinstance(interaction, Document) and _rank(interaction) > first[source_id] and source_id in filer.documents:
                self.status.setdefault(source_id, "unchanged")
                continue
            status = filer.put(interaction, place.account_id)
            filer.documents.add(source_id)
            if self.status.get(source_id) in (None, "unchanged"):
                self.status[source_id] = status
        for failure in reading.failures:
            self.archive.put_failed(failure)
        outcome = {"held": len(held), "failed": [_plain(f) for f in reading.failures]}
        for lost in self.archive.put_input(group.key, group.format, self._digest(group), outcome, given):
            self.archive.remove_interaction(lost)
            if self.status.pop(lost, "") != "new":
                self.removed.add(lost)
        self.removed -= set(given)
        self.held += held

    def _places(self) -> Places:
        """Where each interaction goes, by its identity in memory: rules that need other mails or folders run until nothing moves."""
        known = _directory(self.archive, self.domains)
        every = [(i, r.group) for r in self.readings for i in r.reading.interactions]
        placed: dict[int, Routed | Undecided] = {}
        folders = _folders(self.archive)
        for neighbours in (False, True):  # by what it says itself and its thread; then by its folder too
            moved = True
            while moved:
                moved = False
                for interaction, group in every:
                    if isinstance(placed.get(id(interaction)), Routed):
                        continue
                    place = route(interaction, known, self.given)
                    if neighbours and isinstance(place, Undecided) and place.reason == "no_account":
                        place = by_folder(interaction, _above(group), folders, known)
                    if isinstance(place, Routed):
                        _note(known, interaction, place.account_id)
                        _fill(folders, group.key, group.format, place.account_id)
                        moved = True
                    placed[id(interaction)] = place
        return placed

    def _placed(self, places: Places) -> Iterator[tuple[Interaction, str]]:
        """What has an account, with it."""
        for interaction in (i for r in self.readings for i in r.reading.interactions):
            if isinstance(place := places[id(interaction)], Routed):
                yield interaction, place.account_id

    def _first_copies(self, places: Places) -> dict[str, _Rank]:
        """The rank of the copy that tells a document's date and place, by the document's id, of those read now and those archived."""
        found: dict[str, _Rank] = {}
        for source in self.archive.sources(EVERYTHING, frozenset({"doc"})):
            found[source.id] = (not source.detail.get("attached_to"), source.occurred_at or _NEVER, _LAST)
        for interaction, account_id in self._placed(places):
            if isinstance(interaction, Document):
                source_id = interaction_id(account_id, interaction.source, interaction.external_id)
                found[source_id] = min(found.get(source_id, _rank(interaction)), _rank(interaction))
        return found

    def _mails(self, places: Places) -> dict[tuple[str, str], Email]:
        """The mails of this run by account and Message-ID."""
        return {(a, m.external_id): m for m, a in self._placed(places) if isinstance(m, Email)}


class _Filer:
    """Puts interactions into the archive with the people who speak in them."""

    def __init__(self, archive: Archive, domains: Domains, mails: Mapping[tuple[str, str], Email]) -> None:
        self.archive, self.domains, self.mails = archive, domains, mails
        self.theirs = {a.id: frozenset(map(registrable, a.domains)) for a in archive.accounts(EVERYTHING)}
        self.deals: dict[str, list[StoredDeal]] = {}
        for deal in archive.deals(EVERYTHING):
            self.deals.setdefault(deal.account_id, []).append(deal)
        self.documents = {source.id for source in archive.sources(EVERYTHING, frozenset({"doc"}))}
        """Documents that are archived: a lesser copy of one is passed over."""
        everybody = archive.people(EVERYTHING)
        self.known = {
            account: Known(tuple(p for p in everybody if p.account_id == account or (p.account_id is None and p.links)))
            for account in self.theirs
        }

    def put(self, interaction: Interaction, account_id: str) -> str:
        """What became of it: new, changed or unchanged."""
        if isinstance(interaction, Email) and "forwarded" in interaction.meta:
            interaction = self._without_repeats(interaction, account_id)
        people: dict[Participant, str] = {}
        sides: set[str] = set()
        speakers = [t.speaker for t in interaction.turns if t.speaker]
        for participant in dict.fromkeys((*interaction.participants, *speakers)):
            whole = completed(participant, interaction.participants, self.known[account_id])
            domain = registrable(whole.email)
            side = side_in(self.theirs[account_id], self.domains, whole, domain)
            owner = account_id if side == "buyer" or not whole.email else None
            people[participant] = self.archive.put_person(whole, side, owner)
            sides.add(side)
        record = replace(interaction, internal=_internal(interaction, sides))
        return self.archive.put_interaction(
            account_id,
            self._deal(record, account_id),
            record,
            [people[t.speaker] if t.speaker else None for t in record.turns],
            [people[p] for p in record.participants],
        )

    def _without_repeats(self, mail: Email, account_id: str) -> Email:
        """A forward whose original is here: what it repeats is quoted, for the same words twice are not two witnesses."""
        said = {" ".join(text.split()) for m in (mail.in_reply_to, *mail.references) for text in self._said(account_id, m)}
        first = next((n for n, turn in enumerate(mail.turns) if turn.text in mail.meta["forwarded"]), len(mail.turns))
        turns = [
            replace(turn, role="quoted")
            if n > first and turn.role == "said" and any(" ".join(turn.text.split()) in words for words in said)
            else turn
            for n, turn in enumerate(mail.turns)
        ]
        return replace(mail, turns=tuple(turns))

    def _said(self, account_id: str, message_id: str) -> list[str]:
        """The new words of a mail of this run or of the archive; none if it is nowhere."""
        if mail := self.mails.get((account_id, message_id)):
            return [turn.text for turn in mail.turns if turn.role == "said"]
        archived = self.archive.interactions(EVERYTHING.only(account_id), [interaction_id(account_id, "mail", message_id)])
        return [m.text[turn.span.start : turn.span.end] for m in archived for turn in m.turns if turn.role == "said"]

    def _deal(self, interaction: Interaction, account_id: str) -> str | None:
        """The deal it is linked to, else the account's only one, else the only one open at the time; None where that is unclear."""
        deals = self.deals.get(account_id, [])
        links = {cut(link) for link in interaction.links}
        linked = [d for d in deals if links & {cut(link) for link in d.links}]
        if linked or len(deals) == 1:
            return (linked or deals)[0].id
        on = interaction.occurred_at.date().isoformat() if interaction.occurred_at else ""
        live = [d for d in deals if on and d.opened_on <= on <= (d.closed_on if d.closed else "9999")]
        return live[0].id if len(live) == 1 else None


def _internal(interaction: Interaction, sides: set[str]) -> bool:
    """CRM notes and records are ours alone; a call or mail is where only our own people took part."""
    if isinstance(interaction, Note | Record):
        return True
    return interaction.internal or (isinstance(interaction, Call | Email) and sides == {"seller"})


def _directory(archive: Archive, domains: Domains) -> Directory:
    known = Directory(domains)
    for account in archive.accounts(EVERYTHING):
        known.add_account(account)
    for deal in archive.deals(EVERYTHING):
        for link in deal.links:
            known.by_link[cut(link)] = deal.account_id
    for person in archive.people(EVERYTHING):
        if any(link.type == "contact" for link in person.links):
            known.add_contact(person, person.links)
    for source in archive.sources(EVERYTHING, frozenset({"email"})):
        for name in (source.external_id, *source.aliases):
            known.by_message[name] = source.account_id
    return known


def _note(known: Directory, interaction: Interaction, account_id: str) -> None:
    if isinstance(interaction, Email):
        for name in (interaction.external_id, *interaction.aliases):
            known.by_message[name] = account_id


def _folders(archive: Archive) -> dict[Path, frozenset[str]]:
    """The accounts of what lies below each folder of the disk."""
    folders: dict[Path, frozenset[str]] = {}
    owner = {source.id: source.account_id for source in archive.sources(EVERYTHING)}
    origins = archive.every_origin()
    for known in archive.inputs():
        for account_id in {owner[id] for id in origins.get(known.key, ()) if id in owner}:
            _fill(folders, known.key, known.format, account_id)
    return folders


def _fill(folders: dict[Path, frozenset[str]], key: str, format: str, account_id: str) -> None:
    """`key` is a group's: the path of its file, or of its folder with the format behind it."""
    folder = key.removesuffix(f"#{format}")
    for place in (*([Path(folder)] if folder != key else ()), *Path(folder).parents):
        folders[place] = folders.get(place, frozenset()) | {account_id}


def _above(group: Group) -> Sequence[Path]:
    """The folders a group's files lie in, the nearest first, up to the one that is imported."""
    first = group.files[0]
    return first.path.parents[: first.name.count("/") + 1]


def _given(archive: Archive, account: str | None) -> str | None:
    if account is None:
        return None
    try:
        return archive.account(EVERYTHING, account).id
    except UnknownAccount:
        return archive.put_account(account)


def _remember(archive: Archive, name: str, domains: Iterable[str]) -> None:
    """What is given replaces what was remembered."""
    given = sorted(_plain_domains(domains))
    if given and given != archive.setting(name):
        archive.put_setting(name, given)


def _domains(participants: Iterable[StoredPerson]) -> frozenset[str]:
    return frozenset(d for p in participants if (d := registrable(p.email)) and d not in FREE_MAIL)


def _fingerprint(archive: Archive, domains: Domains) -> str:
    """Changes when our domains or the CRM do: whose things are, who spoke, and of which deal, has to be decided again."""
    accounts = [(a.id, a.domains, a.links) for a in archive.accounts(EVERYTHING) if a.links]
    people = [(p.id, p.account_id, p.links) for p in archive.people(EVERYTHING) if p.links]
    deals = [(d.id, d.links, d.opened_on, d.closed, d.closed_on) for d in archive.deals(EVERYTHING)]
    whose = repr((sorted(domains.ours), sorted(domains.partners), sorted(accounts), sorted(people), sorted(deals)))
    return hashlib.sha256(whose.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _listed(person: StoredPerson) -> Participant:
    """As the CRM lists them, else as a source has put them."""
    kinds = {link.type for link in person.links}
    side: Side = "seller" if "user" in kinds else "buyer" if "contact" in kinds else person.side
    return Participant(person.name, person.email, side=side)


def _plain_domains(domains: Iterable[str]) -> frozenset[str]:
    """As they are compared: `@Mail.Cartage.example` is `cartage.example`."""
    return frozenset(map(registrable, domains)) - {""}


def _rank(document: Document) -> _Rank:
    return not document.attached_to, document.occurred_at or _NEVER, document.file


def _plain(failure: Failure) -> dict[str, object]:
    return {"file": failure.file, "reason": failure.reason, "detail": failure.detail, "line": failure.line}
