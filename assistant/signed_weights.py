"""Weights of what the signed paper says about a promise, in the order of `assistant.signed.NAMES`, as `python -m eval.papers --fit`
prints them. Fitted on the worked papers of `data/sentences/papers.txt` and on twelve labelled deals of `data/`; on no public set."""

from __future__ import annotations

WEIGHTS: tuple[float, ...] = (
    2.329,  # there
    0.824,  # back
    2.737,  # whole
    2.351,  # setting
    3.082,  # setting's words
    0.598,  # setting's matter
    1.207,  # shared
    0.919,  # heading
    0.889,  # concept
    2.57,  # matter
    0.999,  # value
    0.528,  # very day
    0.535,  # large sum
    1.134,  # nearest
    0.811,  # goes live
    -4.694,  # covered
    0.556,  # covered: by rule covered
    0.974,  # covered: same value
    0.623,  # covered: very day
    0.535,  # covered: large sum
    0.289,  # covered: named
    0.0,  # covered: opposed
    -0.647,  # covered: unnamed
    -0.29,  # covered: unmet
    -0.532,  # covered: limits
    -1.526,  # covered: unsure
    -1.225,  # covered: bare
    -0.745,  # covered: says more
    -0.05,  # covered: other matter
    -4.002,  # contradicted
    0.91,  # contradicted: other value
    0.0,  # contradicted: other count
    0.334,  # contradicted: later day
    0.797,  # contradicted: charged
    0.561,  # contradicted: limited
    0.0,  # contradicted: elsewhere
    0.907,  # contradicted: hours
    0.0,  # contradicted: language
    0.778,  # contradicted: opposite
    0.507,  # contradicted: live later
    1.211,  # contradicted: other in short
    0.554,  # contradicted: all of it
    -0.35,  # contradicted: unsure
    0.0,  # contradicted: bare
    -4.15,  # excluded
    1.137,  # excluded: by rule excluded
    0.185,  # excluded: negates
    0.93,  # excluded: limits
)
