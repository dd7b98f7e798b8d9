"""走小店 A walk of small shops in a real browser: one start, shop by shop, one save."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.contrib.gis.geos import Point

from hazards.models import Hazard
from inspections.models import Inspection
from tests.cast.units import unit
from tests.cast.visits import picture
from tests.phone.browser import (
    HERE,
    PASSWORD,
    count_taps,
    kept_for_later,
    open_page,
    program,
    received,
    shoot,
    sign_in,
    snap,
    stored,
    taps,
)

pytestmark = [
    pytest.mark.foreign,
    pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium"),
]
SHOPS = ["老王烧烤", "东关五金", "小李面馆", "晋绥粮油", "蔚汾网吧"]
SIGNS = [picture(20 + number, (120, 90)) for number in range(len(SHOPS))]


@pytest.fixture
def street(house):
    """Five shops with codes, some metres apart."""
    for number, name in enumerate(SHOPS):
        at = Point(HERE["longitude"] + number / 10_000, HERE["latitude"], srid=4326)
        unit(name, sector="fire_safety", unit_type="individual_business", point=at)
    return house


def begun(hand, port: int):
    page = open_page(hand, port)
    sign_in(page, "inspector", PASSWORD)
    page.get_by_text("6 家单位在本机").wait_for()
    return page


def test_five_shops_in_eighteen_taps_and_no_stroke_of_a_key(street, hand):
    page = begun(hand, street.port)
    count_taps(page)
    page.get_by_role("link", name="走小店").click()
    page.get_by_role("button", name="开始走").click()
    for number, (name, sign) in enumerate(zip(SHOPS, SIGNS, strict=True), 1):
        page.get_by_role("heading", name=f"第 {number} 家").wait_for()
        snap(page, "拍招牌", sign)
        page.get_by_role("button", name=name).click()
        page.get_by_role("button", name="都合格，下一家").click()
    page.get_by_role("button", name="保存 5 家").click()
    assert taps(page) == 18  # the door, the start, three a shop, the save
    received(page, 5)
    made = Inspection.objects.order_by("started_at")
    assert [each.enterprise.name for each in made] == SHOPS
    assert all(before.finished_at == after.started_at for before, after in pairwise(made))
    assert {(each.checklist_code, each.unanswered, each.authority, each.sector_id) for each in made} == {
        ("general", "pass", "patrol", "fire_safety")
    }
    assert all(stored(sign) for sign in SIGNS)


def test_what_is_wrong_in_a_shop_without_a_code_goes_with_it_also_without_a_line(street, hand):
    page = begun(hand, street.port)
    kept_for_later(page)
    hand.set_offline(True)
    page.get_by_role("link", name="走小店").click()
    page.get_by_role("button", name="开始走").click()
    snap(page, "拍招牌", picture(30))
    page.get_by_label("哪一家").fill("桥头早点铺")
    page.get_by_role("button", name="有问题").click()
    snap(page, "拍问题", picture(31))
    page.get_by_label("什么不对").fill("煤气罐挨着灶")
    page.get_by_role("button", name="重大").click()
    page.get_by_role("button", name="重大", pressed=True).wait_for()
    page.reload()
    assert page.get_by_label("什么不对").input_value() == "煤气罐挨着灶"
    page.get_by_role("button", name="记下，下一家").click()
    page.get_by_text("桥头早点铺").wait_for()
    page.get_by_role("button", name="保存 1 家").click()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    hand.set_offline(False)
    received(page)
    visit, hazard = Inspection.objects.get(), Hazard.objects.get()
    assert (visit.place, visit.enterprise, visit.region_code) == ("桥头早点铺", None, "141123100000")
    assert (hazard.inspection_id, hazard.description, hazard.level) == (visit.pk, "煤气罐挨着灶", "major")
    assert stored(picture(30)) and stored(picture(31))


def test_a_spot_without_a_code_tells_what_was_seen_there_before(street, hand):
    page = begun(hand, street.port)
    for visits, answer in enumerate(("有问题", "都合格，下一家"), 1):
        page.get_by_role("link", name="走小店").click()
        page.get_by_role("button", name="开始走").click()
        if answer == "有问题":
            page.get_by_label("哪一家").fill("桥头早点铺")
            page.get_by_role("button", name="有问题").click()
            page.get_by_label("什么不对").fill("煤气罐挨着灶")
            page.get_by_role("button", name="记下，下一家").click()
        else:
            page.get_by_role("button", name="桥头早点铺").click()  # the name given last time, offered within metres
            page.get_by_text("煤气罐挨着灶").wait_for()
            page.get_by_text("我来过，桥头早点铺：1 处有问题").wait_for()
            page.get_by_role("button", name=answer).click()
        page.get_by_role("heading", name="第 2 家").wait_for()
        page.get_by_role("button", name="保存 1 家").click()
        received(page, visits)
    assert list(Inspection.objects.values_list("place", flat=True)) == ["桥头早点铺"] * 2


def test_a_shop_that_was_only_begun_is_not_lost_by_the_save(street, hand):
    page = begun(hand, street.port)
    page.get_by_role("link", name="走小店").click()
    page.get_by_role("button", name="开始走").click()
    page.get_by_role("button", name=SHOPS[0]).click()
    page.get_by_role("button", name="都合格，下一家").click()
    page.get_by_role("heading", name="第 2 家").wait_for()  # or the photo goes to the first one
    shoot(page, SIGNS[1])
    page.get_by_role("button", name="保存 1 家").click()
    page.get_by_text("这一家还没有说完").wait_for()
    page.get_by_role("button", name="去掉这一家").click()
    page.get_by_role("button", name="删掉，找不回来").click()
    page.get_by_role("button", name="保存 1 家").click()
    received(page)
    assert Inspection.objects.get().enterprise.name == SHOPS[0]
