"""What a person does to whole accounts and people, and to what is held to be one thing: each a change of the archive, with what follows
from it made right at once: who is on which side, what is the same as what, what can be found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from ingest.archive.archive import Archive
from ingest.archive.changes import NotMerged
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredAccount, StoredPerson
from ingest.archive.scope import EVERYTHING, Scope
from ingest.index.projection import bring_up_to_date
from ingest.opened import Home
from ingest.records import Side
from ingest.routing import fold
from ingest.sides import put_on_side as put_on
from ingest.sides import reside, settle
from ingest.sides_said import place_by_words


class SeveralPeople(Exception):
    """A reference fits more than one person."""

    def __init__(self, reference: str, people: Sequence[StoredPerson]) -> None:
        listed = ", ".join(f"{each.id} ({each.email or each.name})" for each in people)
        super().__init__(f"{reference!r} fits {len(people)} people: {listed}. Say which by the address or id.")


@dataclass(frozen=True, slots=True)
class ReadAs:
    """Somebody who is read as somebody else, because a person said so."""

    person: StoredPerson
    into: str


def merge_accounts(home: Home, merged: StoredAccount, into: StoredAccount, at: datetime) -> None:
    """All that is the one's is the other's, under the ids it has; the one's names lead to the other. Raises Itself."""
    with _made_right(home):
        home.archive.merge_accounts(merged.id, into.id, at)


def unmerge_account(home: Home, reference: str) -> tuple[StoredAccount, list[str]]:
    """Gives the account, apart again, with what came with it. What was read for it since goes back with the next run.

    Answers and briefs that quote both are gone, but for the briefs that people have worked on, which are named. Raises NotMerged.
    """
    merged = _merged(home.archive, reference)
    with _made_right(home):
        stay = home.archive.unmerge_account(merged)
    return home.archive.account(EVERYTHING, merged), stay


def rename_account(home: Home, account: StoredAccount, name: str, at: datetime) -> None:
    """No CRM renames it any longer; who calls it by its old name still means it. Raises NameTaken."""
    home.archive.rename_account(account.id, name, at)


def delete_account(home: Home, account: StoredAccount, at: datetime) -> int:
    """Out of every read; what is read for it later is left out, and counted. Gives how many interactions it had."""
    with _made_right(home):
        return home.archive.delete_account(account.id, at)


def restore_account(home: Home, reference: str) -> StoredAccount:
    """Raises NotMerged where no account of that name was deleted."""
    with _made_right(home):
        restored = home.archive.restore_account(reference)
        kept = [each.origin for each in home.archive.held(dismissed=True) if each.reason == "deleted_account"]
        home.archive.read_again(kept)
    return home.archive.account(EVERYTHING, restored)


def person(archive: Archive, account_id: str, reference: str) -> StoredPerson:
    """Somebody of an account by id, address, name or a part of it. Raises NotThere and SeveralPeople."""
    return _one(reference, archive.people(EVERYTHING.only(account_id)))


def merge_people(home: Home, merged: StoredPerson, into: StoredPerson, at: datetime) -> None:
    """The one is read as the other from now on; nothing that was said changes. Raises Itself."""
    with _made_right(home):
        home.archive.merge_people(merged.id, into.id, at)


def split_person(home: Home, account_id: str, reference: str) -> StoredPerson:
    """Somebody who was read as somebody else is themselves again. Raises NotThere and SeveralPeople."""
    found = _one(reference, [each.person for each in read_as(home.archive, EVERYTHING.only(account_id))])
    with _made_right(home):
        home.archive.split_person(found.id)
    return found


def put_on_side(home: Home, person: StoredPerson, side: Side | None) -> None:
    """Says whose side somebody is on, whatever domains and words say; None leaves it to those again."""
    with _made_right(home):
        put_on(home.archive, person, side)
        domains = settle(home)
        reside(home.archive, domains)
        place_by_words(home.archive, domains)


def read_as(archive: Archive, scope: Scope) -> list[ReadAs]:
    """Who is read as whom, as far as the reader may know of both."""
    there = {each.id for each in archive.people(scope)}
    merged = {each.id: each for each in archive.merged_people(scope)}
    return [
        ReadAs(merged[each.about], each.body["into"])
        for each in archive.changes("merge people")
        if each.body["into"] in there and each.about in merged
    ]


def split_source(home: Home, source_id: str, *, apart: bool = True) -> None:
    """It is the same as nothing else, whatever the rules say; `apart=False` leaves that to the rules again. Raises NotThere."""
    with _made_right(home):
        home.archive.split(source_id, apart=apart)


@contextmanager
def _made_right(home: Home) -> Iterator[None]:
    yield
    home.archive.settle_alternates()
    reside(home.archive, settle(home))
    bring_up_to_date(home)


def _merged(archive: Archive, reference: str) -> str:
    """The account that was merged by this id or name; the last one of that name."""
    names = archive.merged_accounts()
    for each in archive.changes("merge"):
        if reference == each.about or fold(reference) == fold(names.get(each.about, "")):
            return each.about
    raise NotMerged("merged", reference)


def _one(reference: str, people: Sequence[StoredPerson]) -> StoredPerson:
    wanted = fold(reference)
    ways = (
        [each for each in people if each.id == reference],
        [each for each in people if each.email and each.email == wanted],
        [each for each in people if fold(each.name) == wanted],
        [each for each in people if all(any(n.startswith(w) for n in fold(each.name).split()) for w in wanted.split())],
    )
    found = next((each for each in ways if each), []) if wanted else []
    if not found:
        raise NotThere("person", reference)
    if len(found) > 1:
        raise SeveralPeople(reference, found)
    return found[0]
