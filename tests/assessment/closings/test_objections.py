"""A township objects and is answered; what is upheld is carried out at once, on paper; after the freeze it is too late."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accidents.models import Accident, Decision
from assessment.models import Objection
from safety_api.models import OutboxMessage, TrailLine
from safety_api.outbox import drain
from tests.cast.accidents import OTHER_TOWN, TOWN, V2, YEAR, V, W, at, bureau, key, occurring, report_accident
from tests.cast.closings import (
    CLOSINGS,
    OBJECTIONS,
    done,
    nothing_to_reconcile,
    open_month,
    post,
    refused,
    time_passed,
)
from tests.cast.units import elsewhere, mine
from zero_accident.attribution import actions
from zero_accident.models import AttributionOverride, Broken

pytestmark = pytest.mark.django_db
ABOUT_VILLAGE = {"about": "village", "reason": "发生在界外", "evidence": ["界线图", "现场照片说明"]}
REJECTED = {"upheld": False, "answer": "依据充分，维持"}
PAPER = {"document": "兴应急〔2025〕9号", "approved_by": "县安委办"}


def object_to(client: Any, accident: Any = None, **said: Any):
    return post(client, f"/api/v1/accidents/{accident or key(1)}/objections", {**ABOUT_VILLAGE, **said})


def answer(client: Any, objection: int, **said: Any):
    return post(client, f"{OBJECTIONS}/{objection}/answer", said)


def an_objection(with_, **said: Any) -> int:
    return done(object_to(with_("township"), **said), 201)["id"]


def broken(year: int = YEAR) -> set[str]:
    return set(Broken.objects.filter(year=year).values_list("key", flat=True))


def freeze(with_, month: int = 3) -> int:
    closing = open_month(with_("bureau"), month)
    time_passed(closing)
    nothing_to_reconcile(with_("bureau"), month)
    done(post(with_("committee"), f"{CLOSINGS}/{closing}/sign"))
    done(post(with_("bureau"), f"{CLOSINGS}/{closing}/freeze"))
    return closing


# --- made ------------------------------------------------------------------------------------------------------------
def test_a_township_objects_and_reads_its_answer(with_):
    report_accident(1)
    answered = done(object_to(with_("leader")), 201)
    assert (answered["state"], answered["region"], answered["occurred_on"], answered["by_name"]) == (
        "open",
        TOWN,
        f"{YEAR}-03-05",
        "钱镇",
    )
    done(answer(with_("bureau"), answered["id"], **REJECTED))
    shown = done(with_("township").get(f"{OBJECTIONS}/{answered['id']}"))
    assert (shown["state"], shown["answer"], shown["ended_name"]) == ("rejected", "依据充分，维持", "郑应")
    assert list(TrailLine.objects.filter(verb__startswith="objection").values_list("verb", flat=True)) == [
        "objection.make",
        "objection.answer",
    ]
    assert list(OutboxMessage.objects.filter(topic__startswith="objection").values_list("topic", flat=True)) == [
        "objection.made",
        "objection.answered",
    ]


@pytest.mark.parametrize(
    "who, status",
    [("township", 201), ("leader", 201), ("township2", 404), ("inspector", 403), ("bureau", 403), ("enterprise", 403)],
)
def test_only_the_township_of_an_accident_may_object(with_, who, status):
    report_accident(1)
    assert object_to(with_(who)).status_code == status
    assert Objection.objects.exists() is (status == 201)


def test_a_township_may_object_to_an_accident_elsewhere_that_breaks_its_unit(with_):
    unit = mine()
    report_accident(1, region=W, units=occurring(unit))
    answered = done(object_to(with_("township"), about="unit", enterprise=str(unit.pk)), 201)
    assert answered["region"] == TOWN
    assert Accident.objects.get().region_code == W


BAD = [
    ({"about": "weather"}, 400, "invalid"),
    ({"reason": ""}, 400, "reason_required"),
    ({"evidence": []}, 400, "invalid"),
    ({"evidence": [""]}, 400, "invalid"),
    ({"about": "unit"}, 400, "unknown_enterprise"),
    ({"about": "responsibility", "enterprise": str(key(5))}, 400, "unknown_enterprise"),
    ({"village": V2}, 400, "unknown_region"),  # not the village that is charged
    ({"more": 1}, 400, "unknown_field"),
]


@pytest.mark.parametrize("said, status, word", BAD)
def test_an_invalid_objection_is_refused_with_a_code_and_nothing_is_stored(with_, said, status, word):
    report_accident(1)
    found = object_to(with_("township"), **said)
    words = {found.json()["code"], *(each["code"] for each in found.json()["errors"])}
    assert found.status_code == status and word in words, found.json()
    assert not Objection.objects.exists()


def test_the_same_objection_cannot_be_made_again_while_one_is_open(with_):
    report_accident(1)
    first = an_objection(with_)
    assert refused(object_to(with_("leader"))) == (409, "objected_already")
    done(post(with_("leader"), f"{OBJECTIONS}/{first}/withdraw"))
    an_objection(with_)
    assert set(Objection.objects.values_list("state", flat=True)) == {"withdrawn", "open"}


def test_objecting_to_an_unknown_accident_is_not_found(with_):
    assert object_to(with_("township"), key(9)).status_code == 404


# --- answered --------------------------------------------------------------------------------------------------------
def test_an_objection_upheld_by_override_restores_the_village_at_once(with_):
    report_accident(1)
    objection = an_objection(with_, village=V)
    assert broken() == {V}
    remedy = {"subject": "village", "village": V, "effect": "exclude"}
    answered = done(answer(with_("bureau"), objection, upheld=True, answer="界外属实", override=remedy, **PAPER))
    assert (answered["state"], answered["remedy"]) == ("upheld", {"override": {**remedy, "enterprise": None}})
    assert broken() == set()
    row = AttributionOverride.objects.get()
    assert (row.reason, row.document, row.approved_by) == (
        "异议成立：界外属实",
        PAPER["document"],
        PAPER["approved_by"],
    )


def test_an_objection_upheld_by_decision_changes_responsibility_at_once(with_):
    unit = mine()
    report_accident(1, units=occurring(unit, "contractor", True))
    objection = an_objection(with_, about="responsibility", enterprise=str(unit.pk))
    assert str(unit.pk) in broken()
    decided = {"units": [{"enterprise": str(unit.pk), "role": "contractor", "responsible": False}]}
    done(answer(with_("bureau"), objection, upheld=True, answer="无责", decide=decided, **PAPER))
    assert broken() == {V}
    assert Decision.objects.order_by("-id").first().document == PAPER["document"]


def test_an_objection_upheld_by_decision_changes_the_category(with_):
    report_accident(1, category="Z4")
    objection = an_objection(with_, about="category")
    done(answer(with_("bureau"), objection, upheld=True, answer="非火灾致死", decide={"category": "Z8"}, **PAPER))
    assert Accident.objects.get().category == "Z8"


UPHELD: dict[str, Any] = {"upheld": True, "answer": "属实", **PAPER}
OVERRIDE = {"subject": "village", "village": V, "effect": "exclude"}


@pytest.mark.parametrize(
    "said, word",
    [
        ({"answer": "没有说成立与否"}, "invalid"),
        ({"upheld": False, "answer": ""}, "invalid"),
        ({"upheld": False, "answer": "维持", "override": OVERRIDE}, "remedy_required"),
        (UPHELD, "remedy_required"),
        ({**UPHELD, "override": OVERRIDE, "decide": {"region": V2}}, "remedy_required"),
        ({**UPHELD, "override": OVERRIDE, "document": ""}, "paper_required"),
        ({**UPHELD, "override": OVERRIDE, "approved_by": ""}, "paper_required"),
        (
            {**UPHELD, "override": {"subject": "unit", "enterprise": str(key(3)), "effect": "exclude"}},
            "remedy_elsewhere",
        ),
        ({**UPHELD, "decide": {"category": "Z8"}}, "remedy_elsewhere"),
        ({**UPHELD, "override": {**OVERRIDE, "village": V2}}, "remedy_elsewhere"),  # which lets nobody off
        ({**UPHELD, "decide": {"region": V}}, "remedy_elsewhere"),  # as it stood
        ({**UPHELD, "override": {**OVERRIDE, "village": "141123999999"}}, "unknown_region"),
        ({**UPHELD, "decide": {"region": "141123999999"}}, "unknown_region"),
        ({**UPHELD, "override": {"subject": "accident", "effect": "charge"}}, "invalid"),
    ],
)
def test_an_invalid_answer_to_an_objection_is_refused_and_changes_nothing(with_, said, word):
    report_accident(1)
    objection = an_objection(with_)
    assert refused(answer(with_("bureau"), objection, **said))[1] == word
    assert Objection.objects.get().state == "open"
    assert not AttributionOverride.objects.exists() and Decision.objects.count() == 1 and broken() == {V}


def test_an_answered_objection_cannot_be_answered_withdrawn_or_changed(with_):
    report_accident(1)
    objection = an_objection(with_)
    done(answer(with_("bureau"), objection, **REJECTED))
    assert refused(answer(with_("bureau"), objection, **REJECTED)) == (409, "already_answered")
    assert refused(post(with_("township"), f"{OBJECTIONS}/{objection}/withdraw")) == (409, "already_answered")
    for statement in ("UPDATE assessment_objection SET answer = 'x'", "DELETE FROM assessment_objection"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "who, status", [("bureau", 200), ("director", 200), ("committee", 403), ("township", 403), ("next county", 404)]
)
def test_only_the_bureau_answers_objections(with_, who, status):
    report_accident(1)
    objection = an_objection(with_)
    assert answer(with_(who), objection, **REJECTED).status_code == status


# --- before and after the freeze -------------------------------------------------------------------------------------
def test_an_objection_is_refused_after_the_freeze_until_the_month_is_revised(with_):
    report_accident(1)
    closing = freeze(with_)
    assert refused(object_to(with_("township"))) == (409, "month_frozen")
    assert not Objection.objects.exists()
    revision = done(post(with_("bureau"), f"{CLOSINGS}/{closing}/revise", {"reason": "界线复核"}), 201)
    an_objection(with_)
    time_passed(revision["id"])
    assert refused(post(with_("committee"), f"{CLOSINGS}/{revision['id']}/sign")) == (409, "objections_open")


def test_an_open_objection_after_the_signature_blocks_the_freeze(with_):
    report_accident(1)
    closing = open_month(with_("bureau"))
    time_passed(closing)
    nothing_to_reconcile(with_("bureau"))
    done(post(with_("committee"), f"{CLOSINGS}/{closing}/sign"))
    objection = an_objection(with_)
    assert refused(post(with_("bureau"), f"{CLOSINGS}/{closing}/freeze")) == (409, "objections_open")
    done(answer(with_("bureau"), objection, **REJECTED))
    done(post(with_("bureau"), f"{CLOSINGS}/{closing}/freeze"))


def test_an_upheld_objection_makes_the_signature_stale(with_):
    report_accident(1)
    closing = open_month(with_("bureau"))
    time_passed(closing)
    nothing_to_reconcile(with_("bureau"))
    done(post(with_("committee"), f"{CLOSINGS}/{closing}/sign"))
    objection = an_objection(with_)
    done(answer(with_("bureau"), objection, override=OVERRIDE, **UPHELD))
    assert refused(post(with_("bureau"), f"{CLOSINGS}/{closing}/freeze")) == (409, "signature_stale")


def test_the_month_of_the_accident_decides_whether_an_objection_is_too_late(with_):
    report_accident(1, occurred_at=at(2, 5))
    report_accident(2)
    freeze(with_, 2)
    assert refused(object_to(with_("township"), key(1))) == (409, "month_frozen")
    assert object_to(with_("township"), key(2)).status_code == 201


# --- reading ---------------------------------------------------------------------------------------------------------
def test_a_township_reads_its_own_objections_and_the_county_reads_all(with_):
    report_accident(1)
    report_accident(2, region=W, units=occurring(elsewhere()))
    first = an_objection(with_)
    second = done(object_to(with_("township2"), key(2)), 201)["id"]
    seen = {
        who: [each["id"] for each in done(with_(who).get(OBJECTIONS))["results"]]
        for who in ("township", "township2", "bureau", "committee")
    }
    assert seen == {"township": [first], "township2": [second], "bureau": [second, first], "committee": [second, first]}
    assert with_("township").get(f"{OBJECTIONS}/{second}").status_code == 404
    assert post(with_("township"), f"{OBJECTIONS}/{second}/withdraw").status_code == 404
    chosen = done(
        with_("bureau").get(
            f"{OBJECTIONS}?region={OTHER_TOWN}&year={YEAR}&month=3&state=open&about=village&accident={key(2)}"
        )
    )
    assert [each["id"] for each in chosen["results"]] == [second]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_a_fixed_number_of_queries(with_, count, django_assert_max_num_queries):
    for number in range(count):
        report_accident(number + 1, occurred_at=at(3, 1 + number % 28))
        done(object_to(with_("township"), key(number + 1)), 201)
    client = with_("bureau")
    client.get(OBJECTIONS)
    with django_assert_max_num_queries(5):
        assert len(done(client.get(OBJECTIONS))["results"]) == count


def test_the_bureau_may_override_without_an_objection(with_):
    report_accident(1)
    actions.override(key(1), by=bureau(), subject="accident", effect="exclude", reason="复核", **PAPER)
    assert broken() == set()


# --- told -------------------------------------------------------------------------------------------------------------
def told(client: Any, kind: str) -> list[str]:
    drain()
    return [row["sentence"] for row in client.get("/api/v1/inbox").json()["results"] if row["kind"] == kind]


def test_the_bureau_hears_of_an_objection_and_its_township_of_the_answer(with_):
    report_accident(1, deaths=1, units=occurring(mine()))
    objection = an_objection(with_)
    assert told(with_("bureau"), "objection.made") == ["乡镇对一起事故的计入的村（社区）提出异议：发生在界外"]
    done(answer(with_("bureau"), objection, **REJECTED))
    (said,) = told(with_("township"), "objection.answered")
    assert said.endswith("：依据充分，维持") and told(with_("inspector2"), "objection.answered") == []


def test_who_freezes_hears_of_the_signature_and_the_townships_of_the_freeze(with_):
    freeze(with_)
    drain()
    assert told(with_("bureau"), "closing.signed") == []  # it is frozen already: nobody waits
    (said,) = told(with_("township"), "closing.frozen")
    assert said == f"{YEAR}年3月定稿已冻结：首次发布"
