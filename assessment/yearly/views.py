"""Doors of the year judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from assessment.models import KeyPatrol, KeyPatrolEntry, LargerDisaster, Sheet, Veto
from assessment.yearly import export, key_patrol, sheets, vetoes
from assessment.yearly.serializers import (
    KeyPatrolAddShape,
    KeyPatrolConfirmShape,
    KeyPatrolFilters,
    KeyPatrolFixShape,
    KeyPatrolOpenShape,
    KeyPatrolOut,
    KeyPatrolRemoveShape,
    LargerDisasterFilters,
    LargerDisasterOut,
    LargerDisasterShape,
    LargerDisasterVoidShape,
    SheetConfirmShape,
    SheetDraftShape,
    SheetExportFilters,
    SheetFilters,
    SheetOut,
    SheetReviseShape,
    SheetViewShape,
    SheetWholeOut,
    VetoConfirmShape,
    VetoFilters,
    VetoLiftShape,
    VetoOut,
    VetoRejectShape,
)
from assessment.yearly.signing import county_of, today
from assessment.yearly.states import SheetState
from assessment.yearly.working_out import shown_veto
from safety_api.doors import Door
from safety_api.idempotency import fingerprint
from safety_api.permissions import inside
from safety_api.problems import NOT_FOUND
from safety_api.sheets import XLSX


def example(name: str, body: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class YearDoor(Door):
    """Set `model` besides what a Door asks for."""

    model: ClassVar[Any]

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)

    def step(self, action: Callable[..., Any], pk: Any, shape: Any) -> Response:
        if not self.get_queryset().filter(pk=pk).exists():
            raise NOT_FOUND()  # before the body is judged: what lies outside does not exist
        action(pk, by=self.by, fresh=self.check_fresh, **self.read(shape))
        return self.whole(pk)

    def whole(self, pk: Any, status: int = 200) -> Response:
        return self.shown(self.get_queryset().get(pk=pk), status)


# --- sheets ----------------------------------------------------------------------------------------------------------
class SheetDoor(YearDoor):
    """年度考核表"""

    model = Sheet
    serializer_class = SheetOut
    ordering = ("-year", "region_code", "-party_kind", "party", "-number", "id")
    etag_tables = ("assessment.Sheet",)
    filters = {"list": SheetFilters, "export": SheetExportFilters}

    def get_serializer_class(self):
        return SheetOut if self.action in ("list", "draft") else SheetWholeOut

    def chosen(self, rows, *, revisions="current", **asked):
        rows = rows.defer("content").chosen(**asked)
        return rows.current() if revisions == "current" else rows

    def shown(self, row: Any, status: int = 200) -> Response:
        return super().shown(with_content(row) if self.get_serializer_class() is SheetWholeOut else row, status)

    @extend_schema(responses=SheetWholeOut)
    def retrieve(self, request, pk):
        """一份考核表：数字连同各自的出处，“一票否决”的建议、已否决、已解除分列，被考核方意见。未确认的为此刻算出。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=SheetDraftShape,
        responses={201: SheetOut(many=True)},
        examples=example("生成上年度考核表", {"year": 2025}),
    )
    def draft(self, request):
        """为本县各乡镇、各成员单位生成考核表；已有的不动。答复为新生成的。每年一月由系统自动办理。"""
        asked = self.read(SheetDraftShape)
        new = sheets.draft(county_of(request.user, asked["region"]), asked["year"], by=self.by)
        show = self.shape().to_representation
        return Response([show(each) for each in new], status=201)

    @extend_schema(
        request=SheetViewShape, responses=SheetWholeOut, examples=example("无异议", {"text": "对考核数字无异议。"})
    )
    def state_view(self, request, pk):
        """被考核方对本单位考核表陈述意见，确认之前可以多次。"""
        return self.step(sheets.state_view, pk, SheetViewShape)

    @extend_schema(
        request=SheetConfirmShape,
        responses=SheetWholeOut,
        examples=example(
            "确认", {"conclusion": "qualified", "comment": "完成年度目标", "document": "兴安委〔2026〕2号"}
        ),
    )
    def confirm(self, request, pk):
        """由县安委办或应急局负责人确认并定等次，此后内容不再变动。年度未满、否决建议未决定的不能确认；已被否决的不得评为优秀。"""
        return self.step(sheets.confirm, pk, SheetConfirmShape)

    @extend_schema(
        request=SheetReviseShape,
        responses={201: SheetWholeOut},
        examples=example("修订", {"reason": "3月5日事故经认定不属于生产安全事故"}),
    )
    def revise(self, request, pk):
        """修订：另立一份待确认的修订，写明原因；原来那份照旧保留。"""
        if not self.get_queryset().filter(pk=pk).exists():
            raise NOT_FOUND()
        new = sheets.revise(pk, by=self.by, fresh=self.check_fresh, **self.read(SheetReviseShape))
        return self.whole(new.pk, 201)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def export(self, request):
        """一个年度的考核表导出为 Excel，一行一份。只含本人看得到的。"""
        asked = self.parameters()
        rows = self.get_queryset().chosen(**asked).current()
        return export.workbook_of(rows, asked["year"], today(), by=self.by)


def with_content(row: Any) -> Any:
    """What is shown beside the columns: the content and its digest, and the vetoes as they are now."""
    content = sheets.sealed(row) if row.state == SheetState.OPEN else row.content
    row.shown_content = content
    row.shown_sha256 = row.content_sha256 or fingerprint(content)
    now = Veto.objects.filter(region_code=row.region_code, year=row.year, party_kind=row.party_kind, party=row.party)
    row.shown_vetoes = [shown_veto(each) for each in now.order_by("effective_from", "pk")]
    return row


# --- vetoes ----------------------------------------------------------------------------------------------------------
class VetoDoor(YearDoor):
    """一票否决"""

    model = Veto
    serializer_class = VetoOut
    ordering = ("-effective_from", "id")
    etag_tables = ("assessment.Veto",)
    filters = {"list": VetoFilters}

    def chosen(self, rows, **asked):
        return rows.chosen(**asked)

    @extend_schema(responses=VetoOut)
    def retrieve(self, request, pk):
        """一条“一票否决”：事由、建议、决定、解除。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=VetoConfirmShape, responses=VetoOut, examples=example("确认否决", {"document": "兴安委〔2026〕3号"})
    )
    def confirm(self, request, pk):
        """确认否决：须有文号。"""
        return self.step(vetoes.confirm, pk, VetoConfirmShape)

    @extend_schema(
        request=VetoRejectShape,
        responses=VetoOut,
        examples=example("不予否决", {"reason": "事故经查由境外车辆过境造成，该乡镇无监管责任"}),
    )
    def reject(self, request, pk):
        """不予否决：须写明理由。"""
        return self.step(vetoes.reject, pk, VetoRejectShape)

    @extend_schema(
        request=VetoLiftShape,
        responses=VetoOut,
        examples=example("解除", {"document": "兴安委〔2026〕9号", "reason": "事故等级经复核更正为一般事故"}),
    )
    def lift(self, request, pk):
        """解除否决：须有文号和理由。"""
        return self.step(vetoes.lift, pk, VetoLiftShape)


# --- key patrol ------------------------------------------------------------------------------------------------------
class KeyPatrolDoor(YearDoor):
    """重点巡查名单"""

    model = KeyPatrol
    serializer_class = KeyPatrolOut
    ordering = ("-year", "region_code", "id")
    etag_tables = ("assessment.KeyPatrol", "assessment.KeyPatrolEntry")
    filters = {"list": KeyPatrolFilters}

    def get_queryset(self):
        return super().get_queryset().prefetch_related(entries())

    def chosen(self, rows, *, year=None, region=None):
        rows = rows.filter(year=year) if year else rows
        return rows.filter(inside(region[:6])) if region else rows

    @extend_schema(responses=KeyPatrolOut)
    def retrieve(self, request, pk):
        """一个年度的重点巡查名单，逐个乡镇的事由和决定。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=KeyPatrolOpenShape, responses={201: KeyPatrolOut}, examples=example("提出名单", {"year": 2026})
    )
    def open_list(self, request):
        """依据上年度的较大事故、较大自然灾害、事故多发提出名单；已有的按现在的事实更新建议。每年一月由系统自动办理。"""
        asked = self.read(KeyPatrolOpenShape)
        row = key_patrol.open_list(county_of(request.user, asked["region"]), asked["year"], by=self.by)
        return self.whole(row.pk, 201)

    @extend_schema(
        request=KeyPatrolAddShape,
        responses={201: KeyPatrolOut},
        examples=example("人工列入", {"township": "141123101", "reason": "连续两年隐患整改率全县最低"}),
    )
    def add(self, request, pk):
        """人工列入一个乡镇，写明理由。"""
        self._check(pk)
        key_patrol.add_by_hand(pk, by=self.by, fresh=self.check_fresh, **self.read(KeyPatrolAddShape))
        return self.whole(pk, 201)

    @extend_schema(request=KeyPatrolConfirmShape, responses=KeyPatrolOut, examples=example("列入", {}))
    def confirm(self, request, pk, entry):
        """列入一个建议的乡镇。事由变动的须重新决定。"""
        return self._decide(pk, entry, "confirm", KeyPatrolConfirmShape)

    @extend_schema(
        request=KeyPatrolRemoveShape,
        responses=KeyPatrolOut,
        examples=example("不列入", {"reason": "事故均为过境车辆造成，已由公安机关专项治理"}),
    )
    def remove(self, request, pk, entry):
        """不列入一个乡镇，写明理由。"""
        return self._decide(pk, entry, "remove", KeyPatrolRemoveShape)

    @extend_schema(
        request=KeyPatrolFixShape,
        responses=KeyPatrolOut,
        examples=example("确定名单", {"document": "兴安委办〔2026〕1号"}),
    )
    def fix(self, request, pk):
        """确定名单：由县安委办或应急局负责人签发，提出和逐个确认的人不能签发；此后不再变动。"""
        return self.step(key_patrol.fix, pk, KeyPatrolFixShape)

    def _check(self, pk) -> None:
        if not self.get_queryset().filter(pk=pk).exists():
            raise NOT_FOUND()

    def _decide(self, pk, entry, step: str, shape) -> Response:
        if not KeyPatrolEntry.objects.filter(
            pk=entry, patrol__in=KeyPatrol.objects.visible_to(self.request.user)
        ).exists():
            raise NOT_FOUND()
        key_patrol.decide(pk, entry, step, by=self.by, fresh=self.check_fresh, **self.read(shape))
        return self.whole(pk)


def entries() -> Prefetch:
    return Prefetch("entries", KeyPatrolEntry.objects.order_by("region_code"), "shown_entries")


# --- larger disasters ------------------------------------------------------------------------------------------------
class LargerDisasterDoor(YearDoor):
    """较大自然灾害"""

    model = LargerDisaster
    serializer_class = LargerDisasterOut
    ordering = ("-happened_on", "id")
    etag_tables = ("assessment.LargerDisaster",)
    filters = {"list": LargerDisasterFilters}

    def chosen(self, rows, **asked):
        return rows.chosen(**asked)

    @extend_schema(
        request=LargerDisasterShape,
        responses={201: LargerDisasterOut},
        examples=example(
            "登记",
            {"township": "141123100", "happened_on": "2025-07-21", "name": "山洪", "document": "兴减灾办〔2025〕6号"},
        ),
    )
    def create(self, request):
        """登记一起较大自然灾害，须有文号；下一年度尚未确定的重点巡查名单随之更新。"""
        row = key_patrol.state_disaster(by=self.by, **self.read(LargerDisasterShape))
        return self.whole(row.pk, 201)

    @extend_schema(
        request=LargerDisasterVoidShape,
        responses=LargerDisasterOut,
        examples=example("作废", {"reason": "经核定为一般灾害"}),
    )
    def void(self, request, pk):
        """作废登记错误的一条，写明理由。"""
        return self.step(key_patrol.void_disaster, pk, LargerDisasterVoidShape)
