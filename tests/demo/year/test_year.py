"""演示的一年: what the named accounts find in it."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import models
from django.db.models import F

from accidents.demo import LATE, PRIVATE_CAR, WRITTEN_OFF
from accidents.models import Accident
from accounts.demo import OWN_MINE, PEOPLE
from accounts.models import Certificate, User
from enterprises.models import Condition, Enterprise, Site, StatedFact
from enterprises.rules import check_credit_code
from geo.models import Region
from hazards.demo import LISTED
from hazards.models import Hazard, HazardStep, Review
from hazards.states import State
from inspections.models import Inspection, Task
from reference import law
from reference.terms import LEVEL_OF
from risks.models import RiskPoint
from safety_api import outbox
from supervision.actions import differences
from tests.cast.people import CAST
from tests.conftest import SHARED
from zero_accident.figures import rebuilding
from zero_accident.models import FigureRevision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
YEAR = "year=2026&as_of=2026-11-23"


def get(client, address: str):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


# --- what there is ----------------------------------------------------------------------------------------------------
def test_the_demo_people_are_the_same_as_the_cast_of_the_tests():
    said = ("name", "role", "region", "sectors", "is_leader", "is_principal", "may_investigate")
    defaults = {"region": "", "sectors": [], "is_leader": False, "is_principal": False, "may_investigate": False}
    for username, fields in CAST.items():
        user = User.objects.get(username=username)
        assert {name: getattr(user, name) for name in said} == {
            **defaults,
            **{k: v for k, v in fields.items() if k in said},
        }
        assert user.is_demo and not user.must_change_password
    assert set(PEOPLE) == set(CAST) == set(User.objects.values_list("username", flat=True))


def test_demo_people_sign_in_with_the_given_password_and_no_second_factor(client):
    body = {"username": "inspector", "password": "Demo-password-123456", "device_id": "x", "device_name": "x"}
    answer = client.post("/api/v1/auth/login", body, content_type="application/json", REMOTE_ADDR="192.0.2.77")
    assert answer.status_code == 200, answer.content.decode()


def test_the_demo_has_all_villages_and_about_six_hundred_units():
    assert Region.objects.villages().today().within("141123").count() == 254
    assert 590 <= Enterprise.objects.count() <= 620
    assert Site.objects.filter(enterprise=None).count() >= 100
    assert Inspection.objects.count() >= 900
    assert Hazard.objects.count() >= 600


def test_the_demo_has_every_sector_in_every_township():
    found = {(code[:9], sector) for code, sector in Enterprise.objects.values_list("region_code", "sector_id")}
    towns = Region.objects.townships().today().within("141123").values_list("code", flat=True)
    assert found == {(town[:9], sector.code) for town in towns for sector in law.sectors()}


def test_demo_shops_without_a_code_state_a_reason_and_all_codes_are_valid():
    assert Enterprise.objects.filter(credit_code=None).exclude(no_credit_code_reason="").count() >= 20
    for code in Enterprise.objects.exclude(credit_code=None).values_list("credit_code", flat=True):
        assert check_credit_code(code).warnings == ()


def test_every_demo_name_is_marked_as_fictitious():
    for model in (Enterprise, Site):
        assert all(name.startswith("演示·") for name in model.objects.values_list("name", flat=True))
    assert all("演示" in words for words in Hazard.objects.values_list("description", flat=True))
    assert all("演示" in words for words in Accident.objects.values_list("description", flat=True))


def test_no_demo_name_is_that_of_a_real_company():
    path = SHARED / "enterprises_public.csv"
    if not path.exists():
        pytest.skip("shared/data is not beside the project")
    with open(path, encoding="utf-8", newline="") as source:
        real = [row["name"].strip() for row in csv.DictReader(source)]
    names = list(Enterprise.objects.values_list("name", flat=True))
    cores = {part for name in real for part in (name, name.removeprefix("山西"), name.split("有限")[0]) if part}
    assert not [name for name in names for core in cores if core in name or name.removeprefix("演示·") in core]


@pytest.mark.parametrize(
    "model", [User, Enterprise, Site, Hazard, Inspection, Task, Accident], ids=lambda m: m.__name__
)
def test_everything_is_marked_as_demo(model):
    assert model.objects.exists()
    assert not model.objects.filter(is_demo=False).exists()


def test_demo_units_are_located_in_their_own_township():
    wrong = 0
    for town in Region.objects.townships().today().within("141123").exclude(area=None):
        mine = Enterprise.objects.filter(region_code__startswith=town.code[:9])
        wrong += mine.exclude(point__coveredby=town.area).count()
    assert wrong <= 12


def test_demo_classes_are_spread_with_most_in_b_and_c():
    found = Counter(Enterprise.objects.exclude(supervision_class="").values_list("supervision_class", flat=True))
    assert found["B"] > found["A"] > 20 and found["C"] > found["D"] > 10
    assert found["B"] + found["C"] > 0.6 * found.total()


def test_demo_risk_points_have_four_colours_and_units_show_their_worst(as_, world):
    found = Counter(RiskPoint.objects.values_list("level", flat=True))
    assert set(found) == {1, 2, 3, 4}
    worst = (
        RiskPoint.objects.values("enterprise").annotate(worst=models.Min("level")).values_list("enterprise", "worst")
    )
    shown = dict(Enterprise.objects.exclude(risk_colour="").values_list("pk", "risk_colour"))
    assert {key: LEVEL_OF[colour] for key, colour in shown.items()} == dict(worst)
    duty = get(as_("principal"), f"enterprises/{world.key(*OWN_MINE)}/self-check-duty?from=2026-10-01&to=2026-10-31")
    assert (
        duty["due"] > 900
        and float(duty["rate"]) > 95
        and duty["months"] == [{"month": "2026-10", "done": True, "over": True}]
    )


def test_demo_hazards_are_in_many_states_and_match_their_last_step():
    assert len(set(Hazard.objects.values_list("state", flat=True)) & set(State.values)) >= 9
    last = HazardStep.objects.filter(hazard=models.OuterRef("pk")).order_by("-happened_at", "-id").values("after")[:1]
    assert not Hazard.objects.annotate(last=models.Subquery(last)).exclude(state=F("last")).exists()
    assert Review.objects.count() >= 50


def test_demo_data_contain_nothing_after_today(world):
    now = world.at(world.today, 23, 59)
    assert not Hazard.objects.filter(found_at__gt=now).exists()
    assert not HazardStep.objects.filter(happened_at__gt=now).exists()
    assert not Inspection.objects.filter(received_at__gt=now).exists()
    assert not Accident.objects.filter(occurred_at__gt=now).exists()
    assert not StatedFact.objects.filter(held_from__gt=world.today).exists()
    assert not Condition.objects.filter(held_from__gt=world.today).exists()


def test_kept_demo_figures_equal_a_rebuild():
    assert rebuilding.rebuild(2026, check=True).lines == []
    assert list(differences()) == []


# --- stories ----------------------------------------------------------------------------------------------------------
def test_the_demo_inspector_has_tasks_for_the_coming_days(as_):
    tasks = get(as_("inspector"), "tasks?due_before=2026-12-10")["results"]
    assert len(tasks) >= 8
    assert all(task["is_demo"] and task["region"].startswith("141123100") for task in tasks)
    assert get(as_("inspector"), "tasks?done=true")["results"]


def receipts(phone) -> list[dict]:
    """Of the visits with photos: the last ones that found something."""
    visits = [visit for visit in get(phone, "inspections?limit=100")["results"] if visit["hazards_found"]][:10]
    found = [get(phone, f"inspections/{visit['id']}/receipt") for visit in visits]
    return [receipt for receipt in found if receipt["photos"]]


def test_the_demo_inspector_has_receipts_with_one_photo_missing(as_):
    found = receipts(as_("inspector"))
    states = [(receipt["complete"], *sorted(photo["state"] for photo in receipt["photos"])) for receipt in found]
    assert sorted(states) == [(False, "held", "held", "missing"), *[(True, "held", "held", "held")] * 5]


def test_the_worker_processes_the_demo_photos(as_):
    outbox.drain()
    found = Counter(photo["state"] for receipt in receipts(as_("inspector")) for photo in receipt["photos"])
    assert found == {"ready": 17, "missing": 1}


@pytest.mark.parametrize("username", ["bureau", "principal", "leader", "chief"])
def test_the_listed_demo_hazard_is_overdue_with_production_stopped(as_, world, username):
    found = get(as_(username), "hazards?listed=true&overdue=true")["results"]
    assert [(each["id"], each["listed"], each["production_stopped"], each["level"]) for each in found] == [
        (str(world.key(*LISTED)), "county", True, "major")
    ]
    steps = [each["step"] for each in get(as_(username), f"hazards/{found[0]['id']}/history")]
    assert steps == ["report", "confirm", "start", "list"]


def test_the_demo_mine_fell_from_class_a_to_d(as_, world):
    address = f"enterprises/{world.key(*OWN_MINE)}/supervision-class"
    before, now = get(as_("principal"), f"{address}?on=2026-10-01"), get(as_("principal"), f"{address}?on=2026-11-23")
    assert (before["class"], now["class"]) == ("A", "D")
    assert "K06" in [cap["id"] for cap in now["caps"]]
    assert get(as_("principal"), f"enterprises/{world.key(*OWN_MINE)}")["class"] == "D"


def test_one_demo_accident_report_is_twelve_minutes_late(as_, world):
    legs = get(as_("duty"), f"accidents/{world.key(*LATE)}/clock")
    assert {leg["level"]: (leg["late"], leg["minutes_late"]) for leg in legs} == {
        "enterprise": (True, 12),
        "county": (False, 0),
    }


def test_fourteen_demo_villages_are_broken_and_the_county_meets_its_target(as_):
    said = get(as_("bureau"), f"zero-accident/ratios?{YEAR}")["villages"]
    assert (said["zero"], said["total"], said["broken"], said["met"], said["ratio"]) == (239, 253, 14, True, "94.46")
    assert get(as_("bureau"), f"zero-accident/ratios?{YEAR}")["units"]["met"] is True


def test_one_demo_township_misses_its_target(as_):
    said = get(as_("leader"), f"zero-accident/ratios?{YEAR}&region=141123200")["villages"]
    assert (said["zero"], said["total"], said["met"]) == (7, 9, False)
    ranks = get(as_("leader"), f"zero-accident/ranking?{YEAR}")
    assert max((row for row in ranks if row["rank"]), key=lambda row: row["rank"])["region"] == "141123200000"


def test_three_demo_townships_share_rank_one_and_the_next_is_fourth(as_):
    ranks = get(as_("leader"), f"zero-accident/ranking?{YEAR}")
    assert [(row["rank"], row["region"][:9]) for row in ranks[:3]] == [
        (1, "141123202"),
        (1, "141123203"),
        (1, "141123208"),
    ]
    assert ranks[3]["rank"] == 4


def test_a_private_car_accident_breaks_a_village_but_no_unit_or_statistics(as_, world):
    key = str(world.key(*PRIVATE_CAR))
    accident = get(as_("leader"), f"accidents/{key}")
    assert (accident["category"], accident["nature"], accident["in_statistics"]) == ("Z2", "non_production", False)
    rows = get(as_("leader"), f"zero-accident/broken?year=2026&region={accident['region'][:9]}")["results"]
    assert [row["kind"] for row in rows if key in json.dumps(row)] == ["village"]


def test_a_written_off_demo_accident_restores_its_village(as_, world):
    accident = get(as_("bureau"), f"accidents/{world.key(*WRITTEN_OFF)}")
    assert accident["stat_status"] == "written_off"
    restored = FigureRevision.objects.filter(year=2026).order_by("-number").first()
    assert restored.changes["restored"] == [accident["region"]]


def test_one_demo_certificate_has_expired(world):
    expired = Certificate.objects.filter(valid_to__lt=world.today)
    assert [each.user.username for each in expired] == ["inspector2"]


def test_demo_hazards_units_and_inspections_are_on_the_map(as_):
    for layer in ("hazards", "enterprises", "inspections"):
        body = get(as_("bureau"), f"map/{layer}.geojson?bbox=110.3,37.9,111.8,38.9")
        assert body["features"], layer


# --- loading ----------------------------------------------------------------------------------------------------------
def test_a_second_demo_load_changes_nothing(capsys):
    before = User.objects.count(), Enterprise.objects.count(), Accident.objects.count()
    call_command("load_demo")
    assert capsys.readouterr().out.startswith("已有演示数据")
    assert (User.objects.count(), Enterprise.objects.count(), Accident.objects.count()) == before


def test_demo_accounts_are_listed_one_per_line(capsys):
    call_command("demo_accounts")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PEOPLE)
    assert "张巡" in lines[0] and "检查员" in lines[0]


def test_demo_mines_stand_below_at_and_over_their_ceilings_and_of_some_nobody_knows(as_):
    mines = get(as_("bureau"), "inspection-ceilings/units?sector=coal_mine&limit=100")["results"]
    years = [get(as_("bureau"), f"enterprises/{mine['enterprise']}")["inspections_this_year"] for mine in mines]
    known = [year for year in years if year["ceiling"] is not None]
    assert any(year["missing"] == ["coal_assurance"] for year in years)
    assert any(year["counted"] > year["ceiling"] for year in known) and any(0 <= year["left"] <= 1 for year in known)
    assert sum(year["counted"] <= year["ceiling"] for year in known) > len(known) / 2
    assert get(as_("bureau"), "inspections?warning=over_ceiling")["results"]
