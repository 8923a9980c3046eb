"""Places everything that was read in a run: whose account it is, or why it waits, with what the archive already knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.domains import Domains
from ingest.reading import Group
from ingest.records import Document, Email, Interaction
from ingest.routing import Directory, Routed, Undecided, by_folder, cut, route

Places = Mapping[int, Routed | Undecided]
"""Where interactions go, by their identity in memory."""


def places(archive: Archive, domains: Domains, every: Sequence[tuple[Interaction, Group]], given: str | None) -> Places:
    """Where each interaction goes: rules that need other mails or folders run until nothing moves.

    `given` is the account that was named for what does not say itself whose it is.
    """
    known = directory(archive, domains)
    kept = kept_accounts(archive)
    placed: dict[int, Routed | Undecided] = {}
    folders = _folders(archive)
    carriers = {name: mail for mail, _ in every if isinstance(mail, Email) for name in (mail.external_id, *mail.aliases)}
    for neighbours in (False, True):  # by what it says itself and its thread; then by its folder too
        moved = True
        while moved:
            moved = False
            for interaction, group in every:
                if isinstance(placed.get(id(interaction)), Routed):
                    continue
                place = route(interaction, known, given)
                carrier = placed.get(id(carriers.get(_carrier(interaction))))
                if isinstance(carrier, Undecided):
                    place = replace(carrier, hint=f"it came with a mail that waits: {carrier.hint}")
                elif neighbours and isinstance(place, Undecided) and place.reason == "no_account":
                    place = by_folder(interaction, _above(group), folders, known)
                if isinstance(place, Routed):
                    _note(known, interaction, place.account_id)
                    _fill(folders, group.key, group.format, place.account_id)
                    moved = True
                placed[id(interaction)] = place
    for interaction, group in every:  # once placed, by a rule or by hand, nothing is taken out again because a rule fell silent
        account_id, place = kept.get((group.key, interaction.source, interaction.external_id)), placed[id(interaction)]
        if account_id is not None and isinstance(place, Undecided) and not _speaks_against(place, known.name_of(account_id)):
            placed[id(interaction)] = Routed(account_id, "where it has been")
    return placed


def _carrier(interaction: Interaction) -> str:
    """The mail a document came with; whatever holds that mail holds the document."""
    return interaction.attached_to if isinstance(interaction, Document) else ""


def _speaks_against(place: Undecided, account: str) -> bool:
    return place.reason == "lookalike" or (place.reason == "two_accounts" and account not in place.candidates)


def kept_accounts(archive: Archive) -> dict[tuple[str, str, str], str]:
    """The account each input's interactions are in now, by input, tool and native id."""
    sources = {source.id: source for source in archive.sources(EVERYTHING, alternates=True)}
    return {
        (key, sources[id].tool, sources[id].external_id): sources[id].account_id
        for key, ids in archive.every_origin().items()
        for id in ids
        if id in sources
    }


def directory(archive: Archive, domains: Domains) -> Directory:
    """All that the archive knows of whose is what."""
    known = Directory(domains)
    for account in archive.accounts(EVERYTHING):
        known.add_account(account)
    for deal in archive.deals(EVERYTHING):
        for link in deal.links:
            known.by_link[cut(link)] = deal.account_id
    for person in archive.people(EVERYTHING):
        if any(link.type == "contact" for link in person.links):
            known.add_contact(person, person.links)
    for source in archive.sources(EVERYTHING, frozenset({"email"}), alternates=True):
        for name in (source.external_id, *source.aliases):
            known.by_message.setdefault(name, set()).add(source.account_id)
    return known


def _note(known: Directory, interaction: Interaction, account_id: str) -> None:
    if isinstance(interaction, Email):
        for name in (interaction.external_id, *interaction.aliases):
            known.by_message.setdefault(name, set()).add(account_id)


def _folders(archive: Archive) -> dict[Path, frozenset[str]]:
    """The accounts of what lies below each folder of the disk."""
    folders: dict[Path, frozenset[str]] = {}
    owner = {source.id: source.account_id for source in archive.sources(EVERYTHING, alternates=True)}
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
