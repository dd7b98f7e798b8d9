"""What the four machines of before wrote, and what a release of yesterday still writes, stands in the inbox."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from accidents.models import Reminder as ReportReminder
from accidents.models import ReportLeg
from hazards.models import Reminder, ReminderSeen
from inbox.models import Address, Message, Seen
from tests.accidents.test_duty_desk import a_call, put, recent_accident
from tests.cast.accidents import at
from tests.cast.units import mine
from tests.hazards.test_clocks import a_hazard
from zero_accident.models import TownshipNotice

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 11)


def a_reminder(hazard, level: str, audience: str, for_day: date = DAY) -> Reminder:
    return Reminder.objects.create(
        hazard=hazard, kind="overdue", name="逾期未整改", level=level, audience=audience, for_day=for_day, deadline=date(2026, 3, 10),
        region_code=hazard.region_code, sector_id=hazard.sector_id, department_id=hazard.department_id, enterprise=hazard.enterprise,
        made_at=at(3, 11),
    )  # fmt: skip


def run_again(app: str) -> None:
    (path,) = (Path(settings.BASE_DIR) / app / "migrations").glob("*_in_the_inbox.py")
    with connection.cursor() as cursor:
        for statement in import_module(f"{app}.migrations.{path.stem}").Migration.operations[1].sql:
            cursor.execute(statement)


AUDIENCES = [
    ("unit", "unit", {"enterprise", "principal"}), ("officer", "township", {"township"}), ("leader", "township_leader", {"leader"}),
    ("officer", "department", {"inspector", "department", "chief", "bureau"}), ("leader", "department_leader", {"chief"}),
    ("county", "county", {"bureau", "committee"}),
]  # fmt: skip


@pytest.mark.parametrize("level, audience, expected", AUDIENCES)
def test_a_reminder_written_by_yesterday_s_code_is_read_by_the_same_people(as_, level, audience, expected):
    a_reminder(a_hazard(1, "ordered", date(2026, 3, 10), enterprise=mine()), level, audience)
    everybody = (
        "inspector",
        "inspector2",
        "township",
        "leader",
        "department",
        "chief",
        "bureau",
        "committee",
        "enterprise",
        "principal",
    )
    rows = {who: as_(who).get("/api/v1/reminders").json()["results"] for who in everybody}
    assert {who for who, found in rows.items() if found} == expected
    shown = rows[min(expected)][0]
    assert (shown["text"], shown["level"], shown["for_day"]) == ("逾期未整改：已过 1 天", level, "2026-03-11")


def test_a_mark_of_yesterday_s_code_is_kept_with_its_time_and_name(people):
    reminder = a_reminder(a_hazard(1, "ordered", date(2026, 3, 10)), "officer", "department")
    ReminderSeen.objects.create(reminder=reminder, user=people["inspector"], seen_at=at(3, 12))
    seen = Seen.objects.get()
    assert (seen.user_id, seen.name, seen.seen_at) == (people["inspector"].pk, people["inspector"].name, at(3, 12))


def test_of_old_reminders_only_the_newest_of_an_open_hazard_is_still_to_be_seen_to():
    hazard, closed = a_hazard(1, "ordered", date(2026, 3, 10)), a_hazard(2, "closed", date(2026, 3, 10), closed_on=DAY)
    for each, days in ((hazard, (11, 12)), (closed, (11,))):
        for day in days:
            a_reminder(each, "officer", "department", date(2026, 3, day))
    assert [each.day.day for each in Message.objects.open()] == [12]
    assert set(Address.objects.filter(is_open=True).values_list("message__day", flat=True)) == {date(2026, 3, 12)}


def test_a_reminder_of_a_report_and_its_mark_stand_in_the_inbox(as_, people):
    put(as_("duty"), recent_accident(call=a_call(80)))
    leg = ReportLeg.objects.filter(level="enterprise", sent_at=None).order_by("id").first()
    old = ReportReminder.objects.create(
        leg=leg, stage="overdue", roles=["duty_officer", "enterprise_officer"], made_at=at(3, 11)
    )
    (row,) = as_("enterprise").get("/api/v1/report-reminders").json()["results"]
    assert (row["leg"], row["stage"], row["seen_at"]) == (leg.pk, "overdue", None)
    assert [each["id"] for each in as_("duty").get("/api/v1/report-reminders").json()["results"]] == [row["id"]]
    assert as_("inspector2").get("/api/v1/report-reminders").json()["results"] == []
    old.seen_at, old.seen_by, old.seen_name = at(3, 12), people["enterprise"].pk, "陈矿"
    old.save()
    assert as_("duty").get("/api/v1/report-reminders").json()["results"][0]["seen_name"] == "陈矿"


def test_a_notice_to_a_township_and_its_mark_stand_in_the_inbox(as_, people):
    TownshipNotice.objects.create(
        township="141123100000", policy="ZA-2021-1", year=2026, revision=3, kind="rank", better=False, rank_before=1, rank_after=5,
        sentence="零事故排名由第1名下降到第5名。", made_at=at(3, 11), seen_at=at(3, 12), seen_by=people["leader"].pk, seen_name="钱镇",
    )  # fmt: skip
    (row,) = as_("leader").get("/api/v1/zero-accident/notices").json()["results"]
    assert (row["rank_before"], row["rank_after"], row["better"], row["seen_name"]) == (1, 5, False, "钱镇")
    assert as_("township").get("/api/v1/inbox").json()["results"] == []  # one of the post has taken note
    assert len(as_("township").get("/api/v1/inbox?done=true").json()["results"]) == 1


def test_moving_may_be_run_again_and_changes_nothing(as_, people):
    a_reminder(a_hazard(1, "ordered", date(2026, 3, 10)), "officer", "department")
    before = (Message.objects.count(), Address.objects.count())
    for app in ("hazards", "accidents", "zero_accident"):
        run_again(app)
    assert (Message.objects.count(), Address.objects.count()) == before
