"""Takes a mail's body apart: the sender's own words, what is quoted below or between them, signature, disclaimers, forwarded mails.

Nothing is thrown away: every line lands in some turn, and the turn's role says what it is good for. The layout is read from
lines; where a rule is unsure the words stay with the sender only if nothing marks them as somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ingest.records import Participant, Role, Turn
from ingest.sources.html_text import html_text

_DEEPEST = 12
"""Forwards inside forwards are followed this far; what is deeper stays quoted."""

_LONGEST_LINE = 400
"""An attribution or header line beyond this is not read for names."""

_FORWARD_SUBJECT = re.compile(r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:fw|fwd|wg|tr|rv|doorst)\s*:", re.I)
_FORWARD_LINE = re.compile(
    r"\s*(?:-{2,}\s*(?:forwarded message|weitergeleitete nachricht|message transf[ée]r[ée]|mensaje reenviado|doorgestuurd bericht"
    r"|messaggio inoltrato)\s*-{2,}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message transféré)\s*:)\s*$",
    re.I,
)
_ORIGINAL_LINE = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|ursprüngliche nachricht|message d.origine|mensaje original|oorspronkelijk bericht"
    r"|messaggio originale)\s*-{2,}|_{10,}|-{20,})\s*$",
    re.I,
)
_FROM = re.compile(r"\s*\*?(?:from|von|de|da|van)\s?\*?\s?:\*?\s*(?P<who>\S.*)$", re.I)
_SENT = re.compile(r"\s*\*?(?:sent|date|gesendet|datum|envoy[ée]|enviado(?: el)?|fecha|inviato|data|verzonden)\s?\*?\s?:", re.I)
_SUBJECT = re.compile(r"\s*\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp)\s?\*?\s?:\*?\s*(?P<subject>.*)$", re.I)
_WROTE = re.compile(
    r"(?:wrote|schrieb(?: .{0,80})?|a [ée]crit|escribi[óo]|ha scritto|schreef(?: .{0,80})?|napisał\(a\)|skrev(?: .{0,80})?)\s?:\s*$", re.I
)
_ATTRIBUTION_START = re.compile(r"\s*(?:on|am|le|el|il|op|em|den|w dniu)\b", re.I)
_QUOTED = re.compile(r"\s{0,2}>")
_MARKS = re.compile(r"^(?:\s{0,2}>[ ]?)+")

_PHONE_SIGNATURE = re.compile(
    r"\s*(?:sent from (?:my|yahoo|outlook|mail for)\b.{0,60}|get outlook for \w+.{0,60}|envoyé de mon .{0,40}"
    r"|von meinem .{0,40} gesendet.*|sent with \w+.{0,40})$",
    re.I,
)
_DISCLAIMER = re.compile(
    r"\s*(?:confidentiality notice|disclaimer\b|legal notice\b"
    r"|this (?:e-?mail|message|communication)(?: and any (?:files|attach)|,? (?:including|together with) any"
    r"| is (?:confidential|intended (?:only|solely|exclusively|for the))| (?:may )?contains? (?:confidential|privileged|proprietary))"
    r"|the (?:information|contents?) (?:contained )?in this (?:e-?mail|message)"
    r"|diese (?:e-?mail|nachricht) (?:enthält|ist)|please consider the environment)",
    re.I,
)
_BANNER = re.compile(
    r"\s*(?:\[?(?:caution|external|warning|achtung|extern)\b\]?).{0,80}"
    r"\b(?:outside|external|extern|au(?:ß|ss)erhalb|unknown|not recogni[sz]e)\b",
    re.I,
)
_CONTACT = re.compile(r"@|https?://|www\.|\+?\d[\d ().-]{6,}|\||\b[\w-]+\.(?:com|net|org|io|eu)\b", re.I)
_SENTENCE = re.compile(r"p\.?\s?s\b|.*\?$|(?:\S+\s+){5,}\S*\w{2,}[.!]$", re.I)
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PERSON = re.compile(r"\"?(?P<name>[^<\"\[(]*?)\"?\s*(?:[<\[(](?:mailto:)?(?P<email>[^>\])\s]*)[>\])].*)?$")
_BEFORE_NAME = frozenset(
    {"am", "pm", "a.m.", "p.m.", "uhr", "h", "schrieb", "at", "um", "à", "utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt"}
)
"""Words that may stand between the time and the name in an attribution line."""


@dataclass(frozen=True, slots=True)
class Body:
    """A mail's text in its parts, and the headers of what it forwards."""

    turns: tuple[Turn, ...]
    forwarded: tuple[str, ...] = ()
    """The header lines of each mail inside, as they stand in the text."""


def body(text: str, *, sender: Participant | None, subject: str = "", hidden: str = "") -> Body:
    """The turns of a plain-text body, top to bottom. `said` turns are the sender's words, or a forwarded author's."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").split("\n")
    pieces = _owned(_pieces(lines, sender, _FORWARD_SUBJECT.match(subject) is not None, 0), sender)
    turns = [turn for piece in pieces if (turn := piece.turn()) is not None]
    if hidden:
        turns.append(Turn(hidden, sender, "hidden"))
    return Body(tuple(turns), tuple(piece.text() for piece in pieces if piece.heads_forward))


def plain_text(plain: str, html: str, *, flowed: bool = False) -> tuple[str, str]:
    """The one text to read of a mail's alternatives, and the hidden text of its HTML.

    Plain text wins, with the line breaks that its HTML twin shows to be mere wrapping taken out. An empty plain part, or one
    that only points to the HTML, loses.
    """
    seen = html_text(html) if html else None
    if flowed:
        plain = _unflowed(plain)
    if seen is None:
        return plain, ""
    if len(plain.split()) * 5 < len(seen.text.split()):
        return seen.text, seen.hidden
    return _unwrapped(plain, seen.text), seen.hidden


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


def _pieces(lines: Sequence[str], sender: Participant | None, forwards: bool, depth: int) -> list[_Piece]:
    """Reads until the first line that begins somebody else's mail; what follows is that mail, and perhaps answers to it."""
    start = _banner_end(lines)
    pieces = [_Piece(tuple(lines[:start]), "boilerplate", None)] if start else []
    at, own = start, start
    author: Participant | None = None
    last_quoted = max((i for i, line in enumerate(lines) if _QUOTED.match(line)), default=-1)
    while at < len(lines):
        block = _header_block(lines, at)
        if block is not None and not _QUOTED.match(lines[at]):
            pieces += _own(lines[own:at], sender)
            forwarded = forwards or block.marked_forward
            if forwarded and depth < _DEEPEST:
                pieces.append(_Piece(tuple(lines[at : block.end]), "quoted", None, heads_forward=True))
                inner = _without_marks(lines[block.end :]) if block.marked else list(lines[block.end :])
                pieces += _pieces(inner, block.author, _FORWARD_SUBJECT.match(block.subject) is not None, depth + 1)
            else:
                pieces.append(_Piece(tuple(lines[at:]), "quoted", block.author))
            return pieces
        ends = _attribution_end(lines, at)
        if ends and (ends > last_quoted or _QUOTED.match(lines[_first_text(lines, ends)])):
            pieces += _own(lines[own:at], sender)
            author = _attributed(" ".join(lines[at:ends]))
            if ends > last_quoted:
                return [*pieces, _Piece(tuple(lines[at:]), "quoted", author)]
            run = _run_end(lines, ends)
            pieces.append(_Piece(tuple(lines[at:run]), "quoted", author))
            at = own = run
        elif _QUOTED.match(lines[at]):
            pieces += _own(lines[own:at], sender)
            run = _run_end(lines, at)
            author = author or _attributed(_MARKS.sub("", lines[at]) if _WROTE.search(lines[at]) else "")
            pieces.append(_Piece(tuple(lines[at:run]), "quoted", author))
            at = own = run
        else:
            at += 1
    return pieces + _own(lines[own:], sender)


def _owned(pieces: list[_Piece], sender: Participant | None) -> list[_Piece]:
    """A mail that quotes nobody and yet seems to say nothing is read as said: better a signature too many than a mail lost."""
    if any(piece.role in ("said", "quoted") and piece.text() for piece in pieces):
        return pieces
    return [replace(piece, role="said", speaker=sender) if piece.role == "signature" else piece for piece in pieces]


def _own(lines: Sequence[str], sender: Participant | None) -> list[_Piece]:
    """The sender's stretch of lines, with its signature and disclaimer taken apart."""
    top = 0
    while (first := _first_text(lines, top)) < len(lines) and _DISCLAIMER.match(lines[first]):  # some gateways put it on top
        top = next((i for i in range(first, len(lines)) if not lines[i].strip()), len(lines))
    legal = next((i for i in range(top, len(lines)) if _DISCLAIMER.match(lines[i]) and _starts_paragraph(lines, i)), len(lines))
    cut = min(top + _signature_start(lines[top:], sender), legal)
    return [
        _Piece(tuple(lines[:top]), "boilerplate", None),
        _Piece(tuple(lines[top:cut]), "said", sender),
        _Piece(tuple(lines[cut:legal]), "signature", sender),
        _Piece(tuple(lines[legal:]), "boilerplate", None),
    ]


def _signature_start(lines: Sequence[str], sender: Participant | None) -> int:
    """Where the closing lines begin that say who the sender is.

    They stand below "-- ", below a phone's own line, below the sender's full name as a sign-off, or begin with that name and go on
    with contact data. A sentence among them means that it is no signature.
    """
    dashes = [i for i, line in enumerate(lines) if line.rstrip("\xa0 ") == "--"]
    if len(dashes) == 1 and _closing(lines, dashes[0] + 1) is not None:
        return dashes[0]
    for i, line in enumerate(lines):
        if _PHONE_SIGNATURE.match(line) and _starts_paragraph(lines, i) and _closing(lines, i, sentences=False):
            return i
    name = sender.name.casefold().split() if sender else []
    if len(name) < 2:
        return len(lines)
    for i, line in enumerate(lines):
        first = re.split(r"[,|(]", line)[0].casefold().split()
        if len(first) < 2 or (first[0], first[-1]) != (name[0], name[-1]) or not _starts_paragraph(lines, i):
            continue
        rows = _closing(lines, i, sentences=False)
        if rows is None or len(rows) < 2:
            continue
        if not lines[i + 1].strip():  # the name is the sign-off, and its owner's title comes below
            return i + 1
        if any(map(_CONTACT.search, [*line.split(",")[1:], *rows[1:]])) or all(len(row.split()) <= 7 for row in rows[1:]):
            return i
    return len(lines)


def _closing(lines: Sequence[str], at: int, *, sentences: bool = True) -> list[str] | None:
    """The lines from here to the end or a disclaimer if they are few and short, and none is a sentence unless `sentences` may be."""
    rows: list[str] = []
    for i in range(at, len(lines)):
        row = lines[i].strip()
        if _DISCLAIMER.match(row):
            break
        if row:
            rows.append(row)
        if len(rows) > 10 or len(row) > 100 or len(row.split()) > 16 or (not sentences and _SENTENCE.match(row)):
            return None
    return rows


def _starts_paragraph(lines: Sequence[str], at: int) -> bool:
    return at == 0 or not lines[at - 1].strip() or lines[at - 1].rstrip("\xa0 ") == "--"


def _banner_end(lines: Sequence[str]) -> int:
    """The lines of a mail gateway's warning at the top."""
    at = _first_text(lines, 0)
    if at == len(lines) or not _BANNER.match(" ".join(lines[at : at + 2])):
        return 0
    return next((i for i in range(at, min(at + 6, len(lines))) if not lines[i].strip()), at + 1)


@dataclass(frozen=True, slots=True)
class _Block:
    """The header lines of an earlier mail, and where its text begins."""

    end: int
    author: Participant | None
    subject: str
    marked_forward: bool
    marked: bool
    """The lines stand behind "> "."""


def _header_block(lines: Sequence[str], at: int) -> _Block | None:
    """A forwarded or quoted mail's headers at this line: a marker line, or `From:` with `Sent:` or `Date:` close by."""
    marker = _FORWARD_LINE.match(lines[at]) is not None
    first = at
    if marker or _ORIGINAL_LINE.match(lines[at]):
        first = next((i for i in range(at + 1, min(at + 4, len(lines))) if lines[i].strip(" >")), at)
        if first == at:
            return None
    marked = _QUOTED.match(lines[first]) is not None
    if marked and not marker:
        return None
    rows = [_MARKS.sub("", line) for line in lines[first : first + 14]]
    who = _FROM.match(rows[0]) if rows else None
    if who is None:
        return None
    end = next((i for i, row in enumerate(rows) if not row.strip()), len(rows))
    if not (marker or any(_SENT.match(row) for row in rows[1:end])) or end < 2:
        return None
    subject = next((found["subject"] for row in rows[:end] if (found := _SUBJECT.match(row))), "")
    return _Block(first + end, _person(who["who"]), subject, marker, marked)


def _attribution_end(lines: Sequence[str], at: int) -> int:
    """The line after "On …, NAME <ADDRESS> wrote:", which may run over three lines; 0 where there is none."""
    if not _ATTRIBUTION_START.match(lines[at]):
        return 0
    for end in range(at + 1, min(at + 4, len(lines) + 1)):
        joined = " ".join(line.strip() for line in lines[at:end])
        if not lines[end - 1].strip():
            return 0
        if _WROTE.search(joined):
            return end if re.search(r"\d", joined) and len(joined) <= _LONGEST_LINE else 0
    return 0


def _run_end(lines: Sequence[str], at: int) -> int:
    """The end of a run of quoted lines; blank lines inside it belong to it."""
    end = at
    for i in range(at, len(lines)):
        if _QUOTED.match(lines[i]):
            end = i + 1
        elif lines[i].strip():
            break
    return end


def _first_text(lines: Sequence[str], at: int) -> int:
    """The next line that is not blank, or the end."""
    return next((i for i in range(at, len(lines)) if lines[i].strip()), len(lines))


def _without_marks(lines: Sequence[str]) -> list[str]:
    """One level of "> " off the lines that carry it, for a forwarded mail that was set as a quotation."""
    return [re.sub(r"^\s{0,2}>[ ]?", "", line) for line in lines]


def _attributed(line: str) -> Participant | None:
    """Who wrote it, from the attribution line: the words between the last figure of the date and the address."""
    line = line[:_LONGEST_LINE]
    address = _ADDRESS.search(line)
    words = (line[: address.start()] if address else _WROTE.sub("", line)).split()
    dated = max((i for i, word in enumerate(words) if re.search(r"\d", word)), default=-1)
    while dated + 1 < len(words) and words[dated + 1].casefold().strip(",") in _BEFORE_NAME:
        dated += 1
    name = re.split(r"['\"]?\s+via\s", " ".join(words[dated + 1 :]))[0].strip(" ,<>\"'[(")
    name = name if len(name.split()) <= 6 else ""
    return (
        Participant(name or (address.group() if address else ""), address.group().casefold() if address else "")
        if name or address
        else None
    )


def _person(text: str) -> Participant | None:
    """ "Dana O'Neill <dana@…>" of a quoted header line."""
    text = text[:_LONGEST_LINE]
    address = _ADDRESS.search(text)
    found = _PERSON.match(text.strip())
    name = (found["name"] if found else "").strip(" '\"*")
    if name and address and name == address.group():
        name = ""
    return (
        Participant(name or (address.group() if address else ""), address.group().casefold() if address else "")
        if name or address
        else None
    )


def _unflowed(plain: str) -> str:
    """Format=flowed (RFC 3676): a line that ends in a space goes on in the next."""
    joined: list[list[str]] = []
    open_end = False
    for line in plain.replace("\r\n", "\n").split("\n"):
        if open_end and line.strip() and not _QUOTED.match(line):
            joined[-1].append(line.removeprefix(" "))
        else:
            joined.append([line])
        open_end = line.endswith(" ") and bool(line.strip()) and line.rstrip() != "--" and not _QUOTED.match(line)
    return "\n".join(map("".join, joined))


def _unwrapped(plain: str, seen: str) -> str:
    """The plain text without the breaks its HTML twin does not have; unchanged unless both hold the same words."""
    lines = plain.replace("\r\n", "\n").split("\n")
    rows = [_MARKS.sub("", line).split() for line in lines]
    twin = [_MARKS.sub("", line).split() for line in seen.split("\n")]
    if [word for row in rows for word in row] != [word for row in twin for word in row]:
        return plain
    breaks = set(accumulate(map(len, twin)))
    joined: list[list[str]] = []
    count = 0
    for line, row in zip(lines, rows, strict=True):
        if row and joined and joined[-1][-1].strip() and count not in breaks:
            joined[-1].append(_MARKS.sub("", line).strip())
        else:
            joined.append([line.rstrip() if line.rstrip() != "--" else line])
        count += len(row)
    return "\n".join(map(" ".join, joined))
