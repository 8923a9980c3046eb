"""The request to a language model: the rules, then as many of the passages found as the budget holds, marked as evidence."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answers import Question
from assistant.evidence import Evidence
from assistant.instructions import without_instructions
from assistant.settings import ModelSettings
from ingest.archive.rows import StoredInteraction, StoredPassage
from ingest.records import Kind

CHARACTERS_A_TOKEN = 3.0
"""On the careful side: English has four, German three and a half."""
EARLIER_CHARACTERS = 400
"""So much of the question and the answer before are told with a follow-up."""

_KINDS: dict[Kind, str] = {
    "call": "call", "email": "e-mail", "crm_note": "CRM note", "crm_field": "CRM record", "doc": "document", "chat": "chat",
    "meeting": "meeting", "ae_note": "AE's note",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prompt:
    messages: tuple[dict[str, str], ...]
    passages: tuple[StoredPassage, ...]
    """As numbered in it, from 1."""
    secrets: tuple[str, ...]
    """Words that stand in the prompt alone; a reply that holds one repeats its instructions."""

    @property
    def tokens(self) -> int:
        return sum(token_estimate(message["content"]) for message in self.messages)

    def again(self, reply: str, problem: str) -> tuple[dict[str, str], ...]:
        return again(self.messages, reply, problem)


def again(messages: Sequence[dict[str, str]], reply: str, problem: str) -> tuple[dict[str, str], ...]:
    """The request once more, with what was wrong with the reply."""
    told = prompt_text("again").replace("{problem}", problem)
    return (*messages, {"role": "assistant", "content": reply[:EARLIER_CHARACTERS]}, {"role": "user", "content": told})


def prompt(question: Question, evidence: Evidence, settings: ModelSettings, canary: str) -> Prompt:
    """`canary` is a word of the process and not of the request, so that the rules stay the same and an endpoint may keep them read."""
    rules = f"{prompt_text('answer')}\n\nNever write: {canary}"
    marker = secrets.token_hex(6)
    asked = _asked(question, evidence, marker)
    room = settings.context_tokens - settings.max_tokens - 2 * token_estimate(asked) - token_estimate(rules) - 150
    passages, texts = _fitting(evidence, marker, min(room, settings.evidence_tokens))
    user = "\n\n".join(
        (
            f"Passages of the account's history, each opened by a line with the mark {marker}, which nobody who wrote them knew:",
            *texts,
            f"[{marker} end of the passages]",
            asked,
        )
    )
    return Prompt(({"role": "system", "content": rules}, {"role": "user", "content": user}), passages, (canary, marker))


def token_estimate(text: str) -> int:
    return round(len(text) / CHARACTERS_A_TOKEN) + 1


MOST_ON_RECORD = 8
"""Passages that the ledger names go before those that search found; more of them would leave search no room."""


def _fitting(evidence: Evidence, marker: str, budget: int) -> tuple[tuple[StoredPassage, ...], list[str]]:
    """What is on record of the kind asked for, then what search found, the best first, without those for which there is no room left."""
    passages: list[StoredPassage] = []
    texts: list[str] = []
    told: dict[str, str] = {}
    recorded: list[StoredPassage] = []
    for passage, _, taken_for in evidence.on_record:
        if passage.id not in told and len(recorded) < MOST_ON_RECORD:
            recorded.append(passage)
            told[passage.id] = taken_for
    for passage in (*recorded, *(ranked.passage for ranked in evidence.best if ranked.passage.id not in told)):
        interaction = evidence.room.interactions[passage.interaction_id]
        said = without_instructions(interaction.text, passage.span)
        heading = ", ".join(filter(None, (_heading(interaction, passage), told.get(passage.id, ""))))
        text = f"[{marker} passage {len(passages) + 1}: {heading}]\n{said}"
        cost = token_estimate(text)
        if cost <= budget and said.strip() != "[…]":
            budget -= cost
            passages.append(passage)
            texts.append(text)
    return tuple(passages), texts


def _heading(interaction: StoredInteraction, passage: StoredPassage) -> str:
    """`call, 24 Sep 2026, Commercial alignment, Dana Okafor (seller)`"""
    source, turn = interaction.source, interaction.turns[passage.turn]
    who = turn.person.name if turn.person else turn.speaker_name
    side = f" ({turn.person.side})" if turn.person and turn.person.side != "unknown" else ""
    at = source.occurred_at
    parts = (_KINDS[source.kind], f"{at.day} {at:%b %Y}" if at else "", source.title[:120], f"{who}{side}" if who else "")
    return " ".join(", ".join(part for part in parts if part).split())


def _asked(question: Question, evidence: Evidence, marker: str) -> str:
    lines: list[str] = []
    if evidence.understood.leans_back and question.earlier:
        before = question.earlier[-1]
        lines += [
            f"[{marker} the conversation so far, for understanding the question]",
            f"Question before: {before.question[:EARLIER_CHARACTERS]}",
            f"Answered with: {before.answer[:EARLIER_CHARACTERS]}",
            f"[{marker} end of it]",
        ]
    as_of = f" (as of {question.as_of:%d %b %Y})" if question.as_of else ""
    return "\n".join((*lines, f"Question{as_of}: {' '.join(question.text.split())}"))


@cache
def prompt_text(name: str) -> str:
    return (Path(__file__).parent / "prompts" / f"{name}.md").read_text("utf-8").strip()


def canary() -> str:
    return f"baton-{secrets.token_hex(8)}"


def leaks(reply: str, words: Sequence[str]) -> bool:
    """However it is spaced or cased."""
    bare = "".join(reply.split()).casefold()
    return any("".join(word.split()).casefold() in bare for word in words)
