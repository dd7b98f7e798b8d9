"""The OpenAPI document is the contract: it is valid, complete, exemplified, and the code keeps to it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from safety_api.permissions import MAY
from tests.test_permissions import HOME, an_accident, world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
ROOT = "urn:contract"


@cache
def document() -> dict[str, Any]:
    from rest_framework.test import APIClient

    answer = APIClient().get(
        "/api/v1/schema", headers={"host": "localhost"}
    )  # the fuzz reads it before any test begins
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def operations():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield path, method, operation


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    whole = Resource(contents=document(), specification=DRAFT202012)
    registry = Registry().with_resource(ROOT, whole)
    return Draft202012Validator(_rooted(schema), registry=registry)


def _rooted(schema: Any) -> Any:
    """References of the document, followed from outside of it."""
    if isinstance(schema, dict):
        return {name: f"{ROOT}{each}" if name == "$ref" else _rooted(each) for name, each in schema.items()}
    return [_rooted(each) for each in schema] if isinstance(schema, list) else schema


def test_the_document_is_valid_openapi_3_1():
    assert document()["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_the_openapi_document_contains_exactly_the_routes_of_the_code():
    from tests.test_permissions import ROUTES

    said = {operation["operationId"] for _, _, operation in operations()}
    unspoken = {route.name for route in ROUTES if route.method in ("head", "options")}  # a document of OpenAPI has none of ours by these
    assert said == {route.name.replace(".", "_") for route in ROUTES if route.name not in unspoken}
    assert said >= {name.replace(".", "_") for name in MAY if name not in unspoken}


def test_generating_the_openapi_document_raises_no_warning():
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache


def requests_with_json():
    for path, method, operation in operations():
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            yield f"{method} {path}", content["application/json"]


def test_every_request_has_an_example_that_matches_its_schema():
    seen = 0
    for name, content in requests_with_json():
        examples = [each["value"] for each in content.get("examples", {}).values()] or [content.get("example")]
        for example in examples:
            assert example is not None, name
            faults = [
                f"{error.json_path}: {error.message}" for error in validator(content["schema"]).iter_errors(example)
            ]
            assert not faults, (name, faults)
            seen += 1
    assert seen >= 15


def test_every_operation_documents_its_problem_answer():
    for path, method, operation in operations():
        assert "application/problem+json" in operation["responses"]["default"]["content"], (method, path)


READS = [  # as whom, which operation, at which address; {…} are records of the world
    ("inspector", "/api/v1/me", ""),
    ("inspector", "/api/v1/auth/devices", ""),
    ("inspector", "/api/v1/inbox", ""),
    ("inspector", "/api/v1/inbox/count", ""),
    ("inspector", "/api/v1/sectors", ""),
    ("inspector", "/api/v1/checklists", "?sector=coal_mine"),
    ("inspector", "/api/v1/hazard-standards", "?sector=coal_mine"),
    ("inspector", "/api/v1/rules", ""),
    ("inspector", "/api/v1/reference/criteria", "?q=瓦斯"),
    ("inspector", "/api/v1/reference/criteria/{edition}", ""),
    ("inspector", "/api/v1/reference/law-calendar", "?from=2025-01-01"),
    ("inspector", "/api/v1/reference/inspection-ceilings", ""),
    ("bureau", "/api/v1/inspection-ceilings/units", ""),
    ("inspector", "/api/v1/regions", "?level=township"),
    ("inspector", "/api/v1/tasks", ""),
    ("inspector", "/api/v1/papers", ""),
    ("inspector", "/api/v1/inspections", ""),
    ("inspector", "/api/v1/inspections/{inspection_id}", ""),
    ("inspector", "/api/v1/inspections/{inspection_id}/receipt", ""),
    ("bureau", "/api/v1/hazards", "?count=true"),
    ("bureau", "/api/v1/hazards/{hazard_id}", "?crs=gcj02"),
    ("bureau", "/api/v1/hazards/{hazard_id}/history", ""),
    ("bureau", "/api/v1/hazards/{hazard_id}/extensions", ""),
    ("bureau", "/api/v1/photos/{photo_id}", ""),
    ("bureau", "/api/v1/enterprises", ""),
    ("bureau", "/api/v1/enterprises/{id}", ""),
    ("bureau", "/api/v1/enterprises/{id}/facts", ""),
    ("bureau", "/api/v1/enterprises/{id}/conditions", ""),
    ("bureau", "/api/v1/enterprises/{id}/duties", ""),
    ("bureau", "/api/v1/sites", ""),
    ("bureau", "/api/v1/risk-points", ""),
    ("bureau", "/api/v1/self-checks", ""),
    ("bureau", "/api/v1/enterprises/{id}/self-check-duty", ""),
    ("bureau", "/api/v1/self-check-rates", ""),
    ("bureau", "/api/v1/accidents", ""),
    ("bureau", "/api/v1/accidents/{accident_id}", ""),
    ("bureau", "/api/v1/accidents/{accident_id}/reports", ""),
    ("bureau", "/api/v1/accidents/{accident_id}/clock", ""),
    ("bureau", "/api/v1/accidents/{accident_id}/findings", ""),
    ("bureau", "/api/v1/accidents/{accident_id}/twins", ""),
    ("bureau", "/api/v1/report-legs", "?due=all"),
    ("bureau", "/api/v1/report-reminders", ""),
    ("bureau", "/api/v1/accident-twins", ""),
    ("leader", "/api/v1/zero-accident/ratios", ""),
    ("leader", "/api/v1/zero-accident/ranking", ""),
    ("leader", "/api/v1/zero-accident/broken", ""),
    ("leader", "/api/v1/zero-accident/breakdown", ""),
    ("leader", "/api/v1/zero-accident/policies", ""),
    ("leader", "/api/v1/zero-accident/revisions", ""),
    ("leader", "/api/v1/zero-accident/notices", ""),
    ("bureau", "/api/v1/zero-accident/standards", ""),
    ("leader", "/api/v1/zero-accident/short", ""),
    ("leader", "/api/v1/zero-accident/zero", ""),
    ("leader", "/api/v1/zero-accident/targets", ""),
    ("leader", "/api/v1/zero-accident/closings", ""),
    ("bureau", "/api/v1/zero-accident/source-lists", ""),
    ("bureau", "/api/v1/zero-accident/differences", "?year=2026&month=10"),
    ("leader", "/api/v1/zero-accident/objections", ""),
    ("bureau", "/api/v1/zero-accident/bulletins", ""),
    ("bureau", "/api/v1/accidents/{accident_id}/quick-reports", ""),
    ("leader", "/api/v1/supervision/schemes", ""),
    ("bureau", "/api/v1/map/{layer}.geojson", "?bbox=110,38,112,39"),
    ("bureau", "/api/v1/ledgers/supervision", "?count=true"),
    ("bureau", "/api/v1/ledgers/rectification", "?count=true"),
    ("bureau", "/api/v1/ledgers/listed-supervision", "?count=true"),
    ("bureau", "/api/v1/ledgers/accountability", "?count=true"),
    ("bureau", "/api/v1/ledgers/joint-punishment", "?count=true"),
    ("bureau", "/api/v1/ledgers/dishonesty", "?count=true"),
    ("bureau", "/api/v1/imports", ""),
    ("bureau", "/api/v1/report-templates", ""),
    ("bureau", "/api/v1/reconciliations", ""),
    ("auditor", "/api/v1/trail", ""),
    ("auditor", "/api/v1/trail/seals", ""),
    ("auditor", "/api/v1/trail/verify", ""),
    ("sysadmin", "/api/v1/outbox", ""),
]


@pytest.mark.parametrize("who, path, query", READS, ids=lambda each: str(each).removeprefix("/api/v1/"))
def test_answers_match_the_openapi_document(who, path, query, world, as_):  # noqa: F811
    record = world[0]
    names = {
        "inspection_id": record["inspections"], "hazard_id": record["hazards"], "photo_id": record["photos"],
        "accident_id": record["accidents"], "id": record["enterprises"], "layer": "hazards",
        "edition": "coal_mine.MEM21-2026",
    }  # fmt: skip
    answer = as_(who).get(path.format(**names) + query)
    assert answer.status_code == 200, answer.content[:500]
    content = document()["paths"][path]["get"]["responses"]["200"]["content"]
    schema = next(iter(content.values()))["schema"]
    body = json.loads(answer.content)
    faults = [f"{error.json_path}: {error.message[:200]}" for error in validator(schema).iter_errors(body)]
    assert not faults


def test_the_api_docs_page_loads_nothing_from_other_hosts(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "http://" not in page and "https://" not in page and "//cdn" not in page
