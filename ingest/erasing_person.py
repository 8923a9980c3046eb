"""Takes a person out of everything that was said, in one transaction: their words, and their name in others' words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import folded, link_key
from ingest.archive.rows import StoredPerson
from ingest.archive.tombstones import Mark
from ingest.archive.traces import Traces
from ingest.erasing_account import every_account, marks_of
from ingest.erasure_note import Note, counted_last
from ingest.failpoints import past
from ingest.mentions import mentioning, pattern
from ingest.opened import Home
from ingest.records import Document, Participant, Record
from ingest.scrubbing import ERASED, NOBODY, marks_of_person, scrubbed
from ingest.sides import settle


class NobodyThere(NotThere):
    """Nobody of that address is known."""

    def __init__(self, email: str) -> None:
        super().__init__("person", email)
        self.args = (f"nobody here has the address {email!r}; give the whole address as the mails have it.",)


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the archive knows them: every row, those that a person said to be the same too, every name, address and account."""

    email: str
    """The one that they were asked for by, else any; empty where none is known."""
    people: tuple[StoredPerson, ...]
    names: frozenset[str]
    accounts: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        return [person.id for person in self.people]

    @property
    def emails(self) -> frozenset[str]:
        return frozenset(person.email for person in self.people if person.email)

    @property
    def name(self) -> str:
        return max((person.name for person in self.people), key=len, default="")

    @classmethod
    def of(cls, archive: Archive, email: str) -> Who:
        wanted = email.strip().casefold()
        everybody = archive.everybody()
        asked = [p for p in everybody if (p.email and p.email.casefold() == wanted) or p.id == wanted]
        if not asked:
            raise NobodyThere(email)
        same = archive.one_person([p.id for p in asked])
        people = [*asked, *(p for p in everybody if p.id in same and p not in asked)]
        met = {p.account_id for p in people if p.account_id} | archive.accounts_of(archive.told_by([p.id for p in people]))
        called = {folded(p.name) for p in people}
        people += [p for p in everybody if not p.email and p.account_id in met and folded(p.name) in called and p not in people]
        names = {p.name for p in people} | archive.spoken_names([p.id for p in people])
        whole = frozenset(name for name in names if name and name != NOBODY)
        return cls(next((p.email for p in people if p.email), ""), tuple(people), whole, tuple(sorted(met)))

    def marks(self, archive: Archive) -> Iterator[Mark]:
        own = set(self.ids)
        said = [
            turn.text
            for kept in archive.restored(list(archive.told_by(self.ids)))
            for turn, speaker in zip(kept.record.turns, kept.speakers, strict=True)
            if speaker in own and turn.text != ERASED
        ]
        for email in sorted(self.emails) or [""]:
            yield from marks_of_person(email, sorted(self.names), self.accounts, said)
        for person in self.people:
            for link in person.links:
                yield "contact", link_key(link)

    def concerned(self, archive: Archive) -> dict[str, bool]:
        """Interactions that may name them, and whether they are out of sight."""
        found: dict[str, bool] = {}
        for word in sorted(self.emails) or [self.name]:
            found |= archive.holding(word, self.accounts)
        return found

    def is_record_of(self, record: object) -> bool:
        """A CRM's own record of them: address, telephone and all."""
        natives = {link.id[:15] for person in self.people for link in person.links}
        return isinstance(record, Record) and record.record == "contact" and record.external_id[:15] in natives


def erase_person(home: Home, note: Note) -> dict[str, Any]:
    archive = home.archive
    try:
        who = Who.of(archive, note.id)
    except NobodyThere:  # the run before this one had got there, but did not say which accounts it touched
        return {"rows": counted_last(archive, "person"), "marks": 0, "accounts": [a.id for a in every_account(archive)]}
    counts: Counter[str] = Counter()
    side_of = settle(home).side_of
    sides = {person.id: person.side for person in who.people}
    with archive.transaction():
        wanted = set(who.marks(archive))
        number = archive.note_erasure("person", archive.now(), {}, wanted)
        marks = archive.marks()
        concerned = who.concerned(archive)
        own = archive.told_by(who.ids)
        gone = {id for id, removed in concerned.items() if removed and id in own}
        touched: set[str] = set()
        rewritten: list[str] = []
        carried: dict[str, list[str]] = {}
        mails: set[str] = set()
        for kept in list(archive.restored([id for id in concerned if id not in gone])):
            made = None if who.is_record_of(kept.record) else scrubbed(kept.record, kept.account_id, marks, side_of)
            if isinstance(kept.record, Document) and kept.record.attached_to:
                carried.setdefault(kept.record.attached_to, []).append(kept.id)
            if made is None:
                mails.add(kept.record.external_id)
                gone.add(kept.id)
                touched.add(kept.account_id)
                wanted |= set(marks_of(archive, [kept.id]))
                continue
            theirs = {*kept.speakers, *kept.people} & set(who.ids)
            if made == kept.record and not theirs:
                continue
            touched.add(kept.account_id)
            rewritten.append(kept.id)
            if concerned[kept.id]:  # out of sight already: no reader needs what is left of it
                gone.add(kept.id)
                continue
            stand_in = {id: archive.put_person(Participant(NOBODY), sides[id], kept.account_id) for id in theirs if id}
            archive.put_interaction(
                kept.account_id,
                kept.deal_id,
                made,
                [stand_in.get(speaker, speaker) if speaker else None for speaker in kept.speakers],
                [stand_in.get(each, each) for each in kept.people],
                kept.worth,
            )
        attached = {id for mail in mails for id in carried.get(mail, ())}
        wanted |= set(marks_of(archive, attached))
        gone |= attached
        counts["interaction_rewritten"] = len(set(rewritten) - gone)
        counts["version"] += archive.purge_versions(set(rewritten) - gone)
        counts += archive.purge(gone)
        counts["person"] += archive.purge_people(who.ids)
        counts["deal_owner"] += sum(map(archive.disown_deals, who.emails))
        counts["principal"] += sum(map(archive.forget_user, who.emails))
        words = who.names | who.emails
        mentions = mentioning(words)
        counts += archive.purge_made({*gone, *rewritten}, who.accounts, mentions)
        counts += archive.purge_derived(touched)
        archive.withhold_whole(set(rewritten) - gone)
        counts += archive.black_out(lambda text: pattern(words).sub(ERASED, text))
        swept = archive.sweep((), (), mentions, lambda path: False)
        wanted |= {("file", f"{origin}\x1f{file}") for origin, file in swept.files}
        counts += swept.counts
        archive.settle_alternates()
        archive.keep_covered(touched)
        archive.complete_erasure(number, dict(+counts), wanted)
        past("erasing rows")
    return {"rows": dict(sorted((+counts).items())), "marks": len(wanted), "accounts": sorted(touched)}


def person_traces(archive: Archive, who: Who) -> Traces:
    own, theirs = archive.told_by(who.ids), set(who.ids)
    whole: list[str] = []
    spoken: list[str] = []
    for kept in archive.restored(list(own)):
        turns = list(zip(kept.record.turns, kept.speakers, strict=True))
        speakers = {speaker for turn, speaker in turns if turn.role == "said"}
        if speakers and speakers <= theirs:
            whole.append(kept.id)
        lines = [turn.text.split("\n")[0] for turn, speaker in turns if speaker in theirs]
        spoken += [line[:28].strip() for line in lines if len(line) >= 28]
    said, vectors = archive.traces(whole)
    whole_names = {name for name in who.names if " " in name}
    return Traces(frozenset(whole_names | who.emails), (*said, *spoken[:: 1 + len(spoken) // 200]), vectors)
