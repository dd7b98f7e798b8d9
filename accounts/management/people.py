"""What the commands of the first week have in common: finding a person, sentences instead of tracebacks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from reference.models import Department, Sector
from safety_api.problems import Problem
from safety_api.roles import ADMINS, OFFICE, Role

# What the table's own constraints mean.
MEANINGS = {
    "user_region_is_a_prefix": "管辖区划应为 2、4、6、9 或 12 位数字，例如 141123 或 141123100。",
    "user_unit_only_for_enterprise_officers": "只有企业安全员（enterprise_officer）有本单位。",
    "user_admin_has_no_jurisdiction": "三类管理员没有管辖区划和本单位。",
    "user_role_is_known": "没有这个岗位。",
}
FIELDS = {
    "username": "用户名",
    "name": "姓名",
    "role": "岗位",
    "region": "管辖区划",
    "phone": "手机",
    "email": "电子邮箱",
    "password": "口令",
}


class PersonCommand(BaseCommand):
    """Set `do`, which raises as actions do."""

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")

    def handle(self, *, username: str, **options):
        try:
            self.do(person(username), **options)
        except (ValidationError, Problem) as error:
            raise CommandError(sentence(error)) from None

    def do(self, user: User, **options) -> None:
        raise NotImplementedError


def person(username: str) -> User:
    try:
        return User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        raise CommandError(f"没有用户名为 {username} 的账号。") from None


def sentence(error: ValidationError | Problem) -> str:
    if isinstance(error, Problem):
        return " ".join(
            [error.kind.zh.format_map({"detail": "", **error.values}), *(e["detail"] for e in error.errors)]
        )
    if not hasattr(error, "error_dict"):
        return " ".join(_meaning(text) for text in error.messages)
    return " ".join(
        f"{FIELDS.get(name, name)}：{_meaning(text)}" if name != "__all__" else _meaning(text)
        for name, texts in error.message_dict.items()
        for text in texts
    )


def _meaning(text: str) -> str:
    return next((said for name, said in MEANINGS.items() if name in text), text)


def add_jurisdiction(parser, *, roles_required: bool) -> None:
    parser.add_argument("--role", required=roles_required, choices=Role.values, help="岗位")
    parser.add_argument("--region", help="管辖区划代码的前几位，例如 141123（全县）、141123100（一个乡镇）")
    parser.add_argument("--sectors", nargs="*", help="管辖行业的代码；不写为全部")
    parser.add_argument("--enterprise", dest="enterprise_id", help="企业安全员的本单位（编号）")


def jurisdiction_of(options: dict[str, Any]) -> dict[str, Any]:
    """The given ones only. Raises CommandError for a sector that does not exist."""
    given = {
        name: options[name] for name in ("role", "region", "sectors", "enterprise_id") if options.get(name) is not None
    }
    unknown = set(given.get("sectors", ())) - set(Sector.objects.values_list("code", flat=True))
    if unknown:
        raise CommandError(f"没有这个行业领域：{'、'.join(sorted(unknown))}。")
    return given


def check_whole(role: str, region: str, enterprise_id: Any) -> None:
    """An account that could see nothing is a mistake. Raises CommandError."""
    if role in OFFICE and not region:
        raise CommandError("这个岗位须有管辖区划：--region 141123 为全县。")
    if role == Role.ENTERPRISE_OFFICER and not enterprise_id:
        raise CommandError("企业安全员须有本单位：--enterprise 单位编号。")
    if role in ADMINS and (region or enterprise_id):
        raise CommandError(MEANINGS["user_admin_has_no_jurisdiction"])


def department_id(code: str | None) -> str | None:
    """Raises CommandError."""
    if code and not Department.objects.filter(code=code).exists():
        raise CommandError(f"没有这个部门：{code}。")
    return code
