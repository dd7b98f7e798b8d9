"""Doors of the administrators of accounts: what may be done to whom is said by `accounts.administering`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.validators import validate_email
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from accounts import administering as actions
from accounts.masking import is_landline, is_mobile, mask_email, mask_mobile, plain
from accounts.models import Certificate, User
from accounts.serializers import UserOut
from enterprises.models import Enterprise
from enterprises.people.serializers import FirstPasswordOut
from geo.serializers import RegionParam
from reference.models import Department, Sector
from safety_api.days import check_term
from safety_api.doors import Door, Filters
from safety_api.problems import ENDS_BEFORE_START
from safety_api.roles import ADMINS, OFFICE, Role
from safety_api.shapes import Out, PastDay, RecordId, Shape, Text, reason


# --- shapes -----------------------------------------------------------------------------------------------------------
class PostShape(Shape):
    """A post: an office's has a place, a unit's a unit, an administrator's neither."""

    role = serializers.ChoiceField(choices=Role.choices)
    region = RegionParam(required=False, allow_blank=True, default="")
    sectors = serializers.ListField(child=Text(max_length=30), required=False, default=list, max_length=20)
    department = Text(max_length=30, required=False, allow_null=True, default=None, source="department_id")
    enterprise = RecordId(required=False, allow_null=True, default=None, source="enterprise_id")
    is_leader = serializers.BooleanField(required=False, default=False)
    is_principal = serializers.BooleanField(required=False, default=False)

    def validate_sectors(self, codes: list[str]) -> list[str]:
        return (
            codes if Sector.objects.filter(pk__in=codes).count() == len(set(codes)) else _refuse("没有这个行业领域。")
        )

    def validate_department(self, code: str | None) -> str | None:
        return code if code is None or Department.objects.filter(pk=code).exists() else _refuse("没有这个部门。")

    def validate_enterprise(self, key: UUID | None) -> UUID | None:
        return key if key is None or Enterprise.objects.filter(pk=key).exists() else _refuse("没有这个单位。")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        post = super().to_internal_value(data)
        for name, sentence in _faults(post):
            raise ValidationError({name: [ErrorDetail(sentence, "invalid")]})
        return post


def _refuse(sentence: str) -> Any:
    raise ValidationError([ErrorDetail(sentence, "invalid")])


def _faults(post: dict[str, Any]) -> Any:
    """An account that could see nothing, or what is not its, is a mistake."""
    role, region, unit = Role(post["role"]), post["region"], post["enterprise_id"]
    if role in OFFICE and not region:
        yield "region", "这个岗位须有管辖区划。"
    if role == Role.ENTERPRISE_OFFICER and not unit:
        yield "enterprise", "企业安全员须有本单位。"
    if role != Role.ENTERPRISE_OFFICER and unit:
        yield "enterprise", "只有企业安全员有本单位。"
    if role in ADMINS and region:
        yield "region", "三类管理员没有管辖区划和本单位。"


class Telephone(Text):
    def to_internal_value(self, data: Any) -> str:
        text = plain(super().to_internal_value(data))
        if text and not (is_mobile(text) or is_landline(text)):
            raise ValidationError([ErrorDetail("电话号码不正确。", "invalid")])
        return text


class Mailbox(Text):
    def to_internal_value(self, data: Any) -> str:
        text = plain(super().to_internal_value(data))
        if text:
            validate_email(text)
        return text


class AccountShape(PostShape):
    username = Text(max_length=40, min_length=2)
    name = Text(max_length=60)
    phone = Telephone(max_length=20, required=False, allow_blank=True, default="")
    email = Mailbox(max_length=120, required=False, allow_blank=True, default="", help_text="通知可发到这里")
    may_investigate = serializers.BooleanField(required=False, default=False)
    legal_reviewer = serializers.BooleanField(required=False, default=False)


class AccountPatch(Shape):
    name = Text(max_length=60, required=False)
    phone = Telephone(max_length=20, required=False, allow_blank=True)
    email = Mailbox(max_length=120, required=False, allow_blank=True)
    may_investigate = serializers.BooleanField(required=False)
    legal_reviewer = serializers.BooleanField(required=False)


class WhyShape(Shape):
    reason = reason()


class GivePostShape(PostShape):
    first = serializers.DateField(required=False, allow_null=True, default=None, help_text="从哪天起，不写为现在")
    last = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="到哪天止，期满无新任职即停用"
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        post = super().to_internal_value(data)
        post["first"] = post["first"] or timezone.localdate()
        if post["last"] and post["last"] < max(post["first"], timezone.localdate()):
            raise ENDS_BEFORE_START.at("/last")
        return post


class CertificateShape(Shape):
    number = Text(max_length=40)
    issued_by = Text(max_length=80)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        days = super().to_internal_value(data)
        check_term(days["valid_from"], days["valid_to"], at="/valid_to")
        return days


class RevokeShape(WhyShape):
    on = PastDay()


class AccountFilters(Filters):
    q = Text(max_length=40, required=False, help_text="用户名或姓名的一部分")
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    active = serializers.BooleanField(required=False, allow_null=True, default=None)


class AccountOut(UserOut):
    phone = serializers.SerializerMethodField(help_text="遮掩中间四位")
    email = serializers.SerializerMethodField(help_text="遮掩")
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()

    def get_phone(self, row: Any) -> str:
        return mask_mobile(row.phone)

    def get_email(self, row: Any) -> str:
        return mask_email(row.email)


class NewAccountOut(serializers.Serializer):
    account = AccountOut()
    password = serializers.CharField(help_text="初始口令，只在这里显示一次；首次登录须改")


class PostOut(Out):
    id = serializers.IntegerField()
    role = serializers.CharField()
    role_name = serializers.CharField(source="get_role_display")
    region = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField(source="department_id", allow_null=True)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    is_leader = serializers.BooleanField()
    is_principal = serializers.BooleanField()
    held_from = serializers.DateTimeField()
    held_to = serializers.DateTimeField(allow_null=True, help_text="不含")
    begun_at = serializers.DateTimeField(allow_null=True, help_text="空为尚未到任")


class CertificateOut(Out):
    id = serializers.IntegerField()
    number = serializers.CharField()
    issued_by = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    revoked_on = serializers.DateField(allow_null=True)


class SecondFactorOut(serializers.Serializer):
    address = serializers.CharField(help_text="otpauth:// 地址，只在这里显示一次，由本人扫入验证器")


# --- doors ------------------------------------------------------------------------------------------------------------
INSPECTOR = {
    "username": "zhangxun",
    "name": "张巡",
    "role": "inspector",
    "region": "141123100",
    "sectors": ["coal_mine"],
}
POST = {"role": "township_officer", "region": "141123101", "first": "2027-01-04"}
CERTIFICATE = {
    "number": "晋J00001",
    "issued_by": "山西省人民政府",
    "valid_from": "2026-01-01",
    "valid_to": "2030-12-31",
}


def example(name: str, body: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class AccountDoor(Door):
    """账号：由系统管理员、安全保密管理员办理他人的账号、任职和执法证"""

    serializer_class = AccountOut
    ordering = ("username",)
    keyed = False  # a first password is never stored
    filters = {"list": AccountFilters}

    def get_queryset(self) -> Any:
        return User.objects.all()

    def chosen(self, rows, *, active, q="", **equal):
        rows = rows.filter(**equal)
        rows = rows.filter(username__icontains=q) | rows.filter(name__icontains=q) if q else rows
        return rows if active is None else rows.filter(is_active=active)

    def page_of(self, rows) -> Response:
        return self.get_paginated_response(AccountOut(self.paginate_queryset(rows), many=True).data)

    def retrieve(self, request, pk: UUID):
        """一个账号。"""
        self.parameters()
        return Response(AccountOut(self.get_object()).data)

    @extend_schema(request=AccountShape, responses={201: NewAccountOut}, examples=example("检查员", INSPECTOR))
    def create(self, request):
        """建立账号，任职自现在起；初始口令交给本人，首次登录须改。"""
        user, password = actions.create(by=self.by, **self.read(AccountShape))
        return Response(NewAccountOut({"account": user, "password": password}).data, status=201)

    @extend_schema(request=AccountPatch, responses=AccountOut, examples=example("换手机", {"phone": "13812345678"}))
    def edit(self, request, pk: UUID):
        """更正姓名、手机和附加职责；岗位、管辖经任职办理。"""
        return Response(AccountOut(actions.edit(pk, by=self.by, **self.read(AccountPatch))).data)

    @extend_schema(request=WhyShape, responses=AccountOut, examples=example("离职", {"reason": "调离"}))
    def disable(self, request, pk: UUID):
        """停用：登录立即失效，所做的记录保留。"""
        return Response(AccountOut(actions.set_active(pk, False, by=self.by, **self.read(WhyShape))).data)

    @extend_schema(request=WhyShape, responses=AccountOut, examples=example("复职", {"reason": "借调结束"}))
    def enable(self, request, pk: UUID):
        """重新启用。"""
        return Response(AccountOut(actions.set_active(pk, True, by=self.by, **self.read(WhyShape))).data)

    @extend_schema(request=None, responses=FirstPasswordOut)
    def reset_password(self, request, pk: UUID):
        """重置口令：原有登录全部失效，锁定解除。"""
        user, password = actions.reset_password(pk, by=self.by)
        return Response({"username": user.username, "password": password})

    @extend_schema(request=None, responses=SecondFactorOut)
    def bind_second_factor(self, request, pk: UUID):
        """绑定动态口令；原来的作废。"""
        return Response({"address": actions.bind_second_factor(pk, by=self.by)})


class AccountPartDoor(Door):
    """任职和执法证"""

    pagination_class = None  # type: ignore[assignment]
    serializer_class = PostOut
    tag = "accounts"

    def get_queryset(self) -> Any:
        return User.objects.all()

    def _shown(self, rows: Any, shape: Any) -> Response:
        return Response([shape().to_representation(row) for row in rows])

    @extend_schema(responses=PostOut(many=True))
    def posts(self, request, pk: UUID):
        """全部任职，最近的在前。"""
        self.parameters()
        return self._shown(self.get_object().posts.order_by("-held_from", "-pk"), PostOut)

    @extend_schema(request=GivePostShape, responses={201: PostOut}, examples=example("调动", POST))
    def give_post(self, request, pk: UUID):
        """任职：前一任职到此为止；将来的到日生效，期满无新任职的账号停用。"""
        return Response(
            PostOut().to_representation(actions.give_post(pk, by=self.by, **self.read(GivePostShape))), status=201
        )

    @extend_schema(responses={204: None})
    def withdraw_post(self, request, pk: UUID, post_id: int):
        """撤回尚未到任的任职。"""
        actions.withdraw_post(pk, post_id, by=self.by)
        return Response(status=204)

    @extend_schema(responses=CertificateOut(many=True))
    def certificates(self, request, pk: UUID):
        """全部执法证，最近的在前。"""
        self.parameters()
        return self._shown(
            Certificate.objects.filter(user=self.get_object()).order_by("-valid_to", "-pk"), CertificateOut
        )

    @extend_schema(request=CertificateShape, responses={201: CertificateOut}, examples=example("登记", CERTIFICATE))
    def add_certificate(self, request, pk: UUID):
        """登记执法证。"""
        row = actions.add_certificate(pk, by=self.by, **self.read(CertificateShape))
        return Response(CertificateOut().to_representation(row), status=201)

    @extend_schema(
        request=RevokeShape,
        responses=CertificateOut,
        examples=example("注销", {"on": "2026-11-30", "reason": "调离执法岗位"}),
    )
    def revoke_certificate(self, request, pk: UUID, certificate_id: int):
        """注销：自该日起无效，以前签署的不受影响。"""
        row = actions.revoke_certificate(pk, certificate_id, by=self.by, **self.read(RevokeShape))
        return Response(CertificateOut().to_representation(row))
