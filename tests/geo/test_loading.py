"""Lists in the database: the bundled one, the one before the mergers, and any order of them."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from geo.actions import ListRefused, load_edition
from geo.management.commands.load_regions import BUNDLED, rows_of
from geo.models import Region, RegionEdition, RegionListing, RegionSuccession, RegionVersion
from safety_api.models import TrailLine
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db
Y16, Y23 = date(2016, 7, 31), date(2023, 6, 30)
EARLY = SHARED / "regions_141123_2016.csv"
COUNTY, TOWN, OTHER = "141123000000", "141123201000", "141123204000"

needs_2016 = pytest.mark.skipif(not EARLY.exists(), reason="the list of 2016 is not beside the project")


@pytest.fixture
def nothing_loaded(db):
    for model in (RegionSuccession, RegionVersion, RegionListing, RegionEdition, Region):
        model.objects.all()._raw_delete("default")


def small(label, on, **names):
    """The county, 蔚汾镇 (a list that names no township is silent about townships) and what the test is about."""
    lines = {COUNTY: "兴县", "141123100000": "蔚汾镇", **{code[1:]: name for code, name in names.items()}}
    return load_edition([{"code": code, "name": name} for code, name in lines.items()], label=label, cut_off=on)


def load(path, label, on, **more):
    return load_edition(rows_of(path), label=label, cut_off=on, **more)


def state():
    """All that a reader can see of history."""
    regions = Region.objects.values_list("code", "name", "level", "parent", "virtual", "valid_from", "valid_to")
    versions = RegionVersion.objects.filter(known_to=None).values_list("code", "name", "valid_from", "valid_to", "edition")
    successions = RegionSuccession.objects.values_list("predecessor", "successor", "on", "edition", "basis")
    return sorted(regions), sorted(versions, key=str), sorted(successions, key=str)


def test_the_bundled_list_has_16_townships_and_254_villages_one_of_them_virtual():
    today = Region.objects.today()
    assert (today.counties().count(), today.townships().count()) == (1, 16)
    assert (today.villages().count(), today.villages(virtual=False).count()) == (254, 253)
    assert today.villages(virtual=True).get().code == "141123400498"
    assert Region.objects.exclude(valid_from=None).count() == 0  # valid backwards


def test_the_bundled_list_equals_the_counties_own_copy():
    copy = SHARED / "regions_141123.csv"
    if not copy.exists():
        pytest.skip("the county's copy is not beside the project")
    with open(copy, encoding="utf-8") as ours:
        wanted = {(row["code"], row["name"], row["level"], row["parent_code"]) for row in csv.DictReader(ours)}
    assert {(c, n, level, p or "141100000000") for c, n, level, p in Region.objects.values_list("code", "name", "level", "parent")} == wanted


def test_the_province_list_has_its_eleven_cities_and_all_townships():
    lines = rows_of(BUNDLED.with_name("regions_14_2023.csv"))
    levels = [line["level"] for line in lines]
    assert [levels.count(level) for level in ("province", "city", "county", "township")] == [1, 11, 121, 1352]


def test_loading_the_region_list_twice_changes_nothing():
    before = list(Region.objects.values_list("code", "epoch", "xid")), TrailLine.objects.count()
    out = StringIO()
    call_command("load_regions", stdout=out)
    assert "未作改动" in out.getvalue()
    assert (list(Region.objects.values_list("code", "epoch", "xid")), TrailLine.objects.count()) == before


@needs_2016
def test_region_lists_loaded_in_either_order_give_the_same_regions(nothing_loaded):
    load(EARLY, "2016", Y16)
    load(BUNDLED, "2023", Y23)
    forwards = state()
    for model in (RegionSuccession, RegionVersion, RegionListing, RegionEdition, Region):
        model.objects.all()._raw_delete("default")
    load(BUNDLED, "2023", Y23)
    load(EARLY, "2016", Y16)
    assert state() == forwards


@needs_2016
def test_the_mergers_between_2016_and_2023_are_found(nothing_loaded):
    load(BUNDLED, "2023", Y23)
    report = load(EARLY, "2016", Y16)
    assert report.merged == [(TOWN, OTHER), ("141123206000", "141123207000")]
    assert (len(report.moved), len(report.undecided), len(report.ended)) == (17, 140, 159)
    assert Region.objects.on(date(2016, 8, 1)).townships().count() == 18
    assert Region.objects.on(date(2016, 8, 1)).villages().count() == 383
    assert Region.objects.on(Y23).villages().count() == 254
    assert Region.objects.on(Y23 - timedelta(days=1)).townships().count() == 18


@needs_2016
def test_a_region_is_named_as_on_the_requested_day(nothing_loaded):
    load(BUNDLED, "2023", Y23)
    load(EARLY, "2016", Y16)
    names = Region.objects.filter(code="141123104208")
    assert names.named_as_on(date(2020, 1, 1)).get().name_then == "碧村委会"
    assert names.named_as_on(date(2024, 1, 1)).get().name_then == "碧村村委会"
    assert names.get().valid_from is None  # the same place under another name


def test_earlier_knowledge_of_regions_stays_readable(nothing_loaded):
    small("2023", Y23, c141123204000="奥家湾乡")
    before = timezone.now()
    small("2016", Y16)
    versions = RegionVersion.objects.filter(code=OTHER)
    assert [v.valid_from for v in versions.known(before)] == [None]
    assert [v.valid_from for v in versions.known(timezone.now())] == [Y23]


def test_a_dry_run_reports_and_writes_nothing(nothing_loaded):
    report = load(BUNDLED, "2023", Y23, dry_run=True)
    assert len(report.new) == 271
    assert Region.objects.count() == RegionEdition.objects.count() == 0


def test_a_change_of_regions_can_take_effect_on_the_day_of_its_decree(nothing_loaded):
    small("2016", Y16, c141123201000="恶虎滩乡")
    load_edition([{"code": COUNTY, "name": "兴县"}, {"code": OTHER, "name": "奥家湾乡"}], label="2023", cut_off=Y23, on=date(2021, 4, 1))
    assert Region.objects.get(code=TOWN).valid_to == date(2021, 4, 1)


def test_a_successor_named_by_hand_is_used_where_no_rule_decides(nothing_loaded):
    small("2016", Y16, c141123201000="恶虎滩乡", c141123204000="奥家湾乡")
    lines = [{"code": COUNTY, "name": "兴县"}, {"code": OTHER, "name": "奥家湾乡"}]
    load_edition(lines, label="2023", cut_off=Y23, successors=[{"predecessor": TOWN, "successor": OTHER}])
    assert RegionSuccession.objects.get(predecessor=TOWN).basis == "hand"
    small("2020", date(2020, 6, 30), c141123204000="奥家湾乡")  # a further list moves the day, not the decision
    found = RegionSuccession.objects.get(predecessor=TOWN)
    assert (found.successor, found.basis, found.on) == (OTHER, "hand", date(2020, 6, 30))


def test_a_successor_can_be_named_after_loading(nothing_loaded):
    small("2016", Y16, c141123201000="恶虎滩乡", c141123204000="奥家湾乡")
    lines = [{"code": COUNTY, "name": "兴县"}, {"code": OTHER, "name": "奥家湾乡"}]
    load_edition(lines, label="2023", cut_off=Y23)
    assert RegionSuccession.objects.get(predecessor=TOWN).successor is None
    load_edition(lines, label="2023", cut_off=Y23, successors=[{"predecessor": TOWN, "successor": OTHER}])
    assert RegionSuccession.objects.get(predecessor=TOWN).successor == OTHER


def test_a_successor_with_an_unknown_code_is_refused(nothing_loaded):
    with pytest.raises(ListRefused, match="没有这个代码"):
        load_edition(
            [{"code": COUNTY, "name": "兴县"}], label="x", cut_off=Y23,
            successors=[{"predecessor": TOWN, "successor": "141123999000"}],
        )  # fmt: skip
    assert Region.objects.count() == 0


def test_a_label_already_used_by_another_region_list_is_refused(nothing_loaded):
    small("2023", Y23)
    with pytest.raises(ListRefused, match="已装入"):
        small("2023", Y23, c141123204000="奥家湾乡")


def test_an_invalid_file_is_refused_naming_every_line_and_stores_nothing(nothing_loaded, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("code,name\n141123000000,兴县\n14112,短\n141123204000,\n", encoding="utf-8-sig")
    with pytest.raises(CommandError) as refused:
        call_command("load_regions", file, edition="x/2024-06-30")
    assert "第3行" in str(refused.value) and "第4行" in str(refused.value)
    assert Region.objects.count() == 0


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"", b"code,name\n", b"name\n\xe5\x85\xb4\xe5\x8e\xbf\n"])
def test_a_file_that_is_no_region_list_is_refused(nothing_loaded, tmp_path, text):
    file = tmp_path / "list.csv"
    file.write_bytes(text)
    with pytest.raises(CommandError):
        call_command("load_regions", file, edition="x/2024-06-30")


@pytest.mark.parametrize("edition", ["2024", "x/", "x/2024-13-01", None])
def test_an_edition_must_be_a_label_and_a_date(edition):
    with pytest.raises(CommandError):
        call_command("load_regions", BUNDLED, edition=edition)


def test_every_load_of_regions_writes_a_trail_line(nothing_loaded):
    before = TrailLine.objects.count()
    small("2023", Y23)
    line = TrailLine.objects.latest("id")
    assert TrailLine.objects.count() == before + 1
    assert (line.verb, line.region_code, line.details["new"]) == ("regions.load", COUNTY, 2)


def test_a_county_loaded_first_gets_its_city_when_the_province_comes(nothing_loaded):
    load(BUNDLED, "2023", Y23)
    load(BUNDLED.with_name("regions_14_2023.csv"), "province", Y23)
    assert Region.objects.get(code=COUNTY).parent_id == "141100000000"
    assert Region.objects.today().within("141123").count() == 271


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "14112310020", "level": "village"},
        {"code": "141123100999", "level": "township"},
        {"code": "141123100999", "level": "village", "parent_id": "141123101000"},
        {"code": "141123100999", "level": "village", "valid_from": Y23, "valid_to": Y23},
    ],
)
def test_the_database_itself_refuses_a_region_that_contradicts_its_code(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.create(name="某村", **fields)


def test_names_are_ordered_by_pinyin():
    names = [region.name for region in Region.objects.today().townships().by_name()[:4]]
    assert names == ["奥家湾乡", "蔡家会镇", "蔡家崖乡", "东会乡"]


def test_a_region_is_valid_until_the_day_it_ends(nothing_loaded):
    small("2016", Y16, c141123201000="恶虎滩乡")
    small("2023", Y23)
    assert Region.objects.on(Y23 - timedelta(days=1)).get(code=TOWN).name == "恶虎滩乡"
    assert not Region.objects.on(Y23).filter(code=TOWN).exists()
