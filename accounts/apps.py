from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与账号"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.second_factor import note_in_session

        user_logged_in.connect(note_in_session)


class SupportAdmin(admin_apps.AdminConfig):
    """Django's admin with a sign-in of ours: the lock, the second factor and the trail hold there too."""

    default = False  # of this package the app is the one above
    default_site = "accounts.support.SupportSite"
