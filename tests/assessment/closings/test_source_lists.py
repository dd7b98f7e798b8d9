"""Lists of police and brigade: the whole list or nothing, every faulty cell named, a corrected one beside the old one."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from xlsxwriter import Workbook

from accidents.models import Accident
from accidents.reports import deciding, reporting
from assessment.models import Settlement, SourceList, SourceRow
from safety_api.models import TrailLine
from tests.cast.accidents import PAPER, YEAR, V, W, at, key, report_accident
from tests.cast.closings import CLOSINGS, DIFFERENCES, LISTS, ROWS, a_list, done, nil, post, refused, row

pytestmark = pytest.mark.django_db
HEADINGS = ("对方编号", "发生日期", "时间", "地区", "地点", "死亡", "重伤", "类别", "简要情况")
GOOD = ("K1", date(YEAR, 3, 5), time(21, 40), "蔚汾镇", "218省道", 1, 0, "Z2", "驶出路面")
ASK = f"?source=police&year={YEAR}&month=3"


def workbook(*rows: tuple, headings=HEADINGS, formula: str = "") -> bytes:
    memory = io.BytesIO()
    book = Workbook(memory, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    hours = book.add_format({"num_format": "hh:mm"})
    sheet.write_row(0, 0, headings)
    for down, cells in enumerate(rows, start=1):
        for at_, cell in enumerate(cells):
            if isinstance(cell, time):
                sheet.write_datetime(down, at_, cell, hours)
            elif isinstance(cell, str):
                sheet.write_string(down, at_, cell)
            else:
                sheet.write(down, at_, cell)
    if formula:
        sheet.write_formula(1, 5, formula, None, 1)
    book.close()
    return memory.getvalue()


def send(client, content: bytes, ask: str = ASK):
    return client.post(f"{LISTS}/xlsx{ask}", content, content_type="application/octet-stream")


def nothing_stored() -> bool:
    return not (SourceList.objects.exists() or SourceRow.objects.exists())


# --- in --------------------------------------------------------------------------------------------------------------
def test_a_source_list_is_accepted_from_excel_and_as_json(with_):
    answered = done(send(with_("traffic"), workbook(GOOD)), 201)
    assert (answered["edition"], answered["source"], len(answered["rows"])) == (1, "police", 1)
    found = answered["rows"][0]
    assert (found["day"], found["time"], found["region"], found["deaths"]) == (
        f"{YEAR}-03-05",
        "21:40:00",
        "141123100000",
        1,
    )
    second = done(post(with_("bureau"), LISTS, a_list(row(), row("K2", region="蔚汾镇"))), 201)
    assert (second["edition"], len(second["rows"])) == (2, 2)
    assert TrailLine.objects.filter(verb="source_list.take").count() == 2
    assert done(with_("traffic").get(f"{LISTS}/{answered['id']}"))["rows"] == answered["rows"]  # the old edition stays
    assert [each["edition"] for each in done(with_("bureau").get(f"{LISTS}?current=true"))["results"]] == [2]


def test_the_same_source_list_sent_again_makes_no_new_edition(with_):
    answered = [done(post(with_("traffic"), LISTS, a_list(row())), 201) for _ in range(2)]
    assert answered[0] == answered[1] and SourceList.objects.count() == 1


def test_the_downloaded_template_is_read_back_as_an_empty_list(with_):
    answer = with_("traffic").get(f"{LISTS}/template.xlsx")
    content = b"".join(answer.streaming_content)
    assert refused(send(with_("traffic"), content)) == (400, "empty_list")


@pytest.mark.parametrize(
    "who, source, status",
    [("traffic", "police", 201), ("bureau", "police", 201), ("bureau", "fire", 201), ("brigade", "fire", 201),
     ("traffic", "fire", 403), ("brigade", "police", 403), ("department", "police", 403), ("committee", "police", 403),
     ("township", "police", 403)],
)  # fmt: skip
def test_each_source_list_may_be_sent_only_by_its_department_or_the_bureau(with_, who, source, status):
    assert post(with_(who), LISTS, nil(source)).status_code == status
    assert post(with_(who), LISTS, nil("police" if source == "fire" else "fire")).status_code in (201, 403)


def test_a_police_officer_reads_only_the_police_lists(with_):
    for source in ("police", "fire"):
        done(post(with_("bureau"), LISTS, nil(source)), 201)
    assert [each["source"] for each in done(with_("traffic").get(LISTS))["results"]] == ["police"]
    assert len(done(with_("committee").get(LISTS))["results"]) == 2


BAD = [  # what is sent, the word, the pointers
    (a_list(row(deaths=1.0)), "invalid", ["/rows/0/deaths"]),
    (a_list(row(deaths="1")), "invalid", ["/rows/0/deaths"]),
    (a_list(row(deaths=-1)), "min_value", ["/rows/0/deaths"]),
    (a_list(row(day="2025-13-01")), "invalid", ["/rows/0/day"]),
    (a_list(row(day="2025-04-01")), "bad_list", ["/rows/1/day"]),
    (a_list(row(region="没有的镇")), "bad_list", ["/rows/1/region"]),
    (a_list(row(region="141124100")), "bad_list", ["/rows/1/region"]),
    (a_list(row(region="141123")), "bad_list", ["/rows/1/region"]),
    (a_list(row(), row()), "bad_list", ["/rows/2/external_number"]),
    (a_list(row(category="Z7")), "bad_list", ["/rows/1/category"]),
    (a_list(row(category="Z9")), "invalid_choice", ["/rows/0/category"]),
    (a_list(row(external_number="=1+1")), "bad_cell", ["/rows/0/external_number"]),
    (a_list(row(place="@SUM(A1)")), "bad_cell", ["/rows/0/place"]),
    (a_list(row(more=1)), "unknown_field", ["/rows/0/more"]),
    (a_list(), "empty_list", ["/rows"]),
    (a_list(row(), nil_return=True), "nil_with_rows", ["/rows"]),
    (a_list(row(), source="hospital"), "unknown_source", ["/source"]),
    (a_list(row(), region="141124"), "unknown_region", ["/region"]),
    ({"source": "police", "year": 2099, "month": 1, "nil_return": True}, "month_not_over", []),
    ({"source": "police", "year": 2020, "month": 1, "nil_return": True}, "min_value", ["/year"]),
    ({"source": "police", "year": YEAR, "month": 0, "nil_return": True}, "min_value", ["/month"]),
    ({"source": "police", "year": YEAR, "month": 13, "nil_return": True}, "max_value", ["/month"]),
]


@pytest.mark.parametrize("body, word, pointers", BAD, ids=lambda each: str(each)[:60])
def test_an_invalid_source_list_is_refused_with_a_code_and_nothing_is_stored(with_, body, word, pointers):
    answer = post(with_("bureau"), LISTS, body)
    found = answer.json()
    assert answer.status_code in (400, 409), found
    assert word in {found["code"], *(each["code"] for each in found["errors"])}, found
    assert [each["pointer"] for each in found["errors"]] == pointers
    assert nothing_stored()


def test_a_source_list_of_the_month_of_today_is_refused(with_):
    today = timezone.localdate()
    body = {"source": "police", "year": today.year, "month": today.month, "nil_return": True}
    assert post(with_("bureau"), LISTS, body).json()["code"] == "month_not_over"
    assert nothing_stored()


def test_every_faulty_cell_of_a_workbook_is_named_in_chinese(with_):
    rows = [
        GOOD,
        ("", date(YEAR, 3, 6), "25:99", "哪里", "", 1.5, "二", "Z9", ""),
        ("K3", "三月", "", "蔚汾镇", "=1", -1, "", "", ""),
    ]
    answer = send(with_("traffic"), workbook(*rows))
    found = answer.json()
    assert (answer.status_code, found["code"]) == (400, "bad_list")
    assert [each["detail"] for each in found["errors"]] == [
        "第 3 行 对方编号：必填",
        "第 3 行 时间：不是时间，应形如 08:30（25:99）",
        "第 3 行 死亡：应为不小于 0 的整数（1.5）",
        "第 3 行 重伤：应为不小于 0 的整数（二）",
        *(each["detail"] for each in found["errors"] if "类别" in each["detail"]),
        "第 3 行 地区：当日本县没有这个乡镇或村（哪里）",
        "第 4 行 发生日期：不是日期，应形如 2026-05-01（三月）",
        "第 4 行 地点：不能以 =、+、@ 开头（=1）",
        "第 4 行 死亡：应为不小于 0 的整数（-1）",
    ]
    assert nothing_stored()


def a_bomb() -> bytes:
    """A sheet of 40 MB that a few kilobytes unpack to."""
    memory = io.BytesIO(workbook(GOOD))
    with zipfile.ZipFile(memory, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/zeros.bin", bytes(40 * 1024 * 1024))
    return memory.getvalue()


@pytest.mark.parametrize(
    "content, word",
    [
        (b"", "bad_workbook"),
        (b"PK\x03\x04 not a workbook", "bad_workbook"),
        (b"\xd0\xcf\x11\xe0 an old .xls", "bad_workbook"),
        ("编号,日期".encode(), "bad_workbook"),
        (bytes(6 * 1024 * 1024), "bad_workbook"),
        (a_bomb(), "bad_workbook"),
        (workbook(GOOD, formula="=1+1"), "bad_workbook"),
        (workbook(GOOD, headings=("编号", *HEADINGS[1:])), "bad_workbook"),
        (workbook((*GOOD, "?"), headings=(*HEADINGS, "备注")), "bad_workbook"),
        (workbook(), "empty_list"),
    ],
    ids=["empty", "broken zip", "xls", "csv", "huge", "bomb", "formula", "column missing", "unknown column", "no rows"],
)
def test_a_file_that_is_no_valid_workbook_is_refused(with_, content, word):
    assert refused(send(with_("traffic"), content)) == (400, word)
    assert nothing_stored()


def test_an_upload_with_missing_or_unknown_parameters_is_refused(with_):
    assert refused(send(with_("traffic"), workbook(GOOD), "?source=police&year=2025")) == (400, "invalid")
    assert send(with_("traffic"), workbook(GOOD), ASK + "&x=1").status_code == 400


def test_the_database_refuses_to_change_or_delete_a_source_list(with_):
    done(post(with_("traffic"), LISTS, a_list(row())), 201)
    for table in ("assessment_source_list", "assessment_source_row"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


# --- differences -----------------------------------------------------------------------------------------------------
def differences(client, state: str = "open", month: int = 3) -> dict:
    return done(client.get(f"{DIFFERENCES}?year={YEAR}&month={month}&state={state}"))


def listed(with_, *rows, **more) -> list[int]:
    """The ids of the rows of a new list."""
    return [each["id"] for each in done(post(with_("traffic"), LISTS, a_list(*rows, **more)), 201)["rows"]]


def settle(with_, row_id: int, verb: str, body: dict, status: int = 201):
    return done(post(with_("bureau"), f"{ROWS}/{row_id}/{verb}", body), status) if status != 204 else None


def private_car(number: int = 1, **more):
    return report_accident(number, category="Z2", nature="non_production", **more)


def test_a_source_row_is_proposed_a_match_with_score_and_reasons_to_confirm(with_):
    accident = private_car()
    row_id = listed(with_, row(day=f"{YEAR}-03-06"))[0]
    found = differences(with_("bureau"))
    assert [each["source"] for each in found["missing"]] == ["fire"]
    assert [(each["kind"], each["settled"]) for each in found["rows"]] == [("only_theirs", False), ("only_ours", False)]
    assert found["rows"][0]["proposals"] == [
        {"accident": str(accident.pk), "score": 90, "reasons": ["日期相差 1 日", "同村", "死亡均为 1 人", "类别相同"]}
    ]
    settle(with_, row_id, "match", {"accident": str(accident.pk)})
    found = differences(with_("bureau"))
    assert [(each["kind"], [one["field"] for one in each["fields"]]) for each in found["rows"]] == [
        ("differs", ["day"])
    ]
    settle(with_, row_id, "accept", {"reason": "交警按接警次日登记"})
    assert differences(with_("bureau"))["rows"] == []
    assert [each["settlement"]["reason"] for each in differences(with_("bureau"), "settled")["rows"]] == [
        "交警按接警次日登记"
    ]


def test_differing_deaths_stay_a_difference_until_settled_or_corrected(with_):
    accident = private_car()
    row_id = listed(with_, row(deaths=2))[0]
    settle(with_, row_id, "match", {"accident": str(accident.pk)})
    assert differences(with_("bureau"))["rows"][0]["fields"] == [
        {"field": "deaths", "label": "死亡", "theirs": 2, "ours": 1}
    ]
    settle(with_, row_id, "accept", {"reason": "第二人于第9日死亡"})
    assert differences(with_("bureau"))["open"] == 0
    reporting.add_report(accident.pk, by=with_bureau(), kind="follow_up", held_at=at(3, 6), deaths=3)
    assert differences(with_("bureau"))["open"] == 1  # ours moved: the old explanation says nothing of it
    done(post(with_("traffic"), LISTS, a_list(row(deaths=3))), 201)
    assert differences(with_("bureau"))["open"] == 0


def with_bureau():
    from accounts.models import User

    return User.objects.get(username="bureau")


def test_an_accident_added_from_a_source_row_counts_at_once(with_):
    row_id = listed(with_, row(serious_injuries=2, place="218省道", description="驶出路面", time="21:40:00"))[0]
    answered = settle(with_, row_id, "add", {"nature": "non_production"})
    accident = Accident.objects.get(pk=answered["accident"])
    assert (accident.region_code, accident.deaths, accident.serious_injuries, accident.category) == (V, 1, 2, "Z2")
    assert accident.already_reported == f"道路交通死亡事故月报{YEAR}年3月 K1" and not accident.legs.exists()
    assert accident.occurred_at == at(3, 5, 21).replace(minute=40)
    assert differences(with_("bureau"))["open"] == 0
    broken = done(with_("bureau").get(f"/api/v1/zero-accident/broken?year={YEAR}"))["results"]
    assert [each["region"] for each in broken] == [V]


def test_a_refused_addition_from_a_source_row_stores_nothing(with_):
    row_id = listed(with_, row())[0]
    answer = post(with_("bureau"), f"{ROWS}/{row_id}/add", {"region": "141123999999"})
    assert refused(answer) == (400, "unknown_region")
    elsewhere = post(with_("bureau"), f"{ROWS}/{row_id}/add", {"region": "141123101200"})  # they name another township
    assert refused(elsewhere) == (400, "unknown_region")
    assert not Accident.objects.exists() and not Settlement.objects.exists()


def test_setting_a_row_aside_or_explaining_an_accident_needs_a_reason(with_):
    ours = private_car(region=W)
    row_id = listed(with_, row())[0]
    assert refused(post(with_("bureau"), f"{ROWS}/{row_id}/set-aside", {})) == (400, "reason_required")
    settle(with_, row_id, "set-aside", {"reason": "发生在邻县"})
    sent = {"source": "police", "year": YEAR, "month": 3, "accident": str(ours.pk)}
    assert refused(post(with_("bureau"), f"{DIFFERENCES}/explain", sent)) == (400, "reason_required")
    done(post(with_("bureau"), f"{DIFFERENCES}/explain", {**sent, "reason": "厂区内，不归交警"}), 201)
    assert differences(with_("bureau"))["open"] == 0
    assert refused(post(with_("bureau"), f"{DIFFERENCES}/explain", {**sent, "source": "fire", "reason": "x"})) == (
        409,
        "nothing_differs",
    )


def test_a_new_edition_keeps_the_decisions_on_unchanged_rows(with_):
    first = listed(with_, row("K1"), row("K2", region=W))
    for row_id in first:
        settle(with_, row_id, "set-aside", {"reason": "邻县"})
    second = listed(with_, row("K1"), row("K2", region=W, deaths=2))
    assert [each["row"]["external_number"] for each in differences(with_("bureau"))["rows"]] == ["K2"]
    assert refused(post(with_("bureau"), f"{ROWS}/{first[1]}/undo", {"reason": "旧版"})) == (409, "old_edition")
    settle(with_, second[1], "set-aside", {"reason": "仍是邻县"})
    assert differences(with_("bureau"))["open"] == 0


def test_undoing_a_match_needs_a_reason_and_keeps_the_old_decision(with_):
    accident = private_car()
    row_id = listed(with_, row())[0]
    settle(with_, row_id, "match", {"accident": str(accident.pk)})
    assert post(with_("bureau"), f"{ROWS}/{row_id}/undo", {"reason": "认错了"}).status_code == 204
    assert differences(with_("bureau"))["open"] == 2
    assert Settlement.objects.filter(ended_at__isnull=False).count() == 1
    for statement in ("DELETE FROM assessment_settlement", "UPDATE assessment_settlement SET reason = 'other'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_accident_can_be_matched_to_only_one_row_of_a_source(with_):
    accident = private_car()
    first, second = listed(with_, row("K1"), row("K2"))
    settle(with_, first, "match", {"accident": str(accident.pk)})
    taken = {"accident": str(accident.pk)}
    assert refused(post(with_("bureau"), f"{ROWS}/{second}/match", taken)) == (409, "already_settled")
    assert refused(post(with_("bureau"), f"{ROWS}/{first}/match", taken)) == (409, "already_settled")
    assert refused(post(with_("bureau"), f"{ROWS}/{first}/set-aside", {"reason": "x"})) == (409, "already_settled")
    assert Settlement.objects.count() == 1


def test_writing_off_a_matched_accident_reopens_the_difference(with_):
    accident = private_car()
    row_id = listed(with_, row())[0]
    settle(with_, row_id, "match", {"accident": str(accident.pk)})
    deciding.write_off(accident.pk, by=with_bureau(), **PAPER)
    found = differences(with_("bureau"))["rows"]
    assert [(each["kind"], each["fields"][0]["ours"]) for each in found] == [("differs", "已核销")]


@pytest.mark.parametrize(
    "verb, body, word",
    [
        ("match", {"accident": str(key(99))}, "unknown_accident"),
        ("match", {"accident": "x"}, "invalid"),
        ("match", {}, "invalid"),
        ("accept", {"reason": "没有差异"}, "nothing_differs"),
        ("undo", {"reason": "没有认定"}, "nothing_differs"),
        ("set-aside", {"reason": ""}, "reason_required"),
    ],
)
def test_an_invalid_decision_on_a_row_is_refused_and_nothing_is_stored(with_, verb, body, word):
    row_id = listed(with_, row())[0]
    assert refused(post(with_("bureau"), f"{ROWS}/{row_id}/{verb}", body))[1] == word
    assert not Settlement.objects.exists()


def test_source_lists_are_invisible_to_another_countys_bureau(with_):
    row_id = listed(with_, row())[0]
    assert post(with_("next county"), f"{ROWS}/{row_id}/set-aside", {"reason": "x"}).status_code == 404
    assert done(with_("next county").get(LISTS))["results"] == []
    assert with_("next county").get(f"{DIFFERENCES}?year={YEAR}&month=3").status_code in (200, 400)


@pytest.mark.parametrize("count", [1, 30])
def test_the_differences_of_a_month_take_a_fixed_number_of_queries(with_, count, django_assert_max_num_queries):
    for number in range(count):
        private_car(number + 1, occurred_at=at(3, 1 + number % 28))
    listed(with_, *(row(f"K{number}", day=f"{YEAR}-03-{1 + number % 28:02}") for number in range(count)))
    client = with_("bureau")
    differences(client, "all")
    with django_assert_max_num_queries(11):
        assert len(differences(client, "all")["rows"]) == 2 * count


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_source_lists_takes_a_fixed_number_of_queries(with_, count, django_assert_max_num_queries):
    for number in range(count):
        done(post(with_("bureau"), LISTS, a_list(row(f"K{number}"))), 201)
    client = with_("bureau")
    with django_assert_max_num_queries(5):
        assert len(done(client.get(LISTS))["results"]) == count


def test_an_unknown_closing_or_row_is_not_found(with_):
    assert with_("bureau").get(f"{CLOSINGS}/999").status_code == 404
    assert post(with_("bureau"), f"{ROWS}/999/match", {"accident": str(key(1))}).status_code == 404
