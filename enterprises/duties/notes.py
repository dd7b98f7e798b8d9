"""What is said beside a stated fact: which edition it is of, what of it the law asks for and the record does not say. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from enterprises.duties import reading, rules
from reference import law

Note = tuple[str, str]
SHORT = {  # (what is asked, met or unknown) → word and sentence
    ("limit", False): ("limit_too_low", "每人限额低于{least}元（{article}）。"),
    ("limit", None): ("limit_unknown", "没有登记每人限额，不知是否达到{least}元（{article}）。"),
    ("all_workers", False): ("not_all_workers", "没有覆盖全部从业人员（{source}）。"),
    ("all_workers", None): ("workers_unknown", "没有登记是否覆盖全部从业人员（{source}）。"),
    ("one_sum", False): ("not_one_sum", "各类人员限额不一（{source}）。"),
    ("one_sum", None): ("one_sum_unknown", "没有登记全部人员是否同一限额（{source}）。"),
}


def of_policy(policy: Any, today: date) -> Iterator[Note]:
    limit = rules.limit_for(policy, reading.limits())
    for asked, met in rules.shortcomings(policy, limit).items():
        if met is not True and limit is not None:
            word, sentence = SHORT[asked, met]
            yield (
                word,
                sentence.format(least=f"{limit.per_person_yuan:.0f}", article=limit.article, source=limit.source),
            )


def of_operation(certificate: Any, today: date) -> Iterator[Note]:
    edition = reading.catalogue(certificate.held_from)
    if edition is None:
        yield "catalogue_unknown", "发证日早于本系统所知的目录。"
        return
    yield "catalogue", f"按发证日属{edition.body['catalogue']}（{edition.body['rule']}）。"
    if edition.body["unknown"]:
        yield "catalogue_partly_read", f"该目录和规定未读到：{'、'.join(edition.body['unknown'])}；只按证上的日期提醒。"
    if certificate.held_to and certificate.held_to < today:
        yield "certificate_ended", f"证上有效期已于 {certificate.held_to} 届满。"
    if (next_on := rules.day_in(certificate, "next_on")) and next_on < today:
        yield "next_date_passed", f"证上下次日期 {next_on} 已过。"


def of_certificate(certificate: Any, today: date) -> Iterator[Note]:
    """标准化: the standard of the day of issue, where one is known for its scheme."""
    edition = reading.standard(certificate.held_from)
    if edition and certificate.scheme in edition.body["schemes"]:
        yield "standard", f"按发证日所依标准为 {edition.body['standard']}。"


def of_plan(plan: Any, today: date) -> Iterator[Note]:
    body = reading.plan_law(plan.held_from).body
    if rules.is_filed(plan, today, body, law.calendar()):
        silent = not plan.value.get("answer")
        yield (
            ("filed_by_silence", "逾期未答复又未说明理由，视为已备案（第二十八条）。")
            if silent
            else ("filed", "已备案。")
        )
    elif plan.value.get("answer") == "incomplete":
        yield "to_complete", "备案材料须补正。"


NOTES: dict[str, Callable[[Any, date], Iterator[Note]]] = {
    "insurance": of_policy, "special_operation": of_operation, "standardization": of_certificate, "plan": of_plan,
}  # fmt: skip


def notes_of(fact: Any, today: date) -> list[Note]:
    return list(NOTES[fact.kind](fact, today)) if fact.kind in NOTES else []
