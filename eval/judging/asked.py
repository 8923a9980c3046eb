"""The judge that asks a language model, behind any OpenAI-compatible endpoint: one word, yes or no, and how sure it is of it.

How sure is read off the probabilities of the first word where the endpoint tells them; else yes is 1 and no is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import httpx

from assistant.settings import ModelSettings

SYSTEM = "You check statements with care. Reply with one word, Yes or No."
# What stays the same comes first: servers keep what they have read of it.
SAME_FACT = """\
Compare a given answer with the true answer. Yes: it states the same specific fact, the same day, name, number or thing. \
No: it is vaguer, only related, or different.

Question: When did the audit end?
True answer: 14 March 2024
Given answer: Some time in spring 2024
Same fact? No

Question: Where is the new office?
True answer: Lisbon
Given answer: It is in Lisbon, Portugal.
Same fact? Yes

Question: What did Ola buy?
True answer: a blue van
Given answer: A vehicle for the family
Same fact? No

Question: {question}
True answer: {reference}
Given answer: {answer}
Same fact?"""
SUPPORTED = """\
Read the text. Then say whether the statement is true by that text alone. Yes: all of it is stated there. \
No: any part of it, a name, figure, cause or detail, is not stated there or is different.

Text:
{text}

Statement: {statement}
Is all of the statement in the text?"""
STATES = """\
Read the summary. Then say whether it tells the point. Yes: the summary states the point with all its particulars. \
No: it leaves out particulars, is only about the same thing, or does not mention it.

Summary:
{summary}

Point: {point}
Does the summary state the point?"""
LONGEST = 9_000
"""Characters of a text that is judged by; more would not fit a small model."""


class JudgeUnavailable(Exception):
    """The endpoint did not answer, or not in a form that can be read; the message says which."""


@dataclass
class Asked:
    settings: ModelSettings
    seconds: float = 120.0
    tokens: int = 0
    _client: httpx.Client | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.settings.name

    def same_fact(self, question: str, reference: str, answer: str) -> float:
        return self._yes(SAME_FACT.format(question=question, reference=reference, answer=answer))

    def supported(self, statement: str, text: str) -> float:
        return self._yes(SUPPORTED.format(text=text[:LONGEST], statement=statement))

    def states(self, point: str, summary: str) -> float:
        return self._yes(STATES.format(summary=summary[:LONGEST], point=point))

    def _yes(self, asked: str) -> float:
        body = {
            "model": self.settings.name,
            "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": asked}],
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": True,
            "top_logprobs": 20,
        }
        try:
            response = self._http().post("/chat/completions", json=body)
            response.raise_for_status()
            reply = response.json()
            self.tokens += int((reply.get("usage") or {}).get("total_tokens") or 0)
            return _sureness(reply["choices"][0])
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise JudgeUnavailable(f"{self.settings.name}: {type(error).__name__}: {error}") from error

    def _http(self) -> httpx.Client:
        if self._client is None:
            key = {"Authorization": f"Bearer {self.settings.key}"} if self.settings.key else {}
            # Proxies of the environment would be one more place that the texts go to.
            self._client = httpx.Client(base_url=self.settings.base_url, headers=key, timeout=self.seconds, trust_env=False)
        return self._client


def _sureness(choice: dict[str, Any]) -> float:
    tokens = ((choice.get("logprobs") or {}).get("content") or [{}])[0].get("top_logprobs") or []
    yes, no = (sum(math.exp(t["logprob"]) for t in tokens if t["token"].strip().casefold() == word) for word in ("yes", "no"))
    if yes + no:
        return yes / (yes + no)
    said = str(choice["message"]["content"] or "").strip().casefold()
    if said.startswith(("yes", "no")):
        return float(said.startswith("yes"))
    raise ValueError("the reply is neither yes nor no")
