from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"
    default_auto_field = "django.db.models.BigAutoField"
