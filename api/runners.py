"""Who runs this home: an administrator of every account in it. To one of some accounts, what stands above them is not there."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.access import Principal, allowed
from api.desk import OpenDesk
from api.problems import not_found
from ingest.archive.scope import EVERYTHING


def runner(desk: OpenDesk, who: Annotated[Principal, Depends(allowed("admin"))]) -> Principal:
    if not {account.id for account in desk.archive.accounts(EVERYTHING)} <= (who.scope.accounts or frozenset()):
        raise not_found()
    return who


MayRun = Annotated[Principal, Depends(runner)]
