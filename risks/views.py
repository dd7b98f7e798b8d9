"""Doors of dual prevention: risk points, self-checks, and how far the duty to look was met."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.models import Enterprise
from enterprises.serializers import SEES_CONTACTS
from geo.models import Region
from geo.serializers import CrsOnly, crs_of
from reference import law
from reference.rules import add_months
from reference.terms import ControlLevel
from risks import actions, duties, rules
from risks.models import RiskAssessment, SelfCheck
from risks.querysets import SelfCheckQuerySet
from risks.serializers import (
    AssessmentOut,
    AssessShape,
    DutyFilters,
    DutyOut,
    OneRiskFilters,
    RatesFilters,
    RatesOut,
    RetireShape,
    RiskFilters,
    RiskPointOut,
    RiskPointPatch,
    RiskPointShape,
    RiskPointWrittenOut,
    SelfCheckFilters,
    SelfCheckOut,
    SelfCheckShape,
)
from safety_api.doors import Door
from safety_api.idempotency import Sent
from safety_api.permissions import significant
from safety_api.problems import IN_FUTURE, NOT_FOUND
from safety_api.stamps import etag_of

FACE = {
    "name": "3101综采工作面回风隅角", "place": "三采区", "hazard_factors": "瓦斯积聚", "accident_types": ["瓦斯爆炸"],
    "method": "lec", "inherent": {"likelihood": "3", "exposure": "6", "consequence": "40"},
    "residual": {"likelihood": "0.5", "exposure": "6", "consequence": "40"},
    "measures": {"engineering": "甲烷传感器断电联锁，隅角导风", "management": "瓦检员每班三次巡检", "emergency": "停电撤人预案"},
    "persons": {"company": "褚主", "workshop": "王队", "team": "李班", "post": "赵岗"},
    "location": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"},
}  # fmt: skip
AGAIN = {
    "occasion": "yearly", "method": "ls", "inherent": {"likelihood": "3", "severity": "5"},
    "residual": {"likelihood": "2", "severity": "5"},
}  # fmt: skip
ROUND = {"level": "post", "checked_at": "2026-11-23T09:20:00+08:00", "hazards": [], "note": "各点正常"}


def example(name: str, body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, body, request_only=True)


def not_to_come(day: date | None, name: str) -> date:
    today = timezone.localdate()
    if day and day > today:
        raise ValidationError({name: [ErrorDetail(IN_FUTURE.sentence(), IN_FUTURE.code)]})
    return day or today


class RiskPointDoor(Door):
    """风险点：评价、四色、管控层级、责任人；任一过去之日可查"""

    tag = "risks"
    serializer_class = RiskPointOut
    ordering = ("residual_level", "id")
    etag_tables = ("risks.RiskAssessment", "risks.RiskPoint", "enterprises.Enterprise")
    filters = {"list": RiskFilters, "retrieve": OneRiskFilters, "*": CrsOnly}
    on: date | None = None

    def get_queryset(self):
        return RiskAssessment.objects.visible_to(self.request.user)

    def shape_context(self) -> dict[str, Any]:
        sees = self.action != "list" and getattr(self.request.user, "role", None) in SEES_CONTACTS
        return {"crs": crs_of(self.request), "on": self.on or timezone.localdate(), "contacts": sees}

    def chosen(self, rows, *, on=None, crs=None, **wanted):
        self.on = not_to_come(on, "on")
        return rows.in_force(None if on is None else on).chosen(on=self.on, **wanted).as_rows()

    @extend_schema(responses=RiskPointOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """一个风险点及其现行（或 on 当日）的评价；已撤销的为最后一次评价。"""
        self.on = not_to_come(on := self.parameters().get("on"), "on")
        return self.answered(pk, on=on)

    def answered(
        self, pk: UUID, *, on: date | None = None, status: int = 200, warnings: list[str] | None = None
    ) -> Response:
        rows = self.get_queryset().filter(risk_id=pk)
        rows = rows.in_force(on) if on else rows
        row = rows.order_by("-held_from", "-id").as_rows().first()
        if row is None:
            raise NOT_FOUND()
        body = self.shape(RiskPointOut).to_representation(row)
        headers = {"ETag": f'"{row.risk__epoch}-{row.risk__xid}"'}
        return Response(body if warnings is None else {**body, "warnings": warnings}, status=status, headers=headers)

    @extend_schema(responses=AssessmentOut(many=True))
    def assessments(self, request: Request, pk: UUID) -> Response:
        """历次评价，新的在前：被取代的不覆盖。"""
        rows = list(self.get_queryset().filter(risk_id=pk).order_by("-held_from", "-id"))
        if not rows:
            raise NOT_FOUND()
        show = self.shape(AssessmentOut).to_representation
        return Response([show(row) for row in rows])

    @extend_schema(request=RiskPointShape, responses={201: RiskPointWrittenOut}, examples=[example("采煤工作面", FACE)])
    def create(self, request: Request) -> Response:
        """登记本单位的一个风险点及首次评价。等级由取值算出，取值不在表内则拒绝。"""
        point, warnings = actions.identify(by=self.by, **self.read(RiskPointShape))
        return self.answered(point.pk, status=201, warnings=warnings)

    @extend_schema(
        request=RiskPointPatch,
        responses=RiskPointWrittenOut,
        examples=[
            example("换责任人", {"persons": {"company": "褚主", "workshop": "王队", "team": "孙班", "post": "赵岗"}})
        ],
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """修改名称、部位、措施、责任人或提高管控层级。措施和责任人的旧状仍可按日查。带 If-Match 时，他人已改则 412。"""
        _, warnings = actions.change(pk, by=self.by, fresh=self.check_fresh, **self.read(RiskPointPatch))
        return self.answered(pk, warnings=warnings)

    @extend_schema(request=AssessShape, responses={201: RiskPointOut}, examples=[example("年度评价", AGAIN)])
    def assess(self, request: Request, pk: UUID) -> Response:
        """重新评价：每年、条件变化时、事故之后。原评价保留。"""
        actions.assess(pk, by=self.by, fresh=self.check_fresh, **self.read(AssessShape))
        return self.answered(pk, status=201)

    @extend_schema(
        request=RetireShape, responses=RiskPointOut, examples=[example("撤销", {"reason": "工作面已回采结束并封闭"})]
    )
    def retire(self, request: Request, pk: UUID) -> Response:
        """危险已不存在：撤销风险点。"""
        actions.retire(pk, by=self.by, fresh=self.check_fresh, **self.read(RetireShape))
        return self.answered(pk)


class SelfCheckDoor(Door):
    """自查记录：一次一个层级"""

    tag = "risks"
    serializer_class = SelfCheckOut
    ordering = ("-checked_at", "id")
    etag_tables = ("risks.SelfCheck", "enterprises.Enterprise")
    filters = {"list": SelfCheckFilters}

    def get_queryset(self):
        return SelfCheck.objects.visible_to(self.request.user)

    def chosen(self, rows, *, level=None, since=None, until=None, warning=None, **of):
        return rows.chosen(level=level, since=since, until=until, warning=warning, **of).as_rows()

    @extend_schema(responses=SelfCheckOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """一次自查。"""
        return self.answered(self.get_queryset().filter(pk=pk))

    @extend_schema(
        request=SelfCheckShape, responses={200: SelfCheckOut, 201: SelfCheckOut}, examples=[example("岗位班检", ROUND)]
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """本单位的一次自查。编号由手机生成，重复提交无害。只计一次，送达过晚（默认 72 小时）的存而不计。"""
        sent = Sent.of(request.data)
        check, new = actions.SENT_BEFORE.or_as_before(pk, sent, self.by, lambda: self._put(pk, sent))
        return self.answered(SelfCheck.objects.filter(pk=check.pk), status=201 if new else 200)

    def _put(self, pk: UUID, sent: Sent) -> tuple[SelfCheck, bool]:
        fields = sent.read(self.read(SelfCheckShape))
        return actions.put_check(pk, sent=sent, by=self.by, **fields)

    def answered(self, rows: SelfCheckQuerySet, status: int = 200) -> Response:
        row = rows.as_rows().first()
        if row is None:
            raise NOT_FOUND()
        return Response(self.shape().to_representation(row), status=status, headers={"ETag": etag_of(row)})


class DutyDoor(Door):
    """一家单位自查任务的完成情况"""

    tag = "risks"
    serializer_class = DutyOut
    pagination_class = None  # type: ignore[assignment]
    etag_tables = ("risks.SelfCheck", "risks.RiskAssessment", "enterprises.Condition", "reference.Load")
    filters = {"show": DutyFilters}

    @extend_schema(responses=DutyOut)
    def show(self, request: Request, pk: UUID) -> HttpResponse:
        """应查、已查、完成率（按层级），眼下该查的，以及每月至少一次隐患排查的月份。时段过完才算到期。"""
        asked = self.parameters()
        unit = Enterprise.objects.visible_to(request.user).filter(pk=pk).only("pk", "sector_id").first()
        if unit is None:
            raise NOT_FOUND()
        now = timezone.localtime()
        return self.tagged(lambda: Response(shown_duty(unit, **asked, now=now)), now.hour)  # shifts change within a day


def shown_duty(unit: Enterprise, *, first: date, last: date, now: Any) -> dict[str, Any]:
    today = now.date()
    body = law.in_force("risk_methods", min(last, today)).body
    counts = duties.tasks([unit.pk], first, min(last, today - timedelta(days=1))).get(unit.pk, {})
    months = duties.months_of_unit(unit.pk, first.replace(day=1), min(last, today).replace(day=1), today)
    over = [each for each in months if add_months(each.first, 1) <= today]
    return {
        "enterprise": str(unit.pk),
        "from": first.isoformat(),
        "to": last.isoformat(),
        **rated(duties.total(counts)),
        "levels": [
            {"level": str(level), "every": str(rules.every(body, level)), **rated(counts[level])}
            for level in ControlLevel
            if level in counts
        ],
        "now": [shown_task(each) for each in duties.under_way(unit.pk, unit.sector_id, now)],
        "months": [{"month": f"{each.first:%Y-%m}", "done": bool(each.done), "over": each in over} for each in months],
        "monthly": rated(duties.Count(sum(each.due for each in over), sum(each.done for each in over))),
    }


def rated(count: duties.Count) -> dict[str, Any]:
    return {"due": count.due, "done": count.done, "rate": rules.rate(count.done, count.due)}


def shown_task(task: dict[str, Any]) -> dict[str, Any]:
    period = task.pop("period")
    return {
        **task,
        "period_from": period.first.isoformat(),
        "due_on": period.last.isoformat(),
        "shift": period.shift,
    }


class RatesDoor(Door):
    """每月至少一次隐患排查的完成率"""

    tag = "risks"
    serializer_class = RatesOut
    pagination_class = None  # type: ignore[assignment]
    etag_tables = ("risks.SelfCheck", "enterprises.Condition", "geo.Region", "reference.Load")
    filters = {"show": RatesFilters}

    @extend_schema(responses=RatesOut)
    def show(self, request: Request) -> HttpResponse:
        """本县各乡镇或各行业：应做的单位（月初、月末均在营）与当月按时做过的。可连看几个月。"""
        asked = self.parameters()
        today = timezone.localdate()
        month = not_to_come(asked["month"], "month").replace(day=1) if "month" in asked else today.replace(day=1)
        prefix = significant(request.user.region)[:6]  # type: ignore[union-attr]
        return self.tagged(
            lambda: Response(shown_rates(asked["group_by"], prefix, month, asked["months"], today)), prefix
        )


def shown_rates(group_by: str, prefix: str, month: date, months: int, today: date) -> dict[str, Any]:
    rows = duties.months_of_place(group_by, prefix, add_months(month, 1 - months), month, today)
    groups: dict[str, duties.Count] = {}
    for row in rows:
        groups[row.group] = groups.get(row.group, duties.Count()) + duties.Count(row.due, row.done)
    names = names_of(group_by, list(groups))
    return {
        "group_by": group_by,
        "month": f"{month:%Y-%m}",
        "months": months,
        "over": add_months(month, 1) <= today,
        **rated(duties.total(groups)),
        "results": [{"code": code, "name": names.get(code, code), **rated(groups[code])} for code in sorted(groups)],
    }


def names_of(group_by: str, codes: list[str]) -> dict[str, str]:
    if group_by == "sector":
        return {code: each.name for code, each in law.books().sectors.items()}
    return dict(Region.objects.filter(code__in=codes).values_list("code", "name"))


as_points = partial(RiskPointDoor.as_view, basename="risk_points")
as_checks = partial(SelfCheckDoor.as_view, basename="self_checks")
as_duty = partial(DutyDoor.as_view, basename="self_check_duty")
as_rates = partial(RatesDoor.as_view, basename="self_check_rates")
