"""Words that begin a sentence with a capital and so look like somebody's or something's name."""

from __future__ import annotations

OPENERS = frozenset(
    """I We You He She It They This That There What When Where Who Which How Yes No And But So Or If Then The My Our Somebody
    Everybody Nobody Do Does Can Could Will Would Thanks Please Hi Hello Dear Okay Well Sure Right Great Good Monday Tuesday
    Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November
    December Legal Finance Procurement""".split()
)
"""Pronouns, question words, greetings, days and months, and departments that are spoken of like people."""
