"""How Baton runs here: health, settings in force, evaluations kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.shapes.base import Given, Sent


class EvaluatedItem(Given):
    """A labelled question or line of a brief. `failed` are the measures that hold something against it, `wanted` the words its label
    stands on, `said` what a brief says of it. In runs of before these three were kept they are empty."""

    id: str
    deal: str
    kind: str
    text: str
    faults: list[str]
    failed: list[str]
    said: str
    wanted: list[dict[str, str]]


class EarlierRun(Given):
    """`same_labels`: whether its measures may be set beside the newest run's."""

    name: str
    at: str
    same_labels: bool
    measures: dict[str, float]


class EvaluationShape(Given):
    """The newest run of `baton eval`; `checks` are null where it was not held against a baseline. `runs` are the others kept, the newest
    first; `comparison` and `earlier_questions` are of the one that `against` named."""

    name: str
    at: str
    deals: list[str]
    passed: bool | None
    fault: str | None
    checks: list[dict[str, Any]] | None
    measures: dict[str, Any]
    questions: list[dict[str, Any]]
    items: list[EvaluatedItem]
    runs: list[EarlierRun]
    comparison: dict[str, Any] | None
    earlier_questions: list[dict[str, Any]]


class CasePage(Given):
    items: list[EvaluatedItem]


class EvaluationRequest(Sent):
    cases: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="A name of `[evaluations]` in baton.toml; without it the labelled deals of the source tree."
    )


class EvaluationStarted(Given):
    """An evaluation by the server. `run` is the name its run is kept under, once it is done; `detail` why it failed."""

    id: str
    cases: str | None
    state: Literal["running", "done", "failed"]
    started_at: str
    finished_at: str | None
    run: str | None
    detail: str | None


class EvaluationListed(Given):
    name: str
    at: str
    measures: dict[str, float]


class EvaluationPage(Given):
    items: list[EvaluationListed]


class OurDomain(Given):
    domain: str
    because: str


class ModelShape(Given):
    """`host` is where words are sent; null where nothing leaves this machine."""

    name: str
    host: str | None
    trouble: str | None = Field(None, description="Why it cannot be used, where it cannot.")


class SettingsShape(Given):
    """What is in force, read only. `model` null: answers are the history's own words. `retention` in days, null for ever."""

    version: str
    our_domains: list[OurDomain]
    partner_domains: list[str]
    timezone: str
    embedding: ModelShape
    model: ModelShape | None
    retention: dict[str, int | None]
    degraded: list[str]


class Health(Given):
    status: Literal["ok"]


class Readiness(Given):
    status: Literal["ready", "degraded"]
    degraded: list[str]
