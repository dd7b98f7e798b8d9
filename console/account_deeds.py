"""What the administrators of accounts can do with a person: the rows of deeds.py for it. Which of the two may do what is decided by the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.deeds import Body, Deed, asked, lines_of
from console.step_forms import Control
from safety_api.roles import Role

REASON = Control("reason", "理由", "area", True, most=1000)
FLAGS = {"is_leader": "单位（机关）负责人", "is_principal": "企业主要负责人"}
DUTIES = {"may_investigate": "可组织事故调查", "legal_reviewer": "法制审核人员"}
YES = (("true", "是"),)


def _flag(name: str, label: str) -> Control:
    return Control(name, label, "choice", False, choices=(*YES, ("false", "否")))


def _with_flags(*names: str, flags: Mapping[str, str]) -> Any:
    return lambda row, typed: {**asked(*names)(row, typed), **{name: typed[name] == "true" for name in flags if typed.get(name)}}


def _post(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
    """A village is typed, a township or the county chosen."""
    said = _with_flags("role", "department", "enterprise", "first", "last", flags=FLAGS)(row, typed)
    region, sectors = typed.get("village", "").strip() or typed.get("region", ""), lines_of(typed.get("sectors", ""))
    return {**said, **({"region": region} if region else {}), **({"sectors": sectors} if sectors else {})}


def _new(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
    return {**_post(row, typed), **_with_flags("username", "name", "phone", "email", flags=DUTIES)(row, typed)}


PERSON = (
    Control("name", "姓名", "text", True, most=60), Control("phone", "手机", "text", False, most=20),
    Control("email", "电子邮件", "text", False, most=120, hint="通知可发到这里"), *(_flag(*each) for each in DUTIES.items()),
)  # fmt: skip
POST = (
    Control("role", "岗位", "choice", True, choices=tuple(Role.choices)),
    Control("region", "管辖", "choice", False, hint="三类管理员和企业安全员没有管辖"),
    Control("village", "村（社区）的十二位代码", "text", False, most=12),
    Control("sectors", "只管这些行业领域", "many", False, hint="不选为全部"),
    Control("department", "部门", "choice", False),
    Control("enterprise", "企业安全员的单位编号", "text", False, most=36),
    *(_flag(*each) for each in FLAGS.items()),
)  # fmt: skip
ACCOUNT = "accounts/{key}"
NEW = Deed(
    "建立账号", "accounts.create", "accounts", "account", "初始口令只显示一次，交给本人；首次登录须改",
    (Control("username", "用户名", "text", True, most=40), *PERSON, *POST), _new,
)  # fmt: skip
DEEDS: dict[str, Deed] = {
    "edit": Deed(
        "更正姓名、联系方式、附加职责", "accounts.edit", ACCOUNT, "account", "没有填的照旧；岗位、管辖经任职办理",
        tuple(each._replace(required=False) for each in PERSON), _with_flags("name", "phone", "email", flags=DUTIES), method="PATCH",
    ),
    "disable": Deed("停用", "accounts.disable", f"{ACCOUNT}/disable", "account", "登录立即失效，所做的记录保留", (REASON,), asked("reason")),
    "enable": Deed("重新启用", "accounts.enable", f"{ACCOUNT}/enable", "account", "", (REASON,), asked("reason")),
    "reset-password": Deed(
        "重置口令", "accounts.reset_password", f"{ACCOUNT}/reset-password", "account", "原有登录全部失效，锁定解除；新口令只显示一次", (), asked(),
    ),
    "bind": Deed(
        "绑定动态口令", "accounts.bind_second_factor", f"{ACCOUNT}/second-factor", "account",
        "原来的作废；二维码只显示一次，由本人当面扫入验证器", (), asked(),
    ),
    "post": Deed(
        "任职、调动", "accounts.give_post", f"{ACCOUNT}/posts", "posts", "前一任职到此为止；将来的到日生效，期满无新任职的账号停用",
        (*POST, Control("first", "自", "date", False, hint="不填为现在"), Control("last", "至（含）", "date", False)), _post,
    ),
    "withdraw": Deed("撤回这一任职", "accounts.withdraw_post", f"{ACCOUNT}/posts/{{of}}", "posts", "尚未到任的", (), asked(), method="DELETE"),
    "certificate": Deed(
        "登记执法证", "accounts.add_certificate", f"{ACCOUNT}/certificates", "certificates", "",
        (
            Control("number", "证号", "text", True, most=40), Control("issued_by", "发证机关", "text", True, most=80),
            Control("valid_from", "有效自", "date", True), Control("valid_to", "有效至（含）", "date", True),
        ), asked("number", "issued_by", "valid_from", "valid_to"),
    ),
    "revoke": Deed(
        "注销这一执法证", "accounts.revoke_certificate", f"{ACCOUNT}/certificates/{{of}}/revoke", "certificates", "自该日起无效，以前签署的不受影响",
        (Control("on", "自", "date", True), REASON), asked("on", "reason"),
    ),
}  # fmt: skip
