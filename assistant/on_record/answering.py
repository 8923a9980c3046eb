"""Answers from the ledger: the facts on record of the kind that a question asks for, each in the exact words and with who said them.

Search, by likeness alone, finds for `Who decides?` whoever speaks of deciding. Where the ledger holds nothing of the kind, search
answers as ever.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from textwrap import shorten

from assistant.answers import Draft, DraftBlock, DraftChange, DraftClaim, DraftStep, Quote
from assistant.evidence import Evidence, OnRecord
from assistant.ledger import Ledger
from assistant.models.claims import setting, widened
from assistant.on_record.changes import chains, changes_asked
from assistant.on_record.days import days_asked
from assistant.on_record.people import people_asked
from assistant.on_record.places import Placed, all_placed, by_interaction
from assistant.on_record.reasons import reasons_asked
from assistant.on_record.risks import risks_asked
from ingest.records import Kind

FIRST, ALSO = 4, 4
SHORT, WIDER = 8, 25
"""Words of a sentence that says little by itself, and up to how many it is then shown with."""
MOST_CHAINS = 3
TOPIC_WIDTH = 70


def with_record(evidence: Evidence, ledger: Ledger, kinds: AbstractSet[Kind] | None) -> Evidence:
    """What was found, with what is on record of the kind asked for, from the `kinds` of sources asked for (None: all)."""
    shelf = by_interaction(evidence.room)

    def open_to(one: Placed) -> bool:
        return kinds is None or evidence.room.interactions[one[0].interaction_id].source.kind in kinds

    known = [[one for one in all_placed(chain, shelf) if open_to(one)] for chain in chains(ledger)]
    evidence = replace(evidence, chains=tuple(tuple(chain) for chain in known if len(chain) > 1))
    question = evidence.understood.asked
    if evidence.understood.month is not None or evidence.understood.named:
        return evidence  # of one day or one person: what was said then, or by them, is for search to find
    if (changed := changes_asked(question, ledger)) is not None:
        made = [tuple(one for one in all_placed(chain, shelf) if open_to(one)) for chain in changed]
        return replace(evidence, recorded=OnRecord("changes", chains=tuple(chain for chain in made if len(chain) > 1)))
    if (people := people_asked(question, ledger, evidence.room)) is not None:
        there = tuple(one for one in all_placed(people.places, shelf) if open_to(one))
        return replace(evidence, recorded=OnRecord("people", there, nobody=people.nobody))
    if (warned := risks_asked(question, ledger)) is not None:
        return replace(evidence, recorded=OnRecord("risks", tuple(one for one in all_placed(warned, shelf) if open_to(one))))
    if (why := reasons_asked(question, ledger)) is not None:
        return replace(evidence, recorded=OnRecord("reasons", tuple(one for one in all_placed(why, shelf) if open_to(one))))
    if (days := days_asked(question, ledger)) is not None:
        return replace(evidence, recorded=OnRecord("days", tuple(one for one in all_placed(days, shelf) if open_to(one))))
    return evidence


def from_record(draft: Draft, evidence: Evidence) -> Draft | None:
    """The draft made of the record, or None where search's own stands.

    A day is looked up only where search has none: of several days on record the likeliest is what search tells best.
    """
    recorded = evidence.recorded
    if recorded is None or draft.reason == "out_of_scope":
        return None
    if recorded.nobody:
        return Draft((), "not_in_history", draft.confidence)
    if recorded.kind == "changes":
        return _changes(draft, recorded, evidence) if recorded.chains else None
    if not recorded.places or (recorded.kind == "days" and draft.reason != "not_in_history"):
        return None
    most = ALSO if recorded.kind == "days" else FIRST + ALSO
    claims = list(dict.fromkeys(_claim(one, evidence) for one in recorded.places[:most]))
    blocks = [DraftBlock("list", tuple(claims[:FIRST]))]
    if claims[FIRST:]:
        blocks.append(DraftBlock("list", tuple(claims[FIRST:]), "Also in the history"))
    return replace(draft, blocks=tuple(blocks), reason=None, changes=(), unsaid=(), follow_ups=())


def _changes(draft: Draft, recorded: OnRecord, evidence: Evidence) -> Draft:
    shown = recorded.chains[:MOST_CHAINS]
    now = tuple(dict.fromkeys(_claim(chain[-1], evidence) for chain in shown))
    changes = tuple(change_of(chain, evidence) for chain in shown)
    return replace(draft, blocks=(DraftBlock("list", now),), reason=None, changes=changes, unsaid=(), follow_ups=())


def change_of(chain: tuple[Placed, ...], evidence: Evidence, topic: str = "") -> DraftChange:
    """Every position with its day; all but the last are superseded."""
    words = " ".join(chain[-1][0].text[chain[-1][1].start : chain[-1][1].end].split())
    steps = tuple(DraftStep(_day(one, evidence), _claim(one, evidence), one is not chain[-1]) for one in chain)
    return DraftChange(topic or shorten(words, TOPIC_WIDTH, placeholder=" …"), steps)


def _day(one: Placed, evidence: Evidence) -> str:
    on = evidence.room.interactions[one[0].interaction_id].source.occurred_on
    return on.isoformat() if on else ""


def _claim(one: Placed, evidence: Evidence) -> DraftClaim:
    """The words of the fact; a few words with what stands around them, for alone they mean nothing to who was not there."""
    passage, span = one
    if len(passage.text[span.start : span.end].split()) < SHORT:
        span = widened(passage.text, span, WIDER)
    words = passage.text[span.start : span.end]
    lead = setting(evidence.room.interactions[passage.interaction_id], passage.turn)
    return DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(passage.id, words),))
