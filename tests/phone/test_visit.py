"""检查 On the phone's page: whoever looks at a unit writes only what is wrong, and nothing of it is lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import segno
from django.utils import timezone

from accounts.models import User
from enterprises.models import Enterprise
from evidence.models import Photo
from evidence.papers.models import Paper, Signature
from hazards.models import Hazard, Review
from inspections.models import Inspection, Task, VisitCorrection
from reference import law
from tests.cast.hazards import a_hazard_in, certify
from tests.cast.units import CODE, MINE, mine
from tests.cast.visits import picture
from tests.ops.front import web
from tests.phone.browser import (
    PASSWORD,
    kept_for_later,
    kill,
    open_page,
    phone,
    program,
    shoot,
    sign_in,
    stored,
    with_password,
)
from tests.phone.test_access import AXE, CUT, LEAST, SERIOUS, TOO_SMALL

pytestmark = [
    pytest.mark.foreign,
    pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium"),
]
SMALL, OTHER = picture(5, (300, 200)), picture(8, (300, 200))
NAME = "蔚汾示例煤业"
WRONG = "三号风门没有关严"


@pytest.fixture
def site(committed, settings):
    """One unit with the code of a licence, one inspector, certificates for two."""
    with_password("inspector")
    certify("inspector", "bureau")
    mine(name=NAME)
    with web(STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min") as running:
        yield running


def a_task(**fields) -> Task:
    who = User.objects.get(username="inspector")
    fixed = {
        "enterprise_id": MINE,
        "region_code": "141123100200",
        "sector_id": "coal_mine",
        "kind": "routine",
        "authority": "administrative",
    }
    return Task.objects.create(
        **fixed, type="daily", source={"kind": "plan", "number": "兴安办〔2026〕3号"}, due_on=timezone.localdate() + timedelta(days=3),
        assignees=[who.pk], **fields,
    )  # fmt: skip


def begin(hand, site):
    """Signed in, with what sync brings on the phone."""
    page = open_page(hand, site.port)
    sign_in(page, "inspector", PASSWORD)
    page.get_by_text("1 家单位在本机").wait_for()
    return page


def to_the_unit(page, words: str = "蔚汾") -> None:
    page.get_by_role("link", name="检查", exact=True).click()
    page.get_by_label("或者找").fill(words)
    page.get_by_role("button", name=NAME).click()
    page.get_by_role("heading", name="只点不合格的").wait_for()


def item(page, code: str):
    return page.locator(f"[data-deed=item][data-of={code}]")


def fails(page, code: str, words: str) -> None:
    item(page, code).click()
    page.get_by_role("button", name="不合格", exact=True).click()
    page.get_by_label("什么不对").fill(words)


def saved(page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("存在这台手机上").or_(page.get_by_text("已收（")).first.wait_for()


def told(page) -> None:
    page.get_by_text("已收（").wait_for()


def draw_a_signature(page) -> None:
    page.locator(".pad canvas").scroll_into_view_if_needed()
    box = page.locator(".pad canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 40 + (30 if step % 2 else 0))
    page.mouse.up()


def a_code(words: str) -> dict:
    content = io.BytesIO()
    segno.make(words, error="m").save(content, kind="png", scale=6, border=4)
    return {"name": "code.png", "mimeType": "image/png", "buffer": content.getvalue()}


def test_a_task_passed_but_for_one_item_in_few_taps_and_one_sentence(site, hand):
    task, taps = a_task(), []
    page = open_page(hand, site.port)
    page.expose_binding("tapped", lambda _, words: taps.append(words))
    sign_in(page, "inspector", PASSWORD)
    page.evaluate(
        "document.addEventListener('click', event => event.isTrusted && event.target.closest('button, a') && window.tapped(event.target.textContent.trim()), true)"
    )
    page.get_by_role("link", name=NAME).click()
    item(page, "C09-12").click()
    page.get_by_role("button", name="不合格", exact=True).click()
    page.get_by_role("button", name="拍照").first.click()
    shoot(page, SMALL)
    page.get_by_label("什么不对").fill(WRONG)
    saved(page)
    told(page)
    visit, hazard = Inspection.objects.get(), Hazard.objects.get()
    assert (len(taps), taps[-1]) == (5, "保存")  # and one into the field of words
    assert (visit.enterprise_id, visit.task_id, visit.type, visit.unanswered, visit.answers) == (
        MINE, task.pk, "daily", "pass", [{"item": "C09-12", "result": "fail", "note": ""}],
    )  # fmt: skip
    assert (hazard.item, hazard.description, hazard.level, hazard.inspection_id) == (
        "C09-12",
        WRONG,
        "general",
        visit.pk,
    )
    assert stored(SMALL) and Photo.objects.get().owner_id == visit.pk
    assert Task.objects.get().done_by == visit.pk


def test_two_officers_order_on_the_spot_and_the_unit_signs(site, hand):
    page = begin(hand, site)
    to_the_unit(page)
    page.get_by_role("button", name="同行人").click()
    page.get_by_role("button", name="郑应").click()
    fails(page, "C09-12", WRONG)
    page.get_by_role("button", name="当场责令").click()
    page.get_by_label("整改要求").fill("停止掘进。")
    page.get_by_role("button", name="看全文").click()
    page.get_by_label("姓名").fill("张小三")
    page.get_by_label("职务").fill("矿长")
    draw_a_signature(page)
    page.get_by_role("button", name="签好了").click()
    page.get_by_text("张小三 已签字").wait_for()
    saved(page)
    told(page)
    paper, hazard, visit = Paper.objects.get(kind="rectify_order"), Hazard.objects.get(), Inspection.objects.get()
    page.get_by_text(paper.number).wait_for()
    assert (hazard.state, hazard.due_on) == (
        "ordered",
        timezone.localdate() + timedelta(days=law.deadline("general", timezone.localdate())["days"]),
    )
    assert visit.companions == [User.objects.get(username="bureau").pk]
    signature = Signature.objects.get()
    assert (signature.paper_id, signature.name, signature.post) == (paper.pk, "张小三", "矿长")
    shown = paper.facts["shown_text"].split("\n")
    printed = str(paper.text)
    assert [
        each
        for each in shown
        if each.startswith(("现责令", "本指令依据", "如不服", "整改要求")) and each not in printed
    ] == []
    with page.expect_download() as file:
        page.get_by_role("button", name="打开、转发").click()
    assert (
        file.value.suggested_filename.startswith("责令限期整改指令书")
        and file.value.path().read_bytes()[:5] == b"%PDF-"
    )


def test_a_visit_without_a_line_stands_after_reload_and_a_killed_browser(site, tmp_path):
    with phone(tmp_path / "disk") as hand:
        page = begin(hand, site)
        kept_for_later(page)
        hand.set_offline(True)
        to_the_unit(page)
        fails(page, "C09-12", WRONG)
        shoot_for(page, SMALL)
        page.reload()
        assert page.get_by_label("什么不对").input_value() == WRONG
        page.get_by_alt_text("照片").wait_for()
        kill(tmp_path / "disk")
    with phone(tmp_path / "disk") as hand:
        page = open_page(hand, site.port)
        page.get_by_role("link", name="检查").first.click()
        assert page.get_by_label("什么不对").input_value() == WRONG
        saved(page)
        told(page)
    assert (Inspection.objects.get().hazards_found, Hazard.objects.get().description, stored(SMALL)) == (1, WRONG, True)


def shoot_for(page, content: bytes) -> None:
    page.get_by_role("button", name="拍照").first.click()
    shoot(page, content)


def test_the_licences_code_on_a_photo_finds_the_unit_and_is_the_scan(site, hand):
    page = begin(hand, site)
    page.get_by_role("link", name="检查", exact=True).click()
    page.get_by_role("button", name="拍一张码").click()
    page.locator("#camera").set_input_files(a_code(f"http://www.gsxt.gov.cn/index.html?uniscid={CODE}"))
    page.get_by_text("已扫").wait_for()
    saved(page)
    told(page)
    visit = Inspection.objects.get()
    assert (
        visit.enterprise_id == MINE and CODE in visit.course["scan"]["code"] and "scan_elsewhere" not in visit.warnings
    )


def test_our_own_code_finds_the_unit_and_a_strangers_is_said_to_be_one(site, hand):
    page = begin(hand, site)
    page.get_by_role("link", name="检查", exact=True).click()
    page.get_by_role("button", name="拍一张码").click()
    page.locator("#camera").set_input_files(a_code("https://example.test/pay?to=1"))
    page.get_by_text("码里没有信用代码").wait_for()
    page.get_by_role("button", name="拍一张码").click()
    page.locator("#camera").set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": SMALL})
    page.get_by_text("没有认出二维码").wait_for()
    page.get_by_role("button", name="拍一张码").click()
    page.locator("#camera").set_input_files(a_code(f"https://example.test/q/{MINE}"))
    page.get_by_role("heading", name=NAME).wait_for()


def test_the_course_is_told_in_the_same_walk(site, hand):
    page = begin(hand, site)
    to_the_unit(page)
    page.get_by_role("button", name="出示了").click()
    page.get_by_role("button", name="给了").click()
    page.get_by_role("button", name="说了").click()
    page.get_by_role("button", name="填", exact=True).click()
    page.get_by_label("谁批的").select_option(label="吴长（兴县）")
    page.get_by_label("批准时间").fill("2026-11-30T08:00")
    page.get_by_role("button", name="签字", exact=True).click()
    page.get_by_label("姓名").fill("张小三")
    page.get_by_text("对方拒签").click()
    page.get_by_label("为什么不签").fill("说要等老板")
    page.get_by_label("见证人").fill("李村、王村")
    page.get_by_role("button", name="记下拒签").click()
    page.get_by_text("拒签").first.wait_for()
    saved(page)
    told(page)
    course = Inspection.objects.get().course
    assert (course["certificates_shown"], course["notice"]["to"], course["result"]["to"]) == (True, "张小三", "张小三")
    assert course["approval"]["approver"] == str(User.objects.get(username="chief").pk)
    assert [each["reason"] for each in course["gathered"]["record"]["refusals"]] == ["说要等老板"]


def test_what_the_server_refuses_is_put_right_at_its_place(site, bending):
    page = begin(bending, site)
    to_the_unit(page)
    fails(page, "C09-12", WRONG)
    problem = '{"title": "内容有误", "code": "invalid", "errors": [{"pointer": "/hazards/0/description", "code": "invalid", "detail": "写得太短"}]}'
    page.route("**/api/v1/inspections/*", lambda route: route.fulfill(
        status=400, headers={"Content-Type": "application/problem+json", "X-Trace-Id": "1"}, body=problem,
    ) if route.request.method == "PUT" else route.continue_())  # fmt: skip
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="到队列里处理").click()
    page.get_by_role("button", name="回去改").click()
    item(page, "C09-12").click()
    page.locator(".finding").get_by_text("写得太短").wait_for()
    page.unroute("**/api/v1/inspections/*")
    page.get_by_label("什么不对").fill(WRONG + "，漏风")
    saved(page)
    told(page)
    assert Hazard.objects.get().description == WRONG + "，漏风"


def test_a_place_that_is_on_no_list_is_written_in_words(site, hand):
    page = begin(hand, site)
    page.get_by_role("link", name="检查", exact=True).click()
    page.get_by_role("button", name="名单里没有").click()
    page.get_by_role("button", name="就查这里").click()
    page.get_by_text("先选一家单位，或写上地点").wait_for()
    page.get_by_label("在哪里").fill("东关村废品收购点")
    page.get_by_label("哪个村").select_option("141123100200")
    page.get_by_label("哪个行业领域").select_option("other")
    page.get_by_role("button", name="就查这里").click()
    page.get_by_role("heading", name="只点不合格的").wait_for()
    saved(page)
    told(page)
    visit = Inspection.objects.get()
    assert (visit.enterprise_id, visit.place, visit.region_code, visit.checklist_code) == (
        None,
        "东关村废品收购点",
        "141123100200",
        "general",
    )


def test_a_received_visit_is_put_right_with_a_reason(site, hand):
    page = begin(hand, site)
    to_the_unit(page)
    fails(page, "C09-12", WRONG)
    saved(page)
    told(page)
    page.get_by_role("button", name="检查项").click()
    page.get_by_role("group", name="C09-13").get_by_role("button", name="不涉及").click()
    page.get_by_label("为什么更正").fill("这项看错了")
    page.get_by_role("button", name="报更正").click()
    page.get_by_text("已收 2 条").wait_for()
    visit = Inspection.objects.get()
    assert {(each["item"], each["result"]) for each in visit.answers} == {
        ("C09-12", "fail"),
        ("C09-13", "not_applicable"),
    }
    assert VisitCorrection.objects.get().reason == "这项看错了"


def test_two_pages_of_one_phone_write_one_visit_and_save_it_once(site, hand):
    page = begin(hand, site)
    to_the_unit(page)
    fails(page, "C09-12", WRONG)
    other = hand.new_page()
    other.goto(f"http://127.0.0.1:{site.port}/m/#/visit")
    other.get_by_label("什么不对").wait_for()
    item(other, "C09-13").click()
    other.get_by_role("button", name="不涉及", exact=True).click()
    other.get_by_text("13").first.wait_for()
    saved(page)
    told(page)
    gone = other.get_by_text("另一个页面上保存了").or_(other.get_by_text("检查：哪一家"))
    other.get_by_role("button", name="出示了").or_(gone).click()
    gone.wait_for()
    assert {each["item"]: each["result"] for each in Inspection.objects.get().answers} == {
        "C09-12": "fail",
        "C09-13": "not_applicable",
    }


def test_more_findings_than_the_list_asks_for_and_one_that_is_major(site, hand):
    page = begin(hand, site)
    to_the_unit(page)
    fails(page, "C09-12", WRONG)
    page.get_by_role("button", name="重大").click()
    page.get_by_role("button", name="这一项还有一条").click()
    page.get_by_label("第 2 条").fill("四号风门缺锁")
    page.get_by_role("button", name="记一条").click()
    page.get_by_label("表外的问题").get_by_label("什么不对").fill("灭火器过期")
    saved(page)
    told(page)
    assert [(each.item, each.level, each.description) for each in Hazard.objects.order_by("description")] == sorted(
        [("C09-12", "major", WRONG), ("C09-12", "general", "四号风门缺锁"), ("", "general", "灭火器过期")],
        key=lambda row: row[2],
    )


def test_the_hazards_that_stand_open_are_reviewed_in_the_visit(site, hand):
    a_hazard_in("review_requested", Enterprise.objects.get(), description="上次的护栏")
    page = begin(hand, site)
    to_the_unit(page)
    page.get_by_role("group", name="复查：上次的护栏").get_by_role("button", name="没改好").click()
    page.get_by_label("怎么看出来的").fill("还是没有")
    saved(page)
    told(page)
    review = Review.objects.get(inspection_id=Inspection.objects.get().pk)
    assert (review.result, review.note) == ("fail", "还是没有")


def test_a_full_storage_is_said_where_the_thumb_is(site, hand):
    page = begin(hand, site)
    to_the_unit(page)
    page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } }")
    item(page, "C09-12").click()
    page.get_by_text("手机空间不够").wait_for()


def test_a_code_before_the_camera_is_read_without_a_press(site, tmp_path):
    """The picture of a camera that is not there: Chromium shows it a film."""
    film, side, image = tmp_path / "code.y4m", 480, segno.make(f"统一社会信用代码:{CODE}", error="m")
    rows = [bytearray(b"\xff" * side) for _ in range(side)]
    scale, size = 8, len(list(image.matrix))
    edge = (side - scale * size) // 2
    for y, row in enumerate(image.matrix):
        for x, dark in enumerate(row):
            for line in range(scale) if dark else ():
                rows[edge + y * scale + line][edge + x * scale : edge + (x + 1) * scale] = bytes(scale)
    luma = b"".join(map(bytes, rows))
    film.write_bytes(f"YUV4MPEG2 W{side} H{side} F10:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + luma + b"\x80" * (side * side // 2)) * 3)
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    with phone(tmp_path / "disk", flags=camera) as hand:
        page = begin(hand, site)
        page.get_by_role("link", name="检查", exact=True).click()
        page.get_by_role("button", name="扫码").click()
        page.get_by_role("heading", name=NAME).wait_for()
        page.get_by_text("已扫").wait_for()


def test_without_a_camera_the_other_ways_are_named(site, hand):
    page = begin(hand, site)
    page.get_by_role("link", name="检查", exact=True).click()
    page.get_by_role("button", name="扫码").click()
    page.get_by_text("可以“拍一张码”，或按名称找").wait_for()
    page.get_by_label("或者找").fill("slmy")
    page.get_by_role("button", name=NAME).click()
    page.get_by_role("heading", name="只点不合格的").wait_for()


LISTS = """items => new Promise(done => { const asked = indexedDB.open("safety"); asked.onsuccess = () => {
    const tx = asked.result.transaction("lists", "readwrite"), lists = tx.objectStore("lists"), told = lists.get("checklists")
    told.onsuccess = () => lists.put(items ? told.result.map(each => ({ ...each, items })) : [], "checklists")
    tx.oncomplete = () => { asked.result.close(); done() } } })"""


def test_a_list_of_150_items_is_narrowed_by_a_few_words(site, hand):
    page = begin(hand, site)
    page.evaluate(LISTS, [[f"K-{number:03}", f"第 {number} 项是否落实？", "G"] for number in range(1, 151)])
    to_the_unit(page)
    assert page.locator("[data-deed=item]").count() == 150
    page.get_by_label("在表里找").fill("第 77 项")
    item(page, "K-001").wait_for(state="hidden")
    item(page, "K-077").click()
    page.get_by_role("button", name="不涉及", exact=True).click()
    page.get_by_role("status").get_by_text("149 合格").wait_for()


def test_before_any_checklist_has_come_what_is_wrong_is_written_all_the_same(site, hand):
    page = begin(hand, site)
    page.evaluate(LISTS, None)
    page.get_by_role("link", name="检查", exact=True).click()
    page.get_by_label("或者找").fill("蔚汾")
    page.get_by_role("button", name=NAME).click()
    page.get_by_text("检查表还没有取到").wait_for()
    page.get_by_role("button", name="记一条").click()
    page.get_by_label("什么不对").fill(WRONG)
    saved(page)
    told(page)
    assert (Inspection.objects.get().checklist_code, Hazard.objects.get().description) == ("", WRONG)


@pytest.mark.parametrize("look", [{}, {"size": "large"}, {"theme": "dark"}], ids=["plain", "large", "dark"])
def test_every_step_of_a_visit_is_read_without_a_finding_and_nothing_is_cut(site, hand, look):
    a_hazard_in("review_requested", Enterprise.objects.get(), description="三号皮带机头没有护栏，行人侧缺防护网", due_on=timezone.localdate())
    page, found = begin(hand, site), {}
    page.evaluate("look => Object.assign(document.documentElement.dataset, look)", look)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    def seen(step: str) -> None:
        wrong = [*page.evaluate(SERIOUS), *page.evaluate(TOO_SMALL, LEAST), *filter(None, [page.evaluate(CUT)])]
        found.update({step: wrong} if wrong else {})

    to_the_unit(page)
    page.get_by_role("button", name="同行人").click()
    page.get_by_label("找人").wait_for()
    seen("companions")
    page.get_by_role("button", name="郑应").click()
    page.get_by_role("group", name="复查").get_by_role("button", name="没改好").click()
    page.get_by_label("怎么看出来的").wait_for()
    page.get_by_role("button", name="填", exact=True).click()
    page.get_by_label("谁批的").wait_for()
    seen("reviews and approval")
    fails(page, "C09-12", WRONG)
    shoot_for(page, SMALL)
    page.get_by_role("button", name="当场责令").click()
    page.get_by_label("整改要求").wait_for()
    seen("finding")
    page.get_by_role("button", name="看全文").click()
    page.locator(".pad canvas").wait_for()
    seen("signature")
    page.get_by_label("返回").click()
    saved(page)
    told(page)
    page.get_by_role("button", name="检查项").click()
    page.get_by_label("为什么更正").wait_for()
    seen("correction")
    assert found == {}
