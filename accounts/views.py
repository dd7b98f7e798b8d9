"""Doors of sign-in and of oneself."""

from django.contrib.auth import logout, update_session_auth_hash
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from accounts import actions, recovery
from accounts.models import Device
from accounts.serializers import CodeAskShape, CodeUseShape, DeviceOut, LoginOut, LoginShape, MeOut, PasswordShape
from accounts.throttles import PerAddress
from safety_api.doors import Door


class LoginDoor(Door):
    """登录。不用 Idempotency-Key：令牌不留存，同一终端再次登录即换成新令牌。"""

    serializer_class = LoginShape
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (PerAddress,)
    keyed = False  # a token is never stored; signing in again on the same device is harmless
    tag = "auth"

    @extend_schema(
        responses=LoginOut,
        examples=[
            OpenApiExample(
                "手机登录",
                {"username": "inspector", "password": "…", "device_id": "phone-1", "device_name": "执法手机"},
                request_only=True,
            )
        ],
    )
    def login(self, request):
        wanted = self.read(LoginShape)
        device_of = {name: wanted.pop(name) for name in ("device_id", "device_name")}
        user = actions.check_person(request._request, **wanted)
        device, token = actions.sign_in(user, **device_of)
        answer = {"token": token, "expires_at": device.expiry, "user": user}
        return Response(LoginOut(answer).data)


class RecoveryDoor(Door):
    """找回口令（企业账号）：验证码发到登记的手机"""

    serializer_class = CodeAskShape
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (PerAddress,)
    keyed = False  # no answer of it is worth keeping, no password may be
    tag = "auth"

    @extend_schema(
        request=CodeAskShape, responses={202: None},
        examples=[OpenApiExample("忘记口令", {"username": "enterprise"}, request_only=True)],
    )  # fmt: skip
    def ask_code(self, request):
        """无论有无此账号都答复 202；短信通道没有开通时答复 409，请改由所在乡镇重置。"""
        recovery.ask(**self.read(CodeAskShape))
        return Response(status=202)

    @extend_schema(
        request=CodeUseShape, responses={204: None},
        examples=[OpenApiExample("用验证码", {"username": "enterprise", "code": "048213", "new": "Xin-Kouling-2026"}, request_only=True)],
    )  # fmt: skip
    def use_code(self, request):
        """验证码十分钟内有效，错五次作废；成功后原有登录全部失效。"""
        recovery.use(**self.read(CodeUseShape))
        return Response(status=204)


class SelfDoor(Door):
    """自己的账号"""

    tag = "auth"
    pagination_class = None  # type: ignore[assignment]
    serializer_class = DeviceOut

    @extend_schema(request=None, responses={204: None})
    def logout(self, request):
        """退出：本终端的登录立即失效。"""
        if isinstance(request.auth, Device):
            actions.sign_out(request.auth, by=request.user)
        else:
            logout(request._request)
        return Response(status=204)

    @extend_schema(
        request=PasswordShape,
        responses={204: None},
        examples=[OpenApiExample("改口令", {"old": "Chuci2026Kouling", "new": "Xin-Kouling-2026"}, request_only=True)],
    )
    def password(self, request):
        """修改口令：本人的其他终端和网页随即退出，本次登录继续有效。"""
        words = self.read(PasswordShape)
        actions.prove_password(request._request, username=request.user.username, password=words["old"])
        actions.change_password(request.user, **words, on=request.auth)
        if request.auth is None:
            update_session_auth_hash(request._request, request.user)  # else this very page would be signed out
        return Response(status=204)

    @extend_schema(responses=MeOut)
    def show(self, request):
        """本人、岗位、管辖和可用的接口。"""
        return Response(MeOut(request.user, context={"today": timezone.localdate()}).data)

    @extend_schema(responses=DeviceOut(many=True))
    def devices(self, request):
        """本人已登录的终端。"""
        devices = request.user.auth_token_set.filter(expiry__gt=timezone.now()).order_by("-created")
        return Response(DeviceOut(devices, many=True, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def revoke(self, request, device_id: str):
        """使一个终端的登录失效（手机遗失）。"""
        actions.revoke_device(request.user, device_id, by=request.user)
        return Response(status=204)
