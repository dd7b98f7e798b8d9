from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "enforcement"
    label = "enforcement"
    verbose_name = "督办与执法衔接"
    default_auto_field = "django.db.models.BigAutoField"
