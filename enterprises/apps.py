from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "单位与场所"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A floor above may add to a unit in its `additions.py`."""
        autodiscover_modules("additions")
