"""Doors to units, sites and stated facts."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises import actions, additions
from enterprises.duties.reading import dues_of, plan_law
from enterprises.duties.serializers import DutiesOut, DutyFilters, duties_out
from enterprises.models import Enterprise, Insurance, Licence, Site, StandardizationCertificate, StatedFact, table_of
from enterprises.paging import NearestFirst
from enterprises.querysets import last_visit_key, risk_rank
from enterprises.serializers import (
    SEES_CONTACTS,
    ConditionOut,
    EnterpriseFilters,
    EnterpriseOut,
    EnterprisePatch,
    EnterpriseShape,
    EnterpriseWholeOut,
    FactFilters,
    FactOut,
    FactShape,
    SiteCorrectionOut,
    SiteCorrectionShape,
    SiteFilters,
    SiteOut,
    SiteShape,
    StatusShape,
    WithdrawShape,
)
from geo.coordinates import Crs
from geo.serializers import CrsOnly
from safety_api.doors import Door
from safety_api.paging import both
from safety_api.search import search_for
from safety_api.stamps import etag_of

POINT = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8}
MINE = {
    "name": "兴县示例煤业有限公司", "credit_code": "91141123MA0K000135", "unit_type": "enterprise",
    "sector": "coal_mine", "region": "141123100200", "principal_name": "张小三", "principal_phone": "13812345678",
    "opened_on": "2016-05-01", "producing": True, "underground": True, "location": POINT,
}  # fmt: skip
SHOP = {
    "name": "老王超市", "credit_code": None, "no_credit_code_reason": "个体经营，未办执照",
    "unit_type": "individual_business", "sector": "fire_safety", "region": "141123100200",
}  # fmt: skip
POND = {"kind": "pond", "name": "后沟尾矿库", "sector": "non_coal_mine", "region": "141123100200", "location": POINT}
CERTIFICATE = {
    "kind": "standardization", "held_from": "2025-03-01", "held_to": "2028-02-29", "document": "晋应急〔2025〕12号",
    "value": {"scheme": "coal", "level": 2, "certificate_no": "MK-2025-0012"},
}  # fmt: skip
DRILL = {"kind": "drill", "held_from": "2026-05-12", "value": {"scope": "comprehensive", "people": 46}}

POLICY = {
    "kind": "insurance", "held_from": "2026-01-01", "held_to": "2026-12-31",
    "value": {"insurer": "演示保险公司", "policy_no": "BX-1", "limit_person_yuan": "400000.00", "all_workers": True, "one_sum": True},
}  # fmt: skip
PLAN = {"kind": "plan", "held_from": "2026-06-01", "value": {"title": "综合应急预案", "submitted_on": "2026-06-15"}}


def example(name: str, body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, body, request_only=True)


class PlaceDoor(Door):
    """What units and sites have in common: names of places, masks by role, coordinates in the system asked for."""

    crs = Crs.WGS84

    def shape_context(self) -> dict[str, Any]:
        sees = self.action != "list" and getattr(self.request.user, "role", None) in SEES_CONTACTS
        return {"crs": self.crs, "contacts": sees}

    def retrieve(self, request: Request, pk: UUID) -> Response:
        self.crs = self.parameters()["crs"]
        return self.shown(self.get_object())

    def answered(self, key: UUID, warnings: list[str], status: int) -> Response:
        """The record as it is now, with the warnings of the write."""
        row = self.get_queryset().get(pk=key)
        row.warnings = warnings
        return Response(self.get_serializer(row).data, status=status, headers={"ETag": etag_of(row)})


class EnterpriseDoor(PlaceDoor):
    """受监管单位"""

    serializer_class = EnterpriseOut
    pagination_class = NearestFirst
    ordering = ("region_code", "id")
    sorts = both(last_visit_on=("last_visit_key", "id"), risk_colour=("risk_rank", "id"))
    etag_tables = ("enterprises.Enterprise", "geo.Region")
    filters = {"list": EnterpriseFilters, "retrieve": CrsOnly, "facts": FactFilters, "duties": DutyFilters}

    def get_queryset(self):
        return Enterprise.objects.visible_to(self.request.user).defer("name_search", "pinyin").named_places()

    def chosen(self, rows, *, crs, q="", bbox=None, near=None, **params):
        self.crs = crs
        self.search = search_for("enterprise", q)
        rows = rows.filter(point__bboverlaps=bbox.polygon) if bbox else rows
        if near is None:
            return rows.chosen(**params)
        self.ordering = ("distance", "id")
        return rows.chosen(**params).near(near.wgs_lon, near.wgs_lat)

    def in_order(self, rows):
        keys = {"last_visit_key": last_visit_key, "risk_rank": risk_rank}
        worked_out = {name: keys[name]() for key in self.ordering if (name := key.removeprefix("-")) in keys}
        return rows.annotate(**worked_out)

    @extend_schema(responses=EnterpriseWholeOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """一家单位，连同它本年已受检查的次数和上限。ETag 供修改时的 If-Match。"""
        self.crs = self.parameters()["crs"]
        unit = self.get_object()
        additions.show_parts(unit, request.user)
        shown = self.shape(EnterpriseWholeOut).to_representation(unit)
        return Response(shown, headers={"ETag": etag_of(unit)})

    @extend_schema(
        request=EnterpriseShape,
        responses={201: EnterpriseOut},
        examples=[example("煤矿", MINE), example("无代码的小店", SHOP)],
    )
    def create(self, request: Request) -> Response:
        """登记一家单位。代码第17位不符只提醒（warnings）。"""
        unit, warnings = actions.create(by=self.by, **self.read(EnterpriseShape))
        return self.answered(unit.pk, warnings, 201)

    @extend_schema(
        request=EnterprisePatch,
        responses=EnterpriseOut,
        examples=[example("改电话", {"principal_phone": "13912345678"})],
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """修改单位信息。带 If-Match 时，他人已改则 412。"""
        unit, warnings = actions.update(pk, by=self.by, fresh=self.check_fresh, **self.read(EnterprisePatch))
        return self.answered(unit.pk, warnings, 200)

    @extend_schema(
        request=StatusShape,
        responses=EnterpriseOut,
        examples=[example("停产", {"status": "suspended", "on": "2026-03-01", "reason": "设备检修"})],
    )
    def set_status(self, request: Request, pk: UUID) -> Response:
        """自某日起在营、停产、责令停产或关闭。"""
        unit = actions.set_status(pk, by=self.by, fresh=self.check_fresh, **self.read(StatusShape))
        return self.answered(unit.pk, [], 200)

    @extend_schema(responses=ConditionOut(many=True))
    def conditions(self, request: Request, pk: UUID) -> Response:
        """单位状况的沿革，含已更正的（known_to 不为空）。"""
        rows = self.get_object().conditions.order_by("held_from", "known_from")
        return Response(ConditionOut(rows, many=True).data)

    @extend_schema(responses=FactOut(many=True))
    def facts(self, request: Request, pk: UUID) -> Response:
        """就该单位登记的证书、许可、保险、处罚、演练等事实，新的在前，一次给全。"""
        params = self.parameters()
        unit = self.get_object()
        return Response(FactOut(facts_of(unit, **params), many=True, context=self.shape_context()).data)

    @extend_schema(
        request=FactShape,
        responses={201: FactOut},
        examples=[
            example("标准化证书", CERTIFICATE),
            example("演练", DRILL),
            example("安责险", POLICY),
            example("预案", PLAN),
        ],
    )
    def state_fact(self, request: Request, pk: UUID) -> Response:
        """登记或更正（supersedes）一条事实。单位只能自报演练、培训、自查和特种作业证。"""
        fact = actions.state_fact(pk, by=self.by, **self.read(FactShape))
        return Response(FactOut(fact, context=self.shape_context()).data, status=201)

    @extend_schema(
        request=WithdrawShape,
        responses=FactOut,
        examples=[example("撤回", {"kind": "penalty", "reason": "误登到本单位"})],
    )
    def withdraw_fact(self, request: Request, pk: UUID, fact: UUID) -> Response:
        """撤回一条误登的事实；当时所知仍可查。"""
        gone = actions.withdraw_fact(pk, fact=fact, by=self.by, **self.read(WithdrawShape))
        return Response(FactOut(gone, context=self.shape_context()).data)

    @extend_schema(responses=DutiesOut)
    def duties(self, request: Request, pk: UUID) -> Response:
        """到期事项：预案备案、评估，演练，特种作业证，安责险；各附条款，从哪天起算，逾期的附罚则。"""
        on = self.parameters().get("on") or timezone.localdate()
        found = dues_of(self.get_object(), on)
        contacts = self.shape_context()["contacts"]
        return Response(duties_out(found, on, plan_law(on).body["fines"], contacts=contacts))


def facts_of(unit: Enterprise, *, kind: str | None = None, on=None, known_on=None) -> list[Any]:
    """Of one table or of all four, one query each."""
    tables = [table_of(kind)] if kind else [StandardizationCertificate, Licence, Insurance, StatedFact]
    rows = [row for table in tables for row in _facts_in(table, unit, on, known_on)]
    rows = [row for row in rows if kind in (None, row.kind)]
    return sorted(rows, key=lambda row: (row.held_from, row.known_from), reverse=True)


def _facts_in(table: Any, unit: Enterprise, on, known_on):
    rows = table.objects.filter(enterprise=unit)
    return rows.as_of(on, known_on) if on else rows.known(known_on)


class SiteDoor(PlaceDoor):
    """场所：矿井、项目、房屋、门店、尾矿库、边坡、水库等，可以没有所属单位"""

    serializer_class = SiteOut
    ordering = ("region_code", "id")
    etag_tables = ("enterprises.Site", "geo.Region")
    filters = {"list": SiteFilters, "retrieve": CrsOnly}

    def get_queryset(self):
        return Site.objects.visible_to(self.request.user).named_places()

    def chosen(self, rows, *, crs, **wanted):
        self.crs = crs
        return rows.chosen(on=timezone.localdate(), **wanted)

    @extend_schema(request=SiteShape, responses={201: SiteOut}, examples=[example("尾矿库", POND)])
    def create(self, request: Request) -> Response:
        """登记一个场所。"""
        site, warnings = actions.create_site(by=self.by, **self.read(SiteShape))
        return self.answered(site.pk, warnings, 201)

    @extend_schema(
        request=SiteCorrectionShape,
        responses=SiteOut,
        examples=[example("坐标有误", {"reason": "登记时坐标系选错", "location": POINT})],
    )
    def correct(self, request: Request, pk: UUID) -> Response:
        """更正或更新一个场所，写明理由；原记录保留。带 If-Match 时，他人已改则 412。"""
        self.get_object()  # before the body is judged
        fields = self.read(SiteCorrectionShape)
        site, warnings = actions.correct_site(pk, by=self.by, fresh=self.check_fresh, **fields)
        return self.answered(site.pk, warnings, 200)

    @extend_schema(responses=SiteCorrectionOut(many=True))
    def corrections(self, request: Request, pk: UUID) -> Response:
        """历次更正：原记、更正为、理由、由谁。"""
        rows = self.get_object().corrections.order_by("pk")
        return Response(SiteCorrectionOut(rows, many=True, context=self.get_serializer_context()).data)


as_enterprises = partial(EnterpriseDoor.as_view, basename="enterprises")
as_sites = partial(SiteDoor.as_view, basename="sites")
