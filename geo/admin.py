"""The office finds and explains here; regions change by loading a list (`manage load_regions`)."""

from django.contrib import admin

from geo.models import Region, RegionEdition, RegionSuccession, RegionVersion
from safety_api.admin import ReadOnly
from safety_api.roles import SYSTEM


class FindOnlyAdmin(ReadOnly):
    seen_by = SYSTEM
    list_per_page = 50


@admin.register(Region)
class RegionAdmin(FindOnlyAdmin):
    list_display = ("code", "name", "level", "virtual", "valid_from", "valid_to")
    list_filter = ("level", "virtual")
    search_fields = ("code", "name")
    fields = (
        "code", "name", "level", "parent", "urban_rural_code", "virtual",
        "valid_from", "valid_to", "seat", "area_approximate",
    )  # fmt: skip
    readonly_fields = ("seat",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("area")

    @admin.display(description="驻地")
    def seat(self, region):
        return f"{region.point.x:.6f}, {region.point.y:.6f}" if region.point else "—"


@admin.register(RegionVersion)
class RegionVersionAdmin(FindOnlyAdmin):
    list_display = ("code", "name", "valid_from", "valid_to", "edition", "known_from", "known_to")
    search_fields = ("code", "name")


@admin.register(RegionSuccession)
class RegionSuccessionAdmin(FindOnlyAdmin):
    list_display = ("predecessor", "successor", "on", "edition", "basis")
    list_filter = ("basis", "edition")
    search_fields = ("predecessor", "successor")


@admin.register(RegionEdition)
class RegionEditionAdmin(FindOnlyAdmin):
    list_display = ("label", "cut_off", "on", "scope", "source", "loaded_at")
