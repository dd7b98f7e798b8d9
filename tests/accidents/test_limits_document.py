"""The lines of the documents of limits, as they are carried out: who tells whom, in how many minutes, by which way."""

from accidents.rules import investigation, read_grades, reporting
from tests import law

LINES = [  # leg, who tells, whom, minutes, only by, a reminder only
    ("R1", "enterprise", "county", 60, "", False),
    ("R1", "enterprise", "department", 60, "", False),
    ("R2", "township", "county", 120, "", False),
    ("R2", "county", "government", 120, "", False),
    ("R2", "county", "city", 120, "", False),
    ("R2", "city", "province", 120, "", False),
    ("R2", "province", "state", 120, "", False),
    ("R3", "county", "organs", 120, "", False),
    ("R4", "county", "province", 60, "telephone", False),
    ("L1", "enterprise", "county", 30, "telephone", True),
    ("L2", "enterprise", "county", 60, "written", True),
    ("L3", "enterprise", "township", 30, "telephone", True),
    ("L4", "township", "county", 30, "telephone", True),
    ("R2", "county", "mine_safety", 120, "", False),
    ("S1", "county", "statistics", 24 * 60, "", True),
    ("S2", "county", "statistics", 7 * 24 * 60, "", True),
]


def limits(**changes):
    sent = {**law.body("report_limits"), **law.body("report_desk"), "statistics": law.body("statistics_entry")}
    return reporting.read_limits({**sent, **changes})


def test_every_line_of_the_documents_is_carried_out():
    lines = limits().lines
    assert [(each.code, each.level, each.to, each.minutes, each.channel, each.warning) for each in lines] == LINES
    quick = {"larger", "major", "extra_major"}
    assert {each.code: each.grades for each in lines if each.grades} == {"R4": quick}


def test_the_rest_of_the_documents_is_read_as_it_stands():
    risk = {"endangered_from": 11, "trapped_or_missing_from": 4, "evacuated_from": 501}
    read = limits(
        serious_risk_event=risk, twins={"hours": 5, "metres": 900}, app_report_counts=False, coal_mine_also="mines"
    )
    assert read.risk == reporting.RiskLimits(endangered=11, trapped_or_missing=4, evacuated=501)
    assert (read.duplicate_hours, read.duplicate_metres, read.app_counts, read.coal_mine_also) == (
        5,
        900,
        False,
        "mines",
    )
    assert ("R2", "county", "mines") in {(each.code, each.level, each.to) for each in read.lines}
    assert read.times_per_day == {"general": 1, "larger": 1, "major": 2, "extra_major": 2, "serious_risk_event": 1}
    assert read.highest == {"general": "city", "larger": "province", "major": "state", "extra_major": "state"}
    assert [(each.code, each.minutes, each.to) for each in read.stages] == [
        ("before", -15, "owing"), ("overdue", 0, "receiving"), ("escalated", 30, "leaders"),
    ]  # fmt: skip


def test_the_days_of_an_investigation_are_the_documents():
    assert investigation.read_terms({**law.body("investigation"), "report_days": 45}).report_days == 45


def test_whether_the_missing_count_as_dead_is_what_the_document_says():
    table = law.body("accident_grades")
    assert [read_grades(table | {"missing_counts_as_death": each}).missing_counts_as_death for each in (True, False)] == [True, False]
