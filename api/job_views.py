"""Jobs as the interface shows them: ids, counts and sentences of ours, no word of anybody's talk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ingest.archive.work import WORDS, Delivery, Job


def job_json(job: Job) -> dict[str, Any]:
    return {
        "number": job.number,
        "kind": job.kind,
        "state": job.state,
        "account_id": job.account_id,
        "about": {name: value for name, value in job.about.items() if name != WORDS},
        "tries": job.tries,
        "made_at": _moment(job.made_at),
        "due_at": _moment(job.due_at) if job.state == "waiting" else None,
        "ended_at": _moment(job.ended_at),
        "trouble": job.trouble or None,
        "result": dict(job.result),
    }


def delivery_json(one: Delivery) -> dict[str, Any]:
    told = {"id": one.id, "account_id": one.account_id, "brief": one.brief_id, "what": one.what, "channel": one.channel}
    return {**told, "began_at": _moment(one.began_at), "sent_at": _moment(one.sent_at)}


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
