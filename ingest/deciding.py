"""What a person decides about things that are held: whose they are, or that nobody needs them, and each of it undone.

A decision is about one thing by its name in its tool, so it holds wherever its file lies, however often it is read, and after an edit
that leaves most of its words. It stands above every rule, until it is undone. The words of what is held are not kept: they are read
from its file when it is assigned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest.archive.archive import Archive
from ingest.archive.decisions import TAUGHT
from ingest.archive.errors import NotThere
from ingest.archive.rows import Alias, Decision, Held, Source
from ingest.archive.scope import EVERYTHING
from ingest.domains import FREE_MAIL, Domains, host, registrable
from ingest.opened import Home
from ingest.records import Link, Participant
from ingest.run import Progress
from ingest.sides import settle
from ingest.sync import refile
from ingest.tally import Tally

_QUIET: Progress = lambda stage, done, total: None  # noqa: E731  # a default, as in `sync`


class SeveralHeld(Exception):
    """A reference fits more than one held thing."""

    def __init__(self, reference: str, items: Sequence[Held]) -> None:
        listed = ", ".join(f"{each.item} ({each.file})" for each in items[:5])
        super().__init__(f"{reference!r} fits {len(items)} held things: {listed}. Say which by its id.")


class CannotTeach(Exception):
    """What a decision should teach is not in the thing, or would make other accounts' things this one's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision."""

    items: tuple[Held, ...]
    """The thing in each of its copies, as it was held."""
    account: str | None
    taught: tuple[Alias, ...]
    tally: Tally
    gone: tuple[str, ...]
    """Inputs that are not on the disk any longer."""

    @property
    def filed(self) -> bool:
        """Whether its words could be read; if not, the decision waits for its file."""
        return len(self.gone) < len({each.origin for each in self.items})


def waiting(archive: Archive, *, dismissed: bool = False) -> list[Held]:
    """Each held thing once, with the decision it waits for or, `dismissed`, the one that left it out."""
    return list({each.item: each for each in reversed(archive.held(dismissed=dismissed))}.values())[::-1]


def assign(home: Home, reference: str, account_id: str, at: datetime, teach: Iterable[str] = (), progress: Progress = _QUIET) -> Outcome:
    """It is that account's, and is filed at once; what is taught (`domain`, `contact=ana@halden.example` …) places others like it.

    Raises NotThere, SeveralHeld and CannotTeach; then nothing has changed.
    """
    copies = _copies(home.archive, reference)
    lessons = [lesson for each in teach for lesson in _lessons(home, copies[0], account_id, each)]
    with home.archive.transaction():
        home.archive.decide(_decision(copies[0], account_id, at))
        home.archive.teach(lessons)
        for lesson in lessons:
            if lesson.kind == "contact":  # they are the customer's people from now on, whatever their domain says
                known_as = Link("baton", "contact", lesson.value)
                home.archive.put_person(_named(copies[0], lesson.value), "buyer", account_id, [known_as])
    keys = {each.origin for each in copies}
    if lessons:
        keys |= {each.origin for each in home.archive.held()}
    tally, gone = refile(home, keys, progress)
    return Outcome(tuple(copies), account_id, tuple(lessons), tally, tuple(key for key in gone if key in {c.origin for c in copies}))


def dismiss(home: Home, reference: str, at: datetime, progress: Progress = _QUIET) -> Outcome:
    """Nobody needs it: it is left out from now on, and no longer named as held. Raises NotThere and SeveralHeld."""
    copies = _copies(home.archive, reference)
    home.archive.decide(_decision(copies[0], None, at))
    tally, gone = refile(home, {each.origin for each in copies}, progress)
    for each in copies:
        if each.origin in gone:
            _note_anew(home.archive, replace(each, reason="dismissed", dismissed=True))
    return Outcome(tuple(copies), None, (), tally, gone)


def undo(home: Home, reference: str, progress: Progress = _QUIET) -> Outcome:
    """Takes a decision back, and what it taught with all that this placed: the rules decide again, and what they cannot place waits.

    Raises NotThere. Where a file is gone from the disk, what was assigned leaves the account all the same; what was only placed by
    something that the decision taught stays, for nobody can say any longer where else it would go.
    """
    archive = home.archive
    decision = _decided(archive, reference)
    with archive.transaction():
        archive.undecide(decision.item)
        taught = archive.unlearn(decision.item)
        for alias in taught:
            if alias.kind == "contact":
                archive.drop_contact(Link("baton", "contact", alias.value))
        doubtful = {decision.origin, *(each.origin for each in archive.held(dismissed=True) if each.item == decision.item)}
        if decision.account_id is not None:
            own = archive.id_of(decision.account_id, decision.tool, decision.external_id)
            lying = _lying(archive)
            for source in archive.sources(EVERYTHING.only(decision.account_id), alternates=True):
                origins = lying.get(source.id, set())
                if source.id == own or (origins and _is_placed_by(archive, source, taught)):
                    archive.remove_interaction(source.id)
                    doubtful |= origins
    tally, gone = refile(home, doubtful, progress)
    for each in archive.held(dismissed=True):
        if each.item == decision.item and each.origin in gone:
            _note_anew(archive, replace(each, reason="no_account", hint="its file is gone; it waits for it", dismissed=False))
    return Outcome((), decision.account_id, tuple(taught), tally, tuple(key for key in gone if key == decision.origin))


def decisions(archive: Archive, *, dismissed: bool) -> list[Decision]:
    """What a person said, newest first: what is left out, or whose things are."""
    return [each for each in archive.decisions() if (each.account_id is None) == dismissed]


def _copies(archive: Archive, reference: str) -> list[Held]:
    """One thing in all its copies, by its id or the beginning of it, or by its file."""
    every = [*archive.held(), *(each for each in archive.held(dismissed=True) if each.reason == "dismissed")]
    for fits in _ways(reference):
        if found := [each for each in every if fits(each.item, each.file)]:
            if len({each.item for each in found}) > 1:
                raise SeveralHeld(reference, found)
            return found
    raise NotThere("held thing", reference)


def _decided(archive: Archive, reference: str) -> Decision:
    every = archive.decisions()
    for fits in _ways(reference):
        if found := [each for each in every if fits(each.item, each.file)]:
            return found[0]
    raise NotThere("decision on", reference)


def _ways(reference: str) -> Sequence[Callable[[str, str], bool]]:
    named = reference.strip()
    return (
        lambda item, file: named in (item, item.removeprefix("hld_")),
        lambda item, file: named == file,
        lambda item, file: len(named) > 2 and item.removeprefix("hld_").startswith(named.removeprefix("hld_")),
        lambda item, file: bool(named) and file.endswith(f"/{named}"),
    )


def _decision(held: Held, account_id: str | None, at: datetime) -> Decision:
    return Decision(held.item, account_id, held.tool, held.external_id, held.origin, held.file, held.title, held.sketch, at)


def _note_anew(archive: Archive, held: Held) -> None:
    """What lies nowhere any longer cannot be read anew, so what is noted of it is changed by itself."""
    others = [each for each in (*archive.held(), *archive.held(dismissed=True)) if each.origin == held.origin and each.item != held.item]
    archive.set_aside_held(held.origin, [*others, held])


def _lessons(home: Home, held: Held, account_id: str, teach: str) -> list[Alias]:
    """What `teach` asks for: a kind, with all that the thing has of it that is nobody else's, or `kind=value` with one of it."""
    kind, _, value = teach.partition("=")
    kind, value = kind.strip().lower(), value.strip()
    if kind not in TAUGHT:
        raise CannotTeach(f"{kind!r} cannot be taught; what can be is {', '.join(TAUGHT)}.")
    there = held.teachable.get(kind, ())
    if value and kind == "folder":
        there = tuple(each for each in (value, *there) if each == value)
    elif value:
        there = tuple(each for each in there if each.casefold() == value.casefold() or (kind == "domain" and each == host(value)))
    free = [each for each in there if not _whose(home, settle(home), account_id, kind, each)]
    if not free:
        reasons = "; ".join(filter(None, (_whose(home, settle(home), account_id, kind, each) for each in there)))
        named = f"{kind} {value}".strip()
        raise CannotTeach(f"{held.file} has no {named} that could be taught{': ' if reasons else ''}{reasons}.")
    if kind == "domain" and len(free) > 1 and not value:
        raise CannotTeach(f"{held.file} has people of {', '.join(free)}; say which with --teach domain={free[0]}.")
    return [Alias(kind, each, account_id, held.item) for each in free]


def _whose(home: Home, domains: Domains, account_id: str, kind: str, value: str) -> str:
    """Why this cannot be an account's; empty if it can."""
    if kind in ("domain", "contact"):
        domain = registrable(value)
        if domain in domains.ours:
            return f"{value} is ours"
        if domain in domains.partners:
            return f"{value} is a partner's"
        if kind == "domain" and domain in FREE_MAIL:
            return f"{value} is free mail, which says nothing of a company (teach the contact)"
        for other in home.archive.accounts(EVERYTHING):
            if kind == "domain" and other.id != account_id and value in map(host, other.domains):
                return f"{value} is the domain of {other.name}"
    return ""


def _named(held: Held, address: str) -> Participant:
    """As the thing names whoever has this address."""
    found = next((each for each in held.people if each.casefold().endswith(f"<{address}>")), "")
    return Participant(found.rpartition(" <")[0], address)


def _lying(archive: Archive) -> dict[str, set[str]]:
    """The inputs that give each interaction, of those that are still on the disk."""
    found: dict[str, set[str]] = {}
    formats = {each.key: each.format for each in archive.inputs()}
    for key, ids in archive.every_origin().items():
        if Path(key.removesuffix(f"#{formats.get(key, '')}")).exists():
            for id in ids:
                found.setdefault(id, set()).add(key)
    return found


def _is_placed_by(archive: Archive, source: Source, taught: Sequence[Alias]) -> bool:
    """Whether something that was taught may be why it is where it is."""
    if not taught:
        return False
    [stored] = archive.interactions(EVERYTHING, [source.id])
    people = [*stored.participants, *(turn.person for turn in stored.turns if turn.person)]
    names = {person.name for person in people} | {turn.speaker_name for turn in stored.turns}
    channels = {link.id for link in source.links if (link.system, link.type) == ("slack", "channel")}
    for alias in taught:
        match alias.kind:
            case "domain" if any(host(p.email) == alias.value or host(p.email).endswith(f".{alias.value}") for p in people):
                return True
            case "contact" if any(p.email == alias.value for p in people):
                return True
            case "person" if alias.value in names:
                return True
            case "channel" if alias.value in channels:
                return True
            case "folder":
                return True
    return False
