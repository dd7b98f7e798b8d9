"""OpenAPI 3.1 from the code: names of operations, filters, problems; a test holds the document against the routes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from safety_api.doors import NoFilters
from safety_api.permissions import MAY, route_of
from safety_api.roles import Role

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "trace_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "登记簿中的一个词，永不改名"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
    },
}
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "format": "uuid"},
    OpenApiParameter.HEADER,
    description="同一键与内容只执行一次，保留 30 天",
)
PAGES = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    OpenApiParameter("cursor", str, description="翻页标记，取自 next / previous"),
    OpenApiParameter("count", {"type": "string", "enum": ["true", "false"]}, description="true 时给出 total"),
]


class TokenOfADevice(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.DeviceToken"
    name = "device_token"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "auth/login 给出的终端令牌，30 天有效"}


class KeyOfADevice(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.DeviceKey"
    name = "device_key"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        said = "令牌失效、账号锁定或调动后，凭终端密钥交回手机上未提交的：Device <人员编号>.<device_key>"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}


class KeyOfAProgram(OpenApiAuthenticationExtension):
    target_class = "accounts.keys.authentication.AccessKey"
    name = ["access_key", "access_key_as_password"]

    def get_security_definition(self, auto_schema) -> list[dict[str, str]]:
        said = "访问密钥（auth/keys），只读地图：Key <密钥>"
        return [
            {"type": "apiKey", "in": "header", "name": "Authorization", "description": said},
            {"type": "http", "scheme": "basic", "description": "用户名与访问密钥；口令不收"},
        ]


class SessionOfAPage(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.PageSession"
    name = "page_session"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "网页会话，写操作另需 X-CSRFToken",
        }


class Schema(AutoSchema):
    """What the doors have in common."""

    def get_tags(self) -> list[str]:
        view: Any = self.view
        return [getattr(view, "tag", None) or view.basename]

    def get_operation_id(self) -> str:
        view: Any = self.view
        return f"{view.basename}_{view.action or self.method.lower()}".replace("-", "_").replace(".", "_")

    def get_description(self) -> str:  # type: ignore[override]
        roles = MAY.get(route_of(self.view)) if getattr(self.view, "basename", None) else None
        allowed = f"\n\n岗位：{'、'.join(Role(role).label for role in sorted(roles))}" if roles else ""
        return (super().get_description() or "") + allowed

    def get_override_parameters(self) -> list[Any]:
        declared: list[Any] = []
        if self.method == "POST" and getattr(self.view, "keyed", False):
            declared.append(KEY)
        filters = getattr(self.view, "filters_of_action", lambda: NoFilters)()
        if filters().fields:
            declared.append(filters)
        if getattr(self.view, "action", None) == "list" and getattr(self.view, "paginator", None):
            declared += [*PAGES, *self._order()]
        return declared

    def _order(self) -> list[OpenApiParameter]:
        words = list(getattr(self.view, "sorts", ()))
        return [OpenApiParameter("sort", {"type": "string", "enum": words}, description="减号为倒序")] if words else []

    def _get_paginator(self):
        return super()._get_paginator() if getattr(self.view, "action", None) == "list" else None

    def get_filter_backends(self) -> list[Any]:
        return []


def every_answer_may_be_a_problem(result: dict, generator, request, public) -> dict:
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "问题（RFC 9457）",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"].setdefault("default", answer)
    return result
