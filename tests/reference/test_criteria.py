"""Editions of criteria: every item of the files, days without gaps, looking up by words, clauses entered here."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reference import files, law
from reference.criteria import editions, rules
from reference.criteria.rules import article_words, of_article
from reference.models import EnteredClause, Load

D = date.fromisoformat
SHIPPED = [each for each in files.read().documents if each.kind == "criteria"]
WITH_ITEMS = {each.name.removeprefix("criteria "): len(each.body["items"]) for each in SHIPPED if each.body["items"]}


# --- the files ---------------------------------------------------------------------------------------------------------
def test_all_732_items_of_the_twelve_documents_are_loaded():
    assert WITH_ITEMS == {
        "city_gas 2023-4": 22, "coal_mine MEM21-2026": 207, "explosives 2024-234": 23, "fire_safety GB35181-2025": 6, "fireworks 2017-121": 20,
        "hazardous_chemicals AQ3067-2026": 53, "metallurgy_trade MEM10-2023": 97, "non_coal_mine 2022-88": 131,
        "non_coal_mine_more 2024-41": 9, "power NDRC41-2026": 59, "special_equipment GB45067-2024": 47, "urban_construction 2024-5": 58,
    }  # fmt: skip
    assert sum(WITH_ITEMS.values()) == 732


def test_an_edition_without_clauses_says_that_only_title_and_days_are_known():
    empty = {each.code for each in SHIPPED if not each.body["items"]}
    assert {each.body["read"] for each in SHIPPED if not each.body["items"]} == {"title"} and len(empty) == 10


@pytest.mark.django_db
def test_every_item_has_a_code_of_its_own_that_a_hazard_can_keep():
    items = editions.shelf().items
    assert len(items) == 732 and max(map(len, items)) <= 80


@pytest.mark.parametrize(
    "article, cited, words",
    [
        ("5(3)", "article", "第5条第（3）项"), ("14", "article", "第14条"), ("6(2)3(1)", "article", "第6条第（2）项第3目（1）"),
        ("5(4).1", "article", "第5条第（4）项第1目"), ("1(1).2", "part", "第一部分第（1）项第2目"), ("4.1(a)", "number", "第4.1(a)条"),
        ("7", "item", "第7项"),
    ],
)  # fmt: skip
def test_an_article_is_cited_as_its_text_numbers_it(article, cited, words):
    assert article_words(article, cited) == words


@pytest.mark.parametrize(
    "article, wanted, found",
    [("5(3)", "5", True), ("5", "5", True), ("15(3)", "5", False), ("5(13)", "5(1)", False), ("5.1.4", "5.1", True)],
)
def test_an_article_holds_its_own_items_alone(article, wanted, found):
    assert of_article(article, wanted) is found


# --- days --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "sector, on, traits, number",
    [
        ("coal_mine", "2020-12-31", (), None),
        ("coal_mine", "2026-06-30", (), "应急管理部令第4号"),
        ("coal_mine", "2026-07-01", (), "应急管理部令第21号"),
        ("hazardous_chemicals", "2026-09-29", (), "安监总管三〔2017〕121号（化工部分）"),
        ("hazardous_chemicals", "2026-09-30", (), "AQ 3067-2026"),
        ("hazardous_chemicals", "2026-09-30", ("fireworks",), "安监总管三〔2017〕121号（烟花爆竹部分）"),
        ("urban_construction", "2024-12-12", (), "建质规〔2022〕2号"),
        ("urban_construction", "2024-12-13", (), "建质规〔2024〕5号"),
        ("urban_construction", "2026-11-30", ("city_gas",), "建城规〔2023〕4号"),
        ("other", "2024-12-02", ("civil_explosives",), "工信厅安全函〔2023〕337号"),
        ("other", "2024-12-03", ("civil_explosives",), "工信部安全〔2024〕234号"),
        ("other", "2026-06-30", ("power",), "国能综通安全〔2022〕123号"),
        ("other", "2026-07-01", ("power",), "国家发展改革委令第41号"),
        ("other", "2026-07-01", (), None),
        ("fire_safety", "2025-10-31", (), "GB 35181-2017"),
        ("fire_safety", "2025-11-01", (), "GB 35181-2025"),
        ("non_coal_mine", "2026-11-30", (), "矿安〔2022〕88号"),
        ("metallurgy_trade", "2023-05-15", (), "应急管理部令第10号"),
        ("special_equipment", "2024-12-01", (), "GB 45067-2024"),
        ("road_transport", "2026-11-30", (), "交办运〔2023〕52号"),
    ],
)
def test_the_edition_that_judges_is_that_of_sector_day_and_kind_of_unit(sector, on, traits, number):
    found = editions.judging(sector, D(on), traits=traits)
    assert (found.number if found else None) == number


@pytest.mark.django_db
def test_the_supplement_of_other_mines_stands_beside_their_edition():
    main = editions.edition("non_coal_mine.2022-88")
    assert rules.belongs(editions.edition("non_coal_mine_more.2024-41"), main)
    assert not rules.belongs(editions.edition("coal_mine.MEM21-2026"), main)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sector, on, text, code",
    [
        ("coal_mine", "2026-08-01", "应急管理部令第4号 第八条", "coal_mine.MEM4-2020"),
        ("coal_mine", "2026-08-01", "部令 4 号第八条", "coal_mine.MEM4-2020"),
        ("coal_mine", "2026-08-01", "14号令", None),
        ("coal_mine", "2026-05-01", "煤矿重大事故隐患判定标准 第四条", "coal_mine.MEM4-2020"),  # there was no other yet
        ("coal_mine", "2026-08-01", "煤矿重大事故隐患判定标准 第四条", None),  # both are called so
        ("coal_mine", "2026-08-01", "应急管理部令第21号第5条", "coal_mine.MEM21-2026"),
        ("coal_mine", "2026-05-01", "矿安〔2023〕125号", "coal_open_pit.2023-125"),
        ("non_coal_mine", "2026-05-01", "矿安〔2024〕41号", "non_coal_mine.2022-88"),
        ("metallurgy_trade", "2026-05-01", "《工贸企业重大事故隐患判定标准》第三条", "metallurgy_trade.MEM10-2023"),
        ("hazardous_chemicals", "2026-05-01", "121号第一条", "hazardous_chemicals.2017-121"),
        (
            "hazardous_chemicals", "2026-05-01", "烟花爆竹生产经营单位重大生产安全事故隐患判定标准（试行）（安监总管三〔2017〕121号）",
            "fireworks.2017-121",
        ),
        ("urban_construction", "2023-05-01", "房屋市政工程生产安全重大事故隐患判定标准", "urban_construction.2022-2"),
        ("coal_mine", "2026-05-01", "锚杆间距", None),
    ],
)  # fmt: skip
def test_a_text_names_an_edition_by_its_number_or_by_a_title_that_no_other_bears(sector, on, text, code):
    found = rules.named(editions.of_sector(sector), text, D(on))
    assert (found.code if found else None) == code


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(files.DATA, tmp_path / "data")
    yield tmp_path / "data"
    law.forget()


def edited(folder, name, old, new):
    path = folder / "criteria" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


BROKEN = {
    "a gap": (
        "coal_mine.MEM21-2026.toml", "2026-07-01\n", "2026-07-05\n",
        "criteria/coal_mine.MEM21-2026.toml effective_from：2026-07-01 至 2026-07-04 没有判定标准：MEM4-2020 到 2026-06-30 为止",
    ),
    "an overlap": (
        "coal_mine.MEM4-2020.toml", "effective_to = 2026-06-30", "effective_to = 2026-07-15",
        "criteria/coal_mine.MEM21-2026.toml effective_from：与 MEM4-2020 的有效期重叠：2026-07-01 起两版并存",
    ),
    "an old one without its last day": (
        "fire_safety.GB35181-2017.toml", "effective_to = 2025-10-31\n", "",
        "criteria/fire_safety.GB35181-2025.toml effective_from：与 GB35181-2017 的有效期重叠：2025-11-01 起两版并存",
    ),
    "an heir to a text without its last day": (
        "coal_open_pit.2023-125.toml", "effective_to = 2026-06-30\n", "",
        "criteria/coal_open_pit.2023-125.toml effective_from：succeeded_by：末日未写，不知何时起归入 coal_mine",
    ),
    "an overlap with another series of its sector": (
        "fireworks.2017-121.toml", 'trait = "fireworks"\n', "",
        "criteria/hazardous_chemicals.2017-121.toml effective_from：与 fireworks.2017-121 的有效期重叠：2017-11-13 起 hazardous_chemicals 有两份判定标准",
    ),
    "an heir that ended": (
        "coal_open_pit.2023-125.toml", 'succeeded_by = "coal_mine"', 'succeeded_by = "coal_pit"',
        "criteria/coal_open_pit.2023-125.toml effective_from：succeeded_by：2026-07-01 起没有 coal_pit 的版本",
    ),
    "a value without its limit": (
        "coal_mine.MEM21-2026.toml", '{ ch4_percent = ">=3.0", minutes = ">10" }', "{ ch4_percent = 3.0 }",
        "criteria/coal_mine.MEM21-2026.toml body.items[13].measure.ch4_percent：应为 1 至 40 字的文字",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("broken", BROKEN)
def test_an_edition_that_is_broken_is_refused_by_name_with_file_and_day(broken, folder):
    name, old, new, said = BROKEN[broken]
    edited(folder, name, old, new)
    with pytest.raises(CommandError) as refused:
        call_command("load_reference", folder, stdout=StringIO())
    assert said in str(refused.value)


@pytest.mark.django_db
def test_an_edition_that_follows_none_of_those_in_the_tables_is_refused_too(tmp_path):
    (tmp_path / "criteria").mkdir()
    text = (files.DATA / "criteria/coal_mine.MEM21-2026.toml").read_text(encoding="utf-8")
    late = text.replace("MEM21-2026", "MEM30-2028").replace(
        "effective_from = 2026-07-01", "effective_from = 2028-01-01"
    )
    (tmp_path / "criteria/coal_mine.MEM30-2028.toml").write_text(late, encoding="utf-8")
    with pytest.raises(CommandError, match="coal_mine MEM30-2028：与 MEM21-2026 的有效期重叠：2028-01-01"):
        call_command("load_reference", tmp_path, stdout=StringIO())
    law.forget()


@pytest.mark.django_db
def test_a_checklist_item_beside_an_article_that_is_not_there_is_refused(folder):
    path = folder / "checklist_criteria/coal_mine.2026-1.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"10"', '"99"'), encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"checklist_criteria/coal_mine.2026-1.toml body.rows：coal_mine.MEM21-2026 中没有 99"
    ):
        call_command("load_reference", folder, stdout=StringIO())


# --- the register says the same ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_register_takes_days_and_titles_from_the_editions(as_):
    found = as_("inspector").get("/api/v1/hazard-standards?sector=coal_mine&on=2026-07-01").json()["standards"]
    assert [(each["number"], each["effective_from"]) for each in found if each["edition"]] == [
        ("应急管理部令第21号", "2026-07-01")
    ]
    assert "应急管理部令第4号" not in {each["number"] for each in found}
    before = as_("inspector").get("/api/v1/hazard-standards?sector=coal_mine&on=2026-06-30").json()["standards"]
    assert {each["number"] for each in before} == {"应急管理部令第4号", "矿安〔2023〕125号", "煤矿安全生产条例"}


# --- the doors -----------------------------------------------------------------------------------------------------------
CRITERIA = "/api/v1/reference/criteria"


def asked(phone, **words):
    return phone.get(CRITERIA, words).json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words, codes",
    [
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "空顶"}, ["coal_mine.MEM21-2026:20(16)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "kongdinggan"}, ["coal_mine.MEM21-2026:20(16)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "kd 作业规程"}, ["coal_mine.MEM21-2026:20(16)"]),
        ({"sector": "coal_mine", "on": "2026-06-30", "q": "空顶"}, []),
        ({"sector": "coal_mine", "on": "2026-07-01", "article": "9"}, [f"coal_mine.MEM21-2026:9({n})" for n in (1, 2, 3)]),
        ({"sector": "fireworks", "on": "2026-11-30", "article": "1"}, ["fireworks.2017-121:1"]),
        ({"sector": "gas", "on": "2026-11-30", "q": "加臭"}, ["city_gas.2023-4:8"]),
        ({"sector": "urban_construction", "on": "2026-11-30", "q": "加臭"}, ["city_gas.2023-4:8"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "第五条第（三）项"}, ["coal_mine.MEM21-2026:5(3)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "5（3）"}, ["coal_mine.MEM21-2026:5(3)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "第二十条 空顶"}, ["coal_mine.MEM21-2026:20(16)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "第九十九条"}, []),
        ({"sector": "coal_mine", "on": "2026-07-01", "article": "第五条第三项"}, ["coal_mine.MEM21-2026:5(3)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "article": "5（3）"}, ["coal_mine.MEM21-2026:5(3)"]),
        ({"sector": "special_equipment", "on": "2026-11-30", "article": "第4.1(a)条"}, ["special_equipment.GB45067-2024:4.1(a)"]),
        ({"sector": "coal_mine", "on": "2026-07-01", "q": "空顶作业规程"}, ["coal_mine.MEM21-2026:20(16)"]),
    ],
    ids=str,
)  # fmt: skip
def test_items_are_looked_up_by_words_pinyin_or_article(as_, words, codes):
    assert {each["code"] for each in asked(as_("inspector"), **words)["items"]} == set(codes)


@pytest.mark.django_db
def test_who_knows_an_aspect_by_its_former_name_finds_its_items(as_):
    found = {
        name: {each["article"].partition("(")[0] for each in asked(as_("inspector"), sector="coal_mine", on="2026-07-01", q=name)["items"]}
        for name in ("瓦斯超限作业", "煤与瓦斯突出矿井")
    }  # fmt: skip
    assert found == {"瓦斯超限作业": {"5"}, "煤与瓦斯突出矿井": {"6"}}


@pytest.mark.parametrize(
    "text, article",
    [
        ("第五条", "5"), ("第五条第（三）项", "5(3)"), ("第5条第3项", "5(3)"), ("第五条第一款第三项", "5(3)"), ("5（3）", "5(3)"),
        ("第十三条第（四）项第2目", "13(4)2"), ("应急管理部令第21号 第二十条第（十六）项", "20(16)"),
        ("《煤矿重大事故隐患判定标准》（应急管理部令第21号）第5条第（1）项", "5(1)"), ("判定标准第五条，瓦斯超限", "5"),
        ("煤矿安全规程第五条", ""), ("应急管理部令第4号第八条", ""), ("瓦斯超限", ""), ("", ""), ("第十十条", ""), ("第二一条", ""), ("第零条", ""), ("第条", ""),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_clause_names_an_article_however_it_is_written(text, article):
    assert rules.article_of(editions.edition("coal_mine.MEM21-2026"), text) == article


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["风电闭锁", "fdbs", "fengdian 闭锁"])
def test_what_is_gone_is_found_by_the_words_of_the_old_text(as_, words):
    found = asked(as_("inspector"), sector="coal_mine", on="2026-07-01", q=words)
    assert found["items"] == []
    assert [(each["article"], each["change_name"]) for each in found["changed"]] == [("8", "删去")]


@pytest.mark.django_db
def test_an_article_shows_what_changed_against_the_text_before(as_):
    found = asked(as_("inspector"), sector="coal_mine", on="2026-07-01", article="8")
    assert {each["change"] for each in found["changed"]} == {"loosened", "tightened", "gone"}
    assert found["editions"][0]["closed_list"] is True


@pytest.mark.django_db
def test_an_edition_whole_has_aspects_tables_replies_and_changes(as_):
    whole = as_("inspector").get(f"{CRITERIA}/coal_mine.MEM21-2026").json()
    assert (len(whole["items"]), len(whole["tables"]), len(whole["replies"]), len(whole["aspects"])) == (207, 7, 7, 17)
    assert (whole["clauses"], whole["changed_from"]) == ("whole", "应急管理部令第4号")
    assert any(each["change"] == "gone" for each in whole["aspects"][4]["changed"])


@pytest.mark.django_db
def test_an_edition_whose_title_alone_is_known_says_so(as_):
    found = asked(as_("inspector"), sector="coal_mine", on="2026-06-30")
    assert {each["code"]: each["clauses"] for each in found["editions"]} == {
        "coal_mine.MEM4-2020": "not_entered", "coal_open_pit.2023-125": "not_entered",
    }  # fmt: skip
    topics = asked(as_("inspector"), sector="hazardous_chemicals", on="2026-09-30", q="特种作业")
    assert [(each["code"], each["topic"]) for each in topics["items"] if "AQ" in each["code"]] == [
        ("hazardous_chemicals.AQ3067-2026:5.1.4", True)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "?sector=coal_mine&q=kd", "/coal_mine.MEM21-2026"])
def test_an_unchanged_answer_about_criteria_is_304(as_, path):
    phone = as_("inspector")
    tag = phone.get(CRITERIA + path)["ETag"]
    assert phone.get(CRITERIA + path, HTTP_IF_NONE_MATCH=tag).status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path, status, code",
    [
        ("/nothing.2020", 404, "unknown_edition"),
        ("?sector=atlantis", 400, "unknown_sector"),
        ("?article=%00", 400, "invalid"),
        ("?article=瓦斯", 400, "invalid"),
        ("?word=x", 400, "bad_parameter"),
    ],
)
def test_a_question_about_criteria_that_makes_no_sense_is_refused(as_, path, status, code):
    answer = as_("inspector").get(CRITERIA + path)
    words = {answer.json()["code"], *(each["code"] for each in answer.json().get("errors", ()))}
    assert answer.status_code == status and code in words


@pytest.mark.django_db
def test_an_item_of_the_coal_checklist_names_the_criteria_it_looks_for(as_):
    def of(on):
        found = as_("inspector").get(f"/api/v1/checklists?sector=coal_mine&on={on}").json()["items"]
        return {each["code"]: each["criteria"] for each in found}

    assert of("2026-07-01")["C09-05"] == ["coal_mine.MEM21-2026:9(3)"] and of("2026-07-01")["C09-17"] == []
    assert set(map(tuple, of("2026-06-30").values())) == {()}


# --- entered here ----------------------------------------------------------------------------------------------------------
OLD = f"{CRITERIA}/coal_mine.MEM4-2020/clauses"
CLAUSE = {"article": "8(1)", "label": "矿井总风量不足", "source": "应急管理部令第4号正式文本"}


@pytest.fixture
def afterwards():
    yield
    law.forget()


@pytest.mark.django_db
def test_the_bureau_enters_a_clause_with_its_source(as_, afterwards):
    loads = Load.objects.count()
    made = as_("bureau").post(OLD, CLAUSE, format="json")
    assert (made.status_code, made.json()["code"]) == (201, "coal_mine.MEM4-2020:8(1)")
    whole = as_("inspector").get(f"{CRITERIA}/coal_mine.MEM4-2020").json()
    [item] = whole["items"]
    assert (whole["clauses"], item["entered"]["by_name"], item["entered"]["source"]) == (
        "entered",
        "郑应",
        CLAUSE["source"],
    )
    assert Load.objects.count() == loads + 1  # every phone's tag is old now


@pytest.mark.django_db
@pytest.mark.parametrize("article", ["8（1）", "第八条第（一）项", "第8条第1项"])
def test_a_clause_is_entered_with_its_article_as_the_text_writes_it(as_, article, afterwards):
    made = as_("bureau").post(OLD, {**CLAUSE, "article": article}, format="json")
    assert (made.status_code, made.json()["code"]) == (201, "coal_mine.MEM4-2020:8(1)")


@pytest.mark.django_db
def test_what_was_entered_wrongly_is_withdrawn_and_entered_anew(as_, afterwards):
    office = as_("bureau")
    number = office.post(OLD, CLAUSE, format="json").json()["entered"]["id"]
    assert office.post(OLD, CLAUSE, format="json").json()["code"] == "clause_stands"
    done = office.post(f"{CRITERIA}/clauses/{number}/withdraw", {"reason": "条号录错"}, format="json")
    assert (done.status_code, done.json()["items"]) == (200, [])
    assert office.post(OLD, CLAUSE, format="json").status_code == 201
    assert list(EnteredClause.objects.order_by("id").values_list("withdrawn_reason", flat=True)) == ["条号录错", ""]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "edition, fields, status, code",
    [
        ("coal_mine.MEM21-2026", {}, 409, "edition_is_whole"),
        ("metallurgy_trade.MEM10-2023", {"article": "3(1)"}, 409, "clause_stands"),
        ("nothing", {}, 404, "unknown_edition"),
        ("coal_mine.MEM4-2020", {"source": ""}, 400, "invalid"),
        ("coal_mine.MEM4-2020", {"label": "a\0b"}, 400, "nul"),
    ],
)
def test_a_clause_never_overwrites_what_was_shipped_and_has_a_source(as_, edition, fields, status, code):
    answer = as_("bureau").post(f"{CRITERIA}/{edition}/clauses", CLAUSE | fields, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not EnteredClause.objects.exists()
