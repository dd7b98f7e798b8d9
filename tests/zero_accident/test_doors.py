"""Figures over the API: who may, what they answer after an accident, what they cost."""

from __future__ import annotations

import pytest

from reference import law
from reference.models import Load
from tests.accidents.test_doors import put
from tests.cast.accidents import TOWN, YEAR, V, W, at, key, occurring, report_accident
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db
LIST = "/api/v1/accidents"
RATIOS, RANKING, BROKEN = (f"/api/v1/zero-accident/{name}" for name in ("ratios", "ranking", "broken"))


# --- who may -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", [RATIOS, RANKING, BROKEN])
@pytest.mark.parametrize(
    "who, status",
    [(None, 401), ("inspector", 200), ("village", 200), ("leader", 200), ("department", 200), ("committee", 200), ("duty", 200),
     ("enterprise", 403), ("principal", 403), ("sysadmin", 403), ("auditor", 403)],
)  # fmt: skip
def test_every_office_role_sees_the_figures_of_all_townships(as_, who, status, what):
    assert as_(who).get(what).status_code == status


@pytest.mark.parametrize("address", [LIST, RATIOS, RANKING, BROKEN])
def test_a_person_without_a_region_sees_no_accidents_and_no_figures(as_, people, address):
    people["inspector"].region = ""
    people["inspector"].save()
    found = as_("inspector").get(address).json()
    assert (found["villages"]["total"] == 0) if address == RATIOS else found in ([], {"next": None, "previous": None, "results": []})


# --- figures -------------------------------------------------------------------------------------------------------------------
def figure(client, address: str, **query):
    return client.get(address, {"year": YEAR, **query})


def test_ratios_and_ranking_change_for_a_leader_after_an_accident(as_):
    leader, unit = as_("leader"), mine()
    before, ranked = figure(leader, RATIOS).json(), figure(leader, RANKING).json()
    assert (before["villages"]["zero"], before["villages"]["total"], before["villages"]["ratio"]) == (253, 253, "100.00")
    assert [row["rank"] for row in ranked] == [1, *[2] * 14, None]  # a township without units knows no unit ratio, and stands behind
    put(as_("bureau"), nature="production", units=occurring(unit))
    after, ranked = figure(leader, RATIOS).json(), figure(leader, RANKING).json()
    asked = f"year={YEAR}&as_of={YEAR}-12-31&region=141123000000"
    assert after == {
        "year": YEAR, "as_of": f"{YEAR}-12-31", "as_known_on": None, "region": "141123000000", "sector": None, "policy": "ZA-2021-1", "revision": 1,
        "villages": {"zero": 252, "total": 253, "ratio": "99.60", "broken": 1, "provisional": 0, "short": 0,
                     "target": "85.00", "target_year": 2021, "target_region": None, "met": True, "spare": 36,
                     "forecast": "全年已结束，达到85.00%的目标，还余36个村。", "broken_list": f"{BROKEN}?{asked}&kind=village"},
        "units": {"zero": 0, "total": 1, "ratio": "0.00", "broken": 1, "provisional": 0, "short": 0,
                  "target": "90.00", "target_year": 2021, "target_region": None, "met": False, "spare": -1,
                  "forecast": "全年已结束，达不到90.00%的目标，已多破1家单位：破零当年不能自行恢复，只有核销或认定变更才能恢复。",
                  "broken_list": f"{BROKEN}?{asked}&kind=unit",
                  "split": {"enterprise": {"zero": 0, "total": 1, "ratio": "0.00"},
                            "public_institution": {"zero": 0, "total": 0, "ratio": None}},
                  "sectors": {"coal_mine": {"zero": 0, "total": 1, "ratio": "0.00", "name": "煤矿"}}},
        "links": {"breakdown": f"/api/v1/zero-accident/breakdown?{asked}&by=township", "ranking": f"{RANKING}?{asked}",
                  "policy": "/api/v1/zero-accident/policies?version=ZA-2021-1"},
    }  # fmt: skip
    assert ranked[-2] == {
        "rank": 15, "policy": "ZA-2021-1", "region": TOWN, "sector": None, "name": "蔚汾镇", "village_ratio": "97.29", "village_zero": 36,
        "village_total": 37, "village_broken": 1, "village_short": 0, "unit_ratio": "0.00", "unit_zero": 0, "unit_total": 1, "unit_broken": 1,
        "unit_short": 0, "deaths": 1, "accidents": 1, "on_time_rate": None, "hazards_on_time": 0, "hazards_due": 0, "veto": False, "zone": False,
        "revision": 1,
    }  # fmt: skip
    assert (ranked[-1]["zone"], ranked[-1]["rank"]) == (True, None)


@pytest.mark.parametrize(
    "query, status, code",
    [
        ({"as_of": f"{YEAR}-06-30"}, 200, None), ({"region": "141123100"}, 200, None), ({"region": V}, 200, None),
        ({"as_of": "2024-06-30"}, 400, "bad_parameter"), ({"year": 2199}, 400, "in_the_future"), ({"as_of": "junk"}, 400, "invalid"),
        ({"region": "999999"}, 400, "unknown_region"), ({"region": "14112"}, 400, "unknown_region"), ({"year": 2020}, 422, "no_rule"),
        ({"year": 10**30}, 400, "invalid"), ({"colour": "red"}, 400, "bad_parameter"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", [RATIOS, RANKING])
def test_figures_accept_days_and_regions_and_refuse_invalid_ones(as_, address, query, status, code):
    answer = figure(as_("leader"), address, **query)
    assert answer.status_code == status, answer.content
    assert code is None or answer.json()["code"] == code


@pytest.mark.parametrize("address, most", [(RATIOS, 5), (RANKING, 3), (BROKEN, 8)])
def test_figures_take_few_queries_and_an_unchanged_etag_takes_two(as_, address, most, django_assert_max_num_queries):
    report_accident(units=occurring(mine()))
    leader = as_("leader")
    with django_assert_max_num_queries(most):
        found = figure(leader, address)
    with django_assert_max_num_queries(2):  # token · tag
        assert leader.get(address, {"year": YEAR}, HTTP_IF_NONE_MATCH=found["ETag"]).status_code == 304


def test_a_broken_place_lists_its_accidents_and_the_line_of_the_policy(as_):
    unit = mine()
    report_accident(1, units=occurring(unit))
    report_accident(2, occurred_at=at(4, 1))
    village, own = figure(as_("leader"), BROKEN).json()["results"]
    assert (village["kind"], village["name"], village["township_name"], village["broken_on"]) == ("village", village["region_name"], "蔚汾镇", f"{YEAR}-03-05")
    assert [each["accident"] for each in village["accidents"]] == [str(key(1)), str(key(2))]
    assert village["accidents"][0]["line"] == "min_deaths.Z1"
    assert "死亡1人，达到1人及以上；事故发生地" in village["accidents"][0]["sentence"]
    assert (own["kind"], own["enterprise"], own["name"]) == ("unit", str(unit.pk), unit.name)
    assert len(figure(as_("leader"), BROKEN, kind="unit").json()["results"]) == 1
    assert figure(as_("leader"), BROKEN, region="141123101").json()["results"] == []


def test_a_leader_sees_broken_places_of_other_townships_without_their_records(as_):
    report_accident(region=W, units=occurring(elsewhere()))
    village, own = figure(as_("leader"), BROKEN).json()["results"]
    why = village["accidents"][0]
    assert village["name"] and (why["accident"], why["line"], why["sentence"]) == (None, "min_deaths.Z1", None)
    assert (own["enterprise"], own["name"]) == (None, None)


def test_a_change_of_reference_data_changes_the_etag_of_figures(as_):
    report_accident()
    before = figure(as_("leader"), RATIOS)["ETag"]
    Load.objects.create(new=0, changed=1, removed=0)
    assert figure(as_("leader"), RATIOS)["ETag"] != before
    law.forget()
