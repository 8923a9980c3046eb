"""Whatever is sent to any operation of the interface, the answer is one that its own document describes, and never a fault of the server.

Requests are made from the OpenAPI document, fit and unfit ones, about things that are there and things that are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from assistant.brief.shelf import current_brief
from assistant.portfolio import Wanted, find
from ingest.archive.scope import EVERYTHING
from tests.api.served import Served

EXAMPLES = 25
PATIENCE_S = 120
"""For the document itself, which is long: ten seconds were not enough on a busy machine."""
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# Left out: that what fits the document is always taken. A cursor that has run out or a brief already accepted is refused, and rightly.


@pytest.fixture
def known(served: Served) -> dict[str, list[str]]:
    """Names of path parameters, and what they may be of that is there."""
    scope = EVERYTHING.only(served.halden)
    brief = current_brief(served.kit, served.halden)
    return {
        "account": [served.halden, "brightwell-dental", "sf:0018d00000HALDEN"],
        "brief": [brief["id"]],
        "line": [one["id"] for one in brief["promises"]],
        "gap": [one["id"] for one in brief["gaps"]],
        "source": [source.id for source in served.archive.sources(EVERYTHING)],
        "citation": [one["id"] for one in brief["citations"]],
        "promise": [str(row["id"]) for row in find(served.kit, scope, Wanted())],
    }


def operations(served: Served, key: str) -> Iterator[Any]:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", served.app, headers=headers(key), timeout=PATIENCE_S)
    for found in schema.get_all_operations():
        yield found.ok()


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Host": "127.0.0.1:8000"}


@pytest.mark.slow
def test_no_request_finds_a_fault_or_an_answer_that_is_not_described(served: Served, known: dict[str, list[str]]) -> None:
    key, sent, asked, good = served.key(), 0, 0, set()
    for operation in operations(served, key):

        @given(case=operation.as_strategy(), real=st.booleans(), choose=st.integers(0, 5))
        @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def every_answer_is_described(case: Case, real: bool, choose: int) -> None:
            nonlocal sent
            if real:
                for name in case.path_parameters or {}:
                    if options := known.get(name):
                        case.path_parameters[name] = options[choose % len(options)]
            answer = case.call(headers=headers(key))
            sent += 1
            if answer.status_code < 300:
                good.add(case.operation.label)
            case.validate_response(answer, checks=CHECKS)

        every_answer_is_described()
        asked += 1
    print(f"{sent} requests to {asked} operations, {len(good)} of which did something: 0 faults, 0 answers that are not described")
    assert sent > 300
    assert len(good) > 20, sorted(good)  # it is not all refusals
