"""Reads PowerPoint files: a turn a slide with its title; speaker notes and hidden slides stand aside from what the audience saw."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.records import Turn
from ingest.sources.document_office import ODD, Package
from ingest.sources.document_outcome import NotRead, Parsed, first_line

if TYPE_CHECKING:  # slow to load: only a PPTX that has to be read waits for it
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

DAMAGED = "The PowerPoint file is damaged and cannot be opened, or asks for a password; get it again, or save it as a new PPTX."

MOST_SLIDES = 2_000
_DEEPEST = 20
"""Groups within groups."""


def parse(data: bytes) -> Parsed:
    # python-pptx knows what is a title, inherits placeholders and finds notes, and ignores links to parts that are gone.
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        with Package(data) as package:
            package.refuse_entities()
            title, created_at = package.properties()
        turns, aside = list[Turn](), list[Turn]()
        slides = list(Presentation(io.BytesIO(data)).slides)
        for number, slide in enumerate(slides[:MOST_SLIDES], start=1):
            shown = slide.element.get("show") not in ("0", "false")
            heading = _title(slide)
            if text := "\n".join(filter(None, [heading, *_texts(slide)])):
                (turns if shown else aside).append(Turn(text, role="said" if shown else "hidden", page=number, heading=heading))
            if notes := _notes(slide):
                aside.append(Turn(notes, page=number, heading=f"Notes: {heading}" if heading else "Notes"))
    except (PythonPptxError, *ODD) as error:
        raise NotRead("not_valid", DAMAGED) from error
    if not turns and not aside:
        raise NotRead("no_text", "The slides hold pictures and no text; save them as PDF and run text recognition over it.")
    left_out = f"The slides after the first {MOST_SLIDES:,} of {len(slides):,} are left out; split the file if they matter."
    return Parsed(
        title or first_line((turns or aside)[0].text),
        created_at,
        tuple(turns),
        tuple(aside),
        (("too_much", left_out),) if len(slides) > MOST_SLIDES else (),
    )


def _title(slide: Slide) -> str:
    title = slide.shapes.title
    return " ".join(title.text_frame.text.split()) if title is not None else ""


def _texts(slide: Slide) -> Iterator[str]:
    title = slide.shapes.title
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape_texts(shape, 0)


def _shape_texts(shape: BaseShape, depth: int) -> Iterator[str]:
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.shapes.group import GroupShape

    if isinstance(shape, GroupShape):
        for inner in shape.shapes if depth < _DEEPEST else ():
            yield from _shape_texts(inner, depth + 1)
    elif isinstance(shape, GraphicFrame):
        if shape.has_table:
            rows = (" | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in shape.table.rows)
            yield "\n".join(row for row in rows if row.strip(" |"))
    elif shape.has_text_frame:
        yield _lines(shape.text_frame.text)  # type: ignore[attr-defined]  # what has a text frame gives it


def _notes(slide: Slide) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return _lines(frame.text) if frame is not None else ""


def _lines(text: str) -> str:
    """PowerPoint keeps a line break within a paragraph as a vertical tab."""
    return "\n".join(stripped for line in text.replace("\v", "\n").split("\n") if (stripped := line.strip()))
