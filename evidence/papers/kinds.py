"""Which papers there are on a day, and how their numbers are written: read from the dated set, never from code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.codes import whole
from geo.models import Region
from reference import law
from reference.terms import PaperNature
from safety_api.problems import NO_ISSUER, UNKNOWN_PAPER

SET = "inspection"  # the code of the document


@dataclass(frozen=True)
class PaperKind:
    code: str
    name: str
    nature: PaperNature
    word: str  # of the number: 责改


@dataclass(frozen=True)
class Issuer:
    """The organ in whose name a paper is issued; numbers run within its code."""

    code: str
    organ: str
    agency: str  # as the number abbreviates it: 兴应急
    department_id: str | None


def book(on: date) -> dict[str, Any]:
    return law.in_force("papers", on, SET).body


def kind_of(code: str, on: date) -> PaperKind:
    """Raises UNKNOWN_PAPER for a kind that the set of the day does not have."""
    found = next((each for each in book(on)["papers"] if each["code"] == code), None)
    if found is None:
        raise UNKNOWN_PAPER()
    return PaperKind(code, found["name"], PaperNature(found["nature"]), found.get("word") or found["name"])


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
