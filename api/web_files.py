"""The page's files as they are sent: modules without the comments that explain them to who reads or checks them, a fifth of what asking
needs. Nothing else of them is changed, and every line stays the line it was, so that what a browser reports is found."""

from __future__ import annotations

import re
from functools import lru_cache
from os import stat_result
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_COMMENT = re.compile(r"^[ \t]*(?:/\*\*.*?\*/[ \t]*|//[^\n]*)$", re.DOTALL | re.MULTILINE)
"""One that has its lines to itself."""
_KEPT = "vendor"
"""The folder of what others wrote: its comments say whose it is, and its hash is told."""


class WebFiles(StaticFiles):
    def file_response(self, full_path: Any, stat_result: stat_result, scope: Scope, status_code: int = 200) -> Response:
        whole = super().file_response(full_path, stat_result, scope, status_code)
        file = Path(full_path)
        if not isinstance(whole, FileResponse) or file.suffix != ".js" or file.parent.name == _KEPT:
            return whole
        headers = {name: whole.headers[name] for name in ("etag", "last-modified")}
        return Response(without_comments(file, stat_result.st_mtime_ns), status_code, headers, "text/javascript")


@lru_cache(maxsize=64)
def without_comments(file: Path, changed: int) -> str:
    """`changed` makes an edited file be read again."""
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), file.read_text("utf-8"))
