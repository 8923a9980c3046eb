"""Weights of what the signed paper says about a promise, in the order of `assistant.signed.NAMES`, as `python -m eval.papers --fit`
prints them. Fitted on the worked papers of `data/sentences/papers.txt` and on twelve labelled deals of `data/`; on no public set."""

from __future__ import annotations

WEIGHTS: tuple[float, ...] = (
    2.257,  # there
    1.017,  # back
    2.462,  # whole
    2.83,  # setting
    1.734,  # shared
    0.805,  # heading
    1.502,  # concept
    0.24,  # counted
    1.702,  # value
    -4.253,  # covered
    1.394,  # covered: by rule covered
    0.728,  # covered: same value
    -0.047,  # covered: better value
    0.0,  # covered: same day
    0.06,  # covered: opposed
    0.851,  # covered: named
    -0.95,  # covered: unnamed
    0.777,  # covered: unmet
    -2.767,  # contradicted
    1.169,  # contradicted: by rule contradicted
    0.416,  # contradicted: other value
    0.0,  # contradicted: other count
    0.0,  # contradicted: later day
    0.397,  # contradicted: charged
    0.619,  # contradicted: limited
    0.0,  # contradicted: elsewhere
    0.895,  # contradicted: hours
    0.0,  # contradicted: language
    0.52,  # contradicted: opposite
    -3.355,  # excluded
    1.586,  # excluded: by rule excluded
    0.113,  # excluded: excludes
    -0.001,  # excluded: negates
    0.696,  # excluded: limits
)
