"""What of units a load touches: what is required of those in business."""

from __future__ import annotations

from enterprises.kinds import Status
from enterprises.models import Enterprise, Insurance, StandardizationCertificate, StatedFact
from safety_api.loads import Touch, touched_by


@touched_by("unit_duties", "standardization", "plan_duties")
def units_in_business(touch: Touch) -> str:
    count = Enterprise.objects.exclude(status=Status.CLOSED).count()
    return f"单位：{count} 家未关闭的单位自 {touch.since} 起按新的要求" if count else ""


@touched_by("insurance_limits")
def policies(touch: Touch) -> str:
    count = Insurance.objects.known().filter(held_from__gte=touch.since).count()
    return f"安责险：自 {touch.since} 起的保单 {count} 份按新的限额判断" if count else ""


@touched_by("special_operations", "standardization_editions")
def certificates(touch: Touch) -> str:
    operations = StatedFact.objects.known().filter(kind="special_operation", held_from__gte=touch.since).count()
    levels = StandardizationCertificate.objects.known().filter(held_from__gte=touch.since).count()
    said = f"证书：自 {touch.since} 起发的特种作业证 {operations} 份、标准化证书 {levels} 份属新的版本"
    return said if operations or levels else ""
