"""隐患一张图 Beside the map: the same rows, filters and steps as the API's, for those to whom its doors open."""

from __future__ import annotations

import gzip
import re
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from evidence.models import Photo
from hazards.figures import counting as figures
from hazards.models import Hazard
from pages.assets import assets
from safety_api.problems import FORBIDDEN, NOT_FOUND, TWO_OFFICERS_REQUIRED
from tests.cast.hazards import KEY, a_hazard_in, ago, certify, in_days
from tests.cast.people import OTHER_VILLAGE
from tests.cast.units import another_unit, mine
from tests.cast.visits import picture

pytestmark = pytest.mark.django_db
PART = {"X-Part": "1"}
OTHER = "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0002"
HERE = Point(111.13, 38.46, srid=4326)
MOST_OF_A_PAGE, MOST_OF_THE_MAP = 50_000, 500_000  # bytes, compressed


def told(answer) -> str:
    """What a reader reads: no tags, no spaces."""
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def seen_in(answer) -> dict[str, str]:
    return {name: unescape(re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]) for name in ("seen", "since")}


# --- the list and its filters --------------------------------------------------------------------------------------------
def test_the_worst_stand_first_and_each_opens_beside_the_list(seat):
    a_hazard_in("ordered", key=OTHER, photo=None, description="灭火器压力不足")
    a_hazard_in("ordered", mine(name="柳沟养老院"), photo=None, level="major", due_on=in_days(-3))
    page = told(seat("bureau").get("/map"))
    assert page.index("锚杆间距超出作业规程") < page.index("灭火器压力不足")
    opened = told(seat("bureau").get(f"/map?hazard={KEY}"))
    assert all(words in opened for words in ("柳沟养老院", "已逾期3天", "上报", "煤矿"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "未销号2条"), ("?level=major", "未销号，重大1条"), ("?overdue=true", "未销号，逾期1条"), ("?state=closed", "全部1条"),
        ("?q=灭火器", "未销号1条"), ("?closed_from={week}", "已销号1条"), ("?found_from={week}", "新发现3条"), ("?sector=coal_mine", "未销号2条"),
    ],
)  # fmt: skip
def test_the_list_is_chosen_by_the_words_of_all_lists(query, shown, seat):
    a_hazard_in("ordered", photo=None, level="major", due_on=in_days(-3))
    a_hazard_in("reported", key=OTHER, photo=None, description="灭火器压力不足")
    a_hazard_in("closed", key=UUID(int=77), photo=None)
    assert shown in told(seat("bureau").get(f"/map{query.format(week=in_days(-6))}"))


def test_a_filter_that_excludes_everything_names_itself_and_offers_to_go(seat):
    a_hazard_in("ordered", photo=None)
    answer = seat("bureau").get("/map?level=major&sector=fire_safety")
    assert "按“重大”" in told(answer) and "一条也没有" in told(answer)
    assert 'href="/map?sector=fire_safety" data-part>去掉“重大”' in answer.content.decode()


def test_what_a_link_says_that_nobody_knows_is_named_and_the_rest_holds(seat):
    a_hazard_in("ordered", photo=None, level="major")
    answer = seat("bureau").get("/map?level=major&colour=red&overdue=perhaps&from=timeline")
    assert answer.status_code == 400
    assert "colour" in told(answer) and "overdue" in told(answer) and "重大1条" in told(answer)
    assert "timeline" not in told(answer)


def test_a_link_to_anothers_hazard_says_that_it_is_not_there_and_keeps_the_map(seat):
    a_hazard_in("ordered", another_unit(), photo=None, region_code=OTHER_VILLAGE, description="别处的隐患")
    answer = seat("inspector").get(f"/map?hazard={KEY}")
    assert answer.status_code == 404
    assert "不在您的管辖范围" in told(answer) and 'id="map"' in answer.content.decode() and "别处的隐患" not in told(answer)
    alone = seat("inspector").get(f"/map/hazards/{KEY}")
    assert alone.status_code == 404 and NOT_FOUND.zh in alone.content.decode()


def test_neither_list_nor_counts_nor_search_know_of_another_jurisdiction(seat):
    a_hazard_in("ordered", another_unit(name="魏家滩别处煤业"), photo=None, region_code=OTHER_VILLAGE, point=HERE)
    desk = seat("inspector")
    assert "未销号0条" in told(desk.get("/map"))
    assert "＋0新发现" in told(desk.get("/map/weeks", headers=PART))
    assert "没有叫这个的单位" in told(desk.get("/map/search?q=别处煤业"))
    assert "未销号1条" in told(seat("inspector2").get("/map"))


def test_a_spot_is_a_list_of_its_own(seat):
    a_hazard_in("ordered", photo=None, point=HERE)
    a_hazard_in("ordered", key=OTHER, photo=None, point=Point(111.30, 38.46, srid=4326))
    here = told(seat("bureau").get("/map?bbox=111.12,38.45,111.14,38.47", headers=PART))
    assert "这一处1条" in here and "未销号2" in here  # the chips are of the whole map


def test_the_list_costs_the_same_number_of_queries_at_one_and_at_thirty(seat, django_assert_max_num_queries):
    desk = seat("bureau")
    for number in range(30):
        a_hazard_in("ordered", key=UUID(int=100 + number), photo=None, point=HERE)
    desk.get("/map")
    with django_assert_max_num_queries(14):
        desk.get("/map")


def test_pages_and_the_map_keep_to_their_weight(seat):
    for number in range(60):
        a_hazard_in("ordered", key=UUID(int=100 + number), photo=None, point=HERE, description=f"第 {number} 处没有护栏，皮带机尾无防护罩")
    page = seat("bureau").get(f"/map?hazard={UUID(int=101)}")
    assert len(gzip.compress(page.content)) < MOST_OF_A_PAGE
    files = ("console/page.css", "console/page.js", "console/map.css", "console/map.js", "console/map-worker.js")
    assert sum(len(assets()[name].squeezed) for name in files) + len(gzip.compress(page.content)) < MOST_OF_THE_MAP


def test_a_day_of_the_past_shows_what_stood_open_then(seat):
    a_hazard_in("ordered", photo=None, found_at=ago(3))
    a_hazard_in("closed", key=OTHER, photo=None, found_at=ago(30), closed_on=timezone.localdate())
    figures.rebuild()
    desk = seat("bureau")
    counted = {days: told(desk.get(f"/map?open_on={in_days(days)}")) for days in (-40, -10, -1, 0)}
    assert {days: int(re.search(r"未销号(\d+)条", said)[1]) for days, said in counted.items()} == {-40: 0, -10: 1, -1: 2, 0: 1}
    assert len(desk.get(f"/api/v1/hazards?open_on={in_days(-10)}").json()["results"]) == 1


def test_a_day_of_the_past_says_overdue_as_of_then(seat):
    a_hazard_in("ordered", photo=None, found_at=ago(30), due_on=in_days(-3))
    figures.rebuild()
    then, later = (told(seat("bureau").get(f"/map?open_on={in_days(days)}")) for days in (-10, -1))
    assert "逾期0" in then and "逾期1" in later
    assert "未销号，逾期1条" in told(seat("bureau").get("/map?overdue=true"))


# --- looking for a place ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("words", "found"), [("wjtz", "魏家滩镇"), ("蔚汾", "蔚汾镇"), ("lgyly", "柳沟养老院"), ("柳沟", "柳沟养老院")])
def test_places_and_units_are_found_by_words_and_initials(words, found, seat):
    mine(name="柳沟养老院")
    assert found in told(seat("bureau").get(f"/map/search?q={words}"))


def test_what_is_found_nowhere_is_looked_for_in_the_hazards(seat):
    answer = seat("bureau").get("/map/search?q=护栏%00")
    assert "没有叫这个的单位" in told(answer) and "/map?q=%E6%8A%A4%E6%A0%8F" in answer.content.decode()


def test_the_week_says_what_came_and_what_went(seat):
    a_hazard_in("ordered", photo=None, found_at=ago(2))
    a_hazard_in("closed", key=OTHER, photo=None, found_at=ago(40), closed_on=timezone.localdate())
    a_hazard_in("rejected", key=UUID(int=78), photo=None, found_at=ago(1))
    week = told(seat("bureau").get("/map/weeks", headers=PART))
    assert "＋1新发现" in week and "－1销号" in week


# --- a step -----------------------------------------------------------------------------------------------------------------
def test_a_condition_is_said_before_and_the_step_is_done_there(seat):
    a_hazard_in("reported", mine(), photo=None)
    desk = seat("bureau")
    panel = desk.get(f"/map/hazards/{KEY}", headers=PART)
    assert "下一步确认条件：定级；重大须有判定条款或专家意见，并由部门负责人确认" in told(panel)
    done = desk.post(f"/map/hazards/{KEY}/confirm", {"level": "general", **seen_in(panel)}, headers=PART)
    assert done.status_code == 200 and "确认，已办好" in told(done)
    assert Hazard.objects.get().state == "confirmed"


def test_without_script_a_step_leads_back_to_the_map(seat):
    a_hazard_in("reported", photo=None)
    answer = seat("bureau").post(f"/map/hazards/{KEY}/reject", {"note": "不构成"})
    assert (answer.status_code, answer["Location"]) == (303, f"/map?hazard={KEY}")


def test_what_is_wrong_stands_beside_what_was_typed(seat):
    certify("bureau", "inspector")
    a_hazard_in("confirmed", mine(), photo=None)
    answer = seat("bureau").post(f"/map/hazards/{KEY}/order", {"onsite_measures": "停用三号皮带", "deadline": in_days(500)}, headers=PART)
    assert answer.status_code == TWO_OFFICERS_REQUIRED.status
    assert TWO_OFFICERS_REQUIRED.zh in answer.content.decode() and "停用三号皮带" in answer.content.decode()
    assert Hazard.objects.get().state == "confirmed"


def test_a_form_filled_in_meanwhile_shows_what_changed_and_keeps_the_words(seat, people):
    a_hazard_in("reported", mine(), photo=None)
    desk = seat("chief")
    panel = seen_in(desk.get(f"/map/hazards/{KEY}", headers=PART)) | {"seen": '"1-1"'}  # a test is one transaction: the tag stays
    seat("bureau").post(f"/map/hazards/{KEY}/confirm", {"level": "general", "note": "现场看过"}, headers=PART)
    late = desk.post(f"/map/hazards/{KEY}/void", {"reason": "other", "note": "录错了单位", **panel}, headers=PART)
    assert late.status_code == 412
    assert all(words in told(late) for words in ("有了变化", people["bureau"].name, "现场看过", "录错了单位"))
    assert Hazard.objects.get().state == "confirmed"
    gone = desk.post(f"/map/hazards/{KEY}/confirm", {"level": "general", **panel}, headers=PART)
    assert gone.status_code in (409, 412) and "这一步不用办了" in told(gone)


@pytest.mark.parametrize(("name", "step", "status"), [("inspector", "enforce", 403), ("bureau", "fall-due", 404), ("bureau", "correct-wording", 404)])
def test_a_step_that_is_not_ones_own_is_refused_in_words(name, step, status, seat):
    a_hazard_in("rectifying", mine(), photo=None)
    answer = seat(name).post(f"/map/hazards/{KEY}/{step}", {"note": "试试"}, headers=PART)
    assert answer.status_code == status
    assert (FORBIDDEN.zh if status == 403 else NOT_FOUND.zh) in answer.content.decode()


def test_a_photo_comes_with_its_step_and_what_is_none_is_refused_first(seat):
    a_hazard_in("rectifying", mine(), level="general")
    said = {"statement": "已整改", "cost_yuan": "100"}
    broken = SimpleUploadedFile("a.jpg", b"no picture at all", "image/jpeg")
    refused = seat("principal").post(f"/map/hazards/{KEY}/request-review", {**said, "photos": broken}, headers=PART)
    assert refused.status_code == 400 and "已整改" in refused.content.decode() and Hazard.objects.get().state == "rectifying"
    photo = SimpleUploadedFile("a.jpg", picture(5, (300, 200)), "image/jpeg")
    done = seat("principal").post(f"/map/hazards/{KEY}/request-review", {**said, "photos": photo}, headers=PART)
    assert done.status_code == 200, told(done)
    assert Hazard.objects.get().state == "review_requested" and Photo.objects.filter(stored_at__isnull=False).count() == 1


def test_a_form_of_another_site_is_refused(people):
    a_hazard_in("reported", photo=None)
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(people["bureau"], backend="accounts.backends.NameAndPassword")
    assert desk.post(f"/map/hazards/{KEY}/reject", {"note": "不构成"}).status_code == 403
    assert Hazard.objects.get().state == "reported"


# --- a background of others ----------------------------------------------------------------------------------------------
@pytest.fixture
def backdrop(settings):
    """A server of tiles; what it answers is set by the test."""
    asked: list[str] = []

    class Tiles(BaseHTTPRequestHandler):
        answer: tuple[int, str, bytes] = (200, "image/png", b"\x89PNG")

        def do_GET(self):
            asked.append(self.path)
            status, media_type, content = self.answer
            self.send_response(status)
            for name, value in (("Content-Type", media_type), ("Content-Length", str(len(content))), ("Location", "http://127.0.0.1/")):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.BACKDROP_URL = f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}?tk=secret"
    yield Tiles, asked
    server.shutdown()
    server.server_close()


def test_a_background_comes_by_the_server_which_keeps_the_key(backdrop, seat):
    answer = seat("bureau").get("/map/backdrop/9/413/196")
    assert (answer.content, answer["Content-Type"]) == (b"\x89PNG", "image/png") and "max-age" in answer["Cache-Control"]
    assert backdrop[1] == ["/9/413/196?tk=secret"]
    page = seat("bureau").get("/map").content.decode()
    assert "/map/backdrop/{z}/{x}/{y}" in page and "secret" not in page


NO_TILES = {"gone": (404, "image/png", b""), "moved": (302, "image/png", b""), "page": (200, "text/html", b"<p>"), "huge": (200, "image/png", b"0" * 600_000)}


@pytest.mark.parametrize("answered", NO_TILES.values(), ids=NO_TILES)
def test_what_is_no_tile_is_not_passed_on(answered, backdrop, seat):
    backdrop[0].answer = answered
    answer = seat("bureau").get("/map/backdrop/9/413/196")
    assert answer.status_code == 404 and "secret" not in answer.content.decode()


def test_without_a_setting_there_is_no_background_and_beyond_the_world_none(backdrop, seat, settings):
    assert seat("bureau").get("/map/backdrop/3/9/1").status_code == 404
    settings.BACKDROP_URL = ""
    assert seat("bureau").get("/map/backdrop/9/413/196").status_code == 404
    assert backdrop[1] == []
