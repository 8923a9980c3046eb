"""The page and its parts: static files that hold no data and need no credentials."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

WEB = Path(__file__).parent.parent / "web"

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.get("/sign-in")
@router.get("/promises")
@router.get("/imports")
@router.get("/jobs")
@router.get("/quality")
@router.get("/settings")
@router.get("/a/{account}")
@router.get("/a/{account}/{view}")
@router.get("/a/{account}/{view}/{sub}")
@router.get("/a/{account}/{view}/{sub}/{part}")
def index() -> FileResponse:
    """One page: what it shows at an address is decided in the browser, from what the interface lets this reader see."""
    return FileResponse(WEB / "index.html", media_type="text/html")
