"""The failures a person can do something about; each says so in its message. Everything else is a fault of ours."""

from __future__ import annotations

from ingest.archive.changes import Itself, NameTaken, NotMerged
from ingest.archive.errors import AmbiguousAccount, DiskTrouble, HomeBusy, HomeTooNew, HomeTooOld, HomeUnreadable, NotThere, ReadOnly
from ingest.backup import ErasureUnderWay, HomeInTheWay, NotABackup, NothingToKeep
from ingest.changing import SeveralPeople
from ingest.deciding import CannotTeach, SeveralHeld
from ingest.erased import WasErased
from ingest.reading import NothingThere
from ingest.settings import BadSettings
from ingest.sync import NothingToRead, NotOurs

KNOWN: tuple[type[Exception], ...] = (
    NotThere, AmbiguousAccount, HomeBusy, HomeTooNew, HomeTooOld, HomeUnreadable, DiskTrouble, ReadOnly, NothingThere, NothingToRead,
    NotOurs, BadSettings, WasErased, SeveralHeld, CannotTeach, NameTaken, NotMerged, Itself, SeveralPeople, NotABackup,
    NothingToKeep, HomeInTheWay, ErasureUnderWay,
)  # fmt: skip
