"""Which of an account's deals a question names, if it names one."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.words import plain

Deals = Sequence[tuple[str, str]]
"""(id, name)."""


def named_deal(text: str, deals: Deals) -> str | None:
    """The deal whose whole name stands in the question; None where none or several do, and of an account with one deal."""
    said = f" {' '.join(plain(text))} "
    named = [id for id, name in deals if (words := plain(name)) and f" {' '.join(words)} " in said]
    return named[0] if len(named) == 1 and len(deals) > 1 else None


def speaks_of_a_deal(text: str, deals: Deals) -> bool:
    """Whether a word of one deal's name that no other deal of the account has stands in the question (`the pilot`)."""
    said, names = set(plain(text)), [set(plain(name)) for _, name in deals]
    return any(said & (mine - set().union(*(other for other in names if other is not mine))) for mine in names)
