"""Reads web pages, Markdown and plain text: the first two are cut at their headings, text is one turn as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.records import Turn
from ingest.sources.document_outcome import NotRead, Parsed
from ingest.sources.html_text import html_text
from ingest.sources.inputs import decode

_HEADING = re.compile(r"#{1,6}[ \t]+(\S.*?)[ \t#]*$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,40})", re.I)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})</title", re.I)
_PAGE = re.compile(r"<(?:!doctype html|html|head|body|div|p|table|h[1-6]|meta)[\s>]", re.I)


def text(data: bytes) -> Parsed:
    """A hash before the first line makes it the title."""
    words = _tidy(decode(data))
    heading = _HEADING.match(words.partition("\n")[0])
    return Parsed(heading[1] if heading else "", None, (Turn(words),))


def markdown(data: bytes) -> Parsed:
    words = _tidy(decode(data))
    headings = [*_markdown_headings(words)]
    return Parsed(headings[0][1] if headings else "", None, (*_sections(words, headings),))


def web_page(data: bytes) -> Parsed:
    declared = _CHARSET.search(data[:4096])
    html = decode(data, declared[1].decode() if declared else "")
    page = html_text(html)
    title = _TITLE.search(html[:100_000])
    hidden = (Turn(page.hidden, role="hidden", heading="Hidden text"),) if page.hidden else ()
    turns = (*_sections(_tidy(page.text), [(line, line) for line in page.headings]),)
    return Parsed(" ".join(html_text(title[1]).text.split()) if title else next(iter(page.headings), ""), None, turns, hidden)


def is_web_page(beginning: str) -> bool:
    return _PAGE.search(beginning[:4096]) is not None


def _tidy(words: str) -> str:
    words = re.sub(r"\n{3,}", "\n\n", words.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise NotRead("no_text", "The file holds no words.")
    return words


def _markdown_headings(words: str) -> Iterator[tuple[str, str]]:
    """Each heading's line and its words; a hash in a block of code makes none."""
    fenced = False
    for line in words.split("\n"):
        fenced ^= _FENCE.match(line) is not None
        if not fenced and (heading := _HEADING.match(line)):
            yield line, heading[1]


def _sections(words: str, headings: Iterable[tuple[str, str]]) -> Iterator[Turn]:
    """A turn for each heading with what stands below it, the heading's line being its first."""
    ahead = iter(headings)
    line_, next_ = next(ahead, ("", ""))
    heading, lines = "", list[str]()
    for line in words.split("\n"):
        if next_ and line == line_:
            if section := "\n".join(lines).strip():
                yield Turn(section, heading=heading)
            heading, lines = next_, []
            line_, next_ = next(ahead, ("", ""))
        lines.append(line)
    yield Turn("\n".join(lines).strip(), heading=heading)
