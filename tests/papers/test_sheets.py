"""印出来的样子: every kind of the day's set, as PDF and as Word, with its facts and without a single empty box."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from enforcement.models import StopOrder
from evidence.papers import composing, fonts
from evidence.papers.composing import SPEAKER, compose, spoken_day, spoken_time, template
from evidence.papers.kinds import book, kind_of, remedy
from evidence.papers.printing import wide
from evidence.papers.registry import SOURCES
from hazards.models import Hazard, Review
from inspections.models import Inspection, Task
from tests.cast import papers
from tests.cast.hazards import record_step
from tests.cast.papers import HAZARD, MINE, PAPERS, VISIT, empty_boxes, today, words_of_docx, words_of_pdf

pytestmark = pytest.mark.django_db
TOWNSHIP, CHIEF = {"who": "township", "others": ()}, {"who": "chief", "others": ("inspector",)}
STOP = "8a2f6c39-5b44-4be5-9a38-6f3f1f1c0002"
TASK = "8a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"
SOON = (today() + timedelta(3)).isoformat()


@pytest.fixture
def world(hazard, officers):
    """A visit that found a second hazard and reviewed the first; a task for the same mine; a decision to stop."""
    papers.a_visit(officers, companions=[officers["department"].pk])
    papers.a_hazard(
        papers.OTHER,
        inspection_id=VISIT,
        description="甲烷传感器未按期调校",
        level="major",
        standard_clause="煤矿重大事故隐患判定标准第六条",
    )
    Review.objects.create(
        hazard=hazard,
        inspection_id=VISIT,
        result="pass",
        note="已补打锚杆",
        reviewed_at=papers.FOUND,
        reviewed_by=officers["inspector"].pk,
    )
    stop = StopOrder.objects.create(
        id=STOP, enterprise_id=MINE, region_code=hazard.region_code, sector_id="coal_mine", department_id="emergency", extent="partial",
        scope="二采区", reason="通风系统不可靠", issued_on=today(), created_by_name="周业",
    )  # fmt: skip
    stop.hazards.set([papers.OTHER])
    Task.objects.create(
        id=TASK, enterprise_id=MINE, region_code=hazard.region_code, sector_id="coal_mine", kind="special", authority="administrative",
        due_on=today(), assignees=[officers["inspector"].pk],
    )  # fmt: skip


def reviewed(result: str, officers) -> None:
    """As the visit left it: with the step that its review led to."""
    Hazard.objects.filter(pk=HAZARD).update(
        state="closed" if result == "pass" else "rectifying", closed_on=today() if result == "pass" else None
    )
    signed = [{"id": str(officers[name].pk)} for name in ("inspector", "department")]
    record_step(Hazard.objects.get(pk=HAZARD), result, "review_requested", officers=signed, inspection=str(VISIT))


def resumed(officers) -> None:
    days = {"accepted_on": today(), "resumed_on": today()}
    StopOrder.objects.update(state="resumed", document="兴应急停〔2026〕2号", **days)


BEFORE = {  # what has to have happened before such a paper is issued
    ("review_opinion", "hazard"): lambda officers: reviewed("fail", officers),
    ("review_opinion", "stop_order"): resumed,
    ("review_opinion", "inspection"): lambda officers: reviewed("pass", officers),
    ("transfer", "inspection"): lambda officers: Hazard.objects.filter(pk=papers.OTHER).update(state="transferred"),
}


def cut_tomorrow() -> dict:
    return {
        "supply": "explosives",
        "supplier": "兴县民爆公司",
        "cut_at": (timezone.now() + timedelta(hours=25)).isoformat(),
        "reason": "仍在放炮",
    }


ALL = [  # kind, of what, by whom, fields, what must be read on it
    ("approval_form", ("enterprise", MINE), {}, {"check_on": SOON, "reason": "专项整治"}, ["行政检查审批表", "兴县示例煤业有限公司", "专项整治", "机关负责人审批意见", "第六十五条"]),
    ("approval_form", ("task", TASK), {}, {"check_on": SOON}, ["专项", "检查内容"]),
    ("inspection_notice", ("enterprise", MINE), {}, {"check_on": SOON, "content": ["顶板管理"]}, ["行政检查通知书", "顶板管理", "申请其回避"]),
    ("inspection_notice", ("task", TASK), {}, {"check_on": SOON}, ["专项检查", spoken_day(SOON)]),
    ("approval_form", ("inspection", VISIT), {}, {"type": "case", "source": {"kind": "complaint", "number": "兴信访〔2026〕3号"}},
     ["个案", "投诉举报", "2026年11月20日", "协助人员", "机关负责人"]),
    ("inspection_notice", ("inspection", VISIT), {}, {"experts": [{"name": "王工", "organ": "某研究院", "post": "高级工程师"}]},
     ["1名：王工（某研究院，高级工程师）", "不要求法定代表人到场", "不谋利", "县司法局", "申请其回避"]),
    ("inspection_plan", ("enterprise", MINE), {}, {"check_on": SOON, "until": (today() + timedelta(4)).isoformat()}, ["现场检查方案", "审核意见", "张小三"]),
    ("inspection_plan", ("task", TASK), {}, {"check_on": SOON}, ["现场检查方案"]),
    ("inspection_record", ("inspection", VISIT), {}, {"principal_post": "矿长"},
     ["现场检查笔录", "2026年11月20日9时00分至2026年11月20日10时20分", "甲烷传感器未按期调校", "第六十八条", "矿长", "15102工作面", "重大事故隐患"]),
    ("interview_record", ("inspection", VISIT), {}, {"person": "李四", "person_post": "安全员", "talk": [{"question": "传感器上次何时调校？", "answer": "记不清了"}]},
     ["询问笔录", "李四", "问：传感器上次何时调校？答：记不清了", "被询问人（签名）", "2026年11月20日9时00分至"]),
    ("scene_record", ("inspection", VISIT), {}, {"witness": "赵安"}, ["勘验笔录", "甲烷传感器未按期调校", "测量的部位", "见证人（签名）"]),
    ("sampling_record", ("inspection", VISIT), {}, {"samples": [{"name": "阻燃输送带", "model": "PVC1250", "batch": "LOT-20260312-0001-B", "quantity": "2块"}]},
     ["抽样取证记录", "阻燃输送带", "PVC1250", "LOT-20260312-0001-B", "封存情况", "随机抽取"]),
    ("result_notice", ("inspection", VISIT), {}, {}, ["行政检查结果告知书", "发现问题1项", "甲烷传感器未按期调校", "1项问题请在各自期限内整改完毕", "县司法局"]),
    ("rectify_order", ("hazard", HAZARD), {}, {"deadline": SOON, "measures": "停止作业"},
     ["责令限期整改指令书", "兴县应急管理局", "15102综采工作面回风巷锚杆间距达1.4米", spoken_day(SOON) + "前", "停止作业", "第六十五条", "60日内", "行政复议", "行政诉讼"]),
    ("rectify_order", ("inspection", VISIT), {}, {}, ["甲烷传感器未按期调校", "煤矿重大事故隐患判定标准第六条"]),
    ("rectify_notice", ("hazard", HAZARD), TOWNSHIP, {}, ["隐患整改告知书", "兴县蔚汾镇人民政府", "不是行政处罚", "检查人员（签名）"]),
    ("rectify_notice", ("inspection", VISIT), TOWNSHIP, {"hazards": [str(papers.OTHER)]}, ["甲烷传感器未按期调校"]),
    ("onsite_decision", ("hazard", HAZARD), {}, {"measures": ["evacuate", "stop_use"], "scope": "15102工作面"},
     ["现场处理措施决定书", "1.从危险区域内撤出作业人员（15102工作面）", "第三项", "本决定不停止执行"]),
    ("onsite_decision", ("inspection", VISIT), {}, {"measures": ["suspend"]}, ["暂时停产停业"]),
    ("review_opinion", ("hazard", HAZARD), {}, {"result": "fail", "deadline": SOON, "note": "仍有12根未打"}, ["整改复查意见书", "不合格", "仍有12根未打"]),
    ("onsite_decision", ("stop_order", STOP), {}, {}, ["现场处理措施决定书", "通风系统不可靠", "甲烷传感器未按期调校", "部分停产停业，停止有关作业（二采区）"]),
    ("review_opinion", ("stop_order", STOP), {}, {}, ["兴应急停〔2026〕2号", "复查结果：合格", "恢复生产经营（使用）"]),
    ("review_opinion", ("inspection", VISIT), {}, {}, ["复查结果：合格。已补打锚杆", "予以销号"]),
    ("transfer", ("hazard", HAZARD), {}, {"department": "approval", "way": "copy", "reply_by": SOON, "materials": ["照片6张"]},
     ["问题抄告书", "兴县行政审批服务管理局", "照片6张"]),
    ("transfer", ("inspection", VISIT), {}, {"department": "energy"}, ["移送书", "第六十九条", "兴县能源局"]),
    ("power_cut_notice", ("hazard", HAZARD), CHIEF, {"supply": "explosives"}, ["停止供应民用爆炸物品通知书", "第七十条", "兴县民爆公司", "现决"]),
    ("service_receipt", ("paper", None), {}, {}, ["送达回证", "责改", "矿调度室", "留置送达", "赵安", "见证人"]),
]  # fmt: skip


@pytest.mark.parametrize("kind, of, by, fields, said", ALL, ids=[f"{kind}-{of[0]}" for kind, of, *_ in ALL])
def test_every_kind_of_paper_is_printed_with_its_facts_and_no_missing_glyph(
    issue, world, officers, as_, kind, of, by, fields, said
):
    BEFORE.get((kind, of[0]), lambda officers: None)(officers)
    if kind == "power_cut_notice":
        assert issue("onsite_decision", measures=["suspend"]).status_code == 201
        fields = cut_tomorrow()
    subject = ("paper", a_served_order(issue, as_)) if of[0] == "paper" else of
    answer = issue(kind, subject=subject, **by, **fields)
    assert answer.status_code == 201, answer.json()
    paper, client = answer.json(), as_(by.get("who", "inspector"))
    pdf = client.get(f"{PAPERS}/{paper['id']}.pdf")
    docx = client.get(f"{PAPERS}/{paper['id']}.docx")
    narrow = client.get(f"{PAPERS}/{paper['id']}.pdf?form=narrow").content
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    for words in (words_of_pdf(pdf.content), words_of_docx(docx.content), words_of_pdf(narrow)):
        for each in [*said, paper["number"], paper["code"]]:
            assert each in words, (each, words)
    assert empty_boxes(pdf.content) == empty_boxes(narrow) == 0
    assert papers.pictures_in_docx(docx.content) == 1  # the QR code


def a_served_order(issue, as_) -> str:
    order = issue().json()["id"]
    served = {
        "how": "left",
        "received_by": "张小三",
        "place": "矿调度室",
        "served_at": timezone.now().isoformat(),
        "witnesses": ["赵安"],
    }
    assert as_("inspector").post(f"{PAPERS}/{order}/service", served, format="json").status_code == 201
    return order


def test_every_kind_of_paper_in_force_has_a_template_and_a_source_record():
    kinds = {each["code"] for each in book(today())["papers"]}
    assert kinds == {kind for kind, _ in SOURCES} == {kind for kind, *_ in ALL}
    names = {kind_of(kind, today()).template for kind in kinds}
    assert {template(name).version.split("@")[0] for name in names} == names


def test_the_page_of_papers_names_every_kind_of_the_day():
    page = (Path(settings.BASE_DIR) / "docs/papers.md").read_text(encoding="utf-8")
    assert [each["code"] for each in book(today())["papers"] if f"`{each['code']}` " not in page] == []


def test_all_pairs_of_paper_kind_and_record_are_tested():
    assert set(SOURCES) == {(kind, of) for kind, (of, _), *_ in ALL}


# --- the same bytes, and pictures ----------------------------------------------------------------------------------------------
def test_printing_the_same_paper_twice_gives_the_same_bytes(paper, as_):
    client = as_("inspector")
    assert client.get(f"{PAPERS}/{paper['id']}.pdf").content == client.get(f"{PAPERS}/{paper['id']}.pdf").content


def test_the_qr_code_contains_the_verification_address(paper, as_, settings):
    from evidence.papers import printing
    from evidence.papers.models import Paper

    settings.PUBLIC_URL = "https://aqjg.example.gov.cn"
    sheet = printing.of_paper(Paper.objects.get(), site=settings.PUBLIC_URL)
    assert sheet.address == f"https://aqjg.example.gov.cn/api/v1/verify/{paper['code'].replace('-', '')}"
    assert printing.pdf(sheet) != printing.pdf(printing.of_paper(Paper.objects.get(), site="http://testserver"))


def test_the_file_name_contains_title_and_number_of_the_paper(paper, as_):
    from urllib.parse import unquote

    answer = as_("inspector").get(f"{PAPERS}/{paper['id']}.docx")
    assert unquote(answer["Content-Disposition"]).endswith(f"责令限期整改指令书{paper['number']}.docx")


def test_typed_text_is_never_read_as_markup(issue, hazard, as_):
    odd = '#panic() $x$ *粗* <w:p/> {to} \\ `a` @b {{ c }} & "引号"'
    made = issue(measures=odd).json()
    assert "".join(odd.split()) in words_of_pdf(as_("inspector").get(f"{PAPERS}/{made['id']}.pdf").content)
    assert "".join(odd.split()) in words_of_docx(as_("inspector").get(f"{PAPERS}/{made['id']}.docx").content)


@pytest.mark.parametrize(
    "kind, fields",
    [("inspection_notice", {"contact": "张巡 0358-6320000"}), ("inspection_record", {}), ("scene_record", {}), ("approval_form", {})],
)  # fmt: skip
def test_a_short_paper_of_a_visit_fits_one_page(world, issue, as_, kind, fields):
    Inspection.objects.update(
        type="daily", experts=[{"name": "王工", "organ": "某研究院", "post": "高级工程师"}] * 2,
        source={"kind": "campaign", "number": "晋安办发〔2026〕12号", "ordered_by": "山西省安委会办公室"},
    )  # fmt: skip
    made = issue(kind, subject=("inspection", VISIT), **fields).json()
    words = words_of_pdf(as_("inspector").get(f"{PAPERS}/{made['id']}.pdf").content)
    assert "第1页共1页" in words and "（签名）" in words


def test_a_long_place_has_the_row_to_itself():
    place = "兴县蔚汾镇东关村瓦塘选煤厂矸石充填系统及配套铁路专用线装车站"
    rows = [["检查时间", "2026年11月30日", "检查场所", place], ["地址", place], ["类型", "日常检查", "方式", "常规"]]
    assert wide(rows) == [["检查时间", "2026年11月30日"], ["检查场所", place], *rows[1:]]


def test_a_long_order_keeps_seal_and_signatures_together_on_the_last_page(issue, hazard, as_):
    made = issue(measures="逐项落实。" * 190).json()
    words = words_of_pdf(as_("inspector").get(f"{PAPERS}/{made['id']}.pdf").content)
    assert "第2页共2页" in words
    last = words.split("第1页共2页")[1]
    assert "执法人员（签名）" in last and "（印章）" in last and "行政复议" in last


@pytest.mark.parametrize(
    "on, where",
    [(date(2021, 3, 29), "本级人民政府"), (date(2023, 12, 31), "本级人民政府"), (date(2024, 1, 1), "兴县人民政府")],
)
def test_every_day_has_its_remedy_whether_its_set_names_one_or_not(on, where):
    found = remedy(on)
    assert (found["body"], found["days"], found["months"]) == (where, 60, 6)


def test_papers_of_a_visit_list_findings_in_the_order_of_entry(issue, hazard, officers, as_):
    papers.a_visit(officers, companions=[officers["department"].pk])
    late, early = (UUID(f"{digit * 8}-0000-4000-8000-00000000000a") for digit in "f1")
    papers.a_hazard(late, inspection_id=VISIT, description="先发现的", item="C09-12", position=1)
    papers.a_hazard(early, inspection_id=VISIT, description="后发现的", item="C09-03", position=2)
    papers.a_hazard(papers.OTHER, inspection_id=VISIT, description="从前的", item="C09-01")
    for kind in ("inspection_record", "rectify_order"):
        made = issue(kind, subject=("inspection", VISIT)).json()
        words = words_of_pdf(as_("inspector").get(f"{PAPERS}/{made['id']}.pdf").content)
        assert words.index("1.先发现的") < words.index("2.后发现的") < words.index("3.从前的")


# --- words -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "pattern, facts, said",
    [
        ("{day!d}", {"day": "2026-11-03"}, "2026年11月3日"),
        ("{day!d}", {"day": None}, ""),
        ("{at!t}", {"at": "2026-11-20T01:05:00+00:00"}, "2026年11月20日9时05分"),
        ("{remedy[days]}日", {"remedy": {"days": 60}}, "60日"),
        ("{text}", {"text": "{other}"}, "{other}"),
        ("{text}", {"text": None}, ""),
    ],
)
def test_facts_are_formatted_in_chinese(pattern, facts, said):
    assert SPEAKER.vformat(pattern, (), facts) == said


def test_days_and_times_are_printed_in_county_time():
    assert (spoken_day(date(2026, 1, 2)), spoken_time("2026-12-31T16:00:00Z")) == (
        "2026年1月2日",
        "2027年1月1日0时00分",
    )


def test_a_fact_missing_from_a_template_raises_an_error_instead_of_a_blank():
    with pytest.raises(KeyError):
        compose("rectify_order", {"to": "某单位"})


# --- the font ----------------------------------------------------------------------------------------------------------------------
def test_printing_without_the_font_is_refused_with_503(paper, as_, settings, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDERS", ())
    fonts.loaded.cache_clear()
    try:
        answer = as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf")
        assert (answer.status_code, answer.json()["code"]) == (503, "no_font")
    finally:
        fonts.loaded.cache_clear()


def test_templates_use_only_known_blocks_and_parties():
    from evidence.papers.models import Party

    for file in composing.TEMPLATES.glob("*.toml"):
        for block in template(file.stem).blocks:
            assert set(block) & set(composing.BLOCKS), (file.name, block)
            assert set(block.get("signs", ())) <= set(Party.values)
