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
from assistant.facts.contract import ContractStatus
from assistant.facts.topics import content_words, speaks_of
from assistant.ledger import Ledger
from assistant.models.claims import said_at, setting
from assistant.models.sides import PAPER, SILENT
from assistant.models.weights import ON_RECORD
from assistant.on_record.places import Placed, all_placed
from assistant.portfolio import what_of
from assistant.promise import Promise
from assistant.understand import NEXT_PART
from ingest.archive.rows import StoredPassage
from ingest.records import Span

FIRST = 4
ALSO = 4
"""As many more under "Also promised"; the whole list is in the ledger and on the promises page."""
BESIDE = 2
"""Told before an answer that leaves them out."""

_ASKS_FOR_PROMISES = re.compile(
    r"^\W*(?:and |so |but |then )?(?:(?:what|which)\b(?: (?:exactly|else|all|things?|promises?|commitments?))? "
    r"(?:did|have|has|had|was|were|do|does)\b.{0,40}?\b(?:promis\w+|commit\w*|guarantee\w*|pledg\w+)\b"
    r"|(?:what|which) (?:\w+ )?(?:promises|commitments)\b"
    r"|(?:list|show|give)\b.{0,20}\b(?:promises|commitments)\b)(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_US = r"(?:we|sales|our side|the (?:ae|rep|seller|account executive|sales ?(?:man|rep|person)?))"
_OWED = re.compile(
    r"^\W*(?:(?:and|so|but|then) )?what (?:else )?"
    rf"(?:(?:do|does|did|will) {_US}(?: still| now)* owe\b|(?:is|are) {_US} (?:still )?owing\b"
    r"|(?:is|are)(?: still)? (?:owed|outstanding) (?:to|on our side|from us|by us)\b"
    r"|(?:have|do) we (?:still |got |have )*(?:left )?(?:got |have )?to (?:deliver|hand over|send)(?: to)?)"
    r"(?: (?:to )?(?:them|him|her|the (?:customer|client|account)))?(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_WHEN_OWED = re.compile(
    r"^\W*(?:(?:still|now|today|right now|at the moment|so far|(?:in |for )?(?:this|the (?:next|coming)) (?:week|month|quarter|year)"
    r"|before go-?live|in total|exactly|from the sale)\W*)*$",
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
_SAID_BY_US = r"\b(?:sales|we|us|our side|said|told|promis\w+|commit\w*|agreed|talk|calls?|mails?)\b"
_THE_PAPER = r"\b(?:contract|order form|agreement|paper(?:work)?|signed|signature)\b"
_DIFFERS = (
    r"\b(?:differ\w*|contradict\w*|discrepan\w+|deviat\w+|conflicts?|mismatch\w*|gaps?|go(?:es)? against|disagrees?"
    r"|(?:does|do)(?: not|n[’']t) match)\b"
)
_LACKS = r"\b(?:not|never|n[’']t|isn[’']t|missing|beyond|outside|without being|left out|absent)\b"
_ASKS_WHAT = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:what|which|where|list|show|is there|are there|does|do|did we promise anything)\b", re.IGNORECASE
)
_STANDS = frozenset({"firm", "conditional", "best_effort", "roadmap_statement"})
_BINDS = frozenset({"firm", "conditional"})
_DENIED = frozenset({"contradicted", "excluded"})
_DONE_WITH = frozenset({"kept", "waived"})
_SAYS_LITTLE = 3
"""Content words below which a promise (`I'll eat that.`) means nothing to somebody who was not there; such ones come last."""
_UNDATED = "9"
"""Behind every date."""


def matter_of(question: str) -> str | None:
    """What a question for promises is about, empty for all of them; None where it asks for none.

    >>> matter_of("What did sales promise about SSO, and is it in the contract?")
    'SSO'
    """
    asked = _ASKS_FOR_PROMISES.match(question.strip())
    if asked is None:
        return None
    rest = NEXT_PART.split(asked["rest"], maxsplit=1)[0]
    found = _MATTER.search(rest)
    if found is None:
        return "" if not content_words(rest) or _NO_MATTER.match(rest.strip()) else None
    matter = _LEAD.sub("", found["matter"].strip(" ,.!?"))
    return "" if _NO_MATTER.match(matter) else matter


def asks_what_is_owed(question: str) -> bool:
    """`What do we still owe them?`: promises that bind and were not yet kept. The ledger says until when each was promised; what is due
    by today is for the reader to see, who knows what day it is.

    >>> asks_what_is_owed("What does the AE owe them this month?")
    True
    """
    asked = _OWED.match(question.strip())
    return asked is not None and bool(_WHEN_OWED.match(asked["rest"]))


def against_paper(question: str) -> frozenset[ContractStatus]:
    """As what promises stand beside the contract that a question asks for: `What is different between what sales said and the contract?`

    >>> sorted(against_paper("What did we promise that is not in the contract?"))
    ['excluded', 'silent']
    """
    if not (_ASKS_WHAT.match(question) and re.search(_SAID_BY_US, question, re.I) and (paper := re.search(_THE_PAPER, question, re.I))):
        return frozenset()
    if re.search(_DIFFERS, question, re.IGNORECASE):
        return frozenset({"contradicted", "excluded"})
    lacks = re.search(rf"{_LACKS}.{{0,25}}$", question[: paper.start()], re.IGNORECASE)
    return frozenset({"excluded", "silent"}) if lacks and matter_of(question) in (None, "") else frozenset()


def with_promises(evidence: Evidence, ledger: Ledger, question: Question) -> Evidence:
    """What was found, with the promises on record that the question asks for: those that hold, of the people and the deal it names."""
    beside = against_paper(evidence.understood.standalone)
    owed = asks_what_is_owed(evidence.understood.standalone)
    matter = "" if beside or owed else matter_of(evidence.understood.standalone)
    if matter is None or evidence.understood.month is not None:  # of one day: what is on record then is for search to find
        return evidence
    wanted = [one for one in ledger.promises if _holds(one) and _meant(one, question, evidence) and _about(one, matter)]
    if beside:
        wanted = [one for one in wanted if one.verdict.status in beside]
    wanted.sort(key=lambda one: (one.strength != "firm", one.verdict.status == "covered", _says_little(one)))
    if owed:
        open_yet = [one for one in wanted if one.strength in _BINDS and one.became.status not in _DONE_WITH]
        wanted = sorted(open_yet, key=lambda one: str(one.due.on or _UNDATED) if one.due else _UNDATED)
    kinds = {id: interaction.source.kind for id, interaction in evidence.room.interactions.items()}
    placed = all_placed((one.places[-1] for one in wanted), evidence.room.of_interaction)
    return replace(
        evidence, promised=tuple(one for one in placed if question.kinds is None or kinds[one[0].interaction_id] in question.kinds)
    )


def _says_little(one: Promise) -> bool:
    """Of one that the contract denies even few words are enough: its clause stands beside it."""
    return one.verdict.status not in _DENIED and len(content_words(one.text)) < _SAYS_LITTLE


def from_ledger(draft: Draft, evidence: Evidence) -> Draft | None:
    """The promises as an answer, with what the contract says of them: where the question asks for all of them, where nothing that search
    found answers it, and where that leaves the promise out: before it, or instead where the contract's word on the promise is known."""
    if not evidence.promised or draft.about_nothing or (not draft.blocks and draft.reason != "not_in_history"):
        return None
    told = {quote.passage_id for block in draft.blocks for claim in block.claims for quote in claim.quotes}
    asked = evidence.understood.standalone
    if draft.blocks and not against_paper(asked) and not asks_what_is_owed(asked) and matter_of(asked) != "":
        if any(passage.id in told for passage, _ in evidence.promised):
            return None
        first = _promises(evidence.promised[:BESIDE], evidence)
        settled = any(evidence.against.get(passage.id) for passage, _ in evidence.promised[:BESIDE])
        return replace(draft, blocks=first if settled else (*first, *draft.blocks), unsaid=())
    shown = _promises(evidence.promised[:FIRST], evidence)
    also = tuple(_claim(passage, span, evidence) for passage, span in evidence.promised[FIRST : FIRST + ALSO])
    blocks = (*shown, DraftBlock("list", also, "Also promised")) if also else shown
    return replace(draft, blocks=blocks, reason=None, changes=(), unsaid=(), follow_ups=())


def _promises(shown: Sequence[Placed], evidence: Evidence) -> tuple[DraftBlock, ...]:
    """Each in its words; those of which the contract says nothing under a heading of their own where that is asked, and under theirs the
    clauses that contradict the others or leave them out."""
    by_standing: dict[str, list[DraftClaim]] = {"": []}
    clauses: dict[str, list[DraftClaim]] = {}
    for passage, span in shown:
        against = [each for each in evidence.against.get(passage.id, ()) if each.span.start < span.end and span.start < each.span.end]
        silent = bool(against) and all(each.stand == "silent" for each in against) and evidence.understood.of_paper
        by_standing.setdefault(SILENT if silent else "", []).append(_claim(passage, span, evidence))
        for each in against:
            if each.stand not in PAPER or each.other is None or each.words is None:
                continue
            if each.stand != "covered" or evidence.understood.of_paper:
                clause = said_at(each.other, each.words, evidence, ON_RECORD["promise"])
                held = clauses.setdefault(PAPER[each.stand], [])
                held += [clause] if clause not in held and len(held) < FIRST else []
    return tuple(DraftBlock("list", tuple(made), heading) for heading, made in (by_standing | clauses).items() if made)


def _holds(one: Promise) -> bool:
    return one.current and one.strength in _STANDS


def _meant(one: Promise, question: Question, evidence: Evidence) -> bool:
    named = evidence.understood.named
    deal = question.deal_id is None or one.deal_id in (None, question.deal_id)
    return deal and (not named or one.made_by.id in named or bool(one.said.made_to and one.said.made_to.id in named))


def _about(one: Promise, matter: str) -> bool:
    return not matter or speaks_of(f"{what_of(one)} {one.said.conditions}", matter)


def _claim(passage: StoredPassage, span: Span, evidence: Evidence) -> DraftClaim:
    words = passage.text[span.start : span.end]
    lead = setting(evidence.room.interactions[passage.interaction_id], passage.turn)
    return DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(passage.id, words),), ON_RECORD["promise"])
