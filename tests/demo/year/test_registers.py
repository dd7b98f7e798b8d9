"""The demo's registers agree with what the demo tells elsewhere."""

from __future__ import annotations

import pytest

from enforcement.models import (
    Accountability,
    ApprovalNote,
    Case,
    Dishonesty,
    Handover,
    JointPunishment,
    Listing,
    ListingProposal,
    StopOrder,
)
from enterprises.models import StatedFact
from hazards.models import Hazard

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
REGISTERS = (
    Accountability, ApprovalNote, Dishonesty, Handover, JointPunishment, Listing, ListingProposal, StopOrder,
)  # fmt: skip


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.__name__)
def test_every_demo_register_has_rows_all_marked_as_demo(model):
    assert model.objects.exists() and not model.objects.filter(is_demo=False).exists()


def test_every_listed_demo_hazard_has_a_listing_and_every_stopped_one_an_order():
    assert set(Hazard.objects.listed().values_list("pk", flat=True)) == set(
        Listing.objects.open().values_list("hazard", flat=True)
    )
    stopped = Hazard.objects.filter(production_stopped=True).values_list("pk", flat=True)
    assert set(stopped) <= set(StopOrder.objects.active().values_list("hazards", flat=True))


def test_every_demo_hazard_in_enforcement_has_its_case():
    handed = Hazard.objects.filter(state="enforcement").values_list("pk", flat=True)
    assert set(handed) == set(Case.objects.values_list("hazard", flat=True))


@pytest.mark.parametrize("kind, model", [("stop_order", StopOrder), ("dishonesty_listing", Dishonesty)])
def test_every_stated_fact_of_the_demo_has_its_record(kind, model):
    facts = StatedFact.objects.known().filter(kind=kind).values_list("pk", flat=True)
    assert set(facts) == set(model.objects.exclude(fact_id=None).values_list("fact_id", flat=True))


def test_demo_data_contain_nothing_after_today(world):
    assert not any(model.objects.filter(created_at__gt=world.at(world.today, 23)).exists() for model in REGISTERS)
