"""The office finds and explains accidents here; they change through their actions."""

from __future__ import annotations

from django.contrib import admin

from accidents.models import Accident
from geo.admin import FindOnlyAdmin


@admin.register(Accident)
class AccidentAdmin(FindOnlyAdmin):
    list_display = ("occurred_at", "region_code", "category", "nature", "grade", "deaths", "stat_status", "is_demo")
    list_filter = ("category", "nature", "grade", "stat_status")
    search_fields = ("place", "description")
