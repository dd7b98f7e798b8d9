"""Every write of units, sites and stated facts: one verb, one transaction, one line in the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.jurisdiction import reaches
from enterprises import checks, history
from enterprises.following import follow
from enterprises.history import SINCE_EVER, Span
from enterprises.kinds import BY_UNIT, NOT_TO_CHANGE, NOT_TO_SET, FactSource, PaperState, Status
from enterprises.models import CONDITION, Condition, Enterprise, Site, SiteCorrection, Stated, StatedFact, table_of
from enterprises.search import SITES, UNITS
from geo.models import Region
from reference import law
from reference.rules import add_months
from reference.terms import Class, Colour
from safety_api.actors import Actor
from safety_api.corrections import author_of, differing, plain
from safety_api.outbox import send, send_many
from safety_api.parts import in_parts
from safety_api.problems import (
    CREDIT_CODE_TAKEN,
    FORBIDDEN,
    ID_REUSED,
    NOT_A_TOWNSHIPS,
    NOT_FOUND,
    NOTHING_TO_CORRECT,
    OUTSIDE_JURISDICTION,
    UNKNOWN_ENTERPRISE,
    WRONG_STEP,
)
from safety_api.roles import Role
from safety_api.search import keep
from safety_api.trail import SYSTEM, line, record, record_many
from safety_api.writing import Fresh, locked, read_back, rows_for

BATCH = 2000
COLUMN_OF = {"sector": "sector_id", "region": "region_code", "registered_region": "registered_region_code"}
PARTICULARS = (
    "name", "credit_code", "no_credit_code_reason", "registered_region_code", "address", "principal_name",
    "principal_phone", "opened_on", "status_on",
)  # fmt: skip
PERSONAL = frozenset({"principal_name", "principal_phone"})  # the trail says that they changed, not to what


# --- what an entry is held against ----------------------------------------------------------------------------------
def book_for(*codes: str) -> checks.Book:
    """What exists today of these regions; of all without codes, for a list."""
    regions = Region.objects.today()
    regions = regions.filter(code__in=codes) if codes else regions
    return checks.Book(
        levels=dict(regions.values_list("code", "level")),
        sectors=frozenset(law.books().sectors),
        place_types=frozenset(each["name"] for each in _body_of("fire_safety").get("place_types", ())),
        project_types=frozenset(_body_of("urban_construction").get("project_types", ())),
        today=timezone.localdate(),
    )


def _body_of(sector: str) -> Mapping[str, Any]:
    return law.checklist(sector, timezone.localdate()).body


def refuse(faults: Iterable[checks.Fault]) -> None:
    """Raises the validation problem with a pointer to every field that is wrong."""
    detail: dict[str, Any] = {}
    for fault in faults:
        *outer, field = fault.field.split("/")
        inside = detail.setdefault(outer[0], {}) if outer else detail
        inside.setdefault(field, []).append(ErrorDetail(fault.sentence, fault.code))
    if detail:
        raise ValidationError(detail)


def check_reach(by: Actor, region_code: str, sectors: Iterable[str]) -> None:
    """Raises OUTSIDE_JURISDICTION: nobody writes a record that they could not see afterwards."""
    if by is not SYSTEM and not any(reaches(by, region_code=region_code, sector=sector) for sector in sectors):
        raise OUTSIDE_JURISDICTION()


def columns_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry in the words of the API as columns: the code as stored, the point in WGS-84 and as sent."""
    found = {COLUMN_OF.get(name, name): value for name, value in entry.items() if name != "location"}
    if "credit_code" in entry:
        code = checks.read_code(entry)
        found["credit_code"] = code.code if code else None
    if "location" in entry:
        found |= point_columns(entry["location"])
    return found


def point_columns(sent: Any) -> dict[str, Any]:
    if sent is None:
        return {"point": None, "point_sent": None}
    as_sent = {"lon": sent.lon, "lat": sent.lat, "crs": sent.crs, "accuracy_m": sent.accuracy_m}
    return {"point": sent.point, "point_sent": as_sent}


# --- units ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def create(*, by: Actor, **entry: Any) -> tuple[Enterprise, list[str]]:
    """A unit and the first of its condition, with warnings.

    Raises ValidationError, OUTSIDE_JURISDICTION, CREDIT_CODE_TAKEN, ID_REUSED.
    """
    refuse(checks.unit_faults(entry, book_for(entry["region"])))
    check_reach(by, entry["region"], [entry["sector"], *entry.get("sectors", ())])
    unit = Enterprise(**columns_of(entry))
    _check_new(Enterprise, unit.pk)
    with one_row_a_key():
        enrol([unit], by=by)
    read_back(unit)
    return unit, checks.warnings_of(entry)


@contextmanager
def one_row_a_key() -> Iterator[None]:
    """Turns the database's refusal of a second credit code, or of an id, into the problem of that name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "enterprise_credit_code_once" in str(error):
            raise CREDIT_CODE_TAKEN.at("/credit_code") from None
        if "_pkey" in str(error):
            raise ID_REUSED() from None
        raise


def _check_new(model: Any, key: UUID) -> None:
    if model.objects.filter(pk=key).exists():
        raise ID_REUSED()


@transaction.atomic
def enrol(units: Iterable[Enterprise], *, by: Actor, announce: bool = True) -> int:
    """Writes checked units with conditions and trail lines, set-based; `announce` tells the floors above of each."""
    units = list(units)
    for unit in units:
        unit.closed_on = unit.status_on if unit.status == Status.CLOSED else None
    now = timezone.now()
    Enterprise.objects.bulk_create(units, batch_size=BATCH)
    keep(UNITS, [unit.pk for unit in units])
    conditions = [_condition(unit.pk, span, now) for unit in units for span in first_spans(unit)]
    Condition.objects.bulk_create(conditions, batch_size=BATCH)
    record_many(line(by, "enterprise.create", unit, name=unit.name) for unit in units)
    if announce:
        send_many("enterprise.created", [{"enterprise": str(unit.pk)} for unit in units])
    return len(units)


def first_spans(unit: Enterprise) -> list[Span]:
    """In business since it opened; in its present status since `status_on`. Pure."""
    since = unit.opened_on or SINCE_EVER
    what = {name: getattr(unit, name) for name in CONDITION}
    if not unit.status_on or unit.status_on <= since:
        return [Span(since, None, what)]
    return [Span(since, unit.status_on, {**what, "status": Status.OPERATING}), Span(unit.status_on, None, what)]


def _condition(enterprise: UUID, span: Span, now: datetime, reason: str = "") -> Condition:
    return Condition(
        enterprise_id=enterprise, held_from=span.since, held_to=span.until, known_from=now, reason=reason, **span.what
    )


@transaction.atomic
def update(
    key: UUID, *, by: Actor, fresh: Fresh = None, since: date | None = None,
    correction: bool = False, **changes: Any,
) -> tuple[Enterprise, list[str]]:  # fmt: skip
    """New particulars. Those that past days ask about hold from `since` (today) on, or, as a correction, all the time.

    `fresh` raises STALE for the locked row. Raises NOT_FOUND, ValidationError, OUTSIDE_JURISDICTION, NOT_A_TOWNSHIPS,
    CREDIT_CODE_TAKEN. What is open of a unit that moves goes along.
    """
    unit = locked(rows_for(Enterprise, by), key, fresh)
    if changes.get("credit_code"):
        changes.setdefault("no_credit_code_reason", "")
    entry = {**entry_of(unit), **changes}
    book = book_for(entry["region"])
    faults = [*checks.unit_faults({**entry, "status": Status.OPERATING}, book), *checks.since_faults(since, book)]
    refuse(
        each for each in faults if each.field != "region" or "region" in changes
    )  # its village may have ended meanwhile
    check_reach(by, entry["region"], [entry["sector"], *entry["sectors"]])
    columns = columns_of(changes)
    names = sorted(name for name in columns if name != "point_sent" and getattr(unit, name) != columns[name])
    if not names:
        return unit, []
    _check_may_change(by, names, correction)
    before, region = {name: getattr(unit, name) for name in names}, unit.region_code
    for name, value in columns.items():
        setattr(unit, name, value)
    _write_history(unit, names, since, correction)
    with one_row_a_key():
        unit.save()
    if unit.region_code != region:
        follow(unit, region, by)
    record(by, "enterprise.update", unit, changed=names, before=_plain(before), after=_plain(columns, names))
    send("enterprise.changed", {"enterprise": str(unit.pk), "what": names})
    read_back(unit)
    return unit, checks.warnings_of({**entry, "location": changes.get("location")})


def _check_may_change(by: Actor, names: Iterable[str], correction: bool) -> None:
    """By the words of the API; what stays as it is may be sent along."""
    named = {column: name for name, column in COLUMN_OF.items()}
    changed = {named.get(column, column) for column in names} | ({"correction"} if correction else set())
    _check_may(NOT_TO_CHANGE, by, changed)


def _check_may(table: Mapping[str, frozenset[str]], by: Actor, names: Iterable[str], pointer: str = "") -> None:
    """Raises NOT_A_TOWNSHIPS for what the table closes to this role."""
    if closed := sorted(table.get(by.role, frozenset()).intersection(names)):
        raise NOT_A_TOWNSHIPS(errors=[NOT_A_TOWNSHIPS.fault(pointer or f"/{name}") for name in closed])


def entry_of(unit: Enterprise) -> dict[str, Any]:
    """A stored unit in the words of an entry, without its point."""
    named = {column: name for name, column in COLUMN_OF.items()}
    return {named.get(column, column): getattr(unit, column) for column in (*CONDITION, *PARTICULARS)}


def _plain(columns: Mapping[str, Any], names: Iterable[str] | None = None) -> dict[str, Any]:
    shown = columns if names is None else {name: columns[name] for name in names}
    return {name: value if isinstance(value, str | int | list | None) else str(value)
            for name, value in shown.items() if name not in PERSONAL}  # fmt: skip


@transaction.atomic
def set_status(key: UUID, *, by: Actor, status: str, on: date, reason: str, fresh: Fresh = None) -> Enterprise:
    """From that day on the unit is operating, suspended, stopped by order or closed; the day may be past, not to come.

    What changed later anyway stands: see history.rewritten.
    Raises NOT_FOUND, ValidationError, NOT_A_TOWNSHIPS, WRONG_STEP when nothing would change.
    """
    unit = locked(rows_for(Enterprise, by), key, fresh)
    _check_may(NOT_TO_SET, by, {unit.status, status}, "/status")
    faults = checks.days_are_in_order({"opened_on": unit.opened_on, "status_on": on}, book_for("-"))
    refuse(checks.Fault("on", code, checks.SENTENCES[code]) for _, code in faults)
    if not _rewrite(unit, lambda spans: history.rewritten(spans, {"status": status}, on), reason):
        raise WRONG_STEP(state=unit.get_status_display(), step=Status(status).label)
    unit.save()
    record(by, "enterprise.set_status", unit, status=status, on=str(on), reason=reason)
    send("enterprise.changed", {"enterprise": str(unit.pk), "what": ["status"]})
    read_back(unit)
    return unit


# --- conditions -----------------------------------------------------------------------------------------------------
def _write_history(unit: Enterprise, names: Iterable[str], since: date | None, correction: bool) -> None:
    """Writes down what of these changed names past days ask about."""
    names = list(names)
    changes = {name: getattr(unit, name) for name in names if name in CONDITION}
    day = since or timezone.localdate()
    if "opened_on" in names:
        _rewrite(unit, lambda spans: history.begun(spans, unit.opened_on or SINCE_EVER))
    if changes and correction:
        _rewrite(unit, lambda spans: history.corrected(spans, changes))
    elif changes:
        _rewrite(unit, lambda spans: history.rewritten(spans, changes, day))


def _rewrite(unit: Enterprise, rewrite: Callable[[list[Span]], list[Span]], reason: str = "") -> bool:
    """Replaces the known conditions by others, and gives the unit the last of them. False when nothing changes."""
    rows = list(unit.conditions.known().order_by("held_from"))
    before = [Span(row.held_from, row.held_to, {name: getattr(row, name) for name in CONDITION}) for row in rows]
    after = rewrite(before)
    if after == before:
        return False
    now = timezone.now()
    dropped = [row.pk for row, span in zip(rows, before, strict=True) if span not in after]
    Condition.objects.filter(pk__in=dropped).update(known_to=now)
    Condition.objects.bulk_create(_condition(unit.pk, span, now, reason) for span in after if span not in before)
    _take_last(unit, after)
    return True


def _take_last(unit: Enterprise, spans: list[Span]) -> None:
    for name, value in spans[-1].what.items():
        setattr(unit, name, value)
    since = spans[-1].since
    for span in reversed(spans):
        if span.what["status"] != unit.status:
            break
        since = span.since
    unit.status_on = None if since == SINCE_EVER else since
    unit.closed_on = unit.status_on if unit.status == Status.CLOSED else None


# --- what upper floors write down -----------------------------------------------------------------------------------
def set_class(enterprise: UUID, grade: str, on: date, *, provisional: bool = False, by: Actor = SYSTEM) -> bool:
    """Writes down the effective class; False when it stood there already."""
    return set_classes([(enterprise, grade, on, provisional)], by=by) == 1


@transaction.atomic
def set_classes(found: Iterable[tuple[UUID, str, date, bool]], *, by: Actor = SYSTEM) -> int:
    """(unit, class, since, provisional) for many; writes and records only what changed, and says how many did."""
    wanted = {key: (str(Class(grade)), on, provisional) for key, grade, on, provisional in found}
    changed = 0
    for keys in in_parts(sorted(wanted), BATCH):
        units = [unit for unit in Enterprise.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
                 if (unit.supervision_class, unit.class_on, unit.class_provisional) != wanted[unit.pk]]  # fmt: skip
        lines = []
        for unit in units:
            before, (grade, on, provisional) = unit.supervision_class, wanted[unit.pk]
            unit.supervision_class, unit.class_on, unit.class_provisional = grade, on, provisional
            lines.append(line(by, "enterprise.set_class", unit, before=before, after=grade, on=str(on)))
        _write_classes(units)
        record_many(lines)
        changed += len(units)
    return changed


def _write_classes(units: list[Enterprise]) -> None:
    """One statement of four arrays: bulk_update's CASE per column and row took two thirds of a first classification."""
    columns = ("pk", "supervision_class", "class_on", "class_provisional")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enterprises_enterprise SET supervision_class = given.grade, class_on = given.since,"
            " class_provisional = given.provisional"
            " FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::boolean[]) AS given(id, grade, since, provisional)"
            " WHERE enterprises_enterprise.id = given.id",
            [[getattr(unit, name) for unit in units] for name in columns],
        )


def set_last_visits(found: Iterable[tuple[UUID, date | None]]) -> int:
    """Writes down when each was visited last (None: never), where it stands otherwise; a kept figure, no line in the trail."""
    days = sorted(dict(found).items())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enterprises_enterprise SET last_visit_on = given.day FROM unnest(%s::uuid[], %s::date[]) AS given(id, day)"
            " WHERE enterprises_enterprise.id = given.id AND enterprises_enterprise.last_visit_on IS DISTINCT FROM given.day",
            [[key for key, _ in days], [day for _, day in days]],
        )
        return cursor.rowcount


@transaction.atomic
def set_risk_colour(enterprise: UUID, colour: str, *, by: Actor = SYSTEM) -> None:
    """The highest colour among its risk points; "" for none. Raises NOT_FOUND."""
    unit = locked(Enterprise.objects.all(), enterprise)
    unit.risk_colour = str(Colour(colour)) if colour else ""
    unit.save(update_fields=["risk_colour"])
    record(by, "enterprise.set_risk_colour", unit, colour=unit.risk_colour)


# --- sites ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_site(*, by: Actor, enterprise: UUID | None = None, **entry: Any) -> tuple[Site, list[str]]:
    """Raises ValidationError, UNKNOWN_ENTERPRISE, OUTSIDE_JURISDICTION, ID_REUSED."""
    refuse(checks.site_faults(entry, book_for(entry["region"])))
    check_reach(by, entry["region"], [entry["sector"]])
    if enterprise and by is not SYSTEM and not Enterprise.objects.visible_to(by).filter(pk=enterprise).exists():
        raise UNKNOWN_ENTERPRISE.at("/enterprise")
    site = Site(enterprise_id=enterprise, **columns_of(entry))
    _check_new(Site, site.pk)
    with one_row_a_key():
        site.save(force_insert=True)
    keep(SITES, [site.pk])
    record(by, "site.create", site, name=site.name, kind=site.kind)
    read_back(site)
    point = entry.get("location")
    return site, point.warnings if point else []


@transaction.atomic
def correct_site(
    key: UUID, *, by: Actor, reason: str, fresh: Fresh = None, enterprise: Any = ..., **changes: Any
) -> tuple[Site, list[str]]:
    """What is given is put right, and what it said before stands beside it.

    Raises NOT_FOUND, STALE, ValidationError, UNKNOWN_ENTERPRISE, OUTSIDE_JURISDICTION, NOTHING_TO_CORRECT.
    """
    site = locked(rows_for(Site, by), key, fresh)
    stood = {"region": site.region_code, "sector": site.sector_id, "kind": site.kind, "place_type": site.place_type,
             "project_type": site.project_type, "opened_on": site.opened_on, "closed_on": site.closed_on}  # fmt: skip
    entry = {**stood, **changes}
    refuse(checks.site_faults(entry, book_for(entry["region"])))
    check_reach(by, entry["region"], [entry["sector"]])
    columns = differing(site, columns_of(changes) | _unit_of_site(enterprise, by))
    if not columns:
        raise NOTHING_TO_CORRECT()
    before = plain(site, columns)
    for name, value in columns.items():
        setattr(site, name, value)
    SiteCorrection.objects.create(site=site, reason=reason, before=before, after=plain(site, columns), **author_of(by))
    site.save(update_fields=list(columns))
    record(by, "site.correct", site, changed=sorted(columns), reason=reason)
    keep(SITES, [site.pk])
    read_back(site)
    point = changes.get("location")
    return site, point.warnings if point else []


def _unit_of_site(enterprise: Any, by: Actor) -> dict[str, Any]:
    if enterprise is ...:
        return {}
    if enterprise and not rows_for(Enterprise, by).filter(pk=enterprise).exists():
        raise UNKNOWN_ENTERPRISE.at("/enterprise")
    return {"enterprise_id": enterprise}


@transaction.atomic
def enrol_sites(sites: Iterable[Site], *, by: Actor) -> int:
    """Writes checked sites with a trail line each, set-based."""
    sites = list(sites)
    Site.objects.bulk_create(sites, batch_size=BATCH)
    keep(SITES, [site.pk for site in sites])
    record_many(line(by, "site.create", site, name=site.name, kind=site.kind) for site in sites)
    return len(sites)


# --- stated facts ---------------------------------------------------------------------------------------------------
@transaction.atomic
def state_fact(enterprise: UUID, *, by: Actor, supersedes: UUID | None = None, **entry: Any) -> Stated:
    """What someone states about a unit, or a correction of it (`supersedes`): never an edit.

    `entry`: kind, held_from, held_to, value in the shape of its kind, source, document.
    Raises NOT_FOUND, FORBIDDEN, ValidationError, WRONG_STEP when the one to be superseded was already.
    """
    unit = locked(rows_for(Enterprise, by), enterprise)
    entry = {"held_to": None, "document": "", **entry, "source": _source(by, entry)}
    refuse(checks.fact_faults(entry, book_for("-")))
    model, now = table_of(entry["kind"]), timezone.now()
    old = _fact_to_drop(model, unit, by, supersedes, entry["kind"]) if supersedes else None
    fact = model(**fact_columns(entry), enterprise=unit, recorded_by_id=by.pk, known_from=now)
    fact.save(force_insert=True)
    if old is not None:
        _drop(old, now, fact)
    record(by, "fact.correct" if old else "fact.state", fact, kind=entry["kind"], enterprise=str(unit.pk))
    send("enterprise.fact_stated", {"enterprise": str(unit.pk), "kind": entry["kind"]})
    return fact


@transaction.atomic
def withdraw_fact(enterprise: UUID, kind: str, fact: UUID, *, by: Actor, reason: str) -> Stated:
    """It was never so: no longer held true from now on, and still there for whoever asks what was known."""
    unit = locked(rows_for(Enterprise, by), enterprise)
    _source(by, {"kind": kind})
    old = _fact_to_drop(table_of(kind), unit, by, fact, kind)
    _drop(old, timezone.now(), None)
    record(by, "fact.withdraw", old, kind=kind, enterprise=str(unit.pk), reason=reason)
    send("enterprise.fact_stated", {"enterprise": str(unit.pk), "kind": kind})
    return old


def listing_ends(listed_on: date) -> date:
    """The last day of a listing whose decision names none: by the regime of its day, before the first by the first."""
    regime = law.in_force_or_first("dishonesty", listed_on)
    return add_months(listed_on, regime.body["months"])


def fact_columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A checked entry as columns of its table; a listing without an end gets the one that the rule of its day gives it."""
    kind, value, found = entry["kind"], dict(entry["value"]), {}
    found = {name: entry[name] for name in ("held_from", "held_to", "source", "document") if name in entry}
    if kind == "dishonesty_listing" and not found.get("held_to"):
        found["held_to"] = listing_ends(entry["held_from"])
    if table_of(kind) is StatedFact:
        return {**found, "kind": kind, "value": _json(value)}
    if "state" in value and (value["state"] or PaperState.VALID) == PaperState.VALID:
        value |= {"state": PaperState.VALID, "state_on": None}
    return {**found, **{name: each for name, each in value.items() if each is not None or name == "state_on"}}


def _json(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: each if isinstance(each, str | int) else str(each) for name, each in value.items() if each is not None
    }


def _source(by: Actor, entry: Mapping[str, Any]) -> str:
    """A unit states only some things about itself, and it shows that it did. Raises FORBIDDEN."""
    if by.role != Role.ENTERPRISE_OFFICER:
        return entry.get("source") or FactSource.AUTHORITY
    if entry["kind"] not in BY_UNIT:
        raise FORBIDDEN()
    return FactSource.SELF


def _fact_to_drop(model: Any, unit: Enterprise, by: Actor, key: UUID, kind: str) -> Any:
    mine = Q(source=FactSource.SELF) if by.role == Role.ENTERPRISE_OFFICER else Q()
    rows = model.objects.select_for_update().filter(mine, enterprise=unit, pk=key)
    old = next((row for row in rows if row.kind == kind), None)
    if old is None:
        raise NOT_FOUND()
    if old.known_to is not None:
        raise WRONG_STEP(state="已更正", step="更正")
    return old


def _drop(old: Any, now: datetime, successor: Stated | None) -> None:
    old.known_to, old.superseded_by = now, successor
    old.save(update_fields=["known_to", "superseded_by"])
