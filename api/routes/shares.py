"""A brief told of again, on demand."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from api.access import Principal, allowed
from api.desk import OpenDesk
from api.once import ONCE
from api.problems import documented
from api.shapes.reviews import ShareRequest, ShareShape
from api.telling.sharing import share

router = APIRouter(tags=["briefs"])


@router.post(
    "/briefs/{brief}/shares",
    dependencies=ONCE,
    status_code=202,
    response_model=ShareShape,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422),
    summary="Tell of a brief again, by a channel that the settings allow",
)
def shares(
    desk: OpenDesk,
    request: Request,
    who: Annotated[Principal, Depends(allowed("brief:write"))],
    brief: Annotated[str, Path(max_length=80)],
    wanted: ShareRequest,
) -> dict[str, Any]:
    """To whom the state it is in is told of, with a link. What is sent is listed at `/deliveries`, what could not be at `/jobs`."""
    made = share(desk.kit, who.scope, brief, wanted.to, who.id)
    who.trail.append(made.id)
    request.app.state.jobs_came()
    return {"id": made.id, "deliveries": [{"id": id, "channel": channel} for id, channel in made.deliveries]}
