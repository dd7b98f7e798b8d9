"""A year's figures of every party of a county, worked out from what lower floors keep: some twenty queries, whatever the number of
parties, accidents or hazards.

A row belongs to a township by the place, with mergers followed; to a department when it supervised the row's sector on the row's
day. What is kept by month belongs to who supervises at the month's end; what stands at the end, to who supervises then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from accidents.choices import StatStatus, WrongReportKind
from accidents.models import Accident, Finding
from assessment.models import Veto
from assessment.yearly import behind
from assessment.yearly.behind import Scope, Window
from assessment.yearly.rules import Party, Tenure, YearAccident
from assessment.yearly.rules import said as said_of
from assessment.yearly.states import PartyKind, VetoState
from enforcement.models import Listing
from geo.codes import prefix_of, whole
from geo.models import Region
from geo.querysets import township_today
from hazards.figures.asking import Question, answer, range_of, share
from inspections.models import Authority, Inspection, Task
from reference import bodies, law
from reference.terms import AccidentKind, Grade, Subject
from safety_api.days import during, month_end
from safety_api.permissions import inside
from zero_accident import rules
from zero_accident.figures import keeping, query, ranking
from zero_accident.figures.periods import Period
from zero_accident.figures.places import Places
from zero_accident.figures.working_out import read_places
from zero_accident.models import AccidentEffect, TownshipCount
from zero_accident.policies import lookup
from zero_accident.targets.lookup import TargetInForce, targets_of_all

SCHEMA = 1
Content = dict[str, Any]
VISITS = [word for word in Authority.values if word != Authority.SELF_CHECK]


@dataclass(frozen=True)
class Year:
    """A county's year to a day: to its last when it is over. Raises NO_RULE before there was a policy."""

    county: str  # twelve digits
    year: int
    today: date

    @property
    def as_of(self) -> date:
        return min(self.today, date(self.year, 12, 31))

    @property
    def is_over(self) -> bool:
        return self.year < self.today.year

    @property
    def prefix(self) -> str:
        return prefix_of(self.county)

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def period(self) -> Period:
        return Period(lookup.policy_on(self.as_of), self.year, self.as_of, self.today)

    def holds(self, on: date) -> bool:
        return self.first <= on <= self.as_of


def places_of(asked: Year) -> Places:
    """The list of townships at the end, and what became of codes that are on it no more."""
    return read_places(asked.period, (asked.prefix,))


# --- parties ---------------------------------------------------------------------------------------------------------
def members(asked: Year) -> dict[str, str]:
    """Departments assessed: code → name, as the document of the day lists them. Raises NO_RULE."""
    codes = law.in_force("assessment", asked.as_of).body["members"]
    known = law.books().departments
    return {code: known[code].name for code in codes if code in known}


def tenures(asked: Year) -> list[Tenure]:
    """Who supervises which sector, on some day of the year."""
    rows = (each for each in law.books().assignments if each.role == "supervise")
    held = (Tenure(each.department_id, each.sector_id, each.valid_from, each.valid_to) for each in rows)
    return [each for each in held if each.first <= asked.as_of and (each.last is None or each.last >= asked.first)]


@dataclass
class Parties:
    """All of a county, and whose a row is."""

    asked: Year
    places: Places
    departments: dict[str, str]
    by_sector: dict[str, list[tuple[str, Window]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in tenures(self.asked):
            first, last = max(each.first, self.asked.first), min(each.last or self.asked.as_of, self.asked.as_of)
            window = Window(self.asked.prefix, first, last, each.sector)
            self.by_sector[each.sector].append((each.department, window))

    def of(self, place: str, sector: str | None, on: date) -> Iterator[Party]:
        """The township of a place, and the departments that supervised the sector on that day."""
        if (home := self.places.home(place)) is not None:
            yield Party.township(home)
        for department, window in self.by_sector.get(sector or "", ()):
            if window.holds(on):
                yield Party.department(department)

    def windows(self, party: Party) -> tuple[Window, ...]:
        kind, code = party
        if kind == PartyKind.TOWNSHIP:
            older = [each for each in self.places.heirs if each.endswith("000") and self.places.home(each) == code]
            return tuple(Window(prefix_of(each), self.asked.first, self.asked.as_of) for each in (code, *sorted(older)))
        return tuple(window for rows in self.by_sector.values() for department, window in rows if department == code)

    def scope(self, party: Party) -> Scope:
        policy = lookup.policy_on(self.asked.as_of).version
        return Scope(self.asked.year, self.asked.as_of, self.asked.prefix, policy, self.windows(party))


def parties_of(asked: Year) -> Parties:
    return Parties(asked, places_of(asked), members(asked))


# --- sums ------------------------------------------------------------------------------------------------------------
Row = tuple[str, str | None, date, Mapping[str, int]]  # place, sector, day, counts
Sums = dict[Party, Counter[str]]


def sums_of(parties: Parties) -> Sums:
    found: Sums = defaultdict(Counter)
    for read in (_accidents, _effects, _findings, _visits, _tasks, _listings):
        for place, sector, on, counts in read(parties.asked):
            for party in parties.of(place, sector, on):
                found[party].update(counts)
    _hazards_of_townships(parties, found)
    _hazards_of_departments(parties, found)
    return found


def _accidents(asked: Year) -> Iterator[Row]:
    """计入生产安全事故统计, by grade."""
    rows = happened(asked).filter(in_statistics=True)
    for place, sector, at, grade, deaths in rows.values_list(
        "region_code", "sector_id", "occurred_at", "grade", "deaths"
    ):
        counts = {"accidents_counted": 1, "deaths_counted": deaths, f"accidents_{grade}": 1}
        yield place, sector, timezone.localdate(at), counts


def happened(asked: Year) -> Any:
    """Accidents of the county and the year, each once, none that was written off."""
    rows = Accident.objects.in_year(asked.year).single().filter(inside(asked.prefix), kind=AccidentKind.ACCIDENT)
    return rows.exclude(stat_status=StatStatus.WRITTEN_OFF)


def _effects(asked: Year) -> Iterator[Row]:
    """What breaks somebody, and what is larger-and-above, as the policy of the year has it."""
    rows = AccidentEffect.objects.of(asked.period.policy.version, asked.year).within([asked.prefix])
    columns = ("region_code", "accident__sector_id", "occurred_on", "breaks", "deaths", "veto")
    for place, sector, on, breaks, deaths, veto in rows.filter(occurred_on__lte=asked.as_of).values_list(*columns):
        counts = {
            "breaking_accidents": int(breaks),
            "breaking_deaths": deaths if breaks else 0,
            "larger_accidents": int(veto),
        }
        yield place, sector, on, counts


def _findings(asked: Year) -> Iterator[Row]:
    """违规报告认定 about accidents of the year, taken back ones left out."""
    rows = Finding.objects.in_force().filter(accident__in=happened(asked).values("pk"))
    columns = ("accident__region_code", "accident__sector_id", "accident__occurred_at", "kind")
    for place, sector, at, kind in rows.values_list(*columns):
        yield place, sector, timezone.localdate(at), {f"findings_{kind}": 1}


def _visits(asked: Year) -> Iterator[Row]:
    """Visits of the office by month; self-checks are the units' own."""
    year = during("started_at", asked.first, date(asked.as_of.year, 12, 31))
    rows = Inspection.objects.single().filter(inside(asked.prefix), year)
    rows = rows.filter(authority__in=VISITS).annotate(month=ExtractMonth("started_at"), town=township_today())
    sums = (
        rows.values("town", "sector_id", "month", patrol=Q(authority=Authority.PATROL))
        .annotate(n=Count("pk"))
        .order_by()
    )
    for town, sector, month, patrol, n in sums.values_list("town", "sector_id", "month", "patrol", "n"):
        yield whole(town), sector, _decides(asked, month), {"visits": n, "patrols": n if patrol else 0}


def _tasks(asked: Year) -> Iterator[Row]:
    """Visits planned that fell due, and how many of them were made; those called off are none."""
    rows = Task.objects.filter(inside(asked.prefix), due_on__range=(asked.first, asked.as_of), cancelled_on=None)
    rows = rows.annotate(month=ExtractMonth("due_on"), town=township_today())
    sums = rows.values("town", "sector_id", "month").annotate(n=Count("pk"), made=Count("done_by")).order_by()
    for town, sector, month, n, made in sums.values_list("town", "sector_id", "month", "n", "made"):
        yield whole(town), sector, _decides(asked, month), {"tasks_due": n, "tasks_done": made}


def _decides(asked: Year, month: int) -> date:
    return min(month_end(date(asked.year, month, 1)), asked.as_of)


def _listings(asked: Year) -> Iterator[Row]:
    """挂牌督办 put up in the year; in force and overdue at its end."""
    rows = Listing.objects.filter(inside(asked.prefix), listed_on__lte=asked.as_of)
    rows = rows.filter(Q(listed_on__gte=asked.first) | Q(delisted_on=None) | Q(delisted_on__gt=asked.as_of))
    late = set(rows.late(on=asked.as_of).values_list("pk", flat=True))
    for key, place, sector, listed_on, delisted_on in rows.values_list(
        "pk", "region_code", "sector_id", "listed_on", "delisted_on"
    ):
        if asked.holds(listed_on):
            yield place, sector, listed_on, {"listings": 1}
        if delisted_on is None or delisted_on > asked.as_of:
            yield place, sector, asked.as_of, {"listings_standing": 1, "listings_overdue": int(key in late)}


FLOWS = ("found", "due", "on_time", "major_found")
STOCKS = ("open", "overdue", "major_open", "major_overdue")


def _hazards(asked: Year, *by: str) -> list[dict[str, Any]]:
    """From the kept monthly figures: no hazard is read."""
    over = range_of(asked.first, date(asked.year, 12, 1), asked.today)
    rows, _ = answer(Question(over, by, asked.prefix))
    return rows


def _hazards_of_townships(parties: Parties, found: Sums) -> None:
    for row in _hazards(parties.asked, "township"):
        if (home := parties.places.home(row["township"])) is not None:
            found[Party.township(home)].update({f"hazards_{name}": row[name] for name in (*FLOWS, *STOCKS)})


def _hazards_of_departments(parties: Parties, found: Sums) -> None:
    asked = parties.asked
    for row in _hazards(asked, "sector", "month"):
        month = int(row["month"][5:])
        at_the_end = month == asked.as_of.month
        names = (*FLOWS, *STOCKS) if at_the_end else FLOWS
        for department, window in parties.by_sector.get(row["sector"], ()):
            if window.holds(_decides(asked, month)):
                found[Party.department(department)].update({f"hazards_{name}": row[name] for name in names})


# --- zero accident ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PartyRatios:
    """Ratios of a party; of a township its place in the ranking of its county too."""

    village: rules.Ratio | None
    unit: rules.Ratio
    rank: int | None = None
    zone: bool = False


@dataclass(frozen=True)
class CountyRatios:
    """A county's: what is kept at the end of the year, worked out where nothing is."""

    of: dict[Party, PartyRatios]
    ranked: int  # how many have a rank
    targets: dict[str, dict[str, TargetInForce]]  # by the party's place (a prefix); a department's is the county
    revision: int


def ratios_of(parties: Parties) -> CountyRatios:
    asked = query.figure_query(parties.asked.year, None)
    rows = ranking.ranking_rows(asked, parties.asked.prefix)
    found: dict[Party, PartyRatios] = {Party.township(row["region"]): _of_township(row) for row in rows}
    found |= _of_departments(parties)
    places = [parties.asked.prefix, *(prefix_of(code) for code in parties.places.townships)]
    return CountyRatios(
        found,
        sum(row["rank"] is not None for row in rows),
        targets_of_all(parties.asked.year, places),
        keeping.last_number(parties.asked.period.policy.version, parties.asked.year),
    )


def _of_township(row: Mapping[str, Any]) -> PartyRatios:
    village, unit = (rules.ratio(row[f"{name}_zero"], row[f"{name}_total"]) for name in ("village", "unit"))
    return PartyRatios(village, unit, row["rank"], row["zone"])


def _of_departments(parties: Parties) -> dict[Party, PartyRatios]:
    """Units of the sectors they supervise at the end."""
    asked = parties.asked
    rows = TownshipCount.objects.of(asked.period.policy.version, asked.year).within([asked.prefix]).filter(subject=Subject.UNIT)
    sums = (
        rows.values("sector_code").annotate(of=Sum("total"), zero=Sum(F("total") - F("broken") - F("short"))).order_by()
    )
    found: Sums = defaultdict(Counter)
    for sector, of, zero in sums.values_list("sector_code", "of", "zero"):
        for department, window in parties.by_sector.get(sector, ()):
            if window.holds(asked.as_of):
                found[Party.department(department)].update({"of": of, "zero": zero})
    return {party: PartyRatios(None, rules.ratio(counts["zero"], counts["of"])) for party, counts in found.items()}


# --- figures ---------------------------------------------------------------------------------------------------------
Figure = dict[str, Any]


def _figure(key: str, name: str, value: Any, behind_it: list[behind.Address], **more: Any) -> Figure:
    return {"key": key, "name": name, "value": value, "part": None, "of": None, "target": None, "target_year": None,
            "met": None, "behind": behind_it, **more}  # fmt: skip


COUNTS: tuple[tuple[str, str, behind.Behind], ...] = (
    ("breaking_accidents", "破零事故起数", behind.effects("breaks")),
    ("breaking_deaths", "破零事故死亡人数", behind.effects("breaks")),
    ("accidents_counted", "计入统计的生产安全事故起数", behind.accidents(in_statistics="true")),
    ("deaths_counted", "计入统计的生产安全事故死亡人数", behind.accidents(in_statistics="true")),
    *(
        (f"accidents_{grade}", f"其中{name}起数", behind.accidents(in_statistics="true", grade=grade))
        for grade, name in Grade.choices
    ),
    ("larger_accidents", "较大及以上生产安全事故起数", behind.effects("veto")),
    *((f"findings_{kind.value}", f"{kind.label}认定次数", behind.accidents(finding=kind.value)) for kind in WrongReportKind),
    ("hazards_found", "发现隐患", behind.hazards("found")),
    ("hazards_major_found", "其中重大隐患", behind.hazards("found", level="major")),
    ("hazards_overdue", "年末逾期未整改隐患", behind.hazards_at_the_end("overdue")),
    ("hazards_open", "年末未结隐患", behind.hazards_at_the_end("open")),
    ("hazards_major_open", "年末未销号重大隐患", behind.hazards_at_the_end("open", level="major")),
    ("visits", "检查巡查次数", behind.visits(*VISITS)),
    ("patrols", "其中属地巡查次数", behind.visits(Authority.PATROL.value)),
    ("listings", "挂牌督办件数", behind.listings),
    ("listings_standing", "年末未摘牌件数", behind.listings_at_the_end),
    ("listings_overdue", "其中逾期件数", behind.overdue_listings),
)
SHARES: tuple[tuple[str, str, str, str, behind.Behind], ...] = (
    ("hazards_on_time", "隐患按期整改率", "hazards_on_time", "hazards_due", behind.hazards("due")),
    ("plan_completion", "检查计划完成率", "tasks_done", "tasks_due", behind.tasks("true", "false")),
)


def figures_of(
    party: Party, scope: Scope, counts: Counter[str], zero: PartyRatios | None, year: CountyRatios
) -> list[Figure]:
    """None of visits from the year on in which they are no merit (国办发〔2024〕54号: no targets for inspections)."""
    barred = bodies.not_counted(scope.as_of)
    found = list(_zero_figures(party, scope, zero, year))
    found += [_figure(key, name, counts[key], where(scope)) for key, name, where in COUNTS if key not in barred]
    for key, name, part, of, where in SHARES:
        if key in barred:
            continue
        rate = share(counts[part], counts[of])
        found.append(_figure(key, name, rate["percent"], where(scope), part=counts[part], of=counts[of]))
    return found


def _zero_figures(party: Party, scope: Scope, zero: PartyRatios | None, year: CountyRatios) -> Iterator[Figure]:
    if zero is None:
        return
    is_township = party.kind == PartyKind.TOWNSHIP
    held = year.targets.get(prefix_of(party.code) if is_township else scope.county)
    if zero.village is not None:
        yield _ratio("village_zero", "村（社区）零事故率", zero.village, held, Subject.VILLAGE, scope)
    yield _ratio("unit_zero", "企事业单位零事故率", zero.unit, held, Subject.UNIT, scope)
    if is_township:
        yield _figure("rank", "零事故排名", zero.rank, behind.ranking(scope), part=zero.rank, of=year.ranked)


def _ratio(
    key: str, name: str, ratio: rules.Ratio, held: Mapping[str, TargetInForce] | None, what: Subject, scope: Scope
) -> Figure:
    target = held[what] if held else None
    found = rules.ratio(ratio.zero, ratio.total, target.percent if target else None)
    return _figure(
        key, name, found.percent, behind.broken(what.value)(scope), part=found.zero, of=found.total, met=found.met,
        target=f"{target.percent:.2f}" if target else None, target_year=target.year if target else None,
    )  # fmt: skip


# --- the content of a sheet ------------------------------------------------------------------------------------------
def work_out(asked: Year, wanted: Collection[Party] | None = None) -> dict[Party, Content]:
    """What the sheets of these parties say now, all of the county when none are named. Raises NO_RULE, IN_THE_FUTURE."""
    parties = parties_of(asked)
    sums, zero, vetoes = sums_of(parties), ratios_of(parties), vetoes_of(parties)
    county = Region.objects.filter(code=asked.county).values_list("name", flat=True).first() or ""
    head = {
        "schema": SCHEMA,
        "county": {"region": asked.county, "name": county},
        "year": asked.year,
        "as_of": asked.as_of.isoformat(),
        "policy": asked.period.policy.version,
        "figures_revision": zero.revision,
    }
    found = {}
    for party in wanted if wanted is not None else everybody(parties):
        found[party] = {
            **head,
            "party": _party(parties, party, zero.of.get(party)),
            "figures": figures_of(party, parties.scope(party), sums.get(party, Counter()), zero.of.get(party), zero),
            "vetoes": vetoes.get(party, []),
        }
    return found


def everybody(parties: Parties) -> list[Party]:
    """Every township on the list of the last day, every member department."""
    return [*map(Party.township, sorted(parties.places.townships)), *map(Party.department, parties.departments)]


def name_of(parties: Parties, party: Party) -> str:
    kind, code = party
    if kind == PartyKind.TOWNSHIP:
        return parties.places.townships.get(code, "")
    known = law.books().departments.get(code)
    return known.name if known else ""


def _party(parties: Parties, party: Party, zero: PartyRatios | None) -> dict[str, Any]:
    kind, code = party
    supervised = [] if kind == PartyKind.TOWNSHIP else parties.windows(party)
    return {
        "kind": kind,
        "code": code,
        "name": name_of(parties, party),
        "zone": bool(zero and zero.zone),
        "listed": party in set(everybody(parties)),
        "sectors": [
            {
                "sector": each.sector,
                "name": law.sector(each.sector or "").name,
                "from": each.first.isoformat(),
                "to": each.last.isoformat(),
            }
            for each in supervised
        ],
    }


def vetoes_of(parties: Parties) -> dict[Party, list[dict[str, Any]]]:
    """Proposed, confirmed and lifted apart; what was rejected or withdrawn is no longer one."""
    asked = parties.asked
    shown = (VetoState.PROPOSED, VetoState.CONFIRMED, VetoState.LIFTED)
    rows = Veto.objects.filter(region_code=asked.county, year=asked.year, state__in=shown).order_by(
        "effective_from", "pk"
    )
    found: dict[Party, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        code = row.party if row.party_kind == PartyKind.DEPARTMENT else parties.places.township_of(row.party)
        found[Party(row.party_kind, code)].append(shown_veto(row))
    return found


def shown_veto(row: Veto) -> dict[str, Any]:
    return {
        "veto": str(row.pk),
        "accident": str(row.accident_id),
        "state": row.state,
        "state_name": row.get_state_display(),
        "said": row.said,
        "effective_from": row.effective_from.isoformat(),
        "document": row.document,
        "ground_lost": row.ground_lost_at is not None,
        "lifted_on": row.lifted_on.isoformat() if row.lifted_on else None,
        "lift_document": row.lift_document,
    }


# --- accidents in words ----------------------------------------------------------------------------------------------
def facts_of(rows: Iterable[Accident], names: Mapping[str, str], home: Any) -> list[YearAccident]:
    """`names`: code → name of villages and townships; `home`: code → township."""
    return [
        YearAccident(
            id=str(row.pk),
            on=timezone.localdate(row.occurred_at),
            township=home(row.region_code) or whole(row.region_code[:9]),
            place=row.place or names.get(row.region_code) or names.get(whole(row.region_code[:9]), ""),
            grade=row.grade,
            nature=row.nature,
            deaths=row.deaths,
            serious_injuries=row.serious_injuries,
            counted=row.in_statistics,
        )
        for row in rows
    ]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    wanted = {each for code in codes for each in (code, whole(code[:9]))}
    return dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))


__all__ = [
    "Content",
    "Year",
    "everybody",
    "facts_of",
    "happened",
    "members",
    "name_of",
    "names_of",
    "parties_of",
    "said_of",
    "work_out",
]
