"""手机页 Every screen: read by axe without a serious finding, nothing cut at 360 px, nothing too small for a gloved finger."""

from __future__ import annotations

import re

import pytest

from ops.home import PROJECT
from tests.cast.units import a_unit
from tests.ops.front import web
from tests.phone.browser import PASSWORD, open_page, phone, program, sign_in, with_password

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = sorted(
    re.search(r'^  route: "(.*?)"', file.read_text(encoding="utf-8"), re.MULTILINE)[1] for file in (PROJECT / "phone" / "assets" / "screens").glob("*.js")
)
LOOKS = [{}, {"size": "large"}, {"theme": "dark"}]
LEAST = 44  # CSS pixels
TOO_SMALL = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter(each => each.offsetParent)
    .map(each => (each.closest("label") || each).getBoundingClientRect() && [each.outerHTML.slice(0, 90), (each.closest("label") || each).getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5).map(([words, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${words}`)"""
CUT = """() => [document.documentElement.scrollWidth > innerWidth ? `${document.documentElement.scrollWidth} px wide` : "",
    ...[...document.querySelectorAll("button, .btn, .state, .level")].filter(each => each.offsetParent && each.scrollWidth > each.clientWidth + 1).map(each => `spilt: ${each.textContent}`)]
    .filter(Boolean).join("; ")"""
SERIOUS = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.filter(each => ["serious", "critical"].includes(each.impact))
    .map(each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`)"""


def test_every_screen_is_read_without_a_serious_finding_and_nothing_is_cut_or_small(committed, settings, tmp_path):
    with_password("inspector")
    a_unit(name="蔚汾示例煤业有一个很长的名字看看会不会被截断有限责任公司")
    with web(STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min") as house, phone(tmp_path / "disk") as hand:
        page = open_page(hand, house.port)
        sign_in(page, "inspector", PASSWORD)
        found = {
            f"{screen or 'home'} {look}": wrong for look in LOOKS for screen in SCREENS if (wrong := _wrong(page, house.port, screen, look))
        }
    assert not found, "\n".join(f"{where}: {wrong}" for where, wrong in found.items())


def _wrong(page, port: int, screen: str, look: dict[str, str]) -> list[str]:
    page.goto(f"http://127.0.0.1:{port}/m/#/{screen}")
    page.locator(f"#app[data-screen='{screen}']").wait_for()
    page.evaluate("look => { for (const word of ['size', 'theme']) document.documentElement.dataset[word] = look[word] || '' }", look)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*page.evaluate(SERIOUS), *page.evaluate(TOO_SMALL, LEAST), *filter(None, [page.evaluate(CUT)])]
