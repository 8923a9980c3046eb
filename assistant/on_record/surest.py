"""Which warnings, reasons and goals an answer gives first: those that are likeliest by their words, a phrase counting for them."""

from __future__ import annotations

from assistant.facts.goals import GoalSaid
from assistant.facts.reasons import Remark
from assistant.facts.risks import RiskSaid

PHRASE = 2.0
"""What a turn of phrase adds to the log-odds. Of the first four answers to each of three questions on six labelled deals 41 of 72 are
right with it, and with 0, 1 and 3 in its place 29, 34 and 40. With all that phrases tell before all that words tell it is 35: of the
deals that the phrases were written for as many, of those that they had not seen 16 of 36 for 22."""


def sureness(one: RiskSaid | Remark | GoalSaid) -> float:
    return one.likeness + (0.0 if one.by_words else PHRASE)
