"""The shapes other programs are written against: the interface's own examples against OpenAPI, and real responses against both."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema_rs import Draft202012Validator

from api.examples import EXAMPLES as EXAMPLES_SHOWN
from api.shapes.accounts import AccountPage
from api.shapes.answers import AnswerShape
from api.shapes.base import Given
from api.shapes.briefs import BriefShape
from api.shapes.evidence import CitationShape
from tests.api.served import Served

CITATION: dict[str, Any] = {
    "id": "cit_1",
    "number": 1,
    "kind": "call",
    "source": {"id": "src_1", "external_id": "7001", "title": "Call", "occurred_at": "2026-09-24T12:00:00Z", "url": None},
    "turn_id": "t3",
    "speaker": {"name": "Dana Okafor", "email": "dana@cartage.example", "side": "seller"},
    "locator": {"type": "time", "start_ms": 0, "end_ms": 0},
    "quote": {"exact": "words", "prefix": "", "suffix": "", "start": 6, "end": 11},
    "match": "exact",
    "text_sha256": "0" * 64,
}
CLAIM: dict[str, Any] = {"id": "clm_1", "text": "words", "citations": ["cit_1"], "check": "supported", "support": 0.97}
CHANGE: dict[str, Any] = {
    "topic": "go-live date",
    "items": [{"on": "2026-09-02", "text": "words", "citations": ["cit_1"], "superseded": True}],
}
RECEIPT: dict[str, Any] = {
    "searched": {"call": 6, "email": 18, "crm_note": 12, "doc": 2},
    "from": "2026-03-03",
    "to": "2026-10-14",
    "unreadable": [],
    "nearest": ["cit_1"],
}
ANSWER: dict[str, Any] = {
    "id": "ans_1",
    "thread_id": "thr_1",
    "status": "answered",
    "partial": False,
    "reason": None,
    "question": "What?",
    "standalone_question": "What?",
    "model": "extractive",
    "as_of": None,
    "blocks": [{"kind": "paragraph", "claims": [CLAIM]}],
    "changes": [CHANGE],
    "citations": [CITATION],
    "receipt": RECEIPT,
    "removed_claims": 0,
    "follow_ups": ["And then?"],
    "timing": {"retrieve_ms": 31, "total_ms": 84},
    "degraded": [],
}
ACCOUNTS: dict[str, Any] = {
    "items": [
        {
            "id": "acc_1",
            "slug": "halden",
            "name": "Halden",
            "domains": ["halden.example"],
            "external_refs": ["sf:001"],
            "stage": "Closed Won",
            "closed_on": "2026-10-14",
            "sources": {"call": 6, "email": 18},
            "brief": {"state": "draft", "gaps": 4},
        }
    ],
    "next_cursor": None,
}
BRIEF: dict[str, Any] = {
    "id": "brf_1",
    "account": "acc_1",
    "deal_id": "dea_1",
    "version": 3,
    "state": "draft",
    "as_of": None,
    "composed_at": "2026-10-15T08:00:00Z",
    "model": "extractive",
    "words": 812,
    "support": 0.98,
    "story": [CLAIM],
    "why": [CLAIM],
    "goals": [{"text": "a", "metric": None, "baseline": None, "target": None, "due": None, "owner": None, "citations": ["cit_1"]}],
    "promises": [
        {
            "id": "prm_1",
            "text": "words",
            "kind": "date",
            "strength": "firm",
            "conditions": "if",
            "made_by": {"name": "Dana Okafor", "side": "seller"},
            "made_to": {"name": "Marta Lindqvist", "side": "buyer"},
            "made_on": "2026-09-24",
            "due": {"as_said": "mid January", "date": "2027-01-18"},
            "supersedes": None,
            "current": True,
            "contract": "silent",
            "contract_citation": "cit_1",
            "citations": ["cit_1"],
            "support": 0.95,
            "state": "evidenced",
            "status": "open",
            "status_on": None,
        }
    ],
    "risks": [{"text": "a", "kind": "budget", "first_seen": None, "last_seen": None, "resolved": False, "citations": ["cit_1"]}],
    "people": [
        {
            "name": "Marta Lindqvist",
            "email": None,
            "title": None,
            "side": "buyer",
            "roles": ["economic buyer"],
            "stance": "advocate",
            "cares_about": "dates",
            "last_contact": "2026-10-01",
            "citations": ["cit_1"],
        }
    ],
    "requirements": [CLAIM],
    "commercials": [{"label": "Amount", "value": "186000", "claims": [CLAIM]}],
    "timeline": [{"date": "2026-09-24", "text": "a", "citations": ["cit_1"]}],
    "decision": [CLAIM],
    "changes": [CHANGE],
    "asked_already": [{"question": "What?", "answer": CLAIM}],
    "artefacts": [{"title": "Order form", "kind": "doc", "url": None}],
    "gaps": [{"id": "gap_1", "question": "Who signs?", "why": "nobody said", "ask": "ae", "receipt": RECEIPT}],
    "kickoff": [],
    "citations": [CITATION],
    "receipt": RECEIPT,
    "coverage": {"calls_without_transcript": [], "silent_months": ["2026-05"]},
}
EXAMPLES = {
    "/api/v1/accounts": ("get", "200", ACCOUNTS),
    "/api/v1/accounts/{account}/answers": ("post", "200", ANSWER),
    "/api/v1/accounts/{account}/briefs/current": ("get", "200", BRIEF),
    "/api/v1/briefs/{brief}": ("get", "200", BRIEF),
    "/api/v1/citations/{citation}": ("get", "200", CITATION),
}


NO_EXAMPLE = {"SignInRequest", "VisitToken", "UserChange", "PersonMerged", "PersonOnSide", "PersonSplit"}
"""Sent by our own pages, or saying all there is by their names."""


@pytest.fixture
def spec(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def missing(spec: dict[str, Any], schema: dict[str, Any], example: Any, where: str) -> list[str]:
    """Names that the example has and the schema does not promise, however deep."""
    schema = resolved(spec, schema)
    for choice in schema.get("anyOf", []):
        if example is not None and resolved(spec, choice).get("type") != "null":
            return missing(spec, choice, example, where)
    if isinstance(example, list):
        return [gone for item in example for gone in missing(spec, schema.get("items", {}), item, f"{where}[]")]
    if not isinstance(example, dict) or "properties" not in schema:
        return []
    gone = [f"{where}.{name}" for name in example if name not in schema["properties"] or name not in schema["required"]]
    return gone + [
        m for name, value in example.items() for m in missing(spec, schema["properties"].get(name, {}), value, f"{where}.{name}")
    ]


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_schema_promises_every_name_of_the_example(spec: dict[str, Any], path: str) -> None:
    method, status, example = EXAMPLES[path]
    schema = spec["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    assert missing(spec, schema, example, path) == []


@pytest.mark.parametrize(
    ("shape", "example"),
    [(AccountPage, ACCOUNTS), (AnswerShape, ANSWER), (BriefShape, BRIEF), (CitationShape, CITATION)],
)
def test_every_example_is_valid_and_comes_back_whole(shape: type[Given], example: dict[str, Any]) -> None:
    assert shape.model_validate(example).model_dump(by_alias=True, mode="json", exclude_unset=True) == example


def test_every_failure_is_documented_as_a_problem_and_to_openais_clients_in_their_shape(spec: dict[str, Any]) -> None:
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            failures = {status: response for status, response in operation["responses"].items() if status >= "400"}
            assert path == "/healthz" or failures, (method, path)
            for response in failures.values():
                spoken = "application/json" if path.startswith("/v1/") else "application/problem+json"
                assert list(response["content"]) == [spoken], (method, path)


def test_the_schema_names_the_calls_of_the_interface(spec: dict[str, Any]) -> None:
    assert {
        "/healthz",
        "/readyz",
        "/api/v1/accounts",
        "/api/v1/accounts/{account}/answers",
        "/api/v1/accounts/{account}/briefs",
        "/api/v1/accounts/{account}/briefs/current",
        "/api/v1/accounts/{account}/sources",
        "/api/v1/briefs/{brief}",
        "/api/v1/briefs/{brief}/export",
        "/api/v1/citations/{citation}",
        "/api/v1/sources/{source}",
        "/api/v1/sources/{source}/segments",
    } <= set(spec["paths"])


def test_the_question_limit_stands_in_the_schema(spec: dict[str, Any]) -> None:
    assert spec["components"]["schemas"]["AskRequest"]["properties"]["question"]["maxLength"] == 4000


def test_the_documentation_page_is_for_those_who_are_known_and_loads_nothing_from_elsewhere(served: Served) -> None:
    client = served.client(served.key())
    assert [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404] * 3
    page = client.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://", page.text)
    for address in re.findall(r'(?:href|src)="(/[^"#]+)"', page.text):
        assert client.get(address).status_code == 200, address
    assert served.client().get("/api/docs").status_code == 401


def test_every_example_of_the_document_fits_its_shape_and_names_nothing_unknown(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    assert set(EXAMPLES_SHOWN) <= {name for name, schema in schemas.items() if schema.get("examples")}
    strict = {name: {**schema, "additionalProperties": False} for name, schema in schemas.items()}
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            shape = strict if name in EXAMPLES_SHOWN else schemas
            Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": shape}}).validate(example)


def test_what_people_send_and_are_sent_most_has_an_example(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = next(each for each in content["schema"].get("anyOf", [content["schema"]]) if "$ref" in each)
                name = schema["$ref"].rpartition("/")[2]
                assert name in NO_EXAMPLE or schemas[name]["examples"], (method, path)
