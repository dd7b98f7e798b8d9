"""What the doors of a closing answer fits the document, in every state and to every reader."""

from __future__ import annotations

import json

import pytest

from accidents.reports import deciding
from tests.assessment.closing_cast import (
    CLOSINGS,
    DIFFERENCES,
    LISTS,
    MONTH,
    OBJECTIONS,
    ROWS,
    a_list,
    done,
    nil,
    open_month,
    post,
    row,
    time_passed,
)
from tests.enterprises.units import mine
from tests.test_contract import document, validator
from tests.zero_accident.cast import PAPER, YEAR, W, bureau, key, occurring, tell

pytestmark = pytest.mark.django_db


def fits(client, address: str, path: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    schema = document()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    faults = [
        f"{error.json_path}: {error.message[:200]}"
        for error in validator(schema).iter_errors(json.loads(answer.content))
    ]
    assert not faults, (address, faults)


def test_closing_answers_match_the_openapi_document_from_opening_to_revision(with_):
    tell(1, units=occurring(mine()), category="Z2")
    closing = open_month(with_("bureau"))
    one, paths = f"{CLOSINGS}/{closing}", "/api/v1/zero-accident/closings/{closing_id}"
    rows = done(post(with_("traffic"), LISTS, a_list(row(), row("K2", region=W, deaths=2))), 201)
    done(post(with_("brigade"), LISTS, nil("fire")), 201)
    objection = done(
        post(
            with_("township"),
            f"/api/v1/accidents/{key(1)}/objections",
            {"about": "village", "reason": "x", "evidence": ["图"]},
        ),
        201,
    )
    fits(with_("bureau"), f"{DIFFERENCES}?year={YEAR}&month={MONTH}&state=all", "/api/v1/zero-accident/differences")
    fits(with_("bureau"), f"{LISTS}/{rows['id']}", "/api/v1/zero-accident/source-lists/{list_id}")
    fits(with_("bureau"), one, paths)
    first, second = (each["id"] for each in rows["rows"])
    done(post(with_("bureau"), f"{ROWS}/{first}/match", {"accident": str(key(1)), "reason": "同一起"}), 201)
    done(post(with_("bureau"), f"{ROWS}/{second}/set-aside", {"reason": "邻县"}), 201)
    done(post(with_("bureau"), f"{OBJECTIONS}/{objection['id']}/answer", {"upheld": False, "answer": "维持"}))
    time_passed(closing)
    done(post(with_("committee"), f"{one}/sign"))
    fits(with_("committee"), one, paths)
    done(post(with_("bureau"), f"{one}/freeze"))
    deciding.write_off(key(1), by=bureau(), **PAPER)
    for who in ("bureau", "township", "department"):
        fits(with_(who), one, paths)
        fits(with_(who), f"{one}/ranking", f"{paths}/ranking")
        fits(with_(who), f"{one}/broken", f"{paths}/broken")
    fits(with_("township"), f"{OBJECTIONS}/{objection['id']}", "/api/v1/zero-accident/objections/{objection_id}")
    fits(with_("bureau"), f"{DIFFERENCES}?year={YEAR}&month={MONTH}&state=all", "/api/v1/zero-accident/differences")
