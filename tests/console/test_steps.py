"""办理 What can be done with an accident and with a paper is done on its page: by whom the API lets, the condition said before, nothing typed lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accidents.models import Accident, AccidentReport, DuplicatePair, Finding
from accounts.models import User
from console.deeds import moment_of
from evidence.papers.models import Paper
from tests.cast import papers
from tests.cast.accidents import body, key, report_accident, url
from tests.console.test_lists import words

pytestmark = pytest.mark.django_db
PAPER = {"document": "兴应急〔2026〕9号", "approved_by": "郑应"}
FORM = re.compile(r'<form method="post" action="(/[\w/-]+)/([\w-]+)"[^>]*>(.*?)</form>', re.S)


def forms_of(page: Any) -> dict[str, list[dict[str, str]]]:
    """Name of a deed → what stands in each of its forms from the start, hidden or filled in."""
    found: dict[str, list[dict[str, str]]] = {}
    for _, name, inside in FORM.findall(page.content.decode()):
        stands = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside) + re.findall(r'name="(\w+)" type="datetime-local" step="1" value="([^"]+)"', inside)
        found.setdefault(name, []).append({key: unescape(value) for key, value in stands})
    return found


def does(client: Client, address: str, deed: str, number: int = 0, /, **typed: Any) -> Any:
    """Presses the button of that form, with what stands hidden in it."""
    return client.post(f"{address}/{deed}", forms_of(client.get(address))[deed][number] | typed)


def went(answer: Any) -> str:
    assert answer.status_code == 303, (re.findall(r'class="wrong"[^>]*>([^<]*)', answer.content.decode()), words(answer)[:400])
    return answer.headers["Location"].partition("#")[2]


def on_the_wall(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%S}"


@pytest.fixture
def address(people, as_) -> str:
    """Two hours old, entered by the duty desk."""
    reported = body(occurred_at=(timezone.now() - timedelta(hours=2)).isoformat(), units=[])
    assert as_("duty").put(url(1), reported, format="json").status_code == 201
    return f"/accidents/{key(1)}"


# --- an accident ----------------------------------------------------------------------------------------------------------------
def test_the_duty_desk_carries_an_accident_through_on_its_page(seat, address):
    duty, accident = seat("duty"), Accident.objects.get()
    leg = accident.legs.filter(sent_at=None, void_at=None, level="county").first()
    number = [each["of"] for each in forms_of(duty.get(address))["send"]].index(str(leg.pk))
    assert went(does(duty, address, "send", number, channel="telephone", told_to="市局值班室")) == "legs"
    assert went(does(duty, address, "report", kind="follow_up", deaths="2", note="一人抢救无效")) == "reports"
    assert went(does(duty, address, "told", level="enterprise", at=on_the_wall(accident.occurred_at + timedelta(minutes=5)), reason="矿长到场")) == "legs"
    assert went(does(duty, address, "rescue-ended")) == "legs"
    assert went(does(duty, address, "correct-wording", field="place", text="井下 1204 工作面", reason="写错了")) == "wordings"
    leg.refresh_from_db()
    accident.refresh_from_db()
    assert (leg.told_to, accident.deaths, accident.place) == ("市局值班室", 2, "井下 1204 工作面")
    assert accident.rescue_ended_at is not None and accident.heard["enterprise"]["presumed"] is False


def test_the_bureau_decides_finds_and_revokes_on_the_page(seat, address):
    bureau = seat("bureau")
    assert went(does(bureau, address, "decide", nature="production", stat_status="counted")) == "decisions"
    assert went(does(bureau, address, "find", kind="late", level="township", evidence="迟两小时", **PAPER)) == "findings"
    assert "迟报" in words(bureau.get(address)) and Finding.objects.count() == 1
    assert went(does(bureau, address, "revoke", reason="计时有误", **PAPER)) == "findings"
    assert went(does(bureau, address, "write-off", reason="刑事案件", **PAPER)) == "decisions"
    assert Accident.objects.get().stat_status == "written_off"
    assert "write-off" not in forms_of(bureau.get(address))


def test_two_records_of_one_accident_are_joined_and_parted_on_the_page(seat, address):
    other = report_accident(2, occurred_at=Accident.objects.get().occurred_at, by="township")
    DuplicatePair.objects.get_or_create(first=Accident.objects.get(pk=key(1)), second=other, defaults={"minutes": 0, "metres": 0})
    duty = seat("duty")
    assert "疑似同一起" in words(duty.get(address))
    assert went(does(duty, address, "join", into=str(other.pk), reason="同一起冒顶")) == "twins"
    assert "report" not in forms_of(duty.get(address))
    assert went(does(duty, address, "separate", reason="经核实为两起")) == "twins"
    assert Accident.objects.get(pk=key(1)).joined_to_id is None


MAY_DO = [
    ("duty", {"report", "send", "told", "rescue-ended", "correct-wording"}),
    ("bureau", {"report", "send", "told", "rescue-ended", "decide", "write-off", "find", "correct-wording"}),
    ("township", {"report"}),
    ("leader", set()),
]


@pytest.mark.parametrize(("name", "expected"), MAY_DO)
def test_each_sees_the_forms_whose_doors_open_to_them(seat, address, name, expected):
    found = set(forms_of(seat(name).get(address))) - {"logout"}
    assert found - {"receive"} == expected if name != "township" else found >= expected and not found & {"decide", "told"}


def test_what_was_refused_stands_beside_what_was_typed(seat, address):
    bureau = seat("bureau")
    page = does(bureau, address, "find", kind="late", level="township", evidence="迟两小时", document="", approved_by="郑应")
    assert page.status_code == 400
    assert "迟两小时" in page.content.decode() and "须写明文书和批准人" in words(page) and "没有办理" in words(page)
    assert not Finding.objects.exists()


def test_a_form_pressed_twice_is_carried_out_once(seat, address):
    duty = seat("duty")
    sent = forms_of(duty.get(address))["report"][0] | {"kind": "follow_up", "note": "情况没有变化"}
    assert [duty.post(f"{address}/report", sent).status_code for _ in range(2)] == [303, 303]
    assert AccidentReport.objects.filter(kind="follow_up").count() == 1


def test_what_changed_meanwhile_is_not_overwritten(seat, address):
    bureau = seat("bureau")
    sent = forms_of(bureau.get(address))["decide"][0] | {"nature": "production"}
    page = bureau.post(f"{address}/decide", sent | {"seen": '"1-1"'})  # a test is one transaction: the tag stays
    assert page.status_code == 412 and '<option value="production" selected>' in page.content.decode()
    assert went(does(bureau, address, "decide", nature="production")) == "decisions"


@pytest.mark.parametrize(("name", "typed", "status"), [
    ("unknown", {}, 404), ("send", {"of": "../../me"}, 404), ("send", {"of": "0", "channel": "telephone"}, 404), ("report", {"kind": "first"}, 400),
    ("report", {"kind": "follow_up", "deaths": "−1"}, 400), ("told", {"level": "county", "at": "昨天", "reason": "x"}, 400),
    ("decide", {"nature": "production"}, 403),
])  # fmt: skip
def test_a_form_that_no_page_made_is_refused_and_changes_nothing(seat, address, name, typed, status):
    answer = seat("duty").post(f"{address}/{name}", typed)
    assert answer.status_code == status, words(answer)[:400]
    assert (AccidentReport.objects.count(), Accident.objects.get().deaths) == (1, 1)


def test_an_accident_of_another_township_is_nobody_elses_to_report_on(seat, address):
    assert seat("inspector2").post(f"{address}/report", {"kind": "follow_up", "note": "x"}).status_code == 404


@pytest.mark.parametrize(("said", "expected"), [
    ("2026-11-23T08:10", "2026-11-23T08:10:00+08:00"), ("2026-11-23T08:10:07", "2026-11-23T08:10:07+08:00"),
    ("2026-11-23", "2026-11-23"), ("昨天", "昨天"), ("2026-11-23T08:10Z", "2026-11-23T08:10Z"),
])  # fmt: skip
def test_a_moment_of_a_form_is_of_the_county_s_clock(said, expected):
    assert moment_of(said) == expected


# --- a paper --------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def paper(people, as_) -> str:
    """An order about a hazard, by two officers with certificates of one department."""
    papers.mine(address="兴县蔚汾镇东关村")
    hazard = papers.a_hazard()
    for name in ("inspector", "department"):
        User.objects.filter(username=name).update(department="emergency")
        people[name].refresh_from_db()
        papers.certify(people[name])
    wanted = papers.body(people=people, subject=("hazard", hazard.pk), deadline=(papers.today() + timedelta(10)).isoformat())
    answer = as_("inspector").post(papers.PAPERS, wanted, format="json")
    assert answer.status_code == 201, answer.json()
    return f"/papers/{answer.json()['id']}"


def test_a_paper_is_told_served_and_its_original_kept_on_its_page(seat, paper):
    inspector = seat("inspector")
    said = words(inspector.get(paper))
    row = Paper.objects.get()
    assert row.number in said and row.addressee in said and f"/api/v1{paper}.pdf" in inspector.get(paper).content.decode()
    assert went(does(inspector, paper, "serve", how="left", received_by="张小三", place="矿调度室", witnesses="赵安\n钱全")) == "service"
    assert went(does(inspector, paper, "refuse", name="张小三", reason="有异议", witnesses="赵安")) == "signatures"
    for edition in (1, 2):
        pdf = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n" + bytes([edition]) + b"\n%%EOF\n", content_type="application/pdf")
        assert went(does(inspector, paper, "scan", file=pdf)) == "scans"
    said = words(inspector.get(paper))
    assert "赵安、钱全" in said and "拒签：有异议" in said and "第 2 版" in said
    assert (row.services.get().how, row.scans.count()) == ("left", 2)


def test_a_scan_that_is_none_is_refused_in_words(seat, paper):
    fake = SimpleUploadedFile("scan.pdf", b"hello", content_type="application/pdf")
    page = does(seat("inspector"), paper, "scan", file=fake)
    assert page.status_code == 400 and "没有办理" in words(page) and not Paper.objects.get().scans.exists()


def test_who_may_read_a_paper_but_not_serve_it_sees_no_form(seat, paper):
    page = seat("leader").get(paper)
    assert page.status_code == 200 and not set(forms_of(page)) - {"logout"}
    assert seat("leader").post(f"{paper}/serve", {"how": "direct"}).status_code == 403
    assert seat("inspector2").get(paper).status_code == 404
