"""Three hazards from finding to closing, one for each loop, told over the API as it happens."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hazards.models import Hazard, Review
from safety_api.models import OutboxMessage
from tests.cast.hazards import CLAUSE, KEY, PLAN, in_days, take
from tests.cast.units import mine
from tests.cast.visits import POINT, a_finding, a_photo, a_visit, photo_id

pytestmark = pytest.mark.django_db
LISTING = {
    "level": "county", "document": "兴安委〔2026〕8号", "leader": "某副县长", "leader_post": "副县长", "responsible_person": "王建设",
    "measures": "补打锚杆", "funds_yuan": "12000.00", "deadline": in_days(40), "plan": "撤人设岗",
}  # fmt: skip
VISIT = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"


@pytest.fixture
def workflow(certified, as_):
    return Workflow(certified, as_)


class Workflow:
    """Says what people do, each on the own phone, and remembers where the hazard stands."""

    def __init__(self, people, as_):
        self.people, self.as_, self.phones = people, as_, {}

    def phone(self, who):
        if who not in self.phones:  # signing in again would end the first token
            self.phones[who] = self.as_(who)
        return self.phones[who]

    def __call__(self, who, step, **body):
        if companion := body.pop("with_", None):
            body["companion"] = str(self.people[companion].pk)
        answer = take(self.phone(who), step, **body)
        assert answer.status_code == 200, (step, answer.json())
        return answer.json()

    def refused(self, who, step, **body):
        if companion := body.pop("with_", None):
            body["companion"] = str(self.people[companion].pk)
        answer = take(self.phone(who), step, **body)
        return answer.status_code, answer.json()["code"]

    def posts(self, who, address, **body):
        answer = self.phone(who).post(f"/api/v1/{address}", body, format="json")
        assert answer.status_code in (200, 201), (address, answer.json())
        return answer.json()

    def sees(self, who):
        return self.phone(who).get(f"/api/v1/hazards/{KEY}").json()

    def path(self):
        return [each["step"] for each in self.phone("bureau").get(f"/api/v1/hazards/{KEY}/history").json()]


def now():
    return timezone.now().isoformat()


def test_county_loop_a_major_mine_hazard_goes_from_the_visit_to_the_delisting(workflow):
    unit = mine()
    # An inspector and a colleague visit the mine, photograph a support that is spaced too wide, and go on.
    finding = a_finding(KEY, deadline=in_days(10), level="major", standard_clause=CLAUSE, photos=[photo_id(1)])
    visit = a_visit(unit, hazards=[finding], photos=[a_photo(1)], started_at=now(), finished_at=now())
    assert workflow.phone("inspector").put(f"/api/v1/inspections/{VISIT}", visit, format="json").status_code == 201
    assert workflow.sees("principal")["state"] == "reported"

    # The department's officer may not confirm a major hazard; the leader does, and names the deadline.
    assert workflow.refused("department", "confirm") == (403, "leader_required")
    assert workflow("chief", "confirm", deadline=in_days(20))["deadline"] == in_days(20)

    # Ordered by two with certificates: one alone is refused.
    assert workflow.refused("inspector", "order", deadline=in_days(20)) == (400, "two_officers_required")
    ordered = workflow("inspector", "order", with_="bureau", deadline=in_days(20), onsite_measures="停止掘进，撤出人员")
    assert (ordered["state"], workflow.sees("enterprise")["may"]) == ("ordered", ["acknowledge"])

    # The mine takes it on, with all five in place.
    assert workflow.refused("enterprise", "acknowledge", responsible_person="王建设", measures="补打") == (
        400,
        "five_in_place_required",
    )
    assert workflow("enterprise", "acknowledge", **PLAN)["plan"]["funds_yuan"] == "12000.00"

    # Bolts must come from outside the province: the principal asks for more time, the leader grants it.
    wish = {"deadline": in_days(40), "reason": "锚杆须外省定制", "interim_measures": "停止掘进，专人看守"}
    asked = workflow.phone("principal").post(f"/api/v1/hazards/{KEY}/extensions", wish, format="json").json()
    assert (
        workflow.phone("chief").post(f"/api/v1/extensions/{asked['id']}/grant", {}, format="json").json()["answer"]
        == "granted"
    )
    assert workflow.sees("principal")["deadline"] == in_days(40)

    # The first request for a review: a visit finds it still too wide.
    work = {"statement": "已补打", "cost_yuan": "9800.00", "evaluation_report": "经技术人员评估"}
    first = workflow("principal", "request-review", photos=[a_photo(2)], **work)
    assert (first["state"], first["review_due_on"]) == ("review_requested", in_days(10))
    workflow("chief", "fail", with_="inspector", deadline=in_days(30), note="东帮仍有三处超规程")
    assert workflow.sees("principal")["review_requested_on"] is None

    # The county lists it meanwhile.
    listed = workflow.posts("committee", f"hazards/{KEY}/list", **LISTING)
    assert workflow.sees("bureau")["listed"] == "county"

    # The second request: passed only by a leader, not by those who ordered, and not before the acceptance.
    workflow("principal", "request-review", photos=[a_photo(3)], **work)
    assert workflow.refused("inspector", "pass", with_="bureau") == (403, "leader_required")
    assert workflow.refused("chief", "pass", with_="inspector") == (409, "acceptance_required")
    workflow.posts("principal", f"listings/{listed['id']}/apply", application="已整改完毕，申请验收")
    workflow.posts("committee", f"listings/{listed['id']}/accept", acceptance="验收合格")
    closed = workflow("chief", "pass", with_="inspector", note="复查合格，予以销号")
    assert (closed["state"], closed["closed_on"], closed["overdue_since"]) == ("closed", in_days(0), None)

    # Delisted; the history tells it all, and nothing can be moved any more.
    assert workflow.posts("committee", f"hazards/{KEY}/delist", document="兴安委〔2026〕9号")["state"] == "delisted"
    assert workflow.path() == [
        "report", "confirm", "order", "acknowledge", "extend", "request-review", "fail", "list", "request-review", "accept-listing",
        "pass", "delist",
    ]  # fmt: skip
    assert workflow.refused("chief", "void", reason="duplicate") == (409, "wrong_step")
    assert workflow.sees("inspector")["may"] == ["recur"]


def test_township_loop_a_shop_hazard_closes_locally_and_a_refusal_goes_to_the_county(workflow):
    # The village's safety officer sees a blocked exit and says so in one sentence.
    said = {"description": "小卖部疏散门上锁", "found_at": now(), "location": POINT, "photos": [a_photo(1)]}
    made = workflow.phone("village").put(f"/api/v1/hazards/{KEY}", said, format="json").json()
    assert (made["state"], made["loop"], made["origin"]) == ("reported", "township", "village")

    # The township's officer confirms it and hands over a notice: no enforcement paper, no certificate.
    workflow("township", "confirm")
    assert workflow("township", "order", deadline=in_days(7))["state"] == "ordered"
    workflow("township", "acknowledge", responsible_person="户主刘某", measures="拆锁，装推杆")
    workflow("township", "request-review", photos=[a_photo(2)], statement="已装推杆门", cost_yuan="300.00")

    # Its own review closes it, alone.
    assert workflow("township", "pass", note="现场已看")["state"] == "closed"
    assert workflow.path() == ["report", "confirm", "order", "acknowledge", "request-review", "pass"]

    # Found again: a new hazard. This time the owner refuses, and the township hands it up.
    again = take(workflow.phone("township"), "recur", photos=[a_photo(3)], note="又上锁").json()
    assert (again["loop"], again["recurrence_of"], again["repeat"]) == ("township", KEY, True)
    address = f"/api/v1/hazards/{again['id']}"
    for step, body in (
        ("confirm", {}),
        ("order", {"deadline": in_days(7)}),
        ("escalate", {"reason": "refused", "note": "拒不签收"}),
    ):
        assert workflow.phone("township").post(f"{address}/{step}", body, format="json").status_code == 200
    assert workflow.phone("bureau").get(f"{address}").json()["loop"] == "county"
    assert workflow.phone("township").post(f"{address}/pass", {}, format="json").status_code == 409


def test_unit_loop_a_unit_closes_general_hazards_and_major_ones_go_to_the_department(workflow):
    mine()
    # A safety officer of the mine finds a worn guard: started and closed by the mine itself, nobody orders it.
    said = {
        "sector": "coal_mine",
        "item": "C09-12",
        "description": "皮带护罩缺失",
        "found_at": now(),
        "photos": [a_photo(1)],
    }
    made = workflow.phone("enterprise").put(f"/api/v1/hazards/{KEY}", said, format="json").json()
    assert (made["state"], made["loop"], made["origin"]) == ("reported", "unit", "self")
    workflow("enterprise", "start", responsible_person="王建设", measures="加装护罩", deadline=in_days(3))
    assert workflow.refused("inspector", "order", with_="bureau") == (409, "wrong_step")
    assert workflow("enterprise", "pass", photos=[a_photo(2)], note="已加装")["state"] == "closed"
    assert workflow.path() == ["report", "start", "pass"]

    # A major one cannot stay in the house: its department is told at once, and the staff congress is to be.
    key = "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0002"
    said = {
        **said,
        "level": "major",
        "standard_clause": CLAUSE,
        "description": "瓦斯传感器失效",
        "photos": [a_photo(3)],
    }
    made = workflow.phone("enterprise").put(f"/api/v1/hazards/{key}", said, format="json").json()
    assert made["loop"] == "county"
    answered = OutboxMessage.objects.get(topic="hazard.major_found").payload
    assert (answered["hazard"], answered["departments"], answered["staff_congress"]) == (
        key,
        ["emergency"],
        "职工代表大会",
    )
    address = f"/api/v1/hazards/{key}"
    assert (
        workflow.phone("enterprise")
        .post(f"{address}/close-on-spot", {"photos": [a_photo(4)]}, format="json")
        .status_code
        == 403
    )
    assert (
        workflow.phone("chief").post(f"{address}/confirm", {"deadline": in_days(30)}, format="json").status_code == 200
    )
    started = workflow.phone("enterprise").post(f"{address}/start", PLAN, format="json").json()
    assert (started["state"], started["may"]) == (
        "rectifying",
        [],
    )  # its review is the county's, asked for by the principal
    assert workflow.phone("principal").get(address).json()["may"] == ["request-review", "ask-extension"]
    assert not Review.objects.exists() and Hazard.objects.count() == 2
