"""What the body of each kind of rule must hold: a typo in a data file stops the load with the key at which it stands.

Its words are those of terms.py.

A check takes a value and the key under which it stands and raises `Wrong`. Money and fractions are decimal text, counts
are whole numbers: a float is never accepted.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices

from reference.terms import (
    GRADES_OF_KEY,
    UPWARD,
    AccidentKind,
    AnsweredBy,
    Approval,
    Basis,
    Category,
    Certainty,
    Changed,
    Channel,
    CheckEvery,
    Class,
    Colour,
    Consent,
    ControlLevel,
    CountedFrom,
    CountFrom,
    DayKind,
    Denominator,
    DepartmentKind,
    Duty,
    Grade,
    HazardLevel,
    InPlace,
    InspectionKey,
    InspectionType,
    InvestigationLevel,
    Loop,
    MergeRule,
    Mode,
    Nature,
    Order,
    Outward,
    PaperNature,
    RankKey,
    ReadOf,
    Reminded,
    Rung,
    SeverityHint,
    Stage,
    Subject,
    Suspended,
    Trait,
    TrunkRoads,
    Undetermined,
    UnitRole,
    UnitType,
    Window,
)

Check = Callable[[Any, str], None]


class Wrong(Exception):
    """A value that a shape refuses: `key` says where, `why` what was expected."""

    def __init__(self, key: str, why: str):
        super().__init__(f"{key}：{why}")
        self.key, self.why = key, why


def need(holds: object, key: str, why: str) -> None:
    if not holds:
        raise Wrong(key, why)


# --- checks -----------------------------------------------------------------------------------------------------------
def text(most: int = 200, pattern: str = r".+") -> Check:
    def check(value: Any, key: str) -> None:
        need(isinstance(value, str) and 0 < len(value) <= most, key, f"应为 1 至 {most} 字的文字")
        need(re.fullmatch(pattern, value), key, f"应符合 {pattern}")

    return check


def whole(least: int, most: int) -> Check:
    def check(value: Any, key: str) -> None:
        need(type(value) is int and least <= value <= most, key, f"应为 {least} 至 {most} 的整数")

    return check


def decimal(least: str, most: str) -> Check:
    def check(value: Any, key: str) -> None:
        need(isinstance(value, str) and re.fullmatch(r"\d+\.\d+", value), key, '应为加引号的小数，如 "0.5"')
        need(Decimal(least) <= Decimal(value) <= Decimal(most), key, f"应在 {least} 与 {most} 之间")

    return check


def flag(value: Any, key: str) -> None:
    need(isinstance(value, bool), key, "应为 true 或 false")


def day(value: Any, key: str) -> None:
    need(type(value) is date, key, "应为日期，如 2021-03-29（不加引号）")


def one_of(*words: Any) -> Check:
    def check(value: Any, key: str) -> None:
        need(
            any(value == word and type(value) is type(word) for word in words),
            key,
            f"应为 {'、'.join(map(str, words))} 之一",
        )

    return check


def word(words: type[TextChoices]) -> Check:
    """A word of this kind (terms.py)."""
    return one_of(*words.values)


def some_of(words: type[TextChoices], least: int = 1) -> Check:
    """A list of these words, none of them twice."""

    def check(value: Any, key: str) -> None:
        each(word(words), least=least)(value, key)
        need(len(value) == len(set(value)), key, "有重复")

    return check


def each(check_one: Check, least: int = 1, unique: str | None = None, falling: str | None = None) -> Check:
    """A list of at least `least`; `unique`: a key that no two share; `falling`: one that gets smaller row by row."""

    def check(value: Any, key: str) -> None:
        need(isinstance(value, list) and len(value) >= least, key, f"应为至少 {least} 项的列表")
        for place, one in enumerate(value):
            check_one(one, f"{key}[{place}]")
        seen = [one[unique] for one in value] if unique else []
        need(len(seen) == len(set(seen)), key, f"{unique} 有重复")
        steps = [one[falling] for one in value] if falling else []
        need(all(upper > lower for upper, lower in pairwise(steps)), key, f"{falling} 应逐行减小")

    return check


def keyed(words: Sequence[str], check_one: Check, some: bool = False) -> Check:
    """A table with exactly these keys (with `some`: with none but these)."""

    def check(value: Any, key: str) -> None:
        need(isinstance(value, dict), key, "应为表")
        for word in sorted(value.keys() - set(words)):
            raise Wrong(f"{key}.{word}", f"没有这一项，只能是 {'、'.join(words)}")
        need(some or value.keys() == set(words), key, f"缺少 {'、'.join(set(words) - value.keys())}")
        for word, one in value.items():
            check_one(one, f"{key}.{word}")

    return check


def shape(keys: Mapping[str, Check], **optional: Check) -> Check:
    """A table with these keys, perhaps the optional ones, and no other. `from_` stands for the key `from`."""
    known = {**keys, **{name.rstrip("_"): check for name, check in optional.items()}}

    def check(value: Any, key: str) -> None:
        need(isinstance(value, dict), key, "应为表")
        for name in value.keys() - known.keys():
            raise Wrong(f"{key}.{name}", "没有这一项")
        for name in keys:
            need(name in value, f"{key}.{name}", "缺少这一项")
        for name, one in value.items():
            known[name](one, f"{key}.{name}")

    return check


# --- words that recur -------------------------------------------------------------------------------------------------
CODE = text(40, r"[a-z][a-z0-9_]*")
NAME = text(100)
POINTS = whole(0, 100)
DAYS = whole(0, 365)
YUAN = decimal("0.00", "1000000000.00")
SECTORS = each(CODE, least=0)
ITEM = text(6, r"[A-Z]\d\d-\d\d")
MONTH_DAY = text(5, r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
FACT = text(60, r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")

# --- one shape a kind -------------------------------------------------------------------------------------------------
CHECKLIST = shape(
    {
        "items": each(
            shape(
                {"code": ITEM, "severity_hint": word(SeverityHint), "text": NAME},
                by=word(AnsweredBy),
                source=NAME,
            ),
            least=0,
            unique="code",
        )
    },
    include=each(shape({"code": CODE, "version": text(30)}, items=each(ITEM))),
    place_types=each(shape({"name": text(20), "high_risk": flag}), unique="name"),
    project_types=each(text(20)),
)

CONDITION = shape({"fact": FACT}, from_=whole(0, 1000), below=whole(1, 1000), is_=flag)
SUPERVISION_SCHEME = shape(
    {
        "frequencies": text(40),
        "decimals": whole(0, 2),
        "rounding": one_of("half_up"),
        "window_months": whole(12, 12),
        "safe_period": shape(
            {
                "max": POINTS,
                "points": each(shape({"months_from": whole(0, 600), "points": POINTS}), falling="months_from"),
                "never_fatal_at_least": POINTS,
                "per_serious_injury_accident": POINTS,
                "per_other_accident": POINTS,
                "floor": POINTS,
                "pending_counts_as_responsible": flag,
            }
        ),
        "standardization": shape(
            {
                "max": POINTS,
                "level_points": keyed(("1", "2", "3"), POINTS),
                "none_points": POINTS,
                "expired_half_until_days": DAYS,
                "expired_factor": decimal("0.0", "1.0"),
                "below_minimum_factor": decimal("0.0", "1.0"),
                "rescale_when_not_applicable": shape({"times": whole(1, 100), "over": whole(1, 100)}),
            }
        ),
        "risk_control": shape(
            {
                "max": POINTS,
                "R1": shape(
                    {
                        "max": POINTS,
                        "reviewed_12m": POINTS,
                        "red_orange_controlled": POINTS,
                        "self_check_rate": each(
                            shape({"rate_from": whole(0, 100), "points": POINTS}), falling="rate_from"
                        ),
                    }
                ),
                "R2": shape({"max": POINTS, "none_due_inspected": POINTS, "none_due_not_inspected": POINTS}),
                "R3": shape(
                    {
                        "max": POINTS,
                        "per_ordinary_penalty": POINTS,
                        "per_heavy_penalty": POINTS,
                        "heavy_fine_yuan_from": YUAN,
                        "floor": POINTS,
                    }
                ),
                "R4": shape({"max": POINTS, "items": each(FACT)}),
            }
        ),
        "bands": each(
            shape({"class": word(Class), "score_from": POINTS}), least=4, unique="class", falling="score_from"
        ),
        "caps": each(
            shape(
                {"id": text(3, r"K\d\d"), "at_best": word(Class), "reason": NAME, "when": each(CONDITION)},
                d_reason=CODE,
                provisional=flag,
                sectors=SECTORS,
            ),
            unique="id",
        ),
        "change": shape(
            {
                "downgrade": one_of("at_once"),
                "downgrade_within_working_days": DAYS,
                "review_days": each(MONTH_DAY),
                "steps_per_review": whole(1, 3),
                "months_in_class_before_upgrade": keyed(("B", "C", "D"), whole(0, 60)),
                "acceptance_required_from": each(word(Class), least=0),
                "upgrade_blocked_by_caps": flag,
                "objection_working_days": DAYS,
                "published": flag,
                "manual_change_requires": each(CODE),
            }
        ),
    }
)

TIMES_A_YEAR = keyed(Class.values, whole(0, 366))
FREQUENCIES = shape(
    {
        "high_risk_sectors": SECTORS,
        "high_risk_industries": some_of(Trait, least=0),
        "floor": keyed(("high_risk", "other"), TIMES_A_YEAR),
        "ceiling_times_floor": keyed(Class.values, whole(1, 10), some=True),
        "stopped": shape({"patrol_every_days": whole(1, 366), "production_allowed": flag}),
        "style": keyed(Class.values, NAME),
    }
)

CEILING_ROW = shape(
    {"code": CODE, "name": NAME, "key": word(InspectionKey), "times": lambda value, key: None},
    sectors=each(CODE),
    traits=some_of(Trait),
    directly_supervised=one_of(True),
    note=NAME,
)


def ceiling_row(value: Any, key: str) -> None:
    """A number for each grade of its key, and units that it is about."""
    CEILING_ROW(value, key)
    keyed(GRADES_OF_KEY[value["key"]], whole(0, 366))(value["times"], f"{key}.times")
    about = value.keys() & {"sectors", "traits", "directly_supervised"}
    need(about, key, "应写明适用于哪些单位：sectors、traits 或 directly_supervised")
    need(about == {"directly_supervised"} or "directly_supervised" not in about, key, "directly_supervised 应单独成行")


def ceiling_rows(value: Any, key: str) -> None:
    """No two for the same units."""
    each(ceiling_row, unique="code")(value, key)
    named = [name for row in value for part in ("sectors", "traits") for name in row.get(part, ())]
    need(len(named) == len(set(named)), key, "同一类单位有不止一行")
    need(sum("directly_supervised" in row for row in value) <= 1, key, "directly_supervised 只能有一行")


INSPECTION_CEILINGS = shape(
    {
        "published_by": NAME,
        "supervision": whole(0, 366),
        "rows": ceiling_rows,
    }
)
INSPECTION_COUNTING = shape(
    {"joint": one_of("each", "lead"), "superiors_share": flag, "without_department": one_of("lead", "none")}
)

ZERO_ACCIDENT_POLICY = shape(  # every word that the rules can carry out, and no other
    {
        "period": one_of("calendar_year_to_date"),
        "targets": CODE,
        "mode": word(Mode),
        "categories": each(
            shape(
                {"code": word(Category), "name": NAME, "min_deaths": whole(0, 30)},
                min_serious_injuries=whole(1, 100),
                min_loss_yuan=YUAN,
            ),
            unique="code",
        ),
        "late_death_breaks": flag,
        "road_non_production_breaks_village": flag,
        "village_counts_unit_accidents": flag,
        "trunk_roads": word(TrunkRoads),
        "unit_types": some_of(UnitType),
        "denominator": word(Denominator),
        "virtual_villages_in_denominator": flag,
        "min_days_active": DAYS,
        "suspended": word(Suspended),
        "merge_rule": word(MergeRule),
        "undetermined": word(Undetermined),
        "attribution": shape(
            {
                "village": one_of("place"),
                "roles_always": some_of(UnitRole, least=0),
                "roles_when_responsible": some_of(UnitRole, least=0),
                "township_of_unit": one_of("production_site"),
            }
        ),
        "display": shape({"decimals": one_of(2), "rounding": one_of("down")}),
        "reconcile_with": each(CODE, least=0),
        "ranking": shape(
            {
                "keys": each(shape({"key": word(RankKey), "order": word(Order)}), unique="key"),
                "ties": one_of("same_rank_next_skipped"),
                "null_ratio": one_of("last"),
                "rank_zone": flag,
                "veto_grade_from": word(Grade),
            }
        ),
    },
    standards_apply_to=some_of(Subject),
)

UNNAMED_CATEGORY = shape({"min_deaths": whole(0, 30)})

SHARE = shape({"target": whole(0, 100), "of": one_of(100)})
TARGETS = shape({"year": whole(2021, 2100), "village": SHARE, "unit": SHARE, "inclusive": flag})

ACCIDENT_GRADES = shape(
    {
        "missing_counts_as_death": flag,
        "grades": each(
            shape(
                {
                    "code": word(Grade),
                    "name": text(20),
                    "deaths_from": whole(0, 1000),
                    "serious_injuries_from": whole(0, 1000),
                    "loss_yuan_from": YUAN,
                }
            ),
            least=4,
            unique="code",
            falling="deaths_from",
        ),
        "not_counted_below_loss_yuan": YUAN,
    }
)

WINDOWS = shape(
    {
        "count_from": word(CountFrom),
        "days": DAYS,
        "shorter": each(shape({"kind": word(Window), "name": NAME, "days": DAYS}), least=0, unique="kind"),
    }
)

WINDOW_KINDS = shape(
    {
        "rows": each(
            shape({"kind": word(Window), "categories": some_of(Category, least=0), "sectors": SECTORS}),
            unique="kind",
        )
    }
)

MINUTES = whole(0, 24 * 60)
REPORT_LIMITS = shape(
    {
        "legs": each(
            shape(
                {
                    "code": text(3, r"R\d[A-Z]?"),
                    "from": CODE,
                    "to": CODE,
                    "text": NAME,
                    "source": NAME,
                    "verified": flag,
                },
                limit_minutes=MINUTES,
                with_=text(3),
                grades=each(word(Grade)),
                times_per_day=keyed((*Grade.values, AccidentKind.EVENT.value), whole(1, 24)),
            ),
            unique="code",
        ),
        "highest_level": keyed(Grade.values, one_of(*UPWARD)),
        "coal_mine_also": CODE,
        "local": shape(
            {
                "enabled": flag,
                "as": one_of("warning"),
                "limits": each(
                    shape(
                        {
                            "code": text(3, r"L\d"),
                            "from": CODE,
                            "to": CODE,
                            "channel": one_of(Channel.TELEPHONE.value, Channel.WRITTEN.value),
                            "limit_minutes": MINUTES,
                            "text": NAME,
                            "verified": flag,
                        }
                    ),
                    unique="code",
                ),
            }
        ),
        "serious_risk_event": shape(
            {
                "endangered_from": whole(1, 10000),
                "trapped_or_missing_from": whole(1, 10000),
                "evacuated_from": whole(1, 10000),
                "other": each(NAME),
            }
        ),
    }
)
REPORT_DESK = shape(
    {
        "app_report_counts": flag,
        "twins": shape({"hours": whole(1, 72), "metres": whole(10, 50000)}),
        "reminders": each(
            shape(
                {
                    "code": word(Stage),
                    "minutes": whole(-24 * 60, 7 * 24 * 60),
                    "to": word(Reminded),
                }
            ),
            unique="code",
        ),
    }
)

STATISTICS_ENTRY = shape({"enter_hours": whole(1, 720), "complete_days": whole(1, 90), "verified": flag})

INVESTIGATORS = tuple(
    level.value
    for level in InvestigationLevel
    if level not in (InvestigationLevel.UNIT, InvestigationLevel.MINE_SAFETY)
)
INVESTIGATION = shape(
    {
        "levels": keyed(Grade.values, one_of(*INVESTIGATORS)),
        "coal_mine": one_of(InvestigationLevel.MINE_SAFETY.value, *INVESTIGATORS),
        "coal_mine_up_to": word(Grade),
        "report_days": DAYS,
        "most_extension": DAYS,
        "approval_days": DAYS,
        "approval_days_extra_major": DAYS,
        "most_approval_extension": DAYS,
        "assessment_months": whole(1, 60),
    }
)

DEADLINES = shape(
    {
        "items": each(
            shape(
                {
                    "code": CODE,
                    "name": NAME,
                    "days": DAYS,
                    "day_kind": word(DayKind),
                    "basis": word(Basis),
                },
                max_days=DAYS,
                max_days_without_leader=DAYS,
                source=NAME,
                verified=flag,
                note=NAME,
            ),
            unique="code",
        ),
        "max_extensions": whole(0, 10),
        "on_time": one_of("requested_by_deadline_and_passed", "closed_by_deadline"),
        "review_due_on_deadline": flag,
    }
)

HAZARD_STEPS = shape(
    {
        "repeated_failures_from": whole(1, 10),
        "repeat_months": whole(1, 60),
        "five_in_place": keyed(HazardLevel.values, some_of(InPlace)),
        "coal_stop": shape({"approvals": some_of(Approval), "consents": some_of(Consent)}),
    }
)

REMINDERS = shape(
    {
        "rows": each(
            shape(
                {
                    "kind": CODE,
                    "name": text(20),
                    "level": word(Rung),
                    "from": word(CountedFrom),
                    "days": each(whole(-60, 60)),
                    "day_kind": word(DayKind),
                    "loops": each(word(Loop)),
                    "states": each(CODE),
                    "basis": word(Basis),
                },
                month_day=whole(1, 31),
                listed=flag,
                source=NAME,
                verified=flag,
            )
        )
    }
)

FIELD_TIMES = shape(
    {
        "skew_minutes": whole(1, 1440),
        "back_days": whole(1, 365),
        "back_hours_without_clock": whole(1, 8760),
        "happened_from": day,
    }
)

CLOCK_TIME = text(5, r"([01][0-9]|2[0-3]):[0-5][0-9]")
OUTWARD_NOTICES = shape(
    {
        "gather_minutes": whole(0, 120),
        "quiet": shape({"from": CLOCK_TIME, "until": CLOCK_TIME, "ways": some_of(Outward, least=0)}),
        "ends_after_days": whole(1, 14),
        "rows": each(
            shape({"code": text(40, r"[a-z_]+\.[a-z_]+"), "urgent": flag, "ways": some_of(Outward, least=0)}),
            unique="code",
        ),
    }
)

STANDARDIZATION = shape(
    {
        "minimums": each(shape({"code": CODE, "name": NAME, "minimum": whole(1, 3)}), unique="code"),
        "high_risk_sectors": SECTORS,
        "high_risk_industries": some_of(Trait, least=0),
        "above_scale_income_yuan_from": YUAN,
        "certificate_years": whole(1, 10),
    }
)

UNIT_DUTIES = shape(
    {
        "minimum_lines": each(
            shape(
                {"code": CODE},
                trait=word(Trait),
                sector=CODE,
                producing=flag,
                above_scale=flag,
                high_risk=flag,
            ),
            unique="code",
        ),
        "training_months": whole(1, 120),
        "drills": shape(
            {
                "months": whole(1, 60),
                "often_months": whole(1, 60),
                "often_sectors": SECTORS,
                "often_traits": some_of(Trait, least=0),
            }
        ),
        "insurance": shape({"sectors": SECTORS, "traits": some_of(Trait, least=0)}),
    }
)

HAZARD_STANDARDS = shape(
    {
        "standards": each(
            shape(
                {"code": CODE, "sector": CODE, "title": NAME, "verified": flag},
                number=text(60),
                year=whole(2000, 2100),
                from_=day,
                to=day,
                note=NAME,
            ),
            unique="code",
        ),
        "none_known": SECTORS,
    }
)

ARTICLE = text(20, r"[0-9A-Z][0-9A-Za-z().]*")
URL = text(300, r"https://\S+")


def measured(value: Any, key: str) -> None:
    """Names of values and what each must be for it to be a hazard."""
    need(isinstance(value, dict) and value, key, "应为不空的表")
    for name, limit in value.items():
        text(40, r"[a-z][A-Za-z0-9_]*")(name, key)
        text(40)(limit, f"{key}.{name}")


CRITERIA_ITEM = shape(
    {"article": ARTICLE, "aspect": whole(1, 99), "label": NAME},
    part=text(3, r"[a-z]+"),
    measure=measured,
    mine=one_of("both", "open_pit", "underground"),
    when=NAME,
    exception=NAME,
    reading=NAME,
    list=each(text(60)),
)
CRITERIA = shape(
    {
        "number": text(60),
        "field": CODE,
        "sectors": each(CODE),
        "cited": one_of("article", "part", "number", "item"),
        "read": word(ReadOf),
        "ends": each(shape({"number": text(60), "basis": NAME}, last_day=day, source_url=URL), least=0),
        "aspects": each(
            shape(
                {"no": whole(1, 99), "label": text(40), "first_level": whole(1, 99)},
                article=lambda *_: None,
                applies=NAME,
            ),
            least=0,
            unique="no",
        ),
        "items": each(CRITERIA_ITEM, least=0),
    },
    trait=word(Trait),
    called=each(text(40)),
    only_named=flag,
    beside=CODE,
    succeeded_by=CODE,
    register=CODE,
    issued_on=day,
    effective_note=NAME,
    first_day_verified=flag,
    last_day_setting=flag,
    repealed_on=day,
    read_note=NAME,
    content=one_of("topics"),
    scope=NAME,
    closed_list=flag,
    source_url=URL,
    text_url=URL,
    changed_from=text(60),
    changed=each(shape({"article": text(3, r"\d+"), "change": word(Changed), "text": NAME})),
    tables=each(
        shape(
            {
                "id": text(3),
                "label": NAME,
                "kind": one_of("need", "critical"),
                "columns": each(text(60)),
                "rows": each(each(text(40))),
            }
        ),
        unique="id",
    ),
    replies=each(
        shape({"article": ARTICLE, "label": NAME, "dated": day, "source_url": URL}, measure=measured, note=NAME)
    ),
    duties=each(shape({"article": ARTICLE, "label": NAME}, measure=measured)),
)
CHECKLIST_CRITERIA = shape(
    {
        "edition": text(60),
        "rows": each(shape({"code": ITEM, "articles": each(ARTICLE)}), unique="code"),
    }
)

REMEDY = shape({"body": NAME, "days": DAYS, "months": whole(1, 24), "source": NAME})
PAPERS = shape(
    {
        "papers": each(
            shape(
                {"code": CODE, "name": NAME, "nature": word(PaperNature), "when": NAME}, word=text(10), template=CODE
            ),
            unique="code",
        ),
        "certified_officers": whole(1, 5),
    },
    agencies=each(shape({"department": CODE, "agency": text(20)}), unique="department"),
    remedy=REMEDY,
    course=shape(
        {
            "bans": each(text(60), least=5),
            "complaints": shape({"body": NAME, "source": NAME}, phone=text(40)),
        }
    ),
)
PAPER_TERMS = shape({"power_cut_notice_hours": whole(0, 30 * 24)}, remedy=REMEDY)


def counts_by_sector(value: Any, key: str) -> None:
    """How many shifts a day has: by sector, and `default` for all others."""
    need(isinstance(value, dict) and "default" in value, key, "应为表，含 default")
    for sector, count in value.items():
        CODE(sector, f"{key}.{sector}")
        whole(1, 6)(count, f"{key}.{sector}")


FACTOR = each(shape({"value": decimal("0.1", "100.0"), "name": NAME}), unique="value")
KNOWN_FROM: dict[str, Check] = {"source": NAME, "verified": flag}
RISK_METHODS = shape(
    {
        "lec": shape({**KNOWN_FROM, "likelihood": FACTOR, "exposure": FACTOR, "consequence": FACTOR}),
        "ls": shape({**KNOWN_FROM, "likelihood": FACTOR, "severity": FACTOR}),
        "colours": shape(
            {
                **KNOWN_FROM,
                "control_by": one_of("inherent", "residual"),
                "levels": each(
                    shape(
                        {
                            "level": whole(1, 4),
                            "colour": word(Colour),
                            "name": text(20),
                            "hex": text(7, r"#[0-9A-F]{6}"),
                            "lec_from": whole(0, 10_000),
                            "ls_from": whole(0, 25),
                            "control": word(ControlLevel),
                        }
                    ),
                    least=4,
                    unique="colour",
                    falling="lec_from",
                ),
            }
        ),
        "forced_major": shape(
            {**KNOWN_FROM, "reasons": each(shape({"code": CODE, "name": NAME}), least=0, unique="code")}
        ),
        "control": shape(
            {
                **KNOWN_FROM,
                "levels": each(
                    shape(
                        {
                            "code": word(ControlLevel),
                            "name": text(20),
                            "every": word(CheckEvery),
                        }
                    ),
                    least=4,
                    unique="code",
                ),
                "shifts_per_day": counts_by_sector,
                "upload_within_hours": whole(1, 24 * 31),
            }
        ),
        "review": shape({**KNOWN_FROM, "months": whole(1, 60)}),
        "monthly": shape({**KNOWN_FROM, "level": word(ControlLevel), "unit_types": some_of(UnitType)}),
        "accident_types": shape({**KNOWN_FROM, "names": each(text(20))}),
    }
)

OPEN_QUESTIONS = shape(
    {
        "questions": each(
            shape({"id": text(8, r"OPEN-\d+"), "question": NAME, "default": NAME, "setting": text(100)}), unique="id"
        ),
        "many_accidents": shape({"accidents_from": whole(1, 100), "deaths_from": whole(1, 100)}),
    }
)

DISHONESTY = shape(
    {
        "months": whole(1, 120),
        "notice_required": flag,
        "objection_days": DAYS,
        "objection_day_kind": word(DayKind),
        "objection_verified": flag,
        "restored_period_restarts": flag,
        "scope": SECTORS,
        "clauses": each(shape({"code": text(10), "article": NAME, "text": NAME, "verified": flag}), unique="code"),
    },
    early_removal_from_months=whole(1, 120),
)

ENFORCEMENT = shape(
    {
        "items": each(
            shape(
                {
                    "code": CODE,
                    "name": NAME,
                    "days": DAYS,
                    "day_kind": word(DayKind),
                    "basis": word(Basis),
                },
                source=NAME,
                verified=flag,
                note=NAME,
            ),
            unique="code",
        )
    }
)

MATCH_POINTS = (
    "same_day", "near_day", "same_village", "same_township", "other_village", "same_deaths", "near_deaths", "same_category",
    "category_unsaid",
)  # fmt: skip
CLOSING = shape(
    {
        "objection_days": whole(0, 60),
        "objection_day_kind": word(DayKind),
        "sources": each(
            shape(
                {
                    "code": CODE,
                    "name": NAME,
                    "department": CODE,
                    "required": flag,
                    "categories": each(word(Category)),
                    "default_category": word(Category),
                    "deaths_from": whole(0, 30),
                    "covers": each(shape({}, category=word(Category), sector=CODE)),
                }
            ),
            least=0,
            unique="code",
        ),
        "match": shape({"days": whole(0, 7), "least": POINTS, "points": keyed(MATCH_POINTS, POINTS)}),
    }
)

ASSESSMENT = shape(
    {
        "members": each(CODE),
        "members_verified": flag,
        "conclusions": each(shape({"code": text(20), "name": text(20), "barred_by_veto": flag}), unique="code"),
        "key_patrol": shape(
            {
                "grade_from": word(Grade),
                "natures": each(word(Nature)),
            }
        ),
    }
)

TITLE = text(120, r"[^\n]+(\n[^\n]+)?")  # a line break: where it is broken in print
BULLETINS = shape(
    {
        "bulletin": shape(
            {
                "mast": text(60), "organ": text(60), "word": text(20), "title": TITLE, "correction_title": TITLE,
                "recipients": text(300), "copies": text(300),
            }
        ),
        "requirements": each(text(1000)),
        "quick_report": shape({"mast": text(20), "organ": text(60), "recipients": text(300), "copies": text(300)}),
    }
)  # fmt: skip

INSPECTION_COURSE = shape(
    {
        "counting": shape(
            {
                "types": some_of(InspectionType),
                "ways_not_counted": each(CODE, least=0),
                "special_from_above_counts": flag,
                "case_may_exceed": flag,
                "supervision_most": whole(1, 100),
            }
        ),
        "approval": shape({"urgent_hours": whole(1, 24 * 30)}),
        "scan": shape({"required": flag}),
        "result": shape({"days": whole(1, 365), "day_kind": word(DayKind)}),
    }
)

METRES = whole(1, 100_000)
FIELD_REMARKS = shape(
    {
        "far_metres": METRES,
        "useless_accuracy_metres": METRES,
        "apart_metres": METRES,
        "doubles": shape({"visit_minutes": whole(1, 24 * 60), "hazard_days": DAYS, "metres": METRES}),
    }
)

BODY = text(30, r"[a-z][a-z0-9_]*|\d{9}")  # a department, or the nine digits of a township
INSPECTION_BODIES = shape(
    {"bodies": each(shape({"body": BODY, "scope": text(300)}, sectors=SECTORS, published_on=day, source=NAME), least=0, unique="body")},
    departments_as_proposed=some_of(DepartmentKind),
)  # fmt: skip
INSPECTING = shape({"coordinating": each(CODE, least=0), "not_offered_from": day, "not_counted": each(CODE, least=0)})

INSURANCE_LIMITS = shape({"per_person_yuan": YUAN, "all_workers": flag, "one_sum": flag, "article": NAME})
SPECIAL_OPERATIONS = shape(
    {
        "rule": NAME,
        "catalogue": NAME,
        "operations": each(shape({"number": text(10), "name": NAME, "scope": NAME}), least=0, unique="number"),
        "unknown": each(NAME, least=0),
        "remind_days": DAYS,
    }
)
AMONG = {"sectors": SECTORS, "traits": some_of(Trait, least=0)}
PLAN_DUTIES = shape(
    {
        "authority_drill_months": whole(1, 120),
        "remind_days": DAYS,
        "filing": shape({"days": DAYS, "day_kind": word(DayKind), "article": NAME, **AMONG}),
        "check": shape({"days": DAYS, "day_kind": word(DayKind), "article": NAME}),
        "evaluation": shape({"months": whole(1, 120), "article": NAME, "above_scale": flag, **AMONG}),
        "drills": each(
            shape(
                {
                    "code": CODE,
                    "name": NAME,
                    "scopes": each(one_of("comprehensive", "special", "on_site")),
                    "months": whole(1, 60),
                    "article": NAME,
                    "reported": flag,
                },
                sectors=SECTORS,
                traits=some_of(Trait, least=0),
            ),
            unique="code",
        ),
        "fines": each(
            shape(
                {"code": CODE, "what": NAME, "article": NAME, "unit_from_yuan": YUAN, "unit_to_yuan": YUAN},
                person_from_yuan=YUAN,
                person_to_yuan=YUAN,
            ),
            unique="code",
        ),
    }
)
SELF_REPORTED = shape({"basis": NAME, "sentence": NAME})
STANDARDIZATION_EDITIONS = shape({"standard": NAME, "schemes": each(CODE)})


def dated(check_one: Check) -> Check:
    """With a first or a last day, or the year at least."""

    def check(value: Any, key: str) -> None:
        check_one(value, key)
        need({"from", "until", "year"} & value.keys(), key, "应有 from、until 或 year")

    return check


TEXTS = each(NAME, least=0)
DUTY_DESK = shape(
    {
        "telephones": each(
            shape({"code": CODE, "name": NAME}, number=text(20, r"[0-9][0-9-]{2,19}")),
            unique="code",
        )
    }
)
URL = text(300, r"https?://\S+")
LAW_CALENDAR = shape(
    {
        "laws": each(
            dated(
                shape(
                    {
                        "code": CODE,
                        "title": NAME,
                        "certainty": word(Certainty),
                        "source": NAME,
                        "ends": TEXTS,
                        "touches": each(NAME),
                    },
                    number=text(60),
                    from_=day,
                    until=day,
                    year=whole(1990, 2100),
                    source_url=URL,
                    checklists=SECTORS,
                    paper_sectors=SECTORS,
                )
            ),
            unique="code",
        )
    }
)
LAW_CERTAINTY = shape(
    {
        "documents": each(
            shape(
                {"kind": CODE, "certainty": word(Certainty)},
                code=text(40),
                version=text(30),
                note=NAME,
                source_url=URL,
                touches=TEXTS,
            )
        )
    }
)

BODIES: dict[str, Check] = {
    "checklist": CHECKLIST,
    "supervision_scheme": SUPERVISION_SCHEME,
    "frequencies": FREQUENCIES,
    "inspection_ceilings": INSPECTION_CEILINGS,
    "inspection_counting": INSPECTION_COUNTING,
    "zero_accident_policy": ZERO_ACCIDENT_POLICY,
    "unnamed_category": UNNAMED_CATEGORY,
    "targets": TARGETS,
    "accident_grades": ACCIDENT_GRADES,
    "windows": WINDOWS,
    "window_kinds": WINDOW_KINDS,
    "report_limits": REPORT_LIMITS,
    "report_desk": REPORT_DESK,
    "duty_desk": DUTY_DESK,
    "statistics_entry": STATISTICS_ENTRY,
    "investigation": INVESTIGATION,
    "deadlines": DEADLINES,
    "hazard_steps": HAZARD_STEPS,
    "reminders": REMINDERS,
    "confirmation_reminders": REMINDERS,
    "field_times": FIELD_TIMES,
    "field_remarks": FIELD_REMARKS,
    "outward_notices": OUTWARD_NOTICES,
    "inspection_course": INSPECTION_COURSE,
    "standardization": STANDARDIZATION,
    "unit_duties": UNIT_DUTIES,
    "hazard_standards": HAZARD_STANDARDS,
    "criteria": CRITERIA,
    "checklist_criteria": CHECKLIST_CRITERIA,
    "papers": PAPERS,
    "paper_terms": PAPER_TERMS,
    "open_questions": OPEN_QUESTIONS,
    "risk_methods": RISK_METHODS,
    "dishonesty": DISHONESTY,
    "enforcement": ENFORCEMENT,
    "bulletins": BULLETINS,
    "closing": CLOSING,
    "assessment": ASSESSMENT,
    "inspection_bodies": INSPECTION_BODIES,
    "inspecting": INSPECTING,
    "insurance_limits": INSURANCE_LIMITS,
    "special_operations": SPECIAL_OPERATIONS,
    "plan_duties": PLAN_DUTIES,
    "self_reported": SELF_REPORTED,
    "standardization_editions": STANDARDIZATION_EDITIONS,
    "law_calendar": LAW_CALENDAR,
    "law_certainty": LAW_CERTAINTY,
}

DOCUMENT = shape(
    {
        "kind": one_of(*BODIES),
        "code": text(40),
        "version": text(30),
        "title": NAME,
        "effective_from": day,
        "source": NAME,
        "body": lambda value, key: need(isinstance(value, dict), key, "应为表"),
    },
    effective_to=day,
)

CHANGES_FILE = shape(
    {
        "changes": each(
            shape(
                {
                    "at": text(100, r"(/[A-Za-z0-9_.-]+)+"),
                    "effective_from": day,
                    "value": lambda value, key: None,  # its shape is that of the place where it stands (versions.py)
                    "source": NAME,
                },
                code=text(40),
                effective_to=day,
            )
        )
    }
)


def law_file(content: Any, key: str) -> None:
    (CHANGES_FILE if "changes" in content else DOCUMENT)(content, key)


# --- the plain tables -------------------------------------------------------------------------------------------------
SECTORS_FILE = shape(
    {
        "source": NAME,
        "sectors": each(
            shape({"code": CODE, "order": whole(1, 99), "is_priority": flag, "name": text(40)}), unique="code"
        ),
    }
)
DEPARTMENTS_FILE = shape(
    {
        "departments": each(
            shape(
                {
                    "code": CODE,
                    "kind": word(DepartmentKind),
                    "name": text(60),
                    "aliases": each(text(60), least=0),
                    "verified": flag,
                }
            ),
            unique="code",
        )
    }
)
SECTOR_DEPARTMENTS_FILE = shape(
    {
        "source": NAME,
        "rows": each(
            shape(
                {
                    "sector": CODE,
                    "department": CODE,
                    "role": word(Duty),
                    "valid_from": day,
                },
                valid_to=day,
                note=text(60),
            )
        ),
    }
)
HOLIDAYS_FILE = shape(
    {
        "year": whole(2000, 2100),
        "source": NAME,
        "holidays": each(
            shape({"name": text(20), "first": day, "last": day, "workdays": each(day, least=0)}), unique="name"
        ),
    }
)
