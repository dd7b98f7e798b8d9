"""Lists over HTTP: received, read by the worker, every faulty cell named, all of it written or nothing."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.core.management import CommandError

from enterprises.models import Condition, Enterprise, Site
from ledgers import importing
from ledgers.models import Import
from reference import law
from reference.models import Document
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.units import CODE, mine
from tests.cast.workbooks import API, cells, listing, opened, post_book
from tests.enterprises.test_imports import run

pytestmark = pytest.mark.django_db
GOOD = {
    "单位名称": "兴县甲煤业有限公司",
    "统一社会信用代码": CODE,
    "单位类型": "企业",
    "主要行业": "煤矿",
    "区划代码": "141123100200",
}
SHOP = {
    "单位名称": "老王超市",
    "无代码原因": "未办执照",
    "单位类型": "个体工商户",
    "主要行业": "消防",
    "乡镇": "蔚汾镇",
    "村（社区）": "东关村",
}
BUS = {
    "类别": "车辆",
    "名称": "晋J12345",
    "所属单位": CODE,
    "行业": "道路运输",
    "区划代码": "141123100200",
    "责任人电话": "13812345678",
}
STALL = {"类别": "九小场所", "名称": "小李面馆", "行业": "消防", "乡镇": "蔚汾镇", "村（社区）": "东关村"}
QUESTION = {"编号": "MK-001", "检查项": "主扇是否双回路供电？", "性质": "疑似重大", "依据": "煤矿安全规程"}
ENERGY = "?sector=coal_mine&department=energy&version=2026-1&effective_from=2026-12-01&source=兴能源发〔2026〕8号"


@pytest.fixture(autouse=True)
def law_cache_cleared():
    law.forget()
    yield
    law.forget()


def send(client, kind: str, raw: bytes, query: str = "", **extra) -> dict:
    answer = post_book(client, f"/imports/{kind}{query}", raw, **extra)
    assert answer.status_code == 202, answer.content
    return answer.json()


def carried_out(client, kind: str, raw: bytes, query: str = "") -> dict:
    """Sent, done by the worker, and what the sender then reads."""
    received = send(client, kind, raw, query)
    assert (received["state"], received["rows_written"]) == ("waiting", 0)
    assert outbox.drain() >= 1
    return client.get(f"{API}/imports/{received['id']}").json()


# --- units ------------------------------------------------------------------------------------------------------------
def test_a_valid_list_is_imported_completely(as_):
    shown = carried_out(as_("bureau"), "enterprises", listing(GOOD, SHOP))
    assert (shown["state"], shown["rows_read"], shown["rows_written"], shown["faults"]) == ("done", 2, 2, [])
    assert shown["progress"] == {"read": 2, "checked": 2, "written": 2}
    assert Enterprise.objects.count() == Condition.objects.count() == 2
    assert {line.verb for line in TrailLine.objects.all()} >= {"import.receive", "import.done", "enterprise.create"}


def test_a_list_with_one_invalid_row_is_not_imported(as_):
    wrong = {**SHOP, "单位类型": "俱乐部", "村（社区）": "不存在村"}
    shown = carried_out(as_("bureau"), "enterprises", listing(GOOD, wrong))
    assert (shown["state"], shown["rows_read"], shown["rows_bad"], shown["rows_written"]) == ("refused", 2, 1, 0)
    assert [(each["row"], each["heading"], each["value"]) for each in shown["faults"]] == [
        (3, "单位类型", "俱乐部"),
        (3, "村（社区）", "不存在村"),
    ]
    assert not Enterprise.objects.exists()
    report = cells(opened(as_("bureau").get(f"{API}/imports/{shown['id']}/report.xlsx")))
    assert report[0] == ["行", "列", "内容", "问题"] and report[1][:3] == ["3", "单位类型", "俱乐部"]


def test_a_dry_run_checks_and_writes_nothing(as_):
    shown = carried_out(as_("bureau"), "enterprises", listing(GOOD, SHOP), "?dry_run=true")
    assert (shown["state"], shown["rows_read"], shown["rows_written"]) == ("checked", 2, 0)
    assert not Enterprise.objects.exists()


def test_the_same_list_imported_twice_is_refused_row_by_row(as_):
    client = as_("bureau")
    carried_out(client, "enterprises", listing(GOOD, SHOP))
    shown = carried_out(client, "enterprises", listing(GOOD, SHOP))
    assert [(each["row"], each["heading"]) for each in shown["faults"]] == [(2, "统一社会信用代码"), (3, "单位名称")]
    assert Enterprise.objects.count() == 2


def test_a_township_cannot_import_units_of_another_township(as_):
    far = {**SHOP, "乡镇": "", "村（社区）": "", "区划代码": "141123101200"}
    shown = carried_out(as_("township"), "enterprises", listing(GOOD, far))
    assert [(each["row"], each["heading"], each["reason"]) for each in shown["faults"]] == [
        (3, "区划代码", "不在您的管辖范围")
    ]
    assert not Enterprise.objects.exists()


def test_a_department_can_import_units_of_its_own_sectors_only(as_):
    shown = carried_out(as_("department"), "enterprises", listing(GOOD, SHOP))
    assert [(each["row"], each["heading"]) for each in shown["faults"]] == [(3, "主要行业")]


def test_a_credit_code_taken_during_the_import_is_reported_and_nothing_stored(as_, monkeypatch):
    monkeypatch.setattr("enterprises.importing._refuse_doubles", lambda rows: mine())  # somebody else is first
    shown = carried_out(as_("bureau"), "enterprises", listing(SHOP, GOOD))
    assert (shown["state"], shown["rows_written"]) == ("refused", 0) and "冲突" in shown["fault"]
    assert not Enterprise.objects.filter(name="老王超市").exists()


def test_an_import_of_a_deactivated_sender_stores_nothing(as_, people):
    received = send(as_("bureau"), "enterprises", listing(GOOD))
    people["bureau"].is_active = False
    people["bureau"].save()
    outbox.drain()
    assert (Import.objects.get(pk=received["id"]).fault, Enterprise.objects.count()) == (importing.LEFT, 0)


def test_a_repeated_message_imports_once(as_):
    received = send(as_("bureau"), "enterprises", listing(GOOD))
    importing.carry_out(UUID(received["id"]))
    assert importing.carry_out(UUID(received["id"])) is None
    assert Enterprise.objects.count() == 1 and bytes(Import.objects.get().file or b"") == b""


def test_a_list_sent_twice_with_one_idempotency_key_is_one_import(as_):
    client, key, raw = as_("bureau"), str(uuid4()), listing(GOOD)
    first, again = (send(client, "enterprises", raw, HTTP_IDEMPOTENCY_KEY=key) for _ in range(2))
    assert first["id"] == again["id"] and OutboxMessage.objects.count() == 1
    other = post_book(client, "/imports/enterprises", listing(SHOP), HTTP_IDEMPOTENCY_KEY=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    "raw, word", [(b"", "没有收到"), (b"hello", "不是 .xlsx"), (b"PK\x03\x04 broken", "不是 .xlsx")]
)
def test_a_file_that_is_no_workbook_is_refused(raw, word, as_):
    answer = post_book(as_("bureau"), "/imports/enterprises", raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_workbook") and word in answer.json()["detail"]
    assert not Import.objects.exists()


def test_a_list_with_wrong_columns_is_refused(as_):
    shown = carried_out(as_("bureau"), "enterprises", listing({"名称": "甲"}))
    assert shown["state"] == "refused" and "缺少列" in shown["fault"]


def test_progress_is_empty_before_the_start_and_without_the_cache(as_):
    received = send(as_("bureau"), "enterprises", listing(GOOD))
    assert as_("bureau").get(f"{API}/imports/{received['id']}").json()["progress"] == {}
    outbox.drain()
    cache.delete(f"ledgers-import-{received['id']}")
    assert as_("bureau").get(f"{API}/imports/{received['id']}").json()["rows_written"] == 1


# --- whose -----------------------------------------------------------------------------------------------------------------
def test_an_import_is_visible_to_its_sender_and_the_bureau_only(as_):
    received = send(as_("township"), "enterprises", listing(GOOD))
    address = f"{API}/imports/{received['id']}"
    assert as_("township").get(address).status_code == as_("bureau").get(address).status_code == 200
    assert (
        as_("department").get(address).status_code == as_("department").get(f"{address}/report.xlsx").status_code == 404
    )
    assert [row["id"] for row in as_("township").get(f"{API}/imports?kind=enterprises").json()["results"]] == [
        received["id"]
    ]
    assert as_("department").get(f"{API}/imports").json()["results"] == []


@pytest.mark.parametrize("who", ["inspector", "leader", "committee", "enterprise", "sysadmin"])
def test_only_registrars_may_import_lists(who, as_):
    assert post_book(as_(who), "/imports/enterprises", listing(GOOD)).status_code == 403


def test_an_unknown_kind_of_import_is_not_found(as_):
    client = as_("bureau")
    assert post_book(client, "/imports/wishes", listing(GOOD)).status_code == 404
    assert client.get(f"{API}/imports/templates/wishes.xlsx").status_code == 404


@pytest.mark.parametrize("kind, heading", [("enterprises", "单位名称*"), ("sites", "类别*"), ("checklists", "编号*")])
def test_the_template_of_each_kind_of_import_can_be_downloaded(kind, heading, as_):
    page = cells(opened(as_("township").get(f"{API}/imports/templates/{kind}.xlsx")))
    assert page[0][0] == heading and len(page) == 2


# --- sites -------------------------------------------------------------------------------------------------------------------
def test_vehicles_and_small_places_can_be_imported(as_):
    mine()
    shown = carried_out(as_("bureau"), "sites", listing(BUS, STALL))
    assert (shown["state"], shown["rows_written"]) == ("done", 2), shown
    assert set(Site.objects.values_list("kind", "name", "enterprise__credit_code")) == {
        ("vehicle", "晋J12345", CODE),
        ("small", "小李面馆", None),
    }


@pytest.mark.parametrize(
    "change, heading, reason",
    [
        ({"类别": "飞船"}, "类别", "应为"),
        ({"名称": ""}, "名称", "必填"),
        ({"所属单位": "不存在公司"}, "所属单位", "没有这家单位"),
        ({"行业": "魔法"}, "行业", "没有这个行业领域"),
        ({"区划代码": "141123999999"}, "区划代码", "没有这个行政区划"),
        ({"责任人电话": "12"}, "责任人电话", "手机号码"),
        ({"停用日期": "2999-01-01"}, "停用日期", "不能晚于今天"),
        ({"场所类型": "城堡"}, "场所类型", "没有这种场所类型"),
        ({"经度": "111.1"}, "坐标系", "一并填写"),
    ],
)
def test_an_invalid_site_is_reported_at_its_cell_and_nothing_is_stored(change, heading, reason, as_):
    mine()
    shown = carried_out(as_("bureau"), "sites", listing(STALL, {**BUS, **change}))
    assert [(each["row"], each["heading"]) for each in shown["faults"]] == [(3, heading)] and reason in shown["faults"][
        0
    ]["reason"]
    assert not Site.objects.exists()


def test_a_vehicle_listed_twice_is_refused_even_in_another_township(as_):
    moved = {**BUS, "所属单位": "", "区划代码": "141123101200"}
    shown = carried_out(
        as_("bureau"), "sites", listing({**BUS, "所属单位": ""}, moved, STALL, {**STALL, "村（社区）": "西关村委会"})
    )
    assert [(each["row"], each["heading"]) for each in shown["faults"]][:1] == [(3, "名称")]


# --- a department's own checklist ------------------------------------------------------------------------------------------------
def test_an_imported_checklist_is_a_dated_document_served_to_phones(as_):
    client = as_("bureau")
    shown = carried_out(
        client, "checklists", listing(QUESTION, {"编号": "MK-002", "检查项": "安全监控是否联网？"}), ENERGY
    )
    assert (shown["state"], shown["rows_written"]) == ("done", 2), shown
    law.forget()
    on = f"{API}/checklists?sector=coal_mine&on=2026-12-01"
    ordinary = as_("inspector").get(on).json()
    [other] = ordinary["others"]
    assert (ordinary["code"], other["department"], other["version"]) == ("coal_mine", "energy", "2026-1")
    own = as_("inspector").get(f"{on}&department=energy").json()
    assert (own["code"], own["source"], len(own["items"])) == ("coal_mine.energy", "兴能源发〔2026〕8号", 2)
    assert own["items"][0] == {
        "code": "MK-001",
        "text": "主扇是否双回路供电？",
        "severity_hint": "M",
        "source": "煤矿安全规程",
        "by": None, "criteria": [],
    }
    assert own["items"][1]["severity_hint"] == "G" and own["others"] == []


def test_a_new_checklist_version_ends_the_previous_one_the_day_before(as_):
    client = as_("bureau")
    carried_out(client, "checklists", listing(QUESTION), ENERGY)
    later = ENERGY.replace("2026-1", "2027-1", 1).replace("2026-12-01", "2027-01-01")
    assert (
        carried_out(client, "checklists", listing({**QUESTION, "检查项": "主扇、备扇是否完好？"}), later)["state"]
        == "done"
    )
    rows = (
        Document.objects.filter(code="coal_mine.energy")
        .order_by("effective_from")
        .values_list("version", "effective_to")
    )
    assert list(rows) == [("2026-1", date(2026, 12, 31)), ("2027-1", None)]


@pytest.mark.parametrize(
    "change, word",
    [
        (lambda query: query, "内容不同"),
        (lambda query: query.replace("version=2026-1", "version=2026-2"), "应晚于现行版本"),
    ],
)
def test_a_checklist_version_in_force_cannot_be_rewritten(change, word, as_):
    client = as_("bureau")
    carried_out(client, "checklists", listing(QUESTION), ENERGY)
    shown = carried_out(client, "checklists", listing({**QUESTION, "检查项": "改了"}), change(ENERGY))
    assert shown["state"] == "refused" and word in shown["fault"]
    assert Document.objects.get(code="coal_mine.energy").body["items"][0]["text"] == "主扇是否双回路供电？"


def test_a_checklist_item_code_must_be_unique_in_all_lists(as_):
    rows = [
        QUESTION,
        {**QUESTION, "检查项": "又一条"},
        {"编号": "C09-01", "检查项": "撞号"},
        {"编号": "第一条", "检查项": "汉字编号"},
    ]
    shown = carried_out(as_("bureau"), "checklists", listing(*rows), ENERGY)
    assert [(each["row"], each["heading"]) for each in shown["faults"]] == [(3, "编号"), (4, "编号"), (5, "编号")]
    assert "煤矿安全检查表" in shown["faults"][1]["reason"]
    assert not Document.objects.filter(code="coal_mine.energy").exists()


def test_a_dry_run_of_a_checklist_publishes_nothing(as_):
    shown = carried_out(as_("bureau"), "checklists", listing(QUESTION), ENERGY + "&dry_run=true")
    assert shown["state"] == "checked" and not Document.objects.filter(code="coal_mine.energy").exists()


def test_a_department_imports_only_its_own_checklists_and_a_township_none(as_, people):
    people["department"].department_id = "emergency"
    people["department"].save()
    assert post_book(as_("department"), f"/imports/checklists{ENERGY}", listing(QUESTION)).status_code == 403
    assert post_book(as_("township"), f"/imports/checklists{ENERGY}", listing(QUESTION)).status_code == 403
    own = ENERGY.replace("energy", "emergency")
    assert carried_out(as_("department"), "checklists", listing(QUESTION), own)["state"] == "done"
    other_sector = own.replace("coal_mine", "fire_safety")
    assert post_book(as_("department"), f"/imports/checklists{other_sector}", listing(QUESTION)).status_code == 403


def test_a_checklist_import_needs_department_version_date_and_source(as_):
    answer = post_book(as_("bureau"), "/imports/checklists?sector=coal_mine", listing(QUESTION))
    assert answer.status_code == 400
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/department",
        "/version",
        "/effective_from",
        "/source",
    }


# --- the same by command -----------------------------------------------------------------------------------------------------
def test_commands_import_sites_and_checklists(tmp_path):
    sites, questions = tmp_path / "sites.xlsx", tmp_path / "questions.xlsx"
    sites.write_bytes(listing(STALL))
    questions.write_bytes(listing(QUESTION))
    assert "录入 1 行" in run("import_sites", sites)
    said = {
        "sector": "coal_mine",
        "department": "energy",
        "list_version": "2026-1",
        "effective_from": date(2026, 12, 1),
        "source": "兴能源发8号",
    }
    assert "录入 1 行" in run("import_checklist", questions, **said)
    with pytest.raises(CommandError):
        run("import_checklist", questions, **{**said, "department": "magic"})
    assert Document.objects.get(code="coal_mine.energy").title == "兴县能源局煤矿检查表"
