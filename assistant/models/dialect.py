"""What an endpoint understands of the request, learnt from what it refuses: "OpenAI-compatible" is many dialects."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from assistant.settings import Structured

Form = Literal["schema", "object", "none"]


@dataclass(frozen=True, slots=True)
class Dialect:
    form: Form = "schema"
    """How the reply is kept to its form: a JSON schema, any JSON object, or the prompt's word alone."""
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    usage: bool = True
    """Whether the last event of a stream may be asked to count the tokens."""


def first_dialect(structured: Structured) -> Dialect:
    return Dialect("schema" if structured == "auto" else structured)


def options(dialect: Dialect, schema: dict[str, Any], max_tokens: int) -> dict[str, Any]:
    """The optional part of a request."""
    asked: dict[str, Any] = {dialect.limit: max_tokens}
    if dialect.form == "schema":
        asked["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    if dialect.form == "object":
        asked["response_format"] = {"type": "json_object"}
    if dialect.temperature:
        asked["temperature"] = 0
    if dialect.usage:
        asked["stream_options"] = {"include_usage": True}
    return asked


def simpler(dialect: Dialect, refusal: str) -> Dialect | None:
    """What to try after a 400 or 422, by what its message names; the form first where it names nothing. None: nothing is left to drop."""
    if dialect.limit == "max_tokens" and re.search(r"max_completion_tokens|max_tokens", refusal):
        return replace(dialect, limit="max_completion_tokens")
    if dialect.temperature and "temperature" in refusal:
        return replace(dialect, temperature=False)
    if dialect.usage and re.search(r"stream_options|include_usage", refusal):
        return replace(dialect, usage=False)
    match dialect.form:
        case "schema":
            return replace(dialect, form="object")
        case "object":
            return replace(dialect, form="none")
        case "none":
            return replace(dialect, usage=False) if dialect.usage else None
