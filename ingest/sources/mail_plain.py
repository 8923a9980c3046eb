"""Chooses the one text to read of a mail's alternatives, with the line breaks its author made."""

from __future__ import annotations

from itertools import accumulate

from ingest.sources.html_text import html_text
from ingest.sources.mail_quotes import is_quoted, unquoted


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


def _unflowed(plain: str) -> str:
    """Format=flowed (RFC 3676): a line that ends in a space goes on in the next."""
    joined: list[list[str]] = []
    open_end = False
    for line in plain.replace("\r\n", "\n").split("\n"):
        if open_end and line.strip() and not is_quoted(line):
            joined[-1].append(line.removeprefix(" "))
        else:
            joined.append([line])
        open_end = line.endswith(" ") and bool(line.strip()) and line.rstrip() != "--" and not is_quoted(line)
    return "\n".join(map("".join, joined))


def _unwrapped(plain: str, seen: str) -> str:
    """The plain text without the breaks its HTML twin does not have; unchanged unless both hold the same words."""
    lines = plain.replace("\r\n", "\n").split("\n")
    rows = [unquoted(line).split() for line in lines]
    twin = [unquoted(line).split() for line in seen.split("\n")]
    if [word for row in rows for word in row] != [word for row in twin for word in row]:
        return plain
    breaks = set(accumulate(map(len, twin)))
    joined: list[list[str]] = []
    count = 0
    for line, row in zip(lines, rows, strict=True):
        if row and joined and joined[-1][-1].strip() and count not in breaks:
            joined[-1].append(unquoted(line).strip())
        else:
            joined.append([line.rstrip() if line.rstrip() != "--" else line])
        count += len(row)
    return "\n".join(map(" ".join, joined))
