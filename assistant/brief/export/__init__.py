"""A kept brief as a file to send: the same page, the same claims and the same numbered sources in every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Format = Literal["md", "html", "docx", "pdf", "json", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    data: bytes
    media_type: str


def export(body: Body, form: Format) -> Exported:
    """`csv` holds the promises alone, one a row; every other format holds the whole page."""
    media_type, draw = _DRAWN[form]
    return Exported(draw(body), media_type)


def _json(body: Body) -> bytes:
    import json

    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _markdown(body: Body) -> bytes:
    from assistant.brief.export.markdown import as_markdown

    return as_markdown(body).encode()


def _html(body: Body) -> bytes:
    from assistant.brief.export.html import as_html

    return as_html(body).encode()


def _docx(body: Body) -> bytes:
    from assistant.brief.export.word import as_docx

    return as_docx(body)


def _pdf(body: Body) -> bytes:
    from assistant.brief.export.pdf import as_pdf

    return as_pdf(body)


def _csv(body: Body) -> bytes:
    from assistant.brief.export.sheet import promises_csv

    return promises_csv(body["promises"], body["citations"]).encode("utf-8-sig")  # Excel reads UTF-8 only when it is announced


_DRAWN: dict[Format, tuple[str, Callable[[Body], bytes]]] = {
    "md": ("text/markdown; charset=utf-8", _markdown),
    "html": ("text/html; charset=utf-8", _html),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "pdf": ("application/pdf", _pdf),
    "json": ("application/json", _json),
    "csv": ("text/csv; charset=utf-8", _csv),
}
