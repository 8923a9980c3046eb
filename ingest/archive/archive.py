"""The archive as everybody else sees it: one class, each part of which is a module of its own."""

from __future__ import annotations

from ingest.archive.accounts import Accounts
from ingest.archive.alternates import Alternates
from ingest.archive.changes import Changes
from ingest.archive.decisions import Decisions
from ingest.archive.embeddings import Embeddings
from ingest.archive.erasing import Erasing
from ingest.archive.expiring import Expiring
from ingest.archive.feedback import Feedback
from ingest.archive.gone import GoneAtSource
from ingest.archive.inputs import Inputs
from ingest.archive.interactions import Interactions
from ingest.archive.people import People
from ingest.archive.promises import Promises
from ingest.archive.readings import Readings
from ingest.archive.restrictions import Restrictions
from ingest.archive.reviews import Reviews
from ingest.archive.shelf import Shelf
from ingest.archive.storing import Storing
from ingest.archive.sweeping import Sweeping
from ingest.archive.tombstones import Tombstones
from ingest.archive.traces import Tracing
from ingest.archive.words import Words


class Archive(
    Changes, Accounts, People, Interactions, Storing, Alternates, Embeddings, Words, Inputs, Decisions, Shelf, Reviews, Readings,
    Promises, Feedback, Restrictions, Tombstones, Tracing, Erasing, Sweeping, Expiring, GoneAtSource,
):  # fmt: skip
    """The truth. Open it with `Archive.open(home)`, or to change it with `Archive.open(home, write=True)`.

    Reads take a `Scope` and show nothing outside it. Each write is a transaction of its own unless it stands inside
    `with archive.transaction():`.
    """
