"""Answers written by a language model behind an OpenAI-compatible endpoint: claims with quotes, unchecked, or `ModelFailed` in time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Usage
from assistant.evidence import Evidence
from assistant.facts.told import Told
from assistant.listening import Stop, Stopped
from assistant.models import fact_reading
from assistant.models.breaker import Breaker
from assistant.models.dialect import Dialect, first_dialect, options, simpler
from assistant.models.endpoint import Endpoint, Refused, Reply
from assistant.models.port import FactsTold, ModelFailed
from assistant.models.prompting import Prompt, again, canary, leaks, prompt, token_estimate
from assistant.models.reply import SCHEMA, Unusable, read, read_so_far
from assistant.settings import ModelSettings
from ingest.archive.rows import StoredInteraction, StoredPassage

MOST_REFUSALS = 5
"""An endpoint that minds more parameters than there are is not asked on."""
RETRY_AFTER_S = (0.2, 0.8)
"""A second try waits so long, at random, that many at once do not come back at once."""
WORTH_A_RETRY = 0.25
"""Of the time for the whole answer; with less left there would be none for the second try."""

Heard = Callable[[DraftClaim], object]


@dataclass
class Chat:
    settings: ModelSettings
    endpoint: Endpoint
    breaker: Breaker = field(default_factory=Breaker)
    _dialect: Dialect = field(init=False, default=Dialect())
    _canary: str = field(default_factory=canary)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._dialect = first_dialect(self.settings.structured)

    @property
    def name(self) -> str:
        return self.settings.name

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        return self.drafting(question, evidence, lambda claim: None, lambda: None, Stop())

    def drafting(self, question: Question, evidence: Evidence, heard: Heard, forget: Callable[[], object], stop: Stop) -> Draft:
        """`heard` is told each claim as soon as it is whole; `forget`, that those told so far are void, because a new reply is asked for.

        Raises `ModelFailed` with what it cost, by the time set for the whole answer, and `Stopped`.
        """
        spent = _Spent(self.settings)
        if not self.breaker.lets_through():
            raise ModelFailed("the model failed several times in a row and is left alone for a while")
        asked = prompt(question, evidence, self.settings, self._canary)
        if not asked.passages:
            return Draft((), "not_in_history")
        self.endpoint.prepare()
        until = monotonic() + self.settings.total_s
        try:
            claims = self._claims(asked, until, heard, forget, stop, spent)
        except ModelFailed as failed:
            failed.usage = spent.usage
            raise
        usage = spent.usage
        tokens = usage.sent + usage.received
        if not claims:
            return Draft((), "not_in_history", usage=usage, model_tokens=tokens, own_words=True)
        return Draft((DraftBlock("list", claims),), usage=usage, model_tokens=tokens, own_words=True)

    def check(self) -> str:
        """Asks a question that holds nothing of anybody's, and says how the endpoint takes it. Raises `ModelFailed`."""
        messages = ({"role": "user", "content": 'Reply with the JSON object {"claims": []} and nothing else.'},)
        spent = _Spent(self.settings)
        self.endpoint.prepare()
        reply = self._replied(messages, monotonic() + self.settings.total_s, lambda text: None, Stop(), spent)
        try:
            read(reply.text, ())
        except Unusable as problem:
            raise ModelFailed(f"it answers, but not in the form asked for: {problem}") from None
        forms = {"schema": "keeps to a JSON schema", "object": "keeps to JSON", "none": "is asked for JSON in words"}
        return forms[self._dialect.form]

    @property
    def facts_by(self) -> str:
        """By which model and which prompt facts are read: those of another are not of this one."""
        return f"{self.settings.name} {fact_reading.prompt_version()}"

    def facts(self, interaction: StoredInteraction, stop: Stop | None = None) -> FactsTold:
        """Which words of one interaction are facts. Raises `ModelFailed` with what it cost, and `Stopped`."""
        spent, found = _Spent(self.settings), list[Told]()
        for asking in fact_reading.askings(interaction, self.settings, self._canary):
            if not self.breaker.lets_through():
                raise ModelFailed("the model failed several times in a row and is left alone for a while")
            self.endpoint.prepare()
            try:
                found += self._facts(asking, monotonic() + self.settings.total_s, stop or Stop(), spent)
            except ModelFailed as failed:
                failed.usage = spent.usage
                raise
        return FactsTold(tuple(dict.fromkeys(found)), spent.usage)

    def _facts(self, asking: fact_reading.Asking, until: float, stop: Stop, spent: _Spent) -> tuple[Told, ...]:
        """With one second try, as for claims."""
        messages: Sequence[dict[str, str]] = asking.messages
        for last in (False, True):
            text, pause = "", random.uniform(*RETRY_AFTER_S)
            try:
                text = self._replied(messages, until, lambda so_far: None, stop, spent, fact_reading.SCHEMA).text
                if leaks(text, asking.secrets):
                    raise ModelFailed("the model repeated its instructions, as somebody in the lines may have told it to")
                return fact_reading.read(text, asking)
            except Unusable as problem:
                failure = ModelFailed(f"the model's reply could not be used: {problem}", again=True)
                messages, pause = again(asking.messages, text, str(problem)), 0.0
            except ModelFailed as failed:
                failure = failed
            if last or not self._waited(failure, max(pause, failure.after_s), until, stop):
                raise failure
        raise AssertionError("the second try either returns or raises")

    def _claims(
        self, asked: Prompt, until: float, heard: Heard, forget: Callable[[], object], stop: Stop, spent: _Spent
    ) -> tuple[DraftClaim, ...]:
        """One second try: as it was after a failure that may pass, with the error after a reply that cannot be used."""
        messages: Sequence[dict[str, str]] = asked.messages
        for last in (False, True):
            told = _Telling(asked.passages, asked.secrets, heard)
            text, pause = "", random.uniform(*RETRY_AFTER_S)
            try:
                text = self._replied(messages, until, told.so_far, stop, spent).text
                if leaks(text, asked.secrets):
                    raise ModelFailed("the model repeated its instructions, as somebody in the passages may have told it to")
                claims = read(text, asked.passages)
            except Unusable as problem:
                failure = ModelFailed(f"the model's reply could not be used: {problem}", again=True)
                messages, pause = asked.again(text, str(problem)), 0.0
            except ModelFailed as failed:
                failure = failed
            else:
                told.rest(claims)
                return claims
            if told.anything:
                forget()
            if last or not self._waited(failure, max(pause, failure.after_s), until, stop):
                raise failure
        raise AssertionError("the second try either returns or raises")

    def _waited(self, failure: ModelFailed, pause: float, until: float, stop: Stop) -> bool:
        """Whether a second try is worth it; then the time before it has passed."""
        if not failure.again or until - monotonic() - pause < self.settings.total_s * WORTH_A_RETRY:
            return False
        if stop.wait(pause):
            raise Stopped
        return True

    def _replied(
        self,
        messages: Sequence[dict[str, str]],
        until: float,
        so_far: Callable[[str], object],
        stop: Stop,
        spent: _Spent,
        schema: dict[str, Any] = SCHEMA,
    ) -> Reply:
        """A whole reply, in whatever dialect the endpoint turns out to speak, which is remembered."""
        try:
            for _ in range(MOST_REFUSALS):
                dialect = self._dialect
                try:
                    reply = self.endpoint.reply(messages, options(dialect, schema, self.settings.max_tokens), until, so_far, stop)
                except Refused as refused:
                    if (plainer := simpler(dialect, refused.said)) is None:
                        raise
                    with self._lock:
                        if self._dialect == dialect:
                            self._dialect = plainer
                else:
                    spent.count(messages, reply)
                    self.breaker.worked()
                    return reply
            raise ModelFailed("the model's endpoint refuses every form of the request")
        except ModelFailed:
            self.breaker.failed()
            raise


class _Telling:
    """Passes on the claims of a reply while it is written, each once."""

    def __init__(self, passages: Sequence[StoredPassage], secret: Sequence[str], heard: Heard) -> None:
        self._passages, self._secret, self._heard = passages, secret, heard
        self._told = self._braces = 0

    @property
    def anything(self) -> bool:
        return self._told > 0

    def so_far(self, text: str) -> None:
        braces, self._braces = self._braces, text.count("{") + text.count("}")
        if self._braces > braces and not leaks(text, self._secret):
            self.rest(read_so_far(text, self._passages))

    def rest(self, claims: Sequence[DraftClaim]) -> None:
        for claim in claims[self._told :]:
            self._told += 1
            self._heard(claim)


class _Spent:
    """Tokens over all tries; where the endpoint does not count them, an estimate, marked."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._sent = self._received = 0
        self._estimated = False

    def count(self, messages: Sequence[dict[str, str]], reply: Reply) -> None:
        self._estimated |= reply.sent_tokens is None or reply.received_tokens is None
        guess = sum(token_estimate(message["content"]) for message in messages)
        self._sent += guess if reply.sent_tokens is None else reply.sent_tokens
        self._received += token_estimate(reply.text) if reply.received_tokens is None else reply.received_tokens

    @property
    def usage(self) -> Usage:
        settings = self._settings
        cost = None
        if settings.input_price is not None and settings.output_price is not None:
            cost = (self._sent * settings.input_price + self._received * settings.output_price) / 1_000_000
        return Usage(settings.name, self._sent, self._received, cost, settings.currency if cost is not None else "", self._estimated)
