"""The load: files into tables, whole or not at all."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction

from reference import law
from reference.criteria.rules import breaks
from reference.files import Files
from reference.models import Department, Document, Holiday, Load, Sector, SectorDepartment
from reference.versions import Version
from safety_api.actors import Actor
from safety_api.loads import HOLIDAYS, Loaded, follow, touched
from safety_api.trail import record

MOST_SAID = 200  # sentences and names in a trail line


class SilentChange(Exception):
    """A version that has been in force reads differently in its file; records were judged by it."""

    def __init__(self, name: str):
        super().__init__(f"{name} 已生效，内容不得改动：请另立新版本（issue a new version），或用 --replace 更正。")
        self.name = name


class BrokenSuccession(Exception):
    """Editions of criteria that overlap, or leave days without any."""


class NotLater(Exception):
    """A new version must begin after the one that it replaces."""

    def __init__(self, last: Document):
        super().__init__(f"应晚于现行版本 {last.version} 的施行日 {last.effective_from}")


@dataclass
class Changes:
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    same: int = 0
    since: dict[str, date] = field(default_factory=dict)  # kind → the first day on which it reads differently
    codes: dict[str, set[str]] = field(default_factory=dict)  # kind → of its documents that do
    followed: list[str] = field(default_factory=list)  # what was worked out anew, in sentences
    touched: list[str] = field(default_factory=list)  # what stays as it is and is touched, in sentences

    def touch(self, kind: str, day: date, code: str = "") -> None:
        self.since[kind] = min(day, self.since.get(kind, day))
        self.codes.setdefault(kind, set()).add(code)

    @property
    def loaded(self) -> Loaded:
        documents = {kind: frozenset(codes) for kind, codes in self.codes.items()}
        return Loaded("装载法规与参照数据", self.since, documents=documents)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


@transaction.atomic
def load(files: Files, *, by: Actor, on: date, replace: bool = False) -> Changes:
    """Makes the tables say what the files say; one trail line when anything changed, with what was worked out anew.

    Documents, sectors and departments that the files do not name stay; holidays of the notices and assignments of the
    sectors that they name become exactly theirs. Raises SilentChange for a changed version that is in force by `on`,
    unless `replace`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reference_load'))")
    changes = take_in(files, on=on, replace=replace)
    if changes:
        try:
            remember(changes, by=by)
        except BaseException:
            law.forget()  # what followers read in this transaction
            raise
    return changes


def take_in(files: Files, *, on: date, replace: bool) -> Changes:
    changes = Changes()
    merge(Sector, files.sectors, ("code",), changes)
    merge(Department, files.departments, ("code",), changes)
    load_assignments(files.sector_departments, changes)
    load_holidays(files.holidays, changes)
    load_documents(files.documents, changes, on=on, replace=replace)
    return changes


def preview(files: Files, *, on: date, replace: bool = False) -> Changes:
    """What a load would change and touch, and nothing is: the tables are as before. Raises what `load` raises."""
    try:
        with transaction.atomic():
            changes = take_in(files, on=on, replace=replace)
            law.forget()  # floors ask by the new text
            changes.touched = touched(changes.loaded)
            transaction.set_rollback(True)
    finally:
        law.forget()
    return changes


@transaction.atomic
def publish(version: Version, *, by: Actor, corrects: bool = False) -> Document:
    """A version that did not come from our files, such as a department's own checklist; the one before it ends the day before.

    Its body has been checked. Raises NotLater, SilentChange for a version that stands already with other content, unless it `corrects` it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reference_load'))")
    known = Document.objects.filter(kind=version.kind, code=version.code)
    here, last = known.filter(version=version.version).first(), known.order_by("-effective_from").first()
    if here is not None and here.digest == version.digest:
        return here
    if here is not None and not corrects:
        raise SilentChange(version.name)
    if here is None and last and last.effective_from >= version.effective_from:
        raise NotLater(last)
    if here is None and last and last.holds(version.effective_from):
        Document.objects.filter(pk=last.pk).update(effective_to=version.effective_from - timedelta(days=1))
    changes = Changes()
    put_document(version, here, changes, on=version.effective_from, replace=corrects)
    remember(changes, by=by)
    return known.get(version=version.version)


def remember(changes: Changes, *, by: Actor) -> None:
    counts = {"new": len(changes.new), "changed": len(changes.changed), "removed": len(changes.removed)}
    done = Load.objects.create(**counts)
    names = changes.changed + changes.removed + changes.new
    law.forget()
    changes.touched = touched(changes.loaded)
    changes.followed = follow(changes.loaded) if changes.since else []
    record(
        by, "reference.load", done, **counts, same=changes.same, names=names[:MOST_SAID], followed=changes.followed[:MOST_SAID],
        touched=changes.touched[:MOST_SAID],
    )  # fmt: skip
    transaction.on_commit(law.forget)


def merge(model: type[models.Model], rows: list[dict], key: tuple[str, ...], changes: Changes) -> None:
    """Inserts and updates; touches no row that is already right, so that its stamp stays."""
    known = {tuple(getattr(each, name) for name in key): each for each in model._default_manager.all()}
    for row in rows:
        put(model, known.get(tuple(row[name] for name in key)), row, changes)


def put(model: type[models.Model], here: models.Model | None, values: dict, changes: Changes) -> None:
    wrong = [name for name, value in values.items() if here is None or getattr(here, name) != value]
    if not wrong:
        changes.same += 1
        return
    row = here or model()
    for name in wrong:
        setattr(row, name, values[name])
    row.save(force_insert=here is None, update_fields=None if here is None else wrong)
    (changes.new if here is None else changes.changed).append(f"{model._meta.model_name} {row}")


ASSIGNMENT = ("sector_id", "department_id", "role", "valid_from")  # what makes a row of the file the same row


def load_assignments(rows: list[dict], changes: Changes) -> None:
    rows = [as_columns(**row) for row in rows]
    named = {tuple(row[name] for name in ASSIGNMENT) for row in rows}
    here = SectorDepartment.objects.filter(sector__in={row["sector_id"] for row in rows})
    remove([each for each in here if tuple(getattr(each, name) for name in ASSIGNMENT) not in named], changes)
    merge(SectorDepartment, rows, ASSIGNMENT, changes)


def as_columns(*, sector: str, department: str, **rest: Any) -> dict:
    return {"sector_id": sector, "department_id": department, **rest}


def load_holidays(rows: list[dict], changes: Changes) -> None:
    named = {row["day"] for row in rows}
    sources = {row["source"] for row in rows}
    gone = [each for each in Holiday.objects.filter(source__in=sources) if each.day not in named]
    known = dict(Holiday.objects.values_list("day", "is_workday"))
    for day in [
        *(each.day for each in gone),
        *(row["day"] for row in rows if known.get(row["day"]) != row["is_workday"]),
    ]:
        changes.touch(HOLIDAYS, day)
    remove(gone, changes)
    merge(Holiday, rows, ("day",), changes)


def remove(rows: list[Any], changes: Changes) -> None:
    for row in rows:
        changes.removed.append(f"{row._meta.model_name} {row}")
        row.delete()


def load_documents(versions: list[Version], changes: Changes, *, on: date, replace: bool) -> None:
    """Old versions get their last day before new ones begin, for the database never lets two hold at once."""
    known = {(each.kind, each.code, each.version): each for each in Document.objects.all()}
    editions_follow_on(versions, known)
    ordered = sorted(versions, key=lambda each: (each.effective_to is None, each.effective_from))
    for each in sorted(ordered, key=lambda each: (each.kind, each.code, each.version) not in known):
        put_document(each, known.get((each.kind, each.code, each.version)), changes, on=on, replace=replace)


def editions_follow_on(versions: list[Version], known: dict[tuple[str, str, str], Document]) -> None:
    """Also with those editions of criteria that stand here and in no file. Raises BrokenSuccession."""
    named = {(each.kind, each.code, each.version) for each in versions}
    others = [each for key, each in known.items() if key not in named and each.kind == "criteria"]
    mine = [each for each in versions if each.kind == "criteria"]
    for later, why in breaks([*mine, *others]) if mine else ():
        raise BrokenSuccession(f"{later.kind} {later.code} {later.version}：{why}")


def first_difference(each: Version, here: Document | None) -> date:
    """From which day on the books read differently: an end that moves changes nothing before it."""
    if here is None or here.digest != each.digest:
        return each.effective_from if here is None else min(each.effective_from, here.effective_from)
    return min(last for last in (each.effective_to, here.effective_to) if last) + timedelta(days=1)


def put_document(each: Version, here: Document | None, changes: Changes, *, on: date, replace: bool) -> None:
    if here and here.digest != each.digest and here.effective_from <= on and not replace:
        raise SilentChange(each.name)
    if here and (here.digest, here.effective_to) == (each.digest, each.effective_to):
        changes.same += 1
        return
    changes.touch(each.kind, first_difference(each, here), each.code)
    values = {name: value for name, value in vars(each).items() if name != "path"} | {"digest": each.digest}
    if here is None:
        Document.objects.create(**values)
    else:
        Document.objects.filter(pk=here.pk).update(**values)
    (changes.new if here is None else changes.changed).append(each.name)
