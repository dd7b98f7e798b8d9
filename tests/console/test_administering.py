"""管理页 Trail, seals, the worker's messages and lists that come in: each to whom the API's door opens, and as the API tells it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from console.administering import PAGES
from enterprises.models import Enterprise
from ledgers.models import Import
from safety_api import outbox
from safety_api.models import OutboxMessage
from safety_api.permissions import MAY
from safety_api.sheets import XLSX
from safety_api.trail import record
from tests.cast.units import CODE, mine
from tests.cast.workbooks import listing
from tests.console.test_lists import words

pytestmark = pytest.mark.django_db
GOOD = {
    "单位名称": "兴县甲煤业有限公司", "统一社会信用代码": CODE, "单位类型": "企业", "主要行业": "煤矿", "区划代码": "141123100200",
}  # fmt: skip


def sent(client, *rows: dict, dry_run: str = "false", kind: str = "enterprises"):
    file = SimpleUploadedFile("名册.xlsx", listing(*rows), content_type=XLSX)
    return client.post("/imports/new", {"kind": kind, "dry_run": dry_run, "file": file})


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_to_whom_its_door_opens_with_its_filters(path, seat, people):
    one = PAGES[path]
    for name in ("sysadmin", "secadmin", "auditor", "bureau", "township", "leader"):
        page = seat(name).get(f"/{path}?all=")
        assert (page.status_code == 200) == (people[name].role in MAY[one.route]), (path, name)
        if page.status_code == 200:
            assert all(f'name="{each.name}"' in page.content.decode() for each in one.filters)


def test_the_trail_tells_who_did_what_and_its_seals_are_checked(seat, people):
    record(people["bureau"], "unit.edit", mine(name="蔚汾示例煤业"), before="旧名")
    said = words(seat("auditor").get("/trail?verb=unit.edit"))
    assert "郑应" in said and "旧名" in said
    assert "没有一行被改动" in words(seat("auditor").get("/trail/verify"))
    assert {seat(name).get("/trail/verify").status_code for name in ("sysadmin", "bureau")} == {403}


def test_a_parked_message_is_shown_with_the_last_line_of_its_reason(seat, people):
    OutboxMessage.objects.all().delete()
    outbox.send("words.fill", {"kind": "hazard", "after": ""})
    OutboxMessage.objects.update(attempts=9, parked_at=OutboxMessage.objects.get().created_at, error="Traceback\n张三 13800000000\nKeyError: x")
    said = words(seat("sysadmin").get("/outbox"))
    assert "已搁置" in said and "KeyError: x" in said and "13800000000" not in said


def test_a_list_is_checked_first_and_then_taken_in(seat, people):
    bureau = seat("bureau")
    for dry_run, units in (("true", 0), ("false", 1)):
        answer = sent(bureau, GOOD, dry_run=dry_run)
        assert answer.status_code == 303, words(answer)[:400]
        waiting = bureau.get(answer["Location"])
        assert '<meta http-equiv="refresh" content="3">' in waiting.content.decode() and "正在处理" in words(waiting)
        assert outbox.drain() >= 1
        done = bureau.get(answer["Location"])
        assert "refresh" not in done.content.decode() and "没有发现问题" in words(done)
        assert Enterprise.objects.count() == units
    assert "已录入" in words(bureau.get("/imports")) and "只检查" in words(bureau.get("/imports"))


def test_what_is_wrong_is_told_by_row_and_nothing_is_taken_in(seat, people):
    bureau = seat("bureau")
    answer = sent(bureau, GOOD, GOOD | {"统一社会信用代码": "123"})
    assert outbox.drain() >= 1
    page = bureau.get(answer["Location"])
    row = Import.objects.get()
    assert (row.state, Enterprise.objects.count()) == ("refused", 0)
    assert "统一社会信用代码" in words(page) and f"/api/v1/imports/{row.pk}/report.xlsx" in page.content.decode()


@pytest.mark.parametrize(("name", "kind", "content", "status"), [
    ("bureau", "enterprises", b"hello", 400), ("bureau", "unknown", b"", 404), ("leader", "enterprises", b"", 403), ("bureau", "", b"", 404),
])  # fmt: skip
def test_what_is_no_list_or_not_ones_own_to_send_is_refused_in_words(name, kind, content, status, seat, people):
    file = SimpleUploadedFile("名册.xlsx", content or b"x", content_type=XLSX)
    page = seat(name).post("/imports/new", {"kind": kind, "dry_run": "true", "file": file})
    assert page.status_code == status and not Import.objects.exists()


def test_anothers_import_is_not_shown(seat, people):
    answer = sent(seat("bureau"), GOOD)
    assert seat("township").get(answer["Location"]).status_code == 404
