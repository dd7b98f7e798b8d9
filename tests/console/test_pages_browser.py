"""办公页 In a real browser: read by axe without a serious finding, nothing cut from 320 px up, no complaint of the console, and a leader's errand."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from console.places import PLACES
from hazards.states import State
from tests.cast.accidents import report_accident
from tests.cast.hazards import a_hazard_in, in_days
from tests.cast.units import mine
from tests.console.desk import desk, seated
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
    with web(STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min") as house:
        yield house.port, unit, accident
    Session.objects.all().delete()


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_every_page_is_read_without_a_serious_finding_and_nothing_is_cut(width, office):
    port, unit, accident = office
    paths = [place.path for place in PLACES if place.path != "/map"]  # the map has tests of its own
    paths += ["/login", "/password", "/keys", "/hazards?level=major&overdue=true&q=无", "/broken?year=2025", f"/enterprises/{unit.pk}", f"/accidents/{accident.pk}"]
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
