"""The demo's closings: the month before last signed, frozen and published in a bulletin; last month open, with a row of the
police that meets none of ours and an objection that waits for its answer. Made by the real verbs.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accidents.models import Accident
from accounts.demo import HOME, person
from assessment.closings import actions as closing
from assessment.closings.objections import actions as objections
from assessment.closings.reconciliation import actions as decisions
from assessment.closings.reconciliation.differences import reconciliation_of
from assessment.closings.rules import ListSource, rules_on
from assessment.closings.source_lists import actions as lists
from assessment.closings.words import ObjectionMatter
from assessment.models import Closing, SourceList
from geo.codes import whole
from safety_api.days import day_over, during, month_end
from safety_api.demo import COUNTY, World, builds
from safety_api.permissions import inside

OPENED_AT_NINE = timedelta(hours=9)


@builds
def build(world: World) -> None:
    """Months of this year only; in January nothing has ended yet."""
    last = world.today.month - 1
    if last > 1:
        _frozen(world, last - 1)
    if last > 0:
        _in_work(world, last)


def _frozen(world: World, month: int) -> None:
    found = _opened(world, month)
    for source in rules_on(found.last_day).sources:
        _matched(world, _list(world, source, month))
    closing.sign(found.pk, by=person(world, "committee"))
    closing.freeze(found.pk, by=person(world, "bureau"))


def _in_work(world: World, month: int) -> None:
    _opened(world, month)
    police, *_ = rules_on(date(world.year, month, 1)).sources
    _list(world, police, month, more=[_unknown_row(world, month)])
    for accident in _accidents(world, month).filter(inside(HOME))[:1]:
        objections.object_to(
            accident.pk, by=person(world, "leader"), about=ObjectionMatter.CATEGORY,
            reason="经核实，事故发生时该处已不在生产作业，请重新认定类别。", evidence=["镇政府情况说明（演示）"],
        )  # fmt: skip


def _opened(world: World, month: int) -> Closing:
    """On the first of the month after."""
    found, _ = closing.open_closing(world.year, month, by=person(world, "bureau"))
    opened_at = day_over(found.last_day) + OPENED_AT_NINE
    Closing.objects.filter(pk=found.pk).update(opened_at=opened_at)
    return found


def _list(world: World, source: ListSource, month: int, more: list[dict] | None = None) -> SourceList:
    """What the department would list of ours; a nil return where there is nothing."""
    rows = [_row(source, number, each) for number, each in enumerate(_held_by(world, source, month), start=1)]
    rows += more or []
    return lists.take_rows(
        rows, by=person(world, "bureau"), source=source.code, year=world.year, month=month, nil_return=not rows
    )


def _held_by(world: World, source: ListSource, month: int) -> list[Accident]:
    return [
        each for each in _accidents(world, month)
        if source.should_hold(category=each.category, sector=each.sector_id or "", deaths=each.deaths)
    ]  # fmt: skip


def _accidents(world: World, month: int):
    first = date(world.year, month, 1)
    rows = Accident.objects.single().exclude(stat_status="written_off").filter(inside(COUNTY))
    return rows.filter(during("occurred_at", first, month_end(first))).order_by("occurred_at", "id")


def _row(source: ListSource, number: int, accident: Accident) -> dict:
    return {
        "external_number": f"演示-{source.code}-{number:03}", "day": timezone.localdate(accident.occurred_at),
        "region": accident.region_code, "deaths": accident.deaths, "serious_injuries": accident.serious_injuries,
        "category": accident.category if accident.category in source.categories else None,
        "description": accident.description,
    }  # fmt: skip


def _unknown_row(world: World, month: int) -> dict:
    return {
        "external_number": "演示-police-999", "day": date(world.year, month, 9), "region": whole("141123103"), "deaths": 1,
        "serious_injuries": 0, "category": "Z2", "description": "两轮摩托车夜间驶出路面，驾驶人当场死亡",
    }  # fmt: skip


def _matched(world: World, of: SourceList) -> None:
    """Every row with the accident that is proposed first; what differs stands with a reason."""
    bureau = person(world, "bureau")
    for each in reconciliation_of(of.region_code, of.year, [of.month]).comparisons:
        if each.source == of.source and each.theirs and each.proposals:
            decisions.match(each.theirs.row, by=bureau, accident=each.proposals[0].accident, reason="同一起事故")
