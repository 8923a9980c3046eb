"""Logistic regression with a ridge by Newton's method: for fits of some hundred features or fewer, in a few steps and to the last digit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST = 30.0
"""Log-odds beyond which a chance is as good as certain."""


def logistic(x: Floats, right: Floats, paid: Floats, *, counts: Floats | None = None, steps: int = 50) -> Floats:
    """A weight a column of `x`, a row an example; `right` is 1 or 0. `paid` is how dearly a column's weight is paid for (0 for a bias,
    whose column is all ones), `counts` how much an example counts."""
    many = np.ones(len(x)) if counts is None else counts
    weights: Floats = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -MOST, MOST)))
        bend = (x * (many * chance * (1 - chance))[:, None]).T @ x + np.diag(paid)
        weights = weights - np.linalg.solve(bend, x.T @ (many * (chance - right)) + paid * weights)
    return weights
