"""Runs of ingestion, what was set aside, and what is held until somebody decides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.shapes.accounts import AccountRef
from api.shapes.base import Given, Sent


class RunShape(Given):
    """One `baton ingest`; `finished_at` is null where it is running or was killed."""

    id: str
    started_at: str
    finished_at: str | None
    new: int
    changed: int
    unchanged: int
    removed: int
    held: int
    failed: int


class FailedInput(Given):
    file: str
    line: int | None
    reason: str
    detail: str


class HeldShape(Given):
    """Something no account could be found for: `teachable` says by which of its marks others like it could be placed by themselves."""

    id: str
    file: str
    reason: str
    hint: str
    candidates: list[str]
    kind: str
    title: str
    occurred_at: str | None
    people: list[str]
    teachable: dict[str, list[str]]


class HeldPage(Given):
    items: list[HeldShape]


class ImportRequest(Sent):
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(description="A name of `[imports]` in baton.toml.")


class ImportReport(Given):
    """What `baton ingest --json` prints."""

    new: int
    changed: int
    unchanged: int
    removed: int
    held: list[HeldShape]
    failed: list[FailedInput]
    seconds: float


class ImportShape(Given):
    """An import by the server. While it runs, `stage` is reading, filing or embedding, or what it reads off what is new, with `done` of
    `total`; `report` is there once it is done."""

    id: str
    source: str
    state: Literal["running", "done", "stopped", "failed"]
    stage: str | None
    done: int
    total: int
    started_at: str
    finished_at: str | None
    detail: str | None = Field(description="Why it stopped or failed.")
    report: ImportReport | None


class ImportSource(Given):
    """`there` is false where the settings name a folder that does not exist."""

    name: str
    there: bool


class PullShape(Given):
    """The last pull that changed something: when it ended, how many records it looked at, how many files it changed and took away."""

    at: str
    asked: int
    changed: int
    removed: int


class PulledSource(Given):
    """A tool that `baton pull` asks. `trouble` is why the last pull did not get through, until one does; `waiting` counts what was pulled
    and is not taken in yet."""

    source: str
    connected: bool
    needs: list[str] = Field(description="Variables of the environment that hold its credentials; each may be a file instead.")
    since: str | None = Field(description="The day before which nothing is asked for.")
    last: PullShape | None
    trouble: str | None
    trouble_at: str | None
    waiting: int
    kept: dict[str, int] = Field({}, description="Of each kind, how much of what it gave is in the archive today.")


class ImportPage(Given):
    """Newest run first; `inputs` counts the groups of files read by format, `failed` is what is set aside today, `sources` are the folders
    that can be imported from here, `pulled` the tools that can be asked over the network, `last_pull_at` is when this server asked them by
    itself last, whether anything was new or not, `next_pull_at` when it does next, `running` the import that is under way."""

    items: list[RunShape]
    inputs: dict[str, int]
    held: int
    failed: list[FailedInput]
    sources: list[ImportSource] = []
    pulled: list[PulledSource] = []
    last_pull_at: str | None = None
    next_pull_at: str | None = None
    running: ImportShape | None = None


class ImportProgress(Given):
    """One event of an import as a stream: all there is to say of it by then."""

    seq: int
    type: Literal["import.progress", "import.completed"]
    # its field cannot be named as Python's word is
    import_: ImportShape = Field(alias="import")


class TaughtShape(Given):
    kind: str
    value: str


class DecidedShape(Given):
    id: str
    file: str
    title: str
    account: AccountRef | None
    decided_at: str
    taught: list[TaughtShape]


class DecidedPage(Given):
    items: list[DecidedShape]


class HeldAssigned(Sent):
    account: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    new: bool = Field(False, description="Make the account, where none goes by that name.")
    teach: Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(max_length=20)] = Field(
        [], description="`domain`, `contact`, `person`, `channel` or `folder`, each with `=VALUE` where there are several."
    )


class HeldOutcome(Given):
    """`filed` is false where the file is no longer there: the decision holds when it comes back."""

    filed: bool
    gone: list[str]
    new: int
    changed: int
    removed: int
    taught: list[TaughtShape]
    held: list[HeldShape]
