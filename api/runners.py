"""Who runs this home: an administrator of every account in it. One of some accounts has not got that permission (`api.access`)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.access import Principal, allowed

MayRun = Annotated[Principal, Depends(allowed("admin"))]
