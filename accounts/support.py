"""管理后台 The support site: who may enter it, and how. What they see there is each app's admin.py; nobody edits by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import known_devices
from accounts.page_sign_in import enter, said_of
from accounts.second_factor import lacks_second_factor
from safety_api.problems import PASSWORD_CHANGE_NEEDED, Problem
from safety_api.watching import noted


class SupportLogin(AdminAuthenticationForm):
    """The same questions as at `auth/login`, in the same order, with the same words."""

    otp = forms.CharField(label="动态口令", required=False, max_length=10)

    def clean(self):
        try:
            self._sign_in()
        except Problem as problem:
            raise ValidationError(problem.kind.sentence(**problem.values), code=problem.kind.code) from None
        return self.cleaned_data

    def _sign_in(self) -> None:
        request: Any = self.request  # a form for signing in always has one
        given = {name: self.cleaned_data.get(name, "") for name in ("username", "password", "otp")}
        user, request.device_key, locks = enter(request, page="管理后台", **given)
        if user.must_change_password:
            raise PASSWORD_CHANGE_NEEDED()
        self.confirm_login_allowed(user)
        for each in locks:
            messages.warning(request, said_of(each))
        self.user_cache = user


class SupportSite(AdminSite):
    site_header = site_title = "安全生产监管 · 管理后台"
    index_title = "查看"
    login_form = SupportLogin
    login_template = "accounts/support_login.html"
    index_template = "accounts/support_index.html"
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        if not super().has_permission(request) or request.user.must_change_password:
            return False
        return not lacks_second_factor(request.user, None, request)

    def login(self, request, extra_context=None):
        response = super().login(request, extra_context)
        if key := getattr(request, "device_key", ""):
            known_devices.hand_over(response, key)
        return response

    def index(self, request, extra_context=None):
        """Notes of the floors, such as what of the law begins soon: `/readyz` tells machines the same."""
        return super().index(request, {"notes": noted(timezone.localdate()), **(extra_context or {})})

    def get_urls(self):
        """Without Django's change of password: ours has rules, a lock and a line in the trail."""
        return [
            each for each in super().get_urls() if not (getattr(each, "name", None) or "").startswith("password_change")
        ]
