"""Exact measures of a ranking at turn level: recall in the first k turns, nDCG, and recall within a budget of tokens.

Systems retrieve units of different size, a turn here, a chunk of a thousand tokens there. So a ranking is read as its reader would
read it, turn by turn in order (`Piece`), and what a system costs that reader is counted in tokens, headers left out. A turn that a
chunk cuts, or that a budget cuts, has been read once half of its tokens have; a turn that is shown twice is paid for twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BUDGETS = (500, 1000, 2000)
DEPTHS = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Piece:
    """A turn, or the part of one that a unit holds, in the order in which it is read."""

    turn: str
    """Names the turn it is of; two pieces of one turn have the same name."""
    tokens: int
    of: int
    """Tokens of the whole turn."""
    gold: frozenset[str] = frozenset()
    """What of the wanted evidence the turn is; mostly itself, or nothing."""


def recall_at(pieces: Sequence[Piece], wanted: int, depth: int) -> float:
    """Share (0 to 1) of the `wanted` evidence among the first `depth` different turns."""
    found: set[str] = set()
    for _, piece in zip(range(depth), _turns(pieces), strict=False):
        found |= piece.gold
    return len(found) / wanted


def ndcg_at(pieces: Sequence[Piece], wanted: int, depth: int) -> float:
    """Binary nDCG: a turn gains 1 when it is evidence not seen before; the ideal has all of it on top.

    The ideal gives each piece of evidence a place of its own, so where one turn holds several pieces the best order stays below 1.
    """
    found: set[str] = set()
    gained = 0.0
    for place, piece in zip(range(depth), _turns(pieces), strict=False):
        if piece.gold - found:
            gained += 1 / math.log2(place + 2)
            found |= piece.gold
    return gained / sum(1 / math.log2(place + 2) for place in range(min(wanted, depth)))


def recall_within(pieces: Sequence[Piece], wanted: int, budget: int) -> float:
    """Share of the `wanted` evidence that stands in the first `budget` tokens."""
    left, found = budget, set[str]()
    read: dict[str, int] = {}
    for piece in pieces:
        part = min(piece.tokens, left)
        read[piece.turn] = read.get(piece.turn, 0) + part
        if 2 * read[piece.turn] >= piece.of:
            found |= piece.gold
        left -= part
        if left <= 0:
            break
    return len(found) / wanted


def first_rank(pieces: Sequence[Piece]) -> int | None:
    """From 1, of the first turn that is evidence."""
    return next((place for place, piece in enumerate(_turns(pieces), 1) if piece.gold), None)


def _turns(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Each turn once, at the place where half of it has been read."""
    read: dict[str, int] = {}
    done: set[str] = set()
    for piece in pieces:
        read[piece.turn] = read.get(piece.turn, 0) + piece.tokens
        if piece.turn not in done and 2 * read[piece.turn] >= piece.of:
            done.add(piece.turn)
            yield piece
