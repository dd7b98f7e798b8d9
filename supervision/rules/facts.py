"""The facts a class is computed from: the names of API.md, in what-if and inside every stored explanation alike."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from supervision.rules.shape import (
    MOST_FAULTS,
    BadDocument,
    Fault,
    Shape,
    day,
    faults,
    number,
    or_null,
    text,
    truth,
    whole,
)

MONTHS = or_null(whole(0, 12_000))  # whole months since; null = never
COUNT = whole(0, 1_000_000)
LEVEL = or_null(whole(1, 3))  # 1 is the best; null = none, or none prescribed
KNOWN = or_null(truth)  # null = not known in R1 (no point), not applicable in R4 (the point is given)
BASES = {
    "safe_period": "安全生产周期",
    "standardization": "安全标准化等级",
    "risk_control": "风险管控能力",
}

FACTS: Shape = {
    "on": day,
    "sector": text(40),
    "months_since_fatal": MONTHS,  # any responsible fatal accident
    "months_since_larger": MONTHS,  # any responsible accident larger and above
    "months_operating": MONTHS,
    "serious_injury_accidents_12m": COUNT,
    "other_accidents_12m": COUNT,
    "standardization": {
        "applicable": truth,
        "level": LEVEL,
        "minimum": LEVEL,
        "expired_days": or_null(whole(0, 100_000)),
    },
    "risk_control": {
        "reviewed_12m": KNOWN,
        "red_orange_controlled": KNOWN,
        "self_check_rate": or_null(number(0, 100)),  # percent
    },
    "hazards": {
        "due_12m": COUNT,
        "on_time_12m": COUNT,
        "inspected_12m": KNOWN,
        "major_open": COUNT,  # found by an authority, from confirmed on
        "major_overdue": COUNT,
    },
    "penalties": {"ordinary_12m": COUNT, "heavy_12m": COUNT},
    "emergency": {
        "plan_filed": KNOWN,
        "drill_on_time": KNOWN,
        "people_certified": KNOWN,
        "training_done": KNOWN,
        "insured": KNOWN,
    },
    "stopped_by_order": truth,
    "licence_invalid": truth,
    "dishonesty_listed": truth,
    "months_since_concealment": MONTHS,
    "refused_inspection": truth,
    "stopped_months": MONTHS,
    "special_geology": truth,
    "missing_bases": [text(40)],
}

Facts = Mapping[str, Any]


def read_facts(given: Any) -> dict[str, Any]:
    """What somebody sent → the same facts, sound and fit to be stored as JSON. BadDocument with every fault."""
    found = list(islice(faults(FACTS, given), MOST_FAULTS)) or list(_contradictions(given))
    if found:
        raise BadDocument(found)
    rate = given["risk_control"]["self_check_rate"]
    read = {name: dict(value) if isinstance(value, Mapping) else value for name, value in given.items()}
    read["risk_control"]["self_check_rate"] = rate if rate is None or type(rate) is int else str(rate)
    read["missing_bases"] = list(given["missing_bases"])
    return read


def _contradictions(given: Facts) -> list[Fault]:
    hazards = given["hazards"]
    too_many = hazards["on_time_12m"] > hazards["due_12m"]
    return [Fault("/hazards/on_time_12m", "more_than_due")] if too_many else []


# ---------------------------------------------------------------- what follows from the facts alone


def has_no_level(facts: Facts, half_until_days: int) -> bool:
    """None at all, or expired for longer than the scheme forgives: counts as no level."""
    held = facts["standardization"]
    return held["level"] is None or (held["expired_days"] or 0) > half_until_days


def below_minimum(facts: Facts) -> bool:
    """「二级及以上」 means level 1 or 2 (DOMAIN §6): a greater number is a lower level."""
    held = facts["standardization"]
    return held["minimum"] is not None and held["level"] is not None and held["level"] > held["minimum"]


def derived(facts: Facts, half_until_days: int) -> dict[str, Any]:
    """The facts by the names a cap may ask for: nested ones with a dot, and those that follow from others.

    An overdue major hazard is open too, but K07 speaks of those not overdue: `major_open_in_time`.
    """
    held, hazards = facts["standardization"], facts["hazards"]
    compulsory = held["applicable"] and held["minimum"] is not None
    flat = {f"{outer}.{name}": value for outer in ("hazards", "penalties") for name, value in facts[outer].items()}
    return (
        {name: value for name, value in facts.items() if not isinstance(value, (Mapping, list))}
        | flat
        | {
            "standardization_short": compulsory and (has_no_level(facts, half_until_days) or below_minimum(facts)),
            "major_open_in_time": max(0, hazards["major_open"] - hazards["major_overdue"]),
            "missing_bases_count": len(facts["missing_bases"]),
        }
    )


ASKABLE = (  # the names `derived` knows, for the caps of a scheme
    *(name for name, shape in FACTS.items() if not isinstance(shape, (dict, list))),
    *(f"{outer}.{name}" for outer in ("hazards", "penalties") for name in FACTS[outer]),
    "standardization_short",
    "major_open_in_time",
    "missing_bases_count",
)


def exact(value: Any) -> Decimal:
    return Decimal(str(value))
