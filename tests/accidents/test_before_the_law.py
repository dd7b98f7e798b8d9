"""An accident older than the first law in force is kept, and counts nowhere; its messages are done, not tried again."""

from __future__ import annotations

import pytest

from accidents.models import Accident, QuickReport
from accidents.reports import deciding
from enterprises.models import Enterprise
from safety_api import outbox
from safety_api.models import OutboxMessage
from supervision import facts
from tests.cast.accidents import at, bureau, key, occurring, report_accident, url
from tests.cast.units import mine
from zero_accident.models import AccidentEffect, Broken

pytestmark = pytest.mark.django_db

# No law at all; grades, but no limits of reports; limits, but no form of a quick report; all but the county's own notice.
OLD_YEARS = (1998, 2008, 2012, 2018)


@pytest.mark.parametrize("year", OLD_YEARS)
def test_an_accident_older_than_the_law_is_kept_and_its_messages_are_done(as_, year):
    report_accident(1, occurred_at=at(5, 1, year=year), units=occurring(mine()))
    outbox.drain()
    assert not OutboxMessage.objects.exists()
    assert as_("bureau").get(url()).json()["occurred_at"].startswith(str(year))
    assert not (Broken.objects.exists() or AccidentEffect.objects.exists() or QuickReport.objects.exists())


def test_an_accident_older_than_any_law_is_in_no_statistics_and_no_class():
    unit = mine()
    report_accident(1, occurred_at=at(5, 1, year=1998), units=occurring(unit))
    deciding.decide(key(1), by=bureau(), nature="production", units=occurring_ids(unit))
    old = Accident.objects.get()
    assert (old.in_statistics, old.deaths, old.legs.count()) == (False, 1, 0)
    assert facts.gather([unit.pk], at(11, 30, year=2026).date())[unit.pk]["months_since_fatal"] is None


def occurring_ids(unit: Enterprise) -> list[dict]:
    return [{"enterprise": unit.pk, "role": "occurring", "responsible": True}]


@pytest.mark.parametrize("year", OLD_YEARS)
def test_further_reports_of_an_accident_older_than_the_law_are_taken(as_, year):
    report_accident(1, occurred_at=at(5, 1, year=year))
    sent = {"kind": "supplement", "deaths": 2, "held_at": at(5, 3, year=year).isoformat()}
    assert as_("bureau").post(url(1, "reports"), sent, format="json").status_code == 201
    outbox.drain()
    assert not OutboxMessage.objects.exists()
