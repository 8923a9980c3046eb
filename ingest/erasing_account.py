"""Takes an account's rows out in one transaction, and says what would betray that something of it is left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ingest.archive.archive import Archive
from ingest.archive.identifiers import folded, link_key
from ingest.archive.rows import StoredAccount
from ingest.archive.scope import EVERYTHING
from ingest.archive.tombstones import Mark
from ingest.archive.traces import Traces
from ingest.domains import FREE_MAIL, host
from ingest.erasure_note import Note, counted_last
from ingest.failpoints import past
from ingest.mentions import mentioning

_OWN_IDS = frozenset({"jsonl", "file", "transcript", "document"})
"""Tools whose ids two exports may share by chance: there the words count too."""


def erase_account(archive: Archive, note: Note) -> dict[str, Any]:
    """All rows in one transaction, with the marks. Nothing if a run before this one had got there."""
    known = [a for a in every_account(archive) if a.id == note.id]
    if not known:
        return {"rows": counted_last(archive, "account"), "marks": 0, "accounts": [note.id]}
    account = known[0]
    with archive.transaction(), archive.uncovered(account.id):
        ids = archive.ids_of(account.id)
        marks = set(_account_marks(archive, account, ids))
        inputs, near = _inputs_of(archive, account.id)
        mentions = mentioning(_spoken_of(archive, account))
        counts = archive.purge_account(account.id)
        archive.settle_alternates()
        swept = archive.sweep(inputs, [account.name], mentions, near)
        for origin, file in swept.files:
            marks.add(("file", f"{origin}\x1f{file}"))
            if mentions(file) or file.count("/") > 1:  # a name that is hardly another customer's, wherever the folder lies next time
                marks.add(("file", file))
        counts += swept.counts
        note.traces = replace(note.traces, names=note.traces.names | {PurePath(file).name for _, file in swept.files})
        archive.note_erasure("account", archive.now(), dict(counts), marks)
        past("erasing rows")
    return {"rows": dict(sorted(counts.items())), "marks": len(marks), "accounts": [account.id]}


def account_traces(archive: Archive, account: StoredAccount) -> Traces:
    ids = archive.ids_of(account.id)
    said, vectors = archive.traces(ids)
    names = _spoken_of(archive, account) | {link.id for link in account.links}
    for _, native, _, file in archive.identities(ids):
        names |= {native, PurePath(file).name}
    names |= {source.title for source in archive.sources(EVERYTHING.only(account.id), alternates=True)}
    return Traces(frozenset(name for name in names if name), said, vectors)


def every_account(archive: Archive) -> list[StoredAccount]:
    """Those that were deleted, too: their words are still on the disk."""
    there = {account.id: account for account in (*archive.deleted_accounts(), *archive.accounts(EVERYTHING))}
    return list(there.values())


def marks_of(archive: Archive, ids: Collection[str]) -> Iterator[Mark]:
    for tool, native, sha256, _ in archive.identities(ids):
        yield "interaction", f"{tool}\x1f{native}\x1f{sha256}"
        if tool not in _OWN_IDS:
            yield "interaction", f"{tool}\x1f{native}"


def _account_marks(archive: Archive, account: StoredAccount, ids: Collection[str]) -> Iterator[Mark]:
    yield "account", folded(account.name)
    for link in account.links:
        yield "link", link_key(link)
    others = {host(d) for a in every_account(archive) if a.id != account.id for d in a.domains}
    for domain in {host(each) for each in account.domains} - others - FREE_MAIL - {""}:
        yield "domain", domain
    for person in archive.people(EVERYTHING):
        if person.account_id == account.id:
            if person.email:
                yield "address", person.email.casefold()
            for link in person.links:
                yield "link", link_key(link)
    for deal in archive.deals(EVERYTHING.only(account.id)):
        for link in deal.links:
            yield "link", link_key(link)
    yield from marks_of(archive, ids)


def _inputs_of(archive: Archive, account_id: str) -> tuple[set[str], Callable[[str], bool]]:
    """Inputs that gave nothing but this account's, and whether a path lies where nothing but this account's does."""
    owner = {id: account for account in {a.id for a in every_account(archive)} for id in archive.ids_of(account)}
    owners = {key: {owner[id] for id in ids if id in owner} for key, ids in archive.every_origin().items()}
    folders: dict[str, set[str]] = {}
    for key, accounts in owners.items():
        place = PurePath(key.partition("#")[0])
        for folder in (place, *place.parents):
            folders.setdefault(str(folder), set()).update(accounts)

    def near(path: str) -> bool:
        for folder in (PurePath(path.partition("#")[0]), *PurePath(path.partition("#")[0]).parents):
            if accounts := folders.get(str(folder)):
                return accounts == {account_id}
        return False

    return {key for key, accounts in owners.items() if accounts == {account_id}}, near


def _spoken_of(archive: Archive, account: StoredAccount) -> set[str]:
    """What names an account and its people wherever it stands."""
    people = [p for p in archive.people(EVERYTHING) if p.account_id == account.id]
    words = {account.name, account.slug, *account.domains, *(p.email for p in people), *(p.name for p in people if " " in p.name)}
    words |= {deal.name for deal in archive.deals(EVERYTHING.only(account.id)) if " " in deal.name}
    return {word for word in words if len(word) >= 4}
