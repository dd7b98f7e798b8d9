"""Whatever is sent along the document's own lines, the answer is never a fault of ours."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from safety_api.wsgi import application
from tests.conftest import tries
from tests.test_contract import document

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(document())
schema.app, schema.location = application, "/api/v1/schema"
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(autouse=True)
def one_transaction():
    """A request's end would close the test's own connection; Django's test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def tokens(as_):
    """Those who may do most, so that the fuzz passes the doors."""
    return {who: as_(who)._credentials["HTTP_AUTHORIZATION"] for who in ("bureau", "auditor", "sysadmin")}


def who_may(operation_id: str) -> str:
    return (
        "auditor"
        if operation_id.startswith(("trail", "seals"))
        else "sysadmin"
        if operation_id.startswith("outbox")
        else "bureau"
    )


def test_the_fuzz_knows_every_operation_of_the_document():
    listed = [
        (method.upper(), path) for path, of in document()["paths"].items() for method in of if method != "parameters"
    ]
    assert sorted((each.method.upper(), each.path) for each in OPERATIONS) == sorted(listed)


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@settings(max_examples=tries(4), suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(data=st.data())
def test_no_request_generated_from_the_schema_causes_a_server_error(operation, data, tokens):
    case = data.draw(operation.as_strategy())
    token = tokens[who_may(operation.definition.raw["operationId"])]
    case.validate_response(case.call(headers={"Authorization": token}), checks=[not_a_server_error])
