"""Reads Word documents: sections under their headings, tables row by row, comments with their author, tracked changes as accepted.

By hand, for libraries give fewer of the words: python-docx 1.2 leaves out tracked insertions, content controls and text boxes, shows
hidden words, and fails on a link to a picture that is gone; mammoth shows hidden words and leaves out headers and text boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from ingest.records import Participant, Turn
from ingest.sources.document_office import ODD, Package
from ingest.sources.document_outcome import NotRead, Parsed, first_line

DAMAGED = "The Word document is damaged and cannot be opened, or asks for a password; get it again, or save it as a new DOCX."

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAIN = re.compile(r"word/document\d*\.xml")
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}instrText", f"{_W}pPr"})
_ASIDE = (("footnotes", "Footnotes"), ("endnotes", "Endnotes"))
_MARGINS = (("header", "Header"), ("footer", "Footer"))


def parse(data: bytes) -> Parsed:
    try:
        with Package(data) as package:
            return _parsed(package)
    except ODD as error:
        raise NotRead("not_valid", DAMAGED) from error


def main_part(names: frozenset[str]) -> str:
    """The part that holds the text, by the names that Word and SharePoint give it; empty where there is none."""
    return min(filter(_MAIN.fullmatch, names), default="")


def _parsed(package: Package) -> Parsed:
    main = main_part(package.names)
    headings = frozenset(id for part in _parts(package, main, "styles") for id in _heading_styles(package.xml(part)))
    document = package.xml(main)
    turns = [*_sections(document, headings)]
    hidden = [*_hidden(document)]
    for kind, heading in _ASIDE:
        turns += _whole(package, main, kind, heading)
    for part in _parts(package, main, "comments"):
        turns += _comments(package.xml(part))
    if not turns:
        raise NotRead("no_text", "The Word document holds no text; if it holds scanned pages, run text recognition over them.")
    title, created_at = package.properties()
    title = title or next((turn.heading for turn in turns if turn.heading), "") or first_line(turns[0].text)
    for kind, heading in _MARGINS:
        turns += _whole(package, main, kind, heading)
    aside = (Turn(" ".join(hidden), role="hidden", heading="Hidden text"),) if hidden else ()
    return Parsed(title, created_at, tuple(turns), aside)


def _parts(package: Package, main: str, kind: str) -> list[str]:
    """What the main part points to; by the usual name where it points nowhere."""
    usual = f"word/{kind}.xml"
    return package.related(main, kind) or ([usual] if usual in package.names else [])


def _whole(package: Package, main: str, kind: str, heading: str) -> list[Turn]:
    """Foot- and endnotes, and what stands at the top and bottom of every page, each wording once; the latter is no evidence."""
    texts = dict.fromkeys("\n".join(_blocks_text(package.xml(part))) for part in _parts(package, main, kind))
    return [Turn(text, role="said" if (kind, heading) in _ASIDE else "boilerplate", heading=heading) for text in texts if text]


def _heading_styles(styles: ElementTree.Element) -> Iterator[str]:
    """The ids of heading styles; Word translates the id ("berschrift1") but not the name ("heading 1")."""
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None and re.match(r"heading \d|title$", name.get(f"{_W}val", "").lower()):
            yield style.get(f"{_W}styleId", "")


def _sections(document: ElementTree.Element, headings: frozenset[str]) -> Iterator[Turn]:
    """A turn for each heading with what stands below it, the heading being its first line."""
    heading, blocks = "", list[str]()
    for element, text in _blocks(document):
        style = element.find(f"{_W}pPr/{_W}pStyle") if element.tag == f"{_W}p" else None
        if style is not None and style.get(f"{_W}val", "") in headings and text:
            if blocks:
                yield Turn("\n".join(blocks), heading=heading)
            heading, blocks = " ".join(text.split()), []
        if text:
            blocks.append(text)
    if blocks:
        yield Turn("\n".join(blocks), heading=heading)


def _hidden(document: ElementTree.Element) -> Iterator[str]:
    todo = [document]
    while todo:
        at = todo.pop()
        if at.tag in _LEFT_OUT:
            continue
        if at.tag == f"{_W}r" and _vanishes(at):
            if text := _runs_text(at, hidden=True).strip():
                yield text
            continue
        todo.extend(reversed(at))


def _comments(comments: ElementTree.Element) -> Iterator[Turn]:
    for comment in comments.iter(f"{_W}comment"):
        if text := "\n".join(_blocks_text(comment)):
            author = comment.get(f"{_W}author", "").strip()
            yield Turn(text, Participant(author) if author else None, heading="Comment")


def _blocks_text(root: ElementTree.Element) -> list[str]:
    return [text for _, text in _blocks(root) if text]


def _blocks(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, str]]:
    """Paragraphs and tables in reading order, through containers such as content controls."""
    for element in root:
        if element.tag == f"{_W}p":
            yield element, _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield element, "\n".join(row for row in map(_row, _inside(element, "tr")) if row.strip(" |"))
        elif element.tag not in _LEFT_OUT and element.tag != f"{_W}sectPr":
            yield from _blocks(element)


def _inside(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """A table's rows or a row's cells, also those in content controls; not those of a table inside, nor deleted ones."""
    for child in element:
        if child.tag == f"{_W}{name}":
            if child.find(f"{_W}trPr/{_W}del") is None:
                yield child
        elif child.tag not in _LEFT_OUT:
            yield from _inside(child, name)


def _paragraph(element: ElementTree.Element) -> str:
    text = _runs_text(element).strip()
    return f"- {text}" if text and element.find(f"{_W}pPr/{_W}numPr") is not None else text


def _row(row: ElementTree.Element) -> str:
    return " | ".join(" ".join(" ".join(_blocks_text(cell)).split()) for cell in _inside(row, "tc"))


def _runs_text(element: ElementTree.Element, *, hidden: bool = False) -> str:
    """The text as the reader sees it: insertions in, deletions out, hidden runs out (or only those)."""
    pieces: list[str] = []
    todo = [element]
    while todo:
        at = todo.pop()
        if at.tag in _LEFT_OUT or (at.tag == f"{_W}r" and _vanishes(at) and not hidden):
            continue
        if at.tag == f"{_W}t":
            pieces.append(at.text or "")
        elif at.tag == f"{_W}tab":
            pieces.append("\t")
        elif at.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif at.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif at.tag == f"{_W}txbxContent":  # it stands beside the paragraph that it hangs on
            pieces.append("\n" + "\n".join(_blocks_text(at)))
            continue
        todo.extend(reversed(at))
    return "".join(pieces)


def _vanishes(run: ElementTree.Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "true") not in ("0", "false")
