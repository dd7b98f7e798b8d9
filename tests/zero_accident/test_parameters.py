"""The lines of a policy as a leader reads them: what each is called, says and comes from."""

from dataclasses import replace
from decimal import Decimal

from reference.terms import Standard
from tests.cast.read_law import POLICY
from zero_accident.rules.parameters import OURS, parameters_of
from zero_accident.rules.policy import CategoryLine


def lines(**changes):
    return {each.code: each for each in parameters_of(replace(POLICY, **changes))}


def test_the_keys_of_the_ranking_are_said_in_their_order():
    assert lines()["ranking.keys"].said == (
        "村零事故率由高到低；单位零事故率由高到低；破零事故死亡人数由低到高；破零事故起数由低到高；隐患按期整改率由高到低"
    )


def test_an_accident_without_a_category_has_its_line():
    line = lines()["min_deaths.*"]
    assert (line.name, line.value, line.said) == ("类别待定的事故：死亡", 1, "1人及以上即破零")


def test_the_line_of_an_accident_without_a_category_is_the_county_s_own_setting():
    assert lines()["min_deaths.*"].source == OURS != lines()["min_deaths.Z1"].source


def test_a_changed_value_shows_its_own_source_and_no_other_line_does():
    change = {"at": "/categories/Z4/min_deaths", "source": "兴政办发〔2027〕1号", "effective_from": "2027-01-01"}
    before, after = lines(), lines(amended=(change,))
    assert [code for code, line in after.items() if line.source != before[code].source] == ["min_deaths.Z4"]
    assert after["min_deaths.Z4"].source == "兴政办发〔2027〕1号"


def test_a_list_of_nobody_is_said():
    assert lines(roles_when_responsible=())["attribution.roles_when_responsible"].said == "无"


def test_money_is_text_to_the_cent():
    fires = CategoryLine("Z4", "火灾事故", 1, min_loss_yuan=Decimal("500000.00"))
    assert lines(categories=(fires,))["min_loss_yuan.Z4"].value == "500000.00"


def test_whoever_must_pass_the_nine_standards_finds_a_line_that_says_so():
    assert "mode.accident_and_standard" not in lines()
    line = lines(mode="accident_and_standard")["mode.accident_and_standard"]
    assert (line.name, line.value) == ("五到位两健全一落实一及时", Standard.values)
    assert line.said == (
        "村（社区）、企事业单位须通过全部九项：组织领导到位、风险管控到位、隐患整治到位、宣传教育到位、考核奖惩到位、管理组织健全、"
        "责任制度健全、会议制度落实、信息报告及时"
    )
    assert line.source == "山西省“零事故”创建标准和事故统计范围（试行）"
