"""文字都能印出: whatever was accepted is printed, in the PDF, in Word and in a unit's file; what no font has is 〓, and named."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from evidence.papers import fonts, signs
from evidence.papers.signs import Fitting, cleaned, fitted_rows, plain, runs
from hazards.models import Hazard
from tests.cast import papers
from tests.cast.papers import HAZARD, MINE, PAPERS, VISIT, empty_boxes, words_of_docx, words_of_pdf

pytestmark = pytest.mark.django_db
UNIT_FILE = f"/api/v1/enterprises/{MINE}/file"
DUTY_FILE = f"/api/v1/hazards/{HAZARD}/duty-file"

# as typed by a phone or an office, as read on paper
TYPED = [
    ("第一行\r\n第二行", "第一行第二行"),
    ("第一行\r第二行\u2028第三行", "第一行第二行第三行"),
    ("瓦斯\u200b超限\ufeff", "瓦斯超限"),
    ("甲\u200d乙\u00ad丙\u202e丁\u2066戊", "甲乙丙丁戊"),
    ("☑\ufe0f已查", "☑已查"),
    ("CH₄达1.2％", "CH₄达1.2％"),
    ("钢管⌀50", "钢管⌀50"),
    ("☑消防栓", "☑消防栓"),
    ("张𬎆", "张𬎆"),
    ("㙦𬭚𠮷—…“”·①", "㙦𬭚𠮷—…“”·①"),
    ("立即整改🔥", "立即整改〓"),
    ("李\ue000", "李〓"),
    ("甲\u2007乙", "甲乙"),
]


def with_words(words: str) -> None:
    Hazard.objects.filter(pk=HAZARD).update(description=words)


@pytest.mark.parametrize("typed, read", TYPED)
def test_an_order_is_issued_and_printed_with_any_accepted_sign(issue, hazard, as_, typed, read):
    with_words(typed)
    answer = issue(measures=typed)
    assert answer.status_code == 201, answer.json()
    client, address = as_("inspector"), f"{PAPERS}/{answer.json()['id']}"
    pdf = client.get(f"{address}.pdf").content
    for words in (words_of_pdf(pdf), words_of_docx(client.get(f"{address}.docx").content)):
        assert words.count(read) == 2, words
    assert empty_boxes(pdf) == 0


def test_the_note_of_a_paper_names_every_sign_that_no_font_has(issue, hazard, as_):
    made, client = issue(measures="🔥🚒\ue000🔥").json(), as_("inspector")
    pdf, word = (client.get(f"{PAPERS}/{made['id']}.{ending}").content for ending in ("pdf", "docx"))
    for words in (words_of_pdf(pdf), words_of_docx(word)):
        assert "〓〓②〓③〓" in words and "〓为U+1F525，〓②为U+1F692，〓③为U+E000" in words


def test_the_preview_of_a_paper_prints_what_the_paper_will_print(officers, hazard, as_):
    answer = as_("inspector").post(
        f"{PAPERS}/preview", papers.body(people=officers, measures="停🔥"), format="json"
    )
    assert "停〓" in words_of_pdf(answer.content)


def test_signatures_refusals_and_services_are_printed_with_any_sign(paper, as_):
    client, moment = as_("inspector"), paper["issued_at"]
    refusal = {"name": "张🔥", "reason": "不认可\r\n\u200b结论", "witnesses": ["赵𬎆"], "refused_at": moment}
    assert client.post(f"{PAPERS}/{paper['id']}/refusals", refusal, format="json").status_code == 201
    pdf = client.get(f"{PAPERS}/{paper['id']}.pdf").content
    assert empty_boxes(pdf) == 0 and "张〓拒绝签名，理由：不认可结论。在场人员：赵𬎆" in words_of_pdf(pdf)


def test_the_record_of_a_visit_is_printed_with_any_sign(issue, hazard, officers, as_):
    papers.a_visit(officers, place="一楼\r\n大厅🔥", companions=[officers["department"].pk])
    answer = issue("inspection_record", subject=("inspection", VISIT), content="看☑\u200b了")
    assert answer.status_code == 201, answer.json()
    pdf = as_("inspector").get(f"{PAPERS}/{answer.json()['id']}.pdf").content
    assert empty_boxes(pdf) == 0 and "看☑了" in words_of_pdf(pdf) and "大厅〓" in words_of_pdf(pdf)


@pytest.mark.parametrize("address", [UNIT_FILE, DUTY_FILE])
@pytest.mark.parametrize("typed, read", TYPED)
def test_a_whole_file_is_printed_with_any_accepted_sign(officers, hazard, as_, address, typed, read):
    with_words(typed)
    answer = as_("bureau").get(address, {"format": "pdf"})
    assert answer.status_code == 200 and empty_boxes(answer.content) == 0
    assert read in words_of_pdf(answer.content)


def test_a_sign_of_a_second_font_is_a_run_of_its_own_in_word(issue, hazard, as_):
    made = issue(measures="张𬎆").json()
    document = docx.Document(BytesIO(as_("inspector").get(f"{PAPERS}/{made['id']}.docx").content))
    run = next(run for each in document.paragraphs for run in each.runs if run.text == "𬎆")
    chosen = run._element.rPr.rFonts
    assert {chosen.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {"Noto Sans CJK SC"}


# --- the rules ---------------------------------------------------------------------------------------------------------------------
def test_words_without_odd_signs_are_left_as_they_are():
    fit = Fitting()
    assert fit({"a": ["兴县\t第2行\n", 1, None, ("x",)]}) == {"a": ["兴县\t第2行\n", 1, None, ["x"]]} and fit.note == ""


def test_more_than_twenty_unknown_signs_are_numbered_on():
    fit = Fitting()
    assert fit.text("".join(chr(0xE000 + number) for number in range(22))).endswith("〓⑳〓（21）〓（22）")


def test_a_plain_table_ends_with_the_note_only_when_needed():
    assert list(fitted_rows([["甲", 1], ["乙🔥", None]]))[-1] == ["注：系统字库没有的字以〓代替，〓为 U+1F525。"]
    assert list(fitted_rows([["甲", 1]])) == [["甲", 1]]


def test_cleaning_keeps_lines_and_removes_what_nobody_sees():
    assert cleaned({"a": ["兴\u202e县\r\n\x0b\x00", 1]}) == {"a": ["兴县\n", 1]} and plain("甲\u2029乙") == "甲\n乙"


@pytest.mark.parametrize(
    "sign, family", [("兴", "Noto Serif CJK SC"), ("𬎆", "Noto Sans CJK SC"), ("₄", "DejaVu Sans"), ("🔥", "")]
)
def test_a_sign_is_drawn_by_the_first_font_that_has_it(sign, family):
    assert fonts.family_of(sign) == family


def test_runs_of_words_join_to_the_words_again():
    assert "".join(words for _, words in runs("张𬎆 CH₄")) == "张𬎆 CH₄" and list(runs("")) == [("", "")]


def test_without_any_font_words_are_only_cleaned(monkeypatch):
    monkeypatch.setattr(fonts, "undrawable", lambda: fonts.NEVER)
    assert signs.Fitting().text("好🔥\u200b") == "好🔥"


def test_every_layout_asks_the_fonts_of_the_house():
    root = Path(__file__).parents[2]
    layouts = [*root.glob("evidence/*/templates/*.typ"), *root.glob("ledgers/files/templates/*.typ")]
    assert len(layouts) == 4 and all("sys.inputs.fonts" in layout.read_text(encoding="utf-8") for layout in layouts)
