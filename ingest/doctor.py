"""Looks a home over: can it be read, are the weights there, do the indexes hold what the archive holds, whose domains are ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.archive.admissions import Admissions
from ingest.archive.archive import Archive
from ingest.archive.database import FILE, holds_archive
from ingest.archive.errors import DiskTrouble, HomeBusy, HomeTooNew, HomeTooOld, HomeUnreadable
from ingest.archive.scope import EVERYTHING
from ingest.archive.upgrading import copies
from ingest.index.port import IndexBroken
from ingest.index.projection import FOLDER, Difference, clear_away, differences, leftovers, rebuild
from ingest.opened import Home
from ingest.settings import BadSettings, ServedModel
from ingest.sides import reside, settle
from ingest.wiring import fallback_of, open_home

LEAST_FREE = 500 * 2**20
"""Bytes: with less, an ingest may stop half-way."""
SHOWN = 3
"""Of what is held, and of what could not be read, so many are named; `baton ingest` names them all."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    says: str
    do: str = ""
    """What to do about it; empty where nothing has to be done."""


@dataclass(frozen=True, slots=True)
class Report:
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


def examine(path: Path, *, repair: bool = False) -> Report:
    """Every check that can be made; with `repair`, sides follow today's domains, indexes that differ are made again and what a killed
    run left is cleared away. An archive that is damaged itself is never repaired: what is missing in it nobody could tell.

    Nothing is written into a folder that holds no archive.
    """
    if not holds_archive(path):
        return Report((Check("home", True, f"{path}: no archive here yet", "`baton ingest FOLDER` makes one."),))
    try:
        with open_home(path, write=True) as home:
            return Report(tuple(_checks(home, repair)))
    except HomeBusy as busy:
        with open_home(path) as home:
            return Report((Check("writer", True, str(busy)), *_checks(home, False)))
    except HomeUnreadable as error:
        return Report((Check("archive", False, str(error), "Nothing was changed or repaired."),))
    except (HomeTooNew, HomeTooOld, DiskTrouble, BadSettings) as error:
        return Report((Check("home", False, str(error), "Nothing was changed."),))


def _checks(home: Home, repair: bool) -> Iterator[Check]:
    if damage := home.archive.sound():
        says = f"{home.path / FILE} is damaged: {'; '.join(damage)[:300]}"
        do = "Nothing was changed or repaired. Restore a backup (`baton restore FILE --replace`), or move it away and ingest again."
        yield Check("archive", False, says, do)
        return
    if repair:
        reside(home.archive, settle(home))
    yield _contents(home)
    yield _space(home.path)
    yield _weights(home)
    yield _ours(home)
    yield _partners(home)
    yield from _indexes(home, repair)
    yield from _leftovers(home, repair)
    yield from _copies(home.path)
    yield from _unfinished(home.archive)
    yield _waiting(home.archive)
    yield _log(home.archive)


def _contents(home: Home) -> Check:
    accounts, sources = len(home.archive.accounts(EVERYTHING)), len(home.archive.sources(EVERYTHING))
    return Check("home", True, f"{home.path}: {_counted(accounts, 'account')}, {_counted(sources, 'interaction')}")


def _space(path: Path) -> Check:
    free = shutil.disk_usage(path).free
    enough = free >= LEAST_FREE
    return Check("disk", enough, f"{free / 2**30:.1f} GB free", "" if enough else "Free some space before the next ingest.")


def _weights(home: Home) -> Check:
    if home.embedder is not None:
        lacking = len(home.archive.missing(home.model))
        if not lacking and isinstance(home.settings.embedding, ServedModel):
            return Check("weights", True, f"none: {home.settings.embedding.url} embeds whole texts, sentences are chosen by their words")
        if not lacking:
            instead = fallback_of(home.settings)
            return Check("weights", True, f"{home.embedder.name} is installed and its hash is right" + (f"; {instead}" if instead else ""))
        return Check("weights", False, f"degraded: {lacking} passages are not embedded yet", "`baton ingest` once more embeds them.")
    missing = "degraded: " + "; ".join(home.degraded)
    return Check("weights", False, missing, "`make weights`, then `baton ingest` once more to embed what is there.")


def _ours(home: Home) -> Check:
    domains = settle(home)
    if not domains.ours:
        hint = "Name your mail domain: baton ingest … --our-domain yourcompany.com"
        return Check("our domains", False, "nobody is known to be on our side", hint)
    listed = ", ".join(f"{domain} ({domains.sources.get(domain, 'known')})" for domain in sorted(domains.ours))
    return Check("our domains", True, listed)


def _partners(home: Home) -> Check:
    partners = sorted(settle(home).partners)
    unknown = sorted({p.email.rpartition("@")[2] for p in home.archive.people(EVERYTHING) if p.side == "unknown" and p.email})
    says = ", ".join(partners) or "none named"
    hint = f"Neither side's: {', '.join(unknown)}. Name partners with --partner-domain." if unknown else ""
    return Check("partners", True, says, hint)


def _indexes(home: Home, repair: bool) -> Iterator[Check]:
    """Word and vector index of every account, held against the archive."""
    found: list[Difference] = []
    mended = 0
    if home.writes and not home.archive.words_are_sound():
        if not repair:
            do = "`baton doctor --repair` makes it again from the archive; nothing is lost."
            yield Check("words", False, "the word index is damaged", do)
            return
        home.archive.make_words_again()
        mended += 1
    for account in home.archive.accounts(EVERYTHING):
        different = differences(home.archive, home.vectors, account.id)
        if different and repair:
            try:
                rebuild(home.archive, home.vectors, account.id)
            except (IndexBroken, OSError) as error:
                do = f"See to the rights and the disk of {home.path / FOLDER}."
                yield Check("indexes", False, f"they could not be made again: {error}", do)
                return
            mended += 1
            different = differences(home.archive, home.vectors, account.id)
        found += different
    what = "words and vectors" if home.vectors else "words"
    if not found:
        again = f"; made again: {_counted(mended, 'index', 'indexes')}" if mended else ""
        yield Check("indexes", True, f"{what} hold what the archive holds{again}")
    for difference in found:
        yield Check("indexes", False, str(difference), "`baton doctor --repair` makes them again from the archive; nothing is lost.")


def _leftovers(home: Home, repair: bool) -> Iterator[Check]:
    left = leftovers(home)
    if not left:
        return
    names = ", ".join(str(path.relative_to(home.path)) for path in left[:SHOWN])
    told = f"{_counted(len(left), 'file or folder', 'files or folders')} that nothing needs: {names}{', …' if len(left) > SHOWN else ''}"
    if repair:
        clear_away(left)
        yield Check("leftovers", True, f"cleared away {told}")
    else:
        yield Check("leftovers", False, told, "`baton doctor --repair` clears them away.")


def _copies(path: Path) -> Iterator[Check]:
    for copy in copies(path):
        says = f"{copy.name} ({copy.stat().st_size / 2**20:.0f} MB) is the archive from before an upgrade"
        yield Check("copy", True, says, "Remove it once all is well; baton erase and baton retention remove it too.")


def _log(archive: Archive) -> Check:
    verdict = Admissions.beside(archive).verify()
    if verdict.broken_at is None:
        return Check("audit log", True, f"{_counted(verdict.entries, 'entry', 'entries')}, each as it was written")
    says = f"entry {verdict.broken_at} of the audit log is not as it was written, or is missing"
    return Check("audit log", False, says, "The file was changed by hand; `baton audit` of a backup from before tells more.")


def _unfinished(archive: Archive) -> Iterator[Check]:
    """An import that stopped half-way: what it had finished is kept."""
    for run in archive.runs(limit=1):
        if run.finished_at is None:
            says = f"the last import, begun {run.started_at:%Y-%m-%d %H:%M} UTC, did not finish"
            yield Check("last import", False, says, "`baton ingest` of the same folders goes on where it stopped.")


def _waiting(archive: Archive) -> Check:
    held, failed = archive.held(), archive.failed()
    says = f"{len(held)} held for a person, {len(failed)} that could not be read"
    lines = [*_first([f"{h.file}: {h.hint}" for h in held]), *_first([f"{f.file}: {f.detail}" for f in failed])]
    return Check("set aside", True, says, "\n     ".join(lines))


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], f"and {more} more"] if more > 0 else lines


def _counted(number: int, what: str, many: str = "") -> str:
    return f"{number} {what}" if number == 1 else f"{number} {many or f'{what}s'}"
