"""Who may use which door (MAY, 403) and whose rows they meet (scope_of, 404).

Two questions, each answered once: a route that is absent from MAY is closed to everyone, and a list and its details pass through the
same scope. Jurisdiction = region prefix × sectors × own unit (DESIGN §1.3). docs/permissions.txt says the doors once more, cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from rest_framework.permissions import BasePermission

from safety_api import merged
from safety_api.actors import by_device
from safety_api.problems import PASSWORD_CHANGE_NEEDED
from safety_api.roles import (
    ACCIDENT_REPORTERS,
    ACCOUNT_ADMINS,
    ADMINS,
    ANSWERING,
    ASSESSORS,
    AUDIT,
    BUREAU,
    BUSINESS,
    COMMITTEE,
    COUNTY,
    DEPARTMENTS,
    DUTY_DESK,
    ENFORCING,
    ENTERPRISE,
    EVERYONE,
    INSPECTING,
    ISSUERS,
    KEEPERS,
    LEDGER_READERS,
    LEG_KEEPERS,
    OFFICE,
    REGISTRARS,
    REPORTERS,
    SYSTEM,
    TOWNSHIP,
    Role,
)  # fmt: skip

# route → roles. `schema`, `docs`, `auth.login`, `verify.show`, /healthz and /readyz are open; every other route stands here.
MAY: dict[str, frozenset[Role]] = {
    # accounts
    "auth.logout": EVERYONE,
    "auth.password": EVERYONE,
    "auth.devices": EVERYONE,
    "auth.revoke": EVERYONE,
    "me.show": EVERYONE,
    # keys for programs that read maps: of whoever may open maps
    "auth.keys": BUSINESS,
    "auth.make_key": BUSINESS,
    "auth.revoke_key": BUSINESS,
    # accounts of others: the two administrators who keep them, each other's too (accounts/administering.py)
    "accounts.list": ACCOUNT_ADMINS,
    "accounts.retrieve": ACCOUNT_ADMINS,
    "accounts.create": ACCOUNT_ADMINS,
    "accounts.edit": ACCOUNT_ADMINS,
    "accounts.disable": ACCOUNT_ADMINS,
    "accounts.enable": ACCOUNT_ADMINS,
    "accounts.reset_password": ACCOUNT_ADMINS,
    "accounts.bind_second_factor": ACCOUNT_ADMINS,
    "accounts.posts": ACCOUNT_ADMINS,
    "accounts.give_post": ACCOUNT_ADMINS,
    "accounts.withdraw_post": ACCOUNT_ADMINS,
    "accounts.certificates": ACCOUNT_ADMINS,
    "accounts.add_certificate": ACCOUNT_ADMINS,
    "accounts.revoke_certificate": ACCOUNT_ADMINS,
    "accounts.deputies": ACCOUNT_ADMINS,
    "accounts.appoint_deputy": ACCOUNT_ADMINS,
    "accounts.end_deputy": ACCOUNT_ADMINS,
    # a leader names the own deputy: the action asks for a leader
    "deputies.list": BUSINESS,
    "deputies.appoint": BUSINESS,
    "deputies.end": BUSINESS,
    # inbox: what is said to a person or to the post held
    "inbox.list": BUSINESS,
    "inbox.count": BUSINESS,
    "inbox.seen": BUSINESS,
    "inbox.seen_many": BUSINESS,
    # what went out of the house: of whoever answers for it; the ways out are the system administrator's
    "deliveries.list": ANSWERING | DUTY_DESK,
    "channels.list": SYSTEM,
    "robots.list": SYSTEM,
    "robots.retrieve": SYSTEM,
    "robots.create": SYSTEM,
    "robots.partial_update": SYSTEM,
    "robots.try_out": SYSTEM,
    # phone
    "sync.show": BUSINESS,
    "uploads.about": BUSINESS - {Role.TOWNSHIP_LEADER},
    "uploads.begin": BUSINESS - {Role.TOWNSHIP_LEADER},
    "uploads.where": BUSINESS - {Role.TOWNSHIP_LEADER},
    "uploads.go_on": BUSINESS - {Role.TOWNSHIP_LEADER},
    "uploads.terminate": BUSINESS - {Role.TOWNSHIP_LEADER},
    "rescues.keep": BUSINESS,
    "rescues.list": BUSINESS,
    "rescues.retrieve": BUSINESS,
    "rescues.content": BUSINESS,
    "rescues.place": BUREAU | {Role.TOWNSHIP_OFFICER},
    "rescues.set_aside": BUREAU | {Role.TOWNSHIP_OFFICER},
    # safety_api
    "trail.list": AUDIT,
    "seals.list": AUDIT,
    "seals.verify": AUDIT,
    "outbox.list": SYSTEM,
    # evidence: a photo is seen with its record
    "photos.show": BUSINESS,
    "photos.content": BUSINESS - {Role.TOWNSHIP_LEADER},
    "photos.give_up": BUSINESS - {Role.TOWNSHIP_LEADER},
    # papers: who may issue which kind is asked again by its nature; a unit reads what was made for it
    "papers.list": BUSINESS,
    "papers.retrieve": BUSINESS,
    "papers.pdf": BUSINESS,
    "papers.docx": BUSINESS,
    "papers.scan": BUSINESS,
    "papers.create": ISSUERS,
    "papers.preview": ISSUERS,
    "papers.correct": ISSUERS,
    "papers.sign": ISSUERS,
    "papers.refuse": ISSUERS,
    "papers.serve": ISSUERS,
    "papers.put_scan": ISSUERS,
    "paper_drafts.list": ISSUERS,
    "paper_drafts.retrieve": ISSUERS,
    "paper_drafts.issue": ISSUERS,
    "paper_drafts.discard": ISSUERS,
    # hazards
    "hazards.list": BUSINESS,
    "hazards.retrieve": BUSINESS,
    "hazards.put": REPORTERS,
    "hazards.history": BUSINESS,
    "hazards.receipt": BUSINESS,
    "hazards.report": REPORTERS,
    "hazards.join": REGISTRARS | {Role.INSPECTOR},
    "hazards.separate": REGISTRARS | {Role.INSPECTOR},
    "hazards.twins": OFFICE,
    "hazard_twins.list": OFFICE,
    "hazard_twins.dismiss": REGISTRARS | {Role.INSPECTOR},
    "hazards.reject": REGISTRARS,
    "hazards.confirm": REGISTRARS,
    "hazards.transfer": DEPARTMENTS,
    "hazards.order": REGISTRARS | {Role.INSPECTOR},
    "hazards.close_on_spot": REPORTERS - {Role.VILLAGE_OFFICER},
    "hazards.start": ENTERPRISE,
    "hazards.acknowledge": REPORTERS - {Role.VILLAGE_OFFICER},
    "hazards.request_review": REPORTERS - {Role.VILLAGE_OFFICER},
    "hazards.pass": REPORTERS - {Role.VILLAGE_OFFICER},
    "hazards.fail": REGISTRARS | {Role.INSPECTOR},
    "hazards.enforce": DEPARTMENTS,
    "hazards.resume": DEPARTMENTS,
    "hazards.unit_close": DEPARTMENTS,
    "hazards.void": DEPARTMENTS,
    "hazards.recur": REGISTRARS | {Role.INSPECTOR},
    "hazards.escalate": frozenset({Role.TOWNSHIP_OFFICER}),
    "hazards.correct_wording": REPORTERS,
    "hazards.look_again": DEPARTMENTS,
    "extensions.list": BUSINESS - {Role.DUTY_OFFICER, Role.VILLAGE_OFFICER},
    "extensions.of_hazard": BUSINESS,
    "extensions.ask": REPORTERS
    - {Role.VILLAGE_OFFICER},  # an officer's only where the unit has no account of a principal
    "extensions.grant": KEEPERS,
    "extensions.deny": KEEPERS,
    "reminders.list": BUSINESS - {Role.VILLAGE_OFFICER, Role.DUTY_OFFICER},
    "reminders.seen": BUSINESS - {Role.VILLAGE_OFFICER, Role.DUTY_OFFICER},
    # enforcement: the committee's office lists and delists, departments report and stop, a unit applies for itself
    "listings.list": BUSINESS,
    "listings.retrieve": BUSINESS,
    "listings.put_up": COMMITTEE,
    "listings.delist": COMMITTEE,
    "listings.publish": COMMITTEE,
    "listings.progress": DEPARTMENTS,
    "listings.apply": DEPARTMENTS | ENTERPRISE,
    "listings.accept": COMMITTEE,
    "listings.refuse": COMMITTEE,
    "listing_proposals.list": KEEPERS,
    "listing_proposals.retrieve": KEEPERS,
    "listing_proposals.create": DEPARTMENTS,
    "listing_proposals.decline": COMMITTEE,
    "stop_orders.list": BUSINESS,
    "stop_orders.retrieve": BUSINESS,
    "stop_orders.create": DEPARTMENTS,
    "stop_orders.publish": DEPARTMENTS,
    "stop_orders.apply": DEPARTMENTS | ENTERPRISE,
    "stop_orders.accept": DEPARTMENTS,
    "stop_orders.refuse": DEPARTMENTS,
    "stop_orders.consent": DEPARTMENTS,
    "stop_orders.resume": DEPARTMENTS,
    "stop_orders.withdraw": DEPARTMENTS,
    "stop_orders.close": DEPARTMENTS,
    # who was punished for what: those who decide, and the unit itself
    "cases.list": OFFICE - {Role.VILLAGE_OFFICER, Role.DUTY_OFFICER} | ENTERPRISE,
    "cases.retrieve": OFFICE - {Role.VILLAGE_OFFICER, Role.DUTY_OFFICER} | ENTERPRISE,
    "cases.create": DEPARTMENTS,
    "cases.decide": DEPARTMENTS,
    "cases.correct": DEPARTMENTS,
    "handovers.list": OFFICE - {Role.VILLAGE_OFFICER},
    "handovers.retrieve": OFFICE - {Role.VILLAGE_OFFICER},
    "handovers.create": ENFORCING,
    "handovers.answer": DEPARTMENTS,
    "approval_notes.list": OFFICE - {Role.VILLAGE_OFFICER},
    "approval_notes.retrieve": OFFICE - {Role.VILLAGE_OFFICER},
    "approval_notes.create": DEPARTMENTS,
    "approval_notes.acknowledge": DEPARTMENTS,
    # names of people held accountable: whoever decides on it and the department itself, nobody else (DOMAIN §8.4)
    "accountability.list": KEEPERS,
    "accountability.retrieve": KEEPERS,
    "accountability.create": KEEPERS,
    "accountability.void": KEEPERS - {Role.DEPARTMENT_OFFICER},
    "joint_punishments.list": BUSINESS,
    "joint_punishments.retrieve": BUSINESS,
    "joint_punishments.create": KEEPERS,
    "joint_punishments.lift": KEEPERS - {Role.DEPARTMENT_OFFICER},
    # 谁处罚、谁决定、谁负责: the emergency department alone (应急管理部令第11号 第四条)
    "dishonesty.list": BUSINESS,
    "dishonesty.retrieve": BUSINESS,
    "dishonesty.create": BUREAU,
    "dishonesty.object": BUREAU,
    "dishonesty.drop": BUREAU,
    "dishonesty.enlist": BUREAU,
    "dishonesty.publish": BUREAU,
    "dishonesty.apply_removal": BUREAU | ENTERPRISE,
    "dishonesty.remove": BUREAU,
    "dishonesty.restore": BUREAU,
    # figures of all townships are for every office role, the hazards behind them only in jurisdiction
    "hazard_figures.show": OFFICE,
    "hazard_figure_rows.list": OFFICE,
    # inspections
    "inspections.list": BUSINESS,
    "inspections.retrieve": BUSINESS,
    "inspections.put": INSPECTING,
    "inspections.receipt": INSPECTING,
    "inspections.correct": INSPECTING,  # one's own, or of the office that keeps them: the action asks
    "inspections.corrections": BUSINESS,
    "inspections.join": REGISTRARS | {Role.INSPECTOR},
    "inspections.separate": REGISTRARS | {Role.INSPECTOR},
    "inspections.twins": OFFICE,
    # the course of an inspection: whether a leader, and of whose body, the actions ask
    "inspection_course.retrieve": OFFICE,
    "inspection_course.approve": ENFORCING | {Role.TOWNSHIP_LEADER},
    "inspection_course.settle": ENFORCING | {Role.TOWNSHIP_LEADER},
    "inspection_course.notice": ISSUERS,
    "inspection_course.scan": ISSUERS,
    "inspection_course.tell_result": ISSUERS,
    "course_queue.list": OFFICE,
    "course_queue.figures": OFFICE,
    "inspection_twins.list": OFFICE,
    "inspection_twins.dismiss": REGISTRARS | {Role.INSPECTOR},
    "receipts.check": ACCIDENT_REPORTERS,
    "tasks.list": BUSINESS,
    "tasks.retrieve": BUSINESS,
    "tasks.create": REGISTRARS,
    "tasks.partial_update": REGISTRARS,  # of one's own office's: the action asks
    "tasks.reassign": REGISTRARS,
    "tasks.cancel": REGISTRARS,
    "task_course.ask_approval": ISSUERS,
    "task_course.approve": ENFORCING | {Role.TOWNSHIP_LEADER},
    "task_course.decline": ENFORCING | {Role.TOWNSHIP_LEADER},
    "task_course.notice": ISSUERS,
    "task_course.scan": ISSUERS,
    # how often whom: offices plan by it; a unit sees its own in its own record
    "inspection_ceiling_units.list": OFFICE - {Role.VILLAGE_OFFICER},
    # enterprises
    "enterprises.list": BUSINESS,
    "enterprises.retrieve": BUSINESS,
    "enterprises.create": REGISTRARS,
    "enterprises.partial_update": REGISTRARS,
    "enterprises.set_status": REGISTRARS,
    "enterprises.conditions": BUSINESS,
    "enterprises.facts": BUSINESS,
    "enterprises.duties": BUSINESS,
    "enterprises.state_fact": DEPARTMENTS | ENTERPRISE,
    "enterprises.withdraw_fact": DEPARTMENTS,
    # colleagues one may pick; a unit picks nobody. Its lost password is reset by the township that answers for it
    "people.list": OFFICE,
    "people.retrieve": OFFICE,
    "enterprise_accounts.list": TOWNSHIP | BUREAU,
    "enterprise_accounts.reset": TOWNSHIP | BUREAU,
    "sites.list": BUSINESS,
    "sites.retrieve": BUSINESS,
    "sites.create": REGISTRARS | {Role.INSPECTOR},
    "sites.correct": REGISTRARS | {Role.INSPECTOR},
    "sites.corrections": OFFICE,
    # risks: the unit writes its own, the office reads; rates of all townships are for every office role
    "risk_points.list": BUSINESS,
    "risk_points.retrieve": BUSINESS,
    "risk_points.assessments": BUSINESS,
    "risk_points.create": ENTERPRISE,
    "risk_points.partial_update": ENTERPRISE,
    "risk_points.assess": ENTERPRISE,
    "risk_points.retire": ENTERPRISE,
    "self_checks.list": BUSINESS,
    "self_checks.retrieve": BUSINESS,
    "self_checks.put": ENTERPRISE,
    "self_check_duty.show": BUSINESS,
    "self_check_rates.show": OFFICE,
    # zero_accident: rankings and counts of all townships are for every office role, records only in jurisdiction
    "accidents.list": BUSINESS,
    "accidents.retrieve": BUSINESS,
    "accidents.put": ACCIDENT_REPORTERS,
    "accidents.receipt": ACCIDENT_REPORTERS,
    "accidents.reports": BUSINESS,
    "accidents.report": ACCIDENT_REPORTERS,
    "accidents.clock": BUSINESS,
    "accidents.decide": BUREAU,
    "accidents.write_off": BUREAU,
    "accidents.correct_wording": DUTY_DESK,
    "accidents.override": BUREAU,
    "accidents.send_leg": LEG_KEEPERS,  # the action asks whose leg it is
    "accidents.receive_leg": LEG_KEEPERS | {Role.TOWNSHIP_LEADER},
    "accidents.told": DUTY_DESK,
    "accidents.rescue_ended": DUTY_DESK,
    "accidents.join": DUTY_DESK,
    "accidents.separate": DUTY_DESK,
    "accidents.twins": OFFICE,
    "accidents.findings": BUSINESS,
    "accidents.find": BUREAU,
    "accidents.revoke": BUREAU,
    "accident_twins.list": OFFICE,
    "accident_twins.dismiss": DUTY_DESK,
    "report_legs.list": BUSINESS,
    "report_reminders.list": BUSINESS,
    "report_reminders.seen": BUSINESS,
    "investigations.show": BUSINESS,
    "investigations.open": BUREAU,
    "investigations.take_over": BUREAU,
    "investigations.extend": BUREAU,
    "investigations.appraise": BUREAU,
    "investigations.submit": BUREAU,
    "investigations.approve": BUREAU,
    "investigations.mark": BUREAU,
    "investigations.close": BUREAU,
    "investigations.assess": BUREAU,
    "zero_accident.ratios": OFFICE,
    "zero_accident.breakdown": OFFICE,
    "zero_accident.ranking": OFFICE,
    "zero_accident.trend": OFFICE,
    "zero_accident_broken.list": OFFICE,
    "zero_accident_standards.list": BUSINESS,
    "zero_accident_standards.assess": BUREAU | {Role.TOWNSHIP_OFFICER},
    "zero_accident_short.list": OFFICE,
    "zero_accident_zero.list": OFFICE,
    "zero_accident_report.pdf": OFFICE,
    "zero_accident_targets.list": OFFICE,
    "zero_accident_targets.set": ASSESSORS,
    "zero_accident_policies.list": BUSINESS,
    "zero_accident_revisions.list": OFFICE,
    "zero_accident_notices.list": TOWNSHIP | COUNTY,
    "zero_accident_notices.seen": TOWNSHIP,
    # assessment: closings. Who signs and who freezes are two people, and of the bureau only a leader signs (assessment/closings/states.py);
    # before it is frozen only the bureau and the committee's office read what is in it
    "closings.list": OFFICE,
    "closings.retrieve": OFFICE,
    "closings.ranking": OFFICE,
    "closings.broken": OFFICE,
    "closings.create": BUREAU,
    "closings.sign": ASSESSORS,
    "closings.withdraw": ASSESSORS,
    "closings.freeze": ASSESSORS,
    "closings.revise": BUREAU,
    "closings.no_objection": TOWNSHIP,
    # lists of police and brigade: their own officers hand them in, the bureau may for them, and decides
    "source_lists.list": KEEPERS,
    "source_lists.retrieve": KEEPERS,
    "source_lists.template": KEEPERS,
    "source_lists.create": DEPARTMENTS,
    "source_lists.send_workbook": DEPARTMENTS,
    "source_differences.show": ASSESSORS,
    "source_differences.explain": BUREAU,
    "source_rows.match": BUREAU,
    "source_rows.add": BUREAU,
    "source_rows.set_aside": BUREAU,
    "source_rows.accept": BUREAU,
    "source_rows.undo": BUREAU,
    "objections.list": TOWNSHIP | ASSESSORS,
    "objections.retrieve": TOWNSHIP | ASSESSORS,
    "objections.make": TOWNSHIP,
    "objections.withdraw": TOWNSHIP,
    "objections.answer": BUREAU,
    # supervision: only a leader accepts or adjusts (the action asks for it)
    "supervision_class.show": BUSINESS,
    "supervision_class.accept": DEPARTMENTS,
    "supervision_class.set_manual": DEPARTMENTS,
    "supervision.what_if": BUSINESS,
    "supervision.schemes": BUSINESS,
    # ledgers: of one's jurisdiction; a unit reads its own list of problems; who was held to account is for few
    "ledger_supervision.list": LEDGER_READERS,
    "ledger_rectification.list": LEDGER_READERS | ENTERPRISE,
    "ledger_listed_supervision.list": LEDGER_READERS,
    "ledger_accountability.list": KEEPERS,
    "ledger_joint_punishment.list": LEDGER_READERS,
    "ledger_dishonesty.list": LEDGER_READERS,
    "imports.template": REGISTRARS,
    "imports.send": REGISTRARS,
    "imports.list": REGISTRARS,
    "imports.retrieve": REGISTRARS,
    "imports.report": REGISTRARS,
    "report_templates.list": KEEPERS,
    "report_templates.create": KEEPERS,
    "report_templates.retrieve": KEEPERS,
    "report_templates.map_columns": KEEPERS,
    "report_templates.filled": KEEPERS,
    "report_templates.mark": KEEPERS,
    "reconciliations.list": KEEPERS,
    "reconciliations.create": KEEPERS,
    "reconciliations.retrieve": KEEPERS,
    "reconciliations.report": KEEPERS,
    "reconciliations.take_numbers": KEEPERS,
    # files: one's own unit's; what officers did is for those who answer for it
    "files.unit": BUSINESS,
    "files.hazard": ANSWERING,
    "files.accident": ANSWERING | {Role.DUTY_OFFICER},
    # geo: places are no secret to whoever has signed in; what a layer shows is its rows' own scope
    "regions.list": EVERYONE,
    "map.geojson": BUSINESS,
    "map.tile": BUSINESS,
    "ogc.landing": BUSINESS,
    "ogc.conformance": BUSINESS,
    "ogc.api": BUSINESS,
    "ogc.collections": BUSINESS,
    "ogc.collection": BUSINESS,
    "ogc.items": BUSINESS,
    "ogc.item": BUSINESS,
    # reference: law is no secret to whoever has signed in
    "sectors.list": EVERYONE,
    "checklists.list": EVERYONE,
    "hazard_standards.list": EVERYONE,
    "law_calendar.list": EVERYONE,
    "rules.list": EVERYONE,
    "inspection_bodies.list": EVERYONE,  # a unit may see who may come
    "inspection_bodies.enter": ASSESSORS,
    "inspection_ceilings.list": EVERYONE,
    "criteria.list": EVERYONE,
    "criteria.retrieve": EVERYONE,
    "criteria.enter": BUREAU,
    "criteria.withdraw": BUREAU,
    # the year judged: whoever is judged sees the own sheet and what is confirmed; the committee's office decides vetoes
    "assessment_sheets.list": ANSWERING,
    "assessment_sheets.retrieve": ANSWERING,
    "assessment_sheets.export": ANSWERING,
    "assessment_sheets.draft": BUREAU,
    "assessment_sheets.state_view": TOWNSHIP | {Role.DEPARTMENT_OFFICER},
    "assessment_sheets.confirm": ASSESSORS,  # of the bureau a leader: the action asks
    "assessment_sheets.revise": ASSESSORS,
    "vetoes.list": ANSWERING,
    "vetoes.retrieve": ANSWERING,
    "vetoes.confirm": COMMITTEE,
    "vetoes.reject": COMMITTEE,
    "vetoes.lift": COMMITTEE,
    "key_patrol.list": ANSWERING,
    "key_patrol.retrieve": ANSWERING,
    "key_patrol.open_list": BUREAU,
    "key_patrol.add": ASSESSORS,
    "key_patrol.confirm": ASSESSORS,
    "key_patrol.remove": ASSESSORS,
    "key_patrol.fix": ASSESSORS,
    "larger_disasters.list": ANSWERING,
    "larger_disasters.create": ASSESSORS,
    "larger_disasters.void": ASSESSORS,
    # bulletins: drafts are the keepers', frozen ones every office's; quick reports are seen with their accident
    "bulletins.list": OFFICE,
    "bulletins.retrieve": OFFICE,
    "bulletins.pdf": OFFICE,
    "bulletins.docx": OFFICE,
    "bulletins.xlsx": OFFICE,
    "bulletins.draft": BUREAU,
    "bulletins.edit": BUREAU,
    "quick_reports.list": BUSINESS,
    "quick_reports.retrieve": BUSINESS,
    "quick_reports.pdf": BUSINESS,
    "quick_reports.docx": BUSINESS,
    "quick_reports.draft": COUNTY,
    "quick_reports.edit": COUNTY,
    "quick_reports.sign": DUTY_DESK,
}


OWN_AFFAIRS = frozenset(  # not for another
    {"auth.password", "auth.logout", "auth.revoke", "auth.keys", "auth.make_key", "auth.revoke_key", "deputies.appoint", "deputies.end"}
)
WITH_A_FIRST_PASSWORD = frozenset({"auth.password", "auth.logout", "me.show"})  # all that a handed-over password opens


WITH_A_DEVICE_KEY = frozenset(  # whatever the role is by now: it brings home what a phone holds, and shows nothing
    {"rescues.keep", "photos.content", "uploads.about", "uploads.begin", "uploads.where", "uploads.go_on", "uploads.terminate"}
)


def route_of(view: Any) -> str:
    """`basename.action`, the name under which a door stands in MAY."""
    return f"{view.basename}.{view.action}"


class ByRole(BasePermission):
    def has_permission(self, request, view) -> bool:
        user = request.user
        if not user.is_authenticated:
            return False
        if view.action is None:
            return True  # 405 follows
        route = route_of(view)
        if by_device(user):
            return route in WITH_A_DEVICE_KEY
        if user.role not in MAY.get(route, ()):
            return False
        if route in OWN_AFFAIRS and hasattr(user, "acting_for"):
            return False
        if user.must_change_password and route not in WITH_A_FIRST_PASSWORD:
            raise PASSWORD_CHANGE_NEEDED()
        return True


def scope_of(
    user: Any,
    *,
    region: str | None = "region_code",
    sector: str | None = "sector_id",
    unit: str | None = "enterprise_id",
) -> Q:
    """The rows of `user`'s jurisdiction, as a filter over columns of these names (None: the rows have no such column).

    An enterprise officer meets the rows of the own unit and nothing else; an administrator or a person without a region meets none.
    """
    if user.role in ADMINS:
        return nothing()
    if user.role == Role.ENTERPRISE_OFFICER:
        return Q(**{unit: user.enterprise_id}) if unit and user.enterprise_id else nothing()
    if not user.region:
        return nothing()
    rows = inside(user.region, region) if region else Q()
    return rows & Q(**{f"{sector}__in": user.sectors}) if sector and user.sectors else rows


def nothing() -> Q:
    return Q(pk__in=[])


def inside(prefix: str, column: str = "region_code") -> Q:
    """Records of a place, by the code of their own day: those whose code lies in it, and those of places that it took over."""
    prefix = significant(prefix)
    came, gone = merged.moved(prefix)
    found = coded(prefix, column)
    found = found & ~Q(**{f"{column}__in": gone}) if gone else found
    return found | Q(**{f"{column}__in": came}) if came else found


def coded(prefix: str, column: str) -> Q:
    """Codes that begin with `prefix`, as a half-open range: an index on the code serves it in any collation of digits."""
    prefix = significant(prefix)
    if len(prefix) == 12:
        return Q(**{column: prefix})
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": str(int(prefix) + 1)})


def within(prefixes: Iterable[str] | None, column: str = "region_code") -> Q:
    """Codes in any of these places, as they are written; everywhere when None. (Figures know of successors by themselves.)"""
    if prefixes is None:
        return Q()
    found = Q()
    for prefix in filter(None, prefixes):
        found |= coded(prefix, column)
    return found or nothing()


def county_of(user: Any) -> str:
    """The digits of the county of whoever asks, fewer for an officer of the city or the province."""
    return user.region[:6]


def significant(code: str) -> str:
    """A code without the zero groups of the levels below it: 141123100000 → 141123100."""
    return next((code[:length] for length in (2, 4, 6, 9) if not code[length:].strip("0")), code)
