"""A morning of each role, over the API alone: what a screen shows is what the next call needs. `docs/mornings.md` says how many calls."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from tests.cast.hazards import OFFICERS, a_hazard_in, certify, in_days, ordered_by
from tests.cast.people import VILLAGE
from tests.cast.units import mine
from tests.cast.visits import a_photo, a_visit, picture

pytestmark = pytest.mark.django_db
PAGE = (Path(settings.BASE_DIR) / "docs/mornings.md").read_text()
SAID = {who: int(calls) for who, calls in re.findall(r"^## \S+ `(\w+)` · (\d+)", PAGE, re.MULTILINE)}
A = "/api/v1/"
WAITING = "hazards?waiting_for=me&sort="


class Morning:
    """A client that counts, and stops at the first refusal."""

    def __init__(self, client: Any):
        self.client, self.calls = client, []

    def ask(self, path: str) -> Any:
        return self._told("GET", path, self.client.get(A + path))

    def rows(self, path: str) -> list[Any]:
        found = self.ask(path)
        return found.get("results", found) if isinstance(found, dict) else found

    def first(self, path: str) -> Any:
        return self.rows(path)[0]

    def post(self, path: str, **body: Any) -> Any:
        return self._told("POST", path, self.client.post(A + path, body, format="json"))

    def put(self, path: str, **body: Any) -> Any:
        return self._told("PUT", path, self.client.put(A + path, body, format="json"))

    def photo(self, photo: dict[str, Any], content: bytes) -> None:
        path = f"photos/{photo['id']}/content"
        self._told("PUT", path, self.client.put(A + path, content, content_type="image/jpeg"))

    def _told(self, verb: str, path: str, answer: Any) -> Any:
        assert answer.status_code < 400, f"{verb} {path}: {answer.content.decode()}"
        self.calls.append(f"{verb} {path}")
        return answer.json()


def shot(number: int) -> tuple[dict[str, Any], bytes]:
    content = picture(number)
    return a_photo(number, content, id=str(uuid4()), taken_at=timezone.now().isoformat()), content


def companion_for(day: Morning, unit: str, *but: str) -> str:
    """Somebody certified of whose jurisdiction the unit is, but for these people."""
    found = day.rows(f"people?can=officer&enterprise={unit}")
    return next(each["id"] for each in found if not {each["id"], each["name"]}.intersection(but))


def who_ordered(day: Morning, hazard: str) -> list[str]:
    steps = day.rows(f"hazards/{hazard}/history")
    return [each["id"] for step in steps if step["step"] == "order" for each in step["details"].get("officers", ())]


# --- who does what ----------------------------------------------------------------------------------------------------
def inspector(day: Morning) -> None:
    day.ask("inbox")
    task = day.first("tasks?mine=true&sort=due_on")
    day.ask(f"enterprises/{task['enterprise']}")
    sheet = day.ask(f"checklists?sector={task['sector']}")
    companion = companion_for(day, task["enterprise"], "张巡")
    visit, (photo, content), item = str(uuid4()), shot(1), sheet["items"][0]["code"]
    now = timezone.now()
    finding = {
        "id": str(uuid4()),
        "item": item,
        "level": "general",
        "description": "早·护罩缺失",
        "photos": [photo["id"]],
    }
    day.put(f"inspections/{visit}", **{
        **a_visit(), "enterprise": task["enterprise"], "sector": task["sector"], "task": task["id"], "photos": [photo],
        "started_at": (now - timedelta(hours=1)).isoformat(), "finished_at": now.isoformat(), "companions": [companion],
        "checklist": {"code": sheet["code"], "version": sheet["version"]}, "hazards": [finding],
        "answers": [{"item": item, "result": "fail", "note": "缺失"}],
    })  # fmt: skip
    day.photo(photo, content)
    day.ask(f"inspections/{visit}/receipt")
    reviewed = day.first(f"{WAITING}review_due_on&state=review_requested")
    reviewer = companion_for(day, reviewed["enterprise"], "张巡", *who_ordered(day, reviewed["id"]))
    after, content = shot(4)
    day.post(f"hazards/{reviewed['id']}/pass", companion=reviewer, photos=[after])
    day.photo(after, content)


def township(day: Morning) -> None:
    day.ask("inbox")
    hazard = day.first(f"{WAITING}received_at&state=reported")
    day.post(f"hazards/{hazard['id']}/confirm", deadline=in_days(9))
    day.ask("tasks?overdue=true")
    unit = day.first("enterprises?sort=last_visit_on")["id"]
    who = day.first(f"people?can=assignee&enterprise={unit}&role=inspector")["id"]
    day.post("tasks", enterprise=unit, due_on=in_days(9), assignees=[who], note="早·回头看")
    day.ask("hazards?overdue=true&sort=deadline")


def leader(day: Morning) -> None:
    for path in ("inbox", "zero-accident/ratios", "zero-accident/ranking", "zero-accident/broken?kind=village",
                 "hazard-figures", "hazards?overdue=true&sort=deadline", "zero-accident/bulletins"):  # fmt: skip
        day.ask(path)


def village(day: Morning) -> None:
    day.ask("inbox")
    unit, (photo, content) = day.first("enterprises?q=煤矿")["id"], shot(2)
    found_at = timezone.now().isoformat()
    day.put(
        f"hazards/{uuid4()}", enterprise=unit, description="早·通道堵塞", found_at=found_at, photos=[photo], device={}
    )
    day.photo(photo, content)
    day.ask("hazards?mine=true&open=true")


def department(day: Morning) -> None:
    day.ask("inbox")
    hazard = day.first(f"{WAITING}received_at&state=reported")
    day.post(f"hazards/{hazard['id']}/confirm", deadline=in_days(9))
    companion = companion_for(day, hazard["enterprise"], "周业")
    day.post(f"hazards/{hazard['id']}/order", companion=companion, issue="now")
    assert day.first(f"papers?subject={hazard['id']}")["kind"] == "rectify_order"
    for path in ("papers/drafts?open=true", "cases?waiting_for=me", "handovers?waiting_for=me"):
        day.ask(path)


def chief(day: Morning) -> None:
    day.ask("inbox")
    asked = day.first("extensions?answer=asked")
    day.post(f"extensions/{asked['id']}/grant", note="同意")
    day.ask("hazard-figures?group_by=township")


def bureau(day: Morning) -> None:
    day.ask("inbox")
    accident = day.first("accidents?open=true&sort=-received_at")["id"]
    for path in (f"accidents/{accident}", f"accidents/{accident}/clock"):
        day.ask(path)
    day.post(f"accidents/{accident}/decide", nature="production", reason="现场核实")
    hazard = day.first(f"{WAITING}received_at&state=reported")["id"]
    day.post(f"hazards/{hazard}/confirm", deadline=in_days(9))
    for path in ("stop-orders?waiting_for=me", "cases?waiting_for=me", "handovers?waiting_for=me"):
        day.ask(path)


def committee(day: Morning) -> None:
    for path in ("inbox", "listing-proposals?waiting_for=me", "listings?waiting_for=me", "extensions?answer=asked",
                 "hazards?level=major&open=true&listed=false", "zero-accident/closings", "zero-accident/objections"):  # fmt: skip
        day.ask(path)


def duty(day: Morning) -> None:
    day.ask("inbox")
    unit, accident, now = day.first("enterprises?q=煤矿")["id"], uuid4(), timezone.now()
    day.put(
        f"accidents/{accident}", occurred_at=(now - timedelta(minutes=30)).isoformat(), region=VILLAGE, category="Z1", sector="coal_mine",
        deaths=0, serious_injuries=1, units=[{"enterprise": unit, "role": "occurring"}], description="早·伤人", device={},
        call={"caller": "enterprise", "name": "某", "phone": "13800000000", "received_at": now.isoformat()},
    )  # fmt: skip
    leg = next(each for each in day.ask(f"accidents/{accident}/clock") if each["level"] == "county")
    day.post(f"accidents/{accident}/legs/{leg['id']}/send", channel="telephone", told_to="市局值班室")
    day.post(f"accidents/{accident}/quick-reports")
    day.ask("report-legs")


def enterprise(day: Morning) -> None:
    day.ask("inbox")
    hazard = day.first(f"{WAITING}deadline&state=ordered")
    day.post(f"hazards/{hazard['id']}/acknowledge", responsible_person="陈矿", measures="加装护罩")
    day.ask(f"enterprises/{hazard['enterprise']}/self-check-duty")
    checked_at = timezone.now().isoformat()
    day.put(f"self-checks/{uuid4()}", level="company", checked_at=checked_at, points=[], hazards=[], device={})
    day.ask(f"enterprises/{hazard['enterprise']}/supervision-class")


def principal(day: Morning) -> None:
    day.ask("inbox")
    done, late = day.rows(f"{WAITING}deadline&state=rectifying")[:2]
    photo, content = shot(3)
    day.post(f"hazards/{done['id']}/request-review", photos=[photo], statement="已整改", cost_yuan="1200.00")
    day.photo(photo, content)
    longer = str(max(date.fromisoformat(late["deadline"]), timezone.localdate()) + timedelta(days=9))
    wish = {"deadline": longer, "reason": "配件未到", "interim_measures": "设警戒", "applicant": "褚主"}
    day.post(f"hazards/{late['id']}/extensions", **wish)
    day.ask(f"enterprises/{done['enterprise']}/supervision-class")


def sysadmin(day: Morning) -> None:
    day.ask("outbox")
    day.ask("accounts?q=新")
    post = {"role": "inspector", "region": "141123100", "sectors": ["coal_mine"]}
    made = day.post("accounts", username="xin-li", name="新力", phone="13812345678", **post)["account"]["id"]
    days = {"valid_from": in_days(-9), "valid_to": in_days(900)}
    day.post(f"accounts/{made}/certificates", number="晋J99", issued_by="山西省人民政府", **days)


def secadmin(day: Morning) -> None:
    account = day.first("accounts?q=village")["id"]
    day.post(f"accounts/{account}/reset-password")
    day.ask(f"accounts/{account}/posts")


def auditor(day: Morning) -> None:
    for path in ("trail?verb=password.reset", "trail/seals", "trail/verify"):
        day.ask(path)


MORNINGS = [inspector, township, leader, village, department, chief, bureau, committee, duty, enterprise, principal, sysadmin, secadmin,
            auditor]  # fmt: skip


# --- the world they find ----------------------------------------------------------------------------------------------
YESTERDAY = [
    {"state": "reported"}, {"state": "reported", "origin": "village"}, {"state": "rectifying"}, {"state": "rectifying"}, {"state": "ordered"},
    {"state": "review_requested", "review_requested_on": in_days(-1), "review_due_on": in_days(4)},
]  # fmt: skip


@pytest.fixture
def world(people, as_):
    """What came yesterday: a task, a hazard for everybody whose turn it is, an accident, a request for more time."""
    certify(*OFFICERS)
    unit = mine(name="演示一号煤矿")
    for number, fields in enumerate(YESTERDAY):
        hazard = a_hazard_in(unit=unit, key=uuid4(), photo=900 + number, **fields)
        if fields["state"] != "reported":
            ordered_by(hazard, "inspector", "bureau", people=people)
    task = {"enterprise": str(unit.pk), "due_on": in_days(3), "assignees": [str(people["inspector"].pk)]}
    assert as_("bureau").post(f"{A}tasks", task, format="json").status_code == 201


@pytest.mark.parametrize("morning", MORNINGS, ids=lambda each: each.__name__)
def test_a_morning_takes_as_many_calls_as_are_written_down(morning, world, as_):
    who = morning.__name__
    if who == "chief":
        principal(Morning(as_("principal")))
    if who == "bureau":
        duty(Morning(as_("duty")))
    day = Morning(as_(who))
    morning(day)
    assert len(day.calls) == SAID[who], day.calls


def test_every_role_of_the_cast_has_its_morning():
    assert set(SAID) == {each.__name__ for each in MORNINGS}
