"""What one run of ingestion did, as JSON; the command line and the HTTP interface give the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.held import held_json

if TYPE_CHECKING:
    from ingest.outcomes import FileOutcome
    from ingest.tally import Tally


def tally_json(tally: Tally) -> dict[str, object]:
    return {
        "new": tally.new,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "removed": tally.removed,
        "held": [held_json(each) for each in tally.held],
        "dismissed": tally.dismissed,
        "failed": [{"file": f.file, "line": f.line, "reason": f.reason, "detail": f.detail} for f in tally.failed],
        "notes": [{"file": n.file, "line": n.line, "reason": n.reason, "detail": n.detail} for n in tally.notices],
        "erased": tally.erased,
        "expired": tally.expired,
        "embedded": tally.embedded,
        "degraded": list(tally.degraded),
        "lacking": [
            {
                "account": each.account,
                "calls_without_transcript": [
                    {"id": call.id, "title": call.title, "on": call.occurred_on and call.occurred_on.isoformat(), "tool": call.tool}
                    for call in each.unheard
                ],
                "silent_months": list(each.silent),
            }
            for each in tally.lacking
        ],
        "seconds": tally.seconds,
        "inputs": [_file_json(each) for each in tally.inputs],
    }


def _file_json(file: FileOutcome) -> dict[str, object]:
    return {
        "file": file.file,
        "format": file.format,
        "state": file.state,
        "reason": file.reason,
        "detail": file.detail,
        "records": file.records,
        "items": [
            {
                "file": item.file,
                "state": item.state,
                "reason": item.reason,
                "detail": item.detail,
                "counted": item.counted,
                "id": item.id or None,
                "same_as": item.same_as,
                "account": item.account or None,
                "kind": item.kind or None,
                "title": item.title or None,
                "on": item.on and item.on.isoformat(),
                "tool": item.tool or None,
                "native_id": item.native_id or None,
            }
            for item in file.items
        ],
    }
