"""Weights of what the signed paper says about a promise, in the order of `assistant.signed.NAMES`, as `python -m eval.papers --fit`
prints them. Fitted on the worked papers of `data/sentences/papers.txt` and on twelve labelled deals of `data/`; on no public set."""

from __future__ import annotations

WEIGHTS: tuple[float, ...] = (
    2.276,  # there
    1.23,  # back
    2.427,  # whole
    2.92,  # setting
    1.68,  # shared
    0.837,  # heading
    1.478,  # concept
    0.075,  # counted
    1.651,  # value
    -4.407,  # covered
    1.639,  # covered: by rule covered
    0.645,  # covered: same value
    -0.022,  # covered: better value
    0.0,  # covered: same day
    -0.042,  # covered: opposed
    1.018,  # covered: named
    -0.853,  # covered: unnamed
    -0.392,  # covered: unmet
    -2.772,  # contradicted
    1.18,  # contradicted: by rule contradicted
    0.364,  # contradicted: other value
    0.0,  # contradicted: other count
    0.0,  # contradicted: later day
    0.347,  # contradicted: charged
    0.584,  # contradicted: limited
    0.0,  # contradicted: elsewhere
    0.843,  # contradicted: hours
    0.0,  # contradicted: language
    0.586,  # contradicted: opposite
    -3.447,  # excluded
    1.451,  # excluded: by rule excluded
    0.05,  # excluded: excludes
    0.087,  # excluded: negates
    0.679,  # excluded: limits
)
