from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与账号"
    default_auto_field = "django.db.models.BigAutoField"
