"""Faults planted in the assistant itself, at a seam of its real path, each with the measure that has to notice.

`tests.eval.mutants` spoils outcomes and so tests the measures. These spoil what makes the outcomes, and test that such a fault still
shows by the time it has gone through search, drafting, grounding, the ledger and the page.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import pytest

import assistant.asking
import assistant.brief.compose
import assistant.facts.promises
import assistant.facts.reading
import assistant.facts.speech
import assistant.finding
import assistant.grounding
import assistant.ledger
import assistant.unfolding
import ingest.archive.storing
from assistant.answers import Answer, Citation, Draft, Question
from assistant.brief.sections import Brief
from assistant.citations import cite
from assistant.evidence import Evidence
from assistant.facts.contract import Verdict, verdict
from assistant.facts.paper import Clause
from assistant.facts.people import PersonSeen, people
from assistant.facts.promises import PromiseSaid, promise
from assistant.facts.speech import Statement, statements
from assistant.finding import find
from assistant.grounding import ground, locate
from assistant.ledger import Ledger, read
from assistant.meaning import Meaning
from assistant.models.extractive import Extractive
from assistant.promise import Promise
from assistant.room import Room
from assistant.understand import Understood, understand
from assistant.wiring import Kit
from eval.cases import load_cases
from eval.command import DATA
from eval.subject import Baton
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.archive.scope import EVERYTHING
from ingest.passages import Passage, split
from ingest.records import Interaction, Span

Plant = Callable[[Baton, pytest.MonkeyPatch], Baton]


Touches = Literal["reading", "search", "gathering", "answers", "grammar", "brief"]
"""What has to be asked again to see it: after a fault of reading everything; after one of search the answers too; after one of
gathering the answers, and after one of answers no more than their drafts; after one of the grammar the facts and the brief, and after
one of the brief no facts."""


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    touches: Touches
    measure: str
    """Has to notice."""
    held: bool
    """The gate holds that measure; False where these deals have too few items for it, and the report alone shows the fall."""
    plant: Plant


FAULTS: list[Fault] = []


def _in(touches: Touches, measure: str, *, held: bool = True) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS.append(Fault(plant.__name__, touches, measure, held, plant))
        return plant

    return add


# --- answers: what is quoted


@_in("answers", "cut_citation")
def quotes_are_shifted_by_a_character(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def shifted(interaction: StoredInteraction, span: Span) -> Citation:
        return replace(cite(interaction, span), exact=interaction.text[span.start + 1 : span.end + 1])

    patch.setattr(assistant.grounding, "cite", shifted)
    return baton


@_in("answers", "citation_validity")
def quotes_have_another_letter(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def misspelt(interaction: StoredInteraction, span: Span) -> Citation:
        return _misspelt(cite(interaction, span))

    patch.setattr(assistant.grounding, "cite", misspelt)
    return baton


def _misspelt(right: Citation) -> Citation:
    middle = len(right.exact) // 2
    return replace(right, exact=f"{right.exact[:middle]}q{right.exact[middle + 1 :]}")


@_in("answers", "speaker_correct")
def quotes_are_put_into_the_next_speakers_mouth(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def misheard(interaction: StoredInteraction, span: Span) -> Citation:
        right = cite(interaction, span)
        others = [turn for turn in interaction.turns if turn.person and right.speaker and turn.person.email != right.speaker.email]
        after = next((turn for turn in others if turn.span.start >= span.end), others[-1] if others else None)
        return replace(right, speaker=cite(interaction, after.span).speaker) if after else right

    patch.setattr(assistant.grounding, "cite", misheard)
    return baton


@_in("answers", "day_correct")
def quotes_are_dated_a_day_late(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    # After grounding: before it, a claim that names the right day would go with a quote that names another.
    def late(question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()) -> Answer:
        answer = ground(question, draft, evidence, model=model, thread_id=thread_id, degraded=degraded)
        dated = (replace(one, occurred_on=one.occurred_on and one.occurred_on + timedelta(days=1)) for one in answer.citations)
        return replace(answer, citations=tuple(dated))

    return _with(baton, ground=late)


@_in("answers", "misplaced_citation")
def words_are_cited_from_the_mail_that_quotes_them(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def from_the_tail(
        question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()
    ) -> Answer:
        answer = ground(question, draft, evidence, model=model, thread_id=thread_id, degraded=degraded)
        return replace(answer, citations=tuple(_in_a_tail(one, evidence.room) or one for one in answer.citations))

    return _with(baton, ground=from_the_tail)


def _in_a_tail(citation: Citation, room: Room) -> Citation | None:
    """The same words where a later mail repeats them below its own."""
    for interaction in room.interactions.values():
        for turn in interaction.turns:
            where = locate(citation.exact, interaction.text[turn.span.start : turn.span.end]) if turn.role == "quoted" else None
            if where:
                tail = cite(interaction, Span(turn.span.start + where.start, turn.span.start + where.end))
                return replace(tail, id=citation.id)
    return None


@_in("reading", "recall_within_1000")
def machine_recaps_and_hidden_words_are_searched(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def undivided(interaction: Interaction) -> tuple[Passage, ...]:
        return split(replace(interaction, turns=tuple(replace(turn, role="said") for turn in interaction.turns)))

    patch.setattr(ingest.archive.storing, "split", undivided)
    return baton


# --- answers: whose and when


@_in("gathering", "foreign_citation")
def every_account_is_searched(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    room = Kit.room
    patch.setattr(Kit, "room", lambda kit, scope: room(kit, EVERYTHING.until(scope.as_of)))
    return baton


@_in("gathering", "citation_precision")
def the_oldest_word_is_given_as_the_latest(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def oldest_first(*given: Any, **named: Any) -> Evidence:
        evidence = find(*given, **named)
        when = {source.id: source.occurred_at for source in evidence.room.sources}
        first, rest = evidence.ranked[:10], evidence.ranked[10:]
        dated = sorted(first, key=lambda one: str(when[one.passage.interaction_id] or "9"))
        # The score goes with the place: an answer is chosen by it.
        scores = sorted((one.score for one in first), reverse=True)
        return replace(evidence, ranked=(*(replace(one, score=score) for one, score in zip(dated, scores, strict=True)), *rest))

    return _finding(baton, patch, oldest_first)


# --- answers: whether and what


@_in("answers", "false_decline")
def it_always_declines(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    return _with(baton, model=Extractive(enough=math.inf))


@_in("answers", "false_answer")
def it_never_declines(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    return _with(baton, model=Extractive(enough=-math.inf))


@_in("answers", "failed")
def one_question_in_three_crashes(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    class Crashing(Extractive):
        def draft(self, question: Question, evidence: Evidence) -> Draft:
            if len(question.text) % 3 == 0:
                raise RuntimeError("no words left")
            return super().draft(question, evidence)

    return _with(baton, model=Crashing())


@_in("search", "found_in_first_5")
def the_order_of_search_is_shuffled(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def shuffled(*given: Any, **named: Any) -> Evidence:
        evidence = find(*given, **named)
        return replace(evidence, ranked=tuple(random.Random(7).sample(evidence.ranked, len(evidence.ranked))))

    return _finding(baton, patch, shuffled)


@_in("search", "found_in_first_10")
def follow_ups_forget_their_thread(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def alone(question: Question, people: Sequence[StoredPerson]) -> Understood:
        return understand(replace(question, earlier=()), people)

    def find_alone(room: Room, question: Question, *given: Any, **named: Any) -> Evidence:
        return find(room, replace(question, earlier=()), *given, **named)

    patch.setattr(assistant.asking, "understand", alone)
    return _finding(baton, patch, find_alone)


@_in("search", "found_in_first_10")
def the_words_of_the_field_are_unknown(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.finding, "related", lambda text: ())
    return baton


@_in("answers", "unsupported_figure")
def figures_are_told_one_too_high(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def miscounted(
        question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()
    ) -> Answer:
        answer = ground(question, draft, evidence, model=model, thread_id=thread_id, degraded=degraded)
        blocks = (
            replace(block, claims=tuple(replace(claim, text=claim.text.translate(_ONE_UP)) for claim in block.claims))
            for block in answer.blocks
        )
        return replace(answer, blocks=tuple(blocks))

    return _with(baton, ground=miscounted)


_ONE_UP = str.maketrans("0123456789", "1234567890")


@_in("answers", "must_not_violation")
def stale_values_are_stated_as_current(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    # No slip of search or drafting states them reliably, so this fault reads them off the labels.
    stale = {asked.text: asked.must_not[0] for case in load_cases(DATA / "cases") for asked in case.questions if asked.must_not}

    def outdated(
        question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()
    ) -> Answer:
        answer = ground(question, draft, evidence, model=model, thread_id=thread_id, degraded=degraded)
        if not (value := stale.get(question.text)):
            return answer
        blocks = (replace(block, claims=tuple(replace(claim, text=f"It is {value}.") for claim in block.claims)) for block in answer.blocks)
        return replace(answer, blocks=tuple(blocks))

    return _with(baton, ground=outdated)


# --- the brief


@_in("grammar", "promise_right")
def conditions_are_dropped(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.facts.promises, "condition_of", lambda text: "")
    return baton


@_in("grammar", "promise_precision")
def what_the_customer_asks_for_is_taken_for_a_promise(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def whoever_said_it(statement: Statement, colleagues: frozenset[str] = frozenset()) -> PromiseSaid | None:
        person = statement.turn.person
        ours = replace(statement.turn, person=replace(person, side="seller")) if person else statement.turn
        return promise(replace(statement, turn=ours), colleagues)

    patch.setattr(assistant.facts.reading, "promise", whoever_said_it)
    return baton


@_in("grammar", "hard_negatives_asserted")
def tails_recaps_and_talk_among_ourselves_are_taken_for_promises(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def overheard(interaction: StoredInteraction) -> tuple[Statement, ...]:
        said = tuple(replace(turn, role="said") for turn in interaction.turns)
        return tuple(replace(statement, to_customer=True) for statement in statements(replace(interaction, turns=said)))

    patch.setattr(assistant.facts.speech, "is_recap", lambda interaction: False)
    patch.setattr(assistant.facts.reading, "statements", overheard)
    return baton


@_in("brief", "strength_accuracy")
def every_promise_is_firm(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    return _with_promises(baton, patch, lambda held: replace(held, strength="firm"))


@_in("brief", "contract_accuracy")
def the_contract_covers_everything(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def covered(said: PromiseSaid, paper: Sequence[Clause], meaning: Meaning | None) -> Verdict:
        return Verdict("covered", verdict(said, paper).clause or next(iter(paper), None))

    patch.setattr(assistant.ledger, "on_paper", covered)
    return baton


@_in("brief", "made_by_accuracy")
def promises_are_put_into_the_customers_mouth(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def swapped(held: Promise) -> Promise:
        return replace(held, said=replace(held.said, made_by=held.said.made_to or held.said.made_by, made_to=held.said.made_by))

    return _with_promises(baton, patch, swapped)


@_in("brief", "due_accuracy")
def promises_are_due_a_day_late(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def late(held: Promise) -> Promise:
        due = held.said.due
        later = replace(due, on=due.on + timedelta(days=1)) if due and due.on else due
        return replace(held, said=replace(held.said, due=later))

    return _with_promises(baton, patch, late)


@_in("brief", "made_on_accuracy")
def promises_are_made_a_day_late(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def late(held: Promise) -> Promise:
        return replace(held, said=replace(held.said, made_on=held.made_on and held.made_on + timedelta(days=1)))

    return _with_promises(baton, patch, late)


@_in("brief", "promise_quote_valid")
def promises_are_quoted_with_another_letter(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    def misspelt(interaction: StoredInteraction, span: Span) -> Citation:
        return _misspelt(cite(interaction, span))

    patch.setattr(assistant.brief.compose, "cite", misspelt)
    return baton


@_in("brief", "superseded_as_current", held=False)
def what_was_replaced_is_shown_as_standing(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    return _with_promises(baton, patch, lambda held: replace(held, current=True, supersedes=None))


@_in("brief", "supersession_recall", held=False)
def nothing_replaces_anything(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    for replaces in ("takes_the_place_of", "instead_of"):
        patch.setattr(assistant.unfolding, replaces, lambda held, one: False)
    patch.setattr(assistant.unfolding, "replaced", lambda beside, of, among: [])
    return baton


@_in("brief", "change_recall", held=False)
def changes_are_told_without_their_last_step(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    write = assistant.brief.compose.write

    def as_before(*given: Any, **named: Any) -> Brief:
        brief = write(*given, **named)
        return replace(brief, changes=tuple(replace(change, items=change.items[:-1]) for change in brief.changes))

    patch.setattr(assistant.brief.compose, "write", as_before)
    return baton


@_in("grammar", "requirement_recall")
def requirements_are_not_written(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.facts.reading, "requirement", lambda statement: None)
    return baton


@_in("grammar", "date_recall")
def dates_are_not_written(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.facts.reading, "event", lambda statement: None)
    return baton


@_in("brief", "reason_recall", held=False)
def reasons_are_not_written(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.brief.compose, "_claims", lambda ledger, topic, shelf: ())
    return baton


@_in("brief", "gap_recall")
def gaps_are_not_written(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    write = assistant.brief.compose.write

    def without_gaps(*given: Any, **named: Any) -> Brief:
        return replace(write(*given, **named), gaps=())

    patch.setattr(assistant.brief.compose, "write", without_gaps)
    return baton


@_in("grammar", "risk_recall")
def risks_are_not_written(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.facts.reading, "risk", lambda statement: None)
    return baton


@_in("brief", "stakeholder_recall")
def people_are_not_written(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    patch.setattr(assistant.ledger, "people", lambda *given: ())
    return baton


@_in("brief", "stakeholder_role")
def nobody_has_a_role(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    return _with_people(baton, patch, lambda seen: replace(seen, roles=()))


@_in("brief", "stakeholder_stance")
def everybody_is_for_us(baton: Baton, patch: pytest.MonkeyPatch) -> Baton:
    return _with_people(baton, patch, lambda seen: replace(seen, stance="advocate"))


# --- where they are put


def _with(baton: Baton, **parts: Any) -> Baton:
    return Baton(replace(baton.kit, **parts))


def _finding(baton: Baton, patch: pytest.MonkeyPatch, otherwise: Callable[..., Evidence]) -> Baton:
    """The search that answers is also the one that is measured by itself."""
    patch.setattr(assistant.asking, "find", otherwise)
    return baton


def _with_promises(baton: Baton, patch: pytest.MonkeyPatch, change: Callable[[Promise], Promise]) -> Baton:
    def changed(*given: Any, **named: Any) -> Ledger:
        ledger = read(*given, **named)
        return replace(ledger, promises=tuple(map(change, ledger.promises)))

    patch.setattr(assistant.brief.compose, "read", changed)
    return baton


def _with_people(baton: Baton, patch: pytest.MonkeyPatch, change: Callable[[PersonSeen], PersonSeen]) -> Baton:
    patch.setattr(assistant.ledger, "people", lambda *given: tuple(map(change, people(*given))))
    return baton
