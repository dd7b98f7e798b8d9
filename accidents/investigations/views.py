"""The door of an accident's investigation."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accidents.findings.views import PAPER
from accidents.investigations import investigating, reading
from accidents.investigations.serializers import (
    InvestigationAppraiseShape,
    InvestigationAssessShape,
    InvestigationDayShape,
    InvestigationExtendShape,
    InvestigationMarkShape,
    InvestigationOpenShape,
    InvestigationOut,
    InvestigationPaperShape,
    InvestigationTakeOverShape,
)
from accidents.models import Accident, Investigation
from accidents.reports.views import example
from safety_api.doors import Door
from safety_api.problems import NO_INVESTIGATION
from safety_api.stamps import etag_of


class InvestigationDoor(Door):
    """事故调查"""

    serializer_class = InvestigationOut
    pagination_class = None  # type: ignore[assignment]
    lookup_url_kwarg = "accident_id"

    def get_queryset(self):
        return Accident.objects.visible_to(self.request.user)

    def _shown(self, accident_id: UUID, status: int = 200) -> Response:
        accident = Accident.objects.get(pk=accident_id)
        found = Investigation.objects.filter(accident=accident).first()
        if found is None:
            raise NO_INVESTIGATION()
        body = reading.investigation_of(found, accident)
        return Response(InvestigationOut(body).data, status=status, headers={"ETag": etag_of(found)})

    def step(self, action, accident_id: UUID, shape, status: int = 200) -> Response:
        self.get_object()
        action(accident_id, by=self.by, fresh=self.check_fresh, **self.read(shape))
        return self._shown(accident_id, status)

    @extend_schema(responses=InvestigationOut)
    def show(self, request, accident_id: UUID):
        """调查的层级、期限、技术鉴定、四不放过和评估；期限按今天算出。"""
        self.get_object()
        return self._shown(accident_id)

    @extend_schema(
        request=InvestigationOpenShape,
        responses={201: InvestigationOut},
        examples=example("成立调查组", organiser="兴县人民政府"),
    )
    def open(self, request, accident_id: UUID):
        """成立调查组：层级由等级决定，上级可以提级；煤矿由矿山安全监察机构组织。"""
        return self.step(investigating.open_one, accident_id, InvestigationOpenShape, 201)

    @extend_schema(
        request=InvestigationTakeOverShape, responses=InvestigationOut,
        examples=example("上级接手", level="city", organiser="吕梁市人民政府", document="吕政办函〔2026〕8号"),
    )  # fmt: skip
    def take_over(self, request, accident_id: UUID):
        """等级变化或上级提级：改由另一级组织调查。"""
        return self.step(investigating.take_over, accident_id, InvestigationTakeOverShape)

    @extend_schema(
        request=InvestigationExtendShape, responses=InvestigationOut, examples=example("延长", days=30, **PAPER)
    )
    def extend(self, request, accident_id: UUID):
        """经批准延长：调查报告累计不超过60日；批复仅特别重大事故可延30日。"""
        return self.step(investigating.extend, accident_id, InvestigationExtendShape)

    @extend_schema(
        request=InvestigationAppraiseShape, responses=InvestigationOut,
        examples=example("技术鉴定", what="支护材料检验", begun_on="2026-11-01", ended_on="2026-11-12", document="委托书"),
    )  # fmt: skip
    def appraise(self, request, accident_id: UUID):
        """技术鉴定的起止；所需时间不计入调查期限。"""
        return self.step(investigating.appraise, accident_id, InvestigationAppraiseShape)

    @extend_schema(
        request=InvestigationPaperShape, responses=InvestigationOut,
        examples=example("提交调查报告", on="2026-11-20", document="事故调查报告"),
    )  # fmt: skip
    def submit(self, request, accident_id: UUID):
        """调查报告提交。"""
        return self.step(investigating.submit, accident_id, InvestigationPaperShape)

    @extend_schema(
        request=InvestigationPaperShape, responses=InvestigationOut,
        examples=example("批复", on="2026-11-22", document="兴政函〔2026〕40号"),
    )  # fmt: skip
    def approve(self, request, accident_id: UUID):
        """调查报告的批复。"""
        return self.step(investigating.approve, accident_id, InvestigationPaperShape)

    @extend_schema(
        request=InvestigationMarkShape, responses=InvestigationOut,
        examples=example("原因已查清", mark="cause", on="2026-11-22", document="调查报告第三部分"),
    )  # fmt: skip
    def mark(self, request, accident_id: UUID):
        """四不放过之一已落实，写明依据。"""
        return self.step(investigating.mark, accident_id, InvestigationMarkShape)

    @extend_schema(request=InvestigationDayShape, responses=InvestigationOut, examples=example("结案", on="2026-11-23"))
    def close(self, request, accident_id: UUID):
        """结案：已批复，且四项都已落实。"""
        return self.step(investigating.close, accident_id, InvestigationDayShape)

    @extend_schema(
        request=InvestigationAssessShape, responses=InvestigationOut,
        examples=example("评估", on="2026-11-23", document="评估报告", assessment="整改措施均已落实"),
    )  # fmt: skip
    def assess(self, request, accident_id: UUID):
        """批复后一年内对整改和防范措施落实情况的评估。"""
        return self.step(investigating.assess, accident_id, InvestigationAssessShape)
