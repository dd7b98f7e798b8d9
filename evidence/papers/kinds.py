"""Which papers there are on a day, and how their numbers are written: read from the dated set, never from code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.codes import whole
from geo.models import Region
from reference import law
from reference.terms import PaperNature
from safety_api.problems import NO_ISSUER, PAPER_OF_ANOTHER_SET, UNKNOWN_PAPER, Problem

SET = "inspection"  # the code of the document


@dataclass(frozen=True)
class PaperKind:
    code: str
    name: str
    nature: PaperNature
    word: str  # of the number: 责改
    template: str  # the file with its words


@dataclass(frozen=True)
class Issuer:
    """The organ in whose name a paper is issued; numbers run within its code."""

    code: str
    organ: str
    agency: str  # as the number abbreviates it: 兴应急
    department_id: str | None


def book(on: date) -> dict[str, Any]:
    """The set of the day; of a day before all of them the first."""
    return law.in_force_or_first("papers", on).body


def kind_of(code: str, on: date, *, issued_on: date | None = None) -> PaperKind:
    """In the form of the day that the paper speaks of, numbered in the series of the day of issue.

    Raises UNKNOWN_PAPER for a kind that no set has, PAPER_OF_ANOTHER_SET for one that is not of that day's.
    """
    found = _row(code, on)
    if found is None:
        raise _not_of(code, on)
    word = (_row(code, issued_on or on) or found).get("word") or found["name"]
    return PaperKind(code, found["name"], PaperNature(found["nature"]), word, found.get("template") or code)


def known(code: str) -> PaperKind:
    """As the newest set that has it says. Raises UNKNOWN_PAPER."""
    having = [each.effective_from for each in _sets() if _row(code, each.effective_from)]
    if not having:
        raise UNKNOWN_PAPER()
    return kind_of(code, max(having))


def has(code: str, on: date) -> bool:
    return _row(code, on) is not None


def title_of(code: str, on: date) -> str:
    """Its name on a day, else as it is known; a record may have been made before its kind."""
    found = _row(code, on)
    return found["name"] if found else known(code).name


def _row(code: str, on: date) -> dict[str, Any] | None:
    return next((each for each in book(on)["papers"] if each["code"] == code), None)


def _sets() -> list[Any]:
    return [each for each in law.books().documents.get("papers", []) if each.code == SET]


def _not_of(code: str, on: date) -> Problem:
    form = law.in_force_or_first("papers", on)
    said = f"“{known(code).name}”不在{on.year}年{on.month}月{on.day}日施行的文书种类（{form.version}）之内"
    return PAPER_OF_ANOTHER_SET.at("/kind", detail=f"{said}，请用那一天的文书。")


def of_the_course(on: date) -> dict[str, Any] | None:
    """What papers of an inspection tell the unit since the course of inspections is in force: bans, whom to complain to; None before."""
    return book(on).get("course")


def certified_officers(on: date) -> int:
    return book(on)["certified_officers"]


def remedy(on: date) -> dict[str, Any]:
    """Where and until when the addressee may object: body, days, months. It stands with the papers of the day, or with their terms."""
    return book(on).get("remedy") or terms(on)["remedy"]


def power_cut_notice(on: date) -> timedelta:
    """安全生产法 第七十条"""
    return timedelta(hours=terms(on)["power_cut_notice_hours"])


def terms(on: date) -> dict[str, Any]:
    return law.in_force("paper_terms", on, SET).body


def department(code: str | None, on: date) -> Issuer:
    """Raises NO_ISSUER when nobody is responsible."""
    found = law.books().departments.get(code or "")
    if found is None:
        raise NO_ISSUER()
    agencies = {each["department"]: each["agency"] for each in book(on).get("agencies", [])}
    return Issuer(found.code, found.name, agencies.get(found.code, found.name), found.code)


def township(region: str) -> Issuer:
    """The government of a township, for its notices. Raises NO_ISSUER for a region that is none."""
    code = whole(region[:9])
    found = (
        Region.objects.filter(code=code, level="township").select_related("parent").first()
        if len(region) >= 9
        else None
    )
    if found is None:
        raise NO_ISSUER()
    county = found.parent.name if found.parent else ""
    return Issuer(code, f"{county}{found.name}人民政府", found.name, None)


def written(issuer: Issuer, word: str, year: int, sequence: int) -> str:
    """（兴应急）责改〔2026〕12号"""
    return f"（{issuer.agency}）{word}〔{year}〕{sequence}号"
