"""A bias and weights of features by their names, as `eval` fits and writes them, and the chance that a set of features comes to."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, fsum
from pathlib import Path

MOST = 30.0
"""Log-odds beyond which a chance is as good as certain."""


@dataclass(frozen=True, slots=True)
class NamedWeights:
    bias: float
    weights: Mapping[str, float]

    def odds(self, found: Collection[str]) -> float:
        """Logarithms of them; a feature without a weight says nothing. The same in every process, in whatever order the set is."""
        return fsum((self.bias, *(self.weights[feature] for feature in found if feature in self.weights)))

    def chance(self, found: Collection[str]) -> float:
        """0 to 1."""
        return 1 / (1 + exp(-max(-MOST, min(MOST, self.odds(found)))))


@cache
def named_weights(file: Path) -> NamedWeights:
    kept = json.loads(file.read_text("utf-8"))
    return NamedWeights(kept["bias"], kept["weights"])


def write_weights(found: NamedWeights, file: Path) -> None:
    """A line a weight, so that a diff shows what moved."""
    body = {"bias": found.bias, "weights": dict(sorted(found.weights.items()))}
    file.write_text(json.dumps(body, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
