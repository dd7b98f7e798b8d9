"""复查、整改、自查、村里上报 What follows a finding, in a real browser: each through the queue, without a line too."""

from __future__ import annotations

import hashlib

import pytest

from accounts.models import User
from enterprises.models import Enterprise
from evidence.models import Photo
from hazards.models import Hazard
from hazards.states import Origin, State
from risks.models import SelfCheck
from tests.cast.hazards import a_hazard_in, certify, in_days
from tests.cast.people import MINE, VILLAGE, phone_of
from tests.cast.risk_points import risk
from tests.cast.visits import photo_id, picture
from tests.phone.browser import PASSWORD, kept_for_later, open_page, program, received, shoot, sign_in, snap, stored

pytestmark = [
    pytest.mark.foreign,
    pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium"),
]
BEFORE, AFTER = picture(40, (160, 120)), picture(41, (160, 120))


@pytest.fixture
def hazard(house):
    """Waits for a review; the photo of how it was is on the server."""
    return with_photo(
        a_hazard_in(State.REVIEW_REQUESTED, Enterprise.objects.get(), review_due_on=in_days(-1), photo=None)
    )


def with_photo(hazard: Hazard) -> Hazard:
    author = User.objects.get(username="inspector2")
    Photo.objects.create(
        id=photo_id(900), owner_kind="hazard", owner_id=hazard.pk, subjects=[], declared_by=author.pk, declared_at=hazard.found_at,
        sha256=hashlib.sha256(BEFORE).hexdigest(), size=len(BEFORE), media_type="image/jpeg",
    )  # fmt: skip
    sent = phone_of(author).put(f"/api/v1/photos/{photo_id(900)}/content", BEFORE, content_type="image/jpeg")
    assert sent.status_code == 201
    return hazard


def reviewing(hand, port: int, username: str = "inspector"):
    page = open_page(hand, port)
    sign_in(page, username, PASSWORD)
    return page


def test_a_review_stands_beside_the_photo_of_before_in_the_valley_too(house, hazard, hand):
    certify("inspector", "department")
    page = reviewing(hand, house.port)
    kept_for_later(page)
    page.get_by_role("link", name="复查", exact=True).click()
    page.get_by_text("锚杆间距超出作业规程").click()
    page.get_by_alt_text("整改前").wait_for()
    hand.set_offline(True)
    page.reload()
    page.get_by_alt_text("整改前").wait_for()
    snap(page, "拍现在", AFTER)
    page.get_by_role("button", name="合格，销号", exact=True).click()
    page.get_by_role("button", name="周业").click()
    page.get_by_role("button", name="复查合格，销号").click()
    page.get_by_role("heading", name="复查", exact=True).wait_for()
    page.get_by_text("锚杆间距超出作业规程").click()
    page.get_by_text("存在这台手机上，有信号就送").wait_for()
    hand.set_offline(False)
    page.get_by_text("已收（").wait_for()
    hazard.refresh_from_db()
    last = hazard.steps.order_by("-id").first()
    assert (hazard.state, last.step, [each["name"] for each in last.details["officers"]]) == (
        State.CLOSED,
        "pass",
        ["张巡", "周业"],
    )
    assert stored(AFTER)


def test_a_review_that_fails_says_what_is_wrong_and_until_when(house, hazard, hand):
    certify("inspector", "department")
    page = reviewing(hand, house.port)
    page.get_by_text("锚杆间距超出作业规程").click()
    page.get_by_role("button", name="不合格", exact=True).click()
    page.get_by_role("button", name="周业").click()
    page.get_by_role("button", name="7 天").click()
    page.get_by_role("button", name="不合格，退回再改").click()
    page.get_by_text("请写：还有什么没改好。").wait_for()
    page.get_by_label("还有什么没改好").fill("间距仍大")
    page.get_by_role("button", name="不合格，退回再改").click()
    page.locator("#app[data-screen=reviews]").wait_for()
    page.get_by_role("link", name="返回").click()
    received(page)
    hazard.refresh_from_db()
    assert (hazard.state, str(hazard.due_on)) == (State.RECTIFYING, in_days(7))


def test_a_unit_takes_an_order_on_and_asks_for_the_review_with_a_photo(house, hand):
    hazard = a_hazard_in(State.ORDERED, Enterprise.objects.get())
    page = reviewing(hand, house.port, "principal")
    page.get_by_text("锚杆间距超出作业规程").click()
    page.get_by_label("谁负责改").fill("王建设")
    page.get_by_label("怎么改").fill("补打锚杆")
    page.get_by_role("button", name="签收整改").click()
    page.get_by_text("整改中").wait_for()
    page.get_by_text("锚杆间距超出作业规程").click()
    snap(page, "拍现在", AFTER)
    page.get_by_label("怎么改的").fill("补打了十二根")
    page.get_by_label("花了多少钱").fill("11800")
    page.get_by_role("button", name="申请复查").click()
    page.get_by_text("等来复查的 1 条").wait_for()
    hazard.refresh_from_db()
    assert (hazard.state, hazard.plan.responsible_person) == (State.REVIEW_REQUESTED, "王建设")
    page.get_by_role("link", name="返回").click()
    received(page, 2)
    assert stored(AFTER)


def test_a_round_of_the_unit_sends_what_was_looked_at_and_each_finding(house, hand):
    belt, fan = risk(Enterprise.objects.get()), risk(Enterprise.objects.get())
    type(fan).objects.filter(pk=fan.pk).update(name="主通风机")
    page = reviewing(hand, house.port, "enterprise")
    kept_for_later(page)
    page.get_by_role("link", name="自查").click()
    page.get_by_text("2 个风险点").wait_for()
    hand.set_offline(True)
    page.get_by_role("button", name="主通风机没查").click()
    page.get_by_role("button", name="皮带机头有问题").click()
    snap(page, "拍问题", AFTER)
    page.get_by_label("什么不对").fill("护罩松了")
    page.get_by_role("button", name="查完了，1 处问题").click()
    page.get_by_label("队列").get_by_label("本机 2").wait_for()
    hand.set_offline(False)
    received(page, 2)
    check, hazard = SelfCheck.objects.get(), Hazard.objects.get()
    assert (check.level, check.points, check.hazards) == ("post", [belt.pk], [hazard.pk])
    assert (hazard.origin, hazard.enterprise_id, hazard.description) == (Origin.SELF, MINE, "皮带机头：护罩松了")
    assert stored(AFTER)


def test_a_village_reports_in_three_taps_and_sees_what_became_of_it(house, hand):
    page = reviewing(hand, house.port, "village")
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, AFTER)
    page.get_by_role("button", name="保存").click()
    received(page)
    hazard = Hazard.objects.get()
    assert (hazard.origin, hazard.region_code, hazard.enterprise) == (Origin.VILLAGE, f"{VILLAGE}", None)
    page.get_by_role("link", name="我报的").click()
    page.get_by_text("收到了，等确认是不是隐患。").wait_for()
    told = phone_of(User.objects.get(username="township")).post(
        f"/api/v1/hazards/{hazard.pk}/reject", {"note": "不构成"}, format="json"
    )
    assert told.status_code == 200
    page.reload()
    page.get_by_text("看过了，认定不是隐患").wait_for()


def test_what_does_not_hold_together_is_said_before_it_is_sent(house, hazard, hand):
    page = reviewing(hand, house.port)
    page.get_by_text("锚杆间距超出作业规程").click()
    page.get_by_role("button", name="合格，销号", exact=True).click()
    page.get_by_role("button", name="复查合格，销号").click()
    page.get_by_text("请拍一张改好以后的。").wait_for()
    snap(page, "拍现在", AFTER)
    page.get_by_role("button", name="复查合格，销号").click()
    page.get_by_text("复查要两个人：请选和您一起的人。").wait_for()
    hazard.refresh_from_db()
    assert hazard.state == State.REVIEW_REQUESTED
