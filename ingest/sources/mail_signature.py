"""What closes a mail and what its gateways add: signatures, disclaimers, warnings about senders from outside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.records import Participant
from ingest.sources.mail_quotes import first_text

_PHONE = re.compile(
    r"\s*[(<]*(?:sent (?:from|via|with|by) (?:my|yahoo|outlook|mail|mobile|windows|gmail|proton|a phone|airmail|\[?\w+\]?)\b.{0,60}"
    r"|get \[?outlook for \w+.{0,60}|envoyé (?:de|depuis) mon .{0,40}|(?:diese nachricht wurde )?von meinem .{0,60}gesendet.*"
    r"|sendt fra min .{0,40}|skickat från min .{0,40}|inviato da .{0,40}|enviado (?:desde|do) m.{0,40}"
    r"|verzonden (?:met|vanaf|vanuit) .{0,40}|wysłane z .{0,40}|lähetetty .{0,40}|отправлено с .{0,40})$",
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
_RULES = re.compile(r"[-_=~*#+ᐧ\s]*$")
"""Lines that only rule off what is below, and the mark some tracking tools leave."""
_CONTACT = re.compile(r"@|https?://|www\.|\+?\d[\d ().-]{6,}|\||\b[\w-]+\.(?:com|net|org|io|eu)\b", re.I)
_SENTENCE = re.compile(r"p\.?\s?s\b|.*\?$|(?:\S+\s+){5,}\S*\w{2,}[.!]$", re.I)


def disclaimer_end(lines: Sequence[str]) -> int:
    """The line after the legal text that some gateways put on top; 0 where there is none."""
    top = 0
    while (first := first_text(lines, top)) < len(lines) and _DISCLAIMER.match(lines[first]):
        top = next((i for i in range(first, len(lines)) if not lines[i].strip()), len(lines))
    return top


def disclaimer_start(lines: Sequence[str], at: int) -> int:
    """Where the legal text at the foot begins."""
    return next((i for i in range(at, len(lines)) if _DISCLAIMER.match(lines[i]) and _starts_paragraph(lines, i)), len(lines))


def banner_end(lines: Sequence[str]) -> int:
    """The lines of a mail gateway's warning at the top."""
    at = first_text(lines, 0)
    if at == len(lines) or not _BANNER.match(" ".join(line[:200] for line in lines[at : at + 2])):
        return 0
    return next((i for i in range(at, min(at + 6, len(lines))) if not lines[i].strip()), at + 1)


def rules_start(lines: Sequence[str]) -> int:
    """Where the closing lines begin that hold no word."""
    return next((i + 1 for i in range(len(lines) - 1, -1, -1) if not _RULES.match(lines[i])), 0)


def signature_start(lines: Sequence[str], sender: Participant | None) -> int:
    """Where the closing lines begin that say who the sender is.

    They stand below "-- ", below a phone's own line, below the sender's full name as a sign-off, or begin with that name and go on
    with contact data. A sentence among them means that it is no signature.
    """
    dashes = [i for i, line in enumerate(lines) if line.rstrip("\xa0 ") == "--"]
    if len(dashes) == 1 and _closing(lines, dashes[0] + 1) is not None:
        return dashes[0]
    for i, line in enumerate(lines):
        if len(line) <= 120 and _PHONE.match(line) and _starts_paragraph(lines, i) and _closing(lines, i, sentences=False):
            return i
    name = sender.name.casefold().split() if sender else []
    if len(name) < 2:
        return len(lines)
    for i, line in enumerate(lines):
        first = re.split(r"[,|(]", line[:200])[0].casefold().split()
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
