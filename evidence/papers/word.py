"""The same sheet as an editable .docx, in the fonts of an office's own machine (宋体, 仿宋, 黑体)."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import segno
from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from evidence.papers.printing import DRAFT, Printed, drawn
from evidence.papers.signs import runs

SONG, FANG, HEI = "宋体", "仿宋", "黑体"
SCRIPTS = ("ascii", "hAnsi", "eastAsia", "cs")
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
GREY = RGBColor(0x60, 0x60, 0x60)
FIRST_HOUR = (1980, 1, 1, 0, 0, 0)  # of a ZIP
WIDTHS = (Cm(2.9), Cm(5.0), Cm(2.6), Cm(5.0))  # of a table of labels and values
NUMBER = Cm(1.2)  # of the first column of a numbered one


def docx(sheet: Printed) -> bytes:
    document, words = Document(), drawn(sheet)
    _page(document)
    _about(document, words, sheet.moment)
    _head(document, words)
    for block in words["blocks"]:
        DRAW[block["is"]](document, block)
    _foot(document, sheet)
    return saved(document)


def saved(document: Docx) -> bytes:
    """The bytes of a .docx, the same for the same content: a file within it bears no hour of its writing."""
    written, timeless = BytesIO(), BytesIO()
    document.save(written)
    with ZipFile(written) as before, ZipFile(timeless, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(ZipInfo(name, FIRST_HOUR), before.read(name), ZIP_DEFLATED)
    return timeless.getvalue()


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2.9), Cm(3.0)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)


def _about(document: Docx, words: dict[str, Any], moment: int) -> None:
    about = document.core_properties
    about.title, about.author, about.subject = words["title"], words["organ"], words["number"]
    about.created = about.modified = datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
    about.comments = about.keywords = ""


def _line(
    document: Any,
    text: str,
    *,
    size: float = 14,
    font: str = FANG,
    bold: bool = False,
    align: Any = JUSTIFY,
    indent: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after = align, Pt(0), Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.7)
    if indent:
        form.first_line_indent = Pt(size * 2)
    _words(paragraph, text, size=size, font=font, bold=bold)
    return paragraph


def _words(paragraph: Paragraph, text: str, *, font: str = FANG, **form: Any) -> None:
    write(paragraph, text, font=font, **form)


def write(
    paragraph: Paragraph, text: str, *, size: float, font: str, bold: bool = False, colour: RGBColor | None = None
) -> None:
    """Words in runs; a sign that an office's font is not sure to have is a run of its own, in the font that has it."""
    for number, line in enumerate(text.split("\n")):
        if number:
            paragraph.runs[-1].add_break()
        for family, words in runs(line):
            run = paragraph.add_run(words)
            run.font.size, run.bold = Pt(size), bold
            _set_fonts(run, family, font)
            if colour is not None:
                run.font.color.rgb = colour


def _set_fonts(run: Any, family: str, font: str) -> None:
    chosen = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in SCRIPTS if family else ("eastAsia",):
        chosen.set(qn(f"w:{script}"), family or font)


def _head(document: Docx, words: dict[str, Any]) -> None:
    _line(document, words["banner"], size=12, font=SONG, align=CENTER)
    _line(document, words["organ"], size=20, font=SONG, bold=True, align=CENTER)
    _line(document, words["title"], size=22, font=HEI, align=CENTER)
    if words["watermark"]:
        _line(document, f"【{words['watermark']}】", size=14, font=HEI, align=CENTER)
    _under(_line(document, words["number"], size=13, font=FANG, align=RIGHT))


def _under(paragraph: Paragraph) -> None:
    """A rule below the paragraph."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("space", "4"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.space_after = Pt(8)


# --- blocks ------------------------------------------------------------------------------------------------------------------
def _rows(document: Docx, block: dict[str, Any]) -> None:
    table = document.add_table(rows=0, cols=4)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for row in block["rows"]:
        cells = table.add_row().cells
        for cell, width in zip(cells, WIDTHS, strict=True):
            cell.width = width
        if len(row) == 2:
            cells[1].merge(cells[3])
        for place, text in enumerate(row):
            label = place % 2 == 0
            paragraph = cells[place].paragraphs[0]
            paragraph.alignment = CENTER if label else LEFT
            _words(paragraph, text, size=12, font=SONG if label else FANG)


def _items(document: Docx, block: dict[str, Any]) -> None:
    for number, text in enumerate(block["items"], 1):
        _line(document, f"{number}. {text}", indent=True)


def _lines(document: Docx, block: dict[str, Any]) -> None:
    for text in block["items"]:
        _line(document, text, indent=True)


def _table(document: Docx, block: dict[str, Any]) -> None:
    table = document.add_table(rows=0, cols=len(block["columns"]) + 1)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    unit = (sum(WIDTHS) - NUMBER) / sum(block["widths"])
    widths = [NUMBER, *(Cm(unit / Cm(1) * each) for each in block["widths"])]
    _table_row(table, ["序号", *block["columns"]], widths, SONG)
    for number, row in enumerate(block["rows"], 1):
        _table_row(table, [str(number), *row], widths, FANG)


def _table_row(table: Any, texts: list[str], widths: list[Cm], font: str) -> None:
    for cell, text, width in zip(table.add_row().cells, texts, widths, strict=True):
        cell.width = width
        _words(cell.paragraphs[0], text, size=12, font=font)


def _space(document: Docx, block: dict[str, Any]) -> None:
    table = document.add_table(rows=1, cols=1)
    table.style = "Table Grid"
    _words(table.cell(0, 0).paragraphs[0], f"{block['text']}：" + "\n" * block["lines"], size=12, font=SONG)


def _signs(document: Docx, block: dict[str, Any]) -> None:
    for party in block["parties"]:
        for each in party["lines"]:
            _sign(document, party["label"], each)
        for refusal in party["refusals"]:
            _line(document, refusal, size=12)


def _sign(document: Docx, label: str, each: dict[str, Any]) -> None:
    signature = each["signature"]
    paragraph = _line(document, label, size=12, font=SONG, align=LEFT)
    if signature is None:
        _words(paragraph, f"＿＿＿＿＿＿＿＿　{each['beside']}", size=12)
        return
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.add_run().add_picture(BytesIO(b64decode(signature["png"])), height=Cm(0.95))
    _words(paragraph, f"　{each['beside']}　{signature['at']}", size=10.5)


def _seal(document: Docx, block: dict[str, Any]) -> None:
    first = _line(document, block["text"], align=RIGHT)
    first.paragraph_format.space_before, first.paragraph_format.keep_with_next = Pt(18), True
    _line(document, f"{block['day']}（印章）", align=RIGHT)


def _note(document: Docx, block: dict[str, Any]) -> None:
    _line(document, block["text"], size=10.5, font=SONG).paragraph_format.space_before = Pt(12)


DRAW = {
    "to": lambda document, block: _line(document, block["text"], bold=True, align=LEFT),
    "p": lambda document, block: _line(document, block["text"], indent=True),
    "head": lambda document, block: _line(document, block["text"], font=HEI, indent=True),
    "correction": lambda document, block: _line(document, block["text"], size=12, font=HEI),
    "item": _items,
    "line": _lines,
    "rows": _rows,
    "table": _table,
    "space": _space,
    "signs": _signs,
    "seal": _seal,
    "note": _note,
}


def _foot(document: Docx, sheet: Printed) -> None:
    """The code and where it leads, on every page; a draft says that it is one."""
    paragraph = document.sections[0].footer.paragraphs[0]
    if not sheet.address:
        _words(paragraph, DRAFT, size=9, font=SONG)
        return
    picture = BytesIO()
    segno.make(sheet.address, error="m", micro=False).save(picture, kind="png", scale=4, border=1)
    picture.seek(0)
    paragraph.add_run().add_picture(picture, height=Cm(1.6))
    _words(paragraph, f"　核验码 {sheet.code}　记录摘要 SHA-256 {sheet.sha256}", size=7.5, font=SONG)
    for run in paragraph.runs:
        run.font.color.rgb = GREY
