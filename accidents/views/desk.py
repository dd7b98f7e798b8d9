"""Doors of the duty desk: what is due, who took it, twins, findings, investigations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accidents import desk
from accidents.actions import investigating, joining, reminding, wrongful
from accidents.actions import legs as actions_legs
from accidents.models import Accident, DuplicatePair, Investigation, Reminder, ReportLeg
from accidents.serializers.accidents import AccidentOut, LegOut, WrongReportOut
from accidents.serializers.desk import (
    DueLegOut,
    DuplicateFilters,
    DuplicateJoinShape,
    DuplicatePairOut,
    DuplicateReasonShape,
    InvestigationAppraiseShape,
    InvestigationAssessShape,
    InvestigationDayShape,
    InvestigationExtendShape,
    InvestigationMarkShape,
    InvestigationOpenShape,
    InvestigationOut,
    InvestigationPaperShape,
    InvestigationTakeOverShape,
    LegFilters,
    LegReceiveShape,
    LegSendShape,
    LevelToldShape,
    ReportReminderFilters,
    ReportReminderOut,
    RescueEndedShape,
    WrongReportRevokeShape,
    WrongReportShape,
)
from accidents.views.accidents import UNIT, AccidentDoor, named_units
from safety_api.doors import Door
from safety_api.problems import NO_INVESTIGATION, NOT_FOUND
from safety_api.stamps import etag_of

PAPER = {"document": "兴应急认〔2026〕4号", "approved_by": "县应急管理局局长办公会"}


def example(name: str, **body: Any) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class CaseDoor(AccidentDoor):
    """One accident's reports: further steps."""

    filters = {}

    def _act(self, action, accident_id: UUID, shape, **more: Any) -> Any:
        if not Accident.objects.visible_to(self.request.user).filter(pk=accident_id).exists():
            raise NOT_FOUND()  # before the body is judged
        return action(accident_id, by=self.by, fresh=self.check_fresh, **more, **self.read(shape))

    def _accident(self, accident_id: UUID, status: int = 200) -> Response:
        return self._whole(Accident.objects.prefetch_related(named_units()).get(pk=accident_id), status)

    def _leg(self, leg_id: int) -> Response:
        leg = desk.shown(desk.with_people(ReportLeg.objects.filter(pk=leg_id)), timezone.now())[0]
        return Response(LegOut(leg).data)

    @extend_schema(
        request=LegSendShape, responses=LegOut,
        examples=example("电话报市", channel="telephone", sent_at="2026-11-23T10:05:00+08:00", told_to="市局值班室 李"),
    )  # fmt: skip
    def send_leg(self, request, accident_id: UUID, leg_id: int):
        """登记一个环节已上报：何时、以何种方式、对方谁接的。下一级应报的环节随之开始计时。"""
        self._act(actions_legs.send_leg, accident_id, LegSendShape, leg_id=leg_id)
        return self._leg(leg_id)

    @extend_schema(request=LegReceiveShape, responses=LegOut, examples=example("签收", person=""))
    def receive_leg(self, request, accident_id: UUID, leg_id: int):
        """签收：本级收到并阅知；县以上各级由县值班室代登，写明签收人。"""
        self._act(actions_legs.receive_leg, accident_id, LegReceiveShape, leg_id=leg_id)
        return self._leg(leg_id)

    @extend_schema(
        request=LevelToldShape, responses=AccidentOut,
        examples=example("核实接报时间", level="enterprise", at="2026-11-23T08:20:00+08:00", reason="调度台录音"),
    )  # fmt: skip
    def told(self, request, accident_id: UUID):
        """核实某一层级何时知悉：该层级的时限由此重新起算。"""
        self._act(actions_legs.state_told, accident_id, LevelToldShape)
        return self._accident(accident_id)

    @extend_schema(
        request=RescueEndedShape, responses=AccidentOut, examples=example("救援结束", at="2026-11-25T18:00:00+08:00")
    )
    def rescue_ended(self, request, accident_id: UUID):
        """救援结束：不再每日续报。"""
        self._act(actions_legs.end_rescue, accident_id, RescueEndedShape)
        return self._accident(accident_id)

    @extend_schema(
        request=DuplicateJoinShape,
        responses=AccidentOut,
        examples=example("并入", into=UNIT, reason="同一起冒顶，时间地点一致"),
    )
    def join(self, request, accident_id: UUID):
        """同一起事故：本条并入另一条，数字只计一次，两边的报告、照片、环节都保留。"""
        self._act(joining.join, accident_id, DuplicateJoinShape)
        return self._accident(accident_id)

    @extend_schema(request=DuplicateReasonShape, responses=AccidentOut, examples=example("撤销合并", reason="经核实为两起"))
    def separate(self, request, accident_id: UUID):
        """撤销合并：本条恢复单独计算。"""
        self._act(joining.separate, accident_id, DuplicateReasonShape)
        return self._accident(accident_id)

    @extend_schema(responses=DuplicatePairOut(many=True))
    def twins(self, request, accident_id: UUID):
        """与本条疑似同一起的记录，按时间和地点提出，由人判断。"""
        self.get_object()
        rows = DuplicatePair.objects.of(accident_id).visible_to(request.user).select_related("first", "second")
        return Response(DuplicatePairOut(rows.order_by("-id")[:50], many=True).data)

    @extend_schema(responses=WrongReportOut(many=True))
    def findings(self, request, accident_id: UUID):
        """迟报、漏报、谎报、瞒报、误报的认定，连同已撤销的。"""
        return Response(WrongReportOut(desk.findings_of(self.get_object()), many=True).data)

    @extend_schema(
        request=WrongReportShape, responses={201: WrongReportOut(many=True)},
        examples=example("瞒报", kind="concealed", level="enterprise", enterprise=UNIT,
                         evidence="调度记录与入井人员定位证实，时限内未报告", **PAPER),
    )  # fmt: skip
    def find(self, request, accident_id: UUID):
        """认定违规报告，须有证据、文书和批准人。谎报、瞒报同时记为该单位的事实，影响分类。"""
        self._act(wrongful.find, accident_id, WrongReportShape)
        return Response(WrongReportOut(desk.findings_of(self.get_object()), many=True).data, status=201)

    @extend_schema(
        request=WrongReportRevokeShape, responses={201: WrongReportOut(many=True)},
        examples=example("撤销认定", reason="复核认定已按时电话报告", **PAPER),
    )  # fmt: skip
    def revoke(self, request, accident_id: UUID, finding_id: int):
        """以新的认定撤销：原认定保留可查，单位事实撤回。"""
        self._act(wrongful.revoke, accident_id, WrongReportRevokeShape, finding_id=finding_id)
        return Response(WrongReportOut(desk.findings_of(self.get_object()), many=True).data, status=201)


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
        body = desk.investigation_of(found, accident)
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


class ReportLegDoor(Door):
    """应报环节"""

    serializer_class = DueLegOut
    ordering = ("due_at", "id")
    filters = {"list": LegFilters}

    def get_queryset(self):
        return desk.with_people(ReportLeg.objects.visible_to(self.request.user).select_related("accident"))

    def list(self, request, *args, **kwargs):
        """实时的应报清单：谁应在何时以前报告谁，按时限先后。随时间变化，不作缓存。"""
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, due="open", within=30, **asked):
        now, rows = timezone.now(), rows.chosen(**asked)
        soon = now + timedelta(minutes=within)
        ways = {"open": rows.owed, "all": rows.all}
        if due == "overdue":
            return rows.overdue(now)
        return rows.in_time(now).filter(due_at__lte=soon) if due == "soon" else ways[due]()

    def page_of(self, rows) -> Response:
        legs = desk.shown(self.paginate_queryset(rows) or [], timezone.now())
        return self.get_paginated_response(DueLegOut(legs, many=True).data)


class ReminderDoor(Door):
    """报告提醒"""

    serializer_class = ReportReminderOut
    ordering = ("-made_at", "-id")
    filters = {"list": ReportReminderFilters}
    lookup_url_kwarg = "reminder_id"

    def get_queryset(self):
        return Reminder.objects.visible_to(self.request.user).select_related("leg")

    def chosen(self, rows, *, unseen=False):
        return rows.filter(seen_at=None) if unseen else rows

    @extend_schema(request=None, responses=ReportReminderOut)
    def seen(self, request, reminder_id: int):
        """已阅。"""
        return Response(ReportReminderOut(reminding.see(reminder_id, by=self.by)).data)


class DuplicateDoor(Door):
    """疑似同一起的事故"""

    serializer_class = DuplicatePairOut
    ordering = ("-id",)
    filters = {"list": DuplicateFilters}
    lookup_url_kwarg = "pair_id"

    def get_queryset(self):
        return DuplicatePair.objects.visible_to(self.request.user).select_related("first", "second")

    def chosen(self, rows, *, state, accident=None):
        rows = rows.filter(state=state)
        return rows.of(accident) if accident else rows

    @extend_schema(
        request=DuplicateReasonShape, responses=DuplicatePairOut, examples=example("不是同一起", reason="相邻两矿各一起")
    )
    def dismiss(self, request, pair_id: int):
        """不是同一起：不再提示。"""
        if not self.get_queryset().filter(pk=pair_id).exists():
            raise NOT_FOUND()
        pair = joining.dismiss(pair_id, by=self.by, **self.read(DuplicateReasonShape))
        return Response(DuplicatePairOut(self.get_queryset().get(pk=pair.pk)).data)
