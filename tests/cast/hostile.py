"""Files that are meant to do harm, built here and harmless on disk: each a few KB until somebody opens it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from zlib import compress, crc32

from PIL import Image

from tests.cast.pictures import saved

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NS = f'xmlns="{MAIN}"'
CELL = '<c r="A1"><v>1</v></c>'
ONE_ROW = f'<row r="1">{CELL}</row>'
LINK = f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TO_THE_BOOK = f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
OF_A_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{OF_A_BOOK}"/></Types>'
)
Entry = tuple[str | zipfile.ZipInfo, str | bytes]


def workbook(sheet: str = '<sheet name="S" sheetId="1" r:id="rId1"/>') -> str:
    return f'<workbook {NS} xmlns:r="{RELATIONS}"><sheets>{sheet}</sheets></workbook>'


def relations(links: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def sheet_of(data: str, around: str = "") -> str:
    return f"<worksheet {NS}>{around}<sheetData>{data}</sheetData></worksheet>"


def book(
    data: str = ONE_ROW, *, sheet: str | bytes | None = None, of: str | None = None, links: str = LINK, more: Iterable[Entry] = (),
    part: str = "xl/worksheets/sheet1.xml",
) -> bytes:  # fmt: skip
    """A workbook of one sheet, as little as a reader asks for."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", relations(TO_THE_BOOK))
        parts.writestr("xl/workbook.xml", of or workbook())
        parts.writestr("xl/_rels/workbook.xml.rels", relations(links))
        parts.writestr(part, sheet if sheet is not None else sheet_of(data))
        for name, content in more:
            parts.writestr(name, content)
    return buffer.getvalue()


def link_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


def locked() -> bytes:
    """As a zip with a password says it: a bit of its flags."""
    content = bytearray(book())
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = -1
        while (place := content.find(sign, place + 1)) >= 0:
            content[place + at] |= 1
    return bytes(content)


def prefixed(far: str) -> str:
    cell = f'<x:c r="{far}"><x:v>1</x:v></x:c>'
    return f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="{far.lstrip("ABCDEFX")}">{cell}</x:row></x:sheetData></x:worksheet>'


def deep(levels: int = 100_000) -> str:
    return sheet_of(ONE_ROW, "<a>" * levels + "</a>" * levels)


def one_long_text(cells: int = 400_000) -> bytes:
    """A text of 32 KB that each of the cells repeats by its number: 13 GB when they are built."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * 50 + "</row>"
    texts = f'<sst {NS} count="1" uniqueCount="1"><si><t>{"煤" * 32_000}</t></si></sst>'
    shared = f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    return book(row * (cells // 50), links=LINK + shared, more=[("xl/sharedStrings.xml", texts)])


ODD_ROWS = ("abc", "99999999999", "-1", "0", "1048577", "1.5", "１", "", " 1", "+1")
BOOKS: dict[str, Callable[[], bytes]] = {
    "a cell far away": partial(book, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "the same in single quotes": partial(book, "<row r='1048576'><c r='C1048576'><v>1</v></c></row>"),
    "the same under a prefix": lambda: book(sheet=prefixed("C900000")),
    "the same in small letters": partial(book, '<row r="900000"><c r="c900000"><v>1</v></c></row>'),
    "the same by an entity": partial(book, '<row r="9&#48;0000"><c r="C9&#48;0000"><v>1</v></c></row>'),
    "the same in a part of another name": lambda: book(
        '<row r="900000"><c r="C900000"><v>1</v></c></row>', part="xl/data.bin", links=LINK.replace("worksheets/sheet1.xml", "data.bin")
    ),
    "rows that say no number, too many": lambda: book("<row><c><v>1</v></c></row>" * 50_003),
    "cells that say no place, too many": lambda: book("<row>" + "<c><v>1</v></c>" * 101 + "</row>"),
    "a cell of another row": partial(book, '<row r="1"><c r="A40000"><v>1</v></c></row>'),
    **{f"row number {each!r}": partial(book, f'<row r="{each}"><c><v>1</v></c></row>') for each in ODD_ROWS},
    "a cell's place that is none": partial(book, '<row r="1"><c r="abc"><v>1</v></c></row>'),
    "a cell's place of eleven digits": partial(book, '<row r="1"><c r="A99999999999"><v>1</v></c></row>'),
    "row numbers that fall": partial(book, '<row r="5"/><row r="2"/>'),
    "a row twice": partial(book, '<row r="5"/><row r="5"/>'),
    "nested 100,000 deep": lambda: book(sheet=deep()),
    "nested 100,000 deep in its list of sheets": lambda: book(of=workbook("<a>" * 100_000 + "</a>" * 100_000)),
    "a document type": lambda: book(sheet=f'<!DOCTYPE a [<!ENTITY b "c">]>{sheet_of(ONE_ROW)}'),
    "entities of entities": lambda: book(
        sheet='<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + f"]>{sheet_of(ONE_ROW)}"
    ),
    "UTF-16": lambda: book(sheet=f'<?xml version="1.0" encoding="UTF-16"?>{sheet_of(ONE_ROW)}'.encode("utf-16")),
    "UTF-16 without its mark": lambda: book(sheet=sheet_of(ONE_ROW).encode("utf-16-le")),
    "another encoding": lambda: book(sheet=f'<?xml version="1.0" encoding="ISO-8859-1"?>{sheet_of(ONE_ROW)}'),
    "a sheet without a link": lambda: book(of=workbook('<sheet name="S" sheetId="1"/>')),
    "a sheet that links nowhere": lambda: book(of=workbook('<sheet name="S" sheetId="1" r:id="rId9"/>')),
    "a sheet whose link has no target": lambda: book(links=f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet"/>'),
    "a sheet whose link leads upward": lambda: book(links=LINK.replace("worksheets", "../../etc")),
    "a sheet without a name": lambda: book(of=workbook('<sheet sheetId="1" r:id="rId1"/>')),
    **{f"sheet number {each!r}": lambda each=each: book(of=workbook(f'<sheet name="S" sheetId="{each}" r:id="rId1"/>')) for each in ("abc", "", "-1", "9" * 40)},
    "two sheets of one number": lambda: book(of=workbook('<sheet name="S" sheetId="1" r:id="rId1"/><sheet name="T" sheetId="1" r:id="rId1"/>')),
    "two sheets of one name": lambda: book(of=workbook('<sheet name="S" sheetId="1" r:id="rId1"/><sheet name="S" sheetId="2" r:id="rId1"/>')),
    "no sheet": lambda: book(of=workbook("")),
    "tags that cross": partial(book, '<row r="1"><c r="A1"><v>1</c></v></row>'),
    "a sheet that breaks off": lambda: book(sheet=sheet_of(ONE_ROW)[:-20]),
    "an entry upward": lambda: book(more=[("../../etc/cron.d/x", b"x")]),
    "an entry upward in its middle": lambda: book(more=[("xl/../../x", b"x")]),
    "an entry from the root": lambda: book(more=[("/etc/passwd", b"x")]),
    "an entry with backslashes": lambda: book(more=[("..\\..\\x.bat", b"x")]),
    "an entry of a drive": lambda: book(more=[("C:x.bat", b"x")]),
    "an entry that is a link": lambda: book(more=[(link_entry("xl/media/a"), b"/etc/passwd")]),
    "an entry twice": lambda: book(more=[("XL/Worksheets/sheet1.xml", sheet_of(ONE_ROW))]),
    "2,001 entries": lambda: book(more=[(f"xl/media/{number}", b"") for number in range(2001)]),
    "101 MB of spaces": lambda: book(more=[("xl/x.xml", b" " * (101 * 1024 * 1024))]),
    "a password": locked,
    "an xlsb within": lambda: book(more=[("xl/workbook.bin", b"x")]),
    "an ods within": lambda: book(more=[("content.xml", b"<x/>")]),
}  # fmt: skip


def many_elements() -> bytes:
    return book(sheet=sheet_of(ONE_ROW, "<a/>" * 24_000_000))


BY_A_LIMIT = {
    "a text of 32 KB in 400,000 cells": (one_long_text, "memory"),
    "24 million elements": (many_elements, "cpu"),
}


# --- pictures --------------------------------------------------------------------------------------------------------------
def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc32(name + content))


def png_with(*chunks: bytes) -> bytes:
    whole = saved(form="PNG")
    return whole[:33] + b"".join(chunks) + whole[33:]


def text_bomb() -> bytes:
    """A hundred texts that unpack to 1 MB each."""
    packed = compress(b" " * 1024 * 1024)
    return png_with(*(_chunk(b"zTXt", b"k%d\0\0" % number + packed) for number in range(100)))


def profile_bomb() -> bytes:
    return png_with(_chunk(b"iCCP", b"p\0\0" + compress(bytes(200 * 1024 * 1024))))


def many_scans(scans: int = 4000, side: int = 8000) -> bytes:
    """A progressive JPEG whose last scan stands thousands of times: each is one more walk through all of its blocks."""
    whole = saved(Image.new("RGB", (side, side), (90, 120, 60)), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


PICTURES: dict[str, Callable[[], bytes]] = {
    "169 megapixels": lambda: saved(Image.new("1", (13_000, 13_000)), "PNG"),
    "a hundred texts of 1 MB": text_bomb,
    "a profile of 200 MB": profile_bomb,
}
SLOW_PICTURES = {"a JPEG of 4,000 scans": many_scans}
