"""台账页 Each ledger is a list with its own filters and a workbook of the same rows; each opens to whom the API's door opens."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest

from console.books import BOOKS, ON_THE_PAGE
from hazards.states import State
from ledgers.books import LEDGERS
from safety_api.permissions import MAY
from safety_api.sheets import XLSX
from tests.cast.hazards import a_hazard_in
from tests.cast.units import mine
from tests.cast.workbooks import opened
from tests.console.test_lists import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", BOOKS)
def test_a_ledger_opens_with_every_filter_it_offers(path, seat, people):
    listing = BOOKS[path]
    answer = seat("bureau").get(f"/{path}?all=")
    filters = [each.name for each in (*listing.filters, *listing.more)]
    assert (answer.status_code, [name for name in filters if f'name="{name}"' in answer.content.decode()]) == (200, filters)
    assert all(each.label for each in (*listing.filters, *listing.more))


def test_a_page_shows_columns_of_its_ledger_alone_and_every_ledger_has_a_page():
    assert ON_THE_PAGE.keys() == LEDGERS.keys()
    for name, (shown, first, _) in ON_THE_PAGE.items():
        assert {*shown, *([first] if first else [])} <= {each.name for each in LEDGERS[name].columns}, name


@pytest.mark.parametrize("name", ["bureau", "department", "township", "leader", "principal", "auditor", "village"])
def test_those_ledgers_are_offered_whose_doors_open(name, seat, people):
    page = seat(name).get("/ledgers")
    expected = {f"/{path}" for path, each in BOOKS.items() if people[name].role in MAY[each.route]}
    assert (page.status_code == 200) == (people[name].role in MAY["ledger_rectification.list"])
    if page.status_code == 200:
        assert set(re.findall(r'class="link" href="(/ledgers/[a-z-]+)"', page.content.decode())) == expected
    for path, each in BOOKS.items():
        assert (seat(name).get(f"/{path}").status_code == 200) == (people[name].role in MAY[each.route]), path


def test_the_workbook_holds_the_rows_of_the_page(seat, people):
    unit = mine()
    for level in ("major", "general"):
        a_hazard_in(State.ORDERED, unit, uuid4(), photo=None, level=level, description=f"隐患 {level}")
    client = seat("bureau")
    page = client.get("/ledgers/rectification?level=major&sort=").headers.get("Location", "")
    page = client.get(f"/ledgers/rectification{page.partition('rectification')[2]}")
    assert "隐患 major" in words(page) and "隐患 general" not in words(page) and "1 条" in words(page)
    book = client.get(unescape(re.search(r'href="(/api/v1/ledgers/[^"]+)">Excel 工作簿', page.content.decode())[1]))
    assert (book.status_code, book["Content-Type"]) == (200, XLSX)
    sheets = opened(book)
    said = str([sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names])
    assert "隐患 major" in said and "隐患 general" not in said


def test_a_ledger_shows_nothing_of_another_jurisdiction(seat, people):
    a_hazard_in(State.ORDERED, mine(), photo=None, description="只在蔚汾镇")
    found = {name: "只在蔚汾镇" in words(seat(name).get("/ledgers/rectification")) for name in ("bureau", "township", "principal")}
    assert found == {"bureau": True, "township": True, "principal": True}
    people["township"].region = "141123101000"
    people["township"].save(update_fields=["region"])
    assert "只在蔚汾镇" not in words(seat("township").get("/ledgers/rectification"))
