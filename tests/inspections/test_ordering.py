"""当场责令: two certified officers of a visit order what they found; the server numbers the paper when the visit arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Certificate
from evidence.papers.models import Paper, PaperCounter, PaperDraft
from hazards.models import Hazard, HazardStep
from inspections.models import Inspection
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.hazards import CLAUSE, OFFICERS, ago, certify, in_days
from tests.cast.papers import as_text, signature_png, words_of_pdf
from tests.cast.units import mine
from tests.cast.visits import HAZARD, a_finding, a_photo, a_visit, photo_id

pytestmark = pytest.mark.django_db
VISIT = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"
OTHER = "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb002"
TEXT = "责令限期整改指令书（文号待回传）：锚杆间距超出作业规程……"


@pytest.fixture
def certified(people):
    certify(*OFFICERS)
    return people


def a_signature(party="unit", name="张小三", **fields):
    return {
        "party": party,
        "name": name,
        "post": "矿长",
        "signed_at": ago(0.9).isoformat(),
        "image": as_text(signature_png()),
        **fields,
    }


def shown(**fields) -> dict:
    return {"text": TEXT, "written_at": ago(0.95).isoformat(), "signatures": [a_signature()], **fields}


def finding(key=HAZARD, **fields) -> dict:
    return a_finding(key, **{"deadline": in_days(5), "order": {"measures": "停止掘进"}, **fields})


def put(client, *findings, companions=(), key=VISIT, days=1.0, **fields):
    body = a_visit(
        mine() if not Inspection.objects.exists() and not Hazard.objects.exists() else Inspection.objects.get().enterprise,
        hazards=list(findings or (finding(),)), companions=[str(each.pk) for each in companions], started_at=ago(days).isoformat(),
        finished_at=ago(days - 0.05).isoformat(), **fields,
    )  # fmt: skip
    return client.put(f"/api/v1/inspections/{key}", body, format="json")


def test_two_certified_officers_order_within_the_visit_with_the_paper_at_once(certified, as_):
    answer = put(as_("inspector"), companions=[certified["bureau"]])
    body, paper = answer.json(), Paper.objects.get()
    assert (answer.status_code, body["warnings"]) == (201, [])
    assert [(each["state"], each["deadline"]) for each in body["hazards"]] == [("ordered", in_days(5))]
    assert [(each["number"], each["kind"], each["draft"]) for each in body["papers"]] == [
        (paper.number, "rectify_order", False)
    ]
    assert {each["name"] for each in paper.officers} == {"张巡", certified["bureau"].name}
    assert paper.issued_on == timezone.localdate(ago(0.95)) and "停止掘进" in str(paper.text)


def test_the_office_sees_it_confirmed_and_ordered_by_the_officers_of_the_visit(certified, as_):
    put(as_("inspector"), companions=[certified["bureau"]])
    steps = as_("bureau").get(f"/api/v1/hazards/{HAZARD}/history").json()
    assert [(each["step"], each["before"], each["after"], each["by_name"]) for each in steps] == [
        ("report", "", "reported", "张巡"), ("confirm", "reported", "confirmed", "张巡"), ("order", "confirmed", "ordered", "张巡"),
    ]  # fmt: skip
    order = steps[2]["details"]
    assert (order["inspection"], order["number"], len(order["officers"]), order["onsite_measures"]) == (
        VISIT, Paper.objects.get().number, 2, "停止掘进",
    )  # fmt: skip
    whole = as_("enterprise").get(f"/api/v1/hazards/{HAZARD}").json()
    assert ([each["number"] for each in whole["papers"]], whole["may"]) == (
        [Paper.objects.get().number],
        ["acknowledge"],
    )
    verbs = list(TrailLine.objects.filter(verb__startswith="hazard.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["hazard.report", "hazard.confirm", "hazard.order"]
    moved = OutboxMessage.objects.filter(topic="hazard.moved").order_by("pk").values_list("payload__step", flat=True)
    assert list(moved) == ["confirm", "order"]


def test_an_order_shown_and_signed_offline_is_numbered_when_it_arrives(certified, as_):
    said = shown(
        signatures=[a_signature(), a_signature("officer", "张巡", image=as_text(signature_png(stroke=3)))],
        refusals=[{"name": "李班长", "reason": "不认可", "witnesses": ["赵安"], "refused_at": ago(0.9).isoformat()}],
    )
    answer = put(as_("inspector"), companions=[certified["bureau"]], order_paper=said)
    paper = as_("inspector").get(f"/api/v1/papers/{answer.json()['papers'][0]['id']}").json()
    assert [(each["party"], each["name"]) for each in paper["signatures"]] == [("unit", "张小三"), ("officer", "张巡")]
    assert [each["name"] for each in paper["refusals"]] == ["李班长"]
    assert paper["record"]["facts"]["shown_text"] == TEXT
    words = words_of_pdf(as_("inspector").get(f"/api/v1/papers/{paper['id']}.pdf").content)
    assert "在检查现场出示" in words and paper["number"] in words and "李班长" in words
    receipt = as_("inspector").get(f"/api/v1/inspections/{VISIT}/receipt").json()
    assert [each["number"] for each in receipt["papers"]] == [paper["number"]]


def test_the_same_visit_again_is_answered_with_the_same_paper(certified, as_):
    client, body = as_("inspector"), None
    unit = mine()
    body = a_visit(unit, hazards=[finding()], companions=[str(certified["bureau"].pk)], order_paper=shown(),
                   started_at=ago(1).isoformat(), finished_at=ago(0.95).isoformat())  # fmt: skip
    twice = [client.put(f"/api/v1/inspections/{VISIT}", body, format="json") for _ in range(2)]
    assert [each.status_code for each in twice] == [201, 200]
    assert twice[0].json()["papers"] == twice[1].json()["papers"] and Paper.objects.count() == 1
    assert HazardStep.objects.filter(step="order").count() == 1


def test_one_paper_speaks_of_all_that_the_visit_orders_and_of_nothing_else(certified, as_):
    major = finding(
        "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb003", level="major", criterion="coal_mine.MEM21-2026:5(1)",
        description="瓦斯超限作业",
    )  # fmt: skip
    answer = put(
        as_("inspector"), finding(), finding(OTHER, description="灭火器过期", order={}), major,
        finding("7a2f6c39-5b44-4be5-9a38-6f3f1f1cb004", order=None, description="标志缺失"), companions=[certified["bureau"]],
    )  # fmt: skip
    assert sorted(each["state"] for each in answer.json()["hazards"]) == ["ordered", "ordered", "reported", "reported"]
    text = str(Paper.objects.get().text)
    assert [each in text for each in ("锚杆间距", "灭火器过期", "瓦斯超限", "标志缺失")] == [True, True, False, False]
    assert answer.json()["warnings"] == ["not_ordered_major"]


KEPT = {  # what is wrong, and the word; the hazard stays reported
    "one officer": ({"companions": ()}, "not_ordered_alone"),
    "a companion from elsewhere": ({"companions": ("inspector2",)}, "not_ordered_alone"),
    "a companion who enforces nothing": ({"companions": ("township",)}, "not_ordered_alone"),
    "a companion without a certificate": ({"without": "bureau"}, "not_ordered_uncertified"),
    "an inspector without a certificate": ({"without": "inspector"}, "not_ordered_uncertified"),
    "a certificate that ended the day before": ({"ended": "bureau"}, "not_ordered_uncertified"),
    "a major hazard": ({"level": "major", "standard_clause": CLAUSE}, "not_ordered_major"),
    "a deadline beyond what they may set": ({"deadline": in_days(200)}, "not_ordered"),
    "a township's officer": ({"who": "township", "authority": "patrol"}, "not_ordered"),
}


@pytest.mark.parametrize("case", KEPT)
@pytest.mark.parametrize("offline", [False, True])
def test_what_cannot_be_ordered_is_kept_as_reported_with_a_remark(certified, as_, case, offline):
    change, word = KEPT[case]
    change = dict(change)
    companions = [certified[name] for name in change.pop("companions", ("bureau",))]
    Certificate.objects.filter(user__username=change.pop("without", "")).delete()
    Certificate.objects.filter(user__username=change.pop("ended", "")).update(
        valid_to=timezone.localdate(ago(1)) - timedelta(1)
    )
    who, sent = change.pop("who", "inspector"), {name: change.pop(name) for name in ("authority",) if name in change}
    answer = put(as_(who), finding(**change), companions=companions, order_paper=shown() if offline else None, **sent)
    assert answer.status_code == 201, answer.json()
    [hazard] = answer.json()["hazards"]
    assert hazard["state"] == "reported" and word in hazard["warnings"] and word in answer.json()["warnings"]
    assert (
        word in Inspection.objects.get().warnings and not Paper.objects.exists() and not PaperCounter.objects.exists()
    )
    drafts = [(each.reason, each.kept["text"], len(each.kept["signatures"])) for each in PaperDraft.objects.all()]
    assert drafts == ([(word, TEXT, 1)] if offline else [])


def test_a_certificate_counts_on_the_day_of_the_visit_not_of_its_arrival(certified, as_):
    Certificate.objects.update(valid_to=timezone.localdate(ago(1.95)))  # the day on which it ended, never today
    answer = put(as_("inspector"), companions=[certified["bureau"]], days=2)
    assert (answer.json()["warnings"], answer.json()["hazards"][0]["state"]) == ([], "ordered")
    assert Paper.objects.count() == 1


def test_a_paper_that_cannot_be_issued_leaves_the_order_and_a_signed_draft(certified, as_):
    from accounts.models import User

    User.objects.filter(username="inspector").update(department="housing")  # not of this sector: no paper in its name
    body = put(as_("inspector"), companions=[certified["bureau"]], order_paper=shown()).json()
    assert (body["hazards"][0]["state"], body["warnings"]) == ("ordered", ["paper_drafted"])
    assert [(each["draft"], each["reason"]) for each in body["papers"]] == [(True, "not_found")]
    draft = PaperDraft.objects.get()
    User.objects.filter(username="inspector").update(department="emergency")
    made = as_("inspector").post(f"/api/v1/papers/drafts/{draft.pk}/issue", {}, format="json")
    assert (made.status_code, [each["name"] for each in made.json()["signatures"]]) == (201, ["张小三"])


def test_the_officers_may_choose_to_issue_the_paper_later(certified, as_):
    body = put(as_("inspector"), companions=[certified["bureau"]], order_paper=shown(issue="draft")).json()
    assert (body["hazards"][0]["state"], body["warnings"], body["papers"][0]["reason"]) == ("ordered", [], "chosen")


@pytest.mark.parametrize("image", [b"GIF89a", signature_png() + bytes(201 * 1024)], ids=["no picture", "too large"])
def test_an_image_that_is_no_signature_is_left_out_and_the_visit_taken(certified, as_, image):
    said = shown(signatures=[a_signature(image=as_text(image)), a_signature("witness", "赵安")])
    answer = put(as_("inspector"), companions=[certified["bureau"]], order_paper=said)
    paper = as_("inspector").get(f"/api/v1/papers/{answer.json()['papers'][0]['id']}").json()
    assert (answer.status_code, [each["name"] for each in paper["signatures"]]) == (201, ["赵安"])
    assert TrailLine.objects.filter(verb="paper.sign-left-out").count() == 1


SHAPES = [
    ({"order_paper": {"text": "x"}}, "/order_paper/written_at"),
    ({"order_paper": shown(signatures=[a_signature(image="####")])}, "/order_paper/signatures/0/image"),
    ({"order_paper": shown(number="1")}, "/order_paper/number"),
    ({"hazards": [finding(order={"who": "x"})]}, "/hazards/0/order/who"),
    ({"hazards": [finding(order={"measures": "停" * 501})]}, "/hazards/0/order/measures"),
]  # fmt: skip


@pytest.mark.parametrize("change, pointer", SHAPES, ids=[pointer for _, pointer in SHAPES])
def test_an_order_in_another_shape_is_refused_by_name(certified, as_, change, pointer):
    body = {**a_visit(mine(), hazards=[finding()]), **change}
    answer = as_("inspector").put(f"/api/v1/inspections/{VISIT}", body, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_photos_of_an_ordered_hazard_show_it_as_it_was(certified, as_):
    put(as_("inspector"), finding(photos=[photo_id(1)]), companions=[certified["bureau"]], photos=[a_photo(1)])
    assert Hazard.objects.get().state == "ordered"


def test_a_visit_without_an_order_takes_no_more_statements_than_before(certified, as_):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("inspector")
    with CaptureQueriesContext(connection) as ran:
        put(client, finding(order=None), companions=[certified["bureau"]])
    assert not [each["sql"] for each in ran.captured_queries if "evidence_paper" in each["sql"]]
