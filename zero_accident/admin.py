"""The office finds and explains here; accidents change through their actions, figures through facts."""

from __future__ import annotations

from django.contrib import admin

from geo.admin import FindOnlyAdmin
from zero_accident.models import Broken, FigureRevision, StandardMark, Target, TownshipFigures


@admin.register(Broken)
class BrokenAdmin(FindOnlyAdmin):
    list_display = ("year", "policy", "subject", "key", "region_code", "broken_on", "provisional", "revision")
    list_filter = ("year", "subject")
    search_fields = ("key", "region_code")


@admin.register(TownshipFigures)
class TownshipFiguresAdmin(FindOnlyAdmin):
    list_display = (
        "year",
        "policy",
        "region_code",
        "name",
        "village_ratio",
        "unit_ratio",
        "deaths",
        "accidents",
        "vetoes",
        "revision",
    )
    list_filter = ("year",)


@admin.register(FigureRevision)
class FigureRevisionAdmin(FindOnlyAdmin):
    list_display = ("year", "policy", "number", "reason", "cause", "made_at")
    list_filter = ("year",)


@admin.register(StandardMark)
class StandardMarkAdmin(FindOnlyAdmin):
    list_display = ("sheet", "standard", "passed", "held_on", "reason", "by_name", "known_from", "known_to")
    list_filter = ("standard", "passed")
    list_select_related = ("sheet",)


@admin.register(Target)
class TargetAdmin(FindOnlyAdmin):
    list_display = ("year", "region_code", "subject", "percent", "document", "approved_by", "known_from", "known_to")
    list_filter = ("year", "subject")
