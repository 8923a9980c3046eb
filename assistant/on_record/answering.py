"""Answers from the ledger: the facts on record of the kind that a question asks for, each in the exact words and with who said them.

Search, by likeness alone, finds for `Who decides?` whoever speaks of deciding. Where the ledger holds nothing of the kind, search
answers as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from assistant.answers import Draft, DraftBlock
from assistant.evidence import Evidence, OnRecord, RecordKind
from assistant.facts.speech import Place
from assistant.ledger import Ledger
from assistant.models.chains import change_of, fact_claim
from assistant.models.weights import LineKind
from assistant.on_record.changes import chains, changes_asked
from assistant.on_record.days import days_asked
from assistant.on_record.goals import goals_asked
from assistant.on_record.introduced import who_asked
from assistant.on_record.known import who_is_asked
from assistant.on_record.parts_asked import parts_asked
from assistant.on_record.people import people_asked
from assistant.on_record.places import Placed, all_placed
from assistant.on_record.reasons import reasons_asked
from assistant.on_record.refused import refusals_asked
from assistant.on_record.risks import risks_asked
from ingest.archive.rows import StoredPerson
from ingest.records import Kind

FIRST, ALSO = 4, 4
MOST_CHAINS = 3
LINES: Mapping[RecordKind, LineKind] = {
    "people": "any", "days": "date", "risks": "risk", "reasons": "reason", "goals": "goal", "changes": "promise",
    "refusals": "promise",
}  # fmt: skip
"""What is told of each kind."""


def with_record(evidence: Evidence, ledger: Ledger, kinds: AbstractSet[Kind] | None, people: Sequence[StoredPerson] = ()) -> Evidence:
    """What was found, with what is on record of the kind asked for, from the `kinds` of sources asked for (None: all)."""
    shelf = evidence.room.of_interaction

    def open_to(one: Placed) -> bool:
        return kinds is None or evidence.room.interactions[one[0].interaction_id].source.kind in kinds

    known = [[one for one in all_placed(chain, shelf) if open_to(one)] for chain in chains(ledger)]
    evidence = replace(evidence, chains=tuple(tuple(chain) for chain in known if len(chain) > 1))
    who = who_is_asked(evidence.understood.asked, people, ledger, evidence.room, kinds) if people else None
    if who is not None:
        places = tuple(one for one in all_placed(who.places, shelf) if open_to(one))
        asked = OnRecord("people", places, known=who.known, which=who.which, unknown=who.unknown, unsaid=who.unsaid)
        return replace(evidence, recorded=asked)
    first, *others = _BREATHS.split(evidence.understood.asked)
    if evidence.understood.month is not None or (evidence.understood.named and who_asked(first) is None):
        return evidence  # of one day or one person: what was said then, or by them, is for search to find
    recorded = _recorded(first, ledger, evidence, lambda places: tuple(one for one in all_placed(places, shelf) if open_to(one)))
    return replace(evidence, recorded=replace(recorded, alone=not others) if recorded else None)


_BREATHS = re.compile(
    r"(?:,\s+(?:and )?|\s+and )(?=(?:who|whom|what|when|where|why|how|which|is|are|was|were|does|do|did|can|will)\b)", re.I
)
"""Between questions asked in one breath: `Who decides, who reads the small print, and who can kill it?`"""


def _recorded(
    question: str, ledger: Ledger, evidence: Evidence, quotable: Callable[[Iterable[Place]], tuple[Placed, ...]]
) -> OnRecord | None:
    if (changed := changes_asked(question, ledger)) is not None:
        made = [quotable(chain) for chain in changed]
        return OnRecord("changes", chains=tuple(chain for chain in made if len(chain) > 1))
    if (people := people_asked(question, ledger, evidence.room)) is not None:
        return OnRecord("people", quotable(people.places), nobody=people.nobody)
    if (parts := parts_asked(question, ledger)) is not None:
        return OnRecord("people", quotable(parts), sure=True)
    if (warned := risks_asked(question, ledger)) is not None:
        return OnRecord("risks", quotable(warned))
    if (refused := refusals_asked(question, ledger)) is not None:
        return OnRecord("refusals", quotable(refused))
    if (why := reasons_asked(question, ledger)) is not None:
        return OnRecord("reasons", quotable(why))
    if (aims := goals_asked(question, ledger)) is not None:
        return OnRecord("goals", quotable(aims))
    if (days := days_asked(question, ledger)) is not None:
        return OnRecord("days", quotable(days))
    return None


def from_record(draft: Draft, evidence: Evidence) -> Draft | None:
    """The draft made of the record, or None where search's own stands.

    A day, and an answer to one of several questions, is looked up only where search has none: of several days on record the likeliest
    is what search tells best.
    """
    recorded = evidence.recorded
    if recorded is None or draft.reason == "out_of_scope":
        return None
    if recorded.which:
        return Draft((), "which_person" if recorded.known else "which_talk", draft.confidence, follow_ups=recorded.which)
    if recorded.unknown:
        return Draft((), "not_in_history", draft.confidence)
    if recorded.known:
        told = tuple(dict.fromkeys(fact_claim(one, evidence, "any") for one in recorded.places))
        return Draft((DraftBlock("list", told),) if told else (), None, draft.confidence, unsaid=recorded.unsaid)
    if draft.about_nothing and not recorded.sure:
        return None
    if (recorded.kind == "days" or not recorded.alone) and draft.reason != "not_in_history":
        return None
    if recorded.nobody:
        return Draft((), "not_in_history", draft.confidence)
    if recorded.kind == "changes":
        return _changes(draft, recorded, evidence) if recorded.chains else None
    if not recorded.places:
        return None
    most = ALSO if recorded.kind == "days" else FIRST + ALSO
    claims = list(dict.fromkeys(fact_claim(one, evidence, LINES[recorded.kind]) for one in recorded.places[:most]))
    blocks = [DraftBlock("list", tuple(claims[:FIRST]))]
    if claims[FIRST:]:
        blocks.append(DraftBlock("list", tuple(claims[FIRST:]), "Also in the history"))
    return replace(draft, blocks=tuple(blocks), reason=None, changes=(), unsaid=(), follow_ups=())


def _changes(draft: Draft, recorded: OnRecord, evidence: Evidence) -> Draft:
    shown = recorded.chains[:MOST_CHAINS]
    now = tuple(dict.fromkeys(fact_claim(chain[-1], evidence, LINES[recorded.kind]) for chain in shown))
    changes = tuple(change_of(chain, evidence) for chain in shown)
    return replace(draft, blocks=(DraftBlock("list", now),), reason=None, changes=changes, unsaid=(), follow_ups=())
