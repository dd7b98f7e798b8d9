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

from safety_api.sheets import WrongFile

LETTERS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
CALC_CHAIN = "calcChain.xml"


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


def scan(xml: bytes, wanted: frozenset[str]) -> list[Element]:
    """The outermost elements of these names, each with the wanted ones inside it."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise WrongFile("工作簿内部不是 UTF-8 编码。")
    found: list[Element] = []
    open_: list[Element | None] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        for outer in reversed(open_):
            if outer is not None:
                outer.empty = False
                break
        local = name.rpartition(":")[2]
        open_.append(Element(local, attributes, parser.CurrentByteIndex) if local in wanted else None)

    def end(name: str) -> None:
        element = open_.pop()
        if element is None:
            return
        at = parser.CurrentByteIndex
        closed_at_once = element.empty and xml[at - 2 : at] == b"/>"
        element.inner = at
        element.end = at if closed_at_once else xml.index(b">", at) + 1
        outer = next((each for each in reversed(open_) if each is not None), None)
        (outer.within if outer else found).append(element)

    def characters(words: str) -> None:
        if open_ and open_[-1] is not None:
            open_[-1].text += words
            open_[-1].empty = False

    def refuse(*_: Any) -> None:
        raise WrongFile("工作簿内部含有不允许的声明。")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise WrongFile("工作簿内部已损坏。") from None
    return found


# --- the workbook -----------------------------------------------------------------------------------------------------
def part_of(book: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds a sheet."""
    wanted = next(
        (
            each
            for each in scan(book.read("xl/workbook.xml"), frozenset({"sheet"}))
            if each.attributes.get("name") == sheet
        ),
        None,
    )
    if wanted is None:
        raise WrongFile(f"没有工作表 {sheet}。")
    key = next(value for name, value in wanted.attributes.items() if name.endswith(":id"))
    links = scan(book.read("xl/_rels/workbook.xml.rels"), frozenset({"Relationship"}))
    target = next((each.attributes["Target"] for each in links if each.attributes.get("Id") == key), "")
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if name not in book.namelist():
        raise WrongFile(f"工作表 {sheet} 不完整。")
    return name


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
        opening = xml[data.start : data.start + 40].decode("utf-8", "ignore")
        prefix = opening[1 : opening.index("sheetData")]
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
