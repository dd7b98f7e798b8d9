"""Doors of accountability, joint punishment and the serious-dishonesty list."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema

from enforcement.actions import accountability, dishonesty, joint_punishment
from enforcement.models import Accountability, Dishonesty, JointPunishment
from enforcement.serializers.accountability import (
    AccountabilityFilters,
    AccountabilityOut,
    AccountabilityShape,
    AccountabilityVoidShape,
)
from enforcement.serializers.dishonesty import (
    DishonestyDecisionShape,
    DishonestyDropShape,
    DishonestyFilters,
    DishonestyNoticeShape,
    DishonestyObjectionShape,
    DishonestyOut,
    DishonestyRemovalShape,
    DishonestyRestoreShape,
)
from enforcement.serializers.joint_punishment import (
    PunishmentFilters,
    PunishmentLiftShape,
    PunishmentOut,
    PunishmentShape,
)
from enforcement.serializers.listing import RegisterApplicationShape
from enforcement.serializers.parts import PublicationShape
from enforcement.views.listing import example
from enforcement.views.register import RegisterDoor
from safety_api.roles import KEEPERS, Role

UNIT = "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01"
CASE = {
    "enterprise": UNIT,
    "case": "挂牌隐患逾期未整改，监管不到位",
    "person_name": "丁某",
    "person_unit": "演示·某所",
    "person_post": "所长",
    "authority": "县纪委监委",
    "measure": "admonition",
    "document": "兴纪诫〔2026〕7号",
    "decided_on": "2026-11-20",
}
PUNISHMENT = {
    "enterprise": UNIT,
    "reason": "拒不执行停产整顿指令",
    "basis": "安全生产法 第七十八条",
    "document": "兴安委联惩〔2026〕1号",
    "measures": ["more_inspections", "approvals_suspended"],
    "departments": ["approval", "natural_resources"],
    "held_from": "2026-11-20",
    "held_to": "2027-11-19",
}
NOTICE = {
    "enterprise": UNIT,
    "clause": "7-1",
    "facts": "安全生产许可证被暂扣期间组织生产",
    "penalty_document": "兴应急罚〔2026〕9号",
    "notice_document": "兴应急信告〔2026〕1号",
    "notified_on": "2026-11-10",
}


class AccountabilityDoor(RegisterDoor):
    """追责问责"""

    model = Accountability
    serializer_class = AccountabilityOut
    ordering = ("-decided_on", "id")
    etag_tables = ("enforcement.Accountability", "enterprises.Enterprise")
    filters = {"list": AccountabilityFilters}

    def shape_context(self) -> dict[str, Any]:
        user: Any = self.request.user
        county = user.role in (Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER)
        return {"sees_names": county or user.is_leader, "me": user.pk}

    def chosen(self, rows, *, voided=None, **asked):
        rows = rows.chosen(**asked)
        return rows if voided is None else rows.filter(voided_on__isnull=not voided)

    @extend_schema(responses=AccountabilityOut)
    def retrieve(self, request, pk):
        """一件追责问责。仅县应急局、安委办和本部门可见。"""
        return self.shown(self.get_object())

    @extend_schema(request=AccountabilityShape, responses={201: AccountabilityOut}, examples=example("诫勉", CASE))
    def create(self, request):
        """登记追责问责；部门只登记本部门的。"""
        return self.added(accountability.enter(by=self.by, **self.read(AccountabilityShape)))

    @extend_schema(
        request=AccountabilityVoidShape, responses=AccountabilityOut, examples=example("作废", {"reason": "录入重复"})
    )
    def void(self, request, pk):
        """作废录入有误的记录，保留备查。"""
        return self.step(accountability.void, pk, AccountabilityVoidShape)


class PersonsHidden(RegisterDoor):
    """A register with persons in it: in full only for those who keep it."""

    def shape_context(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {"today": timezone.localdate(), "keeps": user.role in KEEPERS}


class JointPunishmentDoor(PersonsHidden):
    """联合惩戒"""

    model = JointPunishment
    serializer_class = PunishmentOut
    ordering = ("-held_from", "id")
    etag_tables = ("enforcement.JointPunishment", "enterprises.Enterprise")
    filters = {"list": PunishmentFilters}

    def chosen(self, rows, *, in_force=None, carried_out_by=None, **asked):
        rows = rows.chosen(**asked)
        rows = rows if in_force is None else rows.in_force(on=timezone.localdate(), is_so=in_force)
        return rows.carried_out_by(carried_out_by) if carried_out_by else rows

    @extend_schema(responses=PunishmentOut)
    def retrieve(self, request, pk):
        """一件联合惩戒。"""
        return self.shown(self.get_object())

    @extend_schema(request=PunishmentShape, responses={201: PunishmentOut}, examples=example("联合惩戒", PUNISHMENT))
    def create(self, request):
        """登记联合惩戒：对象、措施、实施部门、起止。"""
        return self.added(joint_punishment.impose(by=self.by, **self.read(PunishmentShape)))

    @extend_schema(
        request=PunishmentLiftShape,
        responses=PunishmentOut,
        examples=example("解除", {"document": "兴安委联惩〔2026〕4号", "reason": "已履行义务"}),
    )
    def lift(self, request, pk):
        """提前解除。"""
        return self.step(joint_punishment.lift, pk, PunishmentLiftShape)


class DishonestyDoor(PersonsHidden):
    """严重失信主体名单"""

    model = Dishonesty
    serializer_class = DishonestyOut
    ordering = ("-notified_on", "id")
    etag_tables = ("enforcement.Dishonesty", "enterprises.Enterprise")
    filters = {"list": DishonestyFilters}

    def chosen(self, rows, *, in_force=None, **asked):
        rows = rows.chosen(**asked)
        return rows if in_force is None else rows.in_force(on=timezone.localdate(), is_so=in_force)

    @extend_schema(responses=DishonestyOut)
    def retrieve(self, request, pk):
        """名单中的一个主体。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=DishonestyNoticeShape, responses={201: DishonestyOut}, examples=example("列入前告知", NOTICE)
    )
    def create(self, request):
        """列入前告知当事人，陈述申辩期限随之起算。由作出处罚的应急管理部门办理。"""
        return self.added(dishonesty.notify(by=self.by, **self.read(DishonestyNoticeShape)))

    @extend_schema(
        request=DishonestyObjectionShape,
        responses=DishonestyOut,
        examples=example("陈述申辩", {"objection": "称暂扣期间仅进行维修", "answer": "经复核与事实不符，不予采纳"}),
    )
    def object(self, request, pk):
        """登记陈述申辩及复核意见。"""
        return self.step(dishonesty.object_to, pk, DishonestyObjectionShape)

    @extend_schema(
        request=DishonestyDropShape,
        responses=DishonestyOut,
        examples=example("不予列入", {"reason": "申辩成立，情节不严重"}),
    )
    def drop(self, request, pk):
        """不予列入。"""
        return self.step(dishonesty.drop, pk, DishonestyDropShape)

    @extend_schema(
        request=DishonestyDecisionShape,
        responses=DishonestyOut,
        examples=example("列入", {"document": "兴应急信列〔2026〕1号"}),
    )
    def enlist(self, request, pk):
        """列入决定：期满日和可申请提前移出之日按当日规定计算；单位的分类监管随之封顶（K09）。"""
        return self.step(dishonesty.enlist, pk, DishonestyDecisionShape)

    @extend_schema(
        request=PublicationShape,
        responses=DishonestyOut,
        examples=example("公示", {"where": "国家企业信用信息公示系统"}),
    )
    def publish(self, request, pk):
        """登记公示。"""
        return self.step(dishonesty.publish, pk, PublicationShape)

    @extend_schema(
        request=RegisterApplicationShape,
        responses=DishonestyOut,
        examples=example("申请提前移出", {"application": "已履行处罚决定并完成整改"}),
    )
    def apply_removal(self, request, pk):
        """申请提前移出，列入满 12 个月后。"""
        return self.step(dishonesty.apply_removal, pk, RegisterApplicationShape)

    @extend_schema(
        request=DishonestyRemovalShape,
        responses=DishonestyOut,
        examples=example("提前移出", {"kind": "early", "document": "兴应急信移〔2026〕1号", "reason": "符合条件"}),
    )
    def remove(self, request, pk):
        """移出：期满、提前，或列入决定被撤销。"""
        return self.step(dishonesty.remove, pk, DishonestyRemovalShape)

    @extend_schema(
        request=DishonestyRestoreShape,
        responses=DishonestyOut,
        examples=example("恢复列入", {"document": "兴应急信复〔2026〕1号", "reason": "提前移出申请弄虚作假"}),
    )
    def restore(self, request, pk):
        """撤销提前移出决定，恢复列入状态。"""
        return self.step(dishonesty.restore, pk, DishonestyRestoreShape)
