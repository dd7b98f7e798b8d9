"""Accounts in the support site: found, explained, locked and opened again; everything else is a command (docs/operations.md)."""

from django.contrib import admin

from accounts import actions
from accounts.models import Certificate, Device, Post, User
from safety_api.admin import ReadOnly
from safety_api.roles import ACCOUNT_ADMINS


@admin.register(User)
class UserAdmin(ReadOnly):
    seen_by = ACCOUNT_ADMINS
    list_display = ("username", "name", "role", "region", "department", "is_active", "is_demo")
    list_filter = ("role", "is_active")
    list_select_related = ("department",)
    search_fields = ("username", "name")
    ordering = ("username",)
    exclude = ("password",)
    actions = ("lock", "open")

    @admin.action(description="锁定账号", permissions=["view"])
    def lock(self, request, users):
        self._set_active(request, users, False)

    @admin.action(description="重新启用账号", permissions=["view"])
    def open(self, request, users):
        self._set_active(request, users, True)

    def _set_active(self, request, users, active: bool) -> None:
        for user in users.exclude(pk=request.user.pk):  # nobody locks themselves out by a slip
            actions.set_active(user, active, by=request.user)


@admin.register(Device)
class DeviceAdmin(ReadOnly):
    seen_by = ACCOUNT_ADMINS
    list_display = ("user", "device_name", "device_id", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("user__username", "device_id")
    fields = ("user", "device_name", "device_id", "created", "expiry")
    ordering = ("-created",)


@admin.register(Certificate)
class CertificateAdmin(ReadOnly):
    seen_by = ACCOUNT_ADMINS
    list_display = ("number", "user", "issued_by", "valid_from", "valid_to", "revoked_on")
    list_select_related = ("user",)


@admin.register(Post)
class PostAdmin(ReadOnly):
    seen_by = ACCOUNT_ADMINS
    list_display = ("user", "role", "region", "held_from", "held_to")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    ordering = ("-held_from",)
