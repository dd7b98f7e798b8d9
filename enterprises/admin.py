"""The office finds and explains here; units and facts change through the API and the commands: the trail is whole."""

from django.contrib import admin

from enterprises.models import Condition, Enterprise, Insurance, Licence, Site, StandardizationCertificate, StatedFact
from safety_api.admin import ReadOnly
from safety_api.roles import BUREAU


class FindOnlyAdmin(ReadOnly):
    """Business data: never for the three administrators. Whether the bureau comes in at all, User.is_staff says."""

    seen_by = BUREAU
    list_per_page = 50


@admin.register(Enterprise)
class EnterpriseAdmin(FindOnlyAdmin):
    list_display = ("name", "credit_code", "unit_type", "sector", "region_code", "status", "supervision_class")
    list_filter = ("unit_type", "sector", "status", "supervision_class", "is_demo")
    list_select_related = ("sector",)
    search_fields = ("name_search", "pinyin", "credit_code")
    exclude = ("name_search", "pinyin", "principal_phone", "point_sent")


@admin.register(Condition)
class ConditionAdmin(FindOnlyAdmin):
    list_display = (
        "enterprise",
        "status",
        "region_code",
        "sector",
        "held_from",
        "held_to",
        "known_from",
        "known_to",
        "reason",
    )
    list_filter = ("status",)
    list_select_related = ("enterprise", "sector")
    search_fields = ("enterprise__name_search",)


@admin.register(Site)
class SiteAdmin(FindOnlyAdmin):
    list_display = ("name", "kind", "enterprise", "sector", "region_code", "opened_on", "closed_on")
    list_filter = ("kind", "sector")
    list_select_related = ("enterprise", "sector")
    search_fields = ("name",)
    exclude = ("owner_phone", "point_sent")


@admin.register(StandardizationCertificate, Licence, Insurance, StatedFact)
class StatedAdmin(FindOnlyAdmin):
    list_display = (
        "enterprise",
        "kind",
        "held_from",
        "held_to",
        "value",
        "source",
        "document",
        "known_from",
        "known_to",
    )
    list_filter = ("source",)
    list_select_related = ("enterprise",)
    search_fields = ("enterprise__name_search", "document")
