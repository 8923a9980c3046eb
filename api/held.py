"""What is held and what was decided about it as JSON; the command line and the HTTP interface give the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.archive.rows import Alias, Decision, Held, StoredAccount
    from ingest.deciding import Outcome


def held_json(held: Held) -> dict[str, Any]:
    return {
        "id": held.item,
        "file": held.file,
        "reason": held.reason,
        "hint": held.hint,
        "candidates": list(held.candidates),
        "kind": held.kind,
        "title": held.title,
        "occurred_at": held.occurred_at.isoformat() if held.occurred_at else None,
        "people": list(held.people),
        "teachable": {kind: list(values) for kind, values in held.teachable.items()},
    }


def decided_json(decision: Decision, account: StoredAccount | None, taught: Sequence[Alias]) -> dict[str, Any]:
    return {
        "id": decision.item,
        "file": decision.file,
        "title": decision.title,
        "account": {"id": account.id, "slug": account.slug, "name": account.name} if account else None,
        "decided_at": f"{decision.decided_at:%Y-%m-%dT%H:%M:%SZ}",
        "taught": [{"kind": alias.kind, "value": alias.value} for alias in taught if alias.taught_by == decision.item],
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    tally = outcome.tally
    return {
        "filed": outcome.filed,
        "gone": list(outcome.gone),
        "new": tally.new,
        "changed": tally.changed,
        "removed": tally.removed,
        "taught": [{"kind": alias.kind, "value": alias.value} for alias in outcome.taught],
        "held": [held_json(each) for each in tally.held],
    }
