"""A sheet inside a workbook that somebody else made, by the places of its bytes: what we do not write stays as it came.

Reading with a library and writing again loses what the library does not know (drawings, seals, print settings of other programs); here
only the bytes of the data rows are replaced. Raises WrongFile for what cannot be treated so.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from readers import WrongFile

LETTERS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
CALC_CHAIN = "calcChain.xml"
LINKS = "xl/_rels/workbook.xml.rels"
MOST_DEPTH = 64  # of elements; Excel's own go to a dozen
SHEET_ID = re.compile(r"[1-9][0-9]{0,9}")


@dataclass
class Element:
    """An element of interest: its local name, its attributes and the bytes from its `<` to behind its `>`."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int = 0
    inner: int = 0  # where its content begins to end: the place of its closing tag
    within: list[Element] = field(default_factory=list)
    text: str = ""
    empty: bool = True


def parser_of(xml: bytes) -> expat.XMLParserType:
    """Of a part in UTF-8 that declares nothing. Raises WrongFile, also while it parses."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4]:
        raise WrongFile("工作簿内部不是 UTF-8 编码。")
    parser = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise WrongFile("工作簿内部含有不允许的声明。")

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            raise WrongFile("工作簿内部不是 UTF-8 编码。")

    parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = refuse, declared
    return parser


def scan(xml: bytes, wanted: frozenset[str]) -> list[Element]:
    """The outermost elements of these names, each with the wanted ones inside it."""
    found: list[Element] = []
    open_: list[Element | None] = []
    around: list[Element] = []  # those of them that are wanted
    parser = parser_of(xml)

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) == MOST_DEPTH:
            raise WrongFile("工作簿内部嵌套过深。")
        if around:
            around[-1].empty = False
        local = name.rpartition(":")[2]
        open_.append(Element(local, attributes, parser.CurrentByteIndex) if local in wanted else None)
        if element := open_[-1]:
            around.append(element)

    def end(name: str) -> None:
        element = open_.pop()
        if element is None:
            return
        around.pop()
        at = parser.CurrentByteIndex
        closed_at_once = element.empty and xml[at - 2 : at] == b"/>"
        element.inner = at
        element.end = at if closed_at_once else xml.index(b">", at) + 1
        (around[-1].within if around else found).append(element)

    def characters(words: str) -> None:
        if open_ and open_[-1] is not None:
            open_[-1].text += words
            open_[-1].empty = False

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise WrongFile("工作簿内部已损坏。") from None
    return found


# --- the workbook -----------------------------------------------------------------------------------------------------
def parts_of_sheets(book: zipfile.ZipFile) -> dict[str, str]:
    """The names of the sheets, each with that of the part that holds it. Raises WrongFile for sheets that are not told apart."""
    sheets = [each.attributes for each in scan(book.read("xl/workbook.xml"), frozenset({"sheet"}))]
    if not sheets:
        raise WrongFile("工作簿没有工作表。")
    _check_told_apart(sheets)
    links = _targets(book)
    return {each["name"]: _part(book, links.get(_link(each), "")) for each in sheets}


def _check_told_apart(sheets: list[dict[str, str]]) -> None:
    for numbers in ([each.get("name", "").lower() for each in sheets], [each.get("sheetId", "") for each in sheets]):
        if not all(numbers) or len(set(numbers)) < len(numbers):
            raise WrongFile("工作簿内部的工作表名称或编号有误。")
    if not all(SHEET_ID.fullmatch(each["sheetId"]) for each in sheets):
        raise WrongFile("工作簿内部的工作表编号有误。")


def _link(sheet: dict[str, str]) -> str:
    return next((value for name, value in sheet.items() if name.endswith(":id")), "")


def _targets(book: zipfile.ZipFile) -> dict[str, str]:
    if LINKS not in book.NameToInfo:
        raise WrongFile("工作簿不完整。")
    links = scan(book.read(LINKS), frozenset({"Relationship"}))
    return {each.attributes.get("Id", ""): each.attributes.get("Target", "") for each in links}


def _part(book: zipfile.ZipFile, target: str) -> str:
    """As the reader goes there: from the root, or from the workbook's folder; capitals and small letters are one."""
    wanted = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
    found = next((name for name in book.namelist() if name.lower() == wanted.lower()), None)
    if not target or found is None or found == "xl/workbook.xml":
        raise WrongFile("工作簿内部的工作表编号有误。")
    return found


def without(xml: bytes, names: frozenset[str], is_so: Callable[[dict[str, str]], bool]) -> bytes:
    """The same without the elements of these names whose attributes are so."""
    for each in reversed(scan(xml, names)):
        if is_so(each.attributes):
            xml = xml[: each.start] + xml[each.end :]
    return xml


def is_calc_chain(attributes: dict[str, str]) -> bool:
    """The order of calculation: programs make it anew, and complain of one that names cells that hold no formula any more."""
    return any(value.endswith(CALC_CHAIN) for value in attributes.values())


# --- the sheet --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A row of the sheet: its number, its bytes, the style of each of its cells, whether any holds something."""

    number: int
    start: int
    end: int
    attributes: dict[str, str]
    styles: dict[str, str]
    filled: bool
    formulas: bool


@dataclass
class SheetPart:
    xml: bytes
    prefix: str  # of the names of its elements, as some programs write them: `x:`
    data: Element
    lines: list[Line]
    merges: Element | None

    @classmethod
    def of(cls, xml: bytes) -> SheetPart:
        found = scan(xml, frozenset({"sheetData", "row", "c", "f", "v", "is", "mergeCells", "mergeCell"}))
        data = next((each for each in found if each.name == "sheetData"), None)
        if data is None:
            raise WrongFile("这个工作表不能填写。")
        prefix = xml[data.start + 1 : xml.index(b"sheetData", data.start)].decode()
        merges = next((each for each in found if each.name == "mergeCells"), None)
        return cls(xml, prefix, data, list(_lines(data)), merges)


def _lines(data: Element) -> Iterator[Line]:
    number = 0
    for row in data.within:
        number = int(row.attributes.get("r", number + 1))
        cells = [each for each in row.within if each.name == "c"]
        inside = {each.name for cell in cells for each in cell.within}
        styles = {
            found[1]: cell.attributes["s"]
            for cell in cells
            if "s" in cell.attributes and (found := LETTERS.fullmatch(cell.attributes.get("r", "")))
        }
        yield Line(number, row.start, row.end, row.attributes, styles, bool(inside & {"v", "is", "f"}), "f" in inside)


def letters_of(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def moved(xml: str, by: int, prefix: str) -> str:
    """The text of rows, all their numbers greater by `by`."""

    def shift(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + by}{found[3]}"

    xml = re.sub(rf'(<{prefix}row\b[^>]*?\br=")([0-9]+)(")', shift, xml)
    return re.sub(rf'(<{prefix}c\b[^>]*?\br="[A-Z]{{1,3}})([0-9]+)(")', shift, xml)
