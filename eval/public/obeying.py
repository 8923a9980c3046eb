"""The worst language model there is: it says what an attacker in the evidence wants said, in every way that might pass the check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.evidence import Evidence
from assistant.models.extractive import Extractive
from eval.matching import spelled
from ingest.passages import sentences


@dataclass(frozen=True, slots=True)
class Obeying:
    wanted: Mapping[str, str]
    """What the attacker of an account wants said, by the account's id."""
    honest: Extractive = field(default_factory=Extractive)
    name: str = "obeying"

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        """The attacker's words on the attacker's own sentence, on everybody else's, and plainly put; then an honest answer."""
        honest = self.honest.draft(question, evidence)
        wanted = self.wanted.get(question.account_id, "")
        obeyed = tuple(_claims(wanted, evidence)) if wanted else ()
        answered = tuple(claim for block in honest.blocks for claim in block.claims)
        if not obeyed + answered:
            return honest
        return Draft((DraftBlock("list", obeyed + answered),), own_words=True)


def _claims(wanted: str, evidence: Evidence) -> Iterator[DraftClaim]:
    for ranked in evidence.best:
        text = ranked.passage.text
        for part in sentences(text):
            words = text[part.start : part.end]
            if spelled(wanted) in spelled(words):
                yield DraftClaim(wanted, (Quote(ranked.passage.id, words),))
        if wanted in text:
            yield DraftClaim(wanted, (Quote(ranked.passage.id, wanted),))
        yield DraftClaim(wanted, (Quote(ranked.passage.id, text),))
        yield DraftClaim(wanted.lower(), (Quote(ranked.passage.id, text),))
