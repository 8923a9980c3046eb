"""The brief held against what came after: 30, 60 and 90 days after the signature, and before the renewal.

Every promise that stood and every goal that was stated, each with what became of it and the newest words about it since the close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.brief.chosen_deal import UnknownDeal, choose_deal
from assistant.brief.kickoff import hangs_on_signing
from assistant.brief.setting import in_setting, marks, setting_of
from assistant.citations import cite
from assistant.facts.speech import Place, statements
from assistant.facts.topics import alike, content_words
from assistant.ledger import Ledger
from assistant.promise import Promise
from assistant.render import citation_json
from assistant.term import RENEWAL_AHEAD, renewal_of
from assistant.wiring import Kit
from ingest.archive.rows import StoredInteraction
from ingest.archive.scope import EVERYTHING, Scope

ABOUT = 0.5
"""Share of content words a later sentence must have in common with a promise or goal to be about it."""
LEAST_SHARED = 3
NEWEST = 2
"""Later words shown for each."""

Add = Callable[[Place], str]
"""Takes a place into the citations and gives its id."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Days since the signature, and until the renewal where the deal has a term."""

    since: date
    on: date
    renewal_on: date | None

    @property
    def name(self) -> str:
        days = (self.on - self.since).days
        if self.renewal_on and self.on >= self.renewal_on - RENEWAL_AHEAD:
            return f"Renewal re-check, {(self.renewal_on - self.on).days} days before {self.renewal_on.isoformat()}"
        return f"Re-check, day {days} after the signature"


def recheck(kit: Kit, account_id: str, deal_id: str | None = None, *, on: date, scope: Scope = EVERYTHING) -> dict[str, Any]:
    """What was promised and aimed for at the close, and what is known of it on that day. Raises `UnknownDeal` where no deal is closed."""
    reader = scope.only(account_id)
    deal = choose_deal(kit.archive.deals(reader), deal_id)
    if deal is None or not deal.closed_on:
        raise UnknownDeal("there is nothing to hold a re-check against: no deal of this account has been closed.")
    point = Checkpoint(date.fromisoformat(deal.closed_on), on, renewal_of(deal))
    interactions = kit.archive.interactions(reader)
    later = [i for i in interactions if i.source.occurred_on and point.since < i.source.occurred_on <= on and i.source.kind != "ae_note"]
    ledger = kit.ledger(reader, deal.id)
    stood = sorted(
        ((one, _since_of(one, ledger, later, on)) for one in _stood(ledger, point.since)), key=lambda pair: _urgency(pair[0], pair[1], on)
    )
    citations: dict[str, dict[str, Any]] = {}

    def add(place: Place) -> str:
        found = cite(place.interaction, place.span)
        citations.setdefault(found.id, citation_json(found, len(citations) + 1))
        return found.id

    return {
        "account": account_id,
        "deal_id": deal.id,
        "title": point.name,
        "since": point.since.isoformat(),
        "on": on.isoformat(),
        "renewal_on": point.renewal_on.isoformat() if point.renewal_on else None,
        "promises": [_promise(one, words, on, add) for one, words in stood],
        "goals": [
            {
                "text": goal.text,
                "owner": goal.owner.name or goal.owner.email,
                "citations": [add(goal.at)],
                "later": _told(_since(goal.text, later), add),
            }
            for goal in ledger.goals
            if goal.said_on is None or goal.said_on <= point.since
        ],
        "read": len(later),
        "citations": list(citations.values()),
    }


def as_text(found: Mapping[str, Any], name: str) -> str:
    """For a terminal, no line longer than 100 columns."""
    from textwrap import fill

    number = {citation["id"]: citation["number"] for citation in found["citations"]}

    def line(lead: str, words: str, ids: Iterable[str]) -> str:
        cited = "".join(f"[{number[id]}]" for id in ids)
        return fill(f"{words} {cited}".rstrip(), 100, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)

    out = [f"{name}: {found['title']}", f"Signed {found['since']}; {found['read']} calls, mails and notes since then.", ""]
    out += ["WHAT WE PROMISED"] if found["promises"] else ["No promise stood at the signature."]
    for promise in found["promises"]:
        due = f", {'was ' if promise['overdue'] else ''}due {promise['due']}" if promise["due"] else ""
        status = f"{promise['status'].replace('_', ' ').upper()}{due}"
        out.append(line(f"  {status}: ", f"“{promise['text']}”{in_setting(promise)}", (*promise["citations"], *marks(promise))))
        out += [
            line("      since: ", f"“{words['text']}” ({words['by']}, {words['on']})", words["citations"]) for words in promise["later"]
        ]
    out += ["", "WHAT THEY WANTED"] if found["goals"] else []
    for goal in found["goals"]:
        out.append(line("  - ", f"“{goal['text']}” ({goal['owner']})", goal["citations"]))
        out += [line("      since: ", f"“{words['text']}” ({words['by']}, {words['on']})", words["citations"]) for words in goal["later"]]
        out += [] if goal["later"] else ["      nothing since"]
    return "\n".join(out)


def _stood(ledger: Ledger, since: date) -> list[Promise]:
    """Promises of ours that were in force when the deal was signed."""
    return [
        one
        for one in ledger.promises
        if one.current and one.strength in ("firm", "conditional", "best_effort") and (one.made_on is None or one.made_on <= since)
    ]


def _promise(one: Promise, later: Sequence[Place], on: date, add: Add) -> dict[str, Any]:
    told = setting_of(one.said.at)
    citations = [add(one.places[0])]
    return {
        "id": one.id,
        "text": one.text,
        "strength": one.strength,
        "contract": one.verdict.status,
        "due": one.due.on.isoformat() if one.due and one.due.on else None,
        "status": one.became.status,
        "status_on": one.became.on.isoformat() if one.became.on else None,
        "overdue": _is_late(one, on),
        "citations": citations,
        "setting": {"how": told.how, "by": told.by, "text": " ".join(told.at.text.split()), "citation": add(told.at)} if told else None,
        "later": _told((*one.became.places, *later), add),
    }


_FIRST = ("broken", "at_risk", "open", "waived", "kept")


def _urgency(one: Promise, words: Sequence[Place], on: date) -> tuple[bool, int, bool, date]:
    """What went wrong or is late, then what was spoken of since, then by day; of equals in the order made."""
    wrong = _is_late(one, on) or one.became.status in ("broken", "at_risk")
    return (not wrong, _FIRST.index(one.became.status), not words, one.due.on if one.due and one.due.on else date.max)


def _is_late(one: Promise, on: date) -> bool:
    """Its day is past, and nothing on record says what became of it; the day by which an order had to be signed is nobody's debt."""
    return one.became.status == "open" and bool(one.due and one.due.on and one.due.on < on) and not hangs_on_signing(one.text)


def _since_of(one: Promise, ledger: Ledger, later: Sequence[StoredInteraction], on: date) -> list[Place]:
    """Words since the close about a promise: first where the customer says that they were told it, in whatever words."""
    recalled = [each.word for each in ledger.recalled if each.promises[:1] == (one.id,) and each.word.said_on and each.word.said_on <= on]
    return [*(word.at for word in reversed(recalled)), *_since(one.text, later)]


def _since(text: str, later: Sequence[StoredInteraction]) -> list[Place]:
    """Sentences since the close that are about the same thing, the newest first."""
    words = content_words(text)
    found = [
        statement.place
        for interaction in sorted(later, key=lambda one: str(one.source.occurred_at), reverse=True)
        for statement in statements(interaction)
        if len(words & (said := content_words(statement.text))) >= LEAST_SHARED and alike(words, said) >= ABOUT
    ]
    return found[:NEWEST]


def _told(places: Sequence[Place], add: Add) -> list[dict[str, Any]]:
    """Each once, the first `NEWEST` of them."""
    told: list[dict[str, Any]] = []
    for place in list({(p.interaction.source.id, p.span): p for p in places}.values())[:NEWEST]:
        citation = cite(place.interaction, place.span)
        by = citation.speaker.name if citation.speaker else citation.title
        on = citation.occurred_on.isoformat() if citation.occurred_on else ""
        told.append({"text": " ".join(place.text.split()), "by": by, "on": on, "citations": [add(place)]})
    return told
