"""Every refusal we answer with: a status, a word, a sentence (RFC 9457, application/problem+json).

Words are never renamed and never reused; a retired word stays listed. `raise WRONG_STEP(state=…, step=…)` and
`raise UNKNOWN_REGION.at("/region")` work in a rule, an action or a view alike: a `Problem` knows nothing of DRF. `answer` is
DRF's exception handler and gives DRF's own validation errors the same shape:
`type, title, status, detail, code, trace_id, errors[{pointer, code, detail}]`.
"""

from __future__ import annotations

import errno
import logging
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse
from django.utils.translation import get_language
from rest_framework import exceptions
from rest_framework.response import Response

from safety_api.connections import is_lost
from safety_api.logs import trace_id

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
REGISTRY: dict[str, ProblemKind] = {}


@dataclass(frozen=True)
class ProblemKind:
    """One word of the registry. Call it with the values of its sentence to get an exception to raise."""

    status: int
    code: str
    zh: str
    en: str

    def __post_init__(self) -> None:
        if self.code in REGISTRY:
            raise ValueError(f"the word {self.code} is taken")
        REGISTRY[self.code] = self

    def __call__(
        self, *, errors: list[dict] | None = None, headers: Mapping[str, str] | None = None, **values
    ) -> Problem:
        return Problem(self, values, errors or [], dict(headers or {}))

    def at(self, *pointers: str, said: object = None, **values) -> Problem:
        """About these parts of what was sent; `said` there instead of the sentence."""
        return self(errors=[self.fault(pointer, said) for pointer in pointers], **values)

    def fault(self, pointer: str = "", said: object = None) -> dict[str, str]:
        """One entry of `errors`."""
        return {"pointer": pointer, "code": self.code, "detail": self.sentence() if said is None else str(said)}

    @property
    def needs_values(self) -> bool:
        return "{" in self.zh.replace("{detail}", "")

    def sentence(self, **values: object) -> str:
        template = self.en if (get_language() or "zh").startswith("en") else self.zh
        return template.format_map({"detail": "", **values})


@dataclass
class Problem(Exception):
    kind: ProblemKind
    values: dict[str, Any]
    errors: list[dict] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind.code}: {self.kind.sentence(**self.values)}"

    def body(self) -> dict[str, Any]:
        extras = {name: value for name, value in self.values.items() if name in ("state", "step", "retry_after")}
        sentence = self.kind.sentence(**self.values)
        return {
            "type": f"/problems/{self.kind.code}",
            "title": sentence,
            "status": self.kind.status,
            "detail": str(self.values.get("detail") or sentence),
            "code": self.kind.code,
            "trace_id": trace_id(),
            "errors": self.errors,
            **extras,
        }


# --- the door ----------------------------------------------------------------------------------------------------------
INVALID = ProblemKind(
    400, "invalid", "提交的内容有误，请按各项提示改正。", "What was sent has errors; see each of them."
)
BROKEN_JSON = ProblemKind(
    400, "broken_json", "提交的内容不是有效的 JSON。{detail}", "The body is not valid JSON. {detail}"
)
BAD_CURSOR = ProblemKind(
    400, "bad_cursor", "翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start from the first page."
)
BAD_LIMIT = ProblemKind(
    400, "bad_limit", "limit 应为 1 到 {most} 之间的整数。", "limit must be a whole number from 1 to {most}."
)
BAD_PARAMETER = ProblemKind(
    400, "bad_parameter", "查询参数 {name} 无效。{detail}", "The parameter {name} is not valid. {detail}"
)
NOTHING_TO_CORRECT = ProblemKind(400, "nothing_to_correct", "没有要更正的内容。", "There is nothing to correct.")
PARAMETER_TWICE = ProblemKind(
    400, "parameter_twice", "查询参数 {name} 出现了不止一次。", "The parameter {name} stands more than once."
)
BAD_KEY = ProblemKind(
    400, "bad_key", "Idempotency-Key 应为新生成的 UUID。", "Idempotency-Key must be a UUID of its own."
)
NIL_ID = ProblemKind(
    400,
    "nil_id",
    "编号全为 0 或全为 F，不是记录的编号：每条记录请用新生成的 UUID。",
    "An id of zeros or of Fs is nobody's: draw a new UUID for every record.",
)
UNAUTHENTICATED = ProblemKind(401, "unauthenticated", "请先登录。", "Please sign in.")
BAD_TOKEN = ProblemKind(
    401, "bad_token", "登录已失效，请重新登录。", "The token is not valid or has ended; sign in again."
)
BAD_ACCESS_KEY = ProblemKind(
    401, "bad_access_key", "访问密钥无效、已到期或已撤销。", "The access key is not valid, has ended or was revoked."
)
PASSWORD_NOT_TAKEN = ProblemKind(
    401,
    "password_not_taken",
    "这里不收口令：请登录本系统，在“访问密钥”页（/keys）新建一个，用它代替口令。",
    "No passwords here: sign in, make an access key at /keys and give it in place of the password.",
)
FORBIDDEN = ProblemKind(403, "forbidden", "您的岗位没有这项权限。", "Your role may not do this.")
NOT_FOUND = ProblemKind(404, "not_found", "没有找到，或不在您的管辖范围。", "Not found, or not in your jurisdiction.")
METHOD_NOT_ALLOWED = ProblemKind(
    405, "method_not_allowed", "此地址不支持这种操作。", "This address does not support that method."
)
NOT_ACCEPTABLE = ProblemKind(406, "not_acceptable", "无法给出所要的格式。", "The requested format is not available.")
TOO_MANY_ACCESS_KEYS = ProblemKind(
    409, "too_many_access_keys", "已有 {most} 个访问密钥，请先撤销不用的。", "There are {most} access keys; revoke one first."
)
WRONG_STEP = ProblemKind(409, "wrong_step", "这一步现在不能执行。", "This step is not possible now.")
HAZARDS_UNDER_WAY = ProblemKind(
    409,
    "hazards_under_way",
    "这次检查发现的隐患已在办理，先以“单位有误”撤销，再更正检查。",
    "Hazards of this visit are under way; void them as of the wrong unit first.",
)
TASK_OF_ANOTHER_OFFICE = ProblemKind(
    403,
    "task_of_another_office",
    "这项任务是上级或别的单位下达的，请由其调整。",
    "This task was set by another office.",
)
ID_REUSED = ProblemKind(409, "id_reused", "这个编号已用于另一份内容。", "This id already stands for other content.")
KEY_REUSED = ProblemKind(
    409,
    "key_reused",
    "这个 Idempotency-Key 已用于另一份内容。",
    "This Idempotency-Key already stands for other content.",
)
LENGTH_REQUIRED = ProblemKind(
    411,
    "length_required",
    "请写明 Content-Length：不接受分块传输的内容。",
    "Say Content-Length: a body in chunks is not taken.",
)
STALE = ProblemKind(412, "stale", "记录已被他人修改，请刷新后再试。", "The record has changed; refresh and try again.")
CUT_OFF = ProblemKind(
    400,
    "cut_off",
    "上传中断：应有 {announced} 字节，只收到 {came} 字节。请重新发送。",
    "The upload broke off: {came} of {announced} bytes came. Send it again.",
)
DIGEST_DIFFERS = ProblemKind(
    400,
    "digest_differs",
    "收到的内容与 Content-Digest 不符。请重新发送。",
    "The bytes are not those of Content-Digest. Send them again.",
)
TOO_LARGE = ProblemKind(413, "too_large", "内容过大，上限 {most}。", "The body is too large; the limit is {most}.")
BODY_STALLED = ProblemKind(
    408,
    "body_stalled",
    "{seconds} 秒没有收到数据，已停止等待。请重新发送。",
    "No byte came for {seconds} seconds; send it again.",
)
TOO_MANY_LINES = ProblemKind(
    429,
    "too_many_lines",
    "这个网络地址同时传输的连接过多，请稍后再试。",
    "Too many slow lines from this address at once; try again later.",
)
LINES_FULL = ProblemKind(503, "lines_full", "同时传输的连接过多，请稍后重试。", "Too many slow lines at once; retry soon.")
SPOOL_FULL = ProblemKind(
    503, "spool_full", "暂存空间不足，请稍后重试。", "There is no room to receive the body; retry soon."
)
READERS_BUSY = ProblemKind(
    503, "readers_busy", "暂时不能打开文件，请稍后重试。", "Files cannot be opened just now; retry soon."
)
FILE_TOO_HEAVY = ProblemKind(
    422,
    "file_too_heavy",
    "打开这个文件所需的内存或时间超出限制，不能收。",
    "Opening this file takes more memory or time than is allowed.",
)
HEADERS_TOO_LARGE = ProblemKind(
    431, "headers_too_large", "请求头过长，上限 {most}。", "The headers are too large; the limit is {most}."
)
UNSUPPORTED_MEDIA = ProblemKind(415, "unsupported_media", "不支持这种内容类型。", "This media type is not supported.")
THROTTLED = ProblemKind(429, "throttled", "操作过于频繁，请稍后再试。", "Too many requests; try again later.")
FAILED = ProblemKind(
    500, "failed", "系统出错，已记录。请把追踪号告诉管理员。", "Something failed and is logged; tell the trace id."
)
UNAVAILABLE = ProblemKind(503, "unavailable", "服务暂时不可用，请稍后重试。", "The service is unavailable; retry soon.")
STANDBY_AWAY = ProblemKind(
    503,
    "standby_away",
    "备用数据库没有应答，记录还没有存成两份。请稍后重试，手机会自动重发。",
    "The standby database does not answer: the record is not stored twice yet. Retry soon.",
)
STORAGE_UNAVAILABLE = ProblemKind(
    503,
    "storage_unavailable",
    "存放照片和文件的存储暂时不可用，请稍后重试。",
    "The storage of photos and files is unavailable; retry soon.",
)
NOT_IN_STORAGE = ProblemKind(
    503,
    "not_in_storage",
    "这份内容曾经收到，存储中却找不到或已损坏。请重新上传同一文件，或请管理员从备份恢复。",
    "This was received, and is missing or damaged in the storage: send the same file again, or have it restored.",
)
NO_RULE = ProblemKind(
    422, "no_rule", "{on} 当日没有有效的规定（{kind}）。", "No rule of kind {kind} is in force on {on}."
)
# words that stand at single fields, and over the whole answer when nothing else is wrong
TEXT_NUL = ProblemKind(400, "nul", "文字中含有无效字符。", "The text contains a NUL character.")
UNKNOWN_FIELD = ProblemKind(400, "unknown_field", "没有这个字段。", "There is no such field.")
UNKNOWN_SECTOR = ProblemKind(400, "unknown_sector", "没有这个行业领域。", "There is no such sector.")
UNKNOWN_REGION = ProblemKind(400, "unknown_region", "没有这个行政区划。", "There is no such region.")

# --- sign-in -----------------------------------------------------------------------------------------------------------
BAD_CREDENTIALS = ProblemKind(401, "bad_credentials", "用户名或口令不正确。", "The user name or the password is wrong.")
OTP_REQUIRED = ProblemKind(401, "otp_required", "请输入动态口令。", "Enter the one-time code.")
BAD_OTP = ProblemKind(401, "bad_otp", "动态口令不正确。", "The one-time code is wrong.")
ACCOUNT_LOCKED = ProblemKind(
    403, "account_locked", "账号已锁定，请 {minutes} 分钟后再试。", "The account is locked for {minutes} minutes."
)
SECOND_FACTOR_NEEDED = ProblemKind(
    403,
    "second_factor_needed",
    "您的岗位须绑定动态口令后才能登录。",
    "Your role needs a second factor before it can sign in.",
)
ACCOUNT_DISABLED = ProblemKind(
    409,
    "account_disabled",
    "该账号已停用，请联系系统管理员。",
    "The account is disabled: ask the system administrator.",
)
RESET_TOO_OFTEN = ProblemKind(
    429,
    "reset_too_often",
    "该账号一天内已重置 {most} 次，请明天再办或联系系统管理员。",
    "This account's password was reset {most} times within a day: try tomorrow, or ask the system administrator.",
)
OWN_ACCOUNT = ProblemKind(409, "own_account", "不能办理本人的账号。", "Nobody administers the own account.")
OTHER_ADMINISTRATOR = ProblemKind(
    403,
    "other_administrator",
    "三类管理员的账号由另一类管理员办理：安全保密管理员的由系统管理员，其余由安全保密管理员。",
    "An administrator's account is kept by another kind of administrator.",
)
USERNAME_TAKEN = ProblemKind(409, "username_taken", "这个用户名已被使用。", "This user name is taken.")
NUMBER_TAKEN = ProblemKind(409, "number_taken", "这个证号已经登记。", "This number is registered already.")
POST_OVERLAPS = ProblemKind(
    409, "post_overlaps", "与已登记的任职时间重叠。", "It overlaps a post that is registered already."
)
POST_BEGUN = ProblemKind(409, "post_begun", "任职已经开始，不能撤回。", "The post has begun and cannot be withdrawn.")
NOT_A_DEPUTY = ProblemKind(
    403, "not_a_deputy", "您今天没有代理此人的职务。", "You do not stand in for this person today."
)
DEPUTY_TAKEN = ProblemKind(
    409, "deputy_taken", "这段时间已有代理人。", "Somebody stands in for this leader in that time already."
)
DEPUTY_OF_ANOTHER_ORGAN = ProblemKind(
    400, "deputy_of_another_organ", "代理人须是同一单位的在用人员。", "A deputy works in the same organ."
)
NO_DELIVERY = ProblemKind(
    409,
    "no_delivery",
    "短信通道尚未开通，不能发送验证码；请到所在乡镇重置口令。",
    "There is no way to send a code yet: ask your township to reset the password.",
)
UNKNOWN_ROBOT = ProblemKind(
    400, "unknown_robot", "配置（ROBOTS）中没有这个名称的群机器人。", "The settings have no robot of this name."
)
ROBOT_TAKEN = ProblemKind(409, "robot_taken", "这个群机器人已登记。", "This robot is entered already.")
CHANNEL_REFUSED = ProblemKind(
    409, "channel_refused", "没有发出去，原因见提示。", "It was not taken; see why."
)
BAD_CODE = ProblemKind(400, "bad_code", "验证码不正确或已失效。", "The code is wrong or no longer valid.")
WEAK_PASSWORD = ProblemKind(400, "weak_password", "口令不符合要求。", "The password does not meet the rules.")
PASSWORD_CHANGE_NEEDED = ProblemKind(
    403, "password_change_needed", "请先修改初始口令。", "Change the first password before going on."
)

# --- geo ---------------------------------------------------------------------------------------------------------------
CRS_REQUIRED = ProblemKind(400, "crs_required", "请写明坐标系 crs。", "Say the coordinate system: crs.")
UNKNOWN_CRS = ProblemKind(400, "unknown_crs", "没有这个坐标系。", "There is no such coordinate system.")
NOT_A_NUMBER = ProblemKind(400, "not_a_number", "坐标须为数字。", "A coordinate must be a number.")
OUTSIDE_CHINA = ProblemKind(400, "outside_china", "坐标不在中国范围内。", "The point is outside China.")
BAD_BBOX = ProblemKind(
    400,
    "bad_bbox",
    "bbox 应为 minlon,minlat,maxlon,maxlat。{detail}",
    "bbox must be minlon,minlat,maxlon,maxlat. {detail}",
)
BAD_DATETIME = ProblemKind(
    400,
    "bad_datetime",
    "datetime 应为时刻、日期或区间“开始/结束”，一端可为 ..。",
    "datetime must be an instant, a day or an interval start/end, one end of which may be ..",
)
BAD_TILE = ProblemKind(400, "bad_tile", "没有这个瓦片。", "There is no such tile.")
UNKNOWN_LAYER = ProblemKind(404, "unknown_layer", "没有这个图层。", "There is no such layer.")

# --- photos ------------------------------------------------------------------------------------------------------------
NOT_AN_IMAGE = ProblemKind(
    400, "not_an_image", "这不是可以接受的图片（JPEG、PNG、WebP、HEIC、AVIF）或语音（Opus、AAC，不带画面）。",
    "This is neither an image nor a voice note that we accept.",
)
TOO_MANY_PIXELS = ProblemKind(
    400, "too_many_pixels", "图片有 {millions} 百万像素，上限 {most}。", "{millions} megapixels; the limit is {most}."
)
PHOTO_TOO_LARGE = ProblemKind(
    413, "photo_too_large", "照片过大，上限 {most} MB。", "The photo is too large; the limit is {most} MB."
)
VOICE_TOO_LONG = ProblemKind(400, "voice_too_long", "语音长于 {most} 秒，请分段录制。", "The voice note is longer than {most} seconds.")
VOICE_TOO_LARGE = ProblemKind(400, "voice_too_large", "语音过大，上限 {most} MB。", "The voice note is too large; the limit is {most} MB.")
EMPTY_PHOTO = ProblemKind(400, "empty_photo", "没有收到照片内容。", "The photo is empty.")
BYTES_DIFFER = ProblemKind(
    409, "bytes_differ", "收到的内容与申报的哈希或大小不符。", "The bytes do not match the declared hash or size."
)
MORE_THAN_ANNOUNCED = ProblemKind(
    413, "more_than_announced", "这一段超出了开始时申报的 {size} 字节。", "This piece goes beyond the {size} bytes that were announced."
)
UPLOAD_GONE = ProblemKind(404, "upload_gone", "这次上传已结束或过期，请重新开始。", "This upload has ended; begin anew.")
OFFSET_DIFFERS = ProblemKind(409, "offset_differs", "已收到 {offset} 字节，请从那里继续。", "{offset} bytes are here; go on from there.")
WRONG_TUS = ProblemKind(412, "wrong_tus_version", "请写明 Tus-Resumable: 1.0.0。", "Say Tus-Resumable: 1.0.0.")
BAD_METADATA = ProblemKind(
    400, "bad_upload_metadata", "Upload-Metadata、Upload-Length 或 Upload-Offset 有误：{said}。", "A header of the upload is wrong: {said}."
)
WRONG_MEDIA_TYPE = ProblemKind(415, "wrong_media_type", "请用 application/offset+octet-stream。", "Use application/offset+octet-stream.")
BUSY = ProblemKind(423, "upload_busy", "这次上传正在另一条连接上进行，请稍候再试。", "Another line goes on with this upload; try again.")
CHECKSUM_DIFFERS = ProblemKind(  # the protocol's own status
    460, "checksum_differs", "收到的一段与其校验值不符，请重新发送这一段。", "The piece does not match its checksum; send it again."
)
TOO_MUCH_TODAY = ProblemKind(503, "too_many_uploads", "您今天开始的上传过多，请稍后再试；照片请保留。", "Too many uploads today; try later.")
REFUSED_AT_THE_END = ProblemKind(400, "photo_refused", "照片不能收存：{said}", "The photo cannot be kept: {said}")
KEYS_LATER = ProblemKind(503, "too_many_keys", "用终端密钥提交过于频繁，请稍后再试；手机上的请保留。", "Too many requests; try later.")
RESCUE_EMPTY = ProblemKind(400, "rescue_empty", "没有内容。", "There is nothing to keep.")
RESCUES_FULL = ProblemKind(
    409,
    "rescues_full",
    "您已有 {most} 条未能提交的记录等待处理，请联系应急管理局；手机上的请保留。",
    "{most} of yours wait already; keep the others on the phone.",
)
CANNOT_PLACE = ProblemKind(
    400,
    "cannot_place",
    "不能归入 {path}：只能归入检查、隐患、事故（如 inspections/编号）。",
    "Only inspections, hazards and accidents are placed, not {path}.",
)
TOO_MANY_EARLY = ProblemKind(
    409, "too_many_early_uploads", "先到的照片过多，请先提交记录。", "Too many photos before their records."
)

# --- inspections and hazards -------------------------------------------------------------------------------------------
UNKNOWN_ENTERPRISE = ProblemKind(
    400, "unknown_enterprise", "没有这家单位，或不在您的管辖范围。", "No such unit in your jurisdiction."
)
UNKNOWN_SITE = ProblemKind(
    400, "unknown_site", "没有这个场所，或不在您的管辖范围。", "No such site in your jurisdiction."
)
UNKNOWN_HAZARD = ProblemKind(
    400, "unknown_hazard", "没有这条隐患，或不在您的管辖范围。", "No such hazard in your jurisdiction."
)
UNKNOWN_CHECKLIST = ProblemKind(
    400, "unknown_checklist", "没有这份检查表或这个版本。", "There is no such checklist or version."
)
ITEM_OF_OTHER_CHECKLIST = ProblemKind(
    400, "item_of_other_checklist", "检查项不属于所用的检查表。", "The item is not of the checklist in use."
)
UNKNOWN_EDITION = ProblemKind(404, "unknown_edition", "没有这一版判定标准。", "There is no such edition of criteria.")
UNKNOWN_CRITERION = ProblemKind(
    400, "unknown_criterion", "判定标准中没有这一条目。", "No edition of the criteria has this item."
)
CRITERION_OF_OTHER_EDITION = ProblemKind(
    400,
    "criterion_of_other_edition",
    "该条目不属于发现之日有效的判定标准：{edition}。",
    "The item is not of the criteria in force when it was found: {edition}.",
)
CLAUSE_STANDS = ProblemKind(
    409,
    "clause_stands",
    "这一条已经有了，不能覆盖；另有情形的，用 part 分列。",
    "This clause stands and is not overwritten; use `part` for another case of it.",
)
EDITION_IS_WHOLE = ProblemKind(
    409, "edition_is_whole", "这一版的条文已经齐全，不再录入。", "The clauses of this edition are complete."
)
NOT_JUDGED_BY_ENDED = ProblemKind(
    409,
    "not_judged_by_ended",
    "这条隐患没有按已失效的文本判定，不需要复核。",
    "The hazard was not judged by an ended text.",
)
PLACE_REQUIRED = ProblemKind(400, "place_required", "请写明单位、场所或地点。", "Name a unit, a site or a place.")
AUTHORITY_NOT_YOURS = ProblemKind(
    400, "authority_not_yours", "您的岗位不能以这种名义检查。", "Your role cannot inspect in that capacity."
)
COORDINATING_BODY = ProblemKind(
    403,
    "coordinating_body",
    "安委会办公室是议事协调机构的办事机构，不以任何名义检查企业，不出具检查、责令文书；请交有权的部门办理。",
    "The committee's office coordinates: it inspects under no name and issues no paper of an inspection.",
)
BODY_NEVER_LISTED = ProblemKind(
    400,
    "body_never_listed",
    "议事协调机构的办事机构不能列入行政检查主体名单。",
    "An office that coordinates cannot be on the list of those who inspect.",
)
UNKNOWN_BODY = ProblemKind(400, "unknown_body", "没有这个部门或乡镇。", "There is no such department or township.")
LIST_STANDS = ProblemKind(
    409,
    "list_stands",
    "{day}公布的名单已经录入，内容不同；更正须写明理由（reason）。",
    "The list published on {day} stands with other content; say why it is corrected.",
)
BEFORE_THE_LAW = ProblemKind(
    400, "before_the_law", "公布日早于{day}，当时还没有行政检查主体名单。", "There was no such list before {day}."
)
PHOTO_NOT_DECLARED = ProblemKind(
    400, "photo_not_declared", "引用的照片没有在 photos 中申报。", "The photo is not in the manifest."
)
TWICE = ProblemKind(400, "twice", "同一编号出现了两次。", "The same id stands twice.")
SECTOR_NOT_YOURS = ProblemKind(
    400, "sector_not_yours", "这个行业领域不由您管，请转告主管部门。", "This sector is not yours; tell its department."
)
IN_THE_PAST = ProblemKind(400, "in_the_past", "日期已经过去。", "The day has passed.")
CANNOT_MAKE_VISIT = ProblemKind(
    400, "cannot_make_visit", "检查人员不存在、已停用，或管辖不到这里。", "Nobody such who may visit this place."
)
SOURCE_REQUIRED = ProblemKind(
    400, "source_required", "写明检查类型的，须写明检查来源。", "A type of inspection needs its source."
)
ORDER_NUMBER_REQUIRED = ProblemKind(
    400,
    "order_number_required",
    "专项检查须写明年度计划或者上级部署文件的文号。",
    "A special inspection needs the number of its plan or order.",
)
ORDERED_BY_REQUIRED = ProblemKind(
    400, "ordered_by_required", "上级部署的专项行动须写明部署机关。", "A campaign needs the body that ordered it."
)
PHOTOS_REQUIRED = ProblemKind(
    400, "photos_required", "销号须有整改前和整改后的照片。", "Closing needs a photo before and one after."
)
LEVEL_BASIS_REQUIRED = ProblemKind(
    400,
    "level_basis_required",
    "重大隐患须写明判定标准条款或专家判定意见。",
    "A major hazard needs a clause or an expert's judgement.",
)
LEADER_REQUIRED = ProblemKind(
    403, "leader_required", "这一步须由部门负责人办理。", "Only a department leader may take this step."
)
APPROVER_TOOK_PART = ProblemKind(
    400, "approver_took_part", "审批人不能是检查人员。", "Whoever approves an inspection is none of its officers."
)
BEFORE_THE_VISIT = ProblemKind(
    400, "before_the_visit", "时间早于检查开始。", "The time lies before the start of the visit."
)
NO_LEADER = ProblemKind(400, "no_leader", "所写的审批人不是在任的负责人。", "The one named is no leader in office.")
PRINCIPAL_REQUIRED = ProblemKind(
    403, "principal_required", "这一步须由企业主要负责人办理。", "Only the unit's principal may take this step."
)

# --- the steps of a hazard ---------------------------------------------------------------------------------------------
CERTIFICATE_REQUIRED = ProblemKind(
    403,
    "certificate_required",
    "须由当日持有效执法证的人员办理。",
    "Needs an officer with a certificate valid that day.",
)
TWO_OFFICERS_REQUIRED = ProblemKind(
    400, "two_officers_required", "须由两名执法人员办理，请写明同行人员。", "Takes two officers: name the companion."
)
COMPANION_NOT_HERE = ProblemKind(
    400,
    "companion_not_here",
    "同行人员不存在、已停用、不是执法人员，或管辖不到这里。",
    "No such officer with jurisdiction here.",
)
REVIEWER_ONLY_ORDERED = ProblemKind(
    409,
    "reviewer_only_ordered",
    "复查人员不能都是下令的人员，请换一名未参加下令的（下令人员见隐患经过）。",
    "One of the reviewers must not have ordered it.",
)
ACCEPTANCE_REQUIRED = ProblemKind(
    409,
    "acceptance_required",
    "挂牌督办的隐患须先经安委办验收。",
    "A listed hazard must first be accepted by its listing body.",
)
APPROVALS_REQUIRED = ProblemKind(
    400,
    "approvals_required",
    "停产整顿的煤矿须写明部门主要负责人签字、矿山安全监察机构同意和政府负责人批准（煤矿安全生产条例第四十八条）。",
    "A stopped coal mine needs the chief's signature, the mine-safety office's consent and the government's approval.",
)
FIVE_IN_PLACE_REQUIRED = ProblemKind(
    400,
    "five_in_place_required",
    "须写明责任人、措施和期限；重大隐患还须写明资金和应急预案（五落实）。",
    "Name who, what and until when; for a major hazard also the money and the emergency plan.",
)
EVALUATION_REQUIRED = ProblemKind(
    400, "evaluation_required", "重大隐患申请复查须有评估报告。", "A major hazard needs an evaluation report."
)
UNIT_HAS_ACCOUNT = ProblemKind(
    409, "unit_has_account", "该单位有自己的账号，应由单位办理。", "The unit has an account and takes this step itself."
)
DEADLINE_TOO_LONG = ProblemKind(
    400, "deadline_too_long", "整改期限超过规定的上限。", "The deadline is beyond the longest that is allowed."
)
DEADLINE_NEEDS_LEADER = ProblemKind(
    400, "deadline_needs_leader", "这样长的期限须由部门负责人下达。", "Only a leader may set a deadline that long."
)
REASON_NOT_BORNE_OUT = ProblemKind(
    409, "reason_not_borne_out", "所述理由与记录不符。", "The record does not bear out the reason."
)
NOT_ITS_SECTOR = ProblemKind(
    400,
    "not_its_sector",
    "接收部门不监管这个行业领域，请写明移送的行业领域。",
    "That department does not supervise the sector.",
)
EXTENSION_PENDING = ProblemKind(
    409, "extension_pending", "已有一份延期申请待批。", "A request for more time is waiting already."
)
TOO_MANY_EXTENSIONS = ProblemKind(
    409, "too_many_extensions", "延期最多 {most} 次。", "No more than {most} extensions are granted."
)
NOT_LATER = ProblemKind(
    400, "not_later", "应晚于现在的期限，也晚于今天。", "It must lie after the present deadline and after today."
)
ALREADY_ANSWERED = ProblemKind(409, "already_answered", "已经答复过。", "It has been answered already.")

NOT_A_DOUBLE = ProblemKind(
    409,
    "not_a_double",
    "不是同一单位（场所）、{days} 天之内的记录，不能合并。",
    "Not of the same unit or site within {days} days.",
)
DOUBLE_WEIGHS_MORE = ProblemKind(
    409,
    "double_weighs_more",
    "要并入的一条级别更高、已逾期、已挂牌或已停产，请保留这一条。",
    "The one to be joined is graver, overdue, listed or stopped production: keep that one.",
)

# --- enterprises -------------------------------------------------------------------------------------------------------
BAD_CREDIT_CODE = ProblemKind(400, "bad_credit_code", "统一社会信用代码有误。", "The credit code is wrong.")
CODE_OR_REASON = ProblemKind(
    400,
    "code_or_reason",
    "须填统一社会信用代码；没有代码的，须写明原因。",
    "Give a credit code, or the reason why there is none.",
)
BOTH_CODE_AND_REASON = ProblemKind(
    400,
    "both_code_and_reason",
    "已有统一社会信用代码，不应再写无代码原因。",
    "With a credit code there is no reason for having none.",
)
NOT_A_VILLAGE = ProblemKind(
    400, "not_a_village", "应为现行的村（社区）代码，12位。", "The place must be a village of today, 12 digits."
)
IN_FUTURE = ProblemKind(400, "in_future", "日期不能晚于今天。", "The day has not come yet.")
CREDIT_CODE_TAKEN = ProblemKind(
    409, "credit_code_taken", "这个统一社会信用代码已登记。", "This credit code is registered already."
)
OUTSIDE_JURISDICTION = ProblemKind(
    403, "outside_jurisdiction", "不在您的管辖范围。", "This lies outside your jurisdiction."
)

NOT_A_TOWNSHIPS = ProblemKind(
    403,
    "not_a_townships",
    "这一项由县级主管部门登记，乡镇不能更改，请转告主管部门。",
    "This is the county department's to record; tell it.",
)

# --- accidents -----------------------------------------------------------------------------------------------------------
IN_THE_FUTURE = ProblemKind(400, "in_the_future", "时间不能晚于现在。", "That moment has not come yet.")
BEFORE_THE_ACCIDENT = ProblemKind(
    400, "before_the_accident", "不能早于事故发生的时间。", "This lies before the accident."
)
BEFORE_THE_YEAR = ProblemKind(
    400, "before_the_year", "评定日早于评定的年度。", "The day lies before the year assessed."
)
REASON_REQUIRED = ProblemKind(400, "reason_required", "请写明理由。", "Give the reason.")
PAPER_REQUIRED = ProblemKind(400, "paper_required", "须写明文书和批准人。", "Name the paper and who approved it.")
WRONG_CHANNEL = ProblemKind(
    400, "wrong_channel", "这一环节不能以这种方式完成。", "This leg asks for another way of reporting."
)
NO_CALLS_HERE = ProblemKind(
    403, "no_calls_here", "接报电话由乡镇、部门和县级登记。", "Calls are written down by an office."
)
NOT_YOUR_LEG = ProblemKind(403, "not_your_leg", "这一环节不由您登记。", "This leg is not yours to write down.")
OUT_OF_ORDER = ProblemKind(400, "out_of_order", "日期早于上一步。", "The day lies before the step it follows.")
DUPLICATE_REPORTS_MORE = ProblemKind(
    409,
    "twin_tells_more",
    "要并入的记录报告的伤亡或损失更多，请先核实并在保留的记录上补报。",
    "The record to be joined tells of more casualties or loss; state them at the one that stays first.",
)
REPORTED_IN_TIME = ProblemKind(
    409, "reported_in_time", "事故单位已按时报告，不构成瞒报。", "The unit reported in time; nothing was concealed."
)
STATISTICS_INCOMPLETE = ProblemKind(
    409, "statistics_incomplete", "统计必填项还不齐。", "What statistics require has not all been said."
)
NOT_THE_LEVEL = ProblemKind(
    400, "not_the_level", "这起事故不由这一级组织调查。", "This accident is not for that level to investigate."
)
TOO_MANY_DAYS = ProblemKind(400, "too_many_days", "超过可以延长的天数。", "More days than may be granted.")
MARKS_MISSING = ProblemKind(
    409, "marks_missing", "“四不放过”尚未全部落实，不能结案。", "Not all four marks are done; it cannot be closed."
)
NO_INVESTIGATION = ProblemKind(404, "no_investigation", "还没有成立调查组。", "There is no investigation yet.")
UNKNOWN_POLICY = ProblemKind(400, "unknown_policy", "没有这一版口径。", "There is no such version of the policy.")
UNKNOWN_POLICY_LINE = ProblemKind(400, "unknown_policy_line", "口径没有这一条。", "The policy has no such line.")

# --- supervision classes -------------------------------------------------------------------------------------------------
NO_CLASS_YET = ProblemKind(404, "no_class_yet", "该单位当日还没有评定类别。", "The unit had no class on that day yet.")
LEADERS_ONLY = ProblemKind(403, "leaders_only", "须由部门负责人办理。", "Only a department leader may do this.")
NOT_A_REVIEW_DAY = ProblemKind(
    422, "not_a_review_day", "{on} 不是定期评审日。", "{on} is no day of a scheduled review."
)
UNKNOWN_CAP = ProblemKind(400, "unknown_cap", "方案中没有封顶 {cap}。", "The scheme has no cap {cap}.")
CAP_NOT_LIFTED = ProblemKind(
    400,
    "cap_not_lifted",
    "调整后的类别高于封顶，须写明解除封顶的文书（lifts）：{caps}。",
    "Caps that no paper lifts: {caps}.",
)
IN_PAST = ProblemKind(400, "in_past", "日期不能早于今天。", "The day has passed.")
BEFORE_THE_CLASS = ProblemKind(
    400, "before_the_class", "日期不能早于进入本类之日。", "The day lies before the present class began."
)


# --- ledgers, lists from Excel, superiors' forms --------------------------------------------------------------------------
UNKNOWN_DEPARTMENT = ProblemKind(400, "unknown_department", "没有这个部门。", "There is no such department.")
BAD_WORKBOOK = ProblemKind(400, "bad_workbook", "工作簿不能使用：{detail}", "The workbook cannot be used. {detail}")
BAD_MAPPING = ProblemKind(400, "bad_mapping", "列的对应有误。{detail}", "The mapping of columns is wrong. {detail}")
NOT_MAPPED = ProblemKind(409, "not_mapped", "请先设定这个模板各列的对应。", "Map the template's columns first.")
TOO_MANY_ROWS = ProblemKind(
    422, "too_many_rows", "超过 {most} 行，请加筛选条件。", "More than {most} rows; narrow them down."
)


# --- papers ----------------------------------------------------------------------------------------------------------------
UNKNOWN_PAPER = ProblemKind(400, "unknown_paper", "当日没有这种文书。", "There is no such kind of paper on that day.")
PAPER_OF_ANOTHER_SET = ProblemKind(
    400,
    "paper_of_another_set",
    "这种文书不在那一天的文书种类之内。",
    "The set of papers of that day has no paper of this kind.",
)
PAPER_NOT_FOR_THIS = ProblemKind(
    400, "paper_not_for_this", "这种文书不能由这类记录出具。", "No paper of this kind is made from such a record."
)
CERTIFICATE_NOT_VALID = ProblemKind(
    400, "certificate_not_valid", "该人员当日没有有效的执法证。", "This officer holds no certificate valid that day."
)
NO_ISSUER = ProblemKind(
    422,
    "no_issuer",
    "无法确定出具机关：请先登记您的部门或辖区。",
    "Nobody can tell in whose name: register your department.",
)
SAME_WORDING = ProblemKind(400, "same_wording", "更正后的文字与现在的相同。", "The wording is the same as it is now.")
NO_FONT = ProblemKind(
    503, "no_font", "系统缺少中文字体 fonts-noto-cjk，暂不能生成文书。", "The Chinese font fonts-noto-cjk is missing."
)
PAPER_CORRECTED = ProblemKind(
    409,
    "paper_corrected",
    "该文书已由{number}更正，请改用更正后的文书。",
    "This paper was corrected by {number}; use that one.",
)
NOT_ITS_OFFICER = ProblemKind(
    400, "not_its_officer", "签名人不是本文书的承办人员。", "Only an officer named in the paper signs as one."
)
NOT_A_SIGNATURE = ProblemKind(
    400,
    "not_a_signature",
    "签名应为不超过 200 KB、边长不超过 2000 像素的 PNG。",
    "A signature is a PNG of at most 200 KB and 2000 pixels.",
)
BEFORE_THE_PAPER = ProblemKind(
    400, "before_the_paper", "时间早于文书出具。", "That moment lies before the paper was issued."
)
WITNESS_REQUIRED = ProblemKind(400, "witness_required", "留置送达须写明见证人。", "Service by leaving needs a witness.")
NOT_SERVED = ProblemKind(409, "not_served", "请先登记送达，再出具送达回证。", "Record the service before its receipt.")
NO_OPEN_HAZARD = ProblemKind(409, "no_open_hazard", "这次检查没有尚未办结的隐患。", "No hazard of this visit is open.")
NO_REVIEW = ProblemKind(409, "no_review", "这次检查没有复查任何隐患。", "This visit reviewed no hazard.")
PAPER_CONTRADICTS = ProblemKind(
    409, "paper_contradicts", "这份文书与记录的现状不符。", "This paper contradicts the state of its record."
)
NOT_OF_THE_STEP = ProblemKind(
    400,
    "not_of_the_step",
    "此人没有办理这一步，不能作为这份文书的承办人员。",
    "This person did not take the step that the paper is of.",
)
NOT_OF_THE_VISIT = ProblemKind(400, "not_of_the_visit", "此人没有参加这次检查。", "This person was not at this visit.")
DRAFT_SETTLED = ProblemKind(
    409, "draft_settled", "这份草稿已经出具或者作废。", "The draft has been issued or discarded already."
)
NO_STOP_ORDER = ProblemKind(
    409, "no_stop_order", "须先作出现场处理措施决定。", "A decision to stop must have been issued before."
)
NOTICE_TOO_SHORT = ProblemKind(
    400,
    "notice_too_short",
    "除紧急情形外，须提前二十四小时通知。",
    "Except in an emergency, 24 hours' notice is needed.",
)
NOT_A_SCAN = ProblemKind(
    400,
    "not_a_scan",
    "扫描件应为完整的 PDF 或照片（JPEG、PNG、WebP、HEIC、AVIF）。",
    "A scan is a whole PDF or picture.",
)
SCAN_STANDS = ProblemKind(
    409,
    "scan_stands",
    "已有另一份扫描件；确要补传新版，请加 again=true，原件仍保留。",
    "Another scan stands; again=true adds a version.",
)
SCAN_TOO_LARGE = ProblemKind(
    413, "scan_too_large", "扫描件过大，上限 {most} MB。", "The scan is too large; the limit is {most} MB."
)


# --- dual prevention -----------------------------------------------------------------------------------------------------
OUTSIDE_TABLE = ProblemKind(
    400, "outside_table", "取值不在评价方法的取值表内。", "The value is not one of the method's table."
)
RESIDUAL_ABOVE_INHERENT = ProblemKind(
    400, "residual_above_inherent", "现有风险不能高于固有风险。", "With measures a risk is not greater than without."
)
UNKNOWN_FORCED_REASON = ProblemKind(
    400, "unknown_forced_reason", "没有这种直接判定重大风险的情形。", "There is no such reason for a forced major risk."
)
UNKNOWN_ACCIDENT_TYPE = ProblemKind(
    400, "unknown_accident_type", "没有这种事故类型。", "There is no such type of accident."
)
CONTROL_TOO_LOW = ProblemKind(
    400, "control_too_low", "管控层级低于风险等级要求的层级。", "A risk of this colour is controlled at a higher level."
)
BEFORE_LAST_ASSESSMENT = ProblemKind(
    400, "before_last_assessment", "不能早于现行评价的日期。", "This lies before the assessment in force."
)
REVIEW_TOO_LATE = ProblemKind(
    400,
    "review_too_late",
    "下次评价应在评价日之后、规定期限之内。",
    "The next review must lie after this one and within its term.",
)
UNKNOWN_RISK_POINT = ProblemKind(
    400, "unknown_risk_point", "没有这个风险点，或不属于本单位。", "No such risk point of this unit."
)
BAD_SPAN = ProblemKind(
    400,
    "bad_span",
    "起止日期有误：起日不晚于止日，且不超过一年。",
    "The days must be in order and span a year at most.",
)


# --- enforcement: listed supervision, stop orders, handovers and registers -------------------------------------------------
ONLY_MAJOR = ProblemKind(
    409, "only_major", "只有已确认的重大隐患可以挂牌督办。", "Only a confirmed major hazard may be listed."
)
ALREADY_LISTED = ProblemKind(409, "already_listed", "该隐患已挂牌督办。", "The hazard is listed already.")
NOT_LISTED = ProblemKind(409, "not_listed", "该隐患没有挂牌督办。", "The hazard is not listed.")
ALREADY_PROPOSED = ProblemKind(409, "already_proposed", "已提请挂牌，待安委办决定。", "A listing is proposed already.")
ALREADY_PUBLISHED = ProblemKind(409, "already_published", "已经公告。", "It is published already.")
HAZARD_NOT_CLOSED = ProblemKind(
    409, "hazard_not_closed", "隐患销号后才能摘牌。", "A hazard is delisted only when it is closed."
)
STOP_ORDER_STANDS = ProblemKind(
    409,
    "stop_order_stands",
    "该单位已登记过这一停产停业决定：文号相同，或者本部门对同一部位的决定仍在执行。",
    "This order is recorded for the unit already: by its document, or one of the department for the same scope is in force.",
)
CASE_REQUIRED = ProblemKind(
    409,
    "case_required",
    "转执法的隐患须先在案件（cases）中写明处罚决定或者不予处罚的理由，才能继续整改。",
    "First state in its case the penalty, or why there is none.",
)
CASE_STANDS = ProblemKind(409, "case_stands", "该隐患已有案件。", "A case of this hazard stands already.")
NOT_IN_ENFORCEMENT = ProblemKind(
    409, "not_in_enforcement", "隐患没有转执法，不能立案。", "The hazard was not handed to enforcement."
)
HAZARDS_OPEN = ProblemKind(
    409,
    "hazards_open",
    "停产决定所列隐患尚有未销号的，不能恢复生产。",
    "Hazards that the order names are still open: production may not resume.",
)
CONSENTS_MISSING = ProblemKind(
    409, "consents_missing", "煤矿复产尚缺：{missing}。", "Still missing for a coal mine to resume: {missing}."
)
CONSENT_RECORDED = ProblemKind(409, "consent_recorded", "这一方的同意已登记。", "This consent is on record already.")
NO_CONSENT_NEEDED = ProblemKind(
    409, "no_consent_needed", "只有煤矿复产须三方同意。", "Only a coal mine needs these consents."
)
BEFORE_LAST_STEP = ProblemKind(
    400, "before_last_step", "日期早于上一步之日。", "The day lies before that of the step before it."
)
UNKNOWN_CLAUSE = ProblemKind(
    400, "unknown_clause", "当日规定中没有这一条款。", "The regime of that day has no such clause."
)
OUTSIDE_LIST_SCOPE = ProblemKind(
    400,
    "outside_list_scope",
    "该行业领域不在应急管理部门名单的范围，由其主管部门列入。",
    "The sector has a list of its own ministry.",
)
OBJECTION_TIME_RUNS = ProblemKind(
    409, "objection_time_runs", "陈述申辩期限未满，不能列入。", "The time for objections has not passed."
)
OBJECTION_UNANSWERED = ProblemKind(
    409, "objection_unanswered", "陈述申辩尚未复核，不能列入。", "The objection has not been answered."
)
TOO_EARLY_TO_REMOVE = ProblemKind(409, "too_early_to_remove", "移出条件未到。", "It may not be removed yet.")
NOT_YOUR_DEPARTMENT = ProblemKind(
    403, "not_your_department", "须由有关部门办理。", "That is for the department concerned."
)
ENDED_ALREADY = ProblemKind(409, "ended_already", "已经了结。", "It has ended already.")
ENDS_BEFORE_START = ProblemKind(400, "ends_before_start", "结束日早于开始日。", "The last day lies before the first.")


# --- closings: lists of departments, objections, signature, freeze ------------------------------------------------------
MONTH_NOT_OVER = ProblemKind(409, "month_not_over", "{period}还没有结束。", "{period} is not over.")
NOT_SIGNED = ProblemKind(409, "not_signed", "尚未签发，不能冻结。", "It is not signed yet and cannot be frozen.")
SIGNATURE_STALE = ProblemKind(
    409,
    "signature_stale",
    "签发以后数字有变化，请撤回签发、核对后重新签发。",
    "The figures have changed since the signature; sign again.",
)
SOURCE_LIST_MISSING = ProblemKind(
    409,
    "source_list_missing",
    "部门月报没有交齐（确无事故的须交零报告）。",
    "A department's list is missing; without accidents a nil return is due.",
)
DIFFERENCES_OPEN = ProblemKind(
    409, "differences_open", "与部门月报的差异没有处理完。", "Differences with departments' lists are not settled."
)
OBJECTIONS_OPEN = ProblemKind(409, "objections_open", "还有异议没有答复。", "Objections are not answered yet.")
OBJECTION_PERIOD_RUNS = ProblemKind(
    409,
    "objection_period_runs",
    "异议期未满，且不是所有乡镇都声明了无异议。",
    "Townships may still object, and not all have said that they do not.",
)
MONTH_FROZEN = ProblemKind(409, "month_frozen", "{period}已经冻结。", "{period} is frozen.")
NOT_PUBLISHED = ProblemKind(
    409, "not_published", "尚未冻结，不对外公布。", "It is not frozen, and nothing is published before."
)
OWN_PREPARATION = ProblemKind(
    403, "own_preparation", "参与拟稿、核对的人不能签发。", "Who prepared it may not sign it."
)
OWN_SIGNATURE = ProblemKind(403, "own_signature", "签发人不能自己冻结。", "Who signed it may not freeze it.")
BAD_LIST = ProblemKind(
    400,
    "bad_list",
    "月报有误，整份未收：请按各格提示改正后重交。",
    "The list has errors and was not taken; see each of them.",
)
EMPTY_LIST = ProblemKind(
    400, "empty_list", "没有任何一行；确无事故的请交零报告。", "There is no row; without accidents make a nil return."
)
NIL_WITH_ROWS = ProblemKind(400, "nil_with_rows", "零报告不能有行。", "A nil return has no rows.")
UNKNOWN_SOURCE = ProblemKind(400, "unknown_source", "没有这种部门月报。", "There is no such list.")
UNKNOWN_ACCIDENT = ProblemKind(
    400, "unknown_accident", "没有这起事故，或不在您的管辖范围。", "No such accident in your jurisdiction."
)
OLD_EDITION = ProblemKind(
    409, "old_edition", "这份月报已被新版取代，请在新版上办理。", "A later edition has taken the place of this list."
)
ALREADY_SETTLED = ProblemKind(
    409, "already_settled", "已经认定过，请先撤销。", "That is settled already; undo it first."
)
NOTHING_DIFFERS = ProblemKind(409, "nothing_differs", "没有需要说明的差异。", "There is no difference to be explained.")
REMEDY_REQUIRED = ProblemKind(
    400,
    "remedy_required",
    "异议成立的，须写明如何更正（override 或 decide 之一）。",
    "Upheld, it needs its remedy: override or decide, one of them.",
)
REMEDY_ELSEWHERE = ProblemKind(
    400, "remedy_elsewhere", "更正的对象与异议事项不符。", "The remedy is about something else than the objection."
)
OBJECTED_ALREADY = ProblemKind(
    409, "objected_already", "已就同一事项提出异议，尚未答复。", "The same objection is open already."
)


# --- assessment: sheets, vetoes, key patrol -------------------------------------------------------------------------------
YEAR_NOT_OVER = ProblemKind(409, "year_not_over", "{year}年还没有结束。", "The year {year} is not over.")
VETO_UNDECIDED = ProblemKind(
    409, "veto_undecided", "有“一票否决”建议尚未决定，请先决定。", "A proposed veto is not decided yet."
)
BARRED_BY_VETO = ProblemKind(
    409,
    "barred_by_veto",
    "已被“一票否决”，不得评为{conclusion}。",
    "Under a veto this conclusion is barred: {conclusion}.",
)
UNKNOWN_CONCLUSION = ProblemKind(
    400, "unknown_conclusion", "当年没有这个考核等次。", "There was no such conclusion in that year."
)
FIGURES_MOVED = ProblemKind(
    409,
    "figures_moved",
    "数字已与您看到的不同，请重新查看后确认。",
    "The figures are no longer those you saw; look again.",
)
ENTRIES_UNDECIDED = ProblemKind(
    409, "entries_undecided", "还有乡镇没有逐个确认：{names}。", "Some townships are not decided yet: {names}."
)
ON_THE_LIST = ProblemKind(
    409, "on_the_list", "该乡镇已在名单中，请在那一条上办理。", "The township has its entry on the list."
)


# --- bulletins and quick reports -----------------------------------------------------------------------------------------
BULLETIN_FROZEN = ProblemKind(
    409,
    "bulletin_frozen",
    "定稿已签发或已冻结，通报不能再修改；数字有误的，修订定稿后另发更正通报。",
    "The closing is signed or frozen: the bulletin stands. What is wrong is corrected by a revision.",
)
NO_BULLETIN_OF_A_YEAR = ProblemKind(
    409,
    "no_bulletin_of_a_year",
    "通报按月印发，年度定稿没有通报。",
    "Bulletins are monthly; the closing of a year has none.",
)
QUICK_REPORT_SIGNED = ProblemKind(
    409,
    "quick_report_signed",
    "快报已签发，不能再修改；新情况另起一期。",
    "The quick report is signed; what is new makes the next issue.",
)
NOTHING_TO_REPORT_ON = ProblemKind(
    409,
    "nothing_to_report_on",
    "事故已核销或已并入另一条记录，请在那条记录上办理。",
    "The accident is written off or joined to another record.",
)


# --- from exceptions to answers ------------------------------------------------------------------------------------------
def pointers(detail: Any, at: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested error detail as flat RFC 9457 errors with JSON pointers."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = at if name == "non_field_errors" else f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from pointers(inner, here)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            deeper = isinstance(inner, Mapping | list)
            yield from pointers(inner, f"{at}/{place}" if deeper else at)
    else:
        yield {"pointer": at, "code": getattr(detail, "code", None) or "invalid", "detail": str(detail)}


def of_validation(error: exceptions.ValidationError) -> Problem:
    """One word over all errors when they share a registered one that says itself, `invalid` else."""
    errors = list(pointers(error.detail))
    codes = {each["code"] for each in errors}
    word = codes.pop() if len(codes) == 1 else "invalid"
    kind = REGISTRY.get(word, INVALID)
    return kind(errors=errors) if kind.status == 400 and not kind.needs_values else INVALID(errors=errors)


BY_STATUS = {
    400: INVALID, 401: UNAUTHENTICATED, 403: FORBIDDEN, 404: NOT_FOUND, 405: METHOD_NOT_ALLOWED,
    406: NOT_ACCEPTABLE, 415: UNSUPPORTED_MEDIA, 429: THROTTLED,
}  # fmt: skip


DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def of(error: Exception) -> Problem | None:
    """The problem that an exception means, or None when it is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, exceptions.ValidationError):
        return of_validation(error)
    if isinstance(error, exceptions.AuthenticationFailed):
        return BAD_TOKEN()
    if isinstance(error, exceptions.Throttled):
        seconds = max(1, math.ceil(getattr(error, "wait", None) or 1))
        return THROTTLED(headers={"Retry-After": str(seconds)}, retry_after=seconds)
    if isinstance(error, exceptions.APIException):
        return BY_STATUS.get(error.status_code, INVALID)()
    if isinstance(error, Http404):
        return NOT_FOUND()
    if isinstance(error, PermissionDenied):
        return FORBIDDEN()
    if isinstance(error, RequestDataTooBig):
        return TOO_LARGE(most="2 MB")
    if isinstance(error, SuspiciousOperation):
        return INVALID()
    if is_lost(error):
        return UNAVAILABLE(headers={"Retry-After": "5"}, retry_after=5)
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return UNAVAILABLE(headers={"Retry-After": "60"}, retry_after=60)
    return None


def may_pass(error: Exception) -> bool:
    """What needs only to be tried later, however often: something that we stand on is away."""
    return isinstance(error, Problem) and error.kind.status == 503


def of_fault(error: BaseException | None) -> Problem:
    """For what no rule foresaw: logged with its trace, answered `failed`."""
    problem = of(error) if isinstance(error, Exception) else None
    if problem is None:
        log.error("fault", exc_info=error)
    return problem or FAILED()


def answer(error: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER."""
    problem = of(error)
    if problem is None:
        return None  # the trace middleware logs it and answers `failed`
    if problem.kind is UNAVAILABLE:
        log.warning("database unavailable: %s", error)
    headers = dict(problem.headers)
    if problem.kind.status == 401:
        headers["WWW-Authenticate"] = context["view"].get_authenticate_header(context["request"]) or "Bearer"
    return Response(problem.body(), status=problem.kind.status, headers=headers, content_type=MEDIA_TYPE)


def plain(problem: Problem) -> JsonResponse:
    """The same answer where DRF is not at hand: middlewares, unknown addresses, faults."""
    return JsonResponse(
        problem.body(),
        status=problem.kind.status,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def not_found(request, exception=None):
    return plain(NOT_FOUND())


def failed(request):
    """Django's handler500: also reached by what fails in a middleware, such as a session without a database."""
    return plain(of_fault(sys.exc_info()[1]))


def bad_request(request, exception=None):
    return plain(INVALID())


def forbidden(request, exception=None, reason=""):
    return plain(FORBIDDEN())
