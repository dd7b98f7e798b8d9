"""Who may be picked as companion, officer or assignee: people of the offices whose jurisdiction meets one's own.

Village safety officers are among them: they come along and patrol. A unit's people are not: they are who is inspected; nor are the
three administrators, who have no part in business.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import CharField, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject, RPad

from accounts.models import Certificate, User
from enterprises.models import Enterprise
from geo.models import Region
from safety_api.permissions import coded, significant
from safety_api.roles import ADMINS, ENFORCING, ENTERPRISE, INSPECTING, OFFICE, Role

COMPANION, OFFICER, ASSIGNEE = "companion", "officer", "assignee"
CAN = {COMPANION: "同行人员", OFFICER: "执法人员（当日持有效执法证）", ASSIGNEE: "检查任务的承办人"}
MAKES_VISITS = INSPECTING - ENTERPRISE
GROUPS = (2, 4, 6, 9, 12)  # digits of a place's levels
ORGANS = {  # of whom no department is written down
    Role.TOWNSHIP_OFFICER: "{place}人民政府",
    Role.TOWNSHIP_LEADER: "{place}人民政府",
    Role.BUREAU_OFFICER: "应急管理局",
    Role.COMMITTEE_OFFICER: "安委会办公室",
    Role.DUTY_OFFICER: "应急管理局值班室",
}


def people_for(user: Any, *, on: date) -> QuerySet:
    """With the organ's name and the certificate of that day; one statement."""
    rows = User.objects.filter(is_active=True, role__in=OFFICE)
    if user.role in ADMINS or not user.region:
        return rows.none()
    shared = meeting(user.region)
    if user.department_id:
        shared |= Q(department=user.department_id)
    return _described(rows.filter(shared), on)


def _described(rows: QuerySet, on: date) -> QuerySet:
    valid = Certificate.objects.valid(on=on).filter(user=OuterRef("pk")).order_by("-valid_to", "-pk")
    shown = JSONObject(number="number", issued_by="issued_by", valid_from="valid_from", valid_to="valid_to")
    whole = RPad(Cast(OuterRef("region"), CharField()), 12, Value("0"))
    return rows.annotate(
        department_name=F("department__name"),
        place_name=Subquery(Region.objects.filter(code=whole).values("name")[:1]),
        certificate=Subquery(valid.annotate(shown=shown).values("shown")[:1], output_field=JSONField()),
    )


def meeting(region: str) -> Q:
    """Whose jurisdiction lies in this one, or has it within."""
    prefix = significant(region)
    return coded(prefix, "region") | Q(region__in=list(_above(prefix)))


def reaching(unit: Enterprise) -> Q:
    """Whose jurisdiction a unit lies in, by place and sector."""
    sectors = Q(sectors=[]) | Q(sectors__contains=[unit.sector_id])
    return Q(region__in=list(_above(unit.region_code))) & sectors


def _above(prefix: str) -> Iterator[str]:
    return (prefix[:size] for size in GROUPS if size <= len(prefix))


def who_can(what: str) -> Q:
    return {
        COMPANION: Q(),
        OFFICER: Q(role__in=ENFORCING, certificate__isnull=False),
        ASSIGNEE: Q(role__in=MAKES_VISITS),
    }[what]


def can_be(person: Any) -> list[str]:
    found = [COMPANION]
    found += [OFFICER] if person.role in ENFORCING and person.certificate else []
    return found + ([ASSIGNEE] if person.role in MAKES_VISITS else [])


def organ_of(person: Any) -> str:
    if person.department_name:
        return person.department_name
    place = person.place_name or person.region
    return ORGANS.get(person.role, "{place}").format(place=place)


def named(words: str) -> Q:
    """Part of a name, of the user name, of the department's or the place's."""
    return (
        Q(name__icontains=words) | Q(username__icontains=words) | Q(department_name__icontains=words)
        | Q(place_name__icontains=words)
    )  # fmt: skip
