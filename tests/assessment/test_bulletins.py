"""通报: one content in three forms, drafted, edited, signed and frozen with its closing; nobody changes it afterwards."""

from __future__ import annotations

import time
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from python_calamine import CalamineWorkbook

from accidents.reports import deciding as accidents
from assessment.bulletins import actions, composing, sheets
from assessment.bulletins.composing import CHAPTERS, Correction, Written
from assessment.bulletins.tasks import draft_bulletins
from assessment.closings.content import drafting
from assessment.models import Bulletin, Closing, ClosingState
from evidence.official import printing, word, workbook
from evidence.official.sheet import Sheet, lines_of, numeral, shown
from evidence.papers.signs import cleaned
from reference import law
from safety_api.models import TrailLine
from safety_api.outbox import drain
from safety_api.problems import Problem
from tests.cast.accidents import PAPER, V, W, at, key, report_accident
from tests.cast.closings import CLOSINGS, done, nothing_to_reconcile, open_month, post, time_passed
from tests.cast.papers import empty_boxes, words_of_docx, words_of_pdf
from tests.cast.signed_content import a_full_month, accident_row, broken_row, closing_content, queries_of, share, town
from tests.test_contract import document, validator

COUNTY = "141123000000"
URL = "/api/v1/zero-accident/bulletins"
SIGNED_AT = datetime(2025, 4, 3, 2, tzinfo=UTC)
HOSTILE = '=SUM(A1) #set page(fill: red) $x^2$ *b* @ref <label> <w:p/> {\\rtf "引号" https://' + "a" * 200
FORM = {
    "mast": "{county}安全生产委员会办公室文件", "organ": "{county}安全生产委员会办公室", "word": "兴安办通报",
    "title": "关于{period}全县“零事故”创建\n和隐患整改情况的通报", "correction_title": "关于更正{period}“零事故”通报的通报",
}  # fmt: skip
WRITTEN = Written("各乡镇人民政府：", "市安委办。", requirements=["落实责任。", "立即整改。"])


def compose(
    fields: dict[str, Any], written: Written = WRITTEN, *, before: list | None = None, correction: Any = None
) -> dict[str, Any]:
    facts = {**fields, "changes": composing.changes(fields["broken"], before, first_day=date(2025, 3, 1))}
    return composing.compose(facts, FORM, written, day=date(2025, 4, 3), correction=correction)


def words(text: dict[str, Any]) -> str:
    return "\n".join(lines_of(text))


def tables(text: dict[str, Any]) -> dict[str, list[list[Any]]]:
    return {each["name"]: each["rows"] for each in text["blocks"] if each["is"] == "table"}


def a_sheet(text: dict[str, Any]) -> Sheet:
    return Sheet(text, "兴安办通报〔2025〕3号", 1_743_638_400)


# --- words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("found, said", [
    (share(323, 380), "85.00%，达到目标85.00%；年内再有1个破零，即不能达到目标。"),
    (share(322, 380), "84.73%，未达到目标85.00%，已多破零1个。"),
    (share(326, 380), "85.78%，达到目标85.00%；年内再破零不超过3个，仍可达到目标。"),
    (share(0, 0), "全县没有纳入统计的村（社区）。"),
    (share(300, 380, short=7), "零事故300个（300/380），零事故率78.94%，另有7个未发生事故而创建标准未达标，未达到目标"),
])  # fmt: skip
def test_a_bulletin_states_the_ratio_and_the_distance_to_the_target_in_words(found, said):
    assert said in words(compose(closing_content(ratios={"villages": found, "units": share(10, 10, split={})})))


def test_an_empty_month_says_so_in_every_chapter():
    text = compose(closing_content(before={"as_of": "2025-02-28", "closing": 1, "number": 1}), before=[])
    headings = [each["text"] for each in text["blocks"] if each["is"] == "chapter"]
    assert [each.split("、")[1] for each in headings] == list(CHAPTERS.values())
    assert words(text).count("本月无。") == 8 and "None" not in words(text)


def test_the_bulletin_ranking_shows_rank_change_shares_veto_and_unranked_zone():
    rows = tables(compose(a_full_month()))["乡镇“零事故”创建排名"]
    assert len(rows) == 16
    assert rows[0][:5] == [1, "升2", "蔚汾镇", "22/23", "95.65%"]
    assert [row[1] for row in rows[1:4]] == ["降1", "持平", None]
    assert rows[14][3:5] == ["0/0", "—"] and rows[14][-1] == "一票否决"
    assert rows[15][0] is None and rows[15][-1] == "不排名"


def test_changes_are_listed_against_the_last_frozen_list_with_the_policy_line():
    before = [broken_row(), broken_row(key="141123101200", name="旧关村", broken_on="2025-01-09")]
    text = compose(
        closing_content(broken=[broken_row(), broken_row("unit", "u", "某某煤业")], accidents=[accident_row()]), before=before
    )
    new, restored = tables(text)["新破零的村和单位"], tables(text)["恢复零事故的村和单位"]
    assert [row[1] for row in new] == ["某某煤业"] and [row[1] for row in restored] == ["旧关村"]
    assert (
        new[0][4] == "2025-03-05发生生产安全死亡事故（Z1），死亡1人，达到1人及以上；事故发生地（口径：Z1类，死亡人数）"
    )


@pytest.mark.parametrize("first_day, restored", [(date(2025, 1, 1), []), (date(2025, 3, 1), None)])
def test_without_an_earlier_closing_only_the_month_itself_is_listed(first_day, restored):
    rows = [broken_row(broken_on=first_day.isoformat()), broken_row(key="2", broken_on="2024-12-31")]
    assert composing.changes(rows, None, first_day=first_day) == {"broken": rows[:1], "restored": restored}


def test_loss_is_stated_exactly_and_marked_when_not_yet_assessed():
    rows = [
        accident_row(direct_loss_yuan="99999999999999.99"),
        accident_row("b", direct_loss_yuan="0.01"),
        accident_row("c", direct_loss_yuan=None),
    ]
    assert "直接经济损失100,000,000,000,000.00元" in words(compose(closing_content(accidents=rows)))
    assert "直接经济损失待核定" in words(compose(closing_content(accidents=rows[2:])))


def test_written_off_accidents_are_counted_apart_in_a_bulletin():
    said = words(compose(closing_content(accidents=[accident_row(), accident_row("b", stat_status="written_off")])))
    assert "各类事故1起" in said and "另有1起经批准核销" in said


def test_a_bulletin_names_no_person():
    assert "王某某" not in words(compose(a_full_month())), (
        "the description of an accident may name people and is left out"
    )


def test_a_correction_cites_the_first_bulletin_and_lists_the_differences():
    now = a_full_month()
    now["ratios"]["villages"] = share(216, 254)
    now["ranking"][0] |= {"rank": 2, "village_zero": 23, "village_ratio": "100.00"}
    changes = composing.differences(a_full_month(), now)
    first = Correction(
        "兴安办通报〔2025〕3号", "关于…的通报", date(2025, 4, 3), "兴安办通报〔2025〕4号", "核销", changes
    )
    text = compose(now, correction=first)
    assert text["title"].startswith("关于更正")
    assert "2025年4月3日印发的兴安办通报〔2025〕3号《关于…的通报》（最近一次更正为兴安办通报〔2025〕4号）" in words(
        text
    )
    assert tables(text)["更正内容"] == [
        ["全县村（社区）零事故率", "215/254（84.64%）", "216/254（85.03%）"],
        ["蔚汾镇名次", "第1", "第2"],
        ["蔚汾镇村零事故率", "22/23（95.65%）", "23/23（100.00%）"],
    ]


def test_long_lists_in_a_bulletin_are_cut_with_a_note():
    text = compose(closing_content(broken=[broken_row(key=str(number)) for number in range(composing.MOST_ROWS + 5)]))
    assert len(tables(text)["新破零的村和单位"]) == composing.MOST_ROWS and "共305条，以上列300条" in words(text)


@pytest.mark.parametrize("number, said", [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_requirements_are_numbered_in_chinese_numerals(number, said):
    assert numeral(number) == said


# --- one content, three forms ----------------------------------------------------------------------------------------
def squeezed(lines: Any) -> str:
    return "".join("".join(str(line).split()) for line in lines)


FULL = [
    ("full", a_full_month()),
    ("empty", closing_content()),
    ("hostile", a_full_month(county={"region": COUNTY, "name": "兴县"})),
]


@pytest.mark.parametrize("name, fields", FULL)
def test_pdf_word_and_workbook_of_a_bulletin_have_the_same_content(name, fields):
    written = Written(HOSTILE, HOSTILE, requirements=[HOSTILE, "二"]) if name == "hostile" else WRITTEN
    text = compose(fields, written)
    everything = list(lines_of(text))
    printed = words_of_pdf(printing.pdf(a_sheet(text)))
    assert all(squeezed([line]) in printed.replace("\u200b", "") for line in everything if len(line) < 12)
    assert squeezed(_of_docx(word.docx(a_sheet(text)))).count(squeezed([everything[-1]])) == 1
    assert _of_docx(word.docx(a_sheet(text))) == everything
    assert sorted(_cells_of_xlsx(workbook.xlsx(a_sheet(text)))) == sorted(_cells(text))


def test_a_word_file_does_not_depend_on_when_it_is_written(monkeypatch):
    text = compose(a_full_month(), WRITTEN)
    first = word.docx(a_sheet(text))
    monkeypatch.setattr("time.localtime", lambda *_: time.struct_time((2031, 5, 6, 7, 8, 10, 1, 126, 0)))
    assert word.docx(a_sheet(text)) == first


def _of_docx(content: bytes) -> list[str]:
    """All words in the order in which they are read, without what stands only on the sheet: number, footer."""
    document = docx.Document(BytesIO(content))
    found: list[str] = []
    for each in document.iter_inner_content():
        if isinstance(each, docx.table.Table):
            found += [cell.text for row in each.rows for cell in row.cells]
        else:
            found.append(each.text)
    found.remove("兴安办通报〔2025〕3号")
    return [line.removesuffix("　　") for line in found if line]


def _cells(text: dict[str, Any]) -> list[str]:
    rows = [row for rows in tables(text).values() for row in rows]
    return [shown(cell) for row in rows for cell in row]


def _pages(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _cells_of_xlsx(content: bytes) -> list[str]:
    """Of the pages of tables, below name and headings."""
    rows = [row for name, page in _pages(content).items() if name != "正文" for row in page[2:]]
    return [str(int(cell)) if isinstance(cell, float) else str(cell) for row in rows for cell in row]


def test_numbers_stay_numbers_in_the_workbook():
    pages = _pages(workbook.xlsx(a_sheet(compose(a_full_month()))))
    first = next(page for name, page in pages.items() if "排名" in name)[2]
    assert (first[0], first[7], first[3]) == (1.0, 1.0, "22/23")


def test_the_pdf_draws_every_character_and_is_byte_identical_each_time():
    sheet = a_sheet(compose(a_full_month()))
    content = printing.pdf(sheet)
    assert content == printing.pdf(sheet) and empty_boxes(content) == 0


def test_a_sign_that_no_font_has_is_replaced_and_named_in_every_form_of_a_bulletin():
    sheet = a_sheet(compose(closing_content(broken=[broken_row(name="某\U0001f525𬎆村\u202e")])))
    content, pages = printing.pdf(sheet), _pages(workbook.xlsx(sheet))
    cells = "".join(str(cell) for page in pages.values() for row in page for cell in row)
    for words in (words_of_pdf(content), words_of_docx(word.docx(sheet)), "".join(cells.split())):
        assert "某〓𬎆村" in words and "〓为U+1F525" in words
    assert empty_boxes(content) == 0


def test_control_and_bidirectional_characters_are_removed():
    assert cleaned({"a": ["兴\u202e县\x0b\x00", 1, None]}) == {"a": ["兴县", 1, None]}


def test_a_workbook_carries_no_formula_link_or_macro():
    parts = zipfile.ZipFile(
        BytesIO(workbook.xlsx(a_sheet(compose(closing_content(), Written(HOSTILE, "", requirements=["=1+1", "@SUM(1)"])))))
    )
    assert not any(b"<f>" in parts.read(name) or b"hyperlink" in parts.read(name) for name in parts.namelist())


# --- with the closing ------------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def a_closing(number: int = 1, month: int = 3, **more: Any) -> Closing:
    reason = "" if number == 1 else "经公安机关认定为刑事案件，已核销"
    closing = Closing.objects.create(region_code=COUNTY, year=2025, month=month, number=number, reason=reason, **more)
    closing.refresh_from_db()
    return closing


def signed(closing: Closing, people: dict, fields: dict[str, Any] | None = None) -> Closing:
    """As `closing.sign` leaves it: the tests of the signature itself are the closing's own."""
    closing.state, closing.content = ClosingState.SIGNED, fields or drafting.draft(closing)
    closing.content_sha256, closing.signed_at = "0" * 64, SIGNED_AT
    closing.save()
    actions.follow_signature(closing, by=people["committee"])
    return closing


def frozen(closing: Closing, people: dict, fields: dict[str, Any] | None = None) -> Bulletin:
    closing = closing if closing.state == ClosingState.SIGNED else signed(closing, people, fields)
    closing.state, closing.frozen_at = ClosingState.FROZEN, SIGNED_AT
    closing.save()
    bulletin = actions.freeze(closing, by=people["committee"])
    assert bulletin is not None
    return Bulletin.objects.get(pk=bulletin.pk)


def test_the_bulletin_form_is_dated_reference_data():
    form = law.in_force("bulletins", date(2025, 3, 31), "county").body
    assert form["bulletin"]["word"] == "兴安办通报" and form["requirements"]


def test_drafting_a_bulletin_again_keeps_the_edited_text(as_):
    closing = a_closing()
    first = as_("bureau").post(f"/api/v1/zero-accident/closings/{closing.pk}/bulletin")
    assert first.status_code == 201 and first.json()["number"] == "" and not first.json()["frozen"]
    url = f"{URL}/{first.json()['id']}"
    edited = as_("bureau").patch(
        url, {"requirements": ["只此一条。"], "paragraphs": {"accidents": ["补充一段。"]}}, format="json"
    )
    assert edited.status_code == 200, edited.json()
    again = as_("bureau").post(f"/api/v1/zero-accident/closings/{closing.pk}/bulletin")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    said = words(again.json()["text"])
    assert "只此一条。" in said and "补充一段。" in said
    verbs = TrailLine.objects.filter(verb__startswith="bulletin.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["bulletin.draft", "bulletin.edit", "bulletin.draft"]


def test_a_draft_bulletin_lists_the_months_accidents_and_broken_villages(people):
    report_accident(1, region=V, occurred_at=at(3, 5))
    report_accident(2, region=W, occurred_at=at(1, 7))
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    text = actions.text_of(bulletin, bulletin.closing, day=None)
    assert [row[1:4] for row in tables(text)["新破零的村和单位"]] == [
        [row["name"], "蔚汾镇", "2025-03-05"] for row in _villages(bulletin)
    ]
    assert "各类事故1起，死亡1人" in words(text)


def _villages(bulletin: Bulletin) -> list[dict[str, Any]]:
    return [each for each in bulletin.facts["broken"] if each["key"] == V]


def test_the_monthly_task_drafts_the_previous_month_and_may_be_repeated(people):
    a_closing(month=3)
    a_closing(month=2)
    assert draft_bulletins("2025-04-01") == {"drafted": 1, "standing": 0}
    assert draft_bulletins("2025-04-01") == {"drafted": 0, "standing": 1}
    assert Bulletin.objects.get().month == 3 and Bulletin.objects.get().drafted_name == "系统"
    assert draft_bulletins("2025-06-01") == {"drafted": 0, "standing": 0}


def test_opening_a_closing_drafts_one_bulletin(people):
    from safety_api import outbox

    closing = a_closing()
    outbox.send("closing.opened", {"closing": closing.pk})
    outbox.send("closing.opened", {"closing": closing.pk})
    drain()
    assert Bulletin.objects.filter(closing=closing).count() == 1


def test_signing_a_closing_fixes_the_bulletin_figures_and_ends_editing(as_, people):
    closing = a_closing()
    bulletin, _ = actions.draft(closing.pk, by=people["bureau"])
    signed(closing, people, closing_content(accidents=[accident_row(deaths=7)]))
    answered = as_("bureau").get(f"{URL}/{bulletin.pk}").json()
    assert "死亡7人" in words(answered["text"]) and answered["text"]["day"] == "2025年4月3日"
    answer = as_("bureau").patch(f"{URL}/{bulletin.pk}", {"opening": "另写"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "bulletin_frozen")


def test_a_frozen_bulletin_has_number_date_and_fingerprint_and_cannot_change(people):
    bulletin = frozen(a_closing(), people, closing_content())
    assert (bulletin.number, bulletin.issued_on) == ("兴安办通报〔2025〕1号", date(2025, 4, 3))
    assert bulletin.sha256 == bulletin.fingerprint() and len(bulletin.code) == 16
    for change in (lambda row: row.update(text={}), lambda row: row.update(opening="x"), lambda row: row.delete()):
        with pytest.raises(ProgrammingError, match="stands as it was frozen"), transaction.atomic():
            change(Bulletin.objects.filter(pk=bulletin.pk))
    with pytest.raises(Problem) as refused:
        actions.draft(bulletin.closing_id, by=people["bureau"])
    assert refused.value.kind.code == "bulletin_frozen"


def test_bulletin_numbers_have_no_gap_even_after_a_rollback(people):
    frozen(a_closing(month=1), people, closing_content())
    closing = signed(a_closing(month=2), people, closing_content())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        frozen(closing, people)
        raise ZeroDivisionError
    closing = Closing.objects.get(pk=closing.pk)
    assert frozen(closing, people).number == "兴安办通报〔2025〕2号"
    assert frozen(a_closing(month=3), people, closing_content()).number == "兴安办通报〔2025〕3号"


def test_the_database_refuses_a_bulletin_number_used_twice(people):
    first = frozen(a_closing(month=1), people, closing_content())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_paper_counter SET last = 0 WHERE series = %s", [first.series])
    with pytest.raises(IntegrityError, match="bulletin_number_once"), transaction.atomic():
        frozen(a_closing(month=2), people, closing_content())


def test_the_bulletin_of_a_later_revision_is_a_correction_citing_the_first(people):
    first = frozen(
        a_closing(),
        people,
        closing_content(
            ratios={"villages": share(215, 254), "units": share(9, 9, split={})}, ranking=[town("141123100000", 1)]
        ),
    )
    second = frozen(
        a_closing(2),
        people,
        closing_content(
            ratios={"villages": share(216, 254), "units": share(9, 9, split={})}, ranking=[town("141123100000", 1)]
        ),
    )
    third = frozen(
        a_closing(3),
        people,
        closing_content(
            ratios={"villages": share(216, 254), "units": share(9, 9, split={})}, ranking=[town("141123100000", 1)]
        ),
    )
    assert second.first == third.first == first and "更正" in second.text["title"]
    assert "兴安办通报〔2025〕1号《关于2025年3月全县“零事故”创建和隐患整改情况的通报》" in words(second.text)
    assert tables(second.text)["更正内容"] == [["全县村（社区）零事故率", "215/254（84.64%）", "216/254（85.03%）"]]
    assert "（最近一次更正为兴安办通报〔2025〕2号）" in words(third.text) and "主要数据没有变化" in words(third.text)
    sheet = sheets.sheet_of(first, site="https://x")
    assert sheet.watermark == "已更正" and third.number in sheet.notice
    assert sheets.sheet_of(third, site="https://x").watermark == ""


def test_the_next_bulletin_lists_changes_against_the_frozen_month(people):
    february = frozen(a_closing(month=2), people, closing_content(broken=[broken_row(key="old", name="旧村")]))
    shown = closing_content(
        broken=[broken_row(key="new", name="新村")],
        before={"as_of": "2025-02-28", "closing": february.closing_id, "number": 1},
    )
    march = frozen(a_closing(month=3), people, shown)
    assert [row[1] for row in tables(march.text)["新破零的村和单位"]] == ["新村"]
    assert [row[1] for row in tables(march.text)["恢复零事故的村和单位"]] == ["旧村"]


def test_closing_a_month_issues_a_bulletin_and_revising_it_a_correction(with_, people):
    report_accident(1, region=V, occurred_at=at(3, 5))
    first = _closed(with_, open_month(with_("bureau")))
    assert "各类事故1起，死亡1人" in words(first.text) and [
        row[1] for row in tables(first.text)["新破零的村和单位"]
    ] == [_villages(first)[0]["name"]]
    accidents.write_off(key(1), by=people["bureau"], **PAPER)
    revised = done(
        post(with_("bureau"), f"{CLOSINGS}/{first.closing_id}/revise", {"reason": "经公安机关认定为刑事案件，已核销"}),
        201,
    )["id"]
    second = _closed(with_, revised)
    assert second.first == first and second.sequence == first.sequence + 1
    assert "另有1起经批准核销" in words(second.text) and f"{first.number}《" in words(second.text)
    assert any(row[0] == "全县村（社区）零事故率" for row in tables(second.text)["更正内容"])


def _closed(with_: Any, closing: int) -> Bulletin:
    if Closing.objects.get(pk=closing).number == 1:
        nothing_to_reconcile(with_("bureau"))
    time_passed(closing)
    done(post(with_("director"), f"{CLOSINGS}/{closing}/sign"))
    done(post(with_("committee"), f"{CLOSINGS}/{closing}/freeze"))
    return Bulletin.objects.get(closing=closing)


def test_a_year_has_no_bulletin(people, as_):
    closing = Closing.objects.create(region_code=COUNTY, year=2024, month=0, number=1)
    answer = as_("bureau").post(f"/api/v1/zero-accident/closings/{closing.pk}/bulletin")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_bulletin_of_a_year")
    assert (
        actions.follow_signature(closing, by=people["committee"]) is None
        and actions.freeze(closing, by=people["committee"]) is None
    )


# --- doors -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who, draft, when_frozen", [
    ("bureau", 200, 200), ("committee", 200, 200), ("duty", 404, 200), ("township", 404, 200), ("inspector2", 404, 200),
    ("village", 404, 200), ("department", 404, 200), ("enterprise", 403, 403), ("sysadmin", 403, 403),
])  # fmt: skip
def test_draft_bulletins_are_visible_to_the_keepers_and_frozen_ones_to_every_office(as_, people, who, draft, when_frozen):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    for form in ("", ".pdf", ".docx", ".xlsx"):
        assert as_(who).get(f"{URL}/{bulletin.pk}{form}").status_code == draft, form
    frozen(bulletin.closing, people)
    assert as_(who).get(f"{URL}/{bulletin.pk}").status_code == when_frozen
    assert len(as_(who).get(URL).json().get("results", [])) == (when_frozen == 200)


def test_the_bulletin_answer_matches_the_openapi_document(as_, people):
    bulletin = frozen(a_closing(), people, a_full_month())
    schema = document()["paths"]["/api/v1/zero-accident/bulletins/{bulletin_id}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    assert list(validator(schema).iter_errors(as_("leader").get(f"{URL}/{bulletin.pk}").json())) == []


def test_a_bulletin_of_another_county_is_not_found(as_, people):
    bulletin = frozen(a_closing(), people, closing_content())
    people["bureau"].region = "141124"
    people["bureau"].save()
    assert as_("bureau").get(f"{URL}/{bulletin.pk}").status_code == 404


def test_bulletin_files_are_downloads_with_file_names(as_, people):
    bulletin = frozen(a_closing(), people, closing_content())
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        answer = as_("township").get(f"{URL}/{bulletin.pk}.{form}")
        assert answer.content.startswith(start) and "filename*=UTF-8''" in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
    again = as_("village").get(f"{URL}/{bulletin.pk}.pdf")
    assert again.content == as_("township").get(f"{URL}/{bulletin.pk}.pdf").content
    assert "草稿" not in words_of_pdf(again.content) and "兴安办通报〔2025〕1号" in words_of_pdf(again.content)


def test_a_draft_bulletin_is_marked_as_draft_in_every_format(people):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    sheet = sheets.sheet_of(bulletin, site="https://x")
    assert sheet.address == "" and "草稿" in words_of_pdf(printing.pdf(sheet))
    assert "【草稿】" in _paragraphs(word.docx(sheet))
    assert _pages(workbook.xlsx(sheet))["正文"][0] == ["【草稿】"]


def _paragraphs(content: bytes) -> list[str]:
    return [each.text for each in docx.Document(BytesIO(content)).paragraphs]


def test_anyone_can_verify_a_frozen_bulletin_by_its_code(as_, people):
    bulletin = frozen(a_closing(), people, closing_content())
    answered = as_(None).get(f"/api/v1/verify/{bulletin.spoken_code}").json()
    assert (answered["number"], answered["sha256"], answered["corrected"]) == (bulletin.number, bulletin.sha256, False)
    second = frozen(a_closing(2), people, closing_content())
    assert as_(None).get(f"/api/v1/verify/{bulletin.code}").json()["corrected_by"] == second.number


@pytest.mark.parametrize("body, pointer, code", [
    ({}, "", "required"),
    ({"number": "1号"}, "/number", "unknown_field"),
    ({"text": {}}, "/text", "unknown_field"),
    ({"recipients": ""}, "/recipients", "blank"),
    ({"recipients": "某" * 501}, "/recipients", "max_length"),
    ({"requirements": ["一"] * 21}, "/requirements", "max_length"),
    ({"requirements": ["某" * 1001]}, "/requirements/0", "max_length"),
    ({"paragraphs": {"figures": ["x"]}}, "/paragraphs/figures", "unknown_field"),
    ({"paragraphs": {"accidents": ["x"] * 11}}, "/paragraphs/accidents", "max_length"),
    ({"opening": "a\x07b"}, "/opening", "nul"),
    ({"requirements": [7]}, "/requirements/0", "invalid"),
])  # fmt: skip
def test_editing_a_bulletin_accepts_only_known_fields_within_limits(as_, people, body, pointer, code):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    answer = as_("bureau").patch(f"{URL}/{bulletin.pk}", body, format="json")
    assert answer.status_code == 400 and (pointer, code) in [
        (each["pointer"], each["code"]) for each in answer.json()["errors"]
    ]


def test_a_bulletin_with_a_sign_that_no_font_has_is_edited_and_printed(as_, people):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    assert as_("bureau").patch(f"{URL}/{bulletin.pk}", {"requirements": ["好\U0001f525"]}, format="json").status_code == 200
    assert "好〓" in words_of_pdf(as_("bureau").get(f"{URL}/{bulletin.pk}.pdf").content)


def test_a_stale_edit_of_a_bulletin_is_refused(as_, people):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    tag = as_("bureau").get(f"{URL}/{bulletin.pk}")["ETag"]
    client = as_("bureau")
    client.credentials(**client._credentials, HTTP_IF_MATCH='"0-1"')
    assert client.patch(f"{URL}/{bulletin.pk}", {"opening": "x"}, format="json").status_code == 412
    client.credentials(**{**client._credentials, "HTTP_IF_MATCH": tag})
    assert client.patch(f"{URL}/{bulletin.pk}", {"opening": "x"}, format="json").status_code == 200


def test_emptying_the_paragraphs_of_a_chapter_removes_them(as_, people):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    client, url = as_("bureau"), f"{URL}/{bulletin.pk}"
    client.patch(url, {"paragraphs": {"accidents": ["一"], "hazards": ["二"]}}, format="json")
    answered = client.patch(url, {"paragraphs": {"accidents": []}}, format="json").json()
    assert answered["paragraphs"] == {"hazards": ["二"]}


@pytest.mark.parametrize("who", ["committee", "duty", "township", "enterprise"])
def test_only_the_bureau_may_draft_and_edit_bulletins(as_, people, who):
    bulletin, _ = actions.draft(a_closing().pk, by=people["bureau"])
    assert as_(who).patch(f"{URL}/{bulletin.pk}", {"opening": "x"}, format="json").status_code == 403
    assert as_(who).post(f"/api/v1/zero-accident/closings/{bulletin.closing_id}/bulletin").status_code == 403


def test_the_bulletin_list_takes_as_many_queries_for_30_as_for_one_and_answers_304(as_, people):
    client = as_("bureau")

    def add(number: int) -> None:
        closing = Closing.objects.create(region_code=COUNTY, year=2000 + number, month=3, number=1)
        Bulletin.objects.create(
            closing=closing,
            region_code=COUNTY,
            year=closing.year,
            month=3,
            revision=1,
            recipients="x",
            drafted_name="x",
            facts={"big": "x" * 5000},
        )

    add(1)
    few = queries_of(lambda: client.get(URL))
    for number in range(2, 31):
        add(number)
    assert queries_of(lambda: client.get(URL)) == few
    answer = client.get(f"{URL}?year=2007&frozen=false")
    assert [each["year"] for each in answer.json()["results"]] == [2007]
    client.credentials(**client._credentials, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert client.get(f"{URL}?year=2007&frozen=false").status_code == 304
