"""窄幅: the same paper on the 80 mm roll of a field printer; what stands on A4 stands here, and nothing is too small to read."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from evidence.papers import printing
from evidence.papers.models import Paper
from tests.cast.papers import PAPERS, as_text, body, empty_boxes, signature_png, words_of_pdf

pytestmark = pytest.mark.django_db
MM = 72 / 25.4
LONG = "停止该工作面作业，补打锚杆，验收合格后方可恢复。" * 20
UNBROKEN = "LOT-20260312-0001-B/2026-03-12T08:00+0800" * 4


def strip(as_, paper, who="inspector") -> bytes:
    answer = as_(who).get(f"{PAPERS}/{paper['id']}.pdf?form=narrow")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def a_name(party: str, **fields) -> dict:
    return {
        "party": party,
        "name": "张小三",
        "post": "矿长",
        "signed_at": timezone.now().isoformat(),
        "image": as_text(signature_png()),
        **fields,
    }


def pieces(content: bytes) -> list[tuple[float, float]]:
    """Of each piece of text: where it begins, in mm, and its size in pt."""
    found: list[tuple[float, float]] = []

    def visit(text: str, ours: list[float], matrix: list[float], _: object, size: float) -> None:
        if text.strip():
            left = matrix[4] * ours[0] + matrix[5] * ours[2] + ours[4]
            found.append((left / MM, abs(size * matrix[3] * ours[3])))

    for page in PdfReader(BytesIO(content)).pages:
        page.extract_text(visitor_text=visit)
    return found


def test_the_strip_is_as_wide_as_the_roll_and_nothing_on_it_is_below_8_5_pt(paper, as_):
    content = strip(as_, paper)
    page = PdfReader(BytesIO(content)).pages[0]
    assert float(page.mediabox.width) == pytest.approx(80 * MM, abs=0.5)
    lefts, sizes = zip(*pieces(content), strict=True)
    assert min(sizes) >= 8.49 and len(set(sizes)) > 2
    assert min(lefts) >= 3.99 and 20 < max(lefts) <= 76


def test_the_strip_says_what_a4_says_with_number_code_and_hash(paper, as_):
    words, wide = (
        words_of_pdf(strip(as_, paper)),
        words_of_pdf(as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf?form=a4").content),
    )
    assert paper["number"] in words and paper["code"] in words and paper["sha256"] in words
    assert sorted(set(words) - set("第页共　")) == sorted(set(wide) - set("第页共　"))


def test_signatures_and_refusals_stand_on_the_strip(paper, as_):
    bare = strip(as_, paper)
    for stroke, (party, name) in enumerate((("unit", "张小三"), ("officer", "张巡")), 2):
        assert (
            as_("inspector")
            .post(
                f"{PAPERS}/{paper['id']}/signatures",
                a_name(party, name=name, image=as_text(signature_png(stroke=stroke))),
                format="json",
            )
            .status_code
            == 201
        )
    refusal = {
        "name": "李四",
        "post": "安全员",
        "reason": "有异议",
        "witnesses": ["赵安"],
        "refused_at": timezone.now().isoformat(),
    }
    assert as_("inspector").post(f"{PAPERS}/{paper['id']}/refusals", refusal, format="json").status_code == 201
    signed = strip(as_, paper)
    words = words_of_pdf(signed)
    assert "张小三矿长" in words and "李四（安全员）拒绝签名，理由：有异议。在场人员：赵安。" in words
    pictures = [sum(len(page.images) for page in PdfReader(BytesIO(each)).pages) for each in (bare, signed)]
    assert pictures[1] - pictures[0] == 2


def test_the_same_strip_printed_twice_has_the_same_bytes(paper, as_):
    assert strip(as_, paper) == strip(as_, paper)


def test_a_draft_says_so_above_and_below_and_has_neither_number_nor_code(officers, hazard, as_):
    answer = as_("inspector").post(f"{PAPERS}/preview?form=narrow", body(people=officers), format="json")
    words = words_of_pdf(answer.content)
    assert words.startswith("草稿") and words.endswith("草稿") and "核验码" not in words
    assert f"责改〔{timezone.localdate().year}〕号" in words and not Paper.objects.exists()


def test_a_corrected_paper_says_so_on_the_strip_too(paper, officers, as_):
    again = {"reason": "期限误写", "officers": [str(officers["department"].pk)], "fields": {}}
    made = as_("inspector").post(f"{PAPERS}/{paper['id']}/correct", again, format="json").json()
    words = words_of_pdf(strip(as_, paper))
    assert words.startswith("已更正") and f"本文书已由{made['number']}更正" in words


def test_a_long_word_stays_on_the_roll(issue, hazard, as_):
    made = issue(measures=UNBROKEN).json()
    content = strip(as_, made)
    assert UNBROKEN in words_of_pdf(content) and max(left for left, _ in pieces(content)) <= 76


@pytest.mark.parametrize("times, long", [(1, False), (40, True)])
def test_a_paper_is_one_strip_until_it_is_longer_than_a_printer_takes(paper, as_, times, long):
    sheet = printing.of_paper(Paper.objects.get(), site="https://aqjg.example.gov.cn")
    words = LONG * times
    sheet.blocks.insert(1, {"is": "p", "text": words})
    content = printing.narrow(sheet)
    pages = PdfReader(BytesIO(content)).pages
    assert ((len(pages) > 1) is long and "".join(words.split()) in words_of_pdf(content).replace("第1页共", "")) or long
    assert all(float(page.mediabox.height) <= 3000 * MM for page in pages)
    assert empty_boxes(content) == 0


def test_signatures_do_not_cut_a_strip_into_pages(paper, as_):
    for _ in range(3):
        as_("inspector").post(f"{PAPERS}/{paper['id']}/signatures", a_name("unit"), format="json")
    assert len(PdfReader(BytesIO(strip(as_, paper))).pages) == 1


@pytest.mark.parametrize("asked", ["form=wide", "form=", "shape=narrow", "form=narrow&form=a4"])
def test_a_form_that_nobody_prints_is_refused(paper, as_, asked):
    assert as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf?{asked}").status_code == 400


def test_a_strip_is_seen_by_whoever_sees_the_paper_alone(paper, as_):
    assert as_("inspector2").get(f"{PAPERS}/{paper['id']}.pdf?form=narrow").status_code == 404
