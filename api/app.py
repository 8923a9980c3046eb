"""The HTTP interface as one ASGI application: routes, access, problems and the fence around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from api import problems
from api.access import Gate, Reader
from api.desk import Desk
from api.fence import Address, Fence
from api.hooks import Hooks
from api.hosts import Hosts
from api.importing import Imports
from api.late_door import LateDoor, can_speak
from api.limits import HOLD_S, Limits, Turnstile
from api.measuring import Evaluations
from api.metrics import Meter
from api.once import Again, Remembered, Rememberer, told_again
from api.recording import Recorder
from api.routes import (
    accounts,
    admission,
    answers,
    briefs,
    completions,
    hooks,
    imports,
    jobs,
    operations,
    pages,
    people,
    promises,
    reviews,
    running,
    session,
    shares,
    single_sign_on,
    sources,
    threads,
    widget,
)
from api.runs import Runs
from api.visits import Visits
from api.web_files import WebFiles

if TYPE_CHECKING:
    from api.single_sign_on import SingleSignOn

BASE = "/api/v1"


def create_app(
    desk: Desk,
    gate: Gate,
    address: Address,
    sign_on: SingleSignOn | None = None,
    limits: Limits | None = None,
    jobs_came: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Without `limits` there are none. `jobs_came` is called when something that came in has made work."""
    door, runs, ours = LateDoor(desk) if can_speak() else None, Runs(), Imports(desk.kit.home)
    measured = Evaluations(desk.kit.home)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if limits:  # questions that wait keep a thread each; as many as ever are left for pages and health
            to_thread.current_default_thread_limiter().total_tokens += limits.in_all
        async with door.open() if door else nullcontext():
            yield
        runs.close()
        ours.close()
        measured.close()

    app = FastAPI(
        title="Baton",
        version=_version(),
        summary="Answers from one account's own words, and the handoff brief.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.desk = desk
    visits = Visits(Hosts(desk.kit.home.path).all)
    gate = replace(gate, visitor=visits.reader)
    app.state.gate = gate
    app.state.visits = visits
    app.state.single_sign_on = sign_on
    app.state.turnstile = Turnstile(limits, lambda: desk.kit.answering.pace_s, hold_s=HOLD_S) if limits else None
    app.state.meter = Meter()
    app.state.address = address
    app.state.runs = runs
    app.state.imports = ours
    app.state.evaluations = measured
    app.state.hooks = Hooks(desk.kit.home.path)
    app.state.jobs_came = jobs_came
    app.state.last_pull_at = app.state.next_pull_at = lambda: None
    app.state.recent = completions.Recent()
    app.state.remembered = Remembered()
    problems.register(app)
    app.add_exception_handler(HTTPException, pages.missing)
    app.add_exception_handler(Again, told_again)
    api = APIRouter(prefix=BASE, responses=problems.documented(422, 429, 500))
    for part in (
        accounts, admission, answers, briefs, hooks, imports, jobs, people, promises, reviews, running, sources, session, shares,
        single_sign_on, threads, widget,
    ):  # fmt: skip
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(completions.router)
    app.include_router(operations.router)
    app.include_router(pages.router)
    app.include_router(widget.pages)
    if door:
        app.router.routes.append(Route("/mcp", door, include_in_schema=False))
    app.mount("/web", GZipMiddleware(WebFiles(directory=pages.WEB)), name="web")  # only what holds nobody's words is packed
    app.add_middleware(Rememberer, remembered=app.state.remembered)
    app.add_middleware(Recorder, admissions=gate.admissions)
    app.add_middleware(Fence, address=address, meter=app.state.meter)

    @app.get(f"{BASE}/openapi.json", include_in_schema=False)
    def openapi(reader: Reader) -> dict[str, Any]:
        return problems.described(app)

    @app.get("/api/docs", include_in_schema=False)
    def docs(reader: Reader) -> FileResponse:
        """The document as a page."""
        return FileResponse(pages.WEB / "reference.html", media_type="text/html")

    return app


def _version() -> str:
    try:
        return version("baton-handoff")
    except PackageNotFoundError:
        return "0"
