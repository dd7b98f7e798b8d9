"""A year whose holidays are not announced: dates counted over it say so, and its notice moves the open ones."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from enforcement.models import Handover
from hazards.models import Extension
from reference import law
from reference.models import Holiday
from reference.watching import holidays_missing
from safety_api.models import TrailLine
from tests.cast.enforcement import a_major, done, post
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
SENT = {"problem": "许可证过期仍在经营", "licence_kind": "work_safety", "sent_on": "2025-12-29"}


@pytest.fixture(autouse=True)
def law_cache_cleared():
    yield
    law.forget()


@pytest.fixture
def year_unannounced():
    """2026 as it was before its notice."""
    Holiday.objects.filter(day__year=2026).delete()
    law.forget()


def load() -> str:
    out = StringIO()
    call_command("load_reference", stdout=out)
    return out.getvalue()


def handed_over(as_, **fields) -> dict:
    return done(post(as_("bureau"), "handovers", **SENT | fields, hazard=str(a_major(mine()).pk)), 201)


def test_a_date_counted_over_a_year_not_announced_is_provisional(as_, year_unannounced):
    sent = handed_over(as_)
    assert (sent["answer_due_on"], sent["provisional"]) == ("2026-01-12", ["answer_due_on"])


@pytest.mark.parametrize("sent_on", ["2025-12-01", "2025-12-15"])
def test_a_date_within_years_announced_is_not_provisional(as_, year_unannounced, sent_on):
    assert handed_over(as_, sent_on=sent_on)["provisional"] == []


def test_loading_the_year_moves_open_dates_and_lists_them(as_, year_unannounced):
    sent = handed_over(as_)
    said = load()
    row = Handover.objects.get()
    assert row.answer_due_on == date(2026, 1, 13)  # 1–3 January off, Sunday the 4th worked
    assert f"{row.pk} 答复期限：2026-01-12 → 2026-01-13" in said
    line = TrailLine.objects.get(verb="handover.date_moved")
    assert (line.object_id, line.details["before"], line.details["after"]) == (sent["id"], "2026-01-12", "2026-01-13")
    assert line.details["reason"] == "节假日安排公布"
    shown = done(as_("bureau").get(f"/api/v1/handovers/{sent['id']}"))
    assert (shown["answer_due_on"], shown["provisional"]) == ("2026-01-13", [])
    assert load().count("→") == 0


def test_an_answered_date_is_not_moved_by_the_notice(as_, year_unannounced):
    handed_over(as_)
    Handover.objects.update(state="answered", answered_on=date(2026, 1, 5))
    load()
    assert Handover.objects.get().answer_due_on == date(2026, 1, 12)


def test_the_answer_to_an_extension_of_a_listed_hazard_follows_the_notice(as_, year_unannounced):
    hazard = a_major(mine(), listed_level="county")
    asked = {
        "reason": "设备未到货",
        "interim_measures": "停用该设备",
        "old_due_on": "2026-01-05",
        "new_due_on": "2026-02-05",
    }
    row = Extension.objects.create(
        hazard=hazard,
        asked_at="2025-12-29T10:00:00+08:00",
        asked_by=hazard.reported_by,
        answer_due_on="2026-01-12",
        **asked,
    )
    address = f"/api/v1/hazards/{hazard.pk}/extensions"
    assert as_("bureau").get(address).json()[0]["provisional"] == ["answer_due_on"]
    load()
    row.refresh_from_db()
    assert row.answer_due_on == date(2026, 1, 13)
    assert as_("bureau").get(address).json()[0]["provisional"] == []


@pytest.mark.parametrize(
    ("today", "years"),
    [
        ("2026-10-31", []),
        ("2026-11-01", [2027]),
        ("2026-12-31", [2027]),
        ("2027-01-01", [2027]),
        ("2027-10-31", [2027]),
        ("2027-11-01", [2027, 2028]),
        ("2025-11-01", []),
    ],
)
def test_the_operator_is_warned_of_a_year_without_holidays_from_november(today, years):
    assert [int(said[:4]) for said in holidays_missing(date.fromisoformat(today))] == years


def test_readyz_is_degraded_by_name_while_a_year_lacks_its_holidays(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 1))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    said = {each["name"]: each["says"] for each in answer.json()["degraded"]}
    assert answer.json()["status"] == "degraded"
    assert said["holidays_missing"] == answer.json()["warnings"][0]
    assert said["holidays_missing"].startswith("2027 年节假日安排尚未装入")
