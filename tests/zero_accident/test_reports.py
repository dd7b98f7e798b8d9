"""一页报告: a leader's township on one sheet of A4, with who printed it and when; nobody else's township."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from safety_api.models import TrailLine
from tests.cast.accidents import OTHER_TOWN, TOWN, V2, YEAR, V, W, at, occurring, report_accident
from tests.cast.papers import empty_boxes, words_of_pdf
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
HOSTILE = '=SUM(A1) #set page(fill: red) $x^2$ *b* @ref <label> "引号" ₄𬎆\u200b ' + "很长的一段经过" * 30


def address(code: str = TOWN) -> str:
    return f"/api/v1/zero-accident/townships/{code}/report.pdf"


def sheet(client, code: str = TOWN, **asked) -> bytes:
    answer = client.get(address(code), {"year": YEAR, **asked})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), answer.content
    return answer.content


def pages(content: bytes) -> int:
    return len(PdfReader(BytesIO(content)).pages)


def test_the_sheet_says_place_reason_ratios_accidents_lines_and_who_printed_it(as_, people):
    report_accident(units=occurring(mine()))
    client = as_("leader")
    row = next(
        row for row in client.get("/api/v1/zero-accident/ranking", {"year": YEAR}).json() if row["region"] == TOWN
    )
    content = sheet(client)
    words = words_of_pdf(content)
    wanted = (
        "蔚汾镇“零事故”创建情况", f"第{row['rank']}", f"{row['village_ratio']}%", f"{row['unit_ratio']}%", "村比例比", "个百分点", "当年只有核销",
        "近十二个月名次", "顶板冒落，一人被埋", "死亡1人，达到1人及以上", "兴县示例煤业", "生产安全死亡事故：死亡", "兴政发〔2021〕11号", "ZA-2021-1",
        f"{YEAR}年1月1日至12月31日", f"打印：{people['leader'].name}（乡镇领导）", f"{timezone.localdate():%Y-%m-%d}",
    )  # fmt: skip
    assert [each for each in wanted if each.replace(" ", "") not in words] == []
    assert (pages(content), empty_boxes(content)) == (1, 0)


def test_a_year_without_an_accident_says_so(as_, people):
    words = words_of_pdf(sheet(as_("leader")))
    assert "计入的事故没有。" in words and "各项全同" in words


def test_many_accidents_and_strange_words_still_make_one_sheet(as_, people):
    for number in range(1, 9):
        report_accident(number, region=V if number % 2 else V2, occurred_at=at(number, 5), description=HOSTILE)
    content = sheet(as_("leader"))
    assert (pages(content), empty_boxes(content)) == (1, 0)
    assert "另有3起没有列出" in words_of_pdf(content)


def test_a_day_asked_for_is_the_day_of_the_sheet(as_, people):
    report_accident()
    words = words_of_pdf(sheet(as_("leader"), as_of=f"{YEAR}-03-04"))
    assert f"{YEAR}年1月1日至3月4日" in words and "顶板冒落" not in words


@pytest.mark.parametrize("who, code, status", [
    ("leader", TOWN, 200), ("township", TOWN, 200), ("bureau", OTHER_TOWN, 200), ("leader", OTHER_TOWN, 404), ("village", TOWN, 404),
    ("bureau", V2, 404), ("bureau", "141123000000", 404), ("bureau", "x", 404), ("enterprise", TOWN, 403), ("auditor", TOWN, 403),
])  # fmt: skip
def test_a_sheet_is_printed_of_a_township_of_ones_own(who, code, status, as_, people):
    assert as_(who).get(address(code)).status_code == status


@pytest.mark.parametrize(
    "asked", ["year=2999", "as_of=x", "year=2024&as_of=2025-01-01", "region=141123", "as_of=2999-01-01"]
)
def test_a_sheet_is_asked_for_strictly(asked, as_, people):
    assert as_("leader").get(f"{address()}?{asked}").status_code == 400


def test_no_accident_of_another_township_stands_on_it(as_, people):
    report_accident(region=W, description="边坡垮塌，一人被埋")
    assert "边坡垮塌" not in words_of_pdf(sheet(as_("leader")))


def test_printing_it_writes_a_trail_line_and_is_kept_by_nobody(as_, people):
    answer = as_("leader").get(address())
    assert answer["Cache-Control"] == "private, no-store"
    assert TrailLine.objects.filter(verb="report.print").count() == 1
