"""The verb by which an accident is charged or let off on paper; the figures follow in its transaction."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accidents.models import Accident
from accidents.places import check_day, listed, unit_named
from accidents.reports.locking import locked_open
from accidents.reports.settling import settle
from safety_api.actors import Actor
from safety_api.writing import Fresh
from zero_accident.choices import Charged, Effect
from zero_accident.models import AttributionOverride


@transaction.atomic
def override(
    accident_id: UUID, *, by: Actor, subject: str, effect: str, reason: str, document: str, approved_by: str,
    village: str | None = None, enterprise: UUID | None = None, on: date | None = None, fresh: Fresh = None,
) -> Accident:  # fmt: skip
    """认定变更: charges or lets off a village or a unit, or leaves the whole accident out of “零事故”; replaces an
    earlier one about the same.

    Raises UNKNOWN_REGION, UNKNOWN_ENTERPRISE, BEFORE_THE_ACCIDENT and what `locked_open` raises.
    """
    accident = locked_open(accident_id, by, fresh, "override")
    check_day(on, accident.occurred_at)
    code, unit = "", None
    if subject == Charged.VILLAGE:
        code = listed(village or "", accident.occurred_at, by, levels=("village",), pointer="/village")
    if subject == Charged.UNIT:
        unit = unit_named(by, accident.occurred_at, enterprise)
    now = timezone.now()
    same = Q(subject=subject, village=code, enterprise=unit)
    if subject == Charged.VILLAGE and effect == Effect.CHARGE:
        same |= Q(subject=subject, effect=effect)  # an accident has one village only
    accident.overrides.known().filter(same).update(known_to=now)
    AttributionOverride.objects.create(
        accident=accident, subject=subject, village=code, enterprise_id=unit, effect=effect, reason=reason,
        document=document, approved_by=approved_by, held_on=on or timezone.localdate(), by_id=by.pk, known_from=now,
    )  # fmt: skip
    settle(
        accident, "accident.override", by=by, reason=f"认定变更：{reason}", subject=subject, village=code,
        enterprise=str(unit or ""), effect=effect, document=document,
    )  # fmt: skip
    return accident
