"""What can be asked next, of this history: only what more of the evidence at hand speaks to."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Evidence
from ingest.archive.rows import StoredPassage

READ = 8
"""Passages found that a next question may be about; what ranks below speaks of something else."""
MOST = 3


def follow_ups(evidence: Evidence, cited: Sequence[StoredPassage]) -> tuple[str, ...]:
    """Questions about what was found beside what is cited: the paper, somebody else's words, what came later."""
    of = evidence.room.interactions
    used = {passage.id for passage in cited}
    others = [ranked.passage for ranked in evidence.ranked[:READ] if ranked.passage.id not in used]
    heard = {person.id for passage in cited if (person := of[passage.interaction_id].turns[passage.turn].person)}
    asked: list[str] = []
    for passage in others:
        source, turn = of[passage.interaction_id].source, of[passage.interaction_id].turns[passage.turn]
        if source.kind == "doc" and not any(of[p.interaction_id].source.kind == "doc" for p in cited):
            asked.append(f"What does {source.title} say about that?")
        elif turn.person and turn.person.name and turn.person.id not in heard:
            asked.append(f"What did {turn.person.name} say about that?")
    latest = max((on for p in cited if (on := of[p.interaction_id].source.occurred_on)), default=None)
    if latest and any((on := of[p.interaction_id].source.occurred_on) and on > latest for p in others):
        asked.insert(0, f"What was said about that after {latest.day} {latest:%B}?")
    return tuple(dict.fromkeys(asked))[:MOST]
