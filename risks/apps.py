from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"
    label = "risks"
    verbose_name = "双重预防"
    default_auto_field = "django.db.models.BigAutoField"
