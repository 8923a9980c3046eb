"""The page and its parts: static files that hold no data and need no credentials."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

WEB = Path(__file__).parent.parent / "web"

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.get("/sign-in")
def index() -> FileResponse:
    return FileResponse(WEB / "index.html", media_type="text/html")
