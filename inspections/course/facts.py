"""What is known of the course of a visit when it comes: from its body, from its task, of the people named. Looked up once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Value
from django.utils import timezone

from accounts.jurisdiction import department_of, works_with
from accounts.models import Certificate, Deputy, User
from enterprises.models import Enterprise
from evidence.papers.drafting import plain
from inspections.course.rules import Approval, CourseFacts, CourseRule, assumed_type, ids_in, remarks
from inspections.models import Authority, Inspection, Task, VisitKind
from reference import bodies, law
from safety_api.actors import Actor
from safety_api.remarks import Remark
from safety_api.roles import Role

TOLD = ("approval", "notice", "scan", "certificates_shown", "record", "result")
GATHERED = ("signatures", "refusals")  # they go to the paper


class Named(NamedTuple):
    """Somebody named in a visit who works with whoever made it."""

    name: str
    role: str
    department_id: str | None
    is_leader: bool
    certified: bool = False  # holds a certificate valid on the day; asked of administrative visits


def rule_of(on: date) -> CourseRule | None:
    """None before there was one."""
    found = next(iter(law.all_in_force(on, "inspection_course")), None)
    return law.understood(CourseRule.read, found) if found else None


def named_in(body: Mapping[str, Any], by: Actor, on: date, place: str) -> dict[UUID, Named]:
    """Companions and whoever approved, of an administrative visit `by` too, in one statement; none where nobody is named. Whoever does not
    work at this place or with `by` is no more known than somebody who does not exist."""
    approver = (body.get("approval") or {}).get("approver")
    wanted = {*body["companions"], *([approver] if approver else [])} - {by.pk}
    if not wanted:
        return {}
    asked = {by.pk} if body["authority"] == Authority.ADMINISTRATIVE else set()
    return people_of(wanted | asked, by, place, certified_on=on if asked else None)


def people_of(keys: Collection[Any], by: Any, place: str, *, certified_on: date | None = None) -> dict[UUID, Named]:
    """`by`: whoever names them, or is named; the colleagues among them."""
    if not keys:
        return {}
    certified: Any = Value(False)
    if certified_on:
        certified = Exists(Certificate.objects.valid(on=certified_on).filter(user=OuterRef("pk")))
    wanted = ("name", "role", "department", "is_leader", "region", "is_active")
    rows = User.objects.filter(pk__in=keys).only(*wanted).annotate(certified=certified)
    return {
        each.pk: Named(each.name, each.role, each.department_id, each.is_leader, each.certified)
        for each in rows
        if each.pk == by.pk or works_with(each, by, place)
    }


def heads_an_office(key: UUID, people: Mapping[UUID, Named], body: str) -> bool:
    """A leader of this body, or a deputy of one meanwhile, which is asked only of somebody who is none; of an office that only coordinates
    nobody. `body` is '' where none is known."""
    found = people.get(key)
    if found is None or bodies.is_coordinating(found.department_id, timezone.localdate()):
        return False
    if body and department_of(found) != body:
        return False
    if found.is_leader or found.role == Role.TOWNSHIP_LEADER:
        return True
    return Deputy.objects.in_force(on=timezone.localdate()).filter(deputy=key).exists()


def of_companions(companions: Sequence[UUID], people: Mapping[UUID, Named], by: Actor) -> set[Remark]:
    """A visit is not refused for who came along: whoever reviews it sees that somebody named does not work here."""
    return {Remark.UNKNOWN_COMPANION} if set(companions) - {by.pk} - people.keys() else set()


def task_of(body: Mapping[str, Any], by: Actor) -> Task | None:
    """The task that the visit names, if it is this person's to make."""
    if not body["task"]:
        return None
    wanted = ("type", "source", "department", "joint_departments", "experts", "course")
    return Task.objects.visible_to(by).filter(pk=body["task"]).only("id", *wanted).first()


def set_course(
    visit: Inspection, body: Mapping[str, Any], task: Task | None, people: Mapping[UUID, Named], by: Actor
) -> None:
    """The columns of the course, from what was said and else from the task. Before 2025 nothing is assumed."""
    said = {name: body[name] for name in TOLD if name in body}
    visit.course = {**_of_task(task), **plain({name: _without_gathered(value) for name, value in said.items()})}
    if task and "approval" in task.course:
        visit.course["approval"] = _of_task(task)["approval"]  # the office knows better than the phone
    _name_approver(visit.course.get("approval"), people)
    if gathered := {name: kept for name, value in said.items() if (kept := _gathered(value))}:
        visit.course["gathered"] = plain(gathered)
    visit.source = plain(body.get("source") or (task.source if task else {}))
    visit.experts = plain(body.get("experts") or (task.experts if task else []))
    visit.department = department_of(by) or (task.department if task else "")
    visit.joint_departments = body.get("joint_departments") or _joint(visit, task, people)
    visit.type = body.get("type") or (task.type if task and task.source else "")  # without a source it was assumed


def _name_approver(said: dict[str, Any] | None, people: Mapping[UUID, Named]) -> None:
    """Papers say who approved by name; the phone may say it by the account alone."""
    if said and said.get("approver") and not said.get("approver_name"):
        found = people.get(UUID(said["approver"]))
        said["approver_name"] = found.name if found else ""


def _of_task(task: Task | None) -> dict[str, Any]:
    if task is None:
        return {}
    return {name: {**task.course[name], "task": str(task.pk)} for name in TOLD if name in task.course}


def _without_gathered(value: Any) -> Any:
    return {name: each for name, each in value.items() if name not in GATHERED} if isinstance(value, dict) else value


def _gathered(value: Any) -> dict[str, Any]:
    return {name: value[name] for name in GATHERED if value.get(name)} if isinstance(value, dict) else {}


def _joint(visit: Inspection, task: Task | None, people: Mapping[UUID, Named]) -> list[str]:
    """Of a joint visit the departments of those who came along, where nobody names them."""
    if task and task.joint_departments:
        return list(task.joint_departments)
    if visit.kind != VisitKind.JOINT:
        return []
    came = {people[each].department_id for each in visit.companions if each in people}
    return sorted(each for each in came if each and each != visit.department)


# --- remarks -----------------------------------------------------------------------------------------------------------
def remark_course(visit: Inspection, on: date, task: Task | None, people: Mapping[UUID, Named]) -> list[Remark]:
    """What is remarkable of the course of an administrative visit; then the type that nobody said is assumed."""
    rule = rule_of(on)
    found = remarks(facts_of(visit, people), rule) if visit.authority == Authority.ADMINISTRATIVE else []
    if rule and not visit.type:
        visit.type = (task and task.type) or assumed_type(visit.kind)
    return found


def facts_of(visit: Inspection, people: Mapping[UUID, Named]) -> CourseFacts:
    course = visit.course
    notice, scan = course.get("notice"), course.get("scan") or {}
    own = own_ids(visit)
    return CourseFacts(
        started_at=visit.started_told_at or visit.started_at,
        finished_at=visit.finished_told_at or visit.finished_at,
        kind=visit.kind,
        type=visit.type,
        source=visit.source,
        officers=frozenset({visit.by_id, *visit.companions}),
        officer_names=frozenset({visit.by_name, *(people[each].name for each in visit.companions if each in people)}),
        approval=approval_of(course.get("approval"), people, visit.department),
        notice=notice is not None,
        notice_at=None if notice is None or notice.get("step") else moment(notice.get("at")),
        scan=scan,
        credit_code=(visit.enterprise and visit.enterprise.credit_code) or "",
        own_ids=own,
        other_units=other_units(str(scan.get("code") or ""), own),
        of_enterprise=visit.enterprise_id is not None,
    )


def approval_of(said: Mapping[str, Any] | None, people: Mapping[UUID, Named], body: str) -> Approval | None:
    """By the office (`step`): looked at there. Told by a phone: whoever is named must be a leader, as far as it names an account."""
    if said is None:
        return None
    approver = UUID(said["approver"]) if said.get("approver") else None
    leads = None if approver is None or said.get("step") else heads_an_office(approver, people, body)
    return Approval(
        at=moment(said.get("at")), approver=approver, name=said.get("approver_name") or "", is_leader=leads,
        urgent=bool(said.get("urgent")), reported_at=moment(said.get("reported_at")),
    )  # fmt: skip


def moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def own_ids(visit: Inspection | Task) -> frozenset[str]:
    return frozenset(str(each).upper() for each in (visit.enterprise_id, visit.site_id) if each)


def other_units(code: str, own: frozenset[str]) -> frozenset[str]:
    """Ids in the code that are another unit's: asked only when there are some."""
    strange = ids_in(code) - own
    rows = Enterprise.objects.filter(pk__in=strange).values_list("pk", flat=True) if strange else ()
    return frozenset(str(each).upper() for each in rows)
