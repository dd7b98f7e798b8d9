"""台账: the rows of one's jurisdiction, as JSON and as a workbook that an official hands on as it is."""

from datetime import date

import pytest
from django.utils import timezone

from enterprises.models import Licence
from ledgers.books import LEDGERS
from reference import law
from safety_api.models import TrailLine
from tests.cast.people import MINE, OTHER_VILLAGE
from tests.cast.units import elsewhere, mine, unit
from tests.cast.workbooks import API, a_hazard, cells, content, opened, part, sheets

pytestmark = pytest.mark.django_db
RECTIFICATION, SUPERVISION = f"{API}/ledgers/rectification", f"{API}/ledgers/supervision"


def listed(client, address, **query) -> list[dict]:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


# --- whose rows ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who, sees", [("bureau", 2), ("committee", 2), ("department", 2), ("township", 1), ("leader", 1), ("enterprise", 1)]
)
def test_a_ledger_shows_the_rows_of_the_readers_jurisdiction(who, sees, as_):
    a_hazard(1, enterprise=mine())
    a_hazard(2, region_code=OTHER_VILLAGE)
    assert len(listed(as_(who), RECTIFICATION)) == sees


def test_a_department_sees_only_ledger_rows_of_its_sectors(as_):
    a_hazard(1, sector_id="fire_safety")
    assert listed(as_("department"), RECTIFICATION) == []


@pytest.mark.parametrize("who", ["inspector", "village", "duty", "auditor"])
@pytest.mark.parametrize("ledger", [RECTIFICATION, SUPERVISION])
def test_roles_without_permission_read_no_ledger(who, ledger, as_):
    assert as_(who).get(ledger).status_code == 403


def test_a_unit_reads_its_own_problems_but_not_the_ledger_of_units(as_):
    assert as_("enterprise").get(SUPERVISION).status_code == 403
    a_hazard(1, enterprise=mine())
    [row] = listed(as_("enterprise"), RECTIFICATION)
    assert row["unit"] == "兴县示例煤业有限公司"


# --- filters ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query, found",
    [
        ({}, {1, 2, 3}),
        ({"department": "emergency"}, {1, 3}),
        ({"department": "energy"}, {2}),
        ({"sector": "fire_safety"}, {3}),
        ({"region": "141123101"}, {2}),
        ({"state": "closed"}, {2}),
        ({"state": "rejected"}, {4}),
        ({"level": "major"}, {3}),
        ({"overdue": "true"}, {1, 3}),
        ({"overdue": "false"}, {2}),
        ({"listed": "true"}, {3}),
        ({"reported": "true"}, {2}),
        ({"from": "2026-03-03"}, {3}),
        ({"to": "2026-03-02"}, {1, 2}),
        ({"to": "9999-12-31"}, {1, 2, 3}),
        ({"q": "疏散"}, {3}),
    ],
)
def test_a_ledger_is_filtered_by_its_parameters(query, found, as_):
    a_hazard(1)
    a_hazard(
        2,
        region_code=OTHER_VILLAGE,
        department_id="energy",
        state="closed",
        closed_on=date(2026, 3, 10),
        reported_up_on=date(2026, 3, 11),
    )
    a_hazard(
        3,
        sector_id="fire_safety",
        level="major",
        listed_level="county",
        description="疏散通道堵塞",
        found_at="2026-03-03T00:00:00+08:00",
    )
    a_hazard(4, state="rejected")
    assert {int(row["id"][-4:], 16) - 5000 for row in listed(as_("bureau"), RECTIFICATION, **query)} == found


@pytest.mark.parametrize(
    "query, code",
    [({"department": "magic"}, "unknown_department"), ({"sector": "magic"}, "unknown_sector"), ({"region": "999999"}, "unknown_region"),
     ({"colour": "red"}, "bad_parameter"), ({"format": "pdf"}, "invalid"), ({"from": "gestern"}, "invalid")],
)  # fmt: skip
def test_an_invalid_ledger_filter_is_refused(query, code, as_):
    answer = as_("bureau").get(RECTIFICATION, query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_ledger_is_paged(as_):
    for number in range(1, 6):
        a_hazard(number)
    first = as_("bureau").get(RECTIFICATION, {"limit": 2, "count": "true"}).json()
    second = as_("bureau").get(first["next"]).json()
    assert first["total"] == 5 and len(second["results"]) == 2
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_problems_takes_a_fixed_number_of_queries(rows, as_, django_assert_num_queries):
    for number in range(rows):
        a_hazard(number)
    client = as_("bureau")
    with django_assert_num_queries(3):  # who asks · what has changed · the page
        assert len(listed(client, RECTIFICATION)) == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_the_ledger_of_units_takes_eight_queries_at_any_length(rows, as_, django_assert_num_queries):
    for number in range(rows):
        unit(f"演示第{number}煤矿")
    client = as_("bureau")
    law.renew()  # who supervises what is looked up again every half minute
    with django_assert_num_queries(
        8
    ):  # who · what has changed · the page · hazards · visits · certificates · licences · insurances
        assert len(listed(client, SUPERVISION)) == rows


# --- what stands with a unit -------------------------------------------------------------------------------------------------
def test_the_ledger_of_units_shows_hazard_counts_and_licences(as_):
    coal = mine()
    a_hazard(1, enterprise=coal)
    a_hazard(2, enterprise=coal, level="major", due_on=date(2999, 1, 1))
    a_hazard(3, enterprise=coal, state="closed", closed_on=date(2026, 3, 9))
    for kind, last in (("work_safety", "2027-05-01"), ("work_safety", "2024-05-01"), ("mining", "2025-01-01")):
        Licence.objects.create(enterprise=coal, licence=kind, number=last, held_from="2021-05-01", held_to=last)
    [row] = listed(as_("department"), SUPERVISION)
    assert (row["open"], row["major"], row["overdue"], row["listed"]) == (2, 1, 1, 0)
    assert (row["licence_until"], row["standardization"], row["last_inspected_on"]) == ("2027-05-01", None, None)


def test_the_ledger_of_units_is_filtered_by_the_sectors_of_a_department(as_):
    mine()
    unit("老王超市", sector="fire_safety", unit_type="individual_business")
    assert [row["name"] for row in listed(as_("bureau"), SUPERVISION, department="energy")] == ["兴县示例煤业有限公司"]
    assert len(listed(as_("bureau"), SUPERVISION, overdue="false")) == 2
    assert listed(as_("bureau"), SUPERVISION, overdue="true") == []


# --- people ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who, status", [("township", 200), ("department", 200), ("bureau", 200), ("leader", 403), ("committee", 403)]
)
def test_people_in_ledgers_are_masked_unless_a_registrar_requests_contacts(who, status, as_):
    mine()
    [row] = listed(as_(who), SUPERVISION)
    assert (row["principal_name"], row["principal_phone"]) == ("张*三", "138****5678")
    answer = as_(who).get(SUPERVISION, {"contacts": "true"})
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["results"][0]["principal_phone"] == "13812345678"


def test_an_exported_workbook_masks_people_and_unmasked_exports_are_logged(as_):
    mine()
    assert "138****5678" in cells(opened(as_("bureau").get(SUPERVISION, {"format": "xlsx"})))[3]
    assert "13812345678" in cells(opened(as_("bureau").get(SUPERVISION, {"format": "xlsx", "contacts": "true"})))[3]
    lines = TrailLine.objects.filter(verb="ledger.export").order_by("id")
    assert [line.details["contacts"] for line in lines] == [False, True]


# --- the workbook ------------------------------------------------------------------------------------------------------------
EVIL = ["=1+1", "@cmd", "+1", "-1", "\t=1", '=HYPERLINK("http://a.example","x")', "http://a.example", "{=1}"]


def test_an_exported_workbook_has_sheets_headings_and_totals_ready_to_send(as_):
    a_hazard(1, enterprise=mine())
    a_hazard(2, sector_id="fire_safety", level="major")
    answer = as_("bureau").get(RECTIFICATION, {"format": "xlsx", "department": "emergency"})
    assert (
        answer.streaming
        and "attachment" in answer["Content-Disposition"]
        and "utf-8''" in answer["Content-Disposition"]
    )
    raw = content(answer)
    book = opened_bytes(raw)
    assert book.sheet_names == ["煤矿", "消防"]
    rows = cells(book)
    headings = [each.heading for each in LEDGERS["rectification"].columns]
    assert rows[0][0] == "问题整改清单（煤矿）"
    assert (
        rows[1][0].startswith("填报单位：兴县应急管理局")
        and "部门：兴县应急管理局" in rows[1][0]
        and "郑应" in rows[1][0]
    )
    assert rows[2] == ["序号", *headings]
    row = dict(zip(rows[2], rows[3], strict=True))
    assert (row["序号"], row["发现日期"], row["级别"], row["状态"], row["逾期"]) == (
        1,
        date(2026, 3, 2),
        "一般",
        "已责令",
        "是",
    )
    assert rows[4][0] == "合计 1 条；未销号 1 条；重大 0 条；逾期 1 条；已销号 0 条"
    sheet = sheets(raw)[0]
    assert '<pane xSplit="2" ySplit="3" topLeftCell="C4"' in sheet and 'state="frozen"' in sheet
    assert 'orientation="landscape"' in sheet and 'paperSize="9"' in sheet and 'fitToHeight="0"' in sheet
    assert "&amp;P" in sheet and "&amp;N" in sheet and "<autoFilter" in sheet
    assert sheet.count("<col ") > 15 and 'wrapText="1"' in part(raw, "xl/styles.xml")
    assert "_xlnm.Print_Titles" in part(raw, "xl/workbook.xml")


def opened_bytes(raw: bytes):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(BytesIO(raw))


def test_typed_text_never_becomes_a_formula_or_link_in_a_workbook(as_):
    for number, words in enumerate(EVIL, start=1):
        a_hazard(number, description=words, place=words)
    raw = content(as_("bureau").get(RECTIFICATION, {"format": "xlsx"}))
    [sheet] = sheets(raw)
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    shown = [
        dict(zip(cells(opened_bytes(raw))[2], row, strict=True))["问题隐患"] for row in cells(opened_bytes(raw))[3:-1]
    ]
    assert [words.strip() for words in shown] == [words.strip() for words in EVIL]
    assert 'quotePrefix="1"' in part(raw, "xl/styles.xml")


def test_a_ledger_in_excel_shows_odd_signs_as_paper_does_and_names_what_no_font_has(as_):
    a_hazard(1, description="第一行\r\n𬎆₄\u200b🔥", place="井口\ufeff")
    page = cells(opened(as_("bureau").get(RECTIFICATION, {"format": "xlsx"})))
    row = dict(zip(page[2], page[3], strict=True))
    assert row["问题隐患"] == "第一行\n𬎆₄〓"
    assert page[4][0].startswith("合计 1 条") and page[5][0] == "注：系统字库没有的字以〓代替，〓为 U+1F525。"


def test_an_empty_ledger_exports_a_workbook_with_a_zero_total(as_):
    [page] = [cells(opened(as_("township").get(RECTIFICATION, {"format": "xlsx"})))]
    assert page[0][0] == "问题整改清单" and page[3][0].startswith("合计 0 条")


def test_an_export_larger_than_a_chunk_is_complete(as_):
    from hazards.models import Hazard

    a_hazard(0)
    model = Hazard.objects.get()
    Hazard.objects.bulk_create([_copy(model, number) for number in range(1, 2001)], batch_size=1000)
    rows = cells(opened(as_("bureau").get(RECTIFICATION, {"format": "xlsx"})))
    assert [rows[3][0], rows[-2][0], rows[-1][0][:10]] == [1, 2001, "合计 2,001 条"]


def _copy(model, number):
    from uuid import UUID

    from hazards.models import Hazard

    kept = {each.attname: getattr(model, each.attname) for each in Hazard._meta.concrete_fields if not each.generated}
    return Hazard(**{**kept, "id": UUID(int=50_000 + number)})


def test_an_export_with_too_many_rows_is_refused(as_, monkeypatch):
    monkeypatch.setattr("ledgers.exporting.MOST_ROWS", 1)
    a_hazard(1)
    assert as_("bureau").get(RECTIFICATION, {"format": "xlsx"}).status_code == 200
    a_hazard(2)
    answer = as_("bureau").get(RECTIFICATION, {"format": "xlsx"})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_rows")


def test_an_unchanged_ledger_is_a_304(as_):
    a_hazard(1)
    client = as_("bureau")
    tag = client.get(RECTIFICATION)["ETag"]
    assert client.get(RECTIFICATION, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert as_("committee").get(RECTIFICATION, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_workbook_heading_names_the_readers_department_or_place(as_, people):
    assert (
        "填报单位：兴县（应急管理局人员）" in cells(opened(as_("bureau").get(RECTIFICATION, {"format": "xlsx"})))[1][0]
    )
    people["bureau"].department_id = "emergency"
    people["bureau"].save()
    line = cells(opened(as_("bureau").get(RECTIFICATION, {"format": "xlsx"})))[1][0]
    assert "填报单位：兴县应急管理局" in line and f"截至：{timezone.localdate():%Y年%m月%d日}" in line


def test_a_unit_of_another_township_is_not_in_a_townships_ledger(as_):
    mine()
    elsewhere()
    assert [row["id"] for row in listed(as_("township"), SUPERVISION)] == [str(MINE)]
