"""Questions for what we promised, answered from the ledger: all of it, or what is on record about one matter.

`What did sales promise about SSO?` has its answer in a sentence that says neither `promise` nor `SSO`. The ledger knows that it is a
promise, and the field's other name for the matter; search, by words and meaning alone, may not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.evidence import Evidence
from assistant.facts.topics import content_words, speaks_of
from assistant.ledger import Ledger, Promise
from assistant.models.claims import setting
from assistant.portfolio import what_of
from ingest.archive.rows import StoredPassage
from ingest.records import Span

FIRST = 4
ALSO = 4
"""As many more under "Also promised"; the whole list is in the ledger and on the promises page."""

_ASKS_FOR_PROMISES = re.compile(
    r"^\W*(?:and |so |but |then )?(?:(?:what|which)\b(?: (?:exactly|else|all|things?|promises?|commitments?))? "
    r"(?:did|have|has|had|was|were|do|does)\b.{0,40}?\b(?:promis\w+|commit\w*|guarantee\w*|pledg\w+)\b"
    r"|(?:what|which) (?:\w+ )?(?:promises|commitments)\b"
    r"|(?:list|show|give)\b.{0,20}\b(?:promises|commitments)\b)(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_MATTER = re.compile(
    r"\b(?:about|on|regarding|concerning|around|as to|when it comes to|with regard to|for)\s+(?P<matter>.+)$", re.IGNORECASE
)
_NO_MATTER = re.compile(
    r"^(?:the |this |that |their |our |your |a |an )?(?:customer|client|account|deal|contract|them|us|him|her|it|record)\b\W*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:the|their|our|a|an|any|its|this|that|those|these)\s+", re.IGNORECASE)
_STANDS = frozenset({"firm", "conditional", "best_effort", "roadmap_statement"})


def matter_of(question: str) -> str | None:
    """What a question for promises is about, empty for all of them; None where it asks for none.

    >>> matter_of("What did sales promise about SSO?")
    'SSO'
    """
    asked = _ASKS_FOR_PROMISES.match(question.strip())
    if asked is None:
        return None
    found = _MATTER.search(asked["rest"])
    if found is None:
        rest = asked["rest"].strip()
        return "" if not content_words(rest) or _NO_MATTER.match(rest) else None
    matter = _LEAD.sub("", found["matter"].strip(" .!?"))
    return "" if _NO_MATTER.match(matter) else matter


def with_promises(evidence: Evidence, ledger: Ledger, question: Question) -> Evidence:
    """What was found, with the promises on record that the question asks for: those that hold, of the people and the deal it names."""
    matter = matter_of(evidence.understood.standalone)
    if matter is None or evidence.understood.month is not None:  # of one day: what is on record then is for search to find
        return evidence
    wanted = [one for one in ledger.promises if _holds(one) and _meant(one, question, evidence) and _about(one, matter)]
    wanted.sort(key=lambda one: (one.strength != "firm", one.verdict.status not in ("contradicted", "silent")))
    shelf: dict[str, list[StoredPassage]] = {}
    for passage in evidence.room.shelf.passages:
        shelf.setdefault(passage.interaction_id, []).append(passage)
    kinds = {id: interaction.source.kind for id, interaction in evidence.room.interactions.items()}
    placed = [place for one in wanted if (place := _placed(one, shelf))]
    placed = [each for each in placed if question.kinds is None or kinds[each[0].interaction_id] in question.kinds]
    return replace(evidence, promised=tuple(dict.fromkeys(placed)))


def from_ledger(draft: Draft, evidence: Evidence) -> Draft | None:
    """The promises as an answer, where the question asks for all of them or where nothing that search found answers it."""
    if not evidence.promised or (draft.blocks and matter_of(evidence.understood.standalone) != ""):
        return None
    if not draft.blocks and draft.reason != "not_in_history":
        return None
    claims = [_claim(passage, span, evidence) for passage, span in evidence.promised[: FIRST + ALSO]]
    blocks = [DraftBlock("list", tuple(claims[:FIRST]))]
    if claims[FIRST:]:
        blocks.append(DraftBlock("list", tuple(claims[FIRST:]), "Also promised"))
    return replace(draft, blocks=tuple(blocks), reason=None, changes=(), unsaid=(), follow_ups=())


def _holds(one: Promise) -> bool:
    return one.current and one.strength in _STANDS


def _meant(one: Promise, question: Question, evidence: Evidence) -> bool:
    named = evidence.understood.named
    deal = question.deal_id is None or one.deal_id in (None, question.deal_id)
    return deal and (not named or one.made_by.id in named or bool(one.said.made_to and one.said.made_to.id in named))


def _about(one: Promise, matter: str) -> bool:
    return not matter or speaks_of(f"{what_of(one)} {one.said.conditions}", matter)


def _placed(one: Promise, shelf: dict[str, list[StoredPassage]]) -> tuple[StoredPassage, Span] | None:
    """The passage it was last said in, and where in it."""
    place = one.places[-1]
    passages: Sequence[StoredPassage] = shelf.get(place.interaction.source.id, ())
    for passage in passages:
        if passage.span.start <= place.span.start and place.span.end <= passage.span.end:
            return passage, Span(place.span.start - passage.span.start, place.span.end - passage.span.start)
    return None


def _claim(passage: StoredPassage, span: Span, evidence: Evidence) -> DraftClaim:
    words = passage.text[span.start : span.end]
    lead = setting(evidence.room.interactions[passage.interaction_id], passage.turn)
    return DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(passage.id, words),))
