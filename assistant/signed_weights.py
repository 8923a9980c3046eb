"""Weights of what the signed paper says about a promise, in the order of `assistant.signed.NAMES`, as `python -m eval.papers --fit`
prints them. Fitted on the worked papers of `data/sentences/papers.txt` and on six labelled deals of `data/`; on no public set."""

from __future__ import annotations

WEIGHTS: tuple[float, ...] = (
    2.61,  # there
    0.865,  # back
    2.62,  # whole
    2.9,  # setting
    1.414,  # shared
    0.371,  # heading
    1.665,  # concept
    0.49,  # counted
    0.226,  # value
    -3.866,  # covered
    1.292,  # covered: by rule covered
    1.246,  # covered: same value
    -0.312,  # covered: better value
    0.0,  # covered: same day
    0.026,  # covered: opposed
    1.035,  # covered: named
    -1.619,  # covered: unnamed
    -1.573,  # covered: unmet
    -2.377,  # contradicted
    1.396,  # contradicted: by rule contradicted
    0.035,  # contradicted: other value
    0.0,  # contradicted: other count
    0.0,  # contradicted: later day
    0.221,  # contradicted: charged
    0.748,  # contradicted: limited
    0.528,  # contradicted: elsewhere
    0.0,  # contradicted: hours
    0.0,  # contradicted: language
    0.724,  # contradicted: opposite
    -3.06,  # excluded
    1.577,  # excluded: by rule excluded
    -0.21,  # excluded: excludes
    0.602,  # excluded: negates
    0.487,  # excluded: limits
)
