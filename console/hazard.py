"""一条隐患 One hazard as the office sees it beside the map: photo, clock, papers, what happened, and the steps one may take, taken here."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from rest_framework.exceptions import ValidationError

from console.cells import moment
from console.gate import office
from console.shown import shown
from console.step_forms import Answered, forms, is_known, label_of, route_of, take
from enterprises.models import Enterprise
from evidence.models import PhotoState
from evidence.rules import Flag
from evidence.shown import SHOWS
from geo.models import Region
from hazards.models import Hazard
from hazards.photos import with_photos
from hazards.rules import is_overdue
from hazards.states import ENDED, STEPS, State
from hazards.whole import whole
from readers.media_types import VOICES
from reference import law
from safety_api.permissions import MAY
from safety_api.problems import FORBIDDEN, NOT_FOUND, STALE, WRONG_STEP, Problem
from safety_api.roles import Role
from safety_api.stamps import etag_of

ASIDE = {"extend": "同意延期", "join": "并入另一条", "separate": "从另一条分出", "take-double": "并入一条重复的", "give-double-back": "分出一条"}
CLOCK = 320.0  # units wide
PART = "X-Part"  # the header by which a page's script asks for the part alone


class Clock(NamedTuple):
    """From finding to the deadline or beyond, in units of CLOCK; `late_from`: where the black begins."""

    sentence: str
    late: bool
    found: date
    due: date | None
    end: date
    at_due: float
    at_end: float
    late_wide: float


class Happened(NamedTuple):
    day: Any
    label: str
    who: str
    note: str
    due_on: date | None
    photos: int


@office("hazards.retrieve")
@require_safe
def panel(request: HttpRequest, hazard_id: UUID) -> HttpResponse:
    return answer(request, hazard_id)


@office("hazards.retrieve")
@require_POST
def step(request: HttpRequest, hazard_id: UUID, name: str) -> HttpResponse:
    """A form that was sent. What is wrong stands beside what was typed; what another did meanwhile is shown before it is done again."""
    user: Any = request.user
    hazard = whole(hazard_id, user)
    if not is_known(name):
        raise NOT_FOUND()
    if user.role not in MAY[route_of(name)]:
        raise FORBIDDEN()
    typed = {key: value for key, value in request.POST.items() if isinstance(value, str)}
    try:
        take(name, hazard, user, typed, request.FILES.getlist("photos"), typed.get("seen", ""))
    except (Problem, ValidationError) as problem:
        return answer(request, hazard_id, Answered(name, problem, typed), since=typed.get("since", ""), status=_status(problem))
    if request.headers.get(PART):
        return answer(request, hazard_id, done=label_of(name))
    return _back(hazard_id)


def _status(problem: Problem | ValidationError) -> int:
    return problem.kind.status if isinstance(problem, Problem) else problem.status_code


def _back(hazard_id: UUID) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": f"/map?hazard={hazard_id}"})


def answer(
    request: HttpRequest, hazard_id: UUID, answered: Answered | None = None, *, since: str = "", status: int = 200, done: str = ""
) -> HttpResponse:
    template = "console/parts/hazard.html" if request.headers.get(PART) else "console/map/hazard.html"
    return shown(request, template, status, **facts(hazard_id, request.user, answered, since=since, done=done))


def facts(hazard_id: UUID, user: Any, answered: Answered | None = None, *, since: str = "", done: str = "") -> dict[str, Any]:
    """What console/parts/hazard.html shows. Raises Http404."""
    hazard = whole(hazard_id, user)
    offered = forms(hazard, user, answered)
    steps = with_photos(hazard, list(hazard.steps.order_by("id")))
    today = timezone.localdate()
    changed = answered is not None and isinstance(answered.problem, Problem) and answered.problem.kind in (STALE, WRONG_STEP)
    return {
        "hazard": hazard,
        "state": State(hazard.state).label,
        "ended": hazard.state in ENDED,
        "overdue": is_overdue(hazard, on=today),
        "unit": _unit(hazard, user),
        "where": where(hazard.region_code),
        "sector_name": law.books().sectors[hazard.sector_id].name,
        "clock": _clock(hazard, today),
        "photos": [_photo(each) for each in hazard.photos if _is_seen(each)],
        "awaited": sum(each.state == PhotoState.MISSING for each in hazard.photos),
        "history": [_happened(each) for each in reversed(steps)],
        "forms": offered,
        "seen": etag_of(hazard),
        "since": steps[-1].pk if steps else 0,
        "changed": [_happened(each) for each in steps if since.isdigit() and each.pk > int(since)] if changed else [],
        "stale": changed,
        "done": done,
        "gone": answered if answered and answered.name not in {form.name for form in offered} else None,
    }


def _unit(hazard: Hazard, user: Any) -> Any:
    return Enterprise.objects.visible_to(user).filter(pk=hazard.enterprise_id).only("name", "supervision_class").first()


def where(code: str) -> str:
    names = dict(Region.objects.filter(code__in=[f"{code[:9]}000", code]).values_list("code", "name"))
    return "".join(dict.fromkeys(names.get(each, "") for each in (f"{code[:9]}000", code)))


# --- photos ---------------------------------------------------------------------------------------------------------------
def _is_seen(photo: Any) -> bool:
    return photo.state == PhotoState.READY and photo.kept_type not in VOICES


def _photo(photo: Any) -> dict[str, Any]:
    said = filter(None, (SHOWS[photo.shows], moment(photo.taken_at).text if photo.taken_at else "", photo.by_name))
    return {"id": photo.pk, "shows": SHOWS[photo.shows], "said": "，".join(said), "remarks": [Flag(each).label for each in photo.flags]}


# --- the clock ------------------------------------------------------------------------------------------------------------
def _clock(hazard: Hazard, today: date) -> Clock:
    found, due = timezone.localdate(hazard.found_at), hazard.due_on
    end = hazard.closed_on or today
    last = max(filter(None, (found, due, end)))
    whole_term = max((last - found).days, 1)
    at_due, at_end = (((day or end) - found).days / whole_term * CLOCK for day in (due, end))
    late = is_overdue(hazard, on=today) or bool(hazard.closed_on and due and hazard.closed_on > due and not hazard.review_requested_on)
    return Clock(_says(hazard, today, due), late, found, due, end, max(at_due, 0), max(at_end, 0), max(at_end - at_due, 0) if late else 0)


def _says(hazard: Hazard, today: date, due: date | None) -> str:
    if hazard.closed_on:
        return f"{_day(hazard.closed_on)}销号"
    if hazard.state in ENDED:
        return State(hazard.state).label
    if due is None:
        return "还没有定整改期限"
    if hazard.state == State.REPORTED:
        return "待确认，期限从告知单位之日起算" if hazard.term_by_rule else f"待确认，所填期限 {_day(due)}"
    if hazard.state == State.REVIEW_REQUESTED and hazard.review_due_on and not is_overdue(hazard, on=today):
        return f"待复查，{_day(hazard.review_due_on)}前"
    left = (due - today).days
    return f"{_day(due)}到期，已逾期 {-left} 天" if left < 0 else f"{_day(due)}到期，{'就是今天' if left == 0 else f'还有 {left} 天'}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# --- what happened --------------------------------------------------------------------------------------------------------
def _happened(row: Any) -> Happened:
    label = STEPS[row.step][0].label if row.step in STEPS else ASIDE.get(row.step, row.step)
    role = dict(Role.choices).get(row.by_role, "")
    who = f"{row.by_name}（{role}）" if role else row.by_name
    return Happened(timezone.localtime(row.happened_at), label, who, row.note, row.due_on, len(row.photos))
