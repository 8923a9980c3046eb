"""Cuts an interaction into statements: one sentence each, with who said it, to whom, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from assistant.instructions import addressed
from ingest.archive.rows import StoredInteraction, StoredPerson, StoredTurn
from ingest.passages import sentences
from ingest.records import Side, Span


class Place(NamedTuple):
    """Words in an interaction; `interaction.text[span]` is the exact quote."""

    interaction: StoredInteraction
    span: Span

    @property
    def text(self) -> str:
        return self.interaction.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence somebody said or wrote, in its setting."""

    interaction: StoredInteraction
    turn: StoredTurn
    span: Span
    text: str
    before: str
    """The sentence before it in the same turn, empty for the first."""
    after: str
    """The sentence behind it in the same turn."""
    prompt: str
    """What it answers: the words of the turn before, for a mail the quoted lines above; empty where it opens the talk."""
    prompted_by: StoredPerson | None
    to_customer: bool
    """The customer was there to hear it: not internal, a buyer takes part, not after they left the call."""
    before_span: Span | None = None
    after_span: Span | None = None

    @property
    def side(self) -> Side:
        return self.turn.side

    @property
    def place(self) -> Place:
        return Place(self.interaction, self.span)

    @property
    def said_on(self) -> date | None:
        return self.interaction.source.occurred_on


def statements(interaction: StoredInteraction) -> tuple[Statement, ...]:
    """The sentences that are evidence: no quoted tails, signatures, hidden text or machine summaries, nothing addressed to a machine."""
    if is_recap(interaction):
        return ()
    found: list[Statement] = []
    heard = _heard(interaction)
    for index, turn in enumerate(interaction.turns):
        if turn.role != "said":
            continue
        prompt = interaction.turns[index - 1] if index else None
        spans = [span for span in whole_sentences(interaction.text, turn.span) if not addressed(interaction.text, span)]
        texts = [interaction.text[span.start : span.end] for span in spans]
        for i, (span, text) in enumerate(zip(spans, texts, strict=True)):
            found.append(
                Statement(
                    interaction=interaction,
                    turn=turn,
                    span=span,
                    text=text,
                    before=texts[i - 1] if i else "",
                    after=texts[i + 1] if i + 1 < len(texts) else "",
                    prompt=_words_of(interaction, prompt) if prompt and prompt.role in ("said", "quoted") else "",
                    prompted_by=prompt.person if prompt else None,
                    to_customer=index in heard,
                    before_span=spans[i - 1] if i else None,
                    after_span=spans[i + 1] if i + 1 < len(spans) else None,
                )
            )
    return tuple(found)


LEAST_THEIRS = 4


def says_of_them(statement: Statement) -> bool:
    """The customer's own statement, or one of a note about them, of some words; nothing asked, and nothing of a contract or a field."""
    kind, text = statement.interaction.source.kind, statement.text.rstrip(" \"')")
    told = statement.side == "buyer" or kind == "crm_note"
    return told and kind not in ("doc", "crm_field") and not text.endswith("?") and len(text.split()) >= LEAST_THEIRS


_RECAP = re.compile(
    r"\b(?:AI|automated|machine)[ -](?:generated |meeting )?(?:recap|summary|notes?|companion)\b|\bcompanion summary\b"
    r"|\bauto-(?:logged|generated)\b"
    r"|\bAI \w+ summary\b|\bkey takeaways:",
    re.IGNORECASE,
)


def is_recap(interaction: StoredInteraction) -> bool:
    """A machine's retelling of a call is never evidence, whatever tool filed it."""
    return interaction.source.kind in ("crm_note", "email") and bool(_RECAP.search(interaction.text[:160]))


def whole_sentences(text: str, within: Span) -> tuple[Span, ...]:
    """Sentences of a turn, with lines that were wrapped by a mail program or a page joined again."""
    joined: list[Span] = []
    for part in sentences(text[within.start : within.end]):
        span = Span(within.start + part.start, within.start + part.end)
        if joined and _continues(text, joined[-1], span):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(_without_bullet(text, span) for span in joined)


_BULLET = re.compile(r"[-*•–]\s+(?=\S)")


def _without_bullet(text: str, span: Span) -> Span:
    """A list's mark is not part of what was said."""
    bullet = _BULLET.match(text, span.start, span.end)
    return Span(bullet.end(), span.end) if bullet else span


WRAP_WIDTH = 45
"""Lines shorter than this were ended by their writer, not by a wrap."""


def _continues(text: str, line: Span, following: Span) -> bool:
    gap = text[line.end : following.start]
    last_line = text[line.start : line.end].rsplit("\n", 1)[-1]
    return (
        gap.count("\n") == 1
        and len(last_line) >= WRAP_WIDTH
        and text[line.end - 1] not in ".!?:;|"
        and (text[following.start].islower() or text[following.start].isdigit() or text[line.end - 1] in ",(")
    )


def _words_of(interaction: StoredInteraction, turn: StoredTurn) -> str:
    return interaction.text[turn.span.start : turn.span.end]


_GOODBYE_TURNS = 2
"""Our own parting words after the customer's last turn; what follows them is said among ourselves."""


def _heard(interaction: StoredInteraction) -> frozenset[int]:
    """Indexes of the turns the customer was there for."""
    turns = interaction.turns
    if interaction.source.internal or interaction.source.kind in ("crm_note", "crm_field", "ae_note"):
        return frozenset()
    others = [i for i, turn in enumerate(turns) if turn.side == "buyer"]
    buyers = bool(others) or any(person.side == "buyer" for person in interaction.participants)
    if not buyers:
        return frozenset()
    if interaction.source.kind != "call":
        return frozenset(range(len(turns)))
    return frozenset(range(others[-1] + 1 + _GOODBYE_TURNS)) if others else frozenset()
