"""Shapes of people as colleagues see them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.masking import mask_mobile, mask_name
from enterprises.people.directory import CAN, can_be, organ_of
from geo.serializers import RegionParam
from safety_api.doors import Filters
from safety_api.roles import OFFICE, Role
from safety_api.shapes import Out, RecordId, Text

OFFICE_ROLES = [each for each in Role.choices if each[0] in OFFICE]


class PeopleFilters(Filters):
    q = Text(max_length=40, required=False, help_text="姓名、用户名、部门或地名的一部分；几个词以空格分开，须都符合")
    role = serializers.ChoiceField(choices=OFFICE_ROLES, required=False)
    department = Text(max_length=30, required=False)
    region = RegionParam(required=False, default=None)
    enterprise = RecordId(required=False, default=None, help_text="管辖到这个单位（地点和行业）的人")
    can = serializers.ChoiceField(choices=list(CAN.items()), required=False, default=None)
    certified = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="当日持有效执法证")
    on = serializers.DateField(required=False, default=None, help_text="执法证以这一天为准；不写为今天")


class PersonFilters(Filters):
    on = serializers.DateField(required=False, default=None)


class HeldCertificateOut(serializers.Serializer):
    number = serializers.CharField()
    issued_by = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()


class PersonOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.CharField()
    role_name = serializers.CharField(source="get_role_display")
    organ = serializers.SerializerMethodField(help_text="部门；没有登记部门的为乡镇政府、村或本级机构")
    department = serializers.CharField(source="department_id", allow_null=True)
    region = serializers.CharField(help_text="管辖区划")
    sectors = serializers.ListField(child=serializers.CharField(), help_text="管辖行业，空为全部")
    is_leader = serializers.BooleanField()
    phone = serializers.SerializerMethodField(help_text="遮掩中间四位")
    certificate = serializers.SerializerMethodField(help_text="当日有效的执法证，没有为空")
    can = serializers.SerializerMethodField(help_text="可作同行人员、执法人员、承办人")

    def get_organ(self, row: Any) -> str:
        return organ_of(row)

    def get_phone(self, row: Any) -> str:
        return mask_mobile(row.phone)

    @extend_schema_field(HeldCertificateOut(allow_null=True))
    def get_certificate(self, row: Any) -> dict[str, Any] | None:
        return row.certificate

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=list(CAN.items()))))
    def get_can(self, row: Any) -> list[str]:
        return can_be(row)


class UnitAccountOut(Out):
    """An account of a unit, masked: enough to tell whose password is meant."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    is_principal = serializers.BooleanField()
    is_active = serializers.BooleanField()

    def get_name(self, row: Any) -> str:
        return mask_name(row.name)

    def get_phone(self, row: Any) -> str:
        return mask_mobile(row.phone)


class FirstPasswordOut(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField(help_text="初始口令，只在这里显示一次；首次登录须改")
