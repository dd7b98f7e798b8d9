"""The ground in the support site: found and explained, never edited. What changes something goes through an action."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine, TrailSeal
from safety_api.roles import AUDIT, SYSTEM, Role


class ReadOnly(admin.ModelAdmin):
    """Seen by `seen_by` alone; whoever sees a row may not touch it."""

    seen_by: ClassVar[frozenset[Role]] = frozenset()
    show_full_result_count = False  # no count of millions of rows for a page of a hundred

    def has_view_permission(self, request, obj=None) -> bool:
        return getattr(request.user, "role", None) in self.seen_by

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(TrailLine)
class TrailLineAdmin(ReadOnly):
    """Who did what to which record; what stood in it is business, and is asked for at the trail's own door."""

    seen_by = AUDIT
    list_display = ("at", "actor_name", "actor_role", "verb", "object_kind", "object_id", "region_code")
    fields = (*list_display, "trace_id")
    search_fields = ("=object_id", "=verb", "=actor_name", "=trace_id")
    ordering = ("-id",)


@admin.register(TrailSeal)
class TrailSealAdmin(ReadOnly):
    seen_by = AUDIT
    list_display = ("id", "sealed_at", "last_line", "digest")
    fields = ("id", "sealed_at", "last_line", "before", "digest")
    ordering = ("-id",)


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnly):
    """The payload is not shown: system administrators see that work waits, not whose it is."""

    seen_by = SYSTEM
    list_display = ("id", "topic", "created_at", "due_at", "attempts", "parked_at")
    list_filter = ("topic",)
    fields = ("id", "topic", "created_at", "due_at", "attempts", "parked_at")
    ordering = ("id",)
    actions = ("try_again",)

    @admin.action(description="重新处理搁置的消息", permissions=["view"])
    def try_again(self, request, messages):
        count = outbox.unpark(messages=messages, by=request.user)
        self.message_user(request, f"{count} 条消息重新排队。")
