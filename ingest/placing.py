"""Places everything that was read in a run: whose account it is, or why it waits, with what the archive already knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest import copies
from ingest.archive.archive import Archive
from ingest.archive.decisions import item_name
from ingest.archive.rows import Decision, Held
from ingest.archive.scope import EVERYTHING
from ingest.domains import EVERYBODYS, Domains, registrable
from ingest.reading import Group
from ingest.records import Document, Email, Interaction, kind_of
from ingest.routing import Directory, Routed, Undecided, addresses, by_folder, cut, route

Places = Mapping[int, Routed | Undecided]
"""Where interactions go, by their identity in memory."""


def places(archive: Archive, domains: Domains, every: Sequence[tuple[Interaction, Group]], given: str | None) -> Places:
    """Where each interaction goes: rules that need other mails or folders run until nothing moves.

    `given` is the account that was named for what does not say itself whose it is. What a person decided about one thing stands
    above every rule, and what goes to an account that a person deleted goes nowhere.
    """
    known = directory(archive, domains)
    gone = {account.id for account in archive.deleted_accounts()}
    kept = kept_accounts(archive)
    placed: dict[int, Routed | Undecided] = {}
    folders = _folders(archive)
    carriers = {name: mail for mail, _ in every if isinstance(mail, Email) for name in (mail.external_id, *mail.aliases)}
    decided = _decided(archive, every)
    for interaction, group in every:
        if isinstance(place := decided.get(id(interaction)), Routed):
            _note(known, interaction, place.account_id)
            _fill(folders, group.key, group.format, place.account_id)
    placed |= decided
    for neighbours in (False, True):  # by what it says itself and its thread; then by its folder too
        moved = True
        while moved:
            moved = False
            for interaction, group in every:
                if id(interaction) in decided or isinstance(placed.get(id(interaction)), Routed):
                    continue
                place = route(interaction, known, given)
                carrier = placed.get(id(carriers.get(_carrier(interaction))))
                if isinstance(carrier, Undecided):
                    place = replace(carrier, hint=f"it came with a mail that waits: {carrier.hint}")
                elif isinstance(place, Undecided) and place.reason == "no_account" and (taught := _taught(group, known)):
                    place = Routed(taught, "folder")
                elif neighbours and isinstance(place, Undecided) and place.reason == "no_account":
                    place = by_folder(interaction, _above(group), folders, known)
                if isinstance(place, Routed):
                    _note(known, interaction, place.account_id)
                    _fill(folders, group.key, group.format, place.account_id)
                    moved = True
                placed[id(interaction)] = place
    # Once placed, by a rule or by hand, nothing is taken out again because a rule fell silent; a document stays where its mail stays.
    for interaction, group in sorted(every, key=lambda each: isinstance(each[0], Document)):
        account_id, place = kept.get((group.key, interaction.source, interaction.external_id)), placed[id(interaction)]
        waits = isinstance(placed.get(id(carriers.get(_carrier(interaction)))), Undecided)
        if account_id is not None and isinstance(place, Undecided) and not waits and not _speaks_against(place, known.name_of(account_id)):
            placed[id(interaction)] = Routed(account_id, "where it has been")
        if isinstance(place, Routed) and place.account_id in gone:
            name = known.name_of(place.account_id)
            placed[id(interaction)] = Undecided("deleted_account", f"{name} was deleted; baton accounts restore brings it back", (name,))
    return placed


def _decided(archive: Archive, every: Sequence[tuple[Interaction, Group]]) -> dict[int, Routed | Undecided]:
    """What a person has decided: about a thing by its name, or about the thing that lay in its place before it was edited."""
    decisions = archive.decisions()
    by_item = {each.item: each for each in decisions}
    by_place = {(each.origin, each.file): each for each in decisions}
    found: dict[int, Routed | Undecided] = {}
    here = {item_name(i.source, i.external_id) for i, _ in every} if decisions else set()
    for interaction, group in every if decisions else ():
        name = item_name(interaction.source, interaction.external_id)
        decision = by_item.get(name)
        before = by_place.get((group.key, interaction.file))
        if decision is None and before is not None and before.item not in here and _is_the_same(before, interaction):
            decision = before
        if decision is not None and (decision.item != name or not Path(decision.origin).exists()):
            archive.follow(decision, replace(held(interaction, group, Undecided("", "")), origin=group.key))
        if decision is not None:
            left_out = Undecided("dismissed", "you dismissed it; baton held undo brings it back")
            found[id(interaction)] = Routed(decision.account_id, "decision") if decision.account_id else left_out
    return found


def _is_the_same(decision: Decision, interaction: Interaction) -> bool:
    return decision.tool == interaction.source and copies.is_edited(decision.sketch, copies.sketch(interaction))


def held(interaction: Interaction, group: Group, place: Undecided, *, alone: bool = True) -> Held:
    """What a person needs to know of it to decide. `alone` where its file holds nothing else."""
    named = dict.fromkeys((*interaction.participants, *(turn.speaker for turn in interaction.turns if turn.speaker)))
    return Held(
        file=interaction.file,
        reason=place.reason,
        hint=place.hint if alone else f"{interaction.title}: {place.hint}",
        candidates=place.candidates,
        item=item_name(interaction.source, interaction.external_id),
        tool=interaction.source,
        external_id=interaction.external_id,
        kind=kind_of(interaction),
        title=interaction.title,
        occurred_at=interaction.occurred_at,
        people=tuple(dict.fromkeys(f"{p.name} <{p.email}>".strip() if p.email else p.name for p in named)),
        teachable=teachable(interaction, group),
        sketch=copies.sketch(interaction),
        dismissed=place.reason in ("dismissed", "deleted_account"),
    )


def teachable(interaction: Interaction, group: Group) -> dict[str, tuple[str, ...]]:
    """By what else its account could be known from now on."""
    everybody = sorted(addresses(interaction))
    without = {p.name for p in interaction.participants if not p.email}
    without |= {turn.speaker.name for turn in interaction.turns if turn.speaker and not turn.speaker.email}
    found = {
        "domain": tuple(dict.fromkeys(d for a in everybody if (d := registrable(a)) and d not in EVERYBODYS)),
        "contact": tuple(everybody),
        "person": tuple(sorted(filter(None, without))),
        "channel": tuple(link.id for link in interaction.links if (link.system, link.type) == ("slack", "channel")),
        "folder": (str(_above(group)[0]),),
    }
    return {kind: values for kind, values in found.items() if values}


def _taught(group: Group, known: Directory) -> str | None:
    """The account of the nearest folder that a person said belongs to one."""
    return next((known.folders[above] for above in group.files[0].path.parents if above in known.folders), None)


def _carrier(interaction: Interaction) -> str:
    """The mail a document came with; whatever holds that mail holds the document."""
    return interaction.attached_to if isinstance(interaction, Document) else ""


def _speaks_against(place: Undecided, account: str) -> bool:
    """A person's no, or what is more than silence."""
    other = place.reason == "two_accounts" and account not in place.candidates
    return other or place.reason in ("lookalike", "dismissed", "deleted_account")


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
    known = directory_of_records(archive, domains)
    for person in archive.everybody():
        if any(link.type == "contact" for link in person.links):
            known.add_contact(person, person.links)
    for source in archive.sources(EVERYTHING, frozenset({"email"}), alternates=True):
        for name in (source.external_id, *source.aliases):
            known.by_message.setdefault(name, set()).add(source.account_id)
    return known


def directory_of_records(archive: Archive, domains: Domains) -> Directory:
    """Without people and mails: whose a domain, a record or a channel is."""
    known = Directory(domains)
    for account in (*archive.accounts(EVERYTHING), *archive.deleted_accounts()):
        known.add_account(account)
    for deal in archive.deals(EVERYTHING):
        for link in deal.links:
            known.by_link[cut(link)] = deal.account_id
    for alias in archive.aliases():
        known.add_alias(alias)
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
