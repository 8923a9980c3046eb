"""Whether the process lives and whether it is whole, for whoever runs it; no credentials, nothing secret."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter

from api.desk import OpenDesk
from api.problems import Problem, documented
from api.shapes import Health, Readiness
from ingest.archive.scope import EVERYTHING

router = APIRouter(tags=["operations"])
log = logging.getLogger("baton.api")


@router.get("/healthz", response_model=Health, summary="The process answers")
def healthz() -> dict[str, Any]:
    return {"status": "ok"}


@router.get("/readyz", response_model=Readiness, responses=documented(503), summary="The archive can be read; which parts are degraded")
def readyz(desk: OpenDesk) -> dict[str, Any]:
    try:
        desk.archive.accounts(EVERYTHING)
    except Exception:  # whatever the database says: who asks here wants to know that it does not answer
        log.exception("the archive cannot be read")
        raise Problem(503, "archive_unreadable", "The archive cannot be read; `baton doctor` says more.") from None
    degraded = list(desk.kit.degraded)
    return {"status": "degraded" if degraded else "ready", "degraded": degraded}
