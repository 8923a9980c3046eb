"""What a language model replied: claims with quotes, read from JSON while it is written, each quote put as its passage has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from assistant.answers import DraftClaim, Quote
from ingest.archive.rows import StoredPassage

MOST_CLAIMS = 12
MOST_CHARACTERS = 60_000
ELSEWHERE_WORDS = 4
"""A quote of at least so many words is looked for in the other passages too: models miscount."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["claims"],
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["quotes", "text"],
                "properties": {
                    "quotes": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["passage", "words"],
                            "properties": {"passage": {"type": "integer"}, "words": {"type": "string"}},
                        },
                    },
                    "text": {"type": "string"},
                },
            },
        }
    },
}

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.S)
_MARKUP = re.compile(r"!\[|\]\(|</?[a-z!][^<>]*>|https?:|www\.|javascript:|data:", re.I)
"""Nothing of it is rendered anyway; in a sentence of ours it can only be somebody else's."""
_EMPHASIS = re.compile(r"\*\*|__|`+|^\s*(?:[-*#>]+|\d+\.)\s+")
_WORD = re.compile(r"\w+")


class Unusable(ValueError):
    """The reply is not of the form asked for; the message tells the model what is wrong and holds nothing of it."""


class _Quote(BaseModel):
    passage: int
    words: Annotated[str, Field(min_length=1, max_length=4_000)]


class _Claim(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=1_200)]
    quotes: Annotated[list[_Quote], Field(max_length=20)]


class _Reply(BaseModel):
    claims: Annotated[list[_Claim], Field(max_length=100)]


def read(reply: str, passages: Sequence[StoredPassage]) -> tuple[DraftClaim, ...]:
    """The claims of a whole reply. Raises `Unusable`."""
    if len(reply) > MOST_CHARACTERS:
        raise Unusable("it is too long")
    body = body_of(reply)
    if not body:
        raise Unusable("it is empty" if not reply.strip() else "it holds no JSON object")
    try:
        parsed = _Reply.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            raise Unusable("it is not valid JSON") from None
        raise Unusable(f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}") from None
    return tuple(_claim(claim, passages) for claim in parsed.claims[:MOST_CLAIMS])


def read_so_far(reply: str, passages: Sequence[StoredPassage]) -> tuple[DraftClaim, ...]:
    """The claims that are whole already: all but the one being written."""
    if len(reply) > MOST_CHARACTERS:
        return ()
    try:
        parsed = from_json(body_of(reply), allow_partial=True)
        return tuple(_claim(_Claim.model_validate(claim), passages) for claim in parsed["claims"][:-1][:MOST_CLAIMS])
    except (ValueError, KeyError, TypeError):
        return ()


def body_of(reply: str) -> str:
    """From the first brace to the fence that closes it, if it is fenced: endpoints without structured output wrap what they send."""
    text = _THOUGHT.sub("", reply)
    start = text.find("{")
    return text[start:].rstrip().removesuffix("```").rstrip() if start >= 0 else ""


def _claim(claim: _Claim, passages: Sequence[StoredPassage]) -> DraftClaim:
    """Without quotes, and so to be dropped, where it holds a link or mark-up that none of its quotes holds."""
    text = " ".join(_EMPHASIS.sub("", claim.text).split())
    quotes = tuple(quote for each in claim.quotes if (quote := _quote(each, passages)) is not None)
    if any(not any(mark in quote.text for quote in quotes) for mark in _MARKUP.findall(text)):
        return DraftClaim(text, ())
    return DraftClaim(text, quotes)


def _quote(quote: _Quote, passages: Sequence[StoredPassage]) -> Quote | None:
    named = [passages[quote.passage - 1]] if 1 <= quote.passage <= len(passages) else []
    words = _WORD.findall(quote.words)
    others = [p for p in passages if p not in named] if len(words) >= ELSEWHERE_WORDS else []
    for passage in (*named, *others):
        if (found := as_written(quote.words, passage.text)) is not None:
            return Quote(passage.id, found)
    return None


def as_written(words: str, passage: str) -> str | None:
    """The passage's own characters where it says the same words in the same order, whatever the case, the dashes and the quotation
    marks; None where it does not."""
    if words in passage:
        return words
    pieces = _WORD.findall(words)
    if not pieces:
        return None
    match = re.search(r"\b" + r"\W{1,8}".join(map(re.escape, pieces)) + r"\b", passage, re.I)
    return match[0] if match else None
