"""What a closing says: worked out from the facts up to its last day as they are known at a moment. Nothing here writes.

Every section is a function of SECTIONS and becomes a part of what is signed and frozen; `figures` are those parts that
must be the same when it is frozen as when it was signed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Left
from django.utils import timezone

from accidents import facts as accident_facts
from accidents.choices import Kind
from accidents.models import Accident, ReportLeg
from accidents.querysets import midnight
from accidents.rules import AccidentFacts
from assessment import reconciling
from assessment.models import Closing, Objection
from assessment.words import ObjectionState
from enterprises.models import Enterprise
from geo.codes import whole
from geo.models import Region
from hazards.models import Hazard
from reference import law
from safety_api.idempotency import fingerprint
from safety_api.permissions import inside, significant
from zero_accident import rules
from zero_accident.choices import Subject
from zero_accident.figures import query
from zero_accident.figures import ranking as township_ranking
from zero_accident.figures import ratios as zero_ratios
from zero_accident.figures.working_out import work_out
from zero_accident.models import AccidentEffect, Break, FigureRevision
from zero_accident.targets.lookup import Held, targets_of_all

FORM = 1  # of what is frozen: readers of old content look at it
FIGURES = ("policy", "ratios", "ranking", "broken", "accidents")
OF_THE_RANK = ("before", "moved")  # compares with another month: no figure of this one


@dataclass
class Moment:
    """One closing as it is known at one moment; what several sections need is worked out once."""

    closing: Closing
    known_at: datetime

    @cached_property
    def prefix(self) -> str:
        return significant(self.closing.region_code)

    @cached_property
    def asked(self) -> query.Question:
        return query.question(self.closing.year, self.closing.last_day)

    @cached_property
    def ratios(self) -> dict[str, Any]:
        return zero_ratios.ratios(self.asked, self.prefix)

    @cached_property
    def accidents(self) -> list[Accident]:
        """Of the month (the year), each once; events in which nobody was hurt left out."""
        rows = Accident.objects.single().filter(inside(self.prefix), kind=Kind.ACCIDENT)
        rows = rows.filter(
            occurred_at__gte=midnight(self.closing.first_day),
            occurred_at__lt=midnight(self.closing.last_day + timedelta(days=1)),
        )
        return list(rows.defer("point").order_by("occurred_at", "id"))

    @cached_property
    def books(self) -> reconciling.Books:
        return reconciling.of_closing(self.closing)

    @cached_property
    def names(self) -> dict[str, str]:
        """Of every place of the county that ever was."""
        return dict(Region.objects.filter(inside(self.prefix, "code")).values_list("code", "name"))

    def township(self, code: str) -> dict[str, str]:
        return {"township": whole(code[:9]), "township_name": self.names.get(whole(code[:9]), "")}

    @cached_property
    def last_frozen(self) -> Closing | None:
        """The revision before of the same period; of a first one the county's last closing frozen in the year."""
        rows = Closing.objects.frozen().filter(region_code=self.closing.region_code, year=self.closing.year)
        own = rows.filter(month=self.closing.month).order_by("-number").first()
        return own or rows.order_by("-known_at").first()


def draft(closing: Closing, known_at: datetime | None = None) -> dict[str, Any]:
    """The content as it would be signed now; some sixty queries, whatever the size. Raises NO_RULE."""
    at = Moment(closing, known_at or timezone.now())
    return {"schema": FORM, **{name: section(at) for name, section in sections().items()}}


def sections() -> dict[str, Callable[[Moment], Any]]:
    """Ours and what the bulletin tells beside."""
    from assessment.bulletins import sections as bulletin

    return SECTIONS | bulletin.SECTIONS


def figures(content: Mapping[str, Any]) -> dict[str, Any]:
    """What must not differ between the signature and the freeze."""
    found = {name: content[name] for name in FIGURES}
    ranking = [{name: value for name, value in row.items() if name not in OF_THE_RANK} for row in content["ranking"]]
    return {**found, "ranking": ranking}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the RFC 8785 text."""
    return fingerprint(dict(content))


# --- head ------------------------------------------------------------------------------------------------------------
def county(at: Moment) -> dict[str, Any]:
    return {"region": at.closing.region_code, "name": at.names.get(at.closing.region_code, "")}


def period(at: Moment) -> dict[str, Any]:
    closing = at.closing
    return {
        "year": closing.year, "month": closing.month, "first_day": closing.first_day.isoformat(),
        "last_day": closing.last_day.isoformat(), "said": closing.said_period,
    }  # fmt: skip


def known_at(at: Moment) -> str:
    return _moment(at.known_at)


def policy(at: Moment) -> dict[str, Any]:
    held = law.in_force("zero_accident_policy", at.closing.last_day)
    return {"version": held.version, "title": held.title, "source": held.source}


def figures_revision(at: Moment) -> int:
    return at.ratios["revision"]


# --- ratios and ranking ----------------------------------------------------------------------------------------------
def ratios(at: Moment) -> dict[str, Any]:
    return {name: _plain(at.ratios[name]) for name in ("villages", "units")}


def ranking(at: Moment) -> list[dict[str, Any]]:
    """Each township with what it was the month before, how many places it gained since, and whether it met its target."""
    rows, before = _rows(at.asked, at.prefix), {row["region"]: row for row in _before(at)[1]}
    targets = targets_of_all(at.closing.year, [significant(row["region"]) for row in rows])
    return [_ranked(row, before.get(row["region"]), targets[significant(row["region"])]) for row in rows]


def before(at: Moment) -> dict[str, Any] | None:
    return _before(at)[0]


def _before(at: Moment) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """(what it was taken from, its rows): the frozen ranking, as it was told, else worked out; none in January."""
    if not hasattr(at, "_known_before"):
        at._known_before = _read_before(at)  # type: ignore[attr-defined]
    return at._known_before  # type: ignore[attr-defined]


def _read_before(at: Moment) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    closing = at.closing
    year, month = (closing.year - 1, 0) if closing.month == 0 else (closing.year, closing.month - 1)
    if (closing.month == 1) or (closing.month == 0 and not FigureRevision.objects.filter(year=year).exists()):
        return None, []
    told = Closing.objects.of(closing.region_code, year, month).frozen().order_by("-number").first()
    last = told.last_day if told else date(year, 12, 31) if not month else closing.first_day - timedelta(days=1)
    head = {"as_of": last.isoformat(), "closing": told and told.pk, "number": told and told.number}
    return head, told.content["ranking"] if told else _rows(query.question(year, last), at.prefix)


def _rows(asked: query.Question, prefix: str) -> list[dict[str, Any]]:
    """As the door answers, without the numbers of kept revisions: those tell the way, not the place."""
    rows = _plain(township_ranking.ranking_rows(asked, prefix))
    return [{name: value for name, value in row.items() if name != "revision"} for row in rows]


def _ranked(row: dict[str, Any], old: dict[str, Any] | None, targets: Mapping[str, Held]) -> dict[str, Any]:
    met = {f"{subject}_met": _met(row, subject, held.percent) for subject, held in targets.items()}
    was = old and {name: old[name] for name in ("rank", "village_ratio", "unit_ratio")}
    moved = was["rank"] - row["rank"] if was and was["rank"] and row["rank"] else None
    return {**row, **met, "before": was, "moved": moved}


def _met(row: Mapping[str, Any], name: str, target: Decimal) -> bool | None:
    return rules.ratio(row[f"{name}_zero"], row[f"{name}_total"], target).met


# --- who broke, and by what ------------------------------------------------------------------------------------------
def broken(at: Moment) -> list[dict[str, Any]]:
    """All of the year to date, villages and units by place, with the line of the policy for each accident."""
    found = work_out(at.asked.of, (at.prefix,)).broken
    keys = {accident for values in found.values() for accident in values[5]}
    lines = _lines(at, keys)
    units = _unit_names(key for subject, key in found if subject == Subject.UNIT)
    rows = [_broken(at, subject, key, values, lines, units) for (subject, key), values in found.items()]
    return sorted(rows, key=lambda row: (row["kind"] != Subject.VILLAGE, row["region"], row["key"]))


def _lines(at: Moment, accidents: Iterable[UUID]) -> dict[tuple[UUID, str], tuple[str, str]]:
    rows = Break.objects.filter(policy=at.asked.of.policy.version, accident__in=accidents)
    columns = rows.values_list("accident", "enterprise", "line", "reason")
    return {(accident, str(unit or "")): (line, reason) for accident, unit, line, reason in columns}


def _unit_names(keys: Iterable[str]) -> dict[str, str]:
    rows = Enterprise.objects.filter(pk__in=list(keys)).values_list("pk", "name")
    return {str(key): name for key, name in rows}


def _broken(
    at: Moment, subject: str, key: str, values: tuple, lines: Mapping[tuple[UUID, str], tuple[str, str]],
    units: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    region, _, _, since, provisional, accidents = values
    is_unit = subject == Subject.UNIT
    because = [(each, *lines.get((each, key if is_unit else ""), ("", ""))) for each in accidents]
    return {
        "kind": str(subject), "key": key, "region": region, "region_name": at.names.get(region, ""), **at.township(region),
        "name": units.get(key, "") if is_unit else at.names.get(region, ""), "enterprise": key if is_unit else None,
        "broken_on": since.isoformat(), "provisional": provisional,
        "accidents": [{"accident": str(each), "line": line, "sentence": reason} for each, line, reason in because],
    }  # fmt: skip


def accidents(at: Moment) -> list[dict[str, Any]]:
    """Every accident of the month with the line of the policy that decided, also of those that break nobody."""
    version = at.asked.of.policy.version
    facts = accident_facts.facts_of(at.accidents)
    kept = AccidentEffect.objects.filter(policy=version, accident__in=[each.pk for each in at.accidents], breaks=True)
    breaking = set(kept.values_list("accident", flat=True))
    return [_accident(at, each, facts[each.pk], each.pk in breaking) for each in at.accidents]


def _accident(at: Moment, each: Accident, known: AccidentFacts, breaks: bool) -> dict[str, Any]:
    verdict, loss = rules.judge(at.asked.of.policy, known), each.direct_loss_yuan
    return {
        "accident": str(each.pk), "occurred_at": _moment(each.occurred_at),
        "region": each.region_code, "region_name": at.names.get(each.region_code, ""), **at.township(each.region_code),
        "place": each.place, "description": each.description, "sector": each.sector_id,
        "category": each.category or None, "category_name": each.get_category_display() if each.category else "",
        "nature": each.nature, "nature_name": each.get_nature_display(),
        "grade": each.grade, "grade_name": each.get_grade_display(),
        "deaths": each.deaths, "serious_injuries": each.serious_injuries, "missing": each.missing,
        "late_deaths": each.late_deaths, "direct_loss_yuan": None if loss is None else f"{loss:.2f}",
        "stat_status": each.stat_status, "stat_status_name": each.get_stat_status_display(),
        "in_statistics": each.in_statistics, "breaks": breaks, "line": verdict.line, "sentence": verdict.reason,
    }  # fmt: skip


# --- beside the figures ----------------------------------------------------------------------------------------------
def late_reports(at: Moment) -> list[dict[str, Any]]:
    """Reports of the month's accidents that were late, or are overdue at that moment; local reminders are no 迟报."""
    rows = ReportLeg.objects.filter(accident__in=[each.pk for each in at.accidents], void_at=None, warning=False)
    late = rows.filter(Q(sent_at__gt=F("due_at")) | Q(sent_at=None, due_at__lt=at.known_at))
    return [_late(each, at) for each in late.select_related("accident").order_by("due_at", "id")]


def _late(leg: ReportLeg, at: Moment) -> dict[str, Any]:
    return {
        "accident": str(leg.accident_id), "occurred_at": _moment(leg.accident.occurred_at), "code": leg.code,
        "level": leg.level, "level_name": leg.get_level_display(), "to": leg.to, "to_name": leg.get_to_display(),
        "due_at": _moment(leg.due_at), "sent_at": leg.sent_at and _moment(leg.sent_at),
        "minutes": int(((leg.sent_at or at.known_at) - leg.due_at).total_seconds() // 60),
    }  # fmt: skip


def overdue_hazards(at: Moment) -> list[dict[str, Any]]:
    """Townships with hazards that are overdue at that moment."""
    rows = Hazard.objects.overdue(on=timezone.localdate(at.known_at)).filter(inside(at.prefix))
    counted = rows.annotate(home=Left("region_code", 9)).values("home").order_by("home")
    counted = counted.annotate(total=Count("pk"), major=Count("pk", filter=Q(level="major")))
    return [
        {"region": whole(home), "name": at.names.get(whole(home), ""), "general": total - major, "major": major,
         "total": total}
        for home, total, major in counted.values_list("home", "total", "major")
    ]  # fmt: skip


def sources(at: Moment) -> list[dict[str, Any]]:
    return reconciling.lists_told(at.books)


def differences(at: Moment) -> list[dict[str, Any]]:
    """What was decided about rows and accidents that did not agree by themselves."""
    return reconciling.decisions_told(at.books)


def objections(at: Moment) -> list[dict[str, Any]]:
    rows = Objection.objects.within(at.prefix).about_days(at.closing.first_day, at.closing.last_day)
    rows = rows.exclude(state=ObjectionState.WITHDRAWN).order_by("made_at", "id")
    return [_objection(at, each) for each in rows]


def _objection(at: Moment, each: Objection) -> dict[str, Any]:
    return {
        "objection": each.pk, "accident": str(each.accident_id), **at.township(each.region_code),
        "about": each.about, "about_name": each.get_about_display(), "reason": each.reason,
        "state": each.state, "state_name": each.get_state_display(), "answer": each.answer, "document": each.document,
        "answered_at": each.ended_at and _moment(each.ended_at),
    }  # fmt: skip


def reasons(at: Moment) -> list[dict[str, Any]]:
    """Why figures of this county changed since the frozen revision before, the same reason once."""
    since = at.last_frozen
    return reasons_since(at, since.known_at if since else None)


def reasons_since(at: Moment, moment: datetime | None) -> list[dict[str, Any]]:
    rows = FigureRevision.objects.filter(
        policy=at.asked.of.policy.version, year=at.closing.year, counties__contains=[at.prefix]
    )
    rows = rows.filter(made_at__gt=moment) if moment else rows
    told = rows.values("reason").annotate(Count("pk"), Min("number"), Max("number"), Max("made_at")).order_by()
    columns = told.values_list("reason", "pk__count", "number__min", "number__max", "made_at__max")
    return [
        {"reason": reason, "count": count, "first_number": first, "last_number": last, "last_at": _moment(last_at)}
        for reason, count, first, last, last_at in sorted(columns, key=itemgetter(2, 3))
    ]


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _plain(value: Any) -> Any:
    """The same as JSON would bring it back."""
    return json.loads(json.dumps(value, default=str))


SECTIONS: dict[str, Callable[[Moment], Any]] = {
    "county": county,
    "period": period,
    "known_at": known_at,
    "policy": policy,
    "figures_revision": figures_revision,
    "ratios": ratios,
    "ranking": ranking,
    "before": before,
    "broken": broken,
    "accidents": accidents,
    "late_reports": late_reports,
    "overdue_hazards": overdue_hazards,
    "sources": sources,
    "differences": differences,
    "objections": objections,
    "reasons": reasons,
}
