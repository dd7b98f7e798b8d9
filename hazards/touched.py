"""What of hazards a load touches: open ones keep the text of the day on which they were found, or of the step that was taken."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from hazards.models import Hazard
from hazards.querysets import HazardQuerySet
from hazards.states import Origin
from reference import law
from reference.criteria import editions
from safety_api.days import midnight
from safety_api.loads import Touch, touched_by


@touched_by("deadlines", "hazard_steps", "reminders", "confirmation_reminders")
def open_hazards(touch: Touch) -> str:
    count = Hazard.objects.open().count()
    return f"隐患：未销号 {count} 项，期限按原规定，此后的步骤和提醒自 {touch.since} 起按新规定" if count else ""


@touched_by("self_reported")
def self_reported(touch: Touch) -> str:
    count = Hazard.objects.open().filter(origin=Origin.SELF, found_at__gte=midnight(touch.since)).count()
    return f"隐患：{touch.since} 以来企业自查、未销号 {count} 项，是否不予处罚重新标明" if count else ""


@touched_by("hazard_standards")
def judged_by_standards(touch: Touch) -> str:
    return judged(touch, [each.code for each in law.sectors()])


@touched_by("criteria")
def judged_by_editions(touch: Touch) -> str:
    of_sectors = {code for each in editions.every() if each.series in touch.codes for code in each.body["sectors"]}
    return judged(touch, sorted(of_sectors))


def judged(touch: Touch, sectors: Iterable[str]) -> str:
    """Of these sectors: open ones, and those found since the first day, which were judged by the former text."""
    rows = Hazard.objects.reported().major().filter(sector__in=sectors)
    opened, since = _by_sector(rows.open()), _by_sector(rows.filter(found_at__gte=midnight(touch.since)))
    said = f"重大隐患：未销号 {opened or '无'}；{touch.since} 以来发现、按原判定标准认定的 {since or '无'}"
    return said if opened or since else ""


def _by_sector(rows: HazardQuerySet) -> str:
    found = rows.order_by().values_list("sector").annotate(number=Count("pk"))
    return "、".join(f"{law.sector(code).name} {number} 项" for code, number in sorted(found))
