"""事故、通知 The telephone on top and the report behind it; what is new, and what was seen of it, in a real browser."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import timezone

from accidents.models import Accident, AccidentReport
from accounts.models import User
from enterprises.models import Enterprise
from hazards.messages import CONFIRMED
from hazards.states import State
from inbox import actions as inbox
from inbox.letters import Letter, person
from inbox.models import Seen
from reference import law
from tests.cast.hazards import a_hazard_in
from tests.cast.visits import picture
from tests.ground.connections import until
from tests.phone.browser import PASSWORD, kept_for_later, open_page, program, received, sign_in, snap, stored, synced

pytestmark = [
    pytest.mark.foreign,
    pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium"),
]
SCENE = picture(50, (160, 120))


def test_an_accident_is_called_first_and_written_down_with_what_one_knows(house, hand):
    page = open_page(hand, house.port)
    sign_in(page, "principal", PASSWORD)
    kept_for_later(page)
    synced(page)
    hand.set_offline(True)
    page.get_by_role("link", name="事故").click()
    assert page.get_by_role("link", name="119").get_attribute("href") == "tel:119"
    page.get_by_text("县值班室的电话还没有登记").wait_for()
    page.get_by_text("国务院令第493号 第九条").wait_for()
    page.get_by_role("button", name="报上去").click()
    page.get_by_text("点一下“刚才”").wait_for()
    page.get_by_role("button", name="刚才").click()
    page.get_by_text("还有 60 分钟").wait_for()
    page.get_by_role("button", name="死亡加一").click()
    snap(page, "拍现场", SCENE)
    page.get_by_label("出了什么事").fill("顶板冒落，一人被埋")
    page.get_by_role("button", name="报上去").click()
    page.get_by_text("存在这台手机上", exact=False).first.wait_for()
    page.get_by_role("button", name="下落不明加一").click()
    page.get_by_label("新的情况").fill("又有一人联系不上")
    page.get_by_role("button", name="续报").click()
    page.get_by_text("事故续报").wait_for()
    hand.set_offline(False)
    until(lambda: AccidentReport.objects.count() == 2, seconds=60)
    accident = Accident.objects.get()
    assert [each.enterprise.name for each in accident.units.all()] == ["蔚汾示例煤业"]
    assert (accident.deaths, accident.missing, accident.description) == (1, 1, "顶板冒落，一人被埋")
    assert AccidentReport.objects.earliest("id").serious_injuries is None  # not said, which is not none
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="返回").click()
    received(page, 2)
    assert stored(SCENE)


def test_the_number_of_the_duty_desk_stands_on_top_once_the_county_has_entered_it(house, bending):
    page = open_page(bending, house.port)

    def with_number(route):
        answer = route.fetch()
        told = answer.json()
        if desk := told.get("lists", {}).get("telephones"):
            desk["rows"][0][1] = "0358-6322350"
        route.fulfill(response=answer, body=json.dumps(told))

    page.route("**/api/v1/sync*", with_number)
    sign_in(page, "duty", PASSWORD)
    page.get_by_role("link", name="报事故").click()
    page.get_by_role("link", name="0358-6322350").wait_for()
    law_of_today = law.in_force("duty_desk", date.today()).body["telephones"]
    assert [each.get("number") for each in law_of_today] == [None, "119", "120", "110"]


def test_a_notice_leads_to_its_hazard_and_is_seen_without_a_line(house, hand):
    user, hazard = User.objects.get(username="inspector"), a_hazard_in(State.RECTIFYING, Enterprise.objects.get())
    for number in (1, 2):
        inbox.send(
            [
                Letter(
                    CONFIRMED,
                    f"test/{number}",
                    f"您上报的隐患已确认（{number}）。",
                    person(user.pk),
                    timezone.localdate(),
                    "hazard",
                    hazard.pk,
                )
            ]
        )
    page = open_page(hand, house.port)
    sign_in(page, "inspector", PASSWORD)
    page.get_by_role("link", name="通知 2").wait_for()
    kept_for_later(page)
    hand.set_offline(True)
    page.get_by_role("link", name="通知 2").click()
    page.get_by_role("button", name="已确认（1）").click()
    page.get_by_text("锚杆间距超出作业规程").wait_for()
    page.go_back()
    page.get_by_text("没看的 1 条").wait_for()
    page.reload()
    page.get_by_text("没看的 1 条").wait_for()
    assert not Seen.objects.exists()
    hand.set_offline(False)
    until(lambda: Seen.objects.count() == 1, seconds=60)
    page.get_by_text("办完的 1 条").wait_for()
    assert Seen.objects.get().user == user
