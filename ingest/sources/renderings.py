"""Recognises transcripts that lie in one folder as one call seen several times: one gives the words, the others are named beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.records import Call, Failure, Participant

_RUN = 4
"""Words in a row that are compared."""
_ALIKE = 0.6
"""The share of runs that two renderings have in common; two meetings of the same people share next to none."""
_AS_FULL = 0.9
"""A rendering with this share of the longest one's words counts as whole."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One call: the rendering whose words are taken, with what the others know better, and the others."""

    call: Call
    others: tuple[Call, ...] = ()

    def notices(self) -> list[Failure]:
        detail = f"This is {self.call.title!r} once more; its words are read from {self.call.file}, where more is known about them."
        return [Failure(other.file, "same_call", detail) for other in self.others]


def merged(calls: Sequence[Call]) -> list[Rendered]:
    """The calls, each once, in order of their first rendering. A call without words is left alone."""
    clusters: list[list[Call]] = []
    seen: dict[int, int] = {}
    for call in calls:
        runs = _runs(call)
        found = Counter(seen[run] for run in runs if run in seen)
        at, shared = found.most_common(1)[0] if found else (-1, 0)
        if at >= 0 and shared >= _ALIKE * min(len(runs), len(_runs(clusters[at][0]))):
            clusters[at].append(call)
        else:
            at = len(clusters)
            clusters.append([call])
        for run in runs:
            seen.setdefault(run, at)
    return [_rendered(cluster) for cluster in clusters]


def _rendered(cluster: Sequence[Call]) -> Rendered:
    most = max(_length(call) for call in cluster)
    best = max(
        cluster,
        key=lambda call: (
            _length(call) >= _AS_FULL * most,
            sum(len(turn.marks) for turn in call.turns),
            sum(turn.starts_s is not None for turn in call.turns),
            sum(bool(person.email) for person in call.participants),
        ),
    )
    others = tuple(call for call in cluster if call is not best)
    return Rendered(
        replace(
            best,
            occurred_at=best.occurred_at or next((call.occurred_at for call in others if call.occurred_at), None),
            url=best.url or next((call.url for call in others if call.url), ""),
            aliases=tuple(dict.fromkeys([*best.aliases, *(alias for call in others for alias in (call.url, *call.aliases) if alias)])),
            participants=_everybody(best.participants, *(call.participants for call in others)),
            duration_s=best.duration_s or next((call.duration_s for call in others if call.duration_s), None),
        ),
        others,
    )


def _everybody(*present: Sequence[Participant]) -> tuple[Participant, ...]:
    """By name and address, the first mention counts."""
    names: dict[str, Participant] = {}
    addresses: set[str] = set()
    for person in (person for each in present for person in each):
        if not person.email or person.email not in addresses:
            names.setdefault(person.name.casefold(), person)
        addresses.add(person.email)
    return tuple(names.values())


def _runs(call: Call) -> set[int]:
    words = re.findall(r"\w+", " ".join(turn.text for turn in call.turns if turn.role == "said").casefold())
    return {hash(tuple(words[at : at + _RUN])) for at in range(max(1, len(words) - _RUN + 1))} if words else set()


def _length(call: Call) -> int:
    return sum(len(turn.text) for turn in call.turns if turn.role == "said")
