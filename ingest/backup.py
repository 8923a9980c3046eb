"""One file that holds a home, and a home from such a file.

What is in it: the archive as it was at one moment, `baton.toml` and the layouts. Not in it: vectors, which are made again from the archive,
and key files, which belong where secrets are kept. A restored home is whole and checked before it takes the place of another.
Nothing is kept of an erasure that is not finished: until its last step the database's file may still hold what was taken out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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
from ingest.erasure_note import PENDING
from ingest.settings import FILE as SETTINGS
from ingest.wiring import open_home

MANIFEST = "manifest.json"
FORMAT = 1
LAYOUTS = "layouts"
CHUNK = 1 << 20
_NONE_OF_OURS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, EOFError, RuntimeError,
)  # fmt: skip
"""What reading a file raises that is damaged, locked with a password, or somebody else's."""


class NotABackup(Exception):
    """The file is none of ours, cut off or altered; nothing was changed."""


class NothingToKeep(Exception):
    """There is no archive to make a backup of."""


class ErasureUnderWay(Exception):
    """Somebody is erasing, or began to and was cut short: a copy of now would keep what is to be nowhere."""


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

    The home may be served or added to meanwhile. An erasure that was cut short is finished first. Raises NothingToKeep, ErasureUnderWay,
    DiskTrouble and HomeUnreadable.
    """
    if not holds_archive(home):
        raise NothingToKeep(f"{home} holds no archive yet; there is nothing to make a backup of.")
    if (home / PENDING).exists():
        open_home(home).close()  # finishes it, unless another process is at it or holds the home
    _refuse_while_erasing(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".baton-backup-", dir=file.parent) as folder:
        database, packed = Path(folder) / FILE, Path(folder) / "packed.zip"
        copy_database(home / FILE, database)
        _refuse_while_erasing(home)  # one that began meanwhile may have been half done in what was copied
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
        with packed.open("r+b") as written:
            os.fsync(written.fileno())  # before it takes the place of an older one that is whole
        packed.replace(file)
    return Kept(file, file.stat().st_size, accounts, interactions, made_at)


def _refuse_while_erasing(home: Path) -> None:
    if (home / PENDING).exists():
        raise ErasureUnderWay(
            f"something is being erased from {home}, and a backup of now would keep it. Wait until that has ended; if it was cut short, "
            "stop the server and run baton doctor, which finishes it."
        )


def restore(file: Path, home: Path, *, replace: bool = False) -> Restored:
    """Makes `home` what it was when the backup was made; an older archive is migrated, the indexes are made again.

    With `replace` a home that is there is put aside whole, not deleted: beside it, or inside it where it cannot be moved because
    something is mounted on it or its parent cannot be written. Raises NotABackup, HomeInTheWay, HomeTooNew and HomeBusy, and leaves
    everything as it was then.
    """
    occupied = home.exists() and any(home.iterdir())
    if occupied and not replace:
        raise HomeInTheWay(f"{home} is not empty; restore into another folder with --home, or let --replace put what is there aside.")
    home.parent.mkdir(parents=True, exist_ok=True)
    stays = home.exists() and (os.path.ismount(home) or not os.access(home.parent, os.W_OK))
    with _making(home, inside=stays) as fresh:
        kept = _unpack(file, fresh)
        with Archive.open(fresh, write=True) as archive:  # migrates, and refuses what a newer Baton made
            if damage := archive.sound():
                raise NotABackup(f"the archive in {file} is damaged: {'; '.join(damage)[:200]}")
        replaced = _put_aside(home, fresh if stays else None) if occupied else None
        if stays:
            _move_in(fresh, home)
        else:
            if home.exists():
                home.rmdir()
            fresh.rename(home)
    return Restored(kept, replaced, examine(home, repair=True).checks)


@contextmanager
def _making(home: Path, *, inside: bool) -> Iterator[Path]:
    """A folder beside the home or in it, removed again unless it has become the home."""
    fresh = Path(tempfile.mkdtemp(prefix=f".{home.name.lstrip('.')}-restoring-", dir=home if inside else home.parent))
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
            if FILE not in manifest["files"]:
                raise ValueError(f"there is no {FILE} in it")
            for name, said in manifest["files"].items():
                _take(bundle, name, said, into)
        return Kept(file, file.stat().st_size, manifest["accounts"], manifest["interactions"], datetime.fromisoformat(manifest["made_at"]))
    except OSError as error:
        raise NotABackup(f"cannot read {file}: {error.strerror or error}.") from None
    except _NONE_OF_OURS as error:
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


def _put_aside(home: Path, fresh: Path | None) -> Path:
    """All of it but `fresh`, if that lies in it: the home is to stay where it is then."""
    if holds_archive(home):
        with suppress(HomeUnreadable):  # a broken one is why people restore
            Archive.open(home, write=True).close()  # nobody else is at it
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    if fresh is None:
        aside = home.with_name(f"{home.name}.before-restore-{stamp}")
        home.rename(aside)
        return aside
    aside = home / f"before-restore-{stamp}"
    aside.mkdir(mode=0o700)
    _move_in(home, aside, but=(fresh, aside))
    return aside


def _move_in(folder: Path, to: Path, but: Sequence[Path] = ()) -> None:
    """The archive last, so that there is a home only when all of it is there."""
    for each in sorted(folder.iterdir(), key=lambda path: (path.name == FILE, path.name)):
        if each not in but:
            each.rename(to / each.name)


def _settings_of(home: Path) -> list[str]:
    layouts = sorted(f"{LAYOUTS}/{file.name}" for file in (home / LAYOUTS).glob("*.toml") if file.is_file())
    return [*([SETTINGS] if (home / SETTINGS).is_file() else []), *layouts]


def _counts(folder: Path) -> tuple[int, int]:
    with Archive.open(folder) as archive:
        return len(archive.accounts(EVERYTHING)), len(archive.sources(EVERYTHING))


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
