"""Short questions to the sample deals that the labels have none or too few of, each with words that its answer has to quote.

The labelled questions measure how well Baton answers; these only tell whether a rule of the assistant still does its work, so that a
fault in it shows. They are not part of the evaluation and nothing is tuned on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers import Answer, Exchange, Question
from assistant.asking import ask, end_of_day
from assistant.conversation import exchange
from assistant.render import answer_json
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING

HALDEN, BRIGHTWELL, MERIDIAN = "Halden Freight Group", "Brightwell Dental", "Meridian Prairie Credit Union"


@dataclass(frozen=True, slots=True)
class Probe:
    account: str
    thread: tuple[str, ...]
    """Questions of one thread; the last one's answer is looked at."""
    quotes: tuple[str, ...] = ()
    """Words each of which has to stand in what it quotes."""
    as_of: date | None = None
    """Nothing from after that day may be quoted."""


PROBES: dict[str, tuple[Probe, ...]] = {
    "promises from the ledger": (
        Probe(HALDEN, ("What did we promise?",), ("automatic renewal out", "Two days on site")),
        Probe(BRIGHTWELL, ("What did we promise?",), ("Spanish templates are included",)),
        Probe(MERIDIAN, ("What did we promise?",), ("delete your data within thirty days",)),
    ),
    "the contract beside talk": (
        Probe(BRIGHTWELL, ("Can they get out early if they don't like it?",), ("may not be cancelled during the initial term",)),
        Probe(
            HALDEN, ("What did we promise about renewal, and is it in the contract?",), ("automatic renewal out", "renews automatically")
        ),
        Probe(HALDEN, ("What did we promise?",), ("renews automatically",)),
    ),
    "two sides": (Probe(BRIGHTWELL, ("When do they go live?",), ("October nineteenth", "all seven offices will be live")),),
    "as of a day": tuple(
        Probe(account, (asked,), as_of=day)
        for account, day in ((HALDEN, date(2026, 8, 1)), (BRIGHTWELL, date(2026, 9, 12)), (MERIDIAN, date(2026, 6, 15)))
        for asked in ("When do they go live?", "What does it cost them?", "Who decides?", "What could go wrong?", "What did we promise?")
    ),
    "follow-ups": (
        Probe(HALDEN, ("What did we promise about renewal?", "And SSO?"), ("Single sign-on is part of Enterprise",)),
        Probe(HALDEN, ("Who is the champion?", "And what changed?"), ("live by 18 January",)),
        Probe(HALDEN, ("What changed about the SLA?", "And on the price?"), ("We can do 12% on a 36-month term",)),
        Probe(MERIDIAN, ("What could go wrong?", "yes"), ("there's no plus one",)),
        Probe(BRIGHTWELL, ("Who decides?", "ok, tell me more"), ("I sign.",)),
    ),
    "people": (
        Probe(HALDEN, ("Who decides?",), ("I sign alone", "Jonas has to sign")),
        Probe(BRIGHTWELL, ("Who signs?",), ("I sign.",)),
        Probe(MERIDIAN, ("Who is our main contact?",), ("Arjun is now main contact",)),
    ),
    "risks": (
        Probe(HALDEN, ("What could go wrong?",), ("there's no net",)),
        Probe(BRIGHTWELL, ("What are they worried about?",), ("did not press a button",)),
        Probe(MERIDIAN, ("What are the risks?",), ("there's no plus one",)),
    ),
    "reasons": (
        Probe(HALDEN, ("Why us?",), ("could not show me a live vessel feed",)),
        Probe(BRIGHTWELL, ("Why did they buy?",), ("doing reminders by hand",)),
    ),
    "changes": (
        Probe(HALDEN, ("What changed on the price?",), ("We can do 12% on a 36-month term", "$15,100 per depot")),
        Probe(MERIDIAN, ("What changed?",), ("72 hours from confirmation", "within forty-eight hours")),
    ),
    "days": (Probe(MERIDIAN, ("When do leavers drop out by themselves?",), ("March 31, 2027",)),),
}


def kept(kit: Kit, kind: str) -> Iterator[bool]:
    """Of each probe of a kind, whether its answer is as it should be; who needs no more of them asks no further."""
    return (_answers(kit, probe) for probe in PROBES[kind])


def asked(kit: Kit, probe: Probe) -> Answer:
    account = kit.archive.account(EVERYTHING, probe.account).id
    as_of = end_of_day(probe.as_of, "UTC") if probe.as_of else None
    thread: Sequence[Exchange] = ()
    for text in probe.thread:
        answer = ask(kit, Question(text, account, as_of=as_of, earlier=tuple(thread)))
        thread = (*thread, exchange(answer_json(answer)))
    return answer


def _answers(kit: Kit, probe: Probe) -> bool:
    answer = asked(kit, probe)
    said = {id for block in answer.blocks for claim in block.claims for id in claim.citations}
    said |= {id for change in answer.changes for step in change.items for id in step.citations}
    cited = [one for one in answer.citations if one.id in said]
    on_time = all(one.occurred_on is None or probe.as_of is None or one.occurred_on <= probe.as_of for one in answer.citations)
    return on_time and all(any(words in " ".join(one.exact.split()) for one in cited) for words in probe.quotes)
