"""Whether a claim's support means what it says: of claims said to be right three times in ten, three in ten are.

A claim is right here when its first citation is among the labelled evidence of its question; a good source that nobody labelled counts
against it, and so does everything said to a question that has no answer.

With few claims chance alone puts bins off the line, and the plain error reads high. Beside it stands one with the expected part of chance
taken off (the normal approximation of Kumar, Liang and Ma, "Verified Uncertainty Calibration", 2019, in closed form), what claims that
mean what they say would be off by at that count, and how often they would be off by as much (Bröcker and Smith, "Increasing the
Reliability of Reliability Diagrams", 2007: outcomes drawn anew from what was said).
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from string import ascii_uppercase
from typing import Any, NamedTuple

from eval.questions import JudgedQuestion

BINS = 5
DIAGRAM_WIDE, DIAGRAM_HIGH = 41, 11
"""Characters and lines."""


DRAWS, SEED = 2000, 7
_Z = 1.96


class Bin(NamedTuple):
    said: float
    """Mean support of the claims in it."""
    right: float
    claims: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % bounds of `right` (Wilson)."""
        spread = _Z * _Z / self.claims
        middle = (self.right + spread / 2) / (1 + spread)
        reach = _Z / (1 + spread) * math.sqrt(self.right * (1 - self.right) / self.claims + spread / (4 * self.claims))
        return round(max(0.0, middle - reach), 4), round(min(1.0, middle + reach), 4)

    @property
    def excess(self) -> float:
        """By how much chance is expected to lift the distance of `right` from `said`: a bin that agrees by luck counts as off, too."""
        off, spread = abs(self.said - self.right), math.sqrt(self.right * (1 - self.right) / self.claims)
        if not spread:
            return 0.0
        below = 0.5 * math.erfc(off / spread / math.sqrt(2))
        return spread * math.sqrt(2 / math.pi) * math.exp(-0.5 * (off / spread) ** 2) + off * (1 - 2 * below) - off


class Reliability(NamedTuple):
    bins: tuple[Bin, ...]
    """Of about the same number of claims each, the least sure first: the reliability diagram."""
    error: float
    """Expected calibration error: how far what is said lies from what is right, by claim."""
    claims: int

    @property
    def debiased(self) -> float:
        """The error with the expected part of chance taken off."""
        return round(max(0.0, self.error - sum(bin.claims * bin.excess for bin in self.bins) / self.claims), 4)

    @property
    def by_chance(self) -> float:
        """What as many claims that mean what they say would be off by on average."""
        spreads = (bin.claims * math.sqrt(bin.said * (1 - bin.said) / bin.claims) for bin in self.bins)
        return round(math.sqrt(2 / math.pi) * sum(spreads) / self.claims, 4)

    @property
    def chance(self) -> float:
        """How often such claims would be off by this much or more."""
        draw = random.Random(SEED)
        return round(sum(self._drawn(draw) >= self.error for _ in range(DRAWS)) / DRAWS, 4)

    def _drawn(self, draw: random.Random) -> float:
        """The error of a draw; a bin's count is drawn from the normal that its binomial is near to."""
        off = (bin.claims * abs(draw.gauss(0, math.sqrt(bin.said * (1 - bin.said) / bin.claims))) for bin in self.bins)
        return sum(off) / self.claims

    def as_json(self) -> dict[str, Any]:
        return {
            "error": self.error,
            "debiased": self.debiased,
            "by_chance": self.by_chance,
            "chance": self.chance,
            "claims": self.claims,
            "bins": [{**bin._asdict(), "interval": list(bin.interval)} for bin in self.bins],
        }


def reliability(rows: Iterable[JudgedQuestion]) -> Reliability | None:
    """None where no claim says how sure it is."""
    return of_pairs([pair for _, _, pair in _claims(rows)])


def reliability_by(rows: Iterable[JudgedQuestion]) -> dict[str, dict[str, Reliability]]:
    """By `deal`, and by `kind` of the first source; of each the one with most claims first."""
    parts: dict[str, defaultdict[str, list[tuple[float, bool]]]] = {"deal": defaultdict(list), "kind": defaultdict(list)}
    for deal, kind, pair in _claims(rows):
        parts["deal"][deal].append(pair)
        parts["kind"][kind].append(pair)
    found = {part: {name: one for name, pairs in named.items() if (one := of_pairs(pairs))} for part, named in parts.items()}
    return {part: dict(sorted(named.items(), key=lambda pair: -pair[1].claims)) for part, named in found.items()}


def _claims(rows: Iterable[JudgedQuestion]) -> Iterator[tuple[str, str, tuple[float, bool]]]:
    for row in rows:
        for c in row.citations:
            if c.cited.support is not None:
                yield row.deal, c.cited.kind, (c.cited.support, bool(c.evidence))


def of_pairs(pairs: Sequence[tuple[float, bool]]) -> Reliability | None:
    ordered = sorted(pairs, key=lambda pair: pair[0])
    if not ordered:
        return None
    said = [one for one, _ in ordered]
    # Claims that say the same are not parted: their order is chance, and each part of them would be off by it.
    cuts = [0, *(bisect_right(said, said[max(round(len(said) * i / BINS) - 1, 0)]) for i in range(1, BINS + 1))]
    parts = [ordered[a:b] for a, b in pairwise(cuts) if b > a]
    bins = tuple(Bin(_mean([said for said, _ in part]), _mean([float(right) for _, right in part]), len(part)) for part in parts)
    error = sum(bin.claims * abs(bin.said - bin.right) for bin in bins) / len(ordered)
    return Reliability(bins, round(error, 4), len(ordered))


def from_json(found: Mapping[str, Any]) -> Reliability:
    """What `Reliability.as_json` made."""
    return Reliability(tuple(Bin(bin["said"], bin["right"], bin["claims"]) for bin in found["bins"]), found["error"], found["claims"])


def told_of(found: Reliability) -> str:
    return (
        f"Off by {found.error:.3f} over {found.claims} claims, {found.debiased:.3f} with the expected part of chance taken off. As many "
        f"claims that mean what they say would be off by {found.by_chance:.3f} on average, and {100 * found.chance:.0f} % of the time by "
        "this much or more."
    )


def diagram(found: Reliability) -> list[str]:
    """Right against said, a letter a fifth from the least sure on; on the dotted line claims are right as often as they say."""
    top = max(0.2, *(max(bin.said, bin.right) for bin in found.bins))
    rows = [[" "] * DIAGRAM_WIDE for _ in range(DIAGRAM_HIGH)]

    def put(said: float, right: float, mark: str) -> None:
        across, up = round(said / top * (DIAGRAM_WIDE - 1)), round(right / top * (DIAGRAM_HIGH - 1))
        rows[DIAGRAM_HIGH - 1 - up][across] = mark

    for step in range(DIAGRAM_WIDE):
        put(step / (DIAGRAM_WIDE - 1) * top, step / (DIAGRAM_WIDE - 1) * top, "·")
    for bin, letter in zip(found.bins, ascii_uppercase, strict=False):
        put(bin.said, bin.right, letter)
    scale = [f"{top:.1f}", *[""] * (DIAGRAM_HIGH - 2), "0.0"]
    drawn = [f"{mark:>3} |{''.join(row)}".rstrip() for mark, row in zip(scale, rows, strict=True)]
    return [*drawn, f"    +{'-' * DIAGRAM_WIDE} {top:.1f}", "     right (up) against said (across), A the least sure fifth"]


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)
