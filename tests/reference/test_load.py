"""Loading twice changes nothing, a changed version is refused, the database never lets two versions hold on one day."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from reference import actions, files, law
from reference.models import Document, Holiday, Load, Sector, SectorDepartment
from safety_api.models import TrailLine
from safety_api.problems import Problem
from safety_api.trail import SYSTEM

pytestmark = pytest.mark.django_db
D = date.fromisoformat


@pytest.fixture(autouse=True)
def law_cache_cleared():
    law.forget()
    yield
    law.forget()


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(files.DATA, tmp_path / "data")
    return tmp_path / "data"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def load(folder, **options):
    out = StringIO()
    call_command("load_reference", folder, stdout=out, **options)
    law.forget()
    return out.getvalue()


def test_all_sectors_documents_and_holidays_are_loaded(db):
    assert (Sector.objects.count(), Document.objects.count(), Holiday.objects.count()) == (
        13,
        len(files.read().documents),
        218,
    )


def test_a_second_load_changes_nothing_and_writes_no_trail_line(folder):
    stamps = list(Document.objects.values_list("pk", "xid"))
    before = Load.objects.count(), TrailLine.objects.count()
    assert "新增 0，改动 0，删除 0" in load(folder)
    assert (Load.objects.count(), TrailLine.objects.count()) == before
    assert list(Document.objects.values_list("pk", "xid")) == stamps


def test_a_changed_load_writes_one_trail_line_with_the_changes(folder):
    edit(folder / "departments.toml", "县林业局", "县林草局")
    before = TrailLine.objects.count()
    assert "改动 1" in load(folder)
    line = TrailLine.objects.order_by("-id").first()
    assert TrailLine.objects.count() == before + 1
    assert (line.verb, line.actor_role, line.details["changed"]) == ("reference.load", "system", 1)
    assert line.details["names"] == ["department 兴县林草局"]


def test_a_version_in_force_cannot_be_changed(folder):
    edit(folder / "targets" / "2021.toml", "target = 85", "target = 80")
    with pytest.raises(CommandError, match="issue a new version"):
        load(folder)
    assert law.targets(2021).body["village"]["target"] == 85


def test_a_refused_load_changes_nothing(folder):
    edit(folder / "departments.toml", "县林业局", "县林草局")
    edit(folder / "targets" / "2021.toml", "target = 85", "target = 80")
    with pytest.raises(CommandError):
        load(folder)
    assert law.department("forestry").name == "兴县林业局"


def test_a_version_in_force_can_be_replaced_explicitly(folder):
    edit(folder / "targets" / "2021.toml", "target = 85", "target = 80")
    assert "改动 1" in load(folder, replace=True)
    assert law.targets(2021).body["village"]["target"] == 80


def test_a_version_not_yet_in_force_may_be_edited(folder):
    late = folder / "targets" / "2099.toml"
    shutil.copy(folder / "targets" / "2021.toml", late)
    edit(
        folder / "targets" / "2021.toml",
        "effective_from = 2021-01-01",
        "effective_from = 2021-01-01\neffective_to = 2098-12-31",
    )
    edit(late, "2021-01-01", "2099-01-01")
    edit(late, 'version = "2021-1"', 'version = "2099-1"')
    edit(late, "year = 2021", "year = 2099")
    assert "新增 1，改动 1" in load(folder)
    edit(late, "target = 85", "target = 95")
    assert "新增 0，改动 1" in load(folder)
    assert [law.targets(year).body["year"] for year in (2021, 2026, 2098, 2099)] == [2021, 2021, 2021, 2099]
    assert law.targets(2099).body["village"]["target"] == 95


def test_a_typo_stops_the_command_with_file_and_key(folder):
    edit(folder / "targets" / "2021.toml", "target = 85", "target = 850")
    with pytest.raises(CommandError, match=r"targets/2021\.toml body\.village\.target"):
        load(folder)


def test_a_document_missing_from_the_folder_is_kept(tmp_path):
    (tmp_path / "sectors.toml").write_bytes((files.DATA / "sectors.toml").read_bytes())
    number = Document.objects.count()
    assert "新增 0，改动 0，删除 0" in load(tmp_path)
    assert Document.objects.count() == number


def test_a_holiday_deleted_from_its_file_is_removed(folder):
    edit(folder / "holidays" / "2026.toml", "workdays = [2026-09-20, 2026-10-10]", "workdays = [2026-10-10]")
    assert law.is_working_day(D("2026-09-20"))
    assert "删除 1" in load(folder)
    assert not law.is_working_day(D("2026-09-20"))


def test_a_department_that_hands_over_a_sector_stays_responsible_for_the_past(folder):
    edit(
        folder / "sector_departments.toml",
        '{ sector = "special_equipment", department = "market", role = "supervise", valid_from = 2021-01-01 },',
        '{ sector = "special_equipment", department = "market", role = "supervise", valid_from = 2021-01-01, valid_to = 2026-06-30 },\n'
        '  { sector = "special_equipment", department = "emergency", role = "supervise", valid_from = 2026-07-01 },',
    )
    load(folder)
    assert law.lead_department("special_equipment", D("2026-06-30")) == "market"
    assert law.lead_department("special_equipment", D("2026-07-01")) == "emergency"


def copy_of(document, **changes):
    values = {name: getattr(document, name) for name in ("kind", "code", "title", "source", "body", "digest")}
    return Document(**{**values, "version": "other", "effective_from": document.effective_from, **changes})


@pytest.fixture
def document():
    """A list that no file knows: whatever follows the county's own, this one has a single version without an end."""
    made = copy_of(Document.objects.filter(kind="checklist").first(), code="x", effective_from=D("2021-03-29"))
    made.save()
    return made


@pytest.mark.parametrize("first", ["2021-03-29", "2026-11-23"])
def test_the_database_refuses_two_versions_on_one_day(document, first):
    with pytest.raises(IntegrityError, match="document_versions_never_overlap"), transaction.atomic():
        copy_of(document, version="another", effective_from=D(first)).save()


def test_the_database_lets_a_version_follow_on_the_next_day(document):
    Document.objects.filter(pk=document.pk).update(effective_to=D("2026-12-31"))
    with pytest.raises(IntegrityError, match="document_versions_never_overlap"), transaction.atomic():
        copy_of(document, version="another", effective_from=D("2026-12-31")).save()
    copy_of(document, version="another", effective_from=D("2027-01-01")).save()


def test_the_database_refuses_a_version_that_ends_before_it_begins(document):
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(document, code="y", effective_to=D("2021-03-28")).save()


def test_the_database_refuses_one_department_twice_in_one_role_on_one_day():
    row = SectorDepartment.objects.filter(sector="coal_mine").first()
    with pytest.raises(IntegrityError, match="sector_department_once_a_day"), transaction.atomic():
        SectorDepartment.objects.create(
            sector=row.sector, department=row.department, role=row.role, order=99, valid_from=D("2026-01-01")
        )


# --- law -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("on", "version"),
    [
        ("2021-03-29", "XX-FREQ-2021"),
        ("2025-01-02", "XX-FREQ-2021"),
        ("2025-01-03", "XX-FREQ-2025"),
        ("2026-11-23", "XX-FREQ-2025"),
    ],
)
def test_a_record_is_judged_by_the_version_in_force_on_its_day(on, version):
    assert law.in_force("frequencies", D(on)).version == version


def test_a_day_before_the_first_version_has_no_rule():
    with pytest.raises(Problem) as refused:
        law.in_force("frequencies", D("2021-03-28"))
    assert refused.value.kind.code == "no_rule"


def test_a_kind_with_several_codes_must_be_requested_with_a_code():
    with pytest.raises(ValueError, match="several codes"):
        law.in_force("checklist", D("2026-11-23"))


def test_a_year_without_targets_uses_the_last_ones():
    assert law.targets(2026).body["year"] == 2021


@pytest.mark.parametrize(
    ("sector", "code"),
    [
        ("coal_mine", "coal_mine"),
        ("special_equipment", "general"),
        ("hazardous_waste", "hazardous_waste"),
        ("other", "general"),
    ],
)
def test_a_sector_without_its_own_checklist_uses_the_general_one(sector, code):
    assert law.checklist(sector, D("2026-11-23")).code == code


def test_reading_the_law_again_takes_no_query(django_assert_num_queries):
    law.in_force("targets", D("2026-11-23"))
    with django_assert_num_queries(0):
        law.in_force("supervision_scheme", D("2026-11-23"))
        law.checklist("coal_mine", D("2026-11-23"))
        law.working_days_after(D("2026-11-23"), 10)


def test_a_load_by_another_process_is_seen_after_the_next_check(monkeypatch, folder):
    ours = law.books()
    edit(folder / "targets" / "2021.toml", "target = 85", "target = 80")
    actions.load(files.read(folder), by=SYSTEM, on=D("2026-11-23"), replace=True)
    monkeypatch.setattr(law, "_books", ours)
    assert law.targets(2026).body["village"]["target"] == 85
    monkeypatch.setattr(law, "CHECK_EVERY", -1.0)
    assert law.targets(2026).body["village"]["target"] == 80


@pytest.mark.parametrize(
    ("on", "number"),
    [("2025-10-31", "GB 35181-2017"), ("2025-11-01", "GB 35181-2025")],
)
def test_the_fire_hazard_standard_is_the_one_in_force_on_the_day(on, number):
    assert [each["number"] for each in law.hazard_standards(D(on), "fire_safety")] == [number]
