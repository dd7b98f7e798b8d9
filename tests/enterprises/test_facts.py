"""Facts with their source, in two times; the same for many units at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enterprises import actions
from enterprises.facts import stated_facts
from enterprises.kinds import KINDS
from enterprises.models import Enterprise, StandardizationCertificate, StatedFact
from enterprises.serializers import VALUE_SHAPES
from safety_api.models import OutboxMessage, TrailLine
from safety_api.trail import SYSTEM
from tests.cast.people import MINE
from tests.cast.units import AWAY, elsewhere, mine, unit

URL = f"/api/v1/enterprises/{MINE}/facts"
ON = date(2026, 11, 23)
CERTIFICATE = {
    "kind": "standardization", "held_from": "2025-03-01", "held_to": "2028-02-29",
    "value": {"scheme": "coal", "level": 2, "certificate_no": "MK-1"},
}  # fmt: skip
DRILL = {"kind": "drill", "held_from": "2026-10-12", "value": {"scope": "comprehensive", "people": 46}}
PENALTY = {"kind": "penalty", "held_from": "2026-03-03", "value": {"severity": "heavy", "fine_yuan": "120000.00"}, "document": "兴应急罚〔2026〕3号"}
pytestmark = pytest.mark.django_db


def state(client, sent):
    return client.post(URL, sent, format="json")


def facts_on(on=ON, known_on=None):
    return stated_facts([MINE], on, known_on)[MINE]


# --- who may -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("department", CERTIFICATE, 201), ("bureau", PENALTY, 201), ("enterprise", DRILL, 201), ("enterprise", PENALTY, 403),
        ("principal", CERTIFICATE, 403), ("township", DRILL, 403), ("inspector", PENALTY, 403), ("leader", DRILL, 403),
        ("village", DRILL, 403), ("committee", PENALTY, 403), ("duty", DRILL, 403), ("sysadmin", DRILL, 403),
    ],
)  # fmt: skip
def test_a_unit_states_only_its_drills_training_and_self_checks(who, sent, status, as_):
    mine()
    assert state(as_(who), sent).status_code == status


def test_facts_stated_by_the_unit_are_marked_as_self_reported(as_):
    mine()
    assert state(as_("enterprise"), DRILL).json()["source"] == "self"
    assert state(as_("department"), DRILL).json()["source"] == "authority"


def test_a_unit_cannot_state_or_read_facts_of_another_unit(as_):
    mine(), elsewhere()
    assert as_("enterprise").post(f"/api/v1/enterprises/{AWAY}/facts", DRILL, format="json").status_code == 404
    assert as_("enterprise").get(f"/api/v1/enterprises/{AWAY}/facts").status_code == 404


def test_stating_a_fact_writes_a_trail_line_and_a_message(as_):
    mine()
    state(as_("bureau"), PENALTY)
    assert TrailLine.objects.get(verb="fact.state").details["kind"] == "penalty"
    assert OutboxMessage.objects.get(topic="enterprise.fact_stated").payload == {"enterprise": str(MINE), "kind": "penalty"}


# --- shapes --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_fact_refuses_unknown_fields(kind):
    shape = VALUE_SHAPES[kind](data={"surprise": 1})
    assert not shape.is_valid() and "surprise" in shape.errors


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({**CERTIFICATE, "value": {"scheme": "coal", "level": 4, "certificate_no": "1"}}, "/value/level"),
        ({**CERTIFICATE, "value": {"level": 2}}, "/value/scheme"),
        ({**CERTIFICATE, "value": {**CERTIFICATE["value"], "state": "revoked"}}, "/value/state_on"),
        ({**CERTIFICATE, "held_to": "2024-01-01"}, "/held_to"),
        ({**DRILL, "held_to": "2026-10-13"}, "/held_to"),
        ({**DRILL, "held_from": "2999-01-01"}, "/held_from"),
        ({**DRILL, "value": {"scope": "comprehensive", "people": -1}}, "/value/people"),
        ({**DRILL, "value": "words"}, "/value"),
        ({**PENALTY, "value": {"severity": "heavy", "fine_yuan": 120000}}, "/value/fine_yuan"),
        ({"kind": "self_check", "held_from": "2026-01-01", "value": {"due": 1, "done": 2}}, "/value/done"),
        ({"kind": "rumour", "held_from": "2026-01-01", "value": {}}, "/kind"),
        ({**DRILL, "source": "self"}, "/source"),
        ({**DRILL, "document": "长" * 201}, "/document"),
    ],
)
def test_an_invalid_fact_is_refused_with_its_field_and_not_stored(sent, pointer, as_):
    mine()
    response = state(as_("bureau"), sent)
    assert response.status_code == 400 and pointer in [each["pointer"] for each in response.json()["errors"]], response.json()
    assert not StatedFact.objects.exists() and not StandardizationCertificate.objects.exists()


def test_a_dishonesty_listing_without_an_end_lasts_as_the_rule_says(as_):
    mine()
    listed = state(as_("bureau"), {"kind": "dishonesty_listing", "held_from": "2026-02-01", "value": {"clause": "第六条"}})
    assert listed.json()["held_to"] == "2029-02-01"


# --- two times -----------------------------------------------------------------------------------------------------------
def test_correcting_a_fact_adds_a_row_and_the_first_stays_readable(as_):
    mine()
    first = state(as_("bureau"), PENALTY).json()
    before = timezone.now()
    right = {**PENALTY, "value": {"severity": "ordinary"}, "supersedes": first["id"]}
    second = state(as_("bureau"), right).json()
    old = StatedFact.objects.get(pk=first["id"])
    assert (str(old.superseded_by_id), old.value["severity"]) == (second["id"], "heavy")
    assert facts_on()["penalties"] == {"ordinary_12m": 1, "heavy_12m": 0}
    assert facts_on(known_on=before)["penalties"] == {"ordinary_12m": 0, "heavy_12m": 1}
    assert [each["id"] for each in as_("bureau").get(URL).json()] == [second["id"]]
    assert [each["id"] for each in as_("bureau").get(URL, {"known_on": before.isoformat()}).json()] == [first["id"]]
    assert TrailLine.objects.filter(verb="fact.correct").count() == 1


def test_a_corrected_fact_cannot_be_corrected_again(as_):
    mine()
    first = state(as_("bureau"), PENALTY).json()
    again = {**PENALTY, "supersedes": first["id"]}
    assert state(as_("bureau"), again).status_code == 201
    assert state(as_("bureau"), again).json()["code"] == "wrong_step"


@pytest.mark.parametrize("sent", [{**DRILL}, {**PENALTY}])
def test_a_unit_cannot_correct_a_fact_stated_by_an_authority(sent, as_):
    mine()
    stated = state(as_("department"), sent).json()
    assert state(as_("enterprise"), {**DRILL, "supersedes": stated["id"]}).status_code == 404


def test_a_withdrawn_fact_no_longer_counts_but_stays_in_past_knowledge(as_):
    mine()
    fact = state(as_("bureau"), PENALTY).json()
    before = timezone.now()
    address = f"{URL}/{fact['id']}/withdraw"
    assert as_("township").post(address, {"kind": "penalty", "reason": "x"}, format="json").status_code == 403
    assert as_("bureau").post(address, {"kind": "drill", "reason": "误登"}, format="json").status_code == 404
    assert as_("bureau").post(address, {"kind": "penalty", "reason": "误登"}, format="json").status_code == 200
    assert facts_on()["penalties"]["heavy_12m"] == 0 and facts_on(known_on=before)["penalties"]["heavy_12m"] == 1


def test_a_revoked_certificate_counts_until_the_day_of_revocation(as_):
    mine()
    first = state(as_("department"), CERTIFICATE).json()
    revoked = {**CERTIFICATE, "value": {**CERTIFICATE["value"], "state": "revoked", "state_on": "2026-09-01"}, "supersedes": first["id"]}
    assert state(as_("department"), revoked).status_code == 201
    assert facts_on(date(2026, 8, 31))["standardization"]["level"] == 2
    assert facts_on(date(2026, 9, 1))["standardization"]["level"] is None
    held = StandardizationCertificate.objects.filter(enterprise_id=MINE)
    assert held.as_of(date(2026, 8, 31)).exists() and not held.as_of(date(2026, 9, 1)).exists()


def test_facts_of_a_past_day_use_the_units_condition_on_that_day():
    mine(opened_on=date(2020, 1, 1), special_geology=True)
    actions.set_status(MINE, by=SYSTEM, status="stopped_by_order", on=date(2026, 3, 1), reason="整顿")
    assert (facts_on()["stopped_by_order"], facts_on()["stopped_months"]) == (True, 8)
    assert (facts_on(date(2026, 2, 1))["stopped_by_order"], facts_on(date(2026, 2, 1))["months_operating"]) == (False, 73)
    assert facts_on()["special_geology"] is True


def test_a_unit_not_yet_opened_or_not_yet_known_has_no_facts():
    mine(opened_on=date(2026, 6, 1))
    assert stated_facts([MINE], date(2026, 5, 31)) == {}
    assert stated_facts([MINE], ON, timezone.now() - timedelta(days=1)) == {}


# --- many at once --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 30])
def test_the_facts_of_any_number_of_units_take_five_queries(count, django_assert_num_queries):
    units = [unit(f"单位{number}") for number in range(count)]
    for each in units:
        actions.state_fact(each.pk, by=SYSTEM, **{**DRILL, "held_from": date(2026, 10, 12)})
    stated_facts([], ON)  # the law is read once a while
    with django_assert_num_queries(5):
        found = stated_facts([each.pk for each in units], ON)
    assert len(found) == count and all(each["emergency"]["drill_on_time"] for each in found.values())


def test_a_thousand_units_are_created_at_once_with_pinyin_search_keys():
    units = [Enterprise(name=f"兴县第{n}商店", region_code="141123100200", sector_id="fire_safety", unit_type="individual_business",
                        no_credit_code_reason="演示") for n in range(1000)]  # fmt: skip
    assert actions.enrol(units, by=SYSTEM, announce=False) == 1000
    assert Enterprise.objects.saying("xxd7sd").count() == 1


def test_classes_are_set_in_bulk_and_only_where_they_changed(django_assert_max_num_queries):
    keys = [unit(f"单位{number}").pk for number in range(30)]
    with django_assert_max_num_queries(6):
        assert actions.set_classes([(key, "B", ON, False) for key in keys]) == 30
    assert actions.set_classes([(keys[0], "D", ON, False), (keys[1], "B", ON, False)]) == 1
    assert actions.set_class(keys[2], "C", ON, provisional=True) is True
    assert Enterprise.objects.filter(supervision_class="B").count() == 28
    assert TrailLine.objects.filter(verb="enterprise.set_class").count() == 32
