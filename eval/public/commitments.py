"""Sentences of e-mails labelled as intent or none, read by Baton's promise reader as if a seller wrote them to a customer.

The set's "intent" is another thing than a promise: it is what wants something of the reader, a request, a question, an invitation,
a call to buy, while what the writer undertakes himself is often labelled none. So neither recall nor precision can be high, and a
precision near `intent_share`, the share of all sentences that are labelled so, says that the label does not tell promises at all.
Beside it stands the floor, a list of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.facts.promises import promise
from assistant.facts.speech import Statement
from eval.measures import Measure, Ratio
from eval.public.folder import file_of
from eval.public.records import LabelledRow, Words, read_labelled
from eval.public.table import Figure, Table, figures
from ingest.archive.rows import Source, StoredInteraction, StoredPerson, StoredTurn
from ingest.records import Span

UNDERTAKES = frozenset({"firm", "conditional", "best_effort", "roadmap_statement"})
"""Strengths that look ahead; a refusal or a retraction is no intent."""
FLOOR = re.compile(r"\b(?:we will|we'll|commit|guarantee|promise)", re.IGNORECASE)

_SELLER = StoredPerson("seller", "Seller", "", "", "seller", None)
_BUYER = StoredPerson("buyer", "Buyer", "", "", "buyer", "account")


class SentenceRow(LabelledRow):
    """`label` is Yes or No in `email_intent`; in `qmsum_actions` the text is a question and the label a summary."""

    set: Literal["email_intent", "qmsum_actions"]
    text: Words


@dataclass(frozen=True, slots=True)
class Judged:
    intent: bool
    baton: bool
    floor: bool


def commitments(folder: Path) -> Table:
    """Raises `Absent` and `BadSet`."""
    rows = sentences(folder)
    labelled = [row for row in rows if row.set == "email_intent"]
    judged = [Judged(row.label == "Yes", undertakes(row.text), FLOOR.search(row.text.replace("’", "'")) is not None) for row in labelled]
    return Table(
        "commitments",
        "e-mail sentences labelled as intent or none, which is not promise or none; development part",
        _with_n(figures(MEASURES, judged), len(judged)),
        {"sentences": len(judged), "intent": sum(row.intent for row in judged)},
        (f"{len(rows) - len(labelled)} questions about meetings carry a summary and no label: not measured",),
    )


def sentences(folder: Path) -> tuple[SentenceRow, ...]:
    """Raises `Absent` and `BadSet`."""

    def wrong(row: SentenceRow) -> str:
        return "is neither Yes nor No" if row.set == "email_intent" and row.label not in ("Yes", "No") else ""

    return read_labelled(file_of(folder, "items.jsonl"), SentenceRow, wrong)


def undertakes(text: str) -> bool:
    """Whether Baton reads an undertaking in a sentence that stands alone in a seller's mail."""
    at = Span(0, len(text))
    turn = StoredTurn(0, at, "said", "", _SELLER, "", None, None, None, "", ())
    source = Source("mail", "account", None, "email", "mail", "mail", "", None, "", "", internal=False, text_sha256="", version=1)
    mail = StoredInteraction(source, text, (turn,), (_SELLER, _BUYER))
    read = promise(Statement(mail, turn, at, text, before="", after="", prompt="", prompted_by=None, to_customer=True))
    return read is not None and read.strength in UNDERTAKES


def _with_n(found: tuple[Figure, ...], n: int) -> tuple[Figure, ...]:
    """F1 is not a share of a number of sentences; what it was taken over is all of them."""
    return tuple(
        Figure(figure.name, figure.value._replace(items=n), figure.errors) if figure.value and figure.name.endswith("f1") else figure
        for figure in found
    )


def _precision(said: bool, intent: bool) -> Ratio:
    return Ratio(said and intent, said)


def _recall(said: bool, intent: bool) -> Ratio:
    return Ratio(said and intent, intent)


def _f1(said: bool, intent: bool) -> Ratio:
    return Ratio(2 * (said and intent), said + intent)


MEASURES: tuple[Measure[Judged], ...] = (
    Measure("intent_share", lambda row: Ratio(row.intent, 1)),
    Measure("precision", lambda row: _precision(row.baton, row.intent)),
    Measure("recall", lambda row: _recall(row.baton, row.intent)),
    Measure("f1", lambda row: _f1(row.baton, row.intent)),
    Measure("floor_precision", lambda row: _precision(row.floor, row.intent)),
    Measure("floor_recall", lambda row: _recall(row.floor, row.intent)),
    Measure("floor_f1", lambda row: _f1(row.floor, row.intent)),
)
