"""From evidence to a checked answer: by the words of the history themselves, or by a language model with those to fall back on."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import Answer, Draft, DraftBlock, DraftClaim, Question, Usage
from assistant.evidence import Evidence
from assistant.listening import Listener, Said, Withdrawn
from assistant.models.port import AnswerModel, ModelFailed, WritingModel
from assistant.on_record.answering import from_record
from assistant.promised import from_ledger
from assistant.wiring import Kit

WITHOUT = "answered without the language model"


def drawn(
    kit: Kit, model: AnswerModel, question: Question, evidence: Evidence, thread_id: str, listener: Listener, degraded: tuple[str, ...]
) -> Answer:
    """By a model that is quick and does not fail."""
    with kit.answering:
        draft = model.draft(question, evidence)
        draft = from_ledger(draft, evidence) or from_record(draft, evidence) or draft
        answer = _grounded(kit, model.name, question, draft, evidence, thread_id, degraded)
    _Told(listener).settle(answer)
    return answer


def written(
    kit: Kit, model: WritingModel, question: Question, evidence: Evidence, thread_id: str, listener: Listener, degraded: tuple[str, ...]
) -> Answer:
    """By the language model; by the words themselves, and marked so, where it fails or where nothing it says stands in the history.

    What it says is told claim by claim after the same check that the whole answer passes. It is not asked who somebody is, which lists
    say. Raises `Stopped`.
    """
    if evidence.recorded is not None and evidence.recorded.of_lists:
        return drawn(kit, kit.fallback, question, evidence, thread_id, listener, degraded)
    told = _Told(listener)

    def hear(claim: DraftClaim) -> None:
        part = Draft((DraftBlock("list", (claim,)),), own_words=True)
        told.add(_grounded(kit, kit.model.name, question, part, evidence, thread_id, degraded))

    def instead(why: str, usage: Usage | None, removed: int) -> Answer:
        told.withdraw()
        answer = drawn(kit, kit.fallback, question, evidence, thread_id, listener, (*degraded, f"{WITHOUT}: {why}"))
        tokens = usage.sent + usage.received if usage else 0
        return replace(answer, usage=usage, model_tokens=tokens, removed_claims=answer.removed_claims + removed)

    try:
        draft = model.drafting(question, evidence, hear, told.withdraw, listener.stop)
    except ModelFailed as failed:
        return instead(str(failed), failed.usage, 0)
    answer = _grounded(kit, kit.model.name, question, draft, evidence, thread_id, degraded)
    if draft.blocks and not answer.blocks:
        return instead("nothing that it said could be found in the history", draft.usage, answer.removed_claims)
    told.settle(answer)
    return answer


def _grounded(
    kit: Kit, model: str, question: Question, draft: Draft, evidence: Evidence, thread_id: str, degraded: tuple[str, ...]
) -> Answer:
    troubles = (*kit.degraded, *degraded)
    return replace(kit.ground(question, draft, evidence, model=model, thread_id=thread_id, degraded=troubles), usage=draft.usage)


class _Told:
    """What the listener was told, brought in line with the whole answer at its end."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._ids: list[str] = []

    def add(self, answer: Answer) -> None:
        """The claims of an answer that were not told yet, in its order."""
        citations = {citation.id: citation for citation in answer.citations}
        for number, block in enumerate(answer.blocks):
            for claim in block.claims:
                if claim.id not in self._ids:
                    self._ids.append(claim.id)
                    self._listener.tell(Said(number, claim, tuple(citations[each] for each in claim.citations)))

    def withdraw(self) -> None:
        for each in self._ids:
            self._listener.tell(Withdrawn(each))
        self._ids.clear()

    def settle(self, answer: Answer) -> None:
        kept = {claim.id for block in answer.blocks for claim in block.claims}
        for each in [told for told in self._ids if told not in kept]:
            self._ids.remove(each)
            self._listener.tell(Withdrawn(each))
        self.add(answer)
