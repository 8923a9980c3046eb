"""Reads RTF and ODT, which have no reader of ours, where Baton was installed with `documents`: unstructured makes a web page of them.

Of unstructured only the conversion is used (its pandoc, in a sandbox, comes from pip). Its own readers want a spaCy model that they fetch
from the network, take 250 MB and several seconds to load, and give the same words; so the page is read as any other web page is.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import zipfile

from ingest.sources import document_text
from ingest.sources.document_office import ODD, Package
from ingest.sources.document_outcome import NotRead, Parsed

_BACK = re.compile(r'<a [^<>]{0,200}class="footnote-back"[^<>]{0,200}>[^<>]{0,9}</a>')
_NUMBER = re.compile(r'<a [^<>]{0,200}class="footnote-ref"[^<>]{0,200}>\s*<sup>([^<>]{1,9})</sup>\s*</a>')
_NOTE = re.compile(r'(<li id="fn(\d{1,6})"[^<>]{0,100}>\s*<p>)')
_DELETED = re.compile(rb"\\deleted(?:1|(?![a-z0-9]))")
_HIDES = re.compile(rb"display\s*=\s*[\"']none[\"']|<text:hidden-")
_COMMENT = re.compile(rb"<office:annotation[\s>]")


def installed() -> bool:
    return importlib.util.find_spec("unstructured") is not None and importlib.util.find_spec("pypandoc") is not None


def rtf(data: bytes) -> Parsed:
    if _DELETED.search(data):
        detail = "The RTF document holds deleted words that are still in it as tracked changes; accept them, and save it as DOCX or PDF."
        raise NotRead("tracked_changes", detail)
    return _page(data, "rtf", "RTF document")


def odt(data: bytes) -> Parsed:
    try:
        with Package(data) as package:
            package.refuse_entities()
            parts = b"".join(package.archive.read(name) for name in ("content.xml", "styles.xml") if name in package.names)
    except ODD as error:
        raise NotRead("not_valid", "The ODT document is damaged and cannot be opened; get it again, or save it as DOCX.") from error
    if _HIDES.search(parts):
        detail = "The ODT document hides some of its words, and they cannot be told from the others here; save it as DOCX, where they can."
        raise NotRead("hidden_words", detail)
    parsed = _page(data, "odt", "ODT document")
    if not _COMMENT.search(parts):
        return parsed
    notice = "incomplete", "The comments in the ODT document are not read; save it as DOCX if they matter."
    return Parsed(parsed.title, parsed.created_at, parsed.turns, parsed.aside, (*parsed.notices, notice))


def is_odt(archive: zipfile.ZipFile) -> bool:
    return "mimetype" in archive.namelist() and archive.read("mimetype")[:50].strip() == b"application/vnd.oasis.opendocument.text"


def _page(data: bytes, form: str, called: str) -> Parsed:
    if not installed():
        detail = f"To read an {called} install the extra: pip install 'baton-handoff[documents]', or save it as DOCX or PDF."
        raise NotRead("not_installed", detail)
    os.environ.setdefault("DO_NOT_TRACK", "1")  # it reports its use otherwise
    from unstructured.file_utils.file_conversion import convert_file_to_html_text_using_pandoc

    try:
        page = convert_file_to_html_text_using_pandoc(source_format=form, file=io.BytesIO(data))
    except (RuntimeError, OSError, UnicodeError) as error:
        raise NotRead("not_valid", f"The {called} is damaged and cannot be read; get it again, or save it as DOCX.") from error
    page = _NOTE.sub(r"\1[\2] ", _NUMBER.sub(r" [\1]", _BACK.sub("", page)))
    return document_text.web_page(f"<html><body>{page}</body></html>".encode())
