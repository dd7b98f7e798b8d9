from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GeoConfig(AppConfig):
    name = label = "geo"
    verbose_name = "地理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app may declare map layers in its `layers.py`; the ground hears how places that ended are read."""
        import_module("geo.succession")
        autodiscover_modules("layers")
