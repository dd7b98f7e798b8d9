"""A door for every step of the table: its body, what it does, an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from hazards import actions
from hazards import serializers as shapes
from hazards.models import Hazard
from hazards.states import STEPS
from hazards.views.samples import APPROVALS, COMPANION, PHOTO, PLAN
from safety_api.problems import NOT_FOUND

# step: (action, shape of the body, what the contract says, example)
DOORS: dict[str, tuple[Callable[..., Hazard], Any, str, dict[str, Any]]] = {
    "report": (actions.report, shapes.NothingShape, "2 上报：本人的草稿转为上报。", {}),
    "reject": (actions.reject, shapes.NoteShape, "3 不成立：非上报人本人，说明理由。", {"note": "现场已复核，不构成隐患"}),
    "confirm": (
        actions.confirm, shapes.ConfirmShape, "4 确认：定级。重大隐患须写明条款或专家意见，并由部门负责人确认。",
        {"level": "general"},
    ),
    "transfer": (
        actions.transfer, shapes.TransferShape, "5 移送：接收部门得到一条相连的“已上报”，期限继续计算。两名持证人员的随之出具移送书，否则存为草稿。",
        {"department": "housing", "companion": COMPANION, "note": "属建筑施工现场"},
    ),
    "order": (
        actions.order, shapes.OrderShape,
        "6 责令整改：两名执法人员；乡镇安监员单独发隐患整改告知书，不是执法文书。"
        "文书随之出具，或先存草稿（issue，或有人无有效执法证）。期限超出规定的不予受理。",
        {"companion": COMPANION, "deadline": "2026-11-30", "onsite_measures": "停止使用该设备"},
    ),
    "close-on-spot": (
        actions.close_on_spot, shapes.CloseOnSpotShape, "6a 当场整改销号：仅一般隐患，须有整改前后照片。",
        {"photos": [PHOTO], "note": "杂物已清走"},
    ),
    "start": (
        actions.start, shapes.StartShape, "6b 自行整改：企业自查的隐患无需责令；重大的须确认后五落实。",
        {"responsible_person": "王建设", "measures": "清理通道，每日巡查", "deadline": "2026-11-27"},
    ),
    "acknowledge": (
        actions.acknowledge, shapes.AcknowledgeShape,
        "7 签收整改：责任人、措施、期限；重大须五落实。单位没有账号的，由执法人员或乡镇代录。", PLAN,
    ),
    "request-review": (
        actions.request_review, shapes.RequestReviewShape, "8 申请复查：整改后照片、说明、费用；重大须有评估报告。",
        {"photos": [PHOTO], "statement": "已按方案整改完毕", "cost_yuan": "11800.00", "evaluation_report": ""},
    ),
    "pass": (
        actions.pass_, shapes.PassShape,
        "9 复查合格，销号：两名执法人员，不能只是下令者；重大须部门负责人；挂牌须先验收；停产煤矿须三方同意。"
        "随之出具整改复查意见书，有人无有效执法证的存为草稿。乡镇对自己的闭环、企业对自查的一般隐患单独办理，不出文书。",
        {"companion": COMPANION, "note": "整改到位", "approvals": APPROVALS},
    ),
    "fail": (
        actions.fail, shapes.FailShape, "10 复查不合格：写明仍有的问题和新期限，随之出具整改复查意见书。",
        {"companion": COMPANION, "deadline": "2026-12-05", "note": "锚杆间距仍超出规程"},
    ),
    "enforce": (
        actions.enforce, shapes.EnforceShape, "11 转执法：拒不整改、屡次不合格或逾期，须与记录相符；同时立案。",
        {"reason": "overdue", "note": "期满未整改，立案查处"},
    ),
    "resume": (
        actions.resume, shapes.ResumeShape, "12 继续整改：案件（cases）已写明处罚决定或者不予处罚的理由而隐患仍在，定新期限。",
        {"deadline": "2026-12-20", "note": "罚款已缴"},
    ),
    "unit-close": (
        actions.unit_close, shapes.UnitCloseShape, "13 单位关闭：写明政府关闭决定的文号。", {"document": "兴政发〔2026〕9号"},
    ),
    "void": (
        actions.void, shapes.VoidShape, "14 撤销：重复上报、单位有误或其他（须说明）；保留备查。",
        {"reason": "duplicate", "note": "与前一条相同"},
    ),
    "recur": (
        actions.recur, shapes.RecurShape, "15 再次发现：另立一条，与原隐患相连；答复的是新的一条。",
        {"note": "同一位置再次堆放", "photos": [PHOTO]},
    ),
    "escalate": (
        actions.escalate, shapes.EscalateShape, "升级：乡镇把自己闭环的隐患上报县级。", {"reason": "refused", "note": "户主拒不整改"},
    ),
    "correct-wording": (
        actions.correct_wording, shapes.CorrectWordingShape, "更正文字：写明理由；原文留在经过中，以后出具的文书用更正后的文字。",
        {"field": "description", "text": "15102工作面回风巷锚杆间距1.4米", "reason": "工作面编号录错"},
    ),
}  # fmt: skip
NEW = frozenset({"recur"})  # answered with another hazard than the one asked about


def door_of(name: str) -> Callable[..., Response]:
    action, shape, said, example = DOORS[name]
    status = 201 if name in NEW else 200

    @extend_schema(
        request=shape,
        responses={status: shapes.HazardWholeOut},
        examples=[OpenApiExample(STEPS[name][0].label, example, request_only=True)],
        description=said,
    )
    def door(self: Any, request: Any, hazard_id: Any) -> Response:
        moved = action(hazard_id, by=self.by, check_fresh=self.check_fresh, **self.read_for(hazard_id, shape))
        return self.whole(moved.pk, status)

    door.__name__ = door.__qualname__ = STEPS[name][0].verb
    door.__doc__ = said
    return door


class StepDoors:
    """One method for each, by the name of its route."""

    def read_for(self: Any, hazard_id: Any, shape: Any) -> dict[str, Any]:
        """The body; whatever it says, what lies outside the jurisdiction does not exist. (The action looks for itself.)"""
        try:
            return self.read(shape)
        except ValidationError:
            if not Hazard.objects.visible_to(self.request.user).filter(pk=hazard_id).exists():
                raise NOT_FOUND() from None
            raise


for _name in DOORS:
    setattr(StepDoors, STEPS[_name][0].verb, door_of(_name))
