"""One run over an open home: what changed is read, placed and filed, and what is gone is taken out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.archive.archive import Archive
from ingest.archive.rows import Held
from ingest.archive.scope import EVERYTHING
from ingest.archive.storable import storable
from ingest.copies import Worth, richest, worth
from ingest.deletions import Deletions
from ingest.domains import Domains
from ingest.erased import Guard
from ingest.failpoints import past
from ingest.filing import Filer, recognised_now
from ingest.opened import Home
from ingest.outcomes import Became, Item, Removed, State, left_out
from ingest.outcomes import Run as Over
from ingest.placing import Places, places
from ingest.placing import held as described
from ingest.reading import Attempt, Group, Survey, is_readable_now, read_all
from ingest.records import Call, Chat, CrmAccount, CrmPerson, Email, Failure, Interaction, Note, Reading
from ingest.routing import Routed, Undecided, cut, fold
from ingest.sides import reside, settle
from ingest.sides_said import place_by_words
from ingest.tally import Tally, account_tallies, each_once, members, no_longer_told
from ingest.workers import Workers

CRM = frozenset({"salesforce", "hubspot", "pipedrive"})
"""Formats that say who the accounts, contacts, users and deals are."""

Progress = Callable[[str, int, int], None]
"""(stage, done, total): stages are reading, filing and embedding."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One group that was read in this run."""

    group: Group
    reading: Reading
    """Without what was erased here."""
    spoke: bool
    """Whether the files hold an interaction that is to be taken in, or that was erased here."""
    left_out: tuple[Item, ...]
    """What of it is not taken in, whoever's it is."""
    shut_out: frozenset[str] = frozenset()
    """Files with an account or a person that was erased here."""


@dataclass(frozen=True, slots=True)
class _Best:
    """The richest of the copies that inputs give of one interaction."""

    worth: Worth
    interaction: Interaction | None
    """None where an input gave it that has not been read in this run: then it is archived."""


class Run:
    """One run over an open home: CRM first, then everything else, then what is left over."""

    def __init__(
        self, home: Home, given: str | None, guard: Guard, zone: ZoneInfo, workers: Workers[Attempt, Reading], progress: Progress
    ) -> None:
        self.archive, self.home, self.given, self.guard, self.progress = home.archive, home, given, guard, progress
        self.domains = Domains()
        self.deletions = Deletions(home.archive)
        self.zone, self.workers = zone, workers
        self.before = {i.key: i for i in home.archive.inputs()}
        self.readings: list[_Read] = []
        self.read: set[str] = set()
        """The keys of their groups."""
        self.skipped: list[Group] = []
        """Groups that have not changed, and would be understood as before."""
        self.status: dict[str, State] = {}
        """What became of each interaction of this run, by id."""
        self.alternates = home.archive.alternates()
        """Of the interactions that were there before, which told the same as which."""
        self.removed: dict[str, Removed] = {}
        self.gone: list[str] = []
        """Keys of inputs that lay there at an earlier run."""
        self.became: dict[str, Became] = {}
        """By key, of every group that was read."""
        self.rewritten: set[str] = set()
        """Files of which something was taken in without the words of somebody who was erased here."""

    def crm(self, groups: Sequence[Group], *, anew: bool = False) -> None:
        """Accounts, contacts, users and deals: everything else is placed by them. `anew` where they are to be read, changed or not."""
        self._read([g for g in groups if anew or g.key not in self.before or self.before[g.key].digest.split()[0] != g.digest])
        with self.archive.transaction():
            for read_now in self.readings:
                self._put_crm(read_now.group.key, read_now.reading)
            past("putting crm")
        past("crm put")
        self._know()

    def everything_else(self, groups: Sequence[Group]) -> None:
        """What changed, was held, or was read while the CRM or the domains said something else."""
        for _ in range(2):  # a domain that all accounts share shows only once they are filed
            overdue = self.archive.overdue()
            self._read([g for g in groups if not self._is_read(g) and (g.key in overdue or not self._is_settled(g))])
            if not self.readings:
                break
            self._file()
            if settle(self.home) == self.domains:
                break
            self._know()
        if named_since := self._inputs_of(recognised_now(self.archive)):  # and whose a name is, once somebody has an address
            self._read([g for g in groups if not self._is_read(g) and g.key in named_since])
            self._file(named_since)
            self.archive.forget_names()
        if self.readings:
            reside(self.archive, self.domains)
            place_by_words(self.archive, self.domains)

    def forget_gone(self, folders: Sequence[Path], found: AbstractSet[str]) -> None:
        """What lay in the folders at an earlier run and is gone from the disk says nothing any longer; put back, it is there again."""
        formats = {key: known.format for key, known in self.before.items()}
        still_there = {Path(path).parent for path in found}
        for key in sorted((formats.keys() | self.archive.set_aside_origins()) - found):
            place = Path(key.removesuffix(f"#{formats.get(key, '')}"))
            whole_folder = str(place) != key
            if not any(place.is_relative_to(folder) for folder in folders) or (place.exists() and not whole_folder):
                continue
            if whole_folder and place in still_there:
                continue  # its files are there and cannot be read now: what they said before stays
            with self.archive.transaction():
                self.archive.set_aside(key)
                self.archive.put_roles(key, {})
                for lost in self.archive.forget_input(key):
                    self.archive.remove_interaction(lost)
                    self.removed[lost] = Removed("file_gone", key)
                past("forgetting")
            self.gone.append(key)

    def hand_over(self, groups: Sequence[Group]) -> None:
        """Where the richest copy of something is gone, the next one takes its place: of the same id, and of the same thing."""
        if overdue := self.archive.overdue() & {g.key for g in groups}:
            self._read([g for g in groups if g.key in overdue and not self._is_read(g)])
            self._file()
        self.skipped = [g for g in groups if not self._is_read(g)]
        self.archive.settle_alternates()
        past("settled")

    def take_out_deleted(self) -> None:
        """What a source says it deleted, in this import or an earlier one, whatever folder it was read from."""
        for id in self.deletions.take_out():
            if self.status.pop(id, "") != "new":
                self.removed[id] = Removed("deleted_at_source")

    def finish(self, failures: Mapping[str, Failure]) -> Tally:
        """Notes what could not be read, by the path of its file, and counts the run."""
        held = [each for became in self.became.values() for each in became.held]
        failed = [each for became in self.became.values() for each in became.failed]
        notices = [each for became in self.became.values() for each in became.notices]
        with self.archive.transaction():
            noted = self.archive.set_aside_origins()
            for group in self.skipped:
                outcome = self.before[group.key].outcome
                said_before = [Failure(**f) for f in outcome["failed"]]
                if said_before or not noted.isdisjoint(map(storable, (group.key, *(str(file.path) for file in group.files)))):
                    self._set_aside(group, None, said_before)
                failed += said_before
                notices += [Failure(**f) for f in outcome["notices"]]
            for path, failure in failures.items():
                self.archive.set_aside(path, (), [failure])
                failed.append(failure)
        origins, hidden = self.archive.every_origin(), self.archive.removed_ids()
        unchanged: dict[str, State] = {id: "unchanged" for group in self.skipped for id in origins.get(group.key, frozenset()) - hidden}
        self.things = each_once(unchanged | self.status, self.alternates, self.archive.alternates())
        skipped = {group.key for group in self.skipped}
        self.left_out_before = [each for each in self.archive.held(dismissed=True) if each.origin in skipped]
        counts = Counter(self.things.values())
        return Tally(
            new=counts["new"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            removed=len(no_longer_told(self.removed, self.alternates)),
            held=[each for each in held if not each.dismissed],
            dismissed=len(self.left_out_before) + sum(each.dismissed for each in held),
            failed=failed,
            notices=notices,
            erased=len(self.guard.left_out),
            expired=len(self.guard.expired),
            accounts=account_tallies(self.archive, self.things),
        )

    def over(self, found: Survey, unread: Iterable[str]) -> Over:
        """What a list of the inputs is made of, once the run is finished."""
        now = self.archive.alternates()
        gone = no_longer_told(self.removed, self.alternates)
        still = {self.alternates.get(id, id): now.get(id, id) for id in sorted(members(self.alternates) - self.removed.keys())}
        same = {}
        for id in self.removed:
            thing = self.alternates.get(id, id)
            if thing in still:
                same[id] = still[thing]
            elif gone[thing] != id:
                same[id] = gone[thing]
        entries, keys = self.archive.entries(), {id: key for key, id, _ in self.archive.copies()}
        removed = {}
        for id, why in self.removed.items():
            deleted = (entries[id].tool, entries[id].external_id) in self.deletions.said_deleted
            removed[id] = Removed("deleted_at_source", why.key or keys.get(id, "")) if deleted else why
        return Over(
            found, self.before, self.became, self.gone, removed, frozenset(gone.values()), self.things, now | same, entries,
            self.archive.copies(), self.left_out_before, frozenset(unread),
        )  # fmt: skip

    def not_to_be_kept(self) -> frozenset[str]:
        """Files of this run that hold what was erased here, or nothing but what is older than the settings keep."""
        found = set(self.rewritten)
        for read_now in self.readings:
            became = self.became.get(read_now.group.key)
            left = {item.file for item in (became.left_out if became else read_now.left_out) if item.state in ("erased", "expired")}
            still = {file for file, _ in became.given} | {each.file for each in became.held} if became else set()
            found |= read_now.shut_out | (left - still)
            if left and not still:
                found |= {file.name for file in read_now.group.files}
        return frozenset(file.partition("::")[0] for file in found)

    def _know(self) -> None:
        """Takes in what the CRM and the settings say now; whoever yesterday's domains put on a side leaves it."""
        self.domains = settle(self.home)
        reside(self.archive, self.domains)
        self.fingerprint = _fingerprint(self.archive, self.domains, self.zone.key)

    def _digest(self, group: Group) -> str:
        return f"{group.digest} {self.fingerprint}"

    def _is_settled(self, group: Group) -> bool:
        known = self.before.get(group.key)
        if known is None or known.digest != self._digest(group) or known.outcome["held"]:
            return False
        return not any(is_readable_now(each, self.home.settings.speech) for each in known.outcome["failed"])

    def _is_read(self, group: Group) -> bool:
        return group.key in self.read

    def _read(self, groups: Sequence[Group]) -> None:
        for done, (group, reading) in enumerate(zip(groups, read_all(groups, self.workers), strict=True), 1):
            every = reading.interactions
            reading = self.deletions.kept(group, reading)
            there = set(map(id, reading.interactions))
            deleted = [left_out(each, "removed", "deleted_at_source") for each in every if id(each) not in there]
            let = self.guard.reading(group.key, reading, self.domains.side_of)
            erased = any((i.source, i.external_id) in self.guard.left_out for i in reading.interactions)
            kept = set(map(id, let.interactions))
            out = tuple(self._left_out(each) for each in reading.interactions if id(each) not in kept)
            lost = Counter(each.file for each in _known(reading)) - Counter(each.file for each in _known(let))
            self.readings.append(_Read(group, let, erased or bool(let.interactions), (*deleted, *out), frozenset(lost)))
            self.read.add(group.key)
            past("parsed")
            self.progress("reading", done, len(groups))

    def _left_out(self, interaction: Interaction) -> Item:
        expired = (interaction.source, interaction.external_id) in self.guard.expired
        return left_out(interaction, "expired", "too_old") if expired else left_out(interaction, "erased", "erased_here")

    def _put_crm(self, key: str, reading: Reading) -> None:
        for account in reading.accounts:
            self.archive.put_account(account.name, account.domains, account.links)
        accounts = {cut(link): a.id for a in self.archive.accounts(EVERYTHING) for link in a.links}
        gone = {cut(link) for a in self.archive.deleted_accounts() for link in a.links}
        roles: dict[str, list[str]] = {}
        for person in reading.people:
            if person.account and cut(person.account) in gone:
                continue
            owner = accounts.get(cut(person.account)) if person.account else None
            side = "seller" if person.ours else "buyer" if owner else person.participant.side
            known = self.archive.put_person(person.participant, side, owner, person.links)
            roles.setdefault(known, []).extend(person.roles)
        self.archive.put_roles(key, {known: told for known, told in roles.items() if told})
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

    def _inputs_of(self, ids: AbstractSet[str]) -> frozenset[str]:
        return frozenset(key for key, given in self.archive.every_origin().items() if given & ids) if ids else frozenset()

    def _file(self, only: AbstractSet[str] | None = None) -> None:
        """Places every interaction read in this run and puts it, or what the inputs of `only` gave, into the archive, a transaction a
        group."""
        with self.archive.transaction():
            for read_now in self.readings:
                self._put_named(read_now.reading)
        every = [(i, r.group) for r in self.readings for i in r.reading.interactions]
        placed = places(self.archive, self.domains, every, self.given)
        ours = [(i, place.account_id) for i, _ in every if isinstance(place := placed[id(i)], Routed)]
        worths = {id(interaction): worth(interaction) for interaction, _ in ours}
        best = self._richest(ours, worths)
        mails = {(account_id, mail.external_id): mail for mail, account_id in ours if isinstance(mail, Email)}
        filer = Filer(self.archive, self.domains, mails)
        concerned = [each for each in self.readings if only is None or each.group.key in only]
        for done, read_now in enumerate(concerned, 1):
            with self.archive.transaction():
                self._put_group(read_now, placed, worths, best, filer)
                past("filing")
            past("filed")
            self.progress("filing", done, len(concerned))

    def _put_group(self, read_now: _Read, placed: Places, worths: Mapping[int, Worth], best: Mapping[str, _Best], filer: Filer) -> None:
        group, reading = read_now.group, read_now.reading
        became = Became(group, reading, failed=reading.failures, left_out=list(read_now.left_out))
        self.became[group.key] = became
        held, notices = became.held, list(reading.notices)
        became.notices = notices
        given: dict[str, list[Worth]] = {}
        for interaction in reading.interactions:
            place = placed[id(interaction)]
            if isinstance(place, Undecided):
                seen = self.guard.placed(interaction, "", self.domains.side_of) or interaction
                held.append(described(seen, group, place, alone=len(reading.interactions) == 1))
                continue
            source_id = self.archive.id_of(place.account_id, interaction.source, interaction.external_id)
            told, chosen = worths[id(interaction)], best[source_id]
            let = self.guard.placed(chosen.interaction or interaction, place.account_id, self.domains.side_of)
            if chosen.interaction and let != chosen.interaction:
                self.rewritten.add(interaction.file)
            if let is None:
                became.left_out.append(left_out(interaction, "erased", "erased_here"))
                continue
            given.setdefault(source_id, []).append(told)
            became.given.append((interaction.file, source_id))
            became.placed_by[source_id] = place.by
            if isinstance(interaction, Call | Note | Chat) and told.words and told.words != chosen.worth.words:
                file = chosen.worth.file
                detail = f"Something in {file} has the same id and says other words, and more; those count. Give each its own id."
                notices.append(Failure(interaction.file, "given_twice", detail))
            status = filer.put_once(let, place.account_id, chosen.worth) if chosen.interaction else "unchanged"
            if self.status.get(source_id) in (None, "unchanged"):
                self.status[source_id] = status
        kept = self._unreadable_now(group, reading)
        for each in kept:
            self.status.setdefault(each, "unchanged")
        copies = kept | {id: richest(worths) for id, worths in given.items()}
        self._set_aside(group, held, reading.failures)
        outcome = {
            "held": len(held) - sum(each.dismissed for each in held),
            "failed": [_plain(f) for f in reading.failures],
            "notices": [_plain(f) for f in notices],
            **became.noted(copies),
        }
        told_of = copies or held or reading.failures or not read_now.spoke
        for lost in (
            self.archive.put_input(group.key, group.format, self._digest(group), outcome, copies, str(group.root))
            if told_of
            else self.archive.forget_input(group.key)  # what was erased is not named by its file either
        ):
            self.archive.remove_interaction(lost)
            if self.status.pop(lost, "") != "new":
                self.removed[lost] = Removed("no_longer_in_file", group.key)
        self.removed = {id: why for id, why in self.removed.items() if id not in copies}

    def _unreadable_now(self, group: Group, reading: Reading) -> dict[str, Worth]:
        """What a group gave before that a part of it which cannot be read any longer may hold: it stays until that is mended."""
        if all(failure.reason in ("attachment_not_read", "not_used") for failure in reading.failures):
            return {}
        read_now = {(i.source, i.external_id) for i in reading.interactions}
        before = self.archive.origins(group.key)
        every = self.archive.sources(EVERYTHING, alternates=True)
        return {s.id: before[s.id] for s in every if s.id in before and (s.tool, s.external_id) not in read_now}

    def _set_aside(self, group: Group, held: Sequence[Held] | None, failed: Sequence[Failure]) -> None:
        """For the group, and for each of its files that was unreadable by itself before; with None for `held` what waits stays noted."""
        for path in {str(file.path) for file in group.files} - {group.key}:
            self.archive.set_aside(path)
        self.archive.set_aside(group.key, held, failed)

    def _richest(self, ours: Sequence[tuple[Interaction, str]], worths: Mapping[int, Worth]) -> dict[str, _Best]:
        """The copy that counts, by the interaction's id, of those read now with their accounts and those that other inputs gave before."""
        copies: dict[str, dict[Worth, Interaction | None]] = {}
        for interaction, account_id in ours:
            source_id = self.archive.id_of(account_id, interaction.source, interaction.external_id)
            copies.setdefault(source_id, {})[worths[id(interaction)]] = interaction
        for key, source_id, kept in self.archive.copies():
            if source_id in copies and key not in self.read:
                copies[source_id].setdefault(Worth.of(kept))
        return {source_id: _Best(best := richest(list(told)), told[best]) for source_id, told in copies.items()}


def _fingerprint(archive: Archive, domains: Domains, zone: str) -> str:
    """Changes when our domains, zone or the CRM do: whose things are, who spoke, when, and of which deal, has to be decided again."""
    accounts = [(a.id, a.domains, a.links) for a in archive.accounts(EVERYTHING) if a.links]
    people = [(p.id, p.account_id, p.links) for p in archive.people(EVERYTHING) if p.links]
    deals = [(d.id, d.links, d.opened_on, d.closed, d.closed_on) for d in archive.deals(EVERYTHING)]
    whose = repr((sorted(domains.ours), sorted(domains.partners), sorted(accounts), sorted(people), sorted(deals), zone))
    return hashlib.sha256(whose.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _known(reading: Reading) -> Iterator[CrmAccount | CrmPerson]:
    yield from reading.accounts
    yield from reading.people


def _plain(failure: Failure) -> dict[str, object]:
    return {"file": failure.file, "reason": failure.reason, "detail": failure.detail, "line": failure.line}
