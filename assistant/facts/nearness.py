"""Which clause of a paper speaks of what was promised: a probability from what the two have in common.

Papers and people use few of the same words, and a paper is short: one rare word in common, beside a figure or a day, tells the clause.
How rare a word is is counted in the paper itself. The weights are fitted by `python -m eval.nearness` on the labelled deals, each checked
without itself; they are no measure of whether the clause grants the thing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp, log
from typing import Protocol

from assistant.facts.dates import dates
from assistant.facts.figures import Figure, figures
from assistant.facts.promises import PromiseSaid, kind_of_promise
from assistant.facts.topics import concepts, content_words


class Term(Protocol):
    """A clause, as it is compared."""

    @property
    def text(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def excludes(self) -> bool: ...
    @property
    def words(self) -> frozenset[str]: ...
    @property
    def figures(self) -> tuple[Figure, ...]: ...


_MATTERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("offline", r"\boffline\b|\b(?:no|without)(?: an?| any| the)? (?:\w+ )?(?:signal|connection|network|link|internet|reception"
            r"|coverage)\b"),
        ("data place", r"\bsoil\b|\bonshore\b|\bhosted\b|\bstored\b|\bdata cent|\bback-?ups?\b|\bresiden|\b(?:stays?|sits?|kept"
            r"|lives?) (?:only )?in\b"),
        ("history", r"\bhistor\w+|\barchives?\b|\blegacy\b|\b(?:carry|bring|come|move|load|read|pull)\w* (?:\w+ ){0,5}(?:across"
            r"|over|in)\b|\bload\w*\b"
                    r"|\bmigrat\w+|\bconver(?:t|sion)\w*|\bold (?:files|records|data|tickets|certificates|jobs|documents|scans"
                    r"|photos)\b|\bimport\w*"),
        ("export", r"\bexport\w*|\bget (?:it|everything|all of it|your data) (?:back|out)\b|\bhand\w* (?:it |everything )?back\b"
            r"|\breturn of (?:the )?data\b"),
        ("leaving", r"\bbreak (?:clause|option|right|after|at)\b|\ba break\b|\bterminat\w+|\bcancel\w*|\b(?:get|step|opt|pull"
            r"|walk) (?:out|away)\b|\bfor convenience\b"
                    r"|\bout (?:after|at)\b|\bearly exit\b|\bgive notice\b"),
        ("rises", r"\bcap(?:s|ped)?\b|\buplift|\bindex(?:ed|ation)|\bincreas\w+|\bcpi\b|\brises?\b|\bgo(?:es)? up\b|\brenew\w*"
            r"|\bthen current\b|\byear four\b"),
        ("paying", r"\bnet \d+|\binvoic\w+|\binstal?lments?\b|\bin (?:advance|arrears)\b|\bpayable\b|\bpay (?:monthly|quarterly|yearly)\b"),
        ("more of it", r"\boverage|\b(?:extra|additional|further|more) (?:users?|seats?|sites?|messages?|licen[cs]es?|compan\w+"
            r"|calls|volume)\b|\bper (?:extra|additional)"),
        ("help", r"\bsupport\b|\bhot ?line\b|\bhelp ?desk\b|\bon the phone\b|\btelephone\b|\bfirst response\b|\brespon(?:se|d)\b"
            r"|\bround the clock\b|\b24/7\b|\bon call\b|\bring(?:s)?\b"),
        ("up", r"\buptime\b|\bavailability\b|\b99[.,]\d|\bservice credits?\b|\bdowntime\b|\boutage"),
        ("teaching", r"\btrain(?:ing|er|ers|s|ed)?\b|\bworkshops?\b|\bclassroom\b|\bsessions?\b"),
        ("being there", r"\bon[- ]?site\b|\bin person\b|\btravel\b|\bflights?\b|\bexpenses\b|\bat your (?:place|office|plant)\b"),
        ("language", r"\b(?:french|german|spanish|italian|polish|hindi|mandarin|tamil|welsh|arabic|portuguese)\b|\blanguages?\b"
            r"|\btranslat\w+|\blocali[sz]"),
        ("own build", r"\bcustom\b|\bbespoke\b|\bdevelopment\b|\bbuil[dt]\b"),
        ("interface", r"\bapi\b|\bwebhooks?\b|\binterfaces?\b|\bconnectors?\b|\bintegrations?\b|\bsync\w*|\bnightly\b|\bevery night\b"),
        ("reports", r"\breports?\b|\bdashboards?\b|\bevaluations?\b|\bfigures per\b"),
        ("going live", r"\bgo(?:es|ing)?[- ]live\b|\blive\b|\broll-?out\b|\bup and running\b|\bcut-?over\b|\blaunch\b|\bphase\b|\bwave\b"),
        ("log-in", r"\bsso\b|\bsingle sign|\bsign(?:s)?[- ](?:in|on)\b|\blog(?:s)?[- ]?in|\bsaml\b|\bentra\b|\bokta\b"),
        ("test place", r"\bsandbox\b|\btest (?:environment|tenant|system|site)\b|\bstaging\b"),
        ("proof", r"\baudit\w*|\bsoc ?2\b|\biso ?27001\b|\bpen(?:etration)?[- ]test|\bcertificat\w+"),
        ("outcome", r"\bguarantee\w*|\bwarrant\w*|\bhit rate\b|\baccuracy\b"),
        ("own person", r"\b(?:named|dedicated)\b|\bproject manager\b|\baccount manager\b|\bcustomer success\b"),
        ("late", r"\bpenalt\w+|\bliquidated\b|\blate\b|\bdelay\w*|\bcredit\w*"),
        ("things", r"\bhardware\b|\btablets?\b|\bdevices?\b|\bscanners?\b|\breaders?\b|\bkiosks?\b|\bprinters?\b|\bcontrollers?\b"
            r"|\bsensors?\b"),
        ("erasing", r"\bdelet\w+|\beras\w+|\bretention\b|\bretain\w*"),
        ("discount", r"\bdiscount\b|%|\bper ?cent\b"),
    )
)  # fmt: skip
"""What deals are about, each by the words of talk and those of paper: a break is a termination, and phones are support."""


@lru_cache(maxsize=4096)
def matters(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _MATTERS if pattern.search(text)) | concepts(text)


Rarity = Mapping[str, float]
UNKNOWN = 3.5
"""The rarity of a word that the paper does not have."""
LARGE = 1_000
"""From here on a figure is a sum, and two sentences do not share it by chance."""
WEIGHTS = (-0.03, 4.18, 0.79, 0.66, 1.51, 0.68, 0.91, 0.51, 1.74, 2.04, 1.04, 1.06)
BIAS = -5.32


def rarity(paper: Sequence[Term]) -> Rarity:
    counts = Counter(word for clause in paper for word in clause.words)
    return {word: log((len(paper) + 1) / count) for word, count in counts.items()}


def nearness(promise: PromiseSaid, clause: Term, rare: Rarity) -> float:
    """0 to 1; a clause of a long paper that is near has about 0.1, one in the same words 0.9."""
    total = BIAS + sum(weight * x for weight, x in zip(WEIGHTS, in_common(promise, clause, rare), strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def in_common(promise: PromiseSaid, clause: Term, rare: Rarity) -> tuple[float, ...]:
    """The promise's own sentence before its setting, each word by its rarity; figures, days, concepts, kinds."""
    own = content_words(promise.text)
    setting = content_words(promise.topic) - own
    shared = own & clause.words
    weight = sum(rare[word] for word in shared)
    said, written = ({figure.value for figure in found} for found in (figures(promise.text), clause.figures))
    days = [{day.on for day in dates(text, promise.made_on) if day.on} for text in (promise.text, clause.text)]
    theirs = matters(f"{clause.heading}. {clause.text}")
    mine = matters(promise.text) & theirs
    kind = kind_of_promise(promise.text, "firm")
    return (
        min(weight, 8.0) / 4,
        weight / (sum(rare.get(word, UNKNOWN) for word in own) + 1e-6),
        weight / (sum(rare[word] for word in clause.words) + 1e-6),
        max((rare[word] for word in shared), default=0.0) / 3,
        min(sum(rare[word] for word in setting & clause.words), 6.0) / 4,
        float(min(len(said & written), 2)),
        float(any(value >= LARGE for value in said & written)),
        float(bool(days[0] & days[1])),
        float(min(len(mine), 2)),
        float(bool((matters(promise.topic) & theirs) - mine)),
        float(kind != "feature" and kind == kind_of_promise(f"{clause.heading}. {clause.text}", "firm")),
        float(clause.excludes),
    )
