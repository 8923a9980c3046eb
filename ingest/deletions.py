"""What sources say they have deleted: left out of what is read, and taken out of what was read before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.reading import Group
from ingest.records import Interaction, Reading, gone_names


class Deletions:
    """Of one run."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.deleted = archive.gone()
        """What sources said they deleted, by name, with the moment where it is known."""
        self.revised: dict[str, datetime] = {}
        """By the same names, when what was read in this run was last changed at its source."""
        self.said_deleted: set[tuple[str, str]] = set()
        """(tool, native id) of what this run left or took out because its source deleted it."""

    def kept(self, group: Group, reading: Reading) -> Reading:
        """Notes what the files say was deleted; what they hold that was deleted is left out, unless it was revised since."""
        for each in reading.interactions:
            if each.revised_at is not None:
                for name in gone_names(each.source, each.external_id, each.aliases):
                    self.revised[name] = max(each.revised_at, self.revised.get(name, each.revised_at))
        if not self.deleted and not reading.gone:
            return reading
        said_before = self.archive.gone_by(group.key)
        said_now = {each.name for each in reading.gone}
        self.deleted |= {each.name: each.at for each in reading.gone}
        kept: list[Interaction] = []
        again: set[str] = set()
        for each in reading.interactions:
            names = self.deleted.keys() & gone_names(each.source, each.external_id, each.aliases)
            back = {name for name in names - said_now if name in said_before or is_later(each.revised_at, self.deleted[name])}
            again |= back
            if names <= back:
                kept.append(each)
            else:
                self.said_deleted.add((each.source, each.external_id))
        self.archive.note_gone(group.key, reading.gone)
        self.archive.there_again(again)
        self.deleted = {name: at for name, at in self.deleted.items() if name not in again}
        return replace(reading, interactions=tuple(kept))

    def take_out(self) -> list[str]:
        """What a source says it deleted, in this import or an earlier one, whatever folder it was read from; gives the ids."""
        gone = {name for name, at in self.deleted.items() if not is_later(self.revised.get(name), at)}
        if not gone:
            return []
        taken = []
        with self.archive.transaction():
            self.archive.there_again(self.deleted.keys() - gone)
            for source in self.archive.sources(EVERYTHING, alternates=True):
                if not gone.isdisjoint(gone_names(source.tool, source.external_id, source.aliases)):
                    self.archive.remove_interaction(source.id)
                    self.said_deleted.add((source.tool, source.external_id))
                    taken.append(source.id)
        self.archive.settle_alternates()
        return taken


def is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other
