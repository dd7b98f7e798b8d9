"""A scheme of classes (XX-ABCD-1, its successors): points, bands, caps and the rule of change, as the document says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any

from reference.terms import Class
from supervision.rules.facts import ASKABLE, FACTS, exact
from supervision.rules.shape import (
    MOST_FAULTS,
    BadDocument,
    Fault,
    Shape,
    choice,
    faults,
    month_day,
    number,
    or_null,
    text,
    truth,
    whole,
)

CLASSES = tuple(Class.values)  # from best to worst
CLASS = choice(*CLASSES)
POINTS = number(0, 100)
MONTHS = whole(0, 1_200)

SCHEME: Shape = {
    "frequencies?": text(40),
    "decimals": choice(1),
    "rounding": choice("half_up"),
    "window_months?": choice(12),
    "safe_period": {
        "max": POINTS,
        "points": [{"months_from": MONTHS, "points": POINTS}],
        "never_fatal_at_least": POINTS,
        "per_serious_injury_accident": POINTS,
        "per_other_accident": POINTS,
        "floor": POINTS,
        "pending_counts_as_responsible?": truth,
    },
    "standardization": {
        "max": POINTS,
        "level_points": {"1": POINTS, "2": POINTS, "3": POINTS},
        "none_points": POINTS,
        "expired_half_until_days": whole(0, 3_660),
        "expired_factor": number(0, 1),
        "below_minimum_factor": number(0, 1),
        "rescale_when_not_applicable": {"times": whole(1, 1_000), "over": whole(1, 1_000)},
    },
    "risk_control": {
        "max": POINTS,
        "R1": {
            "max": POINTS,
            "reviewed_12m": POINTS,
            "red_orange_controlled": POINTS,
            "self_check_rate": [{"rate_from": number(0, 100), "points": POINTS}],
        },
        "R2": {"max": POINTS, "none_due_inspected": POINTS, "none_due_not_inspected": POINTS},
        "R3": {
            "max": POINTS,
            "per_ordinary_penalty": POINTS,
            "per_heavy_penalty": POINTS,
            "heavy_fine_yuan_from?": number(0, 10**11),
            "floor": POINTS,
        },
        "R4": {"max": POINTS, "items": [choice(*FACTS["emergency"])]},
    },
    "bands": [{"class": CLASS, "score_from": POINTS}],
    "caps": [
        {
            "id": text(10),
            "at_best": CLASS,
            "reason": text(200),
            "when": [
                {"fact": choice(*ASKABLE), "from?": whole(0, 10**6), "below?": whole(0, 10**6), "is?": choice(True)}
            ],
            "sectors?": [text(40)],
            "d_reason?": text(20),
            "provisional?": truth,
        }
    ],
    "change": {
        "downgrade": choice("at_once"),
        "downgrade_within_working_days?": whole(0, 100),
        "review_days": [month_day],
        "steps_per_review": whole(1, 3),
        "months_in_class_before_upgrade": {"D": MONTHS, "C": MONTHS, "B": MONTHS},
        "acceptance_required_from": [CLASS],
        "upgrade_blocked_by_caps": choice(True),  # the computed class holds the caps already
        "objection_working_days?": whole(0, 100),
        "published?": or_null(truth),
        "manual_change_requires?": [text(40)],
    },
}


@dataclass(frozen=True)
class Scheme:
    version: str
    body: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:
        return self.body[section]


def read_scheme(body: Any, version: str) -> Scheme:
    """A scheme document's body, proven against SCHEME; BadDocument names every parameter we do not carry out."""
    found = list(islice(faults(SCHEME, body), MOST_FAULTS)) or list(_disorder(body))
    if found:
        raise BadDocument(found)
    return Scheme(version, body)


def _disorder(body: Mapping[str, Any]) -> list[Fault]:
    """Bands are read from the top: they must fall to nought. A condition asks one thing."""
    found = [Fault(pointer, "not_in_order") for pointer, steps in _ladders(body) if not _falls_to_nought(steps)]
    for at, cap in enumerate(body["caps"]):
        for index, condition in enumerate(cap["when"]):
            if ("is" in condition) is ("from" in condition):
                found.append(Fault(f"/caps/{at}/when/{index}", "not_decidable"))
    if [band["class"] for band in body["bands"]] != list(CLASSES):
        found.append(Fault("/bands", "not_in_order"))
    return found


def _ladders(body: Mapping[str, Any]) -> list[tuple[str, list[Decimal]]]:
    return [
        ("/safe_period/points", [exact(row["months_from"]) for row in body["safe_period"]["points"]]),
        ("/bands", [exact(band["score_from"]) for band in body["bands"]]),
        (
            "/risk_control/R1/self_check_rate",
            [exact(row["rate_from"]) for row in body["risk_control"]["R1"]["self_check_rate"]],
        ),
    ]


def _falls_to_nought(steps: list[Decimal]) -> bool:
    return bool(steps) and steps[-1] == 0 and all(a > b for a, b in pairwise(steps))
