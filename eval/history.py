"""The true history of a labelled deal: every source's own words, who said them, and by which names a tool may call the source.

Baton never sees these files. It reads the exports; what it cites is looked up here, so an error in reading an export costs the
same as an invented quote.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from eval.matching import figures, spelled, words


class Native(BaseModel):
    """What the tool that exported a thing calls it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ids: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


class _Row(BaseModel):
    # Fields that no measure reads stay in the file for people (stage histories, attachments, how a mail quotes).
    model_config = ConfigDict(extra="allow", frozen=True)
    id: str
    native: Native = Native()


class Account(_Row):
    name: str
    folder: str = ""
    """The folder of its exports, below `samples/`."""


class Person(_Row):
    name: str
    email: str


class Deal(_Row):
    account: str
    name: str


class _Turn(BaseModel):
    t: float
    who: str
    text: str


class _Call(_Row):
    account: str
    title: str
    started: str
    turns: tuple[_Turn, ...]


class _Email(_Row):
    account: str
    date: str
    sender: str = Field(alias="from")
    subject: str
    text: str
    signature: str = ""


class _Note(_Row):
    account: str
    at: str
    author: str
    text: str


class _Doc(_Row):
    account: str
    at: str
    title: str
    text: str


class _File(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)
    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    deals: tuple[Deal, ...]
    calls: tuple[_Call, ...]
    emails: tuple[_Email, ...]
    notes: tuple[_Note, ...]
    docs: tuple[_Doc, ...]


class Part(NamedTuple):
    """Words of one person (or of a document): a call's turn, a mail's new text, a note."""

    source: str
    author: str | None
    text: str


class Place(NamedTuple):
    """Where a quote was found; `author` is None where the words are not one person's."""

    source: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a source besides its words."""

    account: str
    on: date


@dataclass(frozen=True)
class History:
    """Lookups over one deal's texts, people and native names. Texts are in `eval.matching`'s one spelling."""

    accounts: dict[str, Account]
    people: dict[str, Person]
    deals: dict[str, Deal]
    origins: dict[str, Origin]
    parts: tuple[Part, ...]
    wholes: dict[str, str]
    """All of a source's text, with its title, subject and signature."""
    names: dict[str, frozenset[str]]
    """Every name a source goes by, to the sources it may mean."""
    records: dict[str, frozenset[str]]
    """Every name of a CRM record (deal, account, person), to the figures in it."""
    settings: dict[str, frozenset[str]]
    """The figures that go with a source without being said in it: of its titles and its day, and of the days around it, for whether
    the right day is named is another question."""

    def sources_named(self, name: str | None) -> frozenset[str]:
        """The sources that a native id, path, address or title may mean; empty when unknown."""
        if not name:
            return frozenset()
        key = _key(name)
        for tried in (key, key.split("/")[-1], key.split("\\")[-1], key.split("#")[0], key.split(":")[-1].strip("<>")):
            if tried in self.names:
                return self.names[tried]
        inside = [known for known in self.names if len(known) >= 6 and known in key]
        longest = max(map(len, inside), default=0)
        return frozenset[str]().union(*(self.names[known] for known in inside if len(known) == longest))

    def knows(self, name: str) -> bool:
        """Whether a name means a source or CRM record of this history."""
        return _key(name) in self.records or bool(self.sources_named(name))

    def locate(self, quote: str) -> tuple[Place, ...]:
        """Every turn, mail, note or document that holds the quote verbatim; failing that, every source whose whole text does."""
        sought = _bare(quote)
        if not words(quote):
            return ()
        found = tuple(Place(part.source, part.author) for part in self.parts if sought in part.text)
        return found or tuple(Place(source, None) for source, text in self.wholes.items() if sought in text)

    def holds(self, source: str, quote: str) -> bool:
        """Whether the source's own text has the quote verbatim; what a mail quotes of another is not its own."""
        return _bare(quote) in self.wholes[source]

    def cuts_a_word(self, quote: str) -> bool:
        """Whether the quote, wherever it stands, begins or ends inside a word."""
        sought = spelled(quote)
        found = [(text, at) for text in self.wholes.values() for at in _places(text, sought)]
        return bool(found) and all(_inside_word(text, at) or _inside_word(text, at + len(sought)) for text, at in found)

    def holds_record(self, name: str | None, quote: str) -> bool:
        """Whether the figures in a quoted CRM record are that record's (an amount may drop its cents)."""
        known = self.records.get(_key(name or ""))
        return known is not None and figures(quote) <= known | {figure + "00" for figure in known}

    def setting(self, name: str | None) -> frozenset[str]:
        """The figures that naming a source or CRM record brings along."""
        record = self.records.get(_key(name or ""), frozenset())
        return record.union(*(self.settings[source] for source in self.sources_named(name)))

    def is_person(self, given: str | None, person_id: str) -> bool:
        """Whether a name, address or id means this person; a lone first name only where nobody shares it."""
        person, said = self.people[person_id], (given or "").strip().casefold()
        if said in (person_id.casefold(), person.email.casefold()) or person.email.casefold() in said:
            return True
        name = frozenset(words(re.sub(r"\(.*?\)", " ", said).split(",")[0].split("<")[0]))
        if frozenset(words(person.name)) <= name:
            return True
        first = words(person.name)[0]
        return name == {first} and sum(words(other.name)[0] == first for other in self.people.values()) == 1


def load_history(file: Path) -> History:
    """Raises `OSError` or `ValueError` (pydantic's own, which names the field) when the file cannot be used."""
    return history_of(_File.model_validate_json(file.read_bytes()))


def history_of(file: _File) -> History:
    parts: list[Part] = []
    wholes: dict[str, str] = {}
    origins: dict[str, Origin] = {}
    for call in file.calls:
        parts += [Part(call.id, turn.who, spelled(turn.text)) for turn in call.turns]
        wholes[call.id] = spelled(" ".join(turn.text for turn in call.turns))
        origins[call.id] = Origin(call.account, date.fromisoformat(call.started[:10]))
    for email in file.emails:
        parts.append(Part(email.id, email.sender, spelled(email.text)))
        wholes[email.id] = spelled(f"{email.subject}\n{email.text}\n{email.signature}")
        origins[email.id] = Origin(email.account, date.fromisoformat(email.date[:10]))
    for note in file.notes:
        parts.append(Part(note.id, note.author, spelled(note.text)))
        wholes[note.id] = spelled(note.text)
        origins[note.id] = Origin(note.account, date.fromisoformat(note.at[:10]))
    for doc in file.docs:
        parts.append(Part(doc.id, None, spelled(doc.text)))
        wholes[doc.id] = spelled(f"{doc.title}\n{doc.text}")
        origins[doc.id] = Origin(doc.account, date.fromisoformat(doc.at[:10]))
    return History(
        accounts={row.id: row for row in file.accounts},
        people={row.id: row for row in file.people},
        deals={row.id: row for row in file.deals},
        origins=origins,
        parts=tuple(parts),
        wholes=wholes,
        names=_names(file),
        records=_records(file),
        settings=_settings(file, origins),
    )


def problems(history: History, source: str, quote: str) -> str:
    """What is wrong with an evidence label, in a few words; empty when it stands."""
    if source not in history.wholes:
        return f"there is no source {source!r}"
    if all(place.source != source for place in history.locate(quote)):
        return f"these words are not in {source}: {quote!r}"
    return ""


def _names(file: _File) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows: tuple[_Row, ...] = (*file.calls, *file.emails, *file.notes, *file.docs)
    for row in rows:
        last_steps = [path.split("::")[-1].split("/")[-1] for path in row.native.paths]
        for name in (row.id, *row.native.ids, *row.native.titles, *row.native.paths, *last_steps):
            found[_key(name)].add(row.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def _settings(file: _File, origins: dict[str, Origin]) -> dict[str, frozenset[str]]:
    rows: tuple[_Row, ...] = (*file.calls, *file.emails, *file.notes, *file.docs)
    return {row.id: figures(" ".join([*_days_around(origins[row.id].on), *row.native.titles, *row.native.paths])) for row in rows}


def _days_around(on: date) -> list[str]:
    days = (on + timedelta(days=step) for step in (-1, 0, 1))
    return [f"{day.isoformat()} {day.day} {day.month}" for day in days]


def _records(file: _File) -> dict[str, frozenset[str]]:
    rows: tuple[_Row, ...] = (*file.deals, *file.accounts, *file.people)
    return {_key(name): _figures_in(row.model_dump(exclude={"native"})) for row in rows for name in (*row.native.ids, *row.native.titles)}


def _figures_in(value: Any) -> frozenset[str]:
    """The figures of a record's JSON values, however nested."""
    if isinstance(value, dict):
        return frozenset[str]().union(*map(_figures_in, value.values()))
    if isinstance(value, list | tuple):
        return frozenset[str]().union(*map(_figures_in, value))
    return figures(str(value))


def _bare(quote: str) -> str:
    """Quote marks around it and an ellipsis of shortening are display."""
    return spelled(quote).strip(" \"'.")


def _places(text: str, sought: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(sought), text)] if sought and sought in text else []


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _key(name: str) -> str:
    return " ".join(name.strip().strip("<>").casefold().split())
