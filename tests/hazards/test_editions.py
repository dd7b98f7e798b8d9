"""By which edition of criteria a hazard is judged, what it names of it, and what an ended text judged."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hazards import actions, papers
from hazards.editions import judge, now_instead
from hazards.models import EditionLook, Hazard, HazardStep
from hazards.states import State
from reference import files, law
from reference.models import Load
from tests.cast.hazards import KEY, a_hazard_in, body_of, take
from tests.cast.units import a_unit, mine
from tests.cast.visits import HAZARD, a_finding, a_visit, photo_id

pytestmark = pytest.mark.django_db
OLD, NEW = "coal_mine.MEM4-2020", "coal_mine.MEM21-2026"
GAS = f"{NEW}:5(1)"
BY_THE_OLD = "应急管理部令第4号 第八条"
UNNAMED = "煤矿重大事故隐患判定标准 第四条"


def found(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=10, tzinfo=ZoneInfo("Asia/Shanghai"))


def of_before(**fields) -> Hazard:
    """A major one found in July by the new text's days, as the database holds it from before editions were kept."""
    return a_hazard_in(
        **{"level": "major", "found_at": found("2026-07-03"), "standard_clause": BY_THE_OLD, "photo": None, **fields}
    )


def put(phone, **fields):
    said = {
        "sector": "coal_mine", "place": "东关村口", "region": "141123100200", "level": "major", "description": "瓦斯超限还在作业",
        "found_at": timezone.now().isoformat(), "device": {"clock": timezone.now().isoformat()}, **fields,
    }  # fmt: skip
    return phone.put(f"/api/v1/hazards/{KEY}", said, format="json").json()


# --- from the field ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "day, sector, said, edition, remarks",
    [
        ("2026-06-30", "coal_mine", {}, OLD, set()),
        ("2026-07-01", "coal_mine", {}, NEW, {"no_criterion"}),
        ("2026-07-01", "coal_mine", {"standard_clause": "第五条第（三）项"}, NEW, set()),
        ("2026-07-01", "coal_mine", {"standard_clause": "应急管理部令第21号 第五条"}, NEW, set()),
        ("2026-07-01", "coal_mine", {"standard_clause": "煤矿重大事故隐患判定标准第二十条"}, NEW, set()),
        ("2026-07-01", "coal_mine", {"standard_clause": "第九十九条"}, NEW, {"no_criterion"}),
        ("2026-07-01", "coal_mine", {"standard_clause": "第五条第（九十）项"}, NEW, {"no_criterion"}),
        ("2026-07-01", "coal_mine", {"standard_clause": "煤矿安全规程第五条"}, NEW, {"no_criterion"}),
        ("2026-07-01", "coal_mine", {"standard_clause": "瓦斯超限"}, NEW, {"no_criterion"}),
        ("2026-07-01", "coal_mine", {"level": "general"}, NEW, set()),
        ("2026-07-01", "coal_mine", {"criterion": GAS}, NEW, set()),
        ("2026-06-30", "coal_mine", {"criterion": GAS}, OLD, {"criterion_of_other_edition"}),
        (
            "2026-07-01",
            "coal_mine",
            {"standard_clause": BY_THE_OLD},
            NEW,
            {"criterion_of_other_edition", "no_criterion"},
        ),
        ("2026-06-30", "coal_mine", {"standard_clause": BY_THE_OLD}, OLD, set()),
        ("2026-07-01", "coal_mine", {"criterion": "coal_mine:99"}, NEW, {"unknown_criterion"}),
        ("2026-06-30", "coal_mine", {"standard_clause": "矿安〔2023〕125号"}, "coal_open_pit.2023-125", set()),
        (
            "2026-11-20",
            "non_coal_mine",
            {"criterion": "non_coal_mine_more.2024-41:1(1)"},
            "non_coal_mine.2022-88",
            set(),
        ),
        ("2026-11-20", "urban_construction", {"criterion": "city_gas.2023-4:8"}, "city_gas.2023-4", set()),
        ("2026-11-20", "urban_construction", {}, "urban_construction.2024-5", set()),
        ("2026-11-20", "hazardous_waste", {}, "", set()),
    ],
)
def test_a_hazard_is_judged_by_the_edition_of_its_finding(day, sector, said, edition, remarks):
    hazard = Hazard(**{"found_at": found(day), "sector_id": sector, "level": "major", **said})
    assert (judge(hazard), hazard.edition) == (remarks, edition)


@pytest.mark.parametrize(
    "trait, sector, edition",
    [
        ("city_gas", "urban_construction", "city_gas.2023-4"),
        ("fireworks", "hazardous_chemicals", "fireworks.2017-121"),
        ("civil_explosives", "other", "explosives.2024-234"),
        ("power", "other", "power.NDRC41-2026"),
    ],
)
def test_a_unit_of_its_own_kind_is_judged_by_the_text_of_its_kind(trait, sector, edition, as_):
    unit = a_unit(sector_id=sector, traits=[trait])
    assert put(as_("bureau"), enterprise=str(unit.pk), sector=sector, place="")["edition"] == edition


def test_a_criterion_brings_its_clause_and_the_answer_says_both(as_):
    answer = put(as_("inspector"), criterion=GAS)
    assert (answer["edition"], answer["criterion"], answer["warnings"]) == (NEW, GAS, [])
    assert answer["standard_clause"] == "《煤矿重大事故隐患判定标准》（应急管理部令第21号）第5条第（1）项"


@pytest.mark.parametrize("criterion", ["no such thing", None, ""])
def test_no_criterion_of_a_phone_is_a_reason_to_refuse(as_, criterion):
    body = put(as_("inspector"), criterion=criterion)
    assert body["edition"] == NEW and {"unknown_criterion", "no_criterion"} & set(body["warnings"])


def test_a_visit_remarks_what_its_hazards_name(as_):
    finding = a_finding(level="major", criterion="coal_mine.MEM4-2020:8(1)")
    sent = a_visit(a_unit(), hazards=[finding])
    answer = as_("inspector").put("/api/v1/inspections/" + KEY, sent, format="json")
    assert answer.status_code == 201 and "unknown_criterion" in answer.json()["warnings"]
    assert Hazard.objects.get(pk=HAZARD).edition == NEW


def test_naming_criteria_costs_a_visit_no_statement(as_):
    phone = as_("inspector")

    def statements(number, **named):
        finding = a_finding(photo_id(number), level="major", **named)
        sent = a_visit(None, place="东关村口", region="141123100200", hazards=[finding])
        with CaptureQueriesContext(connection) as asked:
            assert phone.put(f"/api/v1/inspections/{photo_id(number)}", sent, format="json").status_code == 201
        return len(asked)

    statements(1)
    assert statements(2, criterion=GAS, standard_clause=BY_THE_OLD) == statements(3)


# --- at the office's door --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "day, criterion, status, code",
    [
        ("2026-11-20", GAS, 200, None),
        ("2026-11-20", "coal_mine:99", 400, "unknown_criterion"),
        ("2026-06-20", GAS, 400, "criterion_of_other_edition"),
        ("2026-11-20", "metallurgy_trade.MEM10-2023:3(1)", 400, "criterion_of_other_edition"),
    ],
)
def test_the_office_names_an_item_of_the_edition_of_the_finding(as_, day, criterion, status, code):
    hazard = a_hazard_in(State.REPORTED, found_at=found(day))
    judge(hazard)
    hazard.warnings = ["no_criterion", "no_location"]
    hazard.save()
    answer = take(as_("chief"), "confirm", level="major", criterion=criterion)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    if status == 200:
        assert (answer.json()["criterion_named"]["cited"], answer.json()["warnings"]) == (
            "第5条第（1）项",
            ["no_location"],
        )


FOREIGN = {
    "criterion": "metallurgy_trade.MEM10-2023:3(1)",
    "standard_clause": "《工贸企业重大事故隐患判定标准》第3条第（1）项",
}


@pytest.mark.parametrize(
    "named, said, status, basis",
    [
        (FOREIGN, {}, 400, None),
        (FOREIGN, {"criterion": GAS}, 200, "《煤矿重大事故隐患判定标准》（应急管理部令第21号）第5条第（1）项"),
        (FOREIGN, {"standard_clause": "第五条"}, 200, "《煤矿重大事故隐患判定标准》（应急管理部令第21号）：第五条"),
        (FOREIGN, {"standard_clause": BY_THE_OLD}, 400, None),
        ({"standard_clause": BY_THE_OLD}, {}, 400, None),
        ({}, {"standard_clause": BY_THE_OLD}, 400, None),
    ],
)  # fmt: skip
def test_a_major_hazard_is_confirmed_and_cited_by_the_edition_of_its_finding_alone(as_, named, said, status, basis):
    hazard = a_hazard_in(State.REPORTED, found_at=found("2026-11-20"), **named)
    judge(hazard)
    hazard.save()
    answer = take(as_("chief"), "confirm", level="major", **said)
    if status == 200:
        assert papers.problem(Hazard.objects.get(pk=KEY))["basis"] == f"（依据：{basis}）"
    else:
        assert (answer.status_code, answer.json()["code"]) == (400, "criterion_of_other_edition")


def test_a_clause_of_an_ended_text_is_not_written_into_a_major_hazard(as_):
    a_hazard_in(State.CONFIRMED, level="major", edition=NEW, criterion=GAS, found_at=found("2026-11-20"))
    said = {"field": "standard_clause", "reason": "补写条款"}
    assert take(as_("chief"), "correct-wording", **said, text="第五条第（一）项").status_code == 200
    Hazard.objects.update(criterion="")
    answer = take(as_("chief"), "correct-wording", **said, text=BY_THE_OLD)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/text")


@pytest.mark.parametrize(
    "field, text", [("criterion", "city_gas.2023-4:8"), ("standard_clause", "建城规〔2023〕4号第八条")]
)
def test_of_two_texts_that_held_on_its_day_the_office_names_the_one_that_judges(as_, field, text):
    of_housing = {"sector_id": "urban_construction", "edition": "urban_construction.2024-5"}
    a_hazard_in(
        State.CONFIRMED, level="major", standard_clause="房屋市政标准第四条", found_at=found("2026-11-20"), **of_housing
    )
    answer = take(as_("bureau"), "correct-wording", field=field, text=text, reason="燃气")
    assert (answer.status_code, answer.json().get("edition"), answer.json()["warnings"]) == (200, "city_gas.2023-4", [])


def test_an_old_hazard_is_given_its_edition_with_the_item_that_names_it(as_):
    a_hazard_in(State.REPORTED, found_at=found("2026-07-03"))
    answer = take(as_("chief"), "confirm", level="major", criterion=GAS).json()
    assert (answer["edition"], answer["edition_named"]["number"]) == (NEW, "应急管理部令第21号")


def test_a_remark_on_what_it_names_ends_when_the_item_is_put_right(as_):
    a_hazard_in(State.CONFIRMED, level="major", edition=NEW, standard_clause=UNNAMED, warnings=["no_criterion"])
    said = {"field": "criterion", "text": GAS, "reason": "补写条目"}
    answer = take(as_("chief"), "correct-wording", **said).json()
    assert (answer["criterion"], answer["warnings"]) == (GAS, [])
    assert take(as_("chief"), "correct-wording", **said | {"text": "x"}).json()["code"] == "unknown_criterion"


# --- kept, shown, moved ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state, shown", [(State.RECTIFYING, NEW), (State.CLOSED, None)])
def test_an_open_hazard_keeps_its_edition_and_shows_the_new_one_beside_it(as_, state, shown):
    a_hazard_in(state, mine(), found_at=found("2026-06-20"), edition=OLD)
    [row] = as_("bureau").get("/api/v1/hazards").json()["results"]
    now = row["edition_now"] and row["edition_now"]["code"]
    assert (row["edition"], now) == (OLD, shown)
    whole = as_("bureau").get(f"/api/v1/hazards/{KEY}").json()
    assert (whole["edition_named"]["effective_to"], whole["edition_named"]["clauses"]) == ("2026-06-30", "not_entered")


def test_a_list_of_hazards_is_a_new_one_when_an_edition_was_loaded(as_):
    office = as_("bureau")
    tag = office.get("/api/v1/hazards")["ETag"]
    Load.objects.create(new=1, changed=0, removed=0)
    assert office.get("/api/v1/hazards", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_open_pit_text_was_taken_over_by_the_order():
    hazard = Hazard(edition="coal_open_pit.2023-125", state=State.RECTIFYING)
    assert now_instead(hazard, date(2026, 7, 1)).code == NEW


def test_the_edition_follows_the_day_of_finding_when_it_is_put_right(as_):
    visit = f"/api/v1/inspections/{KEY}"
    as_("inspector").put(visit, a_visit(a_unit()), format="json")
    said = {"reason": "日期录错", "started_at": "2026-06-29T09:00:00+08:00"}
    assert as_("inspector").post(f"{visit}/correct", said, format="json").status_code == 200
    hazard = Hazard.objects.get(pk=HAZARD)
    assert (hazard.edition, timezone.localdate(hazard.found_at)) == (OLD, date(2026, 6, 29))
    assert HazardStep.objects.filter(hazard=hazard, step="correct").latest("id").details["before"]["edition"] == NEW


def test_the_edition_follows_the_sector_when_it_is_put_right(as_):
    visit = f"/api/v1/inspections/{KEY}"
    as_("inspector").put(visit, a_visit(a_unit()), format="json")
    answer = as_("inspector").post(f"{visit}/correct", {"reason": "领域录错", "sector": "fire_safety"}, format="json")
    assert (answer.status_code, Hazard.objects.get(pk=HAZARD).edition) == (200, "fire_safety.GB35181-2025")


def test_what_is_handed_over_is_judged_by_the_edition_of_the_receiving_sector(certified, as_):
    a_hazard_in(State.CONFIRMED, mine(), edition=NEW)
    take(as_("chief"), "transfer", **body_of("transfer", certified["bureau"]))
    assert Hazard.objects.get(transferred_from=KEY).edition == "urban_construction.2024-5"


def test_what_is_found_again_is_judged_by_its_own_day(as_):
    a_hazard_in(State.CLOSED, mine(), edition=OLD, found_at=found("2026-06-20"))
    take(as_("inspector"), "recur", note="又见")
    assert Hazard.objects.get(recurrence_of=KEY).edition == NEW


# --- papers ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields, basis",
    [
        ({"criterion": GAS, "edition": NEW}, "《煤矿重大事故隐患判定标准》（应急管理部令第21号）第5条第（1）项"),
        ({"standard_clause": UNNAMED, "edition": OLD}, f"{UNNAMED}（应急管理部令第4号）"),
        ({"standard_clause": "第8条", "edition": OLD}, "《煤矿重大事故隐患判定标准》（应急管理部令第4号）：第8条"),
        ({"standard_clause": BY_THE_OLD, "edition": OLD}, BY_THE_OLD),
        ({"standard_clause": UNNAMED}, UNNAMED),
        ({"judged_by_expert": "三名专家认定", "edition": NEW}, "三名专家认定"),
    ],
)
def test_a_paper_cites_the_edition_of_the_finding(fields, basis):
    hazard = Hazard(
        **{"level": "major", "sector_id": "coal_mine", "found_at": found("2026-07-02"), "description": "瓦斯", **fields}
    )
    assert papers.problem(hazard)["basis"] == f"（依据：{basis}）"


# --- what came before -----------------------------------------------------------------------------------------------------------
def test_old_hazards_have_the_edition_that_their_own_text_names_and_no_other():
    of_before()
    of_before(key=UUID(int=1), standard_clause=UNNAMED)
    of_before(key=UUID(int=2), standard_clause="", judged_by_expert="专家")
    of_before(key=UUID(int=3), standard_clause=UNNAMED, found_at=found("2026-05-03"))
    assert (actions.name_editions(), actions.name_editions()) == (2, 0)
    named = dict(Hazard.objects.values_list("pk", "edition"))
    assert [named[UUID(KEY)], *(named[UUID(int=n)] for n in (1, 2, 3))] == [OLD, "unknown", "unknown", OLD]


def test_the_command_that_names_editions_may_be_run_again():
    of_before()
    said = StringIO()
    call_command("name_editions", stdout=said)
    call_command("name_editions", stdout=said)
    assert said.getvalue().splitlines() == ["按原文认定 1 条，仍不明 0 条", "按原文认定 0 条，仍不明 0 条"]


# --- judged by an ended text ------------------------------------------------------------------------------------------------------
ROWS = {  # what it is → (fields, in which list)
    "by the old text since the new one holds": ({"edition": OLD}, "ended"),
    "by the old text while it held": ({"edition": OLD, "found_at": found("2026-06-30")}, None),
    "by the new text": ({"edition": NEW}, None),
    "names the old text of the new one's days": ({"edition": NEW, "warnings": ["criterion_of_other_edition"]}, "ended"),
    "nobody knows by which": ({"edition": "unknown"}, "unknown"),
    "nobody knows, and no major one": ({"edition": "unknown", "level": "general"}, None),
    "was none": ({"edition": OLD, "state": State.REJECTED}, None),
    "was entered twice": ({"edition": OLD, "state": State.VOID}, None),
    "ended since": ({"edition": OLD, "state": State.CLOSED}, "ended"),
    "of another sector's edition": (
        {"edition": "hazardous_chemicals.2017-121", "sector_id": "hazardous_chemicals"},
        None,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_list_has_what_an_ended_text_judged_and_apart_what_nobody_knows(row, as_):
    fields, listed = ROWS[row]
    of_before(**fields)
    for which in ("ended", "unknown"):
        rows = as_("bureau").get(f"/api/v1/hazards?judged_by={which}&edition={NEW}").json()["results"]
        assert len(rows) == (which == listed)


def test_the_command_lists_them_for_a_person_to_look_at():
    of_before(edition=OLD)
    of_before(key=UUID(int=1), edition="unknown", standard_clause=UNNAMED)
    out = {}
    for name, options in {
        "lines": {},
        "unknown": {"unknown": True},
        "csv": {"csv": True},
        "other": {"edition": "power.NDRC41-2026"},
    }.items():
        said = StringIO()
        call_command("list_judged_by_ended", stdout=said, **options)
        out[name] = said.getvalue()
    assert (
        "2026-07-03" in out["lines"]
        and "应急管理部令第4号　应急管理部令第21号" in out["lines"]
        and "未复看" in out["lines"]
    )
    assert UNNAMED in out["unknown"] and BY_THE_OLD not in out["unknown"]
    assert (len(out["csv"].splitlines()), out["other"]) == (2, "共 0 条\n")


def test_whoever_looks_again_says_what_follows_and_the_hazard_leaves_the_queue(as_):
    of_before(state=State.ORDERED, edition=OLD)
    before = as_("bureau").get(f"/api/v1/hazards/{KEY}").json()
    assert before["edition_due"]["code"] == NEW
    said = {"word": "rejudged", "reason": "按现行标准仍为重大", "criterion": GAS}
    answer = take(as_("bureau"), "look-again", **said)
    assert (answer.status_code, answer.json()["edition"], answer.json()["criterion"]) == (200, NEW, GAS)
    assert [(each["word"], each["judged_by"], each["by_name"]) for each in answer.json()["looks"]] == [
        ("rejudged", OLD, "郑应")
    ]
    step = HazardStep.objects.filter(hazard=KEY).latest("id")
    assert (step.step, step.before, step.after, step.details["before"]["edition"]) == (
        "look-again",
        "ordered",
        "ordered",
        OLD,
    )
    assert as_("bureau").get("/api/v1/hazards?judged_by=ended").json()["results"] == []


@pytest.mark.parametrize("word", ["stands", "not_major"])
def test_a_look_that_changes_nothing_is_kept_and_asked_for(as_, word):
    of_before(edition=OLD)
    assert take(as_("bureau"), "look-again", word=word, reason="核对过").status_code == 200

    def listed(looked_at):
        return len(as_("bureau").get(f"/api/v1/hazards?judged_by=ended&looked_at={looked_at}").json()["results"])

    assert (listed("true"), listed("false"), Hazard.objects.get(pk=KEY).edition) == (1, 0, OLD)


@pytest.mark.parametrize(
    "fields, said, status, code",
    [
        ({"edition": NEW}, {}, 409, "not_judged_by_ended"),
        ({"edition": OLD}, {"word": "rejudged"}, 400, "invalid"),
        (
            {"edition": OLD},
            {"word": "rejudged", "criterion": "power.NDRC41-2026:5(1)"},
            400,
            "criterion_of_other_edition",
        ),
        ({"edition": OLD}, {"reason": ""}, 400, "invalid"),
        ({"edition": OLD, "state": State.VOID}, {}, 409, "not_judged_by_ended"),
    ],
)
def test_a_look_that_holds_nothing_is_refused(as_, fields, said, status, code):
    of_before(**fields)
    answer = take(as_("bureau"), "look-again", **{"word": "stands", "reason": "核对过", **said})
    assert (answer.status_code, answer.json()["code"], EditionLook.objects.count()) == (status, code, 0)


@pytest.mark.parametrize("asked", ["judged_by=ended&edition=nothing", "edition=nothing"])
def test_a_list_by_an_edition_that_is_not_there_is_refused(as_, asked):
    answer = as_("bureau").get(f"/api/v1/hazards?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_edition")


def test_loading_criteria_names_old_hazards_and_says_how_many_wait(tmp_path):
    of_before()
    path = tmp_path / "criteria"
    path.mkdir()
    for name in ("coal_mine.MEM21-2026.toml", "coal_mine.MEM4-2020.toml"):
        text = (files.DATA / "criteria" / name).read_text(encoding="utf-8")
        (path / name).write_text(
            text.replace('煤矿重大事故隐患判定标准"', '煤矿重大事故隐患判定标准（核对）"', 1), encoding="utf-8"
        )
    said = StringIO()
    call_command("load_reference", tmp_path, replace=True, stdout=said)
    law.forget()
    assert "隐患按其原文认定判定标准 1 条" in said.getvalue() and "须复看的隐患 1 条" in said.getvalue()
