"""What a unit found and reported itself and removes effectively is marked and warned of, and no step is barred by it (晋政发〔2026〕1号)."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace as Row
from zoneinfo import ZoneInfo

import pytest

from enforcement.models import Case
from hazards.leniency import is_removed_effectively, no_penalty
from safety_api.models import TrailLine
from tests.cast.enforcement import HAZARD, a_major, done, post
from tests.cast.hazards import in_days
from tests.cast.units import mine

TODAY = date(2026, 11, 30)
BASIS = "晋政发〔2026〕1号"


def found(on="2026-11-20", **fields):
    """A hazard as a row of a list has it."""
    known = {
        "origin": "self", "state": "rectifying", "due_on": date(2026, 12, 5), "overdue_since": None, "review_requested_on": None,
        "closed_on": None, "recurrence_of_id": None, "repeat_of_id": None,
        "found_at": datetime.fromisoformat(f"{on}T10:00:00").replace(tzinfo=ZoneInfo("Asia/Shanghai")),
    }  # fmt: skip
    return Row(**{**known, **fields})


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ({}, True),
        ({"due_on": TODAY}, True),  # the last day is in time
        ({"due_on": date(2026, 11, 29)}, False),
        ({"due_on": date(2026, 11, 29), "state": "review_requested", "review_requested_on": date(2026, 11, 28)}, True),
        ({"due_on": None}, False),  # without a term nothing is in time
        ({"overdue_since": date(2026, 11, 25)}, False),  # late once, whatever was granted since
        ({"state": "closed", "due_on": date(2026, 11, 25), "closed_on": date(2026, 11, 24)}, True),
        ({"state": "enforcement"}, True),
        ({"state": "reported"}, True),
        ({"state": "rejected"}, False),
        ({"state": "void"}, False),
        ({"state": "draft"}, False),
        ({"repeat_of_id": 1}, False),
        ({"recurrence_of_id": 1}, False),
    ],
)
def test_effectively_removed_is_in_time_never_late_and_not_found_again(fields, marked):
    assert is_removed_effectively(found(**fields), on=TODAY) is marked


@pytest.mark.parametrize(
    ("on", "origin", "marked"),
    [
        ("2025-12-31", "self", False), ("2026-01-01", "self", True),
        ("2026-11-20", "inspection", False), ("2026-11-20", "village", False), ("2026-11-20", "patrol", False),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_only_what_the_unit_found_itself_is_marked_by_the_text_of_its_day(on, origin, marked):
    shown = no_penalty(found(on, origin=origin), on=TODAY)
    assert (shown["basis"] if shown else None) == (BASIS if marked else None)


@pytest.mark.parametrize(("origin", "due", "basis"), [("self", 5, BASIS), ("inspection", 5, None), ("self", -1, None)])
@pytest.mark.django_db
def test_the_mark_stands_at_the_hazard_the_step_and_the_case_and_bars_nothing(as_, origin, due, basis):
    hazard = a_major(mine(), level="general", origin=origin, loop="county", due_on=in_days(due))
    chief = as_("chief")

    def mark(shown):
        return shown["no_penalty"] and shown["no_penalty"]["basis"]

    assert mark(done(chief.get(f"/api/v1/hazards/{HAZARD}"))) == basis
    [listed] = chief.get("/api/v1/hazards").json()["results"]
    assert mark(listed) == basis
    reason = "overdue" if due < 0 else "refusal"
    assert mark(done(post(chief, f"hazards/{HAZARD}/enforce", reason=reason, note="拒不整改"))) == basis
    case = Case.objects.get(hazard=hazard)
    assert mark(done(as_("department").get(f"/api/v1/cases/{case.pk}"))) == basis
    assert TrailLine.objects.get(verb="case.open").details.get("no_penalty") == basis
    fined = post(
        as_("department"), f"cases/{case.pk}/decide", outcome="penalty", penalties=["fine"], document="罚〔2026〕8号", amount_yuan="20000.00"
    )
    assert (done(fined)["state"], mark(fined.json())) == ("penalized", basis)
