from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = label = "ledgers"
    verbose_name = "台账与档案"
    default_auto_field = "django.db.models.BigAutoField"
