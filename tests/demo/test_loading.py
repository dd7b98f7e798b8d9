"""Loading: the same seed gives the same rows, a refused load leaves nothing, large sizes are written set-based."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import override_settings

from accidents.models import Accident
from accounts.models import User
from enterprises.models import Condition, Enterprise
from geo.models import Region
from hazards.models import Hazard, HazardStep
from inspections.models import Inspection
from safety_api import demo
from safety_api.management.commands.load_demo import last_day, size_of
from tests.demo.conftest import DAY, PASSWORD, taken_back
from zero_accident.figures import rebuilding
from zero_accident.models import Broken

pytestmark = pytest.mark.django_db
APPS = ("accounts", "enterprises", "evidence", "risks", "hazards", "enforcement", "inspections", "zero_accident", "supervision")
CLOCK = {"epoch", "xid", "password", "made_at", "stored_at", "declared_at", "known_at", "revised_at", "created_at", "begun_at"}


def stored_rows() -> dict[str, list]:
    """All rows without what the server's clock and counters say."""
    found = {}
    for model in (each for app in APPS for each in apps.get_app_config(app).get_models()):
        columns = [each.attname for each in model._meta.concrete_fields if each.name not in CLOCK and not counted(each)]
        rows = model._base_manager.values_list(*columns)
        found[model.__name__] = sorted(repr([getattr(value, "ewkt", value) for value in row]) for row in rows)
    return found


def counted(column: models.Field) -> bool:
    target = column.target_field if column.is_relation else column
    return isinstance(target, models.AutoField | models.BigAutoField)


def load(tmp_path, **size):
    fields = {name: size.pop(name) for name in ("today", "seed") if name in size}
    made = demo.World(**{"today": DAY, "password": PASSWORD, **fields, "size": demo.Size(**{"units": 40, **size})})
    demo.load(made)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return made


def test_the_same_seed_gives_the_same_demo_rows_and_another_different_ones(tmp_path):
    found = []
    for _ in range(2):
        with taken_back(tmp_path):
            load(tmp_path)
            found.append(stored_rows())
    for name in found[0]:
        assert found[0][name] == found[1][name], name
    assert demo.World(DAY, seed=1).key("unit", 1) != demo.World(DAY, seed=2).key("unit", 1)
    assert demo.World(DAY, seed=1).chance("units").random() != demo.World(DAY, seed=2).chance("units").random()


def test_a_demo_year_loaded_early_in_january_is_short_but_not_empty(tmp_path):
    with taken_back(tmp_path):
        today = load(tmp_path, today=date(2026, 1, 3)).today
        assert Broken.objects.filter(year=2026, subject="village").count() == 14
        assert not Accident.objects.filter(occurred_at__date__gt=today).exists()


def test_a_demo_larger_than_the_county_is_loaded_with_matching_figures(tmp_path):
    with taken_back(tmp_path):
        load(tmp_path, counties=2, more_units=300, hazards=400, inspections=200, accidents=300, classes=False)
        assert Enterprise.objects.count() == Condition.objects.values("enterprise").distinct().count() == 340
        assert Region.objects.counties().count() == 2
        assert Enterprise.objects.exclude(region_code__startswith="141123").filter(point=None).count() == 0
        assert (Hazard.objects.count() >= 400, Inspection.objects.count() >= 200, Accident.objects.count()) == (
            True,
            True,
            321,
        )
        assert not Hazard.objects.exclude(pk__in=HazardStep.objects.values("hazard")).exists()
        assert rebuilding.rebuild(2026, check=True).lines == []


@pytest.mark.parametrize("wrong, words", [({"DEMO_PASSWORD": ""}, "DEMO_PASSWORD"), ({"EMBEDDED": False}, "EMBEDDED")])
def test_loading_the_demo_is_refused_outside_the_embedded_mode(tmp_path, wrong, words):
    with taken_back(tmp_path), override_settings(**wrong), pytest.raises(CommandError, match=words):
        call_command("load_demo", "--size", "10")


def test_with_if_empty_a_database_with_accounts_is_not_filled(capsys, people):
    call_command("load_demo", "--if-empty")
    assert "未装入" in capsys.readouterr().out
    assert not Enterprise.objects.exists()


def test_loading_the_demo_does_not_overwrite_an_existing_account(people, settings):
    settings.EMBEDDED, settings.DEMO_PASSWORD = True, PASSWORD
    with pytest.raises(CommandError, match="已被占用"), transaction.atomic():
        call_command("load_demo", "--size", "10")
    assert not User.objects.filter(is_demo=True).exists()


@pytest.mark.parametrize(
    "size, counties, units, more, expected",
    [
        ("county", None, 600, 0, 1),
        ("province", None, 600, 499_400, 117),
        ("50", None, 50, 0, 1),
        ("1000", 2, 600, 400, 2),
    ],
)
def test_a_demo_size_sets_detailed_units_added_units_and_counties(size, counties, units, more, expected):
    found = size_of(size, counties)
    assert (found.units, found.more_units, found.counties) == (units, more, expected)


@pytest.mark.parametrize("size, counties", [("large", None), ("-5", None), ("county", 0), ("county", 118)])
def test_an_invalid_demo_size_is_refused(size, counties):
    with pytest.raises(CommandError):
        size_of(size, counties)


def test_a_past_demo_year_runs_to_its_end_and_a_future_one_is_refused():
    assert last_day(date(2026, 11, 23), 2025) == date(2025, 12, 31)
    assert last_day(date(2026, 11, 23), None) == last_day(date(2026, 11, 23), 2026) == date(2026, 11, 23)
    with pytest.raises(CommandError):
        last_day(date(2026, 11, 23), 2027)
