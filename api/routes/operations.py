"""Whether the process lives and whether it is whole, for whoever runs it; no credentials, nothing secret; and, with one, its numbers."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from api.access import allowed
from api.desk import OpenDesk
from api.metrics import MEDIA_TYPE
from api.problems import Problem, documented
from api.shapes.running import Health, Readiness
from ingest.archive.scope import EVERYTHING

router = APIRouter(tags=["operations"])
log = logging.getLogger("baton.api")


@router.get("/healthz", response_model=Health, summary="The process answers")
async def healthz() -> dict[str, Any]:
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


@router.get(
    "/metrics",
    response_class=Response,
    responses={**documented(401, 403), 200: {"description": "Prometheus text.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    dependencies=[Depends(allowed("metrics"))],
    summary="What the server does in numbers",
)
def metrics(desk: OpenDesk, request: Request) -> Response:
    return Response(request.app.state.meter.text(len(desk.kit.degraded)), media_type=MEDIA_TYPE)
