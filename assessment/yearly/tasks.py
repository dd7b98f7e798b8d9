"""January: last year's sheets are drafted and this year's key-patrol list is proposed, in every county on the list."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from assessment.yearly import key_patrol, sheets, vetoes
from geo.models import Region


@shared_task
def draft_the_year(year: int | None = None) -> int:
    """`year`: the one judged; last year when none is given. Every day of January, safe to repeat: what a message lost, or a
    county entered late, is caught up. Returns how many sheets are new.
    """
    judged = year or timezone.localdate().year - 1
    vetoes.follow_year(judged)
    drafted = 0
    for county in counties():
        drafted += len(sheets.draft(county, judged))
        key_patrol.open_list(county, judged + 1)
    return drafted


def counties() -> list[str]:
    """Those of whose townships we know any."""
    today = timezone.localdate()
    towns = Region.objects.on(today).filter(level="township").values_list("parent", flat=True).distinct()
    return sorted(code for code in towns.order_by("parent") if code)
