"""岗位: who works with the system, and the groups that are spoken of; each group has its name once, here.

A group says its members one by one: a new role belongs to none, and so may do nothing, until it is written into one. Which door opens
to whom stands in permissions.py; how a role is added, in CONTRIBUTING.md.
"""

from django.db.models import TextChoices


class Role(TextChoices):
    INSPECTOR = "inspector", "检查员"
    TOWNSHIP_OFFICER = "township_officer", "乡镇安监员"
    TOWNSHIP_LEADER = "township_leader", "乡镇领导"
    VILLAGE_OFFICER = "village_officer", "村级安全员"
    DEPARTMENT_OFFICER = "department_officer", "行业部门人员"
    BUREAU_OFFICER = "bureau_officer", "应急管理局人员"
    COMMITTEE_OFFICER = "committee_officer", "安委办人员"
    DUTY_OFFICER = "duty_officer", "值班员"
    ENTERPRISE_OFFICER = "enterprise_officer", "企业安全员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全保密管理员"
    AUDIT_ADMIN = "audit_admin", "安全审计员"


EVERYONE = frozenset(Role)
ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})  # 三员分立: never business data
ACCOUNT_ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
SYSTEM, AUDIT = frozenset({Role.SYSTEM_ADMIN}), frozenset({Role.AUDIT_ADMIN})

# --- one office each --------------------------------------------------------------------------------------------------
ENTERPRISE = frozenset({Role.ENTERPRISE_OFFICER})
BUREAU, COMMITTEE = frozenset({Role.BUREAU_OFFICER}), frozenset({Role.COMMITTEE_OFFICER})
TOWNSHIP = frozenset({Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_LEADER})
COUNTY = BUREAU | COMMITTEE | {Role.DUTY_OFFICER}
DEPARTMENTS = BUREAU | {Role.DEPARTMENT_OFFICER}
OFFICE = TOWNSHIP | COUNTY | DEPARTMENTS | {Role.INSPECTOR, Role.VILLAGE_OFFICER}
BUSINESS = OFFICE | ENTERPRISE

# --- by what they do --------------------------------------------------------------------------------------------------
BESIDE = ENTERPRISE | {Role.VILLAGE_OFFICER}  # of the unit, or its neighbours: they learn nothing of whoever complained
ENFORCING = DEPARTMENTS | {Role.INSPECTOR}  # 执法人员
ISSUERS = ENFORCING | {Role.TOWNSHIP_OFFICER}
REGISTRARS = DEPARTMENTS | {Role.TOWNSHIP_OFFICER}  # keep the list of units
REPORTERS = ISSUERS | ENTERPRISE | {Role.VILLAGE_OFFICER}
INSPECTING = REPORTERS
DUTY_DESK = BUREAU | {Role.DUTY_OFFICER}  # keeps the clock of accidents
LEG_KEEPERS = DUTY_DESK | {Role.TOWNSHIP_OFFICER, Role.DEPARTMENT_OFFICER}
ACCIDENT_REPORTERS = REPORTERS | {Role.DUTY_OFFICER}  # of an accident: the duty desk types what the telephone said
ANSWERING = TOWNSHIP | DEPARTMENTS | COMMITTEE
ASSESSORS = BUREAU | COMMITTEE  # 考核: close months, judge the year, and see what is not published yet
KEEPERS = DEPARTMENTS | COMMITTEE  # of the registers of supervision and enforcement
LEDGER_READERS = KEEPERS | TOWNSHIP
