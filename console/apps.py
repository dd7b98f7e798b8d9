from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"
    verbose_name = "办公页"
    default_auto_field = "django.db.models.BigAutoField"
