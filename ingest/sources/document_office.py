"""Opens the zip of XML files that DOCX, PPTX and XLSX are: its sizes are checked before anything is expanded, and no entity is."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from datetime import UTC, datetime
from typing import Self
from xml.etree import ElementTree

from ingest.sources.document_outcome import NotRead
from ingest.sources.fields import moment

MOST_ENTRIES = 5_000
MOST_EXPANDED = 200 * 1024 * 1024
MOST_XML = 40 * 1024 * 1024
MOST_RATIO = 200
"""A zip entry that grows more than this is a bomb; Office's XML stays below 30."""
MOST_DEPTH = 200
_PROLOG = 64 * 1024
"""A document type stands before the first element; the libraries below do not follow one, so this only has to find the usual ones."""
_TEMPLATES_MADE = (datetime(2013, 12, 23, 23, 15, tzinfo=UTC), datetime(2013, 1, 27, 9, 14, 16, tzinfo=UTC))
"""python-docx and python-pptx stamp these on every file whose author sets no date."""
_NO_TITLES = frozenset({"word document", "untitled", "powerpoint presentation", "presentation"})
_STRICT_WORD = (
    b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
)  # fmt: skip
"""Word's "Strict" files have the same elements under another name."""
_RELATED = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

ODD = (
    zipfile.BadZipFile,
    SyntaxError,  # of XML, as both parsers say
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    OSError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    zlib.error,
)
"""What damaged Office files make their readers raise."""


class Package:
    """An Office file's parts. Raises NotRead for a bomb, and one of `ODD` for what is damaged."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self.archive.namelist())
        _check_sizes(self.archive)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def refuse_entities(self) -> None:
        """A document type declaration has no place in Office's XML and is how entity bombs come."""
        for name in self.names:
            if name.endswith((".xml", ".rels")):
                with self.archive.open(name) as part:
                    _refuse_document_type(part.read(_PROLOG))

    def xml(self, name: str) -> ElementTree.Element:
        """One part, never more of it than the directory declares."""
        size = self.archive.getinfo(name).file_size
        if size > MOST_XML:
            raise NotRead("too_large", "The document holds more text than any contract; split it.")
        with self.archive.open(name) as part:
            data = part.read(size + 1)
        _refuse_document_type(data)
        data = data.replace(*_STRICT_WORD)
        return ElementTree.parse(io.BytesIO(data), ElementTree.XMLParser(target=_Shallow())).getroot()

    def beginning(self, name: str) -> bytes:
        """So much of a part as anybody wants to read; a sheet of a million rows goes on."""
        with self.archive.open(name) as part:
            return part.read(MOST_XML)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of a kind ("header", "comments") that a part points to and that are there."""
        return [target for type_, target in self.relations(part).values() if type_ == kind and target in self.names]

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part points to inside the file: the kind and the part's name by the relation's id."""
        folder, name = posixpath.split(part)
        beside = f"{folder}/_rels/{name}.rels".lstrip("/")
        try:
            relations = self.xml(beside)
        except (KeyError, SyntaxError, zipfile.BadZipFile, zlib.error):
            return {}  # none, or torn: the usual names are tried then
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
            )
            for relation in relations.iter(_RELATED)
            if relation.get("TargetMode") != "External"
        }

    def properties(self) -> tuple[str, datetime | None]:
        """Title and creation time, where the file has some of its own."""
        if "docProps/core.xml" not in self.names:
            return "", None
        values = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in self.xml("docProps/core.xml")}
        title, created_at = values.get("title", ""), moment(values.get("created"))
        return "" if title.lower() in _NO_TITLES else title, None if created_at in _TEMPLATES_MADE else created_at


def _check_sizes(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    expanded = sum(entry.file_size for entry in entries)
    swollen = any(entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(1, entry.compress_size) for entry in entries)
    if len(entries) > MOST_ENTRIES or expanded > MOST_EXPANDED or swollen:
        raise NotRead(
            "too_large", "The file would expand to far more than a document holds and was not opened; save it as PDF if it is genuine."
        )


def _refuse_document_type(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<\x00!\x00" in data or b"\x00<\x00!" in data:
        raise ValueError("declares a document type")


class _Shallow(ElementTree.TreeBuilder):
    """Refuses nesting that no document has and that would exhaust whoever walks the tree."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise ValueError("is nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)
