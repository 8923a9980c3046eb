"""English words that say nothing about what a text is about; left out of keyword queries and of stored token vectors."""

from __future__ import annotations

_WORDS = """
a about above after again against all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each either else ever few for from further get gets getting give given go
goes going got had has have having he her here hers herself him himself his how i if in into is it its itself just let
like lot many may me might more most much must my myself no nor not now of off oh ok okay on once one only onto or other
ought our ours ourselves out over own please quite rather really same shall she should since so some such tell than that
the their theirs them themselves then there these they this those though through to too um uh under until up upon us
very was we well were what when where whether which while who whom whose why will with within without would yeah yes yet
you your yours yourself yourselves s t d ll m re ve don didn doesn isn aren wasn weren hasn haven hadn won wouldn couldn
shouldn
"""

STOPWORDS = frozenset(_WORDS.split())
