"""时间: no visit is refused for its times; what was stated stays, what counts is said, and lists go by it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from hazards.models import Hazard
from inspections.models import Inspection
from tests.cast.hazards import in_days
from tests.cast.people import MINE
from tests.cast.units import mine
from tests.cast.visits import ALONE, a_finding, a_visit

pytestmark = pytest.mark.django_db
AS_TOLD_TODAY = True
KEY, OTHER = (f"7a2f6c39-5b44-4be5-9a38-6f3f1f1c00{n}1" for n in (0, 2))
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def unit(db):
    return mine()


def put(client, key=KEY, **fields):
    body = {**a_visit(None, **fields), "enterprise": str(MINE)}
    return client.put(f"/api/v1/inspections/{key}", body, format="json")


def stated(started: datetime, clock: datetime | None = None, **fields) -> dict:
    """A visit of an hour as a phone states it; `clock` is what its clock shows when it sends."""
    device = {"device": {"clock": clock.isoformat()} if clock else {}}
    return {"started_at": started.isoformat(), "finished_at": (started + HOUR).isoformat(), **device, **fields}


def moments() -> dict[str, tuple[dict, str]]:
    """What phones state, and the remark."""
    now = timezone.now()
    return {
        "a clock that was never set": (stated(datetime(1970, 1, 1, tzinfo=now.tzinfo), datetime(1970, 1, 1, 2, tzinfo=now.tzinfo)), "clock_shifted"),
        "1970 without a clock": (stated(datetime(1970, 1, 1, tzinfo=now.tzinfo)), "told_long_ago"),
        "2036": (stated(datetime(2036, 1, 1, tzinfo=now.tzinfo)), "in_the_future"),
        "2036 by its clock": (stated(datetime(2036, 1, 1, tzinfo=now.tzinfo), datetime(2036, 1, 1, 2, tzinfo=now.tzinfo)), "clock_shifted"),
        "six weeks late": (stated(now - timedelta(days=45), now), "told_long_ago"),
        "four days late without a clock": (stated(now - timedelta(days=4)), "told_long_ago"),
        "the end before the start": (stated(now - 2 * HOUR, now, finished_at=(now - 3 * HOUR).isoformat()), "ends_before_start"),
        "a century ago": (stated(now - HOUR, now, started_at="1900-01-01T00:00:00Z"), "told_long_ago"),
        "a time that was never set": (stated(now - HOUR, now, started_at="0001-01-01T00:00:00Z"), "told_long_ago"),
        "the year 10000": (stated(now - HOUR, now, finished_at="9999-12-31T23:59:59Z"), "in_the_future"),
        "the last day of all": (stated(now - HOUR, now, finished_at="9999-12-31T23:59:59+08:00"), "in_the_future"),
    }  # fmt: skip


@pytest.mark.parametrize("case", sorted(moments()))
def test_a_visit_is_never_refused_for_its_times(as_, case):
    sent, remark = moments()[case]
    before, answer, after = timezone.now(), put(as_("inspector"), **sent), timezone.now()
    assert answer.status_code == 201, answer.json()
    assert remark in answer.json()["warnings"]
    visit = Inspection.objects.get()
    assert before - timedelta(days=30) <= visit.started_at <= visit.finished_at <= after
    assert Hazard.objects.get().found_at == visit.started_at


def test_a_visit_shows_its_times_as_stated_and_what_counts(as_):
    clock = timezone.now() - timedelta(days=2)
    sent = stated(clock - HOUR, clock)
    body = put(as_("inspector"), **sent).json()
    assert datetime.fromisoformat(body["started_at"]) == clock - HOUR
    assert abs(body["clock_skew"] - 2 * 86400) < 60
    assert abs(datetime.fromisoformat(body["counts_at"]) - (timezone.now() - HOUR)) < timedelta(minutes=1)
    listed = as_("bureau").get("/api/v1/inspections").json()["results"][0]
    assert (listed["started_at"], listed["counts_at"]) == (body["started_at"], body["counts_at"])
    assert (
        put(as_("inspector"), **stated(clock - HOUR, timezone.now())).status_code == 200
    )  # the clock is outside the fingerprint


def test_a_plausible_visit_counts_as_stated_up_to_thirty_days_back(as_):
    started = timezone.now() - timedelta(days=29)
    body = put(as_("inspector"), **stated(started, timezone.now(), hazards=[])).json()
    assert body["counts_at"] is None and set(body["warnings"]) - ALONE == {"sent_late"}
    assert Inspection.objects.get().started_at == started


def test_a_visit_of_2036_leads_no_list(as_):
    phone, now = as_("inspector"), timezone.now()
    put(phone, **stated(datetime(2036, 1, 1, tzinfo=now.tzinfo), hazards=[a_finding(deadline="2036-01-08")]))
    put(phone, OTHER, **stated(timezone.now(), timezone.now(), hazards=[a_finding(OTHER, deadline=in_days(7))]))
    rows = [row["id"] for row in phone.get("/api/v1/inspections").json()["results"]]
    assert rows == [OTHER, KEY]
    assert [row["inspection"] for row in phone.get("/api/v1/hazards").json()["results"]] == [OTHER, KEY]
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    assert phone.get("/api/v1/inspections", {"started_from": tomorrow}).json()["results"] == []


DEADLINES = {  # what a phone states of finding and deadline; the deadline that stands, in days; remark
    "2036, counted by its own calendar": ("2036-01-01", "2036-01-08", 7, "deadline_moved"),
    "2036, but its owner knew the day": ("2036-01-01", 5, 5, None),
    "1970, nobody named one": ("1970-01-01", None, 7, None),
    "1970, counted by its own calendar": ("1970-01-01", "1970-01-15", 14, "deadline_moved"),
    "a slip of the finger": (None, "2020-01-01", 7, "deadline_not_credible"),
}


@pytest.mark.parametrize("found, deadline, days, remark", DEADLINES.values(), ids=DEADLINES)
def test_a_deadline_set_on_such_a_phone_is_kept_and_never_stands_in_the_past(as_, found, deadline, days, remark):
    started = datetime.fromisoformat(f"{found}T09:00:00+08:00") if found else timezone.now()
    named = in_days(deadline) if isinstance(deadline, int) else deadline
    answer = put(as_("inspector"), **stated(started, hazards=[a_finding(deadline=named)]))
    assert answer.status_code == 201, answer.json()
    hazard = answer.json()["hazards"][0]
    assert (hazard["deadline"], hazard["overdue"]) == (in_days(days), False)
    assert (remark is None) or remark in hazard["warnings"]
    shown = as_("bureau").get(f"/api/v1/hazards/{hazard['id']}").json()
    assert shown["deadline_told"] == (named if remark else None)
