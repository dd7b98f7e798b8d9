"""法规日历: which laws there are, from when on they hold, and how sure we are of each."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from reference import files, law_calendar
from reference.terms import Certainty
from reference.watching import of_the_law
from tests.reference.test_load import folder, law_cache_cleared, load

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/reference/law-calendar"
__all__ = ["folder", "law_cache_cleared"]


@pytest.fixture
def asked(as_):
    def ask(query="", who="inspector"):
        answer = as_(who).get(f"{DOOR}?{query}")
        assert answer.status_code == 200, answer.content
        return {(each["kind"], each["code"], each["version"]): each for each in answer.json()["results"]}

    return ask


def named(code):
    return ("law_calendar", code, "")


# --- what stands in it ---------------------------------------------------------------------------------------------------
def test_every_dated_document_of_the_files_stands_in_the_calendar(asked):
    found = asked()
    documents = {(each.kind, each.code, each.version) for each in files.read().documents if each.kind != "law_calendar"}
    assert documents <= found.keys()
    assert {("holidays", str(year), str(year)) for year in range(2021, 2027)} <= found.keys()
    assert all(each["source"] and each["certainty"] for each in found.values())


@pytest.mark.parametrize(
    ("code", "number", "first", "last", "certainty"),
    [
        ("enterprise_inspections_2024", "国办发〔2024〕54号", "2025-01-03", None, "secondary"),
        ("enforcement_supervision_2026", "国务院令第825号", "2026-02-01", None, "excerpt"),
        ("hazardous_chemicals_law_2025", "", "2026-05-01", None, "secondary"),
        ("coal_safety_rules_2025", "应急管理部令第17号", "2026-02-01", None, "secondary"),
        ("special_operations_order_19", "应急管理部令第19号", "2026-06-01", None, "excerpt"),
        ("special_operations_catalogue_2026", "应急〔2026〕45号", "2026-06-01", None, "excerpt"),
        ("special_operations_order_30", "原安监总局令第30号", "2010-07-01", "2026-05-31", "secondary"),
        ("liability_insurance_2025", "应急〔2025〕27号", "2025-03-29", None, "excerpt"),
        ("emergency_plans_88", "原安监总局令第88号、应急管理部令第2号", "2019-09-01", None, "full"),
        ("standardization_gbt_33000_2025", "GB/T 33000-2025", "2025-10-31", None, "secondary"),
        ("standardization_chemicals_45673", "GB 45673-2025", "2025-11-01", None, "secondary"),
        ("special_equipment_tsg_08", "TSG 08-2026", "2026-05-01", None, "secondary"),
        ("gb_46768", "GB 46768-2025", "2026-05-01", None, "secondary"),
        ("aq_3072", "AQ 3072-2026", "2026-09-30", None, "secondary"),
        ("reconsideration_rules_2026", "", "2026-07-01", None, "secondary"),
        ("cybersecurity_law_2025", "", "2026-01-01", None, "secondary"),
        ("cybersecurity_incidents_2025", "", "2025-11-01", None, "secondary"),
        ("self_reported_hazards_2026", "晋政发〔2026〕1号", None, None, "excerpt"),
    ],
)
def test_a_law_that_is_only_named_has_its_number_and_days(asked, code, number, first, last, certainty):
    found = asked("kind=law_calendar")[named(code)]
    assert (found["number"], found["effective_from"], found["effective_to"]) == (number, first, last)
    assert (found["certainty"], found["certainty_name"]) == (certainty, Certainty(certainty).label)
    assert found["touches"]


@pytest.mark.parametrize(
    ("code", "version", "number", "certainty", "ends"),
    [
        ("coal_mine", "MEM21-2026", "应急管理部令第21号", "full", "应急管理部令第4号"),
        ("metallurgy_trade", "MEM10-2023", "应急管理部令第10号", "excerpt", "安监总管四〔2017〕129号"),
        ("fire_safety", "GB35181-2025", "GB 35181-2025", "secondary", "GB 35181-2017"),
        ("coal_mine", "MEM4-2020", "应急管理部令第4号", "secondary", None),
    ],
)
def test_an_edition_of_criteria_says_itself_how_much_of_it_was_read(asked, code, version, number, certainty, ends):
    found = asked("kind=criteria")["criteria", code, version]
    assert (found["number"], found["certainty"], next(iter(found["ends"]), None)) == (number, certainty, ends)


@pytest.mark.parametrize(
    ("code", "version", "note"),
    [
        ("explosives", "2024-234", "没有单列施行日"),
        ("non_coal_mine_more", "2024-41", "没有单列施行日"),
        ("hazardous_chemicals", "AQ3067-2026", "不能据以判定"),
    ],
)
def test_an_edition_says_what_of_its_day_and_its_text_is_not_known(asked, code, version, note):
    assert note in asked("kind=criteria")["criteria", code, version]["source"]


def test_a_version_says_which_one_it_ends(asked):
    found = asked("kind=frequencies")["frequencies", "XX-FREQ", "XX-FREQ-2025"]
    assert [each.rpartition(" ")[2] for each in found["ends"]] == ["XX-FREQ-2021"]


def test_a_list_of_those_who_may_inspect_ends_the_one_before_it(asked, as_):
    for day in ("2025-02-01", "2025-06-27"):
        told = {"published_on": day, "source": f"公告{day}", "bodies": [{"body": "emergency", "scope": "矿山"}]}
        assert as_("bureau").post("/api/v1/reference/inspection-bodies", told, format="json").status_code == 201
    found = {code: each for (_, code, _), each in asked("kind=inspection_bodies").items()}
    last = {code: (each["effective_to"], each["in_force"]) for code, each in found.items()}
    assert last == {
        "proposed": ("2025-01-31", False), "2025-02-01": ("2025-06-26", False), "2025-06-27": (None, True),
    }  # fmt: skip
    assert found["2025-06-27"]["ends"] == [f"{found['2025-02-01']['title']} 1"]
    assert [code for _, code, _ in asked("kind=inspection_bodies&on=2025-03-01")] == ["2025-02-01"]


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("from=2026-02-01&until=2026-05-31", {"coal_safety_rules_2025", "gb_46768"}, {"aq_3072", "liability_insurance_2025"}),
        ("from=2026-09-30", {"aq_3072", "scan_2026"}, {"gb_46768", "special_operations_order_30"}),
        ("until=2010-07-01", {"special_operations_order_30", "coal_safety_rules_before"}, {"training_44"}),
        ("from=2025-12-31&until=2026-01-01", {"cybersecurity_law_2025", "self_reported_hazards_2026"}, {"coal_safety_rules_2025"}),
        ("on=2026-05-31", {"special_operations_order_30"}, {"special_operations_order_19"}),
        ("on=2026-06-01", {"special_operations_order_19"}, {"special_operations_order_30"}),
        ("certainty=excerpt,full", {"emergency_plans_88", "training_44"}, {"aq_3072", "hazardous_chemicals_591"}),
        ("certainty=memory", {"hazardous_chemicals_591"}, {"aq_3072"}),
        ("kind=law_calendar", {"aq_3072"}, set()),
        ("kind=deadlines", set(), {"aq_3072"}),
    ],
)  # fmt: skip
def test_the_calendar_is_chosen_by_day_of_force_certainty_and_kind(asked, query, there, not_there):
    found = {code for kind, code, _ in asked(query) if kind == "law_calendar"}
    assert there <= found and not not_there & found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("certainty=perhaps", "invalid_choice"),
        ("kind=nonsense", "invalid_choice"),
        ("from=yesterday", "invalid"),
        ("from=2026-02-01&until=2026-01-31", "ends_before_start"),
        ("colour=red", "bad_parameter"),
        ("from=2026-01-01&from=2026-02-01", "parameter_twice"),
    ],
)
def test_a_wrong_question_to_the_calendar_is_refused(as_, query, code):
    answer = as_("inspector").get(f"{DOOR}?{query}").json()
    assert code in {answer["code"], *(each["code"] for each in answer["errors"])}


# --- how sure we are -----------------------------------------------------------------------------------------------------
REGISTER = [
    {"kind": "papers", "certainty": "excerpt"},
    {"kind": "papers", "code": "set", "certainty": "secondary"},
    {"kind": "papers", "code": "set", "version": "2", "certainty": "full"},
]


@pytest.mark.parametrize(
    ("kind", "code", "version", "source", "certainty"),
    [
        ("papers", "other", "1", "条例", "excerpt"),
        ("papers", "set", "1", "条例", "secondary"),
        ("papers", "set", "2", "条例（凭记忆）", "full"),  # what the register says goes before the words
        ("papers", "set", "2@2027-01-01", "条例", "full"),  # single values changed
        ("targets", "t", "1", "条例 第三条（凭记忆）", "memory"),
        ("targets", "t", "1", "默认建议，县里可改", "own"),
        ("targets", "t", "1", "条例 第三条", "secondary"),  # nobody said that it was read
    ],
)
def test_the_register_says_how_far_a_document_was_read_else_its_words(kind, code, version, source, certainty):
    row = law_calendar._row_of(SimpleNamespace(kind=kind, code=code, version=version), REGISTER)
    assert row.get("certainty", law_calendar.certainty_in(source)) == certainty


def test_every_row_of_the_register_names_a_document_that_exists():
    documents = files.read().documents
    known = {(each.kind, None, None) for each in documents} | {(each.kind, None, each.version) for each in documents}
    known |= {(each.kind, each.code, None) for each in documents} | {
        (each.kind, each.code, each.version) for each in documents
    }
    [register] = [each for each in documents if each.kind == "law_certainty"]
    rows = {(row["kind"], row.get("code"), row.get("version")) for row in register.body["documents"]}
    assert rows <= known | {("holidays", None, None)}


# --- what is told of it --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("today", "told"),
    [("2026-07-31", False), ("2026-08-01", True), ("2026-09-29", True), ("2026-09-30", False)],
)
def test_a_law_is_named_from_sixty_days_before_it_begins(today, told):
    assert any("AQ 3072-2026" in said for said in of_the_law(date.fromisoformat(today))["begins"]) is told


@pytest.mark.parametrize(
    ("today", "word", "name", "told"),
    [
        ("2026-11-30", "secondary", "AQ 3072-2026", True),
        ("2026-09-29", "secondary", "AQ 3072-2026", False),  # not yet in force
        ("2026-06-01", "secondary", "第30号", False),  # no longer
        ("2026-11-30", "memory", "591号", True),
        ("2026-11-30", "secondary", "88号", False),  # read whole
    ],
)
def test_what_rests_on_a_secondary_source_is_named_while_in_force(today, word, name, told):
    assert any(name in said for said in of_the_law(date.fromisoformat(today))[word]) is told


def test_readyz_names_laws_and_stays_ready_without_a_scan(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 9, 1))
    client.get("/readyz")
    monkeypatch.setattr("reference.law_calendar.entries", None)  # the second time nothing is worked out
    answer = client.get("/readyz")
    assert answer.status_code == 200 and "law" not in answer.json()["parts"]  # nothing of it makes the house unready
    assert any(said.startswith("2026-09-30 起施行：AQ 3072-2026") for said in answer.json()["law"]["begins"])
    assert answer.json()["law"]["secondary"] and answer.json()["law"]["memory"]


def test_a_new_text_is_named_by_readyz_once_it_is_loaded(client, folder, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 30))
    before = client.get("/readyz").json()["law"]["begins"]
    (folder / "deadlines" / "2027.toml").write_text(
        '[[changes]]\nat = "/items/general/days"\neffective_from = 2027-01-01\nvalue = 10\nsource = "兴安委〔2026〕31号"\n',
        encoding="utf-8",
    )
    load(folder)
    after = client.get("/readyz").json()["law"]["begins"]
    assert [said for said in after if said not in before] == ["2027-01-01 起施行：隐患整改与复查时限"]


# --- behind a checklist --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sector", "on", "numbers"),
    [
        ("coal_mine", "2026-01-31", [""]),
        ("coal_mine", "2026-02-01", ["应急管理部令第17号"]),
        ("hazardous_chemicals", "2026-04-30", ["国务院令第591号", "GB 45673-2025"]),
        ("hazardous_chemicals", "2026-05-01", ["国务院令第591号", "GB 45673-2025", ""]),
        ("hazardous_chemicals", "2026-09-30", ["国务院令第591号", "GB 45673-2025", "", "AQ 3072-2026"]),
        ("special_equipment", "2026-05-01", ["TSG 08-2026"]),
        ("fire_safety", "2026-11-30", []),
    ],
)
def test_a_checklist_names_the_laws_behind_it_on_its_day(as_, sector, on, numbers):
    found = as_("inspector").get(f"/api/v1/checklists?sector={sector}&on={on}").json()["laws"]
    assert [each["number"] for each in found] == numbers


# --- on papers -----------------------------------------------------------------------------------------------------------
BASIS = "《安全生产法》第六十五条"


@pytest.mark.parametrize(
    ("sector", "on", "cited"),
    [
        ("hazardous_chemicals", "2026-04-30", f"{BASIS}、《危险化学品安全管理条例》"),
        ("hazardous_chemicals", "2026-05-01", f"{BASIS}、《危险化学品安全管理条例》、《危险化学品安全法》"),
        ("coal_mine", "2026-05-01", BASIS),
    ],
)
def test_a_paper_for_chemicals_cites_the_law_of_its_day(sector, on, cited):
    assert law_calendar.cited(BASIS, sector, date.fromisoformat(on)) == cited
