"""What the doors of the year answer fits the OpenAPI document."""

from __future__ import annotations

import json

import pytest

from assessment.models import KeyPatrol, Sheet
from assessment.yearly import key_patrol, sheets, vetoes
from tests.cast.people import phone_of
from tests.cast.units import a_unit
from tests.cast.yearly import COUNTY, OTHER_TOWN, TOWN, URL, YEAR, body, drafted, person, veto
from tests.cast.yearly_facts import a_year_of_facts
from tests.test_contract import document, validator

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def judged(once_a_module):
    """A year with everything in it: sheets open and confirmed, vetoes of several states, a list, a disaster."""
    facts = a_year_of_facts(a_unit())
    committee = person("committee")
    drafted()
    vetoes.confirm(veto(facts["larger"]).pk, by=committee, document="兴安委〔2026〕3号")
    sheets.state_view(Sheet.objects.get(party=TOWN).pk, by=person("leader"), text="无异议")
    for party in (TOWN, "emergency"):
        if party == "emergency":
            vetoes.reject(veto(facts["larger"], "emergency").pk, by=committee, reason="已尽职")
        sheets.confirm(Sheet.objects.get(party=party).pk, by=committee, conclusion="qualified")
    flood = {"township": "141123101", "happened_on": "2025-07-21", "name": "山洪", "document": "兴减灾办〔2025〕6号"}
    body(phone_of(person("bureau")), "larger-disasters", **flood)
    key_patrol.open_list(COUNTY, YEAR + 1)
    return facts


def keys(facts) -> dict[str, str]:
    return {
        "sheets": str(Sheet.objects.get(party=TOWN).pk),
        "open": str(Sheet.objects.get(party=OTHER_TOWN).pk),
        "vetoes": str(veto(facts["larger"]).pk),
        "key-patrol": str(KeyPatrol.objects.get().pk),
    }


READS = [
    ("sheets", "sheets", ""),
    ("sheets/{id}", "sheets/{sheets}", ""),
    ("sheets/{id}", "sheets/{open}", ""),
    ("vetoes", "vetoes", ""),
    ("vetoes/{id}", "vetoes/{vetoes}", ""),
    ("key-patrol", "key-patrol", ""),
    ("key-patrol/{id}", "key-patrol/{key-patrol}", ""),
    ("larger-disasters", "larger-disasters", ""),
]


@pytest.mark.parametrize("path, address, query", READS, ids=lambda each: str(each))
def test_answers_match_the_openapi_document(path, address, query, judged, as_):
    answer = as_("committee").get(f"{URL}/{address.format(**keys(judged))}?{query}")
    assert answer.status_code == 200, answer.content[:500]
    schema = document()["paths"][f"{URL}/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    faults = [
        f"{error.json_path}: {error.message[:200]}"
        for error in validator(schema).iter_errors(json.loads(answer.content))
    ]
    assert not faults
    shown = json.loads(answer.content)
    assert shown.get("results", [shown])
