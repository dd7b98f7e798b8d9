"""The same sheet as an editable .docx, in the fonts of an office's own machine: what leaders change, they change here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from evidence.official.sheet import Block, Sheet, fitted, shown
from evidence.papers.word import saved, write

SONG, FANG, HEI, KAI, TITLE = (
    "宋体",
    "仿宋",
    "黑体",
    "楷体",
    "方正小标宋简体",
)  # GB/T 9704; a machine without the last shows 宋体
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
RED = RGBColor(0xD2, 0x12, 0x1A)
WIDE = 15.6  # centimetres between the margins
BODY, CELL = 16, 10.5  # points


def docx(sheet: Sheet) -> bytes:
    document, sheet = Document(), fitted(sheet)
    _page(document)
    _about(document, sheet)
    _head(document, sheet)
    for block in sheet.text["blocks"]:
        DRAW[block["is"]](document, block)
    _end(document, sheet)
    return saved(document)


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.6), Cm(3.3)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(BODY)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTER
    _words(paragraph, "— ", size=14, font=SONG)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _words(paragraph, " —", size=14, font=SONG)


def _about(document: Docx, sheet: Sheet) -> None:
    about, moment = document.core_properties, datetime.fromtimestamp(sheet.moment, UTC).replace(tzinfo=None)
    about.title, about.author, about.subject = (
        sheet.text["title"].replace("\n", "")[:250],
        sheet.text["organ"],
        sheet.number,
    )
    about.created = about.modified = moment
    about.comments = about.keywords = ""


def _line(
    document: Any, text: str, *, size: float = BODY, font: str = FANG, bold: bool = False, align: Any = JUSTIFY,
    indent: bool = False, colour: RGBColor | None = None, before: float = 0, after: float = 0, keep: bool = False,
) -> Paragraph:  # fmt: skip
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after, form.keep_with_next = align, Pt(before), Pt(after), keep
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.75 if size < 30 else size * 1.2)
    if indent:
        form.first_line_indent = Pt(size * 2)
    _words(paragraph, text, size=size, font=font, bold=bold, colour=colour)
    return paragraph


def _words(paragraph: Paragraph, text: str, *, font: str = FANG, **form: Any) -> None:
    write(paragraph, text, font=font, **form)


def _head(document: Docx, sheet: Sheet) -> None:
    text = sheet.text
    size = min(52 if text["style"] == "brief" else 40, WIDE / 2.54 * 72 / max(1, len(text["mast"])) * 0.98)
    _line(document, text["mast"], size=size, font=TITLE, bold=True, align=CENTER, colour=RED)
    _line(document, sheet.number, align=CENTER)
    if text.get("lead"):
        paragraph = _line(document, text["lead"], align=LEFT)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(WIDE), alignment=2)  # WD_TAB_ALIGNMENT.RIGHT
    _rule(document.paragraphs[-1])
    if sheet.watermark:
        _line(document, f"【{sheet.watermark}】", font=HEI, align=CENTER)
    if sheet.notice:
        _line(document, sheet.notice, size=13, font=HEI)
    _line(document, text["title"], size=22, font=TITLE, bold=True, align=CENTER, before=12, after=12)
    if text.get("to"):
        _line(document, text["to"], align=LEFT)


def _rule(paragraph: Paragraph) -> None:
    """A red rule below the paragraph."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "D2121A")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.space_after = Pt(8)


# --- blocks ----------------------------------------------------------------------------------------------------------
def _table(document: Docx, block: Block) -> None:
    if block["titled"]:
        _line(document, block["name"], size=12, font=HEI, align=CENTER, before=6, after=2, keep=True)
    whole = sum(block["widths"])
    widths = [WIDE * each / whole for each in block["widths"]]
    table = _grid(document, widths)
    _row(table, block["headings"], widths, font=HEI)
    _repeat(table.rows[0])
    for row in block["rows"]:
        _row(table, [shown(cell) for cell in row], widths)
    _line(document, "", size=6)


def _particulars(document: Docx, block: Block) -> None:
    widths = [3.4, WIDE - 3.4]
    table = _grid(document, widths)
    for label, value in block["rows"]:
        _row(table, [label, value], widths, size=13)
    _line(document, "", size=6)


def _grid(document: Docx, widths: list[float]) -> Any:
    table = document.add_table(rows=0, cols=len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _row(table: Any, texts: list[str], widths: list[float], *, font: str = FANG, size: float = CELL) -> None:
    row = table.add_row()
    _whole(row)
    for box, text, width in zip(
        row._tr.tc_lst, texts, widths, strict=True
    ):  # row.cells looks at the whole table each time
        box.width = Cm(width)
        paragraph = Paragraph(box.p_lst[0], row)
        paragraph.alignment = CENTER if len(text) <= 8 or font == HEI else LEFT
        paragraph.paragraph_format.space_after = Pt(0)
        _words(paragraph, text, size=size, font=font)


def _whole(row: Any) -> None:
    """A row is not broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat(row: Any) -> None:
    """The headings stand on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


DRAW: dict[str, Any] = {
    "chapter": lambda document, block: _line(document, block["text"], font=HEI, indent=True, keep=True),
    "part": lambda document, block: _line(document, block["text"], font=KAI, indent=True, keep=True),
    "p": lambda document, block: _line(document, block["text"], indent=True),
    "table": _table,
    "particulars": _particulars,
}


def _end(document: Docx, sheet: Sheet) -> None:
    text = sheet.text
    if sheet.note:
        _line(document, sheet.note, size=10.5, before=12)
    _line(document, f"{text['organ']}　　", align=RIGHT, before=28, keep=True)
    _line(document, f"{text['day']}　　", align=RIGHT, after=16)
    for each in text.get("ending", ()):
        paragraph = _line(document, each, size=13, align=LEFT)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(WIDE), alignment=2)
    if sheet.code:
        _line(
            document, f"核验码 {sheet.code}　记录摘要 SHA-256 {sheet.sha256}", size=8, font=SONG, align=LEFT, before=6
        )
