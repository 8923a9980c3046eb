"""Takes a mail's body apart: the sender's own words, what is quoted below or between them, signature, disclaimers, forwarded mails.

Nothing is thrown away: every line lands in some turn, and the turn's role says what it is good for. The layout is read from
lines; where a rule is unsure the words stay with the sender only if nothing marks them as somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.records import Participant, Role, Turn
from ingest.sources import mail_quotes, mail_signature
from ingest.sources.mail_quotes import Block, first_text, is_quoted, run_end

_DEEPEST = 12
"""Forwards inside forwards are followed this far; what is deeper stays quoted."""

_FORWARDED = re.compile(r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:fwd?|wg|tr|rv|doorst|vs|vl|videresend|vb|pd|enc|i|i̇lt|ilt|redir)\s?\.?\s*:", re.I)
_REPLIED = re.compile(r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:re|aw|sv|antw|odp|ynt|vá|res|ref)\s?(?:\[\d+\])?\s*:", re.I)


@dataclass(frozen=True, slots=True)
class Body:
    """A mail's text in its parts, and the headers of what it forwards."""

    turns: tuple[Turn, ...]
    forwarded: tuple[str, ...] = ()
    """The header lines of each mail inside, as they stand in the text."""


def body(text: str, *, sender: Participant | None, subject: str = "", hidden: str = "") -> Body:
    """The turns of a plain-text body, top to bottom. `said` turns are the sender's words, or a forwarded author's."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").split("\n")
    pieces = _owned(_pieces(lines, sender, subject, 0), sender)
    turns = [turn for piece in pieces if (turn := piece.turn()) is not None]
    if hidden:
        turns.append(Turn(hidden, sender, "hidden"))
    return Body(tuple(turns), tuple(piece.text() for piece in pieces if piece.heads_forward))


@dataclass(frozen=True, slots=True)
class _Piece:
    lines: tuple[str, ...]
    role: Role
    speaker: Participant | None
    heads_forward: bool = False

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).strip("\n").strip()

    def turn(self) -> Turn | None:
        text = re.sub(r"\n{3,}", "\n\n", self.text())
        return Turn(text, self.speaker, self.role) if text else None


def _pieces(lines: Sequence[str], sender: Participant | None, subject: str, depth: int) -> list[_Piece]:
    """Reads until the first line that begins somebody else's mail; what follows is that mail, and perhaps answers to it."""
    start = mail_signature.banner_end(lines)
    pieces = [_Piece(tuple(lines[:start]), "boilerplate", None)] if start else []
    at, own = start, start
    author: Participant | None = None
    last_quoted = max((i for i, line in enumerate(lines) if is_quoted(line)), default=-1)
    while at < len(lines):
        block = mail_quotes.header_block(lines, at)
        if block is not None and (block.forwards or not is_quoted(lines[at])):
            pieces += _own(lines[own:at], sender)
            if depth < _DEEPEST and _is_forwarded(block, pieces, subject):
                return [*pieces, *_forward(lines, at, block, depth)]
            return [*pieces, _Piece(tuple(lines[at:]), "quoted", block.author)]
        ends = mail_quotes.attribution_end(lines, at)
        if ends and (ends > last_quoted or is_quoted(lines[first_text(lines, ends)])):
            pieces += _own(lines[own:at], sender)
            author = mail_quotes.attributed(" ".join(lines[at:ends]))
            if ends > last_quoted and _FORWARDED.match(subject) and depth < _DEEPEST:
                return [*pieces, *_forward(lines, at, Block(ends, author, "", True, False), depth)]
            if ends > last_quoted:
                return [*pieces, _Piece(tuple(lines[at:]), "quoted", author)]
            run = run_end(lines, ends)
            pieces.append(_Piece(tuple(lines[at:run]), "quoted", author))
            at = own = run
        elif is_quoted(lines[at]):
            pieces += _own(lines[own:at], sender)
            run = run_end(lines, at)
            author = author or mail_quotes.said_by(lines[at])
            pieces.append(_Piece(tuple(lines[at:run]), "quoted", author))
            at = own = run
        else:
            at += 1
    return pieces + _own(lines[own:], sender)


def _is_forwarded(block: Block, before: Sequence[_Piece], subject: str) -> bool:
    """It says so, the subject says so, or it comes with no word of the sender's and answers nothing."""
    if block.forwards or _FORWARDED.match(subject):
        return True
    speechless = not any(piece.role in ("said", "quoted") and piece.text() for piece in before)
    return speechless and block.author is not None and not _REPLIED.match(subject)


def _forward(lines: Sequence[str], at: int, block: Block, depth: int) -> list[_Piece]:
    """The headers of the mail inside, and that mail taken apart as its author's own."""
    inner = lines[block.end :]
    whole_quoted = block.forwards and (below := first_text(inner, 0)) < len(inner) and is_quoted(inner[below])
    if block.marked or whole_quoted:
        inner = mail_quotes.without_marks(inner)
    heading = _Piece(tuple(lines[at : block.end]), "quoted", None, heads_forward=True)
    return [heading, *_pieces(inner, block.author, block.subject, depth + 1)]


def _owned(pieces: list[_Piece], sender: Participant | None) -> list[_Piece]:
    """A mail that quotes nobody and yet seems to say nothing is read as said: better a signature too many than a mail lost.

    So is one whose only words are marked as quoted, with nobody named who wrote them.
    """
    if any(piece.role == "said" and piece.text() for piece in pieces):
        return pieces
    quoted = [piece for piece in pieces if piece.role == "quoted" and piece.text()]
    if any(piece.speaker or not all(is_quoted(line) or not line.strip() for line in piece.lines) for piece in quoted):
        return pieces
    lost = "quoted" if quoted else "signature"
    return [replace(piece, role="said", speaker=sender) if piece.role == lost else piece for piece in pieces]


def _own(lines: Sequence[str], sender: Participant | None) -> list[_Piece]:
    """The sender's stretch of lines, with its signature and disclaimer taken apart."""
    top = mail_signature.disclaimer_end(lines)
    legal = mail_signature.disclaimer_start(lines, top)
    cut = min(top + mail_signature.signature_start(lines[top:], sender), legal)
    end = top + mail_signature.rules_start(lines[top:cut])
    return [
        _Piece(tuple(lines[:top]), "boilerplate", None),
        _Piece(tuple(lines[top:end]), "said", sender),
        _Piece(tuple(lines[end:cut]), "boilerplate", None),
        _Piece(tuple(lines[cut:legal]), "signature", sender),
        _Piece(tuple(lines[legal:]), "boilerplate", None),
    ]
