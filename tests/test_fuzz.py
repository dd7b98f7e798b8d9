"""Whatever is sent along the document's own lines, the answer is never a fault of ours."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from safety_api.wsgi import application

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)


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


@pytest.mark.django_db
@schema.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
def test_no_request_along_the_schema_makes_the_server_fail(case, tokens):
    token = tokens[who_may(case.operation.definition.raw["operationId"])]
    case.validate_response(case.call(headers={"Authorization": token}), checks=[not_a_server_error])
