"""What the registers' doors answer fits the document, with rows in them."""

from __future__ import annotations

import json

import pytest

from enforcement.actions import proposing
from tests.cast.enforcement import a_major, done, listed, post
from tests.cast.units import mine
from tests.enforcement.test_handovers import approval, problem
from tests.enforcement.test_registers import a_case, a_notice, a_punishment
from tests.enforcement.test_stop_orders import CONSENTS, accepted, an_order
from tests.test_contract import document, validator

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "listings", "listing-proposals", "stop-orders", "handovers", "approval-notes", "accountability", "joint-punishments",
    "dishonesty-list",
)  # fmt: skip


@pytest.fixture
def rows(as_) -> dict[str, str]:
    """One row a register, by its address."""
    unit = mine()
    hazard = a_major(unit)
    proposing.propose(on=hazard.due_on.replace(month=12))
    listing = listed(as_, hazard)
    post(as_("department"), f"listings/{listing}/progress", done="进展", percent=10)
    order = done(post(as_("department"), "stop-orders", **an_order(unit, hazard)), 201)["id"]
    accepted(as_, order)
    kind, person, paper, on = CONSENTS[0]
    done(post(as_("department"), f"stop-orders/{order}/consent", kind=kind, person=person, document=paper, on=on))
    bureau, about = as_("bureau"), {"enterprise": str(unit.pk)}
    made = {
        "handovers": problem(hazard=str(hazard.pk)), "approval-notes": approval(**about), "accountability": a_case(**about),
        "joint-punishments": a_punishment(**about), "dishonesty-list": a_notice(**about),
    }  # fmt: skip
    keys = {address: done(post(bureau, address, **body), 201)["id"] for address, body in made.items()}
    proposal = bureau.get("/api/v1/listing-proposals").json()["results"][0]["id"]
    return {"listings": listing, "stop-orders": order, "listing-proposals": proposal, **keys}


def faults(answer, path: str) -> list[str]:
    content = document()["paths"][path]["get"]["responses"]["200"]["content"]
    schema = next(iter(content.values()))["schema"]
    return [
        f"{each.json_path}: {each.message[:200]}" for each in validator(schema).iter_errors(json.loads(answer.content))
    ]


def test_every_register_answer_matches_the_openapi_document(as_, rows):
    client = as_("bureau")
    for address in ADDRESSES:
        listing = client.get(f"/api/v1/{address}")
        assert len(done(listing)["results"]) == 1, address
        assert faults(listing, f"/api/v1/{address}") == []
        assert faults(client.get(f"/api/v1/{address}/{rows[address]}"), f"/api/v1/{address}/{{id}}") == [], address
