"""Whether close events can come in and anybody is told, for `baton doctor`; nothing is sent to find out."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from api.hooks import load_hooks
from api.telling.channels import load_channels
from api.telling.words import many
from ingest.archive.archive import Archive
from ingest.archive.database import FILE as ARCHIVE
from ingest.archive.database import HEAD, holds_archive, revision_of
from ingest.archive.errors import HomeTooNew, HomeTooOld, HomeUnreadable
from ingest.archive.work import Work
from ingest.doctor import Check
from ingest.settings import BadSettings

HOW = "docs/close.md says how."


def examine_closing(home: Path) -> tuple[Check, ...]:
    return (_events(home), _delivery(home), *_jobs(home))


def _events(home: Path) -> Check:
    try:
        hooks, _ = load_hooks(home)
    except BadSettings as error:
        return Check("events", False, str(error), "Until it is put right no close event is taken in.")
    if not hooks:
        return Check("events", True, "no CRM tells this home when a deal closes", f"[hooks.NAME] in baton.toml sets it up; {HOW}")
    told = ", ".join(f"{hook.name} ({hook.kind}, {many(len(hook.secrets or hook.keys), 'secret')})" for hook in hooks.values())
    return Check("events", True, f"taken in at /api/v1/hooks/: {told}")


def _delivery(home: Path) -> Check:
    try:
        channels = load_channels(home)
    except BadSettings as error:
        return Check("delivery", False, str(error), "Until it is put right nobody is told of a brief.")
    if not channels:
        return Check("delivery", True, "nobody is told of a brief", f"[deliver.NAME] in baton.toml sets it up; {HOW}")
    if any(channel.kind == "slack" for channel in channels.values()) and find_spec("slack_sdk") is None:
        return Check("delivery", False, "Slack is set up, and its client is not installed", "pip install 'baton-handoff[slack]'")
    return Check("delivery", True, "told by " + ", ".join(f"{channel.name} ({channel.kind})" for channel in channels.values()))


def _jobs(home: Path) -> Iterator[Check]:
    try:
        if not holds_archive(home) or revision_of(home / ARCHIVE, home) != HEAD:
            return
    except (HomeTooNew, HomeTooOld, HomeUnreadable):
        return  # the check of the home has said so
    with Archive.open(home) as archive:
        counts = Work.beside(archive).count_jobs()
    failed = counts.get("failed", 0)
    says = f"{counts.get('waiting', 0)} waiting, {counts.get('done', 0)} done, {failed} failed"
    yield Check("jobs", not failed, says, "`baton jobs --failed` says why; replay or dismiss each." if failed else "")
