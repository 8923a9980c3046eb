"""Weights of what the signed paper says about a promise, in the order of `assistant.laid_beside.NAMES`, as `python -m eval.papers --fit`
prints them. Fitted on the worked papers of `data/sentences/papers.txt` and on sixteen labelled deals of `data/`; on no public set."""

from __future__ import annotations

WEIGHTS: tuple[float, ...] = (
    2.343,  # there
    0.819,  # back
    2.727,  # whole
    2.36,  # setting
    3.077,  # setting's words
    0.598,  # setting's matter
    1.205,  # shared
    0.92,  # heading
    0.889,  # concept
    2.572,  # matter
    0.998,  # value
    0.528,  # very day
    0.535,  # large sum
    1.133,  # nearest
    0.812,  # goes live
    -4.691,  # covered
    0.555,  # covered: by rule covered
    0.974,  # covered: same value
    0.623,  # covered: very day
    0.535,  # covered: large sum
    0.293,  # covered: named
    0.0,  # covered: opposed
    -0.645,  # covered: unnamed
    -0.292,  # covered: unmet
    -0.533,  # covered: limits
    -1.526,  # covered: unsure
    -1.227,  # covered: bare
    -0.747,  # covered: says more
    -0.05,  # covered: other matter
    -4.001,  # contradicted
    0.911,  # contradicted: other value
    0.0,  # contradicted: other count
    0.333,  # contradicted: later day
    0.799,  # contradicted: charged
    0.562,  # contradicted: limited
    0.0,  # contradicted: elsewhere
    0.909,  # contradicted: hours
    0.0,  # contradicted: language
    0.779,  # contradicted: opposite
    0.508,  # contradicted: live later
    1.216,  # contradicted: other in short
    0.555,  # contradicted: all of it
    -0.352,  # contradicted: unsure
    0.0,  # contradicted: bare
    -4.147,  # excluded
    1.131,  # excluded: by rule excluded
    0.19,  # excluded: negates
    0.958,  # excluded: limits
)
