"""The HTTP interface as one ASGI application: routes, access, problems and the fence around them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from api import problems
from api.access import Gate, Reader
from api.desk import Desk
from api.fence import Address, Fence
from api.routes import accounts, answers, briefs, operations, pages, promises, reviews, session, sources

BASE = "/api/v1"


def create_app(desk: Desk, gate: Gate, address: Address) -> FastAPI:
    app = FastAPI(
        title="Baton",
        version=_version(),
        summary="Answers from one account's own words, and the handoff brief.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.desk = desk
    app.state.gate = gate
    problems.register(app)
    api = APIRouter(prefix=BASE, responses=problems.documented(422, 500))
    for part in (accounts, answers, briefs, promises, reviews, sources, session):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(operations.router)
    app.include_router(pages.router)
    app.mount("/web", StaticFiles(directory=pages.WEB), name="web")
    app.add_middleware(Fence, address=address)

    @app.get(f"{BASE}/openapi.json", include_in_schema=False)
    def openapi(reader: Reader) -> dict[str, Any]:
        return problems.described(app)

    return app


def _version() -> str:
    try:
        return version("baton-handoff")
    except PackageNotFoundError:
        return "0"
