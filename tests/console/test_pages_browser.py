"""办公页 In a real browser: read by axe without a serious finding, nothing cut from 320 px up, no complaint of the console, and a leader's errand."""

from __future__ import annotations

import hashlib

import pytest
from django.contrib.sessions.models import Session

from accounts.models import User
from assessment.closings.actions import open_closing
from console.places import places_of
from evidence.actions import process
from evidence.models import Photo, PhotoState
from evidence.rules import Flag
from hazards.models import Hazard
from hazards.states import State
from tests.cast.accidents import YEAR, bureau, report_accident
from tests.cast.closings import MONTH
from tests.cast.hazards import a_hazard_in, in_days
from tests.cast.people import phone_of
from tests.cast.units import mine
from tests.cast.visits import photo_id, picture
from tests.console.desk import desk, seated
from tests.ground.connections import until
from tests.ops.front import web
from tests.phone.browser import PASSWORD, program, with_password
from tests.phone.test_access import AXE, CUT, SERIOUS

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")]
LOOKS = [{}, {"size": "large"}, {"theme": "dark"}]


@pytest.fixture
def office(committed, settings):
    unit = mine(name="蔚汾示例煤业有一个很长的名字看看会不会被截断有限责任公司")
    a_hazard_in(State.REPORTED, unit, photo=None)
    a_hazard_in(State.RECTIFYING, unit, "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0003", photo=None, level="major", due_on=in_days(-3))
    accident = report_accident()
    closing, _ = open_closing(YEAR, MONTH, by=bureau())
    with web(STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min") as house:
        yield house.port, unit, accident, closing
    Session.objects.all().delete()


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_every_page_is_read_without_a_serious_finding_and_nothing_is_cut(width, office):
    port, unit, accident, closing = office
    paths = [place.path for place in places_of(bureau()) if place.path != "/map"]  # the map has tests of its own
    paths += ["/login", "/password", "/keys", "/hazards?level=major&overdue=true&q=无", "/broken?year=2025", f"/enterprises/{unit.pk}", f"/accidents/{accident.pk}"]
    paths += [f"/closings/{closing.pk}", "/ledgers/rectification"]
    paths += [f"/ranking/141123100000{part}?year=2025" for part in ("", "/villages", "/units")] + ["/policy", "/zero?kind=unit", "/short"]
    with desk(width=width) as context:
        page = seated(context, port, "bureau")
        found = {f"{path} {look}": wrong for path in paths for look in LOOKS if (wrong := _wrong(page, port, path, look))}
        assert not found, "\n".join(f"{where}: {wrong}" for where, wrong in found.items())
        assert page.complaints == []


def _wrong(page, port: int, path: str, look: dict[str, str]) -> list[str]:
    page.goto(f"http://127.0.0.1:{port}{path}")
    page.evaluate("look => { for (const word of ['size', 'theme']) document.documentElement.dataset[word] = look[word] || '' }", look)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*page.evaluate(SERIOUS), *filter(None, [page.evaluate(CUT)])]


def test_a_leader_signs_in_and_takes_a_figure_apart_down_to_the_accident(office):
    port, *_ = office
    with_password("leader")
    with desk(width=360) as context:
        page = context.new_page()
        complaints = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"http://127.0.0.1:{port}/ranking?year=2025")
        page.get_by_label("用户名").fill("leader")
        page.get_by_label("口令", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.locator(".own .why").wait_for()
        page.locator(".own .line a").first.click()  # villages that count, n/N
        page.get_by_role("link", name="死亡1人").first.click()
        page.get_by_role("heading", name="报告时限").wait_for()
    assert complaints == []


def test_a_photo_of_a_record_opens_large_and_the_arrows_go_to_the_next(office):
    port, *_ = office
    hazard = Hazard.objects.get(level="major")
    for number in (1, 2):
        _a_photo(hazard, number)
    with desk() as context:
        page = seated(context, port, "bureau")
        page.goto(f"http://127.0.0.1:{port}/hazards/{hazard.pk}")
        page.locator("a[data-picture]").first.click()
        large = page.get_by_role("dialog", name="大图")
        large.get_by_text("（1/2）").wait_for()
        large.get_by_text("照片内记的位置与手机所报的拍摄位置不符。").wait_for()
        until(lambda: page.evaluate("document.querySelector('.light-box > img').naturalWidth > 0"), seconds=60)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(SERIOUS) == []
        page.keyboard.press("ArrowRight")
        large.get_by_text("（2/2）").wait_for()
        assert large.get_by_role("button", name="下一张").is_disabled()
        page.keyboard.press("Escape")
        large.wait_for(state="hidden")
        assert page.evaluate("document.activeElement.matches('a[data-picture]')") and page.complaints == []


def _a_photo(hazard: Hazard, number: int) -> None:
    content, author = picture(60 + number, (320, 240)), User.objects.get(username="inspector")
    photo = Photo.objects.create(
        id=photo_id(700 + number), owner_kind="hazard", owner_id=hazard.pk, subjects=[], declared_by=author.pk, declared_at=hazard.found_at,
        position=number, sha256=hashlib.sha256(content).hexdigest(), size=len(content), media_type="image/jpeg",
    )  # fmt: skip
    assert phone_of(author).put(f"/api/v1/photos/{photo.pk}/content", content, content_type="image/jpeg").status_code == 201
    assert process(photo.pk) == PhotoState.READY
    Photo.objects.filter(pk=photo.pk).update(flags=[Flag.PLACE_DIFFERS])
