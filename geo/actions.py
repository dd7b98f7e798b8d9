"""Every write of places: a list is stored as it came, history is derived from all lists, the difference is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from geo import rules, succession
from geo.codes import level_of, parent_of
from geo.models import Region, RegionEdition, RegionListing, RegionSuccession, RegionVersion
from safety_api import merged
from safety_api.loads import REGIONS, Loaded, follow
from safety_api.outbox import send
from safety_api.trail import SYSTEM, record

LOCK = 0x67656F  # one load at a time; pg_advisory_xact_lock
BATCH = 2000
KEPT = ("name", "urban_rural_code", "virtual", "valid_from", "valid_to", "parent_id")

Rows = Iterable[Mapping[str, str | None]]
Hands = dict[str, frozenset[str | None]]  # predecessor → what a person decided


class ListRefused(Exception):
    """The list has faults, or stands under a label that is taken by another; nothing of it was stored."""

    def __init__(self, faults: list[rules.Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(slots=True)
class EditionReport:
    """What a load changed, in codes, against the state before it."""

    edition: str
    already: bool = False  # the very same list was here: nothing was stored
    listed: int = 0
    unchanged: int = 0
    new: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)  # code, before, now
    moved: list[tuple[str, str]] = field(default_factory=list)  # villages that go on under another code
    merged: list[tuple[str, str]] = field(default_factory=list)  # townships, by where most of their villages went
    undecided: list[str] = field(default_factory=list)  # ended, successor for a person to name
    touched: set[str] = field(default_factory=set)  # of any of these
    followed: list[str] = field(default_factory=list)  # what was worked out anew, in sentences

    def counts(self) -> dict[str, int]:
        named = ("new", "ended", "renamed", "moved", "merged", "undecided")
        return {"listed": self.listed, "unchanged": self.unchanged} | {name: len(getattr(self, name)) for name in named}


@transaction.atomic
def load_edition(
    rows: Rows,
    *,
    label: str,
    cut_off: date,
    on: date | None = None,
    source: str = "",
    successors: Rows = (),
    by=SYSTEM,
    dry_run: bool = False,
) -> EditionReport:
    """Raises ListRefused with every faulty row. `on`: from when the changes hold, if not from the cut-off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known = frozenset(Region.objects.values_list("code", flat=True))
    listing = rules.read(rows, known)
    decided = _decisions(successors, known | listing.lines.keys(), listing.faults)
    if listing.faults:
        raise ListRefused(listing.faults)
    edition, fresh = _store(listing, label, cut_off, on or cut_off, source)
    report = EditionReport(label, already=not fresh, listed=len(listing.lines))
    hands = _hands()
    if fresh or hands != hands | decided:
        before = dict(merged.heirs())
        _derive(listing.lines, hands | decided, report)
        _announce(before)
        if report.touched:
            report.followed = follow(Loaded(f"区划名录 {label}", {REGIONS: edition.on}, frozenset(report.touched)))
        record(by, "regions.load", edition, **report.counts(), followed=report.followed)
    transaction.set_rollback(dry_run)
    if dry_run:
        merged.hold(None)
    return report


def _announce(before: Mapping[str, str]) -> None:
    """Whose records belong elsewhere from now on: told to the floors above, whose sums are by place."""
    merged.hold(None)
    after = succession.read()
    moved = sorted(code for code in before.keys() | after.keys() if before.get(code) != after.get(code))
    if moved:
        send("regions.loaded", {"codes": moved})


# --- storing a list --------------------------------------------------------------------------------------------------


def _store(listing: rules.Listing, label: str, cut_off: date, on: date, source: str) -> tuple[RegionEdition, bool]:
    digest = _digest(listing)
    here = RegionEdition.objects.filter(label=label).first()
    if here and (here.digest, here.on) != (digest, on):
        words = f"版本“{label}”已装入，内容或日期不同；更正请用新的版本名"
        raise ListRefused([rules.Fault(1, "", words)])
    if here:
        return here, False
    edition = RegionEdition.objects.create(
        label=label,
        cut_off=cut_off,
        on=on,
        scope=listing.scope,
        levels=sorted(listing.levels),
        source=source,
        loaded_at=timezone.now(),
        digest=digest,
    )
    lines = listing.lines.values()
    RegionListing.objects.bulk_create([RegionListing(edition=edition, **_columns(line)) for line in lines], BATCH)
    return edition, True


def _columns(line: rules.Line) -> dict[str, str]:
    return {"code": line.code, "name": line.name, "urban_rural_code": line.urban_rural_code}


def _digest(listing: rules.Listing) -> str:
    lines = sorted("\t".join(_columns(line).values()) for line in listing.lines.values())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _editions() -> list[rules.Edition]:
    lines: dict[int, dict[str, rules.Line]] = {}
    for edition, *columns in RegionListing.objects.values_list("edition_id", *rules.Line.__slots__).iterator(BATCH):
        lines.setdefault(edition, {})[columns[0]] = rules.Line(*columns)
    return [
        rules.Edition(each.label, each.on, each.scope, frozenset(each.levels), lines.get(each.pk, {}))
        for each in RegionEdition.objects.all()
    ]


# --- deriving --------------------------------------------------------------------------------------------------------


def _derive(listed: Iterable[str], hands: Hands, report: EditionReport) -> None:
    editions = _editions()
    spans = rules.history(editions)
    _write_regions(spans, listed, report)
    _write_versions(spans)
    _write_successions(rules.successions(editions), hands, report)


def _write_regions(spans: Mapping[str, list[rules.Span]], listed: Iterable[str], report: EditionReport) -> None:
    here = Region.objects.in_bulk()
    known = here.keys() | spans.keys()
    wanted = {code: _region(of_code, known) for code, of_code in spans.items()}
    new = [region for code, region in wanted.items() if code not in here]
    changed = [region for code, region in wanted.items() if code in here and _differs(here[code], region)]
    Region.objects.bulk_create(sorted(new, key=lambda region: region.code), BATCH)
    Region.objects.bulk_update(changed, KEPT, BATCH)
    report.new = sorted(region.code for region in new)
    ended = [region for region in wanted.values() if region.valid_to]
    report.ended = sorted(region.code for region in ended if region.code not in here or not here[region.code].valid_to)
    named = [(region.code, here[region.code].name, region.name) for region in changed]
    report.renamed = sorted((code, before, now) for code, before, now in named if before != now)
    report.touched |= {region.code for region in [*new, *changed]}
    report.unchanged = sum(1 for code in listed if code not in report.touched)


def _region(spans: list[rules.Span], known: Set[str]) -> Region:
    """The last span decides; a new name makes no new place, so the place is as old as its unbroken spans."""
    last = spans[-1]
    since = last.valid_from
    for earlier in reversed(spans[:-1]):
        if earlier.valid_to != since:
            break
        since = earlier.valid_from
    parent = parent_of(last.code)
    return Region(
        code=last.code,
        name=last.name,
        level=level_of(last.code),
        parent_id=parent if parent in known else None,
        urban_rural_code=last.urban_rural_code,
        virtual=rules.is_virtual(last.name),
        valid_from=since,
        valid_to=last.valid_to,
    )


def _differs(here: Region, wanted: Region) -> bool:
    return any(getattr(here, name) != getattr(wanted, name) for name in KEPT)


def _write_versions(spans: Mapping[str, list[rules.Span]]) -> None:
    """What we no longer hold true is closed with the moment we learned better, never overwritten."""
    now = timezone.now()
    held = {_version_key(version): version.pk for version in RegionVersion.objects.filter(known_to=None)}
    wanted = {_version_key(version): version for version in map(_version, _flat(spans))}
    past = [pk for key, pk in held.items() if key not in wanted and key[0] in spans]
    RegionVersion.objects.filter(pk__in=past).update(known_to=now)
    fresh = [version for key, version in wanted.items() if key not in held]
    for version in fresh:
        version.known_from = now
    RegionVersion.objects.bulk_create(fresh, BATCH)


def _flat(spans: Mapping[str, list[rules.Span]]) -> Iterable[rules.Span]:
    return (span for of_code in spans.values() for span in of_code)


def _version(span: rules.Span) -> RegionVersion:
    return RegionVersion(
        code=span.code,
        name=span.name,
        parent_code=parent_of(span.code) or "",
        valid_from=span.valid_from,
        valid_to=span.valid_to,
        edition=span.edition,
    )


def _version_key(version: RegionVersion) -> tuple:
    return version.code, version.name, version.valid_from, version.valid_to, version.edition


# --- successors ------------------------------------------------------------------------------------------------------


def _decisions(rows: Rows, known: Set[str], faults: list[rules.Fault]) -> Hands:
    """Rows `predecessor, successor`: an empty successor means nobody took over, several rows that it was split."""
    decided: dict[str, set[str | None]] = {}
    for number, row in enumerate(rows, start=2):
        before, after = ((row.get(name) or "").strip() for name in ("predecessor", "successor"))
        unknown = [code for code in (before, after or before) if code not in known]
        faults += [rules.Fault(number, code, "去向表：没有这个代码") for code in dict.fromkeys(unknown)]
        decided.setdefault(before, set()).add(after or None)
    return {before: frozenset(after) for before, after in decided.items()}


def _hands() -> Hands:
    said: dict[str, set[str | None]] = {}
    for before, after in RegionSuccession.objects.filter(basis="hand").values_list("predecessor", "successor"):
        said.setdefault(before, set()).add(after)
    return {before: frozenset(after) for before, after in said.items()}


def _write_successions(proposed: list[rules.Succession], hands: Hands, report: EditionReport) -> None:
    wanted = {_succession_key(row): row for each in proposed for row in _successions(each, hands)}
    held = {_succession_key(row): row.pk for row in RegionSuccession.objects.all()}
    RegionSuccession.objects.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
    fresh = [row for key, row in wanted.items() if key not in held]
    RegionSuccession.objects.bulk_create(fresh, BATCH)
    report.touched |= {code for row in fresh for code in (row.predecessor, row.successor) if code}
    found = sorted((row.basis, row.predecessor, row.successor or "") for row in fresh)
    report.moved = [(before, after) for basis, before, after in found if basis == "name"]
    report.merged = [(before, after) for basis, before, after in found if basis == "majority"]
    report.undecided = [before for basis, before, _ in found if basis == "none"]


def _successions(proposal: rules.Succession, hands: Hands) -> list[RegionSuccession]:
    """A person's word stands before the rule's."""
    said = hands.get(proposal.predecessor)
    pairs = [(after, "hand") for after in said] if said else [(proposal.successor, proposal.basis)]
    return [
        RegionSuccession(
            predecessor=proposal.predecessor, successor=after, on=proposal.on, edition=proposal.edition, basis=basis
        )
        for after, basis in pairs
    ]


def _succession_key(row: RegionSuccession) -> tuple:
    return row.predecessor, row.successor, row.on, row.edition, row.basis
