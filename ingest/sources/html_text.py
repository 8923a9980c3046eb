"""Turns HTML into the text a reader would have seen, and apart from it the text that was hidden from the reader.

The mark-up is cut by hand: on hostile pages every parser tried loses words or time. lxml, and inscriptis on it, drop what is nested deeper
than 256 elements; selectolax takes 14 s for 500 kB of `<div>`; `html.parser` three minutes for 400 kB of `<!--`. Here every search moves
forward, so that any input takes time in proportion to its length: none of these half a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_DROPPED = frozenset({"title", "template", "noscript", "svg", "head"})
_RAW = frozenset({"script", "style"})
_CLOSED_BY_ITSELF = frozenset({"p", "li", "td", "th", "tr"})
"""A new one ends an open one; their end tags are optional."""
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3,}",
    re.I,
)
_FONT_SIZE = re.compile(r"font-size\s*:\s*(0(?![.\d])|(?:0?\.\d+|1(?:\.0*)?)p[xt])?", re.I)
_INK = re.compile(r"(?<![\w-])color\s*[:=]\s*[\"']?\s*(#[0-9a-f]{3,6}|rgb\([^)]{1,30}\)|[a-z]{3,20})", re.I)
_PAPER = re.compile(
    r"(?:background(?:-color)?\s*:|\bbgcolor\s*=)\s*[\"']?\s*(#[0-9a-f]{3,6}|rgb\([^)]{1,30}\)|[a-z]{3,20}|url)|\bbackground\s*=", re.I
)
_COMMENT_CODE = re.compile(r"\[(?:if|endif)\b|[{}<>]", re.I)
"""What comments hold that is meant for programs."""
_TAG_NAME = re.compile(r"</?([a-z][^\s/>]*)", re.I)
_STYLE = re.compile(r"\sstyle\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I)
_HIDDEN_MARK = re.compile(r"\shidden(?=[\s=/>])", re.I)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_QUOTE = "> "
_MOST_QUOTES = 20
_LONGEST_VALUE = 10_000
_NEAR = 64
"""An end tag this far from its beginning is a stray."""


@dataclass(frozen=True, slots=True)
class Visible:
    text: str
    hidden: str
    """What the mark-up keeps from the reader's eyes: kept, never evidence."""
    headings: tuple[str, ...] = ()
    """The lines of the text that are headings, in order."""


def html_text(html: str) -> Visible:
    """Lines as a browser would break them. The inside of a `blockquote` is marked with "> ", as plain-text mail does."""
    page = _Page()
    for piece, tag in _pieces(html):
        if tag == "!--":
            page.comment(piece)
        elif not tag:
            page.text(unescape(piece))
        elif piece.startswith("</"):
            page.end(tag)
        else:
            page.start(tag, piece)
    page.new_line()
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(page.lines)).strip("\n")
    return Visible(text, " ".join(" ".join(page.hidden).split()), tuple(page.headings))


def visible_text(words: str) -> str:
    """What a reader sees of a field that may hold HTML or plain text."""
    return html_text(words).text if "<" in words or "&" in words else words.strip()


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Text with an empty name, comments with `!--`, tags with theirs in lower case; declarations, scripts and styles are left out."""
    at = 0
    while at < len(html):
        bracket = html.find("<", at)
        if bracket < 0:
            yield html[at:], ""
            return
        if bracket > at:
            yield html[at:bracket], ""
        comment = html.startswith("<!--", bracket)
        name = _TAG_NAME.match(html, bracket)
        if not comment and not name and html[bracket + 1 : bracket + 2] not in ("!", "?", "/"):
            yield "<", ""
            at = bracket + 1
            continue
        end = html.find("-->", bracket + 4) + 2 if comment else _tag_end(html, bracket)
        if end <= bracket:  # it never closes, so nobody sees the rest
            return
        at = end + 1
        if comment:
            yield html[bracket + 4 : end - 2], "!--"
        elif name:
            tag = name.group(1).lower()
            if tag in _RAW and html[bracket + 1] != "/":
                closing = re.compile(rf"</{tag}\b", re.I).search(html, at)
                if closing is None:
                    return
                at = _tag_end(html, closing.start()) + 1 or len(html)
            else:
                yield html[bracket : end + 1], tag


def _tag_end(html: str, at: int) -> int:
    """Where the tag's ">" stands, one within a quoted value not counting; -1 if there is none."""
    end = html.find(">", at)
    if end > 0:
        for quote in "\"'":
            if html.count(quote, at, end) % 2 and f"={quote}" in html[at:end].replace(" ", ""):
                closing = html.find(quote, end, end + _LONGEST_VALUE)
                later = html.find(">", closing) if closing > 0 else -1
                return later if later > 0 else end
    return end


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str = ""
    hidden: bool = False
    tiny: bool = False
    """In letters of no size; newsletters set this on a whole table and undo it in each cell."""
    dropped: bool = False
    quotes: int = 0
    ink: str = ""
    paper: str = "white"


class _Page:
    """The lines so far, and a stack of open elements."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.hidden: list[str] = []
        self.headings: list[str] = []
        self._stack: list[_Element] = [_Element()]
        self._line: list[str] = []

    def start(self, tag: str, source: str) -> None:
        if tag == "body":
            heads = [depth for depth, element in enumerate(self._stack[:8]) if element.tag == "head"]
            del self._stack[heads[0] if heads else len(self._stack) :]  # a head that was never closed must not swallow the page
        if tag in _CLOSED_BY_ITSELF and self._stack[-1].tag == tag:
            self._stack.pop()
        if tag in _BLOCK or tag in ("br", "hr"):
            self.new_line(keep_empty=tag == "br")
        if tag == "li":
            self._line.append("- ")
        if tag in ("td", "th") and any(piece.strip() for piece in self._line):
            self._line.append(" | ")
        if tag in _VOID or source.endswith("/>"):
            return
        at = self._stack[-1]
        found = _STYLE.search(source)
        style = unescape(found.group(1)) if found else ""
        size = _FONT_SIZE.search(style)
        self._stack.append(
            _Element(
                tag,
                hidden=at.hidden or _HIDDEN.search(style) is not None or _HIDDEN_MARK.search(source) is not None,
                tiny=size.group(1) is not None if size else at.tiny,
                dropped=at.dropped or tag in _DROPPED,
                quotes=min(at.quotes + (tag == "blockquote"), _MOST_QUOTES),
                ink=_colour(_INK.search(style) or (_INK.search(source) if tag == "font" else None), at.ink),
                paper=_colour(_PAPER.search(style) or _PAPER.search(source), at.paper),
            )
        )

    def end(self, tag: str) -> None:
        if tag in _BLOCK:
            before = len(self.lines)
            self.new_line()
            if tag in _HEADINGS and len(self.lines) > before:
                self.headings.append(self.lines[-1])
        for depth in range(len(self._stack) - 1, max(0, len(self._stack) - _NEAR), -1):
            if self._stack[depth].tag == tag:
                del self._stack[depth:]
                return

    def text(self, words: str) -> None:
        at = self._stack[-1]
        if not at.dropped:
            (self.hidden if at.hidden or at.tiny or at.ink == at.paper else self._line).append(words)

    def comment(self, words: str) -> None:
        """Nobody sees it; words in it are kept with what else is hidden, code for mail programs is not."""
        if words.strip() and not _COMMENT_CODE.search(words):
            self.hidden.append(f" {unescape(words)} ")

    def new_line(self, *, keep_empty: bool = False) -> None:
        """Ends the line; an empty one stays only where the mark-up asks for it (`<br>`, a paragraph of `&nbsp;`)."""
        words = _SPACES.sub(" ", "".join(self._line)).strip(" ")
        self._line.clear()
        if words or keep_empty:
            self.lines.append((_QUOTE * self._stack[-1].quotes + words.replace("\xa0", " ").strip()).rstrip())


def _colour(found: re.Match[str] | None, inherited: str) -> str:
    """A colour's name, comparable; a picture's cannot be known."""
    if found is None:
        return inherited
    value = (found.group(1) or "url").lower().replace(" ", "")
    if value.startswith("rgb("):
        parts = value[4:-1].split(",")
        value = "#" + "".join(f"{int(part):02x}" for part in parts[:3]) if all(part.isdecimal() for part in parts) else value
    if re.fullmatch("#[0-9a-f]{3}", value):
        value = "#" + "".join(2 * digit for digit in value[1:])
    if value in ("transparent", "inherit", "none", "initial"):
        return inherited
    return {"#ffffff": "white", "#000000": "black"}.get(value, value)
