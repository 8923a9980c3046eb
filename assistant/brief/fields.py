"""A value of the brief that somebody must know: found with its citations, inferred with its reason, or not found with a receipt.

A blank cannot be written: what nobody said is a `NotFound`, and every `NotFound` becomes a question in the gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from assistant.answers import Receipt

T = TypeVar("T")
AskWhom = Literal["ae", "customer", "internal"]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Said in the history, in the words cited."""

    value: T
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inferred(Generic[T]):
    """Not said; read off something that was, such as a job title."""

    value: T
    reason: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nobody said it, with what was searched."""

    question: str
    why: str
    ask: AskWhom
    receipt: Receipt
    sought: tuple[str, ...] = ()
    """The words looked for."""


Field = Found[T] | Inferred[T] | NotFound


def value_of(field: Field[T]) -> T | None:
    """The value, or None where it was not found."""
    return None if isinstance(field, NotFound) else field.value
