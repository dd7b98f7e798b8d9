"""Doors of listed supervision."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema

from enforcement.actions import listing, proposing
from enforcement.models import Listing, ListingProposal
from enforcement.serializers.listing import (
    DelistShape,
    ListingAcceptanceShape,
    ListingAskShape,
    ListingDeclineShape,
    ListingFilters,
    ListingOut,
    ListingProgressShape,
    ListingProposalOut,
    ListingWholeOut,
    ProposalFilters,
    PublishListingShape,
    PutUpShape,
    RegisterApplicationShape,
)
from enforcement.views.register import RegisterDoor
from hazards.models import Hazard
from safety_api.problems import NOT_FOUND

NOTICE = {
    "level": "county",
    "document": "兴安委办督〔2026〕3号",
    "listed_on": "2026-11-20",
    "leader": "高某",
    "leader_post": "分管副县长",
    "responsible_person": "陈矿",
    "measures": "停止二采区作业，补充探查，重新编制设计",
    "funds_yuan": "350000.00",
    "deadline": "2027-01-31",
    "plan": "撤出受威胁区域人员，专人值守水文观测",
    "report_every": "month",
}
ACCEPTED = {"on": "2026-11-23", "acceptance": "现场查验，隐患已消除，同意摘牌"}


def example(name: str, body: dict) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class ListingDoor(RegisterDoor):
    """挂牌督办"""

    model = Listing
    serializer_class = ListingOut
    whole = ListingWholeOut
    ordering = ("-listed_on", "id")
    etag_tables = ("enforcement.Listing", "hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": ListingFilters}

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("reports")

    @extend_schema(responses=ListingWholeOut)
    def retrieve(self, request, pk):
        """一件挂牌督办，含历次进展报告。"""
        return self.shown(self.get_object())

    @extend_schema(request=PutUpShape, responses={201: ListingWholeOut}, examples=example("县级挂牌", NOTICE))
    def put_up(self, request, pk):
        """挂牌：县级须有决定文号；写明责任领导、措施、资金、责任人、时限、预案。该隐患待决定的挂牌建议随之办结。"""
        self._check_hazard(pk)
        return self.added(listing.put_up(pk, by=self.by, fresh=self.check_fresh, **self.read(PutUpShape)))

    @extend_schema(
        request=DelistShape,
        responses=ListingWholeOut,
        examples=example("摘牌", {"document": "兴安委办督〔2027〕1号", "on": "2026-11-23"}),
    )
    def delist(self, request, pk):
        """摘牌：验收合格后，或隐患已撤销、移送、单位关闭时。"""
        self._check_hazard(pk)
        row = listing.delist(pk, by=self.by, fresh=self.check_fresh, **self.read(DelistShape))
        return self.shown(self.get_queryset().get(pk=row.pk))

    def _check_hazard(self, pk) -> None:
        if not Hazard.objects.visible_to(self.request.user).filter(pk=pk).exists():
            raise NOT_FOUND()

    @extend_schema(
        request=PublishListingShape,
        responses=ListingWholeOut,
        examples=example("公告", {"what": "listing", "on": "2026-11-23", "where": "县政府网站"}),
    )
    def publish(self, request, pk):
        """登记挂牌或摘牌公告，期限 5 个工作日。"""
        return self.step(listing.publish, pk, PublishListingShape)

    @extend_schema(
        request=ListingProgressShape,
        responses=ListingWholeOut,
        examples=example("月度进展", {"done": "探查钻孔完成六成", "percent": 60, "funds_spent_yuan": "120000.00"}),
    )
    def progress(self, request, pk):
        """主管部门报告进展，按月或按季度。"""
        return self.step(listing.report_progress, pk, ListingProgressShape)

    @extend_schema(
        request=RegisterApplicationShape,
        responses=ListingWholeOut,
        examples=example("申请验收", {"application": "整改完成，评估报告附后，申请验收"}),
    )
    def apply(self, request, pk):
        """申请验收：由企业主要负责人；单位没有账号的由部门代为登记。"""
        return self.step(listing.apply, pk, RegisterApplicationShape)

    @extend_schema(request=ListingAcceptanceShape, responses=ListingWholeOut, examples=example("验收合格", ACCEPTED))
    def accept(self, request, pk):
        """验收合格：此后隐患方可销号。"""
        return self.step(listing.accept, pk, ListingAcceptanceShape)

    @extend_schema(
        request=ListingAcceptanceShape,
        responses=ListingWholeOut,
        examples=example("验收不合格", {"acceptance": "二采区探查未覆盖，继续整改"}),
    )
    def refuse(self, request, pk):
        """验收不合格：继续督办，整改后再申请。"""
        return self.step(listing.refuse, pk, ListingAcceptanceShape)


class ProposalDoor(RegisterDoor):
    """挂牌建议"""

    model = ListingProposal
    serializer_class = ListingProposalOut
    ordering = ("-proposed_on", "id")
    etag_tables = ("enforcement.ListingProposal", "hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": ProposalFilters}

    @extend_schema(responses=ListingProposalOut)
    def retrieve(self, request, pk):
        """一条挂牌建议。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=ListingAskShape,
        responses={201: ListingProposalOut},
        examples=example(
            "部门提请", {"hazard": "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001", "note": "治理难度大，提请县级挂牌督办"}
        ),
    )
    def create(self, request):
        """部门提请安委办挂牌。逾期、重复、外部因素的重大隐患由系统自动列入。"""
        return self.added(proposing.ask(by=self.by, **self.read(ListingAskShape)))

    @extend_schema(
        request=ListingDeclineShape,
        responses=ListingProposalOut,
        examples=example("不挂牌", {"reason": "已列入市级督办，不重复挂牌"}),
    )
    def decline(self, request, pk):
        """不挂牌，须写明理由。"""
        return self.step(proposing.decline, pk, ListingDeclineShape)
