"""What is written at a visit: the record of it; whom was asked, what was measured, which samples were taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from evidence.models import Photo
from evidence.papers.composing import spoken_time
from evidence.papers.models import Paper
from evidence.papers.registry import Sheet, gathers
from hazards.models import Hazard
from hazards.papers import addressee, problem
from inspections.models import Inspection, Result
from inspections.papers.course import of_course
from inspections.papers.subjects import check_were_there, spoken_way
from reference import law
from safety_api.shapes import Moment, Shape, Text


def words(most: int, help_text: str) -> Text:
    return Text(max_length=most, required=False, default="", allow_blank=True, help_text=help_text)


# --- 现场检查笔录 --------------------------------------------------------------------------------------------------------
class Record(Shape):
    content = words(1000, "缺省由检查表写出")
    handling = words(1000, "处理意见")
    principal_post = words(60, "主要负责人职务")
    attendee = words(100, "单位指派的到场人员及职务")
    recusal = words(200, "是否申请回避；没有写的，印出选项当场填写")
    statement = words(1000, "单位的陈述、申辩")


@gathers("inspection_record", of="inspection", fields=Record, agrees=check_were_there)
def visit_record(visit: Inspection, sheet: Sheet, *, content: str, handling: str, **stated: str) -> dict[str, Any]:
    hazards, (first, last) = list(hazards_of(visit)), visit.as_papers_say
    return {
        **addressee(visit), **stated, "way": spoken_way(visit.kind, sheet.form_of), "started_at": first.isoformat(), "finished_at": last.isoformat(),
        "content": content or _looked_at(visit), "problems": [problem(each) for each in hazards],
        "handling": handling or _handled(hazards), "notice": notice_of(visit), **of_course(visit, sheet), **_at_the_gate(visit, **stated),
    }  # fmt: skip


def _at_the_gate(visit: Inspection, *, attendee: str, statement: str, **stated: str) -> dict[str, str]:
    """Of the course as the phone told it."""
    course = visit.course
    record, scan = course.get("record") or {}, course.get("scan") or {}
    return {
        "attendee": attendee or " ".join(filter(None, (record.get("to"), record.get("post")))),
        "statement": statement or record.get("note") or "",
        "scan": _scanned(scan),
    }


def _scanned(scan: dict[str, Any]) -> str:
    """What the code says stays with the visit; here is that it was scanned, and when."""
    if scan.get("code"):
        at = f"{spoken_time(scan['at'])}" if scan.get("at") else ""
        return f"{at}已扫码{scan['system'] and '（' + scan['system'] + '）'}"
    return f"未扫码：{scan['exempt_reason']}" if scan.get("exempt_reason") else ""


def notice_of(visit: Inspection) -> str:
    """The number of the notice that was handed, of the visit or of its task."""
    told = (visit.course.get("notice") or {}).get("number")
    paper = None if told else Paper.objects.of(visit.pk, visit.task_id, kinds=("inspection_notice",)).first()
    return told or (paper.number if paper else "")


def _looked_at(visit: Inspection) -> str:
    """《煤矿检查表》（2021-1）: how many items were looked at, and how many of them failed."""
    found = law.version("checklist", visit.checklist_code, visit.checklist_version)
    if found is None:
        return "对安全生产责任制落实、现场管理和设施设备情况进行检查。"
    failed = sum(each["result"] == Result.FAIL for each in visit.answers)
    items = len(found.body["items"])
    named = f"《{found.title}》（{found.version}版，共{items}项）"
    looked_at = items if visit.unanswered == "pass" else len(visit.answers)
    verdict = f"不合格{failed}项" if failed else "没有不合格项"
    return f"按{named}检查{looked_at}项，{verdict}。" if looked_at else f"参照{named}检查，没有逐项填写。"


def _handled(hazards: list[Hazard]) -> str:
    if not hazards:
        return "请继续落实安全生产主体责任，做好隐患排查治理。"
    return "对上述问题依法责令改正，能当场改正的当场改正，不能当场改正的另行下达责令限期整改指令书。"


def hazards_of(visit: Inspection) -> Any:
    return Hazard.objects.filter(inspection_id=visit.pk).as_entered("item")


# --- 询问、勘验、抽样 ------------------------------------------------------------------------------------------------------
class During(Shape):
    """What these three have in common: where and when within the visit, and about what."""

    place = words(200, "缺省为检查地点")
    begun_at = Moment(required=False, allow_null=True, default=None, help_text="缺省为检查开始")
    ended_at = Moment(required=False, allow_null=True, default=None, help_text="缺省为检查结束")
    about = words(300, "事由，缺省为本次检查")


def during(
    visit: Inspection, sheet: Sheet, *, place: str, begun_at: datetime | None, ended_at: datetime | None, about: str
) -> dict[str, Any]:
    """Raises a ValidationError for an end before the beginning."""
    began, ended = visit.as_papers_say
    who, first = addressee(visit), begun_at or began
    last = ended_at or max(first, ended)
    if last < first:
        said = serializers.ErrorDetail("结束不能早于开始。", "invalid")
        raise serializers.ValidationError({"fields": {"ended_at": said}})
    period = f"{spoken_time(first)}至{spoken_time(last)}"
    return {
        **who, "place": place or who["place"], "period": period, "about": about or f"{who['to']}安全生产行政检查",
        **of_course(visit, sheet),
    }  # fmt: skip


class Answered(Shape):
    question = Text(min_length=1, max_length=500)
    answer = words(2000, "没有写的当场填写")


class Interview(During):
    person = Text(min_length=1, max_length=60, help_text="被询问人")
    person_post = words(60, "职务")
    recusal = words(200, "是否申请回避；没有写的，印出选项当场填写")
    talk = serializers.ListField(
        child=Answered(), max_length=60, required=False, default=list, help_text="问与答；没有写的留空当场填写"
    )


@gathers("interview_record", of="inspection", fields=Interview, agrees=check_were_there)
def interview(
    visit: Inspection, sheet: Sheet, *, person: str, person_post: str, recusal: str, talk: list[dict[str, str]], **common: Any
) -> dict[str, Any]:  # fmt: skip
    return {
        **during(visit, sheet, **common), "person": person, "person_post": person_post, "recusal": recusal,
        "talk": [{"text": f"{who}：{said}"} for each in talk for who, said in (("问", each["question"]), ("答", each["answer"]))],
    }  # fmt: skip


class Scene(During):
    situation = words(4000, "勘验情况；没有写的留空当场填写")
    attendee = words(100, "单位的到场人员及职务")
    witness = words(100, "见证人")
    attached = words(200, "附件，缺省为本次检查的照片")


@gathers("scene_record", of="inspection", fields=Scene, agrees=check_were_there)
def scene(visit: Inspection, sheet: Sheet, *, situation: str, attached: str, **stated: Any) -> dict[str, Any]:
    """What the visit found stands on it; the sketch and the measures are the officers'."""
    said = {name: stated.pop(name) for name in ("attendee", "witness")}
    problems = [problem(each) for each in hazards_of(visit)]
    return {
        **during(visit, sheet, **stated), **said, "situation": situation, "blank": not situation, "problems": problems,
        "attached": attached or _photos_of(visit),
    }  # fmt: skip


def _photos_of(visit: Inspection) -> str:
    many = Photo.objects.of("inspection", visit.pk).count()
    return f"现场照片{many}张" if many else ""


class Sample(Shape):
    name = Text(min_length=1, max_length=100, help_text="名称")
    model = words(100, "规格型号")
    batch = words(100, "批号、生产日期")
    quantity = words(60, "数量")
    sealed = words(60, "封存情况")


class Sampling(During):
    samples = serializers.ListField(child=Sample(), min_length=1, max_length=60)
    method = Text(max_length=200, required=False, default="随机抽取", help_text="抽样方法")
    laboratory = words(100, "送检机构")


@gathers("sampling_record", of="inspection", fields=Sampling, agrees=check_were_there)
def sampling(
    visit: Inspection, sheet: Sheet, *, samples: list[dict[str, str]], method: str, laboratory: str, **common: Any
) -> dict[str, Any]:
    return {**during(visit, sheet, **common), "samples": samples, "method": method, "laboratory": laboratory}
