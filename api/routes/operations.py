"""Whether the process lives and whether it is whole, for whoever runs it; no credentials, nothing secret."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.desk import OpenDesk
from api.problems import documented
from api.shapes import Health, Readiness
from ingest.archive.scope import EVERYTHING

router = APIRouter(tags=["operations"])


@router.get("/healthz", response_model=Health, summary="The process answers")
def healthz() -> dict[str, Any]:
    return {"status": "ok"}


@router.get("/readyz", response_model=Readiness, responses=documented(503), summary="The archive can be read; which parts are degraded")
def readyz(desk: OpenDesk) -> dict[str, Any]:
    desk.archive.accounts(EVERYTHING)
    degraded = list(desk.kit.degraded)
    return {"status": "degraded" if degraded else "ready", "degraded": degraded}
