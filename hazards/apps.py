from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A floor above may ask something of a step, or follow it, in its `following.py`."""
        autodiscover_modules("following")
