"""Doors of cases."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema

from enforcement.actions import case
from enforcement.models import Case
from enforcement.serializers.case import CaseFilters, CaseOut, CaseShape, DecisionCorrectionShape, DecisionShape
from enforcement.views.listing import example
from enforcement.views.register import RegisterDoor

OPENED = {"hazard": "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001", "reason": "责令限期整改逾期未改"}
DECIDED = {
    "outcome": "penalty", "penalties": ["fine"], "document": "（兴应急）罚〔2026〕8号", "decided_on": "2026-11-25",
    "amount_yuan": "20000.00", "basis": "安全生产法 第一百零二条",
}  # fmt: skip


class CaseDoor(RegisterDoor):
    """案件"""

    model = Case
    serializer_class = CaseOut
    ordering = ("-opened_on", "id")
    etag_tables = ("enforcement.Case", "hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": CaseFilters}

    def chosen(self, rows, **asked):
        return rows.chosen(**asked)

    @extend_schema(responses=CaseOut)
    def retrieve(self, request, pk):
        """一件案件：由哪条隐患转来，如何处理。"""
        return self.shown(self.get_object())

    @extend_schema(request=CaseShape, responses={201: CaseOut}, examples=example("立案", OPENED))
    def create(self, request):
        """转执法时自动立案；此前已转执法而没有案件的隐患，由此补立。"""
        fields = self.read(CaseShape)
        return self.added(case.open_for(fields.pop("hazard"), by=self.by, **fields))

    @extend_schema(request=DecisionShape, responses=CaseOut, examples=example("罚款", DECIDED))
    def decide(self, request, pk):
        """登记处罚决定（文号、日期、金额），或者不予处罚的理由；此后隐患才可以继续整改。"""
        return self.step(case.decide, pk, DecisionShape)

    @extend_schema(
        request=DecisionCorrectionShape,
        responses=CaseOut,
        examples=example("金额误写", {**DECIDED, "reason": "金额误写"}),
    )
    def correct(self, request, pk):
        """更正登记有误的决定，说明理由；原来的内容留在日志中。"""
        return self.step(case.correct, pk, DecisionCorrectionShape)
