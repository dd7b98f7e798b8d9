"""The office finds and explains here; a class changes by facts, by reviews and through the API."""

from django.contrib import admin

from geo.admin import FindOnlyAdmin
from supervision.models import Acceptance, CurrentClass, Evaluation, ManualClass


@admin.register(CurrentClass)
class CurrentClassAdmin(FindOnlyAdmin):
    list_display = ("enterprise", "effective", "since", "computed", "provisional", "evaluated_on", "manual")
    list_filter = ("effective", "computed", "provisional")
    list_select_related = ("enterprise", "manual")
    search_fields = ("enterprise__name_search",)
    exclude = ("fingerprint",)


@admin.register(Evaluation)
class EvaluationAdmin(FindOnlyAdmin):
    list_display = ("enterprise", "on", "made_at", "computed", "score", "effective", "since", "step", "reason")
    list_filter = ("effective", "step", "provisional")
    list_select_related = ("enterprise",)
    search_fields = ("enterprise__name_search",)
    exclude = ("fingerprint",)


@admin.register(ManualClass)
class ManualClassAdmin(FindOnlyAdmin):
    list_display = ("enterprise", "effective", "first", "until", "reason", "document", "approver_name")
    list_select_related = ("enterprise",)
    search_fields = ("enterprise__name_search", "document")


@admin.register(Acceptance)
class AcceptanceAdmin(FindOnlyAdmin):
    list_display = ("enterprise", "on", "document", "by_name", "made_at")
    list_select_related = ("enterprise",)
    search_fields = ("enterprise__name_search", "document")
