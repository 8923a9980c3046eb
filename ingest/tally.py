"""What one run did: each thing counted once, however many tools tell of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ingest.archive.archive import Archive
from ingest.archive.rows import Held
from ingest.archive.scope import EVERYTHING
from ingest.coverage import Lacking
from ingest.outcomes import FileOutcome, State
from ingest.records import Failure


@dataclass(frozen=True, slots=True)
class AccountTally:
    name: str
    kinds: Mapping[str, int]
    new: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class Tally:
    """What one run did; interactions are counted, not files, and the same one that several tools tell of once."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    held: list[Held] = field(default_factory=list)
    dismissed: int = 0
    """Left out because a person said so."""
    failed: list[Failure] = field(default_factory=list)
    notices: list[Failure] = field(default_factory=list)
    """What was taken in although something about it is wrong."""
    seconds: float = 0.0
    embedded: int = 0
    """Passages embedded in this run."""
    erased: int = 0
    """Left out because it, or all who said it, had been erased here."""
    expired: int = 0
    """Left out because it is older than the settings keep."""
    degraded: tuple[str, ...] = ()
    lacking: list[Lacking] = field(default_factory=list)
    """Of every account of the home, calls without their words and months without any."""
    accounts: list[AccountTally] = field(default_factory=list)
    inputs: list[FileOutcome] = field(default_factory=list)
    """Every file and everything in it, where a list was asked for."""

    @property
    def complete(self) -> bool:
        return not self.held and not self.failed


def each_once(status: Mapping[str, State], before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, State]:
    """What became of each thing, by the id it is read under now: told by one more tool it is unchanged, told more richly, changed.

    `before` and `now` give the primary of every alternate, by id.
    """
    groups: dict[str, set[str]] = {}
    for id, primary in now.items():
        groups.setdefault(primary, {primary}).add(id)
    counted = {id: what for id, what in status.items() if id not in now and id not in groups}
    for primary, group in groups.items():
        told = {status.get(id, "") for id in group}
        if told == {"new"}:
            counted[primary] = "new"
        elif told != {""}:
            counted[primary] = "changed" if status.get(primary) in ("new", "changed") else "unchanged"
    return counted | {id: "changed" for id in before.keys() & counted.keys() if counted[id] == "unchanged"}


def no_longer_told(removed: Collection[str], before: Mapping[str, str]) -> dict[str, str]:
    """Each thing of which nothing tells any longer, with the one of its removed copies that stands for it."""
    still = {before.get(id, id) for id in members(before) - set(removed)}
    found: dict[str, str] = {}
    for id in sorted(removed):
        thing = before.get(id, id)
        if thing not in still:
            found[thing] = thing if thing in removed else found.get(thing, id)
    return found


def members(before: Mapping[str, str]) -> set[str]:
    """All that was told by several before."""
    return {*before, *before.values()}


def account_tallies(archive: Archive, status: Mapping[str, State]) -> list[AccountTally]:
    names = {a.id: a.name for a in archive.accounts(EVERYTHING)}
    kinds: dict[str, Counter[str]] = {}
    outcomes: dict[str, Counter[str]] = {}
    for one in archive.outlines(EVERYTHING):
        kinds.setdefault(one.account_id, Counter())[one.kind] += 1
        if one.id in status:
            outcomes.setdefault(one.account_id, Counter())[status[one.id]] += 1
    return [
        AccountTally(names[id], kinds[id], c["new"], c["changed"], c["unchanged"])
        for id, c in sorted(outcomes.items(), key=lambda item: names[item[0]])
    ]
