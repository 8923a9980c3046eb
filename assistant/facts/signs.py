"""What a sentence looks like without what it is about: its small words, numbers, days and setting, as signs a scorer can weigh.

Nouns and verbs of a trade are all one sign, so that what was learnt from freight holds for choirs. The words that are kept are those
every trade speaks of terms with: who, may, will, not, free, included, price, by when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.facts.commitment import Strength
from assistant.facts.conditions import condition_of, written_out
from assistant.facts.undertakings import ERRANDS

_KEPT = frozenset(
    """i we you he she it they me us him her them my our your his its their mine ours yours who what which that this these those there here
    everything everybody everyone nobody nothing anything something somebody every each all both any some no none not never only just
    will shall would could can may might must should do does did done is are was were be been being am have has had get gets got give
    gives keep keeps take takes make makes let need needs want wants like
    if when once unless until as long soon provided assuming subject whenever whatever before after within by from to in on at for of with
    without over up out off than then so but and or because while instead through between against
    yes no yeah yep nope sure okay ok fine right absolutely definitely certainly course agreed deal exactly correct perfect great sorry
    thanks thank please honestly actually basically usually normally typically mostly maybe perhaps probably possibly likely hopefully
    always again too also more less most least even still yet already now today tomorrow later soon ever next last first second
    think guess believe hope expect suppose feel imagine mean say said told tell ask asked know see look hear understand remember
    aim target plan planned goal try best effort roadmap release version quarter beta scheduled coming
    included include includes inclusive free waive waived charge charged cost costs price prices fee fees pay pays paid bill billed invoice
    discount percent cent credit refund rate term terms contract sign signed signature order offer offered extra additional surcharge
    penalty guarantee guaranteed warranty commit committed commitment promise promised confirm confirmed word writing written part
    standard package day days week weeks month months year years hour hours minutes weekend night morning
    available possible ready live support training wrong mistake error correct back longer table
    customer customers client company another other others someone people person team colleague screen button click page""".split()
)
_WHEN = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may(?= \d)|june|july|august|september|october|november"
    r"|december|easter|christmas|spring|summer|autumn|fall|winter|q[1-4]|\d{4}"
)
_NUMBER = re.compile(
    r"\d[\d.,]*(?:%|k|st|nd|rd|th)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|thousand|half|twice"
)
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*|[$€£]|\d[\d.,]*(?:%|k|st|nd|rd|th)?|[?!:;,]")
NONE = "none"


def signs(
    text: str, *, prompt: str, prompted_by_buyer: bool, before: str, place: int, in_writing: bool, read_as: Strength | None
) -> frozenset[str]:
    """`place` is the sentence's number in its turn, `read_as` what the grammar makes of it."""
    words = _shape(text)
    asked = _shape(_last_sentences(prompt)) if prompt else []
    found = {f"={read_as or NONE}", f"place {min(place, 3)}", "written" if in_writing else "spoken", f"long {min(len(words) // 5, 5)}"}
    found.update(_runs(words))
    found.add("condition" if condition_of(written_out(text)) else "no condition")
    if prompted_by_buyer and place == 0:
        found.update(f"asked {run}" for run in _runs(asked, most=2))
        found.add("asked ?" if prompt.rstrip().endswith("?") else "asked .")
        found.update(f"asked ? & {word}" for word in words[:2] if prompt.rstrip().endswith("?"))
    elif before:
        found.update(f"before {run}" for run in _runs(_shape(before)[:6], most=1))
    return frozenset(found)


def _last_sentences(prompt: str) -> str:
    return prompt[-160:]


def _shape(text: str) -> list[str]:
    found: list[str] = []
    for match in _TOKEN.finditer(written_out(text).casefold()):
        token = match.group()
        if _WHEN.fullmatch(token):
            sign = "WHEN"
        elif token in "$€£":
            sign = "MONEY"
        elif _NUMBER.fullmatch(token):
            sign = "N%" if token.endswith("%") else "N"
        elif token in _KEPT or token in "?!:;,":
            sign = token
        elif token in ERRANDS:
            sign = "ERRAND"
        else:
            sign = "x"
        if sign != "x" or not found or found[-1] != "x":
            found.append(sign)
    return found


def _runs(words: list[str], most: int = 3) -> Iterator[str]:
    """Single signs, and runs of two and three; the first ones are told from the others."""
    ended = ["^", *words, "$"]
    for size in range(1, most + 1):
        for at in range(len(ended) - size + 1):
            run = ended[at : at + size]
            if run != ["^"] and run != ["$"]:
                yield " ".join(run)
