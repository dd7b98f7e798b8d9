"""Shapes of people and devices."""

from datetime import date
from functools import cache
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.authorities import offered_to
from accounts.deputies import leaders_of
from accounts.models import Certificate, User
from safety_api.kept import KeptStatement
from safety_api.permissions import MAY
from safety_api.shapes import Out, Shape, Text


class LoginShape(Shape):
    username = Text(max_length=40)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    otp = Text(max_length=10, required=False, allow_blank=True, default="")
    device_id = Text(max_length=80)
    device_name = Text(max_length=80, required=False, allow_blank=True, default="")
    device_key = Text(
        max_length=60, required=False, allow_null=True, allow_blank=True, default=None,
        help_text="登录时得到的终端密钥；第一次为空。他人输错口令造成的锁定不影响持有密钥的终端",
    )  # fmt: skip


class PasswordShape(Shape):
    old = serializers.CharField(max_length=200, trim_whitespace=False)
    new = serializers.CharField(max_length=200, trim_whitespace=False)


class CodeAskShape(Shape):
    username = Text(max_length=40)


class CodeUseShape(Shape):
    username = Text(max_length=40)
    code = Text(max_length=6, min_length=6)
    new = serializers.CharField(max_length=200, trim_whitespace=False)


class UserOut(Out):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    role_name = serializers.CharField(source="get_role_display")
    region = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField(source="department_id", allow_null=True)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    is_leader = serializers.BooleanField()
    is_principal = serializers.BooleanField()
    may_investigate = serializers.BooleanField()
    legal_reviewer = serializers.BooleanField()
    must_change_password = serializers.BooleanField()
    is_demo = serializers.BooleanField()


class StandsInOut(Out):
    leader = serializers.UUIDField(help_text="请求头 Acting-For 的值")
    name = serializers.CharField()
    role_name = serializers.CharField()
    held_from = serializers.DateField()
    held_to = serializers.DateField()


@cache
def routes_of(role: str) -> list[str]:
    return sorted(route for route, roles in MAY.items() if role in roles)


VALID = KeptStatement(
    lambda user, today: Certificate.objects.valid(on=today).filter(user=user).values_list("pk")[:1],
    (UUID(int=1), date(1901, 1, 1)), (UUID(int=2), date(1902, 1, 1)),
)  # fmt: skip


class MeOut(UserOut):
    stands_in_for = serializers.SerializerMethodField(help_text="今天代理谁的职务")
    acting_for = serializers.SerializerMethodField(help_text="本请求代理谁（Acting-For）")
    may = serializers.SerializerMethodField()
    certificate_valid = serializers.SerializerMethodField()
    authorities = serializers.SerializerMethodField(help_text="今天可供选择的检查名义（authority）；现场已作的记录照收")
    authorities_note = serializers.SerializerMethodField(help_text="为什么不提供行政检查名义；提供时为空")

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_acting_for(self, user: User) -> UUID | None:
        return getattr(user, "acting_for", None)

    def get_authorities(self, user: User) -> list[str]:
        return offered_to(user, self.context["today"])[0]

    def get_authorities_note(self, user: User) -> str:
        return offered_to(user, self.context["today"])[1]

    def get_may(self, user: User) -> list[str]:
        """The routes open to this role."""
        return routes_of(user.role)

    @extend_schema_field(StandsInOut(many=True))
    def get_stands_in_for(self, user: User) -> list[dict]:
        return list(StandsInOut(leaders_of(user, self.context["today"]), many=True).data)

    def get_certificate_valid(self, user: User) -> bool:
        """Whether an enforcement certificate is valid today."""
        return bool(VALID.rows(user.pk, self.context["today"]))


class SignInLockOut(serializers.Serializer):
    began_at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    failures = serializers.IntegerField()
    addresses = serializers.ListField(child=serializers.CharField(), help_text="网络地址的前一部分")
    device_name = serializers.CharField(help_text="在哪个已知终端上；空为其他终端")


class LoginOut(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    user = UserOut()
    device_key = serializers.CharField(required=False, help_text="请求中有 device_key 时；请妥善保存，下次登录时带上")
    locks = SignInLockOut(
        many=True, required=False, help_text="上次登录以来因连续输错口令的锁定，只告知一次；没有时不出现"
    )


class DeviceOut(serializers.Serializer):
    device_id = serializers.CharField()
    device_name = serializers.CharField()
    created = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(source="expiry")
    this_one = serializers.SerializerMethodField()

    def get_this_one(self, device) -> bool:
        return device == self.context["request"].auth
