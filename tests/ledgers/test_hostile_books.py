"""Workbooks that are meant to do harm: refused with a word at every door that takes one, also where they were kept before."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from ledgers.models import Import, ReportTemplate
from safety_api import apart, outbox, sheets
from safety_api.models import OutboxMessage
from tests.cast.hostile import BOOKS, BY_A_LIMIT, CELL, LINK, MAIN, ONE_ROW, RELATIONS, book, sheet_of, workbook
from tests.cast.workbooks import API, post_book

pytestmark = pytest.mark.django_db
TEMPLATES = "/report-templates?name=市局上报表&ledger=rectification"
MAPPING = {"sheet": "S", "heading_row": 1, "first_row": 2, "columns": {"1": "unit"}, "words": {}}


def kept_before(by, content: bytes) -> str:
    """As it stands in the table of a house that took it when less was looked at."""
    row = ReportTemplate.objects.create(
        name="旧模板", ledger="rectification", file=content, sha256="0" * 64, sheet="S", heading_row=1, first_row=2, columns={"1": "unit"},
        by_id=by.pk, by_name=by.name, region=by.region,
    )  # fmt: skip
    return str(row.pk)


def answers(client, by, content: bytes) -> set[tuple[int, str]]:
    """What each door says."""
    key = kept_before(by, content)
    return {
        (answer.status_code, answer.json()["code"])
        for answer in (
            post_book(client, "/imports/enterprises", content),
            post_book(client, TEMPLATES, content),
            client.put(f"{API}/report-templates/{key}/mapping", MAPPING, format="json"),
            client.get(f"{API}/report-templates/{key}/filled.xlsx"),
        )
    }


@pytest.mark.parametrize("build", BOOKS.values(), ids=BOOKS)
def test_a_hostile_workbook_is_refused_at_every_door(build, as_, people):
    found = answers(as_("bureau"), people["bureau"], build())
    assert found == {(400, "bad_workbook"), (400, "bad_mapping")}
    assert not Import.objects.exists()


@pytest.mark.parametrize("build, by", BY_A_LIMIT.values(), ids=BY_A_LIMIT)
def test_a_workbook_that_takes_too_much_is_refused_by_the_limit_it_met(build, by, db, monkeypatch):
    met = []
    monkeypatch.setattr(
        sheets, "HEAVY", type("Heard", (dict,), {"__getitem__": lambda self, key: met.append(key) or key})()
    )
    with pytest.raises(sheets.WrongFile) as refused:
        sheets.lines_of(build(), 0, replace(sheets.LIST, cpu=2 if by == "cpu" else sheets.LIST.cpu))
    assert refused.value.too_heavy and met == [by]


def test_a_workbook_that_takes_too_much_has_its_own_word_at_the_door(as_, monkeypatch):
    monkeypatch.setattr(sheets, "DOOR", replace(sheets.DOOR, seconds=1e-6))
    answer = post_book(as_("bureau"), "/imports/enterprises", book())
    assert (answer.status_code, answer.json()["code"]) == (422, "file_too_heavy")
    assert "超出限制" in answer.json()["detail"]


def test_a_list_that_ends_its_reader_in_the_worker_is_refused_once(as_, people):
    by = people["bureau"]
    row = Import.objects.create(
        kind="enterprises", dry_run=False, parameters={}, file=BY_A_LIMIT["a text of 32 KB in 400,000 cells"][0](), size=1,
        sha256="0" * 64, by_id=by.pk, by_name=by.name, region=by.region,
    )  # fmt: skip
    outbox.send("ledgers.import_received", {"import": str(row.pk)})
    outbox.drain()
    row.refresh_from_db()
    assert (row.state, bytes(row.file or b"")) == ("refused", b"") and "内存超出限制" in row.fault
    assert not OutboxMessage.objects.exists()


def test_a_second_file_at_once_is_busy_and_told_when_to_come_again(as_, monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 0)
    with apart._alone():
        answer = post_book(as_("bureau"), "/imports/enterprises", book())
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "readers_busy", "10")
    assert post_book(as_("bureau"), "/imports/enterprises", book()).status_code == 202


# --- as honest programs write them ------------------------------------------------------------------------------------
FAR_AND_EMPTY = (
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576"><v></v></c></row>'
)
HONEST = {
    "plain": book(),
    "single quotes": book("<row r='1'><c r='A1'><v>1</v></c></row>"),
    "a prefix": book(sheet=f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'),
    "no numbers": book("<row><c><v>1</v></c></row>"),
    "numbers of cells alone": book(f"<row>{CELL}</row>"),
    "empty cells far away": book(FAR_AND_EMPTY),
    "a target from the root": book(links=LINK.replace("worksheets/", "/xl/worksheets/")),
    "capital letters in the name of its part": book(part="xl/worksheets/Sheet1.xml"),
    "a mark before its UTF-8": book(sheet=b"\xef\xbb\xbf" + sheet_of(ONE_ROW).encode()),
    "folders as entries": book(more=[("xl/media/", b"")]),
    "a second sheet": book(
        of=workbook('<sheet name="S" sheetId="7" r:id="rId1"/><sheet name="T" sheetId="3" r:id="rId2"/>'),
        links=LINK + f'<Relationship Id="rId2" Type="{RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/>',
        more=[("xl/worksheets/sheet2.xml", sheet_of(""))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", HONEST.values(), ids=HONEST)
def test_a_workbook_in_the_spelling_of_another_program_is_read(content, db):
    sheets.check_workbook(content)
    assert sheets.lines_of(content, 0) == [[1]]


def test_a_filled_template_hands_on_nothing_but_names_and_contents(as_, people):
    entry = zipfile.ZipInfo("xl/media/image1.png", (2026, 1, 1, 0, 0, 0))
    entry.comment, entry.extra, entry.external_attr = b"mine", b"\x99\x99\x04\x00abcd", 0o755 << 16
    key = kept_before(people["bureau"], book(more=[(entry, b"x")]))
    answer = as_("bureau").get(f"{API}/report-templates/{key}/filled.xlsx")
    assert answer.status_code == 200, answer.content
    [made] = [
        each
        for each in zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))).infolist()
        if "media" in each.filename
    ]
    assert (made.filename, made.comment, made.extra, made.external_attr >> 16 & 0o111) == (
        "xl/media/image1.png",
        b"",
        b"",
        0,
    )
