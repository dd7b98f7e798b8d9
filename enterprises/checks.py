"""What is wrong with an entry of a unit, a site or a fact, from whichever door it comes: tables of checks, no query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.masking import is_landline, is_mobile
from enterprises.kinds import KINDS, Status
from enterprises.rules import BadCreditCode, CreditCode, check_credit_code
from geo.codes import is_code

SENTENCES = {
    "code_or_reason": "须填统一社会信用代码；没有代码的，须写明原因。",
    "both_code_and_reason": "已有统一社会信用代码，不应再写无代码原因。",
    "unknown_sector": "没有这个行业领域。",
    "unknown_region": "没有这个行政区划。",
    "not_a_village": "应为现行的村（社区）代码，12位。",
    "bad_region_code": "应为12位行政区划代码。",
    "bad_phone": "应为手机号码，或带区号的固定电话。",
    "in_future": "日期不能晚于今天。",
    "before_opening": "不能早于开业（投产）日。",
    "needs_status_on": "关闭、停产的单位须写明自哪一天起。",
    "same_as_main": "主要行业不必在其他行业中重复。",
    "only_for_coal": "仅适用于煤矿。",
    "ends_before_it_begins": "末日不能早于首日。",
    "one_day_only": "这种事实只有一天，不填末日。",
    "more_done_than_due": "完成数不能大于应查数。",
    "needs_answer": "写了答复日期，须写明答复：filed 已备案，incomplete 须补正。",
    "before_publication": "不能早于预案公布之日。",
    "answer_before_submission": "答复不能早于报送备案之日。",
    "needs_submission": "答复了的预案须写明哪天报送备案。",
    "needs_state_on": "须写明自哪一天起降级、暂扣或撤销。",
    "needs_document": "须写明评定等级的文书名称、文号。",
    "unknown_place_type": "没有这种场所类型。",
    "unknown_project_type": "没有这种工程类别。",
}


@dataclass(frozen=True)
class Fault:
    field: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Book:
    """What exists today: regions by code with their level, sectors, and the types that the checklists name."""

    levels: Mapping[str, str]
    sectors: frozenset[str]
    place_types: frozenset[str]
    project_types: frozenset[str]
    today: date


Check = Callable[[Mapping[str, Any], Book], Iterable[tuple[str, str]]]


def site_faults(entry: Mapping[str, Any], book: Book) -> list[Fault]:
    return _faults(entry, book, SITE)


def fact_faults(entry: Mapping[str, Any], book: Book) -> list[Fault]:
    return _faults(entry, book, FACT)


def unit_faults(entry: Mapping[str, Any], book: Book) -> list[Fault]:
    return [*_faults(entry, book, UNIT), *_credit_code(entry)]


def since_faults(since: date | None, book: Book) -> list[Fault]:
    return [Fault("since", "in_future", SENTENCES["in_future"])] if since and since > book.today else []


def _faults(entry: Mapping[str, Any], book: Book, checks: Iterable[Check]) -> list[Fault]:
    return [Fault(field, code, SENTENCES[code]) for check in checks for field, code in check(entry, book)]


def _credit_code(entry: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        read_code(entry)
    except BadCreditCode as error:
        yield Fault("credit_code", "bad_credit_code", f"{error}。")


def read_code(entry: Mapping[str, Any]) -> CreditCode | None:
    """Raises BadCreditCode."""
    return check_credit_code(entry["credit_code"]) if entry.get("credit_code") else None


def warnings_of(entry: Mapping[str, Any]) -> list[str]:
    """Words for what is stored although it looks odd; the entry has no faults."""
    code, point = read_code(entry), entry.get("location")
    found = list(code.warnings) if code else []
    if code and code.kind and code.kind != entry["unit_type"]:
        found.append("unit_type_differs")
    return found + (point.warnings if point else [])


# --- units ----------------------------------------------------------------------------------------------------------
def code_or_reason(entry, book):
    code, reason = entry.get("credit_code"), entry.get("no_credit_code_reason")
    if code and reason:
        yield "no_credit_code_reason", "both_code_and_reason"
    if not code and not reason:
        yield "credit_code", "code_or_reason"


def sectors_exist(entry, book):
    if entry["sector"] not in book.sectors:
        yield "sector", "unknown_sector"
    if not set(entry.get("sectors", ())) <= book.sectors:
        yield "sectors", "unknown_sector"
    if entry["sector"] in entry.get("sectors", ()):
        yield "sectors", "same_as_main"


def place_is_a_village(entry, book):
    level = book.levels.get(entry["region"])
    if level != "village":
        yield "region", "not_a_village" if level or len(entry["region"]) < 12 else "unknown_region"


def registered_somewhere(entry, book):
    if entry.get("registered_region") and not is_code(entry["registered_region"]):
        yield "registered_region", "bad_region_code"


def phone_can_be_called(entry, book):
    for field in ("principal_phone", "owner_phone"):
        if entry.get(field) and not (is_mobile(entry[field]) or is_landline(entry[field])):
            yield field, "bad_phone"


def days_are_in_order(entry, book):
    opened = entry.get("opened_on")
    for field in ("opened_on", "status_on", "closed_on"):
        day = entry.get(field)
        if day and day > book.today:
            yield field, "in_future"
        if day and opened and day < opened:
            yield field, "before_opening"


def status_has_its_day(entry, book):
    if entry.get("status", Status.OPERATING) != Status.OPERATING and not entry.get("status_on"):
        yield "status_on", "needs_status_on"


def coal_words_for_coal(entry, book):
    coal = "coal_mine" in (entry["sector"], *entry.get("sectors", ()))
    for field in ("producing", "special_geology"):
        if entry.get(field) and not coal:
            yield field, "only_for_coal"


UNIT: tuple[Check, ...] = (
    code_or_reason, sectors_exist, place_is_a_village, registered_somewhere, phone_can_be_called, days_are_in_order,
    status_has_its_day, coal_words_for_coal,
)  # fmt: skip


# --- sites ----------------------------------------------------------------------------------------------------------
def types_of_the_checklists(entry, book):
    if entry.get("place_type") and entry["place_type"] not in book.place_types:
        yield "place_type", "unknown_place_type"
    if entry.get("project_type") and entry["project_type"] not in book.project_types:
        yield "project_type", "unknown_project_type"


SITE: tuple[Check, ...] = (
    sectors_exist, place_is_a_village, phone_can_be_called, days_are_in_order, types_of_the_checklists,
)  # fmt: skip


# --- facts ----------------------------------------------------------------------------------------------------------
def fact_days(entry, book):
    kind = KINDS[entry["kind"]]
    if entry["held_from"] > book.today and not kind.own_table:  # a certificate may begin tomorrow
        yield "held_from", "in_future"
    if entry.get("held_to") and entry["held_to"] < entry["held_from"]:
        yield "held_to", "ends_before_it_begins"
    if entry.get("held_to") and not kind.lasts:
        yield "held_to", "one_day_only"


def fact_value(entry, book):
    value = entry["value"]
    if entry["kind"] == "self_check" and value["done"] > value["due"]:
        yield "value/done", "more_done_than_due"
    if (value.get("state") or "valid") != "valid" and not value.get("state_on"):
        yield "value/state_on", "needs_state_on"


def fact_paper(entry, book):
    if KINDS[entry["kind"]].by_paper and not (entry.get("document") or "").strip():
        yield "document", "needs_document"


def plan_days(entry, book):
    if entry["kind"] != "plan":
        return
    value = entry["value"]
    submitted, answered = value.get("submitted_on"), value.get("answered_on")
    for name in ("submitted_on", "answered_on", "evaluated_on"):
        if value.get(name) and value[name] > book.today:
            yield f"value/{name}", "in_future"
        if value.get(name) and value[name] < entry["held_from"]:
            yield f"value/{name}", "before_publication"
    if value.get("answer") and not submitted:
        yield "value/submitted_on", "needs_submission"
    if submitted and answered and answered < submitted:
        yield "value/answered_on", "answer_before_submission"
    if answered and not value.get("answer"):
        yield "value/answer", "needs_answer"


FACT: tuple[Check, ...] = (fact_days, fact_value, fact_paper, plan_days)
