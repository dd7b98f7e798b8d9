"""Doors of accidents: reported, decided, written off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accidents import additions, reading
from accidents.clock import shown
from accidents.clock.serializers import LegOut
from accidents.models import Accident, AccidentUnit
from accidents.reports import contents, deciding, reporting, wording
from accidents.reports.serializers import (
    AccidentFilters,
    AccidentOut,
    AccidentReportOut,
    AccidentReportShape,
    AccidentRowOut,
    AccidentShape,
    CorrectAccidentWordingShape,
    DecideShape,
)
from evidence.models import Photo
from evidence.papers.reading import of_record
from evidence.receipts import ReceiptOut, with_receipt
from evidence.shown import completed, flagged, of_scene
from geo.serializers import CrsOnly, crs_of
from safety_api.doors import Door
from safety_api.idempotency import Sent
from safety_api.paging import both
from safety_api.problems import NOT_FOUND
from safety_api.remarks import remarked
from safety_api.roles import COUNTY
from safety_api.search import search_for
from safety_api.shapes import PaperShape
from safety_api.stamps import etag_of

UNIT = "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01"
EXAMPLE = {
    "occurred_at": "2026-11-23T08:10:00+08:00",
    "location": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8},
    "region": "141123100201",
    "place": "井下 1203 工作面",
    "category": "Z1",
    "nature": "production",
    "sector": "coal_mine",
    "deaths": 1,
    "serious_injuries": 0,
    "missing": 0,
    "direct_loss_yuan": "1200000.00",
    "units": [{"enterprise": UNIT, "role": "occurring", "responsible": None}],
    "description": "顶板冒落，一人被埋",
    "photos": [],
    "device": {"id": "phone-1", "app_version": "1.0"},
}
BY_TELEPHONE = {
    "occurred_at": "2026-11-23T08:10:00+08:00",
    "region": "141123100201",
    "description": "矿方来电：顶板冒落，一人被埋",
    "units": [{"enterprise": UNIT, "role": "occurring"}],
    "unit_told_at": "2026-11-23T08:15:00+08:00",
    "call": {"caller": "enterprise", "name": "调度员", "phone": "", "received_at": "2026-11-23T08:40:00+08:00"},
}
PAPER = {"reason": "经公安机关认定为刑事案件", "document": "晋安办核〔2026〕12号", "approved_by": "省安委办"}


def named_units() -> Prefetch:
    return Prefetch(
        "units", AccidentUnit.objects.known().select_related("enterprise").order_by("enterprise"), "shown_units"
    )


class AccidentDoor(Door):
    """事故"""

    serializer_class = AccidentRowOut
    ordering = ("-occurred_at", "id")
    etag_tables = ("accidents.Accident", "enterprises.Enterprise")
    etag_asked = {"complete": "evidence.Photo", "photo_flag": "evidence.Photo"}
    sorts = both(occurred_at=("occurred_at", "-id"), received_at=("received_at", "id"))
    filters = {"list": AccidentFilters, "*": CrsOnly}
    lookup_url_kwarg = "accident_id"

    def get_queryset(self):
        return Accident.objects.visible_to(self.request.user).prefetch_related(named_units())

    def shape_context(self) -> dict[str, Any]:
        return {"crs": crs_of(self.request), "phones": getattr(self.request.user, "role", None) in COUNTY}

    def chosen(
        self, rows, *, q=None, crs=None, in_statistics=None, finding=None, warning=None, complete=None, photo_flag=None, mine=None,
        open=None, **asked,
    ):  # fmt: skip
        rows = rows if mine is None else rows.mine(self.request.user, mine)
        rows = rows if open is None else rows.open(open)
        rows = additions.narrowed(rows, asked).chosen(**asked).behind(in_statistics=in_statistics, finding=finding)
        rows = completed(rows.filter(remarked(warning)) if warning else rows, "accident", complete)
        self.search = search_for("accident", q, "occurred_at")
        return flagged(rows, "accident", photo_flag)

    @extend_schema(responses=AccidentOut)
    def retrieve(self, request, accident_id: UUID):
        """一起事故的全部：现状、历次报告和认定、破零依据、报告环节、照片。"""
        return self._whole(self.get_object(), 200)

    @extend_schema(
        request=AccidentShape,
        responses={200: AccidentOut, 201: AccidentOut},
        examples=[
            OpenApiExample("首报", EXAMPLE, request_only=True),
            OpenApiExample("值班员接到电话", BY_TELEPHONE, request_only=True),
        ],
    )
    def put(self, request, accident_id: UUID):
        """首报，允许不完整。编号由手机生成，重复提交无害。性质、责任由应急管理局认定，他人所填只作说明留存。"""
        sent = Sent.of(request.data)
        _, new = reporting.SENT.or_as_before(accident_id, sent, request.user, lambda: self._put(accident_id, sent))
        return self._whole(Accident.objects.prefetch_related(named_units()).get(pk=accident_id), 201 if new else 200)

    def _put(self, accident_id: UUID, sent: Sent):
        fields = sent.read(self.read(AccidentShape))
        return reporting.put(accident_id, sent=sent, by=self.by, **fields)

    @extend_schema(responses=ReceiptOut)
    def receipt(self, request, accident_id: UUID):
        """回执：收到的时间、内容指纹、首报和续报的每张照片的哈希与状态。手机据此核对后才可删除本机原件。"""
        accident = get_object_or_404(Accident.objects.sent_by_or_visible_to(request.user), pk=accident_id)
        with_receipt(accident, Photo.objects.of("accident", accident.pk).as_entered(), of_record(accident, request.user))
        return Response(self.shape(ReceiptOut).to_representation(accident))

    @extend_schema(responses=AccidentReportOut(many=True))
    def reports(self, request, accident_id: UUID):
        """历次报告：数字在何时成立（held_at），我们何时得知（known_at）。"""
        return Response(AccidentReportOut(reading.in_order(self.get_object().reports.all()), many=True).data)

    @extend_schema(
        request=AccidentReportShape,
        responses={201: AccidentOut},
        examples=[
            OpenApiExample(
                "续报", {"kind": "follow_up", "held_at": "2026-11-23T16:00:00+08:00", "deaths": 2}, request_only=True
            )
        ],
    )
    def report(self, request, accident_id: UUID):
        """续报、补报：伤亡和损失的总数，只追加，不修改。数字减少须写明原因，并由县级报告。"""
        return self.step(reporting.add_report, accident_id, AccidentReportShape, status=201)

    @extend_schema(
        request=DecideShape,
        responses=AccidentOut,
        examples=[
            OpenApiExample(
                "认定",
                {"nature": "production", "category": "Z1", "stat_status": "counted",
                 "units": [{"enterprise": UNIT, "role": "occurring", "responsible": True}],
                 "document": "兴应急事故〔2026〕3号"},
                request_only=True,
            )
        ],
    )  # fmt: skip
    def decide(self, request, accident_id: UUID):
        """认定性质、类别、发生地、统计状态和各单位责任。units 写了就是全部涉事单位。"""
        return self.step(deciding.decide, accident_id, DecideShape)

    @extend_schema(
        request=PaperShape, responses=AccidentOut, examples=[OpenApiExample("核销", PAPER, request_only=True)]
    )
    def write_off(self, request, accident_id: UUID):
        """核销：须有理由、文书和批准人。记录保留，不再计入。"""
        return self.step(deciding.write_off, accident_id, PaperShape)

    @extend_schema(
        request=CorrectAccidentWordingShape,
        responses=AccidentOut,
        examples=[
            OpenApiExample(
                "更正地点", {"field": "place", "text": "井下 1203 工作面", "reason": "首报时误听为 1023"}, request_only=True
            )
        ],
    )
    def correct_wording(self, request, accident_id: UUID):
        """更正首报的简要经过、地点：写明理由，原文照存；数字不在此更正，另行续报、补报。"""
        return self.step(wording.correct_wording, accident_id, CorrectAccidentWordingShape)

    @extend_schema(responses=LegOut(many=True))
    def clock(self, request, accident_id: UUID):
        """报告环节：谁何时知悉、应在何时以前报告谁、何时报的、谁接的、迟几分钟、提醒过几次。恰好等于时限为按时。"""
        return Response(LegOut(shown.clock_of(self.get_object(), timezone.now()), many=True).data)

    def step(self, action, accident_id: UUID, shape, status: int = 200) -> Response:
        if not Accident.objects.visible_to(self.request.user).filter(pk=accident_id).exists():
            raise NOT_FOUND()  # before the body is judged: what lies outside does not exist
        fields = self.read(shape)
        fields.pop("device", None)
        action(accident_id, by=self.by, fresh=self.check_fresh, **fields)
        return self._whole(Accident.objects.prefetch_related(named_units()).get(pk=accident_id), status)

    def _whole(self, accident: Accident, status: int) -> Response:
        """Never a 304: minutes run, and photos, their flags and joined reports change the answer without changing the row."""
        body = AccidentOut(with_parts(accident), context=self.get_serializer_context()).data
        return Response(body, status=status, headers={"ETag": etag_of(accident)})


class CaseDoor(AccidentDoor):
    """One accident, and a verb that is another room's."""

    filters = {"*": CrsOnly}

    def act(self, action, accident_id: UUID, shape, **more: Any) -> Any:
        if not Accident.objects.visible_to(self.request.user).filter(pk=accident_id).exists():
            raise NOT_FOUND()  # before the body is judged
        return action(accident_id, by=self.by, fresh=self.check_fresh, **more, **self.read(shape))

    def accident(self, accident_id: UUID, status: int = 200) -> Response:
        return self._whole(Accident.objects.prefetch_related(named_units()).get(pk=accident_id), status)


def example(name: str, **body: Any) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


def with_parts(accident: Any) -> Accident:
    """Fifteen queries, however many parts."""
    now = timezone.now()
    accident.shown_reports = reading.in_order(accident.reports.all())
    accident.shown_decisions = list(accident.decisions.order_by("id"))
    accident.shown_wordings = list(accident.wordings.order_by("id"))
    additions.show_parts(accident)
    accident.shown_legs = shown.clock_of(accident, now)
    accident.shown_photos = of_scene("accident", accident.pk)
    accident.shown_calls = list(accident.calls.order_by("received_at", "id"))
    accident.shown_findings = contents.findings_of(accident)
    accident.shown_duplicates = contents.duplicates_of(accident, now)
    contents.with_contents(accident)
    accident.incomplete = contents.incomplete(accident, accident.shown_reports)
    return accident
