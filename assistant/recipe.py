"""How a question is searched, in numbers: every weight in one place, so that an experiment changes one and leaves the rest.

All were set by hand on the three development deals; what earlier turns, the field's words and whole papers count, on the public sets
too. `eval.held_out` says how they do on a deal that had no part in choosing them.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ranking import Weights


@dataclass(frozen=True, slots=True)
class Recipe:
    meaning: bool = True
    """Search by embeddings as well as by words."""
    point: Weights = Weights(maxsim=1.0, maxsim_wide=0.35, words_wide=0.1, dense=0.3, length=0.15)
    """For a question whose answer stands in one place."""
    broad: Weights = Weights(words_led=1.0, words_stretch=1.0, meant_stretch=1.0, dense_stretch=1.0, dense_far=1.0)
    """For a question about a whole discussion."""
    voice: float = 0.7
    """There, what it counts beside these how much of the stretch a person says whom the question names."""
    long_talk: float = 1.0
    """What both together count beside a question for one place, in talk of half an hour and more, of which one turn tells little."""
    said: Weights = Weights(maxsim=1.0)
    """For the words in which the field says what the question asks."""
    passing: Weights = Weights(words=0.5, dense=1.0)
    """For what was asked and answered before."""
    related: float = 0.8
    """What the field's words count beside the question's own."""
    terse: float = 5.0
    """Up to so many different words; a longer question says more itself, and they count less in proportion."""
    whole: float = 0.2
    """What a whole mail, note or document counts by its words."""
    history: float = 0.5
    """Weight of an earlier question's scores in a question that leans on it."""
    cited_before: float = 1.0
    """Lift of the passages that the earlier answer quoted, and less of their neighbours."""
    asked_before: float = 0.5
    """Weight of all earlier questions together, whether a question leans on them or not."""
    answered_before: float = 0.5
    """Weight of the last answer."""
    speaker: float = 1.5
    """Lift of what a person said whom the question names."""
    titled: float = 1.5
    """Lift of what is in the one source whose title the question says."""
    date: float = 1.0
    """Lift of what is from the month or day that the question names."""
    written: float = 0.2
    """Lift of mails and documents: what was put in writing is said once and whole."""
    fields: float = -1.0
    """A CRM record is a list of everything a little; it stands back unless it fits far better."""
    asks: float = -0.45
    """A passage that ends in a question rarely answers one."""
    newer: float = 0.3
    """Lift of the latest of several statements on one thing, where the question asks what holds."""
    contract: float = 0.3
    """Lift of the contract there."""


RECIPE = Recipe()
