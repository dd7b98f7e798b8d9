"""上级: our rows in their workbook, what was reported marked, their list against ours."""

from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone
from xlsxwriter import Workbook

from hazards.actions.superior import mark_reported, set_external_number
from hazards.models import Hazard
from ledgers.models import HandedUp
from safety_api.models import TrailLine
from tests.cast.people import OTHER_VILLAGE
from tests.cast.units import mine
from tests.cast.workbooks import API, a_hazard, book_of, cells, content, opened, part, post_book, sheets

pytestmark = pytest.mark.django_db
COLUMNS = {
    "序号": "serial",
    "企业名称": "unit",
    "隐患描述": "description",
    "整改 时限": "deadline",
    "整改情况": "state",
    "责任人": "responsible",
}
MAPPING = {
    "sheet": "上报表",
    "heading_row": 2,
    "first_row": 3,
    "columns": COLUMNS,
    "words": {"未整改": "ordered", "已整改": "closed"},
}


def their_form(*, prepared=2, foot=True, area=True, merged=True, formula=False) -> bytes:
    """As an office makes one: a title, headings with breaks, prepared lines in their own look, a foot, a printed area."""
    from io import BytesIO

    file = BytesIO()
    book = Workbook(file, {"in_memory": True})
    page, other = book.add_worksheet("上报表"), book.add_worksheet("说明")
    other.write(0, 0, "填表说明：如实填写")
    title, cell = (
        book.add_format({"bold": True, "font_size": 20, "font_color": "#AA0000"}),
        book.add_format({"border": 6, "bg_color": "#FFFFCC"}),
    )
    page.merge_range(0, 0, 0, 6, "吕梁市隐患整改上报表", title)
    for at, heading in enumerate(["序号", "企业\n名称", "隐患描述", "整改 时限", "整改情况", "责任人", "备注"]):
        page.write(1, at, heading, title)
    for down in range(2, 2 + prepared):
        page.set_row(down, 33)
        for at in range(7):
            page.write_blank(down, at, None, cell)
    if foot:
        page.write(2 + prepared, 0, "填表人：", title)
        if merged:
            page.merge_range(3 + prepared, 0, 3 + prepared, 6, "单位负责人（签字）：", title)
    if formula:
        page.write_formula(2 + prepared, 6, "=SUM(A3:A4)")
    page.set_column(2, 2, 55)
    page.freeze_panes(2, 0)
    if area:
        page.print_area(0, 0, 3 + prepared, 6)
    book.close()
    return file.getvalue()


def kept(client, raw: bytes, ledger="rectification", mapping=MAPPING) -> str:
    answer = post_book(client, f"/report-templates?name=市局上报表&ledger={ledger}", raw)
    assert answer.status_code == 201, answer.content
    key = answer.json()["id"]
    if mapping:
        answered = client.put(f"{API}/report-templates/{key}/mapping", mapping, format="json")
        assert answered.status_code == 200, answered.content
    return key


def filled(client, key: str, **query):
    return client.get(f"{API}/report-templates/{key}/filled.xlsx", query)


# --- the template ---------------------------------------------------------------------------------------------------------
def test_an_uploaded_template_shows_its_rows_and_the_fields_to_map(as_):
    answer = post_book(as_("bureau"), "/report-templates?name=市局上报表&ledger=rectification", their_form())
    answered = answer.json()
    assert [each["name"] for each in answered["sheets"]] == ["上报表", "说明"]
    assert answered["sheets"][0]["rows"][1][:3] == ["序号", "企业\n名称", "隐患描述"]
    assert answered["fields_of_ledger"]["description"] == "问题隐患" and answered["columns"] == {}


@pytest.mark.parametrize(
    "change, word",
    [
        ({"sheet": "没有"}, "没有工作表"),
        ({"heading_row": 1}, "没有列"),
        ({"columns": {"没有这列": "unit"}}, "没有列"),
        ({"columns": {"企业名称": "secret"}}, "没有这样的字段"),
        ({"columns": {"企业名称": "unit", "备注": "unit"}}, "两列"),
    ],
)
def test_a_mapping_that_does_not_fit_the_template_is_refused(change, word, as_):
    client = as_("bureau")
    key = kept(client, their_form(), mapping=None)
    answer = client.put(f"{API}/report-templates/{key}/mapping", {**MAPPING, **change}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_mapping") and word in answer.json()["detail"]


def test_a_template_with_formulas_below_the_rows_is_refused(as_):
    client = as_("bureau")
    key = kept(client, their_form(formula=True), mapping=None)
    answer = client.put(f"{API}/report-templates/{key}/mapping", MAPPING, format="json")
    assert answer.json()["code"] == "bad_mapping" and "公式" in answer.json()["detail"]


def test_a_template_without_a_mapping_cannot_be_filled(as_):
    key = kept(as_("bureau"), their_form(), mapping=None)
    assert filled(as_("bureau"), key).json()["code"] == "not_mapped"


def test_a_template_is_usable_in_its_county_but_not_in_another(as_, people):
    key = kept(as_("bureau"), their_form())
    assert as_("committee").get(f"{API}/report-templates/{key}").status_code == 200
    people["committee"].region = "140106"
    people["committee"].save()
    assert as_("committee").get(f"{API}/report-templates/{key}").status_code == 404
    assert as_("committee").get(f"{API}/report-templates").json()["results"] == []
    assert filled(as_("committee"), key).status_code == 404


# --- filled ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 40])
def test_a_filled_template_contains_our_rows_and_keeps_its_formatting(rows, as_):
    unit = mine()
    for number in range(1, rows + 1):
        a_hazard(
            number,
            enterprise=unit,
            state="closed" if number == 2 else "ordered",
            closed_on=date(2026, 3, 9) if number == 2 else None,
        )
    client = as_("bureau")
    raw = their_form()
    answer = filled(client, kept(client, raw))
    made = content(answer)
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    page = cells(CalamineWorkbook.from_filelike(BytesIO(made)))
    assert page[0][0] == "吕梁市隐患整改上报表" and page[1][1] == "企业\n名称"
    data = page[2 : 2 + rows]
    assert [row[0] for row in data] == list(range(1, rows + 1))
    assert all(row[1] == "兴县示例煤业有限公司" and row[3] == "2026-03-20" and row[6] == "" for row in data)
    assert [row[4] for row in data] == ["已整改" if number == 2 else "未整改" for number in range(1, rows + 1)]
    foot = 2 + max(rows, 2)
    assert page[foot][0] == "填表人：" and page[foot + 1][0] == "单位负责人（签字）："
    assert cells(CalamineWorkbook.from_filelike(BytesIO(made)), "说明")[0][0] == "填表说明：如实填写"
    sheet = sheets(made)[0]
    assert f'<mergeCell ref="A{foot + 2}:G{foot + 2}"/>' in sheet and '<mergeCell ref="A1:G1"/>' in sheet
    assert 'topLeftCell="A3"' in sheet and sheet.count('ht="33"') == max(rows, 2)
    assert part(made, "xl/styles.xml") == part(raw, "xl/styles.xml")
    assert f"$A$1:$G${max(rows, 2) + 4}" in part(made, "xl/workbook.xml")


def test_a_template_without_footer_merges_or_print_area_can_be_filled(as_):
    for number in range(1, 4):
        a_hazard(number)
    client = as_("bureau")
    key = kept(client, their_form(prepared=0, foot=False, area=False))
    assert [row[0] for row in cells(opened(filled(client, key)))[2:]] == [1, 2, 3]


def test_typed_text_never_becomes_a_formula_in_a_filled_template(as_):
    a_hazard(1, description="=1+1 <b>&\x0b", place="@cmd")
    client = as_("bureau")
    raw = content(filled(client, kept(client, their_form())))
    assert "<f>" not in sheets(raw)[0] and "=1+1 &lt;b&gt;&amp;</t>" in sheets(raw)[0]


def test_people_in_a_filled_template_are_masked_unless_contacts_are_requested(as_):
    from hazards.models import Plan

    Plan.objects.create(hazard=a_hazard(1), responsible_person="张小三", measures="加固", stated_by=UUID(int=1))
    client = as_("bureau")
    key = kept(client, their_form())
    assert cells(opened(filled(client, key)))[2][5] == "张*三"
    assert cells(opened(filled(client, key, contacts="true")))[2][5] == "张小三"
    assert filled(as_("committee"), key, contacts="true").status_code == 403


def test_a_template_is_filled_with_the_filtered_ledger_rows(as_):
    a_hazard(1)
    a_hazard(2, level="major")
    client = as_("bureau")
    key = kept(client, their_form())
    assert (
        len([row for row in cells(opened(filled(client, key, level="major")))[2:] if isinstance(row[0], float | int)])
        == 1
    )
    assert filled(client, key, colour="red").json()["code"] == "bad_parameter"


# --- reported up ---------------------------------------------------------------------------------------------------------------
def test_only_the_rows_of_the_filled_template_are_marked_as_reported_once(as_):
    a_hazard(1)
    a_hazard(2, reported_up_on=date(2026, 3, 1))
    client = as_("bureau")
    key = kept(client, their_form())
    handed_up = filled(client, key)["Handed-Up"]
    a_hazard(3)  # came after the workbook was made
    today = timezone.localdate()
    marked = client.post(f"{API}/report-templates/{key}/mark", {"on": str(today)}, format="json")
    assert marked.json() == {"marked": 1}
    days = Hazard.objects.order_by("id").values_list("reported_up_on", flat=True)
    assert list(days) == [today, date(2026, 3, 1), None]
    again = client.post(f"{API}/report-templates/{key}/mark", {"on": str(today), "handed_up": handed_up}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_step")
    assert TrailLine.objects.filter(verb="hazard.mark_reported").count() == 1
    assert len(client.get(f"{API}/ledgers/rectification?reported=false").json()["results"]) == 1


def test_marking_as_reported_needs_a_filled_template_and_no_future_day(as_):
    client = as_("bureau")
    key = kept(client, their_form())
    assert client.post(f"{API}/report-templates/{key}/mark", {"on": "2026-03-01"}, format="json").status_code == 404
    assert (
        client.post(f"{API}/report-templates/{key}/mark", {"on": "2999-01-01"}, format="json").json()["code"]
        == "in_future"
    )


def test_rows_of_another_persons_filled_template_cannot_be_marked(as_):
    a_hazard(1)
    key = kept(as_("bureau"), their_form())
    filled(as_("bureau"), key)
    assert (
        as_("committee").post(f"{API}/report-templates/{key}/mark", {"on": "2026-03-01"}, format="json").status_code
        == 404
    )


def test_marks_and_external_numbers_are_set_only_within_the_jurisdiction(people):
    a_hazard(1, region_code=OTHER_VILLAGE)
    there = Hazard.objects.get().pk
    assert mark_reported([there], on=date(2026, 3, 1), by=people["township"]) == 0
    assert set_external_number({there: "LL-1"}, by=people["township"]) == 0
    assert set_external_number({there: "LL-1"}, by=people["bureau"]) == 1
    assert set_external_number({there: "LL-1"}, by=people["bureau"]) == 0
    assert TrailLine.objects.get(verb="hazard.set_external_number").details == {"number": "LL-1"}


# --- reconciliation --------------------------------------------------------------------------------------------------------------
THEIRS = {"sheet": "Sheet1", "heading_row": 1, "first_row": 2, "words": {"完成": "closed"},
          "columns": {"编号": "external_number", "县编号": "id", "状态": "state", "期限": "deadline", "描述": "description"}}  # fmt: skip
HEADINGS = ["编号", "县编号", "状态", "期限", "描述"]


def test_a_superiors_list_is_reconciled_with_our_rows(as_):
    known = a_hazard(
        1, external_number="LL-1", reported_up_on=date(2026, 3, 3), state="closed", closed_on=date(2026, 3, 9)
    )
    late = a_hazard(2, external_number="LL-2", reported_up_on=date(2026, 3, 3))
    unnumbered = a_hazard(3, reported_up_on=date(2026, 3, 4))
    never = a_hazard(4)
    client = as_("bureau")
    key = kept(client, book_of(HEADINGS), mapping=THEIRS)
    raw = book_of(
        HEADINGS,
        ["LL-1", "", "完成", "2026/3/20", "同"],
        ["LL-2", "", "完成", date(2026, 4, 1), "状态和期限都不同"],
        ["LL-3", str(unnumbered.pk), "已责令", "2026-03-20", "凭县编号对上"],
        ["LL-9", "", "已责令", "", "我方没有"],
        ["LL-1", "", "完成", "", "又一次"],
        ["合计 5 条"],
    )
    answer = post_book(client, f"/reconciliations?template={key}", raw)
    assert answer.status_code == 201, answer.content
    answered = answer.json()
    assert (answered["theirs"], answered["ours"], answered["matched"]) == (5, 4, 3)
    assert [(each["row"], each["reason"]) for each in answered["only_theirs"]] == [
        (5, "我方没有"),
        (6, "在对方表中重复"),
    ]
    assert [(each["id"], each["reported_up_on"]) for each in answered["only_ours"]] == [(str(never.pk), "")]
    assert [(each["id"], each["field"], each["theirs"], each["ours"]) for each in answered["differences"]] == [
        (str(late.pk), "state", "完成", "已责令"),
        (str(late.pk), "deadline", "2026-04-01", "2026-03-20"),
    ]
    assert answered["numbers"] == {str(unnumbered.pk): "LL-3"}

    # kept, readable later, as a workbook too
    again = client.get(f"{API}/reconciliations/{answered['id']}").json()
    assert again == answered
    assert [row["id"] for row in client.get(f"{API}/reconciliations").json()["results"]] == [answered["id"]]
    page = cells(opened(client.get(f"{API}/reconciliations/{answered['id']}/report.xlsx")))
    assert [row[0] for row in page[1:]] == [
        "对方有、我方无",
        "对方有、我方无",
        "我方有、对方无",
        "不同",
        "不同",
        "可补记编号",
    ]

    # their number is taken over once
    taken = client.post(f"{API}/reconciliations/{answered['id']}/take-numbers")
    assert taken.json()["numbers_taken_at"] and Hazard.objects.get(pk=unnumbered.pk).external_number == "LL-3"
    assert client.post(f"{API}/reconciliations/{answered['id']}/take-numbers").json()["code"] == "wrong_step"
    assert known.pk not in {UUID(each["id"]) for each in answered["differences"]}


def test_an_unknown_term_or_date_in_a_superiors_list_is_a_difference(as_):
    a_hazard(1, external_number="LL-1")
    client = as_("bureau")
    key = kept(client, book_of(HEADINGS), mapping=THEIRS)
    shown = post_book(
        client, f"/reconciliations?template={key}", book_of(HEADINGS, ["LL-1", "", "搞定", "下周", "x"])
    ).json()
    assert [each["reason"] for each in shown["differences"]] == ["不认识的用词", "不是日期，应形如 2026-05-01"]


def test_a_reconciliation_is_limited_by_the_filters_of_the_ledger(as_):
    a_hazard(1, level="major")
    a_hazard(2)
    client = as_("bureau")
    key = kept(client, book_of(HEADINGS), mapping=THEIRS)
    answered = post_book(client, f"/reconciliations?template={key}&level=major", book_of(HEADINGS)).json()
    assert (answered["ours"], answered["filters"]) == (1, "级别：重大")


@pytest.mark.parametrize(
    "raw, code",
    [(b"x", "bad_workbook"), (book_of(["别的列"]), "bad_mapping"), (book_of(["编号"], sheet="别的表"), "bad_mapping")],
)
def test_a_list_that_does_not_match_the_template_is_refused(raw, code, as_):
    client = as_("bureau")
    key = kept(client, book_of(HEADINGS), mapping=THEIRS)
    assert post_book(client, f"/reconciliations?template={key}", raw).json()["code"] == code


def test_a_template_without_a_number_cannot_be_reconciled(as_):
    client = as_("bureau")
    key = kept(client, their_form())
    assert post_book(client, f"/reconciliations?template={key}", their_form()).json()["code"] == "bad_mapping"
    assert post_book(client, f"/reconciliations?template={UUID(int=7)}", their_form()).status_code == 404


@pytest.mark.parametrize("who", ["township", "inspector", "enterprise", "auditor"])
def test_only_reporting_roles_may_use_templates_and_reconciliations(who, as_):
    assert as_(who).get(f"{API}/report-templates").status_code == 403
    assert as_(who).get(f"{API}/reconciliations").status_code == 403
    assert HandedUp.objects.count() == 0
