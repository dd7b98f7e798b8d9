"""What the doors of dual prevention answer fits the OpenAPI document, with rows in it."""

import json

import pytest

from tests.cast.people import MINE
from tests.cast.risk_points import checked, risk
from tests.cast.units import mine
from tests.test_contract import document, validator

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(db):
    home = mine()
    point, check = risk(home, level=1), checked(home, "2026-03-01", "2026-03-31", level="company")
    return {"id": str(MINE), "point": str(point.pk), "check": str(check.pk)}


ANSWERS = [
    ("/api/v1/risk-points", "/api/v1/risk-points"),
    ("/api/v1/risk-points/{id}", "/api/v1/risk-points/{point}"),
    ("/api/v1/risk-points/{id}/assessments", "/api/v1/risk-points/{point}/assessments"),
    ("/api/v1/self-checks", "/api/v1/self-checks"),
    ("/api/v1/self-checks/{id}", "/api/v1/self-checks/{check}"),
    ("/api/v1/enterprises/{id}/self-check-duty", "/api/v1/enterprises/{id}/self-check-duty?from=2026-03-01&to=2026-03-31"),
    ("/api/v1/self-check-rates", "/api/v1/self-check-rates?month=2026-03"),
    ("/api/v1/enterprises/{id}/supervision-class", "/api/v1/enterprises/{id}/supervision-class"),
]  # fmt: skip


@pytest.mark.parametrize("path, address", ANSWERS, ids=[row[0].removeprefix("/api/v1/") for row in ANSWERS])
def test_answers_with_rows_match_the_openapi_document(path, address, ids, as_):
    answer = as_("bureau").get(address.format(**ids))
    assert answer.status_code == 200, answer.content
    schema = document()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert [
        f"{each.json_path}: {each.message}" for each in validator(schema).iter_errors(json.loads(answer.content))
    ] == []
