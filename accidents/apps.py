from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccidentsConfig(AppConfig):
    name = label = "accidents"
    verbose_name = "事故"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A floor above may add to accidents in its `additions.py`."""
        autodiscover_modules("additions")
