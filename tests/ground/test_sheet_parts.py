"""A foreign sheet by the places of its bytes: however its writer put it, only the rows change."""

import pytest

from readers import WrongFile
from readers.sheet_parts import SheetPart, is_calc_chain, moved, scan, without

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    "xml, starts, ends",
    [
        (b"<a><row/></a>", 3, 9),
        (b'<a><row r="1"></row></a>', 3, 20),
        (b"<a><row><c/></row></a>", 3, 18),
        (b"<a><row/><b/></a>", 3, 9),
        ("<a>煤<row>矿</row></a>".encode(), 6, 20),
        (b'<a><x:row xmlns:x="u"><c/></x:row></a>', 3, 34),
    ],
)
def test_an_element_is_found_from_its_first_byte_to_its_last(xml, starts, ends):
    [found] = scan(xml, frozenset({"row"}))
    assert (found.start, found.end) == (starts, ends)


@pytest.mark.parametrize(
    "xml",
    [b"<a><row></a>", b"\xff\xfe<\x00a\x00/\x00>\x00", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"", b"not xml"],
)
def test_malformed_xml_or_xml_with_entities_is_refused(xml):
    with pytest.raises(WrongFile):
        scan(xml, frozenset({"row"}))


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize(
    "data",
    [
        "<{0}sheetData/>",
        "<{0}sheetData></{0}sheetData>",
        '<{0}sheetData><{0}row r="4"><{0}c r="B4" s="3"/></{0}row></{0}sheetData>',
    ],
)
def test_a_sheet_is_read_with_or_without_rows_and_prefixes(prefix, data):
    declared = NS.replace("xmlns=", "xmlns:x=") if prefix else NS
    xml = f"<{prefix}worksheet {declared}>{data.format(prefix)}</{prefix}worksheet>".encode()
    part = SheetPart.of(xml)
    assert part.prefix == prefix and part.xml[part.data.start : part.data.end].decode() == data.format(prefix)
    assert [(line.number, line.styles, line.filled) for line in part.lines] in ([], [(4, {"B": "3"}, False)])


def test_moving_a_row_updates_row_and_cell_references():
    assert moved('<row r="9" s="9"><c r="AB9" s="9"/></row>', 11, "") == '<row r="20" s="9"><c r="AB20" s="9"/></row>'


def test_the_calculation_chain_is_removed_from_the_workbook():
    xml = b'<Types><Override PartName="/xl/calcChain.xml" ContentType="c"/><Override PartName="/xl/a.xml"/></Types>'
    assert without(xml, frozenset({"Override"}), is_calc_chain) == b'<Types><Override PartName="/xl/a.xml"/></Types>'
