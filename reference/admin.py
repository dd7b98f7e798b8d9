"""The office finds and explains here; rules change by a new file and `manage load_reference`."""

from django.contrib import admin
from django.utils import timezone

from reference import law_calendar
from reference.models import Department, Document, Holiday, Load, Sector, SectorDepartment
from reference.terms import Certainty
from safety_api.admin import ReadOnly
from safety_api.roles import SYSTEM


class FindOnlyAdmin(ReadOnly):
    seen_by = SYSTEM
    list_per_page = 50


@admin.register(Sector)
class SectorAdmin(FindOnlyAdmin):
    list_display = ("order", "code", "name", "is_priority")


@admin.register(Department)
class DepartmentAdmin(FindOnlyAdmin):
    list_display = ("code", "name", "kind", "aliases", "verified")
    list_filter = ("kind", "verified")
    search_fields = ("code", "name")


@admin.register(SectorDepartment)
class SectorDepartmentAdmin(FindOnlyAdmin):
    list_display = ("sector", "department", "role", "note", "valid_from", "valid_to")
    list_filter = ("role", "sector")
    list_select_related = ("sector", "department")


@admin.register(Holiday)
class HolidayAdmin(FindOnlyAdmin):
    list_display = ("day", "is_workday", "name", "source")
    date_hierarchy = "day"


@admin.register(Document)
class DocumentAdmin(FindOnlyAdmin):
    list_display = ("kind", "code", "version", "title", "effective_from", "effective_to", "source", "certainty")
    list_filter = ("kind",)
    search_fields = ("code", "version", "title", "source")

    @admin.display(description="核对程度")
    def certainty(self, document: Document) -> str:
        found = law_calendar.entries(timezone.localdate())
        said = {(each.kind, each.code, each.version): each.certainty for each in found}
        return Certainty(said[document.kind, document.code, document.version]).label


@admin.register(Load)
class LoadAdmin(FindOnlyAdmin):
    list_display = ("loaded_at", "new", "changed", "removed")
