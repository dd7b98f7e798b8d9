"""Every write about papers: issuing, correcting, and what happens to a paper afterwards. Nothing is ever changed, only added."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework import serializers

from accounts.authorities import check_may_inspect
from accounts.jurisdiction import department_of, reaches
from accounts.models import Certificate, User
from evidence import storage
from evidence.looking import signature
from evidence.papers import kinds, rules
from evidence.papers.composing import compose, template
from evidence.papers.kinds import Issuer, PaperKind
from evidence.papers.models import OfPaper, Paper, Party, Refusal, Scan, Service, Signature
from evidence.papers.numbering import new_code, next_number
from evidence.papers.registry import Sheet, Subject, find, source_of, subject_of
from evidence.papers.scans import sniff
from evidence.papers.signs import cleaned, plain
from reference import bodies, law
from reference.terms import PaperNature
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.problems import (
    BEFORE_THE_PAPER,
    CERTIFICATE_NOT_VALID,
    CERTIFICATE_REQUIRED,
    COMPANION_NOT_HERE,
    COORDINATING_BODY,
    FORBIDDEN,
    IN_THE_FUTURE,
    LEADER_REQUIRED,
    NOT_FOUND,
    NOT_ITS_OFFICER,
    PAPER_CORRECTED,
    PHOTO_TOO_LARGE,
    SCAN_STANDS,
    SCAN_TOO_LARGE,
    TWO_OFFICERS_REQUIRED,
    WITNESS_REQUIRED,
    Problem,
    may_pass,
)  # fmt: skip
from safety_api.shapes import shared
from safety_api.trail import record


# --- issuing ---------------------------------------------------------------------------------------------------------------
class Prepared(NamedTuple):
    """A paper with all its words, and no number yet."""

    kind: PaperKind
    subject: Subject
    source: Any
    sheet: Sheet
    facts: dict[str, Any]
    text: dict[str, Any]
    stated: dict[str, Any]


@transaction.atomic
def issue(
    kind: str, subject: Any, *, by: Actor, officers: Sequence[UUID] = (), fields: Mapping[str, Any] | None = None,
    at: datetime | None = None, of_step: bool = False,
) -> Paper:  # fmt: skip
    """A numbered, frozen paper from a record, in the caller's transaction; the contract stands in the package's docstring.

    `at` is now unless given. `of_step`: the step that the paper is of calls it; else the step is taken with the paper where it is still
    to be taken (an order of a confirmed hazard), so that record and paper never say two things.
    """
    prepared = prepare(kind, subject, by=by, officers=officers, fields=fields, at=at, of_step=of_step)
    if not of_step and _takes_its_step(prepared, officers):
        subject.refresh_from_db()
        prepared = prepare(kind, subject, by=by, officers=officers, fields=fields, at=at, of_step=True)
    return _write(prepared)


def _takes_its_step(prepared: Prepared, officers: Sequence[UUID]) -> bool:
    """What the step refuses is said of the paper's fields."""
    takes = source_of(prepared.kind.code, prepared.subject).takes
    try:
        return takes(prepared.source, by=prepared.sheet.by, officers=officers, **prepared.stated)
    except Problem as problem:
        for fault in problem.errors:
            fault["pointer"] = IN_PAPER.get(fault["pointer"], fault["pointer"])
        raise


IN_PAPER = {"/companion": "/officers", "/deadline": "/fields/deadline", "/department": "/fields/department"}


@transaction.atomic
def correct(
    paper: Paper, *, by: Actor, reason: str, officers: Sequence[UUID] = (), fields: Mapping[str, Any] | None = None, at: datetime | None = None
) -> Paper:  # fmt: skip
    """A new paper in the place of one with a mistake, from the record as it is now. Raises PAPER_CORRECTED when that has happened before."""
    _check_in_force(paper)
    source = find(paper.subject_kind, paper.subject_id, by=by)
    prepared = prepare(paper.kind, source, by=by, officers=officers, fields=fields, at=at, replacing=(paper, reason))
    try:
        with transaction.atomic():
            return _write(prepared, replaces=paper, correction=reason)
    except IntegrityError:  # two at once: the constraint let one through
        paper.refresh_from_db()
        raise _already(paper) from None


def prepare(
    kind: str, record_: Any, *, by: Actor, officers: Sequence[UUID] = (), fields: Mapping[str, Any] | None = None,
    at: datetime | None = None, replacing: tuple[Paper, str] | None = None, of_step: bool = False,
) -> Prepared:  # fmt: skip
    """All that issuing does but the number: who may, in whose name, whether the record agrees, which facts, which words. Writes nothing."""
    at = at or timezone.now()
    day = timezone.localdate(at)
    subject = subject_of(record_)
    if not rules.may_issue(kinds.known(kind).nature, by.role):
        raise FORBIDDEN()
    check_may_inspect(by, day)
    source = source_of(kind, subject)
    _check_department(record_, by, day)
    if source.leader and not by.is_leader:
        raise LEADER_REQUIRED()
    form_of = subject.day(record_) or day
    kinds.kind_of(kind, form_of)  # said before its fields are asked for
    stated = _read(source.shape, fields)
    form_of = source.day(record_, **stated) or form_of
    wanted = kinds.kind_of(kind, form_of, issued_on=day)
    issuer, signing = _issuer(wanted, record_, by, day), _officers(wanted, record_, by, officers, day)
    sheet = Sheet(by, issuer, at, day, form_of, signing, replacing is not None)
    if not of_step:
        source.agrees(record_, sheet, **stated)
    facts = cleaned(source.gather(record_, sheet, **stated))
    text = compose(wanted.template, _common(sheet) | facts)
    if replacing:
        text["blocks"].insert(0, {"is": "correction", "text": plain(_correcting(*replacing))})
    return Prepared(wanted, subject, record_, sheet, facts, text, stated)


def _read(shape: Any, fields: Mapping[str, Any] | None) -> dict[str, Any]:
    try:
        return shared(shape).run_validation(dict(fields or {}))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"fields": error.detail}) from None


def _check_department(record_: Any, by: Actor, day: Any) -> None:
    """Another department's record looks as if it did not exist."""
    assigned = [(each.department_id, each.role) for each in law.departments_of(record_.sector_id, day)]
    own = getattr(record_, "department_id", None)
    if not rules.is_theirs(by.role, by.department_id, of_record=own, assigned=assigned):
        raise NOT_FOUND()


def _issuer(kind: PaperKind, record_: Any, by: Actor, day: Any) -> Issuer:
    """Raises NO_ISSUER."""
    if kind.nature == PaperNature.NOTICE:
        return kinds.township(by.region)
    named = getattr(record_, "department_id", None)
    responsible = None if bodies.is_coordinating(named, day) else named
    return kinds.department(department_of(by) or responsible or law.lead_department(record_.sector_id, day), day)


def _officers(kind: PaperKind, record_: Any, by: Actor, others: Sequence[UUID], day: Any) -> list[dict[str, str]]:
    """Who signs, `by` first. Papers of law: each with a certificate valid that day, and as many as the day's rule asks for."""
    ids = [by.pk, *(each for each in dict.fromkeys(others) if each != by.pk)]
    known = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    strangers = [key for key in ids if not _fits(kind, known.get(key), record_, own=key == by.pk)]
    if strangers:
        raise COMPANION_NOT_HERE.at(*_places(others, strangers))
    if coordinating := [key for key in ids if bodies.is_coordinating(department_of(known[key]), day)]:
        raise COORDINATING_BODY.at(*_places(others, coordinating))
    if kind.nature == PaperNature.NOTICE:
        return [_named(known[key], "") for key in ids]
    numbers = dict(
        Certificate.objects.filter(user_id__in=ids).valid(on=day).order_by("valid_to").values_list("user_id", "number")
    )
    if by.pk not in numbers:
        raise CERTIFICATE_REQUIRED()
    if without := [key for key in ids if key not in numbers]:
        raise CERTIFICATE_NOT_VALID.at(*_places(others, without))
    if len(ids) < kinds.certified_officers(day):
        raise TWO_OFFICERS_REQUIRED.at("/officers")
    return [_named(known[key], numbers[key]) for key in ids]


def _fits(kind: PaperKind, user: User | None, record_: Any, *, own: bool) -> bool:
    if user is None or not rules.may_issue(kind.nature, user.role):
        return False
    return own or reaches(user, region_code=record_.region_code, sector=record_.sector_id)


def _named(user: User, certificate: str) -> dict[str, str]:
    return {"id": str(user.pk), "name": user.name, "certificate": certificate}


def _places(others: Sequence[UUID], wrong: list[UUID]) -> list[str]:
    return [f"/officers/{place}" for place, key in enumerate(others) if key in wrong]


def _common(sheet: Sheet) -> dict[str, Any]:
    """Facts that every template may use."""
    return {
        "organ": sheet.issuer.organ,
        "today": sheet.day.isoformat(),
        "officers": "、".join(_introduced(each) for each in sheet.officers),
        "remedy": kinds.remedy(sheet.day),
    }


def _introduced(officer: Mapping[str, str]) -> str:
    return f"{officer['name']}（执法证号{officer['certificate']}）" if officer["certificate"] else officer["name"]


def _correcting(paper: Paper, reason: str) -> str:
    return f"本文书更正{paper.number}《{paper.title}》，原文书自本文书送达之日起停止使用。更正原因：{reason}"


def _write(prepared: Prepared, *, replaces: Paper | None = None, correction: str = "") -> Paper:
    """The number comes last, so that its lock is short."""
    kind, subject, source, sheet, facts, text, _ = prepared
    year, made_by = sheet.day.year, template(kind.template)
    sequence = next_number(sheet.issuer.code, year, kind.word)
    paper = Paper(
        id=uuid4(), kind=kind.code, nature=kind.nature, title=text["title"], issuer=sheet.issuer.code, organ=sheet.issuer.organ,
        department_id=sheet.issuer.department_id, year=year, series=kind.word, sequence=sequence,
        number=kinds.written(sheet.issuer, kind.word, year, sequence), subject_kind=subject.kind, subject_id=source.pk,
        region_code=source.region_code, sector_id=source.sector_id, enterprise_id=getattr(source, subject.unit),
        for_unit=made_by.for_unit, addressee=facts["to"], officers=sheet.officers, facts=facts, text=text, template=made_by.version,
        code=new_code(), replaces=replaces, correction=correction,
        issued_at=sheet.at, issued_on=sheet.day, issued_by=sheet.by.pk, issued_by_name=sheet.by.name,
        is_demo=bool(getattr(source, "is_demo", False)),
    )  # fmt: skip
    paper.sha256 = paper.fingerprint()
    paper.save(force_insert=True)
    record(
        sheet.by,
        "paper.correct" if replaces else "paper.issue",
        paper,
        kind=paper.kind,
        number=paper.number,
        sha256=paper.sha256,
    )
    outbox.send("paper.issued", {"paper": str(paper.pk)})
    source_of(kind.code, subject).numbered(source, paper, sheet.by)
    return paper


# --- afterwards --------------------------------------------------------------------------------------------------------------
def _check_in_force(paper: Paper) -> None:
    if getattr(paper, "corrected_by", None):
        raise _already(paper)


def _already(paper: Paper) -> Problem:
    return PAPER_CORRECTED(number=paper.corrected_by.number)


def _for_writing(paper: Paper, by: Actor) -> None:
    """Raises FORBIDDEN for those who could not have issued it, PAPER_CORRECTED when another stands in its place."""
    if not rules.may_issue(paper.nature, by.role):
        raise FORBIDDEN()
    _check_in_force(paper)


def _check_moment(paper: Paper, moment: datetime, name: str) -> None:
    if rules.ahead(moment, now=timezone.now()):
        raise IN_THE_FUTURE.at(f"/{name}")
    if rules.before(moment, issued_at=paper.issued_at):
        raise BEFORE_THE_PAPER.at(f"/{name}")


def _known(by: Actor) -> dict[str, Any]:
    return {"recorded_by": by.pk, "recorded_by_name": by.name, "recorded_at": timezone.now()}


def _add(row: OfPaper, verb: str, paper: Paper, by: Actor, **details: Any) -> Any:
    row.save(force_insert=True)
    record(by, verb, paper, **details)
    return row


@transaction.atomic
def sign(
    paper: Paper, *, by: Actor, party: str, name: str, post: str, signed_at: datetime, location: Any, image: str
) -> Signature:
    """`image` is a PNG in base64. Raises NOT_A_SIGNATURE, NOT_ITS_OFFICER, IN_THE_FUTURE, BEFORE_THE_PAPER, FORBIDDEN, PAPER_CORRECTED."""
    _for_writing(paper, by)
    _check_moment(paper, signed_at, "signed_at")
    return _sign(paper, by=by, party=party, name=name, post=post, signed_at=signed_at, location=location, image=image)


def _sign(
    paper: Paper, *, by: Actor, party: str, name: str, post: str, signed_at: datetime, location: Any, image: str
) -> Signature:
    if party == Party.OFFICER and name not in {each["name"] for each in paper.officers}:
        raise NOT_ITS_OFFICER.at("/name")
    content = b64decode(image)
    width, height, _ = signature(content)
    with storage.receive([content], most=len(content)) as incoming:
        storage.keep(incoming)
    row = Signature(
        paper=paper, party=party, name=name, post=post, signed_at=signed_at, sha256=incoming.sha256, size=incoming.size, width=width,
        height=height, sent_lon=location and location.lon, sent_lat=location and location.lat, sent_crs=location.crs if location else "",
        point=location.point if location else None, **_known(by),
    )  # fmt: skip
    return _add(row, "paper.sign", paper, by, party=party, sha256=row.sha256)


def sign_in_field(paper: Paper, *, by: Actor, image: str, signed_at: str, **fields: Any) -> bool:
    """A signature given before the paper had its number, as plain JSON; what is no signature is left out, and the trail says so.

    Raises STORAGE_UNAVAILABLE: one that cannot be kept now is not left out.
    """
    try:
        with transaction.atomic():
            _sign(paper, by=by, image=image, signed_at=datetime.fromisoformat(signed_at), location=None, **fields)
    except (Problem, IntegrityError) as error:
        if may_pass(error):  # nobody has looked at it
            raise
        record(by, "paper.sign-left-out", paper, party=fields["party"])
        return False
    return True


def refuse_in_field(paper: Paper, *, by: Actor, refused_at: str, **fields: Any) -> None:
    _refuse(paper, by=by, refused_at=datetime.fromisoformat(refused_at), **fields)


@transaction.atomic
def refuse(
    paper: Paper, *, by: Actor, name: str, post: str, reason: str, witnesses: list[str], refused_at: datetime
) -> Refusal:
    """拒签 is written down and told upward (安全生产法 第六十八条): topic `paper.refused`."""
    _for_writing(paper, by)
    _check_moment(paper, refused_at, "refused_at")
    return _refuse(paper, by=by, name=name, post=post, reason=reason, witnesses=witnesses, refused_at=refused_at)


def _refuse(
    paper: Paper, *, by: Actor, name: str, post: str, reason: str, witnesses: list[str], refused_at: datetime
) -> Refusal:
    row = Refusal(
        paper=paper, name=name, post=post, reason=reason, witnesses=witnesses, refused_at=refused_at, **_known(by)
    )
    outbox.send("paper.refused", {"paper": str(paper.pk)})
    return _add(row, "paper.refuse", paper, by)


@transaction.atomic
def serve(paper: Paper, *, by: Actor, how: str, served_at: datetime, witnesses: list[str], **fields: str) -> Service:
    _for_writing(paper, by)
    _check_moment(paper, served_at, "served_at")
    if how == "left" and not witnesses:
        raise WITNESS_REQUIRED.at("/witnesses")
    row = Service(paper=paper, how=how, served_at=served_at, witnesses=witnesses, **fields, **_known(by))
    return _add(row, "paper.serve", paper, by, how=how)


def keep_scan(
    paper: Paper, chunks: Iterable[bytes], *, by: Actor, again: bool, size: int | None = None
) -> tuple[Scan, bool]:
    """(scan, new). The same bytes are welcome again; others raise SCAN_STANDS unless `again`, and then are a further version.

    Raises NOT_A_SCAN, SCAN_TOO_LARGE, TOO_MANY_PIXELS, EMPTY_PHOTO, CUT_OFF, FORBIDDEN. A corrected paper still takes its own original.
    """
    if not rules.may_issue(paper.nature, by.role):
        raise FORBIDDEN()
    try:
        with storage.receive(chunks, most=settings.PHOTO_MAX_BYTES, announced=size) as incoming:
            media_type = sniff(incoming.path)
            storage.keep(incoming)
    except Problem as problem:
        if problem.kind is PHOTO_TOO_LARGE:
            raise SCAN_TOO_LARGE(most=settings.PHOTO_MAX_BYTES // 1024 // 1024) from None
        raise
    return _scan(paper, incoming, media_type, by, again)


@transaction.atomic
def _scan(paper: Paper, incoming: storage.Incoming, media_type: str, by: Actor, again: bool) -> tuple[Scan, bool]:
    _alone_with(paper)  # of two at once the second sees the first
    known = list(paper.scans.order_by("version"))
    same = next((each for each in known if each.sha256 == incoming.sha256), None)
    if same:
        return same, False
    if known and not again:
        raise SCAN_STANDS()
    row = Scan(
        paper=paper,
        version=len(known) + 1,
        sha256=incoming.sha256,
        size=incoming.size,
        media_type=media_type,
        **_known(by),
    )
    return _add(row, "paper.scan", paper, by, version=row.version, sha256=row.sha256), True


def _alone_with(paper: Paper) -> None:
    """A lock of its own: the run role may not lock rows that it may not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))", [f"paper {paper.pk}"])
