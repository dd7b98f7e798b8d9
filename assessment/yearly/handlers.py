"""What accidents do to vetoes and to the list of the next year. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from accidents.models import Accident
from assessment.yearly import key_patrol, vetoes
from geo.codes import whole
from safety_api.outbox import handles


@handles("accident.changed")
def on_accident_changed(payload: dict[str, Any]) -> None:
    accident = UUID(payload["accident"])
    vetoes.follow([accident])
    row = Accident.objects.filter(pk=accident).values_list("region_code", "occurred_at").first()
    if row is not None:
        region, occurred_at = row
        key_patrol.follow(whole(region[:6]), timezone.localdate(occurred_at).year)
