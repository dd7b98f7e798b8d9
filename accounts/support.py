"""管理后台 The support site: who may enter it, and how. What they see there is each app's admin.py; nobody edits by hand."""

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.actions import check_person
from accounts.second_factor import lacks_second_factor
from accounts.throttles import PerAddress
from safety_api.problems import PASSWORD_CHANGE_NEEDED, THROTTLED, Problem
from safety_api.trail import record
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
        given = {name: self.cleaned_data.get(name, "") for name in ("username", "password", "otp")}
        if not PerAddress().allow_request(self.request, None):  # type: ignore[arg-type]  # it asks for the address only
            raise THROTTLED()
        user = check_person(self.request, **given)
        if user.must_change_password:
            raise PASSWORD_CHANGE_NEEDED()
        self.confirm_login_allowed(user)
        with transaction.atomic():
            record(user, "auth.login", user, device="管理后台")
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

    def index(self, request, extra_context=None):
        """Notes of the floors, such as what of the law begins soon: `/readyz` tells machines the same."""
        return super().index(request, {"notes": noted(timezone.localdate()), **(extra_context or {})})

    def get_urls(self):
        """Without Django's change of password: ours has rules, a lock and a line in the trail."""
        return [
            each for each in super().get_urls() if not (getattr(each, "name", None) or "").startswith("password_change")
        ]
