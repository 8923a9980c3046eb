"""Composes the handoff brief of a deal from the ledger of its account: typed sections, each line an exact quote with its citation."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from assistant.answers import Citation, Claim, Receipt
from assistant.brief.asked import answered
from assistant.brief.changes import changes
from assistant.brief.chosen_deal import choose_deal
from assistant.brief.gaps.promised import is_denied
from assistant.brief.gaps.ranked import Asking, gaps
from assistant.brief.gaps.talk import Talk
from assistant.brief.goal_lines import goal_lines
from assistant.brief.likely import ASKED_ABOUT, DECISIONS, GOALS, REASONS, RISKS, chance, filled, surest
from assistant.brief.sections import (
    Artefact,
    AskedLine,
    Brief,
    Commercial,
    ConflictLine,
    Coverage,
    Due,
    Moment,
    Party,
    PersonLine,
    PromiseLine,
    RequirementLine,
    RiskLine,
    RivalLine,
    SettingLine,
    Teammate,
)
from assistant.brief.setting import setting_of
from assistant.citations import cite
from assistant.facts.dates import DateSaid
from assistant.facts.paper import Clause, clauses
from assistant.facts.people import PersonSeen
from assistant.facts.reasons import Topic
from assistant.facts.risks import RiskSaid
from assistant.facts.speech import Place
from assistant.ledger import Ledger, read
from assistant.ledgers import of_deal, readings_of, signatures
from assistant.meaning import meaning_of
from assistant.models.weights import ON_RECORD, LineKind
from assistant.promise import Promise
from assistant.uncounted import unplaced
from ingest.archive.rows import Embedding, PromiseMark, StoredAccount, StoredDeal, StoredInteraction, StoredPassage, StoredPerson
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import Span


class History(Protocol):
    """What composing reads; the archive is one."""

    def account(self, scope: Scope, reference: str) -> StoredAccount: ...
    def deals(self, scope: Scope) -> list[StoredDeal]: ...
    def people(self, scope: Scope) -> list[StoredPerson]: ...
    def interactions(self, scope: Scope) -> list[StoredInteraction]: ...
    def readings(self, scope: Scope) -> dict[str, tuple[str, dict[str, Any]]]: ...
    def promise_marks(self, scope: Scope) -> list[PromiseMark]: ...
    def passages(self, scope: Scope) -> list[StoredPassage]: ...
    def embeddings_of(self, contents: Sequence[str], model: str) -> dict[str, Embedding]: ...


class HasHistory(Protocol):
    @property
    def archive(self) -> History: ...
    @property
    def facts_by(self) -> str: ...


def compose(
    kit: HasHistory,
    account_id: str,
    deal_id: str | None = None,
    as_of: datetime | None = None,
    *,
    scope: Scope = EVERYTHING,
    now: datetime | None = None,
) -> Brief:
    """The brief of an account's deal: by default its last won deal, else its newest, else none."""
    reader = scope.only(account_id).until(as_of)
    account = kit.archive.account(reader, account_id)
    deal = choose_deal(kit.archive.deals(reader), deal_id)
    interactions = kit.archive.interactions(reader)
    ledger = read(
        of_deal(interactions, deal.id if deal else None),
        kit.archive.people(reader),
        closed=deal is not None and deal.won,
        readings=readings_of(kit.archive, reader, interactions, kit.facts_by),
        marks=kit.archive.promise_marks(reader),
        signatures=signatures([deal] if deal else []),
        meaning_of=lambda places: meaning_of(kit.archive, reader, places),
    )
    brief = write(account, deal, ledger, interactions, as_of=as_of, now=now or datetime.now(UTC))
    return replace(brief, model=kit.facts_by.rpartition(" ")[0]) if kit.facts_by else brief


def write(
    account: StoredAccount,
    deal: StoredDeal | None,
    ledger: Ledger,
    interactions: Sequence[StoredInteraction],
    *,
    as_of: datetime | None,
    now: datetime,
) -> Brief:
    """The brief as a function of what is on record; `now` is only written into it."""
    # An AE's note answers a question of the brief and stands beside it; nothing in it was said to the customer.
    told = of_deal([i for i in interactions if i.source.kind != "ae_note"], deal.id if deal else None)
    shelf = _Shelf()
    receipt = receipt_of(interactions)
    talk = Talk(told)
    aims = surest(filled(ledger.goals, ledger.likely_goals, GOALS))
    goals = goal_lines(aims, ledger.baselines, talk, shelf.all, receipt)
    promises = tuple(_promise(one, shelf) for one in ledger.promises)
    risks = (*_broken_expectations(ledger, shelf), *(_risk(one, shelf) for one in filled(ledger.risks, ledger.likely_risks, RISKS)))
    people = tuple(_person(one, ledger.people, talk, shelf) for one in ledger.people)
    why, decision = (_claims(ledger, topic, shelf) for topic in _TOPICS)
    requirements = tuple(RequirementLine(one.kind, one.manner, shelf.claim(one.at, "requirement")) for one in ledger.requirements)
    rivals = tuple(RivalLine(one.name, one.incumbent, tuple(shelf.claim(said.at) for said in one.said)) for one in ledger.rivals)
    conflicts = tuple(
        ConflictLine(one.kind, one.how, shelf.claim(one.one), shelf.claim(one.other), one.promise) for one in ledger.conflicts
    )
    timeline = tuple(Moment(e.said.on, e.text, shelf.all((e.at, *e.also))) for e in ledger.events if e.said.on)
    commercials = (*_deal_record(deal, told, shelf), *_terms(clauses(ledger.contracts), shelf))
    changed = changes(ledger, talk, shelf.all)
    first = (
        *(one.citations[:1] for one in (*why, *decision, *(line.claim for line in requirements))),
        *(one.citations[:1] for section in (goals, promises, risks, timeline) for one in section),
        *(step.citations[:1] for change in changed for step in change.items),
    )
    settings = {id: words for (id,) in filter(None, first) if (words := shelf.setting(id)) is not None}
    return Brief(
        id="brf_" + hashlib.sha256(f"{account.id} {deal.id if deal else ''} {now.isoformat()}".encode()).hexdigest()[:20],
        account=account,
        deal=deal,
        team=_team(deal, told),
        as_of=as_of,
        composed_at=now,
        why=why,
        goals=goals,
        promises=promises,
        risks=risks,
        people=people,
        requirements=requirements,
        commercials=commercials,
        timeline=timeline,
        decision=decision,
        changes=changed,
        asked_already=tuple(AskedLine(one.text, shelf.claim(one.answered)) for one in answered(ledger.questions) if one.answered),
        artefacts=tuple(
            Artefact(i.source.title, "contract" if i in ledger.contracts else "document", i.source.url)
            for i in told
            if i.source.kind == "doc"
        ),
        gaps=gaps(Asking(talk, ledger, goals[: max(ASKED_ABOUT, len(ledger.goals))], people, receipt, shelf.all)),
        citations=tuple(shelf.citations.values()),
        receipt=receipt,
        coverage=coverage_of(interactions),
        support=1.0,
        rivals=rivals,
        conflicts=conflicts,
        settings=settings,
    )


_TOPICS: tuple[Topic, Topic] = ("why", "decision")


@dataclass
class _Shelf:
    """Collects the citations of one brief, each once, in the order first used."""

    citations: dict[str, Citation] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, place: Place) -> str:
        citation = cite(place.interaction, place.span)
        self.citations.setdefault(citation.id, citation)
        self.places.setdefault(citation.id, place)
        return citation.id

    def setting(self, id: str) -> SettingLine | None:
        """What the words of a citation lean on, cited as well; None where they stand alone."""
        told = setting_of(self.places[id])
        return SettingLine(told.how, told.by, " ".join(told.at.text.split()), self.add(told.at)) if told else None

    def all(self, places: Iterable[Place]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.add(place) for place in places))

    def claim(self, place: Place, kind: LineKind | None = None, chance: float = 1.0) -> Claim:
        """As sure as lines of its kind are, and no surer than by its own chance; where it is a fact of no kind, words on record and
        nothing more, surely these."""
        citation = self.add(place)
        support = min(ON_RECORD[kind] if kind else 1.0, chance)
        return Claim("clm_" + hashlib.sha256(citation.encode()).hexdigest()[:16], " ".join(place.text.split()), (citation,), support)


# --- what was searched


def receipt_of(interactions: Sequence[StoredInteraction], nearest: tuple[str, ...] = ()) -> Receipt:
    dated = [i.source.occurred_on for i in interactions if i.source.occurred_on]
    return Receipt(dict(Counter(i.source.kind for i in interactions)), min(dated, default=None), max(dated, default=None), nearest=nearest)


def coverage_of(interactions: Sequence[StoredInteraction]) -> Coverage:
    unheard = tuple(i.source.title for i in interactions if i.source.kind == "call" and not any(turn.role == "said" for turn in i.turns))
    months = {(on.year, on.month) for i in interactions if (on := i.source.occurred_on)}
    placeless = tuple(dict.fromkeys(name for person, _ in unplaced(interactions) if (name := person.name or person.email)))
    if not months:
        return Coverage(unheard, (), placeless)
    first, last = min(months), max(months)
    between = ((n // 12, n % 12 + 1) for n in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]))
    silent = tuple(f"{year}-{month:02d}" for year, month in between if (year, month) not in months)
    return Coverage(unheard, silent, placeless)


# --- lines


def _team(deal: StoredDeal | None, interactions: Sequence[StoredInteraction]) -> tuple[Teammate, ...]:
    """Our people in it: the deal's owner first, then those who took part most."""
    everybody = {person.id: person for i in interactions for person in i.participants}
    ours = [person for person in everybody.values() if person.side == "seller" and (person.name or person.email)]
    met = Counter(person.id for i in interactions for person in i.participants)
    owner = deal.owner_email.casefold() if deal else ""
    team = [Teammate(person, bool(owner) and person.email.casefold() == owner) for person in ours]
    return tuple(sorted(team, key=lambda one: (not one.owner, -met[one.person.id], one.person.name, one.person.id)))


def _promise(one: Promise, shelf: _Shelf) -> PromiseLine:
    clause = one.verdict.clause
    told = one.said.made_to
    return PromiseLine(
        id=one.id,
        text=one.text,
        kind=one.kind,
        strength=one.strength,
        conditions=one.said.conditions,
        made_by=Party(one.made_by.name or one.made_by.email, one.made_by.side),
        made_to=Party(told.name or told.email, told.side) if told else None,
        made_on=one.made_on,
        due=_due(one.due),
        supersedes=one.supersedes,
        current=one.current,
        contract=one.verdict.status,
        contract_citation=shelf.add(clause.at) if clause else None,
        citations=shelf.all(one.cited),
        support=ON_RECORD["promise"],
        status=one.became.status,
        status_on=one.became.on,
        reliance=one.leaning.level if one.leaning else None,
        reliance_citation=shelf.add(one.leaning.at) if one.leaning else None,
        because_citation=shelf.add(one.because) if one.because else None,
    )


def _due(said: DateSaid | None) -> Due | None:
    return Due(said.as_said, said.on) if said else None


def _risk(one: RiskSaid, shelf: _Shelf) -> RiskLine:
    days = [day for day in (one.said_on, *(place.interaction.source.occurred_on for place in one.again)) if day is not None]
    return RiskLine(
        one.text, one.kind, one.said_on, max(days, default=None), False, (shelf.add(one.at),), shelf.all(one.again), one.by_words
    )


def _broken_expectations(ledger: Ledger, shelf: _Shelf) -> tuple[RiskLine, ...]:
    """What the customer was promised and the paper says otherwise: they will expect the promise."""
    found: list[RiskLine] = []
    for one in ledger.promises:
        clause = one.verdict.clause
        if clause and is_denied(one):
            text = f"Promised: “{one.text}” The contract says: “{clause.text}”"
            found.append(RiskLine(text, "expectation", one.made_on, one.made_on, False, (*shelf.all(one.places), shelf.add(clause.at))))
    return tuple(found)


def _person(one: PersonSeen, everybody: Sequence[PersonSeen], talk: Talk, shelf: _Shelf) -> PersonLine:
    """Who said nothing on record stands on the last words that name them, by their first name where nobody else has it."""
    places = one.places or _naming(one.person, [other.person for other in everybody], talk)
    return PersonLine(one.person, one.roles, one.stance, one.cares_about, one.last_contact, shelf.all(places))


def _naming(person: StoredPerson, everybody: Sequence[StoredPerson], talk: Talk) -> tuple[Place, ...]:
    first = person.name.partition(" ")[0]
    alone = len(first) > 2 and sum(other.name.partition(" ")[0] == first for other in everybody) == 1
    called = [name for name in (person.name, first if alone else "") if name]
    for name in called:
        named = re.compile(rf"\b{re.escape(name)}\b")
        found = next(
            (said.place for said in reversed(talk.said) if said.interaction.source.kind != "doc" and named.search(said.text)), None
        )
        if found is not None:
            return (found,)
    return ()


def _claims(ledger: Ledger, topic: Topic, shelf: _Shelf) -> tuple[Claim, ...]:
    said = [one for one in ledger.remarks if one.topic == topic]
    told = surest(filled(said, ledger.likely_reasons, REASONS)) if topic == "why" else filled(said, (), DECISIONS)
    return tuple(shelf.claim(one.at, "reason", chance(one.likeness) if one.by_words else 1.0) for one in told)


_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern, re.IGNORECASE))
    for label, pattern in (
        ("Liability", r"\bliability\b"),
        ("Renewal", r"\brenew"),
        ("Term", r"\binitial term\b|\bterm is\b|\bmonths from\b"),
        ("Termination", r"\bterminat|\bcancel"),
        ("Discount", r"\bdiscount\b"),
        ("Price hold", r"\bprice hold\b|\bmay order\b"),
        ("Credit", r"\bcredit\b.{0,20}(?:USD|EUR|[$€£])"),
        ("One-time fees", r"\b(?:onboarding|implementation|set-?up)\b.{0,30}\b(?:fee|package)|\bone-time\b"),
        ("Fees", r"\bper (?:year|month|user|seat|location|depot|site)\b|\bannual fee\b|\bmonthly total\b|\bfree of charge\b"),
        ("Payment", r"\binvoiced\b|\bpayment within\b|\bcharged monthly\b|\bbilled\b"),
        ("Start", r"\bstart date\b"),
        ("Support", r"\bsupport\b.{0,40}\bavailable\b|\bSLA\b"),
    )
)


def _terms(paper: Sequence[Clause], shelf: _Shelf) -> Iterable[Commercial]:
    for clause in paper:
        label = "Not included" if clause.excludes else next((label for label, pattern in _LABELS if pattern.search(clause.text)), None)
        if label:
            yield Commercial(label, clause.text.removeprefix(label).lstrip(" :.|").rstrip(" |"), (shelf.claim(clause.at, "term"),))


_RECORD_LINE = re.compile(
    r"^(?P<label>amount|deal ?amount|contract value|term|seats|currency)[^:\n]{0,20}:[ \t]*(?P<value>\S[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)


def _deal_record(deal: StoredDeal | None, interactions: Sequence[StoredInteraction], shelf: _Shelf) -> Iterable[Commercial]:
    """The terms in the deal's own CRM record; its stage, owner and day of closing stand in the head of the brief."""
    for interaction in interactions:
        if deal is None or interaction.source.kind != "crm_field" or interaction.source.deal_id != deal.id:
            continue
        for match in _RECORD_LINE.finditer(interaction.text):
            yield Commercial(match["label"], match["value"].strip(), (shelf.claim(Place(interaction, Span(*match.span()))),))
