"""One file that holds a home, and a home from such a file.

What is in it: the archive as it was at one moment, `baton.toml` and the layouts. Not in it: vectors, which are made again from the archive,
and key files, which belong where secrets are kept. A restored home is whole and checked before it takes the place of another.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.archive.archive import Archive
from ingest.archive.copying import copy_database
from ingest.archive.database import FILE, HEAD, holds_archive
from ingest.archive.errors import HomeUnreadable
from ingest.archive.scope import EVERYTHING
from ingest.doctor import Check, examine
from ingest.settings import FILE as SETTINGS

MANIFEST = "manifest.json"
FORMAT = 1
LAYOUTS = "layouts"
CHUNK = 1 << 20


class NotABackup(Exception):
    """The file is none of ours, cut off or altered; nothing was changed."""


class NothingToKeep(Exception):
    """There is no archive to make a backup of."""


class HomeInTheWay(Exception):
    """Where a backup is to be restored, there is a home already."""


@dataclass(frozen=True, slots=True)
class Kept:
    file: Path
    bytes: int
    accounts: int
    interactions: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Restored:
    kept: Kept
    replaced: Path | None
    """Where the home that was there before lies now."""
    checks: tuple[Check, ...]
    """What `baton doctor` says of the restored home."""


def back_up(home: Path, file: Path) -> Kept:
    """Writes `file` whole or not at all; an older one of that name is replaced at the end.

    The home may be served or added to meanwhile. Raises NothingToKeep, DiskTrouble and HomeUnreadable.
    """
    if not holds_archive(home):
        raise NothingToKeep(f"{home} holds no archive yet; there is nothing to make a backup of.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".baton-backup-", dir=file.parent) as folder:
        database, packed = Path(folder) / FILE, Path(folder) / "packed.zip"
        copy_database(home, database)
        accounts, interactions = _counts(Path(folder))
        parts = {FILE: database, **{name: home / name for name in _settings_of(home)}}
        made_at = datetime.now(UTC).replace(microsecond=0)
        manifest = {
            "format": FORMAT,
            "revision": HEAD,
            "made_at": made_at.isoformat(),
            "accounts": accounts,
            "interactions": interactions,
            "files": {name: {"bytes": part.stat().st_size, "sha256": _sha256(part)} for name, part in parts.items()},
        }
        packed.touch(mode=0o600)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for name, part in parts.items():
                bundle.write(part, name)
        packed.replace(file)
    return Kept(file, file.stat().st_size, accounts, interactions, made_at)


def restore(file: Path, home: Path, *, replace: bool = False) -> Restored:
    """Makes `home` what it was when the backup was made; an older archive is migrated, the indexes are made again.

    With `replace` a home that is there is put aside whole, not deleted. Raises NotABackup, HomeInTheWay, HomeTooNew and HomeBusy, and
    leaves everything as it was then.
    """
    occupied = home.exists() and any(home.iterdir())
    if occupied and not replace:
        raise HomeInTheWay(f"{home} is not empty; restore into another folder with --home, or let --replace put what is there aside.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with _making(home) as fresh:
        kept = _unpack(file, fresh)
        with Archive.open(fresh, write=True) as archive:  # migrates, and refuses what a newer Baton made
            if damage := archive.sound():
                raise NotABackup(f"the archive in {file} is damaged: {'; '.join(damage)[:200]}")
        replaced = _put_aside(home) if occupied else None
        if home.exists():
            home.rmdir()
        fresh.rename(home)
    return Restored(kept, replaced, examine(home, repair=True).checks)


@contextmanager
def _making(home: Path) -> Iterator[Path]:
    """A folder beside the home, removed again unless it has become the home."""
    fresh = Path(tempfile.mkdtemp(prefix=f".{home.name.lstrip('.')}-restoring-", dir=home.parent))
    try:
        yield fresh
    finally:
        if fresh.exists():
            shutil.rmtree(fresh)


def _unpack(file: Path, into: Path) -> Kept:
    try:
        with zipfile.ZipFile(file) as bundle:
            manifest = json.loads(bundle.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise NotABackup(f"{file} was made by a Baton whose backups this one does not know; install that version or a later one.")
            for name, said in manifest["files"].items():
                _take(bundle, name, said, into)
        return Kept(file, file.stat().st_size, manifest["accounts"], manifest["interactions"], datetime.fromisoformat(manifest["made_at"]))
    except OSError as error:
        raise NotABackup(f"cannot read {file}: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as error:
        raise NotABackup(f"{file} is no backup of Baton's, or not all of it: {error}.") from None


def _take(bundle: zipfile.ZipFile, name: str, said: dict[str, object], into: Path) -> None:
    """One file, if it is one that a home has and is what the manifest says it is."""
    parts = PurePosixPath(name).parts
    if name not in {FILE, SETTINGS} and not (len(parts) == 2 and parts[0] == LAYOUTS and parts[1].endswith(".toml")):
        raise ValueError(f"{name!r} does not belong in one")
    target = into.joinpath(*parts)
    target.parent.mkdir(exist_ok=True)
    hashed, size = hashlib.sha256(), 0
    with bundle.open(name) as packed, target.open("xb") as out:
        target.chmod(0o600)
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > int(str(said["bytes"])):
                break
            hashed.update(chunk)
            out.write(chunk)
    if size != said["bytes"] or hashed.hexdigest() != said["sha256"]:
        raise ValueError(f"{name} is not what was put into it")


def _put_aside(home: Path) -> Path:
    if holds_archive(home):
        with suppress(HomeUnreadable):  # a broken one is why people restore
            Archive.open(home, write=True).close()  # nobody else is at it
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = home.with_name(f"{home.name}.before-restore-{stamp}")
    home.rename(aside)
    return aside


def _settings_of(home: Path) -> list[str]:
    layouts = sorted(f"{LAYOUTS}/{file.name}" for file in (home / LAYOUTS).glob("*.toml") if file.is_file())
    return [*([SETTINGS] if (home / SETTINGS).is_file() else []), *layouts]


def _counts(folder: Path) -> tuple[int, int]:
    with Archive.open(folder) as archive:
        return len(archive.accounts(EVERYTHING)), len(archive.sources(EVERYTHING))


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
