"""凭什么 Why a township stands where it stands, as a table a safety officer may read."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate

from zero_accident.policies.lookup import policy_on
from zero_accident.rules import rank
from zero_accident.rules.deciding import lifting, standings
from zero_accident.rules.ranking import RankRow
from zero_accident.rules.ratios import ratio

NAMES = {"a": "蔚汾镇", "b": "康宁镇", "c": "瓦塘镇", "z": "开发区"}


def row(region: str, villages=(20, 20), units=(40, 40), deaths=0, accidents=0, hazards=(19, 20), veto=False, zone=False) -> RankRow:
    return RankRow(region, ratio(*villages), ratio(*units), deaths, accidents, hazards[1], hazards[0], veto, zone)


A = row("a")
CASES = {
    "both ratios the same, the rate decides": (
        [A, row("b", hazards=(16, 18))], "两项比例与蔚汾镇相同，按时整改率低 6.12 个百分点", "再有 23 条按时改完，就超过蔚汾镇。"),
    "the villages decide": (
        [A, row("b", villages=(19, 20))], "村比例比蔚汾镇低 5 个百分点", "差在村比例，当年只有核销或认定变更才能改变；到期的都按时改完，不让后面的超过。"),
    "the units decide": ([A, row("b", units=(38, 40))], "村比例与蔚汾镇相同，单位比例低 5 个百分点", "差在单位比例，"),
    "deaths decide": ([row("a", accidents=1, deaths=1), row("b", accidents=1, deaths=2)], "两项比例与蔚汾镇相同，死亡人数多 1 人", "差在死亡人数，"),
    "nothing above": ([row("b")], "各项比下来在最前", "守住："),
    "all the same as the first": ([A, row("b")], "与蔚汾镇各项全同，并列", "守住："),
    "the veto": ([row("a", villages=(1, 20)), row("b", veto=True)], "发生较大及以上事故，一票否决，排在最后", "一票否决当年不变；"),
    "nothing due yet": ([A, row("b", hazards=(0, 0))], "按时整改率还没有可算的", "再有 1 条按时改完"),
    "the one above has none late": ([row("a", hazards=(20, 20)), row("b")], "按时整改率低 5 个百分点", "按时整改率已经追不上蔚汾镇；"),
    "the zone": ([A, row("b", zone=True)], "列示，不参加排名", ""),
}


@pytest.fixture(scope="module")
def policy(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return policy_on(localdate())


@pytest.mark.parametrize("case", CASES)
def test_the_deciding_key_and_what_lifts_are_said(case, policy):
    rows, why, lift = CASES[case]
    found = {each.ranked.row.region: each for each in standings(rank(rows, policy), policy, NAMES)}["b"]
    assert why in found.why, found.why
    assert lifting(found, NAMES).startswith(lift), lifting(found, NAMES)


def test_as_many_as_are_said_do_lift_and_one_less_does_not(policy):
    above, below = row("a", hazards=(190, 200)), row("b", hazards=(165, 180))
    found = standings(rank([above, below], policy), policy, NAMES)[-1]

    def above_stands(more: int):
        risen = row("b", hazards=(165 + more, 180 + more))
        return {each.row.region: each.rank for each in rank([above, risen], policy)}["a"]

    assert (above_stands(found.lift), above_stands(found.lift - 1)) == (2, 1)
